"""The stages of a programme on a time axis: one bar per area, its stages end to end."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from cip.display.palette import AREA_FILL, GRID, INK, MUTED, PAPER, ROLE_STYLES, pick_text_colour
from cip.display.picture import Picture, measure_words
from cip.display.strip_drawing import write_day
from cip.display.style import FIGURE_WIDTH_IN, FONT_SIZE_PT, SMALL_FONT_SIZE_PT

#: So many areas fill a page with title and note; the table under the chart holds them by itself.
MOST_AREAS = 9
_SIDE_IN, _LINE_IN, _BAR_IN, _GAP_IN = 0.08, 0.2, 0.27, 0.2
_KEY_IN, _DAY_IN, _AXIS_IN, _WAVE_IN = 0.34, 0.24, 0.3, 0.3
_LABEL_CHARACTERS = 50
_LEAST_TICK_IN = 0.55


@dataclass(frozen=True)
class TimelineBar:
    """One stage: its kind, its name and its days."""

    kind: str
    label: str
    start: date
    end: date


@dataclass(frozen=True)
class TimelineRow:
    """One area: its wave, its name, where it stands in words, and its stages."""

    wave: int
    label: str
    words: str
    bars: tuple[TimelineBar, ...]


#: Fill, edge and hatch of each kind of stage: dark for the most help, hatched before and after.
_LOOKS = {
    "facts": (PAPER, ROLE_STYLES["district"].colour, "///"),
    "support": (ROLE_STYLES["profile"].colour, ROLE_STYLES["profile"].colour, ""),
    "maintenance": (AREA_FILL, ROLE_STYLES["profile"].colour, ""),
}


def draw_timeline(
    rows: Sequence[TimelineRow], *, today: date, start: date, end: date, names: dict[str, str]
) -> str:
    """Return the stages as SVG, areas in the order given, with a line on the day of the report.

    Parameters
    ----------
    start, end
        First and last day of the axis.
    names
        Name of each kind of stage, for the key.

    Raises
    ------
    ValueError
        If there is nothing to draw, or more areas than fit.
    """
    if not 0 < len(rows) <= MOST_AREAS:
        raise ValueError(f"a timeline has 1 to {MOST_AREAS} areas")
    labels = [textwrap.wrap(row.label, _LABEL_CHARACTERS) or [""] for row in rows]
    heads = [n == 0 or row.wave != rows[n - 1].wave for n, row in enumerate(rows)]
    heights = [
        is_head * _WAVE_IN + (len(lines) + 1) * _LINE_IN + _BAR_IN + _GAP_IN
        for is_head, lines in zip(heads, labels, strict=True)
    ]
    top = _KEY_IN + _DAY_IN
    bottom = top + sum(heights)
    picture = Picture(height_in=bottom + _AXIS_IN)
    axis = _Axis(min(start, today), max(end, today))
    _draw_key(picture, names)
    _draw_axis(picture, axis, top, bottom)
    _draw_today(picture, axis, today, top, bottom)
    for row, lines, is_head, height in zip(rows, labels, heads, heights, strict=True):
        _draw_row(picture, axis, row, lines, top, is_head=is_head)
        top += height
    return picture.to_svg()


@dataclass(frozen=True)
class _Axis:
    """Days to inches."""

    first: date
    last: date

    def place(self, day: date, *, is_end: bool = False) -> float:
        width = FIGURE_WIDTH_IN - 2 * _SIDE_IN
        days = (self.last - self.first).days + 1
        return _SIDE_IN + ((day - self.first).days + is_end) / days * width

    def list_years(self) -> Iterator[date]:
        """Yield first days of years, few enough to be labelled."""
        years = range(self.first.year + (self.first > date(self.first.year, 1, 1)),
                      self.last.year + 1)  # fmt: skip
        a_year = self.place(date(2001, 1, 1)) - self.place(date(2000, 1, 1))
        step = max(1, int(_LEAST_TICK_IN / a_year) + (a_year < _LEAST_TICK_IN))
        yield from (date(year, 1, 1) for year in years if year % step == 0)


def _draw_key(picture: Picture, names: dict[str, str]) -> None:
    left = _SIDE_IN
    for kind, name in names.items():
        _draw_box(picture, left, 0.06, 0.3, 0.17, kind)
        picture.write(left + 0.37, 0.145, name)
        left += 0.37 + measure_words(name) + 0.25


def _draw_box(
    picture: Picture, left: float, top: float, width: float, height: float, kind: str
) -> None:
    fill, edge, hatch = _LOOKS[kind]
    picture.draw_box(
        left, top, width, height, fill=fill, edge=edge, line=1.2, hatch=hatch, layer=3
    )  # fmt: skip


def _draw_axis(picture: Picture, axis: _Axis, top: float, bottom: float) -> None:
    ends = [(_SIDE_IN, bottom), (FIGURE_WIDTH_IN - _SIDE_IN, bottom)]
    picture.draw_line(ends, colour=MUTED, width=0.8)
    for day in axis.list_years():
        x = axis.place(day)
        picture.draw_line([(x, top), (x, bottom + 0.05)], colour=GRID, width=0.8, layer=1)
        half = measure_words(f"{day.year}") / 2
        x = min(max(x, _SIDE_IN + half), FIGURE_WIDTH_IN - _SIDE_IN - half)
        picture.write(x, bottom + 0.16, f"{day.year}", side="center")


def _draw_today(picture: Picture, axis: _Axis, today: date, top: float, bottom: float) -> None:
    x = axis.place(today)
    picture.draw_line([(x, top - 0.02), (x, bottom)], colour=INK, width=1.3, dash="--", layer=4)
    words = f"Report: {write_day(today.isoformat())}"
    half = measure_words(words) / 2
    x = min(max(x, _SIDE_IN + half), FIGURE_WIDTH_IN - _SIDE_IN - half)
    picture.write(x, top - 0.12, words, side="center")


def _draw_row(
    picture: Picture, axis: _Axis, row: TimelineRow, lines: Sequence[str], top: float, *,
    is_head: bool,
) -> None:  # fmt: skip
    if is_head:
        _write_over(picture, f"Wave {row.wave}", top + 0.17, colour=MUTED)
        line = [(_SIDE_IN, top + 0.02), (FIGURE_WIDTH_IN - _SIDE_IN, top + 0.02)]
        picture.draw_line(line, colour=MUTED, width=0.6)
        top += _WAVE_IN
    for line in lines:
        _write_over(picture, line, top + 0.08, size=FONT_SIZE_PT, is_bold=True)
        top += _LINE_IN
    _write_over(picture, row.words, top + 0.08)
    top += _LINE_IN
    for bar in row.bars:
        left, right = axis.place(bar.start), axis.place(bar.end, is_end=True)
        _draw_box(picture, left, top, right - left, _BAR_IN, bar.kind)
        fill, _, hatch = _LOOKS[bar.kind]
        if not hatch and measure_words(bar.label) + 0.12 < right - left:
            picture.write(
                left + 0.07, top + _BAR_IN / 2, bar.label,
                colour=pick_text_colour(fill), layer=6,
            )  # fmt: skip


def _write_over(
    picture: Picture, text: str, middle: float, *, size: float = SMALL_FONT_SIZE_PT,
    is_bold: bool = False, colour: str = INK,
) -> None:  # fmt: skip
    """Write words on paper, so that the line of the day does not run through them."""
    width = measure_words(text, size=size, is_bold=is_bold)
    picture.draw_box(
        _SIDE_IN - 0.02, middle - 0.09, width + 0.05, 0.18, fill=PAPER, layer=5
    )  # fmt: skip
    picture.write(
        _SIDE_IN, middle, text, size=size, is_bold=is_bold, colour=colour, layer=6
    )  # fmt: skip
