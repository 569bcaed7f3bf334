"""Adding up small areas: nothing is made, lost or hidden."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cip.aggregate import aggregate_counts, total_country

CATEGORIES = ["one", "two"]


@st.composite
def countries(draw):
    """Small areas with counts, each shared out completely among areas."""
    size = draw(st.integers(1, 12))
    cell = st.integers(0, 100_000)
    counts = pd.DataFrame(
        [[draw(cell), draw(cell)] for _ in range(size)], columns=CATEGORIES
    ).astype("Int64")
    counts.insert(0, "area_code", [f"Z0100{number:04d}" for number in range(size)])
    rows = []
    for code in counts["area_code"]:
        share = draw(st.sampled_from([0.0, 0.25, 0.4, 1.0]))
        first, second = draw(st.permutations(["north", "south", "west"]))[:2]
        rows += [(first, code, share), (second, code, 1 - share)]
    membership = pd.DataFrame(rows, columns=["area_code", "small_area_code", "share"])
    return counts, membership


@given(countries())
def test_totals_are_conserved(country):
    counts, membership = country
    totals = aggregate_counts(counts, membership)
    expected = counts[CATEGORIES].sum().astype(float)
    np.testing.assert_allclose(totals[CATEGORIES].sum(), expected)


@given(countries(), st.randoms())
def test_order_of_rows_does_not_matter(country, random):
    counts, membership = country
    order = list(range(len(membership)))
    random.shuffle(order)
    shuffled = aggregate_counts(counts.iloc[::-1], membership.iloc[order])
    plain = aggregate_counts(counts, membership)
    pd.testing.assert_frame_equal(shuffled.loc[plain.index, CATEGORIES], plain[CATEGORIES])


@given(countries(), st.data())
def test_missing_member_never_gives_a_partial_sum(country, data):
    counts, membership = country
    lost = data.draw(st.sampled_from(counts["area_code"].tolist()))
    totals = aggregate_counts(counts[counts["area_code"] != lost], membership)
    touched = membership.loc[membership["small_area_code"] == lost, "area_code"]
    is_touched = totals.index.isin(touched)
    assert totals.loc[is_touched, CATEGORIES].isna().all(axis=None)
    assert totals.loc[~is_touched, CATEGORIES].notna().all(axis=None)
    assert (totals["members_missing"] > 0).tolist() == is_touched.tolist()
    assert totals["missing_reason"].str.contains(lost).tolist() == is_touched.tolist()


@given(countries())
def test_country_without_a_row_is_the_sum_of_its_parts(country):
    counts, _ = country
    values, reason = total_country(
        counts, "Z92000001", "England", lambda: counts["area_code"].tolist()
    )
    assert reason == ""
    np.testing.assert_allclose(values, counts[CATEGORIES].sum().astype(float))


COUNTS = pd.DataFrame(
    {"area_code": ["a", "b"], "one": pd.array([1, None], dtype="Int64"), "two": 5}
)
MEMBERS = pd.DataFrame(
    [("x", "a", 1.0), ("x", "b", 1.0), ("y", "a", 0.5)],
    columns=["area_code", "small_area_code", "share"],
)


def test_missing_cell_is_missing_for_that_category_alone():
    totals = aggregate_counts(COUNTS, MEMBERS)
    assert np.isnan(totals.loc["x", "one"])
    assert totals.loc["x", "two"] == 10
    assert totals.loc["y", "one"] == 0.5


def test_missing_cell_outside_the_area_does_no_harm():
    members = MEMBERS.assign(share=[1.0, 0.0, 0.5])
    assert aggregate_counts(COUNTS, members).loc["x", "one"] == 1


@pytest.mark.parametrize(
    ("counts", "members", "words"),
    [
        (pd.concat([COUNTS, COUNTS]), MEMBERS, "twice in the counts"),
        (COUNTS, pd.concat([MEMBERS, MEMBERS]), "twice in one area"),
        (COUNTS, MEMBERS.assign(share=1.5), "outside"),
        (COUNTS, MEMBERS.assign(share=np.nan), "missing"),
    ],
)
def test_double_or_impossible_members_are_refused(counts, members, words):
    with pytest.raises(ValueError, match=words):
        aggregate_counts(counts, members)


def test_many_missing_members_are_counted_and_three_are_named():
    members = pd.DataFrame(
        {"area_code": "x", "small_area_code": [f"m{n}" for n in range(5)], "share": 1.0}
    )
    reason = aggregate_counts(COUNTS, members).loc["x", "missing_reason"]
    assert reason == "5 of 5 small areas are not in the table: m0, m1, m2 and 2 more."


def test_thousands_of_areas_go_through_one_product():
    size = 3000
    counts = pd.DataFrame({"area_code": [f"s{n}" for n in range(size)], "one": 1})
    members = pd.DataFrame(
        {
            "area_code": np.repeat([f"a{n}" for n in range(size)], 2),
            "small_area_code": [f"s{(n // 2 + n % 2) % size}" for n in range(2 * size)],
            "share": 1.0,
        }
    )
    totals = aggregate_counts(counts, members)
    assert len(totals) == size
    assert (totals["one"] == 2).all()
