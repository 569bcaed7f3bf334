"""Values that a publisher worked out: carried as they are, or put together from smaller areas."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from cip.indicators import build_indicators, missing_sources
from cip.statistics import count_interval, wilson_interval
from cip.tables import check_table

from ..support.hand_store import find, make_areas, make_indicator, make_values, write_store

AREAS = make_areas(
    ("demo", "profile"),
    ("Z07000001", "district"),
    ("Z10000001", "county"),
    ("Z92000001", "england"),
)
#: A quarter of the people of the first MSOA, and all of the second.
MEMBERS = pd.DataFrame(
    [("demo", "Z02000001", "msoa21", 0.25, 2000), ("demo", "Z02000002", "msoa21", 1.0, 6000)],
    columns=["area_code", "small_area_code", "level", "share", "population"],
)
FIRST = {"area_code": "Z02000001", "level": "msoa"}
SECOND = {"area_code": "Z02000002", "level": "msoa"}
DISTRICT = {
    "area_code": "Z07000001",
    "level": "district",
    "value": 120.0,
    "lower_95": 110.0,
    "upper_95": 131.0,
    "lower_998": 105.0,
    "upper_998": 137.0,
    "count": 480,
    "denominator": 400,
}
ENGLAND = {"area_code": "Z92000001", "level": "country", "value": 100.0}


def make_entry(combine: str = "none", level: str = "msoa", **parts):
    parts = {"series": "1", "interval": "published", "polarity": "high_is_bad"} | parts
    return make_indicator("published", "fingertips", combine=combine, level=level, **parts)


def build(root, entry, *rows, members=MEMBERS, areas=AREAS):
    store = write_store(root, {"fingertips": make_values(*rows)})
    table = build_indicators(store, areas, members, {entry.id: entry})
    check_table("indicators", table)
    return table


def explain(root, entry, *rows) -> str:
    store = write_store(root, {"fingertips": make_values(*rows)})
    listed = missing_sources(store, AREAS, MEMBERS, {entry.id: entry})
    made = build_indicators(store, AREAS, MEMBERS, {entry.id: entry})
    assert made.empty == bool(len(listed))
    return "" if listed.empty else listed["reason"].iloc[0]


# --- Carried -----------------------------------------------------------------------------------


@pytest.mark.parametrize("level", ["msoa", "district", "county"])
def test_value_limits_and_counts_are_the_publisher_s(tmp_path, level):
    row = find(build(tmp_path, make_entry(level=level), DISTRICT, ENGLAND), "Z07000001")
    for name in ("value", "lower_95", "upper_95", "lower_998", "upper_998"):
        assert row[name] == DISTRICT[name]
    assert (row["numerator"], row["denominator"]) == (480, 400)
    # A district that stands in for the area has nothing to explain; another is not compared.
    assert (row["missing_reason"] == "") is (level == "district")


def test_district_speaks_for_an_area_without_a_figure(tmp_path):
    rows = build(tmp_path, make_entry(level="district"), DISTRICT, ENGLAND)
    own, district, county, england = (find(rows, code) for code in AREAS["area_code"])
    assert own["missing_reason"] == "Published for districts, not for this area."
    assert pd.isna(own["value"])
    assert (own["comparison"], district["comparison"]) == ("", "")
    assert (england["comparison"], england["comparison_998"]) == ("worse", "worse")
    assert county["missing_reason"] == "Published for districts, not for this area."


def test_limits_that_the_publisher_does_not_mean_are_left_out(tmp_path):
    rows = build(tmp_path, make_entry(level="district", interval="none"), DISTRICT, ENGLAND)
    district = find(rows, "Z07000001")
    assert district["value"] == 120
    assert district[["lower_95", "upper_95", "lower_998", "upper_998"]].isna().all()
    assert find(rows, "Z92000001")["comparison"] == "not compared"


def test_county_speaks_where_only_counties_have_a_figure(tmp_path):
    county = {**DISTRICT, "area_code": "Z10000001", "level": "county"}
    rows = build(tmp_path, make_entry(level="county"), county, ENGLAND)
    assert find(rows, "Z92000001")["comparison"] == "worse"
    assert find(rows, "Z10000001")["comparison"] == ""
    assert "counties and unitary authorities" in find(rows, "demo")["missing_reason"]


def test_each_period_is_carried_in_order_of_time(tmp_path):
    years = [("2013 - 15", 1.0), ("2009 - 11", 2.0), ("2011 - 13", 3.0)]
    given = [{**DISTRICT, "period": year, "value": value} for year, value in years]
    rows = build(tmp_path, make_entry(level="district"), *given)
    own = rows[rows["area_code"] == "Z07000001"]
    assert own["period"].tolist() == ["2009 - 11", "2011 - 13", "2013 - 15"]
    assert own["value"].tolist() == [2.0, 3.0, 1.0]
    assert own["period_order"].tolist() == [2009.0, 2011.0, 2013.0]


# --- Put together ------------------------------------------------------------------------------


def test_share_is_made_of_the_counts_behind_it(tmp_path):
    first = {**FIRST, "value": 10.0, "count": 40, "denominator": 400}
    second = {**SECOND, "value": 30.0, "count": 60, "denominator": 200}
    row = find(build(tmp_path, make_entry("proportion"), first, second), "demo")
    assert (row["numerator"], row["denominator"]) == (70, 300)
    assert row["value"] == pytest.approx(100 * 70 / 300)
    lower, upper = wilson_interval(70, 300)
    assert row[["lower_95", "upper_95"]].to_list() == pytest.approx([100 * lower, 100 * upper])


def test_rate_is_made_of_events_and_people(tmp_path):
    first = {**FIRST, "value": 1.0, "count": 8, "denominator": 8000}
    second = {**SECOND, "value": 3.0, "count": 18, "denominator": 6000}
    entry = make_entry("rate", multiplier=100_000)
    row = find(build(tmp_path, entry, first, second), "demo")
    assert (row["numerator"], row["denominator"]) == (20, 8000)
    assert row["value"] == pytest.approx(250.0)
    lower, _ = count_interval(20, confidence=0.998)
    assert row["lower_998"] == pytest.approx(float(lower) * 100_000 / 8000)


def test_ratio_is_made_of_observed_and_expected(tmp_path):
    # Expected: 100 x 40 / 80 = 50, of which a quarter; and 100 x 30 / 120 = 25.
    first, second = {**FIRST, "value": 80.0, "count": 40}, {**SECOND, "value": 120.0, "count": 30}
    rows = build(tmp_path, make_entry("ratio"), first, second, DISTRICT, ENGLAND)
    row = find(rows, "demo")
    assert (row["numerator"], row["denominator"]) == (40, 37.5)
    assert row["value"] == pytest.approx(100 * 40 / 37.5)
    low, high = count_interval(40)
    limits = [100 * float(low) / 37.5, 100 * float(high) / 37.5]
    assert row[["lower_95", "upper_95"]].to_list() == pytest.approx(limits)
    # The base of a ratio is what was expected, whatever else the publisher gives beside it.
    district = find(rows, "Z07000001")
    assert (district["value"], district["denominator"]) == (120, 400)
    assert find(rows, "Z92000001")["comparison"] == "similar"  # 76 to 145 holds 100


def test_ratio_of_zero_hides_what_was_expected(tmp_path):
    first, second = {**FIRST, "value": 0.0, "count": 0}, {**SECOND, "value": 120.0, "count": 30}
    row = find(build(tmp_path, make_entry("ratio"), first, second), "demo")
    assert row[["value", "lower_95", "denominator"]].isna().all()
    assert row["missing_reason"] != ""


def test_mean_is_weighted_by_the_people_who_belong(tmp_path):
    first, second = {**FIRST, "value": 84.0, "lower_95": 80.0}, {**SECOND, "value": 76.0}
    row = find(build(tmp_path, make_entry("mean"), first, second), "demo")
    assert row["value"] == pytest.approx((84 * 2000 + 76 * 6000) / 8000)
    assert row["denominator"] == 8000
    assert row[["lower_95", "upper_95", "lower_998", "upper_998"]].isna().all()


@pytest.mark.parametrize("combine", ["proportion", "rate", "ratio", "mean"])
@pytest.mark.parametrize("is_blank", [True, False])
def test_one_small_area_without_a_value_leaves_none_for_the_area(tmp_path, combine, is_blank):
    given = {**FIRST, "value": 80.0, "count": 40, "denominator": 50}
    blank = [{**SECOND, "value": np.nan}] if is_blank else []
    entry = make_entry(combine, multiplier=100)
    row = find(build(tmp_path, entry, given, *blank), "demo")
    assert row[["value", "numerator", "denominator"]].isna().all()
    assert row["missing_reason"] == "1 of 2 small areas have no published figure."


def test_area_that_is_not_made_of_such_small_areas_says_so(tmp_path):
    first, second = {**FIRST, "value": 80.0, "count": 4}, {**SECOND, "value": 9.0, "count": 4}
    rows = build(tmp_path, make_entry("ratio"), first, second)
    assert "MSOAs" in find(rows, "Z10000001")["missing_reason"]
    uncombined = find(build(tmp_path, make_entry(), first, second, DISTRICT), "demo")
    assert "not for this area" in uncombined["missing_reason"]


def test_too_small_a_base_is_hidden(tmp_path):
    first = {**FIRST, "value": 10.0, "count": 40, "denominator": 400}
    second = {**SECOND, "value": 30.0, "count": 60, "denominator": 200}
    strict = make_entry("proportion", minimum_base=301)
    row = find(build(tmp_path, strict, first, second), "demo")
    assert row["is_suppressed"]
    assert row[["value", "lower_95", "numerator", "denominator"]].isna().all()


# --- Which values ------------------------------------------------------------------------------

MALE = {**DISTRICT, "sex": "Male", "value": 78.0}
FEMALE = {**DISTRICT, "sex": "Female", "value": 82.0}
OLD = {**DISTRICT, "sex": "Male", "value": 70.0, "age": "65+ yrs"}


@pytest.mark.parametrize(
    ("chosen", "value"),
    [
        ({"sex": "Female"}, 82.0),
        ({"sex": "Male", "age": "All ages"}, 78.0),
        ({"sex": "Male", "age": "65+ yrs"}, 70.0),
        ({"age": "65+ yrs"}, 70.0),
    ],
)
def test_sex_and_age_are_chosen(tmp_path, chosen, value):
    entry = make_entry(level="district", **chosen)
    assert find(build(tmp_path, entry, MALE, FEMALE, OLD), "Z07000001")["value"] == value


@pytest.mark.parametrize("chosen", [{}, {"sex": "Male"}, {"age": "All ages"}])
def test_several_values_for_one_area_and_period_are_refused(tmp_path, chosen):
    entry = make_entry(level="district", **chosen)
    assert "must name the sex and the age" in explain(tmp_path, entry, MALE, FEMALE, OLD)


def test_number_that_has_come_to_mean_something_else_is_noticed(tmp_path):
    entry = make_entry(level="district", series_name="Births")
    reason = explain(tmp_path, entry, DISTRICT)
    assert "'Deaths'" in reason
    assert "'Births'" in reason
    alike = make_entry(level="district", series_name="deaTHS")
    assert explain(tmp_path, alike, {**DISTRICT, "series_name": "All deaths, by ratio"}) == ""


def test_series_that_is_not_there_is_listed(tmp_path):
    entry = make_entry(level="district", series="2")
    assert "does not hold this series" in explain(tmp_path, entry, DISTRICT)
    elsewhere = {**DISTRICT, "area_code": "Z07000099"}
    assert "for this area" in explain(tmp_path, make_entry(level="district"), elsewhere)
