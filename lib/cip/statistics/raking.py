"""Weights that bring a sample into line with known margins, kept within limits.

Iterative proportional fitting: each margin in turn is set right, which puts the others a little
wrong, and so on until all are right (Deming and Stephan 1940). Between the rounds, weights beyond
the cap are brought back to it, because a few very heavy people make every figure unsure.

Raking is honest where everyone had a known chance to be asked and some answered more readily than
others. It does not turn people met in the street into a sample of the area: leave those unweighted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from cip.errors import Problem
from cip.statistics.checks import check_positive
from cip.statistics.estimate import FloatArray
from cip.statistics.raking_margins import Margin, Place, RakingError, place_people
from cip.statistics.survey_design import check_weights, effective_base, weighting_effect

#: Least and greatest weight against a mean of 1 (methods of this workbook, section 4.2).
CAP = (0.3, 3.0)
#: A margin is right when no share is further off than this, of 1.
TOLERANCE = 1e-6
MAX_ITERATIONS = 500


@dataclass(frozen=True)
class RakedWeights:
    """Weights with the report of how they came about.

    Parameters
    ----------
    weights
        One per person, with mean 1.
    status
        ``converged``: every margin is right. ``capped``: the weights have settled, but the cap
        keeps a margin from being right; ``margins`` says by how much.
    iterations
        Rounds over all margins.
    margins
        One row per margin and category: ``margin, category, base`` (people, unweighted),
        ``target, unweighted, weighted`` (percentages) and ``gap`` (weighted less target, points).
    base, effective_base, design_effect
        People; people of equal weight who would be as precise (Kish); the one over the other.
    capped
        How many people have a weight at the cap.
    unplaced
        People without a category, by margin. They keep the weight that the other margins give.
    """

    weights: FloatArray
    status: Literal["converged", "capped"]
    iterations: int
    margins: pd.DataFrame
    base: int
    effective_base: float
    design_effect: float
    capped: int
    unplaced: dict[str, int]

    @property
    def worst(self) -> pd.Series:
        """The row of ``margins`` that is furthest from its target."""
        return self.margins.loc[self.margins["gap"].abs().idxmax()]


def rake_weights(
    frame: pd.DataFrame,
    margins: Mapping[str, Margin],
    *,
    base_weights: ArrayLike | None = None,
    missing: Literal["refuse", "keep"] = "refuse",
    cap: tuple[float, float] | None = CAP,
    tolerance: float = TOLERANCE,
    max_iterations: int = MAX_ITERATIONS,
) -> RakedWeights:
    """Return weights that give the sample the population's margins.

    Parameters
    ----------
    frame
        One row per person, one column per margin.
    margins
        Column name, and people or shares of each of its categories in the population.
    base_weights
        Weights to start from, such as one over the chance of being asked; equal by default.
    missing
        ``refuse`` people without a category, or ``keep`` them: their number is then left alone,
        and the others are brought to the margin among themselves.
    cap
        Least and greatest weight when the mean is 1; None for no limits.
    tolerance
        Greatest difference of a share (of 1) from its target that counts as none.
    max_iterations
        Rounds after which to give up.

    Raises
    ------
    RakingError
        When a category has nobody in the sample, an answer is not a category of its margin, a
        target is not above zero, a category is missing (unless kept), or the rounds do not settle.
        The last names the worst margin; margins that contradict one another do that.

    Examples
    --------
    >>> people = pd.DataFrame({"sex": ["f", "f", "f", "m"]})
    >>> raked = rake_weights(people, {"sex": {"f": 50, "m": 50}})
    >>> [round(float(w), 3) for w in raked.weights], raked.status
    ([0.667, 0.667, 0.667, 2.0], 'converged')
    """
    check_positive(tolerance, "tolerance")
    check_positive(max_iterations, "number of rounds")
    _check_cap(cap)
    places = place_people(frame, margins, missing)
    start = np.ones(len(frame)) if base_weights is None else check_weights(base_weights)
    if len(start) != len(frame):
        raise ValueError(f"There are {len(frame)} people, but {len(start)} base weights.")
    weights, rounds = _settle(start / start.mean(), places, cap, tolerance, max_iterations)
    return _report(weights, places, rounds, cap, tolerance)


def _check_cap(cap: tuple[float, float] | None) -> None:
    if cap is not None and not 0 < cap[0] < 1 < cap[1]:
        raise ValueError(f"The cap must go from below 1 to above 1 and not to zero, not {cap}.")


def _settle(
    start: FloatArray,
    places: list[Place],
    cap: tuple[float, float] | None,
    tolerance: float,
    max_iterations: int,
) -> tuple[FloatArray, int]:
    """Return weights that meet the margins, or come no nearer because of the cap, and the rounds.

    Raises
    ------
    RakingError
        When they neither meet the margins nor settle, or settle although no cap holds them.
    """
    weights = _limit(start, cap)
    for rounds in range(1, max_iterations + 1):
        before, weights = weights, _limit(_fit_once(weights, places), cap)
        if _find_worst_gap(weights, places) <= tolerance:
            return weights, rounds
        # A cap may keep the margins apart for good, so settled weights end the rounds as well.
        if float(np.abs(weights - before).max()) <= tolerance / 100:
            if cap is None or not _is_at(weights, cap).any():
                break
            return weights, rounds
    raise RakingError([_tell_worst(weights, places, rounds)])


def _fit_once(weights: FloatArray, places: list[Place]) -> FloatArray:
    """Set each margin right in turn."""
    for place in places:
        is_placed = place.number >= 0
        sums = _sum_categories(weights, place)
        factor = place.target * sums.sum() / sums
        weights = np.where(is_placed, weights * factor[place.number], weights)
    return weights / weights.mean()


def _limit(weights: FloatArray, cap: tuple[float, float] | None) -> FloatArray:
    """Return weights within the cap and with mean 1, which takes a few turns to have both."""
    if cap is None:
        return weights
    for _ in range(100):
        weights = np.clip(weights, *cap)
        mean = weights.mean()
        if abs(mean - 1) < 1e-13:
            break
        weights = weights / mean
    return np.clip(weights, *cap)


def _sum_categories(weights: FloatArray, place: Place) -> FloatArray:
    # The first sum is that of the people without a category.
    return np.bincount(place.number + 1, weights, minlength=len(place.target) + 1)[1:]


def _find_gaps(weights: FloatArray, place: Place) -> FloatArray:
    """Return how far each category's share lies from its target."""
    sums = _sum_categories(weights, place)
    return sums / sums.sum() - place.target


def _find_worst_gap(weights: FloatArray, places: list[Place]) -> float:
    return max(float(np.abs(_find_gaps(weights, place)).max()) for place in places)


def _tell_worst(weights: FloatArray, places: list[Place], rounds: int) -> Problem:
    place = max(places, key=lambda one: float(np.abs(_find_gaps(weights, one)).max()))
    gaps = _find_gaps(weights, place)
    worst = int(np.abs(gaps).argmax())
    share = 100 * (place.target[worst] + gaps[worst])
    return Problem(
        f"After {rounds} rounds no weights meet all margins; the worst is category "
        f"'{place.categories[worst]}'",
        column=place.name,
        found=f"{share:.2f}%",
        expected=f"{100 * place.target[worst]:.2f}%",
    )


def _is_at(weights: FloatArray, cap: tuple[float, float]) -> NDArray[np.bool_]:
    return np.isclose(weights, cap[0], rtol=1e-6) | np.isclose(weights, cap[1], rtol=1e-6)


def _report(
    weights: FloatArray,
    places: list[Place],
    rounds: int,
    cap: tuple[float, float] | None,
    tolerance: float,
) -> RakedWeights:
    rows = []
    for place in places:
        people = _sum_categories(np.ones(len(weights)), place)
        weighted = 100 * (place.target + _find_gaps(weights, place))
        rows.append(
            pd.DataFrame(
                {
                    "margin": place.name,
                    "category": place.categories,
                    "base": people.astype(int),
                    "target": 100 * place.target,
                    "unweighted": 100 * people / people.sum(),
                    "weighted": weighted,
                    "gap": weighted - 100 * place.target,
                }
            )
        )
    return RakedWeights(
        weights,
        "converged" if _find_worst_gap(weights, places) <= tolerance else "capped",
        rounds,
        pd.concat(rows, ignore_index=True),
        len(weights),
        effective_base(weights),
        weighting_effect(weights),
        0 if cap is None else int(_is_at(weights, cap).sum()),
        {place.name: int((place.number < 0).sum()) for place in places},
    )
