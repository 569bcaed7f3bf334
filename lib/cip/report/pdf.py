"""HTML report to tagged PDF: with an installed browser, or else with WeasyPrint."""

from __future__ import annotations

import atexit
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Protocol, TypeVar

from cip.errors import ExportError, Problem
from cip.report.browser import BROWSER_VARIABLE, find_browser
from cip.report.browser_page import PagePrinter, photograph_page, start_browser
from cip.report.devtools import BrowserLostError
from cip.report.pdf_bytes import find_page_date, settle_pdf

_Made = TypeVar("_Made")

#: From this version on, Chromium prints the margin boxes that carry banner and page number.
_OLDEST_CHROMIUM = 131
#: What the engine of a writer starts with where a browser prints.
BROWSER_ENGINE = "Chromium"
#: A page that is not printed by then never will be; the longest report takes some seconds.
_PRINT_TIMEOUT_S = 120
_PHOTOGRAPH_TIMEOUT_S = 60


class PdfWriter(Protocol):
    """Writes PDFs; ``engine`` says with what, for the record of a run."""

    engine: str

    def write(self, html_path: Path, pdf_path: Path) -> Path:
        """Write one HTML file as PDF and return the file written."""
        ...

    def photograph(self, svg: str, *, width_px: int, height_px: int) -> bytes:
        """Return a drawing as PNG; ExportError from a writer without a browser."""
        ...


class BrowserPdfWriter:
    """Prints with one running browser, one page after another; used by one thread at a time.

    Raises
    ------
    ExportError
        If the browser does not start, or is too old.
    """

    def __init__(self, path: Path) -> None:
        self._browser = start_browser(path)
        found = self._browser.product.rpartition("/")[2]
        try:
            _check_version(found)
        except BaseException:
            self.close()
            raise
        self._printer = PagePrinter(self._browser)
        self.engine = f"{BROWSER_ENGINE} {found}"

    def write(self, html_path: Path, pdf_path: Path) -> Path:
        """Write a tagged PDF with outline, title, language and the page's own date.

        Raises
        ------
        ExportError
            If the file is missing or the browser cannot print it; BrowserLostError if the
            browser ended or does not answer.
        """
        _check_input(html_path)
        with _explain("print", html_path.name), self._browser.limit_time(_PRINT_TIMEOUT_S):
            data = self._printer.print(html_path)
        pdf_path.parent.mkdir(parents=True, exist_ok=True)
        # Dated as the page is, so that the same page gives the same bytes.
        pdf_path.write_bytes(settle_pdf(data, find_page_date(html_path.read_bytes())))
        return pdf_path

    def photograph(self, svg: str, *, width_px: int, height_px: int) -> bytes:
        """Return a drawing as a PNG of so many pixels.

        Raises
        ------
        ExportError
            If the browser cannot draw it; BrowserLostError if the browser ended or does not
            answer.
        """
        with _explain("draw a picture"), self._browser.limit_time(_PHOTOGRAPH_TIMEOUT_S):
            return photograph_page(self._browser, svg, width_px, height_px)

    def close(self) -> None:
        """Stop the browser, whether it answers or not."""
        self._browser.close()


@contextmanager
def _explain(action: str, name: str | None = None) -> Iterator[None]:
    """Tell what was to be done when something goes wrong with the browser."""
    try:
        yield
    except ExportError as error:
        reason = str(error).splitlines()[0]
        problem = Problem(f"The browser could not {action}.", file=name, found=reason)
        raise type(error)(problem) from error


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

    def photograph(self, svg: str, *, width_px: int, height_px: int) -> bytes:
        """Refuse: WeasyPrint makes no pictures."""
        raise ExportError(
            Problem(
                "A picture needs a browser, and this machine has none.",
                expected="Chrome, Edge or Chromium installed, or named in CIP_BROWSER",
            )
        )


class _SharedPdfWriter:
    """The writer of this process: its browser is started once, and again after a crash."""

    def __init__(self) -> None:
        self._guard = threading.RLock()
        self._writer: PdfWriter | None = None
        self._key: tuple[int, Path | None] | None = None

    @property
    def engine(self) -> str:
        """What prints."""
        return self._get().engine

    def write(self, html_path: Path, pdf_path: Path) -> Path:
        """Write one PDF; a browser that is lost is replaced and the page printed once more."""
        return self._try_twice(lambda writer: writer.write(html_path, pdf_path))

    def photograph(self, svg: str, *, width_px: int, height_px: int) -> bytes:
        """Return a drawing as PNG; a browser that is lost is replaced, as for a PDF."""
        return self._try_twice(
            lambda writer: writer.photograph(svg, width_px=width_px, height_px=height_px)
        )

    def _try_twice(self, work: Callable[[PdfWriter], _Made]) -> _Made:
        with self._guard:
            try:
                return work(self._get())
            except BrowserLostError:
                self.close()
                return work(self._get())

    def close(self) -> None:
        """Stop the browser, if one runs and this process started it."""
        with self._guard:
            writer, self._writer = self._writer, None
            if isinstance(writer, BrowserPdfWriter) and self._key and self._key[0] == os.getpid():
                writer.close()

    def _get(self) -> PdfWriter:
        with self._guard:
            # A forked process has the object but not the thread that listens to the browser.
            key = (os.getpid(), _find_declared_browser())
            if self._writer is None or key != self._key:
                self.close()
                self._writer, self._key = _make_writer(key[1]), key
            return self._writer


_shared = _SharedPdfWriter()
atexit.register(_shared.close)


def share_pdf_writer() -> PdfWriter:
    """Return the writer that all reports of this process share; it is closed at the end.

    Starting a browser takes longer than printing a report. Nothing is started before the first
    report is written.
    """
    return _shared


def close_shared_pdf_writer() -> None:
    """Stop the browser that :func:`share_pdf_writer` started, for workers that live on."""
    _shared.close()


@contextmanager
def open_pdf_writer() -> Iterator[PdfWriter]:
    """Open what writes PDFs on this machine, once for many documents.

    Raises
    ------
    ExportError
        If there is neither a browser that is new enough nor a working WeasyPrint, or if
        ``CIP_BROWSER`` names a file that does not exist.
    """
    writer = _make_writer(_find_declared_browser())
    try:
        yield writer
    finally:
        if isinstance(writer, BrowserPdfWriter):
            writer.close()


def _make_writer(path: Path | None) -> PdfWriter:
    return WeasyPrintPdfWriter() if path is None else BrowserPdfWriter(path)


def _find_declared_browser() -> Path | None:
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
    return path


def _check_version(found: str) -> None:
    if int(found.split(".")[0]) < _OLDEST_CHROMIUM:
        raise ExportError(
            Problem(
                "The browser is too old to print page numbers and banners.",
                found=found,
                expected=f"version {_OLDEST_CHROMIUM} or newer",
            )
        )


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
