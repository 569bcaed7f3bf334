"""What is written in the form of Open Referral UK is read as it was."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cip.assets.open_referral import (
    export_services,
    import_services,
    validate_services,
    write_services,
)
from cip.assets.open_referral.schedules import describe_schedules, read_opening
from cip.assets.public_names import find_person_in_name
from cip.assets.record import make_records
from cip.catalogue.asset_types import load_asset_types
from cip.catalogue.building_blocks import load_topics
from cip.catalogue.open_referral import load_open_referral
from cip.inputs import find_person

TODAY = date(2026, 11, 21)
EXPORT = load_open_referral().export
TYPES = [
    name
    for name, entry in load_asset_types().items()
    if (entry.kind == "soft" or name in EXPORT.hard_types) and name not in EXPORT.left_out_types
]
WORDS = st.text(
    st.characters(blacklist_categories=("Cc", "Cs", "Zl", "Zp", "Zs")), min_size=1, max_size=12
)


def _is_public(text: str) -> bool:
    return find_person(text) is None and find_person_in_name(text) is None


TEXTS = st.lists(WORDS, min_size=1, max_size=4).map(" ".join).filter(_is_public)
OPTIONAL = st.none() | TEXTS
POSTCODES = st.none() | st.from_regex(r"ZZ[1-9] [1-9][A-HJ-Z]{2}", fullmatch=True)
POINTS = st.none() | st.tuples(st.floats(250_000, 600_000), st.floats(100_000, 900_000))
DAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]


@st.composite
def list_assets(draw: st.DrawFn) -> pd.DataFrame:
    rows = []
    for number in range(draw(st.integers(1, 4))):
        asset_type = draw(st.sampled_from(TYPES))
        point = draw(POINTS)
        rows.append(
            {
                "asset_id": f"own:{number}",
                "name": draw(TEXTS),
                "asset_type": asset_type,
                "kind": load_asset_types()[asset_type].kind,
                "function": "; ".join(sorted(draw(st.sets(st.sampled_from(list(load_topics())))))),
                "resource": draw(OPTIONAL),
                "address": draw(OPTIONAL),
                "postcode": draw(POSTCODES),
                "x": point[0] if point else None,
                "y": point[1] if point else None,
                "opening": draw(OPTIONAL),
                "cost": draw(st.sampled_from([None, "Free", "£2"])),
                "source_id": "own",
                "last_checked": draw(st.sampled_from([None, "2026-01-31", "2025"])),
            }
        )
    return make_records(pd.DataFrame(rows))


@settings(max_examples=40, deadline=None)
@given(list_assets())
def test_name_place_and_type_come_back(assets):
    page = export_services(
        assets, area_id="a", organisation="Council", town="Town", county="County"
    )
    assert validate_services(page) == []
    with tempfile.TemporaryDirectory() as folder:
        path = write_services(Path(folder) / "services.json", page)
        found, _ = import_services(path, today=TODAY)
    assert len(found) == len(assets)
    keys = ["name", "asset_type", "postcode", "cost"]
    before = assets[[*keys, "x", "y"]].fillna(dict.fromkeys(keys, ""))
    after = found[[*keys, "x", "y"]].fillna(dict.fromkeys(keys, ""))
    order = [*keys, "x", "y"]
    before, after = (t.sort_values(order).reset_index(drop=True) for t in (before, after))
    assert after[keys].equals(before[keys])
    for axis in "xy":
        assert after[axis].tolist() == pytest.approx(before[axis].tolist(), abs=0.05, nan_ok=True)


@st.composite
def list_rules(draw: st.DrawFn) -> dict:
    days = sorted(draw(st.sets(st.sampled_from(DAYS), min_size=1)), key=DAYS.index)
    times = draw(st.sampled_from([{}, {"opens_at": "09:30", "closes_at": "11:00"}]))
    if draw(st.booleans()):
        numbers = draw(st.lists(st.sampled_from(["1", "2", "3", "4", "5", "-1"]), min_size=1))
        return {"freq": "MONTHLY", "byday": ",".join(f"{n}{days[0]}" for n in numbers), **times}
    interval = draw(st.sampled_from([{}, {"interval": 2}]))
    return {"freq": "WEEKLY", **interval, "byday": ",".join(days), **times}


@settings(max_examples=200, deadline=None)
@given(st.lists(list_rules(), min_size=1, max_size=3))
def test_rules_said_in_words_are_the_same_rules_again(rules):
    words = describe_schedules(rules, TODAY)
    again = read_opening(words)
    assert again is not None
    assert describe_schedules(again, TODAY) == words


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60))
def test_any_words_are_taken_for_a_rule_only_if_they_come_back(text):
    rules = read_opening(text)
    assert rules is None or describe_schedules(rules, TODAY) == text


JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            ["id", "name", "status", "schedules", "location", "service_at_locations", "addresses",
             "attributes", "taxonomy_term", "organization", "cost_options", "contents", "byday",
             "latitude", "longitude", "amount", "postal_code", "dtstart", "interval", "url"]
        ),
        inner,
        max_size=4,
    ),
    max_leaves=12,
)  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(
            [
                "schedules",
                "service_at_locations",
                "attributes",
                "organization",
                "url",
                "cost_options",
                "minimum_age",
                "assured_date",
                "description",
                "fees",
            ]
        ),
        JSON,
    )
)
def test_no_content_of_a_service_breaks_the_reader(fields):
    service = {"id": "6f2b1c1e-5a55-5f4e-9c55-1d1df1b7a001", "name": "Tea", "status": "active"}
    page = {"contents": [{**fields, **service}]}
    assert isinstance(validate_services(page), list)
    with tempfile.TemporaryDirectory() as folder:
        path = write_services(Path(folder) / "services.json", page)
        records, _ = import_services(path, today=TODAY)
    assert len(records) >= 1
