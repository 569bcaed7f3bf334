"""The drawn map of assets: numbered marks in a grid of squares, for print and without scripts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import geopandas as gpd
import matplotlib.patheffects as effects
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.path import Path
from matplotlib.transforms import Affine2D, IdentityTransform

from cip.display.asset_layout import (
    SQUARES,
    Box,
    Extent,
    Heap,
    count_rows,
    find_room,
    gather_heaps,
    name_squares,
    pick_unnumbered,
)
from cip.display.asset_marks import SOFT_RING, load_mark_styles, make_path, write_ranges
from cip.display.asset_streets import draw_names, draw_streets
from cip.display.map_drawing import draw_backdrop, draw_north, draw_scale, find_extent
from cip.display.palette import INK, MUTED, PAPER, PART_FILL
from cip.display.style import FIGURE_WIDTH_IN, house_style, new_figure, render_svg
from cip.geography import CRS_DISTANCE

_MARK_PT, _SMALL_PT, _HEAP_PT = 5.0, 2.6, 6.5
_LABEL_PT = 8.5
_DIGIT_SHARE = 0.68
_MOST_LABEL_CHARACTERS = 9


@dataclass(frozen=True)
class AssetDrawing:
    """The drawn map and what its key must say.

    Parameters
    ----------
    svg
        The map.
    squares
        The square of the grid for each item, such as ``C4``; missing where it has no place or
        lies beyond the map's edge.
    unnumbered
        Types drawn small and without a number, with how many of each are on the map.
    unlabelled
        How many marks have no number beside them for want of room.
    heaps
        How many marks stand for several assets.
    """

    svg: str
    squares: pd.Series
    unnumbered: dict[str, int] = field(default_factory=dict)
    unlabelled: int = 0
    heaps: int = 0


def draw_assets(
    items: pd.DataFrame,
    boundary: gpd.GeoDataFrame,
    context: gpd.GeoDataFrame | None,
    streets: gpd.GeoDataFrame | None = None,
) -> AssetDrawing:
    """Draw the items on the outline of the area, numbered as far as there is room.

    Parameters
    ----------
    items
        From `cip.display.asset_items.list_items`.
    boundary
        Outline of the area, longitude and latitude.
    context
        Backdrop with a ``layer`` column.
    streets
        Streets and paths, in metres: ``kind``, ``name`` and a line each.
    """
    outline = boundary.to_crs(CRS_DISTANCE)
    extent = find_extent(outline)
    west, south, east, north = extent
    map_in = (north - south) / (east - west) * FIGURE_WIDTH_IN
    on_map = items[items["x"].between(west, east) & items["y"].between(south, north)]
    unnumbered = pick_unnumbered(on_map)
    scale = FIGURE_WIDTH_IN / (east - west)
    places = pd.DataFrame({"x": (on_map["x"] - west) * scale, "y": (on_map["y"] - south) * scale})
    is_small = on_map["type_id"].isin(unnumbered)
    heaps = gather_heaps(places[~is_small])
    with house_style():
        figure = new_figure(height_in=map_in)
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_axis_off()
        _draw_ground(axes, outline, context)
        if streets is not None:
            draw_streets(axes, streets, outline, extent, width_in=FIGURE_WIDTH_IN)
        axes.set_xlim(west, east)
        axes.set_ylim(south, north)
        _draw_grid(axes, extent)
        _draw_small(axes, on_map[is_small])
        marks = [_Mark.of(heap, on_map) for heap in heaps]
        _draw_marks(axes, marks)
        unlabelled, taken = _draw_labels(axes, marks, (FIGURE_WIDTH_IN, map_in))
        if streets is not None:
            taken += [_make_box(x, y, _SMALL_PT) for x, y in places[is_small].to_numpy()]
            draw_names(axes, streets, extent, width_in=FIGURE_WIDTH_IN, taken=taken)
        draw_scale(axes, extent)
        draw_north(axes)
        svg = render_svg(figure)
    return AssetDrawing(
        svg,
        name_squares(items, extent),
        on_map.loc[is_small, "type_id"].value_counts().to_dict(),
        unlabelled,
        sum(len(heap.rows) > 1 for heap in heaps),
    )


@dataclass(frozen=True)
class _Mark:
    """A mark as drawn: what it looks like and what stands beside it."""

    x: float
    y: float
    style: str  # of a layer, or "" for several layers together
    is_soft: bool
    count: int
    label: str

    @classmethod
    def of(cls, heap: Heap, items: pd.DataFrame) -> _Mark:
        own = items.loc[heap.rows]
        styles, kinds = set(own["style"]), set(own["kind"])
        style = styles.pop() if len(styles) == 1 and len(kinds) == 1 else ""
        parts = [
            letter + write_ranges([int(n) for n in group["number"]])
            for letter, group in own.groupby(own["mark"].str[0], sort=False)
        ]
        label = " ".join(parts)
        is_short = len(label) <= _MOST_LABEL_CHARACTERS or len(heap.rows) == 1
        return cls(
            heap.x, heap.y, style, style != "" and kinds == {"soft"}, len(heap.rows),
            label if is_short else "",
        )  # fmt: skip


def _draw_ground(axes: Axes, outline: gpd.GeoDataFrame, context: gpd.GeoDataFrame | None) -> None:
    if context is not None and not context.empty:
        draw_backdrop(axes, context.to_crs(CRS_DISTANCE))
    outline.plot(ax=axes, aspect=None, facecolor=PART_FILL, edgecolor="none", zorder=2)
    # Over the small marks, so that many of them do not hide where the area ends.
    outline.boundary.plot(ax=axes, aspect=None, color=INK, linewidth=2, zorder=4.5)


def _draw_grid(axes: Axes, extent: Extent) -> None:
    west, south, east, north = extent
    rows = count_rows(extent)
    xs = [west + (east - west) * i / SQUARES for i in range(SQUARES + 1)]
    ys = [north - (north - south) * i / rows for i in range(rows + 1)]
    axes.vlines(xs[1:-1], south, north, colors=MUTED, linewidth=0.35, zorder=2.4)
    axes.hlines(ys[1:-1], west, east, colors=MUTED, linewidth=0.35, zorder=2.4)
    inch = (east - west) / FIGURE_WIDTH_IN
    halo = [effects.withStroke(linewidth=2.4, foreground=PAPER)]
    looks = {"ha": "center", "va": "center", "color": MUTED, "fontweight": "bold", "zorder": 9}
    looks |= {"fontsize": _LABEL_PT, "path_effects": halo}
    for i in range(SQUARES):
        axes.text((xs[i] + xs[i + 1]) / 2, north - 0.1 * inch, chr(ord("A") + i), **looks)
    for i in range(rows):
        axes.text(west + 0.1 * inch, (ys[i] + ys[i + 1]) / 2, str(i + 1), **looks)


def _add_marks(
    axes: Axes,
    path: Path,
    points: Sequence[tuple[float, float]],
    *,
    radius_pt: float,
    face: str,
    edge: str,
    width: float,
    zorder: float,
    in_metres: bool = False,
) -> None:
    """Add marks of one look; ``points`` are inches of the figure unless in metres."""
    size = radius_pt / 72 * axes.figure.dpi
    marks = PathCollection(
        [path.transformed(Affine2D().scale(size))],
        offsets=list(points),
        offset_transform=axes.transData if in_metres else axes.figure.dpi_scale_trans,
        facecolors=face,
        edgecolors=edge,
        linewidths=width,
        zorder=zorder,
    )
    marks.set_transform(IdentityTransform())
    axes.add_collection(marks, autolim=False)


def _draw_small(axes: Axes, items: pd.DataFrame) -> None:
    for (style, kind), part in items.groupby(["style", "kind"]):
        look = load_mark_styles()[str(style)]
        points = list(zip(part["x"], part["y"], strict=True))
        _add_marks(
            axes, make_path(look.shape), points, radius_pt=_SMALL_PT,
            face=PAPER if kind == "soft" else look.colour, edge=look.colour,
            width=0.7, zorder=4, in_metres=True,
        )  # fmt: skip


def _draw_marks(axes: Axes, marks: Sequence[_Mark]) -> None:
    for style, is_soft in sorted({(m.style, m.is_soft) for m in marks if m.style}):
        look = load_mark_styles()[style]
        points = [(m.x, m.y) for m in marks if m.style == style and m.is_soft == is_soft]
        path = make_path(look.shape)
        if is_soft:
            _add_marks(
                axes, path, points, radius_pt=_MARK_PT * SOFT_RING, face=PAPER, edge=look.colour,
                width=0.9, zorder=5,
            )  # fmt: skip
        _add_marks(
            axes, path, points, radius_pt=_MARK_PT * (0.85 if is_soft else 1), face=look.colour,
            edge=PAPER, width=0.5, zorder=5.5,
        )  # fmt: skip
    mixed = [m for m in marks if not m.style]
    if mixed:
        _add_marks(
            axes, make_path("circle"), [(m.x, m.y) for m in mixed], radius_pt=_HEAP_PT,
            face=PAPER, edge=INK, width=1.2, zorder=5.6,
        )  # fmt: skip
    for mark in marks:
        if mark.count > 1:
            axes.text(
                mark.x, mark.y, str(mark.count), transform=axes.figure.dpi_scale_trans,
                ha="center", va="center_baseline", fontsize=7, fontweight="bold",
                color=PAPER if mark.style else INK, zorder=6,
            )  # fmt: skip


def _make_box(x: float, y: float, radius_pt: float) -> Box:
    radius = radius_pt / 72
    return x - radius, y - radius, x + radius, y + radius


def _draw_labels(
    axes: Axes, marks: Sequence[_Mark], size_in: tuple[float, float]
) -> tuple[int, list[Box]]:
    """Write each label where nothing lies yet; return how many found no room, and what is taken."""
    radius = _HEAP_PT / 72
    taken = [_make_box(m.x, m.y, _HEAP_PT) for m in marks]
    # Where the north arrow and the scale bar stand.
    taken += [(size_in[0] * 0.92, size_in[1] * 0.83, *size_in), (0, 0, size_in[0] * 0.3, 0.42)]
    halo = [effects.withStroke(linewidth=2.0, foreground=PAPER)]
    missing = 0
    for mark in marks:
        if not mark.label:
            missing += 1
            continue
        box = find_room(
            mark.x,
            mark.y,
            width=len(mark.label) * _LABEL_PT * _DIGIT_SHARE / 72,
            height=_LABEL_PT / 72,
            gap=radius + 0.01,
            taken=taken,
            size_in=size_in,
        )
        if box is None:
            missing += 1
            continue
        taken.append(box)
        axes.text(
            (box[0] + box[2]) / 2, (box[1] + box[3]) / 2, mark.label,
            transform=axes.figure.dpi_scale_trans, ha="center", va="center_baseline",
            fontsize=_LABEL_PT, fontweight="bold", path_effects=halo, zorder=8,
        )  # fmt: skip
    return missing, taken
