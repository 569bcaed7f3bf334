"""Periods in order of time, and whether a figure changed from the first to the last."""

from __future__ import annotations

from math import isnan, sqrt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cip.changes import judge_changes
from cip.periods import order_period

PERIODS = [
    ("2018-06", 2018 + 5 / 12),
    ("June 2018", 2018 + 5 / 12),
    ("jun 2018", 2018 + 5 / 12),
    ("2016/17", 2016),
    ("2015-16", 2015),
    ("2013 - 15", 2013),
    ("2021", 2021),
    ("21 March 2021", 2021 + 2 / 12),
    ("Nov 2015 to Nov 2016", 2015 + 10 / 12),
    ("mid-2020", 2020),
    ("2025 (most data 2022 to 2024)", 2025),
    ("2011 to 2021", 2011),
    ("2018-12", 2018 + 11 / 12),
]


@pytest.mark.parametrize(("text", "order"), PERIODS)
def test_period_is_ordered_by_when_it_begins(text, order):
    assert order_period(text) == pytest.approx(order)


@pytest.mark.parametrize("text", ["", "the months in the files", "12345", "about 20190 people"])
def test_text_without_a_year_has_no_place_in_time(text):
    assert isnan(order_period(text))


@pytest.mark.parametrize(
    "periods",
    [
        ["2009/10", "2010/11", "2011/12", "2012/13"],
        ["2009-10", "2010-11", "2011-12", "2012-13", "2013-14"],
        ["December 2018", "January 2019", "April 2019", "February 2020"],
        ["2018-02", "2018-10", "2018-11", "2019-01"],
        ["2001 - 03", "2009 - 11", "2010 - 12", "2011 - 13"],
    ],
)
def test_periods_of_one_kind_sort_as_they_follow(periods):
    assert sorted(sorted(periods, reverse=True), key=order_period) == periods


@given(st.integers(1900, 2098), st.integers(1, 12), st.integers(1, 12))
def test_months_sort_by_year_then_month(year, first, second):
    one, other = (order_period(f"{year}-{month:02}") for month in (first, second))
    assert (one < other) == (first < second)
    assert order_period(f"{year}-12") < order_period(f"{year + 1}-01")


# --- Changes -----------------------------------------------------------------------------------


def make_rows(*rows) -> pd.DataFrame:
    """Return indicator rows from area, period, value and limits."""
    table = pd.DataFrame(
        rows, columns=["area_code", "period", "value", "lower_95", "upper_95"]
    ).assign(indicator_id="figure")
    return table.assign(period_order=[order_period(text) for text in table["period"]])


def test_difference_has_an_interval_of_its_own():
    found = judge_changes(make_rows(("here", "2021", 30, 26, 35), ("here", "2011", 20, 17, 24)))
    assert len(found) == 1
    row = found.iloc[0]
    assert (row["first_period"], row["last_period"]) == ("2011", "2021")
    assert row["difference"] == 10
    assert row["lower_95"] == pytest.approx(10 - sqrt(4**2 + 4**2))
    assert row["upper_95"] == pytest.approx(10 + sqrt(5**2 + 3**2))
    assert row["verdict"] == "higher"


@pytest.mark.parametrize(
    ("last", "verdict"),
    [
        ((27, 23, 31), "higher"),  # overlaps 20 (16 to 24), and yet it rose
        ((25, 21, 29), "similar"),
        ((13, 9, 17), "lower"),
        ((15, 11, 19), "similar"),
        ((40, 35, 45), "higher"),
    ],
)
def test_overlap_of_the_intervals_decides_nothing(last, verdict):
    rows = make_rows(("here", "2011", 20, 16, 24), ("here", "2021", *last))
    assert judge_changes(rows)["verdict"].tolist() == [verdict]


def test_first_and_last_are_those_with_figures_and_limits():
    found = judge_changes(
        make_rows(
            ("here", "2010", 5, np.nan, np.nan),
            ("here", "2015", 50, 45, 55),
            ("here", "2011", 20, 17, 24),
            ("here", "2021", np.nan, np.nan, np.nan),
            ("there", "2021", 9, 8, 10),  # one period
            ("nowhere", "2011", np.nan, np.nan, np.nan),
        )
    )
    assert found[["area_code", "first_period", "last_period"]].to_numpy().tolist() == [
        ["here", "2011", "2015"]
    ]


def test_two_figures_of_one_time_are_no_change():
    rows = make_rows(("here", "2011", 20, 17, 24), ("here", "2011", 30, 26, 35))
    assert judge_changes(rows).empty


def test_areas_and_indicators_are_kept_apart():
    rows = make_rows(
        ("here", "2011", 20, 17, 24),
        ("there", "2011", 50, 47, 54),
        ("there", "2021", 20, 17, 24),
        ("here", "2021", 50, 47, 54),
    )
    both = pd.concat([rows, rows.assign(indicator_id="other", value=rows["value"] + 1)])
    found = judge_changes(both).set_index(["indicator_id", "area_code"])["verdict"]
    assert found.to_dict() == {
        (name, area): word
        for name in ("figure", "other")
        for area, word in (("here", "higher"), ("there", "lower"))
    }
