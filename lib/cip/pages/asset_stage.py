"""The steps of notebook 03 that join its parameters with what is computed."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial

import geopandas as gpd
import pandas as pd

from cip.assets.catchment import measure_access
from cip.assets.locate import read_postcode_points
from cip.assets.people import list_people
from cip.assets.place import PlacedAssets, find_window, place_assets
from cip.assets.priorities import match_priorities, read_priorities
from cip.assets.reach import ReachResult, list_possible_types, measure_reach
from cip.assets.settle import Settled
from cip.assets.walkabout import read_walkabout as read_observations
from cip.assets.walking import WalkNetwork, load_network
from cip.catalogue.asset_types import load_asset_types
from cip.catalogue.evidence import load_evidence_rules
from cip.errors import SourceError
from cip.pages.asset_reach import choose_types
from cip.register import Register
from cip.schemas import SCHEMAS
from cip.tables import check_table
from cip.workspace import Workspace

#: A type of which fewer assets say what they can hold is not measured by capacity.
_LEAST_KNOWN = 0.5


def place(
    workspace: Workspace, settled: Settled, shapes: gpd.GeoDataFrame, boundary: gpd.GeoDataFrame
) -> PlacedAssets:
    """Return the assets in the area and near it, as far as the parameter file looks."""
    settings = workspace.params.assets
    return place_assets(
        settled.assets,
        shapes,
        boundary,
        margin_m=settings.margin_m,
        today=workspace.today,
        stale_after_months=settings.stale_after_months,
    )


def read_walkabout(workspace: Workspace, boundary: gpd.GeoDataFrame) -> pd.DataFrame | None:
    """Return what was seen on walks, each with its point where one is known, or None."""
    read = partial(
        read_observations,
        today=workspace.today,
        near=find_window(boundary, workspace.params.assets.margin_m),
        postcodes=read_postcode_points(workspace.store),
    )
    found = workspace.read_input("walkabout", read)
    return None if found is None else found[0]


def count_residents(small_areas: pd.DataFrame) -> float | None:
    """Return the residents of the area, or None where one of its LSOAs has no count."""
    people = small_areas["population"]
    return float(people.sum()) if len(people) and people.notna().all() else None


def list_residents(
    workspace: Workspace, register: Register, codes: Collection[str]
) -> pd.DataFrame | None:
    """Return where people live, or None where the store has no centres or counts of them.

    Parameters
    ----------
    codes
        LSOAs of the area.

    Returns
    -------
    DataFrame
        One row per output area, else per LSOA (`cip.assets.people`).
    """
    store = workspace.store
    centroids = store.read("centroid_lsoa21") if store.has("centroid_lsoa21") else None
    try:
        return list_people(register, list(codes), centroids)
    except SourceError:
        return None


def read_network(workspace: Workspace, boundary: gpd.GeoDataFrame) -> WalkNetwork | None:
    """Return the streets and paths in and around the area, or None where the store has none."""
    window = find_window(boundary, workspace.params.assets.margin_m)
    return load_network(workspace.store, window)


def measure(
    workspace: Workspace,
    people: pd.DataFrame | None,
    placed: PlacedAssets,
    network: WalkNetwork | None,
) -> ReachResult:
    """Return who can reach which type of asset, inside the area or just outside.

    Without people the result has no rows.
    """
    settings = workspace.params.assets
    own = set(placed.table["asset_type"])
    if people is None:
        empty = {name: check_table(name, _make_empty(name)) for name in ("reach", "reach_places")}
        return ReachResult(empty["reach"], empty["reach_places"], pd.DataFrame())
    return measure_reach(
        people,
        placed.table,
        types=choose_types(workspace.params),
        distances_m=settings.distances_m,
        minutes=settings.minutes,
        gap_m=settings.gap_m,
        network=network,
        known_types=list_possible_types(_list_products_here(workspace, placed)) | own,
    )


def _list_products_here(workspace: Workspace, placed: PlacedAssets) -> set[str]:
    """Return the products whose silence means that there is nothing.

    National registers cover every place. A council's list or an extract of OpenStreetMap covers
    this one only if it lists something in the area or near it.
    """
    seen = {part.strip() for cell in placed.table["sources"] for part in str(cell).split(";")}
    covering = seen | set(load_evidence_rules().reach.registers)
    return covering & set(workspace.store.products())


def measure_capacity(
    workspace: Workspace,
    register: Register,
    placed: PlacedAssets,
    network: WalkNetwork | None,
    codes: Collection[str],
) -> pd.DataFrame:
    """Return what capacity each LSOA of the area can reach, for types whose capacity is known.

    People who live around the area use the same assets, so all LSOAs of its districts take part.
    Of the types that reach is measured to, one is taken when at least half of its assets say what
    they can hold.

    Returns
    -------
    DataFrame
        One row per type and LSOA of the area, with the columns of the table ``asset_access``.
    """
    columns = list(SCHEMAS["asset_access"].columns)
    rows = placed.table[placed.table["x"].notna()]
    types = load_asset_types()
    known = rows["capacity"].notna().groupby(rows["asset_type"]).mean()
    wanted = [
        name
        for name in choose_types(workspace.params)
        if types[name].capacity_label and known.get(name, 0) >= _LEAST_KNOWN
    ]
    own = set(codes)
    if not wanted:
        return _make_empty("asset_access")
    districts = register.lsoas.loc[register.lsoas.index.isin(own), "lad_code"].unique()
    around = register.lsoas.index[register.lsoas["lad_code"].isin(districts)]
    people = list_residents(workspace, register, around)
    if people is None:
        return _make_empty("asset_access")
    parts = [
        measure_access(
            people,
            rows[(rows["asset_type"] == name) & rows["capacity"].notna()],
            limit_m=workspace.params.assets.gap_m,
            network=network,
        ).assign(asset_type=name)
        for name in wanted
    ]
    table = pd.concat(parts, ignore_index=True)
    return table.loc[table["lsoa21_code"].isin(own), columns].reset_index(drop=True)


def match(workspace: Workspace, placed: PlacedAssets) -> pd.DataFrame | None:
    """Return the assets beside each priority of the community, or None where none is named."""
    named = workspace.read_input("priorities", read_priorities)
    return None if named is None else match_priorities(named, placed.table, most_named=3)


def save_inputs(
    workspace: Workspace, priorities: pd.DataFrame | None, walkabout: pd.DataFrame | None
) -> None:
    """Write the tables of the area's own inputs, as far as it has them."""
    given = {"asset_priorities": priorities, "walkabout": walkabout}
    workspace.save(**{name: table for name, table in given.items() if table is not None})


def _make_empty(name: str) -> pd.DataFrame:
    return pd.DataFrame({column: [] for column in SCHEMAS[name].columns})
