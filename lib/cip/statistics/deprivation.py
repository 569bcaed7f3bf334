"""Summary measures of the Indices of Deprivation for an area larger than an LSOA.

One element per small area of one larger area. Ranks count from 1, the most deprived. The formulas
are those of the publisher's district summaries; the population leaves out prisoners.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]

#: Local concentration looks at the most deprived small areas that hold this share of the people.
CONCENTRATION_SHARE = 0.1


def calculate_average_score(score: ArrayLike, population: ArrayLike) -> float:
    """Return the population-weighted mean score; missing when any score is missing."""
    values, people = _check_pair(score, population)
    return _divide(float(values @ people), float(people.sum()))


def calculate_average_rank(rank: ArrayLike, population: ArrayLike, *, total_areas: int) -> float:
    """Return the population-weighted mean of ranks turned round: the most deprived scores most.

    Parameters
    ----------
    total_areas
        Small areas in the whole index, 32,844 in 2019 and 33,755 in 2025.
    """
    return calculate_average_score(_reverse_ranks(rank, total_areas), population)


def calculate_share_most_deprived(rank: ArrayLike, *, total_areas: int, top: float = 0.1) -> float:
    """Return the share of small areas, not of people, in the most deprived ``top`` nationally."""
    ranks = _check_ranks(rank, total_areas)
    if np.isnan(ranks).any():
        return float("nan")
    is_top = np.ceil(ranks / total_areas * 100) <= round(top * 100)
    return _divide(float(is_top.sum()), float(ranks.size))


def calculate_extent(rank: ArrayLike, population: ArrayLike, *, total_areas: int) -> float:
    """Return the share of people in the most deprived areas, with a weight that falls away.

    Notes
    -----
    Weight 1 up to the 10th percentile of rank, 0.95 at the 11th, falling evenly to 0.05 at the
    30th, then 0. The percentile is ``ceil(100 · rank / total_areas)``; bins of equal counts would
    differ in the third decimal place.
    """
    ranks = _check_ranks(rank, total_areas)
    percentile = np.ceil(ranks / total_areas * 100)
    falling = 0.95 - (percentile - 11) * (0.9 / 19)
    weight = np.select([np.isnan(ranks), percentile <= 10, percentile <= 30], [np.nan, 1, falling])
    return calculate_average_score(weight, population)


def calculate_local_concentration(
    rank: ArrayLike, population: ArrayLike, *, total_areas: int
) -> float:
    """Return the mean reversed rank of the most deprived areas holding a tenth of the people.

    The last small area is counted in part, so that exactly a tenth of the people is included.
    """
    reversed_rank, people = _check_pair(_reverse_ranks(rank, total_areas), population)
    if np.isnan(reversed_rank).any() or np.isnan(people).any():
        return float("nan")
    order = np.argsort(-reversed_rank, kind="stable")
    target = CONCENTRATION_SHARE * people.sum()
    before = np.cumsum(people[order]) - people[order]
    included = np.clip(target - before, 0, people[order])
    return _divide(float(reversed_rank[order] @ included), float(included.sum()))


def _reverse_ranks(rank: ArrayLike, total_areas: int) -> FloatArray:
    return total_areas + 1 - _check_ranks(rank, total_areas)


def _check_ranks(rank: ArrayLike, total_areas: int) -> FloatArray:
    ranks = np.asarray(rank, dtype=float)
    if np.any((ranks < 1) | (ranks > total_areas)):
        raise ValueError(f"A rank lies outside 1 to {total_areas}.")
    return ranks


def _check_pair(values: ArrayLike, population: ArrayLike) -> tuple[FloatArray, FloatArray]:
    numbers, people = np.asarray(values, dtype=float), np.asarray(population, dtype=float)
    if numbers.shape != people.shape:
        raise ValueError("There must be one population for each value.")
    if np.any(people < 0):
        raise ValueError("A population is negative.")
    return numbers, people


def _divide(top: float, bottom: float) -> float:
    return top / bottom if bottom else float("nan")
