"""Every record of an asset that an area's run can find: registers, OpenStreetMap, its own files."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial

import geopandas as gpd
import pandas as pd

from cip.assets.closed import doubt_closed
from cip.assets.collect import collect_places, count_left_out
from cip.assets.decision_table import read_decisions
from cip.assets.locate import locate_records, read_postcode_points
from cip.assets.open_referral import import_services
from cip.assets.own import read_assets
from cip.assets.place import find_window
from cip.assets.record import join_records
from cip.workspace import Workspace


@dataclass(frozen=True, eq=False)
class Gathered:
    """What was found before anything is joined.

    Parameters
    ----------
    records
        One row per asset as one source tells of it (`cip.assets.record`).
    decisions
        What the analyst decided about pairs of records; None where the area has no such file.
    notes
        What a reader should know: rows without a place, services that are no longer active.
    left_out
        One row per product: places of the register that are closed, dormant or proposed.
    """

    records: pd.DataFrame
    decisions: pd.DataFrame | None
    notes: list[str] = field(default_factory=list)
    left_out: pd.DataFrame | None = None


def gather_assets(workspace: Workspace, boundary: gpd.GeoDataFrame) -> Gathered:
    """Return the records of the area and of what lies around it, each with its point if it has one.

    Raises
    ------
    ParameterError
        With every problem of the first of the area's own files that cannot be read.
    """
    window = find_window(boundary, workspace.params.assets.margin_m)
    points = read_postcode_points(workspace.store)
    found_in_store = collect_places(workspace.store, window)
    parts = [found_in_store.records]
    notes: list[str] = []
    how = {"today": workspace.today, "near": window, "postcodes": points}
    for found in (
        workspace.read_input("assets", partial(read_assets, **how)),
        workspace.read_input("open_referral", partial(import_services, **how)),
    ):
        if found is not None:
            own, said = found
            own, placed = locate_records(own, points)
            parts.append(own)
            notes += [*said, *placed]
    records, said = doubt_closed(join_records(parts), found_in_store.closed)
    return Gathered(
        records,
        workspace.read_input("asset_decisions", read_decisions),
        [*notes, *said],
        count_left_out(workspace.store),
    )
