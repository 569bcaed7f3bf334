"""What fits on a slide, and at which size."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from cip.report.summary_contents_text import (
    count_lines,
    measure_height,
    shorten_line,
    split_sentences,
)

SIDE_IN, WIDTH_IN = 0.6, 12.13
TITLE_TOP_IN, TITLE_HEIGHT_IN = 0.45, 1.15
BODY_TOP_IN, BODY_HEIGHT_IN = 1.7, 5.1
#: Sizes of text, the largest that fits is taken; nothing is smaller on a slide.
SIZES = (28, 26, 24, 22, 20, 18)
#: Size of the lines of the title slide.
OPENING_PT = 22
#: At this size lines are shared out over slides.
_SHARED_PT = 22

#: Space that a text frame keeps on both sides, and a bullet before its words.
_INSET_IN, _BULLET_IN = 0.25, 0.4


@dataclass(frozen=True)
class Line:
    """A paragraph of a slide: bold words before it, its text, and whether it has a bullet."""

    text: str
    lead: str = ""
    is_bullet: bool = False
    after_pt: float = 10.0


def fit_lines(
    lines: Sequence[Line],
    *,
    width_in: float = WIDTH_IN,
    height_in: float = BODY_HEIGHT_IN,
    sizes: Sequence[float] = SIZES,
) -> tuple[list[Line], float]:
    """Return lines and the size at which they fit; at the smallest they are shortened.

    The longest line loses its last sentence first. A line of one sentence is cut after a word
    only where nothing else is left to take away.
    """
    kept = list(lines)
    for size in sizes:
        if measure_lines(kept, width_in, size) <= height_in:
            return kept, size
    least = sizes[-1]
    while measure_lines(kept, width_in, least) > height_in:
        longest = max(range(len(kept)), key=lambda place: _rank(kept[place]))
        line = kept[longest]
        sentences = split_sentences(line.text)
        if len(sentences) > 1:
            kept[longest] = replace(line, text=" ".join(sentences[:-1]))
        elif count_lines(line.text, width_in=width_in, size=least) > 2:
            kept[longest] = replace(line, text=_cut(line.text, width_in, least, 2))
        else:
            kept.pop()
    return kept, least


def _rank(line: Line) -> tuple[bool, int]:
    """Rank lines by what can be taken from them: whole sentences before words."""
    return len(split_sentences(line.text)) > 1, len(line.text)


def measure_lines(lines: Sequence[Line], width_in: float, size: float) -> float:
    """Return the height of lines in inches."""
    return sum(_measure(line, width_in, size) for line in lines)


def _measure(line: Line, width_in: float, size: float) -> float:
    width = width_in - _INSET_IN - (_BULLET_IN if line.is_bullet else 0)
    text = f"{line.lead} {line.text}" if line.lead else line.text
    return measure_height(text, width_in=width, size=size, after_pt=line.after_pt)


def share_lines(groups: Sequence[Sequence[Line]]) -> Iterator[tuple[list[Line], float]]:
    """Yield one slide after another: groups of lines that stay together, each made to fit."""
    lot: list[Line] = []
    for group in groups:
        own = list(group)
        if lot and measure_lines([*lot, *own], WIDTH_IN, _SHARED_PT) > BODY_HEIGHT_IN:
            yield fit_lines(lot)
            lot = []
        lot += own
    if lot:
        yield fit_lines(lot)


def fit_title(text: str, size: float, lines: int, *, ending: str = "") -> tuple[str, float]:
    """Return a title and its size: smaller if need be, and cut after a word at the smallest."""
    width = WIDTH_IN - _INSET_IN
    for points in (size, size * 0.85, size * 0.75):
        whole = text + ending
        if count_lines(whole, width_in=width, size=points, is_bold=True) <= lines:
            return whole, round(points)
    return _cut(text, width, points, lines, ending=ending, is_bold=True), round(points)


def fit_cell(text: str, width_in: float, size: float, *, is_bold: bool = False) -> str:
    """Return what two lines of a table's cell hold."""
    return _cut(text, width_in - _INSET_IN, size, 2, is_bold=is_bold)


def _cut(
    text: str, width_in: float, size: float, lines: int, *, ending: str = "", is_bold: bool = False
) -> str:
    short = shorten_line(
        text,
        lambda s: count_lines(s + ending, width_in=width_in, size=size, is_bold=is_bold) <= lines,
    )
    return short + ending
