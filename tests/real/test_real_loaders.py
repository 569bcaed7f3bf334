"""The loaders on what publishers really release: rows, totals, and strangers left alone."""

from __future__ import annotations

import os
import time
from pathlib import Path

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
}
OTHER_PARTS = ("assets", "crime", "health", "osm", "other", "population", "postcodes", "survey")
READ_ELSEWHERE = {
    "other/fuel_poverty_LSOA_Oxfordshire.csv",
    "postcodes/PCD_OA_LSOA_MSOA_LAD_lookup_Littlemore_LSOAs.csv",
}
OTHER_FILES = {
    "README.md",
    "boundaries/littlemore_parish.geojson",
    "lookups/LSOA11_CCG21_LAD21_Oxfordshire.csv",
    "lookups/PAR19_WD19_LAD19_Oxfordshire.csv",
    "lookups/Rural_Urban_Classification_2011_of_LSOAs_Oxfordshire.csv",
    "lookups/WD19_LAD19_Oxfordshire.csv",
    "lookups/lookup_lsoa21_icb24_Oxfordshire.csv",
    "lookups/ruc21_lsoa21_Oxfordshire.csv",
}
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
    expected = {f for f in everything if f.split("/")[0] in OTHER_PARTS} | OTHER_FILES
    expected -= READ_ELSEWHERE
    assert set(report.not_recognised) == expected
    read = {file.name for entry in report.products.values() for file in entry.files}
    assert read == everything - expected


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


def test_time(fetched: tuple[Store, FetchReport, float]) -> None:
    # Seconds of processor time, so that other work on the machine counts less; about 40 measured.
    assert fetched[2] < 100
