"""What goes where on the drawn map of assets: what is numbered, what is joined, where words fit."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from cip.catalogue.asset_types import load_asset_types

#: With more assets on the map than this, the most frequent types are drawn without numbers.
MOST_NUMBERED = 120
#: Squares of the grid from west to east.
SQUARES = 6
#: Marks closer together than this are drawn as one.
_TOGETHER_IN = 0.175
#: Words stay off the map's edge, where the grid is lettered.
_EDGE_IN = 0.2

#: West, south, east and north.
Extent = tuple[float, float, float, float]
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Heap:
    """Marks that are drawn as one: rows of the items, and where, in inches from the corner."""

    rows: list[int]
    x: float
    y: float


def pick_unnumbered(on_map: pd.DataFrame) -> list[str]:
    """Return the types that are drawn without numbers, so that those of the rest can be read.

    The most frequent go first. Types whose reach is measured, and what was seen on a walk, keep
    their numbers for longest where they are few.
    """
    types = load_asset_types()
    counts = on_map["type_id"].value_counts()
    few = {
        name
        for name, count in counts.items()
        if count <= MOST_NUMBERED // 10 and (name not in types or types[name].is_for_reach)
    }
    left, picked = len(on_map), []
    for name in sorted(counts.index, key=lambda name: (name in few, -counts[name], name)):
        if left <= MOST_NUMBERED:
            break
        picked.append(str(name))
        left -= int(counts[name])
    return picked


def name_squares(items: pd.DataFrame, extent: Extent) -> pd.Series:
    """Return the square of the grid for each item: a letter from the west, a number from the top.

    Missing where an item has no place or lies beyond the edge of the map.
    """
    west, south, east, north = extent
    rows = count_rows(extent)
    across = (items["x"] - west) / (east - west) * SQUARES
    down = (north - items["y"]) / (north - south) * rows
    names = [
        f"{chr(ord('A') + min(int(a), SQUARES - 1))}{min(int(d), rows - 1) + 1}"
        if 0 <= a <= SQUARES and 0 <= d <= rows
        else None
        for a, d in zip(across, down, strict=True)
    ]
    return pd.Series(names, index=items.index, dtype="str")


def gather_heaps(places: pd.DataFrame) -> list[Heap]:
    """Return marks, and heaps of marks that would lie on each other.

    Parameters
    ----------
    places
        One row per item: ``x`` and ``y`` in inches. Order decides: the first takes the others.
    """
    points = zip(places.index, places["x"], places["y"], strict=True)
    heaps = [Heap([row], float(x), float(y)) for row, x, y in points]
    while True:
        joined = _join_near(heaps)
        # The middle of a heap lies elsewhere than its first mark, and may be near another heap.
        if len(joined) == len(heaps):
            return joined
        heaps = joined


def _join_near(heaps: Sequence[Heap]) -> list[Heap]:
    left, joined = list(heaps), []
    while left:
        first = left[0]
        near = [h for h in left if math.hypot(h.x - first.x, h.y - first.y) <= _TOGETHER_IN]
        left = [h for h in left if math.hypot(h.x - first.x, h.y - first.y) > _TOGETHER_IN]
        rows = [row for heap in near for row in heap.rows]
        x = sum(heap.x * len(heap.rows) for heap in near) / len(rows)
        y = sum(heap.y * len(heap.rows) for heap in near) / len(rows)
        joined.append(Heap(rows, x, y))
    return joined


def count_rows(extent: Extent) -> int:
    """Return how many rows make the squares about square."""
    west, south, east, north = extent
    return max(1, round((north - south) / (east - west) * SQUARES))


def find_room(
    x: float,
    y: float,
    *,
    width: float,
    height: float,
    gap: float,
    taken: Sequence[Box],
    size_in: tuple[float, float],
) -> Box | None:
    """Return the first free box beside a mark: right, left, above, below, then the corners.

    Parameters
    ----------
    x, y
        Middle of the mark, in inches from the south-west corner.
    width, height
        Size of the words.
    gap
        From the middle of the mark to the nearest edge of the words.
    taken
        Where something lies already: west, south, east and north.
    size_in
        Width and height of the map.
    """
    beside, over = gap + width / 2, gap + height / 2
    steps = [(beside, 0), (-beside, 0), (0, over), (0, -over)]
    steps += [(a * beside * 0.8, b * over) for a in (1, -1) for b in (1, -1)]
    steps += [(a * beside, b * over * 1.7) for a in (1, -1) for b in (1, -1)]
    for across, up in steps:
        west, south = x + across - width / 2, y + up - height / 2
        box = (west, south, west + width, south + height)
        is_within = box[0] > _EDGE_IN and box[1] > 0 and box[2] < size_in[0]
        is_within &= box[3] < size_in[1] - _EDGE_IN
        if is_within and not any(_overlap(box, other) for other in taken):
            return box
    return None


def _overlap(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
