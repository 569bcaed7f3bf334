"""How good suggested themes are, in notebook 04: beside chance and a simple baseline."""

from __future__ import annotations

import pandas as pd

from cip.catalogue.suggestions import Accuracy, SuggestionFacts, Way, load_suggestion_facts
from cip.display.blocks import Block, NoteBlock, TableBlock
from cip.framework.milestones import write_day
from cip.pages.engagement_stage import Heard

#: Ways in the order of the table. The last two need no text and learn nothing.
_LABELS: dict[Way, str] = {
    "words and model": "Words and a sentence model",
    "model": "The sentence model alone",
    "words": "Words alone",
    "most frequent": "Always the two commonest themes",
    "chance": "Chance",
}
_FIXED = ("most frequent", "chance")
#: Comments coded by hand before the first suggestion, and after a morning's work.
_NONE, _SOME = 0, 200


def show_suggestion_quality(heard: Heard) -> list[Block]:
    """Return how often suggested themes are right; nothing where the area has no excerpts."""
    if heard.voices is None:
        return []
    facts = load_suggestion_facts()
    return [_explain(facts), _tabulate(facts)]


def _explain(facts: SuggestionFacts) -> NoteBlock:
    both, words = (facts.find(way, _SOME) for way in ("words and model", "words"))
    start, common = facts.find("words and model", _NONE), facts.find("most frequent", _NONE)
    first = (
        "Themes are given by people. Whoever codes in JupyterLab may be offered two for a passage that "
        "they have not read yet. A suggestion is optional and is never applied until a person "
        "presses it. Those offered are the nearest by shared words; where the extra 'suggest' is "
        "installed, by words and a sentence model together, which works without a network. The "
        "panel says which. No record is kept of themes that were offered."
    )
    second = (
        f"On {facts.data.texts:,} comments that people had labelled, after {_SOME} others were coded "
        f"by hand, the first theme offered was right for {both.top_1:.0f} in 100 by words and model "
        f"and {words.top_1:.0f} by words alone, and one of the two for {both.top_2:.0f} and "
        f"{words.top_2:.0f}. Before anything is coded, words and model have one of two right for "
        f"{start.top_2:.0f} in 100, {_compare(start, common)} always naming the two commonest themes "
        f"({common.top_2:.0f}). So read the passage first."
    )
    return NoteBlock("info", "Themes suggested by machine", f"{first}\n\n{second}")


def _compare(one: Accuracy, other: Accuracy) -> str:
    """Say how one way stands to another; ranges that overlap say nothing."""
    limits = (one.top_2_lower_95, one.top_2_upper_95, other.top_2_lower_95, other.top_2_upper_95)
    if None not in limits:
        lower, upper, other_lower, other_upper = limits
        if lower > other_upper:  # type: ignore[operator]
            return "more than"
        if upper < other_lower:  # type: ignore[operator]
            return "less than"
    return "about as often as"


def _tabulate(facts: SuggestionFacts) -> TableBlock:
    rows = []
    for way, label in _LABELS.items():
        start = facts.find(way, _NONE)
        later = start if way in _FIXED else facts.find(way, _SOME)
        shown = [_show(one, what) for one in (start, later) for what in ("top_1", "top_2")]
        rows.append([label, *shown])
    names = ["way", "first_0", "either_0", "first_200", "either_200"]
    data = facts.data
    return TableBlock(
        block_id="suggestion-quality",
        caption=f"How often a suggested theme is the one that a person chose, of {data.themes} "
        "themes (%, with 95% interval)",
        frame=pd.DataFrame(rows, columns=names),
        column_labels={
            "way": "Way of choosing",
            "first_0": "First right, nothing coded",
            "either_0": "One of two right, nothing coded",
            "first_200": f"First right, {_SOME} coded",
            "either_200": f"One of two right, {_SOME} coded",
        },
        note=f"{data.caveat} Measured on {write_day(facts.measured_on)}.",
        source_line=f"Source: {data.title}, {data.publisher}; licence: {data.licence}; "
        f"{data.landing}.",
    )


def _show(one: Accuracy, what: str) -> str:
    value = getattr(one, what)
    lower, upper = getattr(one, f"{what}_lower_95"), getattr(one, f"{what}_upper_95")
    if lower is None or upper is None:
        return f"{value:.0f}"
    return f"{value:.0f} ({lower:.0f} to {upper:.0f})"
