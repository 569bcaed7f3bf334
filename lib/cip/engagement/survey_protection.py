"""Which figures of a survey are withheld, so that none can be worked out from the others.

A count of 1 to 4 people, a base under 10, and their like are withheld
(`cip.statistics.decide_display`). A reader knows every base and everyone's figures, so a single
figure withheld in a row or column follows from the rest: more are withheld until none does. The
smallest go, because they carry least. What the table ``respondents`` and the question before a
question tell is looked at in `cip.engagement.crossing`. Tables of another characteristic, or of
another wave, are looked at by themselves: a reader who crosses them may still learn a little.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from cip.statistics import decide_display
from cip.statistics.survey_display import (
    FLAG_BELOW,
    FLAGGED,
    LEAST_BASE,
    LEAST_CELL,
    SHOWN,
    WITHHELD,
)

BoolArray = NDArray[np.bool_]
#: What counts as zero when sums are solved.
_NOTHING = 1e-9


@dataclass(frozen=True)
class Layout:
    """What the columns of a table of counts are to each other.

    Parameters
    ----------
    parts
        Sets of columns that together make up the base of a row: answers, or nets and the answers
        in none. Empty for a question with several answers.
    nets
        Column of each net, and those of the answers in it.
    """

    parts: tuple[int, ...] = ()
    nets: Mapping[int, tuple[int, ...]] = field(default_factory=dict)

    def list_sums(self) -> list[tuple[tuple[int, ...], int | None]]:
        """Return columns that add up, with the column of their total; None for the base."""
        sums: list[tuple[tuple[int, ...], int | None]] = []
        if self.parts:
            sums.append((self.parts, None))
        return sums + [(members, net) for net, members in self.nets.items()]


def protect_rows(
    bases: NDArray[np.float64], unknown: float, *, least: int = LEAST_BASE
) -> BoolArray:
    """Return which groups are withheld as a whole.

    Parameters
    ----------
    bases
        People who answered, by group.
    unknown
        People who answered and are in none of the groups: what a reader does not know of them
        hides a withheld group a little.
    """
    hidden = (bases > 0) & (bases < least)
    while hidden.any():
        is_lone = hidden.sum() == 1 and unknown < LEAST_CELL
        if not is_lone and bases[hidden].sum() + unknown >= least:
            break
        rest = np.flatnonzero(~hidden & (bases > 0))
        if rest.size == 0:
            break
        hidden[rest[bases[rest].argmin()]] = True
    return hidden


def protect_counts(
    counts: NDArray[np.float64],
    bases: NDArray[np.float64],
    layout: Layout,
    *,
    everyone: BoolArray | None = None,
    least_people: int = LEAST_CELL,
    withheld: BoolArray | None = None,
) -> BoolArray:
    """Return which cells are withheld.

    Parameters
    ----------
    counts
        One row per group, everyone first, and one column per answer.
    bases
        People who answered, one per row.
    everyone
        Which of everyone's cells are withheld already, from an earlier call without groups: they
        stay so, and no others of that row are.
    least_people
        Fewer people than this are withheld.
    withheld
        Rows that another table makes it necessary to withhold (`cip.engagement.crossing`).
    """
    hidden = decide_display(bases[:, np.newaxis], counts) == WITHHELD
    hidden |= (counts > 0) & (counts < least_people)
    groups = bases[1:]
    unknown = bases[0] - groups.sum()
    hidden[1:] |= protect_rows(groups, unknown)[:, np.newaxis]
    if withheld is not None:
        hidden |= withheld[:, np.newaxis]
    if everyone is not None:
        hidden[0] = everyone
    first_free = 0 if everyone is None else 1
    for _ in range(hidden.size):
        before = hidden.sum()
        for row in range(first_free, len(counts)):
            _close_row(hidden[row], counts[row], layout)
        if len(counts) > 1:
            for column in range(counts.shape[1]):
                _close_column(hidden[:, column], counts[:, column], unknown)
        if hidden.sum() == before and not _close_fixed(hidden, counts, layout, unknown, first_free):
            break
    return hidden


def find_fixed(hidden: BoolArray, layout: Layout, *, adds_up: bool) -> BoolArray:
    """Return which withheld cells follow from the shown ones and the sums.

    Parameters
    ----------
    adds_up
        Whether everyone's row is the sum of the others, or close to it.

    Notes
    -----
    A cell is free when some change of the withheld cells that keeps all sums changes it: when its
    row of a basis of the null space of the sums is not zero.
    """
    fixed = np.zeros(hidden.shape, dtype=bool)
    places = np.flatnonzero(hidden.ravel())
    if places.size == 0:
        return fixed
    number = np.full(hidden.shape, -1)
    number[hidden] = np.arange(places.size)
    sums = []
    for row in range(len(hidden)):
        for members, total in layout.list_sums():
            sums.append([(number[row, m], 1.0) for m in members])
            if total is not None:
                sums[-1].append((number[row, total], -1.0))
    if adds_up and len(hidden) > 1:
        for column in range(hidden.shape[1]):
            parts = [(number[row, column], 1.0) for row in range(1, len(hidden))]
            sums.append([*parts, (number[0, column], -1.0)])
    system = np.zeros((len(sums), places.size))
    for line, terms in enumerate(sums):
        for place, sign in terms:
            if place >= 0:
                system[line, place] = sign
    _, sizes, basis = np.linalg.svd(system)
    rank = int((sizes > _NOTHING).sum())
    fixed[hidden] = np.abs(basis[rank:]).max(axis=0, initial=0) < _NOTHING
    return fixed


def _close_fixed(
    hidden: BoolArray,
    counts: NDArray[np.float64],
    layout: Layout,
    unknown: float,
    first_free: int,
) -> bool:
    """Withhold one more cell beside the first that follows from the rest; say if there was one."""
    fixed = find_fixed(hidden, layout, adds_up=unknown < LEAST_CELL) & (counts > 0)
    fixed[:first_free] = False
    groups, answers = range(1, len(counts)), range(counts.shape[1])
    # A zero hides as well as a number does where nothing else is left: it may be one that is not.
    for least in (1, 0):
        for row, column in np.argwhere(fixed):
            if _hide_least(hidden[row], counts[row], answers, least=least) or _hide_least(
                hidden[:, column], counts[:, column], groups, least=least
            ):
                return True
    return False


def name_display(hidden: BoolArray, bases: NDArray[np.float64]) -> NDArray[np.str_]:
    """Return the word for each cell: shown, small base or withheld."""
    shown = np.where(bases < FLAG_BELOW, FLAGGED, SHOWN)
    return np.where(hidden, WITHHELD, shown)


def _close_row(hidden: BoolArray, counts: NDArray[np.float64], layout: Layout) -> None:
    """Withhold more of a row's cells, in place, until the sums of the row tell nothing."""
    for members, total in layout.list_sums():
        places = list(members)
        if total is not None and hidden[total]:
            # The net is withheld: not all its answers may be shown.
            if not hidden[places].any():
                _hide_least(hidden, counts, places)
            continue
        while _gives_away(hidden[places], counts[places]):
            if not _hide_least(hidden, counts, places):
                break


def _close_column(hidden: BoolArray, counts: NDArray[np.float64], unknown: float) -> None:
    """Withhold more groups' cells of one answer until everyone's figure tells nothing."""
    groups = list(range(1, len(counts)))
    outside = counts[0] - counts[1:].sum()
    while hidden.any():
        if hidden[0]:
            # Everyone's figure is withheld: not all the groups' may be shown.
            is_told = not hidden[1:].any() and unknown < LEAST_CELL
        else:
            total = counts[1:][hidden[1:]].sum() + outside
            is_few = hidden[1:].sum() == 1 or 0 < total < LEAST_CELL
            # People of no known group stand beside the withheld ones and hide them.
            is_told = hidden[1:].any() and is_few and unknown < LEAST_CELL
        if not is_told or not _hide_least(hidden, counts, groups):
            break


def _gives_away(hidden: BoolArray, counts: NDArray[np.float64]) -> bool:
    total = counts[hidden].sum()
    return bool(hidden.any() and (hidden.sum() == 1 or 0 < total < LEAST_CELL))


def _hide_least(
    hidden: BoolArray, counts: NDArray[np.float64], places: Sequence[int], *, least: int = 1
) -> bool:
    """Withhold the smallest shown cell of at least so many people; return whether there was one."""
    free = [place for place in places if not hidden[place] and counts[place] >= least]
    if not free:
        return False
    hidden[min(free, key=lambda place: counts[place])] = True
    return True
