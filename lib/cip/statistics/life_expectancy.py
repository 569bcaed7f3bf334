"""Life expectancy by the abridged life table, at birth or from a later age."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from cip.statistics.checks import blank_zero, check_confidence, normal_quantile
from cip.statistics.estimate import CheckedEstimate, Estimate, FloatArray, TextArray, blank_where
from cip.statistics.standard_population import order_bands

#: The ages at which the 20 bands start, and their labels: 0, 1-4, 5-9 ... 85-89, 90+.
START_AGES = (0, 1, *range(5, 95, 5))
LIFE_BANDS = ("0", "1-4", *(f"{age}-{age + 4}" for age in START_AGES[2:-1]), "90+")

#: Life expectancy is not given for so few people, or with a wider 95% interval (in years).
MAXIMUM_SMALL_POPULATION = 5000
WIDEST_INTERVAL = 20

#: Share of the band that those who die in it live: a tenth of the first year, else half.
_LIVED = np.array([0.1] + [0.5] * (len(START_AGES) - 1))
_WIDTH = np.diff([*START_AGES, np.inf])

MISSING_NUMBER = "A number by age is missing."
EMPTY_BAND = "An age band has no people."
NEGATIVE_DEATHS = "A number of deaths is negative."
MORE_DEATHS = "An age band has more deaths than people."
FEW_PEOPLE = f"The population is {MAXIMUM_SMALL_POPULATION:,} or fewer."
NO_LAST_DEATHS = "There are no deaths in the last age band."
NO_SURVIVORS = "Nobody reaches this age at the death rates given."
WIDE_INTERVAL = f"The 95% interval is wider than {WIDEST_INTERVAL} years."


class LifeTable(NamedTuple):
    """Years still to live from the start of each band, and their variance; one row per area."""

    expectancy: FloatArray
    variance: FloatArray


def calculate_life_expectancy(
    deaths: ArrayLike,
    population: ArrayLike,
    *,
    bands: Sequence[str],
    start_age: int = 0,
    confidence: float = 0.95,
) -> CheckedEstimate:
    """Return the years that people can expect to live at the death rates of the period.

    Parameters
    ----------
    deaths, population
        Deaths and person-years (people, times the years of deaths), one row per area and one
        column per age band.
    bands
        The label of each column: the labels of `LIFE_BANDS`, in any order.
    start_age
        Age from which years are counted: 0, 1, 5, 10 ... 90.

    Returns
    -------
    CheckedEstimate
        In years, one per area. Blank with its reason where a number is missing, a band has no
        people, negative deaths or more deaths than people, the population is 5,000 or fewer, the
        last band has no deaths, or the 95% interval is wider than 20 years.

    Raises
    ------
    ValueError
        When a band is missing, unknown or given twice, or the starting age is not one of a band.

    Notes
    -----
    Revised Chiang (1984) abridged table. Limits by Silcocks, Jenner and Reza 2001 and Eayres and
    Williams 2004: normal, with the variance of the last band included. See ``docs/methods.md``.
    """
    if start_age not in START_AGES:
        raise ValueError(f"No age band starts at {start_age}. Use one of {START_AGES}.")
    dead = order_bands(deaths, bands, LIFE_BANDS)
    people = order_bands(population, bands, LIFE_BANDS)
    dead, people = np.broadcast_arrays(dead, people)
    fault = _find_fault(dead, people)
    is_whole = (fault == "")[..., np.newaxis]
    table = build_life_table(np.where(is_whole, dead, np.nan), np.where(is_whole, people, np.nan))
    start = START_AGES.index(start_age)
    years, error = table.expectancy[..., start], np.sqrt(table.variance[..., start])
    is_wide = 2 * normal_quantile(0.95) * error > WIDEST_INTERVAL
    reason = np.select(
        [fault != "", np.isnan(years), is_wide], [fault, NO_SURVIVORS, WIDE_INTERVAL], default=""
    )
    margin = normal_quantile(check_confidence(confidence)) * error
    return blank_where(Estimate(years, years - margin, years + margin), reason)


def build_life_table(deaths: ArrayLike, population: ArrayLike) -> LifeTable:
    """Return the life table of each area without any rule about what may be shown.

    Parameters
    ----------
    deaths, population
        One row per area; 20 columns in the order of `LIFE_BANDS`.

    Notes
    -----
    ``M = d/n``, ``q = wM / (1 + w(1-a)M)`` with 1 in the last band, ``L = w(l_next + a·(l -
    l_next))`` with ``l/M`` in the last band. A probability above one, which very high death rates
    give, is taken as one.
    """
    dead, people = np.asarray(deaths, dtype=float), np.asarray(population, dtype=float)
    rate = dead / blank_zero(people)
    width, lived = _WIDTH[:-1], _LIVED[:-1]
    early = rate[..., :-1]
    dying = np.clip(width * early / (1 + width * (1 - lived) * early), 0, 1)
    alive = _lead_with_one(np.cumprod(1 - dying, axis=-1))
    following = alive[..., 1:]
    years = width * (following + lived * (alive[..., :-1] - following))
    last = alive[..., -1:] / blank_zero(rate[..., -1:])
    ahead = _sum_from_end(np.concatenate([years, last], axis=-1))
    expectancy = ahead / blank_zero(alive)
    # No deaths leave no variance in a band; the division is by something else there.
    variance = dying**2 * (1 - dying) / np.where(dead[..., :-1] == 0, 1, dead[..., :-1])
    reach = np.where(following == 0, 0, expectancy[..., 1:])
    early_part = variance * alive[..., :-1] ** 2 * ((1 - lived) * width + reach) ** 2
    last_part = alive[..., -1:] ** 2 / blank_zero(dead[..., -1:] * rate[..., -1:] ** 2)
    spread = _sum_from_end(np.concatenate([early_part, last_part], axis=-1))
    return LifeTable(expectancy, spread / blank_zero(alive) ** 2)


def _find_fault(dead: FloatArray, people: FloatArray) -> TextArray:
    return np.select(
        [
            (np.isnan(dead) | np.isnan(people)).any(axis=-1),
            (people <= 0).any(axis=-1),
            (dead < 0).any(axis=-1),
            (dead > people).any(axis=-1),
            people.sum(axis=-1) <= MAXIMUM_SMALL_POPULATION,
            dead[..., -1] == 0,
        ],
        [MISSING_NUMBER, EMPTY_BAND, NEGATIVE_DEATHS, MORE_DEATHS, FEW_PEOPLE, NO_LAST_DEATHS],
        default="",
    )


def _lead_with_one(later: FloatArray) -> FloatArray:
    return np.concatenate([np.ones_like(later[..., :1]), later], axis=-1)


def _sum_from_end(parts: FloatArray) -> FloatArray:
    return np.cumsum(parts[..., ::-1], axis=-1)[..., ::-1]
