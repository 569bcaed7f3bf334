"""What must hold of every interval and comparison, whatever the counts."""

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from cip import statistics

COUNT = st.integers(min_value=0, max_value=10_000_000)
PAIR = st.tuples(COUNT, COUNT).map(sorted).filter(lambda pair: pair[1] > 0)
CONFIDENCE = st.sampled_from([0.8, 0.95, 0.998])


@given(PAIR, CONFIDENCE)
def test_wilson_holds_the_proportion_and_stays_in_range(pair, confidence):
    numerator, denominator = pair
    lower, upper = statistics.wilson_interval(numerator, denominator, confidence=confidence)
    share = numerator / denominator
    assert 0 <= lower <= share + 1e-12
    assert share - 1e-12 <= upper <= 1


@given(PAIR)
def test_wilson_is_the_same_seen_from_the_other_side(pair):
    numerator, denominator = pair
    lower, upper = statistics.wilson_interval(numerator, denominator)
    other_lower, other_upper = statistics.wilson_interval(denominator - numerator, denominator)
    assert math.isclose(lower, 1 - other_upper, abs_tol=1e-9)
    assert math.isclose(upper, 1 - other_lower, abs_tol=1e-9)


@given(PAIR, st.integers(min_value=2, max_value=50))
def test_more_people_give_a_narrower_wilson_interval(pair, times):
    numerator, denominator = pair
    small = statistics.wilson_interval(numerator, denominator)
    large = statistics.wilson_interval(numerator * times, denominator * times)
    assert large[1] - large[0] < small[1] - small[0]


@given(COUNT, CONFIDENCE)
def test_count_interval_holds_the_count(count, confidence):
    lower, upper = statistics.count_interval(count, confidence=confidence)
    assert 0 <= lower <= count < upper


@given(st.lists(PAIR, min_size=1, max_size=20))
def test_arrays_give_what_single_numbers_give(pairs):
    numerators, denominators = zip(*pairs, strict=True)
    together = np.array(statistics.wilson_interval(numerators, denominators)).T
    apart = [np.array(statistics.wilson_interval(*pair)) for pair in pairs]
    np.testing.assert_allclose(together, apart, rtol=1e-12)


@given(
    st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=80),
    st.integers(min_value=1, max_value=10),
)
def test_quantiles_follow_the_order_of_the_values(values, groups):
    found = statistics.assign_quantiles(values, groups=groups)
    if len(values) < groups:
        assert np.isnan(found).all()
        return
    assert found.min() >= 1
    assert found.max() <= groups
    in_order = found[np.argsort(values, kind="stable")]
    assert (np.diff(in_order) >= 0).all()


@given(st.floats(0, 100), st.floats(0, 100), st.floats(0, 100))
def test_polarity_turns_the_words_round(first, second, benchmark):
    lower, upper = sorted([first, second])
    good = statistics.compare_with_benchmark([lower], [upper], [benchmark], "high_is_good")[0]
    bad = statistics.compare_with_benchmark([lower], [upper], [benchmark], "high_is_bad")[0]
    turned = {"better": "worse", "worse": "better", "similar": "similar"}
    assert turned[good] == bad


@given(
    st.lists(
        st.tuples(st.integers(1, 1000), st.integers(1, 5000)),
        min_size=1,
        max_size=40,
        unique_by=lambda pair: pair[0],
    )
)
def test_deprivation_summaries_stay_in_range(pairs):
    ranks, people = (np.array(part) for part in zip(*pairs, strict=True))
    size = 1000
    assert 0 <= statistics.calculate_extent(ranks, people, total_areas=size) <= 1
    assert 0 <= statistics.calculate_share_most_deprived(ranks, total_areas=size) <= 1
    average = statistics.calculate_average_rank(ranks, people, total_areas=size)
    local = statistics.calculate_local_concentration(ranks, people, total_areas=size)
    assert average <= local + 1e-9 <= size + 1
