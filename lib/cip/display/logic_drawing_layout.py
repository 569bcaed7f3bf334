"""Where the boxes and arrows of a logic model lie, in inches: nothing overlaps, all words fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from cip.display.engagement_marks import wrap_words

#: As wide as the text of a page; on paper it fills the width of A4.
WIDTH_IN = 7.6
TEXT_PT, HEAD_PT = 9.0, 10.0
LINE_IN, PAD_IN, HEAD_IN = 0.165, 0.07, 0.34
_GAP_X_IN, _GAP_Y_IN, _LANE_IN, _SIDE_IN = 0.44, 0.16, 0.06, 0.04
_LOOP_IN = 0.26
MOST_LINES = 8
_STEPS = 14
Point = tuple[float, float]
Pair = tuple[str, str]


@dataclass(frozen=True)
class Box:
    """A box with its place and its words in lines."""

    id: str
    left: float
    top: float
    width: float
    height: float
    lines: tuple[str, ...]

    @property
    def right(self) -> float:
        """Its right side."""
        return self.left + self.width

    @property
    def middle(self) -> float:
        """Half its height."""
        return self.top + self.height / 2


@dataclass(frozen=True)
class Arrow:
    """An arrow as a line of points; its head is at the last one."""

    first: str
    second: str
    points: tuple[Point, ...]


@dataclass(frozen=True)
class Layout:
    """Everything with its place: boxes by id, arrows, left sides of the columns, height."""

    boxes: dict[str, Box] = field(repr=False)
    arrows: tuple[Arrow, ...] = field(repr=False)
    lefts: tuple[float, ...]
    column_in: float
    height_in: float


@dataclass(frozen=True)
class _Lane:
    """A way through a column for an arrow that passes it."""

    pair: Pair
    column: int


def lay_out(
    columns: Sequence[Sequence[str]], words: dict[str, str], edges: Sequence[Pair]
) -> Layout:
    """Return where everything lies.

    Parameters
    ----------
    columns
        Ids column by column, each from top to bottom.
    words
        What stands in each box.
    edges
        Arrows, each from a column to the same or a later one.
    """
    place = {name: at for at, column in enumerate(columns) for name in column}
    has_loop = any(place[a] == place[b] == len(columns) - 1 for a, b in edges)
    room = WIDTH_IN - 2 * _SIDE_IN - (_LOOP_IN if has_loop else 0)
    column_in = (room - _GAP_X_IN * (len(columns) - 1)) / len(columns)
    lefts = tuple(_SIDE_IN + at * (column_in + _GAP_X_IN) for at in range(len(columns)))
    lines = {
        name: tuple(wrap_words(text, column_in - 2 * PAD_IN, size=TEXT_PT, most_lines=MOST_LINES))
        for name, text in words.items()
    }
    items = _mix(columns, edges, place)
    heights = [
        [_LANE_IN if isinstance(one, _Lane) else _measure(lines[one]) for one in column]
        for column in items
    ]
    body_in = max(sum(held) + _GAP_Y_IN * (len(held) + 1) for held in heights)
    boxes: dict[str, Box] = {}
    lanes: dict[tuple[Pair, int], float] = {}
    for at, (column, held) in enumerate(zip(items, heights, strict=True)):
        gap = (body_in - sum(held)) / (len(held) + 1)
        top = HEAD_IN + gap
        for one, height in zip(column, held, strict=True):
            if isinstance(one, _Lane):
                lanes[one.pair, at] = top + height / 2
            else:
                boxes[one] = Box(one, lefts[at], top, column_in, height, lines[one])
            top += height + gap
    arrows = _draw_arrows(edges, place, boxes, lanes, lefts, column_in)
    return Layout(boxes, arrows, lefts, column_in, HEAD_IN + body_in)


def _measure(lines: Sequence[str]) -> float:
    # One line more than the words: the number stands above them.
    return 2 * PAD_IN + (len(lines) + 1) * LINE_IN


def _mix(
    columns: Sequence[Sequence[str]], edges: Sequence[Pair], place: dict[str, int]
) -> list[list[str | _Lane]]:
    """Return the columns with ways through them, each where a straight line would pass."""
    share = {name: (r + 0.5) / len(col) for col in columns for r, name in enumerate(col)}
    weighed: list[list[tuple[float, str | _Lane]]] = [
        [(share[name], name) for name in column] for column in columns
    ]
    for first, second in dict.fromkeys(edges):
        start, end = place[first], place[second]
        for at in range(start + 1, end):
            part = (at - start) / (end - start)
            height = share[first] + part * (share[second] - share[first])
            weighed[at].append((height, _Lane((first, second), at)))
    return [[one for _, one in sorted(column, key=lambda item: item[0])] for column in weighed]


def _draw_arrows(
    edges: Sequence[Pair],
    place: dict[str, int],
    boxes: dict[str, Box],
    lanes: dict[tuple[Pair, int], float],
    lefts: Sequence[float],
    column_in: float,
) -> tuple[Arrow, ...]:
    pairs = list(dict.fromkeys(edges))
    out, into = _spread_ends(pairs, place, boxes, lanes)
    arrows = []
    for pair in pairs:
        first, second = pair
        start = (boxes[first].right, out[pair])
        if place[first] == place[second]:
            arrows.append(Arrow(first, second, _loop(start, (boxes[second].right, into[pair]))))
            continue
        points = [start]
        for at in range(place[first] + 1, place[second]):
            height = lanes[pair, at]
            points = [*_bend(points, (lefts[at], height)), (lefts[at] + column_in, height)]
        points = _bend(points, (boxes[second].left, into[pair]))
        arrows.append(Arrow(first, second, tuple(points)))
    return tuple(arrows)


def _spread_ends(
    pairs: Sequence[Pair],
    place: dict[str, int],
    boxes: dict[str, Box],
    lanes: dict[tuple[Pair, int], float],
) -> tuple[dict[Pair, float], dict[Pair, float]]:
    """Return the heights at which each arrow leaves and arrives, in the order of its other end."""

    def follow(pair: Pair) -> float:
        return lanes.get((pair, place[pair[0]] + 1), boxes[pair[1]].middle)

    def precede(pair: Pair) -> float:
        return lanes.get((pair, place[pair[1]] - 1), boxes[pair[0]].middle)

    out: dict[Pair, float] = {}
    into: dict[Pair, float] = {}
    for name, box in boxes.items():
        # An arrow within a column arrives on the right, among those that leave.
        right = [(follow(p), p, out) for p in pairs if p[0] == name]
        right += [(precede(p), p, into) for p in pairs if p[1] == name and _is_loop(p, place)]
        left = [(precede(p), p, into) for p in pairs if p[1] == name and not _is_loop(p, place)]
        for ends in (right, left):
            for row, (_, pair, kept) in enumerate(sorted(ends, key=lambda end: end[0]), start=1):
                kept[pair] = box.top + box.height * row / (len(ends) + 1)
    return out, into


def _is_loop(pair: Pair, place: dict[str, int]) -> bool:
    return place[pair[0]] == place[pair[1]]


def _bend(points: list[Point], end: Point) -> list[Point]:
    """Return points with a soft bend to an end, level where it leaves and where it arrives."""
    (x, y), (to_x, to_y) = points[-1], end
    bend = []
    for step in range(1, _STEPS + 1):
        t = step / _STEPS
        rise = t * t * (3 - 2 * t)
        bend.append((x + t * (to_x - x), y + rise * (to_y - y)))
    return [*points, *bend]


def _loop(start: Point, end: Point) -> tuple[Point, ...]:
    """Return an arrow that leaves and arrives on the right side of one column."""
    points = []
    for step in range(_STEPS + 1):
        t = step / _STEPS
        out = 4 * t * (1 - t) * (_LOOP_IN - 0.06)
        points.append((start[0] + out, start[1] + t * (end[1] - start[1])))
    return tuple(points)
