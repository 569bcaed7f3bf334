"""The part of notebook 05 on review and publication, and the words of a version on covers."""

from __future__ import annotations

from datetime import date

import pandas as pd

from cip.catalogue.publishing import cite_publishing, load_sign_off_rule
from cip.display.blocks import Block, KeyFacts, NoteBlock, TableBlock
from cip.pages.pending_input import write_need
from cip.param_models import Publication
from cip.params import ParameterFile
from cip.report.meta import write_date
from cip.summary.comments import count_comments
from cip.summary.publishing import OPEN, SETTLED, STATES
from cip.summary.review import DRAFT, FINAL, FOR_REVIEW, Readiness, Review, refuse_final
from cip.summary.sign_off import judge_sign_off, read_sign_off

_NEED_COMMENTS = (
    "Reviewers' comments",
    "Comments on the draft, each with what it is about and the answer to it, show that those who "
    "read the draft were heard. What they say stays a working paper.",
)
_NEED_SIGN_OFF = (
    "Sign-off",
    "Decisions of the steering group on each version show when the profile became theirs.",
)
_LABELS = {
    "what": "What is missing",
    "where": "Where",
    "expected": "What is wanted",
    "question": "Question",
    "group": "About",
    "state": "State",
    "answer": "Answer",
    "by": "Answered by",
    "words": "What was found",
    "who": "Who usually answers",
    "refers_to": "What it is about",
    "comment_ids": "Comments",
    "comments": "How many",
    "answered": "Answered",
    "changed": "Led to a change",
    "is_there": "Still there",
    "role": "Role",
    "organisation": "Organisation",
    "version": "Version",
    "decision": "Decision",
    "on": "Day",
    "note": "Note",
}


def write_version_label(publication: Publication, *, agreed_on: date | None = None) -> str:
    """Return the words of a version for covers and downloads.

    Parameters
    ----------
    agreed_on
        The day on which the chair agreed; wanted for a final version alone.

    Raises
    ------
    ValueError
        If a final version has no such day.

    Examples
    --------
    >>> write_version_label(Publication(version="0.1", status="draft"))
    'Draft 0.1: not for publication'
    """
    if publication.status == DRAFT:
        return f"Draft {publication.version}: not for publication"
    if publication.status == FOR_REVIEW:
        return f"Version {publication.version} for review"
    if agreed_on is None:
        raise ValueError("a final version is agreed on a day")
    return f"Version {publication.version}, final, agreed on {write_date(agreed_on)}"


def label_version(file: ParameterFile, *, today: date) -> str:
    """Return the words of the area's version, with the day of agreement from its own file.

    A version that calls itself final and is not agreed is named so: its run ends in notebook 05,
    and pages made before that must not look final.

    Raises
    ------
    ParameterError
        If the decisions cannot be read, with all their problems.
    """
    publication = file.params.publication
    if publication.status != FINAL:
        return write_version_label(publication)
    path = file.resolve_input("sign_off")
    decisions = None if path is None else read_sign_off(path)
    agreed_on = judge_sign_off(decisions, publication.version, today=today, path=path).agreed_on
    if agreed_on is None:
        return f"Version {publication.version}, not agreed: not for publication"
    return write_version_label(publication, agreed_on=agreed_on)


def write_warning_line(publication: Publication) -> str:
    """Return what stands on every page of a version that is not final, in words; else nothing."""
    if publication.status == DRAFT:
        return "Draft: figures and wording may still change. Please do not quote or pass on."
    if publication.status == FOR_REVIEW:
        return "For review: comments are asked for. Not yet agreed for publication."
    return ""


def show_status(readiness: Readiness) -> list[Block]:
    """Return which version this is and what is missing before it can be final.

    Raises
    ------
    ParameterError
        If it calls itself final and is not ready, with everything that is missing.
    """
    refuse_final(readiness)
    counts = readiness.checklist["state"].value_counts()
    publication = Publication(version=readiness.version, status=readiness.status)  # type: ignore[arg-type]
    label = write_version_label(publication, agreed_on=readiness.sign_off.agreed_on)
    settled, items = int(counts.get(SETTLED, 0)), len(readiness.checklist)
    agreed = readiness.sign_off.agreed_on
    facts = [
        ("Version", label, ""),
        ("Publishing checklist", f"{settled} of {items} items settled", ""),
        ("Chair's agreement", write_date(agreed) if agreed else "not recorded", ""),
    ]
    blocks: list[Block] = [KeyFacts(facts, block_id="publication")]
    if readiness.is_ready:
        words = "Nothing that could be looked at so far is missing for a final version."
        return [*blocks, NoteBlock("info", "Nothing is missing", words)]
    caption = f"What is still missing before version {readiness.version} can be final"
    missing = TableBlock(
        block_id="publication-missing",
        caption=caption,
        frame=readiness.missing,
        column_labels=_LABELS,
        note="A version that calls itself final is not made while anything stands here.",
    )
    return [*blocks, missing]


def show_checklist(readiness: Readiness) -> list[Block]:
    """Return the publishing checklist, what is to do first."""
    table = readiness.checklist
    order = table["state"].map(STATES.index).sort_values(kind="stable").index
    frame = table.loc[order, ["question", "group", "state", "by", "who", "words", "note"]]
    by = frame["by"].where(frame["by"] != "", "nobody yet")
    frame = frame.assign(by=by.where(table.loc[order, "check"] == "", "the workbook"))
    to_do = int((table["state"] == OPEN).sum())
    verb = "is" if to_do == 1 else "are"
    return [
        TableBlock(
            block_id="publishing",
            caption=f"Publishing checklist: {to_do} of {len(table)} items {verb} to do",
            frame=frame,
            column_labels=_LABELS,
            source_line=f"{cite_publishing()}; answers given for this area.",
            note=load_sign_off_rule().rule.strip(),
        )
    ]


def show_review(review: Review) -> list[Block]:
    """Return how many comments came and were answered, and who agreed to what; no comment's text."""
    return [*_show_comments(review.comments), *_show_decisions(review.decisions)]


def _show_comments(comments: pd.DataFrame | None) -> list[Block]:
    if comments is None:
        return [write_need("comments", *_NEED_COMMENTS)]
    if comments.empty:
        return [NoteBlock("info", "No comments", "Nobody has commented on the draft.")]
    frame = count_comments(comments)
    frame["is_there"] = frame["is_there"].map({True: "yes", False: "no: it has gone"})
    answered, number = int(comments["is_answered"].sum()), len(comments)
    return [
        TableBlock(
            block_id="comments",
            caption=f"{answered} of {number} comments on the draft are answered",
            frame=frame,
            column_labels=_LABELS,
            note="What the comments say is a working paper and is not shown.",
        )
    ]


def _show_decisions(decisions: pd.DataFrame | None) -> list[Block]:
    if decisions is None:
        return [write_need("sign_off", *_NEED_SIGN_OFF)]
    if decisions.empty:
        return [NoteBlock("info", "No decision yet", "Nobody has decided on a version yet.")]
    frame = decisions[["role", "organisation", "version", "decision", "on", "note"]]
    days = frame["on"].map(lambda day: write_date(day.date()))
    return [
        TableBlock(
            block_id="sign-off",
            caption="Decisions on versions of this profile",
            frame=frame.assign(on=days, note=frame["note"].fillna("")),
            column_labels=_LABELS,
        )
    ]
