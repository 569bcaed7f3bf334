"""Any model of up to 30 boxes: nothing overlaps, all words fit, no arrow runs through a box."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from cip.display.logic_drawing_layout import (
    HEAD_IN,
    LINE_IN,
    PAD_IN,
    TEXT_PT,
    WIDTH_IN,
    lay_out,
)
from cip.display.picture import measure_words
from cip.framework.logic_model_order import count_crossings, order_columns

WORDS = st.text(alphabet="abcdefg hijklm WMn-", min_size=1, max_size=120)


@st.composite
def models(draw):
    sizes = draw(st.lists(st.integers(1, 6), min_size=1, max_size=5))
    columns = [[f"{at}-{row}" for row in range(size)] for at, size in enumerate(sizes)]
    ids = [name for column in columns for name in column]
    later = [(a, b) for a, b in combinations(ids, 2)]
    edges = draw(st.lists(st.sampled_from(later), max_size=40, unique=True)) if later else []
    return columns, {name: draw(WORDS) for name in ids}, edges


@settings(max_examples=25, deadline=None)
@given(models())
def test_layout_keeps_everything_apart(model):
    columns, words, edges = model
    ordered = order_columns(columns, edges)
    assert [sorted(column) for column in ordered] == [sorted(column) for column in columns]
    layout = lay_out(ordered, words, edges)
    boxes = list(layout.boxes.values())
    assert len(boxes) == len(words)
    for box in boxes:
        assert box.left >= 0 and box.right <= WIDTH_IN + 1e-9
        assert box.top >= HEAD_IN and box.top + box.height <= layout.height_in
        assert (len(box.lines) + 1) * LINE_IN + 2 * PAD_IN <= box.height + 1e-9
        for line in box.lines:
            assert measure_words(line, size=TEXT_PT) <= box.width - 2 * PAD_IN + 1e-6
    for one, other in combinations(boxes, 2):
        is_beside = one.right <= other.left or other.right <= one.left
        is_below = one.top + one.height <= other.top or other.top + other.height <= one.top
        assert is_beside or is_below
    for arrow in layout.arrows:
        for x, y in arrow.points:
            assert 0 <= x <= WIDTH_IN and 0 <= y <= layout.height_in
            for box in boxes:
                is_inside = box.left < x - 1e-9 and x + 1e-9 < box.right
                assert not (is_inside and box.top < y < box.top + box.height)


@settings(max_examples=25, deadline=None)
@given(models())
def test_ordering_never_adds_crossings_and_is_stable(model):
    columns, _, edges = model
    ordered = order_columns(columns, edges)
    assert count_crossings(ordered, edges) <= count_crossings(columns, edges)
    assert order_columns(columns, edges) == ordered
