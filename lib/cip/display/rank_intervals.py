"""The shortlist as a chart: each area's rank, and how far it moves when the weights do."""

from __future__ import annotations

import textwrap

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from cip.display.blocks import FigureBlock
from cip.display.chart_parts import write_alt
from cip.display.palette import INK, MUTED, PAPER, ROLE_STYLES
from cip.display.style import (
    FIGURE_WIDTH_IN,
    SMALL_FONT_SIZE_PT,
    house_style,
    new_figure,
    render_svg,
)

#: So many rows fill a page; the table under the chart holds all of them.
MOST_ROWS = 30
#: An area that is on the shortlist in this share of the draws stays there in the words of the title.
FIRM_SHARE = 0.95

_LABEL_IN, _VALUE_IN, _AXIS_IN, _KEY_IN = 2.1, 1.2, 0.55, 0.55
_ROW_IN, _TALL_ROW_IN = 0.27, 0.4
_LABEL_CHARACTERS = 25

_LABELS = {
    "area_name": "Area",
    "place": "Where",
    "rank": "Rank",
    "rank_lower_95": "Best rank of the 95% interval",
    "rank_upper_95": "Worst rank of the 95% interval",
    "share_of_draws": "Random weights that shortlist it",
    "in_profile": "In the profile area",
}


def draw_rank_intervals(
    shortlist: pd.DataFrame, *, number: int, block_id: str, source_line: str, note: str
) -> FigureBlock:
    """Return the shortlisted areas with the interval of their ranks under random weights.

    Parameters
    ----------
    shortlist
        One row per area, the first rank first: ``area_name, place, rank, rank_lower_95,
        rank_upper_95, share_of_draws`` (0 to 1) and ``in_profile`` (``whole``, ``part`` or empty).
    number
        Length of the shortlist, where the line is drawn.

    Raises
    ------
    ValueError
        If there is no area.
    """
    if shortlist.empty:
        raise ValueError("a chart needs at least one row")
    drawn = shortlist.head(MOST_ROWS)
    if len(drawn) < len(shortlist):
        note = f"The chart shows the first {len(drawn)}; the table holds all. {note}"
    table = shortlist[list(_LABELS)].assign(share_of_draws=100 * shortlist["share_of_draws"])
    return FigureBlock(
        block_id=block_id,
        title=_write_title(shortlist),
        svg=_draw(drawn, number),
        alt=write_alt("Ranks with intervals", "areas on the shortlist", _state(drawn)),
        source_line=source_line,
        table=table.assign(in_profile=table["in_profile"].replace("", "no")),
        note=note,
        column_labels=_LABELS,
        formats={"share_of_draws": "{:.0f}%"},
    )


def _write_title(shortlist: pd.DataFrame) -> str:
    firm, total = int((shortlist["share_of_draws"] >= FIRM_SHARE).sum()), len(shortlist)
    who = "The one shortlisted area" if total == 1 else f"{firm} of the {total} shortlisted areas"
    if firm == total > 1:
        who = f"All {total} shortlisted areas"
    if firm == 0:
        who = "No shortlisted area"
    verb = "stays" if firm <= 1 else "stay"
    return f"{who} {verb} on the shortlist in at least {FIRM_SHARE:.0%} of random sets of weights"


def _state(drawn: pd.DataFrame) -> list[str]:
    said = [f"{row.area_name} {_word(row)}" for row in drawn.head(12).itertuples()]
    return said + ([f"and {len(drawn) - 12} more areas"] if len(drawn) > 12 else [])


def _word(row) -> str:
    return f"{row.rank:.0f} ({row.rank_lower_95:.0f} to {row.rank_upper_95:.0f})"


def _draw(drawn: pd.DataFrame, number: int) -> str:
    row_in = _TALL_ROW_IN if drawn["place"].fillna("").ne("").any() else _ROW_IN
    body_in = row_in * len(drawn) + 0.1
    height = _KEY_IN + body_in + _AXIS_IN
    width = FIGURE_WIDTH_IN - _LABEL_IN - _VALUE_IN
    with house_style():
        figure = new_figure(height_in=height)
        axes = figure.add_axes(
            (_LABEL_IN / FIGURE_WIDTH_IN, _AXIS_IN / height, width / FIGURE_WIDTH_IN, body_in / height)
        )  # fmt: skip
        axes.set_ylim(len(drawn) - 0.4, -0.6)
        last = float(max(drawn["rank_upper_95"].max(), drawn["rank"].max(), number))
        margin = max(0.5, last * 0.04)
        axes.set_xlim(1 - margin, last + margin)
        _draw_marks(axes, drawn)
        for place, row in enumerate(drawn.itertuples()):
            _write_row(axes, place, row)
        _draw_end(axes, number)
        _finish(axes)
        _add_key(figure, height, has_own=bool((drawn["in_profile"] != "").any()))
        return render_svg(figure)


def _draw_marks(axes: Axes, drawn: pd.DataFrame) -> None:
    places = np.arange(len(drawn))
    lower, upper = (drawn[f"rank_{end}_95"].to_numpy(dtype=float) for end in ("lower", "upper"))
    axes.hlines(places, lower, upper, colors=INK, linewidth=1.6, zorder=3)
    own = (drawn["in_profile"] != "").to_numpy()
    ranks = drawn["rank"].to_numpy(dtype=float)
    for mask, mark in ((own, _OWN), (~own, _OTHER)):
        axes.plot(ranks[mask], places[mask], linestyle="none", zorder=4, **mark)


_OWN = {
    "marker": "D",
    "color": ROLE_STYLES["profile"].colour,
    "markersize": 8,
}
_OTHER = {
    "marker": "o",
    "color": PAPER,
    "markeredgecolor": INK,
    "markeredgewidth": 1.4,
    "markersize": 7,
}


def _write_row(axes: Axes, place: int, row) -> None:
    names = [textwrap.shorten(str(row.area_name), _LABEL_CHARACTERS, placeholder="…")]
    if isinstance(row.place, str) and row.place:
        names.append(textwrap.shorten(row.place, _LABEL_CHARACTERS, placeholder="…"))
    is_own = row.in_profile != ""
    for text, x, side in (("\n".join(names), -0.03, "right"), (_word(row), 1.03, "left")):
        axes.text(
            x, place, text, transform=axes.get_yaxis_transform(), ha=side, va="center",
            fontsize=SMALL_FONT_SIZE_PT, fontweight="bold" if is_own else "normal",
            linespacing=1.1,
        )  # fmt: skip


def _draw_end(axes: Axes, number: int) -> None:
    axes.axvline(number + 0.5, color=MUTED, linestyle="--", lw=1.4, zorder=2)
    low, high = axes.get_xlim()
    # On the side with more room, so that the words stay inside the picture.
    side = "left" if number + 0.5 < (low + high) / 2 else "right"
    axes.annotate(
        f"shortlist ends at {number}", (number + 0.5, 1), xycoords=("data", "axes fraction"),
        xytext=(0, 4), textcoords="offset points", ha=side, fontsize=SMALL_FONT_SIZE_PT,
    )  # fmt: skip


def _finish(axes: Axes) -> None:
    low, high = axes.get_xlim()
    ticks = MaxNLocator(5, integer=True).tick_values(low, high)
    # Ranks start at 1, so a scale from 0 would show a place that nobody can have.
    axes.set_xticks(sorted({max(1, int(t)) for t in ticks if t <= high}))
    axes.yaxis.set_visible(False)
    axes.grid(axis="y", visible=False)
    axes.set_xlabel("Rank (1 is most disadvantaged)", fontsize=SMALL_FONT_SIZE_PT)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(MUTED)


def _add_key(figure: Figure, height: float, *, has_own: bool) -> None:
    marks = [(_OTHER, "rank, with its 95% interval")]
    if has_own:
        marks = [(_OWN, "in the profile area"), (_OTHER, "elsewhere")]
    figure.legend(
        [Line2D([], [], linestyle="-" if not has_own else "none", **mark) for mark, _ in marks],
        [text for _, text in marks],
        loc="upper left",
        bbox_to_anchor=(0.01, 1 - 0.02 / height),
        ncols=2,
        frameon=False,
        borderaxespad=0,
        borderpad=0,
        handletextpad=0.5,
    )
