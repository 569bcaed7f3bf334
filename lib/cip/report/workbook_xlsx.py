"""A workbook written as .xlsx: XlsxWriter makes the file, and the rows of its tables are put in.

XlsxWriter makes an object for every cell, which takes longer than all else among the downloads;
a row of a sheet is plain enough to write.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from cip.report.workbook import Cell, Link, Number, Sheet, Table, Workbook, find_widths
from cip.report.zip_parts import write_part

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
    with_table = {
        f"xl/worksheets/sheet{place}.xml": sheet
        for place, sheet in enumerate(workbook.sheets, start=1)
        if sheet.table
    }
    bodies = {name: _Body(sheet, formats) for name, sheet in with_table.items()}
    ranges = {
        f"xl/tables/table{place}.xml": (_name_range(sheet, 1), _name_range(sheet))
        for place, sheet in enumerate(with_table.values(), start=1)
    }
    book.close()
    path.write_bytes(_complete(buffer, workbook.language, bodies, ranges))
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
    # One row, until the file is complete: XlsxWriter remembers every cell of a table by itself.
    page.add_table(
        first,
        0,
        first + 1,
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


def _name_range(sheet: Sheet, rows: int | None = None) -> str:
    """Return the cells of a sheet's table with its headings, or of its first rows alone."""
    table: Table = sheet.table  # type: ignore[assignment]
    last = sheet.header_row + (len(table.rows) if rows is None else rows)
    return f"A{sheet.header_row}:{name_column(len(table.headings))}{last}"


class _Body:
    """A table's rows and its links as the file has them, made when they are written.

    What a cell of text holds is made once: the same few texts stand in many rows.
    """

    def __init__(self, sheet: Sheet, formats: _Formats) -> None:
        self._sheet = sheet
        self._table: Table = sheet.table  # type: ignore[assignment]
        self._numbers = [formats.place(formats.number(decimals)) for decimals in range(5)]
        self._text = formats.place(formats.get(valign="top", text_wrap=sheet.is_prose))
        self._link = formats.place(formats.get(**_LINK))
        self._names = [name_column(place) for place in range(1, len(self._table.headings) + 1)]

    def write_rows(self) -> Iterator[str]:
        """Yield the rows; a cell is named by its place."""
        words: dict[Cell, str] = {}
        for row, cells in enumerate(self._table.rows, start=self._sheet.header_row + 1):
            written = []
            for name, cell in zip(self._names, cells, strict=True):
                if isinstance(cell, Number):
                    style = self._numbers[cell.decimals]
                    rest = f' s="{style}"><v>{cell.value:.16g}</v></c>'
                elif cell in words:
                    rest = words[cell]
                else:
                    rest = words[cell] = self._write_words(cell)
                written.append(f'<c r="{name}{row}"{rest}')
            yield f'<row r="{row}">{"".join(written)}</row>'

    def _write_words(self, cell: str | Link) -> str:
        text, style = (cell.text, self._link) if isinstance(cell, Link) else (cell, self._text)
        keep = ' xml:space="preserve"' if text != text.strip() else ""
        words = f"<is><t{keep}>{escape(text[:_LONGEST])}</t></is>"
        return f' s="{style}" t="inlineStr">{words}</c>'

    def write_links(self) -> Iterator[str]:
        """Yield the links, row by row."""
        ends: dict[Link, str] = {}
        for row, cells in enumerate(self._table.rows, start=self._sheet.header_row + 1):
            for name, cell in zip(self._names, cells, strict=True):
                if not isinstance(cell, Link):
                    continue
                if cell not in ends:
                    ends[cell] = (
                        f" location={quoteattr(_aim(cell))} display={quoteattr(cell.text)}/>"
                    )
                yield f'<hyperlink ref="{name}{row}"{ends[cell]}'


def name_column(place: int) -> str:
    """Return the letters of a column, counted from 1."""
    letters = ""
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _aim(link: Link) -> str:
    return f"'{link.sheet}'!A{link.row}"


def _complete(
    buffer: io.BytesIO,
    language: str,
    bodies: Mapping[str, _Body],
    ranges: Mapping[str, tuple[str, str]],
) -> bytes:
    """Return the archive with the tables' rows and how far each table goes, and the language.

    XlsxWriter knows no such property.
    """
    result = io.BytesIO()
    with zipfile.ZipFile(buffer) as old, zipfile.ZipFile(result, "w") as new:
        for entry in old.infolist():
            name, content = entry.filename, old.read(entry).decode("utf-8")
            pieces: Iterable[str] = [content]
            if name == _CORE:
                end = "</cp:coreProperties>"
                pieces = [content.replace(end, f"<dc:language>{language}</dc:language>{end}")]
            elif name in bodies:
                pieces = _put_in(content, bodies[name])
            elif name in ranges:
                short, whole = ranges[name]
                pieces = [content.replace(f'ref="{short}"', f'ref="{whole}"')]
            write_part(new, name, pieces)
    return result.getvalue()


def _put_in(page: str, body: _Body) -> Iterator[str]:
    """Yield a sheet with rows after those that it has, and links beside those that it has."""
    head, end, rest = page.partition("</sheetData>")
    yield head
    yield from body.write_rows()
    yield end
    links = body.write_links()
    first = next(links, None)
    if first is None:
        yield rest
        return
    has_links = "</hyperlinks>" in rest
    before, mark, after = rest.partition("</hyperlinks>" if has_links else "<pageMargins")
    yield before if has_links else f"{before}<hyperlinks>"
    yield first
    yield from links
    yield f"{'' if has_links else '</hyperlinks>'}{mark}{after}"
