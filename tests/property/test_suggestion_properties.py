"""What must hold of suggested themes, whatever was said and however it is typed."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cip.engagement.codebook import Codebook, Theme
from cip.engagement.sentence_model import SentenceModel
from cip.engagement.suggest import suggest_themes
from cip.interactive.voices_code import Suggestions

BOOK = Codebook(
    (
        Theme("homes", "Homes"),
        Theme("damp", "Damp homes", "Mould, wet walls and cold rooms.", parent="homes"),
        Theme("bus", "Buses", "The bus does not come; fares and timetables."),
        Theme("gp", "Doctors", "Appointments with a doctor or dentist."),
    )
)
IDS = {theme.id for theme in BOOK.themes} - set(BOOK.headings)
WORDS = ["mould", "wet", "bus", "dentist", "the", "appointment", "late", "naïve", "stop"]
sentences = st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join)
anything = st.one_of(sentences, st.text(max_size=40))
few = settings(max_examples=25, deadline=None)


class Pieces:
    """A tokenizer whose pieces are pairs of letters."""

    def encode(self, word: str, *, add_special_tokens: bool) -> SimpleNamespace:
        pairs = zip(word, word[1:] + " ", strict=True)
        return SimpleNamespace(ids=[(ord(a) * 31 + ord(b)) % 97 for a, b in pairs])


MODEL = SentenceModel(np.random.default_rng(3).normal(size=(97, 12)).astype(np.float32), Pieces())
both_ways = pytest.mark.parametrize("model", [None, MODEL], ids=["words", "with a model"])


def suggest(texts: list[str], model: SentenceModel | None) -> list[tuple[object, object]]:
    found = suggest_themes(texts, BOOK, model=model).astype(object)
    found = found.where(found.notna(), None)
    return list(found[["first", "second"]].itertuples(index=False, name=None))


@both_ways
@few
@given(texts=st.lists(anything, max_size=5))
def test_at_most_two_different_themes_that_are_no_headings(model, texts):
    for first, second in suggest(texts, model):
        named = [theme for theme in (first, second) if theme is not None]
        assert set(named) <= IDS
        assert len(set(named)) == len(named)
        assert not (first is None and second is not None)


@both_ways
@few
@given(texts=st.lists(anything, min_size=1, max_size=5), seed=st.randoms())
def test_the_order_of_the_texts_changes_nothing(model, texts, seed):
    before = dict(zip(texts, suggest(texts, model), strict=True))
    shuffled = list(texts)
    seed.shuffle(shuffled)
    assert dict(zip(shuffled, suggest(shuffled, model), strict=True)) == before
    assert suggest(texts, model) == suggest(texts, model)


@both_ways
@few
@given(text=sentences)
def test_case_emoji_and_what_comes_after_20_000_letters_change_nothing(model, text):
    plain, shouted, decorated = suggest([text, text.upper(), f"🐕 {text} 👋 !!"], model)
    assert plain == shouted == decorated
    long = text.ljust(20_000)
    assert suggest([long + "bus " * 20_000], model) == suggest([long], model)


@few
@given(
    texts=st.lists(sentences, min_size=2, max_size=5),
    data=st.data(),
)
def test_what_a_coder_has_read_is_offered_nothing_and_no_code_is_changed(texts, data):
    excerpts = [f"E{place}" for place in range(len(texts))]
    own = data.draw(st.dictionaries(st.sampled_from(excerpts), st.sampled_from([(), ("bus",)])))
    state = SimpleNamespace(
        coder="a",
        codes={"a": dict(own)},
        codebook=BOOK,
        frame=pd.DataFrame({"excerpt_id": excerpts, "text": texts}),
    )
    offers = Suggestions(suggest_themes)
    for excerpt in excerpts:
        offered = offers.list_for(state, excerpt)
        assert len(offered) <= 2
        assert not set(offered) & set(own.get(excerpt, ()))
        assert not (excerpt in own and offered)
    assert state.codes == {"a": own}
