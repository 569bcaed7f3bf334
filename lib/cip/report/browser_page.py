"""How the browser is started, and what is done with one page of it: printed, or photographed."""

from __future__ import annotations

import base64
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page, Route

_FLAGS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-sync",
    "--metrics-recording-only",
    "--no-first-run",
    "--no-pings",
)
_OPEN_DETAILS = "document.querySelectorAll('details').forEach(d => d.setAttribute('open', ''))"
#: Chromium would write the folder of this machine into links to other pages, which a PDF that is
#: sent on does not have beside it. Links within the page stay.
_DROP_FILE_LINKS = (
    "document.querySelectorAll('a[href]').forEach(a => { if (a.protocol === 'file:' && "
    "!a.getAttribute('href').startsWith('#')) a.removeAttribute('href') })"
)
_WAIT_FOR_IMAGES = "Promise.all(Array.from(document.images, image => image.decode()))"


def list_flags() -> list[str]:
    """Return the command line options with which a browser is started."""
    # Chromium refuses to run as root inside its sandbox, which containers often ask for.
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    return [*_FLAGS, *(["--no-sandbox"] if is_root else [])]


def allow_local(route: Route) -> None:
    """Let a page have files of this machine, and nothing of a server."""
    if route.request.url.startswith(("file:", "data:", "about:", "blob:")):
        route.continue_()
    else:
        route.abort()


def print_page(context: BrowserContext, html_path: Path) -> bytes:
    """Return an HTML file as a tagged PDF with an outline."""
    with _open_page(context) as page:
        # Laid out for paper from the start: a layout for a screen would be thrown away.
        page.emulate_media(media="print")
        page.goto(html_path.resolve().as_uri(), wait_until="load")
        page.evaluate(_OPEN_DETAILS)
        page.evaluate(_DROP_FILE_LINKS)
        page.evaluate(_WAIT_FOR_IMAGES)
        return page.pdf(tagged=True, outline=True, prefer_css_page_size=True, print_background=True)


def photograph_page(context: BrowserContext, svg: str, width_px: int, height_px: int) -> bytes:
    """Return a drawing as a PNG of so many pixels."""
    with _open_page(context) as page:
        page.set_viewport_size({"width": width_px, "height": height_px})
        data = base64.b64encode(svg.encode("utf-8")).decode("ascii")
        page.set_content(
            "<style>body{margin:0}img{display:block;width:100vw;height:100vh}</style>"
            f'<img alt="" src="data:image/svg+xml;base64,{data}">',
            wait_until="load",
        )
        return page.screenshot(type="png", scale="css", animations="disabled")


@contextmanager
def _open_page(context: BrowserContext) -> Iterator[Page]:
    page = context.new_page()
    try:
        yield page
    finally:
        with suppress(Exception):
            page.close()
