"""How a sample was drawn and weighted: weights, strata, clusters and margins that it was raked to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from cip.statistics.estimate import FloatArray


@dataclass(frozen=True)
class SurveyDesign:
    """How a sample was drawn and weighted. Made by `build_design`.

    Parameters
    ----------
    weights
        One per person: how many people each stands for, or any multiple of that.
    cluster
        Number of each person's cluster; each person's own where nobody was drawn together.
    stratum
        Number of each cluster's stratum.
    sampled
        Share of the clusters of each stratum that are in the sample; 0 without a correction.
    margins
        Columns that span the margins to which the weights were raked; no columns without raking.
    """

    weights: FloatArray
    cluster: NDArray[np.intp]
    stratum: NDArray[np.intp]
    sampled: FloatArray
    margins: FloatArray

    @property
    def freedom(self) -> int:
        """Degrees of freedom: clusters less strata."""
        return len(self.stratum) - len(self.sampled)


def check_weights(weights: ArrayLike) -> FloatArray:
    """Return weights as numbers, refusing what is missing, endless, zero or negative."""
    numbers = np.asarray(weights, dtype=float)
    if numbers.ndim != 1 or numbers.size == 0:
        raise ValueError("Weights are one number for each person, for one person at least.")
    bad = np.flatnonzero(~(np.isfinite(numbers) & (numbers > 0)))
    if bad.size:
        raise ValueError(
            f"{bad.size} weights are missing or not above zero; the first is that of person "
            f"{bad[0] + 1}."
        )
    return numbers


def effective_base(weights: ArrayLike) -> float:
    """Return how many people of equal weight would be as precise: ``(Σw)² / Σw²`` (Kish 1965)."""
    numbers = check_weights(weights)
    return float(numbers.sum() ** 2 / (numbers**2).sum())


def weighting_effect(weights: ArrayLike) -> float:
    """Return the design effect of unequal weights, ``n Σw² / (Σw)²`` = 1 + cv² (Kish 1965).

    Examples
    --------
    >>> weighting_effect([1, 1, 1, 1]), round(weighting_effect([0.5, 0.5, 1.5, 1.5]), 2)
    (1.0, 1.25)
    """
    return np.size(weights) / effective_base(weights)


def build_design(
    weights: ArrayLike,
    *,
    strata: ArrayLike | None = None,
    clusters: ArrayLike | None = None,
    population: ArrayLike | None = None,
    raked_to: Sequence[ArrayLike] = (),
) -> SurveyDesign:
    """Return the design of a sample, checked.

    Parameters
    ----------
    weights
        One per person, above zero. All ones for a simple sample.
    strata, clusters
        Label of each person's stratum and of the group drawn together, such as a household.
    population
        For each person, how many clusters (people, where there are no clusters) the stratum has
        in the population: gives the finite population correction.
    raked_to
        Labels of each person on each margin that the weights were raked to. What the margins fix
        no longer varies, so it is taken out of the scores.

    Raises
    ------
    ValueError
        For lists of other lengths, missing labels, a cluster in two strata, a stratum with a
        single cluster, or one with more clusters in the sample than in the population.
    """
    numbers = check_weights(weights)
    size = len(numbers)
    stratum_of, strata_names = _number_labels(strata, size, "stratum", alike=True)
    cluster_of, cluster_names = _number_labels(clusters, size, "cluster", alike=False)
    stratum = np.zeros(len(cluster_names), dtype=np.intp)
    stratum[cluster_of] = stratum_of
    is_split = stratum[cluster_of] != stratum_of
    if is_split.any():
        split = cluster_names[int(cluster_of[is_split.argmax()])]
        raise ValueError(f"Cluster {split} lies in more than one stratum.")
    drawn = np.bincount(stratum, minlength=len(strata_names)).astype(float)
    if np.any(drawn < 2):
        lone = strata_names[int(drawn.argmin())]
        raise ValueError(
            f"Stratum {lone} has a single cluster or person, so its spread is unknown."
        )
    sampled = np.zeros(len(drawn))
    if population is not None:
        sampled = _sampled_share(population, stratum_of, drawn, strata_names)
    return SurveyDesign(numbers, cluster_of, stratum, sampled, _span_margins(raked_to, size))


def _number_labels(
    labels: ArrayLike | None, size: int, name: str, *, alike: bool
) -> tuple[NDArray[np.intp], Sequence[object]]:
    """Return a number for each person's label; without labels all are alike, or none are."""
    if labels is None:
        numbers = np.zeros(size, dtype=np.intp) if alike else np.arange(size)
        return numbers, ["of everyone"] if alike else numbers.tolist()
    series = pd.Series(labels)
    if len(series) != size:
        raise ValueError(f"There are {size} people, but {len(series)} have a {name}.")
    if series.isna().any():
        raise ValueError(f"The {name} of person {int(series.isna().argmax()) + 1} is missing.")
    numbers, names = pd.factorize(series)
    return numbers, list(names)


def _sampled_share(
    population: ArrayLike,
    stratum_of: NDArray[np.intp],
    drawn: FloatArray,
    names: Sequence[object],
) -> FloatArray:
    sizes = pd.Series(np.asarray(population, dtype=float)).groupby(stratum_of)
    least, most = sizes.min().to_numpy(), sizes.max().to_numpy()
    if np.isnan(least).any() or np.any(least != most):
        raise ValueError("The population of a stratum must be one number for all its people.")
    if np.any(drawn > most):
        over = names[int(np.argmax(drawn - most))]
        raise ValueError(f"Stratum {over} has more in the sample than in the population.")
    return drawn / most


def _span_margins(margins: Sequence[ArrayLike], size: int) -> FloatArray:
    """Return orthonormal columns that span the categories of all margins."""
    if not margins:
        return np.zeros((size, 0))
    columns = []
    for labels in margins:
        numbers, names = _number_labels(labels, size, "category on a margin", alike=True)
        columns.append(numbers[:, np.newaxis] == np.arange(len(names)))
    left, lengths, _ = np.linalg.svd(np.hstack(columns).astype(float), full_matrices=False)
    return left[:, lengths > 1e-9 * lengths.max()]
