"""Differences in a survey: between groups, between waves, and before and after in the same people.

Groups and waves are different people: Newcombe's interval from the effective bases (the project's
`difference_interval`). Answers of the same people before and after go together, which the paired
interval uses. Where a sample has clusters, use `cip.statistics.survey.estimate_gap`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy import special

from cip.statistics.comparison import Polarity, compare_with_benchmark
from cip.statistics.difference import compare_difference
from cip.statistics.estimate import Estimate, FloatArray, TextArray
from cip.statistics.intervals import proportion
from cip.statistics.survey_groups import EVERYONE
from cip.statistics.survey_shares import weighted_proportion

_KEYS = ["group", "answer"]


class PairedDifference(NamedTuple):
    """After less before in the same people, in percentage points; one element per question.

    ``pairs`` counts the people who answered both times. ``p_value`` is McNemar's.
    """

    pairs: FloatArray
    before: FloatArray
    after: FloatArray
    difference: FloatArray
    lower: FloatArray
    upper: FloatArray
    p_value: FloatArray
    verdict: TextArray


def compare_waves(
    before: pd.DataFrame,
    after: pd.DataFrame,
    *,
    polarity: Polarity = "none",
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return the change of each share between two waves that asked different people.

    Parameters
    ----------
    before, after
        Tables of one question as `cip.statistics.survey_tables` makes them.
    polarity
        Whether a high share is good, bad or neither.

    Returns
    -------
    DataFrame
        One row per group and answer that both waves have: ``group, answer, is_dont_know, before,
        after, base_before, base_after, difference`` (points)``, lower, upper, verdict``.

    Raises
    ------
    ValueError
        When the waves have no group and answer in common, or one has a row twice.

    Notes
    -----
    Nothing is tested where people may be in both waves: match them and use `compare_pairs`.
    """
    columns = [*_KEYS, "is_dont_know", "percent", "base", "effective_base"]
    try:
        both = before[columns].merge(
            after[columns].drop(columns="is_dont_know"),
            on=_KEYS,
            suffixes=("_before", "_after"),
            validate="one_to_one",
        )
    except pd.errors.MergeError as error:
        raise ValueError("A wave has the same group and answer twice.") from error
    if both.empty:
        raise ValueError("The two waves have no group and answer in common.")
    first, second = (
        _estimate(both[f"percent_{wave}"], both[f"effective_base_{wave}"], confidence)
        for wave in ("after", "before")
    )
    found = compare_difference(first, second, polarity=polarity)
    both["before"], both["after"] = both["percent_before"], both["percent_after"]
    kept = both[[*_KEYS, "is_dont_know", "before", "after", "base_before", "base_after"]]
    return kept.assign(**found._asdict())


def compare_with_rest(
    table: pd.DataFrame, *, polarity: Polarity = "none", confidence: float = 0.95
) -> pd.DataFrame:
    """Return how each group differs from everyone who is not in it.

    A group is a part of everyone, so it is not held against everyone but against the others.

    Parameters
    ----------
    table
        One question as `cip.statistics.survey_tables` makes it, with the group of everyone.

    Returns
    -------
    DataFrame
        One row per group and answer: ``group, answer, is_dont_know, percent, rest, base,
        base_rest, difference, lower, upper, verdict``. With many rows some differ by chance: say
        how many are compared (`cip.statistics.count_chance_marks`).

    Raises
    ------
    ValueError
        When the table has no group of everyone.

    Notes
    -----
    The others' sums are everyone's less the group's: with W = Σw and Q = Σw², the rest has share
    (W·p − W₁·p₁) / (W − W₁) and effective base (W − W₁)² / (Q − Q₁). Groups must not overlap.
    """
    whole = table[table["group"] == EVERYONE]
    if whole.empty:
        raise ValueError("The table has no rows of everyone.")
    columns = ["answer", "percent", "base", "weight", "weight_squares"]
    rows = table[table["group"] != EVERYONE].merge(
        whole[columns], on="answer", suffixes=("", "_all"), validate="many_to_one"
    )
    weight = rows["weight_all"] - rows["weight"]
    squares = rows["weight_squares_all"] - rows["weight_squares"]
    rows["base_rest"] = rows["base_all"] - rows["base"]
    has_rest = rows["base_rest"] > 0
    inside = (rows["weight"] * rows["percent"]).where(rows["base"] > 0, 0.0)
    outside = rows["weight_all"] * rows["percent_all"] - inside
    rows["rest"] = (outside / weight.where(has_rest)).clip(0, 100)
    rest = _estimate(rows["rest"], (weight**2 / squares.where(has_rest)), confidence)
    own = _estimate(rows["percent"], rows["effective_base"], confidence)
    found = compare_difference(own, rest, polarity=polarity)
    kept = rows[[*_KEYS, "is_dont_know", "percent", "rest", "base", "base_rest"]]
    return kept.assign(**found._asdict())


def compare_pairs(
    before: ArrayLike,
    after: ArrayLike,
    *,
    polarity: Polarity = "none",
    confidence: float = 0.95,
) -> PairedDifference:
    """Return the change in the same people, from yes (1) or no (0) before and after.

    Parameters
    ----------
    before, after
        One row per person, missing without an answer; or one column per question. Only people
        with both answers count. Weights are not used.

    Returns
    -------
    PairedDifference
        Missing where nobody answered both times.

    Raises
    ------
    ValueError
        For answers that are neither 1, 0 nor missing, or for other shapes.

    Notes
    -----
    Interval: method 10 of Newcombe 1998 (paired data), which shortens the two Wilson arms by
    their correlation. Test: McNemar's mid-p (Fagerland, Lydersen and Laake 2013). The verdict
    follows the interval.

    Examples
    --------
    >>> found = compare_pairs([1] * 65 + [0] * 96, [1] * 59 + [0] * 6 + [1] * 16 + [0] * 80)
    >>> [round(float(part[0]), 2) for part in (found.difference, found.lower, found.upper)]
    [6.21, 0.46, 11.86]
    """
    first, second = (_check_yes_no(part) for part in (before, after))
    if first.shape != second.shape:
        raise ValueError("There must be one answer after for each answer before.")
    both = ~np.isnan(first) & ~np.isnan(second)
    yes_yes, yes_no, no_yes = (
        (both & (first == one) & (second == other)).sum(axis=0).astype(float)
        for one, other in ((1, 1), (1, 0), (0, 1))
    )
    size = both.sum(axis=0).astype(float)
    gap = paired_difference(
        yes_yes, yes_no, no_yes, size - yes_yes - yes_no - no_yes, confidence=confidence
    )
    people = np.where(size > 0, size, np.nan)
    return PairedDifference(
        size,
        100 * (yes_yes + yes_no) / people,
        100 * (yes_yes + no_yes) / people,
        *gap,
        np.where(size > 0, mcnemar_test(yes_no, no_yes), np.nan),
        compare_with_benchmark(gap.lower, gap.upper, 0, polarity),
    )


def paired_difference(
    yes_yes: ArrayLike,
    yes_no: ArrayLike,
    no_yes: ArrayLike,
    no_no: ArrayLike,
    *,
    confidence: float = 0.95,
) -> Estimate:
    """Return after less before in points, from the counts of the four kinds of pair.

    Notes
    -----
    With a, b, c, d for the counts and l, u the Wilson limits of each share:
    ``lower = δ − √(x² − 2φxy + y²)`` with x = after − l(after), y = u(before) − before, and the
    upper limit likewise. φ is the correlation of the two answers; where ad > bc its numerator is
    lowered by n/2, to zero at least.
    """
    a, b, c, d = (np.asarray(part, dtype=float) for part in (yes_yes, yes_no, no_yes, no_no))
    if any(np.any(part < 0) for part in (a, b, c, d)):
        raise ValueError("A count of pairs is negative.")
    size = a + b + c + d
    first, second = (proportion(part, size, confidence=confidence) for part in (a + b, a + c))
    spread = np.sqrt((a + b) * (c + d) * (a + c) * (b + d))
    product = a * d - b * c
    lowered = np.where(product > 0, np.maximum(product - size / 2, 0), product)
    link = np.where(spread > 0, lowered / np.where(spread > 0, spread, 1), 0)

    def reach(one: FloatArray, other: FloatArray) -> FloatArray:
        return np.sqrt(np.maximum(one**2 - 2 * link * one * other + other**2, 0))

    gap = second.value - first.value
    return Estimate(
        gap,
        gap - reach(second.value - second.lower, first.upper - first.value),
        gap + reach(second.upper - second.value, first.value - first.lower),
    )


def mcnemar_test(yes_no: ArrayLike, no_yes: ArrayLike) -> FloatArray:
    """Return the two-sided mid-p value that as many change one way as the other.

    Notes
    -----
    Exact binomial p of the pairs that changed, less the chance of the very count observed
    (Fagerland, Lydersen and Laake 2013). 1 where nobody changed.
    """
    less, more = np.sort(np.stack(np.broadcast_arrays(yes_no, no_yes)).astype(int), axis=0)
    changed = less + more
    tail = special.bdtr(less, changed, 0.5)
    point = tail - np.where(less > 0, special.bdtr(np.maximum(less - 1, 0), changed, 0.5), 0)
    return np.where(less == more, 1 - point / 2 * (changed > 0), 2 * tail - point)


def _check_yes_no(answers: ArrayLike) -> FloatArray:
    values = np.asarray(answers, dtype=float)
    values = values[:, np.newaxis] if values.ndim == 1 else values
    if not np.isin(values[~np.isnan(values)], (0, 1)).all():
        raise ValueError("An answer before or after is neither 1, 0 nor missing.")
    return values


def _estimate(percent: pd.Series, effective: pd.Series, confidence: float) -> Estimate:
    shares, base = percent.to_numpy(dtype=float) / 100, effective.to_numpy(dtype=float)
    return weighted_proportion(shares, base, confidence=confidence)
