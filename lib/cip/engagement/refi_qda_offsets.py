"""Where a selection of a REFI-QDA project lies in its text: tools count positions in several ways.

The standard counts code points. Some tools count UTF-16 units, where an emoji is two, and some count
a line end of two signs as one. Tools often name a selection by the words it starts with: the way of
counting under which most selections start with their names is the right one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

#: Names shorter than this prove nothing.
_SHORTEST_HINT = 3


@dataclass(frozen=True, repr=False)
class Selection:
    """One selection of a source: its positions as written, and its name.

    Parameters
    ----------
    start, end
        Positions as the file has them; the end is the first sign that is not selected.
    hint
        Name of the selection, which may be how its text starts.
    """

    start: int
    end: int
    hint: str = ""

    def __repr__(self) -> str:
        return f"Selection({self.start}, {self.end})"


def locate_selections(text: str, selections: Sequence[Selection]) -> list[tuple[int, int] | None]:
    """Return the place of each selection in the text as a slice, or None where it lies outside."""
    best: list[tuple[int, int] | None] = []
    best_score = (-1, -1)
    for positions in _list_ways(text):
        places = [_locate(selection, positions) for selection in selections]
        score = (
            sum(
                place is not None and _starts_with(text[place[0] : place[1]], selection.hint)
                for place, selection in zip(places, selections, strict=True)
            ),
            sum(place is not None for place in places),
        )
        if score > best_score:
            best, best_score = places, score
    return best


def _list_ways(text: str) -> list[NDArray[np.int64]]:
    """Return, for each way of counting that differs, the position of each sign and of the end."""
    size = len(text)
    widths = [np.ones(size, dtype=np.int64)]
    has_pairs = not text.isascii() and max(text) > "\uffff"
    if has_pairs:
        points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
        widths.append(1 + (points > 0xFFFF).astype(np.int64))
    if "\r\n" in text:
        signs = np.array([sign == "\r" for sign in text])
        ends = np.zeros(size, dtype=bool)
        ends[:-1] = signs[:-1] & np.array([sign == "\n" for sign in text[1:]])
        widths += [np.where(ends, 0, width) for width in list(widths)]
    return [np.concatenate([[0], np.cumsum(width)]) for width in widths]


def _locate(selection: Selection, positions: NDArray[np.int64]) -> tuple[int, int] | None:
    if not 0 <= selection.start < selection.end <= positions[-1]:
        return None
    start, end = np.searchsorted(positions, [selection.start, selection.end])
    if positions[start] != selection.start or positions[end] != selection.end:
        return None
    return int(start), int(end)


def _starts_with(text: str, hint: str) -> bool:
    wanted = " ".join(hint.rstrip(".… ").split())
    return len(wanted) >= _SHORTEST_HINT and " ".join(text.split()).startswith(wanted)
