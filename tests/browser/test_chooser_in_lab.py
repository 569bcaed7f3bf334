"""The chooser in a real JupyterLab: search, click, keyboard and save, with the network blocked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page, expect

from cip.area_definition import resolve_area
from cip.params import load_params
from cip.register import Register, load_register
from cip.report.browser import find_browser
from cip.store import Store

from .checks import WCAG
from .lab import Lab, open_notebook, write_notebook

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(find_browser() is None, reason="no Chrome, Edge or Chromium found"),
]

CODE = """\
from cip.interactive import open_chooser
from cip.workspace import open_workspace

open_chooser(open_workspace("common.yml", {store!r}, "outputs"))
"""
PARAMETERS = """\
# An invented ward, and a comment that must stay.
id: common
title: Teaspoon Common
profile_kind: ward
area:
  wards: [Teaspoon Common]  # as the steering group drew it
organisation:
  name: Fableshire Invented Council
  contact: this council does not exist
"""
#: Where on the screen a small area can be hit: its middle may belong to a neighbour.
FIND_POINT = """path => {
  const box = path.getBoundingClientRect();
  for (let i = 1; i < 20; i++) for (let j = 1; j < 20; j++) {
    const x = box.left + box.width * i / 20, y = box.top + box.height * j / 20;
    if (document.elementFromPoint(x, y) === path) return [x, y];
  }
  return null;
}"""


@pytest.fixture(scope="module")
def folder(lab: Lab, demo_store: Path) -> Path:
    """The folder of this test's notebook and parameter file."""
    folder = lab.folder / "chooser"
    folder.mkdir()
    (folder / "common.yml").write_text(PARAMETERS, encoding="utf-8")
    write_notebook(folder / "choose.ipynb", CODE.format(store=str(demo_store)))
    return folder


@pytest.fixture(scope="module")
def register(demo_store: Path) -> Register:
    return load_register(Store(demo_store))


@pytest.fixture(scope="module")
def page(browser: Browser, lab: Lab, folder: Path) -> Iterator[Page]:
    with open_notebook(browser, lab, f"{folder.name}/choose.ipynb", ".cip-shape") as page:
        yield page


def list_pressed(page: Page) -> set[str]:
    """Return the codes of the small areas that the map shows as chosen."""
    return set(
        page.locator('.cip-shape[aria-pressed="true"]').evaluate_all(
            "paths => paths.map(path => path.dataset.code)"
        )
    )


def click_small_area(page: Page, code: str) -> None:
    path = page.locator(f'.cip-shape[data-code="{code}"]')
    page.locator(".cip-area-map > svg").scroll_into_view_if_needed()
    x, y = path.evaluate(FIND_POINT)
    page.mouse.click(x, y)


def test_search_click_keyboard_and_save(page: Page, folder: Path, register: Register) -> None:
    before = resolve_area(load_params(folder / "common.yml"), register).codes
    assert list_pressed(page) == set(before)

    # Search: another ward, by its name and with the keyboard alone.
    own_ward = register.lsoas.loc[before, "ward24_code"].iloc[0]
    ward = next(code for code in register.wards.index if code != own_ward)
    members = set(register.lsoas.index[register.lsoas["ward24_code"] == ward])
    name = register.wards.at[ward, "ward24_name"]
    field = page.get_by_label("Search for")
    field.fill(name)
    field.press("Enter")
    expect(page.get_by_label("Results").locator("option").first).to_contain_text(name)
    page.get_by_role("button", name="Add to the area").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".cip-map-status")).to_contain_text(f"Added {name} ward")
    assert "Add to the area" in page.evaluate("document.activeElement.textContent")
    pressed = page.locator('.cip-shape[aria-pressed="true"]')
    expect(pressed).to_have_count(len(set(before) | members))
    assert list_pressed(page) == set(before) | members

    # Click: one small area of the map goes and comes back, and the figures follow.
    gone = sorted(members)[0]
    live = page.locator(".cip-map-status").element_handle()
    click_small_area(page, gone)
    expect(page.locator(".cip-map-status")).to_contain_text("Took out")
    assert gone not in list_pressed(page)
    facts = page.locator(".cip-facts dd.cip-value")
    expect(facts.first).to_have_text(str(len(before) + len(members) - 1))
    # A screen reader hears a text that changes inside an element that stays.
    assert live.evaluate("node => node.isConnected && node.textContent.includes('Took out')")

    # Keyboard: an arrow moves to a neighbour and the space bar chooses it; the notebook's own
    # keys stay still.
    page.locator(f'.cip-shape[data-code="{gone}"]').focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    here = page.evaluate("document.activeElement.dataset.code")
    was_in = here in list_pressed(page)
    page.keyboard.press("Space")
    expect(page.locator(f'.cip-shape[data-code="{here}"]')).to_have_attribute(
        "aria-pressed", str(not was_in).lower()
    )
    cells = page.locator(".jp-Notebook .jp-Cell").count()
    page.keyboard.press("a")
    assert page.locator(".jp-Notebook .jp-Cell").count() == cells
    assert page.evaluate("document.activeElement.dataset.code") == here
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(f'.cip-shape[data-code="{here}"]')).to_have_attribute(
        "aria-pressed", str(was_in).lower()
    )

    # Save: the diff first, and the file only after the word is given.
    path = folder / "common.yml"
    text = path.read_text(encoding="utf-8")
    page.get_by_role("button", name="Show what would be written").click()
    expect(page.locator(".cip-diff")).to_contain_text(ward)
    assert path.read_text(encoding="utf-8") == text
    chosen = list_pressed(page)
    page.get_by_role("button", name="Write it to common.yml").click()
    expect(page.locator(".cip-map-status")).to_contain_text("Written to common.yml")
    saved = load_params(path)
    assert ward in path.read_text(encoding="utf-8")
    assert set(resolve_area(saved, register).codes) == chosen == set(before) | members - {gone}
    kept = path.read_text(encoding="utf-8").splitlines()
    assert [line for line in text.splitlines() if line not in kept] == [
        "  wards: [Teaspoon Common]  # as the steering group drew it"
    ]
    assert "# as the steering group drew it" in "\n".join(kept)


def test_axe_finds_nothing_in_the_chooser(page: Page) -> None:
    page.evaluate(AXE_SCRIPT)
    options = {"runOnly": {"type": "tag", "values": WCAG}}
    result = page.evaluate(f"axe.run('.cip-chooser', {json.dumps(options)})")
    found = [f"{v['id']}: {n['html'][:160]}" for v in result["violations"] for n in v["nodes"]]
    assert found == []


def test_the_map_zooms_and_drags_without_choosing(page: Page) -> None:
    picture = page.locator(".cip-area-map > svg")
    picture.scroll_into_view_if_needed()
    whole, chosen = picture.get_attribute("viewBox"), list_pressed(page)
    page.get_by_role("button", name="Zoom in").click()
    near = picture.get_attribute("viewBox")
    assert float(near.split()[2]) < float(whole.split()[2])
    box = picture.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2 + 60, box["y"] + box["height"] / 2 + 20, steps=4)
    page.mouse.up()
    assert picture.get_attribute("viewBox") != near
    assert list_pressed(page) == chosen
    page.get_by_role("button", name="Whole map").click()
    assert picture.get_attribute("viewBox") == whole
