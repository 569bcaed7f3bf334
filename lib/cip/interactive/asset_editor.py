"""The asset editor: find and inspect, settle duplicates, add an asset, note a review."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets

from cip.assets.place import find_window
from cip.display.blocks import Block
from cip.display.markup import escape
from cip.interactive.asset_add import AddPart
from cip.interactive.asset_filter import AssetList
from cip.interactive.asset_find import FindPart
from cip.interactive.asset_known import KnownAssets
from cip.interactive.asset_own import OwnRegister
from cip.interactive.asset_panel import Desk
from cip.interactive.asset_settle import SettlePart
from cip.interactive.asset_stand_in import count_assets
from cip.interactive.asset_window import draw_asset_window
from cip.workspace import Workspace

if TYPE_CHECKING:
    import geopandas as gpd

_LEAD = (
    "Find an asset and see all that is known of it, say which records are one thing, and add what "
    "no list has. Everything can be done with the keyboard. Nothing is written until you have seen "
    "what would change in the area's own files."
)


class AssetEditor:
    """The parts of the editor, kept in step with the area's own files.

    Parameters
    ----------
    workspace
        One area's run.
    known
        The assets, the records that they were made of, and the pairs that wait.
    shapes
        One row per LSOA of the area, with its shape.
    boundary
        The outline of the area.
    """

    def __init__(
        self,
        workspace: Workspace,
        known: KnownAssets,
        *,
        shapes: gpd.GeoDataFrame,
        boundary: gpd.GeoDataFrame,
    ):
        self.known = known
        self.desk = Desk(workspace.file)
        margin_m = workspace.params.assets.margin_m
        near = find_window(boundary, margin_m)
        window = draw_asset_window(shapes, boundary, known.assets, margin_m=margin_m)
        open_register = partial(self._open_register, workspace, near)
        self.find = FindPart(self.desk, AssetList(known.assets), known.list_records, open_register)
        self.settle = SettlePart(self.desk, known.pairs, known.find_record)
        self.add = AddPart(self.desk, window, open_register)
        title = escape(workspace.params.title)
        heading = widgets.HTML(f"<h4>Assets of {title}</h4><p>{escape(_LEAD)}</p>")
        parts = (self.find, self.settle, self.add)
        self.widget = widgets.VBox([heading, *(part.widget for part in parts)])
        for name in ("cip-chooser", "cip-asset-editor"):
            self.widget.add_class(name)

    def _repr_mimebundle_(self, **options: Any) -> Mapping[str, Any]:
        """Return the controls, and figures for whoever reads without a kernel."""
        facts: Block = count_assets(self.known)
        return {
            **self.widget._repr_mimebundle_(**options),
            "text/html": facts.to_html(),
            "text/plain": facts.to_text(),
        }

    def _open_register(
        self, workspace: Workspace, near: tuple[float, float, float, float] | None
    ) -> OwnRegister:
        return OwnRegister(self.desk.file, workspace.today, near)
