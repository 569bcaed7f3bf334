"""Checks of what goes into a method, shared by the methods."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from cip.statistics.estimate import FloatArray


def check_confidence(confidence: float) -> float:
    """Return the level, refusing what does not lie between 0 and 1."""
    if not 0 < confidence < 1:
        raise ValueError(f"The confidence level must lie between 0 and 1, not {confidence}.")
    return confidence


def normal_quantile(confidence: float) -> float:
    """Return z of a two-sided interval, 1.96 at 95%."""
    return float(special.ndtri(1 - (1 - check_confidence(confidence)) / 2))


def check_count(count: ArrayLike) -> FloatArray:
    """Return counts as numbers, refusing negative ones; missing stays missing."""
    observed = np.asarray(count, dtype=float)
    if np.any(observed < 0):
        raise ValueError("A count is negative.")
    return observed


def check_counts(first: ArrayLike, second: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Return two sets of counts in one shape."""
    one, other = np.broadcast_arrays(check_count(first), check_count(second))
    return one, other


def check_positive(number: float, name: str) -> float:
    """Return a number, refusing zero and below."""
    if not number > 0:
        raise ValueError(f"The {name} must be above zero, not {number}.")
    return number


def blank_zero(numbers: FloatArray) -> FloatArray:
    """Return numbers with zero as missing, so that nothing is divided by it."""
    return np.where(numbers == 0, np.nan, numbers)
