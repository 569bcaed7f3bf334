"""The voices editor in a real JupyterLab: read, code, settle and clear, and nothing said is saved."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Locator, Page, expect

from cip.report.browser import find_browser

from ..support.voices import PLANTED, make_folder
from .checks import WCAG
from .lab import CELL_MS, Lab, open_notebook, write_notebook

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(find_browser() is None, reason="no Chrome, Edge or Chromium found"),
]

CODE = """\
from pathlib import Path

from cip.engagement.codebook import read_codebook
from cip.engagement.excerpts import load_excerpts
from cip.interactive.voices_opening import open_voices_editor
from cip.params import load_params
from cip.store import Store
from cip.workspace import Workspace

book = read_codebook(Path("book.csv"))
open_voices_editor(
    Workspace(load_params("common.yml"), Store(Path("store")), Path("outputs")),
    load_excerpts(Path("voices"), book)[0],
    book,
)
"""
#: Words of excerpts, one of them typed by nobody and one typed into the form.
SAID = (PLANTED, "zanthoxyl", "mouldy again", "01632", "mend the lift", "الجيران")
DAY = date.today().isoformat()


@pytest.fixture(scope="module")
def folder(lab: Lab) -> Path:
    """The folder of this test's notebook, parameter file and excerpts."""
    folder = lab.folder / "voices_lab"
    folder.mkdir()
    make_folder(folder)
    write_notebook(folder / "listen.ipynb", CODE)
    return folder


@pytest.fixture(scope="module")
def page(browser: Browser, lab: Lab, folder: Path) -> Iterator[Page]:
    with open_notebook(browser, lab, f"{folder.name}/listen.ipynb", ".cip-said") as page:
        yield page


def expect_said(page: Page, words: str) -> None:
    """Expect a sentence to be read out."""
    expect(page.locator(".cip-voices [role=status]")).to_contain_text(words)


def press(place: Page | Locator, name: str) -> None:
    """Press a button with the keyboard."""
    button = place.get_by_role("button", name=name, exact=True)
    button.focus()
    button.press("Enter")


def read(folder: Path, name: str) -> str:
    return (folder / name).read_text(encoding="utf-8-sig")


def test_browse_and_code_with_the_keyboard_alone(page: Page, folder: Path) -> None:
    cells = page.locator(".jp-Notebook .jp-Cell").count()
    page.get_by_label("Who codes").select_option("coder_b")
    press(page, "Code as this coder")
    expect_said(page, "You code as coder_b.")
    page.get_by_label("Voice", exact=True).select_option("street")
    expect_said(page, "1 of 5 excerpts fit, from 1 person.")
    said = page.get_by_role("region", name="Excerpt E3", exact=True)
    expect(said).to_have_text("=1+1 is when the bus should come, <b>never</b> does.")
    assert said.locator("b").count() == 0
    page.get_by_label("Voice", exact=True).select_option("")
    press(page, "Next")
    expect_said(page, "Excerpt E4, 4 of 5.")
    # The focus is where it was, on a control that was drawn anew.
    expect(page.get_by_role("button", name="Next", exact=True)).to_be_focused()
    page.keyboard.press("n")
    expect_said(page, "Excerpt E5, 5 of 5.")
    page.keyboard.press("p")
    expect_said(page, "Excerpt E4, 4 of 5.")
    page.keyboard.press("2")
    expect_said(page, "E4: Slow repairs applied. Saved.")
    assert f",yes,repairs,{DAY},coder_b" in read(folder, "voices/coder_b.csv")
    for key in ("a", "d", "d", "x"):
        page.keyboard.press(key)
    assert page.locator(".jp-Notebook .jp-Cell").count() == cells
    press(page, "Undo")
    expect_said(page, "Undone: E4: Slow repairs applied.")
    assert ",yes,,,coder_b" in read(folder, "voices/coder_b.csv")
    page.get_by_role("checkbox", name="Damp homes").check()
    expect_said(page, "E4: Damp homes applied. Saved.")


def test_a_difference_is_settled(page: Page, folder: Path) -> None:
    part = page.get_by_role("region", name="Settle differences", exact=True)
    part.get_by_label("Excerpts on which coders differ").select_option("E2")
    expect(part.get_by_role("row", name="Slow repairs")).to_contain_text("not applied")
    press(part, "Applies: Slow repairs")
    expect_said(page, "E2: Slow repairs applies. Saved.")
    expect(part.get_by_role("button", name="Applies: Slow repairs")).to_have_attribute(
        "aria-pressed", "true"
    )
    assert f"E2,repairs,applies,{DAY}," in read(folder, "voices/settled.csv")


def test_a_quotation_is_refused_and_then_cleared(page: Page, folder: Path) -> None:
    page.get_by_label("Excerpts", exact=True).select_option("E2")
    expect_said(page, "Excerpt E2")
    press(page, "Make a quotation of it")
    expect_said(page, "A quotation of E2 is started.")
    part = page.get_by_role("region", name="Clear quotations", exact=True)
    expect(part.locator("mark.cip-identifier")).to_contain_text("[telephone number]")
    expect(part.locator("mark.cip-name").first).to_contain_text("[possible name]")
    words = part.get_by_label("Words to publish")
    words.fill("Ask Quimbly zanthoxyl, she said ring on 01632 960 123")
    part.get_by_label("The speaker agreed").check()
    part.get_by_label("Role of who clears it").fill("Engagement lead")
    press(part, "Clear and write")
    expect_said(page, "structured identifier")
    words.fill("… about the wet ceiling.")
    press(part, "Check the words")
    expect_said(page, "This could be cleared. It would be signed: Resident.")
    expect(part.locator(".cip-checked")).to_contain_text("about the wet ceiling")
    press(part, "Clear and write")
    expect_said(page, "Q01: cleared.")
    assert "Q01,E2,,… about the wet ceiling.,,,yes,Engagement lead" in read(
        folder, "common/quotes.csv"
    )


def test_axe_finds_nothing_in_the_editor(page: Page) -> None:
    page.evaluate(AXE_SCRIPT)
    options = {"runOnly": {"type": "tag", "values": WCAG}}
    result = page.evaluate(f"axe.run('.cip-voices', {json.dumps(options)})")
    found = [f"{v['id']}: {n['html'][:160]}" for v in result["violations"] for n in v["nodes"]]
    assert found == []


def kill_kernel(page: Page) -> None:
    """End the kernel without a word to it and let a new one start."""
    page.locator(".lm-MenuBar-item", has_text="Kernel").click()
    page.locator(".lm-Menu-item", has_text=re.compile("^Restart Kernel…")).click()
    page.locator(".jp-Dialog").get_by_role("button", name="Confirm Kernel Restart").click()
    expect(page.locator(".jp-Dialog")).to_have_count(0)
    light = page.locator(".jp-Notebook-ExecutionIndicator").first
    expect(light).to_have_attribute("data-status", "idle", timeout=CELL_MS)


def test_nothing_is_lost_when_the_kernel_dies(page: Page, folder: Path) -> None:
    before = read(folder, "voices/coder_b.csv")
    assert f",yes,damp,{DAY},coder_b" in before
    kill_kernel(page)
    page.locator(".jp-Notebook .jp-CodeCell .cm-content").first.click()
    page.keyboard.press("Shift+Enter")
    page.get_by_label("Who codes").select_option("coder_b", timeout=CELL_MS)
    press(page, "Code as this coder")
    expect(page.locator(".cip-voices-head")).to_contain_text("Last: Q01: cleared.")
    assert read(folder, "voices/coder_b.csv") == before
    for words in ("Q01: cleared.", "E2: Slow repairs applies.", "E4: Damp homes applied."):
        press(page, "Undo")
        expect_said(page, f"Undone: {words}")
    assert ",yes,,,coder_b" in read(folder, "voices/coder_b.csv")
    assert "Q01" not in read(folder, "common/quotes.csv")


def test_the_saved_notebook_holds_counts_and_nothing_that_was_said(
    page: Page, folder: Path
) -> None:
    page.get_by_label("Excerpts", exact=True).select_option("E2")
    expect(page.get_by_role("region", name="Excerpt E2", exact=True)).to_contain_text(PLANTED)
    # State of widgets is saved only where a person asks for it: here it is asked for.
    page.locator(".lm-MenuBar-item", has_text="Settings").click()
    page.locator(".lm-Menu-item", has_text="Save Widget State Automatically").click()
    file = folder / "listen.ipynb"
    end = time.monotonic() + 20
    # The choice takes effect a moment after the click.
    while '"widgets"' not in file.read_text(encoding="utf-8"):
        assert time.monotonic() < end, "the notebook was not saved with the state of its widgets"
        page.locator(".jp-Notebook").first.press("Control+s")
        page.wait_for_timeout(400)
    saved = json.loads(file.read_text(encoding="utf-8"))
    text = json.dumps(saved, ensure_ascii=False)
    assert [words for words in SAID if words in text] == []
    data = saved["cells"][0]["outputs"][0]["data"]
    assert "Excerpts" in "".join(data["text/html"])
    state = saved["metadata"]["widgets"]["application/vnd.jupyter.widget-state+json"]
    assert "_esm" in json.dumps(state)
