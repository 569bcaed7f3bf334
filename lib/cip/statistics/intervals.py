"""Proportions, counts and crude rates with their confidence intervals."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from cip.statistics.checks import (
    blank_zero,
    check_confidence,
    check_count,
    check_counts,
    normal_quantile,
)
from cip.statistics.estimate import Estimate, FloatArray

#: Below this count Byar's approximation is too rough, so the exact Poisson limits are used
#: (APHO Technical Briefing 3).
EXACT_BELOW = 10


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
    observed, total = check_counts(numerator, denominator)
    # Sums of shares may differ in the last digit, which is not an error in the counts.
    if np.any(observed > total * (1 + 1e-9)):
        raise ValueError("A numerator is larger than its denominator.")
    z = normal_quantile(confidence)
    total = blank_zero(total)
    centre = 2 * observed + z**2
    remainder = np.clip(1 - observed / total, 0, None)
    spread = z * np.sqrt(z**2 + 4 * observed * remainder)
    scale = 2 * (total + z**2)
    return np.clip((centre - spread) / scale, 0, 1), np.clip((centre + spread) / scale, 0, 1)


def proportion(
    numerator: ArrayLike,
    denominator: ArrayLike,
    *,
    multiplier: float = 100,
    confidence: float = 0.95,
) -> Estimate:
    """Return a proportion times ``multiplier``, so as a percentage, with its Wilson interval.

    Missing where either count is missing or the denominator is zero.
    """
    lower, upper = wilson_interval(numerator, denominator, confidence=confidence)
    observed, total = check_counts(numerator, denominator)
    value = observed / blank_zero(total)
    return Estimate(value * multiplier, lower * multiplier, upper * multiplier)


def byars_interval(count: ArrayLike, *, confidence: float = 0.95) -> tuple[FloatArray, FloatArray]:
    """Return Byar's approximate limits of a Poisson count.

    A lower limit is missing at a count of zero, where the formula divides by zero. Use
    `count_interval`, which changes to the exact limits below ten.

    Notes
    -----
    ``O(1 - 1/(9O) - z/(3√O))³`` and ``(O+1)(1 - 1/(9(O+1)) + z/(3√(O+1)))³``.
    """
    observed = check_count(count)
    z = normal_quantile(confidence)
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
    ``chi2(α/2; 2O)/2`` and ``chi2(1 - α/2; 2O + 2)/2``, which are quantiles of the gamma
    distribution. Garwood 1936.
    """
    observed = check_count(count)
    tail = (1 - check_confidence(confidence)) / 2
    # A gamma distribution with no shape is undefined, so a zero count is set apart first.
    shape = np.where(observed > 0, observed, np.nan)
    lower = np.where(observed == 0, 0.0, special.gammaincinv(shape, tail))
    return lower, special.gammainccinv(observed + 1, tail)


def count_interval(count: ArrayLike, *, confidence: float = 0.95) -> tuple[FloatArray, FloatArray]:
    """Return the limits of a count: exact Poisson below ten, Byar's from ten.

    Examples
    --------
    >>> lower, upper = count_interval([0, 65])
    >>> [round(float(x), 2) for x in lower], [round(float(x), 2) for x in upper]
    ([0.0, 50.16], [3.69, 82.85])
    """
    observed = check_count(count)
    is_small = observed < EXACT_BELOW
    # The exact limits are slow to compute, so the large counts do not go through them.
    exact = exact_poisson_interval(np.where(is_small, observed, np.nan), confidence=confidence)
    byars = byars_interval(observed, confidence=confidence)
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
    observed, people = check_counts(count, population)
    factor = multiplier / blank_zero(people)
    lower, upper = count_interval(observed, confidence=confidence)
    return Estimate(observed * factor, lower * factor, upper * factor)
