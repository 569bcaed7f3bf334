"""The shortlist as a chart: each area's rank, and how far it moves when the weights do."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from functools import cached_property

import pandas as pd
from matplotlib.ticker import MaxNLocator

from cip.display.blocks import FigureBlock
from cip.display.chart_parts import write_alt
from cip.display.palette import INK, MUTED, PAPER, ROLE_STYLES
from cip.display.picture import Picture
from cip.display.picture_parts import draw_scale, write_key
from cip.display.style import FIGURE_WIDTH_IN

#: So many rows fill a page; the table under the chart holds all of them.
MOST_ROWS = 30
#: An area that is on the shortlist in this share of the draws stays there in the words of the title.
FIRM_SHARE = 0.95

_LABEL_IN, _VALUE_IN, _AXIS_IN, _KEY_IN = 2.1, 1.2, 0.55, 0.55
_ROW_IN, _TALL_ROW_IN = 0.27, 0.4
_LABEL_CHARACTERS = 25
_END_IN = FIGURE_WIDTH_IN - _VALUE_IN
#: From the rows to the words beside them.
_BESIDE_IN = 0.03 * (_END_IN - _LABEL_IN)
_OWN = {"marker": "D", "colour": ROLE_STYLES["profile"].colour, "size": 8}
_OTHER = {"marker": "o", "colour": PAPER, "edge": INK, "line": 1.4, "size": 7}

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


@dataclass(frozen=True)
class _Plot:
    """Where ranks and rows lie on the picture, in inches."""

    drawn: pd.DataFrame
    number: int

    @cached_property
    def limits(self) -> tuple[float, float]:
        """The ranks at both ends of the scale, a little beyond the first and the last."""
        ends = (self.drawn["rank_upper_95"].max(), self.drawn["rank"].max(), self.number)
        last = float(max(ends))
        margin = max(0.5, last * 0.04)
        return 1 - margin, last + margin

    @cached_property
    def bottom(self) -> float:
        has_place = self.drawn["place"].fillna("").ne("").any()
        return _KEY_IN + (_TALL_ROW_IN if has_place else _ROW_IN) * len(self.drawn) + 0.1

    def place(self, rank: float) -> float:
        low, high = self.limits
        return _LABEL_IN + (rank - low) / (high - low) * (_END_IN - _LABEL_IN)

    def height(self, row: int) -> float:
        """Return the middle of a row: the first lies a little further from the end."""
        return _KEY_IN + (row + 0.6) / (len(self.drawn) + 0.2) * (self.bottom - _KEY_IN)


def _draw(drawn: pd.DataFrame, number: int) -> str:
    plot = _Plot(drawn, number)
    picture = Picture(height_in=plot.bottom + _AXIS_IN)
    _draw_axis(picture, plot)
    for place, row in enumerate(drawn.itertuples()):
        _draw_row(picture, plot, place, row)
    _draw_end(picture, plot)
    _draw_key(picture, has_own=bool((drawn["in_profile"] != "").any()))
    return picture.to_svg()


def _draw_row(picture: Picture, plot: _Plot, place: int, row) -> None:
    is_own, at = row.in_profile != "", plot.height(place)
    ends = [(plot.place(rank), at) for rank in (row.rank_lower_95, row.rank_upper_95)]
    picture.draw_line(ends, colour=INK, width=1.6, layer=3)
    picture.draw_marks([(plot.place(row.rank), at)], **(_OWN if is_own else _OTHER), layer=4)
    names = [textwrap.shorten(str(row.area_name), _LABEL_CHARACTERS, placeholder="…")]
    if isinstance(row.place, str) and row.place:
        names.append(textwrap.shorten(row.place, _LABEL_CHARACTERS, placeholder="…"))
    for words, x, side in (
        ("\n".join(names), _LABEL_IN - _BESIDE_IN, "right"),
        (_word(row), _END_IN + _BESIDE_IN, "left"),
    ):
        picture.write(x, at, words, is_bold=is_own, side=side, spacing=1.1)


def _draw_end(picture: Picture, plot: _Plot) -> None:
    end = plot.number + 0.5
    at = plot.place(end)
    picture.draw_line(
        [(at, plot.bottom), (at, _KEY_IN)], colour=MUTED, width=1.4, dash="--", layer=2
    )
    # On the side with more room, so that the words stay inside the picture.
    side = "left" if end < sum(plot.limits) / 2 else "right"
    words = f"shortlist ends at {plot.number}"
    picture.write(at, _KEY_IN - 4 / 72, words, side=side, level="baseline")


def _draw_axis(picture: Picture, plot: _Plot) -> None:
    low, high = plot.limits
    found = MaxNLocator(5, integer=True).tick_values(low, high)
    # Ranks start at 1, so a scale from 0 would show a place that nobody can have.
    ticks = sorted({max(1, int(tick)) for tick in found if tick <= high})
    draw_scale(
        picture, [(plot.place(tick), f"{tick}") for tick in ticks], top=_KEY_IN,
        bottom=plot.bottom, label="Rank (1 is most disadvantaged)",
        at=(_LABEL_IN + _END_IN) / 2, side="center",
    )  # fmt: skip
    picture.draw_line(
        [(_LABEL_IN, plot.bottom), (_END_IN, plot.bottom)],
        colour=MUTED, width=0.8, cap="square", layer=2.5,
    )  # fmt: skip


def _draw_key(picture: Picture, *, has_own: bool) -> None:
    marks = [(_OTHER, "rank, with its 95% interval")]
    if has_own:
        marks = [(_OWN, "in the profile area"), (_OTHER, "elsewhere")]
    places = write_key(picture, [words for _, words in marks], left=0.05)
    for place, (mark, _) in zip(places, marks, strict=True):
        picture.draw_marks([place], **mark)
