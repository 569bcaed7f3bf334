"""How far a small panel puts the same applicants in the same order."""

from __future__ import annotations

import itertools
import math
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from cip.statistics.estimate import FloatArray

#: Up to so many sets of orders every one is tried; above, so many are drawn.
_MOST_TRIED, _DRAWN = 20_000, 20_000
SEED = 1939


class Concordance(NamedTuple):
    """Kendall's W of a panel.

    Parameters
    ----------
    w
        1 where every scorer gives the same order, 0 where the orders cancel out.
    mean_correlation
        Mean rank correlation (Spearman) of the pairs of scorers; -1 to 1.
    chance
        Share (0 to 1) of panels that order the applicants at random and agree at least as much.
    applicants, scorers
        How many of each it rests on.
    reason
        Why there is no figure, else empty.
    """

    w: float
    mean_correlation: float
    chance: float
    applicants: int
    scorers: int
    reason: str


def measure_concordance(scores: ArrayLike, *, seed: int = SEED) -> Concordance:
    """Return Kendall's coefficient of concordance with allowance for ties.

    Parameters
    ----------
    scores
        One row per applicant, one column per scorer. Applicants whom a scorer did not score are
        left out: W needs whole orders.
    seed
        For the draws where there are too many orders to try.

    Returns
    -------
    Concordance
        Without a value for fewer than two scorers or three applicants, or where a scorer gave
        everybody the same.

    Notes
    -----
    ``W = 12 S / (m² (n³ - n) - m T)`` with S the squared deviations of the rank sums and T the
    sum of ``t³ - t`` over the ties of each scorer; Kendall and Babington Smith 1939, Siegel and
    Castellan 1988. The chance comes from the orders themselves: the approximation by chi-squared
    is poor for fewer than seven applicants. Correlations are of mid-ranks; with ties W and their
    mean are no longer exact functions of each other.

    Examples
    --------
    >>> found = measure_concordance([[1, 1, 2, 3], [3, 2, 3, 1], [2, 3, 1, 2]])
    >>> found.w, found.applicants, found.scorers
    (0.0625, 3, 4)
    """
    table = np.asarray(scores, dtype=float)
    if table.ndim != 2:
        raise ValueError("Scores have one row per applicant and one column per scorer.")
    table = table[~np.isnan(table).any(axis=1)]
    applicants, scorers = table.shape
    if reason := _find_reason(table):
        return Concordance(math.nan, math.nan, math.nan, applicants, scorers, reason)
    # By pandas: scipy.stats takes every kernel a second to load.
    ranks = pd.DataFrame(table).rank().to_numpy()
    value = float(_measure(ranks[np.newaxis])[0])
    correlations = np.corrcoef(ranks, rowvar=False)[np.triu_indices(scorers, 1)]
    # What the panel itself gave is one of the orders that chance could give.
    tried = _measure(np.concatenate([ranks[np.newaxis], _shuffle(ranks, seed)])) >= value - 1e-12
    is_whole = len(tried) - 1 != _DRAWN
    chance = float(tried[1:].mean() if is_whole else tried.mean())
    return Concordance(value, float(correlations.mean()), chance, applicants, scorers, "")


def _find_reason(table: FloatArray) -> str:
    applicants, scorers = table.shape
    if scorers < 2:
        return "fewer than two scorers"
    if applicants < 3:
        return "fewer than three applicants were scored by everybody"
    if np.any(table.max(axis=0) == table.min(axis=0)):
        return "a scorer gave every applicant the same"
    return ""


def _measure(ranks: FloatArray) -> FloatArray:
    """Return W of sets of ranks: set, applicant, scorer."""
    applicants, scorers = ranks.shape[1:]
    sums = ranks.sum(axis=2)
    deviations = ((sums - sums.mean(axis=1, keepdims=True)) ** 2).sum(axis=1)
    ties = sum(_count_ties(ranks[0, :, place]) for place in range(scorers))
    return 12 * deviations / (scorers**2 * (applicants**3 - applicants) - scorers * ties)


def _count_ties(ranks: FloatArray) -> float:
    _, many = np.unique(ranks, return_counts=True)
    return float((many**3 - many).sum())


def _shuffle(ranks: FloatArray, seed: int) -> FloatArray:
    """Return sets of ranks in random order, the first scorer's kept; all of them where few."""
    applicants, scorers = ranks.shape
    if math.factorial(applicants) ** (scorers - 1) <= _MOST_TRIED:
        orders = np.array(list(itertools.permutations(range(applicants))))
        others = [ranks[orders, place] for place in range(1, scorers)]
        places = itertools.product(range(len(orders)), repeat=scorers - 1)
        chosen = np.array(list(places))
        columns = [other[chosen[:, i]] for i, other in enumerate(others)]
        first = np.broadcast_to(ranks[:, 0], columns[0].shape)
        return np.stack([first, *columns], axis=2)
    drawn = np.broadcast_to(ranks, (_DRAWN, applicants, scorers)).copy()
    return np.random.default_rng(seed).permuted(drawn, axis=1)
