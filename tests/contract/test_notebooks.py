"""The notebooks as sources: thin, readable, stripped, and with the model's parameters."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import nbformat
import pytest

from cip.params import STAGES, NotebookParameters
from cip.workspace import name_notebook

FOLDER = Path(__file__).parents[2] / "notebooks"
NAMES = [name_notebook(stage) for stage in STAGES]


@pytest.fixture(params=NAMES)
def notebook(request):
    return nbformat.read(FOLDER / request.param, as_version=4)


def code_of(notebook) -> list:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def test_the_five_notebooks_and_no_other():
    assert sorted(path.name for path in FOLDER.glob("*.ipynb")) == NAMES


def test_the_parameters_cell_is_the_models(notebook):
    tagged = [c for c in notebook.cells if "parameters" in c.metadata.get("tags", [])]
    assert [cell.source for cell in tagged] == [NotebookParameters.write_cell()]


def test_nothing_is_stored_that_a_run_makes(notebook):
    assert all(not c.outputs and c.execution_count is None for c in code_of(notebook))
    assert notebook.metadata.kernelspec.name == "python3"


def test_it_reads_as_an_article(notebook):
    markdown = [c for c in notebook.cells if c.cell_type == "markdown"]
    assert len(markdown) >= len(notebook.cells) / 3
    assert len(notebook.cells) <= 40
    first = notebook.cells[0]
    assert first.cell_type == "markdown"
    assert all(
        word in first.source for word in ("**Question.**", "**For.**", "**Reads**", "**Writes**")
    )


def test_cells_are_thin(notebook):
    for cell in code_of(notebook):
        assert len(cell.source.splitlines()) <= 12
        tree = ast.parse(cell.source)
        assert not [
            n for n in ast.walk(tree) if isinstance(n, (ast.FunctionDef, ast.ClassDef, ast.Lambda))
        ]
        assert not re.search(r"read_csv|requests|httpx|urllib|EPSG|to_crs|\.merge\(", cell.source)


def test_sentences_are_short(notebook):
    for cell in notebook.cells:
        if cell.cell_type != "markdown":
            continue
        text = re.sub(r"[*`#]", "", cell.source)
        for sentence in re.split(r"(?<=[.?!:])\s+", text):
            assert len(sentence.split()) <= 30, sentence
