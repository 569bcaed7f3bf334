"""A workbook written as .xlsx: XlsxWriter makes the file, and the rows of its tables are put in.

XlsxWriter makes an object for every cell, which takes longer than all else among the downloads;
a row of a sheet is plain enough to write.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from cip.report.workbook import Cell, Link, Number, Sheet, Table, Workbook, find_widths

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
#: No cell holds more signs.
_LONGEST = 32_767
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
    bodies = {
        f"xl/worksheets/sheet{place}.xml": _write_body(sheet, formats)
        for place, sheet in enumerate(workbook.sheets, start=1)
        if sheet.table
    }
    book.close()
    path.write_bytes(_complete(buffer, workbook.language, bodies))
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

    def place(self, made: Any) -> int:
        """Return the number by which a cell names a format; the file then holds the format."""
        return int(made._get_xf_index())


def _write_sheet(page: Any, sheet: Sheet, formats: _Formats) -> None:
    page.write_string(0, 0, sheet.title, formats.get(**_TITLE))
    # Lines above a table run on over the empty cells beside them, as one column is narrow.
    above = formats.get(valign="top", text_wrap=sheet.table is None)
    for row, line in enumerate(sheet.lines, start=1):
        if isinstance(line, Link):
            page.write_url(row, 0, f"internal:{_aim(line)}", formats.get(**_LINK), line.text)
        else:
            page.write_string(row, 0, line, above)
    if sheet.table is None:
        page.set_column(0, 0, 100)
        return
    for place, width in enumerate(find_widths(sheet.table)):
        page.set_column(place, place, width)
    _mark_table(page, sheet, sheet.header_row - 1, formats)


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


def _write_body(sheet: Sheet, formats: _Formats) -> tuple[str, str]:
    """Return a table's rows and its links as the file has them."""
    table: Table = sheet.table  # type: ignore[assignment]
    styles: dict[object, int] = {
        decimals: formats.place(formats.number(decimals)) for decimals in range(5)
    }
    styles[str] = formats.place(formats.get(valign="top", text_wrap=sheet.is_prose))
    styles[Link] = formats.place(formats.get(**_LINK))
    names = [name_column(place) for place in range(1, len(table.headings) + 1)]
    rows, links = [], []
    for row, cells in enumerate(table.rows, start=sheet.header_row + 1):
        written = [
            _write_cell(cell, f"{name}{row}", styles)
            for name, cell in zip(names, cells, strict=True)
        ]
        rows.append(f'<row r="{row}">{"".join(written)}</row>')
        links += _write_links(cells, names, row)
    return "".join(rows), "".join(links)


def name_column(place: int) -> str:
    """Return the letters of a column, counted from 1."""
    letters = ""
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _write_cell(cell: Cell, place: str, styles: dict[object, int]) -> str:
    if isinstance(cell, Number):
        return f'<c r="{place}" s="{styles[cell.decimals]}"><v>{cell.value:.16g}</v></c>'
    text, style = (cell.text, styles[Link]) if isinstance(cell, Link) else (cell, styles[str])
    keep = ' xml:space="preserve"' if text != text.strip() else ""
    words = f"<is><t{keep}>{escape(text[:_LONGEST])}</t></is>"
    return f'<c r="{place}" s="{style}" t="inlineStr">{words}</c>'


def _write_links(cells: Sequence[Cell], names: Sequence[str], row: int) -> list[str]:
    return [
        f'<hyperlink ref="{name}{row}" location={quoteattr(_aim(cell))}'
        f" display={quoteattr(cell.text)}/>"
        for name, cell in zip(names, cells, strict=True)
        if isinstance(cell, Link)
    ]


def _aim(link: Link) -> str:
    return f"'{link.sheet}'!A{link.row}"


def _complete(buffer: io.BytesIO, language: str, bodies: dict[str, tuple[str, str]]) -> bytes:
    """Return the archive with the tables' rows, and the language among its properties.

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
            if entry.filename in bodies:
                content = _put_in(content.decode("utf-8"), *bodies[entry.filename]).encode("utf-8")
            info = zipfile.ZipInfo(entry.filename, ZIP_TIME)
            new.writestr(info, content, zipfile.ZIP_DEFLATED, 6)
    return result.getvalue()


def _put_in(page: str, rows: str, links: str) -> str:
    """Return a sheet with rows after those that it has, and links beside those that it has."""
    head, end, rest = page.partition("</sheetData>")
    if links:
        start = "</hyperlinks>" if "</hyperlinks>" in rest else "<pageMargins"
        whole = links if start == "</hyperlinks>" else f"<hyperlinks>{links}</hyperlinks>"
        rest = rest.replace(start, whole + start, 1)
    return head + rows + end + rest
