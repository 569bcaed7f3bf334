"""The editors of the action plan and of scores in a real JupyterLab."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page, expect

from cip.report.browser import find_browser

from .checks import WCAG
from .lab import Lab, open_notebook, write_notebook

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(find_browser() is None, reason="no Chrome, Edge or Chromium found"),
]

CODE = """\
from pathlib import Path

import ipywidgets

from cip.interactive.action_opening import open_action_editor
from cip.interactive.score_opening import open_score_editor
from cip.params import load_params
from cip.store import Store
from cip.workspace import Workspace

workspace = Workspace(load_params("demo.yml"), Store(Path("store")), Path("outputs"))
display(open_action_editor(workspace))
display(open_score_editor(workspace))
"""
SAID = "Twelve homes were walked this week."


@pytest.fixture(scope="module")
def folder(lab: Lab, root: Path) -> Path:
    """The demonstration's own inputs, with a notebook that opens both editors."""
    folder = lab.folder / "plan_lab"
    shutil.copytree(root / "params/demo", folder / "demo", ignore=shutil.ignore_patterns("source"))
    shutil.copy(root / "params/demo.yml", folder)
    write_notebook(folder / "plan.ipynb", CODE)
    return folder


@pytest.fixture(scope="module")
def page(browser: Browser, lab: Lab, folder: Path) -> Iterator[Page]:
    with open_notebook(browser, lab, f"{folder.name}/plan.ipynb", ".cip-action-editor") as page:
        yield page


def test_an_update_is_shown_as_a_diff_before_it_is_written(page: Page, folder: Path) -> None:
    editor = page.locator(".cip-action-editor")
    log, plan = folder / "demo/action_log.csv", folder / "demo/actions.csv"
    before = (log.read_bytes(), plan.read_bytes())
    editor.get_by_label("Action", exact=True).select_option(index=2)
    editor.get_by_label(re.compile("^Status")).select_option("under way")
    for name, words in (("On", "2026-11-20"), ("By", "Transport planner"), ("Note", SAID)):
        field = editor.get_by_label(re.compile(rf"^{name}\b"))
        field.fill(words)
        field.press("Tab")
    for name, sign in (
        ("Note the update", "1 update waits to be written"),
        ("Show what would be written", "+late-bus,2026-11-20"),
    ):
        button = editor.get_by_role("button", name=name, exact=True)
        button.focus()
        button.press("Enter")
        expect(editor).to_contain_text(sign, timeout=20_000)
    assert (log.read_bytes(), plan.read_bytes()) == before
    confirm = editor.get_by_role("button", name=re.compile("^Write it to"))
    confirm.focus()
    confirm.press("Enter")
    expect(editor).to_contain_text("Written to", timeout=20_000)
    assert SAID in log.read_text(encoding="utf-8-sig")
    # The plan says already that it is under way: not a byte of it changes.
    assert plan.read_bytes() == before[1]


def test_both_editors_hold_what_a_screen_reader_needs(page: Page) -> None:
    expect(page.locator(".cip-score-editor")).to_be_visible()
    page.evaluate(AXE_SCRIPT)
    options = {"runOnly": {"type": "tag", "values": WCAG}}
    for name in (".cip-action-editor", ".cip-score-editor"):
        result = page.evaluate(f"axe.run('{name}', {json.dumps(options)})")
        found = [f"{v['id']}: {n['html'][:160]}" for v in result["violations"] for n in v["nodes"]]
        assert found == [], name
