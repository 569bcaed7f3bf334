"""How a strip is drawn: cells of counts, a mark over the middle rating, a line from end to end."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from cip.display.palette import INK, MUTED, PAPER, ROLE_STYLES, pick_text_colour
from cip.display.picture import Picture
from cip.display.style import FIGURE_WIDTH_IN, FONT_SIZE_PT, make_ramp

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_LEFT_IN, _PAD_IN = 1.0, 0.05
_CELL_IN, _ABOVE_IN, _BELOW_IN, _GAP_IN, _LINE_IN = 0.34, 0.14, 0.11, 0.16, 0.2
_KEY_IN, _HEAD_IN = 0.5, 0.26
#: Leaves room for title and note on a page of A4.
_TALLEST_IN = 8.0
_LABEL_CHARACTERS = 52
_SHADES = 5
_ACCENT = ROLE_STYLES["district"].colour


@dataclass(frozen=True)
class Strip:
    """One round of one step.

    Parameters
    ----------
    day
        Day of the round, ISO.
    raters
        How many rated the step.
    counts
        Raters at each level, or None where they are withheld or nobody rated.
    changes
        Change of each count since the first round, or None where there is none to show.
    middle
        Place of the median among the levels, from 0; between two levels it ends in a half.
    """

    day: str
    raters: int
    counts: tuple[int, ...] | None = None
    changes: tuple[int, ...] | None = None
    middle: float = math.nan

    @property
    def ends(self) -> tuple[int, int]:
        """Places of the lowest and the highest level that anybody chose."""
        held = [place for place, count in enumerate(self.counts or ()) if count]
        return min(held), max(held)


@dataclass(frozen=True)
class StepStrips:
    """One step with its rounds, first round first."""

    title: str
    priority: str
    strips: tuple[Strip, ...]

    @property
    def spread(self) -> int | None:
        """Levels between the lowest and the highest rating of the latest round."""
        latest = self.strips[-1]
        return None if latest.counts is None else latest.ends[1] - latest.ends[0]


def write_day(day: str) -> str:
    """Return an ISO date as ``3 Mar 2026``, the same in every locale."""
    found = date.fromisoformat(day)
    return f"{found.day} {_MONTHS[found.month - 1]} {found.year}"


def count_noun(number: int, noun: str) -> str:
    """Return a number with its noun: ``1 step``, ``3 steps``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def word_nothing(strip: Strip) -> str:
    """Return why a strip has no counts."""
    return "one rater, not shown" if strip.raters else "no ratings"


def count_fitting(rounds: int) -> int:
    """Return how many steps with so many rounds fit a figure that fits a page."""
    step_in = 2 * _LINE_IN + rounds * (_ABOVE_IN + _CELL_IN + _BELOW_IN) + _GAP_IN
    return max(1, int((_TALLEST_IN - _KEY_IN - _HEAD_IN) / step_in))


def draw_svg(steps: Sequence[StepStrips], levels: Sequence[str]) -> str:
    """Return the strips as SVG, one step under the other in the order given."""
    labels = [textwrap.wrap(step.title, _LABEL_CHARACTERS) for step in steps]
    strip_in = _ABOVE_IN + _CELL_IN + _BELOW_IN
    heights = [
        len(lines) * _LINE_IN + bool(step.priority) * _LINE_IN
        + len(step.strips) * strip_in + _GAP_IN
        for step, lines in zip(steps, labels, strict=True)
    ]  # fmt: skip
    height = _KEY_IN + _HEAD_IN + sum(heights)
    picture = Picture(height_in=height)
    _draw_key(picture, has_changes=any(s.changes for step in steps for s in step.strips))
    _draw_heads(picture, levels)
    top = _KEY_IN + _HEAD_IN
    for step, lines, used in zip(steps, labels, heights, strict=True):
        _draw_step(picture, step, lines, top)
        top += used
    return picture.to_svg()


def _draw_key(picture: Picture, *, has_changes: bool) -> None:
    change = " (change since first round)" if has_changes else ""
    picture.write(_PAD_IN, 0.13, f"In a cell: raters at that level{change}")
    picture.draw_marks([(0.12, 0.36)], "v", colour=INK, size=8)
    picture.write(0.24, 0.36, "middle rating")
    picture.draw_line([(1.45, 0.36), (1.85, 0.36)], colour=_ACCENT, width=3.5)
    picture.write(1.95, 0.36, "from lowest to highest rating")


def _draw_heads(picture: Picture, levels: Sequence[str]) -> None:
    width = _cell_width(levels)
    for place, level in enumerate(levels):
        middle = _LEFT_IN + (place + 0.5) * width
        words = (middle, _KEY_IN + _HEAD_IN / 2, level.capitalize())
        picture.write(*words, side="center", is_bold=True)


def _cell_width(levels: Sequence[str]) -> float:
    return (FIGURE_WIDTH_IN - _LEFT_IN - _PAD_IN) / len(levels)


def _draw_step(picture: Picture, step: StepStrips, lines: Sequence[str], top: float) -> None:
    ends = [(_PAD_IN, top), (FIGURE_WIDTH_IN - _PAD_IN, top)]
    picture.draw_line(ends, colour=MUTED, width=0.6, cap="round")
    for line in lines:
        picture.write(_PAD_IN, top + 0.12, line, size=FONT_SIZE_PT, is_bold=True)
        top += _LINE_IN
    if step.priority:
        picture.write(_PAD_IN, top + 0.1, step.priority)
        top += _LINE_IN
    for strip in step.strips:
        _draw_strip(picture, strip, top + _ABOVE_IN)
        top += _ABOVE_IN + _CELL_IN + _BELOW_IN


def _draw_strip(picture: Picture, strip: Strip, top: float) -> None:
    picture.write(_PAD_IN, top + 0.08, write_day(strip.day))
    picture.write(_PAD_IN, top + 0.26, count_noun(strip.raters, "rater"), colour=MUTED)
    if strip.counts is None:
        _draw_box(picture, _LEFT_IN, top, FIGURE_WIDTH_IN - _PAD_IN - _LEFT_IN, PAPER)
        picture.write(_LEFT_IN + 0.1, top + _CELL_IN / 2, word_nothing(strip))
        return
    width = _cell_width(strip.counts)  # type: ignore[arg-type]
    changes: Sequence[int | None] = strip.changes or (None,) * len(strip.counts)
    for place, (count, change) in enumerate(zip(strip.counts, changes, strict=True)):
        fill = _pick_fill(count, strip.raters)
        left = _LEFT_IN + place * width
        _draw_box(picture, left, top, width, fill)
        picture.write(
            left + width / 2, top + _CELL_IN / 2, _word_cell(count, change),
            side="center", size=FONT_SIZE_PT, colour=pick_text_colour(fill),
        )  # fmt: skip
    _draw_spread(picture, strip, top, width)


def _draw_box(picture: Picture, left: float, top: float, width: float, fill: str) -> None:
    picture.draw_box(left, top, width, _CELL_IN, fill=fill, edge=MUTED, line=0.7)


def _pick_fill(count: int, raters: int) -> str:
    return make_ramp(_SHADES)[math.ceil(count / raters * _SHADES) - 1] if count else PAPER


def _word_cell(count: int, change: int | None) -> str:
    if change is None:
        return f"{count}"
    sign = "+" if change > 0 else "\N{MINUS SIGN}"
    return f"{count} ({sign}{abs(change)})" if change else f"{count} (=)"


def _draw_spread(picture: Picture, strip: Strip, top: float, width: float) -> None:
    low, high = strip.ends
    below = top + _CELL_IN + 0.05
    left, right = _LEFT_IN + low * width + 0.03, _LEFT_IN + (high + 1) * width - 0.03
    picture.draw_line([(left, below), (right, below)], colour=_ACCENT, width=3.5)
    middle = _LEFT_IN + (strip.middle + 0.5) * width
    picture.draw_marks([(middle, top - 0.055)], "v", colour=INK, size=8)
