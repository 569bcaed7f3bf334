"""The order of boxes in columns, so that few arrows cross."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

_SWEEPS = 12
Pair = tuple[str, str]


def order_columns(columns: Sequence[Sequence[str]], edges: Sequence[Pair]) -> list[list[str]]:
    """Return the columns with their boxes reordered; the same input gives the same order.

    Parameters
    ----------
    columns
        Ids column by column, in the order of the file.
    edges
        Arrows; those between boxes of one column put what comes first higher.

    Notes
    -----
    Barycentres of the neighbours, swept from left to right and back (Sugiyama, Tagawa and Toda
    1981), then swaps of neighbours while those save crossings. Arrows over more than one column
    count by the place at which they pass.
    """
    best = [list(column) for column in columns]
    if not edges:
        return best
    split = split_edges(best, edges)
    held = [list(column) for column in best]
    least = count_crossings(held, edges)
    for sweep in range(_SWEEPS):
        is_back = sweep % 2 == 1
        order = range(len(held) - 1, -1, -1) if is_back else range(len(held))
        for at in order:
            held[at] = _sort_column(held, at, split)
        if (number := count_crossings(held, edges)) < least:
            best, least = [list(column) for column in held], number
    return _swap_neighbours(best, edges, least)


def split_edges(columns: Sequence[Sequence[str]], edges: Sequence[Pair]) -> dict[str, list[str]]:
    """Return the neighbours of each box, in other columns."""
    place = {name: at for at, column in enumerate(columns) for name in column}
    near: dict[str, list[str]] = {name: [] for name in place}
    for first, second in edges:
        if place[first] != place[second]:
            near[first].append(second)
            near[second].append(first)
    return near


def _sort_column(
    columns: Sequence[Sequence[str]], at: int, near: Mapping[str, Sequence[str]]
) -> list[str]:
    heights = place_heights(columns)

    def weigh(name: str) -> float:
        found = [heights[one] for one in near[name]]
        return sum(found) / len(found) if found else heights[name]

    return sorted(columns[at], key=weigh)


def place_heights(columns: Sequence[Sequence[str]]) -> dict[str, float]:
    """Return how far down each box stands, 0 to 1, its column spread over the whole height."""
    return {
        name: (row + 0.5) / len(column) for column in columns for row, name in enumerate(column)
    }


def count_crossings(columns: Sequence[Sequence[str]], edges: Sequence[Pair]) -> int:
    """Return how many pairs of arrows cross between neighbouring columns.

    An arrow that passes over columns runs straight from its first box to its last.
    """
    place = {name: at for at, column in enumerate(columns) for name in column}
    heights = place_heights(columns)
    spans = [(first, second) for first, second in edges if place[first] < place[second]]
    number = 0
    for gap in range(len(columns) - 1):
        lines = [
            (_pass(place, heights, pair, gap), _pass(place, heights, pair, gap + 1))
            for pair in spans
            if place[pair[0]] <= gap < place[pair[1]]
        ]
        number += sum(
            (a[0] - b[0]) * (a[1] - b[1]) < 0 for at, a in enumerate(lines) for b in lines[at + 1 :]
        )
    return number


def _pass(place: Mapping[str, int], heights: Mapping[str, float], pair: Pair, column: int) -> float:
    first, second = pair
    share = (column - place[first]) / (place[second] - place[first])
    return heights[first] + share * (heights[second] - heights[first])


def _swap_neighbours(
    columns: list[list[str]], edges: Sequence[Pair], least: int
) -> list[list[str]]:
    is_better = True
    while is_better and least:
        is_better = False
        for column in columns:
            for row in range(len(column) - 1):
                column[row], column[row + 1] = column[row + 1], column[row]
                if (number := count_crossings(columns, edges)) < least:
                    least, is_better = number, True
                else:
                    column[row], column[row + 1] = column[row + 1], column[row]
    return columns
