"""The page of the voices editor: texts reach it as messages and never as state that is saved.

JupyterLab can save the state of widgets into the notebook. So this one has no traits of its own:
what it shows is sent when it is asked for, and is gone when the page is closed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.resources import files
from typing import Any

import anywidget

from cip.display.stylesheet import block_css

_FOLDER = files("cip.interactive")


def _read(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")


class VoicesPanel(anywidget.AnyWidget):
    """Shows what it is sent, and sends what a person does."""

    _esm = _read("voices_panel.js")
    _css = block_css() + _read("area_map.css") + _read("voices_panel.css")

    def show(self, part: str, view: Mapping[str, Any] | None) -> None:
        """Show one part of the editor anew: ``head``, ``browse``, ``settle`` or ``clear``."""
        self.send({"kind": "view", "part": part, "view": view})

    def show_check(self, is_fine: bool, words: str, pieces: list[dict[str, str]]) -> None:
        """Show what the gate says of words that a person has typed."""
        self.send({"kind": "check", "fine": is_fine, "words": words, "pieces": pieces})

    def say(self, words: str, *, is_trouble: bool = False) -> None:
        """Show a sentence and have it read out."""
        self.send({"kind": "say", "words": words, "trouble": is_trouble})

    def on_action(self, callback: Callable[[Mapping[str, Any]], None]) -> None:
        """Call back with what a person did."""

        def receive(_: VoicesPanel, content: Any, __: Any) -> None:
            if isinstance(content, dict) and isinstance(content.get("act"), str):
                callback(content)

        self.on_msg(receive)
