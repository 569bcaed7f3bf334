"""What a workbook of tables holds, before it is written as .xlsx or .ods.

The shape follows the guidance of the Government Analysis Function on spreadsheets: a heading in
the first cell, one marked table on a sheet with one row of headings, nothing merged, no cell of
a table left blank, links in words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from cip.errors import ExportError, Problem
from cip.formulas import neutralise_cell

_SHEET_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,30}")
#: Characters that XML cannot carry, and those that break a line or a column.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]+")
#: Widths of columns, in characters.
_NARROW, _WIDE = 11, 60


class Number(NamedTuple):
    """A number and the decimal places that are shown of it; all of it is kept."""

    value: float
    decimals: int = 0


class Link(NamedTuple):
    """Words that lead to a row (counted from 1) of a sheet."""

    text: str
    sheet: str
    row: int = 1


#: What a cell may hold. Text has passed through ``make_text``.
Cell = str | Number | Link


@dataclass(frozen=True)
class Table:
    """One table: headings, and rows that are all as long as the headings."""

    headings: tuple[str, ...]
    rows: list[tuple[Cell, ...]]


@dataclass(frozen=True)
class Sheet:
    """A sheet: heading, lines of text below it, then a table if there is one.

    Parameters
    ----------
    name
        Letters, digits and underscores, at most 31, so that every program can link to it.
    title
        The first cell.
    lines
        Text or links between the heading and the table, a row each.
    is_prose
        Whether long text is broken over lines: for words, not for tables of figures.
    """

    name: str
    title: str
    lines: tuple[Cell, ...] = ()
    table: Table | None = None
    is_prose: bool = True

    @property
    def header_row(self) -> int:
        """The row of the headings, counted from 1."""
        return len(self.lines) + 2

    @property
    def table_name(self) -> str:
        """Name by which a program knows the table."""
        return f"{self.name}_table"


@dataclass(frozen=True)
class Workbook:
    """Sheets in reading order and what the file says about itself."""

    title: str
    author: str
    published: date
    subject: str = ""
    licence: str = ""
    language: str = "en-GB"
    sheets: list[Sheet] = field(default_factory=list)


def make_text(value: object) -> str:
    """Return text for a cell that no program runs as a formula.

    Control characters become a space. Text that starts with ``= + - @``, also in their
    full-width or small forms or after a control character, gets an apostrophe in front.
    """
    text = str(value)
    if _CONTROL.search(text):
        has_mark = _CONTROL.match(text.lstrip(" ")) is not None
        text = _CONTROL.sub(" ", text).strip(" ")
        if has_mark and text:
            return f"'{text}"
    return str(neutralise_cell(text))


def check_workbook(workbook: Workbook) -> Workbook:
    """Return the workbook if it keeps the rules of the guidance.

    Raises
    ------
    ExportError
        Naming every sheet with a bad or repeated name, repeated or blank headings, a row of
        another length, a blank cell, or a link that leads nowhere.
    """
    rows = {sheet.name: _count_rows(sheet) for sheet in workbook.sheets}
    problems = [] if len(rows) == len(workbook.sheets) else ["two sheets have one name"]
    for sheet in workbook.sheets:
        problems += [f"{sheet.name}: {words}" for words in _find_faults(sheet, rows)]
    if problems:
        raise ExportError([Problem(f"The workbook is not right: {words}.") for words in problems])
    return workbook


def _count_rows(sheet: Sheet) -> int:
    return sheet.header_row + len(sheet.table.rows) if sheet.table else sheet.header_row - 1


def _find_faults(sheet: Sheet, rows: dict[str, int]) -> list[str]:
    table = sheet.table or Table((), [])
    size, cells = len(table.headings), [cell for row in table.rows for cell in row]
    cells += [*sheet.lines, *table.headings, sheet.title]
    is_lost = (isinstance(c, Link) and not 1 <= c.row <= rows.get(c.sheet, 0) for c in cells)
    faults = {
        "the name cannot be linked to": not _SHEET_NAME.fullmatch(sheet.name),
        "two headings are alike": len({h.casefold() for h in table.headings}) < size,
        "a row has another length than the headings": any(len(r) != size for r in table.rows),
        "the table has no rows": sheet.table is not None and not table.rows,
        "a cell is blank": any(_is_blank(cell) for cell in cells),
        "a link leads nowhere": any(is_lost),
    }
    return [words for words, is_fault in faults.items() if is_fault]


def _is_blank(cell: Cell) -> bool:
    if isinstance(cell, Number):
        return cell.value != cell.value
    return not (cell.text if isinstance(cell, Link) else cell).strip()


def find_widths(table: Table) -> list[int]:
    """Return the width of each column in characters, from its longest text."""
    widths = []
    for place, heading in enumerate(table.headings):
        cells = {row[place] for row in table.rows}
        longest = max((_measure(cell) for cell in cells), default=0)
        # A heading breaks over lines; its longest word must not.
        longest = max(longest, *(len(word) + 3 for word in heading.split()))
        widths.append(min(max(longest + 1, _NARROW), _WIDE))
    return widths


def _measure(cell: Cell) -> int:
    if isinstance(cell, Number):
        return 10
    return len(cell.text if isinstance(cell, Link) else cell)
