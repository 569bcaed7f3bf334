"""A workbook written as .xlsx, by XlsxWriter."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from cip.report.workbook import Cell, Link, Number, Sheet, Workbook, find_widths

#: The earliest moment that a zip archive can hold; the same input gives the same bytes.
ZIP_TIME = (1980, 1, 1, 0, 0, 0)
_CORE = "docProps/core.xml"
#: No text of a cell is turned into anything else.
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}
_TITLE = {"bold": True, "font_size": 16}
_HEADING = {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1}
_LINK = {"font_color": "#0563C1", "underline": 1, "valign": "top"}


def write_xlsx(workbook: Workbook, path: Path) -> Path:
    """Write a checked workbook as .xlsx; the same workbook gives the same bytes."""
    import xlsxwriter

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, _OPTIONS)
    book.set_properties(
        {
            "title": workbook.title,
            "author": workbook.author,
            "subject": workbook.subject,
            "comments": workbook.licence,
            "created": datetime.combine(workbook.published, datetime.min.time()),
        }
    )
    formats = _Formats(book)
    for sheet in workbook.sheets:
        _write_sheet(book.add_worksheet(sheet.name), sheet, formats)
    book.close()
    path.write_bytes(_add_language(buffer, workbook.language))
    return path


class _Formats:
    """Each format of the workbook, made once."""

    def __init__(self, book: Any):
        self._book = book
        self._made: dict[tuple, Any] = {}

    def get(self, **properties: object) -> Any:
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(properties)
        return self._made[key]

    def number(self, decimals: int) -> Any:
        pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
        return self.get(num_format=pattern, valign="top")


def _write_sheet(page: Any, sheet: Sheet, formats: _Formats) -> None:
    plain = formats.get(valign="top", text_wrap=sheet.is_prose)
    write = _make_cell_writer(page, plain, formats)
    page.write_string(0, 0, sheet.title, formats.get(**_TITLE))
    # Lines above a table run on over the empty cells beside them, as one column is narrow.
    above = formats.get(valign="top", text_wrap=sheet.table is None)
    write_line = _make_cell_writer(page, above, formats)
    for row, line in enumerate(sheet.lines, start=1):
        write_line(row, 0, line)
    if sheet.table is None:
        page.set_column(0, 0, 100)
        return
    for place, width in enumerate(find_widths(sheet.table)):
        page.set_column(place, place, width)
    first = sheet.header_row - 1
    for row, cells in enumerate(sheet.table.rows, start=first + 1):
        for column, cell in enumerate(cells):
            write(row, column, cell)
    _mark_table(page, sheet, first, formats)


def _mark_table(page: Any, sheet: Sheet, first: int, formats: _Formats) -> None:
    headings = sheet.table.headings
    page.add_table(
        first,
        0,
        first + len(sheet.table.rows),
        len(headings) - 1,
        {
            "name": sheet.table_name,
            "style": "Table Style Light 1",
            "banded_rows": False,
            "columns": [
                {"header": heading, "header_format": formats.get(**_HEADING)}
                for heading in headings
            ],
        },
    )
    page.freeze_panes(first + 1, 0)


def _make_cell_writer(
    page: Any, plain: Any, formats: _Formats
) -> Callable[[int, int, Cell], object]:
    link = formats.get(**_LINK)
    numbers = {decimals: formats.number(decimals) for decimals in range(5)}

    def write(row: int, column: int, cell: Cell) -> None:
        if isinstance(cell, str):
            page.write_string(row, column, cell, plain)
        elif isinstance(cell, Number):
            page.write_number(row, column, cell.value, numbers[cell.decimals])
        elif isinstance(cell, Link):
            page.write_url(row, column, f"internal:'{cell.sheet}'!A{cell.row}", link, cell.text)

    return write


def _add_language(buffer: io.BytesIO, language: str) -> bytes:
    """Return the archive with the language among the document's properties.

    XlsxWriter knows no such property.
    """
    result = io.BytesIO()
    with zipfile.ZipFile(buffer) as old, zipfile.ZipFile(result, "w") as new:
        for entry in old.infolist():
            content = old.read(entry)
            if entry.filename == _CORE:
                end = b"</cp:coreProperties>"
                tag = f"<dc:language>{language}</dc:language>".encode()
                content = content.replace(end, tag + end)
            info = zipfile.ZipInfo(entry.filename, ZIP_TIME)
            new.writestr(info, content, zipfile.ZIP_DEFLATED, 6)
    return result.getvalue()
