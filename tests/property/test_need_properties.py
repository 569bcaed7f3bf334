"""What must hold of every composite, shortlist and tier, whatever the measures and weights."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from cip.statistics import composite

DRAWS = 60
UP_TO = [25, 60, 100]


@st.composite
def tables(draw):
    """Areas x measures with many ties, their directions, and weights of which one is above zero."""
    areas, measures = draw(st.integers(2, 12)), draw(st.integers(1, 5))
    values = draw(arrays.arrays(float, (areas, measures), elements=st.integers(-8, 8).map(float)))
    is_high = draw(arrays.arrays(bool, measures))
    weights = draw(
        arrays.arrays(float, measures, elements=st.integers(0, 9).map(float)).filter(np.any)
    )
    return values, is_high, weights


def rank(values, is_high, weights):
    scores = composite.score_by_rank(values, is_high_need=is_high)
    return composite.rank_scores(composite.combine_scores(scores, weights))


def spread(values, is_high, weights, number):
    scores = composite.score_by_rank(values, is_high_need=is_high)
    return composite.simulate_ranks(scores, weights, number=number, draws=DRAWS)


@given(tables(), st.randoms())
def test_the_order_of_areas_does_not_matter(table, random):
    values, is_high, weights = table
    order = list(range(len(values)))
    random.shuffle(order)
    assert rank(values[order], is_high, weights).tolist() == rank(*table)[order].tolist()
    moved, kept = spread(values[order], is_high, weights, 2), spread(*table, 2)
    for one, other in zip(moved, kept, strict=True):
        assert one.tolist() == other[order].tolist()


@given(tables(), st.sampled_from([0.25, 2.0, 1024.0]), st.integers(-100, 100))
def test_the_unit_of_a_measure_does_not_matter(table, scale, shift):
    values, is_high, weights = table
    moved = values.copy()
    moved[:, 0] = moved[:, 0] * scale + shift
    assert rank(moved, is_high, weights).tolist() == rank(*table).tolist()


@given(tables())
def test_any_rising_change_of_a_measure_leaves_the_ranks(table):
    values, is_high, weights = table
    assert rank(np.exp(values / 4), is_high, weights).tolist() == rank(*table).tolist()


@given(tables())
def test_turning_a_measure_and_its_direction_round_changes_nothing(table):
    values, is_high, weights = table
    assert rank(-values, ~is_high, weights).tolist() == rank(*table).tolist()


@given(tables(), st.sampled_from([2.0, 3.0, 0.1]))
def test_the_sum_of_the_weights_does_not_matter(table, factor):
    values, is_high, weights = table
    assert rank(values, is_high, weights * factor).tolist() == rank(*table).tolist()


@given(tables())
def test_a_measure_without_a_weight_changes_nothing(table):
    values, is_high, weights = table
    used = weights > 0
    assert rank(values[:, used], is_high[used], weights[used]).tolist() == rank(*table).tolist()


@given(tables())
def test_an_area_that_is_ahead_on_everything_is_never_overtaken(table):
    values, is_high, _ = table
    need = np.where(is_high, values, -values)
    ranks, moved = rank(*table), spread(*table, 2)
    for one in range(len(need)):
        for other in range(len(need)):
            if (need[one] >= need[other]).all():
                assert ranks[one] <= ranks[other]
                assert moved.lower[one] <= moved.lower[other]
                assert moved.upper[one] <= moved.upper[other]
                assert moved.share_shortlisted[one] >= moved.share_shortlisted[other]


@given(tables(), st.integers(1, 12))
def test_tiers_share_out_the_shortlist_in_order(table, number):
    ranks = rank(*table)
    tiers = composite.assign_tiers(ranks, number=number, up_to=UP_TO)
    assert (np.isnan(tiers) == (ranks > number)).all()
    held = ~np.isnan(tiers)
    assert set(tiers[held]) <= {1.0, 2.0, 3.0}
    order = np.argsort(ranks[held], kind="stable")
    assert (np.diff(tiers[held][order]) >= 0).all()
    for value in set(ranks[held]):
        assert len(set(tiers[held & (ranks == value)])) == 1


@given(tables(), st.integers(1, 12))
def test_spread_stays_within_the_ranks_there_are(table, number):
    values, *_ = table
    moved = spread(*table, number)
    assert (moved.lower >= 1).all()
    assert (moved.lower <= moved.upper).all()
    assert (moved.upper <= len(values)).all()
    assert ((moved.share_shortlisted >= 0) & (moved.share_shortlisted <= 1)).all()


@given(tables())
def test_places_have_the_mean_fifty(table):
    values, is_high, _ = table
    scores = composite.score_by_rank(values, is_high_need=is_high)
    np.testing.assert_allclose(scores.mean(axis=0), 50.0)
    assert ((scores > 0) & (scores < 100)).all()
