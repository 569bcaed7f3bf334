"""The drawn map of assets: numbered marks in a grid of squares, for print and without scripts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import geopandas as gpd
import pandas as pd

from cip.display.asset_layout import (
    SQUARES,
    Box,
    Heap,
    count_rows,
    find_room,
    gather_heaps,
    name_squares,
    pick_unnumbered,
)
from cip.display.asset_marks import SOFT_RING, find_corners, load_mark_styles, write_ranges
from cip.display.asset_streets import draw_names, draw_streets
from cip.display.map_drawing import (
    draw_backdrop,
    draw_north,
    draw_scale,
    find_backdrop,
    find_extent,
)
from cip.display.palette import INK, MUTED, PAPER, PART_FILL
from cip.display.picture import Picture
from cip.display.picture_shapes import Window
from cip.display.style import FIGURE_WIDTH_IN
from cip.geography import CRS_DISTANCE

#: Radius of marks as drawn, and the room that words leave them.
_MARK_PT, _SMALL_PT, _HEAP_PT = 6.94, 3.61, 9.03
_SMALL_ROOM_PT, _ROOM_PT = 2.6, 6.5
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
    picture = Picture(height_in=map_in)
    window = Window(extent, (0.0, 0.0, FIGURE_WIDTH_IN, map_in))
    draw_backdrop(picture, window, find_backdrop(context, extent))
    _draw_area(picture, window, outline)
    if streets is not None:
        draw_streets(picture, window, streets, outline)
    _draw_grid(picture, window)
    _draw_small(picture, window, on_map[is_small])
    looks = zip(*(on_map[name] for name in ("style", "kind", "mark", "number")), strict=True)
    held = dict(zip(on_map.index, looks, strict=True))
    marks = [_Mark.of(heap, held) for heap in heaps]
    _draw_marks(picture, marks)
    unlabelled, taken = _draw_labels(picture, marks)
    if streets is not None:
        taken += [_make_box(x, y, _SMALL_ROOM_PT) for x, y in places[is_small].to_numpy()]
        draw_names(picture, window, streets, taken=taken)
    draw_scale(picture, window)
    draw_north(picture, window)
    return AssetDrawing(
        picture.to_svg(),
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
    def of(cls, heap: Heap, items: Mapping[int, tuple[str, str, str, int]]) -> _Mark:
        """Return the mark of a heap; of each item its style, kind, mark and number."""
        own = [items[row] for row in heap.rows]
        styles, kinds = {item[0] for item in own}, {item[1] for item in own}
        style = styles.pop() if len(styles) == 1 and len(kinds) == 1 else ""
        numbers: dict[str, list[int]] = {}
        for _, _, mark, number in own:
            numbers.setdefault(mark[0], []).append(int(number))
        label = " ".join(letter + write_ranges(held) for letter, held in numbers.items())
        is_short = len(label) <= _MOST_LABEL_CHARACTERS or len(own) == 1
        return cls(
            heap.x, heap.y, style, style != "" and kinds == {"soft"}, len(own),
            label if is_short else "",
        )  # fmt: skip


def _draw_area(picture: Picture, window: Window, outline: gpd.GeoDataFrame) -> None:
    traced = window.trace(outline.geometry.to_numpy())
    count = len(traced)
    picture.draw_outlines(traced, fills=[PART_FILL] * count, box=window.box, edge=None, layer=2)
    # Over the small marks, so that many of them do not hide where the area ends.
    picture.draw_outlines(
        traced, fills=["none"] * count, box=window.box, edge=INK, line=2, layer=4.5
    )


def _draw_grid(picture: Picture, window: Window) -> None:
    _, _, width, height = window.box
    rows = count_rows(window.extent)
    xs = [width * i / SQUARES for i in range(SQUARES + 1)]
    ys = [height * i / rows for i in range(rows + 1)]
    lines = [[(x, 0.0), (x, height)] for x in xs[1:-1]]
    for line in lines + [[(0.0, y), (width, y)] for y in ys[1:-1]]:
        picture.draw_line(line, colour=MUTED, width=0.35, layer=2.4)
    names = [((xs[i] + xs[i + 1]) / 2, 0.1, chr(ord("A") + i)) for i in range(SQUARES)]
    names += [(0.1, (ys[i] + ys[i + 1]) / 2, str(i + 1)) for i in range(rows)]
    for x, y, name in names:
        picture.write(
            x, y, name, size=_LABEL_PT, is_bold=True, colour=MUTED, side="center", halo=2.4,
            layer=9,
        )  # fmt: skip


def _draw_small(picture: Picture, window: Window, items: pd.DataFrame) -> None:
    for (style, kind), part in items.groupby(["style", "kind"]):
        look = load_mark_styles()[str(style)]
        points = [window.place(x, y) for x, y in zip(part["x"], part["y"], strict=True)]
        picture.draw_stamps(
            points, find_corners(look.shape), radius=_SMALL_PT,
            fill=PAPER if kind == "soft" else look.colour, edge=look.colour, line=0.7, layer=4,
        )  # fmt: skip


def _draw_marks(picture: Picture, marks: Sequence[_Mark]) -> None:
    """Draw marks; their places count from the south-west corner, those of pictures from the top."""
    height = picture.height_in
    for style, is_soft in sorted({(m.style, m.is_soft) for m in marks if m.style}):
        look = load_mark_styles()[style]
        points = [(m.x, height - m.y) for m in marks if m.style == style and m.is_soft == is_soft]
        corners = find_corners(look.shape)
        if is_soft:
            picture.draw_stamps(
                points, corners, radius=_MARK_PT * SOFT_RING, fill=PAPER, edge=look.colour,
                line=0.9, layer=5,
            )  # fmt: skip
        picture.draw_stamps(
            points, corners, radius=_MARK_PT * (0.85 if is_soft else 1), fill=look.colour,
            edge=PAPER, line=0.5, layer=5.5,
        )  # fmt: skip
    mixed = [(m.x, height - m.y) for m in marks if not m.style]
    picture.draw_stamps(
        mixed, find_corners("circle"), radius=_HEAP_PT, fill=PAPER, edge=INK, line=1.2, layer=5.6
    )
    for mark in marks:
        if mark.count > 1:
            picture.write(
                mark.x, height - mark.y, str(mark.count), size=7, is_bold=True, side="center",
                level="center_baseline", colour=PAPER if mark.style else INK, layer=6,
            )  # fmt: skip


def _make_box(x: float, y: float, radius_pt: float) -> Box:
    radius = radius_pt / 72
    return x - radius, y - radius, x + radius, y + radius


def _draw_labels(picture: Picture, marks: Sequence[_Mark]) -> tuple[int, list[Box]]:
    """Write each label where nothing lies yet; return how many found no room, and what is taken."""
    radius, size_in = _ROOM_PT / 72, (picture.width_in, picture.height_in)
    taken = [_make_box(m.x, m.y, _ROOM_PT) for m in marks]
    # Where the north arrow and the scale bar stand.
    taken += [(size_in[0] * 0.92, size_in[1] * 0.83, *size_in), (0, 0, size_in[0] * 0.3, 0.42)]
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
        picture.write(
            (box[0] + box[2]) / 2, size_in[1] - (box[1] + box[3]) / 2, mark.label, size=_LABEL_PT,
            is_bold=True, side="center", level="center_baseline", halo=2.0, layer=8,
        )  # fmt: skip
    return missing, taken
