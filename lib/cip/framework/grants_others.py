"""Grants of other local schemes: a list as its publisher lays it out, read by a declared mapping.

The layout ``360giving`` has the headings of the 360Giving Data Standard, in which councils and
foundations publish what they gave; ``own`` has the names of the columns themselves. Headings that
are not mapped are left aside.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pandas as pd

from cip.errors import ParameterError, Problem, find_nearest
from cip.framework.scoring_model import OTHER_GRANTS, DataFile, ScoringFile
from cip.inputs import Column, find_person
from cip.inputs.columns import CellError, fold_name, read_cell
from cip.inputs.files import read_rows

#: Columns of the list as it is used here. What is published may name persons: such a cell is
#: withheld (see `read_other_grants`), not refused, because nobody here can change it.
_COLUMNS: dict[str, Column] = {
    "other_id": Column(required=True),
    "recipient": Column(required=True),
    "recipient_id": Column(),
    "project": Column(),
    "purpose": Column(),
    "amount": Column(kind="number"),
    "awarded_on": Column(kind="date"),
    "scheme": Column(),
}
LAYOUTS: dict[str, dict[str, str]] = {
    "own": {name: name for name in _COLUMNS},
    "360giving": {
        "other_id": "Identifier",
        "recipient": "Recipient Org:Name",
        "recipient_id": "Recipient Org:Identifier",
        "project": "Title",
        "purpose": "Description",
        "amount": "Amount Awarded",
        "awarded_on": "Award Date",
        "scheme": "Funding Org:Name",
    },
}
NAMES = tuple(_COLUMNS)


def read_other_schemes(file: ScoringFile) -> pd.DataFrame:
    """Read every list of other schemes' grants that ``scoring.yml`` names.

    Returns
    -------
    DataFrame
        One row per grant: ``other_id, recipient, recipient_id, project, purpose, amount,
        awarded_on`` (a date), ``scheme``; empty where no list is named.

    Raises
    ------
    ParameterError
        With every problem of all the lists.
    """
    parts, problems = [], []
    for place, named in file.list_files(OTHER_GRANTS):
        line = file.find_line("files", place)
        try:
            mapping = find_mapping(named)
            parts.append(read_other_grants(file.resolve(named), mapping, scheme=named.scheme or ""))
        except ParameterError as error:
            problems += [
                p if p.file else replace(p, file=file.path, line=line) for p in error.problems
            ]
    if problems:
        raise ParameterError(problems)
    return pd.concat(parts, ignore_index=True) if parts else make_empty()


def make_empty() -> pd.DataFrame:
    """Return a list without any grant."""
    kinds = {"amount": "float64", "awarded_on": "datetime64[s]"}
    return pd.DataFrame({name: pd.Series(dtype=kinds.get(name, "str")) for name in NAMES})


def find_mapping(named: DataFile) -> dict[str, str]:
    """Return column to heading: the layout's, with what the file declares in its place.

    Raises
    ------
    ParameterError
        If the layout or a column is not known.
    """
    layout = named.layout or "own"
    problems = []
    if layout not in LAYOUTS:
        nearest = find_nearest(layout, LAYOUTS)
        expected = f"one of: {', '.join(LAYOUTS)}"
        message = "this layout is not known"
        problems.append(Problem(message, found=layout, expected=expected, nearest=nearest))
    for name in named.columns:
        if name not in _COLUMNS:
            message = f"there is no column '{name}' to map a heading to"
            expected = f"one of: {', '.join(_COLUMNS)}"
            nearest = find_nearest(name, _COLUMNS)
            problems.append(Problem(message, expected=expected, nearest=nearest))
    if problems:
        raise ParameterError(problems)
    return {**LAYOUTS[layout], **named.columns}


def read_other_grants(path: Path, mapping: Mapping[str, str], *, scheme: str = "") -> pd.DataFrame:
    """Read one list by a mapping of column to heading.

    A text that seems to name a person or holds an address is withheld: only the recipient's
    place is kept, as "not shown". Days in another form than year-month-day are refused.

    Raises
    ------
    ParameterError
        With every problem of the file: headings that are missing, cells that cannot be read, an
        identifier that stands twice.
    """
    rows = read_rows(path, mapping.values())
    if not rows.cells:
        raise ParameterError(Problem("this file is empty", file=path))
    number, headings = rows.cells[0]
    folded = [fold_name(heading) for heading in headings]
    problems = [
        Problem(
            f"the heading '{heading}' is missing, which '{name}' is read from",
            row=number,
            nearest=find_nearest(heading, headings),
        )
        for name, heading in mapping.items()
        if fold_name(heading) not in folded and (_COLUMNS[name].required)
    ]
    places = {
        name: folded.index(fold_name(heading))
        for name, heading in mapping.items()
        if fold_name(heading) in folded
    }
    records, found = _read_records(rows.cells[1:], places, mapping)
    problems += found if not problems else []
    if problems:
        raise ParameterError([replace(p, file=path, sheet=rows.sheet) for p in problems])
    table = pd.concat([make_empty(), pd.DataFrame(records, columns=list(NAMES))])
    table = table.astype(make_empty().dtypes.to_dict()).reset_index(drop=True)
    return table.assign(scheme=table["scheme"].fillna(scheme).astype("str"))


def _read_records(
    cells: list[tuple[int, list[str]]], places: Mapping[str, int], mapping: Mapping[str, str]
) -> tuple[list[dict[str, object]], list[Problem]]:
    records, problems = [], []
    seen: dict[str, int] = {}
    for row, texts in cells:
        record: dict[str, object] = dict.fromkeys(NAMES)
        for name, place in places.items():
            text = texts[place].strip() if place < len(texts) else ""
            try:
                record[name] = _read(name, text)
            except CellError as error:
                heading = mapping[name]
                problems.append(replace(error.problem, row=row, column=heading, found=None))
        if isinstance(record["other_id"], str):
            first = seen.setdefault(record["other_id"], row)
            if first != row:
                message = f"this identifier stands in row {first} already"
                problems.append(Problem(message, row=row, column=mapping["other_id"]))
        records.append(record)
    return records, problems


def _read(name: str, text: str) -> object:
    column = _COLUMNS[name]
    if column.kind == "date" and text:
        # The standard has a time after the day in some lists.
        text = text.partition("T")[0]
        if len(text) != 10 or text[4] != "-":
            raise CellError("this day is not written as year-month-day", expected="2026-03-31")
    value = read_cell(text, column)
    if (
        isinstance(value, str)
        and name in ("recipient", "project", "purpose")
        and find_person(value)
    ):
        return "not shown" if name == "recipient" else None
    return value


def total_by_scheme(others: pd.DataFrame) -> pd.DataFrame:
    """Return other schemes' grants by scheme and year of the award, latest first.

    One row per scheme and year: ``scheme, year, grants, recipients, amount``.
    """
    years = others["awarded_on"].dt.year.astype("Int64")
    rows = [
        (scheme, year, len(own), own["recipient"].str.casefold().nunique(), own["amount"].sum())
        for (scheme, year), own in others.assign(year=years).groupby(
            ["scheme", "year"], dropna=False
        )
    ]
    table = pd.DataFrame(rows, columns=["scheme", "year", "grants", "recipients", "amount"])
    return table.sort_values(["year", "scheme"], ascending=[False, True], ignore_index=True)
