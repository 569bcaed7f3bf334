"""Empty forms: the headings of a table, ready to be filled in."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path

from cip.errors import ParameterError, Problem
from cip.formulas import neutralise_text
from cip.inputs.columns import Column, describe_kind


def write_form(
    path: Path, columns: Mapping[str, Column], rows: Iterable[Mapping[str, str]] = ()
) -> Path:
    """Write a form as CSV that spreadsheet programs open with the right letters.

    Parameters
    ----------
    path
        The file to write; its folder is made. A file that is there is never replaced.
    columns
        The columns, whose names become the headings.
    rows
        Cells that are filled in beforehand, by column; the others stay blank.

    Raises
    ------
    ParameterError
        If the file is there already.
    ValueError
        If a row has a column that is not declared.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="utf-8-sig", newline="") as stream:
            writer = csv.DictWriter(stream, fieldnames=list(columns), restval="")
            writer.writeheader()
            writer.writerows(
                {name: neutralise_text(cell) for name, cell in r.items()} for r in rows
            )
    except FileExistsError:
        raise ParameterError(Problem("this file already exists", file=path)) from None
    return path


def describe_columns(columns: Mapping[str, Column]) -> list[str]:
    """Return one line per column: its name, whether it must be filled, and what belongs in it."""
    return [
        f"`{name}` ({'must be filled in' if column.required else 'may be blank'}): "
        f"{_join(column.description, describe_kind(column))}"
        for name, column in columns.items()
    ]


def _join(description: str, kind: str) -> str:
    words = f"{kind[:1].upper()}{kind[1:]}."
    if not description:
        return words
    return f"{description.rstrip('.')}." + ("" if kind == "text" else f" {words}")
