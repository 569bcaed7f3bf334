"""The part of the asset editor in which an asset is pointed out on a map and described."""

from __future__ import annotations

import math
from collections.abc import Callable

import ipywidgets as widgets

from cip.interactive.asset_changes import PlannedChange
from cip.interactive.asset_click_map import AssetClickMap
from cip.interactive.asset_form import Form
from cip.interactive.asset_own import OwnRegister, list_form_columns
from cip.interactive.asset_panel import (
    CopyPanel,
    Desk,
    SavePanel,
    make_button,
    make_row,
    make_title,
)
from cip.interactive.asset_window import AssetWindow


class AddPart:
    """Map, form and diff of a new asset.

    Parameters
    ----------
    desk
        Whose files are written.
    window
        What the map shows; None where the area has no outline.
    open_register
        Returns the area's own table as it is now.
    """

    def __init__(
        self, desk: Desk, window: AssetWindow | None, open_register: Callable[[], OwnRegister]
    ):
        self._open_register = open_register
        self.map = AssetClickMap()
        if window is not None:
            self.map.show_window(window)
        self.form = Form(list_form_columns())
        self.empty = make_button("Empty the form")
        self.panel: SavePanel | CopyPanel
        if open_register().is_workbook:
            self.panel = CopyPanel("Show the row to copy into the workbook", self._copy)
        else:
            self.panel = SavePanel(
                desk, "Show how the asset would be written", self._plan, self._end
            )
        self.widget = widgets.VBox(
            [
                make_title("3. Add an asset"),
                self.map,
                self.form.widget,
                make_row(self.empty),
                self.panel.widget,
            ]
        )
        self.map.on_pin(self.put_pin)
        self.empty.on_click(lambda _: self.clear())
        for field in self.form.fields.values():
            field.observe(lambda _: self.panel.clear(), names="value")
        for name in ("easting", "northing"):
            self.form.fields[name].observe(lambda _: self._follow(), names="value")

    def put_pin(self, x: float, y: float) -> None:
        """Take a point of the map, in metres, into the form."""
        self.form.fill({"easting": f"{x:.0f}", "northing": f"{y:.0f}"})
        self.panel.say(
            f"The pin is at easting {x:.0f}, northing {y:.0f}. Describe the asset below."
        )

    def clear(self) -> None:
        """Empty the form and take the pin away."""
        self.form.clear()
        self.panel.clear()
        self.panel.say("The form is empty.")

    def _follow(self) -> None:
        """Put the pin where the two fields say, typed or not."""
        try:
            point = [float(self.form.cells[name]) for name in ("easting", "northing")]
        except ValueError:
            point = []
        self.map.pin = point if all(map(math.isfinite, point)) else []

    def _plan(self) -> PlannedChange:
        return self._open_register().plan_asset(self.form.cells)

    def _copy(self) -> str:
        return self._open_register().copy_asset(self.form.cells)

    def _end(self) -> None:
        self.form.clear()
