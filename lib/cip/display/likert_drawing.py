"""How answers on a scale are drawn: stacked bars about the middle of the neutral band."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cip.display.engagement_marks import LINE_IN, Track, wrap_words, write_in_lane, write_lines
from cip.display.engagement_parts import word_figure
from cip.display.palette import INK, MUTED
from cip.display.picture import Picture, measure_words
from cip.display.style import FIGURE_WIDTH_IN, FONT_SIZE_PT

_LEFT_IN, _GAP_IN = 0.12, 0.14
_SIDE_IN, _ASIDE_IN, _STACK_IN = 0.5, 0.78, 0.3
_KEY_LINE_IN, _SWATCH_IN = 0.24, 0.22


@dataclass(frozen=True)
class Segment:
    """One part of a stacked bar: its percentage, its colours, and whether it is withheld."""

    value: float
    fill: str
    text_colour: str
    hatch: str = ""
    words: str = ""


@dataclass(frozen=True)
class LikertBar:
    """One stacked bar.

    Parameters
    ----------
    label
        Question or group, with its base.
    before, middle, after
        Segments left of the neutral band from left to right, the band, and those right of it.
    ends
        What stands at the left and at the right end: the two sides added up.
    aside
        How many did not know, as written.
    status
        What stands in place of the bar where it cannot be drawn.
    """

    label: str
    before: tuple[Segment, ...] = ()
    middle: tuple[Segment, ...] = ()
    after: tuple[Segment, ...] = ()
    ends: tuple[str, str] = ("", "")
    aside: str = ""
    status: str = ""

    @property
    def reach(self) -> tuple[float, float]:
        """How far the bar goes to the left and to the right of its middle."""
        half = sum(part.value for part in self.middle) / 2
        return half + sum(p.value for p in self.before), half + sum(p.value for p in self.after)


def draw_likert(bars: Sequence[LikertBar], key: Sequence[tuple[str, Segment]]) -> str:
    """Return stacked bars as SVG, all centred on the middle of their neutral band."""
    width = FIGURE_WIDTH_IN - 2 * _LEFT_IN
    labels = [wrap_words(bar.label, width) for bar in bars]
    has_aside = any(bar.aside for bar in bars)
    key_lines = _arrange_key(key, width)
    head_in = len(key_lines) * _KEY_LINE_IN + (0.34 if has_aside else 0.12)
    heights = [len(lines) * LINE_IN + _STACK_IN + _GAP_IN for lines in labels]
    picture = Picture(height_in=head_in + sum(heights) + 0.04)
    _draw_key(picture, key_lines)
    right = FIGURE_WIDTH_IN - _LEFT_IN - (_ASIDE_IN if has_aside else 0)
    if has_aside:
        at = FIGURE_WIDTH_IN - _LEFT_IN
        picture.write(at, head_in - 0.12, "don’t know (n)", side="right", colour=MUTED)
    reaches = [bar.reach for bar in bars]
    most = [max(reach[side] for reach in reaches) or 0.5 for side in (0, 1)]
    track = Track(_LEFT_IN + _SIDE_IN, right - _SIDE_IN, -most[0], most[1])
    top = head_in
    for bar, lines, height in zip(bars, labels, heights, strict=True):
        write_lines(picture, lines, _LEFT_IN, top)
        middle = top + len(lines) * LINE_IN + _STACK_IN / 2 + 0.02
        _draw_stack(picture, track, bar, middle)
        if bar.aside:
            at = FIGURE_WIDTH_IN - _LEFT_IN
            picture.write(at, middle, bar.aside, side="right", colour=MUTED)
        top += height
    _draw_centre(picture, track.place(0), bars, head_in, heights, labels)
    return picture.to_svg()


def _draw_centre(
    picture: Picture,
    at: float,
    bars: Sequence[LikertBar],
    top: float,
    heights: Sequence[float],
    labels: Sequence[Sequence[str]],
) -> None:
    # A short line under each bar: one through the labels would strike them out.
    for bar, lines, height in zip(bars, labels, heights, strict=True):
        if not bar.status:
            start = top + len(lines) * LINE_IN + _STACK_IN + 0.02
            ends = [(at, start), (at, start + 0.08)]
            picture.draw_line(ends, colour=INK, width=1.6, layer=5)
        top += height


def _draw_stack(picture: Picture, track: Track, bar: LikertBar, middle: float) -> None:
    if bar.status:
        write_in_lane(picture, _LEFT_IN + 0.06, middle, bar.status)
        return
    start = -bar.reach[0]
    for part in (*bar.before, *bar.middle, *bar.after):
        left, right = track.place(start), track.place(start + part.value)
        start += part.value
        if part.value:
            _draw_part(picture, part, left, right, middle)
    ends = (track.place(-bar.reach[0]) - 0.05, track.place(bar.reach[1]) + 0.05)
    for x, words, side in zip(ends, bar.ends, ("right", "left"), strict=True):
        picture.write(x, middle, words, side=side, is_bold=True, size=FONT_SIZE_PT)


def _draw_part(picture: Picture, part: Segment, left: float, right: float, middle: float) -> None:
    picture.draw_box(
        left, middle - _STACK_IN / 2, right - left, _STACK_IN, fill=part.fill,
        edge=MUTED, line=0.8, hatch=part.hatch, layer=2,
    )  # fmt: skip
    words = part.words or word_figure(part.value, "%").removesuffix("%")
    if right - left >= 0.1 + 0.09 * len(words):
        centre = (left + right) / 2
        if part.hatch:
            # Letters on a hatch need paper behind them.
            half = 0.03 + 0.045 * len(words)
            box = (centre - half, middle - 0.09, 2 * half, 0.18)
            picture.draw_box(*box, fill=part.fill, layer=2.5)
        picture.write(centre, middle, words, side="center", colour=part.text_colour)


def _arrange_key(
    key: Sequence[tuple[str, Segment]], width: float
) -> list[list[tuple[float, str, Segment]]]:
    """Return the key in lines that fit, each entry with its place from the left."""
    lines: list[list[tuple[float, str, Segment]]] = [[]]
    left = _LEFT_IN
    for label, part in key:
        words = wrap_words(label, width / 2, size=10, most_lines=1)[0]
        room = _SWATCH_IN + 0.06 + measure_words(words) + 0.16
        if lines[-1] and left + room - 0.16 > _LEFT_IN + width:
            lines.append([])
            left = _LEFT_IN
        lines[-1].append((left, words, part))
        left += room
    return lines


def _draw_key(picture: Picture, lines: Sequence[Sequence[tuple[float, str, Segment]]]) -> None:
    for place, line in enumerate(lines):
        middle = 0.12 + place * _KEY_LINE_IN
        for left, words, part in line:
            picture.draw_box(
                left, middle - 0.07, _SWATCH_IN, 0.14, fill=part.fill, edge=MUTED, line=0.8,
                hatch=part.hatch,
            )  # fmt: skip
            picture.write(left + _SWATCH_IN + 0.06, middle, words)
