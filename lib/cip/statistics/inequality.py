"""Inequality between groups from the most to the least deprived: the slope indices.

The groups are quantiles inside a larger area, a district or a county: never one ward, which holds
too few people in most of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from cip.statistics.checks import check_confidence, check_positive, normal_quantile
from cip.statistics.estimate import Estimate, FloatArray

Scale = Literal["normal", "rate", "proportion"]

#: With fewer groups a straight line through them says little.
FEWEST_GROUPS = 5
#: Simulated sets of values, and the seed that makes every run draw the same ones.
REPETITIONS = 10_000
SEED = 2019
#: Numbers held at a time while simulating: few enough for the processor's own memory.
_BLOCK = 400_000


class SlopeIndices(NamedTuple):
    """Slope index (absolute gap), relative index (ratio) and intercept; one element per area."""

    slope: Estimate
    relative: Estimate
    intercept: FloatArray


class _Plan(NamedTuple):
    """What the simulation needs to know beside the numbers."""

    scale: Scale
    is_transformed: bool
    is_inverted: bool
    sign: float
    confidence: float
    repetitions: int
    seed: int


def calculate_slope_indices(
    value: ArrayLike,
    population: ArrayLike,
    *,
    lower: ArrayLike,
    upper: ArrayLike,
    scale: Scale = "normal",
    is_transformed: bool = False,
    is_inverted: bool = False,
    multiplier: float = 1,
    confidence: float = 0.95,
    repetitions: int = REPETITIONS,
    seed: int = SEED,
) -> SlopeIndices:
    """Return the slope index and the relative index of inequality.

    Parameters
    ----------
    value, lower, upper
        The indicator with its **95%** limits: one row per area, one column per group, ordered
        from the most to the least deprived.
    population
        People of each group.
    scale
        What the values are: ``normal`` (life expectancy, means), ``rate`` (above zero) or
        ``proportion`` (between 0 and 1). Their uncertainty is taken as normal on the plain, the
        log or the logit scale.
    is_transformed
        Also fit the line on the log or logit scale, as suits indicators whose gradient is not a
        straight line, and measure the gap between its two ends turned back.
    is_inverted
        For indicators of which much is bad: turns the sign of the slope index and inverts the
        relative one.
    multiplier
        Factor of the slope index and the intercept, such as 100 for percentage points.
    repetitions, seed
        For the limits, which are simulated. Each area gets the same draws, so its limits do not
        depend on the areas computed with it.

    Returns
    -------
    SlopeIndices
        Missing for an area with a missing number, a group without people, a value at the end of
        its scale, or limits that do not hold the value. The relative index is also missing where
        the line starts at zero or below, and its limits where one of the draws does.

    Raises
    ------
    ValueError
        With fewer than five groups, an unknown scale, or a transformation of a plain value.

    Notes
    -----
    Weighted least squares of the value on the midpoint of the cumulative share of people, with
    the shares as weights. ``SII = slope``, ``RII = (intercept + slope) / intercept``. Limits are
    quantiles of the indices of simulated values. Pamuk 1985; the simulation is that of OHID's R
    package PHEindicatormethods.
    """
    check_positive(multiplier, "multiplier")
    if scale not in _TO_SCALE or (is_transformed and scale == "normal"):
        raise ValueError("Use the scale normal, rate or proportion; only the last two transform.")
    sign = -multiplier if is_inverted else multiplier
    check_confidence(confidence)
    plan = _Plan(scale, is_transformed, is_inverted, sign, confidence, repetitions, seed)
    numbers, low, high, people = _check_groups(value, lower, upper, population)
    centre, error = _move_to_scale(numbers, low, high, people, scale)
    weights = _fit_weights(people)
    plain = centre if is_transformed else _FROM_SCALE[scale](centre)
    ends = np.einsum("ag,age->ea", plain, weights)
    start, end = _FROM_SCALE[scale](ends) if is_transformed else ends
    slope, relative = _compare_ends(start, end, plan.sign, is_inverted)
    limits = _simulate(centre, error, weights, plan)
    return SlopeIndices(
        Estimate(slope, limits[:, 0], limits[:, 1]),
        Estimate(relative, limits[:, 2], limits[:, 3]),
        start * multiplier,
    )


def _identity(numbers: FloatArray) -> FloatArray:
    return numbers


_TO_SCALE = {"normal": _identity, "rate": np.log, "proportion": special.logit}
_FROM_SCALE = {"normal": _identity, "rate": np.exp, "proportion": special.expit}


def _check_groups(*tables: ArrayLike) -> list[FloatArray]:
    parts = np.broadcast_arrays(*(np.asarray(table, dtype=float) for table in tables))
    if parts[0].ndim != 2 or parts[0].shape[1] < FEWEST_GROUPS:
        raise ValueError(
            f"Slope indices need one row per area and {FEWEST_GROUPS} or more groups in each."
        )
    return parts


def _move_to_scale(
    numbers: FloatArray, low: FloatArray, high: FloatArray, people: FloatArray, scale: Scale
) -> tuple[FloatArray, FloatArray]:
    """Return values and standard errors on the scale; all of an area missing if one is not fit."""
    with np.errstate(invalid="ignore", divide="ignore"):
        centre, below, above = (_TO_SCALE[scale](part) for part in (numbers, low, high))
        error = (above - below) / (2 * normal_quantile(0.95))
        is_fit = np.isfinite(centre) & np.isfinite(error) & (below <= centre) & (centre <= above)
    is_fit &= people > 0
    is_whole = is_fit.all(axis=1, keepdims=True)
    return np.where(is_whole, centre, np.nan), np.where(is_whole, error, np.nan)


def _fit_weights(people: FloatArray) -> FloatArray:
    """Return what each group's value adds to the line's two ends: areas x groups x 2."""
    share = people / np.where(people > 0, people, np.nan).sum(axis=1, keepdims=True)
    middle = np.cumsum(share, axis=1) - share / 2
    away = middle - (share * middle).sum(axis=1, keepdims=True)
    slope = share * away / (share * away**2).sum(axis=1, keepdims=True)
    start = share - slope * (middle - away)
    return np.stack([start, start + slope], axis=-1)


def _compare_ends(
    start: FloatArray, end: FloatArray, sign: float, is_inverted: bool
) -> tuple[FloatArray, FloatArray]:
    bottom, top = (end, start) if is_inverted else (start, end)
    is_open = (start <= 0) | (bottom <= 0)
    return sign * (end - start), np.where(is_open, np.nan, top / np.where(is_open, 1, bottom))


def _simulate(
    centre: FloatArray, error: FloatArray, weights: FloatArray, plan: _Plan
) -> FloatArray:
    """Return the lower and upper limits of both indices: areas x 4."""
    tails = [(1 - plan.confidence) / 2, (1 + plan.confidence) / 2]
    is_line_normal = plan.scale == "normal" or plan.is_transformed
    draws = _draw_plane(plan) if is_line_normal else _draw_values(plan, centre.shape[1])
    draw_ends = _draw_normal_ends if is_line_normal else _draw_refitted_ends
    limits = np.full((len(centre), 4), np.nan)
    for rows in _split(len(centre), draws.size):
        start, end = draw_ends(centre[rows], error[rows], weights[rows], draws, plan.scale)
        for column, index in enumerate(_compare_ends(start, end, plan.sign, plan.is_inverted)):
            found = np.quantile(index, tails, axis=1)
            limits[rows, 2 * column : 2 * column + 2] = found.T
    return limits


def _draw_plane(plan: _Plan) -> FloatArray:
    """Return pairs of independent normal numbers, spread evenly: 2 x repetitions.

    Each has its own share of the distance from the centre, and the golden ratio spreads the
    directions. Limits vary several times less from seed to seed than with plain draws.
    """
    steps = np.arange(plan.repetitions)
    turn = np.random.default_rng(plan.seed).random()
    angle = 2 * np.pi * ((np.sqrt(5) - 1) / 2 * steps + turn)
    reach = np.sqrt(-2 * np.log((steps + 0.5) / plan.repetitions))
    return reach * np.stack([np.cos(angle), np.sin(angle)])


def _draw_values(plan: _Plan, groups: int) -> FloatArray:
    """Return normal numbers, each also with the other sign: groups x repetitions."""
    chance = np.random.default_rng(plan.seed)
    half = chance.standard_normal((-(-plan.repetitions // 2), groups)).T
    return np.concatenate([half, -half], axis=1, dtype=np.float32)


def _draw_normal_ends(
    centre: FloatArray, error: FloatArray, weights: FloatArray, draws: FloatArray, scale: Scale
) -> tuple[FloatArray, FloatArray]:
    """Draw the ends of lines that are fitted on the scale of the draws: jointly normal there."""
    fitted = np.einsum("ag,age->ea", centre, weights)
    (own, shared), (_, other) = np.einsum("ag,age,agf->efa", error**2, weights, weights)
    spread = np.sqrt(own)
    joint = shared / np.where(spread > 0, spread, 1)
    rest = np.sqrt(np.clip(other - joint**2, 0, None))
    start = fitted[0][:, np.newaxis] + np.outer(spread, draws[0])
    end = fitted[1][:, np.newaxis] + np.outer(joint, draws[0]) + np.outer(rest, draws[1])
    return _FROM_SCALE[scale](start), _FROM_SCALE[scale](end)


def _draw_refitted_ends(
    centre: FloatArray, error: FloatArray, weights: FloatArray, draws: FloatArray, scale: Scale
) -> tuple[FloatArray, FloatArray]:
    """Draw values on their scale, turn them back and fit a line to each set of them."""
    turned = _FROM_SCALE[scale](centre)
    fitted = np.einsum("ag,age->ea", turned, weights)
    # Short numbers are fast, and exact enough for how far a draw lies from the value.
    value = turned.astype(np.float32)[..., np.newaxis]
    away = np.exp(error.astype(np.float32)[..., np.newaxis] * draws) - 1
    if scale == "proportion":
        away *= (1 - value) / (1 + value * away)
    shares = (weights * turned[..., np.newaxis]).astype(np.float32).transpose(2, 0, 1)
    moved = shares[:, :, np.newaxis] @ away
    start, end = fitted[..., np.newaxis] + moved[:, :, 0]
    return start, end


def _split(areas: int, size: int) -> Iterator[slice]:
    step = max(1, _BLOCK // size)
    return (slice(first, first + step) for first in range(0, areas, step))
