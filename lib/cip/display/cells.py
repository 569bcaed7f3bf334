"""Cells of a table as a reader sees them, in HTML and in CSV."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from numbers import Number
from typing import Any

import numpy as np
import pandas as pd

from cip.formulas import neutralise_cell

#: Types of column whose missing cells are NA.
_HOLD_NA = (pd.Int64Dtype, pd.Float64Dtype, pd.BooleanDtype)
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


def list_columns(frame: pd.DataFrame) -> list[list[Any]]:
    """Return the cells of each column of a frame."""
    return [_list_cells(frame.iloc[:, i]) for i in range(frame.shape[1])]


def list_rows(frame: pd.DataFrame) -> list[tuple[Any, ...]]:
    """Return the cells of each row of a frame, in the order of its columns."""
    return list(zip(*list_columns(frame), strict=True))


def list_records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return each row of a frame by name of column, as ``to_dict("records")`` does, and faster.

    Numbers and flags are Python's own; missing cells are NaN, or None where the column holds NA.
    """
    columns = [_list_plain(column) for _, column in frame.items()]
    return [dict(zip(frame.columns, row, strict=True)) for row in zip(*columns, strict=True)]


def _list_plain(column: pd.Series) -> list[Any]:
    if isinstance(column.dtype, _HOLD_NA):
        return list(column.to_numpy(dtype=object, na_value=None))
    return _list_cells(column) if isinstance(column.dtype, pd.StringDtype) else column.tolist()


def _list_cells(column: pd.Series) -> list[Any]:
    """Return a column's cells; texts are taken out together, which is far faster than in turn."""
    if isinstance(column.dtype, pd.StringDtype):
        return list(column.to_numpy(dtype=object))
    return list(column)


def format_frame(frame: pd.DataFrame, formats: Mapping[str, str]) -> list[list[str]]:
    """Return the cells of a frame as text, one list per row.

    A column without a format whose numbers are all whole is written without decimals, even
    where a missing cell has turned it into floats.
    """
    columns = list_columns(frame)
    specs = [
        formats.get(name) or _guess_format(cells)
        for name, cells in zip(frame.columns, columns, strict=True)
    ]
    written = [
        [format_cell(cell, spec) for cell in cells]
        for cells, spec in zip(columns, specs, strict=True)
    ]
    return [list(row) for row in zip(*written, strict=True)]


def _guess_format(cells: Iterable[object]) -> str | None:
    numbers = [float(cell) for cell in cells if is_number(cell)]  # type: ignore[arg-type]
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
        for row in list_rows(frame)
    ]
    names = [neutralise_cell(str(labels.get(name, name))) for name in frame.columns]
    safe = pd.DataFrame(lines, columns=names, dtype=object)
    return safe.to_csv(index=False, lineterminator="\r\n")
