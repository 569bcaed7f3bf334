"""Differences, both levels of comparison, fifths and funnels: words, zeros, gaps, refusals."""

import doctest
import math

import numpy as np
import pytest

from cip import statistics
from cip.statistics import comparison, funnel
from cip.statistics.estimate import Estimate

NAN = math.nan


def test_documentation_examples_hold():
    result = doctest.testmod(comparison)
    assert result.attempted >= 3
    assert result.failed == 0


# first, second, polarity, word
WORDS = [
    (400, 300, "none", "higher"),
    (300, 400, "none", "lower"),
    (300, 310, "none", "similar"),
    (400, 300, "high_is_good", "better"),
    (400, 300, "high_is_bad", "worse"),
    (300, 310, "high_is_bad", "similar"),
    (NAN, 310, "high_is_bad", "not compared"),
]


class TestDifference:
    def test_overlapping_intervals_can_differ(self):
        first, second = (statistics.proportion(part, 1000) for part in ([300], [257]))
        assert first.lower[0] < second.upper[0]
        found = statistics.compare_difference(first, second)
        assert found.verdict.tolist() == ["higher"]
        assert found.lower[0] > 0

    @pytest.mark.parametrize(("first", "second", "polarity", "word"), WORDS)
    def test_words(self, first, second, polarity, word):
        found = statistics.compare_difference(
            statistics.proportion([first], 1000),
            statistics.proportion([second], 1000),
            polarity=polarity,
        )
        assert found.verdict.tolist() == [word]

    def test_stricter_confidence_marks_less(self):
        verdicts = [
            statistics.compare_difference(
                statistics.proportion([350], 1000, confidence=confidence),
                statistics.proportion([300], 1000, confidence=confidence),
            ).verdict[()]
            for confidence in (0.95, 0.998)
        ]
        assert [part.item() for part in verdicts] == ["higher", "similar"]

    def test_two_rates_of_no_events(self):
        found = statistics.rate_difference([0], [1000], [0], [1000])
        assert found.value[0] == 0
        assert found.lower[0] == -found.upper[0] == pytest.approx(-368.888, abs=0.001)

    def test_a_group_without_people_has_no_difference(self):
        found = statistics.newcombe_difference([0, 3], [0, 10], [5, 5], [10, 10])
        assert np.isnan(found.value).tolist() == [True, False]

    def test_estimates_with_a_reason_for_blanks_are_compared_too(self):
        bands = ["0-64", "65+"]
        rates = statistics.directly_standardised_rate(
            [[30, 90], [1, 2]],
            [[9000, 2000], [900, 200]],
            bands=bands,
            standard=statistics.group_standard(bands),
        )
        other = Estimate(*(part[::-1] for part in rates[:3]))
        assert statistics.compare_difference(rates, rates).verdict.tolist()[0] == "similar"
        assert statistics.compare_difference(rates, other).verdict.tolist() == ["not compared"] * 2

    def test_a_value_outside_its_interval_is_refused(self):
        good = Estimate(np.array([1.0]), np.array([0.5]), np.array([2.0]))
        bad = Estimate(np.array([3.0]), np.array([0.5]), np.array([2.0]))
        with pytest.raises(ValueError, match="outside its own interval"):
            statistics.difference_interval(good, bad)


class TestPower:
    def test_two_proportions_of_nobody_leave_no_chance_of_a_test(self):
        assert np.isnan(statistics.calculate_power([0.0], [0.0], [100])).all()

    @pytest.mark.parametrize("options", [(1.2, 0.1, 10), (0.1, -0.1, 10), (0.1, 0.2, 0)])
    def test_impossible_plans_are_refused(self, options):
        with pytest.raises(ValueError, match=r"outside 0 to 1|above zero"):
            statistics.calculate_power(*options)


class TestLevels:
    def test_the_stricter_level_marks_less(self):
        levels = statistics.estimate_both_levels(statistics.proportion, [122, 180, 100], 1000)
        found = statistics.compare_at_both_levels(levels, 10, "high_is_bad")
        assert found.at_95.tolist() == ["worse", "worse", "similar"]
        assert found.at_998.tolist() == ["similar", "worse", "similar"]

    def test_values_are_those_of_each_level_alone(self):
        found = statistics.estimate_both_levels(
            statistics.crude_rate, [0, 5, 50], [1000, 1000, 0], multiplier=1000
        )
        usual = statistics.crude_rate([0, 5, 50], [1000, 1000, 0], multiplier=1000)
        strict = statistics.crude_rate(
            [0, 5, 50], [1000, 1000, 0], multiplier=1000, confidence=0.998
        )
        np.testing.assert_array_equal(found.upper_95, usual.upper)
        np.testing.assert_array_equal(found.lower_998, strict.lower)
        assert found.reason.tolist() == ["", "", ""]

    @pytest.mark.parametrize(
        ("polarity", "words"),
        [
            ("high_is_good", ["worst", "second worst", "middle", "second best", "best"]),
            ("high_is_bad", ["best", "second best", "middle", "second worst", "worst"]),
            ("none", ["lowest", "second lowest", "middle", "second highest", "highest"]),
        ],
    )
    def test_words_for_fifths(self, polarity, words):
        fifths = statistics.assign_quantiles([10, 20, 30, 40, 50, NAN])
        found = statistics.describe_fifth(fifths, polarity)
        assert found.tolist() == [*(f"{word} fifth" for word in words), "not compared"]

    def test_other_fifths_and_polarities_are_refused(self):
        with pytest.raises(ValueError, match="fifth must be"):
            statistics.describe_fifth([6], "none")
        with pytest.raises(ValueError, match="polarity"):
            statistics.describe_fifth([1], "up")

    def test_marks_by_chance(self):
        assert statistics.count_chance_marks(60) == pytest.approx(3)
        assert statistics.count_chance_marks(0) == 0
        assert statistics.count_chance_marks(500, confidence=0.998) == pytest.approx(1)
        with pytest.raises(ValueError, match="negative"):
            statistics.count_chance_marks(-1)


class TestFunnel:
    def test_places(self):
        limits = statistics.proportion_funnel([400] * 6, 20)
        found = statistics.place_in_funnel([13, 15, 20, 25, 27, NAN], limits)
        assert found.tolist() == [
            funnel.FAR_BELOW,
            funnel.BELOW,
            funnel.WITHIN,
            funnel.ABOVE,
            funnel.FAR_ABOVE,
            funnel.NOT_PLACED,
        ]

    def test_an_area_without_people_is_not_placed(self):
        for limits in (
            statistics.proportion_funnel([0, NAN], 20),
            statistics.rate_funnel([0, NAN], 20),
        ):
            assert statistics.place_in_funnel([0, 1], limits).tolist() == ["not placed"] * 2

    def test_no_event_is_no_surprise_where_few_are_expected(self):
        # The chance of none is 2.5% with 3.69 expected and 0.1% with 6.91.
        limits = statistics.rate_funnel([3.68, 3.70, 6.90, 6.92], 100, multiplier=100)
        assert (limits.lower_95 > 0).tolist() == [False, True, True, True]
        assert (limits.lower_998 > 0).tolist() == [False, False, False, True]
        found = statistics.place_in_funnel([0] * 4, limits)
        assert found.tolist() == [funnel.WITHIN, funnel.BELOW, funnel.BELOW, funnel.FAR_BELOW]

    def test_places_agree_with_the_interval_of_each_point(self):
        counts, people = np.arange(60), np.full(60, 2500)
        rate = statistics.crude_rate(counts, people)
        found = statistics.place_in_funnel(rate.value, statistics.rate_funnel(people, 1000))
        low, high = statistics.exact_poisson_interval(counts)
        factor = 100_000 / 2500
        words = statistics.compare_with_benchmark(low * factor, high * factor, 1000, "none")
        assert [word.split()[0] for word in found] == [
            {"lower": "below", "higher": "above", "similar": "within"}[word] for word in words
        ]

    @pytest.mark.parametrize("benchmark", [-1, 101])
    def test_impossible_benchmarks_are_refused(self, benchmark):
        with pytest.raises(ValueError, match="benchmark"):
            statistics.proportion_funnel([10], benchmark)
        with pytest.raises(ValueError, match="benchmark"):
            statistics.rate_funnel([10], -abs(benchmark))

    def test_pooled_rate_leaves_out_areas_with_gaps(self):
        assert statistics.pool_rates([5, NAN, 7], [100, 900, 300], multiplier=100) == 3
        assert math.isnan(statistics.pool_rates([], [], multiplier=100))

    def test_effective_population(self):
        found = statistics.effective_population([50, 0], [25.0, 0], multiplier=1000)
        assert found[0] == 2000
        assert np.isnan(found[1])
