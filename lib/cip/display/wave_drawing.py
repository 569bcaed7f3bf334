"""How two waves are drawn: a lane for each, dots with intervals, a line between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cip.display.engagement_marks import (
    ACCENT,
    LINE_IN,
    Track,
    draw_axis,
    draw_dot,
    draw_interval,
    list_ticks,
    wrap_words,
    write_in_lane,
    write_lines,
)
from cip.display.palette import GRID, MUTED
from cip.display.picture import Picture, measure_words
from cip.display.style import FIGURE_WIDTH_IN, FONT_SIZE_PT, SMALL_FONT_SIZE_PT

_PAD_IN, _RIGHT_IN, _LANE_IN, _GAP_IN, _AXIS_IN = 0.1, 1.9, 0.26, 0.2, 0.52
_MOST_WAVE_IN = 1.0


@dataclass(frozen=True)
class WavePoint:
    """One wave of a row: its figure with limits, or what stands in its place."""

    value: float | None
    lower: float | None
    upper: float | None
    words: str


@dataclass(frozen=True)
class WaveLine:
    """One answer: its label, both waves, the difference in words, its interval and reading."""

    label: str
    points: tuple[WavePoint, WavePoint]
    difference: str
    limits: str
    reading: str


def draw_waves(lines: Sequence[WaveLine], waves: tuple[str, str], unit: str) -> str:
    """Return two waves as SVG, one under the other for each answer, the difference beside them."""
    names = [wrap_words(wave, _MOST_WAVE_IN, size=10, most_lines=1)[0] for wave in waves]
    left = _PAD_IN + max(map(measure_words, names)) + 0.2
    track = _make_track(lines, left)
    labels = [wrap_words(line.label, FIGURE_WIDTH_IN - 2 * _PAD_IN) for line in lines]
    heights = [len(held) * LINE_IN + 2 * _LANE_IN + _GAP_IN for held in labels]
    head_in = 0.3
    bottom = head_in + sum(heights)
    picture = Picture(height_in=bottom + _AXIS_IN)
    picture.write(
        FIGURE_WIDTH_IN - 0.06, 0.12, "difference, points" if unit == "%" else "difference",
        side="right", colour=MUTED,
    )  # fmt: skip
    suffix = "%" if unit == "%" else ""
    ticks = [(tick, f"{tick:,.10g}{suffix}") for tick in list_ticks(track.high, 5)]
    what = "Share of those who answered" if unit == "%" else unit.capitalize()
    top = head_in
    for line, label, height in zip(lines, labels, heights, strict=True):
        write_lines(picture, label, _PAD_IN, top)
        lane = top + len(label) * LINE_IN + _LANE_IN / 2 + 0.03
        _draw_line(picture, track, line, names, lane)
        top += height
    draw_axis(picture, track, ticks, (bottom - 0.06, bottom), what)
    return picture.to_svg()


def _make_track(lines: Sequence[WaveLine], left: float) -> Track:
    ends = [e for li in lines for p in li.points for e in (p.value, p.upper) if e is not None]
    return Track(left, FIGURE_WIDTH_IN - _RIGHT_IN, 0.0, max([*ends, 0.0]) * 1.02 or 1.0)


def _draw_line(
    picture: Picture, track: Track, line: WaveLine, names: Sequence[str], top: float
) -> None:
    spots = []
    for place, point in enumerate(line.points):
        middle = top + place * _LANE_IN
        picture.write(_PAD_IN, middle, names[place], colour=MUTED)
        if point.value is None:
            write_in_lane(picture, track.left + 0.06, middle, point.words)
            continue
        ends = [(track.left, middle), (track.right, middle)]
        picture.draw_line(ends, colour=GRID, width=0.8, layer=0)
        at = track.place(point.value)
        spots.append((at, middle))
        ends_at = (point.lower, point.upper)
        if point.lower is not None and point.upper is not None:
            draw_interval(picture, track.place(point.lower), track.place(point.upper), middle)
        draw_dot(picture, at, middle, is_full=place == 1, layer=6)
        after = max([track.place(e) for e in ends_at if e is not None] + [at])
        picture.write(after + 0.1, middle, point.words, is_bold=True, size=SMALL_FONT_SIZE_PT)
    if len(spots) == 2:
        picture.draw_line(spots, colour=ACCENT, width=2.2, layer=5)
    right = FIGURE_WIDTH_IN - 0.06
    if line.difference:
        picture.write(right, top, line.difference, side="right", is_bold=True, size=FONT_SIZE_PT)
        picture.write(right, top + _LANE_IN, line.limits, side="right")
