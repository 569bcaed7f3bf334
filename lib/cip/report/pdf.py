"""HTML report to tagged PDF: with an installed browser, or else with WeasyPrint."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
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
    """Prints with a running browser, one page after another."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self.engine = f"Chromium {browser.version}"

    def write(self, html_path: Path, pdf_path: Path) -> Path:
        """Write a tagged PDF with outline, title and language.

        Raises
        ------
        ExportError
            If the file is missing or the browser cannot print it.
        """
        from playwright.sync_api import Error

        _check_input(html_path)
        pdf_path.parent.mkdir(parents=True, exist_ok=True)
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
            raise ExportError(
                Problem(f"The browser could not print: {error.message}", file=html_path.name)
            ) from error
        finally:
            context.close()
        return pdf_path


class WeasyPrintPdfWriter:
    """Prints with WeasyPrint where the machine has no browser."""

    def __init__(self) -> None:
        try:
            from weasyprint import HTML
        except OSError as error:  # raised where the Pango library is absent
            raise ExportError(_describe_missing()) from error
        self._html = HTML
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
        document = self._html(filename=str(html_path), url_fetcher=_fetch_inline)
        document.write_pdf(str(pdf_path), pdf_variant="pdf/ua-1", presentational_hints=False)
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
    from playwright.sync_api import Error, sync_playwright

    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(
                executable_path=str(path), headless=True, args=_list_flags()
            )
        except Error as error:
            raise ExportError(
                Problem(f"The browser did not start: {error.message.splitlines()[0]}")
            ) from error
        try:
            _check_version(browser.version)
            yield BrowserPdfWriter(browser)
        finally:
            browser.close()


def _list_flags() -> list[str]:
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


def _fetch_inline(url: str, **kwargs: object) -> object:
    """Let WeasyPrint read what is inside the page, and nothing else."""
    from weasyprint.urls import default_url_fetcher

    if not url.startswith("data:"):
        raise ExportError(Problem("The report would load a file while printing.", found=url[:120]))
    return default_url_fetcher(url, **kwargs)


def _describe_missing() -> Problem:
    return Problem(
        "PDF reports need a browser or the Pango library, and neither was found.",
        expected=(
            "Chrome, Edge or Chromium installed (or named in the environment variable "
            f"{BROWSER_VARIABLE}), or Pango 1.44 or newer for WeasyPrint"
        ),
    )
