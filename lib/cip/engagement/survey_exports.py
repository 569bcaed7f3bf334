"""Exports of survey tools as rows of text: encodings, workbooks, broken quotation marks.

A publisher's table that is half readable is refused. People's answers are not: what can be read is
kept, and each place that cannot is told. No message repeats the content of a cell.
"""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from cip.engagement.survey_forms import (
    FORMS,
    Form,
    Heading,
    count_header_rows,
    read_headings,
    recognise_form,
)
from cip.errors import ParameterError, Problem, find_nearest
from cip.inputs.files import read_bytes, read_rows, show_cell

LARGEST_BYTES = 200_000_000
#: A workbook may unpack to so many times its size: ten thousand long answers do not reach it.
_LARGEST_UNPACKED = 600_000_000
_DELIMITERS = ",;\t"
_ERRORS = {"#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#N/A", "#NUM!", "#NULL!"}
_MOST_TOLD = 20

Row = tuple[int, list[str]]


@dataclass(frozen=True)
class Export:
    """One file of answers, as text.

    Parameters
    ----------
    form
        The tool that wrote it.
    headings
        One per column.
    rows
        Number of the row as a spreadsheet shows it, and its cells. Rows without text are left out.
    problems
        What went wrong on the way, none of it with the text of a cell.
    """

    form: Form
    headings: list[Heading] = field(repr=False)
    rows: list[Row] = field(repr=False)
    problems: list[Problem]


def read_export(path: Path, *, form: str = "auto", sheet: str | None = None) -> Export:
    """Read an export as it comes.

    Parameters
    ----------
    form
        A name of `cip.engagement.survey_forms.FORMS`, or ``auto``.
    sheet
        Sheet of a workbook; the first by default.

    Raises
    ------
    ParameterError
        If the file is not there, is no CSV file or workbook, or holds no headings.
    """
    content = read_bytes(path, LARGEST_BYTES)
    if path.suffix.casefold() in (".xlsx", ".xlsm"):
        rows, problems = _read_workbook(path, content, sheet)
    elif path.suffix.casefold() in (".csv", ".tsv", ".txt"):
        rows, problems = _read_csv(content)
    else:
        raise ParameterError(
            Problem("this kind of file is not read", file=path, expected="a .csv or .xlsx file")
        )
    rows = [(number, cells) for number, cells in rows if any(cell.strip() for cell in cells)]
    if not rows:
        raise ParameterError(Problem("the file holds no rows", file=path))
    top = [cells for _, cells in rows[:2]]
    tool = recognise_form(top[0]) if form == "auto" else FORMS[form]
    header = count_header_rows(tool, top)
    headings = read_headings(tool, top[:header])
    answers = rows[header:]
    problems += _check_widths(answers, len(headings))
    return Export(tool, headings, answers, [replace(one, file=path.name) for one in problems])


def tell_rows(numbers: list[int]) -> str:
    """Return row numbers in words, however many there are.

    Examples
    --------
    >>> tell_rows([4]), tell_rows([4, 7, 9])
    ('row 4', 'rows 4, 7 and 9')
    """
    if len(numbers) == 1:
        return f"row {numbers[0]}"
    shown = [str(number) for number in numbers[:_MOST_TOLD]]
    if len(numbers) > _MOST_TOLD:
        return f"rows {', '.join(shown)} and {len(numbers) - _MOST_TOLD:,} more"
    return f"rows {', '.join(shown[:-1])} and {shown[-1]}"


def _read_csv(content: bytes) -> tuple[list[Row], list[Problem]]:
    text, problems = decode_text(content)
    delimiter = _find_delimiter(text)
    try:
        rows = _parse(text, delimiter, strict=True)
    except csv.Error:
        rows = _parse(text, delimiter, strict=False)
        said = "the quotation marks do not match, so a row may have swallowed those after it"
        longest = max(rows, key=lambda row: sum(map(len, row[1])), default=(None, []))
        problems.append(Problem(said, row=longest[0]))
    return rows, problems


def _parse(text: str, delimiter: str, *, strict: bool) -> list[Row]:
    # One answer may be longer than the csv module's usual limit, which is one for all its users.
    before = csv.field_size_limit(max(len(text), 131_072))
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=strict)
        return list(enumerate(reader, start=1))
    finally:
        csv.field_size_limit(before)


def decode_text(content: bytes) -> tuple[str, list[Problem]]:
    """Return text whatever its encoding, and what had to be guessed.

    UTF-8 with or without its mark and UTF-16 with its mark are sure. A line that is not UTF-8 is
    taken for Windows-1252, which is told, because nothing in the file says so.
    """
    problems: list[Problem] = []
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = content.decode("utf-16", errors="replace")
    else:
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            text, problems = _decode_lines(content)
    if "\0" in text:
        problems.append(Problem(f"{text.count(chr(0))} null characters were left out"))
        text = text.replace("\0", "")
    return text, problems


def _decode_lines(content: bytes) -> tuple[str, list[Problem]]:
    lines, guessed, has_utf8 = [], [], False
    for number, line in enumerate(content.removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):
        try:
            lines.append(line.decode("utf-8"))
            has_utf8 |= not line.isascii()
        except UnicodeDecodeError:
            guessed.append(number)
            # Five bytes mean nothing in Windows-1252; Latin-1 has a sign for each.
            try:
                lines.append(line.decode("cp1252"))
            except UnicodeDecodeError:
                lines.append(line.decode("latin-1"))
    said = (
        f"the file mixes encodings: lines {', '.join(map(str, guessed[:_MOST_TOLD]))}"
        f"{' and more' if len(guessed) > _MOST_TOLD else ''} are not UTF-8 like the rest"
        if has_utf8
        else "the file is not in UTF-8"
    )
    problem = Problem(
        f"{said}; read as Windows-1252, so check that letters such as é and £ came out right",
        line=guessed[0],
    )
    return "\n".join(lines), [problem]


def _find_delimiter(text: str) -> str:
    """Return the delimiter that parts the first row with text into most cells."""
    start = text.lstrip("\r\n ")[:200_000]

    def count(delimiter: str) -> int:
        return len(next(csv.reader(io.StringIO(start, newline=""), delimiter=delimiter), []))

    return max(_DELIMITERS, key=count)


def _read_workbook(
    path: Path, content: bytes, sheet: str | None
) -> tuple[list[Row], list[Problem]]:
    import python_calamine

    if _has_formulas(path, content):
        # The usual reader tells formulas that were saved without a result; it takes longer.
        table = read_rows(path, ())
        if sheet is None or table.sheet == sheet:
            return table.cells, list(table.problems)
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        names = book.sheet_names
        if sheet is not None and sheet not in names:
            near = find_nearest(sheet, names)
            raise ParameterError(
                Problem("there is no such sheet", file=path, sheet=sheet, nearest=near)
            )
        cells = book.get_sheet_by_name(sheet or names[0]).to_python(skip_empty_area=False)
    except (python_calamine.CalamineError, IndexError, ValueError, OSError) as error:
        problem = Problem("this is not a workbook that can be read", file=path, expected="XLSX")
        raise ParameterError(problem) from error
    problems: list[Problem] = []
    rows = [
        (number, [_show(value, number, problems) for value in row])
        for number, row in enumerate(cells, start=1)
    ]
    return rows, problems


def _show(value: Any, row: int, problems: list[Problem]) -> str:
    text = show_cell(value)
    if text in _ERRORS:
        problems.append(Problem("a cell shows a spreadsheet's error; it is left out", row=row))
        return ""
    return text


def _has_formulas(path: Path, content: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            if sum(part.file_size for part in book.infolist()) > _LARGEST_UNPACKED:
                raise ParameterError(Problem("this workbook unpacks to too much", file=path))
            sheets = [n for n in book.namelist() if n.startswith("xl/worksheets/sheet")]
            return any(b"<f>" in (xml := book.read(name)) or b"<f " in xml for name in sheets)
    except (zipfile.BadZipFile, OSError, KeyError) as error:
        problem = Problem("this is not a workbook that can be read", file=path, expected="XLSX")
        raise ParameterError(problem) from error


def _check_widths(rows: list[Row], width: int) -> list[Problem]:
    """Tell rows with more cells than headings: a comma was not quoted, and cells have moved."""
    wide = [number for number, cells in rows if any(cell.strip() for cell in cells[width:])]
    if not wide:
        return []
    said = f"more cells than there are headings, so the surplus is left out: {tell_rows(wide)}"
    return [Problem(said, row=wide[0])]
