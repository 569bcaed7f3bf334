"""What a reader meets: the report in a browser and as PDF, with the network blocked."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from playwright.sync_api import Browser
from pypdf import PdfReader

from cip.display.blocks import KeyFacts, NoteBlock, TableBlock
from cip.display.figures import draw_comparison, draw_composition
from cip.display.maps import map_area, map_choropleth
from cip.errors import ExportError
from cip.report.browser import find_browser
from cip.report.html import ReportMeta, export_html
from cip.report.index import write_area_index, write_index
from cip.report.meta import SYNTHETIC_BANNER
from cip.report.pdf import open_pdf_writer

from ..unit.display_samples import (
    find_indicator,
    list_groups,
    make_areas,
    make_context,
    make_notebook,
    make_rows,
    show,
)
from .checks import find_violations

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(find_browser() is None, reason="no Chrome, Edge or Chromium found"),
]

WIDTHS = (1280, 390)
META = ReportMeta(
    title="Community Insight Profile: Fernhollow",
    area_name="Fernhollow",
    organisation="Wessmarch Council",
    published=date(2026, 11, 21),
    kind="Data report",
    licence="Invented, free to use.",
    attribution=("Contains invented data.",),
    is_synthetic=True,
)


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Write a report with every kind of block, and both kinds of index page."""
    folder = tmp_path_factory.mktemp("report")
    tenure = find_indicator("composition", source="ts054")
    share = find_indicator("proportion")
    areas = make_areas()
    wide = pd.DataFrame({f"A rather long column {i}": [i, i + 1] for i in range(12)})
    notebook = make_notebook(
        "# Where is it?\n\nA question with *emphasis*.",
        show(map_area(areas, make_context(), title="Six areas", block_id="a", source_line="S")),
        show(
            map_choropleth(
                areas,
                "imd_decile",
                title="Deciles",
                block_id="d",
                source_line="S",
                value_label="Decile",
                classes="deciles",
            )
        ),
        "# Who lives there?\n\n## Homes\n\n| a | b |\n|---|---|\n| 1 | 2 |",
        show(draw_composition(make_rows(tenure, groups=list_groups(tenure)), tenure)),
        show(draw_comparison(make_rows(share), share)),
        show(TableBlock(block_id="wide", caption="Wide table", frame=wide)),
        show(KeyFacts([("Residents", "8,412", "Census 2021"), ("Small areas", "6", "")])),
        show(NoteBlock("missing", "Survey", "Put the file in the area's folder.")),
        show(NoteBlock("warning", "Small numbers", "Read with care.")),
    )
    report = export_html([notebook], META, folder / "report.html")
    listed = [{"label": "Data report", "path": "report.html"}]
    entry = {"id": "f", "title": "Fernhollow", "status": "ok", "is_synthetic": True}
    index = write_index(folder, [{**entry, "files": listed}])
    area_index = write_area_index(
        folder / "f", title="Fernhollow", sections={"Reports": []}, messages=["No quotes."]
    )
    return {"report": report, "index": index, "area": area_index}


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", ["report", "index", "area"])
def test_axe_finds_nothing_in_page_and_frames(
    pages: dict[str, Path], visit: Any, name: str, width: int
) -> None:
    page = visit(pages[name], width)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert len(page.frames) == (3 if name == "report" else 1)
    for frame in page.frames:
        assert find_violations(frame) == []


def test_axe_would_find_a_violation(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content("<html><body><img src='data:,'></body></html>")
    assert any(v.startswith("image-alt") for v in find_violations(page.main_frame))
    page.close()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", ["report", "index", "area"])
def test_page_does_not_scroll_sideways(
    pages: dict[str, Path], visit: Any, name: str, width: int
) -> None:
    page = visit(pages[name], width)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_skip_link_is_first_and_moves_to_the_content(pages: dict[str, Path], visit: Any) -> None:
    page = visit(pages["report"], 1280)
    page.evaluate("window.scrollTo(0, 0)")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "cip-skip"
    assert page.evaluate("document.activeElement.getBoundingClientRect().left") >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


@pytest.mark.parametrize("width", WIDTHS)
def test_banner_stays_at_the_top_of_every_screen(
    pages: dict[str, Path], visit: Any, width: int
) -> None:
    page = visit(pages["report"], width)
    for share in (0, 0.4, 0.98):
        page.evaluate(
            f"window.scrollTo({{top: document.body.scrollHeight*{share}, behavior: 'instant'}})"
        )
        box = page.locator(".cip-banner").bounding_box()
        assert -1 <= box["y"] <= 1
        assert box["height"] < 80


def test_contents_are_folded_on_a_phone_and_open_on_a_desk(
    pages: dict[str, Path], visit: Any
) -> None:
    assert visit(pages["report"], 1280).locator("#contents").get_attribute("open") is not None
    assert visit(pages["report"], 390).locator("#contents").get_attribute("open") is None


def test_map_is_drawn_named_and_reached_by_keyboard(pages: dict[str, Path], visit: Any) -> None:
    page = visit(pages["report"], 1280)
    frame = page.frames[1]
    box = frame.locator(".folium-map")
    assert box.get_attribute("aria-label") == "Six areas"
    assert box.get_attribute("tabindex") == "0"
    assert frame.locator(".leaflet-control-zoom-in").get_attribute("aria-label") == "Zoom in"
    shapes = frame.locator("path.leaflet-interactive")
    assert shapes.count() == 6
    assert shapes.first.bounding_box()["width"] > 40
    shapes.nth(2).focus()
    tooltip = frame.locator(".leaflet-tooltip")
    tooltip.wait_for(timeout=2000)
    assert "Marlbury 003A" in tooltip.inner_text()
    shapes.nth(2).blur()
    shapes.nth(4).hover()
    tooltip.wait_for(timeout=2000)
    assert "Marlbury 005A" in tooltip.inner_text()


def test_without_scripts_the_drawn_map_stands_in(pages: dict[str, Path], browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False, offline=True)
    page = context.new_page()
    page.goto(pages["report"].as_uri())
    assert page.locator(".cip-map-static img").first.is_visible()
    assert not page.locator("iframe").first.is_visible()
    context.close()


@pytest.fixture(scope="module")
def printed(pages: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> PdfReader:
    folder = tmp_path_factory.mktemp("pdf")
    with open_pdf_writer() as writer:
        assert writer.engine.startswith("Chromium ")
        assert "/" not in writer.engine
        paths = [writer.write(pages["report"], folder / f"{n}.pdf") for n in ("one", "two")]
    assert all(path.stat().st_size > 10_000 for path in paths)
    return PdfReader(paths[0])


def test_pdf_is_tagged_with_title_language_and_outline(printed: PdfReader) -> None:
    catalogue = printed.trailer["/Root"]
    assert catalogue["/MarkInfo"]["/Marked"]
    assert catalogue["/Lang"] == "en-GB"
    assert printed.metadata.title == META.page_title
    titles = _flatten(printed.outline)
    assert META.title in titles
    assert "Homes" in titles


def test_every_printed_page_has_banner_and_number(printed: PdfReader) -> None:
    total = len(printed.pages)
    assert total > 2
    for number, page in enumerate(printed.pages, start=1):
        text = page.extract_text()
        assert SYNTHETIC_BANNER in text
        assert f"Page {number} of {total}" in text


def test_print_opens_the_tables_and_draws_the_maps(printed: PdfReader) -> None:
    text = " ".join(page.extract_text() for page in printed.pages)
    assert "Marlbury 006A" in text  # from the list of areas, folded on the screen
    alts = _find_alts(printed.trailer["/Root"]["/StructTreeRoot"])
    assert any(alt.startswith("Map: Six areas") for alt in alts)
    assert any(alt.startswith("Bar chart: Tenure") for alt in alts)


def test_a_page_that_is_not_there_cannot_be_printed(tmp_path: Path) -> None:
    with open_pdf_writer() as writer, pytest.raises(ExportError, match="no HTML report"):
        writer.write(tmp_path / "none.html", tmp_path / "none.pdf")


def _flatten(outline: list[Any]) -> list[str]:
    return [
        title
        for item in outline
        for title in (_flatten(item) if isinstance(item, list) else [item.title])
    ]


def _find_alts(node: Any) -> list[str]:
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        return [alt for item in node for alt in _find_alts(item)]
    if not isinstance(node, dict):
        return []
    found = [str(node["/Alt"])] if "/Alt" in node else []
    return found + (_find_alts(node["/K"]) if "/K" in node else [])
