"""Tests of the difference between two areas, or between two periods of one area.

Two intervals may overlap although the difference is clear, so the difference gets an interval of
its own. The two sides must not share people: an area inside another is held against its benchmark
value instead (`compare_with_benchmark`).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from cip.statistics.checks import blank_zero, check_positive, normal_quantile
from cip.statistics.comparison import Polarity, compare_with_benchmark
from cip.statistics.estimate import CheckedEstimate, Estimate, FloatArray, TextArray
from cip.statistics.intervals import crude_rate, proportion


class DifferenceTest(NamedTuple):
    """First minus second with the interval of the difference, and the word for it."""

    difference: FloatArray
    lower: FloatArray
    upper: FloatArray
    verdict: TextArray


def difference_interval(
    first: Estimate | CheckedEstimate, second: Estimate | CheckedEstimate
) -> Estimate:
    """Return first minus second with an interval built from the two intervals.

    Parameters
    ----------
    first, second
        Independent estimates in one unit and at one level of confidence: proportions, rates,
        standardised rates, means or life expectancies. The interval is at that level.

    Returns
    -------
    Estimate
        Missing where a part of either is missing.

    Raises
    ------
    ValueError
        When a value lies outside its own interval.

    Notes
    -----
    ``d - sqrt((v1 - l1)² + (u2 - v2)²)`` and ``d + sqrt((u1 - v1)² + (v2 - l2)²)``: the method of
    variance estimates recovery (MOVER), Zou and Donner 2008. With Wilson limits it is method 10
    of Newcombe 1998 for two proportions.
    """
    one, below_one, above_one = _measure_arms(first)
    other, below_other, above_other = _measure_arms(second)
    gap = one - other
    return Estimate(
        gap, gap - np.hypot(below_one, above_other), gap + np.hypot(above_one, below_other)
    )


def compare_difference(
    first: Estimate | CheckedEstimate,
    second: Estimate | CheckedEstimate,
    *,
    polarity: Polarity = "none",
) -> DifferenceTest:
    """Return the difference of two estimates and whether it is clear of zero.

    Parameters
    ----------
    first, second
        As in `difference_interval`. For two periods the later is the first.
    polarity
        Whether a high value is good, bad or neither.

    Returns
    -------
    DifferenceTest
        The verdict is ``higher``, ``lower`` or ``similar``; with a polarity ``better`` or
        ``worse``; ``not compared`` where a part is missing.

    Examples
    --------
    >>> from cip.statistics import proportion
    >>> found = compare_difference(proportion([56], [70]), proportion([48], [80]))
    >>> found.verdict.tolist(), [round(float(part[0]), 2) for part in found[:3]]
    (['higher'], [20.0, 5.24, 33.39])
    """
    gap = difference_interval(first, second)
    return DifferenceTest(*gap, compare_with_benchmark(gap.lower, gap.upper, 0, polarity))


def newcombe_difference(
    first_numerator: ArrayLike,
    first_denominator: ArrayLike,
    second_numerator: ArrayLike,
    second_denominator: ArrayLike,
    *,
    multiplier: float = 100,
    confidence: float = 0.95,
) -> Estimate:
    """Return the difference of two proportions in percentage points with Newcombe's interval."""
    options = {"multiplier": multiplier, "confidence": confidence}
    return difference_interval(
        proportion(first_numerator, first_denominator, **options),
        proportion(second_numerator, second_denominator, **options),
    )


def rate_difference(
    first_count: ArrayLike,
    first_population: ArrayLike,
    second_count: ArrayLike,
    second_population: ArrayLike,
    *,
    multiplier: float = 100_000,
    confidence: float = 0.95,
) -> Estimate:
    """Return the difference of two crude rates, from the limits of the two counts."""
    options = {"multiplier": multiplier, "confidence": confidence}
    return difference_interval(
        crude_rate(first_count, first_population, **options),
        crude_rate(second_count, second_population, **options),
    )


def calculate_power(
    before: ArrayLike, after: ArrayLike, size: ArrayLike, *, confidence: float = 0.95
) -> FloatArray:
    """Return the chance that two samples show a change between two true proportions.

    Parameters
    ----------
    before, after
        True proportions, from 0 to 1.
    size
        People in each of the two samples, drawn at random; divide by the design effect first.

    Notes
    -----
    Two-sided test of two proportions with the pooled variance, by the normal approximation.
    """
    first, second, people = np.broadcast_arrays(
        *(np.asarray(part, dtype=float) for part in (before, after, size))
    )
    if np.any((first < 0) | (first > 1) | (second < 0) | (second > 1)):
        raise ValueError("A proportion lies outside 0 to 1.")
    check_positive(float(np.min(people, initial=1)), "sample size")
    middle = (first + second) / 2
    reach = normal_quantile(confidence) * np.sqrt(2 * middle * (1 - middle) / people)
    error = blank_zero(np.sqrt((first * (1 - first) + second * (1 - second)) / people))
    gap = np.abs(second - first)
    return special.ndtr((gap - reach) / error) + special.ndtr((-gap - reach) / error)


def _measure_arms(estimate: Estimate | CheckedEstimate) -> tuple[FloatArray, ...]:
    """Return the value and how far its limits lie below and above it."""
    value, lower, upper = (np.asarray(part, dtype=float) for part in estimate[:3])
    below, above = value - lower, upper - value
    slack = 1e-9 * np.maximum(np.abs(value), 1)
    if np.any((below < -slack) | (above < -slack)):
        raise ValueError("A value lies outside its own interval.")
    return value, np.maximum(below, 0), np.maximum(above, 0)
