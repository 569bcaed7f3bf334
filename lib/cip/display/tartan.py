"""The tartan rug: one row per measure, one column per area, value and verdict in every cell."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from cip.display.blocks import FigureBlock
from cip.display.chart_parts import write_alt
from cip.display.palette import MUTED, PAPER, VERDICT_FILLS, pick_text_colour
from cip.display.style import (
    FIGURE_WIDTH_IN,
    FONT_SIZE_PT,
    SMALL_FONT_SIZE_PT,
    house_style,
    new_figure,
    render_svg,
)

#: More columns would make the words in the cells smaller than a phone can show.
MOST_COLUMNS = 5
_LABEL_IN, _ROW_IN, _LINE_IN, _PAD_IN = 2.05, 0.37, 0.145, 0.04
_COLUMN_IN = (FIGURE_WIDTH_IN - _LABEL_IN - _PAD_IN) / MOST_COLUMNS
_LABEL_CHARACTERS, _NAME_CHARACTERS = 26, 22
#: Width of a character in a rotated name.
_CHARACTER_IN = 0.083


@dataclass(frozen=True)
class RugCell:
    """One area's figure for one measure, as it is written, and how it compares."""

    value: str
    verdict: str

    @property
    def words(self) -> str:
        """The cell as the table and the description say it."""
        return self.value if self.value == "[x]" else f"{self.value}, {self.verdict}"


@dataclass(frozen=True)
class Rug:
    """A rug before it is drawn.

    Parameters
    ----------
    measures
        Names of the rows.
    areas
        Names of the columns, each with its number in the report.
    cells
        One list per measure with one cell per area.
    """

    measures: Sequence[str]
    areas: Sequence[str]
    cells: Sequence[Sequence[RugCell]]

    def split(self) -> list[Rug]:
        """Return parts that are narrow enough to be read, of as even a width as can be."""
        count = -(-len(self.areas) // MOST_COLUMNS)
        width = -(-len(self.areas) // count)
        return [
            Rug(
                self.measures, self.areas[at : at + width], [r[at : at + width] for r in self.cells]
            )
            for at in range(0, len(self.areas), width)
        ]


def draw_rug(rug: Rug, *, benchmark: str, title: str, block_id: str, source: str) -> FigureBlock:
    """Return one part of a rug as a figure.

    Parameters
    ----------
    rug
        At most ``MOST_COLUMNS`` areas.
    benchmark
        What each area is compared with, as in "than England".

    Raises
    ------
    ValueError
        If there is nothing to draw, or more areas than fit.
    """
    if not rug.measures or not 0 < len(rug.areas) <= MOST_COLUMNS:
        raise ValueError(f"a rug has at least one measure and 1 to {MOST_COLUMNS} areas")
    frame = pd.DataFrame(
        [[name, *(cell.words for cell in row)] for name, row in zip(rug.measures, rug.cells, strict=True)],
        columns=["measure", *rug.areas],
    )  # fmt: skip
    return FigureBlock(
        block_id=block_id,
        title=title,
        svg=_draw(rug),
        alt=write_alt("Tartan rug", f"{', '.join(rug.areas)} against {benchmark}", _count(rug)),
        source_line=source,
        table=frame,
        note=_explain(benchmark),
        column_labels={"measure": "Measure"},
    )


def _explain(benchmark: str) -> str:
    return (
        f"Each cell gives the area's figure and how it stands to {benchmark}. Better and worse are "
        "used where one direction is good, higher and lower where neither is. Similar means that "
        "the difference could be chance: the 95% interval of the area holds the other figure. "
        "Deprivation has no interval, so it is not compared."
    )


def _count(rug: Rug) -> list[str]:
    """Return, per area, how many measures have each verdict."""
    statements = []
    for place, area in enumerate(rug.areas):
        verdicts = [row[place].verdict for row in rug.cells if row[place].value != "[x]"]
        counts = [f"{verdicts.count(v)} {v}" for v in VERDICT_FILLS if v in verdicts]
        statements.append(f"{area}: {', '.join(counts) or 'no figures'}")
    return statements


def _draw(rug: Rug) -> str:
    width = _LABEL_IN + _COLUMN_IN * MOST_COLUMNS + _PAD_IN
    labels = [textwrap.wrap(name, _LABEL_CHARACTERS) for name in rug.measures]
    heights = [max(_ROW_IN, _LINE_IN * len(lines) + 2 * _PAD_IN) for lines in labels]
    names = [textwrap.wrap(n, _NAME_CHARACTERS, max_lines=3, placeholder="…") for n in rug.areas]
    head_in = max(len(line) for lines in names for line in lines) * _CHARACTER_IN + 0.15
    height = head_in + sum(heights) + _PAD_IN
    with house_style():
        figure = new_figure(height_in=height)
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_axis_off()
        axes.set_xlim(0, width)  # one unit is one inch, counted from the top left
        axes.set_ylim(height, 0)
        for place, lines in enumerate(names):
            _draw_head(axes, lines, _LABEL_IN + (place + 0.5) * _COLUMN_IN, head_in)
        top = head_in
        for lines, row_in, cells in zip(labels, heights, rug.cells, strict=True):
            _draw_label(axes, lines, top + row_in / 2)
            for place, cell in enumerate(cells):
                _draw_cell(axes, cell, _LABEL_IN + place * _COLUMN_IN, top, row_in)
            top += row_in
        return render_svg(figure)


def _draw_head(axes: Axes, lines: list[str], middle: float, bottom: float) -> None:
    axes.text(
        middle, bottom - 0.06, "\n".join(lines),
        rotation=90, ha="center", va="bottom", fontsize=SMALL_FONT_SIZE_PT, linespacing=1.05,
    )  # fmt: skip


def _draw_label(axes: Axes, lines: list[str], middle: float) -> None:
    axes.text(
        _LABEL_IN - 0.06, middle, "\n".join(lines),
        ha="right", va="center", fontsize=SMALL_FONT_SIZE_PT, linespacing=0.98,
    )  # fmt: skip


def _draw_cell(axes: Axes, cell: RugCell, left: float, top: float, row_in: float) -> None:
    fill = PAPER if cell.value == "[x]" else VERDICT_FILLS[cell.verdict]
    ink = pick_text_colour(fill)
    axes.add_patch(
        Rectangle((left, top), _COLUMN_IN, row_in, facecolor=fill, edgecolor=MUTED, linewidth=0.7)
    )
    middle = left + _COLUMN_IN / 2
    has_word = cell.value != "[x]" and cell.verdict != "not compared"
    axes.text(
        middle, top + row_in / 2 - (0.08 if has_word else 0), cell.value,
        ha="center", va="center", fontsize=FONT_SIZE_PT, fontweight="bold", color=ink,
    )  # fmt: skip
    if has_word:
        axes.text(
            middle, top + row_in / 2 + 0.1, cell.verdict,
            ha="center", va="center", fontsize=SMALL_FONT_SIZE_PT, color=ink,
        )  # fmt: skip
