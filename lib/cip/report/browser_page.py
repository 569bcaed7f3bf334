"""How the browser is started, and what is done with one page of it: printed, or photographed."""

from __future__ import annotations

import base64
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from cip.errors import ExportError, Problem
from cip.report.devtools import BrowserLostError, DevTools

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
#: For the browser that prints. No name is looked up and no address is reached, this machine's own
#: included: a report needs nothing from a server.
_PRINTING = (
    "--disable-breakpad",
    "--disable-dev-shm-usage",
    "--disable-extensions",
    "--enable-features=NetworkServiceInProcess2",  # nothing is fetched: one process less
    "--force-color-profile=srgb",
    "--hide-scrollbars",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--mute-audio",
    "--no-default-browser-check",
    "--password-store=basic",
    "--use-mock-keychain",
)
#: The pages inside the frames of maps.
_MAP_PAGES = re.compile(rb' srcdoc="[^"]*"')
#: A page of more bytes, or the last of so many, is printed by a process that is then ended.
_LIGHT_BYTES, _MOST_PRINTED = 500_000, 20
#: A PDF is handed over in pieces of so many bytes: whole, it would be held three times.
_PIECE_BYTES = 1 << 20
#: Opens what is folded, waits for pictures that are not there yet (to ask for those that are would
#: draw each once more), and takes out links to other pages: Chromium would
#: write the folder of this machine into them, and a PDF that is sent on does not have those
#: pages beside it. Links within the page stay.
_PREPARE = """(() => {
  document.querySelectorAll('details').forEach(d => d.setAttribute('open', ''));
  document.querySelectorAll('a[href]').forEach(a => {
    if (a.protocol === 'file:' && !a.getAttribute('href').startsWith('#')) a.removeAttribute('href')
  });
  const late = Array.from(document.images).filter(image => !image.complete);
  return Promise.all(late.map(image => image.decode())).then(() => null);
})()"""
#: US letter, in inches, where a page's own style gives no size.
_PAPER = {"paperWidth": 8.5, "paperHeight": 11}
_NO_MARGINS = {f"margin{side}": 0 for side in ("Top", "Bottom", "Left", "Right")}


def list_flags() -> list[str]:
    """Return the command line options with which any browser of ours is started."""
    # Chromium refuses to run as root inside its sandbox, which containers often ask for.
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    return [*_FLAGS, *(["--no-sandbox"] if is_root else [])]


def start_browser(path: Path) -> DevTools:
    """Start the browser that prints.

    Raises
    ------
    BrowserLostError
        If it does not start.
    """
    return DevTools(path, [*list_flags(), *_PRINTING])


class PagePrinter:
    """Prints one file after another; what the browser started for a small one serves the next.

    Starting a process for a page takes twice as long as printing a poster. After a long report
    the process is ended all the same, because it keeps most of the memory that it took.
    """

    def __init__(self, browser: DevTools) -> None:
        self._browser = browser
        self._page: _Page | None = None
        self._printed = 0

    def print(self, html_path: Path) -> bytes:
        """Return an HTML file as a tagged PDF with an outline."""
        page = self._page or self._open()
        self._page = None
        is_kept = False
        try:
            with _leave_out_maps(html_path) as light:
                data = page.print(light)
                is_light = light.stat().st_size <= _LIGHT_BYTES
            self._printed += 1
            is_kept = is_light and self._printed < _MOST_PRINTED
        finally:
            if not is_kept:
                page.close()
        self._page = page if is_kept else None
        return data

    def _open(self) -> _Page:
        self._printed = 0
        page = _Page(self._browser)
        # Laid out for paper from the start: a layout for a screen would be thrown away.
        page.call("Emulation.setEmulatedMedia", media="print")
        return page


def photograph_page(browser: DevTools, svg: str, width_px: int, height_px: int) -> bytes:
    """Return a drawing as a PNG of so many pixels."""
    data = base64.b64encode(svg.encode("utf-8")).decode("ascii")
    html = (
        "<style>body{margin:0}img{display:block;width:100vw;height:100vh}</style>"
        f'<img alt="" src="data:image/svg+xml;base64,{data}">'
    )
    page = _Page(browser)
    try:
        page.call(
            "Emulation.setDeviceMetricsOverride",
            width=width_px, height=height_px, deviceScaleFactor=1, mobile=False,
        )  # fmt: skip
        with tempfile.TemporaryDirectory(prefix="cip-picture-") as folder:
            path = Path(folder) / "picture.html"
            path.write_text(html, encoding="utf-8")
            page.open(path)
            return base64.b64decode(page.call("Page.captureScreenshot", format="png")["data"])
    finally:
        page.close()


class _Page:
    """One page of the browser, without scripts of its own."""

    def __init__(self, browser: DevTools) -> None:
        self._browser = browser
        try:
            self._id = browser.call("Target.createTarget", url="about:blank")["targetId"]
        except ExportError as error:  # it is about to end, and would refuse every other page too
            raise BrowserLostError(error.problems) from error
        attached = browser.call("Target.attachToTarget", targetId=self._id, flatten=True)
        self._session = attached["sessionId"]
        for method in ("Inspector.enable", "Page.enable"):
            self.call(method)
        # Maps to move about in are not printed, so that no script has to run.
        self.call("Emulation.setScriptExecutionDisabled", value=True)

    def call(self, method: str, **parameters: object) -> dict:
        """Send a command to this page."""
        return self._browser.call(method, session=self._session, **parameters)

    def open(self, path: Path) -> None:
        """Open a file, and wait until it is there with its pictures."""
        self._browser.forget_events()
        answer = self.call("Page.navigate", url=path.resolve().as_uri())
        if "errorText" in answer:
            raise ExportError(Problem("The browser could not open it.", found=answer["errorText"]))
        self._browser.wait_for("Page.loadEventFired", session=self._session)

    def print(self, path: Path) -> bytes:
        """Return a file as a tagged PDF."""
        self.open(path)
        done = self.call("Runtime.evaluate", expression=_PREPARE, awaitPromise=True)
        if "exceptionDetails" in done:
            reason = done["result"].get("description", done["exceptionDetails"]["text"])
            raise ExportError(Problem("A picture cannot be drawn.", found=reason.splitlines()[0]))
        stream = self.call(
            "Page.printToPDF",
            generateTaggedPDF=True,
            generateDocumentOutline=True,
            preferCSSPageSize=True,
            printBackground=True,
            transferMode="ReturnAsStream",
            **_PAPER,
            **_NO_MARGINS,
        )["stream"]
        return b"".join(self._read(stream))

    def _read(self, stream: str) -> Iterator[bytes]:
        is_end = False
        while not is_end:
            piece = self.call("IO.read", handle=stream, size=_PIECE_BYTES)
            is_coded = piece.get("base64Encoded", False)
            yield base64.b64decode(piece["data"]) if is_coded else piece["data"].encode("latin-1")
            is_end = piece["eof"]
        self.call("IO.close", handle=stream)

    def close(self) -> None:
        """End the page and its process; one that is gone already is no trouble."""
        with suppress(ExportError):
            self._browser.call("Target.closeTarget", targetId=self._id)


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
