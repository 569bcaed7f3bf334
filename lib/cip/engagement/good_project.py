"""The checklist of a good engagement project: what is settled, and what is still open."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from cip.catalogue.engagement import load_project_checks
from cip.engagement.publishable import read_published
from cip.errors import Problem
from cip.inputs import Column

YES, PARTLY, NO, NOT_YET = "yes", "partly", "no", "not yet"
#: Gaps first: the order in which questions are listed.
ANSWERS = (NO, NOT_YET, PARTLY, YES)
GAPS = (NO, NOT_YET)


def list_good_project_columns() -> dict[str, Column]:
    """Return the columns of ``good_project.csv``."""
    return {
        "question_id": Column(
            kind="choice",
            required=True,
            choices=tuple(load_project_checks()),
            description="Name of the question; leave it as it is.",
        ),
        "question": Column(description="The question in words, for whoever fills in the form."),
        "answer": Column(
            kind="choice",
            choices=(YES, PARTLY, NO, NOT_YET),
            description="'not yet' where it is still to be done, 'no' where it will not be.",
        ),
        "evidence": Column(
            privacy="role", description="Where this can be seen, such as a plan or a minute."
        ),
    }


def list_form_rows() -> list[dict[str, str]]:
    """Return the rows of an empty form: every question, nothing answered."""
    checks = load_project_checks().values()
    return [{"question_id": check.id, "question": check.question} for check in checks]


def read_good_project(path: Path) -> pd.DataFrame:
    """Read the answers to the checklist.

    Returns
    -------
    DataFrame
        One row per row of the file: the declared columns and ``row``.

    Raises
    ------
    ParameterError
        With every problem of the file, among them a question that stands twice, a 'yes' or
        'partly' without evidence, and personal details, which no problem repeats.
    """
    return read_published(path, list_good_project_columns(), _check)


def _check(table: pd.DataFrame) -> Iterator[Problem]:
    first_rows: dict[str, int] = {}
    for item in table.itertuples():
        row = int(item.row)
        if pd.notna(item.question_id):
            other = first_rows.setdefault(item.question_id, row)
            if other != row:
                message = f"this question stands in row {other} already"
                yield Problem(message, row=row, column="question_id")
        if item.answer in (YES, PARTLY) and pd.isna(item.evidence):
            message = f"this question is answered '{item.answer}' but names no evidence"
            expected = "where it can be seen, or another answer"
            yield Problem(message, row=row, column="evidence", expected=expected)


def build_good_project(answers: pd.DataFrame | None) -> pd.DataFrame:
    """Return the whole checklist with its answers, gaps first.

    Parameters
    ----------
    answers
        As :func:`read_good_project` gives it, or None where there is no file.

    Returns
    -------
    DataFrame
        One row per question: ``question_id, label, question, answer, evidence, is_gap,
        is_unanswered``. Unanswered questions come first, then no, not yet, partly and yes, each
        in the order of the catalogue. The words are the catalogue's, whatever the file says.
    """
    checks = load_project_checks()
    table = pd.DataFrame(
        [(check.id, check.label, check.question) for check in checks.values()],
        columns=["question_id", "label", "question"],
    )
    empty = pd.DataFrame({"question_id": [], "answer": [], "evidence": []}, dtype="str")
    held = empty if answers is None else answers[list(empty.columns)]
    table = table.merge(held, on="question_id", how="left", validate="1:1")
    table["is_gap"] = table["answer"].isin(GAPS)
    table["is_unanswered"] = table["answer"].isna()
    order = table["answer"].map(ANSWERS.index, na_action="ignore").astype(float).fillna(-1)
    return table.loc[order.sort_values(kind="stable").index].reset_index(drop=True)


def count_answers(checklist: pd.DataFrame) -> dict[str, int]:
    """Return how many questions have each answer, and how many none: never a score."""
    counts = checklist["answer"].value_counts()
    found = {answer: int(counts.get(answer, 0)) for answer in (YES, PARTLY, NOT_YET, NO)}
    return {**found, "unanswered": int(checklist["is_unanswered"].sum())}
