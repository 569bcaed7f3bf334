"""A grid of counts: one row per subject, one column per kind, words in every cell."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from cip.display.palette import AREA_FILL, MUTED, PAPER, PART_FILL, pick_text_colour
from cip.display.style import (
    FIGURE_WIDTH_IN,
    FONT_SIZE_PT,
    SMALL_FONT_SIZE_PT,
    house_style,
    new_figure,
    render_svg,
)

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
    with house_style():
        figure = new_figure(height_in=height)
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_axis_off()
        axes.set_xlim(0, FIGURE_WIDTH_IN)  # one unit is one inch, counted from the top left
        axes.set_ylim(height, 0)
        for place, head in enumerate(heads):
            left = _LABEL_IN + place * column_in
            _write(axes, head, left + column_in / 2, head_in / 2, is_bold=True)
        top = head_in
        for row_in, (label, words), row in zip(heights, lines, cells, strict=True):
            _write(axes, label, _LABEL_IN - 0.07, top + row_in / 2, align="right")
            for place, (text, cell) in enumerate(zip(words, row, strict=True)):
                box = (_LABEL_IN + place * column_in, top, column_in, row_in)
                _draw_cell(axes, text, cell, box)
            top += row_in
        return render_svg(figure)


def _draw_cell(
    axes: Axes, text: Sequence[str], cell: GridCell, box: tuple[float, float, float, float]
) -> None:
    left, top, width, height = box
    fill = _FILLS[cell.tone]
    axes.add_patch(
        Rectangle((left, top), width, height, facecolor=fill, edgecolor=MUTED, linewidth=0.7)
    )
    _write(axes, text, left + width / 2, top + height / 2, colour=pick_text_colour(fill))


def _write(
    axes: Axes,
    lines: Sequence[str],
    x: float,
    y: float,
    *,
    align: str = "center",
    colour: str | None = None,
    is_bold: bool = False,
) -> None:
    is_number = len(lines) == 1 and lines[0].isdigit()
    axes.text(
        x, y, "\n".join(lines), ha=align, va="center", linespacing=1.0,
        fontsize=FONT_SIZE_PT if is_number else SMALL_FONT_SIZE_PT,
        fontweight="bold" if is_bold or is_number else "normal",
        **({"color": colour} if colour else {}),
    )  # fmt: skip
