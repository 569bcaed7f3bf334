"""Drawings as PNG pictures, made by the browser that prints the reports."""

from __future__ import annotations

import re
from dataclasses import replace

from cip.report.pdf import BROWSER_ENGINE, PdfWriter, share_pdf_writer
from cip.report.summary_contents import SummaryContents

_MAP_WIDTH_PX = 1600
_VIEW_BOX = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')


def render_png(
    svg: str, *, width_px: int, height_px: int, writer: PdfWriter | None = None
) -> bytes:
    """Return a drawing as a PNG of so many pixels.

    Raises
    ------
    ExportError
        If this machine has no browser, or the browser cannot draw it.
    """
    return (writer or share_pdf_writer()).photograph(svg, width_px=width_px, height_px=height_px)


def add_map_picture(
    contents: SummaryContents, *, writer: PdfWriter | None = None
) -> SummaryContents:
    """Return contents whose map is a picture too, for slides and Word.

    Where there is no map, or no browser, they come back as they are: the documents then say
    where the map is.
    """
    size = _VIEW_BOX.search(contents.map_svg)
    if contents.map_png or size is None:
        return contents
    writer = writer or share_pdf_writer()
    if not writer.engine.startswith(BROWSER_ENGINE):
        return contents
    height = round(_MAP_WIDTH_PX * float(size[2]) / float(size[1]))
    png = render_png(contents.map_svg, width_px=_MAP_WIDTH_PX, height_px=height, writer=writer)
    return replace(contents, map_png=png)
