"""How answers are drawn: a bar with its interval under each label, all from zero."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cip.display.engagement_marks import (
    BAR_IN,
    LINE_IN,
    Track,
    draw_axis,
    draw_bar,
    draw_interval,
    list_ticks,
    wrap_words,
    write_in_lane,
    write_lines,
)
from cip.display.palette import MUTED, PAPER, ROLE_STYLES
from cip.display.picture import Picture
from cip.display.style import FIGURE_WIDTH_IN, FONT_SIZE_PT

_LEFT_IN, _VALUE_IN = 0.12, 0.85
_GAP_IN, _AXIS_IN, _KEY_IN = 0.14, 0.52, 0.3
_BENCHMARK = ROLE_STYLES["england"]


@dataclass(frozen=True)
class AnswerBar:
    """One bar.

    Parameters
    ----------
    label
        Answer or group, with its base where bases differ.
    value, lower, upper
        Figure and limits, or None.
    words
        The figure as written, or what stands in its place.
    is_small
        Whether it rests on a small base.
    benchmark
        A published figure for the same answer.
    """

    label: str
    value: float | None
    lower: float | None
    upper: float | None
    words: str
    is_small: bool = False
    benchmark: float | None = None


def draw_answers(
    bars: Sequence[AnswerBar], *, unit: str, axis_label: str, benchmark_label: str = ""
) -> str:
    """Return bars as SVG, one under the other in the order given, from zero."""
    width = FIGURE_WIDTH_IN - 2 * _LEFT_IN
    labels = [wrap_words(bar.label, width) for bar in bars]
    has_marks = any(bar.benchmark is not None for bar in bars)
    heights = [
        len(lines) * LINE_IN + BAR_IN + (0.16 if has_marks else 0) + _GAP_IN for lines in labels
    ]
    head_in = _KEY_IN if has_marks else 0.04
    bottom = head_in + sum(heights)
    axis_lines = wrap_words(axis_label, width, size=10, most_lines=2)
    picture = Picture(height_in=bottom + _AXIS_IN + (len(axis_lines) - 1) * LINE_IN)
    track = _make_track(bars)
    suffix = "%" if unit == "%" else ""
    ticks = [(tick, f"{tick:,.10g}{suffix}") for tick in list_ticks(track.high)]
    draw_axis(picture, track, ticks, (head_in, bottom), "\n".join(axis_lines))
    picture.draw_line([(_LEFT_IN, head_in), (_LEFT_IN, bottom)], colour=MUTED, width=0.8, layer=2.5)
    if has_marks:
        _draw_mark(picture, _LEFT_IN + 0.08, 0.13)
        picture.write(_LEFT_IN + 0.24, 0.13, wrap_words(benchmark_label, 4.4, most_lines=1)[0])
    top = head_in
    for bar, lines, height in zip(bars, labels, heights, strict=True):
        write_lines(picture, lines, _LEFT_IN, top)
        _draw_bar(picture, track, bar, top + len(lines) * LINE_IN + BAR_IN / 2 + 0.02)
        top += height
    return picture.to_svg()


def _make_track(bars: Sequence[AnswerBar]) -> Track:
    ends = [end for bar in bars for end in (bar.value, bar.upper, bar.benchmark) if end is not None]
    return Track(_LEFT_IN, FIGURE_WIDTH_IN - _VALUE_IN, 0.0, max([*ends, 0.0]) * 1.02 or 1.0)


def _draw_bar(picture: Picture, track: Track, bar: AnswerBar, middle: float) -> None:
    if bar.value is None:
        write_in_lane(picture, _LEFT_IN + 0.06, middle, bar.words)
    else:
        draw_bar(picture, _LEFT_IN, track.place(bar.value), middle, is_hatched=bar.is_small)
        right = track.right + 0.1
        picture.write(right, middle, bar.words, size=FONT_SIZE_PT, is_bold=True)
    if bar.lower is not None and bar.upper is not None:
        draw_interval(picture, track.place(bar.lower), track.place(bar.upper), middle)
    if bar.benchmark is not None:
        _draw_mark(picture, track.place(bar.benchmark), middle + BAR_IN / 2 + 0.08)


def _draw_mark(picture: Picture, x: float, y: float) -> None:
    picture.draw_marks(
        [(x, y)], _BENCHMARK.marker, colour=_BENCHMARK.colour, size=8, edge=PAPER, line=0.9,
        layer=5,
    )  # fmt: skip
