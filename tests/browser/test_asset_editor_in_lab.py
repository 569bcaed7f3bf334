"""The asset editor in a real JupyterLab: filter, settle, add and write, with the keyboard alone."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Locator, Page, expect

from cip.assets.decision_table import SAME, read_decisions
from cip.assets.own import read_assets
from cip.params import load_params
from cip.report.browser import find_browser

from ..support.asset_register import HEAD, ODD, OWN_ROWS, TODAY, make_file, make_records_of
from ..support.assets import SOUTH, WEST, make_boundary, make_small_areas
from .checks import WCAG
from .lab import Lab, open_notebook, write_notebook

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(find_browser() is None, reason="no Chrome, Edge or Chromium found"),
]

CODE = """\
from pathlib import Path

import geopandas as gpd
import pandas as pd

from cip.assets.settle import settle_records
from cip.interactive.asset_opening import open_asset_editor
from cip.params import load_params
from cip.store import Store
from cip.workspace import Workspace

records = pd.read_parquet("records.parquet")
open_asset_editor(
    Workspace(load_params("common.yml"), Store(Path("store")), Path("outputs")),
    settle_records(records),
    shapes=gpd.read_parquet("shapes.parquet"),
    boundary=gpd.read_parquet("boundary.parquet"),
    records=records,
)
"""


@pytest.fixture(scope="module")
def folder(lab: Lab) -> Path:
    """The folder of this test's notebook, parameter file and register."""
    folder = lab.folder / "assets"
    folder.mkdir()
    file = make_file(folder, table=f"{HEAD}\r\n{OWN_ROWS}")
    make_records_of(file).to_parquet(folder / "records.parquet")
    make_small_areas().to_parquet(folder / "shapes.parquet")
    make_boundary().to_parquet(folder / "boundary.parquet")
    write_notebook(folder / "edit.ipynb", CODE)
    return folder


@pytest.fixture(scope="module")
def page(browser: Browser, lab: Lab, folder: Path) -> Iterator[Page]:
    with open_notebook(browser, lab, f"{folder.name}/edit.ipynb", ".cip-shape") as page:
        yield page


def find_status(page: Page, words: str) -> Locator:
    """Return the line that reads some words out."""
    return page.locator(".cip-map-status", has_text=words)


def press(page: Page, name: str) -> None:
    """Press a button with the keyboard."""
    page.get_by_role("button", name=name, exact=True).focus()
    page.keyboard.press("Enter")


def read_diff(page: Page) -> list[str]:
    """Return the lines that the diff would bring."""
    lines = page.locator(".cip-diff").inner_text().splitlines()
    return [line[1:] for line in lines if line.startswith("+") and not line.startswith("+++")]


def test_filter_and_inspect(page: Page) -> None:
    expect(find_status(page, "6 of 6 assets fit.")).to_be_attached()
    field = page.get_by_label("Find assets")
    field.fill("onerror")
    field.press("Enter")
    expect(find_status(page, "1 of 6 assets fit.")).to_be_visible()
    page.get_by_label("Assets", exact=True).focus()
    page.keyboard.press("ArrowDown")
    sheet = page.locator(".cip-sheet").first
    expect(sheet).to_contain_text(ODD)
    expect(sheet).to_contain_text("the source gives the point")
    assert sheet.locator("img").count() == 0


def test_a_pair_is_settled_and_written_as_shown(page: Page, folder: Path) -> None:
    expect(page.get_by_text("Pair 1 of 2 that wait for a decision")).to_be_visible()
    press(page, "One thing")
    expect(find_status(page, "1 answered, 1 left.")).to_be_visible()
    press(page, "Show how the decisions would be written")
    expect(page.locator(".cip-diff")).to_contain_text(
        "asset_decisions.csv (there is no such file yet)"
    )
    shown = read_diff(page)
    assert "  asset_decisions: common/asset_decisions.csv" in shown
    assert not (folder / "common").exists()
    press(page, "Write it to asset_decisions.csv and common.yml")
    expect(find_status(page, "Written to asset_decisions.csv and common.yml")).to_be_visible()
    path = load_params(folder / "common.yml").resolve_input("asset_decisions")
    assert path.read_text(encoding="utf-8-sig").splitlines() == shown[:2]
    decided = read_decisions(path)
    assert decided["decision"].tolist() == [SAME]
    assert decided["decided_on"].tolist() == [date.today().isoformat()]


def test_an_asset_is_added_with_the_keyboard_alone(page: Page, folder: Path) -> None:
    before = (folder / "own.csv").read_bytes()
    cells = page.locator(".jp-Notebook .jp-Cell").count()
    page.locator(".cip-click-map > svg").focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowDown", "Shift+ArrowLeft", "a", "d", "d"):
        page.keyboard.press(key)
    caption = page.locator(".cip-click-map .cip-map-caption")
    expect(caption).to_contain_text(re.compile(r"northing \d{6}: \d+ m south(-west)? of <img"))
    page.keyboard.press("Enter")
    expect(find_status(page, "The pin is at easting")).to_be_visible()
    assert page.locator(".jp-Notebook .jp-Cell").count() == cells
    easting = float(page.get_by_label("Easting").input_value())
    northing = float(page.get_by_label("Northing").input_value())
    assert easting > WEST + 1_200
    assert northing < SOUTH + 1_200
    assert page.locator(".cip-pin").count() == 1
    page.get_by_label("Name (needed)").fill("Oak Cafe & Friends")
    page.keyboard.press("Tab")
    page.get_by_label("Type (needed)").select_option("cafe or pub")
    press(page, "Show how the asset would be written")
    shown = read_diff(page)
    assert shown[-1].startswith("Oak Cafe & Friends,cafe or pub,")
    assert (folder / "own.csv").read_bytes() == before
    press(page, "Write it to own.csv")
    expect(find_status(page, "Written to own.csv")).to_be_visible()
    assert (folder / "own.csv").read_bytes() == before + f"{shown[-1]}\r\n".encode()
    records, _ = read_assets(folder / "own.csv", today=TODAY)
    assert records.iloc[-1][["x", "y"]].tolist() == [easting, northing]
    assert page.locator(".cip-pin").count() == 0


def test_a_click_puts_the_pin_where_it_points(page: Page) -> None:
    picture = page.locator(".cip-click-map > svg")
    picture.scroll_into_view_if_needed()
    page.get_by_role("button", name="Whole map").click()
    box = picture.bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.locator(".cip-pin")).to_have_count(1)
    # The middle of the map is the middle of the area's outline.
    assert abs(float(page.get_by_label("Easting").input_value()) - (WEST + 1_200)) < 30
    assert abs(float(page.get_by_label("Northing").input_value()) - (SOUTH + 1_200)) < 30
    page.get_by_role("button", name="Empty the form").click()
    expect(page.locator(".cip-pin")).to_have_count(0)


def test_axe_finds_nothing_in_the_editor(page: Page) -> None:
    page.evaluate(AXE_SCRIPT)
    options = {"runOnly": {"type": "tag", "values": WCAG}}
    result = page.evaluate(f"axe.run('.cip-asset-editor', {json.dumps(options)})")
    found = [f"{v['id']}: {n['html'][:160]}" for v in result["violations"] for n in v["nodes"]]
    assert found == []
