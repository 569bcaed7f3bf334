"""What a reader can work out from any protected table, by solving and by trying every table."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st
from scipy import sparse

from cip.disclosure import (
    find_differencing,
    find_recoverable,
    load_rule,
    protect_indicators,
    protect_table,
)
from cip.disclosure.solving import Knowledge, RangeSolver

RULES = [load_rule("under_5"), load_rule("nhs")]
UNDER_5 = RULES[0]
TOTALS = {"total_column": "total", "total_row": "total"}
COUNT = st.one_of(st.integers(0, 9), st.integers(0, 60))


def add_totals(rows):
    table = pd.DataFrame(rows)
    table.index = [f"r{number}" for number in range(len(rows))]
    table.columns = [f"c{number}" for number in range(len(rows[0]))]
    table["total"] = table.sum(axis=1)
    table.loc["total"] = table.sum()
    return table


@st.composite
def tables(draw, most_rows=5, most_columns=4, count=COUNT):
    rows, columns = draw(st.integers(1, most_rows)), draw(st.integers(1, most_columns))
    line = st.lists(count, min_size=columns, max_size=columns)
    return add_totals(draw(st.lists(line, min_size=rows, max_size=rows)))


def hide_only_small(counts):
    protected = protect_table(counts, UNDER_5, **TOTALS)
    return replace(
        protected,
        published=counts.astype(float).mask(protected.is_primary),
        is_secondary=protected.is_secondary & False,
    )


@settings(deadline=None, max_examples=25)
@given(tables(), st.sampled_from(RULES))
def test_nothing_can_be_recovered(counts, rule):
    protected = protect_table(counts, rule, **TOTALS)
    assert find_recoverable(protected).empty
    told = find_recoverable(protected, is_informed=True)
    assert set(zip(told["row"], told["column"], strict=True)) <= set(protected.weak)
    shown = protected.published.to_numpy()
    is_shown = ~np.isnan(shown)
    assert (protected.is_primary.to_numpy() == rule.is_unsafe(counts)).all()
    assert (is_shown == ~protected.is_blank.to_numpy()).all()
    assert (np.abs(shown - counts.to_numpy())[is_shown] <= (rule.round_to - 1) / 2).all()


def test_without_secondary_suppression_much_can_be_recovered():
    counts = find(
        tables(),
        lambda table: not find_recoverable(hide_only_small(table)).empty,
        settings=settings(max_examples=50, database=None, phases=[Phase.generate]),
    )
    assert find_recoverable(protect_table(counts, UNDER_5, **TOTALS)).empty


def list_possible(published, cap):
    """Return every table of counts that agrees with what is published, by trying all of them."""
    inner = published.iloc[:-1, :-1].to_numpy()
    options = [[n] if not np.isnan(n) else range(1, cap + 1) for n in inner.ravel()]
    tried = np.stack([axis.ravel() for axis in np.meshgrid(*options, indexing="ij")], axis=1)
    grids = tried.reshape(-1, *inner.shape)
    full = np.concatenate([grids, grids.sum(axis=2, keepdims=True)], axis=2)
    full = np.concatenate([full, full.sum(axis=1, keepdims=True)], axis=1)
    wanted = published.to_numpy()
    agrees = np.where(np.isnan(wanted), full >= 1, full == wanted)
    return full[agrees.all(axis=(1, 2))]


@settings(deadline=None, max_examples=15)
@given(tables(most_rows=2, most_columns=3, count=st.integers(0, 6)))
def test_trying_every_table_leaves_small_cells_open(counts):
    protected = protect_table(counts, UNDER_5, **TOTALS)
    possible = list_possible(protected.published, cap=9)
    spread = possible.max(axis=0) - possible.min(axis=0)
    assert (spread[protected.is_primary.to_numpy()] >= 3).all()
    assert (spread[protected.is_secondary.to_numpy()] >= 1).all()


@settings(deadline=None, max_examples=15)
@given(tables(most_rows=2, most_columns=2, count=st.integers(0, 6)))
def test_solving_finds_what_trying_every_table_finds(counts):
    bare = hide_only_small(counts)
    possible = list_possible(bare.published, cap=12)
    spread = possible.max(axis=0) - possible.min(axis=0)
    narrow = np.argwhere(bare.is_primary.to_numpy() & (spread < 3))
    found = find_recoverable(bare)
    assert set(zip(found["row"], found["column"], strict=True)) == {
        (counts.index[row], counts.columns[column]) for row, column in narrow
    }


@st.composite
def nested(draw):
    parts = draw(st.lists(st.lists(COUNT, min_size=1, max_size=4), min_size=1, max_size=4))
    rows, groups = {}, {}
    for place, counts in enumerate(parts):
        names = [f"g{place}_{number}" for number in range(len(counts))]
        rows.update(zip(names, counts, strict=True))
        rows[f"g{place}"], groups[f"g{place}"] = sum(counts), names
    rows["all"] = sum(sum(counts) for counts in parts)
    second = draw(st.integers(0, 3))
    table = pd.DataFrame({"one": rows, "two": {name: n * second for name, n in rows.items()}})
    return table.assign(both=table.sum(axis=1)), groups


@settings(deadline=None, max_examples=15)
@given(nested(), st.sampled_from(RULES))
def test_subtotals_give_nothing_away(case, rule):
    counts, groups = case
    protected = protect_table(counts, rule, total_column="both", total_row="all", row_groups=groups)
    assert find_recoverable(protected).empty


@st.composite
def indicator_sets(draw):
    parts = draw(st.lists(COUNT, min_size=1, max_size=5))
    base = sum(parts) + draw(st.integers(0, 12))
    rows = [
        {"indicator_id": "i", "area_code": "here", "area_role": "profile", "period": "2021",
         "group": f"g{place}", "value": 100 * n / base if base else np.nan, "numerator": float(n),
         "denominator": float(base), "is_suppressed": False, "missing_reason": "",
         "lower_95": 1.0, "upper_95": 2.0, "comparison": "", "source_id": "s"}
        for place, n in enumerate(parts)
    ]  # fmt: skip
    return pd.DataFrame(rows)


@settings(deadline=None, max_examples=30)
@given(indicator_sets())
def test_groups_and_their_base_leave_small_groups_open(table):
    safe = protect_indicators(table, UNDER_5)
    is_small = UNDER_5.is_unsafe(table["numerator"])
    assert safe.loc[is_small, ["value", "numerator", "lower_95", "upper_95"]].isna().all(axis=None)
    rest = table["denominator"].iloc[0] - table["numerator"].sum()
    shown = safe["numerator"].notna()
    if is_small.any() and safe["denominator"].notna().any():
        # What the blank groups and the hidden rest share must leave each several values.
        left = table["denominator"].iloc[0] - table.loc[shown, "numerator"].sum()
        blanks = int((~shown).sum())
        most = left - (blanks - 1)
        least = 1 if rest > 0 or len(table) == 1 else (left if blanks == 1 else 1)
        assert most - least >= 3
    if UNDER_5.is_unsafe([rest])[0] and safe["denominator"].notna().any():
        assert (~shown).any()


@st.composite
def batches(draw):
    codes = [f"Z01{number:06d}" for number in range(draw(st.integers(2, 7)))]
    areas = draw(st.lists(st.sets(st.sampled_from(codes), min_size=1), min_size=2, max_size=5))
    rows = [(f"a{place}", code) for place, area in enumerate(areas) for code in sorted(area)]
    numbers = draw(st.lists(COUNT, min_size=len(codes), max_size=len(codes)))
    counts = pd.DataFrame({"area_code": codes, "people": numbers})
    return areas, pd.DataFrame(rows, columns=["area_code", "small_area_code"]), counts


@settings(deadline=None, max_examples=30)
@given(batches())
def test_every_nested_pair_with_a_small_difference_is_found(batch):
    areas, membership, counts = batch
    people = counts.set_index("area_code")["people"]
    found = find_differencing(membership, counts, UNDER_5)
    listed = set(found["small_areas"])
    total = [people[sorted(area)].sum() for area in areas]
    for whole in range(len(areas)):
        for part in range(len(areas)):
            left = areas[whole] - areas[part]
            is_shown = not UNDER_5.is_unsafe([total[whole], total[part]]).any()
            if areas[part] < areas[whole] and is_shown and 0 < people[sorted(left)].sum() < 5:
                assert ", ".join(sorted(left)) in listed


@settings(deadline=None, max_examples=30)
@given(batches())
def test_findings_are_true(batch):
    _, membership, counts = batch
    people = counts.set_index("area_code")["people"]
    for row in find_differencing(membership, counts, UNDER_5).itertuples():
        count = people[row.small_areas.split(", ")].sum()
        assert row.least - 1e-6 <= count <= row.most + 1e-6
        assert row.count == pytest.approx(count) and 0 < count < 5
        assert row.most - row.least < 3


@st.composite
def single_sums(draw):
    """Cells of one sum with limits that the drawn counts satisfy."""
    parts = draw(st.lists(st.integers(0, 9), min_size=1, max_size=5))
    values = np.array([*parts, sum(parts)], dtype=float)
    room = st.lists(st.sampled_from([0, 1, 3, np.inf]), min_size=len(values), max_size=len(values))
    knowledge = Knowledge(
        np.maximum(values - draw(room), 0), values + np.array(draw(room)), is_whole=True
    )
    return np.array([[*[1.0] * len(parts), -1.0]]), knowledge, draw(st.integers(0, len(parts)))


@settings(deadline=None, max_examples=30)
@given(single_sums(), st.integers(1, 6))
def test_one_sum_by_hand_equals_the_integer_programme(case, width):
    sums, knowledge, cell = case
    by_hand = RangeSolver(sparse.csr_array(sums)).find_bound(knowledge, cell, width)
    # The same sum twice says nothing new, but is solved by programme.
    twice = sparse.csr_array(np.vstack([sums, sums]))
    assert RangeSolver(twice).find_bound(knowledge, cell, width) == by_hand
