"""Confidence intervals of proportions, counts, crude rates and means."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

FloatArray = NDArray[np.float64]

#: Below this count Byar's approximation is too rough, so the exact Poisson limits are used
#: (APHO Technical Briefing 3).
EXACT_BELOW = 10


class Estimate(NamedTuple):
    """A value with its interval; each part is an array of the same shape."""

    value: FloatArray
    lower: FloatArray
    upper: FloatArray


def wilson_interval(
    numerator: ArrayLike, denominator: ArrayLike, *, confidence: float = 0.95
) -> tuple[FloatArray, FloatArray]:
    """Return the Wilson score interval of a proportion.

    Parameters
    ----------
    numerator, denominator
        Counts; fractional counts are allowed, because a split small area gives them.
        Missing (NaN) stays missing.
    confidence
        Level of the interval, between 0 and 1.

    Returns
    -------
    tuple of arrays
        Lower and upper limit as proportions from 0 to 1, one per element; missing where either
        count is missing or the denominator is zero.

    Raises
    ------
    ValueError
        When a numerator is above its denominator, or a count is negative.

    Notes
    -----
    ``(2O + z² ± z·sqrt(z² + 4O(1 - O/n))) / (2(n + z²))``. Wilson 1927; the form of APHO
    Technical Briefing 3.

    Examples
    --------
    >>> lower, upper = wilson_interval([65], [100])
    >>> round(float(lower[0]), 4), round(float(upper[0]), 4)
    (0.5525, 0.7364)
    """
    observed, total = _check_counts(numerator, denominator)
    # Sums of shares may differ in the last digit, which is not an error in the counts.
    if np.any(observed > total * (1 + 1e-9)):
        raise ValueError("A numerator is larger than its denominator.")
    z = _normal_quantile(confidence)
    total = np.where(total == 0, np.nan, total)
    centre = 2 * observed + z**2
    remainder = np.clip(1 - observed / total, 0, None)
    spread = z * np.sqrt(z**2 + 4 * observed * remainder)
    scale = 2 * (total + z**2)
    return np.clip((centre - spread) / scale, 0, 1), np.clip((centre + spread) / scale, 0, 1)


def byars_interval(count: ArrayLike, *, confidence: float = 0.95) -> tuple[FloatArray, FloatArray]:
    """Return Byar's approximate limits of a Poisson count.

    A lower limit is missing at a count of zero, where the formula divides by zero. Use
    `count_interval`, which changes to the exact limits below ten.

    Notes
    -----
    ``O(1 - 1/(9O) - z/(3√O))³`` and ``(O+1)(1 - 1/(9(O+1)) + z/(3√(O+1)))³``.
    """
    observed = _check_count(count)
    z = _normal_quantile(confidence)
    positive = np.where(observed > 0, observed, np.nan)
    lower = positive * (1 - 1 / (9 * positive) - z / (3 * np.sqrt(positive))) ** 3
    above = observed + 1
    upper = above * (1 - 1 / (9 * above) + z / (3 * np.sqrt(above))) ** 3
    return lower, upper


def exact_poisson_interval(
    count: ArrayLike, *, confidence: float = 0.95
) -> tuple[FloatArray, FloatArray]:
    """Return the exact limits of a Poisson count; the lower limit of zero is zero.

    Notes
    -----
    ``chi2(α/2; 2O)/2`` and ``chi2(1 - α/2; 2O + 2)/2``.
    """
    observed = _check_count(count)
    alpha = 1 - _check_confidence(confidence)
    # chi2 with no degrees of freedom is undefined, so a zero count is set apart first.
    freedom = np.where(observed > 0, 2 * observed, np.nan)
    lower = np.where(observed == 0, 0.0, stats.chi2.ppf(alpha / 2, freedom) / 2)
    upper = stats.chi2.ppf(1 - alpha / 2, 2 * observed + 2) / 2
    return lower, upper


def count_interval(count: ArrayLike, *, confidence: float = 0.95) -> tuple[FloatArray, FloatArray]:
    """Return the limits of a count: exact Poisson below ten, Byar's from ten.

    Examples
    --------
    >>> lower, upper = count_interval([0, 65])
    >>> [round(float(x), 2) for x in lower], [round(float(x), 2) for x in upper]
    ([0.0, 50.16], [3.69, 82.85])
    """
    observed = _check_count(count)
    exact = exact_poisson_interval(observed, confidence=confidence)
    byars = byars_interval(observed, confidence=confidence)
    is_small = observed < EXACT_BELOW
    return np.where(is_small, exact[0], byars[0]), np.where(is_small, exact[1], byars[1])


def crude_rate(
    count: ArrayLike,
    population: ArrayLike,
    *,
    multiplier: float = 100_000,
    confidence: float = 0.95,
) -> Estimate:
    """Return the crude rate per ``multiplier`` people with the interval of its count.

    Parameters
    ----------
    count
        Events; may be more than the population, because a person can have several.
    population
        People at risk; zero gives a missing rate.
    """
    observed, people = _check_counts(count, population)
    factor = multiplier / np.where(people == 0, np.nan, people)
    lower, upper = count_interval(observed, confidence=confidence)
    return Estimate(observed * factor, lower * factor, upper * factor)


def mean_interval(values: ArrayLike, *, confidence: float = 0.95) -> Estimate:
    """Return the mean of one sample with its Student's t interval.

    Missing values are left out. One value gives a mean without limits, none gives nothing.
    """
    alpha = 1 - _check_confidence(confidence)
    sample = np.asarray(values, dtype=float)
    sample = sample[~np.isnan(sample)]
    size = sample.size
    if size == 0:
        return Estimate(*(np.array(np.nan) for _ in range(3)))
    mean = sample.mean()
    if size == 1:
        return Estimate(np.array(mean), np.array(np.nan), np.array(np.nan))
    margin = stats.t.ppf(1 - alpha / 2, size - 1) * sample.std(ddof=1) / np.sqrt(size)
    return Estimate(np.array(mean), np.array(mean - margin), np.array(mean + margin))


def _check_confidence(confidence: float) -> float:
    if not 0 < confidence < 1:
        raise ValueError(f"The confidence level must lie between 0 and 1, not {confidence}.")
    return confidence


def _normal_quantile(confidence: float) -> float:
    return float(stats.norm.ppf(1 - (1 - _check_confidence(confidence)) / 2))


def _check_count(count: ArrayLike) -> FloatArray:
    observed = np.asarray(count, dtype=float)
    if np.any(observed < 0):
        raise ValueError("A count is negative.")
    return observed


def _check_counts(first: ArrayLike, second: ArrayLike) -> tuple[FloatArray, FloatArray]:
    one, other = np.broadcast_arrays(_check_count(first), _check_count(second))
    return one, other
