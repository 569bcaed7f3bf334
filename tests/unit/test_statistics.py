"""Intervals, comparison, quantiles and deprivation summaries, away from any data file."""

import doctest
import math

import numpy as np
import pytest

from cip import statistics
from cip.statistics import comparison, intervals, quantiles

NAN = math.nan


@pytest.mark.parametrize("module", [intervals, comparison, quantiles])
def test_documentation_examples_hold(module):
    result = doctest.testmod(module)
    assert result.attempted > 0
    assert result.failed == 0


# Newcombe 1998, Statistics in Medicine 17:857-872, worked examples of method 3.
PUBLISHED = [
    (81, 263, 0.2553, 0.3662),
    (15, 148, 0.0624, 0.1605),
    (0, 20, 0.0000, 0.1611),
    (1, 29, 0.0061, 0.1718),
]


class TestWilson:
    @pytest.mark.parametrize(("numerator", "denominator", "lower", "upper"), PUBLISHED)
    def test_published_examples(self, numerator, denominator, lower, upper):
        low, high = statistics.wilson_interval(numerator, denominator)
        assert round(float(low), 4) == lower
        assert round(float(high), 4) == upper

    def test_is_vectorised_and_keeps_missing(self):
        low, high = statistics.wilson_interval([10, NAN, 5, 0], [100, 100, NAN, 0])
        assert np.isnan(low).tolist() == [False, True, True, True]
        assert np.isnan(high).tolist() == [False, True, True, True]

    def test_limits_stay_inside_zero_and_one(self):
        low, high = statistics.wilson_interval([0, 7], [7, 7])
        assert low[0] == 0
        assert high[1] == 1

    def test_wider_with_more_confidence(self):
        low, high = statistics.wilson_interval(30, 100)
        wide_low, wide_high = statistics.wilson_interval(30, 100, confidence=0.998)
        assert wide_low < low < high < wide_high

    def test_empty_in_empty_out(self):
        low, high = statistics.wilson_interval([], [])
        assert low.size == high.size == 0

    def test_fractional_counts_of_split_areas(self):
        low, high = statistics.wilson_interval(0.445, 1)
        assert float(low) == pytest.approx(0.04381744772)
        assert float(high) == pytest.approx(0.93346213263)

    def test_rounding_noise_is_not_an_error(self):
        total = 0.1 + 0.2
        low, high = statistics.wilson_interval(total, 0.3)
        assert float(low) < 1
        assert float(high) == 1

    @pytest.mark.parametrize(("numerator", "denominator"), [(11, 10), (-1, 10), (1, -1)])
    def test_impossible_counts_are_refused(self, numerator, denominator):
        with pytest.raises(ValueError, match=r"larger|negative"):
            statistics.wilson_interval(numerator, denominator)

    @pytest.mark.parametrize("confidence", [0, 1, 95])
    def test_impossible_confidence_is_refused(self, confidence):
        with pytest.raises(ValueError, match="between 0 and 1"):
            statistics.wilson_interval(1, 2, confidence=confidence)


class TestCounts:
    def test_zero_count_has_zero_lower_limit_and_the_closed_form_upper_one(self):
        low, high = statistics.count_interval([0])
        assert low.tolist() == [0.0]
        assert high[0] == pytest.approx(-math.log(0.025))

    # Garwood's exact limits, as printed in Breslow and Day 1987, table 2.10.
    @pytest.mark.parametrize(
        ("count", "lower", "upper"), [(1, 0.0253, 5.57), (5, 1.62, 11.67), (9, 4.12, 17.08)]
    )
    def test_exact_below_ten(self, count, lower, upper):
        low, high = statistics.count_interval(count)
        assert float(low) == pytest.approx(lower, abs=0.005)
        assert float(high) == pytest.approx(upper, abs=0.005)

    def test_byars_from_ten(self):
        low, high = statistics.count_interval([9, 10])
        exact = statistics.exact_poisson_interval([9, 10])
        byars = statistics.byars_interval([9, 10])
        assert (low[0], high[0]) == (exact[0][0], exact[1][0])
        assert (low[1], high[1]) == (byars[0][1], byars[1][1])

    def test_fifty(self):
        low, high = statistics.byars_interval(50)
        assert (round(float(low), 2), round(float(high), 2)) == (37.11, 65.92)

    def test_byars_lower_limit_of_zero_is_missing(self):
        low, high = statistics.byars_interval([0])
        assert np.isnan(low[0])
        assert high[0] > 0

    def test_missing_stays_missing(self):
        low, high = statistics.count_interval([NAN, 3])
        assert np.isnan(low[0])
        assert np.isnan(high[0])
        assert low[1] < 3 < high[1]

    def test_negative_count_is_refused(self):
        with pytest.raises(ValueError, match="negative"):
            statistics.count_interval([-1])


class TestRate:
    def test_several_events_for_each_person_are_allowed(self):
        rate = statistics.crude_rate(250, 220)
        assert float(rate.value) == pytest.approx(113_636.3636)
        assert float(rate.lower) == pytest.approx(99_984.947385)

    def test_nobody_at_risk_has_no_rate(self):
        assert np.isnan(statistics.crude_rate([0, 4], 0).value).all()


class TestMean:
    def test_one_value_has_no_limits(self):
        mean = statistics.mean_interval([4.0])
        assert float(mean.value) == 4
        assert np.isnan(mean.lower)

    def test_nothing_has_no_mean(self):
        assert np.isnan(statistics.mean_interval([NAN]).value)

    def test_student_t_limits(self):
        # 12 values, mean 10, s = 2: margin 2.201 x 2 / sqrt(12).
        sample = 10 + 2 * np.sqrt(11 / 12) * np.array([1, -1] * 6)
        mean = statistics.mean_interval([*sample, NAN])
        assert float(mean.value) == pytest.approx(10)
        assert float(mean.upper) == pytest.approx(10 + 2.200985 * 2 / math.sqrt(12), abs=1e-5)


class TestQuantiles:
    def test_fewer_values_than_groups_are_blank(self):
        assert np.isnan(statistics.assign_quantiles([1.0, 2.0, NAN], groups=3)).all()

    def test_ties_share_the_lower_group(self):
        groups = statistics.assign_quantiles([1, 1, 1, 1], groups=2)
        assert groups.tolist() == [1, 1, 1, 1]

    def test_inverted(self):
        groups = statistics.assign_quantiles([1, 2, 3, 4], groups=4, is_inverted=True)
        assert groups.tolist() == [4, 3, 2, 1]

    def test_no_groups_is_refused(self):
        with pytest.raises(ValueError, match="at least one group"):
            statistics.assign_quantiles([1.0], groups=0)


COMPARISONS = [
    # lower, upper, benchmark, polarity, word
    (10, 12, 9, "high_is_good", "better"),
    (10, 12, 13, "high_is_good", "worse"),
    (10, 12, 9, "high_is_bad", "worse"),
    (10, 12, 13, "high_is_bad", "better"),
    (10, 12, 9, "none", "higher"),
    (10, 12, 13, "none", "lower"),
    (10, 12, 11, "high_is_good", "similar"),
    (10, 12, 11, "none", "similar"),
    (10, 12, 10, "none", "similar"),
    (10, 12, 12, "high_is_bad", "similar"),
    (NAN, 12, 11, "none", "not compared"),
    (10, NAN, 13, "high_is_bad", "not compared"),
    (10, 12, NAN, "high_is_good", "not compared"),
]


@pytest.mark.parametrize(("lower", "upper", "benchmark", "polarity", "word"), COMPARISONS)
def test_comparison_words(lower, upper, benchmark, polarity, word):
    found = statistics.compare_with_benchmark([lower], [upper], [benchmark], polarity)
    assert found.tolist() == [word]


def test_comparison_refuses_what_cannot_be():
    with pytest.raises(ValueError, match="polarity"):
        statistics.compare_with_benchmark([1], [2], [1], "sideways")
    with pytest.raises(ValueError, match="above"):
        statistics.compare_with_benchmark([3], [2], [1], "none")


class TestDeprivation:
    # Ten small areas in the country; three of them here, with ranks 1, 3 and 10.
    RANKS, PEOPLE = (1, 3, 10), (100, 300, 600)

    def test_average_score_weights_by_people(self):
        assert statistics.calculate_average_score([30, 20, 10], self.PEOPLE) == 15

    def test_average_rank_gives_the_most_deprived_the_highest_score(self):
        expected = (10 * 100 + 8 * 300 + 1 * 600) / 1000
        assert statistics.calculate_average_rank(
            self.RANKS, self.PEOPLE, total_areas=10
        ) == pytest.approx(expected)

    def test_share_most_deprived_counts_areas_and_not_people(self):
        share = statistics.calculate_share_most_deprived(self.RANKS, total_areas=10)
        assert share == pytest.approx(1 / 3)

    def test_extent_falls_from_the_11th_to_the_30th_percentile(self):
        extent = statistics.calculate_extent(self.RANKS, self.PEOPLE, total_areas=10)
        assert extent == pytest.approx((1 * 100 + 0.05 * 300) / 1000)
        eleventh = statistics.calculate_extent([11], [1], total_areas=100)
        assert eleventh == pytest.approx(0.95)
        assert statistics.calculate_extent([31], [1], total_areas=100) == 0

    def test_local_concentration_takes_exactly_a_tenth_of_the_people(self):
        value = statistics.calculate_local_concentration([1, 5], [50, 950], total_areas=10)
        assert value == pytest.approx((10 * 50 + 6 * 50) / 100)

    def test_missing_is_missing(self):
        people = [1, 1]
        assert np.isnan(statistics.calculate_average_score([1, NAN], people))
        assert np.isnan(statistics.calculate_extent([1, NAN], people, total_areas=9))
        assert np.isnan(statistics.calculate_share_most_deprived([1, NAN], total_areas=9))
        assert np.isnan(statistics.calculate_local_concentration([1, NAN], people, total_areas=9))
        assert np.isnan(statistics.calculate_average_score([], []))

    def test_impossible_inputs_are_refused(self):
        with pytest.raises(ValueError, match="outside 1 to 10"):
            statistics.calculate_extent([11], [1], total_areas=10)
        with pytest.raises(ValueError, match="one population"):
            statistics.calculate_average_score([1, 2], [1])
        with pytest.raises(ValueError, match="negative"):
            statistics.calculate_average_score([1], [-1])
