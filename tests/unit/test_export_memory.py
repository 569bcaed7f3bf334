"""What an export does not load, does not hold and does not do twice."""

from __future__ import annotations

import gc
import io
import subprocess
import sys
import weakref
import zipfile
from dataclasses import replace
from pathlib import Path

import nbformat
import openpyxl
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from cip.errors import ExportError
from cip.report import html, summary_contents
from cip.report.html import render_html
from cip.report.workbook import Link, Number, Sheet, Table, Workbook
from cip.report.workbook_ods import write_ods
from cip.report.workbook_xlsx import write_xlsx
from cip.report.zip_parts import write_part
from cip.run import evidence_page, workers
from cip.run.publish import _read_notebook
from cip.schemas import SCHEMAS
from cip.tables import TableFolder, check_table

from .download_samples import META
from .summary_samples import FULL

HEAVY = ("matplotlib", "scipy", "PIL", "docx", "pptx", "playwright", "weasyprint")
PLAIN_AREA = """
id: somewhere
title: Somewhere
profile_kind: demonstration
area:
  wards: [Somewhere]
organisation:
  name: Somebody
  contact: none
report_date: 2026-11-21
"""


def run_python(code: str, *arguments: object) -> str:
    """Return what a fresh interpreter prints."""
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


# Modules


def test_an_area_without_inputs_loads_no_drawing_and_no_word_processor(tmp_path):
    file = tmp_path / "somewhere.yml"
    file.write_text(PLAIN_AREA, encoding="utf-8")
    code = (
        "import sys\n"
        "from cip.run.workers import preload\n"
        "preload()\n"
        "from datetime import date\n"
        "from pathlib import Path\n"
        "import cip.report.downloads, cip.report.html, cip.run.evidence_page, cip.run.publish\n"
        "from cip.params import load_params\n"
        "from cip.run.documents import has_documents, write_editable, write_status\n"
        "file, folder = load_params(Path(sys.argv[1])), Path(sys.argv[2])\n"
        "made = write_editable(file, folder, False)\n"
        "made += write_status(file, folder, today=date.today(), make_pdf=True, "
        "is_synthetic=False)\n"
        "print('MADE', made, has_documents(file))\n"
        f"print('LOADED', sorted(set({HEAVY!r}) & set(sys.modules)))\n"
    )
    printed = run_python(code, file, tmp_path)
    assert "MADE [] False" in printed
    assert "LOADED []" in printed


def test_a_worker_takes_memory_for_tables_from_the_c_library():
    code = (
        "from cip.run.workers import preload\n"
        "preload()\n"
        "import pyarrow\n"
        "print('POOL', pyarrow.default_memory_pool().backend_name)\n"
    )
    assert "POOL system" in run_python(code)


# Between areas


class Knot:
    """Something that only the collector can free."""

    def __init__(self) -> None:
        self.self = self


def test_what_an_area_has_left_behind_is_gone_before_the_next(monkeypatch):
    left: list[weakref.ref] = []

    def leave(*_: object) -> str:
        left.append(weakref.ref(Knot()))
        return "done"

    monkeypatch.setattr("cip.run.batch.run_safely", leave)

    class Task:
        def bring_here(self) -> Task:
            return self

    gc.disable()
    try:
        assert workers.work(Task()) == "done"
    finally:
        gc.enable()
    assert left[0]() is None


@pytest.mark.parametrize("is_pool", [True, False])
def test_only_a_worker_of_the_pool_keeps_what_it_has_loaded_from_the_collector(
    is_pool, monkeypatch
):
    frozen: list[bool] = []
    monkeypatch.setattr(workers, "_channel", object() if is_pool else None)
    monkeypatch.setattr(workers.gc, "freeze", lambda: frozen.append(True))
    workers._settle.cache_clear()
    for _ in range(2):
        workers._tidy_memory()
    workers._settle.cache_clear()
    assert frozen == ([True] if is_pool else [])


# Pages


def make_picture(data: str, alt: str = "A map") -> nbformat.NotebookNode:
    shown = f'<figure data-cip-block="other"><img alt="{alt}" src="{data}"></figure>'
    output = new_output("display_data", {"text/html": shown})
    return new_notebook(cells=[new_code_cell("", outputs=[output])])


def test_checks_of_a_page_do_not_read_its_pictures(monkeypatch):
    checked: list[str] = []
    genuine = html.check_page
    monkeypatch.setattr(
        html, "check_page", lambda page, **rest: (checked.append(page), genuine(page, **rest))
    )
    data = "data:image/png;base64," + 400_000 * "A"
    page = render_html([make_picture(data)], META)
    assert data in page
    assert len(checked[0]) < len(page) - 399_000
    assert page.replace(data, "data:,") == checked[0]


def test_a_large_picture_without_words_or_from_a_server_is_still_refused():
    with pytest.raises(ExportError, match="no alternative text"):
        render_html([make_picture("data:image/png;base64," + 900 * "A", alt="")], META)
    with pytest.raises(ExportError, match="would load a file"):
        render_html([make_picture("https://x.test/" + 900 * "a")], META)


def test_an_executed_notebook_is_not_checked_again(tmp_path, monkeypatch):
    book = new_notebook(cells=[new_code_cell("1", outputs=[new_output("stream", text="a\nb\n")])])
    (tmp_path / "notebooks").mkdir()
    path = tmp_path / "notebooks" / "01_geography.ipynb"
    nbformat.write(book, path)
    expected = nbformat.read(path, as_version=4)

    def fail(*_: object, **__: object) -> None:
        raise AssertionError

    monkeypatch.setattr(nbformat, "validate", fail)
    assert _read_notebook(tmp_path, "geography") == expected


@pytest.mark.parametrize("text", ["", "no notebook"])
def test_a_damaged_notebook_is_told_by_name(text, tmp_path):
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks" / "01_geography.ipynb").write_text(text, encoding="utf-8")
    with pytest.raises(ExportError, match=r"01_geography\.ipynb cannot be read"):
        _read_notebook(tmp_path, "geography")


def test_the_ledger_is_read_once_for_its_page_and_its_file(tmp_path, monkeypatch):
    import pandas as pd

    tables = TableFolder(tmp_path / "tables")
    names = ("citations", "evidence_data")
    for name in names:
        empty = pd.DataFrame(columns=list(SCHEMAS[name].columns))
        tables.write(name, check_table(name, empty))
    read: list[str] = []
    genuine = TableFolder.read
    monkeypatch.setattr(
        TableFolder, "read", lambda self, name: (read.append(name), genuine(self, name))[1]
    )
    ledger = evidence_page.read_evidence(tables)
    evidence_page.build_evidence_page(ledger)
    evidence_page.write_evidence(ledger, tmp_path, previous=tmp_path / "none", about={})
    assert sorted(read) == sorted(names)
    assert (tmp_path / "evidence.json").exists()


def test_contents_of_documents_are_cleaned_once(monkeypatch):
    contents = replace(FULL, title="A title\x00  of two parts")
    cleaned: list[object] = []
    genuine = summary_contents._clean
    monkeypatch.setattr(
        summary_contents, "_clean", lambda value: (cleaned.append(value), genuine(value))[1]
    )
    summary_contents._clean_once.cache_clear()
    first = summary_contents.clean_contents(contents)
    number = len(cleaned)
    assert summary_contents.clean_contents(contents) is first
    assert len(cleaned) == number > 0
    assert first.title == "A title of two parts"
    # Another text is cleaned too, and so is a list, by which nothing can be looked up.
    assert summary_contents.clean_contents(replace(FULL, title="\x00B")).title == "B"
    assert summary_contents.clean_contents(replace(FULL, limits=["\x00C"])).limits == ("C",)


# Workbooks


@pytest.mark.parametrize("size", [1, 7, 70_000, 300_000])
def test_however_a_part_is_cut_its_bytes_are_the_same(size):
    text = "".join(f"<row r='{n}'>Fernhollow · {n * 7919 % 1000}</row>" for n in range(9_000))
    whole, cut = io.BytesIO(), io.BytesIO()
    info = zipfile.ZipInfo("a.xml", (1980, 1, 1, 0, 0, 0))
    with zipfile.ZipFile(whole, "w") as archive:
        archive.writestr(info, text.encode(), zipfile.ZIP_DEFLATED, 6)
    with zipfile.ZipFile(cut, "w") as archive:
        write_part(archive, "a.xml", (text[n : n + size] for n in range(0, len(text), size)))
    assert cut.getvalue() == whole.getvalue()


def make_workbook(rows: int) -> Workbook:
    cells = [
        (Link("Spoonrest", "Figures"), "=a text", Number(n / 7, 2), "text") for n in range(rows)
    ]
    table = Table(("Link", "Text", "Number", "Other"), cells)
    return Workbook("Title", "Author", META.published, sheets=[Sheet("Figures", "F", (), table)])


def test_a_table_is_marked_to_its_last_row_though_xlsxwriter_is_told_of_one(tmp_path, monkeypatch):
    import xlsxwriter

    told: list[int] = []
    genuine = xlsxwriter.worksheet.Worksheet.add_table

    def mark(self, first, left, last, right, options):
        told.append(last - first)
        return genuine(self, first, left, last, right, options)

    monkeypatch.setattr(xlsxwriter.worksheet.Worksheet, "add_table", mark)
    path = write_xlsx(make_workbook(40), tmp_path / "a.xlsx")
    assert told == [1]
    page = openpyxl.load_workbook(path)["Figures"]
    (table,) = page.tables.values()
    assert table.ref == table.autoFilter.ref == "A2:D42"
    assert page["C42"].value == pytest.approx(39 / 7)
    assert page["A42"].hyperlink.location == "'Figures'!A1"


def test_nought_and_minus_nought_stay_apart(tmp_path):
    rows = [(Number(0.0), "text"), (Number(-0.0), "text"), (Number(0.0), "text")]
    sheet = Sheet("Figures", "F", (), Table(("Number", "Text"), rows))
    book = Workbook("Title", "Author", META.published, sheets=[sheet])
    with zipfile.ZipFile(write_ods(book, tmp_path / "a.ods")) as archive:
        content = archive.read("content.xml").decode()
    assert [content.count(f"<text:p>{words}</text:p>") for words in ("0", "-0")] == [2, 1]


def test_rows_of_a_workbook_are_never_held_together(tmp_path):
    import tracemalloc

    book = make_workbook(8_000)
    write_ods(book, tmp_path / "warm.ods")
    for write, path in ((write_ods, tmp_path / "a.ods"), (write_xlsx, tmp_path / "a.xlsx")):
        tracemalloc.start()
        try:
            write(book, path)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        assert peak < _measure_parts(path) / 2, path.name


def _measure_parts(path: Path) -> int:
    with zipfile.ZipFile(path) as archive:
        return max(entry.file_size for entry in archive.infolist())
