"""Rows of text from CSV and XLSX files, numbered as a spreadsheet numbers them."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from cip.errors import ParameterError, Problem, find_nearest
from cip.inputs.columns import fold_name

#: A register that people keep by hand is far smaller; a larger file is a mistake.
LARGEST_BYTES = 50_000_000
_DELIMITERS = ",;\t"
_SAVE_AS = "a CSV file in UTF-8 (in a spreadsheet program: Save as, 'CSV UTF-8')"


@dataclass(frozen=True)
class Rows:
    """A table of text cells, headings first.

    Parameters
    ----------
    cells
        Number of the row, from 1, and its cells. Rows without any text are left out.
    sheet
        Name of the sheet, or None for CSV.
    problems
        What went wrong in single cells while they were turned into text.
    """

    cells: list[tuple[int, list[str]]]
    sheet: str | None = None
    problems: list[Problem] = field(default_factory=list)


def read_rows(path: Path, names: Iterable[str]) -> Rows:
    """Return the rows of a file.

    Parameters
    ----------
    path
        A ``.csv`` or ``.xlsx`` file.
    names
        Columns that are looked for: they tell the delimiter, and which sheet of a workbook.

    Raises
    ------
    ParameterError
        If the file is not there, is of another kind, or cannot be read.
    """
    content = read_bytes(path)
    wanted = {fold_name(name) for name in names}
    suffix = path.suffix.casefold()
    if suffix in (".csv", ".tsv", ".txt"):
        return _read_csv(path, content, wanted)
    if suffix in (".xlsx", ".xlsm"):
        return _read_workbook(path, content, wanted)
    raise ParameterError(
        Problem("this kind of file is not read", file=path, expected="a .csv or .xlsx file")
    )


def read_bytes(path: Path, largest: int = LARGEST_BYTES) -> bytes:
    """Return a file's bytes.

    Raises
    ------
    ParameterError
        If it is not there, has more than ``largest`` bytes, or cannot be read.
    """
    try:
        if path.stat().st_size > largest:
            limit = f"at most {largest // 1_000_000} MB"
            raise ParameterError(Problem("this file is too large", file=path, expected=limit))
        return path.read_bytes()
    except FileNotFoundError:
        siblings = [p.name for p in path.parent.iterdir()] if path.parent.is_dir() else []
        nearest = find_nearest(path.name, siblings)
        raise ParameterError(Problem("there is no such file", file=path, nearest=nearest)) from None
    except OSError as error:
        raise ParameterError(Problem(f"cannot be read: {error.strerror}", file=path)) from None


def _read_csv(path: Path, content: bytes, wanted: set[str]) -> Rows:
    text = _decode(path, content)
    delimiter = _find_delimiter(text, wanted)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[tuple[int, list[str]]] = []
    number = 0
    try:
        for number, row in enumerate(reader, start=1):
            if any(cell.strip() for cell in row):
                rows.append((number, row))
    except csv.Error as error:
        raise ParameterError(
            Problem(
                f"the quotation marks of this row do not match ({error})",
                file=path,
                row=number + 1,
                expected="a quotation mark inside a quoted cell to be doubled",
            )
        ) from None
    return Rows(rows)


def _decode(path: Path, content: bytes) -> str:
    if b"\0" in content[:4096]:
        problem = Problem("this file is not text in UTF-8", file=path, expected=_SAVE_AS)
        raise ParameterError(problem)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # Guessing the encoding would turn names into other names without a word.
        raise ParameterError(
            Problem(
                "this file is not in UTF-8, so that letters such as é and £ cannot be told",
                file=path,
                line=content.count(b"\n", 0, error.start) + 1,
                expected=_SAVE_AS,
            )
        ) from None


def _find_delimiter(text: str, wanted: set[str]) -> str:
    """Return the delimiter that finds most of the wanted headings in the first row with text."""
    first = next((line for line in text.splitlines() if line.strip(_DELIMITERS + ' "')), "")

    def count(delimiter: str) -> int:
        cells = next(csv.reader([first], delimiter=delimiter), [])
        return len({fold_name(cell) for cell in cells} & wanted)

    return max(_DELIMITERS, key=count)


def _read_workbook(path: Path, content: bytes, wanted: set[str]) -> Rows:
    values, formulas = _open_workbook(path, content, True), _open_workbook(path, content, False)
    try:
        sheet = _pick_sheet(path, values, wanted)
        shown, written = values[sheet], formulas[sheet]
        # A workbook may state a wrong extent; without it every row is read.
        shown.reset_dimensions()
        written.reset_dimensions()
        return _read_sheet(sheet, shown, written)
    except (zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        problem = Problem("the workbook cannot be read: is it cut short?", file=path)
        raise ParameterError(problem) from error
    finally:
        values.close()
        formulas.close()


def _open_workbook(path: Path, content: bytes, values: bool) -> Any:
    import openpyxl

    try:
        return openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=values)
    except (zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        problem = Problem("this is not a workbook that can be read", file=path, expected="XLSX")
        raise ParameterError(problem) from error


def _pick_sheet(path: Path, workbook: Any, wanted: set[str]) -> str:
    sheets = [name for name in workbook.sheetnames if hasattr(workbook[name], "iter_rows")]
    if not sheets:
        raise ParameterError(Problem("this workbook has no sheet with cells", file=path))
    found = [name for name in sheets if _count_headings(workbook[name], wanted)]
    best = max((_count_headings(workbook[name], wanted) for name in found), default=0)
    found = [name for name in found if _count_headings(workbook[name], wanted) == best]
    if len(found) > 1:
        raise ParameterError(
            Problem(
                "more than one sheet has these headings",
                file=path,
                found=", ".join(found),
                expected="one sheet with the table",
            )
        )
    return found[0] if found else sheets[0]


def _count_headings(sheet: Any, wanted: set[str]) -> int:
    for row in sheet.iter_rows(max_row=50, values_only=True):
        if any(cell is not None for cell in row):
            return len({fold_name(str(cell)) for cell in row if cell is not None} & wanted)
    return 0


def _read_sheet(sheet: str, shown: Any, written: Any) -> Rows:
    rows: list[tuple[int, list[str]]] = []
    problems: list[Problem] = []
    pairs = zip(shown.iter_rows(), written.iter_rows(), strict=True)
    for number, (values, formulas) in enumerate(pairs, start=1):
        texts = [show_cell(cell.value) for cell in values]
        for place, (value, formula) in enumerate(zip(values, formulas, strict=False)):
            if message := _find_fault(value, formula):
                column = rows[0][1][place].strip() if rows and place < len(rows[0][1]) else None
                problems.append(Problem(message, sheet=sheet, row=number, column=column))
                texts[place] = ""
        if any(text.strip() for text in texts) or any(p.row == number for p in problems[-1:]):
            rows.append((number, texts))
    return Rows(rows, sheet, problems)


def _find_fault(value: Any, formula: Any) -> str | None:
    if value.value is None and formula.value is not None:
        return "this formula was saved without its result; type the value"
    if getattr(value, "data_type", "") == "e":
        return f"this cell shows the error {value.value}; type the value"
    return None


def show_cell(value: object) -> str:
    """Return a workbook's cell as text: dates as ISO, whole numbers without a decimal point."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        is_day = value.time() == time(0)
        return value.date().isoformat() if is_day else value.isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
