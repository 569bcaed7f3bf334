"""The traps of published profiles, on what publishers really release (invented: ``tests/spec``)."""

from __future__ import annotations

import csv
import hashlib
import re

import pandas as pd
import pytest

from cip.area_definition import ResolvedArea, resolve_area
from cip.catalogue.indicators import load_indicators
from cip.geography import build_areas
from cip.indicators import build_indicators
from cip.membership import build_membership
from cip.pages.trail import show_definitions, show_sources
from cip.params import AreaParams, ParameterFile, load_params
from cip.register import load_register
from cip.store import Store

pytestmark = pytest.mark.real

COUNTY = "E10000025"
STRANGER, ITS_WARD = "E01027305", "E05010929"
CATALOGUE = load_indicators()


@pytest.fixture(scope="module")
def store(real_store):
    return Store(real_store)


@pytest.fixture(scope="module")
def register(store):
    return load_register(store)


@pytest.fixture(scope="module")
def littlemore(root, store, register):
    """Return areas, membership and the table of one profile with the whole catalogue."""
    file = load_params(root / "params" / "oxfordshire" / "littlemore.yml")
    area = resolve_area(file, register)
    areas, _ = build_areas(file, area, register)
    members = build_membership(area, areas, register)
    return areas, members, build_indicators(store, areas, members)


def resolve(register, *wards: str) -> ResolvedArea:
    params = AreaParams(
        id="here", title="Here", profile_kind="ward", area={"wards": list(wards)},
        comparators=["district"], organisation={"name": "Council", "contact": "page"},
    )  # fmt: skip
    return resolve_area(ParameterFile("area.yml", params, {}), register)


def add_up(table: pd.DataFrame, codes) -> int:
    return int(table.set_index("area_code")["total"].reindex(codes).sum(skipna=False))


# --- Best fit crosses the county line -----------------------------------------------------------


def test_district_is_added_up_from_its_lsoas_and_not_from_its_wards(store, register):
    area = resolve(register, ITS_WARD)
    assert STRANGER in area.codes
    areas = pd.DataFrame(
        [("here", "Here", "profile"), ("E07000177", "Cherwell", "district")],
        columns=["area_code", "area_name", "area_role"],
    )
    members = build_membership(area, areas, register)
    own = members[(members["area_code"] == "E07000177") & (members["level"] == "lsoa21")]
    assert len(own) == 102
    assert STRANGER not in set(own["small_area_code"])
    people = store.read("ts007a")
    published = add_up(store.read("ts007"), ["E07000177"])
    assert add_up(people, own["small_area_code"]) == pytest.approx(published, rel=0.0005)
    wards = register.wards.index[register.wards["lad24_code"] == "E07000177"]
    fitted = register.lsoas.index[register.lsoas["ward24_code"].isin(wards)]
    # The district made of its wards has some two thousand people too many.
    assert add_up(people, fitted) - published > 1500


def test_reader_is_told_of_the_lsoa_from_another_district(register):
    notes = " ".join(note.text for note in resolve(register, ITS_WARD).notes)
    assert STRANGER in notes or "West Northamptonshire" in notes


# --- Every table is perturbed on its own --------------------------------------------------------

TABLES = [
    (["ts054", "ts011", "ts044", "ts052"], "households"),
    (["ts007a", "ts021", "ts030", "ts037", "ts038"], "people"),
]


@pytest.mark.parametrize(("products", "what"), TABLES)
def test_totals_of_tables_differ_by_no_more_than_perturbation(store, register, products, what):
    lsoas = register.lsoas[register.lsoas["county_code"] == COUNTY]
    totals = pd.DataFrame(
        {
            name: store.read(name, ["area_code", "total"])
            .set_index("area_code")["total"]
            .reindex(lsoas.index)
            .astype(float)
            for name in products
        }
    )
    assert totals.notna().all(axis=None)
    whole = totals.sum()
    assert whole.max() - whole.min() <= 0.0005 * whole.mean(), what
    assert whole.max() > whole.min(), "the trap is there"
    wards = totals.groupby(lsoas["ward24_code"]).sum()
    gaps = [
        (wards[one] - wards[other]).abs()
        for place, one in enumerate(products)
        for other in products[place + 1 :]
    ]
    every = pd.concat(gaps)
    # Two tables of a ward differ by about five; of a hundred wards and ten pairs, a few by more.
    assert every.median() <= 5
    assert every.max() <= 20


def test_share_keeps_to_the_total_of_its_own_table(littlemore):
    _, _, table = littlemore
    own = table[table["area_role"] == "profile"].set_index("indicator_id")["denominator"]
    tenure, deprived = own["social_rented"], own["households_deprived_1_plus"]
    assert tenure != deprived
    assert abs(tenure - deprived) <= 15


# --- Vintages -----------------------------------------------------------------------------------


def test_both_vintages_are_whole(register):
    in_county = register.lsoas["county_code"] == COUNTY
    assert in_county.sum() == 428
    assert register.changes["lsoa11_code"].nunique() == 407


def test_no_event_falls_out_between_the_vintages(store, register, real_data):
    path = real_data / "crime" / "2018-06-thames-valley-street_Oxfordshire.csv"
    with path.open(encoding="utf-8", newline="") as file:
        codes = [row["LSOA code"] for row in csv.DictReader(file)]
    # Joined to the LSOAs of 2021 as they stand, one in fifteen would be lost.
    lost = sum(code not in register.lsoas.index for code in codes)
    assert 0.05 < lost / len(codes) < 0.1
    areas = pd.DataFrame(
        [("here", "Here", "profile"), (COUNTY, "Oxfordshire", "county")],
        columns=["area_code", "area_name", "area_role"],
    )
    area = resolve(register, ITS_WARD)
    own = [code for code in area.codes if code != STRANGER]
    members = build_membership(ResolvedArea(own, area.parts), areas, register)
    entries = {"crime_rate": CATALOGUE["crime_rate"]}
    table = build_indicators(store, areas, members, entries).set_index("area_code")
    assert table.loc[COUNTY, "numerator"] == pytest.approx(len(codes))


def test_every_measure_says_which_small_areas_it_is_counted_in(store, littlemore):
    _, _, table = littlemore
    blocks = show_definitions(table, store)
    said = pd.concat([b.frame.assign(place=list(b.row_ids)) for b in blocks])
    small = {
        f"def-{name.replace('_', '-')}"
        for name in table["indicator_id"].unique()
        if CATALOGUE[name].level in ("lsoa", "msoa") and CATALOGUE[name].source != "fingertips"
    }
    stated = said[said["place"].isin(small)]
    assert len(stated) > 50
    assert stated["base"].str.contains(r"(?:LSOA|MSOA) 20(?:11|21)\.").all()


def test_old_wards_are_told_from_new_ones_of_the_same_name(store, register):
    old = store.read("lookup_lsoa11_ward19")
    named = old.drop_duplicates("ward19_code").set_index("ward19_code")["ward19_name"]
    retired = named[~named.index.isin(register.wards.index)]
    alike = [c for c, name in retired.items() if name in set(register.wards["ward24_name"])]
    if not alike:
        pytest.skip("no ward of 2019 was replaced by one of the same name here")
    for code in alike[:3]:
        found = resolve(register, code)
        assert any("2019" in note.text for note in found.notes), code


# --- Ranks, rounding, close names, corrections --------------------------------------------------


def test_ranks_of_two_editions_are_out_of_different_numbers_and_stay_apart(store, littlemore):
    ranked = {year: len(store.read(f"iod{year}", ["area_code"])) for year in (2019, 2025)}
    assert ranked == {2019: 32844, 2025: 33755}
    _, _, table = littlemore
    rows = table[table["source_id"].isin(["iod2019", "iod2025"])]
    assert rows.groupby("indicator_id")["source_id"].nunique().max() == 1
    assert rows.groupby("indicator_id")["period"].nunique().max() == 1
    assert not rows["unit"].str.contains("rank").any()
    changed = [e for e in CATALOGUE.values() if e.statistic == "change"]
    assert not {entry.source for entry in changed} & {"iod2019", "iod2025"}


def test_share_of_an_area_is_not_the_mean_of_published_percentages(real_data, littlemore):
    _, members, table = littlemore
    own = set(members.loc[members["area_code"] == "littlemore", "small_area_code"])
    path = real_data / "other" / "fuel_poverty_LSOA_Oxfordshire.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["LSOA Code"] in own]
    heading = "Proportion of households fuel poor (%)"
    rounded = sum(float(row[heading]) for row in rows) / len(rows)
    here = table[(table["indicator_id"] == "fuel_poverty") & (table["area_role"] == "profile")]
    value = here["value"].iloc[0]
    homes = [float(row["Number of households"].replace(",", "")) for row in rows]
    poor = [float(row["Number of households in fuel poverty"].replace(",", "")) for row in rows]
    assert value == pytest.approx(100 * sum(poor) / sum(homes), rel=1e-12)
    assert value != pytest.approx(rounded, abs=0.001)


CLOSE = [
    ("prevalence_hypertension", "prevalence of diagnosed hypertension"),
    ("prevalence_hypertension_undiagnosed", "prevalence of undiagnosed hypertension"),
    ("prevalence_depression", "prevalence of depression (all ages)"),
    ("prevalence_chd", "CHD (55-79 yrs)"),
    ("social_contact_users", "adult social care users"),
    ("social_contact_carers", "adult carers"),
    ("inactive_adults", "Inactive: Nothing"),
    ("active_adults", "Active: 150-419 mins"),
    ("qof_depression_gp", "Depression (18+)"),
]


@pytest.mark.parametrize(("name", "words"), CLOSE)
def test_series_close_in_name_is_the_one_that_is_meant(store, name, words):
    entry = CATALOGUE[name]
    table = store.read(entry.source)
    names = table.loc[table["series_id"] == entry.series, "series_name"].unique()
    assert len(names) == 1
    assert words in names[0]


def test_depression_on_registers_is_not_depression_estimated(littlemore):
    _, _, table = littlemore
    rows = table[table["area_role"] == "district"].drop_duplicates("indicator_id", keep="last")
    values = rows.set_index("indicator_id")["value"]
    one, other = values["qof_depression_gp"], values["prevalence_depression"]
    assert abs(one - other) > 0.5
    assert CATALOGUE["qof_depression_gp"].label != CATALOGUE["prevalence_depression"].label


def test_corrected_file_would_be_noticed(store, real_data, littlemore):
    """The page names the checksum of the file that was read; a reissued file has another."""
    _, _, table = littlemore
    (block,) = show_sources(table, store)
    said = dict(zip(block.row_ids, block.frame["files"], strict=True))
    for product in ("ts054", "fuel_poverty", "crime_street", "cni2023"):
        for file in store.entry(product).files:
            whole = hashlib.sha256((real_data / file.name).read_bytes()).hexdigest()
            assert re.search(rf"\b{whole[:12]}\b", said[f"source-{product.replace('_', '-')}"])
