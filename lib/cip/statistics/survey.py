"""Estimates from a sample with weights, strata, clusters and margins that it was raked to.

The variance is that of Taylor linearisation: each estimate is turned into a score for each person,
and the scores are summed by cluster and compared within strata (Binder 1983; Lumley 2010, the R
package survey). People without an answer stay in the design with a score of zero, so a group of a
sample is treated as a group and not as a smaller sample.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse, special

from cip.statistics.checks import blank_zero, check_confidence
from cip.statistics.estimate import FloatArray
from cip.statistics.survey_design import SurveyDesign


class SurveyEstimate(NamedTuple):
    """An estimate from a sample; each part has one element per column of the values.

    ``base`` counts the people who answered, unweighted. ``design_effect`` is how many times the
    variance is that of a simple random sample of as many people.
    """

    value: FloatArray
    standard_error: FloatArray
    lower: FloatArray
    upper: FloatArray
    base: FloatArray
    design_effect: FloatArray


def estimate_means(
    values: ArrayLike,
    design: SurveyDesign,
    *,
    within: ArrayLike | None = None,
    population: float | None = None,
    confidence: float = 0.95,
) -> SurveyEstimate:
    """Return weighted means, in the unit of the values.

    Parameters
    ----------
    values
        One row per person, or one column per question; missing where there is no answer.
    design
        See `build_design`.
    within
        Whether each person belongs to the group asked about; everyone by default.
    population
        People in the population, if the design effect is to compare with a simple random sample
        drawn without replacement. Weights must add up to it, as in the R package survey.

    Returns
    -------
    SurveyEstimate
        Student's t limits with the design's degrees of freedom; missing without any answer.

    Notes
    -----
    Score of a person: ``w (y - mean) / Σw`` over those who answered.
    """
    answers, counted = _check_values(values, design, within)
    weight = design.weights[:, np.newaxis] * counted
    total = blank_zero(weight.sum(axis=0))
    mean = (weight * answers).sum(axis=0) / total
    away = np.where(counted, answers - mean, 0)
    variance = sum_variance(design.weights[:, np.newaxis] * away / total, design)
    base = counted.sum(axis=0).astype(float)
    spread = (weight * away**2).sum(axis=0) / total * base / np.where(base > 1, base - 1, np.nan)
    simple = spread / blank_zero(base)
    if population is not None:
        if not population > base.max(initial=0):
            raise ValueError("The population must be larger than the sample.")
        simple = simple * (population - base) / population
    return _add_limits(mean, variance, base, variance / blank_zero(simple), design, confidence)


def estimate_totals(
    values: ArrayLike,
    design: SurveyDesign,
    *,
    within: ArrayLike | None = None,
    confidence: float = 0.95,
) -> SurveyEstimate:
    """Return weighted totals. They are totals of the population only if the weights add up to it.

    People without an answer count for nothing, so a total over a question with gaps is too small.
    """
    answers, counted = _check_values(values, design, within)
    scores = design.weights[:, np.newaxis] * np.where(counted, answers, 0)
    base = counted.sum(axis=0).astype(float)
    nothing = np.full(base.shape, np.nan)
    variance = sum_variance(scores, design)
    return _add_limits(scores.sum(axis=0), variance, base, nothing, design, confidence)


def estimate_ratio(
    numerator: ArrayLike,
    denominator: ArrayLike,
    design: SurveyDesign,
    *,
    within: ArrayLike | None = None,
    confidence: float = 0.95,
) -> SurveyEstimate:
    """Return the ratio of two weighted totals over the people who have both numbers."""
    above, has_above = _check_values(numerator, design, within)
    below, has_below = _check_values(denominator, design, within)
    counted = has_above & has_below
    weight = design.weights[:, np.newaxis] * counted
    total = blank_zero((weight * below).sum(axis=0))
    ratio = (weight * above).sum(axis=0) / total
    scores = weight * np.where(counted, above - ratio * below, 0) / total
    base = counted.sum(axis=0).astype(float)
    nothing = np.full(base.shape, np.nan)
    return _add_limits(ratio, sum_variance(scores, design), base, nothing, design, confidence)


def estimate_gap(
    values: ArrayLike,
    design: SurveyDesign,
    *,
    first: ArrayLike,
    second: ArrayLike,
    confidence: float = 0.95,
) -> SurveyEstimate:
    """Return the mean of one group less that of another in the same sample.

    Unlike the difference of two intervals this holds where the two groups share clusters, such as
    men and women of the same households. No design effect is given.
    """
    one, is_first = _check_values(values, design, first)
    other, is_second = _check_values(values, design, second)
    if np.any(is_first & is_second):
        raise ValueError("A person belongs to both groups.")
    (mean_one, scores_one), (mean_other, scores_other) = (
        _score_mean(answers, counted, design)
        for answers, counted in ((one, is_first), (other, is_second))
    )
    variance = sum_variance(scores_one - scores_other, design)
    base = (is_first | is_second).sum(axis=0).astype(float)
    nothing = np.full(base.shape, np.nan)
    return _add_limits(mean_one - mean_other, variance, base, nothing, design, confidence)


def sum_variance(scores: FloatArray, design: SurveyDesign) -> FloatArray:
    """Return the variance of the sum of each column of scores (one row per person).

    Notes
    -----
    Over strata h with n clusters of N: ``Σ (1 - n/N) · n / (n - 1) · Σ (t - mean of t)²`` with t
    the sum of scores in a cluster. For raked weights w the scores e·w first lose the part of e
    that the margins explain, by least squares without weights, as in the R package survey.
    """
    if design.margins.size:
        weight = design.weights[:, np.newaxis]
        residual = scores / weight
        scores = weight * (residual - design.margins @ (design.margins.T @ residual))
    by_cluster = _add_up(design.cluster, len(design.stratum)) @ scores
    to_strata = _add_up(design.stratum, len(design.sampled))
    drawn = np.bincount(design.stratum, minlength=len(design.sampled))[:, np.newaxis]
    away = by_cluster - ((to_strata @ by_cluster) / drawn)[design.stratum]
    factor = (1 - design.sampled)[:, np.newaxis] * drawn / (drawn - 1)
    return (factor * (to_strata @ away**2)).sum(axis=0)


def _score_mean(
    answers: FloatArray, counted: NDArray[np.bool_], design: SurveyDesign
) -> tuple[FloatArray, FloatArray]:
    weight = design.weights[:, np.newaxis] * counted
    total = blank_zero(weight.sum(axis=0))
    mean = (weight * answers).sum(axis=0) / total
    return mean, weight * np.where(counted, answers - mean, 0) / total


def _check_values(
    values: ArrayLike, design: SurveyDesign, within: ArrayLike | None
) -> tuple[FloatArray, NDArray[np.bool_]]:
    """Return values with one column per question and zero in the gaps, and who counts."""
    answers = np.asarray(values, dtype=float)
    answers = answers[:, np.newaxis] if answers.ndim == 1 else answers
    if answers.ndim != 2 or len(answers) != len(design.weights):
        raise ValueError(f"There are {len(design.weights)} people, but values for {len(answers)}.")
    if np.isinf(answers).any():
        raise ValueError("A value is endless.")
    counted = ~np.isnan(answers)
    if within is not None:
        members = np.asarray(within, dtype=bool)
        if members.shape != design.weights.shape:
            raise ValueError("The group must say of each person whether they belong to it.")
        counted &= members[:, np.newaxis]
    return np.where(counted, answers, 0), counted


def _add_limits(
    value: FloatArray,
    variance: FloatArray,
    base: FloatArray,
    effect: FloatArray,
    design: SurveyDesign,
    confidence: float,
) -> SurveyEstimate:
    tail = (1 - check_confidence(confidence)) / 2
    # One answer, or none, has no spread.
    error = np.where(base > 1, np.sqrt(variance), np.nan)
    margin = -special.stdtrit(design.freedom, tail) * error
    return SurveyEstimate(value, error, value - margin, value + margin, base, effect)


def _add_up(numbers: NDArray[np.intp], size: int) -> sparse.csr_array:
    """Return the matrix that adds rows with the same number."""
    ones = np.ones(len(numbers))
    return sparse.csr_array((ones, (numbers, np.arange(len(numbers)))), (size, len(numbers)))
