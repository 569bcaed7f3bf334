"""The table in which people settle doubtful pairs: written from the pairs, kept as they filled it.

Every function that changes the table returns its new text first, so that it can be shown.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

import pandas as pd

from cip.assets.decision_table import (
    DECISIONS,
    PAIR,
    apply_decisions,
    check_decisions,
    list_decision_columns,
    read_decisions,
)
from cip.catalogue.asset_types import load_asset_types
from cip.errors import ParameterError, Problem
from cip.inputs import find_contact, read_table
from cip.inputs.columns import CellError, read_cell
from cip.inputs.csv_form import CsvForm, read_csv_form

__all__ = [
    "DECISIONS",
    "apply_decisions",
    "list_decision_columns",
    "plan_decisions",
    "plan_review",
    "read_decisions",
    "write_review",
]

#: What stands in ``why`` of a decision whose records were not both found.
GONE = "not among the records read last; kept for when they come back"
_LONGEST = 200


def plan_decisions(path: Path, rows: Iterable[Mapping[str, object]]) -> str:
    """Return the text of a table of decisions with some of them made, changed or taken back.

    Parameters
    ----------
    path
        The table; it may not be there yet.
    rows
        One mapping per pair: ``asset_id_a, asset_id_b`` in either order, ``decision`` (``same``,
        ``different``, ``unsure`` or blank), ``decided_on`` (ISO date); ``name_a, name_b, why``
        and ``note`` where known. Cells that are not named stay as they are.

    Returns
    -------
    str
        The whole text, byte order mark and line ends included: write it with
        ``path.write_bytes(text.encode("utf-8"))``. Nothing has been written.

    Raises
    ------
    ParameterError
        If the table cannot be read, a cell would not be valid, or decisions would contradict one
        another.
    """
    form = _read_form(path)
    places = {_find_pair(row): place for place, row in enumerate(form.rows)}
    problems: list[Problem] = []
    for row in rows:
        given = {name: _tidy(name, row[name]) for name in list_decision_columns() if name in row}
        place = places.setdefault(_find_pair(given), len(form.rows))
        if place == len(form.rows):
            form.rows.append({})
        form.rows[place] |= _turn_as(form.rows[place], given)
        problems += _check_cells(form.rows[place], place + 2)
    if problems:
        raise ParameterError([replace(problem, file=path) for problem in problems])
    _check_whole(form, path)
    return form.write()


def plan_review(path: Path, pairs: pd.DataFrame) -> str:
    """Return the text of the table of decisions with every pair that waits for one.

    Parameters
    ----------
    path
        The table; it may not be there yet.
    pairs
        Pairs that are open or decided (`cip.schemas`, table ``asset_pairs``).

    Returns
    -------
    str
        As `plan_decisions` returns it. What people filled in is kept, also where a pair is no
        longer found: its source may be away today. Rows that nobody touched are taken out when
        their pair is gone. New pairs come last.

    Raises
    ------
    ParameterError
        If the table cannot be read.
    """
    form = _read_form(path)
    found = {pair: row for row in pairs.to_dict("records") if (pair := _find_pair(row))}
    rows = []
    for row in form.rows:
        told = found.pop(_find_pair(row), None)
        if told is not None:
            rows.append({**row, **_turn_as(row, _describe(told))})
        elif row.get("decision") or row.get("note"):
            rows.append({**row, "why": GONE})
    rows += [_describe(row) | _take_decision(row) for row in found.values()]
    return replace(form, rows=rows).write()


def write_review(path: Path, pairs: pd.DataFrame) -> Path:
    """Write the table of decisions with every pair that waits for one (`plan_review`).

    Raises
    ------
    ParameterError
        If the table that is there cannot be read, or the new one cannot be written.
    """
    text = plan_review(path, pairs)
    partial = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial.write_bytes(text.encode("utf-8"))
        partial.replace(path)
    except OSError as error:
        raise ParameterError(Problem(f"cannot be written: {error.strerror}", file=path)) from None
    finally:
        partial.unlink(missing_ok=True)
    return path


def _find_pair(row: Mapping[str, object]) -> tuple[str, ...]:
    return tuple(sorted(str(row[name]).removeprefix("'") for name in PAIR))


def _turn_as(row: Mapping[str, str], given: dict[str, str]) -> dict[str, str]:
    """Return cells with the two records in the order in which the row names them."""
    first = row.get("asset_id_a", given.get("asset_id_a"))
    if first == given.get("asset_id_a"):
        return given
    other = {"a": "b", "b": "a"}
    return {
        f"{name[:-1]}{other[name[-1]]}" if name[-2:] in ("_a", "_b") else name: cell
        for name, cell in given.items()
    }


def _describe(row: Mapping[str, object]) -> dict[str, str]:
    """Return the cells that tell a person what a pair is."""
    types = [load_asset_types()[str(row[f"asset_type_{side}"])].label for side in "ab"]
    parts = [str(row["reason"])]
    if pd.notna(row["score"]):
        parts.append(f"names {row['score']:.0f} of 100 alike")
    if pd.notna(row["distance_m"]):
        parts.append(f"{row['distance_m']:.0f} m apart")
    parts.append(types[0] if types[0] == types[1] else " and ".join(types))
    names = ("asset_id_a", "name_a", "asset_id_b", "name_b")
    cells = {name: _tidy(name, row[name]) for name in names}
    return cells | {"why": "; ".join(parts)}


def _take_decision(row: Mapping[str, object]) -> dict[str, str]:
    return {name: _tidy(name, row.get(name)) for name in ("decision", "decided_on")}


def _tidy(name: str, value: object) -> str:
    """Return a cell of one line that can be printed; names lose what looks like a contact."""
    if value is None or pd.isna(value):
        return ""
    text = "".join(" " if unicodedata.category(sign) == "Cc" else sign for sign in str(value))
    text = " ".join(text.split())
    if name not in ("name_a", "name_b", "why"):
        return text
    return "" if find_contact(text) else text[:_LONGEST]


def _check_cells(row: Mapping[str, str], number: int) -> list[Problem]:
    problems = []
    for name, column in list_decision_columns().items():
        try:
            read_cell(row.get(name, ""), column)
        except CellError as error:
            problems.append(replace(error.problem, row=number, column=name))
    return problems


def _check_whole(form: CsvForm, path: Path) -> None:
    table = pd.DataFrame([[*_find_pair(row), row.get("decision", "")] for row in form.rows])
    if len(table):
        table.columns = [*PAIR, "decision"]
        check_decisions(table, path)


def _read_form(path: Path) -> CsvForm:
    columns = list_decision_columns()
    refusal = "decisions are written to a CSV file alone"
    return read_csv_form(path, columns, lambda file: read_table(file, columns), refusal=refusal)
