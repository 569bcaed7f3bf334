"""How a spine chart is drawn: figures in columns beside a bar from lowest to highest."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.collections import PatchCollection
from matplotlib.patches import Rectangle

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
from cip.display.style import (
    FIGURE_WIDTH_IN,
    FONT_SIZE_PT,
    SMALL_FONT_SIZE_PT,
    house_style,
    new_figure,
    render_svg,
)

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
    with house_style():
        figure = new_figure(height_in=height)
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_axis_off()
        axes.set_xlim(0, FIGURE_WIDTH_IN)  # one unit is one inch, counted from the top left
        axes.set_ylim(height, 0)
        _draw_key(axes, marks, benchmark)
        top, placed = key_in, []
        for group, lines, body_in in zip(groups, labels, bodies, strict=True):
            placed += _write_group(axes, group, lines, top, (area, benchmark))
            top += body_in
        _draw_spines(axes, placed)
        _draw_dots(axes, placed)
        return render_svg(figure)


def _row_height(lines: Sequence[str]) -> float:
    return len(lines) * _LINE_IN + _BAR_IN + _GAP_IN


def _list_marks(groups: Sequence[SpineGroup]) -> list[str]:
    used = {row.verdict for group in groups for row in group.rows if row.dot is not None}
    return [verdict for verdict in VERDICT_MARKERS if verdict in used]


def _write(axes: Axes, x: float, y: float, text: str, side: str = "left", **look: object) -> None:
    style = {"fontsize": SMALL_FONT_SIZE_PT, "va": "center", "ha": side, **look}
    axes.text(x, y, text, **style)


def _draw_key(axes: Axes, marks: Sequence[str], benchmark: str) -> None:
    middle = _KEY_LINE_IN / 2
    boxes = [Rectangle((left, middle - 0.065), 0.3, 0.13) for left in (0.06, 2.5)]
    axes.add_collection(
        PatchCollection(boxes, facecolors=[RANGE_FILL, MIDDLE_FILL], edgecolor=MUTED, linewidth=0.6)
    )
    _write(axes, 0.44, middle, "lowest to highest")
    _write(axes, 2.88, middle, "middle half of areas")
    middle += _KEY_LINE_IN
    axes.vlines([0.21], [middle - 0.09], [middle + 0.09], colors=INK, linewidth=2.2)
    _write(axes, 0.44, middle, clip_name(benchmark, 40))
    points: list[tuple[float, float, str]] = []
    for place, verdict in enumerate(marks):
        x, y = 0.21 + (place % 3) * 1.65, middle + _KEY_LINE_IN * (1 + place // 3)
        points.append((x, y, verdict))
        _write(axes, x + 0.23, y, verdict)
    _plot_marks(axes, points)


def _write_group(
    axes: Axes,
    group: SpineGroup,
    labels: Sequence[Sequence[str]],
    top: float,
    names: tuple[str, str],
) -> list[tuple[SpineRow, float]]:
    """Write words and figures of a group; return its rows with the middles of their spines."""
    _write(axes, _PAD_IN, top + 0.12, group.direction, fontweight="bold", fontsize=FONT_SIZE_PT)
    axes.hlines(
        [top + _HEAD_IN + 0.07], _PAD_IN, FIGURE_WIDTH_IN - _PAD_IN, colors=MUTED, linewidth=0.7
    )
    heads = [
        (_COUNT_IN, "Count", "right"), (_VALUE_IN, "Here", "right"),
        (_OTHER_IN, clip_name(names[1], _NAME_CHARACTERS), "right"),
        (_LOW_IN, group.ends[0], "right"), (_HIGH_IN, group.ends[1], "left"),
    ]  # fmt: skip
    for x, words, side in heads:
        _write(axes, x, top + _HEAD_IN - 0.05, words, side, color=MUTED, va="center")
    placed, top = [], top + _HEAD_IN + _LINE_IN
    for row, lines in zip(group.rows, labels, strict=True):
        middle = top + len(lines) * _LINE_IN + _BAR_IN / 2 + 0.02
        _write_row(axes, row, lines, top, middle)
        placed.append((row, middle))
        top += _row_height(lines)
    return placed


def _write_row(axes: Axes, row: SpineRow, lines: Sequence[str], top: float, middle: float) -> None:
    _write(axes, _PAD_IN, top + 0.01, "\n".join(lines), va="top", linespacing=1.15)
    edges = (_COUNT_IN, _VALUE_IN, _OTHER_IN)
    for place, (x, words) in enumerate(zip(edges, row.figures, strict=True)):
        _write(axes, x, middle, words, "right", fontweight="bold" if place == 1 else "normal")
    for x, words, side in zip((_LOW_IN, _HIGH_IN), row.ends, ("right", "left"), strict=True):
        if words:
            _write(axes, x, middle, words, side)
    if row.places is None:
        _write(axes, sum(_SPINE_IN) / 2, middle, "no range", "center", color=MUTED)


def _to_inches(place: float) -> float:
    low, high = _SPINE_IN
    return low + (place + 1) / 2 * (high - low)


# Everything of one kind is drawn in one call: matplotlib takes a millisecond and more for each.


def _draw_spines(axes: Axes, placed: Sequence[tuple[SpineRow, float]]) -> None:
    held = [(row.places, middle) for row, middle in placed if row.places is not None]
    if not held:
        return
    for first, last, fill, half in ((0, 3, RANGE_FILL, 0.085), (1, 2, MIDDLE_FILL, 0.085)):
        bars = []
        for places, middle in held:
            left, right = sorted((_to_inches(places[first]), _to_inches(places[last])))
            bars.append(Rectangle((left, middle - half), right - left, 2 * half))
        axes.add_collection(
            PatchCollection(bars, facecolor=fill, edgecolor=MUTED, linewidth=0.6, zorder=2)
        )
    middles = [middle for _, middle in held]
    centre = _to_inches(0)
    tops, bottoms = [m - 0.12 for m in middles], [m + 0.12 for m in middles]
    # White under black: the line stays visible on both tones.
    for colour, width in ((PAPER, 4.2), (INK, 2.2)):
        axes.vlines(
            [centre] * len(middles), tops, bottoms, colors=colour, linewidth=width, zorder=3
        )


def _draw_dots(axes: Axes, placed: Sequence[tuple[SpineRow, float]]) -> None:
    _plot_marks(
        axes,
        [(_to_inches(row.dot), middle, row.verdict) for row, middle in placed if row.dot is not None],
    )  # fmt: skip


def _plot_marks(axes: Axes, points: Sequence[tuple[float, float, str]]) -> None:
    for verdict, marker in VERDICT_MARKERS.items():
        here = [(x, y) for x, y, found in points if found == verdict]
        if not here:
            continue
        xs, ys = zip(*here, strict=True)
        size = 7.0 if marker == "D" else 9.0
        look = {"marker": marker, "linestyle": "none", "clip_on": False}
        axes.plot(xs, ys, color=PAPER, markersize=size + 3, zorder=4, **look)
        axes.plot(
            xs, ys, color=VERDICT_FILLS[verdict], markeredgecolor=INK, markeredgewidth=1.1,
            markersize=size, zorder=5, **look,
        )  # fmt: skip
