"""The register of grants added up: by status and by recommendation, and what to ask of others."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from cip.display.blocks import KeyFacts, NoteBlock, TableBlock
from cip.display.markup import make_id
from cip.display.strip_drawing import count_noun, write_day
from cip.display.untrusted_text import strip_unseen
from cip.framework.grants import (
    AWARDED,
    OVERDUE,
    total_by_recommendation,
    total_by_status,
)
from cip.framework.grants_others import total_by_scheme

_SOURCE = "Source: register of grants, as filed for this area."
_POUNDS = "£{:,.0f}"


def show_money(grants: pd.DataFrame) -> KeyFacts:
    """Return what was awarded and spent, and how many reports are overdue."""
    awarded = grants[grants["status"].isin(AWARDED)]
    total, spent = awarded["amount"].sum(), awarded["spent"].sum()
    known = int(awarded["spent"].notna().sum())
    late = int((grants["report"] == OVERDUE).sum())
    share = f"{100 * spent / total:.0f}% of it" if total and known == len(awarded) else ""
    told = f"told by {known} of {len(awarded)}" if known < len(awarded) else share
    return KeyFacts(
        [
            ("Grants awarded", f"{len(awarded)}", "those withdrawn are left out"),
            ("Awarded", f"£{total:,.0f}", ""),
            ("Spent so far", f"£{spent:,.0f}", told),
            ("Reports overdue", f"{late}", f"of {count_noun(len(grants), 'grant')}"),
        ],
        block_id="grants",
    )


def show_late(grants: pd.DataFrame) -> NoteBlock | None:
    """Return which reports are overdue, or None where none is."""
    late = grants[grants["report"] == OVERDUE]
    if late.empty:
        return None
    lines = [
        f"{strip_unseen(row.recipient)}: the report was due on {write_day(row.monitoring_due)}, "
        f"{count_noun(int(row.days_overdue), 'day')} ago."
        for row in late.itertuples()
    ]
    return NoteBlock("warning", "Reports that are overdue", "\n\n".join(lines))


def show_register(grants: pd.DataFrame) -> TableBlock:
    """Return the register: one row per grant, each a link to its place on the page."""
    records = grants.to_dict("records")
    frame = pd.DataFrame(
        {
            "recipient": [strip_unseen(row["recipient"]) for row in records],
            "project": [strip_unseen(row["project"]) for row in records],
            "amount": grants["amount"].to_list(),
            "spent": grants["spent"].to_list(),
            "status": [str(row["status"]).capitalize() for row in records],
            "report": [str(row["report"]).capitalize() for row in records],
        }
    )
    return TableBlock(
        block_id="grant-register",
        caption="Register of grants: award, spending and report",
        frame=frame,
        column_labels={
            "recipient": "Recipient", "project": "What for", "amount": "Award",
            "spent": "Spent", "status": "Status", "report": "Report",
        },
        formats={"amount": _POUNDS, "spent": _POUNDS},
        anchors={"recipient": [make_id("grant", str(row["grant_id"])) for row in records]},
        source_line=_SOURCE,
    )  # fmt: skip


def show_statuses(grants: pd.DataFrame) -> TableBlock:
    """Return awards and spending by status."""
    table = total_by_status(grants)
    return TableBlock(
        block_id="grants-by-status",
        caption="Grants by status",
        frame=table.assign(status=table["status"].str.capitalize()),
        column_labels={
            "status": "Status", "grants": "Grants", "amount": "Awarded", "spent": "Spent",
            "spent_known": "Grants whose spending is known",
        },
        formats={"amount": _POUNDS, "spent": _POUNDS},
        source_line=_SOURCE,
    )  # fmt: skip


def show_recommendations(grants: pd.DataFrame, labels: Mapping[str, str]) -> TableBlock:
    """Return awards by recommendation, and recommendations that no grant carries out."""
    table = total_by_recommendation(grants)
    funded = set(table["recommendation_id"])
    named = [name.partition(":")[2] for name in labels if name.startswith("recommendation:")]
    left = [(name, 0, 0.0, 0.0) for name in named if name not in funded]
    rows = [
        *table[["recommendation_id", "grants", "amount", "spent"]].itertuples(
            index=False, name=None
        ),
        *left,
    ]
    frame = pd.DataFrame(rows, columns=["recommendation", "grants", "amount", "spent"])
    words = [strip_unseen(labels.get(f"recommendation:{r}", r)) for r in frame["recommendation"]]
    return TableBlock(
        block_id="grants-by-recommendation",
        caption="Grants by recommendation",
        frame=frame.assign(recommendation=words),
        column_labels={
            "recommendation": "Recommendation", "grants": "Grants", "amount": "Awarded",
            "spent": "Spent",
        },
        formats={"amount": _POUNDS, "spent": _POUNDS},
        source_line=_SOURCE,
        note="A grant that carries out two recommendations counts in full under each, so the rows "
        "add up to more than the whole. Withdrawn grants are left out.",
    )  # fmt: skip


def show_schemes(others: pd.DataFrame) -> TableBlock:
    """Return what other local schemes gave, by scheme and year."""
    table = total_by_scheme(others)
    years = ["not told" if pd.isna(year) else f"{year}" for year in table["year"]]
    return TableBlock(
        block_id="other-schemes",
        caption="Grants of other local schemes, as their funders list them",
        frame=table.assign(
            scheme=[strip_unseen(one) or "not told" for one in table["scheme"]], year=years
        ),
        column_labels={
            "scheme": "Funder", "year": "Year of award", "grants": "Grants",
            "recipients": "Recipients, by name", "amount": "Awarded",
        },
        formats={"amount": _POUNDS},
        source_line="Source: lists that the funders publish, named in scoring.yml.",
        note="Sums are added up as listed. A list may be whole or a part, and an award may run for "
        "more than a year.",
    )  # fmt: skip


def show_questions(
    questions: pd.DataFrame, grants: pd.DataFrame, listed: int
) -> TableBlock | NoteBlock:
    """Return what to ask about grants of other schemes that may pay for the same."""
    rule = (
        "A grant is asked about where the recipients may be one and the time (12 months) or the "
        "purpose is the same too, or where another recipient got money within 12 months for what "
        "reads the same. Names and words are compared, nothing else: these are questions, not facts."
    )
    if questions.empty:
        body = f"None of the {listed} grants of other schemes raises a question.\n\n{rule}"
        return NoteBlock("info", "Other schemes", body)
    names = grants.set_index("grant_id")["recipient"]
    records = questions.to_dict("records")
    frame = pd.DataFrame(
        {
            "grant": [strip_unseen(names[row["grant_id"]]) for row in records],
            "other": [_word_other(row) for row in records],
            "why": [_word_reason(row) for row in records],
            "question": [row["question"] for row in records],
        }
    )
    return TableBlock(
        block_id="grant-questions",
        caption=f"{count_noun(len(questions), 'question')} to ask about other schemes",
        frame=frame,
        column_labels={
            "grant": "Our grant to", "other": "Grant of another scheme", "why": "Why it is asked",
            "question": "Question",
        },
        anchors={"grant": [make_id("grant", str(row["grant_id"])) for row in records]},
        note=rule,
    )  # fmt: skip


def _word_other(row: Mapping[str, object]) -> str:
    amount = "" if pd.isna(row["other_amount"]) else f", £{row['other_amount']:,.0f}"  # type: ignore[call-overload]
    recipient = strip_unseen(row["other_recipient"])
    return f"{recipient}: {_text(row['other_project'])}{amount} ({_text(row['scheme'])})"


def _word_reason(row: Mapping[str, object]) -> str:
    parts = [f"Recipients: {row['recipient_match']}"]
    if not pd.isna(row["months_apart"]):  # type: ignore[call-overload]
        months = int(row["months_apart"])  # type: ignore[call-overload]
        parts.append(f"{count_noun(months, 'month')} apart" if months else "the same month")
    if isinstance(row["shared_words"], str) and row["shared_words"]:
        parts.append(f"both say {row['shared_words']}")
    return "; ".join(parts)


def _text(value: object) -> str:
    return strip_unseen(value) if isinstance(value, str) and value else "not told"
