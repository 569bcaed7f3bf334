"""Where assets lie: inside the area, just outside, or nowhere that is known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from cip.assets.source_names import OWN_SOURCES
from cip.catalogue.asset_types import load_asset_groups, load_asset_types
from cip.geography import CRS_DISTANCE


@dataclass(frozen=True, eq=False)
class PlacedAssets:
    """The assets of an area and of what lies around it.

    Parameters
    ----------
    table
        One row per asset, with the columns of the table ``assets`` (`cip.schemas`).
    unplaced
        How many entries of county-wide registers have no point, by source: nobody can say
        whether they are near, so they are counted here and not listed.
    """

    table: pd.DataFrame
    unplaced: pd.Series


def find_window(
    boundary: gpd.GeoDataFrame, margin_m: float
) -> tuple[float, float, float, float] | None:
    """Return the box around the area with a margin, in metres; None where it has no outline.

    Returns
    -------
    tuple
        West, south, east and north (EPSG:27700).
    """
    if boundary.empty or boundary.geometry.is_empty.all():
        return None
    west, south, east, north = (float(v) for v in boundary.to_crs(CRS_DISTANCE).total_bounds)
    return west - margin_m, south - margin_m, east + margin_m, north + margin_m


def place_assets(
    assets: pd.DataFrame,
    shapes: gpd.GeoDataFrame,
    boundary: gpd.GeoDataFrame,
    *,
    margin_m: float,
    today: date,
    stale_after_months: int,
) -> PlacedAssets:
    """Say of each asset whether it is inside the area, and number those that are kept.

    An asset outside is kept up to ``margin_m`` metres from the area's outline, in a straight line.
    What the area's own files name is kept wherever it lies, and without a point too.

    Parameters
    ----------
    assets
        One row per asset: the columns of a record with ``sources`` and ``records``.
    shapes
        One row per LSOA of the area: ``area_code`` and its shape.
    boundary
        The outline of the whole area: one row.
    today, stale_after_months
        A check that is older than so many months on this day is stale. An asset without a date
        of its last check is neither stale nor fresh.

    Returns
    -------
    PlacedAssets
        Sorted by place (inside, near, without a place), layer of the map, type and name.
    """
    table = assets.reset_index(drop=True)
    table["lsoa21_code"] = find_small_areas(table, shapes)
    table["distance_m"] = measure_distance(table, boundary)
    has_point = table["x"].notna() & table["y"].notna()
    table["is_inside"] = (table["lsoa21_code"].notna() | (table["distance_m"] == 0)).where(
        has_point
    )
    is_own = table["source_id"].isin(list(OWN_SOURCES))
    is_near = table["distance_m"] <= margin_m
    unplaced = table.loc[~has_point & ~is_own, "source_id"].value_counts().sort_index()
    kept = table[is_own | (has_point & is_near)].copy()
    kept["is_stale"] = find_stale(kept["last_checked"], today, stale_after_months)
    kept = _sort(kept)
    kept["number"] = pd.array(range(1, len(kept) + 1), dtype="Int64")
    return PlacedAssets(kept.drop(columns=["row", "status"]), unplaced)


def find_small_areas(table: pd.DataFrame, shapes: gpd.GeoDataFrame) -> pd.Series:
    """Return the LSOA of the area that each point lies in; missing where it lies in none."""
    codes = pd.Series(pd.NA, index=table.index, dtype="str")
    if shapes.empty:
        return codes
    outlines = shapes.to_crs(CRS_DISTANCE)
    tree = shapely.STRtree(outlines.geometry.to_numpy())
    found, area = tree.query(_make_points(table), predicate="intersects")
    # A point on a common edge lies in both; the first code is taken, whatever the file's order.
    names = outlines["area_code"].to_numpy()[area]
    first = pd.Series(names, index=found).groupby(level=0).min()
    codes.iloc[first.index] = first.to_numpy()
    return codes


def measure_distance(table: pd.DataFrame, boundary: gpd.GeoDataFrame) -> pd.Series:
    """Return the metres from each point to the area in a straight line; 0 inside it."""
    if boundary.empty:
        return pd.Series(np.nan, index=table.index, dtype="float64")
    outline = boundary.to_crs(CRS_DISTANCE).geometry.union_all()
    shapely.prepare(outline)
    return pd.Series(shapely.distance(_make_points(table), outline), index=table.index).round(1)


def find_stale(checked: pd.Series, today: date, months: int) -> pd.Series:
    """Return whether each check is older than so many months; missing where there is no date.

    A year or a month stands for its last day, so that a date is never called older than it is.

    Examples
    --------
    >>> find_stale(pd.Series(["2023", "2026-05-01", None]), date(2026, 6, 1), 24).tolist()
    [True, False, <NA>]
    """
    text = checked.astype("str")
    filled = text.where(text.str.len() != 4, text + "-12-31")
    days = pd.to_datetime(filled, errors="coerce", format="mixed")
    is_month = (text.str.len() == 7).fillna(False).astype(bool)
    days = days.where(~is_month, days + pd.offsets.MonthEnd(0))
    limit = pd.Timestamp(today) - pd.DateOffset(months=months)
    return (days < limit).astype("boolean").where(days.notna())


def _make_points(table: pd.DataFrame) -> np.ndarray:
    """Return one point per row; None, which matches nothing, where a coordinate is missing."""
    points = shapely.points(table["x"].to_numpy(float), table["y"].to_numpy(float))
    has_point = (table["x"].notna() & table["y"].notna()).to_numpy()
    return np.where(has_point, points, None)


def _sort(table: pd.DataFrame) -> pd.DataFrame:
    types = list(load_asset_types())
    groups = list(load_asset_groups())
    group_of = {name: entry.group for name, entry in load_asset_types().items()}
    order = table.assign(
        _place=table["is_inside"].map({True: 0, False: 1}).fillna(2),
        _group=table["asset_type"].map(lambda name: groups.index(group_of[name])),
        _type=table["asset_type"].map(types.index),
        _name=table["name"].str.casefold(),
    )
    keys = ["_place", "_group", "_type", "_name", "asset_id"]
    return table.loc[order.sort_values(keys, kind="stable").index].reset_index(drop=True)
