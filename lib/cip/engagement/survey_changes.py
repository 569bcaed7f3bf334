"""Differences in a survey's answers: between groups, between waves, and before and after."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from cip import statistics
from cip.engagement.survey_change_rows import (
    COLUMNS,
    NUMBERS,
    make_rows,
    read_limits,
)
from cip.engagement.survey_data import Survey
from cip.engagement.survey_measures import Measure
from cip.engagement.survey_questions import AFTER, BEFORE, Question
from cip.engagement.survey_results import (
    LEAST_PEOPLE,
    measure_survey,
    number_all_groups,
    take_weights,
)
from cip.engagement.survey_weights import SurveyWeights
from cip.statistics import Estimate
from cip.statistics.survey_display import LEAST_BASE

GROUPS, WAVES, PAIRED = "groups", "waves", "paired"
#: The last wave against the first that asked, where there is another between them.
WHOLE_PERIOD = "whole period"
#: With what a group is compared.
REST = "rest"
_SHARES = "Newcombe's interval on the effective bases"
_MEANS_WAVES = "interval of the difference from those of the two means"
_MEANS_GROUPS = "Student's t from the weights"
_PAIRS = "Newcombe's interval for pairs, unweighted; McNemar's mid-p"
_PAIRED_MEANS = "Student's t of the changes"


def compare_answers(
    survey: Survey,
    characteristics: Sequence[str] | None = None,
    weights: SurveyWeights | None = None,
    *,
    least_people: int = LEAST_PEOPLE,
    measured: Sequence[Measure] | None = None,
) -> pd.DataFrame:
    """Return which answers differ.

    Parameters
    ----------
    measured
        What `measure_survey` made with the same arguments, if it is at hand.

    Returns
    -------
    DataFrame
        One row per question, answer and pair, of the schema ``answer_changes``. ``difference`` is
        the first less the second, in percentage points or the unit of the number:

        - ``groups``: ``characteristic: group`` less ``rest``, everyone else in the same wave, the
          last that asked;
        - ``waves``: each wave less the one before it that asked, everyone; taken as different people;
        - ``whole period``: the last wave less the first, where one lies between them;
        - ``paired``: ``wave: after`` less ``wave: before``, the same people.

        ``reading`` says ``higher`` or ``lower`` of the first where the interval is clear of zero,
        ``no clear difference`` where it is not, and ``not compared`` where a side is withheld.
        Only pairs have a p-value: the others go by their interval. With many rows some are marked
        by chance: see `describe_comparisons`.
    """
    if measured is None:
        measured = measure_survey(survey, characteristics, weights, least_people=least_people)
    rows: list[dict[str, Any]] = []
    by_key = {(m.question.id, m.wave, m.characteristic, min(m.answers)): m for m in measured}
    for measure in by_key.values():
        if measure.question.kind == "before_after":
            continue
        if measure.characteristic and measure.wave == _find_last(by_key, measure):
            rows += _compare_groups(survey, weights, measure)
        elif not measure.characteristic:
            rows += _compare_waves(survey, by_key, measure)
    rows += _compare_all_pairs(survey, weights, measured)
    table = pd.DataFrame(rows, columns=COLUMNS)
    types = dict.fromkeys((*NUMBERS, "p_value"), "float64")
    return table.astype({**dict.fromkeys(COLUMNS, "str"), **types})


def describe_comparisons(changes: pd.DataFrame) -> str:
    """Return a sentence on how many comparisons were made, and how many chance would mark."""
    compared = int((changes["reading"] != statistics.NOT_COMPARED).sum())
    if compared == 0:
        return "Nothing could be compared."
    marked = int(changes["reading"].isin([statistics.HIGHER, statistics.LOWER]).sum())
    chance = statistics.count_chance_marks(compared)
    return (
        f"{compared:,} comparisons were made and {marked:,} are marked as higher or lower. If "
        f"nothing differed at all, about {chance:,.0f} would still be marked by chance, so a "
        "single mark is a question to look into and no finding."
    )


def _find_last(by_key: Mapping[tuple[str, str, str, str], Measure], measure: Measure) -> str:
    waves = [wave for question, wave, _, _ in by_key if question == measure.question.id]
    return waves[-1]


def _compare_groups(
    survey: Survey, weights: SurveyWeights | None, measure: Measure
) -> Iterator[dict[str, Any]]:
    if measure.table is None:
        yield from _compare_group_means(survey, weights, measure)
        return
    found = statistics.compare_with_rest(measure.table)
    hidden = measure.hidden[1:].ravel()
    too_few = (found["base_rest"] < LEAST_BASE).to_numpy()
    nobody = (found["base"] == 0).to_numpy()
    # Everyone's figure withheld means that the rest's cannot be told either.
    everyone = np.tile(measure.hidden[0], len(measure.groups) - 1)
    yield from make_rows(
        measure.question.id,
        found["answer"],
        GROUPS,
        [f"{measure.characteristic}: {group}" for group in found["group"]],
        [REST] * len(found),
        found[["difference", "lower", "upper"]].to_numpy(dtype=float),
        found["verdict"],
        hidden | too_few | everyone,
        _SHARES,
        left_out=nobody,
    )


def _compare_group_means(
    survey: Survey, weights: SurveyWeights | None, measure: Measure
) -> Iterator[dict[str, Any]]:
    frame = survey.take_wave(measure.wave)
    scale = take_weights(survey, weights, measure.wave)
    order = {measure.characteristic: measure.groups[1:]}
    groups = number_all_groups(frame, order, scale)[measure.characteristic]
    values = frame[f"{measure.question.id}:value"].to_numpy(dtype=float)
    design = statistics.build_design(groups.weights)
    for number, group in enumerate(measure.groups[1:], start=1):
        inside = groups.number == number
        base = measure.base[number]
        is_hidden = measure.hidden[number, 0] or measure.base[0] - base < LEAST_BASE
        if base == 0:
            continue
        gap = statistics.estimate_gap(values, design, first=inside, second=~inside)
        numbers = np.array([[gap.value[0], gap.lower[0], gap.upper[0]]])
        yield from make_rows(
            measure.question.id,
            ["mean"],
            GROUPS,
            [f"{measure.characteristic}: {group}"],
            [REST],
            numbers,
            read_limits(numbers),
            np.array([is_hidden]),
            _MEANS_GROUPS,
        )


def _compare_waves(
    survey: Survey, by_key: Mapping[tuple[str, str, str, str], Measure], later: Measure
) -> Iterator[dict[str, Any]]:
    """Compare everyone in one wave with the wave before that asked, and the last with the first."""
    key = min(later.answers)
    waves = [wave for wave in survey.waves if (later.question.id, wave, "", key) in by_key]
    place = waves.index(later.wave)
    if place == 0:
        return
    earlier = by_key[later.question.id, waves[place - 1], "", key]
    yield from _compare_two_waves(earlier, later, WAVES)
    if place > 1 and place == len(waves) - 1:
        first = by_key[later.question.id, waves[0], "", key]
        yield from _compare_two_waves(first, later, WHOLE_PERIOD)


def _compare_two_waves(earlier: Measure, later: Measure, kind: str) -> Iterator[dict[str, Any]]:
    hidden = later.hidden[0] | earlier.hidden[0]
    first, second = [later.wave], [earlier.wave]
    if later.table is not None and earlier.table is not None:
        found = statistics.compare_waves(earlier.table, later.table)
        numbers = found[["difference", "lower", "upper"]].to_numpy(dtype=float)
        answers, verdicts, method = found["answer"], found["verdict"], _SHARES
    else:
        gap = statistics.compare_difference(_take_mean(later), _take_mean(earlier))
        numbers = np.stack([gap.difference, gap.lower, gap.upper], axis=1)
        answers, verdicts, method = ["mean"], gap.verdict, _MEANS_WAVES
        hidden = hidden[:1]
    yield from make_rows(
        later.question.id, answers, kind, first * len(answers), second * len(answers),
        numbers, verdicts, hidden, method,
    )  # fmt: skip


def _take_mean(measure: Measure) -> Estimate:
    return Estimate(measure.value[:1, 0], measure.lower[:1, 0], measure.upper[:1, 0])


def _compare_all_pairs(
    survey: Survey, weights: SurveyWeights | None, measured: Sequence[Measure]
) -> Iterator[dict[str, Any]]:
    for measure in measured:
        if measure.question.kind == "before_after" and not measure.characteristic:
            if measure.table is None:
                yield from _compare_paired_means(measure)
            elif next(iter(measure.answers)).startswith(f"{AFTER}_"):
                yield from _compare_pairs(survey, measure, measured)


def _compare_paired_means(measure: Measure) -> Iterator[dict[str, Any]]:
    """The mean change and its interval stand in the table of answers already."""
    place = list(measure.answers).index("change_mean")
    numbers = np.array([[part[0, place] for part in (measure.value, measure.lower, measure.upper)]])
    yield from make_rows(
        measure.question.id, ["mean"], PAIRED, [f"{measure.wave}: {AFTER}"],
        [f"{measure.wave}: {BEFORE}"], numbers, read_limits(numbers), measure.hidden[0, place:][:1],
        _PAIRED_MEANS,
    )  # fmt: skip


def _compare_pairs(
    survey: Survey, after: Measure, measured: Sequence[Measure]
) -> Iterator[dict[str, Any]]:
    question = after.question
    before = next(
        m for m in measured
        if m.question is question and m.wave == after.wave and not m.characteristic and m is not after
    )  # fmt: skip
    frame = survey.take_wave(after.wave)
    sets = {**{name: (name,) for name in question.options}, **question.nets}
    halves = [_mark_answers(frame, question, half, sets) for half in (BEFORE, AFTER)]
    found = statistics.compare_pairs(*halves)
    numbers = np.stack([found.difference, found.lower, found.upper], axis=1)
    rows = make_rows(
        question.id, list(sets), PAIRED, [f"{after.wave}: {AFTER}"] * len(sets),
        [f"{after.wave}: {BEFORE}"] * len(sets), numbers, found.verdict,
        after.hidden[0] | before.hidden[0], _PAIRS,
    )  # fmt: skip
    for row, p_value in zip(rows, found.p_value, strict=True):
        is_compared = row["reading"] != statistics.NOT_COMPARED
        yield {**row, "p_value": float(p_value) if is_compared else np.nan}


def _mark_answers(
    frame: pd.DataFrame, question: Question, half: str, sets: Mapping[str, Sequence[str]]
) -> np.ndarray:
    """Return for each set of answers whether a person gave one of them, missing without a pair."""
    said = frame[f"{question.id}:{half}"]
    has_pair = (frame[question.id] == "answered").to_numpy(dtype=bool, na_value=False)
    columns = [np.where(has_pair, said.isin(list(names)), np.nan) for names in sets.values()]
    return np.stack(columns, axis=1).astype(float)
