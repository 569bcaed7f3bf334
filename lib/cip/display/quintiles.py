"""Areas x measures by fifth: the number in every cell, darker where need is greater."""

from __future__ import annotations

import textwrap

import numpy as np
import pandas as pd

from cip.display.blocks import FigureBlock
from cip.display.chart_parts import write_alt
from cip.display.palette import MUTED, PAPER, pick_text_colour
from cip.display.picture import Picture
from cip.display.style import FIGURE_WIDTH_IN, FONT_SIZE_PT, make_ramp

#: More would make cells too narrow for their number, or fill more than a page.
MOST_COLUMNS, MOST_ROWS = 13, 30
GROUPS = 5

_LABEL_IN, _PAD_IN, _ROW_IN = 2.3, 0.04, 0.27
_WIDEST_IN, _TWO_LINES_IN = 0.5, 0.32
_LABEL_CHARACTERS, _NAME_CHARACTERS = 28, 25
#: Width of a character in a rotated name.
_CHARACTER_IN = 0.076

#: Group 1 is the greatest need and the darkest.
FILLS: dict[int, str] = dict(enumerate(reversed(make_ramp(GROUPS)), start=1))


def draw_quintiles(
    cells: pd.DataFrame, *, title: str, block_id: str, source_line: str, note: str
) -> list[FigureBlock]:
    """Return a heat table, in parts where there are many measures.

    Parameters
    ----------
    cells
        One row per area, one column per measure, both by the names to print: fifths from 1, the
        greatest need, to 5; missing where there is no figure.

    Raises
    ------
    ValueError
        If there is no row or no column.
    """
    if cells.empty:
        raise ValueError("a heat table needs at least one area and one measure")
    parts = _split(cells)
    if len(cells) > MOST_ROWS:
        note = f"The chart shows the first {MOST_ROWS} areas; the table holds all. {note}"
    return [
        FigureBlock(
            block_id=block_id if len(parts) == 1 else f"{block_id}-{place}",
            title=title if len(parts) == 1 else f"{title} (part {place} of {len(parts)})",
            svg=_draw(part.head(MOST_ROWS)),
            alt=write_alt("Heat table", "areas by fifth on each measure", _count(part)),
            source_line=source_line,
            table=part.rename_axis("area").reset_index(),
            note=note,
            column_labels={"area": "Area"},
            formats=dict.fromkeys(part.columns, "{:.0f}"),
        )
        for place, part in enumerate(parts, start=1)
    ]


def _split(cells: pd.DataFrame) -> list[pd.DataFrame]:
    """Return parts that are narrow enough to be read, of as even a width as can be."""
    count = -(-cells.shape[1] // MOST_COLUMNS)
    width = -(-cells.shape[1] // count)
    return [cells.iloc[:, at : at + width] for at in range(0, cells.shape[1], width)]


def _count(cells: pd.DataFrame) -> list[str]:
    return [f"{name}: {int((cells[name] == 1).sum())} of {len(cells)} in fifth 1" for name in cells]


def _draw(cells: pd.DataFrame) -> str:
    room_in = FIGURE_WIDTH_IN - _LABEL_IN - _PAD_IN
    column_in = min(_WIDEST_IN, room_in / cells.shape[1])
    lines = 2 if column_in >= _TWO_LINES_IN else 1
    heads = [
        textwrap.wrap(str(name), _NAME_CHARACTERS, max_lines=lines, placeholder="…")
        for name in cells.columns
    ]
    head_in = max(len(line) for head in heads for line in head) * _CHARACTER_IN + 0.15
    height = head_in + _ROW_IN * len(cells) + _PAD_IN
    picture = Picture(height_in=height)
    for place, head in enumerate(heads):
        at = (_LABEL_IN + (place + 0.5) * column_in, head_in - 0.06)
        picture.write(*at, "\n".join(head), is_upright=True, spacing=1.0)
    for place, (name, row) in enumerate(zip(cells.index, cells.to_numpy(dtype=float), strict=True)):
        _draw_row(picture, str(name), row, head_in + place * _ROW_IN, column_in)
    return picture.to_svg()


def _draw_row(
    picture: Picture, name: str, groups: np.ndarray, top: float, column_in: float
) -> None:
    middle = top + _ROW_IN / 2
    words = textwrap.shorten(name, _LABEL_CHARACTERS, placeholder="…")
    picture.write(_LABEL_IN - 0.06, middle, words, side="right")
    for place, group in enumerate(groups):
        left = _LABEL_IN + place * column_in
        fill = PAPER if np.isnan(group) else FILLS[int(group)]
        picture.draw_box(left, top, column_in, _ROW_IN, fill=fill, edge=MUTED, line=0.7)
        picture.write(
            left + column_in / 2, middle, "x" if np.isnan(group) else f"{group:.0f}",
            side="center", size=FONT_SIZE_PT, colour=pick_text_colour(fill),
        )  # fmt: skip
