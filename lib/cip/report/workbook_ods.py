"""A workbook written as .ods (OpenDocument 1.3), straight as XML.

Libraries for the format make an object for every cell and take seconds for the figures of one
area; the format itself is plain enough to write.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from cip.report.workbook import Cell, Link, Number, Sheet, Workbook, find_widths
from cip.report.workbook_xlsx import name_column
from cip.report.zip_parts import ZIP_TIME, write_part

MIMETYPE = "application/vnd.oasis.opendocument.spreadsheet"
_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
_DECIMALS = range(5)
_SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{urn}:1.0"'
    for name, urn in {
        "office": "office", "table": "table", "text": "text", "style": "style",
        "number": "datastyle", "fo": "xsl-fo-compatible", "meta": "meta", "config": "config",
    }.items()
)  # fmt: skip
_SPACES += ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xlink="http://www.w3.org/1999/xlink"'
_SPACES += ' xmlns:ooo="http://openoffice.org/2004/office"'


def write_ods(workbook: Workbook, path: Path) -> Path:
    """Write a checked workbook as .ods; the same workbook gives the same bytes."""
    parts: dict[str, Iterable[str]] = {
        "content.xml": _write_content(workbook),
        "styles.xml": [_write_styles(workbook)],
        "meta.xml": [_write_meta(workbook)],
        "settings.xml": [_write_settings(workbook)],
    }
    parts["META-INF/manifest.xml"] = [_write_manifest(list(parts))]
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w") as archive:
        # The format wants its type first and uncompressed.
        archive.writestr(zipfile.ZipInfo("mimetype", ZIP_TIME), MIMETYPE)
        for name, pieces in parts.items():
            write_part(archive, name, pieces)
    path.write_bytes(result.getvalue())
    return path


def _write_content(workbook: Workbook) -> Iterator[str]:
    widths = {s.name: find_widths(s.table) if s.table else [100] for s in workbook.sheets}
    used = sorted({width for sheet in widths.values() for width in sheet})
    columns = "".join(
        f'<style:style style:name="w{width}" style:family="table-column">'
        f'<style:table-column-properties style:column-width="{width * 0.19 + 0.3:.2f}cm"/>'
        "</style:style>"
        for width in used
    )
    yield (
        f'{_XML}<office:document-content {_SPACES} office:version="1.3">'
        f"<office:automatic-styles>{columns}{_CELL_STYLES}</office:automatic-styles>"
        "<office:body><office:spreadsheet>"
    )
    for sheet in workbook.sheets:
        yield from _write_sheet(sheet, widths[sheet.name])
    ranges = "".join(_write_range(sheet) for sheet in workbook.sheets if sheet.table)
    yield (
        f"<table:database-ranges>{ranges}</table:database-ranges>"
        "</office:spreadsheet></office:body></office:document-content>"
    )


def _write_sheet(sheet: Sheet, widths: list[int]) -> Iterator[str]:
    columns = "".join(f'<table:table-column table:style-name="w{width}"/>' for width in widths)
    above = _Cells("plain" if sheet.table else "wrap")
    yield f'<table:table table:name="{sheet.name}" table:style-name="sheet">{columns}'
    yield _Cells("title").write_row([sheet.title])
    for line in sheet.lines:
        yield above.write_row([line])
    if sheet.table:
        header = _Cells("heading").write_row(sheet.table.headings)
        yield f"<table:table-header-rows>{header}</table:table-header-rows>"
        plain = _Cells("wrap" if sheet.is_prose else "plain")
        for cells in sheet.table.rows:
            yield plain.write_row(cells)
    yield "</table:table>"


class _Cells(dict[Cell, str]):
    """Texts and links of one style as the file has them: the same few stand in many rows.

    Numbers are not held: most stand once, and nought and minus nought are one key.
    """

    def __init__(self, style: str) -> None:
        super().__init__()
        self._style = style

    def __missing__(self, cell: Cell) -> str:
        written = _write_words(cell, self._style)  # type: ignore[arg-type]
        self[cell] = written
        return written

    def write_row(self, cells: Sequence[Cell]) -> str:
        written = [
            _write_number(cell) if isinstance(cell, Number) else self[cell] for cell in cells
        ]
        return f'<table:table-row table:style-name="row">{"".join(written)}</table:table-row>'


def _write_number(cell: Number) -> str:
    value, places = float(cell.value), cell.decimals
    plain = repr(int(value)) if value.is_integer() else repr(value)
    return (
        f'<table:table-cell table:style-name="n{places}" office:value-type="float" '
        f'office:value="{plain}"><text:p>{value:,.{places}f}</text:p></table:table-cell>'
    )


def _write_words(cell: str | Link, style: str) -> str:
    if isinstance(cell, Link):
        target = f"#{cell.sheet}.A{cell.row}"
        words = f'<text:a xlink:type="simple" xlink:href="{target}">{escape(cell.text)}</text:a>'
        style = "link"
    else:
        words = escape(cell)
    return (
        f'<table:table-cell table:style-name="{style}" office:value-type="string">'
        f"<text:p>{words}</text:p></table:table-cell>"
    )


def _write_range(sheet: Sheet) -> str:
    last = name_column(len(sheet.table.headings))
    address = f"{sheet.name}.A{sheet.header_row}:{sheet.name}.{last}{_find_last(sheet)}"
    return (
        f'<table:database-range table:name="{sheet.table_name}" '
        f'table:target-range-address="{address}" table:display-filter-buttons="true"/>'
    )


def _find_last(sheet: Sheet) -> int:
    return sheet.header_row + len(sheet.table.rows)


def _make_cell_styles() -> str:
    top = '<style:table-cell-properties style:vertical-align="top"/>'
    broken = '<style:table-cell-properties style:vertical-align="top" fo:wrap-option="wrap"/>'
    ruled = broken.replace("/>", ' fo:border-bottom="0.5pt solid #000000"/>')
    bold = '<style:text-properties fo:font-weight="bold"/>'
    title = '<style:text-properties fo:font-weight="bold" fo:font-size="16pt"/>'
    blue = (
        '<style:text-properties fo:color="#0563c1" style:text-underline-style="solid" '
        'style:text-underline-width="auto" style:text-underline-color="font-color"/>'
    )
    named = {"plain": top, "wrap": broken, "heading": ruled + bold, "title": title}
    named["link"] = top + blue
    styles = "".join(
        f'<style:style style:name="{name}" style:family="table-cell" '
        f'style:parent-style-name="Default">{inner}</style:style>'
        for name, inner in named.items()
    )
    for places in _DECIMALS:
        styles += (
            f'<number:number-style style:name="f{places}"><number:number number:decimal-places='
            f'"{places}" number:min-decimal-places="{places}" number:min-integer-digits="1" '
            'number:grouping="true"/></number:number-style>'
            f'<style:style style:name="n{places}" style:family="table-cell" '
            f'style:parent-style-name="Default" style:data-style-name="f{places}">{top}'
            "</style:style>"
        )
    return (
        styles + '<style:style style:name="row" style:family="table-row">'
        '<style:table-row-properties style:use-optimal-row-height="true"/></style:style>'
        '<style:style style:name="sheet" style:family="table" style:master-page-name="Default">'
        '<style:table-properties table:display="true" style:writing-mode="lr-tb"/></style:style>'
    )


_CELL_STYLES = _make_cell_styles()


def _write_styles(workbook: Workbook) -> str:
    language, _, country = workbook.language.partition("-")
    return (
        f'{_XML}<office:document-styles {_SPACES} office:version="1.3"><office:styles>'
        '<style:default-style style:family="table-cell"><style:text-properties '
        f'fo:language="{language}" fo:country="{country}" fo:font-size="11pt"/>'
        '</style:default-style><style:style style:name="Default" style:family="table-cell"/>'
        "</office:styles><office:automatic-styles>"
        '<style:page-layout style:name="page"><style:page-layout-properties '
        'style:print-orientation="landscape" fo:page-width="29.7cm" fo:page-height="21cm"/>'
        "</style:page-layout></office:automatic-styles><office:master-styles>"
        '<style:master-page style:name="Default" style:page-layout-name="page"/>'
        "</office:master-styles></office:document-styles>"
    )


def _write_meta(workbook: Workbook) -> str:
    moment = f"{workbook.published.isoformat()}T00:00:00"
    facts = {
        "meta:generator": "Community Insight Profile workbook",
        "dc:title": workbook.title,
        "dc:description": workbook.licence,
        "dc:subject": workbook.subject,
        "meta:initial-creator": workbook.author,
        "dc:creator": workbook.author,
        "meta:creation-date": moment,
        "dc:date": moment,
        "dc:language": workbook.language,
    }
    inner = "".join(f"<{tag}>{escape(text)}</{tag}>" for tag, text in facts.items() if text)
    return (
        f'{_XML}<office:document-meta {_SPACES} office:version="1.3">'
        f"<office:meta>{inner}</office:meta></office:document-meta>"
    )


def _write_settings(workbook: Workbook) -> str:
    """Keep the headings of each table in sight, and open at the first sheet."""
    frozen = "".join(
        f"<config:config-item-map-entry config:name={quoteattr(sheet.name)}>"
        + "".join(
            f'<config:config-item config:name="{name}" config:type="{kind}">{value}'
            "</config:config-item>"
            for name, kind, value in (
                ("VerticalSplitMode", "short", 2),
                ("VerticalSplitPosition", "int", sheet.header_row),
                ("ActiveSplitRange", "short", 2),
                ("PositionTop", "int", 0),
                ("PositionBottom", "int", sheet.header_row),
            )
        )
        + "</config:config-item-map-entry>"
        for sheet in workbook.sheets
        if sheet.table
    )
    first = escape(workbook.sheets[0].name)
    return (
        f'{_XML}<office:document-settings {_SPACES} office:version="1.3"><office:settings>'
        '<config:config-item-set config:name="ooo:view-settings">'
        '<config:config-item-map-indexed config:name="Views"><config:config-item-map-entry>'
        '<config:config-item config:name="ViewId" config:type="string">view1</config:config-item>'
        f'<config:config-item-map-named config:name="Tables">{frozen}</config:config-item-map-named>'
        f'<config:config-item config:name="ActiveTable" config:type="string">{first}'
        "</config:config-item></config:config-item-map-entry></config:config-item-map-indexed>"
        "</config:config-item-set></office:settings></office:document-settings>"
    )


def _write_manifest(parts: Sequence[str]) -> str:
    entries = "".join(
        f'<manifest:file-entry manifest:full-path="{name}" manifest:media-type="text/xml"/>'
        for name in parts
    )
    return (
        f'{_XML}<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:'
        'manifest:1.0" manifest:version="1.3"><manifest:file-entry manifest:full-path="/" '
        f'manifest:version="1.3" manifest:media-type="{MIMETYPE}"/>{entries}</manifest:manifest>'
    )
