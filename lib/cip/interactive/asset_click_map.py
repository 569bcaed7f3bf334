"""The map on which a new asset's place is pointed out, and the line that reads out what happens."""

from __future__ import annotations

import math
from collections.abc import Callable
from importlib.resources import files
from typing import Any

import anywidget
import traitlets

from cip.display.palette import AREA_FILL, BACKDROP
from cip.display.stylesheet import block_css
from cip.interactive.asset_window import AssetWindow

_FOLDER = files("cip.interactive")
_COLOURS = f".cip-chooser{{--cip-area-fill:{AREA_FILL};--cip-backdrop:{BACKDROP}}}\n"
_SHEETS = ("area_map.css", "asset_click_map.css")


def _read(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")


class AssetClickMap(anywidget.AnyWidget):
    """A map with the assets that are known, on which a pin is put by click or keyboard.

    It needs no tile server. What it sends is a point in metres (EPSG:27700), whole metres.
    """

    _esm = _read("asset_click_map.js")
    _css = block_css() + _COLOURS + "".join(map(_read, _SHEETS))

    has_map = traitlets.Bool(default_value=False).tag(sync=True)
    size = traitlets.List(trait=traitlets.Int(), default_value=[1, 1]).tag(sync=True)
    corner = traitlets.List(trait=traitlets.Int(), default_value=[0, 0]).tag(sync=True)
    shapes = traitlets.List().tag(sync=True)
    outline = traitlets.Unicode().tag(sync=True)
    groups = traitlets.List().tag(sync=True)
    words = traitlets.Unicode().tag(sync=True)
    pin = traitlets.List(trait=traitlets.Float()).tag(sync=True)
    marks = traitlets.List().tag(sync=True)

    def show_window(self, window: AssetWindow) -> None:
        """Show a part of the country with its assets, all in one message."""
        with self.hold_sync():
            self.has_map = True
            self.size, self.corner = list(window.size), list(window.corner)
            self.outline, self.words = window.outline, window.words
            self.shapes, self.groups, self.marks = window.shapes, window.groups, window.marks

    def on_pin(self, callback: Callable[[float, float], None]) -> None:
        """Call back with easting and northing when a point was chosen."""

        def receive(_: AssetClickMap, content: Any, __: Any) -> None:
            if isinstance(content, dict) and content.get("kind") == "pin":
                point = [content.get("x"), content.get("y")]
                if all(isinstance(v, (int, float)) and math.isfinite(v) for v in point):
                    callback(*map(float, point))

        self.on_msg(receive)


class StatusLine(anywidget.AnyWidget):
    """A sentence that is read out whenever it changes."""

    _esm = _read("asset_status.js")

    words = traitlets.Unicode().tag(sync=True)
