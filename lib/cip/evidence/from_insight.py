"""Entries of what was known before: the register of reports and consultations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from cip.assets.record import split_parts
from cip.evidence.entry import Entry
from cip.evidence.words import (
    clean_words,
    make_evidence_id,
    quote_words,
    write_date,
    write_sentence,
)
from cip.framework.insight import ENDS_SOON, LIVE, NO_FINDINGS, NOT_VALID, PLANNED, STALE

STAGE = "geography"
#: Consultations that stand in a table of their own, because their end is still to come.
_OPEN = (LIVE, ENDS_SOON, PLANNED)
_REFUSED = {
    NO_FINDINGS: "it has no findings yet",
    NOT_VALID: "it is marked as no longer valid",
}
_NOT_TOLD = "the register does not say what it found"


def from_insight(insight: pd.DataFrame) -> list[Entry]:
    """Return an entry for each report or consultation of the table ``insight``.

    One that has no findings, or is no longer valid, cannot be cited. What is stale can be, and
    its statement says so.
    """
    return [_make_entry(row) for row in insight.to_dict("records")]


def _make_entry(row: Mapping[str, Any]) -> Entry:
    title, owner = clean_words(row["title"]), clean_words(row["owner"])
    found = clean_words(row["what_it_says"])
    when = write_date(row["published"]) or write_date(row["end"]) or write_date(row["start"])
    reason = _REFUSED.get(str(row["validity"]), "" if found else _NOT_TOLD)
    said = f", {when}, says: {quote_words(found)}" if found and not reason else f": {reason}"
    stale = ", which is stale: check it with its owner before building on it"
    return Entry(
        evidence_id=make_evidence_id("insight", str(row["insight_id"])),
        label=title,
        statement=write_sentence(
            f"{quote_words(title)} by {owner}{said}"
            f"{stale if row['validity'] == STALE and not reason else ''}"
        ),
        period=when,
        topics=split_parts(row["topics"]),
        is_citable=not reason,
        reason=reason,
        source_ids=("insight",),
        source=f"Source: {', '.join(part for part in (title, owner, when) if part)}.",
        vintage=clean_words(row["area"]),
        stage=STAGE,
        anchor="tab-consultations" if row["stage"] in _OPEN else "tab-insight",
    )
