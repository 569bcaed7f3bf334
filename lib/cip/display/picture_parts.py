"""What charts that are drawn straight as SVG share: the scale below them and the key above."""

from __future__ import annotations

from collections.abc import Sequence

from cip.display.palette import GRID
from cip.display.picture import Picture, Point, measure_words

_POINT_IN = 1 / 72
#: Baselines of the ticks' words and of what is measured, below the lines of the scale.
_TICK_IN, _LABEL_IN = 14.6 * _POINT_IN, 28.6 * _POINT_IN
#: The key: its baseline, the middle of its marks, the room for a mark and beside it.
_KEY_IN, _KEY_MIDDLE_IN, _KEY_GAP_IN = (n * _POINT_IN for n in (9.04, 5.54, 5))
KEY_MARK_IN, KEY_MARK_HEIGHT_IN = 20 * _POINT_IN, 7 * _POINT_IN


def draw_scale(
    picture: Picture,
    ticks: Sequence[tuple[float, str]],
    *,
    top: float,
    bottom: float,
    label: str,
    at: float,
    side: str = "left",
) -> None:
    """Draw upright lines with their words below, and below these what is measured.

    Parameters
    ----------
    picture
        Drawn on; all places are inches from its top left.
    ticks
        Place from the left and words of each line.
    top, bottom
        Ends of the lines.
    label, at, side
        What is measured, where its words lie and with which side.
    """
    for place, words in ticks:
        picture.draw_line([(place, bottom), (place, top)], colour=GRID, width=0.8, layer=0)
        picture.write(place, bottom + _TICK_IN, words, side="center", level="baseline")
    picture.write(at, bottom + _LABEL_IN, label, side=side, level="baseline")


def write_key(
    picture: Picture, names: Sequence[str], *, left: float, gap: float = 20 * _POINT_IN
) -> list[Point]:
    """Write names side by side at the top and return the middle of the room before each.

    Parameters
    ----------
    picture
        Drawn on; all places are inches from its top left.
    names
        What the marks stand for.
    left, gap
        Where the first mark's room begins, and the distance from a name to the next room. A room
        is ``KEY_MARK_IN`` wide; boxes in it are ``KEY_MARK_HEIGHT_IN`` high.
    """
    middles = []
    for name in names:
        middles.append((left + KEY_MARK_IN / 2, _KEY_MIDDLE_IN))
        beside = left + KEY_MARK_IN + _KEY_GAP_IN
        picture.write(beside, _KEY_IN, name, level="baseline")
        left = beside + measure_words(name) + gap
    return middles
