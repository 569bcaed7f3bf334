"""The demonstration's own pages, as its reader opens them: network blocked, desk and phone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from cip.report.browser import find_browser
from cip.report.meta import SYNTHETIC_BANNER

from .checks import find_violations

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(find_browser() is None, reason="no Chrome, Edge or Chromium found"),
]

PAGES = [
    "index.html",
    "demo/index.html",
    "demo/reports/data_report.html",
    "demo/reports/insight_report.html",
    "demo/reports/stages/05_summary.html",
]
#: Pages and the maps inside them; each map is a frame of its own.
FRAMES = {"data_report.html": 5, "insight_report.html": 5}


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    demo_run: Path, visit: Any, name: str, width: int
) -> None:
    page = visit(demo_run / name, width)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert len(page.frames) == FRAMES.get(Path(name).name, 1)
    for frame in page.frames:
        assert find_violations(frame) == []


#: Width between the margins of A4, in pixels of the browser.
PRINTED_PX = round((210 - 2 * 18) / 25.4 * 96)


def test_no_table_is_cut_off_on_paper(demo_run: Path, visit: Any) -> None:
    page = visit(demo_run / "demo/reports/data_report.html", PRINTED_PX)
    page.emulate_media(media="print")
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    # The rug has a page of its own, turned on its side.
    cut = page.evaluate(
        """width => [...document.querySelectorAll('table')]
        .filter(t => !t.closest('.cip-turned') && t.getBoundingClientRect().right > width + 1)
        .map(t => t.caption.textContent)""",
        PRINTED_PX,
    )
    assert cut == []


def test_every_link_to_a_place_in_the_page_arrives(demo_run: Path, visit: Any) -> None:
    page = visit(demo_run / "demo/reports/data_report.html", 1280)
    targets = page.evaluate(
        "[...document.querySelectorAll('a[href^=\"#\"]')].map(a => a.getAttribute('href').slice(1))"
    )
    assert len(targets) > 10
    lost = page.evaluate("ids => ids.filter(id => !document.getElementById(id))", targets)
    assert lost == []


def test_every_file_that_an_index_links_to_is_there(demo_run: Path, visit: Any) -> None:
    for name in ("index.html", "demo/index.html"):
        page = visit(demo_run / name, 1280)
        links = page.evaluate(
            "[...document.querySelectorAll('a')].map(a => a.getAttribute('href'))"
        )
        files = [link for link in links if not link.startswith(("#", "http"))]
        assert files
        for link in files:
            assert (demo_run / name).parent.joinpath(link).resolve().exists(), link


def test_the_pdf_is_tagged_and_says_on_every_page_that_it_is_invented(demo_run: Path) -> None:
    pdf = PdfReader(demo_run / "demo/reports/data_report.pdf")
    catalogue = pdf.trailer["/Root"]
    assert catalogue["/MarkInfo"]["/Marked"]
    assert catalogue["/Lang"] == "en-GB"
    assert "Teaspoon Common" in (pdf.metadata.title or "")
    chapters = pdf.outline[1]
    assert len(chapters) >= 4
    assert len(pdf.pages) > 10
    for page in pdf.pages:
        assert SYNTHETIC_BANNER in " ".join(page.extract_text().split())
