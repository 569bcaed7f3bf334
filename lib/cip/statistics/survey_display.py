"""What may be shown of a survey's results: enough people behind each figure, and none singled out.

The limits are the defaults of the workbook's methods, section 3: a judgement, not a published rule.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cip.statistics.estimate import TextArray

#: A percentage needs a base of so many people, unweighted.
LEAST_BASE = 10
#: A figure on a smaller base than this is flagged.
FLAG_BELOW = 30
#: A count of people from 1 to one less than this is withheld.
LEAST_CELL = 5

SHOWN, FLAGGED, WITHHELD, NOBODY = "shown", "small base", "withheld", "nobody asked"


def decide_display(base: ArrayLike, count: ArrayLike | None = None) -> TextArray:
    """Return for each figure whether it is shown, shown with a flag, or withheld.

    Parameters
    ----------
    base
        People who answered, unweighted.
    count
        People who gave this answer, unweighted. Without it only the base decides, as for a mean.

    Returns
    -------
    TextArray
        ``shown``; ``small base`` from 10 to 29 people; ``withheld`` below 10, or where 1 to 4
        people gave the answer or gave another; ``nobody asked`` on a base of zero. Nobody and
        everybody are shown: zero is no person.

    Raises
    ------
    ValueError
        For a missing or negative number, or a count above its base.

    Notes
    -----
    This looks at each figure alone. In a table with totals a withheld figure may follow from the
    rest: `find_exposed` finds those, and `cip.disclosure.protect_table` (rule ``under_5``, with
    the base for total column and everyone for total row) chooses what to withhold with them.
    """
    people = np.asarray(base, dtype=float)
    if not np.all(people >= 0):
        raise ValueError("A base is missing or negative.")
    status = np.where(people < FLAG_BELOW, FLAGGED, SHOWN)
    status = np.where(people < LEAST_BASE, WITHHELD, status)
    if count is not None:
        so, whole = np.broadcast_arrays(np.asarray(count, dtype=float), people)
        if not np.all((so >= 0) & (so <= whole)):
            raise ValueError("A count is missing, negative or above its base.")
        status = np.where(_is_few(so) | _is_few(whole - so), WITHHELD, status)
    return np.where(people == 0, NOBODY, status)


def find_exposed(status: ArrayLike, *, everyone: int | None = None) -> NDArray[np.bool_]:
    """Return which withheld figures a reader can work out from the others and the totals.

    Parameters
    ----------
    status
        One row per group and one column per answer of a question with one answer, as
        `decide_display` says. The base of each row is taken as known.
    everyone
        Number of the row that adds up the others, if the table has one.

    Returns
    -------
    array of bool
        True for a figure that is the only one withheld in its row, or in its column with
        everyone's row among the rest. Another figure of that row or column must go too.
    """
    table = np.asarray(status)
    if table.ndim != 2:
        raise ValueError("The table has one row per group and one column per answer.")
    is_withheld = table == WITHHELD
    lone = is_withheld & (is_withheld.sum(axis=1, keepdims=True) == 1)
    if everyone is not None:
        lone |= is_withheld & (is_withheld.sum(axis=0, keepdims=True) == 1)
    return lone


def _is_few(people: NDArray[np.float64]) -> NDArray[np.bool_]:
    return (people > 0) & (people < LEAST_CELL)
