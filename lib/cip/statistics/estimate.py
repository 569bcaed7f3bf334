"""The shapes that every method returns, and one call for both levels of confidence."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
TextArray = NDArray[np.str_]

#: The two levels of public-health indicators: about two and three standard errors.
USUAL, STRICT = 0.95, 0.998


class Estimate(NamedTuple):
    """A value with its interval; each part is an array of the same shape."""

    value: FloatArray
    lower: FloatArray
    upper: FloatArray


class CheckedEstimate(NamedTuple):
    """An estimate with the reason for each blank one; the reason is empty where there is none."""

    value: FloatArray
    lower: FloatArray
    upper: FloatArray
    reason: TextArray


class TwoLevels(NamedTuple):
    """A value with its 95% and 99.8% limits; each part is an array of the same shape."""

    value: FloatArray
    lower_95: FloatArray
    upper_95: FloatArray
    lower_998: FloatArray
    upper_998: FloatArray
    reason: TextArray


def estimate_both_levels(
    method: Callable[..., Estimate | CheckedEstimate], *arguments: object, **options: object
) -> TwoLevels:
    """Return a method's value with its 95% and 99.8% limits.

    Parameters
    ----------
    method
        A function of this package that returns an estimate and takes ``confidence``.
    arguments, options
        What the method takes, without ``confidence``.

    Examples
    --------
    >>> from cip.statistics import proportion
    >>> found = estimate_both_levels(proportion, [65], [100])
    >>> [round(float(part[0]), 2) for part in found[:5]]
    [65.0, 55.25, 73.64, 49.55, 77.84]
    """
    usual = method(*arguments, confidence=USUAL, **options)
    strict = method(*arguments, confidence=STRICT, **options)
    reason = getattr(usual, "reason", np.full(np.shape(usual.value), ""))
    return TwoLevels(usual.value, *usual[1:3], *strict[1:3], reason)


def blank_where(estimate: Estimate, reason: TextArray) -> CheckedEstimate:
    """Return the estimate without the elements that have a reason to be blank."""
    is_blank = reason != ""
    return CheckedEstimate(*(np.where(is_blank, np.nan, part) for part in estimate), reason)
