"""A poster of one page, on A4 or A3, and the same words as a page for the screen."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from cip.report.easy_read_pictures import DRAWINGS
from cip.report.pdf import PdfWriter, share_pdf_writer
from cip.report.poster_layout import PAGE_MM, lay_out
from cip.report.summary_contents import SummaryContents, clean_contents
from cip.report.summary_contents_page import render_page, write_page

Size = Literal["A4", "A3"]

#: Each size as a multiple of A4, slightly less than the paper: a hair more would be a second page.
_SCALES: dict[str, float] = {"A4": 1.0, "A3": 1.4138}
_BASE_MM = 4.0
_REM_PER_PT = 25.4 / 72 / _BASE_MM


def write_poster(
    contents: SummaryContents,
    html_path: Path,
    pdf_path: Path,
    *,
    size: Size = "A4",
    writer: PdfWriter | None = None,
) -> tuple[Path, Path]:
    """Write a poster as a page and as a PDF of exactly one page.

    Text that is too long for it is shortened after a sentence; what is left out is in the
    Summary Report. On a screen the same words run down the page.

    Parameters
    ----------
    contents
        What it says.
    html_path, pdf_path
        The files to write; their folders are made.
    size
        Paper, upright.
    writer
        What prints; left out, the one that all reports share.

    Returns
    -------
    tuple of Path
        Both files.

    Raises
    ------
    ValueError
        If the size is another one.
    ExportError
        If it cannot be printed.
    """
    write_page(render_poster(contents, size=size), html_path)
    (writer or share_pdf_writer()).write(html_path, pdf_path)
    return html_path, pdf_path


def render_poster(contents: SummaryContents, *, size: Size = "A4") -> str:
    """Return the poster as HTML; see :func:`write_poster`."""
    if size not in _SCALES:
        raise ValueError(f"a poster is A4 or A3, not {size}")
    clean = clean_contents(contents)
    scale, layout = _SCALES[size], lay_out(clean)
    return render_page(
        "poster",
        contents=clean,
        layout=layout,
        size=size,
        base_mm=f"{_BASE_MM * scale * layout.grow:.4f}",
        height_mm=f"{PAGE_MM[1] * scale:.3f}",
        gap_rem=f"{layout.gap_mm / _BASE_MM:.4f}",
        h1_rem=f"{layout.h1_pt * _REM_PER_PT:.4f}",
        fact_rem=f"{layout.fact_mm / _BASE_MM:.4f}",
        width_mm=f"{PAGE_MM[0] * scale:.3f}",
        envelope=DRAWINGS["contact"].to_html(),
    )
