"""The public-health statistics against published worked answers.

The folder of answers lies beside the project, or where ``CIP_VECTORS`` says. Without it these tests
skip; figures typed into ``tests/unit/test_statistics.py`` always run.
"""

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cip import statistics

BESIDE = Path(__file__).parents[2].parent / "shared"
VECTORS = Path(os.environ.get("CIP_VECTORS", BESIDE / "vectors"))
DATA = Path(os.environ.get("CIP_DATA", BESIDE / "data"))


def read_vector(name: str) -> pd.DataFrame:
    path = VECTORS / f"{name}.csv"
    if not path.is_file():
        pytest.skip(f"The folder of published answers has no {path.name}; set CIP_VECTORS to it.")
    return pd.read_csv(path)


def assert_close(found, expected, *, rtol=1e-9):
    assert len(expected) > 0
    np.testing.assert_allclose(found, expected, rtol=rtol, equal_nan=True)


@pytest.mark.parametrize("confidence", [0.95, 0.998])
def test_wilson(confidence):
    table = read_vector("proportions_wilson")
    rows = table[table["confidence"] == confidence]
    lower, upper = statistics.wilson_interval(
        rows["numerator"], rows["denominator"], confidence=confidence
    )
    assert_close(lower * rows["multiplier"], rows["expected_lower"])
    assert_close(upper * rows["multiplier"], rows["expected_upper"])


def test_wilson_of_single_proportions_in_the_textbook():
    table = read_vector("newcombe_textbook")
    rows = table[table["method"] == "wilson_single"]
    lower, upper = statistics.wilson_interval(rows["a"], rows["m"])
    assert len(rows) == 4
    assert lower.round(4).tolist() == rows["expected_lower95"].tolist()
    assert upper.round(4).tolist() == rows["expected_upper95"].tolist()


@pytest.mark.parametrize("confidence", [0.95, 0.998])
def test_crude_rates(confidence):
    table = read_vector("rates_byars")
    rows = table[(table["confidence"] == confidence) & table["denominator"].notna()]
    assert {"Byars", "Exact"} == set(rows["expected_method"])
    rate = statistics.crude_rate(
        rows["numerator"],
        rows["denominator"],
        multiplier=rows["multiplier"].to_numpy(),
        confidence=confidence,
    )
    assert_close(rate.value, rows["expected_value"])
    assert_close(rate.lower, rows["expected_lower"])
    assert_close(rate.upper, rows["expected_upper"])


@pytest.mark.parametrize("confidence", [0.95, 0.998])
def test_byars_limits_of_counts(confidence):
    table = read_vector("rates_byars")
    rows = table[(table["confidence"] == confidence) & table["denominator"].isna()]
    # The published answer for one event at 99.8% leaves the lower limit blank, as it is negative.
    lower, upper = statistics.byars_interval(rows["numerator"], confidence=confidence)
    is_given = rows["expected_lower"].notna().to_numpy()
    assert_close(lower[is_given], rows["expected_lower"][is_given])
    assert_close(upper, rows["expected_upper"])


def test_means():
    inputs, expected = read_vector("means_inputs"), read_vector("means_expected")
    assert len(expected) == 6
    for row in expected.itertuples():
        is_wanted = (inputs["area"] == row.area) | (row.area == "No grouping")
        found = statistics.mean_interval(inputs["values"][is_wanted], confidence=row.confidence)
        assert_close(
            [found.value, found.lower, found.upper],
            [row.expected_value, row.expected_lower, row.expected_upper],
        )


def test_quantiles():
    table = read_vector("quantiles")
    checked = 0
    for _, rows in _list_quantile_sets(table):
        found = statistics.assign_quantiles(
            rows["value"],
            groups=int(rows["nquantiles"].iloc[0]),
            is_inverted=bool(rows["invert"].iloc[0]),
        )
        np.testing.assert_array_equal(found, rows["expected_quantile"])
        checked += len(rows)
    assert checked == len(table)


def _list_quantile_sets(table):
    """Group the rows as their publisher did, by what ``group_set`` says; without it, as one set.

    Where areas of one set disagree about polarity, the publisher uses the first row's.
    """
    keys = {
        "IndSexReg": ["indicator", "parent_code"],
        "IndSex": ["indicator"],
        "none": ["nquantiles"],
    }
    for name, block in table.groupby(table["group_set"].fillna("none")):
        yield from block.groupby(["test", *keys[name]] if name != "none" else keys[name])


@pytest.mark.real
def test_district_summaries_of_2019():
    expected = read_vector("imd2019_lad_summary_expected_oxfordshire").set_index("lad19cd")
    table = _read_iod2019()
    people, rank = table["Total population"], table["rank"]
    assert len(expected) == 5
    for code, row in expected.iterrows():
        here = table["district"] == code
        ranks, weights, size = rank[here], people[here], len(table)
        score = statistics.calculate_average_score(table["score"][here], weights)
        assert score == pytest.approx(row["average_score"], abs=0.0006)
        share = statistics.calculate_share_most_deprived(ranks, total_areas=size)
        assert share == pytest.approx(row["prop_lsoas_most_deprived_10pct"], abs=0.00006)
        extent = statistics.calculate_extent(ranks, weights, total_areas=size)
        assert extent == pytest.approx(row["extent"], abs=0.00006)
        # The publisher's own ranks differ a little, for a reason not known (docs/methods.md).
        average = statistics.calculate_average_rank(ranks, weights, total_areas=size)
        assert average == pytest.approx(row["average_rank"], abs=0.05)
        local = statistics.calculate_local_concentration(ranks, weights, total_areas=size)
        assert local == pytest.approx(row["local_concentration"], abs=0.05)


DOMAIN_WEIGHTS = {
    # Name in the answers: start of the score's heading, start of the heading of its people.
    "Income": ("Income Score", "Total population"),
    "Employment": ("Employment Score", "Working age population"),
    "Education, Skills and Training": ("Education", "Total population"),
    "Health Deprivation and Disability": ("Health", "Total population"),
    "Crime": ("Crime Score", "Total population"),
    "Barriers to Housing and Services": ("Barriers", "Total population"),
    "Living Environment": ("Living", "Total population"),
    "IDACI": ("Income Deprivation Affecting Children", "Dependent Children"),
    "IDAOPI": ("Income Deprivation Affecting Older", "Older population"),
}


@pytest.mark.real
@pytest.mark.parametrize("domain", DOMAIN_WEIGHTS)
def test_each_domain_is_weighted_by_its_own_people(domain):
    answers = read_vector("imd2019_oxfordshire_all_domains_expected")
    expected = answers[answers["measure"] == f"{domain} - Average score"]
    table = _read_iod2019()
    score, people = (
        next(name for name in table if name.startswith(start) and "Rank" not in name)
        for start in DOMAIN_WEIGHTS[domain]
    )
    assert len(expected) == 5
    for row in expected.itertuples():
        here = table["district"] == row.lad19cd
        found = statistics.calculate_average_score(table[score][here], table[people][here])
        assert found == pytest.approx(row.value, abs=0.001)  # scores are published to 3 decimals


def _read_iod2019() -> pd.DataFrame:
    path = next(iter(DATA.glob("deprivation/IoD2019_File7_layout_*.csv.gz")), None)
    if path is None:
        pytest.skip("The real Indices of Deprivation 2019 are not beside the project.")
    table = pd.read_csv(path)
    named = {table.columns[2]: "district", table.columns[4]: "score", table.columns[5]: "rank"}
    total = next(name for name in table if name.startswith("Total population"))
    return table.rename(columns=named | {total: "Total population"})
