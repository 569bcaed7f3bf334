"""The row chart: one bar per row from zero, its label above, comparators as markers.

Labels stand above the bars, not beside them, so that long official category names can be
read in full on a phone.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, field

from matplotlib.axes import Axes
from matplotlib.collections import PatchCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle
from matplotlib.ticker import FuncFormatter, MaxNLocator
from matplotlib.transforms import ScaledTranslation

from cip.display.chart_parts import ChartArea
from cip.display.palette import INK, MUTED, PAPER, RoleStyle
from cip.display.style import (
    FIGURE_WIDTH_IN,
    FONT_SIZE_PT,
    SMALL_FONT_SIZE_PT,
    house_style,
    new_figure,
    render_svg,
)

_LEFT_IN, _RIGHT_IN = 0.12, 1.0
_LINE_IN, _BAR_IN, _LANE_IN, _GAP_IN = 0.2, 0.17, 0.19, 0.13
_AXIS_IN, _LEGEND_LINE_IN = 0.6, 0.26
_LABEL_CHARACTERS = 52


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
    height_in = legend_in + body_in + _AXIS_IN
    with house_style():
        figure = new_figure(height_in=height_in)
        axes = _add_axes(figure, body_in, height_in, chart_rows)
        middles, top = [], 0.0
        for lines in labels:
            _write_label(axes, lines, top)
            middles.append(top + len(lines) * _LINE_IN + _BAR_IN / 2 + 0.01)
            top += len(lines) * _LINE_IN + row_in
        _draw_bars(axes, chart_rows, middles)
        _draw_intervals(axes, chart_rows, middles)
        _draw_markers(axes, chart_rows, middles)
        _write_values(figure, axes, chart_rows, middles)
        _finish_axis(axes, axis_label, is_percentage)
        if legend:
            _add_legend(figure, legend, height_in)
        return render_svg(figure)


def _add_axes(figure: Figure, body_in: float, height_in: float, rows: Sequence[ChartRow]) -> Axes:
    width = (FIGURE_WIDTH_IN - _LEFT_IN - _RIGHT_IN) / FIGURE_WIDTH_IN
    axes = figure.add_axes(
        (_LEFT_IN / FIGURE_WIDTH_IN, _AXIS_IN / height_in, width, body_in / height_in)
    )
    marks = [value for row in rows for value, _ in row.markers]
    ends = [end for row in rows for end in (row.value, row.upper) if end is not None]
    axes.set_xlim(0, max([*marks, *ends, 0.0]) * 1.02 or 1)
    axes.set_ylim(body_in, 0)  # one unit is one inch, counted from the top
    return axes


def _write_label(axes: Axes, lines: Sequence[str], top: float) -> None:
    for place, line in enumerate(lines):
        baseline = top + (place + 0.8) * _LINE_IN
        axes.text(0, baseline, line, va="baseline", ha="left", fontsize=FONT_SIZE_PT)


# Everything of one kind is drawn in one call: matplotlib takes a millisecond and more for each.


def _draw_bars(axes: Axes, rows: Sequence[ChartRow], middles: Sequence[float]) -> None:
    bars: dict[RoleStyle, list[Rectangle]] = {}
    for row, middle in zip(rows, middles, strict=True):
        if row.value is not None:
            bar = Rectangle((0, middle - _BAR_IN / 2), row.value, _BAR_IN)
            bars.setdefault(row.style, []).append(bar)
    for style, rectangles in bars.items():
        collection = PatchCollection(
            rectangles,
            facecolor=PAPER if style.hatch else style.colour,
            edgecolor=style.colour,
            hatch=style.hatch or None,
            linewidth=1,
            zorder=2,
        )
        axes.add_collection(collection, autolim=False)


def _draw_intervals(axes: Axes, rows: Sequence[ChartRow], middles: Sequence[float]) -> None:
    held = [
        (m, r.lower, r.upper)
        for r, m in zip(rows, middles, strict=True)
        if r.lower is not None and r.upper is not None
    ]
    if not held:
        return
    places, lowers, uppers = zip(*held, strict=True)
    # White under black: the line stays visible on the bar and on the paper.
    axes.hlines(places, lowers, uppers, colors=PAPER, linewidth=3.6, zorder=3)
    axes.hlines(places, lowers, uppers, colors=INK, linewidth=1.4, zorder=4)
    tops, bottoms = [p - 0.05 for p in places] * 2, [p + 0.05 for p in places] * 2
    axes.vlines([*lowers, *uppers], tops, bottoms, colors=INK, linewidth=1.4, zorder=4)


def _draw_markers(axes: Axes, rows: Sequence[ChartRow], middles: Sequence[float]) -> None:
    places: dict[RoleStyle, list[tuple[float, float]]] = {}
    for row, middle in zip(rows, middles, strict=True):
        # Under the bar, never on it, and each a little lower: equal values stay apart.
        lane = middle + _BAR_IN / 2 + _LANE_IN / 2
        steps = {1: (0.0,), 2: (-0.03, 0.03)}.get(len(row.markers), (-0.04, 0.0, 0.04))
        for place, (value, style) in enumerate(row.markers):
            places.setdefault(style, []).append((value, lane + steps[place % len(steps)]))
    for style, points in places.items():
        axes.plot(
            *zip(*points, strict=True),
            marker=style.marker,
            color=style.colour,
            markeredgecolor=PAPER,
            markeredgewidth=0.9,
            markersize=7,
            linestyle="none",
            zorder=5,
            clip_on=False,
        )


def _write_values(
    figure: Figure, axes: Axes, rows: Sequence[ChartRow], middles: Sequence[float]
) -> None:
    beside = axes.get_yaxis_transform() + ScaledTranslation(8 / 72, 0, figure.dpi_scale_trans)
    for row, middle in zip(rows, middles, strict=True):
        axes.text(
            1, middle, row.value_text,
            transform=beside, va="center", fontsize=FONT_SIZE_PT, fontweight="bold",
        )  # fmt: skip


def _finish_axis(axes: Axes, axis_label: str, is_percentage: bool) -> None:
    suffix = "%" if is_percentage else ""
    axes.xaxis.set_major_locator(MaxNLocator(5))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:,.10g}{suffix}"))
    axes.yaxis.set_visible(False)
    axes.set_xlabel(axis_label, loc="left", fontsize=SMALL_FONT_SIZE_PT)
    for side in ("top", "right", "bottom"):
        axes.spines[side].set_visible(False)
    axes.spines["left"].set_color(MUTED)
    axes.grid(axis="y", visible=False)


def _add_legend(figure: Figure, areas: Sequence[ChartArea], height_in: float) -> None:
    handles: list[Patch | Line2D] = [
        Patch(facecolor=areas[0].style.colour, edgecolor=areas[0].style.colour)
    ]
    handles += [
        Line2D([], [], marker=a.style.marker, color=a.style.colour, linestyle="none", markersize=7)
        for a in areas[1:]
    ]
    figure.legend(
        handles,
        [textwrap.shorten(a.name, 30, placeholder="…") for a in areas],
        loc="upper left",
        bbox_to_anchor=(_LEFT_IN / FIGURE_WIDTH_IN, 1 - 0.02 / height_in),
        ncols=2,
        frameon=False,
        borderaxespad=0,
        borderpad=0,
        handletextpad=0.5,
        columnspacing=1.5,
    )
