"""The loaders on what publishers really release: rows, totals, and strangers left alone."""

from __future__ import annotations

import os
import re
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cip.sources.fetch import FetchReport, fetch_folder
from cip.store import Store

DATA = Path(os.environ.get("CIP_REAL_DATA") or Path(__file__).parents[2].parent / "shared" / "data")
pytestmark = [
    pytest.mark.real,
    pytest.mark.slow,
    pytest.mark.skipif(
        not DATA.is_dir(), reason="no real open data: set CIP_REAL_DATA to a folder of it"
    ),
]

ROWS = {
    "boundary_lsoa21": 428,
    "boundary_lsoa11": 407,
    "boundary_msoa21": 87,
    "boundary_msoa11": 86,
    "boundary_ward": 112,
    "boundary_district": 5,
    "boundary_county": 1,
    "centroid_lsoa21": 428,
    "centroid_oa21": 2201,
    "lookup_oa21": 2201,
    "lookup_lsoa21_ward24": 429,
    "lookup_lsoa21_lad24": 33755,
    "lookup_lsoa11_lsoa21": 429,
    "lookup_lsoa11_lsoa21_bestfit": 34753,
    "lookup_msoa11_msoa21": 87,
    "lookup_lsoa11_ward19": 407,
    "lookup_msoa_names": 7264,
    "lookup_lad_county": 5,
    "iod2019": 32844,
    "iod2025": 33755,
    "iod2019_districts": 317,
    "iod2025_districts": 296,
    "iod2019_indicators": 407,
    "iod2025_indicators": 428,
    "cni2023": 33755,
    "ts007a": 33755,
    "ts019": 87,
    "ts029": 87,
    "ts037": 428,
    "age6": 428,
    "lookup_postcode": 722,
    "fuel_poverty": 428,
    "rm008": 331,
    "lookup_lad_region": 5,
    "lookup_lsoa21_icb24": 428,
    "lookup_lsoa11_ccg21": 407,
    "lookup_parish19_ward19": 351,
    "lookup_ward19_lad19": 112,
    "ruc11_lsoa11": 407,
    "ruc21_lsoa21": 428,
    "oac_lsoa21": 428,
    "loneliness": 428,
    "gardens": 7552,
    "fast_food": 7765,
    "journey_times_lsoa11": 266,
    "mid_year_population_lsoa11": 407,
    "crime_street": 407,
    "road_injuries": 407,
    "active_lives": 5120,
    "qof_prevalence": 105,
    "fingertips": 6749,
    "places_schools": 372,
    "places_gp": 119,
    "places_pharmacy": 210,
    "places_dentist": 110,
    "places_stops": 4337,
    "places_libraries": 47,
    "places_hospitals": 22,
    "places_community_centres": 23,
    "places_polling_stations": 60,
    "places_recycling": 26,
    "places_car_parks": 28,
    "places_food_banks": 10,
    "postcode_points": 19105,
}
#: What the store has no product for, so that no file is read by mistake.
UNREAD = {
    "README.md",
    "boundaries/littlemore_parish.geojson",
    "other/brownfield-sites-in-oxford-without-plans.csv",
    "other/oxford-city-council-grants-awarded-214-15-to-2017-18.csv",
    "postcodes/Code-Point_Open_Column_Headers.csv",
}
UNREAD_PARTS = ("osm", "survey")
#: Usual residents on Census Day as ONS published them, rounded to hundreds.
PUBLISHED = {
    "E07000177": 161_000,
    "E07000178": 162_100,
    "E07000179": 149_100,
    "E07000180": 138_900,
    "E07000181": 114_200,
}


@pytest.fixture(scope="module")
def fetched(tmp_path_factory: pytest.TempPathFactory) -> tuple[Store, FetchReport, float]:
    root = tmp_path_factory.mktemp("real") / "store"
    started = time.process_time()
    report = fetch_folder(DATA, root)
    return Store(root), report, time.process_time() - started


def test_every_file_in_scope_is_read_and_no_other(
    fetched: tuple[Store, FetchReport, float],
) -> None:
    _, report, _ = fetched
    everything = {p.relative_to(DATA).as_posix() for p in DATA.rglob("*") if p.is_file()}
    expected = {f for f in everything if f.split("/")[0] in UNREAD_PARTS} | UNREAD
    expected = {f for f in expected if not f.endswith(".osm")}
    assert set(report.not_recognised) == expected
    read = {file.name for entry in report.products.values() for file in entry.files}
    # Of two editions of one list of places the newer is used.
    assert read == everything - expected - {"assets/epraccur_OXpostcodes_2023-12.csv"}


@pytest.mark.parametrize("product_id", ROWS)
def test_rows(fetched: tuple[Store, FetchReport, float], product_id: str) -> None:
    store, _, _ = fetched
    table = store.read(product_id)
    assert len(table) == store.entry(product_id).rows == ROWS[product_id]


@pytest.mark.parametrize("product_id", ["ts011", "ts021", "ts030", "ts038", "ts044", "ts052"])
def test_small_areas_districts_and_england(
    fetched: tuple[Store, FetchReport, float], product_id: str
) -> None:
    levels = fetched[0].entry(product_id).levels
    assert levels == {"country": 1, "district": 331, "lsoa": 428}


def test_totals_agree_with_the_published_ones(
    fetched: tuple[Store, FetchReport, float],
) -> None:
    store, _, _ = fetched
    ages = store.read("ts007", ["area_code", "total"]).set_index("area_code")["total"]
    for code, published in PUBLISHED.items():
        assert abs(ages[code] - published) <= 100
    lookup = store.read("lookup_lsoa21_lad24").set_index("lsoa21_code")["lad_code"]
    bands = store.read("ts007a")
    sums = bands.groupby(bands["area_code"].map(lookup))["total"].sum()
    for code in PUBLISHED:
        assert abs(sums[code] - ages[code]) <= 0.001 * ages[code]


@pytest.mark.parametrize(
    "product_id", ["ts011", "ts021", "ts030", "ts038", "ts044", "ts052", "ts054"]
)
def test_districts_are_the_sums_of_their_small_areas(
    fetched: tuple[Store, FetchReport, float], product_id: str
) -> None:
    store, _, _ = fetched
    table = store.read(product_id)
    lookup = store.read("lookup_lsoa21_lad24").set_index("lsoa21_code")["lad_code"]
    small = table[table["level"] == "lsoa"]
    sums = small.groupby(small["area_code"].map(lookup))["total"].sum()
    districts = table.set_index("area_code")["total"]
    for code in PUBLISHED:
        assert abs(sums[code] - districts[code]) <= 0.001 * districts[code]


def test_imd_ranks_are_complete(fetched: tuple[Store, FetchReport, float]) -> None:
    store, _, _ = fetched
    for product_id, number in (("iod2019", 32844), ("iod2025", 33755)):
        iod = store.read(product_id, ["imd_rank", "imd_score"])
        assert (iod["imd_rank"].min(), iod["imd_rank"].max()) == (1, number)
        # Areas of equal score share a rank; there are few of them.
        assert iod["imd_rank"].nunique() > 0.99 * number
        # The most deprived area has rank 1 and the highest score.
        assert iod["imd_score"].corr(iod["imd_rank"].astype("float64"), method="spearman") < -0.999


def test_geoportal_rank_was_not_taken_for_a_score(
    fetched: tuple[Store, FetchReport, float],
) -> None:
    assert fetched[0].read("iod2019", ["imd_score"])["imd_score"].max() < 100


def test_outlines_are_valid(fetched: tuple[Store, FetchReport, float]) -> None:
    store, _, _ = fetched
    for product_id in ("boundary_msoa21", "boundary_lsoa21", "boundary_ward"):
        assert store.read(product_id).geometry.is_valid.all()


def test_points_lie_in_the_county(fetched: tuple[Store, FetchReport, float]) -> None:
    store, _, _ = fetched
    west, south, east, north = store.read("boundary_county").to_crs(27700).total_bounds
    for product_id in ("centroid_lsoa21", "centroid_oa21"):
        points = store.read(product_id)
        assert points["x"].between(west, east).all()
        assert points["y"].between(south, north).all()


def test_own_district_differs_from_the_ward_district(
    fetched: tuple[Store, FetchReport, float],
) -> None:
    store, _, _ = fetched
    wards = store.read("lookup_lsoa21_ward24").set_index("lsoa21_code")
    own = store.read("lookup_lsoa21_lad24").set_index("lsoa21_code")
    assert wards.loc["E01027305", "lad24_name"] == "Cherwell"
    assert own.loc["E01027305", "lad_name"] == "West Northamptonshire"


def test_crimes_and_collisions_by_hand(fetched: tuple[Store, FetchReport, float]) -> None:
    store, _, _ = fetched
    raw = pd.read_csv(DATA / "crime" / "2018-06-thames-valley-street_Oxfordshire.csv")
    crimes = store.read("crime_street").set_index("area_code")
    assert crimes["total"].sum() == len(raw)
    assert crimes["burglary"].sum() == (raw["Crime type"] == "Burglary").sum()
    worst = raw["LSOA code"].value_counts()
    assert crimes.loc[worst.index[0], "total"] == worst.iloc[0]
    assert (crimes["total"] == 0).sum() == len(crimes) - raw["LSOA code"].nunique()
    assert store.entry("crime_street").vintages == {"lsoa": "2011"}
    raw = pd.read_csv(DATA / "other" / "road-safety-data-accidents-in-oxfordshire-2016.csv")
    roads = store.read("road_injuries")
    assert roads["total"].sum() == len(raw)
    assert roads["fatal"].sum() == (raw["Accident_Severity"] == 1).sum()
    assert roads["casualties"].sum() == raw["Number_of_Casualties"].sum()


def test_published_values_are_those_of_the_file(fetched: tuple[Store, FetchReport, float]) -> None:
    store, _, _ = fetched
    raw = pd.read_csv(DATA / "health" / "social-isolation-indicators-CountyUA.data.csv.gz")
    raw = raw[raw["Category Type"].isna() & (raw["Area Code"] == "E10000025")]
    table = store.read("fingertips")
    table = table[(table["area_code"] == "E10000025")]
    raw = raw.assign(series_id=raw["Indicator ID"].astype(str))
    keys = ["series_id", "Sex", "Age", "Time period"]
    wanted = raw.set_index(keys)["Value"].sort_index()
    given = table.set_index(["series_id", "sex", "age", "period"])["value"].sort_index()
    assert len(given) == len(wanted) > 10
    assert np.array_equal(given.to_numpy(), wanted.to_numpy(), equal_nan=True)


def test_every_district_of_the_survey_is_found(fetched: tuple[Store, FetchReport, float]) -> None:
    table = fetched[0].read("active_lives")
    assert table.groupby("series_id")["area_code"].nunique().tolist() == [320, 320]
    assert set(PUBLISHED) | {"E10000025"} <= set(table["area_code"])


def test_nobody_is_named_among_the_places(fetched: tuple[Store, FetchReport, float]) -> None:
    store, _, _ = fetched
    for product in (p for p in store.products() if p.startswith("places_")):
        text = store.read(product).to_csv()
        assert not re.search(r"[\w.]{3,}@\w+\.\w", text)
        assert not re.search(r"\b0\d{4} ?\d{6}\b", text)


def test_time(fetched: tuple[Store, FetchReport, float]) -> None:
    # Seconds of processor time, so that other work on the machine counts less; about 26 measured.
    assert fetched[2] < 60
