"""The map as a widget: each small area a button, with the state of the choice read out."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files
from typing import Any

import anywidget
import traitlets

from cip.display.palette import AREA_FILL, BACKDROP
from cip.display.stylesheet import block_css
from cip.interactive.layers import MapWindow

_FOLDER = files("cip.interactive")
_COLOURS = f".cip-chooser{{--cip-area-fill:{AREA_FILL};--cip-backdrop:{BACKDROP}}}\n"


def _read(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")


class AreaMap(anywidget.AnyWidget):
    """A map of small areas that are added or taken out by click, Enter or the space bar.

    It needs no tile server: every line it draws is in ``shapes`` and ``wards``. Only the codes
    travel when the choice changes.
    """

    _esm = _read("area_map.js")
    _css = block_css() + _COLOURS + _read("area_map.css")

    size = traitlets.List(trait=traitlets.Int(), default_value=[1, 1]).tag(sync=True)
    shapes = traitlets.List().tag(sync=True)
    wards = traitlets.List().tag(sync=True)
    words = traitlets.Unicode().tag(sync=True)
    chosen = traitlets.List(trait=traitlets.Unicode()).tag(sync=True)
    found = traitlets.List(trait=traitlets.Unicode()).tag(sync=True)
    status = traitlets.Unicode().tag(sync=True)

    def show_window(self, window: MapWindow) -> None:
        """Show another part of the country, all in one message."""
        with self.hold_sync():
            self.size = list(window.size)
            self.wards = window.wards
            self.words = window.words
            self.shapes = window.shapes

    def on_toggle(self, callback: Callable[[str], None]) -> None:
        """Call back with the code of a small area that was clicked."""

        def receive(_: AreaMap, content: Any, __: Any) -> None:
            if isinstance(content, dict) and content.get("kind") == "toggle":
                callback(str(content.get("code")))

        self.on_msg(receive)
