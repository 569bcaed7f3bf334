"""Groups of respondents with their weights, and labels matched against those that are known."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from cip.errors import find_nearest
from cip.statistics.estimate import FloatArray
from cip.statistics.survey_design import check_weights

#: The group of all respondents.
EVERYONE = ""


@dataclass(frozen=True)
class Groups:
    """Each person's group, numbered from 1, 0 where it is not known. Made by `number_groups`."""

    number: NDArray[np.intp]
    labels: list[Hashable]
    weights: FloatArray

    def count(self, members: NDArray[np.bool_], weights: FloatArray | None = None) -> FloatArray:
        """Return how many, or how much weight, members have: everyone first, then each group."""
        chosen = None if weights is None else weights[members]
        sums = np.bincount(self.number[members], chosen, minlength=len(self.labels) + 1)
        return np.concatenate([[sums.sum()], sums[1:]]).astype(float)


def number_groups(
    size: int,
    *,
    groups: ArrayLike | None = None,
    order: Sequence[Hashable] | None = None,
    weights: ArrayLike | None = None,
) -> Groups:
    """Return groups and weights checked once, for use in many tables.

    Parameters
    ----------
    size
        People who were asked anything.
    groups
        Label of each person's group, missing where it is not known; only everyone by default.
    order
        Labels in the order of the tables; a group without people is kept. Sorted by default.
    weights
        One per person, above zero; equal by default.

    Raises
    ------
    ValueError
        For lists of other lengths, a label that is not in the order, or a bad weight.
    """
    scale = np.ones(size) if weights is None else check_weights(weights)
    if len(scale) != size:
        raise ValueError(f"There are {size} people, but {len(scale)} weights.")
    if groups is None:
        return Groups(np.zeros(size, dtype=np.intp), [], scale)
    labels = pd.Series(groups, dtype=object)
    if len(labels) != size:
        raise ValueError(f"There are {size} people, but {len(labels)} have a group.")
    named = list(order) if order is not None else sorted(labels.dropna().unique(), key=str)
    return Groups(match_labels(labels, named, "group") + 1, named, scale)


def match_labels(labels: ArrayLike, known: Sequence[Hashable], name: str) -> NDArray[np.intp]:
    """Return the place of each label among those known, -1 where it is missing.

    Raises
    ------
    ValueError
        Naming all labels that are not known, each with how often it occurs and the nearest one.
    """
    series = pd.Series(labels, dtype=object)
    number = pd.Index(list(known), dtype=object).get_indexer(series)
    is_wrong = (number < 0) & series.notna().to_numpy()
    if is_wrong.any():
        told = []
        for label, times in series[is_wrong].value_counts().items():
            near = find_nearest(str(label), map(str, known))
            told.append(f"'{label}' ({times}×)" + (f", near '{near}'" if near else ""))
        raise ValueError(f"Not a known {name}: {'; '.join(told)}.")
    return number
