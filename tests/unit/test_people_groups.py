"""Characteristics of people: the catalogue, and how many people of each group live in an area."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from pydantic import ValidationError

from cip.catalogue.people_groups import (
    Characteristic,
    GroupMargin,
    load_people_groups,
    name_group,
)
from cip.catalogue.sources import load_sources
from cip.engagement.margins import COLUMNS, build_margins, list_population
from cip.store import Store

from ..support.hand_store import AREA_COLUMNS, MEMBER_COLUMNS, write_store

AREAS = pd.DataFrame([("here", "Here", "profile"), ("Z9", "All", "england")], columns=AREA_COLUMNS)
MEMBERS = pd.DataFrame(
    [
        ("here", "Z01000001", "lsoa21", 1.0),
        ("here", "Z01000002", "lsoa21", 0.5),
        ("Z9", "Z01000003", "lsoa21", 1.0),
        ("here", "Z01000001", "lsoa11", 1.0),
    ],
    columns=MEMBER_COLUMNS,
)
CODES = ["Z01000001", "Z01000002", "Z01000003"]
TENURE = pd.DataFrame(
    {
        "area_code": CODES,
        "area_name": CODES,
        "level": "lsoa",
        "owned_outright": [10, 20, 900],
        "owned_mortgage": [5, 0, 900],
        "shared_ownership": [1, 2, 900],
        "social_rented_council": [30, 8, 900],
        "social_rented_other": [0, 0, 900],
        "private_rented_landlord": [4, 6, 900],
        "private_rented_other": [0, 0, 900],
        "rent_free": [1, 1, 900],
    }
)


def count_ages(period: str, number: int) -> pd.DataFrame:
    """Return mid-year estimates with the same number in each column that a margin reads."""
    margins = [*load_people_groups()["age"].margins, *load_people_groups()["sex"].margins]
    columns = {
        name for m in margins if m.product == "mid_year_population_lsoa21" for name in m.columns
    }
    columns |= set(load_people_groups()["part_of_area"].margins[0].columns)
    base = {"area_code": CODES, "area_name": CODES, "level": "lsoa", "period": period}
    return pd.DataFrame({**base, **dict.fromkeys(sorted(columns), number)})


def build(folder: Path, tables: dict[str, pd.DataFrame], **options) -> pd.DataFrame:
    store = write_store(folder, tables) if tables else Store(folder / "empty")
    return build_margins(store, MEMBERS, AREAS, **options)


def pick(margins: pd.DataFrame, name: str) -> dict[str, float]:
    rows = margins[margins["characteristic"] == name]
    return dict(zip(rows["group"], rows["population"], strict=True))


def test_ids_and_labels_are_told_apart():
    for entry in load_people_groups().values():
        labels = [group.label.casefold() for group in entry.groups]
        assert len(set(labels)) == len(labels)
        for group in entry.groups:
            assert entry.find_group(group.id) == entry.find_group(group.label) == group.id


def test_ages_cover_everyone_from_16_once():
    margin = load_people_groups()["age"].margins[0]
    singles = {f"age_{n}" for n in range(16, 20)}
    assert singles <= set(margin.columns)
    assert not {"age_15", "age_15_19", "age_0_15"} & set(margin.columns)
    bands = [name for name in margin.columns if name.count("_") == 2 and not name.endswith("plus")]
    starts = sorted(int(name.split("_")[1]) for name in bands)
    assert starts == list(range(20, 85, 5))


def test_margins_name_columns_that_their_products_can_have():
    for entry in load_people_groups().values():
        for margin in entry.margins:
            source = load_sources()[margin.product]
            assert source.kind == "counts"
            known = set(source.categories) | {total.total for total in source.sums}
            own = {
                name for name in margin.columns if not name.startswith(("age_", "female_", "male_"))
            }
            assert own <= known, (entry.id, own - known)


def test_a_text_finds_its_group_and_a_slip_the_nearest():
    age = load_people_groups()["age"]
    assert age.find_group(" 75 AND over ") == "75_plus"
    assert age.find_group("seventy") is None
    assert load_people_groups()["ethnic_group"].find_nearest_group("asain") == "asian"
    assert name_group("age", "16_24") == "people aged 16 to 24"
    assert name_group("part_of_area", "Quay") == "people in Quay"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            {"margins": [{"product": "ts054", "base": "b", "categories": {"x": ["total"]}}]},
            "no group x",
        ),
        ({"margins": [{"product": "ts999", "base": "b", "categories": {"a": ["total"]}}]}, "ts999"),
        ({"groups": [{"id": "a", "label": "A", "people": "a"}] * 2}, "occurs twice"),
        ({"is_place": True}, "or else to be a place"),
        ({"note": "no full stop"}, "note"),
    ],
)
def test_a_contradiction_in_the_catalogue_is_refused(change, words):
    good = {
        "id": "c",
        "label": "C",
        "note": "N.",
        "groups": [{"id": "a", "label": "A", "people": "a"}],
    }
    assert Characteristic.model_validate(good).labels == {"a": "A"}
    with pytest.raises(ValidationError, match=words):
        Characteristic.model_validate({**good, **change})


def test_a_range_of_columns_is_written_out():
    margin = GroupMargin(product="ts009", base="b", categories={"a": ("age_9..11", "age_12_plus")})
    assert margin.columns == ("age_9", "age_10", "age_11", "age_12_plus")


def test_households_are_added_up_by_share_of_the_small_area(tmp_path):
    margins = build(tmp_path, {"ts054": TENURE})
    assert list(margins.columns) == COLUMNS
    # 16 of the first area and half of 22 of the second, and so on.
    assert pick(margins, "tenure") == {"owner": 27.0, "social": 34.0, "private": 8.5}
    own = margins[margins["characteristic"] == "tenure"]
    assert set(own["source_id"]) == {"ts054"} and set(own["base_label"]) == {"households"}
    assert set(own["missing_reason"]) == {""}


def test_the_latest_year_counts(tmp_path):
    both = pd.concat([count_ages("2023", 100), count_ages("2024", 2)], ignore_index=True)
    margins = build(tmp_path, {"mid_year_population_lsoa21": both})
    # Five columns make 16 to 24 (four single years, 20 to 24), in one and a half areas.
    assert pick(margins, "age")["16_24"] == 15.0
    assert set(margins.loc[margins["characteristic"] == "age", "period"]) == {"2024"}
    assert pick(margins, "sex")["female"] == 2 * 75 * 1.5


def test_a_group_that_nobody_counts_has_a_reason_and_no_source(tmp_path):
    margins = build(tmp_path, {"mid_year_population_lsoa21": count_ages("2024", 2)})
    row = margins[margins["group"] == "self_described"].iloc[0]
    assert pd.isna(row["population"]) and row["source_id"] == "" and row["missing_reason"]
    left = list_population(margins)
    assert "self_described" not in set(left["category"])
    assert set(left["characteristic"]) == {"age", "sex", "part_of_area"}


def test_an_empty_store_gives_rows_with_reasons_and_never_zero(tmp_path):
    margins = build(tmp_path, {})
    assert margins["population"].isna().all()
    assert margins["missing_reason"].ne("").all()
    tenure = margins[margins["characteristic"] == "tenure"]["missing_reason"]
    assert tenure.str.contains("does not hold").all()


def test_a_missing_cell_or_small_area_leaves_the_whole_characteristic_missing(tmp_path):
    holed = TENURE.astype({"rent_free": "Int64"})
    holed.loc[1, "rent_free"] = pd.NA
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    first = build(tmp_path / "a", {"ts054": holed})
    assert first.loc[first["characteristic"] == "tenure", "population"].isna().all()
    second = build(tmp_path / "b", {"ts054": TENURE.iloc[[0, 2]]})
    reason = second.loc[second["characteristic"] == "tenure", "missing_reason"].iloc[0]
    assert "Z01000002" in reason


def test_the_second_product_stands_in_and_says_so(tmp_path):
    ages = count_ages("2020", 1).drop(columns=[c for c in count_ages("2020", 1) if "male_" in c])
    margins = build(tmp_path, {"mid_year_population_lsoa11": ages})
    # The look-up of 2011 knows one small area of the place.
    assert pick(margins, "age")["16_24"] == 5.0
    assert set(margins.loc[margins["characteristic"] == "age", "source_id"]) == {
        "mid_year_population_lsoa11"
    }


def test_parts_of_the_area_may_be_named(tmp_path):
    tables = {"mid_year_population_lsoa21": count_ages("2024", 2)}
    named = build(tmp_path, tables, parts={"Quay": ["Z01000001", "Z01000002"]})
    alone = build(tmp_path, tables, names={"Z01000001": "Lower Quay"})
    each = 2 * len(load_people_groups()["part_of_area"].margins[0].columns)
    assert pick(named, "part_of_area") == {"Quay": 1.5 * each}
    assert pick(alone, "part_of_area") == {"Z01000001": each, "Z01000002": 0.5 * each}
    labels = alone.loc[alone["characteristic"] == "part_of_area", "group_label"]
    assert labels.tolist() == ["Lower Quay", "Z01000002"]


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({"a": ["Z01000001"], "b": ["Z01000001"]}, "two parts"),
        ({"a": ["Z01000003"]}, "Not an LSOA of the area"),
    ],
)
def test_parts_that_contradict_the_area_are_refused(tmp_path, parts, words):
    with pytest.raises(ValueError, match=words):
        build(tmp_path, {}, parts=parts)


def test_one_area_must_be_the_profile(tmp_path):
    with pytest.raises(ValueError, match="role 'profile'"):
        build_margins(Store(tmp_path), MEMBERS, AREAS.assign(area_role="district"))
