"""HTML report to tagged PDF: with an installed browser, or else with WeasyPrint."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from cip.errors import ExportError, Problem
from cip.report.browser import BROWSER_VARIABLE, find_browser

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Route

#: From this version on, Chromium prints the margin boxes that carry banner and page number.
_OLDEST_CHROMIUM = 131
_QUIET_FLAGS = (
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
_WAIT_FOR_IMAGES = "Promise.all(Array.from(document.images, image => image.decode()))"


class PdfWriter(Protocol):
    """Writes PDFs; ``engine`` says with what, for the record of a run."""

    engine: str

    def write(self, html_path: Path, pdf_path: Path) -> Path:
        """Write one HTML file as PDF and return the file written."""
        ...


class BrowserPdfWriter:
    """Prints with one running browser, one page after another.

    The browser is driven from a thread of its own, because its driver refuses to work where
    an event loop runs, as one does in every notebook.

    Raises
    ------
    ExportError
        If the browser does not start, or is too old.
    """

    def __init__(self, path: Path) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="pdf")
        self._closing = ExitStack()
        try:
            self._browser = self._thread.submit(self._start, path).result()
        except BaseException:
            self.close()
            raise
        self.engine = f"Chromium {self._browser.version}"

    def write(self, html_path: Path, pdf_path: Path) -> Path:
        """Write a tagged PDF with outline, title and language.

        Raises
        ------
        ExportError
            If the file is missing or the browser cannot print it.
        """
        _check_input(html_path)
        pdf_path.parent.mkdir(parents=True, exist_ok=True)
        self._thread.submit(self._print, html_path, pdf_path).result()
        return pdf_path

    def close(self) -> None:
        """Stop the browser."""
        self._thread.submit(self._closing.close).result()
        self._thread.shutdown()

    def _start(self, path: Path) -> Browser:
        from playwright.sync_api import Error, sync_playwright

        playwright = self._closing.enter_context(sync_playwright())
        try:
            browser = playwright.chromium.launch(
                executable_path=str(path), headless=True, args=list_flags()
            )
        except Error as error:
            reason = error.message.splitlines()[0]
            raise ExportError(Problem("The browser did not start.", found=reason)) from error
        self._closing.callback(browser.close)
        _check_version(browser.version)
        return browser

    def _print(self, html_path: Path, pdf_path: Path) -> None:
        from playwright.sync_api import Error

        context = self._browser.new_context(offline=True)
        try:
            page = context.new_page()
            page.route("**/*", _allow_local)
            page.goto(html_path.resolve().as_uri(), wait_until="load")
            page.evaluate(_OPEN_DETAILS)
            page.evaluate(_WAIT_FOR_IMAGES)
            page.pdf(
                path=str(pdf_path),
                tagged=True,
                outline=True,
                prefer_css_page_size=True,
                print_background=True,
            )
        except Error as error:
            reason = error.message.splitlines()[0]
            raise ExportError(
                Problem("The browser could not print.", file=html_path.name, found=reason)
            ) from error
        finally:
            context.close()


class WeasyPrintPdfWriter:
    """Prints with WeasyPrint where the machine has no browser."""

    def __init__(self) -> None:
        try:
            from weasyprint import HTML
            from weasyprint.urls import URLFetcher
        except OSError as error:  # raised where the Pango library is absent
            raise ExportError(_describe_missing()) from error
        self._html = HTML
        # Only what is inside the page: printing asks no server and reads no other file.
        self._fetcher = URLFetcher(allowed_protocols=("data",))
        self.engine = f"WeasyPrint {version('weasyprint')}"

    def write(self, html_path: Path, pdf_path: Path) -> Path:
        """Write a tagged PDF (variant pdf/ua-1).

        Raises
        ------
        ExportError
            If the file is missing.
        """
        _check_input(html_path)
        pdf_path.parent.mkdir(parents=True, exist_ok=True)
        document = self._html(filename=str(html_path), url_fetcher=self._fetcher)
        document.write_pdf(str(pdf_path), pdf_variant="pdf/ua-1")
        return pdf_path


@contextmanager
def open_pdf_writer() -> Iterator[PdfWriter]:
    """Open what writes PDFs on this machine, once for many documents.

    Raises
    ------
    ExportError
        If there is neither a browser that is new enough nor a working WeasyPrint, or if
        ``CIP_BROWSER`` names a file that does not exist.
    """
    declared = os.environ.get(BROWSER_VARIABLE, "").strip()
    path = find_browser()
    if declared and path is None:
        raise ExportError(
            Problem(
                f"The environment variable {BROWSER_VARIABLE} names no file.",
                found=declared,
                expected="the program file of Chrome, Edge or Chromium",
            )
        )
    if path is None:
        yield WeasyPrintPdfWriter()
        return
    writer = BrowserPdfWriter(path)
    try:
        yield writer
    finally:
        writer.close()


def list_flags() -> list[str]:
    """Return the command line options with which a browser is started."""
    # Chromium refuses to run as root inside its sandbox, which containers often ask for.
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    return [*_QUIET_FLAGS, *(["--no-sandbox"] if is_root else [])]


def _check_version(found: str) -> None:
    if int(found.split(".")[0]) < _OLDEST_CHROMIUM:
        raise ExportError(
            Problem(
                "The browser is too old to print page numbers and banners.",
                found=found,
                expected=f"version {_OLDEST_CHROMIUM} or newer",
            )
        )


def _allow_local(route: Route) -> None:
    if route.request.url.startswith(("file:", "data:", "about:", "blob:")):
        route.continue_()
    else:
        route.abort()


def _check_input(html_path: Path) -> None:
    if not html_path.is_file():
        raise ExportError(Problem("There is no HTML report to print.", file=html_path.name))


def _describe_missing() -> Problem:
    return Problem(
        "PDF reports need a browser or the Pango library, and neither was found.",
        expected=(
            "Chrome, Edge or Chromium installed (or named in the environment variable "
            f"{BROWSER_VARIABLE}), or Pango 1.44 or newer for WeasyPrint"
        ),
    )
