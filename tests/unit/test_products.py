"""The tables that indicators read: vintages, periods, a base from another product."""

from __future__ import annotations

import pandas as pd
import pytest

from cip.catalogue.indicators import load_indicators
from cip.number_tables import TableReader
from cip.products import find_small_area_level, list_columns, list_readings

from ..support.hand_store import make_indicator, make_values, write_store

CODES = ["Z01000001", "Z01000002"]
SHARE = make_indicator("proportion", "ts054", numerator=("a",), denominator=("a", "b"))
OTHER = make_indicator("proportion", "ts054", id="other", numerator=("b",), denominator=("a", "b"))
COUNT = make_indicator("count", "crime_street", id="crimes", numerator=("total",))
RATE = make_indicator(
    "rate", "crime_street", id="rate", numerator=("total",), denominator=("total",),
    multiplier=1000, base_source={"lsoa21": "ts007a", "lsoa11": "mid_year_population_lsoa11"},
)  # fmt: skip


def read(store, *entries):
    return list_readings(TableReader(store), {entry.id: entry for entry in entries})


def tabulate(reading) -> pd.DataFrame:
    """Return the numbers of a reading, one row per area."""
    return pd.DataFrame(dict(reading.table.columns), index=reading.table.codes)


# --- Small areas -------------------------------------------------------------------------------

LEVELS = [
    ("ts054", "lsoa", "lsoa21"),
    ("ts029", "msoa", "msoa21"),
    ("gardens", "msoa", "msoa11"),
    ("iod2019", "lsoa", "lsoa11"),
    ("iod2025", "lsoa", "lsoa21"),
    ("mid_year_population_lsoa11", "lsoa", "lsoa11"),
    ("rm008", "district", "district"),
    ("fingertips", "county", "district"),
]


@pytest.mark.parametrize(("product", "level", "expected"), LEVELS)
def test_catalogue_says_which_small_areas_a_product_has(product, level, expected):
    assert find_small_area_level(product, level=level) == expected


@pytest.mark.parametrize(("vintage", "expected"), [("2011", "lsoa11"), ("2021", "lsoa21")])
def test_file_says_it_where_the_catalogue_leaves_it_open(tmp_path, vintage, expected):
    table = pd.DataFrame({"area_code": CODES, "period": "2018", "total": 1})
    store = write_store(
        tmp_path, {"crime_street": table}, vintages={"crime_street": {"lsoa": vintage}}
    )
    assert find_small_area_level("crime_street", store=store) == expected
    assert [reading.level for reading in read(store, COUNT)] == [expected]


def test_every_indicator_of_small_areas_has_a_vintage_or_finds_it_in_its_file():
    for entry in load_indicators().values():
        level = find_small_area_level(entry.source, level=entry.level)
        assert level in ("lsoa11", "lsoa21", "msoa11", "msoa21", "district"), entry.id


# --- Readings ----------------------------------------------------------------------------------


def test_indicators_of_one_table_share_a_reading_of_the_columns_they_need(tmp_path):
    table = pd.DataFrame({"area_code": CODES, "a": 1, "b": 2, "c": 3})
    store = write_store(tmp_path, {"ts054": table}, periods={"ts054": "21 March 2021"})
    (reading,) = read(store, SHARE, OTHER)
    assert [entry.id for entry in reading.entries] == ["figure", "other"]
    assert (reading.period, reading.obstacle) == ("21 March 2021", "")
    assert {"a", "b"} <= set(reading.table.columns) <= {"a", "b", "imd_rank"}
    assert tabulate(reading).loc[CODES[1], ["a", "b"]].tolist() == [1, 2]
    assert reading.title.endswith("('ts054')")


def test_every_period_is_a_reading_of_its_own_rows_in_order_of_time(tmp_path):
    rows = [
        (code, month, n) for n, month in enumerate(["April 2019", "June 2018"]) for code in CODES
    ]
    table = pd.DataFrame(rows, columns=["area_code", "period", "total"])
    readings = read(write_store(tmp_path, {"crime_street": table}), COUNT)
    assert [reading.period for reading in readings] == ["June 2018", "April 2019"]
    assert [tabulate(reading)["total"].tolist() for reading in readings] == [[1, 1], [0, 0]]
    assert all(set(reading.table.columns) == {"total"} for reading in readings)


def test_base_stands_beside_the_events_under_its_own_name(tmp_path):
    tables = {
        "crime_street": pd.DataFrame({"area_code": [*CODES, "x"], "period": "2020", "total": 5}),
        "ts007a": pd.DataFrame({"area_code": CODES[::-1], "total": [70, 80]}),
    }
    (reading,) = read(write_store(tmp_path, tables, periods={"ts007a": "2021"}), RATE)
    table = tabulate(reading)
    assert table["total"].tolist() == [5, 5, 5]
    assert table.loc[CODES, "base:total"].tolist() == [80, 70]
    assert pd.isna(table.loc["x", "base:total"])  # nobody is not nought


def test_events_of_each_year_have_the_people_of_the_nearest(tmp_path):
    years = ["2012", "2016", "2020", "2030"]
    events = pd.DataFrame({"area_code": "Z01009001", "period": years, "total": 1})
    bases = {"2011": 10, "2015": 20, "2019": 30}
    people = pd.DataFrame(
        {"area_code": "Z01009001", "period": [*bases], "total": [*bases.values()]}
    )
    store = write_store(
        tmp_path,
        {"crime_street": events, "mid_year_population_lsoa11": people},
        vintages={"crime_street": {"lsoa": "2011"}},
    )
    found = {r.period: tabulate(r)["base:total"].iloc[0] for r in read(store, RATE)}
    assert pd.isna(found.pop("2030"))
    assert found == {"2012": 10, "2016": 20, "2020": 30}


def test_rates_and_shares_of_one_product_are_read_apart(tmp_path):
    tables = {
        "crime_street": pd.DataFrame({"area_code": CODES, "period": "2020", "total": 5}),
    }
    readings = read(write_store(tmp_path, tables), RATE, COUNT)
    obstacles = {reading.entries[0].id: reading.obstacle for reading in readings}
    assert "'ts007a'), which would be the base" in obstacles["rate"]
    assert obstacles["crimes"] == ""


def test_change_sets_the_first_period_beside_the_last(tmp_path):
    rows = [("Z01000001", year, n) for year, n in (("2015", 5), ("2011", 3), ("2013", 4))]
    rows.append(("Z01000002", "2015", 9))
    table = pd.DataFrame(rows, columns=["area_code", "period", "total"])
    entry = make_indicator("change", "mid_year_population_lsoa21", numerator=("total",))
    (reading,) = read(write_store(tmp_path, {"mid_year_population_lsoa21": table}), entry)
    assert reading.period == "2011 to 2015"
    assert list_columns(entry) == ("first:total", "last:total")
    joined = tabulate(reading)
    assert joined.loc["Z01000001"].tolist() == [3, 5]
    assert pd.isna(joined.loc["Z01000002", "first:total"])


@pytest.mark.parametrize("entry", [SHARE, COUNT, RATE])
def test_product_that_is_not_there_is_named(tmp_path, entry):
    (reading,) = read(write_store(tmp_path, {}), entry)
    assert f"('{entry.source}')" in reading.obstacle
    assert "does not hold" in reading.obstacle


def test_values_are_found_by_series_sex_and_age(tmp_path):
    rows = [
        {"series_id": series, "sex": sex, "area_code": "Z07000001", "value": 1.0}
        for series in ("1", "2", "3")
        for sex in ("Male", "Female")
    ]
    store = write_store(tmp_path, {"fingertips": make_values(*rows)})
    one = make_indicator("published", "fingertips", series="1", sex="Male", level="district")
    two = make_indicator("published", "fingertips", series="2", id="two", level="district")
    (reading,) = read(store, one, two)
    assert reading.is_published
    sexes = reading.values.columns["sex"]
    assert sexes[reading.values.find(one)].tolist() == ["Male"]
    assert sorted(sexes[reading.values.find(two)]) == ["Female", "Male"]
    assert len(reading.values.find(one.model_copy(update={"series": "9"}))) == 0
