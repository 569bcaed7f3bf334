"""How it is drawn who was heard: a dot with its interval for each group, about a line at 1."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

from cip.display.engagement_marks import (
    LINE_IN,
    Track,
    draw_axis,
    draw_dot,
    draw_interval,
    wrap_words,
    write_in_lane,
    write_lines,
)
from cip.display.palette import GRID, INK, MUTED
from cip.display.picture import Picture
from cip.display.style import FIGURE_WIDTH_IN, FONT_SIZE_PT

#: A taller picture would be too small to read on paper; the table holds the rest.
_TALLEST_IN = 7.8
_PAD_IN, _LABEL_RIGHT_IN, _LEFT_IN, _RIGHT_IN = 0.1, 1.82, 1.95, 4.22
_HEAD_IN, _AXIS_IN, _ROW_GAP_IN, _LEAST_ROW_IN = 0.62, 0.52, 0.1, 0.42
#: The scale goes from half to twice at least, and to an eighth and eight times at most.
_LEAST_DOUBLINGS, _MOST_DOUBLINGS = 1, 3
_TICKS = {-3: "⅛", -2: "¼", -1: "½", 0: "1", 1: "2", 2: "4", 3: "8"}
_NAMED = "◆"


@dataclass(frozen=True)
class HeardLine:
    """One group: its label and characteristic, ratio with limits, and the words beside them."""

    label: str
    characteristic: str
    is_named: bool
    ratio: float | None
    lower: float | None
    upper: float | None
    shares: str
    status: str

    @property
    def is_clear(self) -> bool:
        """Whether the interval lies on one side of 1."""
        if self.lower is None or self.upper is None:
            return False
        return self.upper < 1 or self.lower > 1


def _wrap_label(line: HeardLine) -> list[str]:
    words = f"{_NAMED} {line.label}" if line.is_named else line.label
    return wrap_words(words, _LABEL_RIGHT_IN - _PAD_IN)


def _measure_row(label: Sequence[str]) -> float:
    return max(_LEAST_ROW_IN, (len(label) + 1) * LINE_IN + 0.04) + _ROW_GAP_IN


def pick_drawn(lines: Sequence[HeardLine]) -> list[HeardLine]:
    """Return as many groups as fit a printed page."""
    room = _TALLEST_IN - _HEAD_IN - LINE_IN - _AXIS_IN
    used = itertools.accumulate(_measure_row(_wrap_label(line)) for line in lines)
    return [line for line, end in zip(lines, used, strict=True) if end <= room]


def draw_heard(lines: Sequence[HeardLine]) -> str:
    """Return groups as SVG in the order given, on one scale of doublings about 1."""
    labels = [_wrap_label(line) for line in lines]
    heights = [_measure_row(label) for label in labels]
    has_named = any(line.is_named for line in lines)
    head_in = _HEAD_IN + (LINE_IN if has_named else 0)
    bottom = head_in + sum(heights)
    picture = Picture(height_in=bottom + _AXIS_IN)
    track = _make_track(lines)
    _draw_key(picture, has_named)
    _write_scale(picture, track, head_in, bottom)
    top = head_in
    for line, label, height in zip(lines, labels, heights, strict=True):
        write_lines(picture, label, _PAD_IN, top + 0.02)
        under = top + len(label) * LINE_IN + 0.02
        write_lines(picture, [line.characteristic], _PAD_IN, under, colour=MUTED, size=10)
        _draw_line(picture, track, line, top + 0.12)
        top += height
    return picture.to_svg()


def _make_track(lines: Sequence[HeardLine]) -> Track:
    ends = [end for line in lines for end in (line.ratio, line.lower, line.upper) if end]
    reach = max([abs(math.log2(end)) for end in ends], default=0.0)
    whole = min(max(math.ceil(reach - 0.05), _LEAST_DOUBLINGS), _MOST_DOUBLINGS)
    return Track(_LEFT_IN, _RIGHT_IN, -whole, whole)


def _draw_key(picture: Picture, has_named: bool) -> None:
    draw_dot(picture, _PAD_IN + 0.08, 0.12, is_full=True)
    picture.write(_PAD_IN + 0.22, 0.12, "clearly fewer or more")
    draw_dot(picture, 2.3, 0.12, is_full=False)
    picture.write(2.44, 0.12, "no clear difference")
    if has_named:
        picture.write(
            _PAD_IN + 0.02, 0.12 + LINE_IN + 0.04, f"{_NAMED} seldom heard, says the plan"
        )


def _write_scale(picture: Picture, track: Track, top: float, bottom: float) -> None:
    picture.write(_LEFT_IN, top - 0.14, "fewer heard", colour=MUTED)
    picture.write(_RIGHT_IN, top - 0.14, "more heard", colour=MUTED, side="right")
    words = [(n, _TICKS[n]) for n in _TICKS if track.low <= n <= track.high]
    draw_axis(picture, track, words, (bottom, bottom), "People heard for each one expected")


def _draw_lane(picture: Picture, track: Track, middle: float) -> None:
    """Draw the scale behind one row alone: lines from top to bottom would cross the words."""
    for doublings in range(int(track.low), int(track.high) + 1):
        at = track.place(doublings)
        ends = [(at, middle - 0.13), (at, middle + 0.1)]
        colour, width = (INK, 1.4) if doublings == 0 else (GRID, 0.8)
        picture.draw_line(ends, colour=colour, width=width, layer=1)


def _draw_line(picture: Picture, track: Track, line: HeardLine, middle: float) -> None:
    under = middle + LINE_IN
    if line.shares:
        write_in_lane(picture, _LEFT_IN, under, line.shares)
    if line.ratio is None:
        write_in_lane(picture, _LEFT_IN, middle, line.status)
        return
    _draw_lane(picture, track, middle)
    places = [_place(track, end) for end in (line.lower, line.upper)]
    if line.lower is not None and line.upper is not None:
        draw_interval(picture, places[0], places[1], middle)
    at = _place(track, line.ratio)
    is_beyond = line.ratio == 0 or abs(math.log2(line.ratio)) > track.high
    if is_beyond:
        marker = "<" if line.ratio < 1 else ">"
        picture.draw_marks([(at, middle)], marker, colour=INK, size=9, layer=5)
    else:
        draw_dot(picture, at, middle, is_full=line.is_clear)
    words = "nobody" if line.ratio == 0 else _word_ratio(line.ratio)
    picture.write(
        FIGURE_WIDTH_IN - 0.06, middle, words, size=FONT_SIZE_PT, is_bold=True, side="right"
    )


def _place(track: Track, ratio: float | None) -> float:
    """Return the place of a ratio on a scale of doublings; zero lies beyond its left end."""
    return track.left if not ratio else track.place(math.log2(ratio))


def _word_ratio(ratio: float) -> str:
    return f"{ratio:.2f}×" if ratio < 10 else f"{ratio:.0f}×"
