"""Reviewers' comments on a draft, and the answers to them.

Comments are working papers: what they say is read here and goes no further. Chapters, tables and
downloads show their ids, what they refer to and whether they are answered.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

import pandas as pd

from cip.display.markup import make_id
from cip.errors import Problem, find_nearest
from cip.evidence.citing import FINDING
from cip.evidence.entry import make_anchor
from cip.inputs import Column, read_table

RECOMMENDATION, REPORT = "recommendation", "report"
#: A comment may be on a whole report.
REPORTS = ("data_report", "insight_report", "summary_report")


def list_comment_columns() -> dict[str, Column]:
    """Return the columns of ``comments.csv``."""
    return {
        "comment_id": Column(
            required=True, privacy="no_contact", description="Short name, such as C01."
        ),
        "refers_to": Column(
            required=True,
            description="What it is about: an id of evidence such as data:social_rented, "
            "finding:housing, recommendation:R1, report:summary_report, or the address of a place "
            "in a report from its # on.",
        ),
        "comment": Column(required=True, privacy="role", description="What was said."),
        "from_role": Column(
            required=True, privacy="role", description="Role or organisation; never a person."
        ),
        "date": Column(kind="date", required=True, description="Day on which it came."),
        "answer": Column(privacy="role", description="What we say to it; blank while it is open."),
        "answered_by": Column(privacy="role", description="Role that answers; never a person."),
        "answered_on": Column(kind="date", description="Day of the answer."),
        "changed": Column(kind="flag", description="Whether the report was changed: yes or no."),
    }


def list_anchors(
    evidence: pd.DataFrame,
    findings: Collection[str] = (),
    recommendations: Collection[str] = (),
    *,
    sections: Collection[str] = (),
) -> frozenset[str]:
    """Return everything that a comment can refer to.

    Parameters
    ----------
    evidence
        The ledger: one row per entry, ``evidence_id`` and ``anchor``.
    findings, recommendations
        Their ids.
    sections
        Ids of further places in the reports.
    """
    ids = [str(name) for name in evidence["evidence_id"]]
    places = [str(name) for name in evidence["anchor"]]
    marks = {FINDING: findings, RECOMMENDATION: recommendations, REPORT: REPORTS}
    named = [f"{kind}:{name}" for kind, names in marks.items() for name in names]
    aimed = [make_id(kind, name) for kind, names in marks.items() for name in names]
    return frozenset([*ids, *map(make_anchor, ids), *places, *named, *aimed, *sections]) - {""}


def read_comments(path: Path, *, anchors: Collection[str]) -> pd.DataFrame:
    """Read the comments.

    Parameters
    ----------
    anchors
        What can be referred to, as :func:`list_anchors` gives it.

    Returns
    -------
    DataFrame
        One row per comment, in the order of the file: the declared columns, ``row``,
        ``is_answered``, ``is_there`` (what it refers to exists) and ``nearest`` (the most similar
        thing that does, where it does not). Several comments may be on one thing.

    Raises
    ------
    ParameterError
        With every problem of the file: an id that stands twice, an answer without its role, day
        or consequence, one given before the comment came, personal details. What a comment refers
        to may have gone since; that is told by :func:`find_gone`.
    """
    table = read_table(path, list_comment_columns(), check=_check)
    table["refers_to"] = [_tidy_target(target) for target in table["refers_to"]]
    known = sorted(anchors)
    table["is_answered"] = table["answer"].notna()
    table["is_there"] = table["refers_to"].isin(known)
    table["nearest"] = [
        None if is_there else find_nearest(target, known)
        for target, is_there in zip(table["refers_to"], table["is_there"], strict=True)
    ]
    return table


def _tidy_target(text: str) -> str:
    """Return an id without the brackets of a citation, or the part of an address after its #."""
    text = text.strip()
    if text.startswith("[") and text.endswith("]"):
        return text[1:-1].strip()
    return text.rpartition("#")[2]


def _check(table: pd.DataFrame) -> Iterator[Problem]:
    rows: dict[str, int] = {}
    for item in table.itertuples():
        row = int(item.row)
        if pd.notna(item.comment_id):
            other = rows.setdefault(item.comment_id.casefold(), row)
            if other != row:
                message = f"this comment stands in row {other} already"
                yield Problem(message, row=row, column="comment_id", found=item.comment_id)
        yield from _check_answer(item, row)


def _check_answer(item, row: int) -> Iterator[Problem]:
    filled = {name: pd.notna(getattr(item, name)) for name in ("answered_by", "answered_on")}
    if pd.isna(item.answer):
        if any(filled.values()) or pd.notna(item.changed):
            message = "this comment has no answer, and yet its row says who gave it, when, or what it changed"
            yield Problem(message, row=row, column="answer")
        return
    wanted = {"answered_by": "the role that answers", "answered_on": "the day of the answer"}
    for name, expected in wanted.items():
        if not filled[name]:
            yield Problem("this answer is not complete", row=row, column=name, expected=expected)
    if pd.isna(item.changed):
        expected = "yes or no: whether the report was changed"
        yield Problem("this answer is not complete", row=row, column="changed", expected=expected)
    if filled["answered_on"] and pd.notna(item.date) and item.answered_on < item.date:
        message = "this answer was given before the comment came"
        found, expected = f"{item.answered_on:%Y-%m-%d}", f"{item.date:%Y-%m-%d} or later"
        yield Problem(message, row=row, column="answered_on", found=found, expected=expected)


def find_gone(comments: pd.DataFrame, path: Path) -> list[Problem]:
    """Return a problem for every comment on something that is not there, with its row."""
    return [
        Problem(
            f"comment {item.comment_id} is on something that is not there: it has gone, or never "
            "was",
            file=path,
            row=int(item.row),
            column="refers_to",
            found=item.refers_to,
            nearest=item.nearest if isinstance(item.nearest, str) else None,
        )
        for item in comments[~comments["is_there"]].itertuples()
    ]


def find_unanswered(comments: pd.DataFrame, path: Path) -> list[Problem]:
    """Return a problem for every comment without an answer, with its row and never its text."""
    return [
        Problem(
            f"comment {item.comment_id} on {item.refers_to} has no answer",
            file=path,
            row=int(item.row),
            column="answer",
        )
        for item in comments[~comments["is_answered"]].itertuples()
    ]


def count_comments(comments: pd.DataFrame) -> pd.DataFrame:
    """Return what may be shown of comments: ids and counts, no word of what was said.

    Returns
    -------
    DataFrame
        One row per thing that was commented on, in the order of the first comment: ``refers_to``,
        ``comment_ids`` (joined by "; "), ``comments``, ``answered``, ``changed`` (answers that
        changed the report), ``is_there``.
    """
    grouped = comments.assign(changed=comments["changed"].fillna(False)).groupby(
        "refers_to", sort=False
    )
    counts = grouped.agg(
        comment_ids=("comment_id", "; ".join),
        comments=("comment_id", "size"),
        answered=("is_answered", "sum"),
        changed=("changed", "sum"),
        is_there=("is_there", "all"),
    )
    numbers = ["comments", "answered", "changed"]
    return counts.astype(dict.fromkeys(numbers, "Int64")).reset_index()
