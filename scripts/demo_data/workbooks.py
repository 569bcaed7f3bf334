"""Workbooks whose bytes are the same on every machine: nothing in them is packed or dated."""

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

Cell = str | int | float | None
Sheets = Mapping[str, Sequence[Sequence[Cell]]]
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
ODS_KIND = "application/vnd.oasis.opendocument.spreadsheet"
LONG_AGO = (1980, 1, 1, 0, 0, 0)


def write_xlsx(path: Path, sheets: Sheets) -> None:
    """Write an Excel workbook of texts and numbers, by sheet name."""
    parts, overrides, entries, links = {}, "", "", ""
    for number, (name, rows) in enumerate(sheets.items(), start=1):
        part = f"worksheets/sheet{number}.xml"
        parts[f"xl/{part}"] = _write_sheet(rows)
        overrides += f'<Override PartName="/xl/{part}" ContentType="{KIND}.worksheet+xml"/>'
        entries += f'<sheet name="{escape(name)}" sheetId="{number}" r:id="rId{number}"/>'
        links += f'<Relationship Id="rId{number}" Type="{OFFICE}/worksheet" Target="{part}"/>'
    parts["[Content_Types].xml"] = (
        f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{KIND}.sheet.main+xml"/>'
        f"{overrides}</Types>"
    )
    parts["_rels/.rels"] = (
        f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    )
    parts["xl/workbook.xml"] = (
        f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{entries}</sheets></workbook>'
    )
    parts["xl/_rels/workbook.xml.rels"] = (
        f'<Relationships xmlns="{PACKAGE}/relationships">{links}</Relationships>'
    )
    _store(path, {name: HEAD + text for name, text in parts.items()})


def _write_sheet(rows: Sequence[Sequence[Cell]]) -> str:
    lines = ""
    for number, row in enumerate(rows, start=1):
        cells = "".join(
            _write_cell(f"{name_column(place)}{number}", cell)
            for place, cell in enumerate(row)
            if cell not in (None, "")
        )
        lines += f'<row r="{number}">{cells}</row>'
    return f'<worksheet xmlns="{MAIN}"><sheetData>{lines}</sheetData></worksheet>'


def _write_cell(where: str, cell: Cell) -> str:
    if isinstance(cell, str):
        return f'<c r="{where}" t="inlineStr"><is><t>{escape(cell)}</t></is></c>'
    return f'<c r="{where}"><v>{cell}</v></c>'


def name_column(place: int) -> str:
    """Give a column's letters, the first being A."""
    letters = chr(ord("A") + place % 26)
    return letters if place < 26 else name_column(place // 26 - 1) + letters


def write_ods(path: Path, sheets: Sheets) -> None:
    """Write an OpenDocument spreadsheet of texts and numbers, by sheet name."""
    tables = ""
    for name, rows in sheets.items():
        lines = "".join(
            f"<table:table-row>{''.join(map(_write_ods_cell, row))}</table:table-row>"
            for row in rows
        )
        tables += f'<table:table table:name="{escape(name)}">{lines}</table:table>'
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text", "manifest")
    )
    content = (
        f'<office:document-content {spaces} office:version="1.3"><office:body>'
        f"<office:spreadsheet>{tables}</office:spreadsheet></office:body>"
        "</office:document-content>"
    )
    listed = (("/", ODS_KIND), ("content.xml", "text/xml"))
    entries = "".join(
        f'<manifest:file-entry manifest:full-path="{name}" manifest:media-type="{kind}"/>'
        for name, kind in listed
    )
    manifest = f"<manifest:manifest {spaces}>{entries}</manifest:manifest>"
    parts = {"mimetype": ODS_KIND, "content.xml": HEAD + content}
    _store(path, {**parts, "META-INF/manifest.xml": HEAD + manifest})


def _write_ods_cell(cell: Cell) -> str:
    if cell in (None, ""):
        return "<table:table-cell/>"
    if isinstance(cell, str):
        text = f"<text:p>{escape(cell)}</text:p>"
        return f'<table:table-cell office:value-type="string">{text}</table:table-cell>'
    return f'<table:table-cell office:value-type="float" office:value="{cell}"/>'


def _store(path: Path, parts: Mapping[str, str]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, text in parts.items():
            entry = zipfile.ZipInfo(name, LONG_AGO)
            entry.create_system = 3  # else it says which system wrote it
            archive.writestr(entry, text.encode("utf-8"))
