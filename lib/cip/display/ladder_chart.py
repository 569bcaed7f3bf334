"""The ladder of participation as a plain list: which rung was aimed for and which was reached."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from cip.catalogue.engagement import Rung
from cip.display.blocks import FigureBlock
from cip.display.chart_parts import write_alt
from cip.display.engagement_marks import ACCENT, LINE_IN, draw_dot, wrap_words, write_lines
from cip.display.palette import INK, MUTED, PAPER
from cip.display.picture import Picture
from cip.display.style import FIGURE_WIDTH_IN

_TRACK_IN, _LABEL_IN, _RIGHT_IN, _GAP_IN, _TOP_IN = 0.3, 0.62, 0.1, 0.16, 0.1
_SMALL = 10.0
AIMED, REACHED = "aimed for", "reached"


def chart_ladder(
    aimed: int | None,
    reached: int | None,
    rungs: Mapping[int, Rung],
    *,
    title: str,
    block_id: str,
    source_line: str,
    note: str = "",
) -> FigureBlock:
    """Draw the rungs as a list with marks at the one aimed for and the one reached.

    Parameters
    ----------
    aimed, reached
        Numbers of rungs; None where none is recorded. They may be the same.
    rungs
        Rungs by number (:func:`cip.catalogue.engagement.load_rungs`), drawn in their order.
    title, block_id, source_line, note
        As for :class:`cip.display.blocks.FigureBlock`.

    Raises
    ------
    ValueError
        If there are no rungs, or a number that is none of them.

    Notes
    -----
    All rungs look alike, because the ladder is no ranking: neither colour nor size says that one
    is better than another.
    """
    if not rungs:
        raise ValueError("a ladder needs rungs")
    unknown = [number for number in (aimed, reached) if number is not None and number not in rungs]
    if unknown:
        raise ValueError(f"the ladder has no rung {unknown}")
    marks = {number: _list_marks(number, aimed, reached) for number in rungs}
    table = pd.DataFrame(
        [
            (number, rung.label, rung.meaning, ", ".join(marks[number]) or "–")
            for number, rung in rungs.items()
        ],
        columns=["number", "label", "meaning", "mark"],
    )
    return FigureBlock(
        block_id=block_id,
        title=title,
        svg=_draw(rungs, marks),
        alt=write_alt(
            "List with marks",
            f"the {len(rungs)} rungs of a ladder of participation",
            [_tell(AIMED, aimed, rungs), _tell(REACHED, reached, rungs)],
        ),
        source_line=source_line,
        table=table,
        note=note,
        column_labels={
            "number": "Rung", "label": "Name", "meaning": "What it means", "mark": "Mark",
        },
    )  # fmt: skip


def _list_marks(number: int, aimed: int | None, reached: int | None) -> list[str]:
    return [words for words, held in ((AIMED, aimed), (REACHED, reached)) if held == number]


def _tell(words: str, number: int | None, rungs: Mapping[int, Rung]) -> str:
    return f"{words}: not recorded" if number is None else f"{words}: {rungs[number].label}"


def _draw(rungs: Mapping[int, Rung], marks: Mapping[int, Sequence[str]]) -> str:
    width = FIGURE_WIDTH_IN - _LABEL_IN - _RIGHT_IN
    labels = {n: wrap_words(f"{n}  {rung.label}", width, is_bold=True) for n, rung in rungs.items()}
    meanings = {n: wrap_words(rung.meaning, width, size=_SMALL) for n, rung in rungs.items()}
    heights = {
        n: (len(labels[n]) + len(meanings[n]) + bool(marks[n])) * LINE_IN + _GAP_IN for n in rungs
    }
    picture = Picture(height_in=_TOP_IN + sum(heights.values()))
    top, places = _TOP_IN, []
    for number in rungs:
        middle = top + 0.1
        places.append(middle)
        _draw_mark(picture, middle, marks[number])
        write_lines(picture, labels[number], _LABEL_IN, top, is_bold=bool(marks[number]))
        under = top + len(labels[number]) * LINE_IN
        write_lines(picture, meanings[number], _LABEL_IN, under, size=_SMALL, colour=MUTED)
        if marks[number]:
            under += len(meanings[number]) * LINE_IN
            words = f"▸ {' and '.join(marks[number])}"
            write_lines(picture, [words], _LABEL_IN, under, is_bold=True, colour=ACCENT)
        top += heights[number]
    ends = [(_TRACK_IN, places[0]), (_TRACK_IN, places[-1])]
    picture.draw_line(ends, colour=MUTED, width=1.6, layer=1)
    return picture.to_svg()


def _draw_mark(picture: Picture, middle: float, marks: Sequence[str]) -> None:
    """Draw a rung: a small dash, an open dot where aimed for, a full one where reached, or both."""
    if not marks:
        picture.draw_marks([(_TRACK_IN, middle)], "o", colour=PAPER, size=5, edge=INK, line=1.2)
        return
    if AIMED in marks:
        picture.draw_marks(
            [(_TRACK_IN, middle)], "o", colour=PAPER, size=17, edge=ACCENT, line=2.2, layer=4
        )
    if REACHED in marks:
        draw_dot(picture, _TRACK_IN, middle, is_full=True, layer=5)
