"""Numbers of registers in tags of OpenStreetMap: read as data, and joined by."""

from __future__ import annotations

from pathlib import Path

import pytest

from cip.assets.collect import collect_records
from cip.assets.duplicates import find_pairs
from cip.catalogue import load_sources
from cip.catalogue.register_ids import find_register_ids, load_register_ids
from cip.sources.fetch import fetch_folder
from cip.store import Store

from .test_osm import node, write_osm


@pytest.mark.parametrize(
    ("tags", "ids"),
    [
        ({"naptan:AtcoCode": "340000001W"}, ["atco:340000001W"]),
        ({"naptan:AtcoCode": "340000001w; 340000002E"}, ["atco:340000001W", "atco:340000002E"]),
        ({"ref:GB:edubase": "100 000", "ref:edubase": "100000"}, ["urn:100000"]),
        ({"ref:GB:nhs": "K84001"}, ["ods:K84001"]),
        ({"ref:charity": "1234567", "charity:number": "SC012345"},
         ["charity:1234567", "charity:SC012345"]),
        ({"ref:edubase": "not known", "naptan:AtcoCode": "yes", "ref": "100000"}, []),
        ({}, []),
    ],
)  # fmt: skip
def test_ids_by_their_tags(tags: dict[str, str], ids: list[str]) -> None:
    assert find_register_ids(tags) == ids


def test_schemes_are_those_of_the_sources() -> None:
    schemes = {source.id_scheme for source in load_sources().values()}
    assert set(load_register_ids()) <= schemes


def test_a_mapped_thing_is_joined_to_its_register(tmp_path: Path) -> None:
    """By its number alone: names and places differ by more than the rules would join."""
    raw = tmp_path / "raw"
    raw.mkdir()
    stop = {"naptan:AtcoCode".replace(":", "__"): "340000001W"}
    write_osm(
        raw,
        node(1, 0, 0, highway="bus_stop", name="Opposite the brook", **stop),
        node(2, 9, 9, highway="bus_stop", name="Elsewhere"),
    )
    (raw / "stops.csv").write_text(
        "ATCOCode,CommonName,Easting,Northing,StopType,Status,ModificationDateTime\n"
        "340000001W,Fern Lane,451900,206000,BCT,active,2026-01-31\n"
    )
    fetch_folder(raw, tmp_path / "store")
    records = collect_records(Store(tmp_path / "store")).set_index("asset_id")
    assert records.loc["osm_places:n1", "shared_id"] == "osm:n1; atco:340000001W"
    assert records.loc["osm_places:n2", "shared_id"] == "osm:n2"
    assert records.loc["places_stops:340000001W", "shared_id"] == "atco:340000001W"
    pairs = find_pairs(records.reset_index())
    assert pairs[["asset_id_a", "asset_id_b", "reason", "verdict"]].to_numpy().tolist() == [
        ["osm_places:n1", "places_stops:340000001W", "shared id", "same"]
    ]
