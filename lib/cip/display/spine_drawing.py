"""How a spine chart is drawn: figures in columns beside a bar from lowest to highest."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from cip.display.chart_parts import clip_name
from cip.display.palette import (
    INK,
    MIDDLE_FILL,
    MUTED,
    PAPER,
    RANGE_FILL,
    VERDICT_FILLS,
    VERDICT_MARKERS,
)
from cip.display.picture import Picture
from cip.display.style import FIGURE_WIDTH_IN, FONT_SIZE_PT

#: Right edges of the columns of figures, and the ends of the spine, in inches from the left.
_COUNT_IN, _VALUE_IN, _OTHER_IN, _LOW_IN = 0.66, 1.32, 1.98, 2.6
_SPINE_IN = (2.72, 4.28)
_HIGH_IN = 4.36
_LINE_IN, _BAR_IN, _GAP_IN, _HEAD_IN, _KEY_LINE_IN, _PAD_IN = 0.185, 0.2, 0.12, 0.45, 0.23, 0.06
_LABEL_CHARACTERS, _NAME_CHARACTERS = 64, 7


@dataclass(frozen=True)
class SpineRow:
    """One measure: what stands in its columns, and where its marks lie.

    Parameters
    ----------
    label
        Name of the measure.
    figures
        Count, value and benchmark value as text.
    ends
        The figures at the left and at the right end as text; empty where there is no range.
    places
        Lowest, lower quartile, upper quartile and highest as drawn: minus one is the left end,
        zero the benchmark, one the right end. None where the range or the benchmark is missing.
    dot
        Where the area's value lies on the same scale, or None.
    verdict
        How the area compares.
    """

    label: str
    figures: tuple[str, str, str]
    ends: tuple[str, str]
    places: tuple[float, float, float, float] | None
    dot: float | None
    verdict: str


@dataclass(frozen=True)
class SpineGroup:
    """Rows that are read in one direction, with the words at the two ends of their spines."""

    direction: str
    ends: tuple[str, str]
    rows: tuple[SpineRow, ...]


def draw_svg(groups: Sequence[SpineGroup], *, area: str, benchmark: str) -> str:
    """Return the chart as SVG: a key, then each group with its heading and its rows."""
    marks = _list_marks(groups)
    labels = [
        [textwrap.wrap(row.label, _LABEL_CHARACTERS) or [""] for row in g.rows] for g in groups
    ]
    key_in = _KEY_LINE_IN * (2 + math.ceil(len(marks) / 3)) + _PAD_IN
    bodies = [_HEAD_IN + _LINE_IN + sum(_row_height(lines) for lines in group) for group in labels]
    height = key_in + sum(bodies) + _PAD_IN
    picture = Picture(height_in=height)
    _draw_key(picture, marks, benchmark)
    top = key_in
    for group, lines, body_in in zip(groups, labels, bodies, strict=True):
        _write_group(picture, group, lines, top, (area, benchmark))
        top += body_in
    return picture.to_svg()


def _row_height(lines: Sequence[str]) -> float:
    return len(lines) * _LINE_IN + _BAR_IN + _GAP_IN


def _list_marks(groups: Sequence[SpineGroup]) -> list[str]:
    used = {row.verdict for group in groups for row in group.rows if row.dot is not None}
    return [verdict for verdict in VERDICT_MARKERS if verdict in used]


def _draw_key(picture: Picture, marks: Sequence[str], benchmark: str) -> None:
    middle = _KEY_LINE_IN / 2
    for left, fill in ((0.06, RANGE_FILL), (2.5, MIDDLE_FILL)):
        picture.draw_box(left, middle - 0.065, 0.3, 0.13, fill=fill, edge=MUTED, line=0.6)
    picture.write(0.44, middle, "lowest to highest")
    picture.write(2.88, middle, "middle half of areas")
    middle += _KEY_LINE_IN
    picture.draw_line([(0.21, middle - 0.09), (0.21, middle + 0.09)], colour=INK, width=2.2)
    picture.write(0.44, middle, clip_name(benchmark, 40))
    for place, verdict in enumerate(marks):
        x, y = 0.21 + (place % 3) * 1.65, middle + _KEY_LINE_IN * (1 + place // 3)
        _draw_mark(picture, x, y, verdict)
        picture.write(x + 0.23, y, verdict)


def _write_group(
    picture: Picture,
    group: SpineGroup,
    labels: Sequence[Sequence[str]],
    top: float,
    names: tuple[str, str],
) -> None:
    picture.write(_PAD_IN, top + 0.12, group.direction, is_bold=True, size=FONT_SIZE_PT)
    under = top + _HEAD_IN + 0.07
    ends = [(_PAD_IN, under), (FIGURE_WIDTH_IN - _PAD_IN, under)]
    picture.draw_line(ends, colour=MUTED, width=0.7)
    heads = [
        (_COUNT_IN, "Count", "right"), (_VALUE_IN, "Here", "right"),
        (_OTHER_IN, clip_name(names[1], _NAME_CHARACTERS), "right"),
        (_LOW_IN, group.ends[0], "right"), (_HIGH_IN, group.ends[1], "left"),
    ]  # fmt: skip
    for x, words, side in heads:
        picture.write(x, top + _HEAD_IN - 0.05, words, side=side, colour=MUTED)
    top += _HEAD_IN + _LINE_IN
    for row, lines in zip(group.rows, labels, strict=True):
        middle = top + len(lines) * _LINE_IN + _BAR_IN / 2 + 0.02
        _write_row(picture, row, lines, top, middle)
        if row.places is not None:
            _draw_spine(picture, row.places, middle)
        if row.dot is not None:
            _draw_mark(picture, _to_inches(row.dot), middle, row.verdict)
        top += _row_height(lines)


def _write_row(
    picture: Picture, row: SpineRow, lines: Sequence[str], top: float, middle: float
) -> None:
    picture.write(_PAD_IN, top + 0.01, "\n".join(lines), level="top", spacing=1.15)
    edges = (_COUNT_IN, _VALUE_IN, _OTHER_IN)
    for place, (x, words) in enumerate(zip(edges, row.figures, strict=True)):
        picture.write(x, middle, words, side="right", is_bold=place == 1)
    for x, words, side in zip((_LOW_IN, _HIGH_IN), row.ends, ("right", "left"), strict=True):
        if words:
            picture.write(x, middle, words, side=side)
    if row.places is None:
        picture.write(sum(_SPINE_IN) / 2, middle, "no range", side="center", colour=MUTED)


def _to_inches(place: float) -> float:
    low, high = _SPINE_IN
    return low + (place + 1) / 2 * (high - low)


def _draw_spine(picture: Picture, places: tuple[float, float, float, float], middle: float) -> None:
    for first, last, fill in ((0, 3, RANGE_FILL), (1, 2, MIDDLE_FILL)):
        left, right = sorted((_to_inches(places[first]), _to_inches(places[last])))
        box = (left, middle - 0.085, right - left, 0.17)
        picture.draw_box(*box, fill=fill, edge=MUTED, line=0.6, layer=2)
    ends = [(_to_inches(0), middle - 0.12), (_to_inches(0), middle + 0.12)]
    # White under black: the line stays visible on both tones.
    for colour, width in ((PAPER, 4.2), (INK, 2.2)):
        picture.draw_line(ends, colour=colour, width=width, layer=3)


def _draw_mark(picture: Picture, x: float, y: float, verdict: str) -> None:
    marker = VERDICT_MARKERS[verdict]
    size = 7.0 if marker == "D" else 9.0
    picture.draw_marks([(x, y)], marker, colour=PAPER, size=size + 3, layer=4)
    picture.draw_marks(
        [(x, y)], marker, colour=VERDICT_FILLS[verdict], size=size, edge=INK, line=1.1, layer=5
    )
