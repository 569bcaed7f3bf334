"""Means with Student's t intervals, from the values themselves or from their sums."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from cip.statistics.checks import check_confidence
from cip.statistics.estimate import Estimate, FloatArray


def mean_interval(values: ArrayLike, *, confidence: float = 0.95) -> Estimate:
    """Return the mean of each sample with its Student's t interval.

    Parameters
    ----------
    values
        One sample, or one row per sample; samples of different sizes are filled up with missing
        values, which are left out.
    confidence
        Level of the interval, between 0 and 1.

    Returns
    -------
    Estimate
        One per sample. One value gives a mean without limits, none gives nothing.
    """
    sample = np.asarray(values, dtype=float)
    is_present = ~np.isnan(sample)
    size = is_present.sum(axis=-1).astype(float)
    mean = np.where(is_present, sample, 0).sum(axis=-1) / np.where(size > 0, size, np.nan)
    away = np.where(is_present, sample - mean[..., np.newaxis], 0)
    return _add_limits(mean, (away**2).sum(axis=-1), size, confidence)


def mean_from_sums(
    size: ArrayLike, total: ArrayLike, sum_of_squares: ArrayLike, *, confidence: float = 0.95
) -> Estimate:
    """Return means with Student's t intervals from sums, where single values are not at hand.

    Parameters
    ----------
    size
        How many values each sample holds, a whole number.
    total, sum_of_squares
        Sum of the values, and of their squares. Sums of parts may simply be added up.

    Returns
    -------
    Estimate
        One per element; missing where anything is missing, limits also for a single value.

    Raises
    ------
    ValueError
        For a negative size, or squares that are too small for their sum.

    Notes
    -----
    ``mean ± t(n - 1) · s / sqrt(n)`` with ``s² = (Q - T²/n) / (n - 1)``. Where the values are
    large and close to each other, subtract a constant from them before summing: the difference
    ``Q - T²/n`` loses digits.

    Examples
    --------
    >>> found = mean_from_sums([3], [6], [14])  # 1, 2 and 3
    >>> [round(float(part[0]), 3) for part in found]
    [2.0, -0.484, 4.484]
    """
    count, added, squares = np.broadcast_arrays(
        *(np.asarray(part, dtype=float) for part in (size, total, sum_of_squares))
    )
    if np.any(count < 0):
        raise ValueError("A sample size is negative.")
    mean = added / np.where(count > 0, count, np.nan)
    rest = squares - added * mean
    if np.any(rest < -1e-9 * np.abs(squares)):
        raise ValueError("A sum of squares is too small for its sum.")
    return _add_limits(mean, np.clip(rest, 0, None), count, confidence)


def _add_limits(
    mean: FloatArray, squared_away: FloatArray, size: FloatArray, confidence: float
) -> Estimate:
    tail = (1 - check_confidence(confidence)) / 2
    freedom = np.where(size > 1, size - 1, np.nan)
    t = -special.stdtrit(freedom, tail)
    margin = t * np.sqrt(squared_away / freedom / np.where(size > 0, size, np.nan))
    return Estimate(np.asarray(mean), np.asarray(mean - margin), np.asarray(mean + margin))
