"""The rooms of the workbook: who may import whom, and how large a module may be."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

# A module may import from its own room and from rooms above it in this list.
ROOMS = [
    {"errors", "shorthand", "periods", "formulas", "processes"},
    {"catalogue"},
    {"yaml_file", "param_models", "schemas"},
    {"store", "params"},
    {"sources", "statistics", "tables", "register", "inputs", "params_edit", "mirror"},
    {"number_tables", "products"},
    {"area_fit", "outlines", "postcodes", "disclosure"},
    {"place_finder"},
    {"area_definition", "workspace", "aggregate", "benchmarks", "availability", "changes"},
    {"similar", "membership", "overlap", "framework", "deprivation", "assemble"},
    {"geography", "published"},
    {"indicators"},
    {"need", "spread", "protection", "assets", "engagement"},
    {"display"},
    {"evidence"},
    {"summary"},
    {"pages", "report", "interactive"},
    {"run"},
    {"cli"},
]
RANK = {room: rank for rank, rooms in enumerate(ROOMS) for room in rooms}
LIBRARY = Path(__file__).parents[2] / "lib" / "cip"
MODULES = sorted(LIBRARY.rglob("*.py"))


def name_room(path: Path) -> str:
    first = path.relative_to(LIBRARY).parts[0]
    return first.removesuffix(".py")


def list_imports(path: Path) -> set[str]:
    """Return the rooms that a module imports, at its top or inside a function."""
    rooms = set()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    # What is imported for type hints alone is not there at run time.
    hints = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) in hints:
            continue
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "cip":
            parts = (node.module or "").split(".")
            rooms |= {parts[1]} if len(parts) > 1 else {alias.name for alias in node.names}
        elif isinstance(node, ast.Import):
            rooms |= {a.name.split(".")[1] for a in node.names if a.name.startswith("cip.")}
    return rooms


def test_every_module_has_a_room():
    rooms = {name_room(path) for path in MODULES} - {"__init__"}
    assert rooms == set(RANK)


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.relative_to(LIBRARY).as_posix())
def test_imports_point_with_the_flow(path):
    if name_room(path) == "__init__":
        assert not list_imports(path)
        return
    own = RANK[name_room(path)]
    against = {room for room in list_imports(path) if RANK[room] > own}
    assert not against, f"{name_room(path)} must not import {against}"


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.relative_to(LIBRARY).as_posix())
def test_modules_stay_small(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


def test_help_loads_nothing_heavy():
    code = (
        "import sys, cip.cli\n"
        "try: cip.cli.main(['--help'])\n"
        "except SystemExit: pass\n"
        "heavy = {'pandas', 'geopandas', 'matplotlib', 'papermill', 'playwright', 'nbconvert'}\n"
        "print('LOADED', sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "LOADED []" in done.stdout
