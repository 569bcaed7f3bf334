"""Rates made comparable between areas whose people differ in age.

Direct standardisation asks what an area's rate would be with the ages of a standard population.
Indirect standardisation holds the area's events against those expected at the rates of a reference
area; it needs fewer events, so it suits small areas.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike

from cip.statistics.checks import blank_zero, check_count, check_counts, check_positive
from cip.statistics.estimate import CheckedEstimate, Estimate, FloatArray, TextArray, blank_where
from cip.statistics.intervals import byars_interval, count_interval
from cip.statistics.standard_population import ESP2013, order_bands

#: With fewer events than this a directly standardised rate is not given.
MINIMUM_EVENTS = 10

MISSING_NUMBER = "A number by age is missing."
EMPTY_BAND = "An age band has no people."
FEW_EVENTS = f"There are fewer than {MINIMUM_EVENTS} events."


def directly_standardised_rate(
    count: ArrayLike,
    population: ArrayLike,
    *,
    bands: Sequence[str],
    standard: Mapping[str, float] = ESP2013,
    multiplier: float = 100_000,
    confidence: float = 0.95,
) -> CheckedEstimate:
    """Return directly age-standardised rates with Dobson's limits.

    Parameters
    ----------
    count
        Events, one row per area and one column per age band. Each is another person's, or they
        are independent; otherwise use `directly_standardised_rate_of_repeats`.
    population
        People at risk, in the same shape.
    bands
        The label of each column. Columns are matched with the standard by label, in any order.
    standard
        People of the standard population by label.
    multiplier
        Rates are per so many people.

    Returns
    -------
    CheckedEstimate
        One per area; blank with its reason where there are fewer than 10 events, a number is
        missing or an age band has no people.

    Raises
    ------
    ValueError
        When bands are missing, unknown or given twice, or a count is negative.

    Notes
    -----
    ``sum(w·O/n) / sum(w)`` with variance ``sum(w²·O/n²) / sum(w)²``; the limits are
    ``rate + sqrt(variance / O) · (limit of O - O)`` with Byar's limits of all events O.
    Dobson, Kuulasmaa, Eberle and Scherer 1991; APHO Technical Briefing 3.
    """
    events = order_bands(check_count(count), bands, list(standard))
    return _standardise(events, events, population, bands, standard, multiplier, confidence)


def directly_standardised_rate_of_repeats(
    persons: ArrayLike,
    population: ArrayLike,
    *,
    bands: Sequence[str],
    standard: Mapping[str, float] = ESP2013,
    multiplier: float = 100_000,
    confidence: float = 0.95,
) -> CheckedEstimate:
    """Return directly standardised rates of events that one person can have several times.

    Such events, for example emergency admissions, are not independent: counting them as if they
    were gives too narrow limits.

    Parameters
    ----------
    persons
        People with exactly 1, 2, 3 ... events: one row per area, one column per age band, one
        layer per number of events.
    population, bands, standard, multiplier, confidence
        As in `directly_standardised_rate`.

    Notes
    -----
    The variance is the sum over k of ``k²`` times the variance from the people with exactly k
    events, which are independent of each other.
    """
    people = order_bands(check_count(persons), bands, list(standard), axis=-2)
    times = np.arange(1, people.shape[-1] + 1)
    return _standardise(
        people @ times, people @ times**2, population, bands, standard, multiplier, confidence
    )


def expected_count(
    population: ArrayLike, *, bands: Sequence[str], reference: Mapping[str, float]
) -> FloatArray:
    """Return the events expected if each age had the rate of the reference area.

    Parameters
    ----------
    population
        People at risk, one row per area and one column per age band.
    bands
        The label of each column.
    reference
        Events per person in the reference area, by label.
    """
    people = order_bands(check_count(population), bands, list(reference))
    return people @ check_count(list(reference.values()))


def indirectly_standardised_ratio(
    observed: ArrayLike,
    expected: ArrayLike,
    *,
    multiplier: float = 100,
    confidence: float = 0.95,
) -> Estimate:
    """Return observed events over expected ones; 100 means as in the reference area.

    Notes
    -----
    The limits are those of the observed count, exact below ten and Byar's from ten, over the
    expected count, which is taken as known. Nothing expected gives no ratio.
    """
    events, usual = check_counts(observed, expected)
    factor = check_positive(multiplier, "multiplier") / blank_zero(usual)
    lower, upper = count_interval(events, confidence=confidence)
    return Estimate(events * factor, lower * factor, upper * factor)


def indirectly_standardised_rate(
    observed: ArrayLike, expected: ArrayLike, *, reference_rate: float, confidence: float = 0.95
) -> Estimate:
    """Return the reference area's crude rate times the ratio of observed to expected events.

    Parameters
    ----------
    reference_rate
        Crude rate of the reference area, in the unit that is wanted.
    """
    return indirectly_standardised_ratio(
        observed, expected, multiplier=reference_rate, confidence=confidence
    )


def _standardise(
    events: FloatArray,
    squares: FloatArray,
    population: ArrayLike,
    bands: Sequence[str],
    standard: Mapping[str, float],
    multiplier: float,
    confidence: float,
) -> CheckedEstimate:
    check_positive(multiplier, "multiplier")
    people = order_bands(check_count(population), bands, list(standard))
    events, squares, people = np.broadcast_arrays(events, squares, people)
    weight = np.array(list(standard.values()), dtype=float)
    share = weight / weight.sum() / blank_zero(people)
    total = events.sum(axis=-1)
    rate = (share * events).sum(axis=-1)
    spread = np.sqrt((share**2 * squares).sum(axis=-1) / blank_zero(total))
    low, high = byars_interval(total, confidence=confidence)
    parts = (rate, rate + spread * (low - total), rate + spread * (high - total))
    reason = _explain_blank(total, people)
    return blank_where(Estimate(*(multiplier * part for part in parts)), reason)


def _explain_blank(total: FloatArray, people: FloatArray) -> TextArray:
    return np.select(
        [
            np.isnan(total) | np.isnan(people).any(axis=-1),
            (people == 0).any(axis=-1),
            total < MINIMUM_EVENTS,
        ],
        [MISSING_NUMBER, EMPTY_BAND, FEW_EVENTS],
        default="",
    )
