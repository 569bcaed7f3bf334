"""The traps that published profiles fell into, each on invented data or on the catalogue itself.

The same traps on real data: ``tests/real/test_traps.py``.
"""

from __future__ import annotations

import re
from collections import Counter

import numpy as np
import pandas as pd
import pytest

from cip.area_definition import ResolvedArea, resolve_area
from cip.catalogue.indicators import load_deprivation_indices, load_indicators
from cip.catalogue.sources import load_sources
from cip.indicators import build_indicators
from cip.membership import build_membership
from cip.pages.trail import show_definitions
from cip.params import AreaParams, ParameterFile
from cip.products import find_small_area_level
from cip.register import Register

from ..support.hand_store import find, make_areas, make_indicator, make_members, write_store

CATALOGUE = load_indicators()
AREAS = make_areas(("demo", "profile"), ("Z07000001", "district"))


# --- Definitions close in name, domain against sub-domain ---------------------------------------

CLOSE = [
    ("children_under_15", "children_under_16"),
    ("children_under_16", "children_under_18"),
    ("population", "population_estimate"),
    ("children_low_income_relative", "children_low_income_absolute"),
    ("unemployed", "claimants"),
    ("disability", "long_term_sick"),
    ("no_car", "no_car_district"),
    ("main_language_not_english", "english_not_well"),
    ("households_deprived_1_plus", "households_deprived_2_plus"),
    ("occupancy_bedrooms", "occupancy_rooms"),
    ("inactive_adults", "active_adults"),
    ("prevalence_hypertension", "prevalence_hypertension_undiagnosed"),
    ("prevalence_depression", "qof_depression_gp"),
    ("child_obesity_reception", "child_obesity_year_6"),
    ("deaths_all", "deaths_under_75"),
    ("asb_rate", "asb_iod"),
    ("burglary_rate", "burglary_iod"),
    ("violence_rate", "violence_injury_iod"),
    ("loneliness", "social_contact_users"),
    ("social_contact_users", "social_contact_carers"),
    ("connectedness", "connectivity"),
    ("distance_gp", "time_gp"),
    ("education_2025_average_score", "education_2019_average_score"),
    ("idaci_2025_average_score", "income_2025_average_score"),
    ("imd_2019_average_score", "imd_2025_average_score"),
]


@pytest.mark.parametrize(("one", "other"), CLOSE)
def test_measures_close_in_name_are_told_apart(one, other):
    first, second = CATALOGUE[one], CATALOGUE[other]
    labels = [entry.label.casefold() for entry in (first, second)]
    assert labels[0] != labels[1]
    assert first.definition.casefold() != second.definition.casefold()
    # Neither may read as a shortened form of the other, unless a comma says of what.
    short, long = sorted(labels, key=len)
    assert not long.startswith(short) or long.removeprefix(short).startswith(", ")


@pytest.mark.parametrize("part", ["children_young_people", "adult_skills"])
def test_sub_domain_of_education_is_not_education(part):
    domain, own = (
        CATALOGUE[f"{name}_2025_decile_people"].label.casefold() for name in ("education", part)
    )
    assert domain != own
    assert "sub-domain" in own
    assert "sub-domain" not in domain


def test_no_two_measures_share_a_label_and_no_two_but_deciles_a_definition():
    labels = Counter(entry.label.casefold() for entry in CATALOGUE.values())
    assert max(labels.values()) == 1
    definitions = Counter(e.definition for e in CATALOGUE.values() if not e.is_decile)
    assert {text for text, times in definitions.items() if times > 1} == set()


def test_sub_domains_are_never_called_by_the_name_of_their_domain():
    names = {name for name, label in load_deprivation_indices().items() if label}
    families = {"children_young_people": "education", "adult_skills": "education"}
    families |= {"geographical_barriers": "barriers", "wider_barriers": "barriers"}
    families |= {"indoors": "environment", "outdoors": "environment"}
    for entry in CATALOGUE.values():
        stem = entry.measure.rpartition("_")[0]
        if entry.source in ("iod2019", "iod2025") and stem in families:
            assert "sub-domain" in f"{entry.label} {entry.definition}".casefold(), entry.id
    assert not set(families) & names  # the figures of domains leave the sub-domains out


# --- Crude against standardised ------------------------------------------------------------------

HEALTH_ANSWERS = ["bad_health", "good_health", "disability", "unpaid_carers", "general_health"]


@pytest.mark.parametrize("name", HEALTH_ANSWERS)
def test_crude_share_that_age_moves_says_that_it_is_not_adjusted(name):
    entry = CATALOGUE[name]
    assert entry.standardisation == "crude"
    assert "not adjusted for age" in entry.caveat.casefold()


def test_ratio_is_standardised_and_says_for_what():
    ratios = [entry for entry in CATALOGUE.values() if entry.combine == "ratio"]
    assert len(ratios) >= 10
    for entry in ratios:
        assert entry.standardisation == "standardised"
        assert "standardised for age and sex" in entry.caveat


def test_page_says_crude_or_standardised_of_every_measure(tmp_path):
    store = write_store(
        tmp_path, {name: pd.DataFrame({"area_code": ["x"]}) for name in load_sources()}
    )
    table = pd.DataFrame({"indicator_id": list(CATALOGUE), "period": "2021"})
    words = re.compile(r"; (crude|standardised|neither crude nor standardised); ")
    said = [row for block in show_definitions(table, store) for row in block.frame["base"]]
    assert len(said) > 100
    assert [row for row in said if not words.search(row)] == []


# --- Vintages of small areas and of wards -------------------------------------------------------


def test_every_measure_of_small_areas_states_their_year(tmp_path):
    vintages = {"crime_street": {"lsoa": "2011"}, "road_injuries": {"lsoa": "2011"}}
    vintages |= {"claimants": {"lsoa": "2021"}, "children_low_income": {"lsoa": "2021"}}
    tables = {name: pd.DataFrame({"area_code": ["x"]}) for name in load_sources()}
    store = write_store(tmp_path, tables, vintages=vintages)
    for entry in CATALOGUE.values():
        if entry.level in ("district", "county") or entry.source == "fingertips":
            continue
        table = pd.DataFrame({"indicator_id": [entry.id], "period": ["2021"]})
        (block,) = show_definitions(table, store)
        level = find_small_area_level(entry.source, store=store, level=entry.level)
        stated = f"{level[:4].upper()} 20{level[-2:]}"
        assert stated in block.frame["base"].iloc[0], entry.id


def make_register() -> Register:
    # Four LSOAs of district 1; a fifth, of another county, best-fits into its second ward.
    columns = ["lsoa21_name", "lad_code", "lad_name", "county_code", "county_name"]
    columns += ["msoa21_code", "ward24_code", "ward24_name", "population"]
    lsoas = pd.DataFrame(
        [
            ("A 1", "Z07000001", "A", "Z10000001", "C", "Z02000001", "Z05000001", "Hill", 1000),
            ("A 2", "Z07000001", "A", "Z10000001", "C", "Z02000001", "Z05000001", "Hill", 1000),
            ("A 3", "Z07000001", "A", "Z10000001", "C", "Z02000001", "Z05000002", "Dale", 1000),
            ("B 1", "Z06000009", "B", None, None, "Z02000009", "Z05000002", "Dale", 600),
        ],
        columns=columns,
        index=pd.Index([f"Z0100000{n}" for n in range(1, 5)], name="lsoa21_code"),
    ).astype({"population": "Int64"})
    wards = pd.DataFrame(
        {"ward24_name": ["Hill", "Dale"], "lad24_code": "Z07000001", "lad24_name": "A"},
        index=pd.Index(["Z05000001", "Z05000002"], name="ward24_code"),
    )
    changes = pd.DataFrame(
        [
            ("Z01009001", "A 1", "Z01000001", "S"),
            ("Z01009001", "A 1", "Z01000002", "S"),
            ("Z01000003", "A 3", "Z01000003", "U"),
            ("Z01000004", "B 1", "Z01000004", "U"),
        ],
        columns=["lsoa11_code", "lsoa11_name", "lsoa21_code", "change"],
    )
    old = pd.DataFrame(
        [("Z01009001", "Z05000091", "Hill"), ("Z01000003", "Z05000091", "Hill")],
        columns=["lsoa11_code", "ward19_code", "ward19_name"],
    )
    msoas = pd.DataFrame({"msoa21_name": ["A 001"], "msoa21_hcl_name": ["A"]}, ["Z02000001"])
    return Register(lsoas, wards, msoas, changes, old)


def resolve(word: str) -> ResolvedArea:
    params = AreaParams(
        id="here", title="Here", profile_kind="ward", area={"wards": [word]},
        comparators=["district"], organisation={"name": "Council", "contact": "page"},
    )  # fmt: skip
    return resolve_area(ParameterFile("area.yml", params, {}), make_register())


def test_old_ward_and_new_ward_of_one_name_are_two_areas_and_the_old_one_is_told():
    new, old = resolve("Hill"), resolve("Z05000091")
    assert new.codes == ["Z01000001", "Z01000002"]
    assert old.codes == ["Z01000001", "Z01000002", "Z01000003"]
    warned = " ".join(note.text for note in old.notes if note.kind == "warning")
    assert "2019" in warned
    assert "2019" not in " ".join(note.text for note in new.notes)


def test_ward_across_the_line_is_told_and_the_district_is_its_own_lsoas():
    area = resolve("Dale")
    assert area.codes == ["Z01000003", "Z01000004"]
    assert any("Z01000004" in note.text or "B" in note.text.split() for note in area.notes)
    areas = make_areas(("here", "profile"), ("Z07000001", "district"))
    members = build_membership(area, areas, make_register())
    rows = members[(members["area_code"] == "Z07000001") & (members["level"] == "lsoa21")]
    assert rows["small_area_code"].tolist() == ["Z01000001", "Z01000002", "Z01000003"]
    assert rows["population"].sum() == 3000  # its wards have 3,600 people


# --- Perturbation, rounding, counting twice -----------------------------------------------------


def test_share_has_the_total_of_its_own_table(tmp_path):
    """The number of households differs a little from table to table, so none borrows another's."""
    tables = {
        "ts054": pd.DataFrame({"area_code": ["Z01000001"], "rented": [50], "owned": [150]}),
        "ts011": pd.DataFrame({"area_code": ["Z01000001"], "poor": [51], "rich": [153]}),
    }
    one = make_indicator(
        "proportion", "ts054", numerator=("rented",), denominator=("rented", "owned")
    )
    two = make_indicator(
        "proportion", "ts011", id="two", numerator=("poor",), denominator=("poor", "rich")
    )
    members = make_members(("demo", "Z01000001", "lsoa21", 1.0))
    store = write_store(tmp_path, tables)
    table = build_indicators(store, AREAS[:1], members, {"figure": one, "two": two})
    assert find(table, "demo")["denominator"] == 200
    assert find(table, "demo", "two")["denominator"] == 204
    assert find(table, "demo", "two")["value"] == 25


def test_shares_of_the_census_never_have_a_base_from_another_table():
    census = [e for e in CATALOGUE.values() if re.fullmatch(r"ts\d{3}a?|rm\d{3}", e.source)]
    assert len(census) > 30
    assert [entry.id for entry in census if entry.base_source] == []


def test_percentage_is_of_counts_and_never_of_rounded_percentages(tmp_path):
    # 58 of 603 and 1 of 7: 9.6% and 14.3% as published; of both together 9.672...%.
    table = pd.DataFrame(
        {
            "area_code": ["Z01000001", "Z01000002"],
            "fuel_poor": [58, 1],
            "total": [603, 7],
            "percent": [9.6, 14.3],
        }
    )
    members = make_members(*[("demo", code, "lsoa21", 1.0) for code in table["area_code"]])
    store = write_store(tmp_path, {"fuel_poverty": table})
    rows = build_indicators(store, AREAS[:1], members, {"fuel_poverty": CATALOGUE["fuel_poverty"]})
    value = find(rows, "demo", "fuel_poverty")["value"]
    assert value == 100 * 59 / 610
    assert value != pytest.approx((9.6 + 14.3) / 2, abs=0.1)


def test_no_share_reads_a_percentage_or_a_rank():
    for entry in CATALOGUE.values():
        if entry.statistic in ("count", "proportion", "composition", "rate", "ratio", "change"):
            names = " ".join(entry.columns)
            assert not re.search(r"percent|average|proportion|_rank|_decile|_score", names), (
                entry.id
            )


def test_nothing_is_counted_twice_with_its_sub_total():
    for entry in CATALOGUE.values():
        rules = load_sources()[entry.source].sums
        for part in (entry.numerator, entry.denominator, *(g.categories for g in entry.groups)):
            held = set(part)
            for rule in rules:
                assert not (rule.total in held and held & set(rule.parts)), entry.id
        groups = {name for group in entry.groups for name in group.categories}
        for rule in rules:
            assert not (rule.total in groups and groups & set(rule.parts)), entry.id


# --- Ranks and editions ---------------------------------------------------------------------------


def test_no_figure_is_made_of_two_editions():
    ranked = [e for e in CATALOGUE.values() if e.source.startswith("iod")]
    assert not {e.statistic for e in ranked} & {"change", "ratio"}
    for entry in ranked:
        year = entry.source[3:7]
        assert all(base[3:7] == year for base in entry.base_source.values()), entry.id
        assert "rank" not in entry.measure.rpartition("_")[2], entry.id


def test_editions_have_their_own_rows_lsoas_and_period(tmp_path):
    tables = {
        "iod2019": pd.DataFrame(
            {"area_code": ["Z01009001"], "imd_score": [30.0], "imd_rank": [5], "population": [10]}
        ),
        "iod2025": pd.DataFrame(
            {"area_code": ["Z01000001"], "imd_score": [10.0], "imd_rank": [9], "population": [10]}
        ),
    }
    members = make_members(
        ("demo", "Z01009001", "lsoa11", 1.0), ("demo", "Z01000001", "lsoa21", 1.0)
    )
    names = ("imd_2019_average_score", "imd_2025_average_score")
    chosen = {name: CATALOGUE[name] for name in names}
    table = build_indicators(write_store(tmp_path, tables), AREAS[:1], members, chosen)
    assert table["indicator_id"].tolist() == list(names)
    assert table["value"].tolist() == [30.0, 10.0]
    # One row each: no trend could be drawn from one edition to the next.
    assert table.groupby("indicator_id")["period"].nunique().tolist() == [1, 1]
    assert np.isnan(table["lower_95"]).all()
