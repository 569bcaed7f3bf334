"""Shares of a sample that answer so: the interval that suits the design.

Two cases. A simple sample, or one with weights alone: Wilson's interval on the effective base, as
everywhere else in the workbook. A sample with strata, clusters or raked margins: `estimate_shares`.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from cip.statistics.checks import check_confidence
from cip.statistics.estimate import Estimate, FloatArray
from cip.statistics.intervals import proportion
from cip.statistics.survey import SurveyEstimate, estimate_means
from cip.statistics.survey_design import SurveyDesign

ShareInterval = Literal["logit", "beta", "wilson", "likelihood", "wald"]
#: Halvings of an interval of length one: more than a double can hold.
_HALVINGS = 60


def weighted_proportion(
    share: ArrayLike,
    effective_base: ArrayLike,
    *,
    multiplier: float = 100,
    confidence: float = 0.95,
) -> Estimate:
    """Return a weighted share with Wilson's interval on Kish's effective base.

    Parameters
    ----------
    share
        Weighted share of those who answered, 0 to 1.
    effective_base
        ``(Σw)² / Σw²`` of those who answered; the base itself for equal weights.

    Raises
    ------
    ValueError
        When a share lies outside 0 to 1.
    """
    shares, base = (np.asarray(part, dtype=float) for part in (share, effective_base))
    if np.any((shares < 0) | (shares > 1 + 1e-9)):
        raise ValueError("A share lies outside 0 to 1.")
    return proportion(
        np.clip(shares, 0, 1) * base, base, multiplier=multiplier, confidence=confidence
    )


def estimate_shares(
    is_so: ArrayLike,
    design: SurveyDesign,
    *,
    within: ArrayLike | None = None,
    method: ShareInterval = "logit",
    population: float | None = None,
    confidence: float = 0.95,
) -> SurveyEstimate:
    """Return weighted shares (0 to 1) with an interval that uses the whole design.

    Parameters
    ----------
    is_so
        1 or 0 for each person, missing without an answer; or one column per answer.
    method
        ``logit`` keeps within 0 and 1 and is the usual one. ``beta`` (Korn and Graubard 1998) is
        cautious for rare answers. ``wilson`` uses the design's effective base. ``likelihood`` and
        ``wald`` are there to agree with other software.

    Returns
    -------
    SurveyEstimate
        Where nobody or everybody said so there is no spread to see: the limits are then those of
        ``beta`` (exact) on Kish's base of the people asked, whatever the method.

    Raises
    ------
    ValueError
        When a value is neither 0, 1 nor missing.
    """
    values = np.asarray(is_so, dtype=float)
    if not np.isin(values[~np.isnan(values)], (0, 1)).all():
        raise ValueError("Shares need 1 or 0 for each person, or nothing.")
    found = estimate_means(
        values, design, within=within, population=population, confidence=confidence
    )
    if method == "wald":
        return found
    share, variance = found.value, found.standard_error**2
    is_flat = (share == 0) | (share == 1)
    base = np.where(is_flat, _kish_bases(values, design, within), found.base)
    inner = np.where(is_flat, np.nan, variance)
    limits = _share_limits(share, inner, found.base, design, method, confidence)
    exact = _beta_limits(share, base, confidence)
    lower, upper = (np.where(is_flat, *pair) for pair in zip(exact, limits, strict=True))
    return found._replace(lower=lower, upper=upper)


def _share_limits(
    share: FloatArray,
    variance: FloatArray,
    base: FloatArray,
    design: SurveyDesign,
    method: ShareInterval,
    confidence: float,
) -> tuple[FloatArray, FloatArray]:
    tail = (1 - check_confidence(confidence)) / 2
    t = -special.stdtrit(design.freedom, tail)
    effective = share * (1 - share) / variance
    if method == "logit":
        reach = t * np.sqrt(variance) / (share * (1 - share))
        return special.expit(special.logit(share) - reach), special.expit(
            special.logit(share) + reach
        )
    if method == "beta":
        # Few clusters make the effective base itself uncertain.
        usual = -special.stdtrit(len(design.weights) - 1, tail)
        return _beta_limits(share, effective * (usual / t) ** 2, confidence)
    if method == "wilson":
        return weighted_proportion(share, effective, multiplier=1, confidence=confidence)[1:]
    if method == "likelihood":
        fall = t**2 * variance * base**2 / (share * (1 - share) * (base - 1))
        return _likelihood_limit(share, fall / base, 0.0), _likelihood_limit(
            share, fall / base, 1.0
        )
    raise ValueError(f"There is no interval called {method!r}.")


def _beta_limits(
    share: FloatArray, base: FloatArray, confidence: float
) -> tuple[FloatArray, FloatArray]:
    """Return the exact limits of Clopper and Pearson 1934 for a base that need not be whole."""
    tail = (1 - check_confidence(confidence)) / 2
    # A beta distribution with no weight on one side is undefined, so these are put by hand.
    so, not_so = share * base, (1 - share) * base
    some, rest = (np.where(part > 0, part, np.nan) for part in (so, not_so))
    lower = special.betaincinv(some, not_so + 1, tail)
    upper = special.betaincinv(so + 1, rest, 1 - tail)
    return np.where(so == 0, 0.0, lower), np.where(not_so == 0, 1.0, upper)


def _likelihood_limit(share: FloatArray, fall: FloatArray, end: float) -> FloatArray:
    """Return where twice the log-likelihood per person has fallen so far, towards one end."""
    inside, outside = share, np.full_like(share, end)
    for _ in range(_HALVINGS):
        middle = (inside + outside) / 2
        lost = 2 * (special.rel_entr(share, middle) + special.rel_entr(1 - share, 1 - middle))
        is_inside = lost < fall
        inside = np.where(is_inside, middle, inside)
        outside = np.where(is_inside, outside, middle)
    return np.where(np.isnan(fall), np.nan, (inside + outside) / 2)


def _kish_bases(values: FloatArray, design: SurveyDesign, within: ArrayLike | None) -> FloatArray:
    counted = ~np.isnan(values if values.ndim == 2 else values[:, np.newaxis])
    if within is not None:
        counted = counted & np.asarray(within, dtype=bool)[:, np.newaxis]
    weight = design.weights[:, np.newaxis] * counted
    squares = (weight**2).sum(axis=0)
    return weight.sum(axis=0) ** 2 / np.where(squares > 0, squares, np.nan)
