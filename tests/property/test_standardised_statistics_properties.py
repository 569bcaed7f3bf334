"""What must hold of standardised rates, life tables, slope indices, funnels and differences."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from cip import statistics
from cip.statistics.estimate import Estimate
from cip.statistics.life_expectancy import build_life_table

BANDS = tuple(statistics.ESP2013)
STANDARD = np.array(list(statistics.ESP2013.values()))
CONFIDENCE = st.sampled_from([0.8, 0.95, 0.998])
EVENTS = arrays(int, 19, elements=st.integers(0, 400))
PEOPLE = arrays(int, 19, elements=st.integers(500, 20_000))
# Up to 38% of the youngest band dies, so that some reach every age.
DEATHS = arrays(int, 20, elements=st.integers(1, 190))
LIVES = arrays(int, 20, elements=st.integers(500, 20_000))
FACTOR = st.floats(1.5, 50)


def standardise(events, people, **options):
    return statistics.directly_standardised_rate(events, people, bands=BANDS, **options)


@given(EVENTS, PEOPLE, CONFIDENCE)
def test_limits_bracket_the_standardised_rate(events, people, confidence):
    assume(events.sum() >= 10)
    found = standardise(events, people, confidence=confidence)
    assert 0 <= found.lower <= found.value <= found.upper


@given(EVENTS, st.integers(1, 500))
def test_people_shaped_as_the_standard_have_their_crude_rate(events, times):
    assume(events.sum() >= 10)
    people = STANDARD * times
    found = standardise(events, people)
    crude = statistics.crude_rate(events.sum(), people.sum())
    np.testing.assert_allclose(found[:3], [float(part) for part in crude], rtol=1e-9)


@given(st.floats(0.001, 0.2), PEOPLE)
def test_one_rate_at_all_ages_is_the_standardised_rate(rate, people):
    assume((people * rate).sum() >= 10)
    assert float(standardise(people * rate, people).value) == pytest.approx(100_000 * rate)


@given(EVENTS, PEOPLE, FACTOR)
def test_more_people_and_events_give_narrower_limits(events, people, times):
    assume(events.sum() >= 10)
    small, large = standardise(events, people), standardise(events * times, people * times)
    assert float(large.value) == pytest.approx(float(small.value))
    assert large.upper - large.lower < small.upper - small.lower


@given(EVENTS, PEOPLE, st.permutations(range(19)))
def test_the_order_of_age_bands_does_not_matter(events, people, order):
    assume(events.sum() >= 10)
    mixed = statistics.directly_standardised_rate(
        events[order], people[order], bands=[BANDS[band] for band in order]
    )
    np.testing.assert_allclose(mixed[:3], standardise(events, people)[:3], rtol=1e-9)


@given(arrays(int, (19, 3), elements=st.integers(0, 30)), PEOPLE)
def test_repeat_events_never_narrow_the_limits(persons, people):
    events = persons @ [1, 2, 3]
    assume(events.sum() >= 10)
    once = standardise(events, people)
    repeats = statistics.directly_standardised_rate_of_repeats(persons, people, bands=BANDS)
    assert float(repeats.value) == pytest.approx(float(once.value))
    assert repeats.lower <= once.lower * (1 + 1e-9)
    assert repeats.upper >= once.upper * (1 - 1e-9)


@given(PEOPLE, arrays(float, 19, elements=st.floats(0.0001, 0.3)))
def test_an_area_with_the_reference_rates_has_a_ratio_of_100(people, rates):
    reference = dict(zip(BANDS, rates, strict=True))
    expected = statistics.expected_count(people, bands=BANDS, reference=reference)
    found = statistics.indirectly_standardised_ratio((people * rates).sum(), expected)
    assert float(found.value) == pytest.approx(100)
    assert found.lower < 100 < found.upper


@given(DEATHS, LIVES)
def test_life_expectancy_rises_when_deaths_fall(deaths, people):
    fewer = build_life_table(deaths * 0.9, people)
    usual = build_life_table(deaths, people)
    assert (fewer.expectancy > usual.expectancy).all()


@given(DEATHS, LIVES, st.sampled_from(statistics.START_AGES))
def test_limits_bracket_life_expectancy(deaths, people, age):
    found = statistics.calculate_life_expectancy(
        deaths, people, bands=statistics.LIFE_BANDS, start_age=age
    )
    assert (str(found.reason) == "") == (not np.isnan(found.value))
    if not np.isnan(found.value):
        assert found.lower < found.value < found.upper
        assert found.upper - found.lower <= 20


@given(DEATHS, LIVES, FACTOR)
def test_more_lives_give_a_narrower_life_expectancy(deaths, people, times):
    small = build_life_table(deaths, people)
    large = build_life_table(deaths * times, people * times)
    np.testing.assert_allclose(large.expectancy, small.expectancy)
    assert (large.variance < small.variance).all()


@given(arrays(float, 12, elements=st.floats(-1000, 1000)))
def test_means_from_sums_are_those_of_the_values(values):
    found = statistics.mean_from_sums(12, values.sum(), (values**2).sum())
    np.testing.assert_allclose(found, statistics.mean_interval(values), rtol=1e-6, atol=1e-3)


VALUES = arrays(float, (1, 5), elements=st.floats(5, 50))
SIZES = arrays(float, (1, 5), elements=st.floats(100, 900))


@settings(max_examples=40)
@given(VALUES, SIZES, st.sampled_from(["normal", "rate"]), st.booleans())
def test_limits_bracket_the_slope_indices(value, people, scale, is_transformed):
    found = statistics.calculate_slope_indices(
        value,
        people,
        lower=value * 0.8,
        upper=value * 1.25,
        scale=scale,
        is_transformed=is_transformed and scale == "rate",
        repetitions=500,
    )
    for index in (found.slope, found.relative):
        if not np.isnan(index.lower).any():
            assert index.lower[0] < index.value[0] < index.upper[0]


@settings(max_examples=40)
@given(VALUES, SIZES, st.floats(0.1, 10))
def test_the_unit_scales_the_gap_and_leaves_the_ratio(value, people, factor):
    options = {"repetitions": 10, "scale": "rate", "is_transformed": True}
    one = statistics.calculate_slope_indices(
        value, people, lower=value * 0.9, upper=value * 1.1, **options
    )
    other = statistics.calculate_slope_indices(
        value * factor, people, lower=value * factor * 0.9, upper=value * factor * 1.1, **options
    )
    assert other.slope.value[0] == pytest.approx(one.slope.value[0] * factor)
    assert other.relative.value[0] == pytest.approx(one.relative.value[0])


@given(st.integers(1, 100_000), st.floats(0.5, 99.5), FACTOR)
def test_funnels_close_with_size(size, benchmark, times):
    limits = statistics.proportion_funnel([size, size * times], benchmark)
    for low, high in ((limits.lower_95, limits.upper_95), (limits.lower_998, limits.upper_998)):
        assert low[0] <= low[1] < benchmark < high[1] <= high[0]
    assert (limits.lower_998 <= limits.lower_95).all()
    assert (limits.upper_95 <= limits.upper_998).all()


@given(st.floats(0.01, 100_000), FACTOR)
def test_funnels_of_ratios_close_with_size(expected, times):
    limits = statistics.rate_funnel([expected, expected * times], 100, multiplier=100)
    assert limits.lower_998[0] <= limits.lower_95[0] <= limits.lower_95[1] < 100
    assert 100 < limits.upper_95[1] < limits.upper_95[0] < limits.upper_998[0]


PAIR = st.tuples(st.integers(0, 500), st.integers(0, 500)).map(sorted).filter(lambda p: p[1] > 0)


@given(PAIR, PAIR, CONFIDENCE)
def test_difference_turns_round_with_its_sides(first, second, confidence):
    there = statistics.newcombe_difference(*first, *second, confidence=confidence)
    back = statistics.newcombe_difference(*second, *first, confidence=confidence)
    assert -100 - 1e-9 <= there.lower <= there.value <= there.upper <= 100 + 1e-9
    np.testing.assert_allclose([there.lower, there.upper], [-back.upper, -back.lower], atol=1e-9)


@given(PAIR, PAIR)
def test_intervals_that_stay_apart_always_differ(first, second):
    one, other = (statistics.proportion(*pair) for pair in (first, second))
    assume(one.lower > other.upper + 1e-9)
    assert str(statistics.compare_difference(one, other).verdict) == "higher"


@given(st.floats(-100, 100), st.floats(0.01, 50), st.floats(0.01, 50))
def test_a_known_value_leaves_the_interval_of_the_other(value, below, above):
    one = Estimate(*(np.array([part]) for part in (value, value - below, value + above)))
    known = Estimate(*(np.array([7.0]) for _ in range(3)))
    found = statistics.difference_interval(one, known)
    np.testing.assert_allclose(found, [part - 7 for part in one], atol=1e-9)


@given(st.integers(1, 400), st.floats(0.05, 0.45), st.floats(0.01, 0.4))
def test_power_grows_with_the_sample(size, before, change):
    small, large = statistics.calculate_power(before, before + change, [size, size * 2])
    assert 0.05 < small < large + 1e-12
    assert large <= 1 + 1e-12
