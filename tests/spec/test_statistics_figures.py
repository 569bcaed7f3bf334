"""Figures from the literature, or worked by hand, for the statistics that need no folder of data."""

from fractions import Fraction

import numpy as np
import pytest

from cip import statistics
from cip.statistics.life_expectancy import build_life_table

# Method 10 of Newcombe 1998, Statistics in Medicine 17:873-890.
NEWCOMBE = [
    (56, 70, 48, 80, 0.2, 0.0524, 0.3339),
    (9, 10, 3, 10, 0.6, 0.1705, 0.8090),
    (10, 10, 0, 20, 1.0, 0.6791, 1.0),
    (10, 10, 0, 10, 1.0, 0.6075, 1.0),
]


@pytest.mark.parametrize(("a", "m", "b", "n", "gap", "lower", "upper"), NEWCOMBE)
def test_difference_of_two_proportions(a, m, b, n, gap, lower, upper):
    found = statistics.newcombe_difference(a, m, b, n, multiplier=1)
    assert [round(float(part), 4) for part in found] == [gap, lower, upper]


# Student 1908, Biometrika 6:1-25: hours of sleep gained with two drugs.
SLEEP = [
    ([0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0], 0.75, -0.5298, 2.0298),
    ([1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4], 2.33, 0.8977, 3.7623),
]


@pytest.mark.parametrize(("hours", "mean", "lower", "upper"), SLEEP)
def test_mean_of_a_sample(hours, mean, lower, upper):
    values = np.array(hours)
    sums = statistics.mean_from_sums(len(hours), values.sum(), (values**2).sum())
    for found in (statistics.mean_interval(hours), sums):
        assert [round(float(part), 4) for part in found] == [mean, lower, upper]


# Exact limits of a count: Garwood 1936; Breslow and Day 1987, table 2.10.
RATIOS = [(1, 10, 10, 0.253, 55.7), (9, 12, 75, 34.3, 142.4), (0, 5, 0, 0, 73.8)]


@pytest.mark.parametrize(("observed", "expected", "ratio", "lower", "upper"), RATIOS)
def test_indirectly_standardised_ratio(observed, expected, ratio, lower, upper):
    found = statistics.indirectly_standardised_ratio(observed, expected)
    assert float(found.value) == pytest.approx(ratio)
    assert float(found.lower) == pytest.approx(lower, abs=0.06)
    assert float(found.upper) == pytest.approx(upper, abs=0.06)


def test_expected_count_by_hand():
    # 1,000 young at 2 per 1,000 and 500 old at 30 per 1,000; the columns stand the other way.
    found = statistics.expected_count(
        [[500, 1000]], bands=["65+", "0-64"], reference={"0-64": 0.002, "65+": 0.030}
    )
    assert found.tolist() == pytest.approx([17])


def test_directly_standardised_rate_by_hand():
    # Rates 20/1,000 and 60/500. Weights 3:1. 0.75 x 2,000 + 0.25 x 12,000 = 4,500 per 100,000.
    # Variance (0.75^2 x 20/1,000^2 + 0.25^2 x 60/500^2) = 0.00002625; Byar's limits of 80 events
    # are 63.4330 and 99.5681.
    found = statistics.directly_standardised_rate(
        [60, 20], [500, 1000], bands=["65+", "0-64"], standard={"0-64": 75, "65+": 25}
    )
    scale = 100_000 * (0.00002625 / 80) ** 0.5
    assert float(found.value) == pytest.approx(4500)
    assert float(found.lower) == pytest.approx(4500 + scale * (63.4330 - 80), abs=0.01)
    assert float(found.upper) == pytest.approx(4500 + scale * (99.5681 - 80), abs=0.01)


def test_one_age_band_gives_the_crude_rate():
    # Byar's limits of 65 events are 50.16 and 82.85.
    found = statistics.directly_standardised_rate(
        [65], [100_000], bands=["all"], standard={"all": 1}
    )
    assert [round(float(part), 2) for part in found[:3]] == [65, 50.16, 82.85]


def test_european_standard_population():
    # Eurostat 2013, Revision of the European Standard Population; bands under 5 and from 90 put together.
    assert sum(statistics.ESP2013.values()) == 100_000
    assert len(statistics.ESP2013) == 19
    assert statistics.ESP2013["40-44"] == 7000
    assert statistics.ESP2013["90+"] == 1000
    older = statistics.group_standard(["0-64", "65+"])
    assert older == {"0-64": 80_500, "65+": 19_500}


def make_life_table(deaths, people):
    """Return expectancy and variance at birth in exact fractions, band by band."""
    widths = [1, 4, *[5] * 17]
    alive, years, lived, chances = Fraction(1), [], [], []
    for width, dead, number in zip(widths, deaths, people, strict=False):
        share = Fraction(1, 10) if width == 1 else Fraction(1, 2)
        rate = Fraction(dead, number)
        dying = width * rate / (1 + width * (1 - share) * rate)
        following = alive * (1 - dying)
        years.append(width * (following + share * (alive - following)))
        lived.append((alive, share, width))
        chances.append((dying, dead))
        alive = following
    last = Fraction(deaths[-1], people[-1])
    years.append(alive / last)
    variance = alive**2 / (deaths[-1] * last**2)
    for band, ((here, share, width), (dying, dead)) in enumerate(zip(lived, chances, strict=True)):
        if dead:
            following = here * (1 - dying)
            ahead = sum(years[band + 1 :]) / following
            spread = dying**2 * (1 - dying) / dead
            variance += here**2 * ((1 - share) * width + ahead) ** 2 * spread
    return float(sum(years)), float(variance)


def test_life_table_against_exact_fractions():
    deaths = [4, 1, 0, 1, 3, 5, 6, 8, 10, 15, 22, 33, 50, 80, 120, 190, 260, 320, 330, 350]
    people = [1100, 4500, *[5600 - 100 * step for step in range(16)], 2000, 1300]
    expectancy, variance = make_life_table(deaths, people)
    table = build_life_table([deaths], [people])
    assert table.expectancy[0, 0] == pytest.approx(expectancy, rel=1e-12)
    assert table.variance[0, 0] == pytest.approx(variance, rel=1e-12)
    found = statistics.calculate_life_expectancy(
        [deaths], [people], bands=statistics.LIFE_BANDS, confidence=0.998
    )
    assert found.value[0] == pytest.approx(expectancy)
    assert found.upper[0] - found.value[0] == pytest.approx(3.0902 * variance**0.5, rel=1e-4)
    assert found.reason.tolist() == [""]


class TestSlopeIndices:
    PEOPLE = ((100, 300, 200, 150, 250),)
    MIDPOINTS = np.array([0.05, 0.25, 0.50, 0.675, 0.875])

    def measure(self, value, error, **options):
        value = np.atleast_2d(value)
        return statistics.calculate_slope_indices(
            value,
            self.PEOPLE,
            lower=value - 1.959964 * error,
            upper=value + 1.959964 * error,
            **options,
        )

    def test_a_straight_line_is_found_again(self):
        found = self.measure(70 + 14 * self.MIDPOINTS, 0.5)
        assert found.slope.value[0] == pytest.approx(14)
        assert found.relative.value[0] == pytest.approx(84 / 70)
        assert found.intercept[0] == pytest.approx(70)

    @pytest.mark.parametrize(("confidence", "z"), [(0.95, 1.95996), (0.998, 3.09023)])
    def test_limits_are_those_of_the_regression(self, confidence, z):
        # The slope is a weighted sum of normal values, so its limits are known.
        share = np.array(self.PEOPLE[0]) / 1000
        away = self.MIDPOINTS - share @ self.MIDPOINTS
        weight = share * away / (share @ away**2)
        error = 0.5 * np.sqrt((weight**2).sum())
        found = self.measure(70 + 14 * self.MIDPOINTS, 0.5, confidence=confidence)
        assert found.slope.lower[0] == pytest.approx(14 - z * error, abs=0.05 * error)
        assert found.slope.upper[0] == pytest.approx(14 + z * error, abs=0.05 * error)

    @pytest.mark.parametrize(("scale", "turn"), [("rate", np.exp), ("proportion", "logistic")])
    def test_a_line_on_the_scale_is_found_again(self, scale, turn):
        back = turn if callable(turn) else lambda x: 1 / (1 + np.exp(-x))
        found = self.measure(
            back(-1 - 0.8 * self.MIDPOINTS), 0.001, scale=scale, is_transformed=True
        )
        assert found.slope.value[0] == pytest.approx(back(-1.8) - back(-1))
        assert found.relative.value[0] == pytest.approx(back(-1.8) / back(-1))
        assert found.intercept[0] == pytest.approx(back(-1))


def test_funnel_of_proportions_by_hand():
    # 20% of 400: standard error 2 percentage points.
    found = statistics.proportion_funnel([400, 1], 20)
    assert [round(float(part[0]), 3) for part in found[1:5]] == [16.08, 23.92, 13.82, 26.18]
    assert [float(part[1]) for part in (found.lower_95, found.lower_998)] == [0, 0]


def test_funnel_of_rates_is_garwoods_limits_turned_round():
    # 9 events have the exact limits 4.115 and 17.085: with 17.085 expected, 9 lies on the line.
    found = statistics.rate_funnel([17.0848, 4.1154], 100, multiplier=100)
    assert float(found.lower_95[0]) == pytest.approx(100 * 9 / 17.0848, abs=0.01)
    assert float(found.upper_95[1]) == pytest.approx(100 * 9 / 4.1154, abs=0.01)


def test_power_of_the_textbook():
    # The sample-size formula of Fleiss 1981, without correction for continuity: 388 in each group
    # find 50% against 60% with 80% power at two-sided 5%.
    assert float(statistics.calculate_power(0.5, 0.6, 388)) == pytest.approx(0.80, abs=0.002)
    # Without any change the power is the level of the test.
    assert float(statistics.calculate_power(0.3, 0.3, 500)) == pytest.approx(0.05)


@pytest.mark.parametrize(
    ("first", "second", "most"), [(0.7, 2.5, 0.997), (3, 8, 0.99), (6, 5, 0.985), (20, 45, 0.965)]
)
def test_interval_of_a_difference_of_rates_holds_what_it_should(first, second, most):
    # The exact limits of small counts are cautious, and so is the difference.
    chance = np.random.default_rng(4)
    counts = chance.poisson([[first], [second]], (2, 20_000))
    found = statistics.rate_difference(counts[0], 2000, counts[1], 3000, multiplier=1)
    true = first / 2000 - second / 3000
    share = np.mean((found.lower <= true) & (true <= found.upper))
    assert 0.945 <= share <= most
