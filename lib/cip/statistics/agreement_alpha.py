"""Krippendorff's alpha: agreement of any number of coders, with gaps, on any kind of scale."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cip.statistics.agreement import (
    DRAWS,
    SEED,
    Agreement,
    number_ratings,
    resample_units,
    tally_ratings,
)
from cip.statistics.estimate import FloatArray

Level = Literal["nominal", "ordinal", "interval", "ratio"]
#: A scale with more values than this is a measurement, not a coding.
MOST_VALUES = 60


def measure_alpha(
    ratings: ArrayLike,
    *,
    level: Level = "nominal",
    draws: int = DRAWS,
    seed: int = SEED,
    confidence: float = 0.95,
) -> Agreement:
    """Return Krippendorff's alpha with an interval from resampled units.

    Parameters
    ----------
    ratings
        One row per unit, one column per coder; missing where a coder did not look at the unit.
        Units with fewer than two ratings say nothing of agreement and are left out.
    level
        ``nominal`` categories; numbers for ``ordinal``, ``interval`` and ``ratio``, in their order.

    Returns
    -------
    Agreement
        1 is full agreement, 0 what chance gives; without a value where all ratings are the same.
        A rare code gives a wide interval, or none.

    Raises
    ------
    ValueError
        For a level that there is not, words on a scale of numbers, a negative ratio value, or
        more than 60 different values.

    Notes
    -----
    ``1 - D_observed / D_expected`` over the matrix of coincidences; Krippendorff 2004 and 2011.
    Distances: 0 or 1; squared difference of mid-ranks; squared difference; and
    ``((a - b) / (a + b))²``. Mid-ranks come from each resample anew.

    Examples
    --------
    >>> found = measure_alpha([["a", "a"], ["a", "b"], ["b", "b"], ["b", None]])
    >>> round(found.value, 3), found.units
    (0.444, 3)
    """
    codes, names = number_ratings(ratings)
    values = _check_values(names, level)
    features = count_coincidences(codes, len(names))
    return alpha_of_coincidences(
        features, values, level=level, draws=draws, seed=seed, confidence=confidence
    )


def alpha_of_coincidences(
    features: FloatArray,
    values: FloatArray,
    *,
    level: Level = "nominal",
    draws: int = DRAWS,
    seed: int = SEED,
    confidence: float = 0.95,
) -> Agreement:
    """Return alpha from each unit's matrix of coincidences, flattened (one row per unit)."""
    kinds = len(values)

    def alpha(sums: FloatArray) -> FloatArray:
        matrix = sums.reshape(*sums.shape[:-1], kinds, kinds)
        return _measure(matrix, values, level)

    return resample_units(features, alpha, draws=draws, seed=seed, confidence=confidence)


def count_coincidences(codes: NDArray[np.intp], kinds: int) -> FloatArray:
    """Return each unit's matrix of coincidences, flattened; only units with two ratings or more.

    Notes
    -----
    Each ordered pair of ratings of a unit counts 1 / (ratings of the unit - 1).
    """
    counts = tally_ratings(codes, kinds)
    many = counts.sum(axis=1)
    counts, many = counts[many > 1], many[many > 1]
    pairs = counts[:, :, np.newaxis] * counts[:, np.newaxis, :]
    line = np.arange(kinds)
    pairs[:, line, line] -= counts
    return (pairs / (many - 1)[:, np.newaxis, np.newaxis]).reshape(len(counts), kinds**2)


def _measure(matrix: FloatArray, values: FloatArray, level: Level) -> FloatArray:
    margin = matrix.sum(axis=-1)
    distance = _square_distances(margin, values, level)
    total = margin.sum(axis=-1)
    observed = (matrix * distance).sum(axis=(-2, -1))
    expected = np.einsum("...i,...ij,...j->...", margin, distance, margin)
    expected = np.where(expected > 1e-12, expected, np.nan)
    return 1 - (total - 1) * observed / expected


def _square_distances(margin: FloatArray, values: FloatArray, level: Level) -> FloatArray:
    if level == "nominal":
        return 1.0 - np.eye(len(values))
    # On an ordered scale a value stands at its mid-rank among all ratings.
    places = np.cumsum(margin, axis=-1) - margin / 2 if level == "ordinal" else values
    apart = places[..., :, np.newaxis] - places[..., np.newaxis, :]
    if level != "ratio":
        return apart**2
    sums = values[:, np.newaxis] + values[np.newaxis, :]
    return (apart / np.where(sums == 0, 1, sums)) ** 2


def _check_values(names: list[object], level: Level) -> FloatArray:
    if level not in ("nominal", "ordinal", "interval", "ratio"):
        raise ValueError(f"There is no level of measurement called {level!r}.")
    if len(names) > MOST_VALUES:
        raise ValueError(f"{len(names)} different values are too many for a coding.")
    if level == "nominal":
        return np.arange(len(names), dtype=float)
    words = [name for name in names if not isinstance(name, (int, float, np.number))]
    if words:
        raise ValueError(f"Level {level} needs numbers, not {words[0]!r}.")
    values = np.array(names, dtype=float)
    if level == "ratio" and np.any(values < 0):
        raise ValueError("A ratio scale has no negative values.")
    return values
