"""Scores of a round as dots: one per scorer, with the mean and the range of each applicant."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cip.display.palette import GRID, INK, MUTED, PAPER, ROLE_STYLES, SPARE_STYLES
from cip.display.picture import Picture, measure_words
from cip.display.style import FIGURE_WIDTH_IN, FONT_SIZE_PT
from cip.display.text import format_value

_LEFT_IN, _RIGHT_IN = 0.15, 0.75
_LINE_IN, _TRACK_IN, _GAP_IN, _AXIS_IN = 0.2, 0.34, 0.16, 0.5
#: Dots nearer than this in score are drawn one above the other.
_NEAR, _STEP_IN = 2.5, 0.1
_NAME_CHARACTERS, _KEY_CHARACTERS = 50, 52
_STYLES = (*ROLE_STYLES.values(), *SPARE_STYLES)


@dataclass(frozen=True)
class ScoreRow:
    """One applicant.

    Parameters
    ----------
    label
        Rank and name.
    scores
        Score by each scorer, in their order; None where it does not count.
    mean
        Their mean.
    remark
        What to know of it, such as a conflict of interest.
    """

    label: str
    scores: tuple[float | None, ...]
    mean: float | None
    remark: str = ""


def draw_scores(rows: Sequence[ScoreRow], scorers: Sequence[str]) -> str:
    """Return the chart as SVG; scorers are told apart by shape and letter as well as by colour."""
    keys = [textwrap.wrap(f"{name_letter(i)}  {s}", _KEY_CHARACTERS) for i, s in enumerate(scorers)]
    key_in = (sum(map(len, keys)) + 1) * _LINE_IN + 0.15
    labels = [textwrap.wrap(row.label, _NAME_CHARACTERS) for row in rows]
    heights = [
        (len(lines) + bool(row.remark)) * _LINE_IN + _TRACK_IN + _GAP_IN
        for row, lines in zip(rows, labels, strict=True)
    ]
    bottom = key_in + sum(heights)
    picture = Picture(height_in=bottom + _AXIS_IN)
    _draw_key(picture, keys)
    _draw_axis(picture, key_in, bottom)
    top = key_in
    for row, lines, used in zip(rows, labels, heights, strict=True):
        _draw_row(picture, row, lines, top)
        top += used
    return picture.to_svg()


def name_letter(place: int) -> str:
    """Return the letter by which a scorer is known on the chart."""
    return chr(ord("A") + place) if place < 26 else f"A{place - 25}"


def _find_x(score: float) -> float:
    return _LEFT_IN + score / 100 * (FIGURE_WIDTH_IN - _LEFT_IN - _RIGHT_IN)


def _draw_key(picture: Picture, keys: Sequence[Sequence[str]]) -> None:
    top = 0.12
    for place, lines in enumerate(keys):
        style = _STYLES[place % len(_STYLES)]
        picture.draw_marks([(0.12, top)], style.marker, colour=style.colour, size=8, edge=PAPER)
        for line in lines:
            picture.write(0.28, top, line)
            top += _LINE_IN
    picture.draw_line([(0.12, top - 0.08), (0.12, top + 0.08)], colour=INK, width=3)
    picture.write(0.28, top, "mean of the scorers who count")
    picture.draw_line([(3.0, top), (3.4, top)], colour=MUTED, width=2)
    picture.write(3.5, top, "lowest to highest")


def _draw_axis(picture: Picture, top: float, bottom: float) -> None:
    for score in range(0, 101, 25):
        x = _find_x(score)
        ends = [(x, top), (x, bottom)]
        picture.draw_line(ends, colour=GRID, width=1, layer=0)
        picture.write(x, bottom + 0.12, f"{score}", side="center")
    picture.write(_find_x(50), bottom + 0.36, "Weighted score, 0 to 100", side="center")


def _draw_row(picture: Picture, row: ScoreRow, lines: Sequence[str], top: float) -> None:
    for line in lines:
        picture.draw_box(
            _LEFT_IN - 0.02,
            top + 0.01,
            measure_words(line, size=FONT_SIZE_PT, is_bold=True) + 0.06,
            _LINE_IN - 0.02,
            fill=PAPER,
        )
        picture.write(_LEFT_IN, top + 0.1, line, size=FONT_SIZE_PT, is_bold=True)
        top += _LINE_IN
    if row.remark:
        width = measure_words(row.remark) + 0.06
        picture.draw_box(_LEFT_IN - 0.02, top + 0.01, width, _LINE_IN - 0.02, fill=PAPER)
        picture.write(_LEFT_IN, top + 0.1, row.remark, colour=MUTED)
        top += _LINE_IN
    middle = top + _TRACK_IN / 2
    held = [score for score in row.scores if score is not None]
    if not held or row.mean is None:
        picture.write(_LEFT_IN, middle, "no score that counts", colour=MUTED)
        return
    ends = [(_find_x(min(held)), middle), (_find_x(max(held)), middle)]
    picture.draw_line(ends, colour=MUTED, width=2, layer=2)
    mean = _find_x(row.mean)
    picture.draw_line(
        [(mean, middle - 0.15), (mean, middle + 0.15)], colour=INK, width=3, layer=2.5
    )
    for place, (score, lift) in enumerate(zip(row.scores, _lift_dots(row.scores), strict=True)):
        if score is not None:
            style = _STYLES[place % len(_STYLES)]
            point = (_find_x(score), middle + lift)
            picture.draw_marks([point], style.marker, colour=style.colour, size=8, edge=PAPER)
    x = FIGURE_WIDTH_IN - 0.05
    picture.write(x, middle, format_value(row.mean, "", 1), side="right", is_bold=True)


def _lift_dots(scores: Sequence[float | None]) -> list[float]:
    """Return how far each dot stands above or below the line, so that equals are all seen."""
    order = sorted((s, i) for i, s in enumerate(scores) if s is not None)
    groups: list[list[int]] = []
    last = -np.inf
    for score, place in order:
        if score - last <= _NEAR:
            groups[-1].append(place)
        else:
            groups.append([place])
        last = score
    lifts = [0.0] * len(scores)
    for group in groups:
        for step, place in enumerate(group):
            lifts[place] = (step - (len(group) - 1) / 2) * _STEP_IN
    return lifts
