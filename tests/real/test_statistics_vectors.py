"""Standardised rates, life expectancy, slope indices, funnels and differences: published answers.

The folder of answers lies beside the project, or where ``CIP_VECTORS`` says. Without it these tests
skip; figures typed into ``tests/spec/test_statistics_figures.py`` always run.
"""

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cip import statistics
from cip.statistics.estimate import STRICT, USUAL
from cip.statistics.funnel import ABOVE, BELOW, FAR_ABOVE, FAR_BELOW, WITHIN
from cip.statistics.life_expectancy import WIDE_INTERVAL, build_life_table

pytestmark = pytest.mark.real

BESIDE = Path(__file__).parents[2].parent / "shared"
VECTORS = Path(os.environ.get("CIP_VECTORS", BESIDE / "vectors"))
LEVELS = [USUAL, STRICT]


def read_vector(name: str) -> pd.DataFrame:
    path = VECTORS / f"{name}.csv"
    if not path.is_file():
        pytest.skip(f"The folder of published answers has no {path.name}; set CIP_VECTORS to it.")
    return pd.read_csv(path)


def assert_close(found, expected, *, rtol=1e-9, atol=0.0):
    assert len(expected) > 0
    np.testing.assert_allclose(found, expected, rtol=rtol, atol=atol, equal_nan=True)


def assert_estimates(found, rows, *, rtol=1e-9):
    for part, column in zip(found[:3], ["value", "lower", "upper"], strict=True):
        assert_close(part, rows[f"expected_{column}"].to_numpy(float), rtol=rtol)


# Directly standardised rates


@pytest.mark.parametrize("confidence", LEVELS)
@pytest.mark.parametrize("multiplier", [10_000, 100_000])
def test_directly_standardised_rates(multiplier, confidence):
    expected, inputs = read_vector("dsr"), read_vector("dsr_inputs")
    wanted = (expected["confidence"] == confidence) & expected["area"].isin(inputs["area"])
    rows = expected[wanted & (expected["multiplier"] == multiplier)]
    checked = 0
    for row in rows.itertuples():
        area = inputs[inputs["area"] == row.area]
        # The areas' standards differ, and their bands do not stand in the order of the standard.
        shuffled = area.sample(frac=1, random_state=1)
        found = statistics.directly_standardised_rate(
            shuffled["count"],
            shuffled["pop"],
            bands=shuffled["ageband"],
            standard=dict(zip(area["ageband"], area["std_pop"], strict=True)),
            multiplier=multiplier,
            confidence=confidence,
        )
        assert_close(
            found[:3], [row.expected_value, row.expected_lower, row.expected_upper], rtol=1e-11
        )
        assert (str(found.reason) != "") == np.isnan(row.expected_value)
        checked += 1
    assert checked >= 3


def test_the_standard_of_the_answers_is_the_constant():
    inputs = read_vector("dsr_inputs")
    area = inputs[inputs["area"] == "testdata_big"]
    assert area["std_pop"].tolist() == list(statistics.ESP2013.values())
    # One label of the answers is a slip of the pen: 55-69 stands between 50-54 and 60-64.
    labels = area["ageband"].replace("55-69", "55-59")
    assert labels.tolist() == list(statistics.ESP2013)


@pytest.mark.parametrize("confidence", LEVELS)
def test_directly_standardised_rates_of_repeat_events(confidence):
    expected, inputs = read_vector("dsr"), read_vector("dsr_nonindependent_inputs")
    rows = expected[
        (expected["confidence"] == confidence) & expected["area"].isin(inputs["area"])
    ].set_index("area")
    areas = list(inputs["area"].unique())
    assert len(areas) == len(rows) == 4
    bands = inputs["ageband"].unique()
    frequencies = [name for name in inputs if name.startswith("persons_with")]
    persons = inputs[frequencies].fillna(0).to_numpy().reshape(4, len(bands), -1)
    assert (persons @ [1, 2, 3, 4] == inputs["count"].to_numpy().reshape(4, -1)).all()
    found = statistics.directly_standardised_rate_of_repeats(
        persons,
        inputs["pop"].to_numpy().reshape(4, -1),
        bands=bands,
        standard=dict(zip(bands, inputs["std_pop"], strict=False)),
        confidence=confidence,
    )
    # These answers are published to eight decimals.
    assert_estimates(found, rows.loc[areas], rtol=1e-10)


# Indirectly standardised ratios and rates


def test_expected_counts():
    expected, inputs = read_vector("isr"), read_vector("isr_inputs")
    area = inputs[inputs["area"] == "testdata_big"]
    reference = dict(zip(area["ageband"], area["refcount"] / area["refpop"], strict=True))
    found = statistics.expected_count(area["pop"], bands=area["ageband"], reference=reference)
    assert_close([found], expected.loc[expected["area"] == "testdata_big", "expected"][:1])


@pytest.mark.parametrize("confidence", LEVELS)
def test_indirectly_standardised_ratios(confidence):
    table = read_vector("isr")
    rows = table[table["ref_rate"].isna() & (table["confidence"] == confidence)]
    for multiplier, block in rows.groupby("multiplier"):
        found = statistics.indirectly_standardised_ratio(
            block["observed"], block["expected"], multiplier=multiplier, confidence=confidence
        )
        assert_estimates(found, block)
    assert set(rows["multiplier"]) == {1, 100}


@pytest.mark.parametrize("confidence", LEVELS)
def test_indirectly_standardised_rates(confidence):
    table = read_vector("isr")
    rows = table[table["ref_rate"].notna() & (table["confidence"] == confidence)]
    for rate, block in rows.groupby("ref_rate"):
        found = statistics.indirectly_standardised_rate(
            block["observed"], block["expected"], reference_rate=rate, confidence=confidence
        )
        assert_estimates(found, block)
    assert rows["ref_rate"].nunique() == 2


# Means


@pytest.mark.parametrize("confidence", LEVELS)
def test_means_from_sums(confidence):
    table = read_vector("means_expected")
    rows = table[table["confidence"] == confidence]
    squares = rows["stdev"] ** 2 * (rows["n"] - 1) + rows["sum"] ** 2 / rows["n"]
    found = statistics.mean_from_sums(rows["n"], rows["sum"], squares, confidence=confidence)
    assert_estimates(found, rows)
    assert len(rows) == 3


# Life expectancy


@pytest.fixture(scope="module")
def life():
    return read_vector("life_expectancy")


def shape_life_case(rows):
    by_age = rows.set_index("startage").loc[list(statistics.START_AGES)]
    return by_age["deaths"].to_numpy(float), by_age["pop"].to_numpy(float), by_age


@pytest.mark.parametrize("age", statistics.START_AGES)
def test_life_expectancy_from_every_age(life, age):
    deaths, people, rows = shape_life_case(life[life["case"] == "good"])
    found = statistics.calculate_life_expectancy(
        deaths, people, bands=statistics.LIFE_BANDS, start_age=age
    )
    row = rows.loc[age]
    assert_close([found.value], [row["expected_le"]], rtol=0, atol=5e-9)
    # The answers take 1.96 for the normal quantile, which is a little more than it is.
    assert_close([found.lower], [row["expected_lower"]], rtol=0, atol=6e-6)
    assert_close([found.upper], [row["expected_upper"]], rtol=0, atol=6e-6)


def test_life_table_with_the_rounded_quantile_of_the_answers(life):
    deaths, people, rows = shape_life_case(life[life["case"] == "good"])
    table = build_life_table(deaths, people)
    margin = 1.96 * np.sqrt(table.variance)
    assert_close(table.expectancy - margin, rows["expected_lower"], rtol=0, atol=5e-9)
    assert_close(table.expectancy + margin, rows["expected_upper"], rtol=0, atol=5e-9)


def test_wide_intervals_blank_the_ages_that_have_them(life):
    deaths, people, rows = shape_life_case(life[life["case"] == "wide_ci"])
    blank = []
    for age in statistics.START_AGES:
        found = statistics.calculate_life_expectancy(
            deaths, people, bands=statistics.LIFE_BANDS, start_age=age
        )
        assert_close([found.value], [rows.loc[age, "expected_le"]], rtol=1e-8)
        blank.append(str(found.reason) == WIDE_INTERVAL)
    assert blank == rows["expected_le"].isna().tolist()
    # The answers go on giving limits where the value is blank, so the table behind is compared.
    # Those of this case take the exact normal quantile.
    table = build_life_table(deaths, people)
    margin = 1.959963984540054 * np.sqrt(table.variance)
    assert_close(table.expectancy - margin, rows["expected_lower"], rtol=1e-6)
    assert_close(table.expectancy + margin, rows["expected_upper"], rtol=1e-6)


@pytest.mark.parametrize(
    ("case", "reason"),
    [
        ("negative_deaths", "negative"),
        ("zero_population", "no people"),
        ("deaths_exceed_pop", "more deaths"),
        ("deaths_exceed_pop_last_band", "more deaths"),
        ("total_pop_le_5000", "5,000 or fewer"),
    ],
)
def test_life_expectancy_is_blank_by_rule(life, case, reason):
    deaths, people, rows = shape_life_case(life[life["case"] == case])
    assert rows["expected_le"].isna().all()
    for age in statistics.START_AGES:
        found = statistics.calculate_life_expectancy(
            deaths, people, bands=statistics.LIFE_BANDS, start_age=age
        )
        assert np.isnan(found[:3]).all()
        assert reason in str(found.reason)


def test_a_missing_age_band_is_refused(life):
    rows = life[life["case"] == "missing_age_band"]
    assert len(rows) == 19
    with pytest.raises(ValueError, match=r"missing: 90\+"):
        statistics.calculate_life_expectancy(
            rows["deaths"], rows["pop"], bands=statistics.LIFE_BANDS[:-1]
        )


# Slope indices

SCALES = {0: "normal", 1: "rate", 2: "proportion"}


def list_slope_cases():
    path = VECTORS / "sii.csv"
    return pd.read_csv(path)["case"].tolist() if path.is_file() else ["absent"]


@pytest.fixture(scope="module")
def slope_tables():
    return read_vector("sii").set_index("case"), read_vector("sii_inputs")


@pytest.mark.parametrize("case", list_slope_cases())
def test_slope_indices(slope_tables, case):
    expected, inputs = slope_tables
    row, groups = expected.loc[case], inputs[inputs["case"] == case]
    first, *second = [float(part) for part in str(row["confidence"]).strip("c()").split(",")]
    found = compute_slopes(groups, row, first)
    assert_close([found.slope.value[0]], [row["expected_sii"]], rtol=1e-10)
    if not np.isnan(row["expected_rii"]):
        assert_close([found.relative.value[0]], [row["expected_rii"]], rtol=1e-10)
    if not np.isnan(row["expected_intercept"]):
        assert_close([found.intercept[0]], [row["expected_intercept"]], rtol=1e-10)
    assert_slope_limits(found, row, "{0}_{1}")
    for confidence in second:
        again = compute_slopes(groups, row, confidence)
        names = "{0}_{1}_2nd_confidence" if "99" in str(row["confidence"]) else "{0}_{1}_2nd"
        assert_slope_limits(again, row, names)


def compute_slopes(groups, row, confidence):
    lower, upper = groups["lower_cl"].to_numpy(float), groups["upper_cl"].to_numpy(float)
    return statistics.calculate_slope_indices(
        [groups["value"]],
        [groups["population"]],
        lower=[lower],
        upper=[upper],
        scale=SCALES[groups["value_type_0normal_1rate_2proportion"].iloc[0]],
        is_transformed="transform" in row.name,
        is_inverted="-100" in row.name or "negative" in row.name,
        multiplier=100 if "100)" in row.name else 1,
        confidence=confidence / 100,
        repetitions=int(row["repetitions"]),
    )


def assert_slope_limits(found, row, names):
    """Compare simulated limits with the tolerance that the publisher's own tests have."""
    for index, estimate in {"sii": found.slope, "rii": found.relative}.items():
        for side in ("lower", "upper"):
            name = "expected_" + names.format(index, side)
            name = name if name in row else "expected_" + f"{index}_{side}_2nd"
            if np.isnan(row[name]):
                continue
            limit = getattr(estimate, side)[0]
            assert limit == pytest.approx(row[name], rel=0.05)


# Funnels

FUNNEL_WORDS = {
    "High (0.001)": FAR_ABOVE,
    "High (0.025)": ABOVE,
    "Not significant": WITHIN,
    "Low (0.025)": BELOW,
    "Low (0.001)": FAR_BELOW,
}
#: The answers were found by trial and error; their Poisson limits are off by up to this much.
FUNNEL_ERROR = 1e-5
SIGMAS = {"2s": ("lower_95", "upper_95"), "3s": ("lower_998", "upper_998")}


@pytest.mark.parametrize("name", ["funnel_prop_limits", "funnel_prop_limits_axis"])
def test_funnel_of_proportions(name):
    table = read_vector(name)
    found = statistics.proportion_funnel(table["Population"], table["Baseline"].iloc[0])
    for part, column in zip(found[1:5], table.columns[1:5], strict=True):
        assert_close(part, table[column], rtol=0, atol=2e-6)


@pytest.mark.parametrize("name", ["crude", "crude_denominator", "dsr"])
@pytest.mark.parametrize("sigma", SIGMAS)
def test_funnel_of_rates(name, sigma):
    table = read_vector(f"funnel_rate_limits_{name}")
    years = 3
    baseline = table["baseline"].iloc[0]
    for side, part in zip(["lower", "upper"], SIGMAS[sigma], strict=True):
        people = table[f"{side}_{sigma}_population_1_year"] * years
        funnel = statistics.rate_funnel(people, baseline)
        assert_close(getattr(funnel, part), table[f"{side}_{sigma}_limit"], rtol=FUNNEL_ERROR)


@pytest.mark.parametrize("sigma", SIGMAS)
def test_funnel_of_ratios(sigma):
    table = read_vector("funnel_ratio_limits")
    for side, part in zip(["lower", "upper"], SIGMAS[sigma], strict=True):
        funnel = statistics.rate_funnel(table[f"{side}_{sigma}_exp_events"], 100, multiplier=100)
        assert_close(getattr(funnel, part), table[f"{side}_{sigma}_isr"], rtol=FUNNEL_ERROR)


def assert_placed(found, words):
    assert len(words) > 0
    assert found.tolist() == [FUNNEL_WORDS[word] for word in words]


def test_points_in_a_funnel_of_proportions():
    table = read_vector("funnel_prop_inputs")
    value = statistics.proportion(table["numerator"], table["denominator"]).value
    benchmark = statistics.pool_rates(table["numerator"], table["denominator"], multiplier=100)
    funnel = statistics.proportion_funnel(table["denominator"], benchmark)
    assert_placed(statistics.place_in_funnel(value, funnel), table["significance"])


def test_points_in_a_funnel_of_ratios():
    table = read_vector("funnel_ratio_inputs")
    ratio = statistics.indirectly_standardised_ratio(table["obs"], table["expected"])
    funnel = statistics.rate_funnel(table["expected"], 100, multiplier=100)
    assert_placed(statistics.place_in_funnel(ratio.value, funnel), table["significance"])


@pytest.mark.parametrize("statistic", ["proportion", "ratio"])
def test_points_in_the_joined_table(statistic):
    table = read_vector("funnels")
    rows = table[table["statistic"] == statistic]
    value = 100 * rows["numerator"] / rows["denominator"]
    if statistic == "ratio":
        funnel = statistics.rate_funnel(rows["denominator"], 100, multiplier=100)
    else:
        pooled = statistics.pool_rates(rows["numerator"], rows["denominator"], multiplier=100)
        funnel = statistics.proportion_funnel(rows["denominator"], pooled)
    assert_placed(statistics.place_in_funnel(value, funnel), rows["expected_significance"])


@pytest.mark.parametrize("multiplier", [100, 100_000])
@pytest.mark.parametrize("zero", ["with_0", "without_0"])
def test_points_in_a_funnel_of_crude_rates(multiplier, zero):
    table = read_vector("funnel_rate_dsr_inputs")
    rows = table if zero == "with_0" else table[table["count"] > 0]
    pooled = statistics.pool_rates(rows["count"], rows["pop"], multiplier=multiplier)
    funnel = statistics.rate_funnel(rows["pop"], pooled, multiplier=multiplier)
    found = statistics.place_in_funnel(rows[f"rate_crude_per_{multiplier}"], funnel)
    assert_placed(found, rows[f"crude_per_{multiplier}_{zero}"])


def test_points_in_a_funnel_of_standardised_rates():
    table = read_vector("funnel_rate_dsr_inputs")
    people = statistics.effective_population(table["count"], table["rate_dsr"], multiplier=100_000)
    pooled = statistics.pool_rates(table["count"], people, multiplier=100_000)
    funnel = statistics.rate_funnel(people, pooled)
    found = statistics.place_in_funnel(table["rate_dsr"], funnel)
    is_given = table["count"] >= 10
    assert_placed(found[is_given], table.loc[is_given, "dsr_per_100000_with_0"])
    # The area without events has no standardised rate.
    assert found[~is_given].tolist() == ["not placed"]


def test_populations_behind_standardised_rates():
    table = read_vector("funnel_rate_inputs")
    rows = table[table["rate_chart"].notna()]
    years = 3
    found = statistics.effective_population(rows["ev"], rows["rate_chart"], multiplier=100_000)
    assert_close(found / years, rows["denominator_derived"], rtol=1e-8)


# Differences


def test_newcombe_differences():
    table = read_vector("newcombe_textbook")
    rows = table[table["method"] == "newcombe_diff_method10"]
    found = statistics.newcombe_difference(rows["a"], rows["m"], rows["b"], rows["n"], multiplier=1)
    assert_close(found.value, rows["expected_estimate"])
    assert found.lower.round(4).tolist() == rows["expected_lower95"].tolist()
    assert found.upper.round(4).tolist() == rows["expected_upper95"].tolist()
    assert len(rows) == 2


def test_power_before_and_after():
    table = read_vector("power_before_after")
    found = statistics.calculate_power(table["p_before"], table["p_after"], table["n_per_wave"])
    assert found.round(3).tolist() == table["power_two_sided_5pct"].tolist()
