"""Cleared quotations in notebook 04: a balanced choice for the report, and all others after it."""

from __future__ import annotations

import pandas as pd

from cip.display.anchors import name_quotes
from cip.display.blocks import Block, NoteBlock
from cip.display.quote_block import QuoteList
from cip.engagement.choice import propose_quotes
from cip.engagement.quotes import Clearances
from cip.engagement.themes import ALL_VOICES, rank_priorities
from cip.evidence.words import make_evidence_id
from cip.pages.engagement_stage import Heard, VoiceResults
from cip.pages.pending_input import write_need

MOST_QUOTES = 14


def show_quotes(heard: Heard, cleared: Clearances | None) -> list[Block]:
    """Return a balanced choice of cleared quotations, or what is needed for one."""
    if cleared is None:
        what = "Quotations that a person has read, checked and cleared with the speaker's consent."
        return [write_need("quotes", "In their own words", what)]
    if cleared.quotes.empty or heard.voices is None:
        body = " ".join(["No quotation is cleared for this report.", *cleared.notes])
        return [NoteBlock("info", "In their own words", body)]
    ids = _choose(heard.voices, cleared)
    note = (
        "Each was read and cleared by a person. The choice takes each theme, both what helps and "
        "what gets in the way, and nobody twice."
    )
    shown = cleared.quotes.set_index("quote_id", drop=False).loc[ids].reset_index(drop=True)
    return [
        _list_quotes(
            shown,
            cleared,
            heard.voices,
            block_id="quotes",
            title="In their own words",
            note=" ".join([note, *cleared.notes]),
        )
    ]


def show_further_quotes(heard: Heard, cleared: Clearances | None) -> list[Block]:
    """Return the cleared quotations that the balanced choice leaves out; none where it has all.

    They stand in the chapter alone: whatever rests on one must lead to its words.
    """
    if cleared is None or cleared.quotes.empty or heard.voices is None:
        return []
    chosen = _choose(heard.voices, cleared)
    others = cleared.quotes[~cleared.quotes["quote_id"].isin(chosen)].reset_index(drop=True)
    if others.empty:
        return []
    return [
        _list_quotes(
            others,
            cleared,
            heard.voices,
            block_id="further-quotes",
            title="Further quotations that were cleared",
            note="They were read and cleared in the same way. The reports leave them out, so that "
            "no theme and no voice is heard more than others.",
        )
    ]


def _choose(voices: VoiceResults, cleared: Clearances) -> list[str]:
    counted = voices.tables.themes
    everyone = counted[counted["voice"] == ALL_VOICES]
    chosen = propose_quotes(cleared.quotes, cleared.speakers, everyone, most=MOST_QUOTES)
    return [one.quote_id for one in chosen]


def _list_quotes(
    shown: pd.DataFrame,
    cleared: Clearances,
    voices: VoiceResults,
    *,
    block_id: str,
    title: str,
    note: str,
) -> QuoteList:
    names = {theme.id: theme.name for theme in voices.codebook.themes}
    own = set(shown["theme_id"])
    ranked = [name for name in rank_priorities(voices.tables.themes)["theme_id"] if name in own]
    order = [*ranked, *(name for name in names if name in own and name not in ranked)]
    return QuoteList(
        block_id=block_id,
        title=title,
        quotes=shown,
        theme_labels={name: names[name] for name in order},
        places=name_quotes(cleared.quotes),
        evidence_ids={
            name: make_evidence_id("quote", name) for name in shown["quote_id"].astype(str)
        },
        note=note,
    )
