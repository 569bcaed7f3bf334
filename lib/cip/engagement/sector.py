"""The survey of community and voluntary groups: what they are, have, and think of public bodies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from cip.catalogue.engagement import load_community_sector_income
from cip.engagement.survey_answers import load_survey
from cip.engagement.survey_data import Survey
from cip.engagement.survey_questions import Question
from cip.errors import ParameterError, Problem
from cip.statistics import proportion
from cip.statistics.survey_display import FLAG_BELOW, FLAGGED, SHOWN, WITHHELD

#: A figure needs so many groups. They are organisations, not people, so fewer than for people;
#: but who answers for a group was promised that the answer would not be told apart.
LEAST_GROUPS = 5
EVERYONE, COMMUNITY, LARGER = "all groups", "community sector", "larger groups"
#: Answers of the question on income that mark the community sector, in the question bank.
COMMUNITY_NET, INCOME = "net_community", "group_income"
NO_ANSWER = "Don't know or no answer"
GROUPS, PERCENT = "groups", "%"
COLUMNS = [
    "measure_id",
    "measure",
    "group",
    "answer",
    "value",
    "lower_95",
    "upper_95",
    "unit",
    "base",
    "display",
]


def read_sector(path: Path) -> tuple[Survey, list[Problem]]:
    """Read a survey of groups by its mapping file.

    Returns
    -------
    tuple
        The survey, and what could not be read, without any answer's text.

    Raises
    ------
    ParameterError
        Where :func:`cip.engagement.survey_answers.load_survey` raises it, and when the mapping
        file does not say that groups were asked.
    """
    survey, problems = load_survey(path)
    if survey.audience != "groups":
        message = "this file is for a survey of groups, but says that residents were asked"
        raise ParameterError(Problem(message, file=path, expected="audience: groups"))
    return survey, problems


def split_sector(survey: Survey) -> pd.Series | None:
    """Return whether each group is of the community sector; missing where its income is.

    None where the survey has no question on income. The sector is told by the answers that a
    question nets under ``net_community``, as the question bank's on income does, or by a number
    under the question id ``group_income``.
    """
    question = _find_income(survey)
    if question is None:
        return None
    if question.is_number:
        income = survey.answers[f"{question.id}:value"].astype("Float64")
        return income < load_community_sector_income()
    said = survey.answers[question.id].astype(object)
    small = said.isin(question.nets[COMMUNITY_NET]).astype("boolean")
    return small.mask(~said.isin(list(question.options)))


def _find_income(survey: Survey) -> Question | None:
    for question in survey.questions.values():
        if COMMUNITY_NET in question.nets or (question.is_number and question.id == INCOME):
            return question
    return None


def count_sector(survey: Survey) -> pd.DataFrame:
    """Return what the groups answered, all together and by whether they are small.

    Parameters
    ----------
    survey
        As :func:`read_sector` gives it; its last wave counts.

    Returns
    -------
    DataFrame
        The hand-over table ``sector``: one row per question, group of organisations and answer.
        From 30 groups the value is a percentage with Wilson's interval; from 5 to 29 it is a
        number of groups, flagged, because a percentage of so few would pretend too much. Numbers
        give median and total. Below 5 groups the value is withheld, and so is a part of the
        groups from which the rest could be worked out. ``base`` are the groups that answered.
    """
    wave = survey.waves[-1]
    is_last = survey.answers["wave"] == wave
    answers = survey.answers[is_last].reset_index(drop=True)
    small, income = split_sector(survey), _find_income(survey)
    if small is not None:
        small = small[is_last].reset_index(drop=True)
    rows = []
    for question in survey.questions.values():
        if question.kind in ("text", "before_after"):
            continue
        asked, answered = answers[question.id].notna(), _is_answered(answers, question)
        # Income splits the groups, so its own answers by that split would say nothing.
        for part in _list_parts(asked, answered, None if question is income else small):
            named = {"measure_id": question.id, "measure": question.text, "group": part.name}
            rows += [{**named, **row} for row in _count_question(question, answers, part)]
    table = pd.DataFrame(rows, columns=COLUMNS)
    return table.astype({"base": "Int64"})


@dataclass(frozen=True)
class _Part:
    """Some of the groups: those who were asked, those who answered, and whether they may show."""

    name: str
    asked: pd.Series
    answered: pd.Series
    is_safe: bool


def _is_answered(answers: pd.DataFrame, question: Question) -> pd.Series:
    said = answers[question.id]
    known = [*question.options] if question.kind in ("single", "likert") else ["answered"]
    return said.isin(known)


def _list_parts(asked: pd.Series, answered: pd.Series, small: pd.Series | None) -> Iterator[_Part]:
    """Yield all groups, then the community sector and the larger ones.

    A part is safe where neither it nor what is left of the whole beside the parts shown is few.
    """
    everyone = int(answered.sum())
    yield _Part(EVERYONE, asked, answered, everyone >= LEAST_GROUPS)
    if small is None:
        return
    is_small = small.fillna(False).astype(bool)
    is_large = (~small).fillna(False).astype(bool)
    few, many = int((answered & is_small).sum()), int((answered & is_large).sum())
    few_safe = few >= LEAST_GROUPS and _is_enough(everyone - few)
    many_safe = many >= LEAST_GROUPS and _is_enough(everyone - many)
    if few_safe and many_safe:
        # Both are shown only where those of unknown income are nobody or enough.
        many_safe = _is_enough(everyone - few - many)
    yield _Part(COMMUNITY, asked & is_small, answered & is_small, few_safe)
    yield _Part(LARGER, asked & is_large, answered & is_large, many_safe)


def _is_enough(groups: int) -> bool:
    return groups == 0 or groups >= LEAST_GROUPS


def _count_question(
    question: Question, answers: pd.DataFrame, part: _Part
) -> Iterator[dict[str, object]]:
    base = int(part.answered.sum())
    if question.kind == "number":
        yield from _count_numbers(
            answers.loc[part.answered, f"{question.id}:value"], question, part
        )
    else:
        for label, chosen in _list_answers(question, answers, part.answered):
            yield _make_row(label, int(chosen.sum()), base, part)
    silent = int((part.asked & ~part.answered).sum())
    if silent and part.is_safe:
        yield {**_make_row(NO_ANSWER, silent, base, part), **_NO_INTERVAL, "value": float(silent),
               "unit": GROUPS}  # fmt: skip


_NO_INTERVAL = {"lower_95": np.nan, "upper_95": np.nan}


def _list_answers(
    question: Question, answers: pd.DataFrame, answered: pd.Series
) -> Iterator[tuple[str, pd.Series]]:
    """Yield the label of each answer, and of answers counted together, with who chose it."""
    said = answers[question.id]
    if question.kind == "multiple":
        for name, label in question.options.items():
            yield label, answered & answers[f"{question.id}:{name}"].eq(1).fillna(False)
        return
    for name, label in question.options.items():
        yield label, answered & said.eq(name)
    for name, members in question.nets.items():
        yield question.net_labels[name], answered & said.isin(members)


def _make_row(label: str, count: int, base: int, part: _Part) -> dict[str, object]:
    if not part.is_safe:
        return {"answer": label, "value": np.nan, **_NO_INTERVAL, "unit": GROUPS, "base": base,
                "display": WITHHELD}  # fmt: skip
    if base < FLAG_BELOW:
        return {"answer": label, "value": float(count), **_NO_INTERVAL, "unit": GROUPS,
                "base": base, "display": FLAGGED}  # fmt: skip
    value, lower, upper = (float(part_) for part_ in proportion(count, base))
    return {"answer": label, "value": value, "lower_95": lower, "upper_95": upper,
            "unit": PERCENT, "base": base, "display": SHOWN}  # fmt: skip


def _count_numbers(
    values: pd.Series, question: Question, part: _Part
) -> Iterator[dict[str, object]]:
    numbers = values.astype(float)
    base = len(numbers)
    display = SHOWN if base >= FLAG_BELOW else FLAGGED
    for name, value in (("Median", numbers.median()), ("Total", numbers.sum())):
        yield {
            "answer": name,
            "value": float(value) if part.is_safe else np.nan,
            **_NO_INTERVAL,
            "unit": question.unit,
            "base": base,
            "display": display if part.is_safe else WITHHELD,
        }
