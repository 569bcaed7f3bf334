"""The eleven real areas of Oxfordshire, from publishers' files to profiles."""

from __future__ import annotations

import gzip
import io
import json

import pandas as pd
import pytest

from cip.area_definition import resolve_area
from cip.catalogue import load_indicators
from cip.deprivation import rank_small_areas
from cip.geography import build_areas
from cip.indicators import build_indicators
from cip.membership import build_membership
from cip.params import load_params
from cip.register import load_register
from cip.store import Store

pytestmark = pytest.mark.real

DISTRICTS = {"E07000177": 102, "E07000178": 84, "E07000179": 93, "E07000180": 81, "E07000181": 68}


@pytest.fixture(scope="module")
def store(real_store):
    return Store(real_store)


@pytest.fixture(scope="module")
def register(store):
    return load_register(store)


@pytest.fixture(scope="module")
def build(root, store, register):
    """Return areas, membership and indicators of one of the parameter files."""

    def one(name: str):
        file = load_params(root / "params" / "oxfordshire" / f"{name}.yml")
        area = resolve_area(file, register)
        areas, _ = build_areas(file, area, register)
        membership = build_membership(area, areas, register)
        return areas, membership, build_indicators(store, areas, membership)

    return one


def test_membership_of_every_ward_is_the_official_look_up(root, real_data, register):
    look_up = pd.read_csv(real_data / "lookups" / "lookup_lsoa21_ward24_ltla24_Oxfordshire.csv")
    for code, members in look_up.groupby("ward24_code")["lsoa21_code"]:
        own = register.lsoas.index[register.lsoas["ward24_code"] == code]
        assert sorted(own) == sorted(members)


def test_districts_are_their_own_lsoas(register):
    counted = register.lsoas["lad_code"].value_counts()
    assert {code: int(counted[code]) for code in DISTRICTS} == DISTRICTS
    # This LSOA best-fits into a ward of Cherwell and lies in another county.
    assert register.lsoas.at["E01027305", "lad_code"] not in DISTRICTS
    assert int((register.lsoas["county_code"] == "E10000025").sum()) == 428


def test_the_ward_that_reaches_over_the_county_line_says_so(tmp_path, register):
    path = tmp_path / "cropredy.yml"
    path.write_text(
        "id: cropredy\ntitle: Cropredy\nprofile_kind: ward\narea:\n  wards: [E05010929]\n"
        "organisation:\n  name: Test\n  contact: Test\n"
    )
    area = resolve_area(load_params(path), register)
    assert "E01027305" in area.codes
    assert any("over the county line" in note.text for note in area.notes)


def test_population_agrees_with_the_published_totals(build):
    """Census 2021 usual residents, table TS007 for districts; tables are perturbed on their own."""
    published = {"Oxford": 162039, "Oxfordshire": 725275}
    _, _, table = build("littlemore")
    people = table[table["indicator_id"] == "population"].set_index("area_name")["value"]
    for name, total in published.items():
        assert people[name] == pytest.approx(total, rel=0.0005)
    assert people["England"] == pytest.approx(56490048, rel=0.0001)


def test_tenure_of_littlemore_is_the_sum_of_the_source_rows(build, real_data):
    _, membership, table = build("littlemore")
    own = membership[(membership["area_code"] == "littlemore") & (membership["level"] == "lsoa21")]
    source = pd.read_csv(
        real_data / "census2021" / "TS054_household_tenure21_lsoa21_Oxfordshire.csv"
    )
    rows = source[source["lsoa21_code"].isin(own["small_area_code"])]
    social = rows.loc[rows["tenure"].str.startswith("Social rented"), "n"].sum()
    result = table[(table["indicator_id"] == "social_rented") & (table["area_role"] == "profile")]
    assert result["numerator"].iloc[0] == social


def test_county_deprivation_2019_is_built_on_the_lsoas_of_2011(build):
    _, membership, table = build("blackbird-leys")
    county = membership[membership["area_code"] == "E10000025"]
    old = county[county["level"] == "lsoa11"]
    assert len(old) == 407
    assert old["share"].to_list() == pytest.approx([1.0] * 407)
    assert int((county["level"] == "lsoa21").sum()) == 428
    # Published district average score of IoD2019 (File 10): Oxford 16.707.
    score = table[
        (table["indicator_id"] == "imd_2019_average_score") & (table["area_name"] == "Oxford")
    ]
    assert score["value"].iloc[0] == pytest.approx(16.707, abs=0.0006)


def test_ranks_are_those_of_the_publisher(store, build, real_data):
    _, membership, _ = build("northfield-brook")
    ranks = rank_small_areas(store, membership, 2025, area_code="northfield-brook")
    packed = (
        real_data / "deprivation" / "File_1_IoD2025_Index_of_Multiple_Deprivation.csv.gz"
    ).read_bytes()
    published = pd.read_csv(io.BytesIO(gzip.decompress(packed)), encoding="utf-8-sig")
    published = published.set_index(published.columns[0])[published.columns[4]]
    assert ranks["imd_rank"].to_list() == published[ranks["small_area_code"]].to_list()
    assert set(ranks["areas_ranked"]) == {33755}


#: Products of which the folder of real files holds nothing for a ward, or a part only.
UNFED = {
    "ts001", "ts003", "ts004", "ts009", "ts021", "ts045", "ts053", "ts061", "ts062", "ts066",
    "ts067", "mid_year_population_lsoa21", "claimants", "children_low_income", "fingertips",
    "iod2025", "journey_times_lsoa11",
}  # fmt: skip


def test_the_eleven_areas_become_profiles(root, real_store, cip, tmp_path):
    files = sorted((root / "params" / "oxfordshire").glob("*.yml"))
    assert len(files) == 11
    done = cip(
        "run", *files, "--store", real_store, "--outputs", tmp_path, "--no-pdf", "--jobs", "2"
    )
    assert done.returncode == 0, done.stderr[-3000:]
    for file in files:
        folder = tmp_path / file.stem
        record = json.loads((folder / "run.json").read_text(encoding="utf-8"))
        assert record["status"] == "done"
        page = (folder / "reports" / "data_report.html").read_text(encoding="utf-8")
        assert "Synthetic" not in page
        assert "Contains OS data" in page
        table = pd.read_csv(folder / "downloads" / "indicators.csv")
        own = table[table["area_role"] == "profile"]
        level = own["indicator_id"].map({name: e.level for name, e in load_indicators().items()})
        is_wide = level.isin(["district", "county"])
        lost = own[own["value"].isna() & ~is_wide]
        # Journey times are at hand around Bicester and Didcot, so a part of some areas has them.
        assert set(lost["source_id"]) <= {"journey_times_lsoa11"}, lost["indicator_id"].unique()
        assert (lost["missing_reason"] != "").all()
        # What is known for districts or the county alone has its figure there.
        wide = table[table["indicator_id"].isin(own.loc[is_wide, "indicator_id"])]
        assert wide.groupby("indicator_id")["value"].count().min() >= 1
        assert own.loc[is_wide, "value"].isna().all()
        unfed = set(load_indicators()) - set(own["indicator_id"])
        assert len(unfed) <= 53 + 6, sorted(unfed)
        sources = {load_indicators()[name].source for name in unfed}
        assert sources <= UNFED, sources - UNFED
