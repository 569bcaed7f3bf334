"""The drawn map: what print shows, with scale bar, north arrow, numbers and a key in words."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from cip.display.map_frame import MapShape
from cip.display.palette import BACKDROP, INK, MUTED, NO_DATA, PAPER, RULE, WARNING
from cip.display.picture import Picture, measure_words
from cip.display.picture_shapes import Window
from cip.display.style import FIGURE_WIDTH_IN, FONT_SIZE_PT
from cip.geography import CRS_DISTANCE

_MARGIN_SHARE = 0.14
_MIN_MAP_IN, _MAX_MAP_IN = 3.0, 5.6
_POINT_IN = 1 / 72
_HATCH, _HALO_PT = "////", 2.6
#: The map stands off the picture's edges by these shares of the width and of its own height.
_SIDE_SHARE, _TOP_SHARE = 0.005, 0.005
#: The key: height of a line, left edge, lowest baseline, room for a patch, and beside it and words.
_KEY_LINE_IN = 0.25
_KEY_LEFT_IN, _KEY_BASE_IN, _KEY_STEP_IN, _KEY_MARK_IN, _KEY_GAP_IN, _KEY_BETWEEN_IN = (
    n * _POINT_IN for n in (10.2, 5.4, 15, 16, 8, 15)
)
_PATCH_IN = 7 * _POINT_IN
#: The north arrow: where its letter and its tip are, as shares of the map from the top left.
_NORTH_X, _NORTH_TIP_Y, _NORTH_LETTER_Y = 0.95, 0.02, 0.13
#: (layer, legend words, line colour, line width, dashes)
_CONTEXT_LINES = (
    ("neighbour", "Neighbouring small areas", RULE, 0.7, "-"),
    ("ward", "Ward boundary", MUTED, 1.1, "--"),
    ("district", "District boundary", INK, 2.2, "-"),
    ("outline", "Outline as drawn", WARNING, 2.2, ":"),
)


def draw_map(
    areas: gpd.GeoDataFrame,
    shapes: Sequence[MapShape],
    context: gpd.GeoDataFrame | None,
    *,
    key: Sequence[tuple[str, str]],
) -> str:
    """Return the drawn map as SVG.

    Parameters
    ----------
    areas
        One row per area, longitude and latitude.
    shapes
        One item per row of ``areas``, in the same order.
    context
        Backdrop with a ``layer`` column.
    key
        Legend: colour and words, in order.
    """
    metres = areas.to_crs(CRS_DISTANCE)
    extent = find_extent(metres)
    map_in = (extent[3] - extent[1]) / (extent[2] - extent[0]) * FIGURE_WIDTH_IN
    backdrop = find_backdrop(context, extent)
    layers = [row for row in _CONTEXT_LINES if row[0] in backdrop]
    rows = math.ceil((len(key) + len(layers)) / 2)
    picture = Picture(height_in=map_in + _KEY_LINE_IN * rows + 0.2)
    left, top = FIGURE_WIDTH_IN * _SIDE_SHARE, map_in * _TOP_SHARE
    window = Window(extent, (left, top, FIGURE_WIDTH_IN - 2 * left, map_in - top))
    draw_backdrop(picture, window, backdrop)
    _draw_shapes(picture, window, metres, shapes)
    draw_scale(picture, window)
    draw_north(picture, window)
    _draw_key(picture, key, layers)
    return picture.to_svg()


def find_extent(metres: gpd.GeoDataFrame) -> tuple[float, float, float, float]:
    """Return bounds with a margin, no flatter and no taller than the page allows."""
    west, south, east, north = (float(v) for v in metres.total_bounds)
    margin = max(east - west, north - south) * _MARGIN_SHARE
    width, height = east - west + 2 * margin, north - south + 2 * margin
    low, high = _MIN_MAP_IN / FIGURE_WIDTH_IN, _MAX_MAP_IN / FIGURE_WIDTH_IN
    new_height = max(height, width * low)
    new_width = max(width, new_height / high)
    middle_x, middle_y = (west + east) / 2, (south + north) / 2
    return (
        middle_x - new_width / 2,
        middle_y - new_height / 2,
        middle_x + new_width / 2,
        middle_y + new_height / 2,
    )


def find_backdrop(
    context: gpd.GeoDataFrame | None, extent: tuple[float, float, float, float]
) -> dict[str, np.ndarray[Any, Any]]:
    """Return the outlines in metres that a map of this extent shows, by their layer."""
    if context is None or context.empty:
        return {}
    outlines = context.geometry.to_crs(CRS_DISTANCE).to_numpy()
    is_seen = shapely.intersects(outlines, shapely.box(*extent))
    layers = context["layer"].to_numpy()[is_seen]
    return {layer: outlines[is_seen][layers == layer] for layer in dict.fromkeys(layers)}


def draw_backdrop(
    picture: Picture, window: Window, backdrop: dict[str, np.ndarray[Any, Any]]
) -> None:
    """Draw what lies around an area, layer by layer, as `find_backdrop` gives it."""
    for place, (layer, _, colour, width, dashes) in enumerate(_CONTEXT_LINES):
        if layer not in backdrop:
            continue
        is_ground = layer == "neighbour"
        # Dashes count from where an outline starts, which a cut would move.
        seen = window.cut(backdrop[layer]) if dashes == "-" else backdrop[layer]
        outlines = window.trace(seen)
        picture.draw_outlines(
            outlines, fills=[BACKDROP if is_ground else "none"] * len(outlines), box=window.box,
            edge=colour, line=width, dash=dashes, layer=1 if is_ground else 3 + place,
        )  # fmt: skip


def _draw_shapes(
    picture: Picture, window: Window, metres: gpd.GeoDataFrame, shapes: Sequence[MapShape]
) -> None:
    traced = list(zip(window.trace(metres.geometry.to_numpy()), shapes, strict=True))
    for hatch in ("", _HATCH):
        own = [(path, s.fill) for path, s in traced if (s.fill == NO_DATA) == bool(hatch)]
        picture.draw_outlines(
            [path for path, _ in own], fills=[fill for _, fill in own], box=window.box,
            edge=INK, line=0.9, hatch=hatch, hatch_colour=MUTED, layer=2,
        )  # fmt: skip
    for point, shape in zip(metres.geometry.representative_point(), shapes, strict=True):
        if shape.label:
            x, y = window.place(point.x, point.y)
            picture.write(x, y, shape.label, side="center", is_bold=True, halo=_HALO_PT, layer=8)


def draw_scale(picture: Picture, window: Window) -> None:
    """Draw a scale bar of up to a quarter of the map's width in its lower left corner."""
    west, south, east, north = window.extent
    length = _pick_length((east - west) / 4)
    x, y = west + (east - west) * 0.03, south + (north - south) * 0.04
    tick = (north - south) * 0.012
    corners = [(x, y + tick), (x, y), (x + length, y), (x + length, y + tick)]
    ends = [window.place(*corner) for corner in corners]
    for colour, width in ((PAPER, 5), (INK, 1.8)):
        picture.draw_line(ends, colour=colour, width=width, cap="round", layer=9)
    words = f"{length / 1000:g} km" if length >= 1000 else f"{length:g} m"
    at = window.place(x + length / 2, y + tick * 1.6)
    picture.write(*at, words, side="center", level="bottom", halo=_HALO_PT, layer=9)


def _pick_length(most_m: float) -> float:
    """Return the longest of 1, 2 or 5 times a power of ten that fits, in metres."""
    power = 10 ** math.floor(math.log10(most_m))
    return float(max(step * power for step in (1, 2, 5) if step * power <= most_m))


def draw_north(picture: Picture, window: Window) -> None:
    """Draw the north arrow in the upper right corner."""
    left, top, width, height = window.box
    x, letter = left + width * _NORTH_X, top + height * _NORTH_LETTER_Y
    tip = top + height * _NORTH_TIP_Y + 3.8 * _POINT_IN
    half, head = 2.2 * _POINT_IN, 4.4 * _POINT_IN
    wedge = [(x - half, tip + head), (x, tip), (x + half, tip + head), (x - half, tip + head)]
    stem = [(x, letter - 10 * _POINT_IN), (x, tip)]
    picture.draw_line(stem, colour=INK, width=1.6, cap="round", layer=9)
    picture.draw_area(wedge, fill=INK, layer=9)
    picture.draw_line(wedge, colour=INK, width=1.6, cap="round", layer=9)
    picture.write(
        x, letter, "N", size=FONT_SIZE_PT, side="center", is_bold=True, halo=_HALO_PT, layer=9
    )


def _draw_key(
    picture: Picture,
    key: Sequence[tuple[str, str]],
    layers: Sequence[tuple[str, str, str, float, str]],
) -> None:
    """Explain fills and lines in two columns, the first filled first."""
    words = [words for _, words in key] + [row[1] for row in layers]
    rows = math.ceil(len(words) / 2)
    beside = _KEY_MARK_IN + _KEY_GAP_IN
    width = max((measure_words(one) for one in words[:rows]), default=0.0)
    lefts = (_KEY_LEFT_IN, _KEY_LEFT_IN + beside + width + _KEY_BETWEEN_IN)
    for place, one in enumerate(words):
        left = lefts[place // rows]
        baseline = picture.height_in - _KEY_BASE_IN - (rows - 1 - place % rows) * _KEY_STEP_IN
        if place < len(key):
            _draw_patch(picture, left, baseline, key[place][0])
        else:
            layer, _, colour, line, dashes = layers[place - len(key)]
            if layer == "neighbour":
                _draw_patch(picture, left, baseline, BACKDROP, edge=colour, line=1.0)
            else:
                middle = baseline - _PATCH_IN / 2
                picture.draw_line(
                    [(left, middle), (left + _KEY_MARK_IN, middle)], colour=colour, width=line,
                    dash=dashes, cap="round" if dashes == "-" else "butt",
                )  # fmt: skip
        picture.write(left + beside, baseline, one, level="baseline")


def _draw_patch(
    picture: Picture, left: float, baseline: float, fill: str, *, edge: str = INK, line: float = 0.7
) -> None:
    size = (left, baseline - _PATCH_IN, _KEY_MARK_IN, _PATCH_IN)
    if fill == NO_DATA:
        picture.draw_box(*size, fill=fill, edge=MUTED, line=line, hatch=_HATCH)
    else:
        picture.draw_box(*size, fill=fill, edge=edge, line=line)
