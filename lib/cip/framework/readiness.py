"""Readiness: the answers to what should be settled before a profile begins."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from cip.catalogue.readiness import load_questions
from cip.errors import Problem
from cip.inputs import Column, read_table

NOT_STARTED, IN_HAND, SETTLED, NOT_RELEVANT = "not started", "in hand", "settled", "not relevant"
#: Open ones first: the order in which questions are listed.
STATUSES = (NOT_STARTED, IN_HAND, SETTLED, NOT_RELEVANT)
OPEN = (NOT_STARTED, IN_HAND)


def list_readiness_columns() -> dict[str, Column]:
    """Return the columns of ``readiness.csv``."""
    return {
        "question_id": Column(
            kind="choice",
            required=True,
            choices=tuple(load_questions()),
            description="Name of the question; leave it as it is.",
        ),
        "question": Column(description="The question in words, for whoever fills in the form."),
        "answer": Column(privacy="role", description="The answer in a sentence or two."),
        "owner": Column(
            privacy="role", description="Role or organisation that sees to it; never a person."
        ),
        "status": Column(kind="choice", choices=STATUSES, description="How far it is."),
    }


def list_form_rows() -> list[dict[str, str]]:
    """Return the rows of an empty form: every question, nothing answered."""
    return [
        {"question_id": name, "question": question.text, "status": NOT_STARTED}
        for name, question in load_questions().items()
    ]


def read_readiness(path: Path) -> pd.DataFrame:
    """Read the answers.

    Raises
    ------
    ParameterError
        With every problem of the file, among them a question that stands twice and one marked
        as settled without an answer.
    """
    return read_table(path, list_readiness_columns(), check=_check)


def _check(table: pd.DataFrame) -> Iterator[Problem]:
    first_rows: dict[str, int] = {}
    for item in table.itertuples():
        row = int(item.row)
        if pd.notna(item.question_id):
            other = first_rows.setdefault(item.question_id, row)
            if other != row:
                message = f"this question stands in row {other} already"
                yield Problem(message, row=row, column="question_id")
        if item.status == SETTLED and pd.isna(item.answer):
            message = "this question is marked as settled but has no answer"
            yield Problem(message, row=row, column="answer")


def build_checklist(answers: pd.DataFrame | None) -> pd.DataFrame:
    """Return the whole checklist with its answers: the hand-over table ``readiness``.

    Parameters
    ----------
    answers
        As :func:`read_readiness` gives it, or None where nothing is answered yet.

    Returns
    -------
    DataFrame
        One row per question, in the order of the checklist: ``question_id, heading, question,
        answer, owner, status, is_open, is_unanswered``. A question without a row, or with a
        blank status, is not started. The words are the checklist's, whatever the file says.
    """
    questions = load_questions()
    table = pd.DataFrame(
        {
            "question_id": list(questions),
            "heading": [question.heading for question in questions.values()],
            "question": [question.text for question in questions.values()],
        }
    )
    if answers is None:
        held = pd.DataFrame(
            {"question_id": [], "answer": [], "owner": [], "status": []}, dtype="str"
        )
    else:
        held = answers[["question_id", "answer", "owner", "status"]]
    table = table.merge(held, on="question_id", how="left", validate="1:1")
    table["status"] = table["status"].fillna(NOT_STARTED)
    table["is_open"] = table["status"].isin(OPEN)
    table["is_unanswered"] = table["answer"].isna() & (table["status"] != NOT_RELEVANT)
    return table


def count_progress(checklist: pd.DataFrame) -> pd.DataFrame:
    """Return how many questions stand where: one row per heading, in order, never a score.

    Columns: ``heading``, one count per status, ``unanswered`` and ``questions``.
    """
    grouped = checklist.groupby("heading", sort=False)
    counts = grouped["status"].value_counts().unstack(fill_value=0)
    counts = counts.reindex(columns=list(STATUSES), fill_value=0)
    counts["unanswered"] = grouped["is_unanswered"].sum()
    counts["questions"] = grouped.size()
    counts = counts.reindex(list(dict.fromkeys(checklist["heading"])))
    counts.columns.name = None
    return counts.astype("Int64").rename_axis("heading").reset_index()


def order_open_first(checklist: pd.DataFrame) -> pd.DataFrame:
    """Return the checklist with what is still to do first, else in its own order."""
    keys = checklist["status"].map(STATUSES.index)
    return checklist.loc[keys.sort_values(kind="stable").index].reset_index(drop=True)
