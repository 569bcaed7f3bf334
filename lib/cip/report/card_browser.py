"""Drawings as PNG pictures, made by the browser that prints the reports."""

from __future__ import annotations

import base64
import re
from contextlib import suppress
from dataclasses import replace
from typing import Any

from cip.errors import ExportError, Problem
from cip.report.pdf import BrowserPdfWriter, PdfWriter, share_pdf_writer
from cip.report.summary_contents import SummaryContents

_TIMEOUT_S = 60
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
    browser = _find_browser_writer(writer)
    if browser is None:
        raise ExportError(
            Problem(
                "A picture needs a browser, and this machine has none.",
                expected="Chrome, Edge or Chromium installed, or named in CIP_BROWSER",
            )
        )
    try:
        return browser._thread.run(
            _photograph, browser, svg, width_px, height_px, timeout_s=_TIMEOUT_S
        )
    except Exception as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        problem = Problem("The browser could not draw a picture.", found=reason)
        raise ExportError(problem) from error


def add_map_picture(
    contents: SummaryContents, *, writer: PdfWriter | None = None
) -> SummaryContents:
    """Return contents whose map is a picture too, for slides and Word.

    Where there is no map, or no browser, they come back as they are: the documents then say
    where the map is.
    """
    size = _VIEW_BOX.search(contents.map_svg)
    if contents.map_png or size is None or _find_browser_writer(writer) is None:
        return contents
    height = round(_MAP_WIDTH_PX * float(size[2]) / float(size[1]))
    png = render_png(contents.map_svg, width_px=_MAP_WIDTH_PX, height_px=height, writer=writer)
    return replace(contents, map_png=png)


def _find_browser_writer(writer: PdfWriter | None) -> BrowserPdfWriter | None:
    """Return the running browser behind a writer; the shared one starts it when it is asked."""
    found: Any = writer or share_pdf_writer()
    if hasattr(found, "_get"):
        found = found._get()
    return found if isinstance(found, BrowserPdfWriter) else None


def _photograph(browser: BrowserPdfWriter, svg: str, width_px: int, height_px: int) -> bytes:
    page = browser._context.new_page()
    try:
        page.set_viewport_size({"width": width_px, "height": height_px})
        data = base64.b64encode(svg.encode("utf-8")).decode("ascii")
        page.set_content(
            "<style>body{margin:0}img{display:block;width:100vw;height:100vh}</style>"
            f'<img alt="" src="data:image/svg+xml;base64,{data}">',
            wait_until="load",
        )
        return page.screenshot(type="png", scale="css", animations="disabled")
    finally:
        with suppress(Exception):
            page.close()
