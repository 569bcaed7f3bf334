"""Chapter 03 on the real registers of Oxfordshire: every ward has assets, and reach adds up."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cip.area_definition import resolve_area
from cip.assets.balance import count_balance
from cip.assets.gather import gather_assets
from cip.assets.open_referral import export_services, validate_services
from cip.assets.settle import settle_records
from cip.catalogue.asset_types import load_asset_types
from cip.geography import dissolve_boundary, read_boundaries
from cip.inputs.personal import find_contact
from cip.pages import asset_stage
from cip.params import load_params
from cip.register import load_register
from cip.schemas import SCHEMAS
from cip.store import Store
from cip.tables import check_table
from cip.workspace import Workspace

pytestmark = pytest.mark.real
WARDS = (
    "abingdon-caldecott", "banbury-cross-and-neithrop", "banbury-grimsbury-and-hightown",
    "banbury-ruscote", "barton-and-sandhills", "blackbird-leys", "littlemore", "northfield-brook",
    "osney-and-st-thomas", "rose-hill-and-iffley", "witney-central",
)  # fmt: skip
#: Reach is checked by hand for these.
BY_HAND = ("gp_surgery", "pharmacy", "school")


@pytest.fixture(scope="module")
def store(real_store) -> Store:
    return Store(real_store)


@pytest.fixture(scope="module")
def register(store):
    return load_register(store)


@pytest.fixture(scope="module")
def made(root, store, register, tmp_path_factory) -> dict:
    """The assets of every ward, made as notebook 03 makes them."""
    return {name: make(name, root, store, register, tmp_path_factory) for name in WARDS}


def make(name: str, root: Path, store: Store, register, tmp_path_factory) -> dict:
    file = load_params(root / "params" / "oxfordshire" / f"{name}.yml")
    workspace = Workspace(file, store, tmp_path_factory.mktemp(name))
    area = resolve_area(file, register)
    shapes = read_boundaries(store, area)
    boundary = dissolve_boundary(shapes, file.params)
    gathered = gather_assets(workspace, boundary)
    settled = settle_records(gathered.records, gathered.decisions)
    placed = asset_stage.place(workspace, settled, shapes, boundary)
    people = asset_stage.list_residents(workspace, register, area.codes)
    network = asset_stage.read_network(workspace, boundary)
    return {
        "workspace": workspace,
        "codes": area.codes,
        "settled": settled,
        "placed": placed,
        "people": people,
        "network": network,
        "reach": asset_stage.measure(workspace, people, placed, network),
        "access": asset_stage.measure_capacity(workspace, register, placed, network, area.codes),
    }


@pytest.mark.parametrize("name", WARDS)
def test_a_ward_has_a_register_that_fits_its_tables(made, name):
    ward = made[name]
    table = check_table("assets", ward["placed"].table)
    check_table("asset_pairs", ward["settled"].pairs)
    check_table("reach", ward["reach"].table)
    check_table("reach_places", ward["reach"].places)
    assert set(ward["access"].columns) == set(SCHEMAS["asset_access"].columns)
    assert table["is_inside"].sum() > 0
    assert (table["distance_m"].dropna() <= ward["workspace"].params.assets.margin_m).all()
    inside = count_balance(table).set_index("asset_type")[["inside", "nearby"]].sum(axis=1)
    # Every ward of these lies in a town: surgeries, pharmacies, schools and stops are near.
    assert (inside[["gp_surgery", "pharmacy", "school", "bus_stop"]] > 0).all()


def test_hard_assets_of_every_kind_that_the_files_hold_are_found(made):
    held = {name for ward in made.values() for name in ward["placed"].table["asset_type"]}
    # No hospital's postcode or point lies in or near some wards, but all kinds occur somewhere.
    assert {
        "gp_surgery", "pharmacy", "dentist", "hospital", "school", "library", "community_centre",
        "polling_station", "bus_stop", "car_park", "recycling", "food_support",
    } <= held  # fmt: skip


@pytest.mark.parametrize("name", WARDS)
def test_reach_agrees_with_a_count_by_hand(made, store, name):
    """A straight line times 1.3 from each LSOA's centre to the nearest asset, in plain numpy."""
    ward = made[name]
    if ward["network"] is not None:
        pytest.skip("a walking network covers part of this ward")
    centres = store.read("centroid_lsoa21").set_index("area_code").loc[list(ward["codes"])]
    counts = store.read("ts007a", ["area_code", "level", "total"])
    counts = counts[counts["level"] == "lsoa"].set_index("area_code")["total"]
    people = counts.loc[list(ward["codes"])].to_numpy(float)
    table = ward["placed"].table
    reach = ward["reach"].table.set_index(["asset_type", "within", "unit"])
    for kind in BY_HAND:
        points = table.loc[(table["asset_type"] == kind) & table["x"].notna(), ["x", "y"]]
        apart = np.hypot(
            centres["x"].to_numpy()[:, None] - points["x"].to_numpy(),
            centres["y"].to_numpy()[:, None] - points["y"].to_numpy(),
        )
        metres = apart.min(axis=1) * 1.3
        for within in (400, 800, 1200):
            row = reach.loc[(kind, within, "metres")]
            assert row["population_reached"] == people[metres <= within].sum()
            assert row["share"] == pytest.approx(people[metres <= within].sum() / people.sum())
            assert row["method"] == "straight line x 1.3"


def test_the_city_centre_follows_streets_where_the_extract_covers_them(made):
    """The one extract at hand covers a square kilometre of central and north Oxford."""
    ward = made["osney-and-st-thomas"]
    assert ward["network"] is not None
    assert set(ward["reach"].table["method"].dropna()) <= {
        "walking network", "mixed", "straight line x 1.3",
    }  # fmt: skip
    assert (ward["placed"].table["source_id"] == "osm_places").any()


def test_no_contact_of_a_person_reaches_a_table(made):
    for ward in made.values():
        texts = ward["placed"].table.select_dtypes(exclude="number")
        for column in texts:
            for cell in texts[column].dropna().unique():
                # What was found is not repeated: it would be in the log.
                assert not (isinstance(cell, str) and find_contact(cell)), f"{column}"


def test_an_export_of_a_ward_validates(made):
    ward = made["blackbird-leys"]
    document = export_services(
        ward["placed"].table,
        area_id="blackbird-leys",
        organisation="An example council",
        town="Oxford",
        county="Oxfordshire",
    )
    assert validate_services(json.loads(json.dumps(document))) == []


def test_types_are_those_of_the_catalogue(made):
    for ward in made.values():
        assert set(ward["placed"].table["asset_type"]) <= set(load_asset_types())
        assert not pd.isna(ward["placed"].table["name"]).any()
