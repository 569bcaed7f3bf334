"""Positions of REFI-QDA selections: whichever way a tool counts, the same words are found."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cip.engagement.refi_qda_archive import parse_xml
from cip.engagement.refi_qda_offsets import Selection, locate_selections
from cip.engagement.refi_qda_passages import Coded, join_passages
from cip.errors import ParameterError

SIGNS = st.sampled_from([*"abc é", "🐕", "\U0001f9d1", "ع", "\r\n", "\n"])
TEXTS = st.lists(SIGNS, min_size=8, max_size=60).map("".join)


@st.composite
def draw_slices(draw):
    text = draw(TEXTS)
    start = draw(st.integers(0, len(text) - 1))
    return text, start, draw(st.integers(start + 1, len(text)))


@given(draw_slices())
def test_code_points_without_a_name_are_taken_as_the_standard_says(drawn):
    text, start, end = drawn
    assert locate_selections(text, [Selection(start, end)]) == [(start, end)]


@given(draw_slices())
def test_units_of_two_bytes_with_a_name_find_the_same_words(drawn):
    text, start, end = drawn
    words = text[start:end]
    hint = " ".join(words.split())
    selection = Selection(
        len(text[:start].encode("utf-16-le")) // 2, len(text[:end].encode("utf-16-le")) // 2, hint
    )
    found = locate_selections(text, [selection])[0]
    if len(hint.rstrip(".… ")) >= 3:
        assert found is not None
        assert " ".join(text[slice(*found)].split()).startswith(hint.rstrip(".… "))


@given(TEXTS, st.lists(st.tuples(st.integers(-5, 90), st.integers(-5, 90)), max_size=8))
def test_no_selection_ever_lies_outside_its_text(text, pairs):
    places = locate_selections(text, [Selection(*pair) for pair in pairs])
    assert len(places) == len(pairs)
    assert all(place is None or 0 <= place[0] <= place[1] <= len(text) for place in places)


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 20)), max_size=20))
def test_every_selection_is_in_one_passage_that_covers_it(pairs):
    parts = [Coded(at, at + size, str(n), []) for n, (at, size) in enumerate(pairs)]
    passages = join_passages(parts)
    assert sorted(one.guid for p in passages for one in p.parts) == sorted(p.guid for p in parts)
    assert all(p.start <= one.start and one.end <= p.end for p in passages for one in p.parts)


@given(st.binary(max_size=200))
def test_bytes_of_any_kind_are_refused_in_our_own_words(content):
    try:
        parse_xml(content, "any.qdc")
    except ParameterError as error:
        assert len(error.problems) == 1
