"""Word documents that a group goes on editing: real styles, marked headers, the same bytes again."""

from __future__ import annotations

import functools
import io
import os
from datetime import date, datetime
from pathlib import Path
from typing import Any

from docx import Document as open_template
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt, RGBColor

from cip.display.palette import BANNER, CSS_FONT, INK, MUTED, ROLE_STYLES, WARNING
from cip.framework.document import Bullets, Document, Grid, Open, Paragraph, Part, Section, Words
from cip.framework.steering_group import read_seats
from cip.framework.terms_of_reference import build_terms
from cip.params import ParameterFile
from cip.report.meta import write_date
from cip.report.summary_contents_package import fix_package

TERMS_NAME = "terms_of_reference.docx"

_FONT = CSS_FONT.split(",")[0]
_ACCENT = ROLE_STYLES["profile"].colour
_MARGIN_MM, _HEAD_MARGIN_MM, _WIDTH_MM = 20, 28, 210 - 2 * 20
#: Sizes in points and colours of the styles that are used; Word's own names, so that its
#: outline, its lists and screen readers know what each paragraph is.
_STYLES = {
    "Normal": (12, INK, False),
    "Title": (26, _ACCENT, True),
    "Subtitle": (15, INK, False),
    "Heading 1": (16, _ACCENT, True),
    "List Bullet": (12, INK, False),
    "Caption": (11, INK, True),
    "Header": (10, WARNING, True),
    "Footer": (10, MUTED, False),
}
#: The mode of every Word since 2013.
_WORD_MODE = "15"
_BANNER, _CELL, _HEAD, _OPEN = "Banner", "Table text", "Table heading", "Open place"
#: Room that a letter of a table takes, and the space left and right of a cell's text.
_LETTER_MM, _PADDING_MM = 2.1, 5.0


def write_terms(
    file: ParameterFile, folder: Path, *, today: date, is_synthetic: bool = False
) -> Path:
    """Write the Terms of Reference of the area's steering group as a Word document.

    Parameters
    ----------
    file
        The area's parameter file, with its list of seats where it names one.
    folder
        Where to write; made if absent.
    today
        Date of the draft where the parameter file gives none.
    is_synthetic
        Whether the area is invented: every page then says so.

    Returns
    -------
    Path
        ``terms_of_reference.docx`` in the folder.

    Raises
    ------
    ParameterError
        If the list of seats or a setting cannot be used.
    """
    path = file.resolve_input("steering_group")
    seats = None if path is None else read_seats(path)
    terms = build_terms(file, seats, today=today, is_synthetic=is_synthetic)
    return write_document(terms, folder / TERMS_NAME)


def write_document(document: Document, path: Path) -> Path:
    """Write a document as Word, whole or not at all; the same document gives the same bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(f".{os.getpid()}.tmp")
    try:
        partial.write_bytes(make_docx(document))
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    return path


def make_docx(document: Document) -> bytes:
    """Return a document as the bytes of a Word file."""
    word = open_template()
    _set_page(word)
    _set_styles(word, document.language)
    find_styles_once(word)
    _set_properties(word, document)
    _write_running_lines(word, document)
    word.add_paragraph(document.title, style="Title")
    word.add_paragraph(document.subtitle, style="Subtitle")
    for banner in document.banners:
        word.add_paragraph(banner, style=_BANNER)
    for section in document.sections:
        _write_section(word, section)
    buffer = io.BytesIO()
    word.save(buffer)
    return fix_package(buffer.getvalue(), document.published)


def find_styles_once(word: Any) -> None:
    """Let a document whose styles are set look each of them up once.

    python-docx goes through all styles for every paragraph, which takes longer than all else.
    """
    part = word.part
    part.get_style_id = functools.cache(part.get_style_id)


def _set_page(word: Any) -> None:
    section = word.sections[0]
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(_MARGIN_MM)
    section.top_margin, section.bottom_margin = Mm(_HEAD_MARGIN_MM), Mm(_MARGIN_MM)


def _set_styles(word: Any, language: str) -> None:
    for name, (size, colour, is_bold) in _STYLES.items():
        _set_font(word.styles[name], size, colour, is_bold)
    _space(word.styles["Normal"], before=0, after=6)
    _space(word.styles["Title"], before=0, after=6)
    _space(word.styles["Heading 1"], before=16, after=4)
    _space(word.styles["Caption"], before=8, after=3)
    word.styles["Caption"].paragraph_format.keep_with_next = True
    for name, size, colour, is_bold in (
        (_BANNER, 12, WARNING, True), (_CELL, 10.5, INK, False), (_HEAD, 10.5, INK, True),
    ):  # fmt: skip
        style = word.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = word.styles["Normal"]
        _set_font(style, size, colour, is_bold)
        _space(style, before=2, after=2)
    mark = word.styles.add_style(_OPEN, WD_STYLE_TYPE.CHARACTER)
    # Word leaves a highlight in a style out; a shade it shows.
    shade = OxmlElement("w:shd")
    for key, value in (("val", "clear"), ("color", "auto"), ("fill", BANNER.lstrip("#"))):
        shade.set(qn(f"w:{key}"), value)
    mark.element.get_or_add_rPr().append(shade)
    for lang in word.styles.element.iter(qn("w:lang")):
        lang.set(qn("w:val"), language)
    _set_settings(word.settings.element, language)


def _set_settings(settings: Any, language: str) -> None:
    for lang in settings.iter(qn("w:themeFontLang")):
        lang.attrib.clear()
        lang.set(qn("w:val"), language)
    for zoom in settings.iter(qn("w:zoom")):
        zoom.set(qn("w:percent"), "100")
    # The template is of 2010; as such Word would open it with some of its functions switched off.
    for entry in settings.iter(qn("w:compatSetting")):
        if entry.get(qn("w:name")) == "compatibilityMode":
            entry.set(qn("w:val"), _WORD_MODE)


def _set_font(style: Any, size_pt: float, colour: str, is_bold: bool) -> None:
    style.font.size, style.font.bold = Pt(size_pt), is_bold
    style.font.italic = False
    style.font.color.rgb = RGBColor.from_string(colour.lstrip("#"))
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    # Theme fonts would win over the name.
    for name in list(fonts.attrib):
        del fonts.attrib[name]
    for name in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{name}"), _FONT)


def _space(style: Any, *, before: float, after: float) -> None:
    style.paragraph_format.space_before = Pt(before)
    style.paragraph_format.space_after = Pt(after)


def _set_properties(word: Any, document: Document) -> None:
    day = datetime(document.published.year, document.published.month, document.published.day)
    properties = word.core_properties
    properties.title = f"{document.title}: {document.subtitle}"[:255]
    properties.author = properties.last_modified_by = document.author[:255]
    properties.subject, properties.language = document.subject[:255], document.language
    properties.comments = properties.keywords = ""
    properties.created = properties.modified = day
    properties.revision = 1
    # The template's picture shows an empty page.
    relations = word.part.package.rels
    for key in [key for key, rel in relations.items() if rel.reltype.endswith("/thumbnail")]:
        del relations[key]


def _write_running_lines(word: Any, document: Document) -> None:
    section = word.sections[0]
    section.header.paragraphs[0].add_run(". ".join(document.banners))
    footer = section.footer.paragraphs[0]
    footer.add_run(f"{document.author}, {write_date(document.published)}. Page ")
    _add_field(footer, "PAGE")
    footer.add_run(" of ")
    _add_field(footer, "NUMPAGES")


def _add_field(paragraph: Any, code: str) -> None:
    """Add a field that Word fills in when it lays the page out."""
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), code)
    run, text = OxmlElement("w:r"), OxmlElement("w:t")
    text.text = "1"
    run.append(text)
    field.append(run)
    paragraph._p.append(field)


def _write_part(word: Any, part: Part) -> None:
    if isinstance(part, Paragraph):
        _write_words(word.add_paragraph(), part.words)
    elif isinstance(part, Bullets):
        for item in part.items:
            _write_words(word.add_paragraph(style="List Bullet"), item)
    else:
        _write_grid(word, part)


def _write_section(word: Any, section: Section) -> None:
    word.add_paragraph(section.heading, style="Heading 1")
    for part, before in zip(section.parts, (None, *section.parts), strict=False):
        count = len(word.paragraphs)
        _write_part(word, part)
        if isinstance(before, Grid):
            word.paragraphs[count].paragraph_format.space_before = Pt(8)


def _write_words(paragraph: Any, words: Words) -> None:
    for word in words:
        paragraph.add_run(str(word), style=_OPEN if isinstance(word, Open) else None)


def _write_grid(word: Any, grid: Grid) -> None:
    word.add_paragraph(grid.caption, style="Caption")
    table = word.add_table(rows=1 + len(grid.rows), cols=len(grid.columns), style="Table Grid")
    table.autofit = False
    caption = OxmlElement("w:tblCaption")
    caption.set(qn("w:val"), grid.caption)
    table._tbl.tblPr.append(caption)
    widths = share_width(grid)
    for place, (row, texts) in enumerate(zip(table.rows, [grid.columns, *grid.rows], strict=True)):
        _mark_row(row, is_heading=place == 0)
        for cell, text, width in zip(row.cells, texts, widths, strict=True):
            cell.width = width
            cell.paragraphs[0].style = _HEAD if place == 0 else _CELL
            _write_words(cell.paragraphs[0], (text,))
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width


def share_width(grid: Grid) -> list[Length]:
    """Return the width of each column: its longest word fits, the rest goes by how much it says."""
    columns = [
        [str(cell) for cell in column] for column in zip(grid.columns, *grid.rows, strict=True)
    ]
    least = [_PADDING_MM + _LETTER_MM * max(map(_longest_word, texts)) for texts in columns]
    says = [sum(map(len, texts)) for texts in columns]
    spare = _WIDTH_MM - sum(least)
    if spare <= 0:  # words too long for the page are broken, each column by its share
        return [Mm(_WIDTH_MM * need / sum(least)) for need in least]
    return [Mm(need + spare * own / sum(says)) for need, own in zip(least, says, strict=True)]


def _longest_word(text: str) -> int:
    return max((len(word) for word in text.split()), default=0)


def _mark_row(row: Any, *, is_heading: bool) -> None:
    properties = row._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))
    if is_heading:
        properties.append(OxmlElement("w:tblHeader"))
