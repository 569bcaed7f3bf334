"""The drawn map: what print shows, with scale bar, north arrow, numbers and a key in words."""

from __future__ import annotations

import math
from collections.abc import Sequence

import geopandas as gpd
import matplotlib.patheffects as effects
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from cip.display.map_frame import MapShape
from cip.display.palette import BACKDROP, INK, MUTED, NO_DATA, PAPER, RULE, WARNING
from cip.display.style import (
    FIGURE_WIDTH_IN,
    SMALL_FONT_SIZE_PT,
    house_style,
    new_figure,
    render_svg,
)
from cip.geography import CRS_DISTANCE

_MARGIN_SHARE = 0.14
_MIN_MAP_IN, _MAX_MAP_IN = 3.0, 5.6
_KEY_LINE_IN = 0.25
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
    with house_style():
        backdrop = None if context is None or context.empty else context.to_crs(CRS_DISTANCE)
        handles = _make_handles(key, _find_layers(backdrop, extent))
        height = map_in + _KEY_LINE_IN * math.ceil(len(handles) / 2) + 0.2
        figure = new_figure(height_in=height)
        axes = figure.add_axes((0.005, 1 - map_in / height, 0.99, map_in / height * 0.995))
        axes.set_axis_off()
        if backdrop is not None:
            draw_backdrop(axes, backdrop)
        _draw_shapes(axes, metres, shapes)
        axes.set_xlim(extent[0], extent[2])
        axes.set_ylim(extent[1], extent[3])
        draw_scale(axes, extent)
        draw_north(axes)
        _draw_key(figure, handles)
        return render_svg(figure)


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


def _find_layers(
    backdrop: gpd.GeoDataFrame | None, extent: tuple[float, float, float, float]
) -> set[str]:
    if backdrop is None:
        return set()
    west, south, east, north = extent
    return set(backdrop.cx[west:east, south:north]["layer"])


def draw_backdrop(axes: Axes, backdrop: gpd.GeoDataFrame) -> None:
    """Draw what lies around an area, layer by layer; one row per outline, in metres."""
    for place, (layer, _, colour, width, dashes) in enumerate(_CONTEXT_LINES):
        part = backdrop[backdrop["layer"] == layer]
        if part.empty:
            continue
        part.plot(
            ax=axes,
            aspect=None,
            facecolor=BACKDROP if layer == "neighbour" else "none",
            edgecolor=colour,
            linewidth=width,
            linestyle=dashes,
            zorder=1 if layer == "neighbour" else 3 + place,
        )


def _draw_shapes(axes: Axes, metres: gpd.GeoDataFrame, shapes: Sequence[MapShape]) -> None:
    metres.plot(
        ax=axes,
        aspect=None,
        color=[shape.fill for shape in shapes],
        edgecolor=INK,
        linewidth=0.9,
        zorder=2,
    )
    is_gap = [shape.fill == NO_DATA for shape in shapes]
    if any(is_gap):
        metres[is_gap].plot(
            ax=axes, aspect=None, facecolor="none", edgecolor=MUTED, hatch="////", linewidth=0,
            zorder=2.5,
        )  # fmt: skip
    halo = [effects.withStroke(linewidth=2.6, foreground=PAPER)]
    for point, shape in zip(metres.geometry.representative_point(), shapes, strict=True):
        if shape.label:
            axes.text(
                point.x,
                point.y,
                shape.label,
                ha="center",
                va="center",
                fontsize=SMALL_FONT_SIZE_PT,
                fontweight="bold",
                path_effects=halo,
                zorder=8,
                clip_on=True,
            )


def draw_scale(axes: Axes, extent: tuple[float, float, float, float]) -> None:
    """Draw a scale bar of up to a quarter of the map's width in its lower left corner."""
    west, south, east, north = extent
    length = _pick_length((east - west) / 4)
    x, y = west + (east - west) * 0.03, south + (north - south) * 0.04
    tick = (north - south) * 0.012
    xs = [x, x, x + length, x + length]
    ys = [y + tick, y, y, y + tick]
    for colour, width in ((PAPER, 5), (INK, 1.8)):
        axes.plot(xs, ys, color=colour, linewidth=width, solid_joinstyle="miter", zorder=9)
    words = f"{length / 1000:g} km" if length >= 1000 else f"{length:g} m"
    axes.text(
        x + length / 2,
        y + tick * 1.6,
        words,
        ha="center",
        va="bottom",
        fontsize=SMALL_FONT_SIZE_PT,
        path_effects=[effects.withStroke(linewidth=2.6, foreground=PAPER)],
        zorder=9,
    )


def _pick_length(most_m: float) -> float:
    """Return the longest of 1, 2 or 5 times a power of ten that fits, in metres."""
    power = 10 ** math.floor(math.log10(most_m))
    return float(max(step * power for step in (1, 2, 5) if step * power <= most_m))


def draw_north(axes: Axes) -> None:
    """Draw the north arrow in the upper right corner."""
    axes.annotate(
        "N",
        xy=(0.95, 0.98),
        xytext=(0.95, 0.87),
        xycoords="axes fraction",
        ha="center",
        va="center",
        fontweight="bold",
        arrowprops={"arrowstyle": "-|>", "color": INK, "linewidth": 1.6},
        path_effects=[effects.withStroke(linewidth=2.6, foreground=PAPER)],
        zorder=9,
    )


def _make_patch(colour: str) -> Patch:
    if colour == NO_DATA:
        return Patch(facecolor=colour, edgecolor=MUTED, hatch="////", linewidth=0.7)
    return Patch(facecolor=colour, edgecolor=INK, linewidth=0.7)


def _make_handles(
    key: Sequence[tuple[str, str]], layers: set[str]
) -> list[tuple[Patch | Line2D, str]]:
    handles: list[tuple[Patch | Line2D, str]] = [
        (_make_patch(colour), words) for colour, words in key
    ]
    for layer, words, colour, width, dashes in _CONTEXT_LINES:
        if layer == "neighbour" and layer in layers:
            handles.append((Patch(facecolor=BACKDROP, edgecolor=colour), words))
        elif layer in layers:
            handles.append((Line2D([], [], color=colour, linewidth=width, linestyle=dashes), words))
    return handles


def _draw_key(figure: Figure, handles: Sequence[tuple[Patch | Line2D, str]]) -> None:
    if not handles:
        return
    figure.legend(
        [handle for handle, _ in handles],
        [words for _, words in handles],
        loc="lower left",
        bbox_to_anchor=(0.02, 0.0),
        ncols=2,
        frameon=False,
        borderpad=0.2,
        borderaxespad=0.1,
        handlelength=1.6,
        columnspacing=1.5,
    )
