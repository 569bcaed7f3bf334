"""The part of the asset editor that finds an asset, shows it, and notes a review of it."""

from __future__ import annotations

from collections.abc import Callable

import ipywidgets as widgets
import pandas as pd

from cip.assets.own import SOURCE_ID
from cip.display.markup import escape
from cip.errors import ParameterError
from cip.interactive.asset_changes import PlannedChange
from cip.interactive.asset_click_map import StatusLine
from cip.interactive.asset_filter import (
    MOST_LISTED,
    AssetFilter,
    AssetList,
    describe_asset,
    describe_found,
)
from cip.interactive.asset_form import Form
from cip.interactive.asset_own import OwnRegister, list_review_columns
from cip.interactive.asset_panel import (
    WIDE,
    CopyPanel,
    Desk,
    SavePanel,
    make_choice,
    make_row,
    make_text,
    make_tick,
    make_title,
)
from cip.interactive.asset_sheet import write_sheet

_KINDS = [("hard (places and things)", "hard"), ("soft (people and what they do)", "soft")]


class FindPart:
    """Filter, list, all facts of one asset, and the fields of a review.

    Parameters
    ----------
    desk
        Whose files are written.
    assets
        The assets.
    list_records
        Returns the records that an asset was made of, by its id.
    open_register
        Returns the area's own table as it is now.
    """

    def __init__(
        self,
        desk: Desk,
        assets: AssetList,
        list_records: Callable[[str], pd.DataFrame],
        open_register: Callable[[], OwnRegister],
    ):
        self.assets = assets
        self._list_records, self._open_register = list_records, open_register
        self.text = make_text("Find assets", "words of a name, address, postcode or type")
        self.kind = make_choice("Kind", _KINDS)
        self.asset_type = make_choice("Type", assets.types)
        self.source = make_choice("Source", assets.sources)
        self.is_stale = make_tick("Only not checked for long")
        self.is_unplaced = make_tick("Only without a place")
        self.is_inside = make_tick("Only in the area")
        self.results = widgets.Select(
            description="Assets", rows=8, options=[], layout=widgets.Layout(**WIDE),
            style={"description_width": "initial"},
        )  # fmt: skip
        self.status = StatusLine()
        self.sheet = widgets.HTML()
        self.review = Form(list_review_columns())
        self.panel: SavePanel | CopyPanel
        if open_register().is_workbook:
            self.panel = CopyPanel("Show what to type into the workbook", self._copy)
        else:
            self.panel = SavePanel(
                desk, "Show how the review would be written", self._plan, self.inspect
            )
        self._review_box = widgets.VBox(
            [make_title("Note a review of this asset"), self.review.widget, self.panel.widget]
        )
        self.widget = self._arrange()
        self._connect()
        self.run_filter()

    def _arrange(self) -> widgets.VBox:
        return widgets.VBox(
            [
                make_title("1. Find and inspect"),
                make_row(self.text, self.kind, self.asset_type, self.source),
                make_row(self.is_stale, self.is_unplaced, self.is_inside),
                self.results,
                self.status,
                self.sheet,
                self._review_box,
            ]
        )

    def _connect(self) -> None:
        asked = (
            self.text, self.kind, self.asset_type, self.source,
            self.is_stale, self.is_unplaced, self.is_inside,
        )  # fmt: skip
        for control in asked:
            control.observe(lambda _: self.run_filter(), names="value")
        self.results.observe(lambda _: self.inspect(), names="value")
        for field in self.review.fields.values():
            field.observe(lambda _: self.panel.clear(), names="value")

    @property
    def filter(self) -> AssetFilter:
        """What is asked of the list now."""
        return AssetFilter(
            text=self.text.value,
            kind=self.kind.value,
            asset_type=self.asset_type.value,
            source=self.source.value,
            is_stale=self.is_stale.value,
            is_unplaced=self.is_unplaced.value,
            is_inside=self.is_inside.value,
        )

    def run_filter(self) -> None:
        """List the assets that fit, and say how many they are."""
        found = self.assets.pick(self.filter)
        listed = found.head(MOST_LISTED)
        self.results.options = [
            (describe_asset(asset), asset["asset_id"]) for _, asset in listed.iterrows()
        ]
        self.results.index = None
        self.inspect()
        self.status.words = describe_found(len(found), len(self.assets.table))

    def inspect(self) -> None:
        """Show all facts of the asset that is marked in the list."""
        self.panel.clear()
        self.review.clear()
        asset_id = self.results.value
        own = self._find_own(asset_id) if asset_id else None
        self._review_box.layout.display = "" if own else "none"
        if asset_id is None:
            self.sheet.value = "<p>Mark an asset in the list to see all that is known of it.</p>"
            return
        asset = self.assets.find(asset_id)
        self.sheet.value = write_sheet(asset, self._list_records(asset_id))
        if own:
            self._fill_review(own)

    def _fill_review(self, own: str) -> None:
        try:
            self.review.fill(self._open_register().read_review(own))
        except ParameterError as error:
            self._review_box.layout.display = "none"
            words = " ".join(str(problem) for problem in error.problems)
            self.sheet.value += f"<p><strong>{escape(words)}</strong></p>"

    def _find_own(self, asset_id: str) -> str | None:
        """Return the id that an asset has in the area's own table; None where it is not there."""
        records = self._list_records(asset_id)
        own = records.loc[records["source_id"].eq(SOURCE_ID), "asset_id"]
        return None if own.empty else str(own.iloc[0])

    def _plan(self) -> PlannedChange:
        return self._open_register().plan_review(self._pick_own(), self.review.cells)

    def _copy(self) -> str:
        return self._open_register().copy_review(self._pick_own(), self.review.cells)

    def _pick_own(self) -> str:
        own = self._find_own(self.results.value) if self.results.value else None
        if own is None:
            raise ParameterError("Mark an asset of the area's own register in the list first.")
        return own
