"""Standardised rates, life expectancy and slope indices: zeros, gaps, blanks and refusals."""

import doctest
import math

import numpy as np
import pytest

from cip import statistics
from cip.statistics import (
    difference,
    estimate,
    inequality,
    life_expectancy,
    means,
    standard_population,
    standardised,
)

NAN = math.nan
BANDS = tuple(statistics.ESP2013)


@pytest.mark.parametrize("module", [difference, estimate, means, standard_population])
def test_documentation_examples_hold(module):
    result = doctest.testmod(module)
    assert result.attempted > 0
    assert result.failed == 0


class TestBands:
    def test_columns_are_matched_by_label(self):
        found = statistics.order_bands([[3, 1, 2]], ["5+", "0", "1-4"], ["0", "1-4", "5+"])
        assert found.tolist() == [[1, 2, 3]]

    @pytest.mark.parametrize(
        ("bands", "told"),
        [
            (["0", "1-4"], "2 age-band labels for 3"),
            (["0", "1-4", "1-4"], r"missing: 5\+; given twice: 1-4"),
            (["0", "1-4", "5-9"], r"missing: 5\+; not known here: 5-9"),
        ],
    )
    def test_faults_are_named(self, bands, told):
        with pytest.raises(ValueError, match=told):
            statistics.order_bands([[1, 2, 3]], bands, ["0", "1-4", "5+"])

    @pytest.mark.parametrize(
        ("label", "ages"), [("0", (0, 0)), ("5-9", (5, 9)), ("90+", (90, math.inf))]
    )
    def test_labels_are_read(self, label, ages):
        assert standard_population.parse_band(label) == ages

    @pytest.mark.parametrize("label", ["", "old", "5-", "-5", "9-5", "5-9+", "5 to 9"])
    def test_other_labels_are_refused(self, label):
        with pytest.raises(ValueError, match="age band"):
            standard_population.parse_band(label)

    def test_standard_for_bands_that_end_sooner(self):
        bands = [*BANDS[:-2], "85+"]
        grouped = statistics.group_standard(bands)
        assert grouped["85+"] == 2500
        assert sum(grouped.values()) == 100_000

    @pytest.mark.parametrize(("bands", "told"), [(["0-12"], "lies across"), (["2-3"], "across")])
    def test_standard_cannot_be_split(self, bands, told):
        with pytest.raises(ValueError, match=told):
            statistics.group_standard(bands)


class TestDirectlyStandardised:
    def measure(self, count, population, **options):
        return statistics.directly_standardised_rate(count, population, bands=BANDS, **options)

    def test_fewer_than_ten_events_are_blank(self):
        counts = np.zeros((3, 19))
        counts[:, 10] = [0, 9, 10]
        found = self.measure(counts, np.full((3, 19), 500))
        assert np.isnan(found.value).tolist() == [True, True, False]
        assert np.isnan(found.lower).tolist() == [True, True, False]
        assert found.reason.tolist() == [standardised.FEW_EVENTS] * 2 + [""]

    def test_missing_numbers_and_empty_bands_blank_the_area_alone(self):
        counts, people = np.full((4, 19), 3.0), np.full((4, 19), 500.0)
        counts[0, 5], people[1, 7], people[2, 18] = NAN, NAN, 0
        found = self.measure(counts, people)
        assert np.isnan(found.upper).tolist() == [True, True, True, False]
        assert found.reason.tolist() == [
            standardised.MISSING_NUMBER,
            standardised.MISSING_NUMBER,
            standardised.EMPTY_BAND,
            "",
        ]

    def test_ages_without_events_are_no_gap(self):
        counts = np.zeros(19)
        counts[-1] = 40
        found = self.measure(counts, np.full(19, 1000))
        assert float(found.value) == pytest.approx(0.01 * 40 / 1000 * 100_000)
        assert 0 < found.lower < found.value < found.upper

    def test_a_missing_band_is_refused(self):
        with pytest.raises(ValueError, match=r"missing: 90\+"):
            statistics.directly_standardised_rate(
                np.ones((2, 18)), np.ones((2, 18)), bands=BANDS[:-1]
            )

    def test_negative_counts_are_refused(self):
        with pytest.raises(ValueError, match="negative"):
            self.measure(np.full(19, -1), np.full(19, 10))

    def test_no_areas(self):
        found = self.measure(np.empty((0, 19)), np.empty((0, 19)))
        assert found.value.shape == (0,)

    def test_single_events_need_no_repeat_variant(self):
        counts, people = np.arange(19.0), np.full(19, 900)
        once = self.measure(counts, people)
        repeats = statistics.directly_standardised_rate_of_repeats(
            counts[:, np.newaxis], people, bands=BANDS
        )
        np.testing.assert_allclose(once[:3], repeats[:3])

    def test_events_that_come_in_fours_widen_the_limits_twice(self):
        counts, people = np.arange(19.0) * 4, np.full(19, 900)
        once = self.measure(counts, people)
        persons = np.zeros((19, 4))
        persons[:, 3] = np.arange(19)
        repeats = statistics.directly_standardised_rate_of_repeats(persons, people, bands=BANDS)
        assert repeats.value == pytest.approx(once.value)
        assert repeats.upper - repeats.value == pytest.approx(2 * (once.upper - once.value))

    def test_both_levels_in_one_go(self):
        found = statistics.estimate_both_levels(
            statistics.directly_standardised_rate,
            np.vstack([np.full(19, 4), np.zeros(19)]),
            np.full((2, 19), 300),
            bands=BANDS,
        )
        order = [found.lower_998, found.lower_95, found.value, found.upper_95, found.upper_998]
        assert (np.diff([part[0] for part in order]) > 0).all()
        assert found.reason.tolist() == ["", standardised.FEW_EVENTS]


class TestIndirectlyStandardised:
    def test_nothing_expected_has_no_ratio(self):
        found = statistics.indirectly_standardised_ratio([0, 4, NAN], [0, 0, 5])
        assert np.isnan(found.value).all()

    def test_no_events_have_a_ratio_of_zero_with_an_upper_limit(self):
        found = statistics.indirectly_standardised_ratio([0], [4])
        assert (found.value[0], found.lower[0]) == (0, 0)
        assert found.upper[0] == pytest.approx(100 * 3.6889 / 4, abs=0.01)

    def test_rate_of_an_area_as_expected_is_the_reference_rate(self):
        found = statistics.indirectly_standardised_rate([50], [50], reference_rate=431.0)
        assert found.value[0] == pytest.approx(431)

    def test_a_missing_band_of_people_leaves_no_expected_count(self):
        found = statistics.expected_count(
            [[10, NAN], [10, 20]], bands=["0-64", "65+"], reference={"0-64": 0.1, "65+": 0.2}
        )
        assert np.isnan(found[0])
        assert found[1] == pytest.approx(5)


class TestMeans:
    def test_samples_of_different_sizes_in_one_table(self):
        table = [[1.0, 2.0, 3.0], [4.0, NAN, NAN], [NAN, NAN, NAN], [5.0, 7.0, NAN]]
        found = statistics.mean_interval(table)
        for row, *parts in zip(table, *found, strict=True):
            alone = statistics.mean_interval([value for value in row if not math.isnan(value)])
            np.testing.assert_allclose(parts, [float(part) for part in alone])
        assert np.isnan(found.value).tolist() == [False, False, True, False]
        assert np.isnan(found.lower).tolist() == [False, True, True, False]

    def test_sums_without_values_or_with_one(self):
        found = statistics.mean_from_sums([0, 1, NAN], [0, 4, 4], [0, 16, 16])
        assert np.isnan(found.value).tolist() == [True, False, True]
        assert np.isnan(found.lower).all()

    def test_equal_values_have_no_width(self):
        found = statistics.mean_from_sums([3], [0.3], [3 * 0.1**2])
        assert found.upper[0] - found.lower[0] < 1e-6

    @pytest.mark.parametrize(("sums", "told"), [((-1, 1, 1), "negative"), ((2, 4, 1), "too small")])
    def test_impossible_sums_are_refused(self, sums, told):
        with pytest.raises(ValueError, match=told):
            statistics.mean_from_sums(*sums)


DEATHS = np.array([4, 1, 1, 1, 3, 5, 6, 8, 10, 15, 22, 33, 50, 80, 120, 190, 260, 320, 330, 350.0])
PEOPLE = np.array([1100, 4500, *[5600 - 100 * step for step in range(16)], 2000, 1300.0])


class TestLifeExpectancy:
    def measure(self, deaths, people, **options):
        return statistics.calculate_life_expectancy(
            deaths, people, bands=statistics.LIFE_BANDS, **options
        )

    @pytest.mark.parametrize(
        ("change", "reason"),
        [
            ({"deaths": (3, NAN)}, life_expectancy.MISSING_NUMBER),
            ({"people": (3, NAN)}, life_expectancy.MISSING_NUMBER),
            ({"people": (3, 0)}, life_expectancy.EMPTY_BAND),
            ({"people": (3, -5)}, life_expectancy.EMPTY_BAND),
            ({"deaths": (3, -1)}, life_expectancy.NEGATIVE_DEATHS),
            ({"deaths": (3, 6000)}, life_expectancy.MORE_DEATHS),
            ({"deaths": (19, 0)}, life_expectancy.NO_LAST_DEATHS),
        ],
    )
    def test_an_unfit_area_is_blank_and_its_neighbour_is_not(self, change, reason):
        deaths, people = np.vstack([DEATHS, DEATHS]), np.vstack([PEOPLE, PEOPLE])
        for name, (band, number) in change.items():
            {"deaths": deaths, "people": people}[name][0, band] = number
        found = self.measure(deaths, people)
        assert found.reason.tolist() == [reason, ""]
        for part in found[:3]:
            assert np.isnan(part).tolist() == [True, False]

    @pytest.mark.parametrize(("total", "is_blank"), [(5000, True), (5001, False)])
    def test_five_thousand_people_are_too_few(self, total, is_blank):
        people = np.full(20, 250.0)
        people[8] += total - people.sum()
        deaths = np.minimum(DEATHS, 60)
        found = self.measure(deaths, people)
        assert (str(found.reason) == life_expectancy.FEW_PEOPLE) == is_blank

    def test_wide_intervals_are_blank_whatever_the_confidence(self):
        deaths = np.zeros(20)
        deaths[-1] = 1
        people = np.full(20, 300.0)
        for confidence in (0.5, 0.95, 0.998):
            found = self.measure(deaths, people, confidence=confidence)
            assert np.isnan(found[:3]).all()
            assert str(found.reason) == life_expectancy.WIDE_INTERVAL

    def test_ages_without_deaths_add_no_variance(self):
        deaths = DEATHS.copy()
        deaths[1:5] = 0
        found = self.measure(deaths, PEOPLE)
        assert found.lower < found.value < found.upper

    def test_columns_in_another_order(self):
        order = np.random.default_rng(1).permutation(20)
        mixed = statistics.calculate_life_expectancy(
            DEATHS[order],
            PEOPLE[order],
            bands=[statistics.LIFE_BANDS[band] for band in order],
        )
        assert float(mixed.value) == float(self.measure(DEATHS, PEOPLE).value)

    def test_nobody_reaches_an_age_after_a_band_that_all_die_in(self):
        deaths, people = DEATHS.copy(), PEOPLE.copy()
        deaths[10] = people[10] * 0.9
        deaths[-1] = people[-1]
        assert str(self.measure(deaths, people).reason) == ""
        later = self.measure(deaths, people, start_age=60)
        assert str(later.reason) == life_expectancy.NO_SURVIVORS

    def test_an_age_inside_a_band_is_refused(self):
        with pytest.raises(ValueError, match="No age band starts at 66"):
            self.measure(DEATHS, PEOPLE, start_age=66)

    def test_the_wrong_number_of_bands_is_refused(self):
        with pytest.raises(ValueError, match="20 age-band labels for 19"):
            self.measure(DEATHS[1:], PEOPLE[1:])


class TestSlopeIndices:
    VALUE = np.array([[12.0, 10.0, 9.0, 7.0, 6.0]])
    PEOPLE = np.array([[200.0, 210.0, 190.0, 220.0, 180.0]])

    def measure(self, value=None, people=None, **options):
        value = self.VALUE if value is None else value
        people = self.PEOPLE if people is None else people
        return statistics.calculate_slope_indices(
            value, people, lower=value * 0.9, upper=value * 1.1, **options
        )

    def test_few_groups_are_refused(self):
        with pytest.raises(ValueError, match="5 or more groups"):
            self.measure(self.VALUE[:, :4], self.PEOPLE[:, :4])

    @pytest.mark.parametrize(
        "options",
        [{"scale": "odds"}, {"is_transformed": True}, {"multiplier": 0}, {"confidence": 95}],
    )
    def test_options_that_cannot_be_are_refused(self, options):
        with pytest.raises(ValueError, match=r"scale|multiplier|confidence"):
            self.measure(**options)

    @pytest.mark.parametrize("scale", ["normal", "rate"])
    def test_missing_and_empty_groups_blank_the_area_alone(self, scale):
        value, people = np.repeat(self.VALUE, 4, axis=0), np.repeat(self.PEOPLE, 4, axis=0)
        value[0, 2], people[1, 2], people[2, 4] = NAN, NAN, 0
        found = self.measure(value, people, scale=scale)
        for part in (*found.slope, *found.relative, found.intercept):
            assert np.isnan(part).tolist() == [True, True, True, False]

    def test_a_rate_of_zero_has_no_logarithm(self):
        value = self.VALUE.copy()
        value[0, 4] = 0
        found = self.measure(value, scale="rate", is_transformed=True)
        assert np.isnan(found.slope.value).all()

    def test_a_line_that_starts_below_zero_has_no_ratio(self):
        found = self.measure(np.array([[0.5, 3.0, 6.0, 9.0, 12.0]]))
        assert found.intercept[0] < 0
        assert np.isnan([part[0] for part in found.relative]).all()
        assert found.slope.lower[0] < found.slope.value[0] < found.slope.upper[0]

    @pytest.mark.parametrize("is_transformed", [True, False])
    def test_inverted_indices_mirror_the_others(self, is_transformed):
        options = {"scale": "rate", "is_transformed": is_transformed}
        plain = self.measure(**options)
        turned = self.measure(is_inverted=True, **options)
        assert turned.slope.value[0] == pytest.approx(-plain.slope.value[0])
        assert turned.slope.lower[0] == pytest.approx(-plain.slope.upper[0])
        assert turned.relative.lower[0] == pytest.approx(1 / plain.relative.upper[0], rel=1e-3)

    def test_the_multiplier_leaves_the_ratio_alone(self):
        plain, times = self.measure(), self.measure(multiplier=100)
        assert times.slope.upper[0] == pytest.approx(100 * plain.slope.upper[0])
        assert times.relative.upper[0] == plain.relative.upper[0]

    @pytest.mark.parametrize("scale", ["normal", "rate"])
    def test_an_area_gets_the_same_limits_alone_and_in_company(self, scale):
        company = np.vstack([self.VALUE * 2, self.VALUE])
        together = self.measure(company, np.vstack([self.PEOPLE] * 2), scale=scale)
        alone = self.measure(scale=scale)
        assert together.slope.lower[1] == pytest.approx(alone.slope.lower[0], rel=1e-12)
        assert together.relative.upper[1] == pytest.approx(alone.relative.upper[0], rel=1e-12)

    @pytest.mark.parametrize("scale", ["normal", "rate"])
    def test_more_areas_than_fit_in_one_block(self, scale, monkeypatch):
        company, people = np.repeat(self.VALUE, 7, axis=0), np.repeat(self.PEOPLE, 7, axis=0)
        whole = self.measure(company, people, scale=scale, repetitions=500)
        monkeypatch.setattr(inequality, "_BLOCK", 10_000)
        parts = self.measure(company, people, scale=scale, repetitions=500)
        np.testing.assert_allclose(parts.relative.lower, whole.relative.lower)

    def test_another_seed_gives_nearly_the_same_limits(self):
        one, other = self.measure(), self.measure(seed=7)
        width = one.slope.upper[0] - one.slope.lower[0]
        assert one.slope.lower[0] != other.slope.lower[0]
        assert abs(one.slope.lower[0] - other.slope.lower[0]) < 0.02 * width
