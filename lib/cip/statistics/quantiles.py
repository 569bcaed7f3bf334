"""Quantile groups by the rank formula used for public-health indicators."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray


def assign_quantiles(
    values: ArrayLike, *, groups: int = 5, is_inverted: bool = False
) -> NDArray[np.float64]:
    """Return the quantile group of each value, 1 for the lowest.

    Parameters
    ----------
    values
        One value per area; a missing value gets no group and does not count.
    groups
        How many groups: 4 for quartiles, 5 for quintiles, 10 for deciles.
    is_inverted
        Give group 1 to the highest values instead.

    Returns
    -------
    array of float
        1 to ``groups``, or missing. All are missing when there are fewer values than groups.

    Notes
    -----
    ``floor((q + 1) - ceil((n + 1 - rank) / (n / q)))`` with the lowest rank for ties; a result
    of zero becomes one. The same rule as the R package PHEindicatormethods.

    Examples
    --------
    >>> assign_quantiles([3.0, 1.0, 2.0, 4.0], groups=2).tolist()
    [2.0, 1.0, 1.0, 2.0]
    """
    if groups < 1:
        raise ValueError(f"There must be at least one group, not {groups}.")
    numbers = np.asarray(values, dtype=float)
    result = np.full(numbers.shape, np.nan)
    is_present = ~np.isnan(numbers)
    size = int(is_present.sum())
    if size < groups:
        return result
    present = numbers[is_present]
    ordered = -present if is_inverted else present
    rank = np.searchsorted(np.sort(ordered), ordered, side="left") + 1
    group = np.floor((groups + 1) - np.ceil(((size + 1) - rank) / (size / groups)))
    result[is_present] = np.maximum(group, 1)
    return result
