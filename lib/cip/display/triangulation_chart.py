"""Building blocks of health by kind of knowledge: which way each points, in shapes and words."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from cip.display.blocks import FigureBlock
from cip.display.cells import is_missing
from cip.display.chart_parts import write_alt
from cip.display.engagement_marks import ACCENT, LINE_IN, wrap_words, write_lines
from cip.display.palette import GRID, INK, MUTED, PAPER, RULE, WARNING
from cip.display.picture import Picture
from cip.display.strip_drawing import count_noun
from cip.display.style import FIGURE_WIDTH_IN, SMALL_FONT_SIZE_PT

#: Columns of the table, and what stands over them.
KINDS: dict[str, str] = {
    "numbers": "What the\ndata say",
    "voices": "What\npeople say",
    "assets": "What\nis there",
}
#: Which way a kind of knowledge can point, and the word for it.
WAYS: dict[str, str] = {
    "strength": "strength",
    "challenge": "challenge",
    "mixed": "mixed",
    "neutral": "neither",
    "absent": "silent",
}
#: A picture that is taller than this is too small to read on paper.
MOST_ROWS = 11
_NAME_IN, _PAD_IN, _HEAD_IN, _ROW_IN, _FOOT_IN = 1.85, 0.08, 0.5, 0.58, 0.05
_CELL_IN = (FIGURE_WIDTH_IN - _NAME_IN) / len(KINDS)
_MARK_SIZE = 13.0
#: Mark, fill and edge of each way; the mark alone tells them apart.
_MARKS: dict[str, tuple[str, str, str]] = {
    "strength": ("^", ACCENT, ACCENT),
    "challenge": ("v", WARNING, WARNING),
    "mixed": ("D", PAPER, INK),
    "neutral": ("o", PAPER, MUTED),
}


def chart_triangulation(
    ways: pd.DataFrame, *, title: str, block_id: str, source_line: str, note: str = ""
) -> FigureBlock:
    """Return the building blocks with the way in which each kind of knowledge points.

    Parameters
    ----------
    ways
        One row per building block, in the order to show: ``title`` and, in the columns
        ``numbers``, ``voices`` and ``assets``, one of `WAYS`.
    title, block_id, source_line, note
        As for :class:`cip.display.blocks.FigureBlock`.

    Raises
    ------
    ValueError
        If there is nothing to draw, more rows than fit, or a way that is not known.
    """
    if not 0 < len(ways) <= MOST_ROWS:
        raise ValueError(f"this chart has 1 to {MOST_ROWS} rows")
    rows = ways.to_dict("records")
    for row in rows:
        for kind in KINDS:
            if is_missing(row[kind]) or row[kind] not in WAYS:
                raise ValueError(f"'{row['title']}' has no way in which the {kind} point")
    table = pd.DataFrame(
        [[row["title"], *(WAYS[row[kind]].capitalize() for kind in KINDS)] for row in rows],
        columns=["title", *KINDS],
    )
    labels = {kind: head.replace("\n", " ") for kind, head in KINDS.items()}
    return FigureBlock(
        block_id=block_id,
        title=title,
        svg=_draw(rows),
        alt=write_alt("Grid", "subjects by kind of knowledge", list(map(_state, rows))),
        source_line=source_line,
        table=table,
        note=note or "Silent: nothing can be cited. Neither: what is known points neither way.",
        column_labels={"title": "Building block", **labels},
    )


def title_triangulation(ways: pd.DataFrame) -> str:
    """Return the finding of the chart in words: on how many subjects all kinds speak.

    Parameters
    ----------
    ways
        As for `chart_triangulation`.
    """
    silent = sum(any(row[kind] == "absent" for kind in KINDS) for row in ways.to_dict("records"))
    if not silent:
        return "Data, people and assets all speak on every subject"
    nowhere = [kind for kind in KINDS if (ways[kind] == "absent").all()]
    if len(nowhere) == 1:
        heads = (head for kind, head in KINDS.items() if kind not in nowhere)
        told = " and ".join(head.replace("\n", " ").lower() for head in heads)
        return f"Only {told} can be set side by side"
    if silent == len(ways):
        return "On every subject, data, people or assets are silent"
    return f"On {count_noun(silent, 'subject')} of {len(ways)}, one source or more is silent"


def _state(row: Mapping[str, object]) -> str:
    parts = [
        f"{head.replace(chr(10), ' ').lower()}: {WAYS[str(row[kind])]}"
        for kind, head in KINDS.items()
    ]
    return f"{row['title']} ({', '.join(parts)})"


def _draw(rows: list[Mapping[str, object]]) -> str:
    height = _HEAD_IN + len(rows) * _ROW_IN + _FOOT_IN
    picture = Picture(height_in=height)
    for place, head in enumerate(KINDS.values()):
        picture.write(_find_middle(place), 0.02, head, side="center", level="top", is_bold=True)
    for number, row in enumerate(rows):
        top = _HEAD_IN + number * _ROW_IN
        picture.draw_line([(0, top), (FIGURE_WIDTH_IN, top)], colour=RULE, width=0.8, layer=0)
        lines = wrap_words(str(row["title"]), _NAME_IN - 2 * _PAD_IN, is_bold=True, most_lines=2)
        start = top + (_ROW_IN - len(lines) * LINE_IN) / 2
        write_lines(picture, lines, _PAD_IN, start, is_bold=True)
        for place, kind in enumerate(KINDS):
            _draw_cell(picture, _find_middle(place), top, str(row[kind]))
    for place in range(len(KINDS)):
        left = _NAME_IN + place * _CELL_IN
        ends = [(left, _HEAD_IN), (left, height - _FOOT_IN)]
        picture.draw_line(ends, colour=GRID, width=0.8, layer=0)
    return picture.to_svg()


def _find_middle(place: int) -> float:
    return _NAME_IN + (place + 0.5) * _CELL_IN


def _draw_cell(picture: Picture, x: float, top: float, way: str) -> None:
    at = (x, top + 0.2)
    if way in _MARKS:
        marker, fill, edge = _MARKS[way]
        size = _MARK_SIZE * (0.8 if marker == "D" else 1.0)
        picture.draw_marks([at], marker, colour=fill, size=size, edge=edge, line=1.8)
    else:
        dash = [(x - 0.09, at[1]), (x + 0.09, at[1])]
        picture.draw_line(dash, colour=MUTED, width=1.8)
    colour = MUTED if way in ("neutral", "absent") else INK
    picture.write(
        x, top + 0.49, WAYS[way], side="center", level="baseline", size=SMALL_FONT_SIZE_PT,
        colour=colour,
    )  # fmt: skip
