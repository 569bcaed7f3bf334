"""Natural breaks for the classes of a map, without a library that takes a second and a half to load.

Fisher (1958) and Jenks (1977): the classes for which the squared distances of values from the mean
of their class are least in sum. The answer is that of `mapclassify.FisherJenks`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]


def find_natural_breaks(values: ArrayLike, *, classes: int) -> list[float]:
    """Return the upper limits of the classes, lowest first.

    Parameters
    ----------
    values
        One value per area, none missing.
    classes
        How many classes; no more than there are different values.

    Raises
    ------
    ValueError
        When there are fewer different values than classes, or no class.

    Notes
    -----
    Dynamic programming over the sorted values, in time proportional to classes x values squared:
    some thousandths of a second for the tens of areas on a map.
    """
    held = np.sort(np.asarray(values, dtype=float))
    if not 1 <= classes <= len(np.unique(held)):
        raise ValueError(f"{len(np.unique(held))} different values cannot make {classes} classes.")
    spread = _measure_spread(held)
    size = len(held)
    best = spread[0].copy()
    starts = np.zeros((classes, size), dtype=int)
    for number in range(1, classes):
        # The last class of the first `end` + 1 values starts at `start`, the others lie before it.
        before = np.concatenate([[np.inf], best[:-1]])
        total = np.where(np.arange(size)[:, None] >= number, before[:, None] + spread, np.inf)
        starts[number] = total.argmin(axis=0)
        best = total.min(axis=0)
    limits, end = [], size - 1
    for number in range(classes - 1, -1, -1):
        limits.append(float(held[end]))
        end = int(starts[number, end]) - 1
    return limits[::-1]


def _measure_spread(held: FloatArray) -> FloatArray:
    """Return the squared distances from their mean of values ``start`` to ``end``, for every pair."""
    centred = held - held.mean()
    sums = np.concatenate([[0.0], np.cumsum(centred)])
    squares = np.concatenate([[0.0], np.cumsum(centred**2)])
    size = len(held)
    start, end = np.meshgrid(np.arange(size), np.arange(size), indexing="ij")
    count = end - start + 1
    is_pair = count > 0
    total = sums[end + 1] - sums[start]
    spread = squares[end + 1] - squares[start] - total**2 / np.where(is_pair, count, 1)
    return np.where(is_pair, np.maximum(spread, 0.0), np.inf)
