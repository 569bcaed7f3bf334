"""The plan on a time axis: one bar or diamond per row, its name and dates above it."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from cip.display.palette import INK, MUTED, PAPER, ROLE_STYLES, WARNING
from cip.display.style import (
    FIGURE_WIDTH_IN,
    FONT_SIZE_PT,
    SMALL_FONT_SIZE_PT,
    house_style,
    new_figure,
    render_svg,
)

#: So many rows fill a page and a half; the table under the chart holds all of them.
MOST_ROWS = 24
_SIDE_IN, _LINE_IN, _BAR_IN, _GAP_IN = 0.14, 0.19, 0.16, 0.16
_AXIS_IN, _LEGEND_IN, _DAY_IN = 0.48, 0.6, 0.26
_LABEL_CHARACTERS = 46
_MOST_TICKS = 6

Look = Literal["done", "open", "overdue", "cancelled", "other"]


@dataclass(frozen=True)
class PlanRow:
    """One row of a plan.

    Parameters
    ----------
    label
        What happens.
    words
        Its dates and how it stands, as text.
    start, end
        First and last day; the same day is drawn as a diamond.
    look
        ``done`` is filled, ``open`` hollow, ``overdue`` hollow in the colour of warnings,
        ``cancelled`` dotted; ``other`` is somebody else's initiative, hatched.
    """

    label: str
    words: str
    start: date
    end: date
    look: Look


def draw_gantt(rows: Sequence[PlanRow], *, today: date) -> str:
    """Return the plan as SVG, rows in the order given, with a line on the day of the report.

    Raises
    ------
    ValueError
        If there is nothing to draw, or more rows than fit.
    """
    if not 0 < len(rows) <= MOST_ROWS:
        raise ValueError(f"a plan has 1 to {MOST_ROWS} rows")
    labels = [textwrap.wrap(row.label, _LABEL_CHARACTERS) or [""] for row in rows]
    body_in = sum((len(lines) + 1) * _LINE_IN + _BAR_IN + _GAP_IN for lines in labels)
    height_in = _LEGEND_IN + _DAY_IN + body_in + _AXIS_IN
    with house_style():
        figure = new_figure(height_in=height_in)
        axes = _add_axes(figure, rows, today, body_in, height_in)
        top = 0.0
        for row, lines in zip(rows, labels, strict=True):
            _draw_row(axes, row, lines, top)
            top += (len(lines) + 1) * _LINE_IN + _BAR_IN + _GAP_IN
        _draw_today(axes, today)
        _add_legend(figure, rows, height_in)
        return render_svg(figure)


def _add_axes(
    figure: Figure, rows: Sequence[PlanRow], today: date, body_in: float, height_in: float
) -> Axes:
    left, width = _SIDE_IN / FIGURE_WIDTH_IN, 1 - 2 * _SIDE_IN / FIGURE_WIDTH_IN
    axes = figure.add_axes((left, _AXIS_IN / height_in, width, body_in / height_in))
    first = min(today, *(row.start for row in rows)).toordinal()
    last = max(today, *(row.end for row in rows)).toordinal() + 1
    margin = max((last - first) * 0.03, 2)
    axes.set_xlim(first - margin, last + margin)
    axes.set_ylim(body_in, 0)  # one unit is one inch, counted from the top
    days = list_ticks(date.fromordinal(first), date.fromordinal(last))
    axes.set_xticks([day.toordinal() for day in days], [f"{day:%b}\n{day:%Y}" for day in days])
    axes.yaxis.set_visible(False)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(MUTED)
    return axes


def list_ticks(first: date, last: date) -> list[date]:
    """Return first days of months within two days, few enough to be labelled.

    A span without the first of a month gives its own first day.
    """
    months = (last.year - first.year) * 12 + last.month - first.month
    step = next((s for s in (1, 2, 3, 6, 12, 24, 60, 120) if months // s < _MOST_TICKS), 240)
    ticks = []
    for number in range(first.year * 12 + first.month - 1, last.year * 12 + last.month):
        day = date(number // 12, number % 12 + 1, 1)
        if number % step == 0 and first <= day <= last:
            ticks.append(day)
    return ticks or [first]


def _draw_row(axes: Axes, row: PlanRow, lines: Sequence[str], top: float) -> None:
    left = axes.get_xlim()[0]
    backing = {"facecolor": PAPER, "edgecolor": "none", "pad": 0.8}
    for place, line in enumerate(lines):
        axes.text(
            left, top + (place + 0.8) * _LINE_IN, line,
            va="baseline", fontsize=FONT_SIZE_PT, fontweight="bold", zorder=6, bbox=backing,
        )  # fmt: skip
    axes.text(
        left, top + (len(lines) + 0.8) * _LINE_IN, row.words,
        va="baseline", fontsize=SMALL_FONT_SIZE_PT, zorder=6, bbox=backing,
        color=WARNING if row.look == "overdue" else INK,
    )  # fmt: skip
    middle = top + (len(lines) + 1) * _LINE_IN + _BAR_IN / 2 + 0.03
    edge, face, line, hatch = _pick_look(row.look)
    start, end = row.start.toordinal(), row.end.toordinal() + 1  # the last day is part of it
    if row.start == row.end and row.look != "other":
        axes.plot(
            (start + end) / 2, middle, marker="D", markersize=9, linestyle="none",
            markerfacecolor=face, markeredgecolor=edge, markeredgewidth=1.6, zorder=4,
        )  # fmt: skip
        return
    axes.add_patch(
        Rectangle(
            (start, middle - _BAR_IN / 2),
            end - start,
            _BAR_IN,
            facecolor=face,
            edgecolor=edge,
            linewidth=1.6,
            linestyle=line,
            hatch=hatch,
            zorder=3,
        )
    )  # fmt: skip


def _pick_look(look: Look) -> tuple[str, str, str, str | None]:
    """Return edge, face, line and hatch."""
    own, other = ROLE_STYLES["profile"], ROLE_STYLES["district"]
    return {
        "done": (own.colour, own.colour, "-", None),
        "open": (own.colour, PAPER, "-", None),
        "overdue": (WARNING, PAPER, "-", None),
        "cancelled": (MUTED, PAPER, ":", None),
        "other": (other.colour, PAPER, "-", other.hatch),
    }[look]


def _draw_today(axes: Axes, today: date) -> None:
    axes.axvline(today.toordinal(), color=INK, linestyle="--", linewidth=1.3, zorder=2)
    low, high = axes.get_xlim()
    side = "left" if today.toordinal() < (low + high) / 2 else "right"
    axes.annotate(
        f"Report: {today.day} {today:%b %Y}", (today.toordinal(), 0), xytext=(0, 4),
        textcoords="offset points", ha=side, fontsize=SMALL_FONT_SIZE_PT,
    )  # fmt: skip


def _add_legend(figure: Figure, rows: Sequence[PlanRow], height_in: float) -> None:
    words = {
        "done": "Milestone, done",
        "open": "Milestone, to do",
        "overdue": "Milestone, overdue",
        "cancelled": "Cancelled",
        "other": "Other initiative",
    }
    used = [look for look in words if any(row.look == look for row in rows)]
    handles: list[Patch | Line2D] = []
    for look in used:
        edge, face, line, hatch = _pick_look(look)  # type: ignore[arg-type]
        handles.append(
            Patch(facecolor=face, edgecolor=edge, linestyle=line, hatch=hatch, linewidth=1.6)
        )
    figure.legend(
        handles,
        [words[look] for look in used],
        loc="upper left",
        bbox_to_anchor=(_SIDE_IN / FIGURE_WIDTH_IN, 1 - 0.02 / height_in),
        ncols=2 if len(used) < 5 else 3,
        frameon=False,
        borderaxespad=0,
        borderpad=0,
        handletextpad=0.5,
        columnspacing=1.2,
    )
