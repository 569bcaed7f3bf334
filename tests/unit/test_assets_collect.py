"""From registers to records: which places are assets, of what type, where, and how sure."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

from cip.assets import collect
from cip.assets.collect import (
    choose_types,
    collect_places,
    collect_records,
    count_left_out,
    count_other_types,
    list_registers,
)
from cip.assets.record import RECORD, split_parts
from cip.assets.vintage import find_vintage
from cip.catalogue.asset_types import load_asset_types
from cip.store import Store

from ..support.reading import fetch
from .test_sources_places import GIAS, ods, write

POSTCODES = [
    '"TT1 1TT",10,450000,200000,"E92000001","","","","E07000178",""',
    '"TT1 1TZ",10,450900,200900,"E92000001","","","","E07000178",""',
    '"TT2 1TT",10,490000,240000,"E92000001","","","","E07000178",""',
]
STOPS = "ATCOCode,CommonName,Easting,Northing,StopType,Status,ModificationDateTime"


def write_registers(folder: Path) -> None:
    write(folder, POSTCODES, "codepoint.csv")
    write(
        folder, [*GIAS, GIAS[1].replace("100001", "100009").replace("Community", "Free")], "g.csv"
    )
    surgeries = [ods(f"K840{n:02}", "ACTIVE", "RO76", opened="20250401") for n in range(20)]
    surgeries[1] = surgeries[1].replace("TT1 1TT", "TT2 1TT")
    surgeries[2] = surgeries[2].replace("TT1 1TT", "TT1 9ZZ")
    surgeries[3] = surgeries[3].replace("TT1 1TT", "")
    surgeries[4] = surgeries[4].replace("TT1 1TT", "XX9 9ZZ")
    surgeries += [ods("K84990", "DORMANT", "RO76"), ods("K84991", "ACTIVE", "RO72")]
    write(folder, [*surgeries, ods("K84992", "ACTIVE", "RO87")], "gp.csv")
    stops = [f"99{n},Stop {n},{450000 + n},{200000 + n},BCT,active,2026-01-31" for n in range(3)]
    stops += ["998,Old,450009,200009,BCT,del,2026-01-31", "997,Rank,450009,200009,TXR,active,"]
    write(folder, [STOPS, *stops], "stops.csv")


@pytest.fixture
def store(folder: Path) -> Store:
    write_registers(folder)
    return fetch(folder)


def test_records_are_complete(store: Store) -> None:
    records = collect_records(store).set_index("asset_id")
    assert [*records.reset_index().columns] == [*RECORD]
    school = records.loc["places_schools:100001"]
    assert school[["asset_type", "kind", "health_asset", "located_by"]].tolist() == [
        "school", "hard", "agencies", "given",
    ]  # fmt: skip
    entry = load_asset_types()["school"]
    assert (school["resource"], school["method"]) == (entry.resource, entry.method)
    assert split_parts(school["function"]) == list(entry.function)
    assert (school["shared_id"], school["source_id"]) == ("urn:100001", "places_schools")
    assert school["detail"] == "Community school. Primary"
    assert school["licence"] == "Open Government Licence v3.0"
    assert (school["last_checked"], school["confidence"]) == ("2025-05-01", "high")
    surgery = records.loc["places_gp:K84000"]
    assert surgery[["x", "y", "located_by", "confidence"]].tolist() == [
        450_000, 200_000, "postcode", "medium",
    ]  # fmt: skip
    assert (surgery["shared_id"], surgery["last_checked"]) == ("ods:K84000", "2025-04-01")
    assert records.loc["places_gp:K84992", "asset_type"] == "other_clinic"
    assert records.loc["places_stops:990", "shared_id"] == "atco:990"


def test_what_is_closed_or_no_asset_is_counted(store: Store) -> None:
    names = set(collect_records(store)["asset_id"])
    gone = {"places_schools:100002", "places_gp:K84990", "places_gp:K84991", "places_stops:998"}
    assert not names & (gone | {"places_stops:997"})
    left = count_left_out(store).set_index("source_id")
    assert left.loc["places_schools"].tolist() == [1, 0, 0]
    assert left.loc["places_gp"].tolist() == [0, 1, 0]
    assert left.loc["places_stops"].tolist() == [1, 0, 0]
    other = count_other_types(store)
    assert other.to_dict("records") == [
        {"source_id": "places_gp", "place_type": "other prescribing cost centre", "places": 1},
        {"source_id": "places_stops", "place_type": "Taxi rank", "places": 1},
    ]
    whole = sum(len(store.read(p)) for p in list_registers(store))
    assert whole == len(names) + int(left.sum().sum()) + int(other["places"].sum())


def test_open_and_closed_places_come_from_one_reading_of_each_register(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, described = Counter(), collect._read_places

    def count(store: Store, product: str, window: collect.Window | None) -> pd.DataFrame:
        read[product] += 1
        return described(store, product, window)

    monkeypatch.setattr(collect, "_read_places", count)
    found = collect_places(store)
    assert read == dict.fromkeys(list_registers(store), 1)
    # The other closed place is a school without a point, which nobody can find on the map.
    assert found.closed["asset_id"].tolist() == ["places_stops:998"]
    assert set(found.closed["status"]) == {"closed"}
    assert [*found.closed.columns] == [*RECORD]
    assert found.closed[["asset_type", "kind", "located_by"]].values.tolist() == [
        ["bus_stop", "hard", "given"]
    ]
    pd.testing.assert_frame_equal(found.records, collect_records(store))
    assert collect_places(store, (0, 0, 10, 10)).closed.empty


def test_a_window_leaves_out_what_is_surely_elsewhere(store: Store) -> None:
    inside = collect_records(store, (449_000, 199_000, 451_000, 201_000)).set_index("asset_id")
    kept = {name.partition(":")[2] for name in inside.index}
    assert "K84000" in kept
    assert "K84001" not in kept  # its postcode is placed, and lies elsewhere
    # No point: a postcode of a district in the window, no postcode, one of another district.
    assert ("K84002" in kept, "K84003" in kept, "K84004" in kept) == (True, True, False)
    unplaced = inside[inside["x"].isna()]
    assert unplaced["confidence"].tolist() == ["low"] * len(unplaced)
    assert {"100001", "990"} <= kept
    nowhere = collect_records(store, (0, 0, 10, 10))
    assert set(nowhere["asset_id"]) == {"places_gp:K84003"}


def test_a_window_gives_the_same_records_as_the_whole(store: Store) -> None:
    window = (449_000, 199_000, 460_000, 201_000)
    whole = collect_records(store).set_index("asset_id")
    some = collect_records(store, window).set_index("asset_id")
    pd.testing.assert_frame_equal(some, whole.loc[some.index])
    lost = whole.drop(index=some.index)
    assert not (lost["x"].between(449_000, 460_000) & lost["y"].between(199_000, 201_000)).any()


def test_without_points_of_postcodes_everything_may_be_inside(folder: Path) -> None:
    write_registers(folder)
    (folder / "codepoint.csv").unlink()
    (folder / "g.csv").unlink()
    (folder / "stops.csv").unlink()
    records = collect_records(fetch(folder), (0, 0, 10, 10))
    assert len(records) == 21
    assert records["located_by"].isna().all()


def test_an_empty_store_has_no_assets(tmp_path: Path) -> None:
    store = Store(tmp_path)
    assert collect_records(store).empty
    assert [*collect_records(store, (0, 0, 1, 1)).columns] == [*RECORD]
    assert count_left_out(store).empty and count_other_types(store).empty


@pytest.mark.parametrize(
    ("product", "place_type", "expected"),
    [
        ("places_schools", "Academy converter", "school"),
        ("places_schools", "Further education", "college"),
        ("places_schools", "Local authority nursery school", "early_years"),
        ("places_gp", "other prescribing cost centre", None),
        ("places_stops", "Railway station", "rail_station"),
        ("places_hospitals", "UNKNOWN", "hospital"),
        ("places_green_space", "Allotments Or Community Growing Spaces", "allotment"),
        ("places_green_space", "Golf Course", "sports_place"),
        ("osm_places", "cafe_or_pub", "cafe_or_pub"),
        ("osm_places", "no such type", None),
    ],
)
def test_types(product: str, place_type: str, expected: str | None) -> None:
    found = choose_types(product, pd.Series([place_type, None], dtype="str"))
    assert found.tolist()[0] == expected or (expected is None and pd.isna(found[0]))


def test_old_lists_and_nameless_places_are_less_sure(folder: Path) -> None:
    (folder / "food-banks.geojson").write_text(
        '{"type":"FeatureCollection","name":"food-banks","features":[{"type":"Feature",'
        '"properties":{},"geometry":{"type":"Point","coordinates":[-1.25,51.75]}}]}'
    )
    stops = [STOPS, "991,A,450000,200000,BCT,active,2008-01-01"]
    write(folder, stops, "stops.csv")
    store = fetch(folder)
    records = collect_records(store).set_index("asset_type")
    bank = records.loc["food_support"]
    assert (bank["name"], bank["confidence"]) == ("Food bank (name not in the source)", "low")
    assert (bank["last_checked"], find_vintage(store, "places_food_banks")) == ("2020", "2020")
    assert records.loc["bus_stop", ["last_checked", "confidence"]].tolist() == ["2008-01-01", "low"]


def test_a_date_to_come_is_not_the_age_of_a_list(folder: Path) -> None:
    rows = [STOPS, "991,A,450000,200000,BCT,active,2023-01-01", "992,B,1,1,BCT,active,2999-01-01"]
    write(folder, rows, "stops.csv")
    assert find_vintage(fetch(folder), "places_stops") == "2023-01-01"


def test_the_demonstration(demo_store: Path) -> None:
    store = Store(demo_store)
    records = collect_records(store)
    assert {"charity", "community_centre", "gp_surgery", "food_support"} <= set(
        records["asset_type"]
    )
    charities = records[records["asset_type"] == "charity"]
    assert charities["income"].between(500, 10_000).sum() > 10
    assert charities["income"].isna().sum() == 2
    assert set(records["licence"]) == {"MIT, as the workbook"}
    # The county's box, with the farthest of its postcodes.
    points = records.dropna(subset=["x"])
    assert points["x"].between(597_000, 642_000).all()
    assert points["y"].between(447_000, 473_000).all()
    names = set(records["name"])
    assert {"<B>BOLD TYPES</B> READING CIRCLE", "=EQUAL MEASURES BAKERS"} <= names
    text = records.to_csv()
    assert "01632" not in text and "Nobody" not in text and "@fableshire" not in text
    notes = " ".join(note for p in store.products() for note in store.entry(p).notes)
    for fault in ("Swapping latitude", "another edition", "are 0", "is not known", "telephone"):
        assert fault in notes


def test_a_county_takes_a_fraction_of_a_second(folder: Path) -> None:
    rows = [
        f"9{n},S,{400000 + 7 * n},{200000 + 5 * n},BCT,active,2026-01-31" for n in range(10_000)
    ]
    write(folder, [STOPS, *rows], "stops.csv")
    write(folder, POSTCODES, "codepoint.csv")
    store = fetch(folder)
    window = (410_000, 205_000, 430_000, 230_000)
    collect_records(store, window)
    started = time.process_time()
    found = collect_records(store, window)
    assert time.process_time() - started < 1
    assert len(found) == 2857  # 7 n from 10,000 to 30,000: n from 1,429 to 4,285
