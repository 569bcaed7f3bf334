"""What every page must pass in a browser."""

from __future__ import annotations

import json

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Frame

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def find_violations(frame: Frame) -> list[str]:
    """Run axe in one document; frames are checked one by one, each as a page of its own."""
    frame.evaluate(AXE_SCRIPT)
    options = {"runOnly": {"type": "tag", "values": WCAG}, "iframes": False}
    result = frame.evaluate(f"axe.run(document, {json.dumps(options)})")
    return [f"{v['id']}: {node['html'][:160]}" for v in result["violations"] for node in v["nodes"]]
