"""Suggested themes: two at most, none where no word is shared, never a text in the answer."""

from __future__ import annotations

import numpy as np
import pytest

from cip.engagement.codebook import Codebook, Theme
from cip.engagement.suggest import measure_suggestions, suggest_themes

BOOK = Codebook(
    (
        Theme("homes", "Homes"),
        Theme("damp", "Damp homes", "Mould, wet walls and cold rooms.", parent="homes"),
        Theme("bus", "Buses", "The bus does not come; fares and timetables."),
        Theme("gp", "Doctors", "Appointments with a doctor or dentist."),
    )
)


def test_the_nearest_two_themes_are_offered():
    found = suggest_themes(["A wet wall and no bus", "The dentist's appointment"], BOOK)
    assert list(found["first"]) == ["damp", "gp"]
    assert found["second"].iloc[0] == "bus"
    assert ((found["first_score"] > 0) & (found["first_score"] <= 1)).all()
    assert list(found.columns) == ["first", "first_score", "second", "second_score"]


@pytest.mark.parametrize("text", ["", "🐕", "xyzzy", "42", "هذا نص"])
def test_a_text_that_resembles_nothing_gets_no_suggestion(text):
    found = suggest_themes([text, "bus"], BOOK)
    assert found.loc[0].isna().all()
    assert found["first"].iloc[1] == "bus"


def test_a_very_long_text_is_read_from_its_start():
    assert suggest_themes(["bus " + "x " * 100_000], BOOK)["first"].tolist() == ["bus"]


def test_coded_examples_teach_words_that_no_description_has():
    text = ["The ceiling drips on my bed"]
    assert suggest_themes(text, BOOK)["first"].isna().all()
    taught = suggest_themes(text, BOOK, examples=[("A ceiling that drips", "damp")])
    assert taught["first"].tolist() == ["damp"]


def test_a_sentence_model_may_be_handed_in():
    def encode(texts):
        return np.array([[len(t) % 2, 1.0, "bus" in t.casefold()] for t in texts], dtype=float)

    found = suggest_themes(["no bus"], BOOK, model=encode)
    assert found["first"].tolist() == ["bus"]


def test_no_texts_give_an_empty_table():
    assert suggest_themes([], BOOK).empty


def test_accuracy_stands_beside_chance_and_the_most_frequent():
    texts = ["wet wall", "mould", "the bus", "nothing here"]
    found = measure_suggestions(texts, ["damp", "damp", "bus", "gp"], BOOK).set_index("way")
    assert found.loc["suggestion", ["top_1", "top_2", "without"]].tolist() == [75.0, 75.0, 25.0]
    assert found.loc["most frequent", ["top_1", "top_2"]].tolist() == [50.0, 75.0]
    assert found.loc["chance", "top_1"] == pytest.approx(100 / 3)
