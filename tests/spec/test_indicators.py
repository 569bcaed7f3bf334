"""The catalogue of indicators, and the engine on a hand-made store with answers worked by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from cip.catalogue.indicators import (
    Indicator,
    load_deprivation_indices,
    load_indicators,
    load_sections,
    parse_catalogue,
)
from cip.catalogue.sources import load_sources
from cip.deprivation import EDITION_LEVELS, rank_small_areas, tidy_ranks
from cip.errors import SourceError
from cip.indicators import COLUMNS, build_indicators, missing_sources
from cip.products import find_small_area_level
from cip.statistics import wilson_interval
from cip.store import Manifest, ManifestEntry, Store, hash_file
from cip.tables import check_table

TENURES = [
    "owned_outright",
    "owned_mortgage",
    "shared_ownership",
    "social_rented_council",
    "social_rented_other",
    "private_rented_landlord",
    "private_rented_other",
    "rent_free",
]
CATALOGUE = load_indicators()


# --- The hand-made store -----------------------------------------------------------------------
# A country of six LSOAs (2021). The profile area is the first two, its district the first four.
# In LSOAs of 2011 the profile is the first one whole and four tenths of the second.


def write_store(root: Path, tables: dict[str, pd.DataFrame]) -> Store:
    entries = {}
    for name, table in tables.items():
        path = root / f"{name}.parquet"
        table.to_parquet(path, index=False)
        source = load_sources()[name]
        entries[name] = ManifestEntry(
            product_id=name,
            kind=source.kind,
            title=source.title,
            publisher=source.publisher,
            geography=source.geography,
            period=source.period,
            licence=source.licence,
            attribution=source.attribution,
            rows=len(table),
            sha256=hash_file(path),
            fetched_at="2026-01-01T00:00:00Z",
        )
    manifest = Manifest(is_synthetic=True, products=entries)
    (root / "manifest.json").write_text(manifest.model_dump_json(), encoding="utf-8")
    return Store(root)


def make_tenure(country: bool = True) -> pd.DataFrame:
    rows = [
        # code, then the eight tenures in order
        ("Z01000001", 10, 10, 0, 30, 10, 30, 10, 0),
        ("Z01000002", 40, 30, 10, 5, 5, 10, 0, 0),
        ("Z01000003", 50, 30, 0, 5, 5, 10, 0, 0),
        ("Z01000004", 50, 40, 0, 0, 0, 10, 0, 0),
        ("Z01000005", 50, 40, 0, 0, 0, 10, 0, 0),
        ("Z01000006", 50, 40, 0, 0, 0, 10, 0, 0),
    ]
    if country:
        # The published total is not the sum of the parts: every table is altered a little.
        rows.append(("Z92000001", 251, 190, 10, 40, 20, 80, 10, 0))
    table = pd.DataFrame(rows, columns=["area_code", *TENURES])
    table["total"] = table[TENURES].sum(axis=1)
    table["level"] = table["area_code"].map(lambda code: "lsoa" if code[1:3] == "01" else "country")
    return table.assign(area_name=pd.NA).astype(dict.fromkeys([*TENURES, "total"], "Int64"))


def make_iod2025() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "area_code": [f"Z0100000{number}" for number in range(1, 7)],
            "area_name": [f"Place 00{number}A" for number in range(1, 7)],
            "imd_score": [40.0, 20.0, 10.0, 5.0, 4.0, 3.0],
            "imd_rank": [1, 2, 3, 4, 5, 6],
            "imd_decile": [1, 2, 4, 6, 8, 10],
            "population": [100, 300, 200, 200, 100, 100],
        }
    )


def make_iod2019() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "area_code": ["Z01009001", "Z01009002"],
            "area_name": ["Place 001A", "Place 001B"],
            "imd_score": [30.0, 10.0],
            "imd_rank": [1, 2],
            "imd_decile": [1, 6],
            "population": [120, 200],
        }
    )


def make_membership() -> pd.DataFrame:
    new = [("demo", f"Z0100000{n}", "lsoa21", 1.0) for n in (1, 2)]
    new += [("Z07000001", f"Z0100000{n}", "lsoa21", 1.0) for n in (1, 2, 3, 4)]
    old = [("demo", "Z01009001", "lsoa11", 1.0), ("demo", "Z01009002", "lsoa11", 0.4)]
    table = pd.DataFrame(new + old, columns=["area_code", "small_area_code", "level", "share"])
    return table.assign(population=100)


AREAS = pd.DataFrame(
    [
        ("demo", "Demo", "profile"),
        ("Z07000001", "District", "district"),
        ("Z92000001", "England", "england"),
    ],
    columns=["area_code", "area_name", "area_role"],
)


def pick(*names: str) -> dict[str, Indicator]:
    return {name: CATALOGUE[name] for name in names}


@pytest.fixture
def store(tmp_path):
    tables = {"ts054": make_tenure(), "iod2025": make_iod2025(), "iod2019": make_iod2019()}
    return write_store(tmp_path, tables)


def find(table: pd.DataFrame, indicator: str, area: str, group: str = "") -> pd.Series:
    rows = table[
        (table["indicator_id"] == indicator)
        & (table["area_code"] == area)
        & (table["group"] == group)
    ]
    assert len(rows) == 1
    return rows.iloc[0]


# --- The engine --------------------------------------------------------------------------------

EXPECTED = [
    # indicator, group, area, numerator, denominator, value
    ("social_rented", "", "demo", 50, 200, 25.0),
    ("social_rented", "", "Z07000001", 60, 400, 15.0),
    ("social_rented", "", "Z92000001", 60, 601, 100 * 60 / 601),
    ("private_rented", "", "demo", 50, 200, 25.0),
    ("tenure", "owned_outright", "demo", 50, 200, 25.0),
    ("tenure", "rent_free", "demo", 0, 200, 0.0),
    ("tenure", "shared_ownership", "Z07000001", 10, 400, 2.5),
    ("imd_2025_most_deprived_10_people", "", "demo", 100, 400, 25.0),
    ("imd_2025_most_deprived_20_people", "", "demo", 400, 400, 100.0),
    ("imd_2025_most_deprived_20_areas", "", "Z07000001", 2, 4, 50.0),
    ("imd_2025_most_deprived_20_areas", "", "Z92000001", 2, 6, 100 / 3),
    ("imd_2025_decile_people", "decile_10", "Z92000001", 100, 1000, 10.0),
    # Four tenths of 200 people belong, but the LSOA still counts as one of two.
    ("imd_2019_decile_people", "decile_6", "demo", 80, 200, 40.0),
    ("imd_2019_decile_areas", "decile_6", "demo", 1, 2, 50.0),
]


@pytest.mark.parametrize(
    ("indicator", "group", "area", "numerator", "denominator", "value"), EXPECTED
)
def test_values_worked_by_hand(store, indicator, group, area, numerator, denominator, value):
    table = build_indicators(store, AREAS, make_membership(), pick(indicator))
    row = find(table, indicator, area, group)
    assert row["numerator"] == pytest.approx(numerator)
    assert row["denominator"] == pytest.approx(denominator)
    assert row["value"] == pytest.approx(value)


def test_mean_score_is_weighted_by_people_and_has_no_interval(store):
    chosen = pick("imd_2025_average_score", "imd_2019_average_score")
    table = build_indicators(store, AREAS, make_membership(), chosen)
    row = find(table, "imd_2025_average_score", "demo")
    assert row["value"] == pytest.approx((40 * 100 + 20 * 300) / 400)
    assert row["denominator"] == 400
    assert pd.isna(row["numerator"])
    assert pd.isna(row["lower_95"])
    assert pd.isna(row["upper_95"])
    old = find(table, "imd_2019_average_score", "demo")
    assert old["value"] == pytest.approx((30 * 120 + 10 * 80) / 200)


def test_interval_is_wilsons_on_the_summed_counts(store):
    table = build_indicators(store, AREAS, make_membership(), pick("social_rented"))
    row = find(table, "social_rented", "demo")
    lower, upper = wilson_interval(50, 200)
    assert row["lower_95"] == pytest.approx(100 * lower)
    assert row["upper_95"] == pytest.approx(100 * upper)


def test_profile_is_compared_with_the_value_of_each_comparator(store):
    table = build_indicators(store, AREAS, make_membership(), pick("social_rented", "owned"))
    method = "95% interval of the area against the comparator's value"
    for area, word in (("demo", ""), ("Z07000001", "higher"), ("Z92000001", "higher")):
        row = find(table, "social_rented", area)
        assert row["comparison"] == word
        assert row["comparison_method"] == (method if word else "")
    assert find(table, "owned", "Z92000001")["comparison"] == "lower"


def test_overlap_of_two_intervals_does_not_make_areas_similar(tmp_path):
    tenure = make_tenure()
    # Twelve owners of the district's other LSOAs become council tenants: 72 of 400 in all.
    tenure.loc[2:3, ["owned_outright", "social_rented_council"]] = [[44, 11], [44, 6]]
    store = write_store(tmp_path, {"ts054": tenure})
    table = build_indicators(store, AREAS, make_membership(), pick("social_rented"))
    here, district = (find(table, "social_rented", code) for code in ("demo", "Z07000001"))
    assert district["value"] < here["lower_95"] < district["upper_95"]
    assert district["comparison"] == "higher"


def test_what_has_no_interval_is_not_compared_and_says_why(store):
    table = build_indicators(store, AREAS, make_membership(), pick("imd_2025_average_score"))
    row = find(table, "imd_2025_average_score", "Z92000001")
    assert row["comparison"] == "not compared"
    assert "no interval" in row["missing_reason"]
    assert row["comparison_method"] == ""


def test_groups_of_a_composition_add_up_to_all(store):
    chosen = pick("tenure", "imd_2025_decile_people", "imd_2025_decile_areas")
    table = build_indicators(store, AREAS, make_membership(), chosen)
    sums = table.groupby(["indicator_id", "area_code"])["value"].sum()
    assert len(sums) == 9
    assert sums.to_list() == pytest.approx([100.0] * 9)


def test_table_has_the_contract_and_the_order_of_the_catalogue(store):
    table = build_indicators(store, AREAS, make_membership())
    assert table.columns.tolist() == COLUMNS
    check_table("indicators", table)
    check_table("missing_indicators", missing_sources(store, AREAS, make_membership()))
    order = list(dict.fromkeys(table["indicator_id"]))
    assert order == [name for name in CATALOGUE if name in set(order)]
    assert not table["is_suppressed"].any()
    assert set(table["period"]) == {
        load_sources()[name].period for name in ("ts054", "iod2025", "iod2019")
    }


# --- England -----------------------------------------------------------------------------------


def test_england_is_summed_from_all_small_areas_without_a_published_row(tmp_path):
    tables = {"ts054": make_tenure(country=False), "iod2025": make_iod2025()}
    store = write_store(tmp_path, tables)
    table = build_indicators(store, AREAS, make_membership(), pick("social_rented"))
    row = find(table, "social_rented", "Z92000001")
    assert (row["numerator"], row["denominator"]) == (60, 600)


@pytest.mark.parametrize("is_table_short", [True, False])
def test_england_is_missing_where_its_small_areas_are_not_all_there(tmp_path, is_table_short):
    tenure = make_tenure(country=False)
    iod = make_iod2025()
    if is_table_short:
        tenure = tenure[tenure["area_code"] != "Z01000006"]
    else:
        iod = iod[iod["area_code"] != "Z01000005"]  # so the list of small areas is not known
    store = write_store(tmp_path, {"ts054": tenure, "iod2025": iod})
    table = build_indicators(
        store, AREAS, make_membership(), pick("social_rented", "imd_2025_decile_people")
    )
    row = find(table, "social_rented", "Z92000001")
    assert pd.isna(row["value"])
    assert "England" in row["missing_reason"]
    assert row["comparison"] == "not compared"
    assert find(table, "social_rented", "demo")["value"] == 25
    share = find(table, "imd_2025_decile_people", "Z92000001", "decile_1")["value"]
    assert pd.isna(share) is not is_table_short


# --- What is missing ---------------------------------------------------------------------------


def test_missing_member_makes_the_area_missing_with_the_reason(tmp_path):
    tenure = make_tenure()
    store = write_store(tmp_path, {"ts054": tenure[tenure["area_code"] != "Z01000003"]})
    table = build_indicators(store, AREAS, make_membership(), pick("social_rented"))
    row = find(table, "social_rented", "Z07000001")
    assert pd.isna(row["value"])
    assert pd.isna(row["numerator"])
    assert row["missing_reason"] == "1 of 4 small areas is not in the table: Z01000003."
    assert find(table, "social_rented", "demo")["value"] == 25


def test_missing_cell_makes_only_what_needs_it_missing(tmp_path):
    tenure = make_tenure()
    tenure.loc[0, "shared_ownership"] = pd.NA
    store = write_store(tmp_path, {"ts054": tenure})
    one = pick("social_rented")["social_rented"]
    narrow = one.model_copy(update={"id": "narrow", "denominator": (*TENURES[3:5], "rent_free")})
    table = build_indicators(store, AREAS, make_membership(), {"narrow": narrow, one.id: one})
    assert find(table, "narrow", "demo")["value"] == 100
    row = find(table, "social_rented", "demo")
    assert pd.isna(row["value"])
    assert row["missing_reason"] != ""
    assert "profile" in find(table, "social_rented", "Z92000001")["missing_reason"]


def test_nobody_in_the_base_is_missing_and_not_zero(tmp_path):
    tenure = make_tenure()
    tenure.loc[:1, TENURES] = 0
    store = write_store(tmp_path, {"ts054": tenure})
    row = find(
        build_indicators(store, AREAS, make_membership(), pick("social_rented")),
        "social_rented",
        "demo",
    )
    assert pd.isna(row["value"])
    assert row["missing_reason"] == "There is nobody in the base."


def test_base_below_the_minimum_is_suppressed(store):
    strict = CATALOGUE["social_rented"].model_copy(update={"minimum_base": 201})
    table = build_indicators(store, AREAS, make_membership(), {strict.id: strict})
    row = find(table, "social_rented", "demo")
    assert row["is_suppressed"]
    assert row[["value", "lower_95", "numerator", "denominator"]].isna().all()
    assert row["missing_reason"] == "The base is too small to show."
    assert not find(table, "social_rented", "Z07000001")["is_suppressed"]


def test_what_cannot_be_made_is_listed_with_the_reason(store):
    members = make_membership()
    listed = missing_sources(store, AREAS, members).set_index("indicator_id")
    made = set(build_indicators(store, AREAS, members)["indicator_id"])
    assert made | set(listed.index) == set(CATALOGUE)
    assert not made & set(listed.index)
    assert "does not hold" in listed.loc["bad_health", "reason"]
    assert listed.loc["bad_health", "source_id"] == "ts037"
    assert "idaci_decile" in listed.loc["idaci_2025_decile_people", "reason"]


@pytest.mark.parametrize(
    ("codes", "reason"), [([], "LSOAs of 2021"), (["Z01000077"], "leaves out this area")]
)
def test_area_that_a_table_does_not_know_is_listed(store, codes, reason):
    members = make_membership()
    is_new = (members["area_code"] == "demo") & (members["level"] == "lsoa21")
    other = pd.DataFrame(
        [("demo", code, "lsoa21", 1.0, 1) for code in codes], columns=members.columns
    )
    members = pd.concat([members[~is_new], other], ignore_index=True)
    listed = missing_sources(store, AREAS, members, pick("tenure"))
    assert reason in listed["reason"].iloc[0]
    assert build_indicators(store, AREAS, members, pick("tenure")).empty


def test_comparator_unknown_in_lsoas_of_2011_is_missing(store):
    table = build_indicators(store, AREAS, make_membership(), pick("imd_2019_average_score"))
    row = find(table, "imd_2019_average_score", "Z07000001")
    assert pd.isna(row["value"])
    assert "not known" in row["missing_reason"]


def test_one_profile_area_is_required(store):
    with pytest.raises(ValueError, match="'profile'"):
        build_indicators(store, AREAS[1:], make_membership())


# --- Ranks of small areas ----------------------------------------------------------------------


def test_ranks_of_the_lsoas_of_the_profile_area(store):
    ranks = rank_small_areas(store, make_membership(), 2025)
    assert ranks["small_area_code"].tolist() == ["Z01000001", "Z01000002"]
    assert ranks["imd_rank"].tolist() == [1, 2]
    assert ranks["areas_ranked"].tolist() == [6, 6]
    assert ranks["income_rank"].isna().all()
    old = rank_small_areas(store, make_membership(), "2019")
    assert old["share"].tolist() == [1.0, 0.4]


def test_number_ranked_is_missing_when_the_store_holds_a_part(tmp_path):
    store = write_store(tmp_path, {"iod2025": make_iod2025().drop(index=4)})
    ranks = rank_small_areas(store, make_membership(), 2025, area_code="Z07000001")
    assert len(ranks) == 4
    assert ranks["areas_ranked"].isna().all()


def test_tidy_ranks_follow_the_contract_and_leave_out_what_is_absent(store):
    tidy = tidy_ranks(rank_small_areas(store, make_membership(), 2025))
    check_table("deprivation_ranks", tidy)
    assert tidy["domain"].unique().tolist() == ["imd"]
    assert len(tidy) == 2


def test_unknown_edition_or_area_is_refused(store):
    with pytest.raises(SourceError, match="2010"):
        rank_small_areas(store, make_membership(), 2010)
    with pytest.raises(SourceError, match="LSOAs of 2011"):
        rank_small_areas(store, make_membership(), 2019, area_code="Z07000001")


# --- The catalogue -----------------------------------------------------------------------------


#: A table of measures may hold counts of homes or people beside them.
KINDS = {"published": ("values",), "weighted_mean": ("measures",)}
KINDS |= {"decile_people": ("measures",), "decile_areas": ("measures",)}


@pytest.mark.parametrize("entry", CATALOGUE.values(), ids=CATALOGUE)
def test_indicator_reads_only_what_its_source_declares(entry):
    source = load_sources()[entry.source]
    assert source.kind in KINDS.get(entry.statistic, ("counts", "measures"))
    own = [name for name in entry.columns if not name.startswith("base:")]
    assert set(own) <= {*source.columns, *source.categories}
    assert own or entry.statistic == "published"
    borrowed = {name.removeprefix("base:") for name in entry.columns if name.startswith("base:")}
    assert bool(borrowed) == bool(entry.base_source)
    for base in entry.base_source.values():
        held = load_sources()[base]
        assert borrowed <= {*held.columns, *held.categories}, base


#: Words by which a caveat says why a share has no interval.
UNSAMPLED = ("Modelled", "no interval", "without an interval")


def expand(source: str, categories: tuple[str, ...]) -> set[str]:
    """Return the categories with every part that adds up to one of them."""
    found = set(categories)
    if found == {"total"}:
        return found | set(load_sources()[source].categories)
    for rule in reversed(load_sources()[source].sums):
        if rule.total in found:
            found |= set(rule.parts)
    return found


@pytest.mark.parametrize("entry", CATALOGUE.values(), ids=CATALOGUE)
def test_indicator_can_be_explained(entry):
    assert entry.section in load_sections()
    assert entry.caveat
    assert entry.base_label[0].islower() or entry.base_label.startswith("LSOA")
    if entry.statistic == "proportion":
        if not entry.base_source and load_sources()[entry.source].kind == "counts":
            whole = expand(entry.source, entry.denominator)
            assert expand(entry.source, entry.numerator) < whole
        assert entry.interval == "wilson" or any(words in entry.caveat for words in UNSAMPLED)
    if entry.source.startswith("ts") or entry.source == "age6":
        assert entry.minimum_base == 0, "Census counts are protected by their publisher."


def test_the_catalogue_is_as_wide_as_a_profile():
    families = [f"_{edition}_" for edition in EDITION_LEVELS]
    single = [e for e in CATALOGUE.values() if not any(name in e.id for name in families)]
    assert len(single) >= 70
    assert {entry.section for entry in single} == set(load_sections())


def test_group_labels_are_told_apart():
    for entry in CATALOGUE.values():
        labels = [group.label for group in entry.groups]
        assert len(labels) == len(set(labels)), entry.id


def test_who_people_are_is_never_good_or_bad():
    neutral = {"ts003", "ts007a", "ts009", "ts021", "ts030", "ts038", "ts039", "ts054", "age6"}
    found = {e.polarity for e in CATALOGUE.values() if e.source in neutral}
    assert found == {"none"}


def test_every_edition_has_every_kind_of_every_index():
    for edition, level in EDITION_LEVELS.items():
        assert find_small_area_level(f"iod{edition}") == level
        names = [name for name in CATALOGUE if f"_{edition}_" in name]
        # Seven kinds of ten indices, and two of each of the six sub-domains.
        assert len(names) == 7 * len(load_deprivation_indices()) + 2 * 6 == 82
        assert all(f"LSOAs (20{level[-2:]})" in CATALOGUE[name].definition for name in names)


def test_no_indicator_subtracts_one_edition_from_another():
    for entry in CATALOGUE.values():
        assert ("2019" in entry.label) + ("2025" in entry.label) < 2


SECTION = '[sections.housing]\ntitle = "Housing"\nquestion = "What homes?"\n'


def entry_text(**changes) -> str:
    fields = {
        "section": "housing",
        "label": "Flats",
        "question": "How many flats?",
        "definition": "Flats as a share.",
        "statistic": "proportion",
        "source": "ts044",
        "numerator": ["flats"],
        "denominator": ["flats", "houses"],
        "unit": "%",
        "base_label": "households",
        "phrase": "live in a flat",
        "polarity": "none",
        "standardisation": "crude",
        "interval": "wilson",
        "decimals": 1,
        "caveat": "None known.",
    } | changes
    lines = [f"{key} = {json.dumps(value)}" for key, value in fields.items() if value is not None]
    return "\n".join(["[indicators.flats]", *lines]) + "\n"


def test_good_entry_is_read():
    _, found = parse_catalogue(SECTION + entry_text())
    assert found["flats"].columns == ("flats", "houses")


BROKEN = [
    ({"polarty": "none"}, "polarty", "polarity"),
    ({"section": "housin"}, "no such section", "housing"),
    ({"question": "How many flats"}, "question", None),
    ({"denominator": None}, "needs a denominator", None),
    ({"phrase": None}, "needs a phrase", None),
    ({"statistic": "weighted_mean"}, "cannot have a Wilson interval", None),
    ({"statistic": "composition", "group_noun": "kind"}, "needs groups", None),
    ({"decimals": 9}, "decimals", None),
]


@pytest.mark.parametrize(("changes", "words", "nearest"), BROKEN)
def test_bad_entry_is_refused_with_its_place(changes, words, nearest):
    with pytest.raises(SourceError) as error:
        parse_catalogue(SECTION + entry_text(**changes), file="indicators.toml")
    problems = [p for p in error.value.problems if words in str(p)]
    assert problems
    assert problems[0].line == 4
    assert str(problems[0].file) == "indicators.toml"
    if nearest:
        assert problems[0].nearest == nearest


def test_all_problems_come_at_once():
    text = SECTION + entry_text(decimals=9, unit="") + entry_text().replace(".flats]", ".more]")
    text += "[sectoins]\nx = 1\n"
    with pytest.raises(SourceError) as error:
        parse_catalogue(text)
    found = " ".join(str(problem) for problem in error.value.problems)
    assert "decimals" in found
    assert "unit" in found
    assert "'sections'" in found


def test_shared_label_is_refused():
    text = SECTION + entry_text() + entry_text().replace(".flats]", ".more]")
    with pytest.raises(SourceError, match="has this label"):
        parse_catalogue(text)


def test_text_that_is_not_toml_is_refused():
    with pytest.raises(SourceError, match="not valid TOML"):
        parse_catalogue("[indicators")


def test_unknown_word_in_a_family_is_refused():
    text = """
[[indices_of_deprivation.editions]]
edition = "2019"
product = "iod2019"
lsoa = "2011"
[[indices_of_deprivation.indices]]
index = "imd"
index_name = "Index"
short_name = "Index"
weight = "population"
people = "residents"
meaning = "All"
score_decimals = 1
is_headline = true
[indices_of_deprivation.kinds.score]
label = "Score {year}"
"""
    with pytest.raises(SourceError, match="year"):
        parse_catalogue(text)
