"""How figures spread over small areas, inside the area and around it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from cip.catalogue.indicators import load_indicators
from cip.indicators import build_indicators
from cip.spread import (
    MIN_AREAS,
    RANGE_COLUMNS,
    VALUE_COLUMNS,
    build_small_area_figures,
    choose_spreadable,
    measure_ranges,
    select_small_areas,
)

from ..support.hand_store import find, make_areas, make_indicator, make_members, write_store

CODES = [f"Z0100000{n}" for n in range(1, 7)]
RENTED = [10, 20, 30, 40, 50, 90]
SHARE = make_indicator(
    "proportion", "ts054", numerator=("rented",), denominator=("total",), polarity="high_is_bad"
)
COUNT = make_indicator("count", "ts054", numerator=("total",), id="homes", label="Homes")
RATE = make_indicator(
    "rate", "crime_street", id="crimes", label="Crimes", numerator=("total",),
    denominator=("total",), multiplier=1000, base_source={"lsoa21": "ts007a"},
)  # fmt: skip
WIDE = make_indicator(
    "proportion", "ts029", id="wide", label="Wide", level="msoa", numerator=("a",),
    denominator=("b",),
)  # fmt: skip
ENTRIES = {entry.id: entry for entry in (SHARE, COUNT, RATE, WIDE)}
AREAS = make_areas(("demo", "profile"), ("Z92000001", "england"))
MEMBERS = make_members(*[("demo", code, "lsoa21", 1.0) for code in CODES[:2]])
PEERS = make_members(*[(code, code, "lsoa21", 1.0) for code in CODES])
SMALL = pd.DataFrame({"lsoa21_code": CODES[:2], "lsoa21_name": ["Place 001A", "Place 001B"]})


@pytest.fixture
def store(tmp_path):
    codes = [*CODES, "Z92000001"]
    crimes = [(code, period, n) for period, n in (("2019", 7), ("2018", 1)) for code in codes]
    tables = {
        "ts054": pd.DataFrame({"area_code": codes, "rented": [*RENTED, 30_000], "total": 100}),
        "crime_street": pd.DataFrame(crimes, columns=["area_code", "period", "total"]),
        "ts007a": pd.DataFrame({"area_code": codes, "total": 1000}),
    }
    tables["ts054"].loc[6, "total"] = 100_000
    return write_store(tmp_path, tables, periods={"ts007a": "2019"})


@pytest.fixture
def figures(store):
    return build_small_area_figures(store, AREAS, MEMBERS, PEERS, ENTRIES, against="Z92000001")


def test_shares_rates_and_means_of_lsoas_are_spread_and_nothing_else():
    chosen = choose_spreadable(load_indicators())
    assert {entry.statistic for entry in chosen.values()} == {"proportion", "rate", "weighted_mean"}
    assert {entry.level for entry in chosen.values()} == {"lsoa"}
    left = set(load_indicators()) - set(chosen)
    assert {"population", "tenure", "english_not_well", "deaths_all"} <= left


def test_every_lsoa_around_has_its_own_figure_of_the_latest_period(figures):
    assert set(figures["indicator_id"].astype(str)) == {"figure", "crimes"}
    assert sorted(figures["area_code"].astype(str).unique()) == CODES
    assert len(figures) == 2 * len(CODES)
    assert set(figures.loc[figures["indicator_id"] == "crimes", "period"]) == {"2019"}
    for code, rented in zip(CODES, RENTED, strict=True):
        assert find(figures, code)["value"] == pytest.approx(rented)
        assert find(figures, code, "crimes")["value"] == pytest.approx(7)


def test_each_is_held_against_the_comparator(figures):
    # England: 30%. Wilson's limits of 20 in 100 are 13.3 and 28.9; of 40 in 100, 30.9 and 50.1.
    words = [find(figures, code)["comparison"] for code in CODES]
    assert words == ["better", "better", "similar", "worse", "worse", "worse"]
    at_998 = [find(figures, code)["comparison_998"] for code in CODES]
    assert at_998 == ["better", "similar", "similar", "similar", "worse", "worse"]


def test_figure_of_one_lsoa_is_that_of_an_area_made_of_it_alone(store, figures):
    alone = make_members(("demo", CODES[3], "lsoa21", 1.0))
    table = build_indicators(store, AREAS, alone, {"figure": SHARE})
    own, other = find(table, "demo"), find(figures, CODES[3])
    for name in ("value", "lower_95", "upper_95", "lower_998", "upper_998", "numerator"):
        assert own[name] == other[name]
    assert find(table, "Z92000001")["comparison"] == other["comparison"]


def test_own_small_areas_are_picked_by_name(figures):
    own = select_small_areas(figures, SMALL)
    assert own.columns.tolist() == VALUE_COLUMNS
    assert set(own["area_name"]) == {"Place 001A", "Place 001B"}
    assert len(own) == 4
    assert find(own.assign(group=""), CODES[1])["area_name"] == "Place 001B"


def test_ranges_are_worked_by_hand(figures):
    ranges = measure_ranges(figures, "small areas of County").set_index("indicator_id")
    assert [*ranges.reset_index().columns] == RANGE_COLUMNS
    row = ranges.loc["figure"]
    # Six values: the quartiles lie a quarter and three quarters of the way along five steps.
    expected = [10, 22.5, 35, 47.5, 90]
    names = ["lowest", "lower_quartile", "median", "upper_quartile", "highest"]
    assert row[names].to_list() == pytest.approx(expected)
    assert (row["areas"], row["of_what"]) == (6, "small areas of County")


def test_ranges_leave_out_what_is_missing_and_need_five_areas(figures):
    lost = figures.assign(value=figures["value"].where(figures["area_code"] != CODES[5]))
    ranges = measure_ranges(lost, "x").set_index("indicator_id")
    assert ranges.loc["figure", ["highest", "areas"]].to_list() == [50, 5]
    assert MIN_AREAS == 5
    few = figures.assign(value=np.where(figures["area_code"].isin(CODES[:4]), 1.0, np.nan))
    assert measure_ranges(few, "x").empty
    assert measure_ranges(few, "x").columns.tolist() == RANGE_COLUMNS
