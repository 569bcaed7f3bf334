"""Figures that are typed into ``outcomes.csv``: days, units, pairs, and what they need."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from cip.errors import Problem
from cip.framework.outcomes_columns import MOMENTS, PAIRS, RECORDS, SAME
from cip.inputs import Column, find_person
from cip.inputs.columns import CellError, read_cell

_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
DAY_EXPECTED = "year-month-day, such as 2026-03-31"


def check_typed(item: dict, today: date) -> Iterator[Problem]:
    """Yield what is wrong with figures that are typed into a row, without the row."""
    has_pairs = [name for name in PAIRS if item[name] is not None]
    if item["among"]:
        message = "a group can be named only where the survey's own figures are taken"
        yield Problem(message, column="among", expected="a blank cell")
    yield from _check_pairs(item, has_pairs)
    is_measured = bool(has_pairs) or any(item[f"{m}_value"] is not None for m in MOMENTS)
    if not is_measured:
        return
    if not item["design"]:
        message = "say how the two measurements belong together"
        yield Problem(message, column="design", expected="one of the designs")
    if not item["unit"]:
        yield Problem("say in which unit this is", column="unit", expected="% or what is counted")
    yield from _check_shares(item)
    yield from _check_needed(item, bool(has_pairs))
    yield from _check_days(item, today)


def _check_pairs(item: dict, has_pairs: list[str]) -> Iterator[Problem]:
    if not has_pairs:
        return
    if item["design"] and item["design"] != SAME:
        message = "pairs belong to the same people"
        yield Problem(message, column="design", found=item["design"], expected=SAME)
    for name in PAIRS:
        if item[name] is None:
            yield Problem("all four counts of pairs are needed", column=name)
    for column in ("baseline_value", "followup_value", "baseline_base", "followup_base"):
        if item[column] is not None:
            message = "this follows from the pairs; do not type it again"
            yield Problem(message, column=column, expected="a blank cell")
    if item["unit"] and item["unit"] != "%":
        yield Problem("pairs give shares", column="unit", found=item["unit"], expected="%")


def _check_shares(item: dict) -> Iterator[Problem]:
    for moment in MOMENTS:
        value = item[f"{moment}_value"]
        if item["unit"] == "%" and value is not None and value > 100:
            column = f"{moment}_value"
            yield Problem("a share is at most 100", column=column, found=f"{value:g}")


def _check_needed(item: dict, has_pairs: bool) -> Iterator[Problem]:
    if item["followup_value"] is not None and item["baseline_value"] is None:
        yield Problem("there is a follow-up without a baseline", column="baseline_value")
    for moment in MOMENTS:
        if item[f"{moment}_value"] is None and not has_pairs:
            continue
        if not item[f"{moment}_on"]:
            message = "the day of this measurement is missing"
            yield Problem(message, column=f"{moment}_on", expected=DAY_EXPECTED)
        if item["design"] and item["design"] != RECORDS and not item[f"{moment}_wording"]:
            message = "say how the question was worded, so that the two can be compared"
            yield Problem(message, column=f"{moment}_wording")


def _check_days(item: dict, today: date) -> Iterator[Problem]:
    days = {}
    for moment in MOMENTS:
        column = f"{moment}_on"
        found = read_day(item[column] or "", column)
        if isinstance(found, Problem):
            yield found
        elif found is not None:
            days[moment] = found
            if found > today:
                message = "this day lies after the report"
                expected = f"{today.isoformat()} at the latest"
                yield Problem(message, column=column, found=found.isoformat(), expected=expected)
    if len(days) == len(MOMENTS) and days["followup"] <= days["baseline"]:
        yield Problem(
            "the follow-up is not after the baseline",
            column="followup_on",
            found=days["followup"].isoformat(),
            expected=f"after {days['baseline'].isoformat()}",
        )


def read_day(text: str, column: str) -> date | Problem | None:
    """Return a day written as year-month-day, what is wrong with it, or None for a blank."""
    if not text.strip():
        return None
    try:
        found = read_cell(text, Column(kind="date"))
    except CellError as error:
        problem = error.problem
        shown = None if find_person(text) else problem.found
        return Problem(problem.message, column=column, found=shown, expected=DAY_EXPECTED)
    assert isinstance(found, date)
    if _ISO_DAY.fullmatch(text.strip()):
        return found
    message = "this day is written in another way, so that day and month may be mixed up"
    return Problem(
        message, column=column, found=text, expected=DAY_EXPECTED, nearest=found.isoformat()
    )
