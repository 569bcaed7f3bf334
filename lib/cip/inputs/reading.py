"""A table checked against its declared columns, with every mistake of the file told at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path

import pandas as pd

from cip.errors import ParameterError, Problem, find_nearest
from cip.inputs.columns import CellError, Column, fold_name, read_cell
from cip.inputs.files import Rows, read_rows

_DTYPES = {
    "text": "str",
    "choice": "str",
    "choices": "str",
    "link": "str",
    "date": "datetime64[s]",
    "integer": "Int64",
    "number": "float64",
    "flag": "boolean",
}
Check = Callable[[pd.DataFrame], Iterable[Problem]]


def read_table(
    path: Path, columns: Mapping[str, Column], *, check: Check | None = None
) -> pd.DataFrame:
    """Read one of the community's own tables.

    Parameters
    ----------
    path
        A CSV file in UTF-8, or an XLSX workbook.
    columns
        Every column that the table has, by name. Headings may differ in letter case and in
        spaces, hyphens and underscores.
    check
        Rules between cells: receives the table as read, with unreadable cells missing, and
        yields problems that name ``row`` and ``column``. It is left out when columns are missing,
        and not heard about a cell that cannot be read anyway.

    Returns
    -------
    DataFrame
        One row per row of the file that holds any text, in the order of the file. The declared
        columns in their order, and ``row``, the number of the row as a spreadsheet shows it.
        Blank cells are missing. Text is kept as it was typed, formulas included.

    Raises
    ------
    ParameterError
        With all problems of the file.
    """
    rows = read_rows(path, columns)
    if not rows.cells:
        message = "this file is empty"
        expected = f"the headings {', '.join(columns)}"
        raise ParameterError(Problem(message, file=path, expected=expected))
    places, problems = _match_headings(rows, columns)
    problems += rows.problems
    is_complete = len(places) == len(columns)
    table = _read_cells(rows, columns, places, problems)
    if check is not None and is_complete:
        # A cell that has been told of is missing here, so a rule would call it blank as well.
        told = {(problem.row, problem.column) for problem in problems}
        problems += [found for found in check(table) if (found.row, found.column) not in told]
    if problems:
        ordered = sorted(problems, key=lambda problem: problem.row or 0)
        raise ParameterError([replace(p, file=path, sheet=rows.sheet) for p in ordered])
    return table


def _match_headings(
    rows: Rows, columns: Mapping[str, Column]
) -> tuple[dict[str, int], list[Problem]]:
    number, headings = rows.cells[0]
    known = {fold_name(name): name for name in columns}
    places: dict[str, int] = {}
    problems = []
    unknown = []
    for place, heading in enumerate(headings):
        name = known.get(fold_name(heading))
        if not heading.strip():
            problems += _find_unheaded(rows, place)
        elif name is None:
            unknown.append(heading.strip())
        elif name in places:
            problems.append(Problem("this heading stands twice", row=number, column=name))
        else:
            places[name] = place
    missing = [name for name in columns if name not in places]
    problems += _describe_headings(number, unknown, missing)
    width = len(headings)
    problems += [
        Problem(
            "this row has more cells than there are headings",
            row=row,
            found=f"{len(cells)} cells",
            expected=f"{width}; quote a cell that holds a comma",
        )
        for row, cells in rows.cells[1:]
        if any(cell.strip() for cell in cells[width:])
    ]
    return places, problems


def _describe_headings(number: int, unknown: list[str], missing: list[str]) -> list[Problem]:
    problems = [
        Problem(
            "this heading is not known",
            row=number,
            column=heading,
            nearest=find_nearest(heading.replace(" ", "_"), missing),
        )
        for heading in unknown
    ]
    problems += [Problem(f"the column '{name}' is missing", row=number) for name in missing]
    return problems


def _find_unheaded(rows: Rows, place: int) -> list[Problem]:
    for row, cells in rows.cells[1:]:
        if place < len(cells) and cells[place].strip():
            letter = f"number {place + 1}"
            return [Problem("this column has cells but no heading", row=row, column=letter)]
    return []


def _read_cells(
    rows: Rows, columns: Mapping[str, Column], places: Mapping[str, int], problems: list[Problem]
) -> pd.DataFrame:
    """Return the table; what cannot be read is missing in it and added to ``problems``."""
    told = {(problem.row, problem.column) for problem in rows.problems}
    values: dict[str, list[object]] = {name: [] for name in columns}
    for row, cells in rows.cells[1:]:
        for name, column in columns.items():
            place = places.get(name)
            value = None
            if place is not None and (row, _find_heading(rows, place)) not in told:
                text = cells[place] if place < len(cells) else ""
                try:
                    value = read_cell(text, column)
                except CellError as error:
                    problems.append(replace(error.problem, row=row, column=name))
            values[name].append(value)
    table = pd.DataFrame(
        {
            name: pd.Series(values[name], dtype="object").astype(_DTYPES[column.kind])
            for name, column in columns.items()
        }
    )
    table["row"] = pd.Series([row for row, _ in rows.cells[1:]], dtype="int64")
    return table


def _find_heading(rows: Rows, place: int) -> str:
    """Return the heading of a column as it is written in the file."""
    return rows.cells[0][1][place].strip()
