"""The look of a deck: its theme, its layouts on a wide slide, and the language of its text."""

from __future__ import annotations

from typing import Any

from lxml import etree
from pptx.enum.text import MSO_ANCHOR
from pptx.opc.constants import RELATIONSHIP_TYPE as RT
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Inches

from cip.display.palette import CSS_FONT, MUTED, ROLE_STYLES
from cip.report.slides_fit import (
    BODY_HEIGHT_IN,
    BODY_TOP_IN,
    SIDE_IN,
    TITLE_HEIGHT_IN,
    TITLE_TOP_IN,
    WIDTH_IN,
)

_FONT = CSS_FONT.split(",")[0]
_ACCENT = ROLE_STYLES["profile"].colour
SLIDE_IN = (13.333, 7.5)
_BAND_IN = 0.2
_FOOT_TOP_IN, _FOOT_HEIGHT_IN = 6.95, 0.4
TITLE_LAYOUT, TEXT_LAYOUT, FREE_LAYOUT = "Title Slide", "Title and Content", "Title Only"
#: Ends of the names of relations that lead to what the template brings of its own.
_LEFTOVERS = ("/thumbnail", "/printerSettings")
_KEPT = {TITLE_LAYOUT, TEXT_LAYOUT, FREE_LAYOUT}


def keep_layouts(deck: Any) -> None:
    """Leave only the layouts that slides use."""
    for layout in list(deck.slide_layouts):
        if layout.name not in _KEPT:
            deck.slide_layouts.remove(layout)


def set_theme(master: Any) -> None:
    """Set the theme's fonts and first accent; the theme is no part that python-pptx opens."""
    part = master.part.part_related_by(RT.THEME)
    tree = etree.fromstring(part.blob)
    for font in tree.iter(qn("a:latin")):
        if font.getparent().tag in (qn("a:majorFont"), qn("a:minorFont")):
            font.set("typeface", _FONT)
    accent = tree.find(f".//{qn('a:accent1')}")
    for child in list(accent):
        accent.remove(child)
    etree.SubElement(accent, qn("a:srgbClr")).set("val", _ACCENT.lstrip("#"))
    part._blob = etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True)


def add_band(master: Any) -> None:
    """Add the coloured band along the top; on the master, so that no slide reads it out."""
    band = parse_xml(
        f'<p:sp {nsdecls("p", "a")}><p:nvSpPr><p:cNvPr id="900" name="Band"/><p:cNvSpPr/><p:nvPr/>'
        f'</p:nvSpPr><p:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{Inches(SLIDE_IN[0])}" '
        f'cy="{Inches(_BAND_IN)}"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
        f'<a:solidFill><a:srgbClr val="{_ACCENT.lstrip("#")}"/></a:solidFill></p:spPr>'
        "<p:txBody><a:bodyPr/><a:lstStyle/><a:p/></p:txBody></p:sp>"
    )
    master.shapes._spTree.insert(2, band)


def arrange(place: Any) -> None:
    """Put the placeholders of a master or layout where they are on a wide slide."""
    is_opening = getattr(place, "name", "") == TITLE_LAYOUT
    for shape in list(place.placeholders):
        kind = shape.element.find(f".//{qn('p:ph')}").get("type", "body")
        if kind in ("title", "ctrTitle"):
            top, height = (1.6, 2.2) if is_opening else (TITLE_TOP_IN, TITLE_HEIGHT_IN)
            _place(shape, SIDE_IN, top, WIDTH_IN, height)
            shape.text_frame.vertical_anchor = MSO_ANCHOR.BOTTOM if is_opening else MSO_ANCHOR.TOP
            _align_left(shape)
        elif kind in ("body", "subTitle"):
            top, height = (4.0, 2.6) if is_opening else (BODY_TOP_IN, BODY_HEIGHT_IN)
            _place(shape, SIDE_IN, top, WIDTH_IN, height)
            _align_left(shape)
        elif kind == "ftr":
            _place(shape, SIDE_IN, _FOOT_TOP_IN, WIDTH_IN - 1.2, _FOOT_HEIGHT_IN)
            _set_small(shape)
        elif kind == "sldNum":
            _place(shape, SIDE_IN + WIDTH_IN - 1.0, _FOOT_TOP_IN, 1.0, _FOOT_HEIGHT_IN)
            _set_small(shape, align="r")
        else:  # a date, which no slide shows
            shape.element.getparent().remove(shape.element)


def _place(shape: Any, left: float, top: float, width: float, height: float) -> None:
    shape.left, shape.top, shape.width, shape.height = map(Inches, (left, top, width, height))


def _align_left(shape: Any) -> None:
    for level in shape.element.iter(qn("a:lvl1pPr")):
        level.set("algn", "l")


def align_titles(master: Any) -> None:
    """Align every slide's title to the left, where its text begins; the template centres it."""
    for level in master.element.find(qn("p:txStyles")).find(qn("p:titleStyle")):
        if level.tag == qn("a:lvl1pPr"):
            level.set("algn", "l")


def _set_small(shape: Any, align: str = "l") -> None:
    for level in shape.element.iter(qn("a:lvl1pPr")):
        level.set("algn", align)
        for look in level.iter(qn("a:defRPr")):
            look.set("sz", "1200")
            for fill in look.findall(qn("a:solidFill")):
                look.remove(fill)
            fill = etree.SubElement(look, qn("a:solidFill"))
            etree.SubElement(fill, qn("a:srgbClr")).set("val", MUTED.lstrip("#"))
            look.insert(0, fill)


def drop_leftovers(deck: Any) -> None:
    """Take out what the template brings of its own: a picture, a printer, a shape of slide."""
    for relations in (deck.part.package._rels, deck.part.rels):
        for key in [key for key, rel in relations.items() if rel.reltype.endswith(_LEFTOVERS)]:
            relations.pop(key)
    size = deck.part._element.find(qn("p:sldSz"))
    size.attrib.pop("type", None)  # it says 4:3


def set_language(deck: Any, language: str) -> None:
    """Mark every text of the deck with its language, what is typed into it later included."""
    places = [deck.slide_master, *deck.slide_layouts, *deck.slides]
    notes = [slide.notes_slide for slide in deck.slides if slide.has_notes_slide]
    places += [*notes, *([deck.notes_master] if notes else [])]
    for root in (deck.part._element, *(place.element for place in places)):
        for run in [*root.iter(qn("a:r")), *root.iter(qn("a:fld"))]:
            run.get_or_add_rPr() if hasattr(run, "get_or_add_rPr") else None
        for tag in ("a:rPr", "a:defRPr", "a:endParaRPr"):
            for look in root.iter(qn(tag)):
                look.set("lang", language)
