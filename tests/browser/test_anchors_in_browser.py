"""A link to a piece of evidence: it opens the folded list, and paper has no way back to print."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from playwright.sync_api import expect

from cip.display.anchors import name_places
from cip.display.asset_map import map_assets
from cip.display.blocks import TableBlock
from cip.report.browser import find_browser
from cip.report.html import ReportMeta, export_html

from ..support.assets import make_assets, make_backdrop, make_boundary
from ..unit.display_samples import make_notebook, show
from .checks import find_violations

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(find_browser() is None, reason="no Chrome, Edge or Chromium found"),
]

META = ReportMeta(
    title="Community Insight Profile: Fernhollow",
    area_name="Fernhollow",
    organisation="Wessmarch Council",
    published=date(2026, 11, 21),
    kind="Asset map",
    licence="Invented, free to use.",
    attribution=("Contains invented data.",),
    is_synthetic=True,
)


def test_an_asset_is_found_in_the_folded_list_and_paper_has_no_link_back(
    tmp_path: Path, visit: Any
) -> None:
    assets = make_assets(30)
    mapped = map_assets(
        assets, make_boundary(), make_backdrop(), title="What there is", block_id="assets",
        source_line="Source: invented",
    )  # fmt: skip
    answers = TableBlock(
        block_id="answers", caption="Answers", frame=pd.DataFrame({"answer": ["Yes"], "n": [40]}),
        evidence_id="survey:safe",
    )  # fmt: skip
    path = tmp_path / "reports" / "stages" / "03_asset_map.html"
    export_html([make_notebook(show(mapped), show(answers))], META, path)
    page = visit(path, 390)
    last = assets.iloc[-1]
    place = name_places("asset", assets["asset_id"])[last["asset_id"]]
    row = page.locator(f"#{place}")
    assert not row.evaluate("row => row.checkVisibility()")
    page.evaluate("place => { location.hash = place; }", place)
    expect(row).to_be_in_viewport()
    assert row.evaluate("row => row.matches(':target')")
    assert str(last["name"]) in row.inner_text()
    link = page.get_by_role("link", name="Evidence entry: Answers", exact=True)
    assert link.get_attribute("href") == "../evidence.html#ev-survey-safe"
    assert (box := link.bounding_box()) is not None and box["height"] >= 24
    assert find_violations(page) == []
    page.emulate_media(media="print")
    assert not page.locator(".cip-traced").is_visible()
    assert not page.locator(".cip-trace").is_visible()
