"""Every kind of figure and of comparator on tables made by hand, with answers worked by hand."""

from __future__ import annotations

from math import log, sqrt

import numpy as np
import pandas as pd
import pytest

from cip.benchmarks import METHOD, METHOD_DIFFERENCE
from cip.indicators import build_indicators, missing_sources
from cip.tables import check_table

from ..support.hand_store import find, make_areas, make_indicator, make_members, write_store

Z95, Z998 = 1.959963984540054, 3.090232306167813
HERE = make_areas(("demo", "profile"), ("Z07000001", "district"))
#: In LSOAs of 2011 the area is the first one whole and four tenths of the second.
OLD = make_members(
    ("demo", "Z01009001", "lsoa11", 1.0),
    ("demo", "Z01009002", "lsoa11", 0.4),
    ("Z07000001", "Z01009001", "lsoa11", 1.0),
    ("Z07000001", "Z01009002", "lsoa11", 1.0),
)
NEW = make_members(
    ("demo", "Z01000001", "lsoa21", 1.0),
    ("demo", "Z01000002", "lsoa21", 1.0),
    ("Z07000001", "Z01000001", "lsoa21", 1.0),
    ("Z07000001", "Z01000002", "lsoa21", 1.0),
    ("Z07000001", "Z01000003", "lsoa21", 1.0),
)
RATE = make_indicator(
    "rate",
    "crime_street",
    numerator=("burglary",),
    denominator=("total",),
    base_source={"lsoa11": "mid_year_population_lsoa11", "lsoa21": "ts007a"},
    multiplier=1000,
    polarity="high_is_bad",
    unit="per 1,000 residents",
)


def byars(count: float, z: float) -> tuple[float, float]:
    """Byar's limits of a count, as printed in the textbooks."""
    low = count * (1 - 1 / (9 * count) - z / (3 * sqrt(count))) ** 3
    more = count + 1
    return low, more * (1 - 1 / (9 * more) + z / (3 * sqrt(more))) ** 3


def wilson(hits: float, base: float, z: float) -> tuple[float, float]:
    share, squared = hits / base, z * z
    centre = share + squared / (2 * base)
    arm = z * sqrt(share * (1 - share) / base + squared / (4 * base**2))
    return tuple(100 * (centre + side * arm) / (1 + squared / base) for side in (-1, 1))


def build(store, entry, members, areas=HERE):
    table = build_indicators(store, areas, members, {entry.id: entry})
    check_table("indicators", table)
    return table


def explain(store, entry, members, areas=HERE) -> str:
    """Return why an indicator cannot be made, or an empty text."""
    listed = missing_sources(store, areas, members, {entry.id: entry})
    assert build(store, entry, members, areas).empty == bool(len(listed))
    return "" if listed.empty else listed["reason"].iloc[0]


# --- Rates: events over the people of another product ------------------------------------------

CODES = ["Z01009001", "Z01009002"]


def write_events(root, *, events=(12, 20), period="June 2018", bases=None):
    """Write events and the people under them, in several years; the people differ by year."""
    people = bases or {"2010": (1, 1), "2017": (1000, 2500), "2020": (7, 7)}
    rows = [
        (code, year, n)
        for year, both in people.items()
        for code, n in zip(CODES, both, strict=True)
    ]
    tables = {
        "crime_street": pd.DataFrame(
            {"area_code": CODES, "level": "lsoa", "period": period, "burglary": events}
        ).astype({"burglary": "Int64"}),
        "mid_year_population_lsoa11": pd.DataFrame(rows, columns=["area_code", "period", "total"]),
    }
    return write_store(root, tables, vintages={"crime_street": {"lsoa": "2011"}})


def test_rate_is_events_over_the_people_of_the_nearest_year(tmp_path):
    row = find(build(write_events(tmp_path), RATE, OLD), "demo")
    # 12 and four tenths of 20 events; 1,000 and four tenths of 2,500 people of 2017.
    assert (row["numerator"], row["denominator"]) == pytest.approx((20, 2000))
    assert row["value"] == pytest.approx(10.0)
    for names, z in ((("lower_95", "upper_95"), Z95), (("lower_998", "upper_998"), Z998)):
        limits = [limit / 2 for limit in byars(20, z)]
        assert row[list(names)].to_list() == pytest.approx(limits)


def test_rate_of_a_fraction_of_events_keeps_the_fraction(tmp_path):
    row = find(build(write_events(tmp_path, events=(12, 21)), RATE, OLD), "demo")
    assert row["numerator"] == pytest.approx(20.4)
    assert row["value"] == pytest.approx(10.2)
    assert row["lower_95"] == pytest.approx(byars(20.4, Z95)[0] / 2)


def test_no_events_is_a_rate_of_zero_with_an_upper_limit(tmp_path):
    row = find(build(write_events(tmp_path, events=(0, 0)), RATE, OLD), "demo")
    assert (row["value"], row["lower_95"], row["numerator"]) == (0, 0, 0)
    # Exact: the mean that gives no event once in forty times, and once in a thousand.
    assert row["upper_95"] == pytest.approx(-log(0.025) / 2)
    assert row["upper_998"] == pytest.approx(-log(0.001) / 2)
    assert row["missing_reason"] == ""


@pytest.mark.parametrize(
    ("period", "year", "is_made"),
    [
        ("2018", "2012", True),  # six years, and no more
        ("June 2018", "2012", False),
        ("June 2018", "2013", True),
        ("2012", "2018", True),
        ("2012", "2019", False),
    ],
)
def test_people_of_another_time_are_no_base(tmp_path, period, year, is_made):
    store = write_events(tmp_path, period=period, bases={year: (1000, 2500)})
    reason = explain(store, RATE, OLD)
    assert (reason == "") is is_made
    assert is_made or "no figures for: base total" in reason


def test_base_without_periods_of_its_own_has_the_period_of_its_product(tmp_path):
    tables = {
        "crime_street": pd.DataFrame(
            {"area_code": ["Z01000001", "Z01000002"], "period": "2018", "burglary": [3, 5]}
        ),
        "ts007a": pd.DataFrame({"area_code": ["Z01000001", "Z01000002"], "total": [100, 300]}),
    }
    members = NEW[NEW["area_code"] == "demo"]
    only = HERE[:1]
    store = write_store(tmp_path, tables)
    assert find(build(store, RATE, members, only), "demo")["value"] == pytest.approx(20.0)
    late = write_store(tmp_path, tables, periods={"ts007a": "2031"})
    assert "base total" in explain(late, RATE, members, only)


def test_rate_without_its_base_says_which_product_is_lacking(tmp_path):
    tables = {"crime_street": pd.DataFrame({"area_code": CODES, "period": "2018", "burglary": 1})}
    store = write_store(tmp_path, tables, vintages={"crime_street": {"lsoa": "2011"}})
    assert "'mid_year_population_lsoa11'), which would be the base" in explain(store, RATE, OLD)
    nameless = RATE.model_copy(update={"base_source": {"lsoa21": "ts007a"}})
    assert "names no base" in explain(store, nameless, OLD)


def test_one_small_area_without_people_leaves_the_area_without_a_rate(tmp_path):
    store = write_events(tmp_path, bases={"2018": (1000, None)})
    rows = build(store, RATE, OLD)
    assert pd.isna(find(rows, "demo")["value"])
    assert find(rows, "demo")["missing_reason"] != ""


# --- Ratios, changes and means ------------------------------------------------------------------


def test_ratio_is_observed_over_expected_times_100(tmp_path):
    table = pd.DataFrame(
        {"area_code": CODES, "observed": [10, 50], "expected": [8.0, 40.0], "period": "2018"}
    )
    store = write_store(
        tmp_path, {"road_injuries": table}, vintages={"road_injuries": {"lsoa": "2011"}}
    )
    ratio = make_indicator(
        "ratio", "road_injuries", numerator=("observed",), denominator=("expected",)
    )
    row = find(build(store, ratio, OLD), "demo")
    assert (row["numerator"], row["denominator"]) == pytest.approx((30, 24))
    assert row["value"] == pytest.approx(125)
    assert row["lower_95"] == pytest.approx(100 * byars(30, Z95)[0] / 24)
    assert row["upper_998"] == pytest.approx(100 * byars(30, Z998)[1] / 24)


def make_people(*years: tuple[str, tuple[int, int, int]]) -> dict[str, pd.DataFrame]:
    rows = [
        (f"Z0100000{n}", year, people)
        for year, three in years
        for n, people in enumerate(three, start=1)
    ]
    table = pd.DataFrame(rows, columns=["area_code", "period", "total"])
    return {"mid_year_population_lsoa21": table.astype({"total": "Int64"})}


CHANGE = make_indicator("change", "mid_year_population_lsoa21", numerator=("total",))
COUNT = make_indicator("count", "mid_year_population_lsoa21", numerator=("total",))


def test_change_is_from_the_first_period_to_the_last(tmp_path):
    years = [("2021", (120, 380, 20)), ("2011", (100, 300, 80)), ("2016", (9, 9, 9))]
    table = build(write_store(tmp_path, make_people(*years)), CHANGE, NEW)
    row = find(table, "demo")
    assert row["value"] == pytest.approx(100 * (500 - 400) / 400)
    assert row["period"] == "2011 to 2021"
    assert row[["numerator", "denominator", "lower_95"]].isna().all()
    assert find(table, "Z07000001")["value"] == pytest.approx(100 * (520 - 480) / 480)
    assert find(table, "Z07000001")["comparison"] == "not compared"


def test_change_of_one_period_says_why_not(tmp_path):
    store = write_store(tmp_path, make_people(("2021", (1, 2, 3))))
    assert "one period, so it shows no change" in explain(store, CHANGE, NEW)


def test_change_from_nobody_is_missing(tmp_path):
    years = [("2011", (0, 0, 5)), ("2021", (1, 2, 10))]
    table = build(write_store(tmp_path, make_people(*years)), CHANGE, NEW)
    assert pd.isna(find(table, "demo")["value"])
    assert find(table, "demo")["missing_reason"] == "There is nobody in the base."
    assert find(table, "Z07000001")["value"] == pytest.approx(100 * 8 / 5)


def test_area_that_one_period_lacks_has_no_change(tmp_path):
    tables = make_people(("2011", (100, 300, 80)), ("2021", (120, 380, 20)))
    table = tables["mid_year_population_lsoa21"]
    is_lost = (table["area_code"] == "Z01000003") & (table["period"] == "2021")
    store = write_store(tmp_path, {"mid_year_population_lsoa21": table[~is_lost]})
    rows = build(store, CHANGE, NEW)
    assert find(rows, "demo")["value"] == pytest.approx(25)
    assert pd.isna(find(rows, "Z07000001")["value"])


def test_mean_is_weighted_by_the_people_of_another_product(tmp_path):
    tables = {
        "iod2019_indicators": pd.DataFrame({"area_code": CODES, "poor": [0.1, 0.4]}),
        "iod2019": pd.DataFrame({"area_code": CODES, "population": [120, 200]}),
    }
    mean = make_indicator(
        "weighted_mean",
        "iod2019_indicators",
        measure="poor",
        weight="population",
        base_source={"lsoa11": "iod2019"},
        multiplier=100,
    )
    table = build(write_store(tmp_path, tables), mean, OLD)
    row = find(table, "demo")
    assert row["value"] == pytest.approx(100 * (0.1 * 120 + 0.4 * 80) / 200)
    assert row["denominator"] == 200
    assert row[["numerator", "lower_95", "lower_998"]].isna().all()
    assert find(table, "Z07000001")["value"] == pytest.approx(100 * (12 + 80) / 320)
    tables["iod2019_indicators"].loc[1, "poor"] = np.nan
    assert pd.isna(find(build(write_store(tmp_path, tables), mean, OLD), "demo")["value"])


# --- Several periods ---------------------------------------------------------------------------


def test_every_period_has_its_row_and_they_come_in_order_of_time(tmp_path):
    months = [("January 2019", 4), ("October 2018", 20), ("June 2018", 10)]
    table = pd.DataFrame(
        [(code, month, n) for month, n in months for code in CODES],
        columns=["area_code", "period", "burglary"],
    )
    # Nobody's name sorts by time, and the people differ from year to year.
    people = pd.DataFrame(
        [(code, year, n) for year, n in (("2018", 1000), ("2019", 2000)) for code in CODES],
        columns=["area_code", "period", "total"],
    )
    store = write_store(
        tmp_path,
        {"crime_street": table, "mid_year_population_lsoa11": people},
        vintages={"crime_street": {"lsoa": "2011"}},
    )
    rows = build(store, RATE, OLD)
    own = rows[rows["area_code"] == "demo"]
    assert own["period"].tolist() == ["June 2018", "October 2018", "January 2019"]
    assert own["period_order"].is_monotonic_increasing
    assert own["value"].to_list() == pytest.approx([10, 10, 2])
    # From October on the people of the beginning of 2019 are the nearest.
    assert own["denominator"].to_list() == pytest.approx([1400, 2800, 2800])


def test_count_has_a_row_for_each_period_and_is_not_compared(tmp_path):
    store = write_store(tmp_path, make_people(("2021", (2, 3, 4)), ("2011", (1, 1, 1))))
    rows = build(store, COUNT, NEW)
    own = rows[rows["area_code"] == "demo"]
    assert own[["period", "value"]].to_numpy().tolist() == [["2011", 2.0], ["2021", 5.0]]
    other = find(rows, "Z07000001", period="2021")
    assert other["comparison"] == other["comparison_998"] == "not compared"
    assert "differ in size" in other["missing_reason"]


def test_what_one_period_lacks_does_not_stop_the_other(tmp_path):
    tables = make_people(("2011", (1, 1, 1)), ("2021", (2, 3, 4)))
    table = tables["mid_year_population_lsoa21"]
    is_lost = (table["area_code"] == "Z01000002") & (table["period"] == "2011")
    store = write_store(tmp_path, {"mid_year_population_lsoa21": table[~is_lost]})
    rows = build(store, COUNT, NEW)
    assert "Z01000002" in find(rows, "demo", period="2011")["missing_reason"]
    assert find(rows, "demo", period="2021")["value"] == 5


# --- Suppression and the two levels of confidence -----------------------------------------------


@pytest.mark.parametrize(("least", "is_hidden"), [(2000, False), (2001, True)])
def test_base_below_the_minimum_hides_the_whole_rate(tmp_path, least, is_hidden):
    strict = RATE.model_copy(update={"minimum_base": least})
    table = build(write_events(tmp_path), strict, OLD)
    row = find(table, "demo")
    numbers = ["value", "lower_95", "upper_95", "lower_998", "upper_998", "numerator"]
    assert row[[*numbers, "denominator"]].isna().all() == is_hidden
    assert row["is_suppressed"] == is_hidden
    assert row["missing_reason"] == ("The base is too small to show." if is_hidden else "")
    other = find(table, "Z07000001")
    assert not other["is_suppressed"]
    assert (other["comparison"] == "not compared") == is_hidden


def write_tenure(root, *counts: tuple[int, int]):
    table = pd.DataFrame(counts, columns=["rented", "owned"]).astype("Int64")
    table.insert(0, "area_code", [f"Z0100000{n}" for n in range(1, len(counts) + 1)])
    return write_store(root, {"ts054": table})


SHARE = make_indicator(
    "proportion", "ts054", numerator=("rented",), denominator=("rented", "owned")
)


@pytest.mark.parametrize(
    ("district", "at_95", "at_998"),
    [
        (27, "similar", "similar"),
        (22, "similar", "similar"),
        (18, "higher", "similar"),
        (15, "higher", "higher"),
        (33, "lower", "similar"),
        (37, "lower", "lower"),
    ],
)
def test_words_at_both_levels_of_confidence(tmp_path, district, at_95, at_998):
    # 50 of 200 here: 19.5 to 31.4 at 95%, 16.8 to 35.5 at 99.8%.
    store = write_tenure(
        tmp_path, (25, 75), (25, 75), (1000 * district - 50, 99_800 - 1000 * district + 50)
    )
    table = build(store, SHARE, NEW)
    own, other = find(table, "demo"), find(table, "Z07000001")
    assert own[["lower_95", "upper_95"]].to_list() == pytest.approx(wilson(50, 200, Z95))
    assert own[["lower_998", "upper_998"]].to_list() == pytest.approx(wilson(50, 200, Z998))
    assert (other["comparison"], other["comparison_998"]) == (at_95, at_998)
    assert (own["comparison"], own["comparison_998"]) == ("", "")


# --- Areas of about 7,600 people, and districts -------------------------------------------------


def test_share_of_an_msoa_belongs(tmp_path):
    table = pd.DataFrame(
        {"area_code": ["Z02000001", "Z02000002"], "other": [40, 8], "english": [360, 192]}
    )
    members = make_members(
        ("demo", "Z02000001", "msoa21", 0.25),
        ("demo", "Z02000002", "msoa21", 1.0),
        ("demo", "Z01000001", "lsoa21", 1.0),
        ("Z07000001", "Z02000001", "msoa21", 1.0),
        ("Z07000001", "Z02000002", "msoa21", 1.0),
    )
    entry = make_indicator(
        "proportion", "ts029", level="msoa", numerator=("other",), denominator=("other", "english")
    )
    row = find(build(write_store(tmp_path, {"ts029": table}), entry, members), "demo")
    assert (row["numerator"], row["denominator"]) == pytest.approx((18, 300))
    assert row["value"] == pytest.approx(6.0)


WIDE = make_areas(
    ("demo", "profile"),
    ("Z07000001", "district"),
    ("Z10000001", "county"),
    ("Z92000001", "england"),
)
DISTRICTS = make_members(
    ("demo", "Z01000001", "lsoa21", 1.0),
    ("Z07000001", "Z07000001", "district", 1.0),
    ("Z10000001", "Z07000001", "district", 1.0),
    ("Z10000001", "Z07000002", "district", 1.0),
)
CARS = make_indicator(
    "proportion", "rm008", level="district", numerator=("none",), denominator=("none", "some")
)


def test_figure_of_districts_is_not_the_area_s_and_the_district_stands_in(tmp_path):
    table = pd.DataFrame(
        {
            "area_code": ["Z07000001", "Z07000002", "Z92000001"],
            "level": ["district", "district", "country"],
            "none": [60, 20, 3000],
            "some": [140, 580, 7000],
        }
    )
    rows = build(write_store(tmp_path, {"rm008": table}), CARS, DISTRICTS, WIDE)
    own = find(rows, "demo")
    assert pd.isna(own["value"])
    assert (
        own["missing_reason"] == "Published for districts and larger areas, not for smaller ones."
    )
    assert own["comparison"] == ""
    district, county = find(rows, "Z07000001"), find(rows, "Z10000001")
    assert district["value"] == pytest.approx(30)
    assert district["comparison"] == ""
    assert (county["numerator"], county["denominator"]) == (80, 800)
    # The district's 30% against the county's 10% and England's 30%.
    assert (county["comparison"], county["comparison_method"]) == ("higher", METHOD)
    assert find(rows, "Z92000001")["comparison"] == "similar"


def test_figure_of_districts_needs_a_district_to_be_compared_with(tmp_path):
    table = pd.DataFrame({"area_code": ["Z07000001"], "none": [60], "some": [140]})
    store = write_store(tmp_path, {"rm008": table})
    alone = explain(store, CARS, DISTRICTS[:1], WIDE[:1])
    assert alone.endswith("is for districts, and the area is compared with none.")
    elsewhere = make_members(("Z07000009", "Z07000009", "district", 1.0))
    areas = make_areas(("demo", "profile"), ("Z07000009", "district"))
    assert "leaves out this area" in explain(store, CARS, elsewhere, areas)


# --- Regions and England ------------------------------------------------------------------------

REGIONAL = make_areas(("demo", "profile"), ("Z12000001", "region"), ("Z92000001", "england"))
PARTS = [("Z12000001", f"Z0100000{n}", "lsoa21", 1.0) for n in (1, 2, 3)]
OWN = [("demo", "Z01000001", "lsoa21", 1.0), ("demo", "Z01000002", "lsoa21", 1.0)]


@pytest.mark.parametrize(
    ("has_row", "has_members", "value"), [(1, 1, 90.0), (1, 0, 90.0), (0, 1, 25.0), (0, 0, None)]
)
def test_region_is_published_or_added_up_or_missing(tmp_path, has_row, has_members, value):
    table = pd.DataFrame(
        [("Z01000001", 10, 90), ("Z01000002", 40, 60), ("Z01000003", 25, 75)]
        + [("Z12000001", 900, 100)] * has_row,
        columns=["area_code", "rented", "owned"],
    )
    store = write_store(tmp_path, {"ts054": table})
    members = make_members(*OWN, *(PARTS if has_members else []))
    rows = build(store, SHARE, members, REGIONAL)
    region, england = find(rows, "Z12000001"), find(rows, "Z92000001")
    assert find(rows, "demo")["value"] == 25
    if value is None:
        assert pd.isna(region["value"])
        assert "no row for region" in region["missing_reason"]
    else:
        assert region["value"] == pytest.approx(value)
        assert region["comparison"] == ("lower" if value == 90 else "similar")
    # A part of a country is never taken for the country.
    assert pd.isna(england["value"])
    assert "no row for england" in england["missing_reason"]


def test_rate_of_england_has_both_its_counts_from_the_rows_of_england(tmp_path):
    codes = ["Z01009001", "Z01009002", "Z92000001"]
    tables = {
        "crime_street": pd.DataFrame(
            {"area_code": codes, "period": "2020", "burglary": [12, 20, 900]}
        ),
        "mid_year_population_lsoa11": pd.DataFrame(
            {"area_code": codes, "period": "2020", "total": [1000, 2500, 60_000]}
        ),
    }
    store = write_store(tmp_path, tables, vintages={"crime_street": {"lsoa": "2011"}})
    areas = make_areas(("demo", "profile"), ("Z92000001", "england"))
    england = find(build(store, RATE, OLD, areas), "Z92000001")
    assert england["value"] == pytest.approx(15.0)
    assert england["comparison"] == "similar"  # 10 here, from 6.1 to 15.4


# --- Another small area: the difference is tested ----------------------------------------------


def newcombe(one: tuple[int, int], other: tuple[int, int], z: float) -> tuple[float, float]:
    (a, n), (b, m) = one, other
    first, second = 100 * a / n, 100 * b / m
    (low, high), (low_2, high_2) = wilson(a, n, z), wilson(b, m, z)
    gap = first - second
    return gap - sqrt((first - low) ** 2 + (high_2 - second) ** 2), gap + sqrt(
        (high - first) ** 2 + (second - low_2) ** 2
    )


@pytest.mark.parametrize(
    ("other", "word", "do_overlap", "benchmark_word"),
    [
        (33, "better", True, "better"),  # the intervals overlap, and the difference is clear
        (37, "similar", True, "better"),  # the other's value alone would say better
        (64, "similar", True, "worse"),
        (70, "worse", True, "worse"),
        (10, "better", False, "better"),
    ],
)
def test_place_is_compared_by_the_difference(tmp_path, other, word, do_overlap, benchmark_word):
    good = SHARE.model_copy(update={"polarity": "high_is_good"})
    store = write_tenure(tmp_path, (25, 75), (25, 75), (other, 200 - other))
    members = make_members(*OWN, ("ward", "Z01000003", "lsoa21", 1.0))
    members = pd.concat([members, make_members(("twin", "Z01000003", "lsoa21", 1.0))])
    areas = make_areas(("demo", "profile"), ("ward", "place"), ("twin", "district"))
    rows = build(store, good, members, areas)
    own, place, twin = (find(rows, code) for code in ("demo", "ward", "twin"))
    is_apart = own["lower_95"] > place["upper_95"] or own["upper_95"] < place["lower_95"]
    assert do_overlap != is_apart
    low, high = newcombe((50, 200), (other, 200), Z95)
    assert (
        place["comparison"] == word == ("better" if low > 0 else "worse" if high < 0 else "similar")
    )
    assert place["comparison_method"] == METHOD_DIFFERENCE
    # The same people as a district are a benchmark, whose value is held against the interval.
    assert (twin["comparison"], twin["comparison_method"]) == (benchmark_word, METHOD)


def test_place_is_compared_at_99_8_percent_too(tmp_path):
    store = write_tenure(tmp_path, (25, 75), (25, 75), (33, 167))
    areas = make_areas(("demo", "profile"), ("ward", "place"))
    members = make_members(*OWN, ("ward", "Z01000003", "lsoa21", 1.0))
    place = find(build(store, SHARE, members, areas), "ward")
    assert newcombe((50, 200), (33, 200), Z998)[0] < 0 < newcombe((50, 200), (33, 200), Z95)[0]
    assert (place["comparison"], place["comparison_998"]) == ("higher", "similar")


def test_place_without_a_figure_is_not_compared(tmp_path):
    store = write_tenure(tmp_path, (25, 75), (25, 75), (0, 0))
    areas = make_areas(("demo", "profile"), ("ward", "place"))
    members = make_members(*OWN, ("ward", "Z01000003", "lsoa21", 1.0))
    place = find(build(store, SHARE, members, areas), "ward")
    assert (place["comparison"], place["comparison_method"]) == ("not compared", "")
    assert place["missing_reason"] == "There is nobody in the base."


# --- Places of the same kind: weighted, so their counts are nobody's ----------------------------


def test_similar_areas_have_a_share_and_no_counts(tmp_path):
    store = write_tenure(tmp_path, (25, 75), (25, 75), (30, 70))
    areas = make_areas(("demo", "profile"), ("similar", "similar"))
    members = make_members(*OWN, ("similar", "Z01000003", "lsoa21", 0.5))
    row = find(build(store, SHARE, members, areas), "similar")
    assert row["value"] == pytest.approx(30)
    assert row[["numerator", "denominator"]].isna().all()
    assert row["comparison"] == "similar"
