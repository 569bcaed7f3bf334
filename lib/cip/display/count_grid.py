"""A grid of counts: one row per subject, one column per kind, words in every cell."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from cip.display.palette import AREA_FILL, INK, MUTED, PAPER, PART_FILL, pick_text_colour
from cip.display.picture import Picture
from cip.display.style import FIGURE_WIDTH_IN, FONT_SIZE_PT, SMALL_FONT_SIZE_PT

#: More columns would make the words in the cells smaller than a phone can show.
MOST_COLUMNS = 4
_LABEL_IN, _PAD_IN, _LINE_IN, _LEAST_ROW_IN = 1.75, 0.05, 0.16, 0.36
_LABEL_CHARACTERS = 21
#: Width of a character of the small type.
_CHARACTER_IN = 0.083

Tone = Literal["many", "some", "none"]
_FILLS: dict[str, str] = {"many": AREA_FILL, "some": PART_FILL, "none": PAPER}


@dataclass(frozen=True)
class GridCell:
    """One cell: its words, and how dark it is filled."""

    words: str
    tone: Tone


def draw_grid(
    labels: Sequence[str], columns: Sequence[str], cells: Sequence[Sequence[GridCell]]
) -> str:
    """Return the grid as SVG. Shade repeats what the words in a cell say; it adds nothing.

    Raises
    ------
    ValueError
        If there is nothing to draw, or more columns than fit.
    """
    if not labels or not 0 < len(columns) <= MOST_COLUMNS:
        raise ValueError(f"a grid has at least one row and 1 to {MOST_COLUMNS} columns")
    column_in = (FIGURE_WIDTH_IN - _LABEL_IN - _PAD_IN) / len(columns)
    width = int(column_in / _CHARACTER_IN)
    heads = [textwrap.wrap(name, width) for name in columns]
    lines = [
        (textwrap.wrap(label, _LABEL_CHARACTERS), [textwrap.wrap(c.words, width) for c in row])
        for label, row in zip(labels, cells, strict=True)
    ]
    tallest = [max(len(label), *(len(words) for words in row)) for label, row in lines]
    heights = [max(_LEAST_ROW_IN, count * _LINE_IN + 3 * _PAD_IN) for count in tallest]
    head_in = max(len(head) for head in heads) * _LINE_IN + 2 * _PAD_IN
    height = head_in + sum(heights) + _PAD_IN
    picture = Picture(height_in=height)
    for place, head in enumerate(heads):
        left = _LABEL_IN + place * column_in
        _write(picture, head, left + column_in / 2, head_in / 2, is_bold=True)
    top = head_in
    for row_in, (label, words), row in zip(heights, lines, cells, strict=True):
        _write(picture, label, _LABEL_IN - 0.07, top + row_in / 2, side="right")
        for place, (text, cell) in enumerate(zip(words, row, strict=True)):
            box = (_LABEL_IN + place * column_in, top, column_in, row_in)
            _draw_cell(picture, text, cell, box)
        top += row_in
    return picture.to_svg()


def _draw_cell(
    picture: Picture, text: Sequence[str], cell: GridCell, box: tuple[float, float, float, float]
) -> None:
    left, top, width, height = box
    fill = _FILLS[cell.tone]
    picture.draw_box(left, top, width, height, fill=fill, edge=MUTED, line=0.7)
    _write(picture, text, left + width / 2, top + height / 2, colour=pick_text_colour(fill))


def _write(
    picture: Picture,
    lines: Sequence[str],
    x: float,
    y: float,
    *,
    side: str = "center",
    colour: str = INK,
    is_bold: bool = False,
) -> None:
    is_number = len(lines) == 1 and lines[0].isdigit()
    picture.write(
        x, y, "\n".join(lines), side=side, spacing=1.0, colour=colour,
        size=FONT_SIZE_PT if is_number else SMALL_FONT_SIZE_PT, is_bold=is_bold or is_number,
    )  # fmt: skip
