"""Parts of a Word copy: numbered paragraphs, a described picture, a marked table, one safe link."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt, RGBColor

from cip.display.palette import LINK, MUTED, ROLE_STYLES
from cip.framework.document import Grid
from cip.report.summary_contents import Fact
from cip.report.summary_contents_text import is_web_address
from cip.report.word import share_width

_ACCENT = ROLE_STYLES["profile"].colour
_REFERENCE, _REFERENCE_ID = "Reference", "Reference id"
_NUMBER_MM = 12.0


def set_styles(word: Any) -> None:
    """Add to a document of the house what a copy for comment needs besides."""
    second = word.styles["Heading 2"]
    _copy_font(second, word.styles["Heading 1"])
    second.font.size, second.font.bold = Pt(13), True
    second.font.color.rgb = RGBColor.from_string(_ACCENT.lstrip("#"))
    second.paragraph_format.space_before, second.paragraph_format.space_after = Pt(12), Pt(2)
    second.paragraph_format.keep_with_next = True
    reference = word.styles.add_style(_REFERENCE, WD_STYLE_TYPE.PARAGRAPH)
    reference.base_style = word.styles["Normal"]
    reference.paragraph_format.keep_with_next = True
    mark = word.styles.add_style(_REFERENCE_ID, WD_STYLE_TYPE.CHARACTER)
    for style in (reference, mark):
        style.font.size = Pt(10.5)
        style.font.color.rgb = RGBColor.from_string(MUTED.lstrip("#"))


def _copy_font(style: Any, other: Any) -> None:
    """Give a style another's font; a font of the theme would win over a name alone."""
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in list(fonts.attrib):
        del fonts.attrib[name]
    for name, value in other.element.rPr.rFonts.attrib.items():
        fonts.set(name, value)


def add_numbered(word: Any, number: str, text: str) -> None:
    """Add a paragraph with its number in front, as text, so that it stays when others move."""
    paragraph = word.add_paragraph()
    paragraph.paragraph_format.left_indent = Mm(_NUMBER_MM)
    paragraph.paragraph_format.first_line_indent = Mm(-_NUMBER_MM)
    paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(_NUMBER_MM))
    paragraph.add_run(number, style=_REFERENCE_ID)
    paragraph.add_run(f"\t{text}")


def add_picture(word: Any, png: bytes, alt: str, *, width: Length, height: Length) -> None:
    """Add a picture with its alternative text, as large as a box allows."""
    paragraph = word.add_paragraph()
    paragraph.paragraph_format.keep_with_next = True
    shape = paragraph.add_run().add_picture(io.BytesIO(png))
    scale = min(width / shape.width, height / shape.height)
    shape.width, shape.height = int(shape.width * scale), int(shape.height * scale)
    properties = shape._inline.docPr
    properties.set("descr", alt)
    properties.set("name", "Map")


def add_fact_table(word: Any, facts: Sequence[Fact]) -> None:
    """Add the key facts as a table with a marked heading row."""
    rows = tuple((fact.label, fact.value, fact.note) for fact in facts)
    grid = Grid("Key facts", ("What", "Figure", "When, and how it compares"), rows)
    word.add_paragraph(grid.caption, style="Caption")
    table = word.add_table(rows=1 + len(rows), cols=len(grid.columns), style="Table Grid")
    table.autofit = False
    caption = OxmlElement("w:tblCaption")
    caption.set(qn("w:val"), grid.caption)
    table._tbl.tblPr.append(caption)
    widths = share_width(grid)
    for place, (row, texts) in enumerate(zip(table.rows, [grid.columns, *rows], strict=True)):
        properties = row._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
        if place == 0:
            properties.append(OxmlElement("w:tblHeader"))
        for cell, text, width in zip(row.cells, texts, widths, strict=True):
            cell.width = width
            cell.paragraphs[0].style = "Table heading" if place == 0 else "Table text"
            cell.paragraphs[0].add_run(str(text))
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width


def add_link(paragraph: Any, address: str) -> None:
    """Add an address; it is a link only where it leads to a web page."""
    if not is_web_address(address):
        paragraph.add_run(address)
        return
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), paragraph.part.relate_to(address, RT.HYPERLINK, is_external=True))
    run = paragraph.add_run(address)
    run.font.underline = True
    run.font.color.rgb = RGBColor.from_string(LINK.lstrip("#"))
    link.append(run._r)
    paragraph._p.append(link)
