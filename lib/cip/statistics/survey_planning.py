"""How many people to ask: for a share, and for a change between two waves.

All of it assumes people drawn at random. Weights and clusters make a sample worth fewer people:
give the design effect. Street and open online samples have no such calculation.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy import special

from cip.statistics.checks import normal_quantile
from cip.statistics.difference import calculate_power
from cip.statistics.estimate import FloatArray

#: The usual chance to see a change that is there.
POWER = 0.8
#: Halvings that bring a share to far less than a hundredth of a point.
_HALVINGS = 50
_EDGE = 1e-9


class PlannedChange(NamedTuple):
    """A change that someone hopes to see, and where the hope is written."""

    goal: str
    before: float
    after: float
    source: str


#: The changes with figures in the handbook's example of results after about two years, and the
#: least survey that it recommends in a ward. Shares of residents. The other goals of the six have
#: no pair of figures: 60% is given for recognised improvements, without a baseline.
HANDBOOK_CHANGES = (
    PlannedChange(
        "Residents who say they are active in the community",
        0.07,
        0.12,
        "Community development handbook of the Health Empowerment Leverage Project, Figure 2",
    ),
    PlannedChange(
        "Residents who say their health has benefited from community activity",
        0.05,
        0.10,
        "Community development handbook of the Health Empowerment Leverage Project, Figure 2",
    ),
)
#: "At least 300 residents" in a ward: appendix 5 of the same handbook, section A.
HANDBOOK_SAMPLE = 300


def plan_sample(
    share: ArrayLike,
    half_width: ArrayLike,
    *,
    population: ArrayLike | None = None,
    design_effect: float = 1.0,
    confidence: float = 0.95,
) -> FloatArray:
    """Return how many answers give a share an interval of plus or minus ``half_width``.

    Parameters
    ----------
    share
        Expected share, 0 to 1; 0.5 needs most and is safe where nothing is known.
    half_width
        In the same unit: 0.05 for five points either way.
    population
        People in the area, for a correction where the sample is a good part of them.
    design_effect
        From weights and clusters; 1 for a simple sample.

    Returns
    -------
    FloatArray
        Whole numbers of answers, not of people invited; never more than the population.

    Raises
    ------
    ValueError
        For a share, half width or population out of range, or a design effect below 1.

    Notes
    -----
    ``n = z² p (1 - p) / e²``, then ``n / (1 + (n - 1) / N)`` (Cochran 1977, section 4.4).

    Examples
    --------
    >>> plan_sample(0.5, 0.05).item(), plan_sample(0.5, 0.05, population=1000).item()
    (385.0, 278.0)
    """
    shares, width = _check_shares(share), np.asarray(half_width, dtype=float)
    if np.any((width <= 0) | (width >= 1)):
        raise ValueError("The half width lies between 0 and 1, such as 0.05 for five points.")
    z = normal_quantile(confidence)
    size = _check_effect(design_effect) * z**2 * shares * (1 - shares) / width**2
    if population is not None:
        people = np.asarray(population, dtype=float)
        if np.any(people < 1):
            raise ValueError("The population is one person at least.")
        size = np.minimum(size / (1 + (size - 1) / people), people)
    return _round_up(size)


def plan_waves(
    before: ArrayLike,
    after: ArrayLike,
    *,
    power: float = POWER,
    design_effect: float = 1.0,
    confidence: float = 0.95,
) -> FloatArray:
    """Return how many answers each of two waves needs to show a change of two true shares.

    Parameters
    ----------
    before, after
        True shares, 0 to 1. No change needs endlessly many answers.
    power
        Chance that the change is shown.

    Returns
    -------
    FloatArray
        Whole numbers of answers in each wave.

    Notes
    -----
    ``(z_α √(2 p̄ q̄) + z_β √(p₁q₁ + p₂q₂))² / (p₁ - p₂)²``, p̄ the mean of the two: the sample size
    of Fleiss 1981 without correction for continuity, which turns `calculate_power` round.
    """
    first, second = np.broadcast_arrays(_check_shares(before), _check_shares(after))
    middle = (first + second) / 2
    reach = normal_quantile(confidence) * np.sqrt(2 * middle * (1 - middle))
    error = special.ndtri(_check_power(power)) * np.sqrt(
        first * (1 - first) + second * (1 - second)
    )
    gap = np.abs(second - first)
    size = (reach + error) ** 2 / np.where(gap > 0, gap, np.nan) ** 2
    return np.where(gap > 0, _round_up(_check_effect(design_effect) * size), np.inf)


def find_detectable_share(
    before: ArrayLike,
    size: ArrayLike,
    *,
    rises: bool = True,
    power: float = POWER,
    design_effect: float = 1.0,
    confidence: float = 0.95,
) -> FloatArray:
    """Return the nearest later share that two waves of ``size`` answers would show.

    Parameters
    ----------
    before
        True share in the first wave, 0 to 1.
    size
        Answers in each wave.
    rises
        Whether the share is hoped to rise; else to fall.

    Returns
    -------
    FloatArray
        The share (0 to 1) at which the power is reached; missing where no change is large enough.
    """
    first, people = np.broadcast_arrays(_check_shares(before), np.asarray(size, dtype=float))
    worth = people / _check_effect(design_effect)
    # Shares of exactly 0 and 1 do not vary, so the formula has no answer for them together.
    near, far = first.copy(), np.full(first.shape, 1 - _EDGE if rises else _EDGE)
    wanted = _check_power(power)
    is_possible = calculate_power(first, far, worth, confidence=confidence) >= wanted
    for _ in range(_HALVINGS):
        middle = (near + far) / 2
        is_shown = calculate_power(first, middle, worth, confidence=confidence) >= wanted
        near, far = np.where(is_shown, near, middle), np.where(is_shown, middle, far)
    return np.where(is_possible, far, np.nan)


def plan_changes(
    changes: tuple[PlannedChange, ...] = HANDBOOK_CHANGES,
    *,
    size: int = HANDBOOK_SAMPLE,
    power: float = POWER,
    design_effect: float = 1.0,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return what samples of ``size`` can show of the changes hoped for.

    With what it does by default it shows that the handbook's own example has little power: about
    as likely as not, a real rise from 7% to 12% would not be seen with 300 residents in each wave.

    Returns
    -------
    DataFrame
        One row per change: ``goal, before, after`` (percentages)``, size`` (answers in each wave)
        ``, power`` (chance to show it)``, size_needed`` (answers in each wave)``,
        detectable_after`` (percentage that ``size`` would show)``, source``.
    """
    before, after = (np.array([getattr(c, side) for c in changes]) for side in ("before", "after"))
    options = {"design_effect": design_effect, "confidence": confidence}
    chance = calculate_power(
        before, after, size / _check_effect(design_effect), confidence=confidence
    )
    found = [
        find_detectable_share(share, size, rises=bool(rises), power=power, **options).item()
        for share, rises in zip(before, after >= before, strict=True)
    ]
    return pd.DataFrame(
        {
            "goal": [change.goal for change in changes],
            "before": 100 * before,
            "after": 100 * after,
            "size": size,
            "power": chance,
            "size_needed": plan_waves(before, after, power=power, **options),
            "detectable_after": 100 * np.array(found),
            "source": [change.source for change in changes],
        }
    )


def _check_shares(shares: ArrayLike) -> FloatArray:
    numbers = np.asarray(shares, dtype=float)
    if not np.all((numbers >= 0) & (numbers <= 1)):
        raise ValueError("A share lies outside 0 to 1, or is missing.")
    return numbers


def _check_power(power: float) -> float:
    if not 0.5 <= power < 1:
        raise ValueError(f"The power lies from 0.5 to below 1, not {power}.")
    return power


def _check_effect(design_effect: float) -> float:
    if not design_effect >= 1:
        raise ValueError(f"A design effect for planning is 1 or more, not {design_effect}.")
    return design_effect


def _round_up(size: FloatArray) -> FloatArray:
    # A whole number may come out a hair above itself.
    return np.ceil(size - 1e-9)
