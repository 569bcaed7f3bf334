"""The page says how good suggested themes are, with the numbers of the catalogue."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from cip.catalogue.suggestions import Accuracy, load_suggestion_facts
from cip.display.blocks import NoteBlock, TableBlock
from cip.pages.voice_suggestions import _compare, show_suggestion_quality


def test_an_area_without_excerpts_gets_nothing():
    assert show_suggestion_quality(SimpleNamespace(voices=None)) == []  # type: ignore[arg-type]


def test_the_numbers_stand_beside_chance_and_the_two_commonest_themes():
    note, table = show_suggestion_quality(SimpleNamespace(voices=object()))  # type: ignore[arg-type]
    assert isinstance(note, NoteBlock)
    assert isinstance(table, TableBlock)
    facts = load_suggestion_facts()
    both = facts.find("words and model", 200)
    assert f"right for {both.top_1:.0f} in 100" in note.body
    assert "never applied until a person presses it" in note.body
    rows = table.frame.set_index("way")
    assert list(rows.index) == [
        "Words and a sentence model", "The sentence model alone", "Words alone",
        "Always the two commonest themes", "Chance",
    ]  # fmt: skip
    assert rows.loc["Chance"].tolist() == ["11", "22", "11", "22"]
    assert rows.loc["Words and a sentence model", "either_200"] == (
        f"{both.top_2:.0f} ({both.top_2_lower_95:.0f} to {both.top_2_upper_95:.0f})"
    )
    assert facts.data.licence in table.source_line
    assert facts.data.caveat in table.note
    assert "NHS" in table.to_html()


@pytest.mark.parametrize(
    ("limits", "words"),
    [((60, 62), "less than"), ((70, 72), "more than"), ((64, 67), "about as often as")],
)
def test_ranges_that_overlap_are_not_told_apart(limits, words):
    def make(lower: float, upper: float) -> Accuracy:
        return Accuracy(
            way="words", examples=0, top_1=1, top_2=(lower + upper) / 2,
            top_2_lower_95=lower, top_2_upper_95=upper,
        )  # fmt: skip

    assert _compare(make(*limits), make(65, 68)) == words
