"""Streets under a map of assets: thinned until they are light, then packed or drawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from cip.catalogue import load_sources
from cip.catalogue.sources import are_figures_invented
from cip.catalogue.walking import STREET_KINDS
from cip.display.palette import MUTED, RULE
from cip.display.picture import Picture
from cip.display.picture_shapes import Window
from cip.geography import CRS_DISTANCE, CRS_MAP

#: West, south, east and north.
Extent = tuple[float, float, float, float]
Box = tuple[float, float, float, float]

#: Points of lines that the interactive page may hold, of about nine characters each, and the
#: drawn map, of about twenty.
MOST_ON_SCREEN, MOST_DRAWN = 18_000, 4_500
#: Lines shorter than this are dots on a map of an area.
_SHORTEST_M = 8.0
_TOLERANCE_M = 5.0
#: Names on the drawn map, and on the interactive one, which shows those that have room.
_MOST_NAMES, _MOST_LISTED = 6, 150
#: Streets that are shorter in all have no name.
_SHORTEST_NAMED_M = 80.0
#: Width of a letter of a street's name, as a share of its height.
_LETTER_SHARE = 0.56
_LONGEST_NAME = 28
_WIDTHS_PT = {"main": 2.2, "street": 1.1, "path": 0.5}
_DEGREES = 100_000
_NAME_PT = 7.0


def cite_streets(source_line: str) -> str:
    """Return a source line with who is to be named where streets are shown."""
    if are_figures_invented():
        return f"{source_line} Streets and paths are invented."
    attribution = load_sources()["osm_streets"].attribution
    if attribution in source_line:
        return f"{source_line} Streets and paths: OpenStreetMap."
    return f"{source_line} Streets and paths: {attribution}."


def thin_streets(
    streets: gpd.GeoDataFrame,
    boundary: gpd.GeoDataFrame,
    *,
    most_points: int,
    tolerance_m: float = _TOLERANCE_M,
) -> gpd.GeoDataFrame:
    """Return as many streets as a map has room for: main ones first, then the nearest.

    Parameters
    ----------
    streets
        One row per line, in metres: ``kind``, ``name`` and its shape.
    boundary
        Outline of the area; what lies in it goes before what lies around it.
    most_points
        Points of lines that there is room for. Lines that no longer fit are left out.
    tolerance_m
        Bends nearer to a straight line than this are left out (Douglas and Peucker).

    Returns
    -------
    GeoDataFrame
        The same columns, those kept, kind by kind.
    """
    lines = shapely.simplify(streets.geometry.to_numpy(), tolerance_m, preserve_topology=False)
    outline = boundary.to_crs(CRS_DISTANCE).geometry.union_all()
    shapely.prepare(outline)
    order = pd.DataFrame(
        {
            "rank": streets["kind"].map(STREET_KINDS.index).to_numpy(),
            "metres": shapely.distance(lines, outline),
            "length": -shapely.length(lines),
        }
    )
    order = order[-order["length"] >= _SHORTEST_M].sort_values(["rank", "metres", "length"])
    points = shapely.get_num_points(lines)[order.index]
    kept = order.index[np.cumsum(points) <= most_points]
    return streets.iloc[kept].set_geometry(lines[kept], crs=streets.crs).reset_index(drop=True)


def cut_streets(streets: gpd.GeoDataFrame, extent: Extent) -> gpd.GeoDataFrame:
    """Return what of the streets lies within west, south, east and north, in metres."""
    lines = shapely.clip_by_rect(streets.geometry.to_numpy(), *extent)
    cut = streets.set_geometry(lines, crs=streets.crs)
    return cut[~cut.geometry.is_empty].explode(ignore_index=True)


def list_names(streets: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return the streets that have a name, main ones first and then the longest.

    Returns
    -------
    DataFrame
        One row per name: ``name``, ``length`` in metres of all its pieces, and ``x`` and ``y`` of
        the middle of its longest piece. Paths, short streets and long names are left out.
    """
    named = streets[streets["name"].notna() & (streets["kind"] != "path")]
    named = named[named["name"].str.len() <= _LONGEST_NAME]
    named = named.assign(length=named.length, rank=named["kind"].map(STREET_KINDS.index))
    named = named.sort_values(["rank", "length", "name"], ascending=[True, False, True])
    rows = named.drop_duplicates("name")
    middles = rows.geometry.interpolate(0.5, normalized=True)
    totals = rows["name"].map(named.groupby("name")["length"].sum())
    table = pd.DataFrame(rows[["name", "rank"]]).assign(length=totals, x=middles.x, y=middles.y)
    table = table[table["length"] >= _SHORTEST_NAMED_M]
    return table.sort_values(
        ["rank", "length", "name"], ascending=[True, False, True], ignore_index=True
    )


def place_names(
    streets: gpd.GeoDataFrame, extent: Extent, *, width_in: float, taken: Sequence[Box]
) -> list[tuple[str, float, float]]:
    """Return the names of the longest streets of a drawn map that have room on it.

    Parameters
    ----------
    streets
        As for `thin_streets`.
    extent
        West, south, east and north of the map, in metres.
    width_in
        Width of the map, in inches.
    taken
        Where something lies already: west, south, east and north, in inches from the corner.

    Returns
    -------
    list of tuple
        Name, and its middle in inches from the south-west corner.
    """
    scale = width_in / (extent[2] - extent[0])
    height_in = (extent[3] - extent[1]) * scale
    held, placed = list(taken), []
    for row in list_names(cut_streets(streets, extent)).itertuples():
        x, y = (row.x - extent[0]) * scale, (row.y - extent[1]) * scale
        half = len(row.name) * _NAME_PT * _LETTER_SHARE / 144
        box = (x - half, y - _NAME_PT / 120, x + half, y + _NAME_PT / 120)
        is_within = box[0] > 0 and box[1] > 0 and box[2] < width_in and box[3] < height_in
        if is_within and row.length * scale >= half and not any(_meet(box, b) for b in held):
            held.append(box)
            placed.append((str(row.name), x, y))
        if len(placed) == _MOST_NAMES:
            break
    return placed


def _meet(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def pack_streets(streets: gpd.GeoDataFrame, boundary: gpd.GeoDataFrame) -> dict[str, Any]:
    """Return the streets as data for the interactive page.

    Returns
    -------
    dict
        ``lines``: for each kind its lines, each a list of whole numbers: latitude and longitude
        of the first point in hundred-thousandths of a degree (about 1 m), then the steps to each
        next one. ``names``: name, latitude and longitude, the most important first.
    """
    thin = thin_streets(streets, boundary, most_points=MOST_ON_SCREEN).to_crs(CRS_MAP)
    places = shapely.get_coordinates(thin.geometry.to_numpy())
    whole = np.round(places[:, ::-1] * _DEGREES).astype(int)
    ends = np.cumsum(shapely.get_num_points(thin.geometry.to_numpy()))[:-1]
    lines: dict[str, list[list[int]]] = {kind: [] for kind in STREET_KINDS}
    for kind, points in zip(thin["kind"], np.split(whole, ends), strict=True):
        lines[kind].append(np.vstack([points[:1], np.diff(points, axis=0)]).ravel().tolist())
    found = list_names(streets).head(_MOST_LISTED)
    points = gpd.GeoSeries(gpd.points_from_xy(found["x"], found["y"]), crs=CRS_DISTANCE)
    points = points.to_crs(CRS_MAP)
    named = [
        [name, round(point.y, 5), round(point.x, 5)]
        for name, point in zip(found["name"], points, strict=True)
    ]
    return {"lines": lines, "names": named}


def draw_streets(
    picture: Picture, window: Window, streets: gpd.GeoDataFrame, boundary: gpd.GeoDataFrame
) -> None:
    """Draw streets under all marks; as for `thin_streets`."""
    west, _, east, _ = window.extent
    # A line of the drawn map cannot show what is finer than a five-hundredth of its width.
    tolerance = max(_TOLERANCE_M, (east - west) / 500)
    cut = thin_streets(
        cut_streets(streets, window.extent),
        boundary,
        most_points=MOST_DRAWN,
        tolerance_m=tolerance,
    )
    for place, kind in enumerate(reversed(STREET_KINDS)):
        own = cut.geometry[cut["kind"] == kind].to_numpy()
        # Tenths of a point, in one path, so that the picture is many times smaller.
        path = "".join(window.trace(own, decimals=1))
        picture.draw_outlines(
            [path], fills=["none"], box=window.box, edge=RULE, line=_WIDTHS_PT[kind], cap="round",
            layer=2.1 + place / 100,
        )  # fmt: skip


def draw_names(
    picture: Picture, window: Window, streets: gpd.GeoDataFrame, *, taken: Sequence[Box]
) -> None:
    """Write the names of a few streets where nothing lies yet; as for `place_names`."""
    left, top, width, height = window.box
    for name, x, y in place_names(streets, window.extent, width_in=width, taken=taken):
        picture.write(
            left + x, top + height - y, name, size=_NAME_PT, colour=MUTED, side="center", layer=2.3
        )
