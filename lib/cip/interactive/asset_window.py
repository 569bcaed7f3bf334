"""What the map of the asset editor shows: small areas, the area's outline and known assets."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from cip.assets.place import find_window
from cip.catalogue.asset_types import load_asset_groups, load_asset_types
from cip.geography import CRS_DISTANCE
from cip.interactive.asset_filter import say_name
from cip.interactive.layers import write_path

#: A detail smaller than this part of the map's width cannot be seen.
_DETAIL_SHARE = 1 / 2500


@dataclass(frozen=True)
class AssetWindow:
    """What the map shows; lengths in metres from its top left corner.

    Parameters
    ----------
    size
        Width and height.
    corner
        Easting and northing of the top left corner (EPSG:27700).
    shapes
        One item per LSOA: ``code, path``.
    outline
        The area's boundary as a path.
    groups
        One item per layer of assets: ``label, colour, shape``.
    marks
        One item per asset with a point: ``x, y, name`` and the place of its layer in ``groups``.
    words
        What the map is for, in a sentence.
    """

    size: tuple[int, int]
    corner: tuple[int, int]
    shapes: list[dict[str, Any]] = field(repr=False)
    outline: str = field(repr=False)
    groups: list[dict[str, Any]] = field(repr=False)
    marks: list[dict[str, Any]] = field(repr=False)
    words: str


def draw_asset_window(
    shapes: gpd.GeoDataFrame, boundary: gpd.GeoDataFrame, assets: pd.DataFrame, *, margin_m: float
) -> AssetWindow | None:
    """Return the map of an area with a margin around it, or None where it has no outline.

    Parameters
    ----------
    shapes
        One row per LSOA: ``area_code`` and its shape.
    boundary
        The outline of the whole area.
    assets
        One row per asset of the table ``assets``.
    margin_m
        How much to show around the area, in metres.
    """
    frame = find_window(boundary, margin_m)
    if frame is None:
        return None
    west, south, east, north = (round(v) for v in frame)
    detail = (east - west) * _DETAIL_SHARE
    small = shapes.to_crs(CRS_DISTANCE)
    # Neighbours are simplified together, so that no gap opens between them.
    lines = shapely.coverage_simplify(small.geometry.to_numpy(), detail)
    outline = boundary.to_crs(CRS_DISTANCE).geometry.union_all()
    marks = _draw_marks(assets, west, south, east, north)
    return AssetWindow(
        size=(east - west, north - south),
        corner=(west, north),
        shapes=[
            {"code": code, "path": write_path(line, west, north)}
            for code, line in zip(small["area_code"], lines, strict=True)
        ],
        outline=write_path(shapely.simplify(outline, detail), west, north),
        groups=[
            {"label": group.label, "colour": group.colour, "shape": group.shape}
            for group in load_asset_groups().values()
        ],
        marks=marks,
        words=f"Map of {len(small):,} small areas with {len(marks):,} known assets. Arrow keys "
        "move a cross, Enter puts the pin of the new asset there.",
    )


def _draw_marks(
    assets: pd.DataFrame, west: int, south: int, east: int, north: int
) -> list[dict[str, Any]]:
    types, groups = load_asset_types(), list(load_asset_groups())
    is_shown = assets["x"].between(west, east) & assets["y"].between(south, north)
    is_shown &= assets["asset_type"].isin(types)
    here = assets[is_shown]
    x = np.rint(here["x"].to_numpy(float) - west).astype(int).tolist()
    y = np.rint(north - here["y"].to_numpy(float)).astype(int).tolist()
    places = [groups.index(types[one].group) for one in here["asset_type"]]
    names = [say_name(name) for name in here["name"]]
    return [
        {"x": a, "y": b, "group": place, "name": name}
        for a, b, place, name in zip(x, y, places, names, strict=True)
    ]
