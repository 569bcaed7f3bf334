"""Rules of ``outcomes.csv``: what contradicts itself, and what cannot be compared."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pandas as pd

from cip.catalogue.people_groups import load_people_groups
from cip.catalogue.questions import load_questions
from cip.errors import Problem, find_nearest
from cip.framework.logic_model import KnownIds
from cip.framework.outcomes_columns import (
    DATA,
    MOMENTS,
    SAME,
    SECTOR,
    SURVEY,
    TYPED,
)
from cip.framework.outcomes_sources import Measured, Series, find_series, list_sources, split_source
from cip.framework.outcomes_typed import check_typed
from cip.inputs import find_person, split_choices
from cip.inputs.columns import fold_name

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
_BANK_ID = re.compile(r"[a-z0-9]+(_[a-z0-9]+)+")


def check_outcomes(
    table: pd.DataFrame, *, today: date, known: KnownIds, measured: Measured
) -> Iterator[Problem]:
    """Yield every problem between the cells of the file, with row and column."""
    rows = table.astype("object").where(table.notna(), None).to_dict("records")
    yield from check_ids(rows)
    for item in rows:
        row = int(item["row"])
        for problem in _check_row(item, today, measured):
            yield replace(problem, row=row)
        yield from check_links(item, known)


def check_ids(rows: list[dict], column: str = "id") -> Iterator[Problem]:
    """Yield ids that stand twice or hold what no link can."""
    first: dict[str, int] = {}
    for item in rows:
        name, row = item[column], int(item["row"])
        if name is None:
            continue
        if not _ID.fullmatch(name):
            shown = None if find_person(name) else name
            message = "this id cannot be linked to"
            expected = "letters, digits, hyphens and underscores"
            yield Problem(message, row=row, column=column, found=shown, expected=expected)
        if (other := first.setdefault(name.casefold(), row)) != row:
            yield Problem(f"this id stands in row {other} already", row=row, column=column)


def check_links(item: dict, known: KnownIds) -> Iterator[Problem]:
    """Yield recommendations, actions and grants that are not known."""
    for column in ("recommendations", "actions", "grants"):
        for name in split_choices(item.get(column)):
            if column in known and name not in known[column]:
                yield Problem(
                    f"there is no {column.removesuffix('s')} with this id",
                    row=int(item["row"]),
                    column=column,
                    found=None if find_person(name) else name,
                    nearest=find_nearest(name, known[column]),
                )


def _check_row(item: dict, today: date, measured: Measured) -> Iterator[Problem]:
    if not item["goal"] and not item["asks"]:
        message = "this outcome belongs to no goal and to no question"
        yield Problem(message, column="goal", expected="a goal, or a question under 'asks'")
    yield from _check_wordings(item)
    if item["taken_from"]:
        yield from _check_taken(item, measured)
    else:
        yield from check_typed(item, today)


def _check_wordings(item: dict) -> Iterator[Problem]:
    first, second = (item[f"{moment}_wording"] for moment in MOMENTS)
    for moment in MOMENTS:
        wording = item[f"{moment}_wording"]
        if wording and _BANK_ID.fullmatch(wording) and wording not in load_questions():
            yield Problem(
                "the question bank has no such question",
                column=f"{moment}_wording",
                found=wording,
                expected="an id of the question bank, or the question in its words",
                nearest=find_nearest(wording, load_questions()),
            )
    if first and second and fold_name(read_wording(first)) != fold_name(read_wording(second)):
        yield Problem(
            "the follow-up asked in other words, so that a change cannot be told from the wording",
            column="followup_wording",
            found=second,
            expected=f"the wording of the baseline: {first}",
        )


def read_wording(wording: str) -> str:
    """Return the question that an id of the bank stands for, or the words themselves."""
    question = load_questions().get(wording)
    return question.wording if question else wording


def _check_taken(item: dict, measured: Measured) -> Iterator[Problem]:
    for column in TYPED:
        if item[column] is not None:
            message = "this figure is taken from a table of the workbook; do not type it again"
            yield Problem(message, column=column, expected="a blank cell")
    taken = item["taken_from"]
    kind = split_source(taken)[0]
    if kind not in (SURVEY, SECTOR, DATA):
        expected = "survey:<question>.<answer>, sector:<question>.<answer> or data:<indicator>"
        message = "figures cannot be taken from this"
        yield Problem(message, column="taken_from", found=taken, expected=expected)
        return
    if item["among"] and (problem := _check_among(item["among"], kind)):
        yield problem
        return
    names = list_sources(measured, kind)
    if names is None:
        return  # The chapter that makes the table has not run, or has no such input.
    if taken not in names:
        near = find_nearest(taken, names)
        yield Problem(
            "nothing was measured by this", column="taken_from", found=taken, nearest=near
        )
        return
    series = find_series(measured, taken, item["among"] or "")
    if series is None:
        message = "nothing was measured of this group"
        yield Problem(message, column="among", found=item["among"])
        return
    yield from _check_series(item, series)


def _check_among(among: str, kind: str) -> Problem | None:
    groups = load_people_groups()
    name, _, group = (part.strip() for part in among.partition(":"))
    if kind != SURVEY:
        return Problem("only a survey of residents is broken down by group", column="among")
    if name not in groups:
        near = find_nearest(name, groups)
        expected = "characteristic: group, as in 'age: 16_24'"
        return Problem(
            "this characteristic is not known",
            column="among", found=among, expected=expected, nearest=near,
        )  # fmt: skip
    labels = groups[name].labels
    if labels and group not in labels:
        near = find_nearest(group, labels)
        return Problem("this group is not known", column="among", found=among, nearest=near)
    return None


def _check_series(item: dict, series: Series) -> Iterator[Problem]:
    if item["design"] and item["design"] != series.design and series.design == SAME:
        yield Problem("these are the same people before and after", column="design", expected=SAME)
    elif item["design"] == SAME and series.design != SAME:
        message = "the waves asked different people, as far as the survey tells"
        yield Problem(message, column="design", found=SAME, expected=series.design)
    for moment in MOMENTS:
        column = f"{moment}_on"
        on = item[column]
        if on and on not in series.moments:
            yield Problem(
                "nothing was measured then",
                column=column,
                found=on,
                expected=f"one of {', '.join(series.moments)}",
                nearest=find_nearest(on, series.moments),
            )
    first, second = item["baseline_on"], item["followup_on"]
    places = [series.moments.index(on) for on in (first, second) if on in series.moments]
    if len(places) == len(MOMENTS) and places[1] <= places[0]:
        message = "the follow-up is not after the baseline"
        yield Problem(message, column="followup_on", found=second, expected=f"after {first}")
    yield from _check_series_wording(item, series)


def _check_series_wording(item: dict, series: Series) -> Iterator[Problem]:
    asked = {fold_name(text) for text in series.wordings.values()}
    if len(asked) > 1:
        message = "the waves asked this in different words, so that they cannot be compared"
        yield Problem(message, column="taken_from", found=item["taken_from"])
    for moment in MOMENTS:
        wording = item[f"{moment}_wording"]
        if wording and asked and fold_name(read_wording(wording)) not in asked:
            yield Problem(
                "the survey did not ask it in these words",
                column=f"{moment}_wording",
                found=wording,
                expected=next(iter(series.wordings.values())),
            )
