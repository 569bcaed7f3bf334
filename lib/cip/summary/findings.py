"""Findings: what is known of each building block of health and of each theme that many speak of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd

from cip.catalogue.building_blocks import load_topics
from cip.catalogue.findings import load_finding_rules
from cip.evidence.citing import find_citations, list_cited
from cip.schemas.summary import SUMMARY
from cip.summary.findings_choice import Chosen, choose_pieces
from cip.summary.findings_pieces import (
    Piece,
    count_people,
    keep_kind,
    keep_topic,
    list_pieces,
)
from cip.summary.findings_words import clear_citations, write_gaps, write_statements, write_text
from cip.summary.strength import judge_strength, list_old
from cip.summary.triangulation import find_theme_side, triangulate

#: A theme's finding is ``theme-`` and the theme's id.
THEME_PREFIX = "theme-"
#: What of a finding holds citations.
CITING_COLUMNS = ("text", "data_say", "people_say", "what_is_there", "gaps")


def draft_findings(
    evidence: pd.DataFrame,
    *,
    area: str,
    today: date,
    quote_themes: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """Draft a finding for each topic with evidence, and for each theme that many speak of.

    Parameters
    ----------
    evidence
        The ledger: one row per entry, with the columns of EVIDENCE_COLUMNS.
    area
        The area's name as sentences write it.
    today
        Date of the report; the age of figures counts from it.
    quote_themes
        Theme of each quotation, by ``quote_id``; without it a theme's finding has no quotation.

    Returns
    -------
    DataFrame
        One row per finding (`cip.schemas.summary`, table ``findings``): strengths first, then
        challenges, then both, then not known; in each the strongest evidence first.

    Notes
    -----
    The rules and sentences are declared in ``findings.toml``. The text is plain, not Markdown; its
    citations are in square brackets.
    """
    pieces = list_pieces(evidence)
    heard = keep_kind(pieces, "heard")
    has_voices = any(piece.knowledge == "voices" for piece in pieces)
    rows = []
    for topic, entry in load_topics().items():
        about = keep_topic(pieces, topic)
        chosen = choose_pieces(about, quote_themes=quote_themes)
        # What is known may be all withheld, within chance, or a type of which nothing is listed.
        if chosen.every:
            subject = _Subject(topic, topic, "", entry.label)
            rows.append(
                _draft(subject, about, chosen, heard, area=area, today=today, has_voices=has_voices)
            )
    for theme in _list_spoken(pieces):
        topic = theme.topics[0] if theme.topics else ""
        about = _keep_theme(pieces, theme, topic, quote_themes or {})
        chosen = choose_pieces(about, theme_id=theme.name, quote_themes=quote_themes)
        subject = _Subject(f"{THEME_PREFIX}{theme.name}", topic, theme.name, theme.label)
        rows.append(
            _draft(subject, about, chosen, heard, area=area, today=today, has_voices=has_voices)
        )
    return sort_findings(_build_table(rows))


class _Subject:
    """What a finding is about: a topic, or a theme with the topic that it belongs to."""

    def __init__(self, finding_id: str, topic: str, theme_id: str, label: str) -> None:
        self.finding_id, self.topic, self.theme_id = finding_id, topic, theme_id
        self.label = clear_citations(label).strip()

    @property
    def in_text(self) -> str:
        """The subject inside a sentence: a theme in quotation marks, as people's words are."""
        return f"“{self.label}”" if self.theme_id else self.label[:1].lower() + self.label[1:]

    @property
    def has_assets(self) -> bool:
        """Whether assets are for it: a topic that is an outcome has none of its own."""
        topics = load_topics()
        return self.topic not in topics or topics[self.topic].has_assets

    @property
    def topic_in_text(self) -> str:
        """The theme's topic inside a sentence; empty for a topic."""
        topics = load_topics()
        if not self.theme_id or self.topic not in topics:
            return ""
        label = topics[self.topic].label
        return label[:1].lower() + label[1:]


def _list_spoken(pieces: Iterable[Piece]) -> list[Piece]:
    """Return the themes that enough people speak of; a withheld theme is not among them."""
    least = load_finding_rules().themes.least_people
    themes = [piece for piece in keep_kind(pieces, "theme") if piece.is_citable]
    return [theme for theme in themes if theme.value >= least]


def _keep_theme(
    pieces: Sequence[Piece], theme: Piece, topic: str, quote_themes: Mapping[str, str]
) -> list[Piece]:
    """Return what is known of a theme: it and its quotations, and its topic's other knowledge."""
    others = [p for p in keep_topic(pieces, topic) if p.knowledge in ("numbers", "assets")]
    quotes = [p for p in keep_kind(pieces, "quote") if quote_themes.get(p.name) == theme.name]
    return [*others, theme, *quotes]


def _draft(
    subject: _Subject,
    about: Sequence[Piece],
    chosen: Chosen,
    heard: Sequence[Piece],
    *,
    area: str,
    today: date,
    has_voices: bool,
) -> dict[str, Any]:
    triangle = triangulate(about)
    side = find_theme_side(triangle) if subject.theme_id else triangle.side
    strength = judge_strength(chosen.every, heard, triangle=triangle, today=today)
    words = load_finding_rules().sides[side]
    opening = (words.theme_opening if subject.theme_id else words.opening).format(
        topic=subject.in_text,
        evidence=triangle.evidence,
        point=triangle.point,
        area=clear_citations(area),
        citation=f"[theme:{subject.theme_id}]",
    )
    old = list_old(chosen.every, today=today)
    row = {
        "finding_id": subject.finding_id,
        "title": words.title.format(subject=subject.label),
        "side": side,
        "topic": subject.topic,
        "theme_id": subject.theme_id,
        "text": write_text(chosen, opening=opening),
        "data_say": write_statements(chosen.numbers),
        "people_say": write_statements(chosen.voices),
        "what_is_there": write_statements(chosen.assets),
        "fit": triangle.fit,
        "fit_words": triangle.words,
        "strength": strength.level,
        "strength_words": strength.words,
        "gaps": write_gaps(
            about,
            chosen,
            heard,
            old=old,
            theme_topic=subject.topic_in_text,
            has_voices=has_voices,
            has_assets=subject.has_assets,
        ),
        "is_edited": False,
        "file": "",
        "people": count_people(chosen.voices),
    }
    return {**row, "cites": "; ".join(list_row_cites(row))}


def list_row_cites(row: Mapping[str, Any]) -> list[str]:
    """Return the evidence that a finding's words cite, each id once, in reading order."""
    return list_cited(
        citation for column in CITING_COLUMNS for citation in find_citations(str(row[column]))
    )


def sort_findings(findings: pd.DataFrame) -> pd.DataFrame:
    """Return findings by side, then strength of evidence, then number of people.

    A column ``people`` orders findings of equal strength; one named ``order`` comes before the
    strength. Neither is in the result.
    """
    rules = load_finding_rules()
    sides, levels = list(rules.sides), [level.id for level in rules.strength.levels]
    keys = pd.DataFrame(
        {
            "side": findings["side"].map(sides.index),
            "order": findings.get("order", pd.Series(float("inf"), index=findings.index)),
            "strength": findings["strength"].map(levels.index),
            "people": -findings["people"],
        }
    )
    # Equals stay in the order of the catalogue, so that two runs give the same table.
    order = keys.sort_values(list(keys), kind="stable").index
    columns = list(SUMMARY["findings"].columns)
    return findings.loc[order, columns].reset_index(drop=True)


def _build_table(rows: list[dict[str, Any]]) -> pd.DataFrame:
    schema = SUMMARY["findings"].columns
    table = pd.DataFrame(rows, columns=[*schema, "people"])
    for name, kind in schema.items():
        table[name] = table[name].astype("boolean" if kind == "flag" else "str")
    table["people"] = pd.to_numeric(table["people"]).astype("float64")
    return table
