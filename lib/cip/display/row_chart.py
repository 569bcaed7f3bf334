"""The row chart: one bar per row from zero, its label above, comparators as markers.

Labels stand above the bars, not beside them, so that long official category names can be
read in full on a phone.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, field

from matplotlib.ticker import MaxNLocator

from cip.display.chart_parts import ChartArea
from cip.display.palette import GRID, INK, MUTED, PAPER, RoleStyle
from cip.display.picture import Picture, measure_words
from cip.display.style import FIGURE_WIDTH_IN, FONT_SIZE_PT, SMALL_FONT_SIZE_PT

_LEFT_IN, _RIGHT_IN = 0.12, 1.0
_LINE_IN, _BAR_IN, _LANE_IN, _GAP_IN = 0.2, 0.17, 0.19, 0.13
_AXIS_IN, _LEGEND_LINE_IN = 0.6, 0.26
_LABEL_CHARACTERS = 52
_POINT_IN = 1 / 72
#: Baselines of the ticks' words and of what is measured, below the axis.
_TICK_IN, _AXIS_LABEL_IN = 14.6 * _POINT_IN, 28.6 * _POINT_IN
#: The key: its first baseline, the distance of lines, the room for a bar or mark and beside it.
_KEY_TOP_IN, _KEY_LINE_IN, _KEY_MARK_IN, _KEY_GAP_IN = (n * _POINT_IN for n in (9, 15, 20, 5))


@dataclass(frozen=True)
class ChartRow:
    """One row: a label, a bar with an optional interval, and markers of comparators."""

    label: str
    value: float | None
    value_text: str
    style: RoleStyle
    lower: float | None = None
    upper: float | None = None
    markers: Sequence[tuple[float, RoleStyle]] = field(default_factory=tuple)


def draw_rows(
    chart_rows: Sequence[ChartRow],
    *,
    axis_label: str,
    legend: Sequence[ChartArea] = (),
    is_percentage: bool = False,
) -> str:
    """Return the chart as SVG, one row per item in the order given.

    Parameters
    ----------
    chart_rows
        Rows from top to bottom.
    axis_label
        What is measured, with its unit.
    legend
        Areas to explain: the first is the bar, the others are the markers.
    is_percentage
        Ticks carry a percent sign.

    Raises
    ------
    ValueError
        If there is nothing to draw.
    """
    if not chart_rows:
        raise ValueError("a chart needs at least one row")
    labels = [textwrap.wrap(row.label, _LABEL_CHARACTERS) or [""] for row in chart_rows]
    lane_in = _LANE_IN if any(row.markers for row in chart_rows) else 0.0
    row_in = _BAR_IN + lane_in + _GAP_IN
    body_in = sum(len(lines) * _LINE_IN + row_in for lines in labels)
    legend_in = _LEGEND_LINE_IN * ((len(legend) + 1) // 2) + (0.1 if legend else 0.02)
    picture = Picture(height_in=legend_in + body_in + _AXIS_IN)
    scale = _Scale(chart_rows)
    _draw_axis(picture, scale, (legend_in, legend_in + body_in), axis_label, is_percentage)
    top = legend_in
    for row, lines in zip(chart_rows, labels, strict=True):
        _write_label(picture, lines, top)
        _draw_row(picture, scale, row, top + len(lines) * _LINE_IN + _BAR_IN / 2 + 0.01)
        top += len(lines) * _LINE_IN + row_in
    _draw_legend(picture, legend)
    return picture.to_svg()


class _Scale:
    """From figures to inches from the left, from zero to a little beyond the largest."""

    def __init__(self, rows: Sequence[ChartRow]) -> None:
        marks = [value for row in rows for value, _ in row.markers]
        ends = [end for row in rows for end in (row.value, row.upper) if end is not None]
        self.most = max([*marks, *ends, 0.0]) * 1.02 or 1
        self.right = FIGURE_WIDTH_IN - _RIGHT_IN

    def place(self, value: float) -> float:
        return _LEFT_IN + value / self.most * (self.right - _LEFT_IN)

    def list_ticks(self) -> list[float]:
        ticks = MaxNLocator(5).tick_values(0, self.most)
        return [float(tick) for tick in ticks if 0 <= tick <= self.most]


def _draw_axis(
    picture: Picture, scale: _Scale, ends: tuple[float, float], label: str, is_percentage: bool
) -> None:
    top, bottom = ends
    for tick in scale.list_ticks():
        at = scale.place(tick)
        picture.draw_line([(at, bottom), (at, top)], colour=GRID, width=0.8, layer=0)
        words = f"{tick:,.10g}{'%' if is_percentage else ''}"
        picture.write(at, bottom + _TICK_IN, words, side="center", level="baseline")
    picture.draw_line(
        [(_LEFT_IN, bottom), (_LEFT_IN, top)], colour=MUTED, width=0.8, cap="square", layer=2.5
    )
    picture.write(_LEFT_IN, bottom + _AXIS_LABEL_IN, label, level="baseline")


def _write_label(picture: Picture, lines: Sequence[str], top: float) -> None:
    for place, line in enumerate(lines):
        baseline = top + (place + 0.8) * _LINE_IN
        picture.write(_LEFT_IN, baseline, line, level="baseline", size=FONT_SIZE_PT)


def _draw_row(picture: Picture, scale: _Scale, row: ChartRow, middle: float) -> None:
    if row.value is not None:
        left, right = sorted((_LEFT_IN, scale.place(row.value)))
        picture.draw_box(
            left, middle - _BAR_IN / 2, right - left, _BAR_IN,
            fill=PAPER if row.style.hatch else row.style.colour,
            edge=row.style.colour, hatch=row.style.hatch, layer=2,
        )  # fmt: skip
    if row.lower is not None and row.upper is not None:
        _draw_interval(picture, scale.place(row.lower), scale.place(row.upper), middle)
    _draw_markers(picture, scale, row, middle)
    picture.write(
        scale.right + 8 * _POINT_IN, middle, row.value_text, size=FONT_SIZE_PT, is_bold=True
    )


def _draw_interval(picture: Picture, low: float, high: float, middle: float) -> None:
    # White under black: the line stays visible on the bar and on the paper.
    ends = [(low, middle), (high, middle)]
    picture.draw_line(ends, colour=PAPER, width=3.6, layer=3)
    picture.draw_line(ends, colour=INK, width=1.4, layer=4)
    for end in (low, high):
        stroke = [(end, middle - 0.05), (end, middle + 0.05)]
        picture.draw_line(stroke, colour=INK, width=1.4, layer=4)


def _draw_markers(picture: Picture, scale: _Scale, row: ChartRow, middle: float) -> None:
    # Under the bar, never on it, and each a little lower: equal values stay apart.
    lane = middle + _BAR_IN / 2 + _LANE_IN / 2
    steps = {1: (0.0,), 2: (-0.03, 0.03)}.get(len(row.markers), (-0.04, 0.0, 0.04))
    for place, (value, style) in enumerate(row.markers):
        picture.draw_marks(
            [(scale.place(value), lane + steps[place % len(steps)])], style.marker,
            colour=style.colour, size=7, edge=PAPER, line=0.9, layer=5,
        )  # fmt: skip


def _draw_legend(picture: Picture, areas: Sequence[ChartArea]) -> None:
    """Explain the areas in two columns; the first stands for the bars."""
    names = [textwrap.shorten(area.name, 30, placeholder="…") for area in areas]
    half = (len(areas) + 1) // 2
    width = max((measure_words(name) for name in names[:half]), default=0.0)
    second = _LEFT_IN + _KEY_MARK_IN + _KEY_GAP_IN + width + 1.5 * SMALL_FONT_SIZE_PT * _POINT_IN
    for place, (area, name) in enumerate(zip(areas, names, strict=True)):
        left = _LEFT_IN if place < half else second
        baseline = _KEY_TOP_IN + (place % half) * _KEY_LINE_IN
        middle = baseline - 3.5 * _POINT_IN
        colour = area.style.colour
        if place:
            at = (left + _KEY_MARK_IN / 2, middle)
            picture.draw_marks([at], area.style.marker, colour=colour, size=7)
        else:
            size = (_KEY_MARK_IN, 7 * _POINT_IN)
            picture.draw_box(left, middle - size[1] / 2, *size, fill=colour, edge=colour)
        beside = left + _KEY_MARK_IN + _KEY_GAP_IN
        picture.write(beside, baseline, name, level="baseline")
