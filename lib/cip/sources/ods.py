"""OpenDocument spreadsheets as rows of text cells.

Read with lxml alone: what is wanted is the text of cells, and a cell that is repeated a million
times to the right or downwards must not become a million cells.
"""

from __future__ import annotations

import zipfile
from pathlib import Path

from cip.errors import Problem, SourceError
from cip.sources.files import MAX_BYTES

MEDIA_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"
#: A row or cell that is repeated more often than this only fills the sheet up.
MAX_REPEATS = 1000
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"


def is_ods(path: Path) -> bool:
    """Return True when a file says that it is an OpenDocument spreadsheet."""
    try:
        with zipfile.ZipFile(path) as archive, archive.open("mimetype") as stream:
            return stream.read(100).startswith(MEDIA_TYPE)
    except (zipfile.BadZipFile, KeyError, OSError):
        return False


def read_ods(path: Path, name: str) -> dict[str, list[list[str]]]:
    """Return the rows of every sheet, as text, by the sheet's name.

    Raises
    ------
    SourceError
        When the file is damaged or unpacks to too much.
    """
    from lxml import etree

    try:
        with zipfile.ZipFile(path) as archive:
            if archive.getinfo("content.xml").file_size > MAX_BYTES:
                raise SourceError(Problem("The file is too large once unpacked.", file=name))
            with archive.open("content.xml") as stream:
                return _read_sheets(
                    etree.iterparse(stream, events=("start", "end"), huge_tree=True)
                )
    except (zipfile.BadZipFile, KeyError, OSError, etree.XMLSyntaxError) as error:
        raise SourceError(
            Problem("The workbook cannot be read: is it cut short?", file=name)
        ) from error


def _read_sheets(events) -> dict[str, list[list[str]]]:
    sheets: dict[str, list[list[str]]] = {}
    rows: list[list[str]] = []
    for event, element in events:
        if event == "start" and element.tag == f"{_TABLE}table":
            rows = sheets.setdefault(element.get(f"{_TABLE}name", ""), [])
        elif event == "end" and element.tag == f"{_TABLE}table-row":
            row = _read_row(element)
            repeats = int(element.get(f"{_TABLE}number-rows-repeated", 1))
            rows.extend([row] * (repeats if repeats <= MAX_REPEATS else 1))
            element.clear()
        elif event == "end" and element.tag == f"{_TABLE}table":
            while rows and not any(rows[-1]):
                rows.pop()
    return sheets


def _read_row(element) -> list[str]:
    cells: list[str] = []
    for cell in element:
        if cell.tag not in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
            continue
        repeats = int(cell.get(f"{_TABLE}number-columns-repeated", 1))
        cells += [_read_cell(cell)] * (repeats if repeats <= MAX_REPEATS else 1)
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _read_cell(cell) -> str:
    """Return a number as it is stored, whole ones without a decimal point; else what is shown."""
    value = cell.get(f"{_OFFICE}value")
    if value is not None:
        return value.removesuffix(".0")
    paragraphs = ("".join(p.itertext()) for p in cell.iterfind(f"{_TEXT}p"))
    return "\n".join(paragraphs)
