"""Margins to rake to: each person's category on each, and all that is wrong with them at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cip.errors import Problem, find_nearest
from cip.statistics.estimate import FloatArray

#: Categories of a margin, each with its people or its share in the population.
Margin = Mapping[str, float]


class RakingError(ValueError):
    """A sample cannot be weighted to the margins; ``problems`` says where, one for each place."""

    def __init__(self, problems: list[Problem]):
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


@dataclass(frozen=True)
class Place:
    """A margin with each person's number on it, -1 without a category, and its target shares."""

    name: str
    categories: list[str]
    number: NDArray[np.intp]
    target: FloatArray


def place_people(frame: pd.DataFrame, margins: Mapping[str, Margin], missing: str) -> list[Place]:
    """Return each margin with everyone's category, or raise with all that is wrong."""
    if not margins or frame.empty:
        raise ValueError("Raking needs people, and one margin at least.")
    places, problems = [], []
    for name, margin in margins.items():
        if name not in frame.columns:
            near = find_nearest(name, map(str, frame.columns))
            problems.append(Problem("There is no such column", column=name, nearest=near))
            continue
        categories = list(margin)
        number = pd.Index(categories, dtype=object).get_indexer(frame[name].astype(object))
        wrong = _check_margin(name, margin, frame[name], number, missing)
        problems += wrong
        if not wrong:
            target = np.array([float(margin[c]) for c in categories])
            places.append(Place(name, categories, number, target / target.sum()))
    if problems:
        raise RakingError(problems)
    return places


def _check_margin(
    name: str, margin: Margin, answers: pd.Series, number: NDArray[np.intp], missing: str
) -> list[Problem]:
    categories, problems = list(margin), []
    for category in categories:
        if not (np.isfinite(margin[category]) and margin[category] > 0):
            said = f"The population of category '{category}' is not above zero"
            problems.append(Problem(said, column=name, found=str(margin[category])))
    for category, people in zip(
        categories, np.bincount(number[number >= 0], minlength=len(categories)), strict=True
    ):
        if people == 0:
            said = f"Nobody in the sample is in category '{category}': join it with another"
            problems.append(Problem(said, column=name))
    is_missing = answers.isna().to_numpy()
    for answer in answers[(number < 0) & ~is_missing].unique():
        near = find_nearest(str(answer), map(str, categories))
        said = "This is not a category of the margin"
        problems.append(Problem(said, column=name, found=str(answer), nearest=near))
    if missing == "refuse" and is_missing.any():
        said = f"{int(is_missing.sum())} people have no category"
        problems.append(Problem(said, column=name, expected="a category for each, or missing kept"))
    return problems
