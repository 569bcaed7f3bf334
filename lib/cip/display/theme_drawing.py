"""How themes are drawn: two columns of bars, what helps on the left and what hinders on the right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from cip.display.engagement_marks import (
    BAR_IN,
    LINE_IN,
    draw_bar,
    wrap_words,
    write_in_lane,
    write_lines,
)
from cip.display.palette import MUTED
from cip.display.picture import Picture, measure_words
from cip.display.style import FIGURE_WIDTH_IN, FONT_SIZE_PT

_PAD_IN, _BETWEEN_IN, _NUMBER_IN, _GAP_IN, _HEAD_IN = 0.08, 0.24, 0.42, 0.16, 0.34
_COLUMN_IN = (FIGURE_WIDTH_IN - 2 * _PAD_IN - _BETWEEN_IN) / 2
_SMALL = 10.0


@dataclass(frozen=True)
class ThemeBar:
    """One theme.

    Parameters
    ----------
    label
        Its name.
    people
        How many people speak of it, or None.
    words
        The number as written, or what stands in its place.
    voices
        People by source of voice, as words.
    is_small
        Whether few people stand behind it.
    """

    label: str
    people: int | None
    words: str
    voices: str = ""
    is_small: bool = False


@dataclass(frozen=True)
class ThemePart:
    """One part of the chart: a heading and a list of themes for each column."""

    headings: tuple[str, str]
    columns: tuple[tuple[ThemeBar, ...], tuple[ThemeBar, ...]]


def draw_themes(parts: Sequence[ThemePart], key: str) -> str:
    """Return themes as SVG: bars on one scale in two columns, and what the letters mean."""
    most = max([bar.people or 0 for part in parts for held in part.columns for bar in held] + [1])
    sets = [[_set_row(row) for row in zip_longest(*part.columns)] for part in parts]
    key_lines = wrap_words(key, FIGURE_WIDTH_IN - 2 * _PAD_IN, size=_SMALL) if key else []
    heads = [_HEAD_IN if any(part.headings) else 0.1 for part in parts]
    height = sum(heads) + sum(row_in for rows in sets for row_in, _ in rows)
    picture = Picture(height_in=height + len(key_lines) * LINE_IN + 0.1)
    top = 0.0
    for part, rows, head_in in zip(parts, sets, heads, strict=True):
        for heading, left in zip(part.headings, _list_lefts(), strict=True):
            words = wrap_words(heading, _COLUMN_IN, is_bold=True, most_lines=1)
            write_lines(picture, words, left, top + 0.06, is_bold=True)
        top += head_in
        for row_in, cells in rows:
            for cell, left in zip(cells, _list_lefts(), strict=True):
                if cell is not None:
                    _draw_theme(picture, cell, left, top, most)
            top += row_in
    write_lines(picture, key_lines, _PAD_IN, top + 0.04, size=_SMALL, colour=MUTED)
    return picture.to_svg()


_Cell = tuple[ThemeBar, list[str], list[str]]


def _set_row(row: Sequence[ThemeBar | None]) -> tuple[float, list[_Cell | None]]:
    """Return two themes that stand beside each other, wrapped, and how high they are."""
    cells: list[_Cell | None] = []
    for bar in row:
        if bar is None:
            cells.append(None)
            continue
        label = wrap_words(bar.label, _COLUMN_IN, most_lines=4)
        cells.append((bar, label, _wrap_voices(bar.voices)))
    heights = [
        (len(label) + len(voices)) * LINE_IN + BAR_IN + 0.06 + _GAP_IN
        for _, label, voices in filter(None, cells)
    ]
    return max(heights, default=0.0), cells


def _wrap_voices(words: str) -> list[str]:
    return wrap_words(words, _COLUMN_IN, size=_SMALL) if words else []


def _list_lefts() -> tuple[float, float]:
    return _PAD_IN, _PAD_IN + _COLUMN_IN + _BETWEEN_IN


def _draw_theme(picture: Picture, cell: _Cell, left: float, top: float, most: int) -> None:
    bar, label, voices = cell
    write_lines(picture, label, left, top)
    middle = top + len(label) * LINE_IN + BAR_IN / 2 + 0.02
    if bar.people is None:
        write_in_lane(picture, left, middle, bar.words)
    else:
        longest = _COLUMN_IN - max(_NUMBER_IN, measure_words(f"{most:,}", is_bold=True) + 0.1)
        right = left + bar.people / most * longest
        draw_bar(picture, left, right, middle, is_hatched=bar.is_small)
        picture.write(right + 0.08, middle, bar.words, is_bold=True, size=FONT_SIZE_PT)
    under = middle + BAR_IN / 2 + 0.03
    write_lines(picture, voices, left, under, size=_SMALL, colour=MUTED)
