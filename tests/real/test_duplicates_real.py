"""The county's real registers and a real piece of OpenStreetMap: each thing once."""

from __future__ import annotations

import io
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

from cip.assets.collect import collect_records
from cip.assets.decisions import plan_decisions, read_decisions, write_review
from cip.assets.duplicates import find_pairs
from cip.assets.settle import settle_records
from cip.store import Store

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def records(real_store) -> pd.DataFrame:
    return collect_records(Store(real_store))


@pytest.fixture(scope="module")
def settled(records):
    return settle_records(records)


def test_every_record_of_the_county_is_in_one_asset(records, settled):
    assert len(records) > 5_000
    assert sorted(settled.members["record_id"]) == sorted(records["asset_id"])
    joined = settled.members[settled.members["joined_by"] != ""]
    assert len(records) - len(settled.assets) >= 15
    # Few enough for a person to look at one by one.
    assert len(settled.pairs) <= 60
    assert set(joined["joined_by"]) <= {
        "shared id",
        "postcode, type and name",
        "similar name within 100 m",
    }


def test_community_centres_are_found_again_among_the_polling_stations(records, settled):
    """Read by eye: 15 of the 23 centres are polling stations too, one under another noun."""
    sources = settled.assets["sources"].str.split("; ").map(set)
    is_both = sources.map(lambda s: {"places_community_centres", "places_polling_stations"} <= s)
    assert is_both.sum() == 14
    assert set(settled.assets.loc[is_both, "asset_type"]) == {"community_centre"}
    ids = settled.pairs[["asset_id_a", "asset_id_b"]].apply(lambda c: c.str.partition(":")[0])
    lists = {"places_community_centres", "places_polling_stations"}
    assert sum(set(pair) == lists for pair in ids.to_numpy().tolist()) == 1


def test_joined_records_are_near_one_another(records, settled):
    asset = settled.members.set_index("record_id")["asset_id"]
    whole = records.assign(of=records["asset_id"].map(asset))
    several = whole[whole["of"].duplicated(keep=False)]
    spread = several.groupby("of")[["x", "y"]].agg(lambda v: v.max() - v.min())
    assert spread.to_numpy().max() < 150
    assert (several.groupby("of")["source_id"].nunique() == several.groupby("of").size()).all()


def read_stop_codes(real_data: Path) -> dict[str, str]:
    """Return the register's id of stops in the extract that carry it as a tag."""
    codes = {}
    path = real_data / "osm" / "oxford_st-giles_2015-02-25.osm"
    for element in ET.parse(io.BytesIO(path.read_bytes())).getroot():
        for tag in element.iter("tag"):
            if tag.get("k") == "naptan:AtcoCode":
                place = f"osm_places:{element.tag[0]}{element.get('id')}"
                codes[place] = f"places_stops:{tag.get('v')}"
    return codes


def test_stops_that_are_joined_without_a_code_are_those_of_one_code(real_data, records):
    """Twenty-one stops of the extract carry the register's code: truth that the rules do not see."""
    codes = read_stop_codes(real_data)
    ids = set(records["asset_id"])
    truth = {a: b for a, b in codes.items() if {a, b} <= ids}
    assert len(truth) >= 20
    pairs = find_pairs(records.assign(shared_id=None))
    found = pairs[pairs["asset_id_a"].isin(truth)]
    is_right = found["asset_id_a"].map(truth) == found["asset_id_b"]
    counts = Counter(zip(found["verdict"], is_right, strict=True))
    assert counts["same", False] == 0
    assert counts["same", True] >= 14
    assert counts["same", True] + counts["ask", True] >= 19


def test_decisions_about_real_pairs_outlive_a_source_that_is_away(tmp_path, records, settled):
    path = tmp_path / "decisions.csv"
    write_review(path, settled.pairs)
    first = settled.pairs.iloc[0]
    row = {
        "asset_id_a": first["asset_id_a"],
        "asset_id_b": first["asset_id_b"],
        "decision": "same",
        "decided_on": "2026-05-01",
    }
    path.write_bytes(plan_decisions(path, [row]).encode("utf-8"))
    decided = settle_records(records, read_decisions(path))
    assert len(decided.assets) == len(settled.assets) - 1
    gone = records["source_id"].isin([str(first[f"asset_id_{s}"]).partition(":")[0] for s in "ab"])
    write_review(path, settle_records(records[~gone], read_decisions(path)).pairs)
    back = settle_records(records, read_decisions(path))
    pd.testing.assert_frame_equal(back.assets, decided.assets)
