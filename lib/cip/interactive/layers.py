"""The shapes of the map on which an area is chosen, as paths that a browser can draw by itself."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely import Polygon, box
from shapely.geometry.base import BaseGeometry

from cip.geography import CRS_DISTANCE
from cip.interactive.ground import Ground

if TYPE_CHECKING:
    from cip.register import Register
    from cip.store import Store

#: With more shapes than this a browser slows down, and nobody can tell them apart.
MOST_SHAPES = 700
_MARGIN_M, _MARGIN_SHARE = 1200.0, 0.25
#: Width of the map by its height.
_ASPECT = 2.0
#: A detail smaller than this part of the map's width cannot be seen.
_DETAIL_SHARE = 1 / 2500


@dataclass(frozen=True)
class MapWindow:
    """What the map shows at one time; lengths in metres from its top left corner.

    Parameters
    ----------
    size
        Width and height.
    shapes
        One item per LSOA: ``code, name, facts, path, x, y`` (a point inside it).
    wards
        One item per ward outline: ``name, path, x, y``.
    words
        What the map shows, in a sentence.
    """

    size: tuple[int, int]
    shapes: list[dict[str, Any]] = field(repr=False)
    wards: list[dict[str, Any]] = field(repr=False)
    words: str

    @property
    def codes(self) -> frozenset[str]:
        """LSOAs that are on the map."""
        return frozenset(shape["code"] for shape in self.shapes)


@dataclass(frozen=True, eq=False)
class MapLayers:
    """Outlines of small areas and wards in metres, read once.

    Parameters
    ----------
    shapes
        One row per LSOA with a shape: ``area_code`` and geometry (EPSG:27700).
    wards
        One row per ward: ``area_name`` and geometry (EPSG:27700); empty where there are none.
    ground
        What is known of each LSOA.
    """

    shapes: gpd.GeoDataFrame
    wards: gpd.GeoDataFrame
    ground: Ground

    @cached_property
    def codes(self) -> frozenset[str]:
        """LSOAs that have a shape."""
        return frozenset(self.shapes["area_code"])

    @cached_property
    def _bounds(self) -> pd.DataFrame:
        return self.shapes.bounds

    def draw_window(self, codes: Iterable[str]) -> MapWindow:
        """Return the map around some LSOAs, or of all there is where none has a shape."""
        is_wanted = self.shapes["area_code"].isin(list(codes)).to_numpy()
        if not is_wanted.any():
            is_wanted = np.ones_like(is_wanted)
        frame = _widen(*_span(self._bounds[is_wanted]))
        rows, is_cut = self._pick(frame, is_wanted)
        west, south, east, north = frame
        part = self.shapes.iloc[rows]
        detail = (east - west) * _DETAIL_SHARE
        # Neighbours are simplified together, so that no gap opens between them.
        lines = shapely.coverage_simplify(part.geometry.to_numpy(), detail)
        points = shapely.point_on_surface(lines)
        shapes = [
            {
                "code": code,
                "name": self.ground.name(code),
                "facts": self.ground.describe(code),
                "path": write_path(shape, west, north),
                "x": round(point.x - west),
                "y": round(north - point.y),
            }
            for code, shape, point in zip(part["area_code"], lines, points, strict=True)
        ]
        words = f"Map of {len(shapes):,} small areas"
        if is_cut:
            words += f", the nearest of those around; no more than {MOST_SHAPES} are drawn"
        size = (round(east - west), round(north - south))
        return MapWindow(size, shapes, self._draw_wards(frame, detail), f"{words}.")

    def _pick(
        self, frame: tuple[float, float, float, float], is_wanted: np.ndarray
    ) -> tuple[np.ndarray, bool]:
        """Return which rows to draw: those wanted first, then those nearest to the middle."""
        west, south, east, north = frame
        b = self._bounds
        is_near = (
            (b["maxx"] > west) & (b["minx"] < east) & (b["maxy"] > south) & (b["miny"] < north)
        )
        rows = np.flatnonzero(is_near)
        away_x = (b["minx"] + b["maxx"]).to_numpy()[rows] / 2 - (west + east) / 2
        away_y = (b["miny"] + b["maxy"]).to_numpy()[rows] / 2 - (south + north) / 2
        order = np.lexsort((np.hypot(away_x, away_y), ~is_wanted[rows]))
        return np.sort(rows[order[:MOST_SHAPES]]), len(rows) > MOST_SHAPES

    def _draw_wards(
        self, frame: tuple[float, float, float, float], detail: float
    ) -> list[dict[str, Any]]:
        window = box(*frame)
        near = self.wards[self.wards.intersects(window)]
        drawn = []
        for row in near.itertuples():
            visible = shapely.intersection(row.geometry, window)
            point = visible.representative_point()
            outline = shapely.simplify(row.geometry, detail)
            drawn.append(
                {
                    "name": row.area_name if isinstance(row.area_name, str) else "",
                    "path": write_path(outline, frame[0], frame[3]),
                    "x": round(point.x - frame[0]),
                    "y": round(frame[3] - point.y),
                }
            )
        # Names nearest to the middle are written first where there is no room for all.
        middle_x, middle_y = (frame[2] - frame[0]) / 2, (frame[3] - frame[1]) / 2
        return sorted(drawn, key=lambda w: math.hypot(w["x"] - middle_x, w["y"] - middle_y))


def load_layers(store: Store, register: Register, ground: Ground) -> MapLayers | None:
    """Return the map's shapes, or None where the store has no outlines of LSOAs."""
    shapes = register.shapes
    if shapes is None or shapes.empty:
        return None
    known = shapes[shapes["area_code"].isin(ground.codes)].reset_index(drop=True)
    if store.has("boundary_ward"):
        wards = store.read("boundary_ward")[["area_name", "geometry"]].to_crs(CRS_DISTANCE)
    else:
        wards = gpd.GeoDataFrame({"area_name": []}, geometry=[], crs=CRS_DISTANCE)
    return MapLayers(known, wards, ground)


def write_path(shape: BaseGeometry, west: float, north: float) -> str:
    """Return a polygon as the path of an SVG, in whole metres from the top left corner."""
    pieces = []
    for part in shapely.get_parts(shape):
        if isinstance(part, Polygon):
            for ring in (part.exterior, *part.interiors):
                xy = np.rint(shapely.get_coordinates(ring)[:-1]).astype(int)
                x, y = xy[:, 0] - round(west), round(north) - xy[:, 1]
                points = " ".join(f"{a} {b}" for a, b in zip(x, y, strict=True))
                pieces.append(f"M{points}Z")
    return "".join(pieces)


def _span(bounds: pd.DataFrame) -> tuple[float, float, float, float]:
    return (
        float(bounds["minx"].min()),
        float(bounds["miny"].min()),
        float(bounds["maxx"].max()),
        float(bounds["maxy"].max()),
    )


def _widen(
    west: float, south: float, east: float, north: float
) -> tuple[float, float, float, float]:
    """Return a frame with what lies around, in the shape of the map on a page."""
    margin = max(_MARGIN_M, _MARGIN_SHARE * max(east - west, north - south))
    width, height = east - west + 2 * margin, north - south + 2 * margin
    wide, high = max(width, height * _ASPECT), max(height, width / _ASPECT)
    middle_x, middle_y = (west + east) / 2, (south + north) / 2
    return middle_x - wide / 2, middle_y - high / 2, middle_x + wide / 2, middle_y + high / 2
