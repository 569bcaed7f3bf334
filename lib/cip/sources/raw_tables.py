"""Tables of text cells from delimited text, workbooks and maps, with row numbers kept."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from cip.errors import Problem, SourceError
from cip.sources.files import HEAD_BYTES, HEAD_ROWS, RawFile
from cip.sources.osm_files import GRAPHML, OSM, find_kind

csv.field_size_limit(10_000_000)
#: How a workbook of the kind before .xlsx starts.
OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"
#: How a Shapefile starts, and a GeoPackage with the mark that tells it from other databases.
SHAPEFILE, DATABASE, PACKAGE = b"\x00\x00\x27\x0a", b"SQLite format 3\x00", b"GPKG"
#: The last one, a not-sign, separates the cells of the NHS website's lists.
_DELIMITERS = ",\t;|¬"


@dataclass(frozen=True)
class Content:
    """All rows of a table, headings and notes included, as text.

    ``geometries`` holds one shape (a GeoJSON geometry, or one of shapely) for each row under the
    headings, or is None.
    ``ends_in_mid_line`` is true for text without a line end after its last row.
    """

    rows: list[list[str]]
    geometries: list[Any] | None = None
    crs: str | None = None
    ends_in_mid_line: bool = False


@dataclass(frozen=True)
class RawTable:
    """A table that has not been recognised yet: its head, and the way to read the rest."""

    file: RawFile
    kind: str
    head: list[list[str]]
    sheet: str | None = None

    @property
    def has_geometry(self) -> bool:
        """True when every row has a place on the map."""
        return self.kind in ("geojson", "layer")

    def load(self) -> Content:
        """Read the whole table. Raises SourceError when the file is cut short or damaged."""
        if self.kind == "sheet":
            return Content(_read_sheet(self.file, self.sheet, limit=None))
        if self.kind == "layer":
            from cip.sources.layers import read_layer

            return read_layer(self.file, self.sheet)
        if self.kind == "geojson":
            return _parse_geojson(self.file)
        if self.kind in (OSM, GRAPHML):
            return Content([])  # not rows: `cip.sources.osm` goes through the file itself
        text = decode_text(self.file.read_all())
        return Content(
            split_rows(text), ends_in_mid_line=bool(text) and not text.endswith(("\n", "\r"))
        )


def open_tables(file: RawFile) -> list[RawTable]:
    """Return the tables of a file: one for text or GeoJSON, one for each sheet or layer of others.

    A file of another kind gives none.

    Raises
    ------
    SourceError
        When the file says what it is but cannot be read at all.
    """
    head = file.read_head()
    if kind := find_kind(head):
        return [RawTable(file, kind, [[file.name]])]
    if head.startswith((b"PK", OLD_WORKBOOK)):
        return _open_workbook(file)
    if head.startswith(SHAPEFILE) or (head.startswith(DATABASE) and head[68:72] == PACKAGE):
        from cip.sources.layers import open_layers

        return open_layers(file)
    if not head and file.name.casefold().endswith(".gz"):
        file.read_all()
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return _open_geojson(file, head)
    if b"\0" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return []
    if len(head) >= HEAD_BYTES:
        head = head[: max(head.rfind(b"\n"), 0)]
    try:
        rows = split_rows(decode_text(head), limit=HEAD_ROWS)
    except csv.Error:
        return []
    return [RawTable(file, "text", rows)] if rows else []


def decode_text(content: bytes) -> str:
    """Decode bytes as UTF-8 or UTF-16 with a byte-order mark, UTF-8 without, or Windows-1252."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Five bytes mean nothing in Windows-1252; Latin-1 gives every byte a meaning.
        try:
            return content.decode("cp1252")
        except UnicodeDecodeError:
            return content.decode("latin-1")


def split_rows(text: str, *, limit: int | None = None) -> list[list[str]]:
    """Split delimited text into rows of cells, at the commonest delimiter of the first lines."""
    lines = text[:20_000].splitlines()
    # A semicolon may be part of a heading, so the lines that have a sign count before its number.
    delimiter = max(
        _DELIMITERS, key=lambda d: (sum(d in line for line in lines), text[:20_000].count(d))
    )
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    if limit is None:
        return list(reader)
    return [row for row, _ in zip(reader, range(limit), strict=False)]


def _open_workbook(file: RawFile) -> list[RawTable]:
    from python_calamine import SheetTypeEnum

    sheets = _load_workbook(file).sheets_metadata
    return [
        RawTable(file, "sheet", _read_sheet(file, sheet.name, limit=HEAD_ROWS), sheet.name)
        for sheet in sheets
        if sheet.typ == SheetTypeEnum.WorkSheet
    ]


def _load_workbook(file: RawFile) -> Any:
    from python_calamine import CalamineError, CalamineWorkbook

    if "workbook" not in file.cache:
        try:
            content = io.BytesIO(file.read_all())
            file.cache["workbook"] = CalamineWorkbook.from_filelike(content)
        except (CalamineError, OSError, ValueError) as error:
            raise SourceError(
                Problem("The workbook cannot be read: is it cut short?", file=file.name)
            ) from error
    return file.cache["workbook"]


def _read_sheet(file: RawFile, sheet: str | None, *, limit: int | None) -> list[list[str]]:
    from python_calamine import CalamineError

    try:
        worksheet = _load_workbook(file).get_sheet_by_name(sheet)
        rows = worksheet.to_python(skip_empty_area=False, nrows=limit)
        return [[show_cell(cell) for cell in row] for row in rows]
    except (CalamineError, OSError, ValueError) as error:
        raise SourceError(
            Problem("The sheet cannot be read: is the file cut short?", file=file.name, sheet=sheet)
        ) from error


def show_cell(value: object) -> str:
    """Return a workbook's cell as text, whole numbers without a decimal point."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value if isinstance(value, str) else str(value)


_PROPERTIES = re.compile(r'"properties"\s*:\s*')


def _open_geojson(file: RawFile, head: bytes) -> list[RawTable]:
    text = decode_text(head)
    features: list[dict[str, Any]] = []
    decoder = json.JSONDecoder()
    for match in _PROPERTIES.finditer(text):
        try:
            properties, _ = decoder.raw_decode(text, match.end())
        except json.JSONDecodeError:
            break
        if isinstance(properties, dict):
            features.append(properties)
    # The old "crs" member has properties of its own, with nothing but a name.
    features = [p for p in features if set(p) != {"name"}][:HEAD_ROWS]
    if any(features):
        return [RawTable(file, "geojson", tabulate_properties(features))]
    try:
        whole = json.loads(decode_text(file.read_all()))
    except json.JSONDecodeError as error:
        raise SourceError(_describe_broken_json(file, error)) from error
    found = whole.get("features") if isinstance(whole, dict) else None
    if not isinstance(found, list):
        return []
    properties_list = [f.get("properties") or {} for f in found if isinstance(f, dict)]
    # Without properties, the collection's own name is all that tells what the features are.
    name = whole.get("name") if not any(properties_list) else None
    sheet = name if isinstance(name, str) else None
    return [RawTable(file, "geojson", tabulate_properties(properties_list[:HEAD_ROWS]), sheet)]


def _parse_geojson(file: RawFile) -> Content:
    try:
        whole = json.loads(decode_text(file.read_all()))
    except json.JSONDecodeError as error:
        raise SourceError(_describe_broken_json(file, error)) from error
    features = whole.get("features") if isinstance(whole, dict) else None
    if not isinstance(features, list):
        raise SourceError(Problem("The file is not a collection of features.", file=file.name))
    rows = tabulate_properties([f.get("properties") or {} for f in features])
    crs = (whole.get("crs") or {}).get("properties", {}).get("name")
    return Content(rows, [f.get("geometry") for f in features], crs)


def tabulate_properties(features: Sequence[dict[str, Any]]) -> list[list[str]]:
    """Return GeoJSON properties as rows under a row of headings."""
    headings = list(dict.fromkeys(key for properties in features for key in properties))
    return [headings, *(_list_cells(p, headings) for p in features)]


def _list_cells(properties: dict[str, Any], headings: Iterable[str]) -> list[str]:
    return [show_cell(properties.get(heading)) for heading in headings]


def _describe_broken_json(file: RawFile, error: json.JSONDecodeError) -> Problem:
    return Problem(
        "The file is not valid GeoJSON: it is cut short or damaged. Download it again.",
        file=file.name,
        line=error.lineno,
    )
