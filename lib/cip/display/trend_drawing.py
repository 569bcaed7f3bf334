"""How trends are drawn: one panel per measure, gaps as gaps, names at the ends of lines."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.ticker import MaxNLocator

from cip.display.chart_parts import clip_name
from cip.display.palette import GRID, MUTED, PAPER, RoleStyle
from cip.display.picture import Picture, Point
from cip.display.style import FIGURE_WIDTH_IN

_LEFT_IN, _NAMES_IN = 0.62, 1.85
_TITLE_LINE_IN, _PLOT_IN, _AXIS_IN, _GAP_IN = 0.19, 1.2, 0.33, 0.16
_TITLE_CHARACTERS, _NAME_CHARACTERS = 58, 20
_MOST_TICKS = 5
_POINT_IN = 1 / 72
#: Longer names of periods give way to their first year; so many letters fit under a panel.
_LONGEST_TICK, _TICK_CHARACTERS = 9, 30
#: A step this much longer than the usual one is a period that is not there.
_GAP_STEPS = 1.5


@dataclass(frozen=True)
class TrendLine:
    """One area's figures over time; missing figures are NaN.

    Parameters
    ----------
    name
        What stands at the end of the line.
    style
        Colour, marker and dashes.
    times, values
        Years as decimals, oldest first, and the figures.
    lower, upper
        Limits of the interval; an empty sequence where no band is drawn.
    """

    name: str
    style: RoleStyle
    times: tuple[float, ...]
    values: tuple[float, ...]
    lower: tuple[float, ...] = ()
    upper: tuple[float, ...] = ()


@dataclass(frozen=True)
class TrendPanel:
    """One measure: what happened, its lines with the area's own first, and its periods."""

    title: str
    lines: tuple[TrendLine, ...]
    periods: tuple[tuple[float, str], ...]
    suffix: str = ""
    starts_at_zero: bool = True


def draw_svg(panels: Sequence[TrendPanel]) -> str:
    """Return the panels as SVG, one under the other in the order given."""
    titles = [textwrap.wrap(panel.title, _TITLE_CHARACTERS) for panel in panels]
    heights = [len(t) * _TITLE_LINE_IN + 0.1 + _PLOT_IN + _AXIS_IN + _GAP_IN for t in titles]
    picture = Picture(height_in=sum(heights))
    top = 0.0
    for panel, lines, used in zip(panels, titles, heights, strict=True):
        _draw_panel(picture, panel, lines, top)
        top += used
    return picture.to_svg()


@dataclass(frozen=True)
class _Plot:
    """Where times and figures lie on the picture, in inches."""

    times: tuple[float, float]
    limits: tuple[float, float]
    bottom: float
    left: float = _LEFT_IN
    right: float = FIGURE_WIDTH_IN - _NAMES_IN

    def place(self, time: float, value: float) -> Point:
        across = (time - self.times[0]) / (self.times[1] - self.times[0])
        return self.left + across * (self.right - self.left), self.height(value)

    def height(self, value: float) -> float:
        low, high = self.limits
        return self.bottom - (value - low) / (high - low) * _PLOT_IN


def _draw_panel(picture: Picture, panel: TrendPanel, title: Sequence[str], top: float) -> None:
    picture.write(0.05, top + 0.02, "\n".join(title), level="top", is_bold=True, spacing=1.2)
    times = [time for time, _ in panel.periods]
    margin = (times[-1] - times[0]) * 0.03 or 0.5
    plot = _Plot(
        (times[0] - margin, times[-1] + margin),
        _find_limits(panel),
        top + len(title) * _TITLE_LINE_IN + 0.1 + _PLOT_IN,
    )
    _draw_axes(picture, plot, panel)
    for place, line in reversed(list(enumerate(panel.lines))):
        _draw_line(picture, plot, line, panel.periods, is_own=place == 0)
    _write_names(picture, plot, panel)


def _find_limits(panel: TrendPanel) -> tuple[float, float]:
    held = np.array([v for line in panel.lines for v in (*line.values, *line.lower, *line.upper)])
    held = held[~np.isnan(held)]
    low, high = float(held.min()), float(held.max())
    room = (high - low) * 0.08 or abs(high) * 0.08 or 1.0
    if panel.starts_at_zero and low >= 0:
        return 0.0, high + room
    return low - room, high + room


def fill_gaps(
    line: TrendLine, periods: Sequence[tuple[float, str]]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return times, values and places of a line's points, with NaN where a line must break.

    A line breaks where the area has no figure for a period that another area has, and where
    the step between two periods is longer than the usual one.
    """
    held = {t: i for i, t in enumerate(line.times) if not math.isnan(line.values[i])}
    grid = np.array([time for time, _ in periods])
    steps = np.diff(grid)
    usual = float(np.median(steps)) if len(steps) else 0.0
    times, places = [], []
    for at, time in enumerate(grid):
        if at and steps[at - 1] > _GAP_STEPS * usual:
            times.append((grid[at - 1] + time) / 2)
            places.append(-1)
        times.append(time)
        places.append(held.get(time, -1))
    found = np.array(places)
    values = np.array([line.values[p] if p >= 0 else math.nan for p in places])
    return np.array(times), values, found


def _draw_line(
    picture: Picture,
    plot: _Plot,
    line: TrendLine,
    periods: Sequence[tuple[float, str]],
    *,
    is_own: bool,
) -> None:
    times, values, places = fill_gaps(line, periods)
    style, layer = line.style, 4 if is_own else 3
    for run in _list_runs(values):
        if line.lower:
            below = [plot.place(times[i], line.lower[places[i]]) for i in run]
            above = [plot.place(times[i], line.upper[places[i]]) for i in run]
            picture.draw_area([*below, *above[::-1]], fill=style.colour, opacity=0.2, layer=2)
        points = [plot.place(times[i], values[i]) for i in run]
        if len(points) > 1:
            picture.draw_line(
                points, colour=style.colour, width=2.4 if is_own else 1.5, dash=style.line,
                cap="round" if style.line == "-" else "butt", layer=layer,
            )  # fmt: skip
    held = [plot.place(t, v) for t, v in zip(times, values, strict=True) if not math.isnan(v)]
    picture.draw_marks(
        held, style.marker, colour=style.colour, size=6 if is_own else 4.5, edge=PAPER, line=0.7,
        layer=layer + 0.5,
    )  # fmt: skip


def _list_runs(values: np.ndarray) -> list[list[int]]:
    """Return the places of figures that follow one another without a gap."""
    runs: list[list[int]] = [[]]
    for place, value in enumerate(values):
        if math.isnan(value):
            runs.append([])
        else:
            runs[-1].append(place)
    return [run for run in runs if run]


def spread_labels(heights: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Return heights moved apart by at least ``gap``, in the same order, as near as they fit.

    Parameters
    ----------
    heights
        Where each label would stand.
    gap
        Least distance of two labels.
    low, high
        Labels stay between these where there is room for all.
    """
    order = sorted(range(len(heights)), key=lambda i: heights[i])
    placed: list[float] = []
    for i in order:
        placed.append(max(heights[i], placed[-1] + gap) if placed else max(heights[i], low))
    excess = placed[-1] - high if placed else 0.0
    if excess > 0:
        # Pushed back down from the top, each as little as it must.
        placed[-1] -= excess
        for at in range(len(placed) - 2, -1, -1):
            placed[at] = min(placed[at], placed[at + 1] - gap)
    result = [0.0] * len(heights)
    for at, i in enumerate(order):
        result[i] = placed[at]
    return result


def _write_names(picture: Picture, plot: _Plot, panel: TrendPanel) -> None:
    limits, ends = plot.limits, []
    for line in panel.lines:
        held = [value for value in line.values if not math.isnan(value)]
        ends.append((line, held[-1] if held else limits[0]))
    gap = (limits[1] - limits[0]) * 0.17 / _PLOT_IN
    heights = spread_labels([end for _, end in ends], gap, *limits)
    mark = plot.right + 0.06 * (plot.right - plot.left)
    for place, ((line, _), height) in enumerate(zip(ends, heights, strict=True)):
        at, style = plot.height(height), line.style
        name = clip_name(line.name, _NAME_CHARACTERS)
        picture.write(plot.right + 22 * _POINT_IN, at, name, is_bold=place == 0)
        picture.draw_marks(
            [(mark, at)], style.marker, colour=style.colour, size=6, edge=PAPER, line=0.7
        )


def _draw_axes(picture: Picture, plot: _Plot, panel: TrendPanel) -> None:
    low, high = plot.limits
    for tick in MaxNLocator(3).tick_values(low, high):
        if low <= tick <= high:
            at = plot.height(tick)
            ends = [(plot.left, at), (plot.right, at)]
            picture.draw_line(ends, colour=GRID, width=0.8, layer=0)
            words = f"{tick:,.10g}{panel.suffix}"
            edge = plot.left - 3.5 * _POINT_IN
            picture.write(edge, at, words, side="right", level="center_baseline")
    ends = [(plot.left, plot.bottom), (plot.right, plot.bottom)]
    picture.draw_line(ends, colour=MUTED, width=0.8, cap="square", layer=2.5)
    ticks = _pick_ticks(panel.periods)
    sides = ["left", "right"] if len(ticks) == 2 else ["center"] * len(ticks)
    for (time, words), side in zip(ticks, sides, strict=True):
        # Clear of the lowest figure of the other scale; two stand at the ends, written inwards.
        at = plot.bottom + 14.6 * _POINT_IN
        picture.write(plot.place(time, low)[0], at, words, side=side, level="baseline")


def _pick_ticks(periods: Sequence[tuple[float, str]]) -> list[tuple[float, str]]:
    """Return times with their words: as many as fit."""
    count = len(periods)
    names = [
        # The name of a long period would run into the next: its first year stands for it.
        name if len(name) <= _LONGEST_TICK else str(int(time))
        for time, name in periods
    ]
    most = max(2, min(_MOST_TICKS, _TICK_CHARACTERS // (max(map(len, names)) + 1)))
    picked = np.unique(np.linspace(0, count - 1, min(count, most)).round().astype(int))
    return [(periods[i][0], names[i]) for i in picked]
