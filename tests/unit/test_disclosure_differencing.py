"""Overlapping areas: what their figures give away together."""

import pandas as pd
import pytest

from cip.disclosure import compare_with_previous, find_differencing, load_rule

UNDER_5, NHS = load_rule("under_5"), load_rule("nhs")


def make_membership(**areas):
    rows = [(area, code) for area, codes in areas.items() for code in codes]
    return pd.DataFrame(rows, columns=["area_code", "small_area_code"])


def make_counts(**numbers):
    return pd.DataFrame({"area_code": list(numbers), "people": list(numbers.values())})


COUNTS = make_counts(p=50, q=60, r=3, s=2, t=70)


@pytest.mark.parametrize(
    ("areas", "expected"),
    [
        ({"big": "pqr", "small": "pq"}, [("big - small", "r", 3)]),
        ({"big": "pqt", "small": "pq"}, []),
        ({"big": "pqrs", "small": "pq"}, []),  # five people
        ({"one": "pr", "two": "qr"}, []),
        ({"all": "pqr", "one": "p", "two": "q"}, [("all - one - two", "r", 3)]),
        ({"one": "pr", "two": "qr", "all": "pqr"}, [("one + two - all", "r", 3)]),
        ({"one": "pq", "two": "pq"}, []),
        # what is left is counted twice: 2 x 3 people
        ({"one": "pr", "two": "qtr", "three": "pqt"}, [("one + two - three", "r", 3)]),
        ({"big": "pqtr", "one": "p", "two": "q", "three": "t"},
         [("big - one - two - three", "r", 3)]),
    ],
)  # fmt: skip
def test_areas_added_and_subtracted(areas, expected):
    found = find_differencing(make_membership(**areas), COUNTS, UNDER_5)
    sums = found[found["kind"] == "difference"]
    assert list(zip(sums["areas"], sums["small_areas"], sums["count"], strict=True)) == expected
    assert len(found) == len(expected)


def test_four_areas_together_are_solved():
    # (p+q) + (r+t) - (q+t) - p leaves r, which no three of them show.
    areas = make_membership(one="pq", two="rt", three="qt", four="p")
    found = find_differencing(areas, COUNTS, UNDER_5)
    assert found[["kind", "small_areas", "least", "most"]].to_numpy().tolist() == [
        ["worked out", "r", 3, 3]
    ]
    assert found["sentence"][0].startswith("The figures of all areas together give away a count")


def test_a_small_total_limits_its_parts():
    # Ten people in p and q, nine of them in q and r, one in r and p: so none or one each.
    counts = make_counts(p=1, q=9, r=0)
    areas = make_membership(one="pq", two="qr")
    found = find_differencing(areas, counts, UNDER_5)
    assert found.empty
    tight = find_differencing(make_membership(one="pq", two="qr", three="r"), counts, UNDER_5)
    assert tight["small_areas"].tolist() == ["p"]


def test_a_withheld_total_helps_nobody():
    counts = make_counts(p=2, q=2)
    assert find_differencing(make_membership(big="pq", small="p"), counts, UNDER_5).empty


def test_rounding_hides_a_single_difference():
    areas = make_membership(big="pqr", small="pq")
    assert find_differencing(areas, COUNTS, NHS).empty


def test_rounding_of_three_areas_can_still_show():
    # 8 + 8 round to 10 and 10, their 17 together to 15: at most one person is left.
    counts = make_counts(p=8, q=8, r=1)
    areas = make_membership(all="pqr", one="p", two="q")
    found = find_differencing(areas, counts, NHS)
    assert found[["areas", "least", "most"]].to_numpy().tolist() == [["all - one - two", 0, 1]]


def test_sentence_names_areas_and_never_the_count():
    found = find_differencing(make_membership(big="pqr", small="pq"), COUNTS, UNDER_5)
    assert found["sentence"].tolist() == [
        "Subtracting small from big leaves a count below 5 of 'people' in r. "
        "Withhold 'people' for one of these areas, or draw them alike."
    ]


def test_every_category_is_looked_at():
    counts = COUNTS.assign(households=[20, 30, 4, 1, 30], cars=[9, 9, 0, 9, 9], level="lsoa")
    found = find_differencing(make_membership(big="pqr", small="pq"), counts, UNDER_5)
    assert found["category"].tolist() == ["people", "households"]


def test_shares_are_subtracted_as_shares():
    areas = make_membership(big="pqt", small="pq")
    areas["share"] = [1.0, 1.0, 0.05, 1.0, 1.0]
    found = find_differencing(areas, COUNTS, UNDER_5)
    assert found["areas"].tolist() == ["big - small"]
    assert found["count"].tolist() == pytest.approx([3.5])


def test_nothing_without_a_rule():
    areas = make_membership(big="pqr", small="pq")
    assert find_differencing(areas, COUNTS, load_rule("none")).empty


def test_a_moved_border_shows_against_the_previous_run():
    old = make_membership(here="pq", there="t")
    new = make_membership(here="pqr", there="t")
    found = compare_with_previous(old, new, COUNTS, UNDER_5)
    assert found["areas"].tolist() == ["here - here (previous run)"]
    assert compare_with_previous(old, old, COUNTS, UNDER_5).empty


def test_what_one_run_shows_by_itself_is_not_repeated():
    batch = make_membership(big="pqr", small="pq")
    assert compare_with_previous(batch, batch, COUNTS, UNDER_5).empty


@pytest.mark.parametrize(
    ("membership", "counts", "words"),
    [
        (make_membership(one="pz"), COUNTS, "lack 1 small areas, such as z"),
        (make_membership(one="pp"), COUNTS, "twice in one area"),
        (make_membership(one="p"), pd.concat([COUNTS, COUNTS]), "twice in the counts"),
        (make_membership(one="p"), COUNTS.replace(50, None), "missing"),
    ],
)
def test_wrong_tables_are_refused(membership, counts, words):
    with pytest.raises(ValueError, match=words):
        find_differencing(membership, counts, UNDER_5)
