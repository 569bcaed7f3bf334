"""What the charts of chapter 04 draw alike: wrapped words, tracks, bars, dots and intervals."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from cip.display.palette import GRID, INK, MUTED, PAPER, ROLE_STYLES
from cip.display.picture import Picture, measure_words
from cip.display.style import FONT_SIZE_PT, SMALL_FONT_SIZE_PT

ACCENT = ROLE_STYLES["profile"].colour
SMALL_BASE_HATCH = "////"
LINE_IN, BAR_IN = 0.2, 0.18
#: Longer words than this are cut: a label is a name, not a text.
_MOST_LETTERS = 400
_STEPS = (1, 2, 5, 10, 20, 25, 50, 100)


def wrap_words(
    text: str,
    width_in: float,
    *,
    size: float = FONT_SIZE_PT,
    is_bold: bool = False,
    most_lines: int = 3,
) -> list[str]:
    """Return a label in lines that fit a width; what is too long ends in an ellipsis."""
    lines: list[str] = []
    line = ""
    for word in "".join(c if c.isprintable() else " " for c in text[:_MOST_LETTERS]).split():
        for piece in _cut(word, width_in, size, is_bold):
            longer = f"{line} {piece}".strip()
            if line and measure_words(longer, size=size, is_bold=is_bold) > width_in:
                lines.append(line)
                longer = piece
            line = longer
    lines.append(line)
    if len(lines) <= most_lines and len(text) <= _MOST_LETTERS:
        return lines
    kept = lines[:most_lines]
    while kept[-1] and measure_words(f"{kept[-1]}…", size=size, is_bold=is_bold) > width_in:
        kept[-1] = kept[-1][:-1].rstrip()
    return [*kept[:-1], f"{kept[-1]}…"]


def _cut(word: str, width_in: float, size: float, is_bold: bool) -> list[str]:
    """Return a word in pieces that fit; nearly always it is one piece."""
    pieces = []
    while len(word) > 1 and measure_words(word, size=size, is_bold=is_bold) > width_in:
        fits = max(
            1,
            int(len(word) * width_in / measure_words(word, size=size, is_bold=is_bold)) - 1,
        )
        pieces.append(word[:fits])
        word = word[fits:]
    return [*pieces, word]


def write_lines(
    picture: Picture,
    lines: Sequence[str],
    left: float,
    top: float,
    *,
    size: float = FONT_SIZE_PT,
    is_bold: bool = False,
    colour: str = INK,
    side: str = "left",
) -> None:
    """Write lines of a label, the first one's top at ``top``."""
    for place, line in enumerate(lines):
        baseline = top + (place + 0.8) * LINE_IN
        picture.write(
            left, baseline, line, level="baseline", size=size, is_bold=is_bold, colour=colour,
            side=side,
        )  # fmt: skip


@dataclass(frozen=True)
class Track:
    """Where figures lie between two ends, in inches from the left; beyond the ends is the end."""

    left: float
    right: float
    low: float
    high: float

    def place(self, value: float) -> float:
        """Return the place of a figure."""
        share = (value - self.low) / (self.high - self.low)
        return self.left + min(max(share, 0.0), 1.0) * (self.right - self.left)


def list_ticks(high: float, most: int = 6) -> list[float]:
    """Return round figures from zero to ``high``, ``most`` of them at most."""
    scale = 10.0 ** math.floor(math.log10(high)) / 10 if high > 0 else 1.0
    steps = [scale * step for step in _STEPS]
    step = next((one for one in steps if high / one < most), steps[-1])
    return [place * step for place in range(int(high / step + 1e-9) + 1)]


def draw_axis(
    picture: Picture,
    track: Track,
    ticks: Sequence[tuple[float, str]],
    ends: tuple[float, float],
    label: str,
) -> None:
    """Draw upright lines with words under them, and what is measured under those."""
    top, bottom = ends
    for value, words in ticks:
        at = track.place(value)
        picture.draw_line([(at, bottom), (at, top)], colour=GRID, width=0.8, layer=0)
        picture.write(at, bottom + 0.2, words, side="center", level="baseline")
    for place, line in enumerate(label.split("\n")):
        picture.write(track.left, bottom + 0.42 + place * LINE_IN, line, level="baseline")


def draw_bar(
    picture: Picture, left: float, right: float, middle: float, *, is_hatched: bool
) -> None:
    """Draw a bar; one on a small base is hatched."""
    picture.draw_box(
        left, middle - BAR_IN / 2, max(right - left, 0.0), BAR_IN,
        fill=PAPER if is_hatched else ACCENT, edge=ACCENT,
        hatch=SMALL_BASE_HATCH if is_hatched else "", layer=2,
    )  # fmt: skip


def draw_interval(picture: Picture, low: float, high: float, middle: float) -> None:
    """Draw an interval, white under black, so that it stays visible on a bar and on paper."""
    ends = [(low, middle), (high, middle)]
    picture.draw_line(ends, colour=PAPER, width=3.6, layer=3)
    picture.draw_line(ends, colour=INK, width=1.4, layer=4)
    for end in (low, high):
        stroke = [(end, middle - 0.05), (end, middle + 0.05)]
        picture.draw_line(stroke, colour=INK, width=1.4, layer=4)


def draw_dot(picture: Picture, x: float, y: float, *, is_full: bool, layer: float = 5) -> None:
    """Draw a dot, full or open."""
    picture.draw_marks(
        [(x, y)], "o", colour=ACCENT if is_full else PAPER, size=9, edge=ACCENT, line=1.8,
        layer=layer,
    )  # fmt: skip


def write_in_lane(picture: Picture, x: float, y: float, words: str) -> None:
    """Write in place of a mark why there is none."""
    picture.write(x, y, words, colour=MUTED, size=SMALL_FONT_SIZE_PT)
