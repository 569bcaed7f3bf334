"""Funnel limits: how far areas of each size would lie from a benchmark by chance alone."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from cip.statistics.checks import (
    blank_zero,
    check_count,
    check_counts,
    check_positive,
    normal_quantile,
)
from cip.statistics.estimate import STRICT, USUAL, FloatArray, TextArray, TwoLevels

#: Words for a point, from the limits of about two and three standard errors (95% and 99.8%).
FAR_ABOVE, ABOVE = "above the 99.8% limit", "above the 95% limit"
WITHIN = "within the limits"
BELOW, FAR_BELOW = "below the 95% limit", "below the 99.8% limit"
NOT_PLACED = "not placed"


def proportion_funnel(
    denominator: ArrayLike, benchmark: float, *, multiplier: float = 100
) -> TwoLevels:
    """Return the funnel limits of proportions.

    Parameters
    ----------
    denominator
        Sizes of areas, or points along the axis of a chart.
    benchmark
        Proportion of all areas together times ``multiplier``; see `pool_rates`.

    Returns
    -------
    TwoLevels
        The benchmark and its limits at each size, in the unit of the benchmark.

    Notes
    -----
    ``b ± z·sqrt(b(1 - b) / n)``, held between 0 and 1. A point lies outside exactly when its
    Wilson interval leaves the benchmark out.
    """
    share = benchmark / check_positive(multiplier, "multiplier")
    if not 0 <= share <= 1:
        raise ValueError(f"The benchmark must lie between 0 and {multiplier:g}, not {benchmark}.")
    error = np.sqrt(share * (1 - share) / blank_zero(check_count(denominator)))
    limits = []
    for confidence in (USUAL, STRICT):
        margin = normal_quantile(confidence) * error
        limits += [np.clip(share - margin, 0, 1), np.clip(share + margin, 0, 1)]
    return _gather(benchmark, [multiplier * limit for limit in limits])


def rate_funnel(
    denominator: ArrayLike, benchmark: float, *, multiplier: float = 100_000
) -> TwoLevels:
    """Return the funnel limits of rates and of ratios.

    Parameters
    ----------
    denominator
        Populations for crude rates; `effective_population` for directly standardised ones;
        expected events for ratios.
    benchmark
        Rate of all areas together per ``multiplier``; for ratios the number that means as
        expected, which is the multiplier itself, 100.

    Returns
    -------
    TwoLevels
        The benchmark and its limits at each size, in the unit of the benchmark.

    Notes
    -----
    The limits are the counts, not rounded, whose exact Poisson interval just touches the events
    expected at the benchmark. Where even no event would be no surprise, the lower limit is zero.
    Spiegelhalter 2005; APHO Technical Briefing 2.
    """
    people = blank_zero(check_count(denominator))
    factor = check_positive(multiplier, "multiplier") / people
    expected = check_positive(benchmark, "benchmark") / factor
    limits = []
    for confidence in (USUAL, STRICT):
        tail = (1 - confidence) / 2
        with np.errstate(invalid="ignore"):
            low, high = special.pdtrik([[tail], [1 - tail]], expected.ravel())
        # At the lower limit a count this small has the chance of the tail; below no events, none.
        is_open = np.exp(-expected) >= tail
        limits += [
            np.where(is_open, 0, low.reshape(expected.shape)) * factor,
            (high.reshape(expected.shape) + 1) * factor,
        ]
    return _gather(benchmark, [np.where(np.isnan(people), np.nan, limit) for limit in limits])


def place_in_funnel(value: ArrayLike, funnel: TwoLevels) -> TextArray:
    """Return where each point lies: inside, or beyond the 95% or the 99.8% limit.

    A point on a limit lies inside; one without a value or a size is not placed.
    """
    point = np.asarray(value, dtype=float)
    is_missing = np.isnan(point) | np.isnan(funnel.lower_95) | np.isnan(funnel.upper_95)
    return np.select(
        [
            is_missing,
            point > funnel.upper_998,
            point > funnel.upper_95,
            point < funnel.lower_998,
            point < funnel.lower_95,
        ],
        [NOT_PLACED, FAR_ABOVE, ABOVE, FAR_BELOW, BELOW],
        default=WITHIN,
    )


def pool_rates(count: ArrayLike, denominator: ArrayLike, *, multiplier: float) -> float:
    """Return the rate of all areas together: the sum of events over the sum of denominators.

    Areas with a missing number are left out of both sums.
    """
    events, people = check_counts(count, denominator)
    is_whole = ~(np.isnan(events) | np.isnan(people))
    total = people[is_whole].sum()
    return float(multiplier * events[is_whole].sum() / total) if total else float("nan")


def effective_population(count: ArrayLike, rate: ArrayLike, *, multiplier: float) -> FloatArray:
    """Return the population in which so many events would give the standardised rate.

    Missing at a rate of zero, where no population can be told.
    """
    events, given = check_counts(count, rate)
    return events * multiplier / blank_zero(given)


def _gather(benchmark: float, limits: list[FloatArray]) -> TwoLevels:
    value = np.where(np.isnan(limits[0]), np.nan, float(benchmark))
    return TwoLevels(value, *limits, np.full(value.shape, ""))
