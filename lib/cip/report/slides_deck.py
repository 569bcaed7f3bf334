"""A deck in the house's look: slides with real titles and texts, marked for screen readers."""

from __future__ import annotations

import copy
import io
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from lxml import etree
from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_AUTO_SIZE
from pptx.oxml.ns import qn
from pptx.util import Emu, Inches, Pt

from cip.display.palette import INK, PANEL, PAPER, ROLE_STYLES
from cip.report.slides_fit import (
    BODY_HEIGHT_IN,
    BODY_TOP_IN,
    OPENING_PT,
    SIDE_IN,
    WIDTH_IN,
    Line,
    fit_title,
)
from cip.report.slides_look import (
    FREE_LAYOUT,
    SLIDE_IN,
    TEXT_LAYOUT,
    TITLE_LAYOUT,
    add_band,
    align_titles,
    arrange,
    drop_leftovers,
    keep_layouts,
    set_language,
    set_theme,
)
from cip.report.summary_contents_package import fix_package
from cip.report.summary_contents_text import is_web_address

_ACCENT = ROLE_STYLES["profile"].colour
_FOOT_KINDS = ("ftr", "sldNum")


class Deck:
    """A deck that is being written, slide by slide.

    Parameters
    ----------
    footer
        Stands at the foot of every slide.
    language
        Language tag of all its text.
    """

    def __init__(self, *, footer: str, language: str) -> None:
        self._deck = Presentation()
        self._footer, self._language = footer, language
        self._titles: dict[str, int] = {}
        self._deck.slide_width, self._deck.slide_height = (Inches(n) for n in SLIDE_IN)
        keep_layouts(self._deck)
        set_theme(self._deck.slide_master)
        add_band(self._deck.slide_master)
        align_titles(self._deck.slide_master)
        for place in (self._deck.slide_master, *self._deck.slide_layouts):
            arrange(place)

    def add_opening(self, title: str, lines: Sequence[Line], *, notes: str) -> None:
        """Add the title slide."""
        slide = self._add(TITLE_LAYOUT, title, notes=notes, size=40, lines=3)
        frame = slide.placeholders[1].text_frame
        _write_lines(frame, lines, OPENING_PT)
        self._finish(slide)

    def add_text(self, title: str, lines: Sequence[Line], *, size: float, notes: str = "") -> None:
        """Add a slide of text; its lines have been made to fit."""
        slide = self._add(TEXT_LAYOUT, title, notes=notes)
        _write_lines(slide.placeholders[1].text_frame, lines, size)
        self._finish(slide)

    def add_picture(
        self,
        title: str,
        lines: Sequence[Line],
        *,
        size: float,
        picture: bytes,
        alt: str,
        notes: str = "",
    ) -> None:
        """Add a slide with a picture on its right half."""
        slide = self._add(TEXT_LAYOUT, title, notes=notes)
        body = slide.placeholders[1]
        body.left, body.top = Inches(SIDE_IN), Inches(BODY_TOP_IN)
        body.width, body.height = Inches(WIDTH_IN / 2 - 0.3), Inches(BODY_HEIGHT_IN)
        _write_lines(body.text_frame, lines, size)
        left = SIDE_IN + WIDTH_IN / 2
        shape = slide.shapes.add_picture(io.BytesIO(picture), Inches(left), Inches(BODY_TOP_IN))
        scale = min(Inches(WIDTH_IN / 2) / shape.width, Inches(BODY_HEIGHT_IN) / shape.height)
        shape.width, shape.height = Emu(int(shape.width * scale)), Emu(int(shape.height * scale))
        shape.name = "Map"
        _describe(shape, alt)
        self._finish(slide)

    def add_table(
        self,
        title: str,
        columns: Sequence[str],
        rows: Sequence[Sequence[str]],
        *,
        widths_in: Sequence[float],
        size: float,
        notes: str = "",
    ) -> None:
        """Add a slide with a table; its first row and first column are headings."""
        slide = self._add(FREE_LAYOUT, title, notes=notes)
        shape = slide.shapes.add_table(
            len(rows) + 1, len(columns), Inches(SIDE_IN), Inches(BODY_TOP_IN),
            Inches(sum(widths_in)), Inches(0.5 * (len(rows) + 1)),
        )  # fmt: skip
        shape.name = "Table"
        _describe(shape, f"Table: {title}, {len(rows)} rows")
        table = shape.table
        table.first_col = True
        for column, width in zip(table.columns, widths_in, strict=True):
            column.width = Inches(width)
        for row, texts in zip(table.rows, (columns, *rows), strict=True):
            for place, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
                _fill_cell(cell, text, size, is_head=texts is columns, is_first=place == 0)
        self._finish(slide)

    def to_bytes(self, *, title: str, author: str, subject: str, day: date) -> bytes:
        """Return the deck as a file; the same deck gives the same bytes."""
        properties = self._deck.core_properties
        properties.title, properties.author = title[:255], author[:255]
        properties.last_modified_by, properties.subject = author[:255], subject[:255]
        properties.language, properties.keywords, properties.comments = self._language, "", ""
        stamp = datetime(day.year, day.month, day.day)
        properties.created = properties.modified = stamp
        properties.last_printed = stamp
        properties.revision = 1
        drop_leftovers(self._deck)
        set_language(self._deck, self._language)
        buffer = io.BytesIO()
        self._deck.save(buffer)
        return fix_package(buffer.getvalue(), day)

    def _add(self, layout: str, title: str, *, notes: str, size: float = 30, lines: int = 2) -> Any:
        """Add a slide with a title of its own and its notes."""
        found = next(entry for entry in self._deck.slide_layouts if entry.name == layout)
        slide = self._deck.slides.add_slide(found)
        self._titles[title] = self._titles.get(title, 0) + 1
        times = self._titles[title]
        # Readers who jump from title to title must be able to tell slides apart.
        text, points = fit_title(title, size, lines, ending=f" ({times})" if times > 1 else "")
        slide.shapes.title.text_frame.text = text
        _style_run(slide.shapes.title.text_frame.paragraphs[0].runs[0], points, _ACCENT, True)
        if notes:
            slide.notes_slide.notes_text_frame.text = notes
        return slide

    def _finish(self, slide: Any) -> None:
        """Add the running lines last, so that they are read last."""
        for shape in slide.slide_layout.placeholders:
            kind = shape.element.find(f".//{qn('p:ph')}").get("type")
            if kind not in _FOOT_KINDS:
                continue
            element = copy.deepcopy(shape.element)
            numbers = [int(found.get("id")) for found in slide.shapes._spTree.iter(qn("p:cNvPr"))]
            element.find(f".//{qn('p:cNvPr')}").set("id", str(max(numbers) + 1))
            slide.shapes._spTree.append(element)
            if kind == "ftr":
                slide.shapes[-1].text_frame.text = self._footer


def _write_lines(frame: Any, lines: Sequence[Line], size: float) -> None:
    frame.word_wrap = True
    frame.auto_size = MSO_AUTO_SIZE.NONE
    for place, line in enumerate(lines):
        paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
        paragraph.space_after, paragraph.space_before = Pt(line.after_pt), Pt(0)
        if not line.is_bullet:
            _drop_bullet(paragraph)
        if line.lead:
            run = paragraph.add_run()
            run.text = f"{line.lead} "
            _style_run(run, size, _ACCENT, True)
        run = paragraph.add_run()
        run.text = line.text
        _style_run(run, size, INK, False)
        if is_web_address(line.text):
            run.hyperlink.address = line.text


def _drop_bullet(paragraph: Any) -> None:
    properties = paragraph._p.get_or_add_pPr()
    properties.set("marL", "0")
    properties.set("indent", "0")
    etree.SubElement(properties, qn("a:buNone"))


def _style_run(run: Any, size: float, colour: str, is_bold: bool) -> None:
    run.font.size, run.font.bold = Pt(size), is_bold
    run.font.color.rgb = RGBColor.from_string(colour.lstrip("#"))


def _fill_cell(cell: Any, text: str, size: float, *, is_head: bool, is_first: bool) -> None:
    cell.text_frame.text = text
    cell.fill.solid()
    fill = _ACCENT if is_head else PANEL if is_first else PAPER
    cell.fill.fore_color.rgb = RGBColor.from_string(fill.lstrip("#"))
    for run in cell.text_frame.paragraphs[0].runs:
        _style_run(run, size, PAPER if is_head else INK, is_head or is_first)


def _describe(shape: Any, alt: str) -> None:
    shape.element.find(f".//{qn('p:cNvPr')}").set("descr", alt)
