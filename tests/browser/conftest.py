"""A browser with the network blocked, for every test of a page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from cip.report.browser import find_browser
from cip.report.browser_page import list_flags

from .lab import Lab, start_lab


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(find_browser()), args=list_flags())
        yield started
        started.close()


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """A JupyterLab that all tests of widgets share."""
    with start_lab(tmp_path_factory.mktemp("lab")) as running:
        yield running


@pytest.fixture
def visit(browser: Browser) -> Iterator[Any]:
    """Open pages with the network blocked; complain of requests and script errors at the end."""
    contexts = []
    troubles: list[str] = []

    def open_page(path: Path, width: int) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 800}, offline=True)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda m: troubles.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda e: troubles.append(str(e)))
        page.on("request", lambda r: _note_request(r.url, path, troubles))
        page.goto(path.as_uri())
        for place in page.locator("iframe").all():
            place.scroll_into_view_if_needed()
            page.wait_for_timeout(150)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert troubles == []


def _note_request(url: str, path: Path, troubles: list[str]) -> None:
    if url != path.as_uri() and not url.startswith(("data:", "about:")):
        troubles.append(f"request for {url}")
