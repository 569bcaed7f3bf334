"""How the browser is started, and what is done with one page of it: printed, or photographed."""

from __future__ import annotations

import base64
import os
import re
import tempfile
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
    "--in-process-gpu",  # nothing is drawn on a screen: one process less
    "--metrics-recording-only",
    "--no-first-run",
    "--no-pings",
)
#: The pages inside the frames of maps.
_MAP_PAGES = re.compile(rb' srcdoc="[^"]*"')
#: A page of more bytes, or the last of so many, is printed by a process that is then ended.
_LIGHT_BYTES, _MOST_PRINTED = 500_000, 20
#: Opens what is folded, waits for pictures that are not there yet (to ask for those that are would
#: draw each once more), and takes out links to other pages: Chromium would
#: write the folder of this machine into them, and a PDF that is sent on does not have those
#: pages beside it. Links within the page stay.
_PREPARE = """() => {
  document.querySelectorAll('details').forEach(d => d.setAttribute('open', ''));
  document.querySelectorAll('a[href]').forEach(a => {
    if (a.protocol === 'file:' && !a.getAttribute('href').startsWith('#')) a.removeAttribute('href')
  });
  const late = Array.from(document.images).filter(image => !image.complete);
  return Promise.all(late.map(image => image.decode())).then(() => null);
}"""


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


class PagePrinter:
    """Prints one file after another; what the browser started for a small one serves the next.

    Starting a process for a page takes twice as long as printing a poster. After a long report
    the process is ended all the same, because it keeps most of the memory that it took.

    Parameters
    ----------
    context
        The browser's context that all pages belong to.
    """

    def __init__(self, context: BrowserContext) -> None:
        self._context = context
        self._page: Page | None = None
        self._printed = 0

    def print(self, html_path: Path) -> bytes:
        """Return an HTML file as a tagged PDF with an outline."""
        page = self._page or self._open()
        self._page = None
        is_kept = False
        try:
            with _leave_out_maps(html_path) as light:
                data = _print(page, light)
                is_light = light.stat().st_size <= _LIGHT_BYTES
            self._printed += 1
            is_kept = is_light and self._printed < _MOST_PRINTED
        finally:
            if not is_kept:
                with suppress(Exception):
                    page.close()
        self._page = page if is_kept else None
        return data

    def _open(self) -> Page:
        self._printed = 0
        page = self._context.new_page()
        # Laid out for paper from the start: a layout for a screen would be thrown away.
        page.emulate_media(media="print")
        return page


@contextmanager
def _leave_out_maps(html_path: Path) -> Iterator[Path]:
    """Give a copy of a page without the maps to move about in, which paper does not show.

    The browser would read them all the same. A page without such maps is given as it is.
    """
    content = html_path.read_bytes()
    light = _MAP_PAGES.sub(b"", content)
    if len(light) == len(content):
        yield html_path.resolve()
        return
    with tempfile.TemporaryDirectory(prefix="cip-print-") as folder:
        copy = Path(folder) / html_path.name
        copy.write_bytes(light)
        yield copy


def _print(page: Page, html_path: Path) -> bytes:
    page.goto(html_path.as_uri(), wait_until="load")
    page.evaluate(_PREPARE)
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
