"""Surveys and agreement: published answers and those of the R package survey.

The folder of answers lies beside the project, or where ``CIP_VECTORS`` says. Without it these tests
skip; figures typed into the unit tests always run.
"""

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cip import statistics

pytestmark = pytest.mark.real

BESIDE = Path(__file__).parents[2].parent / "shared"
VECTORS = Path(os.environ.get("CIP_VECTORS", BESIDE / "vectors"))
DESIGNS = ["strat_fpc", "strat_nofpc", "weights_only"]
#: R follows the profile of a likelihood with a spline, so its limits are right to five digits.
METHODS = {
    "Wald t": ("wald", 1e-9),
    "logit": ("logit", 1e-8),
    "xlogit": ("logit", 1e-10),
    "beta": ("beta", 1e-9),
    "likelihood": ("likelihood", 1e-5),
}


def read_vector(name: str) -> pd.DataFrame:
    path = VECTORS / f"{name}.csv"
    if not path.is_file():
        pytest.skip(f"The folder of published answers has no {path.name}; set CIP_VECTORS to it.")
    return pd.read_csv(path)


def read_design(name: str) -> tuple[pd.DataFrame, statistics.SurveyDesign, pd.DataFrame]:
    schools, answers = read_vector("survey_apistrat"), read_vector("survey_expected")
    options = {
        "strat_fpc": {"strata": schools["stype"], "population": schools["fpc"]},
        "strat_nofpc": {"strata": schools["stype"]},
        "weights_only": {},
    }
    design = statistics.build_design(schools["pw"], **options[name])
    return schools, design, answers[answers["design"] == name].set_index("stat")


def assert_row(found, row, *, rtol=1e-9, atol=0.0):
    """Compare what R gives; what it leaves out is missing in the answers."""
    parts = {
        "estimate": found.value,
        "se": found.standard_error,
        "lower95": found.lower,
        "upper95": found.upper,
        "deff": found.design_effect,
    }
    given = {name: row[name] for name in parts if not np.isnan(row[name])}
    assert len(given) >= 2
    # R's own shares come from a fitted model, which is right to nine digits.
    for name, expected in given.items():
        tolerance = max(rtol, 1e-9) if name in ("lower95", "upper95") else 1e-9
        np.testing.assert_allclose(parts[name], expected, rtol=tolerance, atol=atol)


@pytest.mark.parametrize("name", DESIGNS)
def test_means_totals_and_ratios(name):
    schools, design, answers = read_design(name)
    people = schools["pw"].sum()
    mean = statistics.estimate_means(schools["api00"], design, population=people)
    assert_row(mean, answers.loc["mean api00"])
    assert_row(statistics.estimate_totals(schools["enroll"], design), answers.loc["total enroll"])
    ratio = statistics.estimate_ratio(schools["api00"], schools["api99"], design)
    assert_row(ratio, answers.loc["ratio api00/api99"])


@pytest.mark.parametrize("name", DESIGNS)
def test_means_of_groups(name):
    schools, design, answers = read_design(name)
    for kind in "EHM":
        found = statistics.estimate_means(schools["api00"], design, within=schools["stype"] == kind)
        assert_row(found, answers.loc[f"mean api00 | stype={kind}"])


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("name", DESIGNS)
def test_shares(name, method):
    schools, design, answers = read_design(name)
    ours, rtol = METHODS[method]
    found = statistics.estimate_shares(
        (schools["sch.wide"] == "Yes").astype(float),
        design,
        method=ours,
        population=schools["pw"].sum(),
    )
    assert_row(found, answers.loc[f"prop sch.wide==Yes ({method})"], rtol=rtol)


def test_all_rows_of_the_answers_are_compared():
    answers = read_vector("survey_expected")
    # Mean, total, ratio, three groups and five intervals for each design; two rows on raking.
    assert len(answers) == len(DESIGNS) * (3 + 3 + len(METHODS)) + 2


def test_raking():
    schools = read_vector("survey_raked_weights")
    margins = {
        "stype": {"E": 4421, "H": 755, "M": 1018},
        "sch.wide": {"No": 1072, "Yes": 5122},
    }
    raked = statistics.rake_weights(
        schools, margins, base_weights=schools["base_weight"], tolerance=1e-12
    )
    assert raked.status == "converged"
    scaled = raked.weights * 6194 / len(schools)
    np.testing.assert_allclose(scaled, schools["raked_weight"], rtol=1e-9)
    answers = read_vector("survey_expected").set_index("stat")
    kish = answers.loc["kish deff = n*sum(w^2)/sum(w)^2", "estimate"]
    assert raked.design_effect == pytest.approx(kish, rel=1e-9)


def test_variance_after_raking():
    schools, raked = read_vector("survey_apistrat"), read_vector("survey_raked_weights")
    assert schools["cds"].tolist() == raked["cds"].tolist()
    design = statistics.build_design(
        raked["raked_weight"], raked_to=[schools["stype"], schools["sch.wide"]]
    )
    answers = read_vector("survey_expected")
    rows = answers[answers["design"].str.startswith("raked") & (answers["stat"] == "mean api00")]
    assert len(rows) == 1
    assert_row(statistics.estimate_means(schools["api00"], design), rows.iloc[0])


def test_cohen():
    table = read_vector("kappa_tables")
    rows = table[table["expected_statistic"] == "cohen_kappa"]
    pairs = rows.loc[rows.index.repeat(rows["count"])]
    found = statistics.measure_cohen(pairs["row"], pairs["col"])
    assert found.units == 50
    assert round(found.value, 3) == rows["expected_value"].iloc[0]


def test_fleiss():
    table = read_vector("kappa_tables")
    rows = table[table["expected_statistic"] == "fleiss_kappa"]
    counts = rows.pivot(index="row", columns="col", values="count")
    found = statistics.measure_fleiss_counts(counts, draws=200)
    assert found.units == 10
    assert round(found.value, 3) == rows["expected_value"].iloc[0]


def test_alpha():
    ratings, answers = read_vector("krippendorff_ratings"), read_vector("krippendorff_expected")
    assert len(answers) == 6
    for row in answers.itertuples():
        table = ratings[ratings["dataset"] == row.dataset].pivot(
            index="unit", columns="coder", values="value"
        )
        found = statistics.measure_alpha(table, level=row.level, draws=200)
        assert round(found.value, row.decimals) == row.expected_alpha, (row.dataset, row.level)
        assert found.lower <= found.value <= found.upper


def test_size_for_the_handbook_example():
    table = read_vector("power_before_after")
    sizes = table["n_per_wave"]
    needed = statistics.plan_waves(0.07, 0.12).item()
    # The answers have .77 at 500 and .815 at 560.
    assert table.loc[sizes < needed, "power_two_sided_5pct"].max() < 0.8
    assert table.loc[sizes >= needed, "power_two_sided_5pct"].min() > 0.8
