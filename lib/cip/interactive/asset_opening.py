"""Open the asset editor where somebody can use it, and figures where nobody can."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cip.interactive.asset_known import know_assets
from cip.interactive.asset_stand_in import count_assets
from cip.interactive.opening import StandIn, are_widgets_wanted
from cip.workspace import Workspace

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from cip.assets.settle import Settled
    from cip.interactive.asset_editor import AssetEditor


def open_asset_editor(
    workspace: Workspace,
    settled: Settled,
    *,
    shapes: gpd.GeoDataFrame,
    boundary: gpd.GeoDataFrame,
    records: pd.DataFrame | None = None,
) -> AssetEditor | StandIn:
    """Return the editor of the area's assets; a cell that ends with the call shows it.

    Where ``CIP_WIDGETS`` is ``off``, as in a batch, headline figures come instead, so that a
    notebook in which the call was left still exports.

    Parameters
    ----------
    workspace
        One area's run.
    settled
        What `cip.assets.settle` made of the records.
    shapes
        One row per LSOA of the area: ``area_code`` and its shape.
    boundary
        The outline of the area; empty where there is none, and then there is no map.
    records
        The records before anything was joined; left out, they are read again.

    Raises
    ------
    ParameterError
        If one of the area's own files has changed since the assets were put together.
    """
    known = know_assets(workspace, settled, shapes=shapes, boundary=boundary, records=records)
    if not are_widgets_wanted():
        return StandIn([count_assets(known)])
    from cip.interactive.asset_editor import AssetEditor

    return AssetEditor(workspace, known, shapes=shapes, boundary=boundary)
