"""How trends are drawn: one panel per measure, gaps as gaps, names at the ends of lines."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from cip.display.chart_parts import clip_name
from cip.display.palette import MUTED, PAPER, RoleStyle
from cip.display.style import (
    FIGURE_WIDTH_IN,
    SMALL_FONT_SIZE_PT,
    house_style,
    new_figure,
    render_svg,
)

_LEFT_IN, _NAMES_IN = 0.62, 1.85
_TITLE_LINE_IN, _PLOT_IN, _AXIS_IN, _GAP_IN = 0.19, 1.2, 0.33, 0.16
_TITLE_CHARACTERS, _NAME_CHARACTERS = 58, 20
_MOST_TICKS = 5
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
    height = sum(heights)
    with house_style():
        figure = new_figure(height_in=height)
        top = 0.0
        for panel, lines, used in zip(panels, titles, heights, strict=True):
            _draw_panel(figure, panel, lines, top, height)
            top += used
        return render_svg(figure)


def _draw_panel(
    figure: Figure, panel: TrendPanel, title: Sequence[str], top: float, height: float
) -> None:
    figure.text(
        0.05 / FIGURE_WIDTH_IN, 1 - (top + 0.02) / height, "\n".join(title),
        va="top", ha="left", fontsize=SMALL_FONT_SIZE_PT, fontweight="bold", linespacing=1.2,
    )  # fmt: skip
    bottom = top + len(title) * _TITLE_LINE_IN + 0.1 + _PLOT_IN
    width = FIGURE_WIDTH_IN - _LEFT_IN - _NAMES_IN
    axes = figure.add_axes(
        (_LEFT_IN / FIGURE_WIDTH_IN, 1 - bottom / height, width / FIGURE_WIDTH_IN, _PLOT_IN / height)
    )  # fmt: skip
    low, high = _find_limits(panel)
    axes.set_ylim(low, high)
    times = [time for time, _ in panel.periods]
    margin = (times[-1] - times[0]) * 0.03 or 0.5
    axes.set_xlim(times[0] - margin, times[-1] + margin)
    for place, line in reversed(list(enumerate(panel.lines))):
        _draw_line(axes, line, panel.periods, is_own=place == 0)
    _write_names(axes, panel, (low, high))
    _finish(axes, panel)


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
    axes: Axes, line: TrendLine, periods: Sequence[tuple[float, str]], *, is_own: bool
) -> None:
    times, values, places = fill_gaps(line, periods)
    style = line.style
    if line.lower:
        lower, upper = (
            np.array([ends[p] if p >= 0 else math.nan for p in places])
            for ends in (line.lower, line.upper)
        )
        axes.fill_between(times, lower, upper, color=style.colour, alpha=0.2, linewidth=0, zorder=2)
    axes.plot(
        times, values, color=style.colour, linestyle=style.line, marker=style.marker,
        markersize=6 if is_own else 4.5, markeredgecolor=PAPER, markeredgewidth=0.7,
        linewidth=2.4 if is_own else 1.5, zorder=4 if is_own else 3, clip_on=False,
    )  # fmt: skip


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


def _write_names(axes: Axes, panel: TrendPanel, limits: tuple[float, float]) -> None:
    ends = []
    for line in panel.lines:
        held = [value for value in line.values if not math.isnan(value)]
        ends.append((line, held[-1] if held else limits[0]))
    gap = (limits[1] - limits[0]) * 0.17 / _PLOT_IN
    heights = spread_labels([end for _, end in ends], gap, *limits)
    for place, ((line, _), height) in enumerate(zip(ends, heights, strict=True)):
        axes.annotate(
            clip_name(line.name, _NAME_CHARACTERS), (1, height),
            xycoords=("axes fraction", "data"), xytext=(22, 0), textcoords="offset points",
            va="center", fontsize=SMALL_FONT_SIZE_PT, fontweight="normal" if place else "bold",
            annotation_clip=False,
        )  # fmt: skip
        axes.plot(
            [1.06], [height], marker=line.style.marker, color=line.style.colour, markersize=6,
            markeredgecolor=PAPER, markeredgewidth=0.7, linestyle="none", clip_on=False,
            transform=axes.get_yaxis_transform(),
        )  # fmt: skip


def _finish(axes: Axes, panel: TrendPanel) -> None:
    count = len(panel.periods)
    names = [
        # The name of a long period would run into the next: its first year stands for it.
        name if len(name) <= _LONGEST_TICK else str(int(time))
        for time, name in panel.periods
    ]
    most = max(2, min(_MOST_TICKS, _TICK_CHARACTERS // (max(map(len, names)) + 1)))
    picked = np.unique(np.linspace(0, count - 1, min(count, most)).round().astype(int))
    words = [names[i] for i in picked]
    axes.set_xticks([panel.periods[i][0] for i in picked], words)
    axes.yaxis.set_major_locator(MaxNLocator(3))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda y, _: f"{y:,.10g}{panel.suffix}"))
    axes.tick_params(length=0, labelsize=SMALL_FONT_SIZE_PT)
    axes.tick_params(axis="x", pad=7)  # clear of the lowest figure of the other scale
    axes.grid(axis="x", visible=False)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(MUTED)
    if len(words) == 2:  # at the ends, written inwards
        for label, side in zip(axes.get_xticklabels(), ("left", "right"), strict=True):
            label.set_horizontalalignment(side)
