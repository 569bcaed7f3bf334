"""Tables of answers by group: bases, shares with intervals, and don't-knows apart.

Every table has one row per group and answer. The group ``""`` is everyone, with those whose group
is not known. Bases count people and are never weighted. Shares are percentages with Wilson's
interval on the effective base. Nothing is withheld here: see `cip.statistics.survey_display`.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from cip.statistics.checks import blank_zero
from cip.statistics.estimate import FloatArray
from cip.statistics.survey import estimate_means
from cip.statistics.survey_design import build_design
from cip.statistics.survey_groups import EVERYONE, Groups, match_labels
from cip.statistics.survey_shares import weighted_proportion


def tabulate_answers(
    answers: ArrayLike,
    options: Sequence[Hashable],
    groups: Groups,
    *,
    dont_know: Sequence[Hashable] = (),
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return the shares of each answer to a question with one answer.

    Parameters
    ----------
    answers
        One label per person; missing for those who were not asked or did not answer.
    options
        Substantive answers in their order. Those that nobody gave are kept.
    groups
        See `cip.statistics.survey_groups.number_groups`.
    dont_know
        Answers such as "don't know" and "prefer not to say". They are no part of the base of the
        other answers; their own share is of all who answered anything.

    Returns
    -------
    DataFrame
        One row per group and answer: ``group, answer, is_dont_know, base, count, percent, lower,
        upper, effective_base, design_effect``, and the sums ``weight`` and ``weight_squares`` of
        the base. Shares are missing on a base of nobody.

    Raises
    ------
    ValueError
        When an answer is neither an option nor a don't-know; all such answers are named.
    """
    known = [*options, *dont_know]
    if len(set(known)) != len(known):
        raise ValueError("An answer is named twice among the options and don't-knows.")
    number = match_labels(answers, known, "answer")
    _check_size(number, groups)
    chosen = [number == place for place in range(len(known))]
    is_apart = np.arange(len(known)) >= len(options)
    said = number >= 0
    meant = said & (number < len(options))
    return _build_rows(known, is_apart, chosen, (meant, said), groups, confidence)


def tabulate_multiple(
    chosen: pd.DataFrame,
    groups: Groups,
    *,
    was_shown: ArrayLike | None = None,
    dont_know: Sequence[Hashable] = (),
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return the shares that ticked each answer of a question with several.

    Parameters
    ----------
    chosen
        One row per person and one column per answer: 1 ticked, 0 not, missing for not shown.
    was_shown
        Who was shown the question. By default those with anything but gaps. People who were shown
        it and ticked nothing are in the base: give ``was_shown`` if they were meant to be skipped.
    dont_know
        Columns such as "don't know". Who ticked only these is not in the base of the others.

    Returns
    -------
    DataFrame
        As `tabulate_answers`; percentages of one group may add up to more than 100.

    Raises
    ------
    ValueError
        When a cell is neither 0, 1 nor missing, someone ticked what they were not shown, or a
        don't-know is not a column.
    """
    unknown = [label for label in dont_know if label not in chosen.columns]
    if unknown:
        raise ValueError(f"There is no column {', '.join(map(repr, unknown))}.")
    cells = chosen.to_numpy(dtype=float, na_value=np.nan)
    if not np.isin(cells[~np.isnan(cells)], (0, 1)).all():
        raise ValueError("A cell of a question with several answers is neither 0, 1 nor missing.")
    _check_size(cells, groups)
    ticked = cells == 1
    shown = ~np.isnan(cells).all(axis=1) if was_shown is None else np.asarray(was_shown, bool)
    if np.any(ticked & ~shown[:, np.newaxis]):
        raise ValueError("Someone ticked an answer to a question that they were not shown.")
    is_apart = np.array([label in dont_know for label in chosen.columns], dtype=bool)
    only_apart = ticked[:, is_apart].any(axis=1) & ~ticked[:, ~is_apart].any(axis=1)
    bases = (shown & ~only_apart, shown)
    return _build_rows(list(chosen.columns), is_apart, ticked.T, bases, groups, confidence)


def tabulate_bands(
    answers: ArrayLike,
    bands: Mapping[str, Sequence[Hashable]],
    groups: Groups,
    *,
    dont_know: Sequence[Hashable] = (),
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return the shares that agree, are in the middle and disagree, from answers on a scale.

    Parameters
    ----------
    bands
        Name of each band and the answers in it, such as ``{"agree": ["strongly agree", "agree"],
        "neither": ["neither"], "disagree": ["disagree", "strongly disagree"]}``.

    Returns
    -------
    DataFrame
        As `tabulate_answers` with bands for answers.

    Notes
    -----
    No mean of the scale is offered: the steps between its words have no known size, and one mean
    fits both a divided place and an indifferent one.
    """
    band_of = {answer: band for band, members in bands.items() for answer in members}
    if len(band_of) != sum(map(len, bands.values())):
        raise ValueError("An answer of the scale stands in two bands.")
    known = [*band_of, *dont_know]
    number = match_labels(answers, known, "answer")
    names = np.array([*(band_of.get(answer, answer) for answer in known), None], dtype=object)
    return tabulate_answers(
        names[number], list(bands), groups, dont_know=dont_know, confidence=confidence
    )


def tabulate_means(values: ArrayLike, groups: Groups, *, confidence: float = 0.95) -> pd.DataFrame:
    """Return the mean of a number by group.

    Returns
    -------
    DataFrame
        One row per group: ``group, base, mean, lower, upper, design_effect``; Student's t limits
        from the weights, with the whole sample's degrees of freedom.
    """
    numbers = np.asarray(values, dtype=float)
    _check_size(numbers, groups)
    inside = groups.number[:, np.newaxis] == np.arange(1, len(groups.labels) + 1)
    everyone = np.ones((len(numbers), 1), dtype=bool)
    columns = np.where(np.hstack([everyone, inside]), numbers[:, np.newaxis], np.nan)
    found = estimate_means(columns, build_design(groups.weights), confidence=confidence)
    return pd.DataFrame(
        {
            "group": [EVERYONE, *groups.labels],
            "base": found.base.astype(int),
            "mean": found.value,
            "lower": found.lower,
            "upper": found.upper,
            "design_effect": found.design_effect,
        }
    )


def _check_size(rows: NDArray, groups: Groups) -> None:
    if len(rows) != len(groups.weights):
        raise ValueError(f"There are {len(groups.weights)} people, but {len(rows)} answers.")


def _build_rows(
    labels: Sequence[Hashable],
    is_apart: NDArray[np.bool_],
    chosen: Iterable[NDArray[np.bool_]],
    bases: tuple[NDArray[np.bool_], NDArray[np.bool_]],
    groups: Groups,
    confidence: float,
) -> pd.DataFrame:
    """Return the rows of a table from who chose each answer and who is in which base.

    The first base is that of the substantive answers, the second that of the don't-knows.
    """
    names = [EVERYONE, *groups.labels]
    counted = [who & bases[int(apart)] for who, apart in zip(chosen, is_apart, strict=True)]
    # One row per group, one column per answer.
    count = _count_each(counted, groups)
    ticked = _count_each(counted, groups, groups.weights)
    base, total, squares = (
        _count_each(bases, groups, weights)[:, is_apart.astype(int)]
        for weights in (None, groups.weights, groups.weights**2)
    )
    effective = total**2 / blank_zero(squares)
    share = np.clip(ticked / blank_zero(total), 0, 1)
    percent, lower, upper = weighted_proportion(share, effective, confidence=confidence)
    cells = {
        "base": base.astype(int),
        "count": count.astype(int),
        "percent": percent,
        "lower": lower,
        "upper": upper,
        "effective_base": effective,
        "design_effect": base / effective,
        "weight": total,
        "weight_squares": squares,
    }
    return pd.DataFrame(
        {
            "group": np.repeat(np.array(names, dtype=object), len(labels)),
            "answer": np.tile(np.array(labels, dtype=object), len(names)),
            "is_dont_know": np.tile(is_apart, len(names)),
            **{name: values.ravel() for name, values in cells.items()},
        }
    )


def _count_each(
    members: Iterable[NDArray[np.bool_]], groups: Groups, weights: FloatArray | None = None
) -> FloatArray:
    return np.stack([groups.count(who, weights) for who in members], axis=1)
