"""Cells of a table as a reader sees them, in HTML and in CSV."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from numbers import Number

import numpy as np
import pandas as pd

from cip.formulas import neutralise_cell

#: Government Analysis Function shorthand for cells that hold no number.
SHORTHAND: dict[str, str] = {
    "[x]": "not available",
    "[c]": "withheld to protect people's privacy",
    "[z]": "not applicable",
    "[low]": "low figure",
}


def is_missing(value: object) -> bool:
    """Say whether a cell holds nothing (None, NaN, NA or NaT)."""
    return (
        value is None
        or value is pd.NA
        or value is pd.NaT
        or (isinstance(value, float) and math.isnan(value))
    )


def is_number(value: object) -> bool:
    """Say whether a cell holds a number (true and false are words, not numbers)."""
    return isinstance(value, Number) and not isinstance(value, bool) and not is_missing(value)


def format_cell(value: object, spec: str | None = None) -> str:
    """Return one cell as text: ``[x]`` where missing, thousands separated where a number.

    Parameters
    ----------
    value
        Any cell of a data frame.
    spec
        ``str.format`` pattern for numbers, such as ``"{:,.1f}%"``. Without one, integers are
        written as ``1,234`` and other numbers with one decimal place.
    """
    if is_missing(value):
        return "[x]"
    if isinstance(value, (bool, np.bool_)):
        return "Yes" if value else "No"
    if is_number(value):
        if spec is None:
            whole = float(value).is_integer() and not isinstance(value, float)  # type: ignore[arg-type]
            spec = "{:,d}" if whole else "{:,.1f}"
        if "d}" in spec:
            value = int(value)  # type: ignore[call-overload]
        return spec.format(value).replace("-", "\N{MINUS SIGN}", 1)
    return str(value)


def format_frame(frame: pd.DataFrame, formats: Mapping[str, str]) -> list[list[str]]:
    """Return the cells of a frame as text, one list per row.

    A column without a format whose numbers are all whole is written without decimals, even
    where a missing cell has turned it into floats.
    """
    specs = [formats.get(name) or _guess_format(frame.iloc[:, i]) for i, name in enumerate(frame)]
    return [
        [format_cell(cell, spec) for spec, cell in zip(specs, row, strict=True)]
        for row in frame.itertuples(index=False, name=None)
    ]


def _guess_format(column: pd.Series) -> str | None:
    numbers = [float(cell) for cell in column if is_number(cell)]
    return "{:,.0f}" if numbers and all(number.is_integer() for number in numbers) else None


def find_shorthand(texts: Iterable[str]) -> list[str]:
    """Return the shorthand used among the cells, in the order of the legend."""
    used = set(texts)
    return [mark for mark in SHORTHAND if mark in used]


def write_csv_text(frame: pd.DataFrame, column_labels: Mapping[str, str] | None = None) -> str:
    """Return a data frame as CSV text with full precision and neutralised text cells.

    One line per row of ``frame``; the index is not written. Missing cells are empty.
    """
    labels = column_labels or {}
    lines = [
        [None if is_missing(cell) else neutralise_cell(cell) for cell in row]
        for row in frame.itertuples(index=False, name=None)
    ]
    names = [neutralise_cell(str(labels.get(name, name))) for name in frame.columns]
    safe = pd.DataFrame(lines, columns=names, dtype=object)
    return safe.to_csv(index=False, lineterminator="\r\n")
