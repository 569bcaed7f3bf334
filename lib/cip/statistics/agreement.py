"""Agreement between people who sort the same units into categories.

Ratings have one row per unit (an excerpt, an answer) and one column per coder; missing means that
the coder did not look at the unit, which is not the same as finding nothing in it. Intervals
resample units, not ratings, with a fixed seed: the units are the sample, and the coders of a unit
go together. All measures but Cohen's interval are functions of sums over units, so a resample is
one product of matrices.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from cip.statistics.checks import blank_zero, check_confidence, check_positive, normal_quantile
from cip.statistics.estimate import FloatArray

#: Resamples, and the seed that makes every run draw the same ones.
DRAWS = 2000
SEED = 1998
#: With more resamples than this share where nothing varies, there is no interval.
MOST_UNDEFINED = 0.05
#: Krippendorff 2004: reliable from the first, tentative conclusions from the second.
RELIABLE, TENTATIVE = 0.80, 0.667
#: Resamples drawn at a time, which bounds the memory.
_CHUNK = 200


class Agreement(NamedTuple):
    """A measure of agreement with its interval, from so many units; ``reason`` for what is blank."""

    value: float
    lower: float
    upper: float
    units: int
    reason: str


def measure_percentage(
    ratings: ArrayLike, *, draws: int = DRAWS, seed: int = SEED, confidence: float = 0.95
) -> Agreement:
    """Return the percentage of pairs of ratings of one unit that are the same.

    With two coders this is the percentage of units on which they agree. It is no allowance for
    agreement by chance.
    """
    codes, _ = number_ratings(ratings)
    pairs = count_pairs(codes)
    return share_of_pairs(pairs[pairs[:, 1] > 0], draws=draws, seed=seed, confidence=confidence)


def count_pairs(codes: NDArray[np.intp]) -> FloatArray:
    """Return, one row per unit, the pairs of ratings that are the same and all pairs."""
    tallies = tally_ratings(codes)
    many = tallies.sum(axis=1)
    return np.column_stack([(tallies * (tallies - 1)).sum(axis=1), many * (many - 1)])


def share_of_pairs(
    pairs: FloatArray, *, draws: int = DRAWS, seed: int = SEED, confidence: float = 0.95
) -> Agreement:
    """Return the percentage agreement from what `count_pairs` gives."""

    def share(sums: FloatArray) -> FloatArray:
        return 100 * sums[..., 0] / blank_zero(sums[..., 1])

    return resample_units(pairs, share, draws=draws, seed=seed, confidence=confidence)


def measure_cohen(first: ArrayLike, second: ArrayLike, *, confidence: float = 0.95) -> Agreement:
    """Return Cohen's kappa of two coders.

    Parameters
    ----------
    first, second
        One category per unit. Units that one of them has not rated are left out.

    Returns
    -------
    Agreement
        Without a value where both gave every unit the same single category: chance alone would
        then give full agreement.

    Notes
    -----
    Cohen 1960. The interval is normal with the large-sample standard error of Fleiss, Cohen and
    Everitt 1969; it is cut at 1.

    Examples
    --------
    >>> yes_no = [("y", "y")] * 20 + [("y", "n")] * 5 + [("n", "y")] * 10 + [("n", "n")] * 15
    >>> found = measure_cohen(*zip(*yes_no))
    >>> round(found.value, 3), found.units
    (0.4, 50)
    """
    one, other = (pd.Series(part, dtype=object) for part in (first, second))
    if len(one) != len(other):
        raise ValueError("The two coders must have a place for the same units.")
    codes, names = number_ratings(np.column_stack([one, other]))
    both = codes[(codes >= 0).all(axis=1)]
    size, kinds = len(both), len(names)
    if size == 0:
        return _blank(0, "No unit was rated by both")
    table = np.bincount(both[:, 0] * kinds + both[:, 1], minlength=kinds**2) / size
    joint = table.reshape(kinds, kinds)
    rows, columns = joint.sum(axis=1), joint.sum(axis=0)
    observed, chance = np.trace(joint), float(rows @ columns)
    if chance > 1 - 1e-12:
        return _blank(size, "Both gave every unit the same category")
    kappa = (observed - chance) / (1 - chance)
    marks = rows[np.newaxis, :] + columns[:, np.newaxis]
    on_line = (np.diag(joint) * (1 - np.diag(marks) * (1 - kappa)) ** 2).sum()
    off_line = (1 - kappa) ** 2 * ((joint - np.diag(np.diag(joint))) * marks**2).sum()
    variance = on_line + off_line - (kappa - chance * (1 - kappa)) ** 2
    error = np.sqrt(max(variance, 0) / size) / (1 - chance)
    reach = normal_quantile(confidence) * error
    return Agreement(float(kappa), float(kappa - reach), float(min(kappa + reach, 1)), size, "")


def measure_fleiss(
    ratings: ArrayLike, *, draws: int = DRAWS, seed: int = SEED, confidence: float = 0.95
) -> Agreement:
    """Return Fleiss' kappa of several coders, over the units that all of them rated.

    See `measure_fleiss_counts` for the method.
    """
    codes, _ = number_ratings(ratings)
    complete = codes[(codes >= 0).all(axis=1)]
    if codes.shape[1] < 2 or len(complete) == 0:
        return _blank(0, "No unit was rated by all coders")
    return measure_fleiss_counts(
        tally_ratings(complete), draws=draws, seed=seed, confidence=confidence
    )


def measure_fleiss_counts(
    counts: ArrayLike, *, draws: int = DRAWS, seed: int = SEED, confidence: float = 0.95
) -> Agreement:
    """Return Fleiss' kappa from how many coders put each unit (row) in each category (column).

    Raises
    ------
    ValueError
        When the units do not all have the same number of ratings, two at least: the measure is
        not made for that. Krippendorff's alpha is.

    Notes
    -----
    Fleiss 1971. The coders of one unit need not be those of another.
    """
    table = np.asarray(counts, dtype=float)
    if table.ndim != 2 or table.size == 0 or np.any(table < 0):
        raise ValueError("Counts have one row per unit and one column per category.")
    many = table.sum(axis=1)
    if np.any(many != many[0]) or many[0] < 2:
        raise ValueError(
            "Fleiss' kappa needs the same number of ratings, two at least, everywhere."
        )
    pairs = many[0] * (many[0] - 1)
    agreed = (table * (table - 1)).sum(axis=1) / pairs
    features = np.column_stack([agreed, table / many[0]])
    size = len(table)

    def kappa(sums: FloatArray) -> FloatArray:
        chance = ((sums[..., 1:] / size) ** 2).sum(axis=-1)
        return (sums[..., 0] / size - chance) / _blank_small(1 - chance)

    return resample_units(features, kappa, draws=draws, seed=seed, confidence=confidence)


def band_agreement(value: float) -> str:
    """Return ``reliable``, ``tentative``, ``not reliable`` or, for no value, ``no figure``."""
    if np.isnan(value):
        return "no figure"
    if value >= RELIABLE:
        return "reliable"
    return "tentative" if value >= TENTATIVE else "not reliable"


def number_ratings(ratings: ArrayLike) -> tuple[NDArray[np.intp], list[object]]:
    """Return each rating's number, -1 where it is missing, and the categories in their order.

    Raises
    ------
    ValueError
        When ratings do not have one row per unit and one column per coder.
    """
    table = pd.DataFrame(ratings)
    if table.shape[1] < 2:
        raise ValueError("Ratings have one row per unit and one column per coder, two at least.")
    numbers, names = pd.factorize(table.to_numpy(dtype=object).ravel(), sort=False)
    order = sorted(range(len(names)), key=lambda place: _sort_key(names[place]))
    rank = np.empty(len(names) + 1, dtype=np.intp)
    rank[order], rank[-1] = np.arange(len(names)), -1
    return rank[numbers].reshape(table.shape), [names[place] for place in order]


def tally_ratings(codes: NDArray[np.intp], kinds: int | None = None) -> FloatArray:
    """Return how many coders put each unit (row) in each category (column)."""
    width = int(codes.max(initial=-1)) + 1 if kinds is None else kinds
    counts = np.zeros((len(codes), width))
    unit, coder = np.nonzero(codes >= 0)
    np.add.at(counts, (unit, codes[unit, coder]), 1)
    return counts


def resample_units(
    features: FloatArray,
    measure: Callable[[FloatArray], FloatArray],
    *,
    draws: int = DRAWS,
    seed: int = SEED,
    confidence: float = 0.95,
) -> Agreement:
    """Return a measure of sums over units, with the percentile interval of resampled units.

    Parameters
    ----------
    features
        One row per unit; the columns are what the measure adds up.
    measure
        Takes sums (last axis: the columns) and returns the measure, missing where undefined.

    Notes
    -----
    Bootstrap percentile interval, Efron and Tibshirani 1993. Units with the same features are
    drawn together, which is the same chance and much faster.
    """
    tail = (1 - check_confidence(confidence)) / 2
    check_positive(draws, "number of draws")
    size = len(features)
    if size == 0:
        return _blank(0, "No unit was rated twice")
    value = float(measure(features.sum(axis=0)))
    if np.isnan(value):
        return _blank(size, "Every unit has the same category, so there is nothing to agree on")
    if size == 1:
        return Agreement(value, np.nan, np.nan, size, "One unit has no interval")
    kinds, times = np.unique(features, axis=0, return_counts=True)
    chance = np.random.default_rng(seed)
    found = np.concatenate(
        [
            measure(chance.multinomial(size, times / size, min(_CHUNK, draws - start)) @ kinds)
            for start in range(0, draws, _CHUNK)
        ]
    )
    if np.isnan(found).mean() > MOST_UNDEFINED:
        return Agreement(value, np.nan, np.nan, size, "Too rare for an interval")
    lower, upper = np.nanquantile(found, [tail, 1 - tail])
    return Agreement(value, float(lower), float(upper), size, "")


def _sort_key(name: object) -> tuple[bool, object]:
    return (False, float(name)) if isinstance(name, (int, float, np.number)) else (True, str(name))


def _blank_small(numbers: FloatArray) -> FloatArray:
    return np.where(np.abs(numbers) < 1e-12, np.nan, numbers)


def _blank(units: int, reason: str) -> Agreement:
    return Agreement(np.nan, np.nan, np.nan, units, reason)
