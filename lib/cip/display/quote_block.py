"""Quotations that a person has cleared, by theme, each with the label of who speaks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from cip.display.anchors import write_evidence_link
from cip.display.blocks import Block
from cip.display.cells import is_missing
from cip.display.markup import escape, make_id, write_paragraph
from cip.display.theme_chart import POLARITIES
from cip.display.untrusted_text import strip_unseen

_TITLE_LEVEL = 4
_COLUMNS = ("quote_id", "theme_id", "polarity", "text", "speaker_label", "voice")
_CLEARANCE = ("cleared_by", "cleared_on")


@dataclass(frozen=True, kw_only=True)
class QuoteList(Block):
    """Quotations under the headings of their themes.

    Parameters
    ----------
    block_id
        Short name, unique in the notebook; the anchor is ``quotes-<block_id>``.
    title
        What the quotations show, in words.
    quotes
        Rows of the table ``quotes``: one row per cleared quotation, in the order to show.
    theme_labels
        Name of each theme by id, in the order to show.
    places
        The id on the page of each quotation, by its id (`cip.display.anchors.name_places`).
    evidence_ids
        The entry of the evidence ledger of each quotation, by its id.
    note, source_line
        As for :class:`cip.display.blocks.FigureBlock`.

    Raises
    ------
    ValueError
        If there are no quotations, one is not cleared, has no words or no label of who speaks,
        or its theme has no name. Messages name the quotation and never hold its words.
    """

    block_id: str
    title: str
    quotes: pd.DataFrame = field(repr=False)
    theme_labels: Mapping[str, str]
    places: Mapping[str, str] = field(default_factory=dict)
    evidence_ids: Mapping[str, str] = field(default_factory=dict)
    note: str = ""
    source_line: str = ""

    def __post_init__(self) -> None:
        if self.quotes.empty or not self.title.strip():
            raise ValueError(f"the quotations '{self.block_id}' need a title and a quotation")
        for row in self.quotes.to_dict("records"):
            _check(row, self.theme_labels)

    def to_html(self) -> str:
        """Return the quotations as HTML; their words are escaped and keep their direction."""
        parts = "".join(
            f'<h5 class="cip-title cip-theme">{escape(label)}</h5>'
            + "".join(self._write_quote(row) for row in rows)
            for label, rows in self._list_themes()
        )
        inner = (
            f'<h{_TITLE_LEVEL} class="cip-title">{escape(self.title)}</h{_TITLE_LEVEL}>{parts}'
            + write_paragraph(self.note, "cip-note")
            + write_paragraph(self.source_line, "cip-source")
        )
        return (
            f'<div class="cip-block cip-quotes" id="{escape(make_id("quotes", self.block_id))}" '
            f'data-cip-block="quotes">{inner}</div>'
        )

    def _write_quote(self, row: Mapping[str, Any]) -> str:
        name = str(row["quote_id"])
        place, evidence_id = self.places.get(name, ""), self.evidence_ids.get(name, "")
        link = f" {write_evidence_link(evidence_id, f'quotation {name}')}" if evidence_id else ""
        return _write_quote(row, place, link)

    def to_text(self) -> str:
        """Return the quotations as plain text, each with who speaks."""
        lines = [self.title]
        for label, rows in self._list_themes():
            lines += ["", label]
            lines += [f"“{_clean(row['text'])}” ({_name_speaker(row)})" for row in rows]
        lines += [part for part in (self.note, self.source_line) if part]
        return "\n".join(lines)

    def _list_themes(self) -> list[tuple[str, list[Mapping[str, Any]]]]:
        rows = self.quotes.to_dict("records")
        held = {
            label: [row for row in rows if str(row["theme_id"]) == theme]
            for theme, label in self.theme_labels.items()
        }
        return [(label, found) for label, found in held.items() if found]


def _check(row: Mapping[str, Any], theme_labels: Mapping[str, str]) -> None:
    name = row["quote_id"]
    if any(is_missing(row[c]) or not str(row[c]).strip() for c in _CLEARANCE):
        raise ValueError(f"the quotation '{name}' is not cleared")
    empty = [c for c in ("text", "speaker_label") if is_missing(row[c]) or not str(row[c]).strip()]
    if empty:
        raise ValueError(f"the quotation '{name}' has no {' and no '.join(empty)}")
    if str(row["theme_id"]) not in theme_labels:
        raise ValueError(f"the theme of the quotation '{name}' has no name")


def _clean(text: object) -> str:
    return strip_unseen(text).strip()


def _name_speaker(row: Mapping[str, Any]) -> str:
    voice = "" if is_missing(row["voice"]) else str(row["voice"])
    parts = [_clean(row["speaker_label"]), _clean(voice)]
    return ", ".join(part for part in parts if part)


def _write_quote(row: Mapping[str, Any], place: str, link: str) -> str:
    # No quotation marks: those of another language would be others. The element says it is one.
    paragraphs = "".join(
        f'<p dir="auto">{escape(part.strip())}</p>'
        for part in _clean(row["text"]).split("\n")
        if part.strip()
    )
    polarity = POLARITIES.get(str(row["polarity"]), "") if row["polarity"] != "either" else ""
    kind = f' <span class="cip-polarity">{escape(polarity)}</span>' if polarity else ""
    start = f'<div class="cip-quote" id="{escape(place)}">' if place else '<div class="cip-quote">'
    return (
        f"{start}<blockquote>{paragraphs}</blockquote>"
        f'<p class="cip-speaker"><bdi>{escape(_name_speaker(row))}</bdi>{kind}{link}</p></div>'
    )
