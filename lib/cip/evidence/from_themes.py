"""Entries of what people said in their own words: themes, cleared quotations and stories."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from cip.assets.record import split_parts
from cip.display.anchors import name_quotes
from cip.display.cells import is_missing
from cip.display.markup import make_id
from cip.engagement.themes import ALL_VOICES, rank_priorities
from cip.evidence.entry import Entry
from cip.evidence.from_answers import STAGE
from cip.evidence.words import (
    clean_words,
    count_things,
    make_evidence_id,
    quote_words,
    read_polarity,
    take_number,
    write_date,
    write_number,
    write_sentence,
)
from cip.statistics.survey_display import FLAGGED

_Row = Mapping[str, Any]
_SOURCE = "Source: interviews, groups, street outreach and open answers, coded by hand."
_WITHHELD = "it is withheld, because so few people spoke of it or to protect another figure"
_SIDES = {
    "enabler": "as something that helps",
    "challenge": "as something that stands in the way",
}
_EITHER = "as something that may help or stand in the way"


def from_themes(themes: pd.DataFrame, *, people_heard: int | None) -> list[Entry]:
    """Return an entry for each theme, over all ways in which people were heard.

    Parameters
    ----------
    themes
        The table ``themes``.
    people_heard
        People whose passages were coded; None where that is not known.
    """
    rows = themes[themes["voice"] == ALL_VOICES]
    anchor = "note-what-people-speak-of" if rank_priorities(themes).empty else "fig-themes"
    return [_make_theme(row, people_heard, anchor) for row in rows.to_dict("records")]


def _make_theme(row: _Row, people_heard: int | None, anchor: str) -> Entry:
    name = clean_words(row["theme"])
    is_shown = not is_missing(row["people"])
    side = _SIDES.get(str(row["polarity"]), _EITHER)
    small = ", on a small base that needs care" if row["display"] == FLAGGED else ""
    said = f"{_count_people(row, people_heard)} spoke of it {side}{small}" if is_shown else ""
    return Entry(
        evidence_id=make_evidence_id("theme", str(row["theme_id"])),
        label=name,
        statement=write_sentence(f"{name}: {said or f'no figure, {_WITHHELD}'}"),
        value=take_number(row["people"]),
        base=float(people_heard) if people_heard and is_shown else None,
        unit="people",
        topics=split_parts(row["topic"]),
        direction=read_polarity(row["polarity"]) if is_shown and row["people"] else "",
        is_citable=is_shown,
        reason="" if is_shown else _WITHHELD,
        source_ids=("excerpts",),
        source=_SOURCE,
        stage=STAGE,
        anchor=anchor,
    )


def _count_people(row: _Row, people_heard: int | None) -> str:
    if not people_heard:
        return count_things(row["people"], "person", "people")
    number = "none" if not row["people"] else write_number(row["people"])
    return f"{number} of {count_things(people_heard, 'person', 'people')} heard"


def from_quotes(quotes: pd.DataFrame, themes: pd.DataFrame) -> list[Entry]:
    """Return an entry for each quotation that a person has cleared, with who speaks.

    Parameters
    ----------
    quotes
        The table ``quotes``: its texts are cleared for use.
    themes
        The table ``themes``: a quotation is about what its theme is about.
    """
    own = themes[themes["voice"] == ALL_VOICES]
    topics = dict(zip(own["theme_id"], own["topic"], strict=True))
    names = dict(zip(own["theme_id"], own["theme"], strict=True))
    places = name_quotes(quotes)
    return [
        _make_quote(row, topics, names, places[str(row["quote_id"])])
        for row in quotes.to_dict("records")
    ]


def _make_quote(
    row: _Row, topics: Mapping[str, Any], names: Mapping[str, Any], anchor: str
) -> Entry:
    parts = [clean_words(row["speaker_label"]), clean_words(row["voice"])]
    speaker = ", ".join(part for part in parts if part)
    theme = clean_words(names.get(row["theme_id"])) or clean_words(row["theme_id"])
    cleared = write_date(row["cleared_on"])
    return Entry(
        evidence_id=make_evidence_id("quote", str(row["quote_id"])),
        label=f"Quotation {clean_words(row['quote_id'])}: {theme}",
        statement=write_sentence(f"“{clean_words(row['text'])}” ({speaker})"),
        topics=split_parts(topics.get(row["theme_id"])),
        direction=read_polarity(row["polarity"]),
        source_ids=("quotes", "excerpts"),
        source=f"Source: {clean_words(row['voice']) or 'own words'}, cleared for use on {cleared}.",
        stage=STAGE,
        anchor=anchor,
    )


def from_cases(cases: pd.DataFrame) -> list[Entry]:
    """Return an entry for each story that was told with consent (table ``case_studies``)."""
    return [
        Entry(
            evidence_id=make_evidence_id("case", str(row["case_id"])),
            label=clean_words(row["title"]),
            statement=write_sentence(
                f"The story {quote_words(row['title'])}, told with consent given on "
                f"{write_date(row['consent_on'])}"
            ),
            topics=split_parts(row["topics"]),
            source_ids=("case_studies",),
            source=f"Source: a story told with consent, cleared by {clean_words(row['cleared_by'])}.",
            stage=STAGE,
            anchor=make_id("story", str(row["case_id"])),
        )
        for row in cases.to_dict("records")
    ]
