"""The publishing checklist: what people answer, and what the workbook looks at by itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import pandas as pd

from cip.catalogue.publishing import load_items
from cip.errors import Problem
from cip.inputs import Column, read_table, write_form
from cip.summary.publishing_checks import CheckResult

YES, NO, NOT_APPLICABLE = "yes", "no", "not applicable"
#: States of an item, in the order in which they are shown: what is to do comes first.
OPEN, LATER, SETTLED = "to do", "looked at when the reports are written", "settled"
STATES = (OPEN, LATER, SETTLED)


def list_publishing_columns() -> dict[str, Column]:
    """Return the columns of ``publishing.csv``."""
    return {
        "item": Column(
            kind="choice",
            required=True,
            choices=tuple(load_items()),
            description="Name of the item; leave it as it is.",
        ),
        "question": Column(description="The question in words, for whoever fills in the form."),
        "answer": Column(
            kind="choice", choices=(YES, NO, NOT_APPLICABLE), description="Blank while it is open."
        ),
        "by": Column(privacy="role", description="Role that answers; never a person."),
        "on": Column(kind="date", description="Day of the answer."),
        "note": Column(privacy="role", description="What was done, or why it does not apply."),
    }


def list_form_rows() -> list[dict[str, str]]:
    """Return the rows of an empty form: every question that people answer, none answered."""
    return [
        {"item": name, "question": item.question}
        for name, item in load_items().items()
        if item.check is None
    ]


def write_publishing_form(path: Path) -> Path:
    """Write the checklist with every question that people answer."""
    return write_form(path, list_publishing_columns(), list_form_rows())


def read_publishing(path: Path) -> pd.DataFrame:
    """Read the answers.

    Returns
    -------
    DataFrame
        One row per row of the file: the declared columns and ``row``.

    Raises
    ------
    ParameterError
        With every problem of the file: an item that stands twice or that the workbook looks at
        by itself, an answer without its role or day, one that is not applicable without a note or
        where the item always applies.
    """
    return read_table(path, list_publishing_columns(), check=_check)


def _check(table: pd.DataFrame) -> Iterator[Problem]:
    rows: dict[str, int] = {}
    for item in table.itertuples():
        row = int(item.row)
        if pd.isna(item.item):
            continue
        if (other := rows.setdefault(item.item, row)) != row:
            yield Problem(f"this item stands in row {other} already", row=row, column="item")
        if load_items()[item.item].check is not None:
            message = "this item is looked at by the workbook itself; take the row out"
            yield Problem(message, row=row, column="item", found=item.item)
        elif pd.notna(item.answer):
            yield from _check_answer(item, row)


def _check_answer(item, row: int) -> Iterator[Problem]:
    for name, expected in {"by": "the role that answers", "on": "the day of the answer"}.items():
        if pd.isna(getattr(item, name)):
            yield Problem("this answer is not complete", row=row, column=name, expected=expected)
    if item.answer != NOT_APPLICABLE:
        return
    if not load_items()[item.item].may_not_apply:
        message = "this item applies to every profile"
        yield Problem(message, row=row, column="answer", found=item.answer, expected="yes or no")
    elif pd.isna(item.note):
        yield Problem("a note must say why this does not apply", row=row, column="note")


def build_publishing(
    answers: pd.DataFrame | None,
    checks: Sequence[CheckResult],
    *,
    today: date,
    path: Path | None = None,
) -> tuple[pd.DataFrame, list[Problem]]:
    """Return the whole checklist, and what keeps a version from being final.

    Parameters
    ----------
    answers
        As :func:`read_publishing` gives it, or None where nothing is answered yet.
    checks
        What the workbook has looked at; what it has not is shown as such and is no problem.
    today
        Day of the report: a later answer does not count.
    path
        The file of answers, for messages.

    Returns
    -------
    tuple
        One row per item, in the order of the checklist: ``item, group, question, why, who, check,
        answer, by, on, note, state, words``; and the problems of the items that are to do, with
        file and row where there is one.
    """
    held = {} if answers is None else {item.item: item for item in answers.itertuples()}
    seen = {result.check: result for result in checks}
    rows, problems = [], []
    for name, item in load_items().items():
        if item.check is None:
            row, problem = _judge_answer(name, held.get(name), today, path)
            problems += [problem] if problem else []
        else:
            row = _show_check(seen.get(item.check))
            problems += seen[item.check].problems if item.check in seen else []
        facts = {"item": name, "group": item.group, "question": item.question, "why": item.why}
        rows.append({**facts, "who": item.who, "check": item.check or "", **row})
    return pd.DataFrame(rows), problems


def _judge_answer(
    name: str, given, today: date, path: Path | None
) -> tuple[dict[str, str], Problem | None]:
    if given is None or pd.isna(given.answer):
        row = None if given is None else int(given.row)
        problem = Problem(
            f"the publishing checklist has no answer to '{name}'",
            file=path,
            row=row,
            column="answer" if row else None,
            expected=f"{YES} or {NO}, with role and day",
        )
        return _fill(OPEN, "No answer yet."), problem
    cells = {"answer": given.answer, "by": given.by, "on": f"{given.on:%Y-%m-%d}"}
    cells["note"] = given.note if pd.notna(given.note) else ""
    place = {"file": path, "row": int(given.row)}
    if given.on.date() > today:
        message = f"the day of the answer to '{name}' has not come yet"
        expected = f"a day up to the report's, {today.isoformat()}"
        problem = Problem(message, column="on", found=cells["on"], expected=expected, **place)
        return _fill(OPEN, "Answered for a day to come.", **cells), problem
    if given.answer == NO:
        message = f"the answer of the publishing checklist to '{name}' is no"
        problem = Problem(message, column="answer", expected="the matter to be settled", **place)
        return _fill(OPEN, "Answered with no.", **cells), problem
    words = "Does not apply." if given.answer == NOT_APPLICABLE else "Answered with yes."
    return _fill(SETTLED, words, **cells), None


def _show_check(result: CheckResult | None) -> dict[str, str]:
    if result is None:
        return _fill(LATER, "The workbook looks at this when the reports are written.")
    return _fill(SETTLED if result.is_met else OPEN, result.words)


def _fill(state: str, words: str, **cells: str) -> dict[str, str]:
    blank = {"answer": "", "by": "", "on": "", "note": ""}
    return {**blank, **cells, "state": state, "words": words}
