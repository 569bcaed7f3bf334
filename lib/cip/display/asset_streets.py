"""Streets under a map of assets: thinned until they are light, then packed or drawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from matplotlib.axes import Axes

from cip.catalogue import load_sources
from cip.catalogue.sources import are_figures_invented
from cip.catalogue.walking import STREET_KINDS
from cip.display.palette import MUTED, RULE
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
    axes: Axes,
    streets: gpd.GeoDataFrame,
    boundary: gpd.GeoDataFrame,
    extent: Extent,
    *,
    width_in: float,
) -> None:
    """Draw streets under all marks, on axes that fill a figure of this width."""
    # A line of the drawn map cannot show what is finer than a five-hundredth of its width.
    tolerance = max(_TOLERANCE_M, (extent[2] - extent[0]) / 500)
    cut = thin_streets(
        cut_streets(streets, extent), boundary, most_points=MOST_DRAWN, tolerance_m=tolerance
    )
    for place, kind in enumerate(reversed(STREET_KINDS)):
        own = cut.geometry[cut["kind"] == kind]
        if own.empty:
            continue
        x, y = _join_lines(own, extent, width_in=width_in)
        axes.plot(
            x, y, color=RULE, linewidth=_WIDTHS_PT[kind], solid_capstyle="round",
            transform=axes.figure.dpi_scale_trans, zorder=2.1 + place / 100,
        )  # fmt: skip


def _join_lines(
    lines: gpd.GeoSeries, extent: Extent, *, width_in: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return lines as one with gaps, in inches, so that the picture is many times smaller.

    Points lie on tenths of a typographic point, counted from the top left as in the picture, where
    each takes half as many figures then.
    """
    gap = np.full((1, 2), np.nan)
    pieces = [part for line in lines for part in (shapely.get_coordinates(line), gap)]
    points = width_in * 72 / (extent[2] - extent[0])
    height = (extent[3] - extent[1]) * points
    x, y = (np.vstack(pieces) - extent[:2]).T * points
    return x.round(1) / 72, (height - (height - y).round(1)) / 72


def draw_names(
    axes: Axes,
    streets: gpd.GeoDataFrame,
    extent: Extent,
    *,
    width_in: float,
    taken: Sequence[Box],
) -> None:
    """Write the names of a few streets where nothing lies yet; as for `place_names`."""
    for name, x, y in place_names(streets, extent, width_in=width_in, taken=taken):
        axes.text(
            x, y, name, transform=axes.figure.dpi_scale_trans, ha="center", va="center",
            color=MUTED, fontsize=_NAME_PT, zorder=2.3,
        )  # fmt: skip
