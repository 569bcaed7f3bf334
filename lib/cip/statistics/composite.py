"""A composite of several measures of need: scores from ranks, weights, and how firm the order is.

Measures come in different units and most are skewed: one extreme rate would outweigh everything
else in a sum of z-scores. So each measure is first turned into the place that an area takes among
the areas ranked, from 0 to 100. That can be checked by hand, does not depend on units, and gives
each measure the influence that its weight says. The price is that distances are lost: the first
area is one place ahead of the second, however far ahead it lies. The values are shown for that.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]

#: Sets of random weights, and the seed that makes every run draw the same ones.
DRAWS = 2000
SEED = 2019
#: Sums that differ by less than this are equal: they differ by the rounding of the computer.
_DECIMALS = 9


class WeightChange(NamedTuple):
    """One way to move the weights: which measure, how, and the weights that follow."""

    measure: int | None
    change: str
    weights: FloatArray


class RankSpread(NamedTuple):
    """How far ranks move under random weights; one element per area, missing where unranked."""

    lower: FloatArray
    upper: FloatArray
    share_shortlisted: FloatArray


def normalise_weights(weights: ArrayLike) -> FloatArray:
    """Return weights as shares of their sum.

    Raises
    ------
    ValueError
        When a weight is negative or missing, or none is above zero.
    """
    numbers = np.asarray(weights, dtype=float)
    if numbers.size == 0 or not np.all(numbers >= 0) or not numbers.sum() > 0:
        raise ValueError("Weights must not be negative, and one at least must be above zero.")
    return numbers / numbers.sum()


def score_by_rank(values: ArrayLike, *, is_high_need: ArrayLike) -> FloatArray:
    """Return the place of each area on each measure, 0 (least need) to 100 (most need).

    Parameters
    ----------
    values
        One row per area, one column per measure; missing stays missing and does not count.
    is_high_need
        For each measure, whether a high value means more need.

    Returns
    -------
    array of float
        ``100 · (r - 0.5) / n`` with the average rank ``r`` of ties, the lowest need first, so
        that every measure has the mean 50.

    Examples
    --------
    >>> score_by_rank([[3.0], [1.0], [1.0], [9.0]], is_high_need=[True]).ravel().tolist()
    [62.5, 25.0, 25.0, 87.5]
    """
    numbers = np.asarray(values, dtype=float)
    signs = np.where(np.asarray(is_high_need, dtype=bool), 1.0, -1.0)
    present = np.sum(~np.isnan(numbers), axis=0)
    ranks = pd.DataFrame(numbers * signs).rank(method="average").to_numpy().reshape(numbers.shape)
    return np.where(np.isnan(numbers), np.nan, 100 * (ranks - 0.5) / np.maximum(present, 1))


def combine_scores(scores: ArrayLike, weights: ArrayLike) -> FloatArray:
    """Return the weighted mean of each area's scores.

    Parameters
    ----------
    scores
        One row per area, one column per measure.
    weights
        One per measure, or one column per set of weights; taken as shares of their sum.

    Returns
    -------
    array of float
        One per area (and set of weights). Missing where a measure with a weight is missing: a
        score on fewer measures would not be the same score.
    """
    table, shares = np.asarray(scores, dtype=float), np.asarray(weights, dtype=float)
    shares = shares / shares.sum(axis=0)
    total = np.zeros((len(table), *shares.shape[1:]))
    # Measure by measure, and not as a matrix product, so that every area is added up in one order:
    # equal areas get equal sums, and no area overtakes one that is ahead on everything.
    for column, share in zip(table.T, shares, strict=True):
        if np.any(share > 0):
            total += np.multiply.outer(column, share)
    return np.round(total, _DECIMALS)


def rank_scores(composite: ArrayLike) -> FloatArray:
    """Return ranks from 1, the highest score; equal scores share the better rank."""
    numbers = np.asarray(composite, dtype=float)
    ranks = pd.DataFrame(-numbers).rank(method="min").to_numpy().reshape(numbers.shape)
    return np.where(np.isnan(numbers), np.nan, ranks)


def vary_weights(weights: ArrayLike) -> list[WeightChange]:
    """Return the ways to move weights: each doubled, halved and left out, then all made equal.

    A change that would leave no weight at all, or leaves them as they are, is not returned.
    """
    shares = normalise_weights(weights)
    used = np.flatnonzero(shares)
    if used.size < 2:
        return []
    changes = []
    for measure in used:
        for change, factor in (("doubled", 2.0), ("halved", 0.5), ("left out", 0.0)):
            moved = shares.copy()
            moved[measure] *= factor
            changes.append(WeightChange(int(measure), change, normalise_weights(moved)))
    equal = np.where(shares > 0, 1.0 / used.size, 0.0)
    if not np.allclose(equal, shares):
        changes.append(WeightChange(None, "all equal", equal))
    return changes


def draw_weights(weights: ArrayLike, *, draws: int = DRAWS, seed: int = SEED) -> FloatArray:
    """Return random sets of weights round the declared ones: one column per set, summing to 1.

    Notes
    -----
    Dirichlet with parameters ``m · w`` for ``m`` measures with shares ``w``. Its mean is the
    declared weights; it is as widely spread as the flat Dirichlet, which it equals where all
    weights are equal. A measure without a weight gets none.
    """
    shares = normalise_weights(weights)
    used = shares > 0
    drawn = np.zeros((shares.size, draws))
    random = np.random.default_rng(seed)
    drawn[used] = random.dirichlet(shares[used] * used.sum(), size=draws).T
    return drawn


def simulate_ranks(
    scores: ArrayLike, weights: ArrayLike, *, number: int, draws: int = DRAWS, seed: int = SEED
) -> RankSpread:
    """Return the interval that holds 95% of each area's ranks under random weights.

    Parameters
    ----------
    scores
        One row per area, one column per measure, from `score_by_rank`.
    weights
        The declared weights; see `draw_weights` for how others are drawn round them.
    number
        Length of the shortlist.

    Returns
    -------
    RankSpread
        Ranks that were reached (whole numbers), and the share of draws from 0 to 1 in which the
        area is among the first ``number``.
    """
    table, shares = np.asarray(scores, dtype=float), normalise_weights(weights)
    used = shares > 0
    is_ranked = ~np.isnan(table[:, used]).any(axis=1)
    lower, upper, share = (np.full(len(table), np.nan) for _ in range(3))
    if is_ranked.any():
        drawn = draw_weights(shares, draws=draws, seed=seed)[used]
        ranks = rank_scores(combine_scores(table[is_ranked][:, used], drawn))
        lower[is_ranked] = np.quantile(ranks, 0.025, axis=1, method="lower")
        upper[is_ranked] = np.quantile(ranks, 0.975, axis=1, method="higher")
        share[is_ranked] = np.mean(ranks <= number, axis=1)
    return RankSpread(lower, upper, share)


def assign_tiers(rank: ArrayLike, *, number: int, up_to: Sequence[float]) -> FloatArray:
    """Return the tier of each shortlisted area, 1 for the first; missing for all others.

    Parameters
    ----------
    rank
        Ranks from 1.
    number
        Length of the shortlist. Areas that share the last rank on it all belong to it.
    up_to
        Where each tier ends, as rising percentages of the shortlist; the last is 100. An end
        between two places is moved down to the next, so that no tier of a short list is empty
        without need.

    Examples
    --------
    >>> assign_tiers([1, 2, 3, 4, 5], number=4, up_to=[25, 60, 100]).tolist()
    [1.0, 2.0, 2.0, 3.0, nan]
    """
    ranks = np.asarray(rank, dtype=float)
    ends = np.ceil(np.asarray(up_to, dtype=float) / 100 * number - 1e-9)
    tier = np.searchsorted(ends, ranks, side="left") + 1.0
    return np.where(ranks <= number, tier, np.nan)
