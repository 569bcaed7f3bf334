"""The registers of assets as published, against counts made by hand from the files themselves."""

from __future__ import annotations

import csv
import re
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from cip.assets.collect import collect_records, count_left_out, count_other_types
from cip.assets.locate import read_postcode_points
from cip.sources.fetch import FetchReport, fetch_folder
from cip.store import Store

pytestmark = pytest.mark.real

#: Assets of each type and register, counted in the files without this project.
COUNTED = {
    ("gp_surgery", "places_gp"): 58,  # ACTIVE and RO76
    ("other_clinic", "places_gp"): 2,  # ACTIVE and RO80, RO80|RO87
    ("pharmacy", "places_pharmacy"): 93,  # status A
    ("dentist", "places_dentist"): 109,
    ("hospital", "places_hospitals"): 22,
    ("school", "places_schools"): 357,  # 372 without the two kinds below
    ("college", "places_schools"): 8,  # 4 further education, 2 higher, 2 sixth form centres
    ("early_years", "places_schools"): 7,
    ("library", "places_libraries"): 43,  # 47, of which three XLR and one XLT
    ("community_centre", "places_community_centres"): 23,
    ("polling_station", "places_polling_stations"): 60,
    ("recycling", "places_recycling"): 26,
    ("bus_stop", "places_stops"): 4337,
    ("car_park", "places_car_parks"): 28,
    ("food_support", "places_food_banks"): 10,
}
#: Metres: a little more than the county, where most of the registers have all their places.
COUNTY = (415_000, 165_000, 490_000, 265_000)


@pytest.fixture(scope="module")
def fetched(
    real_data: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Store, FetchReport]]:
    """A store of the registers and the postcodes alone: the other tests read all the rest."""
    folder = tmp_path_factory.mktemp("registers")
    for name in ("assets", "postcodes"):
        (folder / "in" / name).mkdir(parents=True)
        for path in (real_data / name).iterdir():
            (folder / "in" / name / path.name).write_bytes(path.read_bytes())
    report = fetch_folder(folder / "in", folder / "store")
    yield Store(folder / "store"), report


@pytest.fixture(scope="module")
def records(fetched: tuple[Store, FetchReport]) -> pd.DataFrame:
    return collect_records(fetched[0])


def read_cells(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.reader(lines))


def test_every_register_is_read(fetched: tuple[Store, FetchReport]) -> None:
    _, report = fetched
    assert report.not_recognised == ["postcodes/Code-Point_Open_Column_Headers.csv"]
    assert [w for w in report.warnings if "easting and northing are 0" not in w] == []
    assert len(report.warnings) == 2  # two schools


def test_assets_by_type(records: pd.DataFrame) -> None:
    assert records.groupby(["asset_type", "source_id"]).size().to_dict() == COUNTED


def test_counts_are_those_of_the_files(real_data: Path) -> None:
    """The numbers above, counted again here from the cells, so that they are not only typed."""
    folder = real_data / "assets"
    gp = Counter((r[12], r[25]) for r in read_cells(folder / "epraccur_OXpostcodes_2026-02.csv"))
    assert gp[("ACTIVE", "RO76")] == COUNTED[("gp_surgery", "places_gp")]
    for name, key in (
        ("edispensary", ("pharmacy", "places_pharmacy")),
        ("egdpprac", ("dentist", "places_dentist")),
    ):
        cells = read_cells(folder / f"{name}_OXpostcodes.csv")
        assert sum(row[12] == "A" for row in cells) == COUNTED[key]
    schools = read_cells(folder / "gias_schools_Oxfordshire_hack25.csv")[1:]
    assert len(schools) == sum(
        n for (_, source), n in COUNTED.items() if source == "places_schools"
    )
    libraries = read_cells(folder / "libraries_Oxfordshire.csv")
    closed = libraries[0].index("closed")
    assert sum(not row[closed] for row in libraries[1:]) == COUNTED[("library", "places_libraries")]


def test_nothing_is_lost_on_the_way(
    fetched: tuple[Store, FetchReport], records: pd.DataFrame
) -> None:
    store, _ = fetched
    left = count_left_out(store).set_index("source_id").sum(axis=1)
    other = count_other_types(store).groupby("source_id")["places"].sum()
    kept = records["source_id"].value_counts()
    for product in kept.index:
        whole = kept[product] + left.get(product, 0) + other.get(product, 0)
        assert whole == len(store.read(product)), product


def test_where_they_lie(records: pd.DataFrame) -> None:
    how = records.groupby("source_id")["located_by"].value_counts().unstack(fill_value=0)
    assert how.loc["places_gp", "postcode"] == 60
    assert how.loc["places_pharmacy", "postcode"] == 89  # four postcodes are newer than the points
    assert how.loc["places_dentist", "postcode"] == 108
    assert how.loc["places_polling_stations", "given"] == 60
    without = records[records["x"].isna()]["source_id"].value_counts().to_dict()
    assert without == {"places_pharmacy": 4, "places_schools": 2, "places_dentist": 1}
    placed = records.dropna(subset=["x"])
    west, south, east, north = COUNTY
    assert placed["x"].between(west, east).all() and placed["y"].between(south, north).all()


def test_points_of_postcodes_are_near_the_stations(records: pd.DataFrame, fetched) -> None:
    """The point that a city gives a hall lies by its postcode: both were made by others."""
    points = read_postcode_points(fetched[0])
    halls = records[
        records["source_id"].isin(["places_polling_stations", "places_community_centres"])
    ]
    codes = halls["postcode"].str.replace(" ", "")
    known = halls[codes.isin(points.index)]
    near = points.loc[known["postcode"].str.replace(" ", "")]
    metres = (
        (known["x"].to_numpy() - near["x"]) ** 2 + (known["y"].to_numpy() - near["y"]) ** 2
    ) ** 0.5
    assert len(known) > 75
    assert metres.median() < 60
    assert (metres < 500).mean() > 0.97


def test_spaces_of_car_parks(records: pd.DataFrame) -> None:
    spaces = records.loc[records["asset_type"] == "car_park", "capacity"]
    assert (spaces.notna().sum(), spaces.sum()) == (20, 8855)


def test_nobody_is_named(real_data: Path, fetched, records: pd.DataFrame) -> None:
    cells = read_cells(real_data / "assets" / "oxford-community-centres.csv")
    headings = [cell.strip() for cell in cells[0]]
    personal = ["Phone", "Email", "Bookings Contact", "Room Hire Information"]
    secrets = {row[headings.index(name)].strip() for row in cells[1:] for name in personal} - {""}
    assert len(secrets) > 40
    store, report = fetched
    notes = [note for p in store.products() for note in store.entry(p).notes]
    text = "\n".join([records.to_csv(), store.read("places_community_centres").to_csv()])
    text += "\n".join([*notes, *report.warnings])
    assert [n for n, secret in enumerate(sorted(secrets)) if secret in text] == []
    assert not re.search(r"[\w.]{2,}@[\w-]+\.\w", text)
    assert not re.search(r"\b0\d{3,4} ?\d{3} ?\d{3,4}\b", text)


def test_what_a_list_says_of_its_age(records: pd.DataFrame) -> None:
    age = records.groupby("source_id")["last_checked"].first()
    assert age["places_community_centres"] == "2018"
    assert age["places_stops"] == "2016"
    assert age["places_dentist"] == "2023-07-19"  # the latest date in its rows
    assert records.loc[records["source_id"] == "places_stops", "confidence"].unique().tolist() == [
        "low"
    ]


def test_one_area_takes_a_fraction_of_a_second(fetched: tuple[Store, FetchReport]) -> None:
    window = (450_000, 200_000, 456_000, 206_000)
    collect_records(fetched[0], window)
    started = time.process_time()
    found = collect_records(fetched[0], window)
    assert time.process_time() - started < 1.0  # 0.15 measured
    assert 200 < len(found) < 1000
