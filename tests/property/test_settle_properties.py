"""What must hold of every set of records and decisions, however they lie and are named."""

from __future__ import annotations

import pandas as pd
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from cip.assets.decision_table import find_contradictions
from cip.assets.record import make_records
from cip.assets.settle import Settled, settle_records
from cip.catalogue.asset_types import load_asset_types

SOURCES = ["own", "places_schools", "places_polling_stations", "osm_places"]
TYPES = ["school", "community_centre", "polling_station", "charity"]
NAMES = ["Larkfield School", "Larkfield Centre", "Larkfield", "St Olave's", "Hall", None]
few = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
IDS = [None, "urn:1", "urn:2", "osm:n1", "urn:1; osm:n1"]


@st.composite
def tables(draw) -> pd.DataFrame:
    """A few records that lie close together and are named alike, so that much could be one."""
    rows = []
    for number in range(draw(st.integers(1, 9))):
        source = draw(st.sampled_from(SOURCES))
        asset_type = draw(st.sampled_from(TYPES))
        has_point = draw(st.booleans())
        rows.append(
            {
                "asset_id": f"{source}:{number}",
                "name": draw(st.sampled_from(NAMES)),
                "asset_type": asset_type,
                "kind": load_asset_types()[asset_type].kind,
                "source_id": source,
                "shared_id": draw(st.sampled_from(IDS)),
                "postcode": draw(st.sampled_from(["ZZ1 1AA", "ZZ1 1AB"])),
                "x": float(draw(st.integers(0, 12)) * 20) if has_point else None,
                "y": 0.0 if has_point else None,
                "located_by": "given" if has_point else None,
                "opening": draw(st.sampled_from([None, "Mondays", "Tuesdays"])),
            }
        )
    return make_records(pd.DataFrame(rows))


@st.composite
def cases(draw) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Records, and decisions about them that do not contradict one another."""
    records = draw(tables())
    ids = sorted(records["asset_id"])
    rows = {}
    for _ in range(draw(st.integers(0, 5)) if len(ids) > 1 else 0):
        pair = tuple(
            sorted(draw(st.lists(st.sampled_from(ids), min_size=2, max_size=2, unique=True)))
        )
        rows[pair] = draw(st.sampled_from(["same", "different", "unsure"]))
    decisions = pd.DataFrame(
        [(*pair, decision, "2026-05-01") for pair, decision in rows.items()],
        columns=["asset_id_a", "asset_id_b", "decision", "decided_on"],
    )
    assume(not list(find_contradictions(decisions)))
    return records, decisions


@few
@given(cases(), st.randoms())
def test_the_order_of_rows_does_not_matter(case, random):
    records, decisions = case
    order = list(range(len(records)))
    random.shuffle(order)
    first = settle_records(records, decisions)
    second = settle_records(records.iloc[order], decisions.iloc[::-1])
    for name in ("assets", "members"):
        pd.testing.assert_frame_equal(getattr(first, name), getattr(second, name))
    keys = ["asset_id_a", "asset_id_b"]
    pd.testing.assert_frame_equal(
        *(found.pairs.sort_values(keys).reset_index(drop=True) for found in (first, second))
    )


@few
@given(cases())
def test_records_are_joined_and_none_is_lost(case):
    records, decisions = case
    settled = settle_records(records, decisions)
    assert sorted(settled.members["record_id"]) == sorted(records["asset_id"])
    counts = settled.members["asset_id"].value_counts()
    assert settled.assets.set_index("asset_id")["records"].to_dict() == counts.to_dict()
    assert int((settled.assets["records"] - 1).sum()) == len(records) - len(settled.assets)
    assert set(settled.assets["asset_id"]) <= set(records["asset_id"])
    check_decisions_are_kept(settled, decisions)
    check_values(settled, records)


def check_decisions_are_kept(settled: Settled, decisions: pd.DataFrame) -> None:
    asset = settled.members.set_index("record_id")["asset_id"]
    listed = settled.pairs.set_index(["asset_id_a", "asset_id_b"])["decision"]
    for row in decisions.itertuples():
        assert listed[row.asset_id_a, row.asset_id_b] == row.decision
        if row.decision != "unsure":
            is_one = asset[row.asset_id_a] == asset[row.asset_id_b]
            assert is_one == (row.decision == "same")


def check_values(settled: Settled, records: pd.DataFrame) -> None:
    """Every value of an asset is one that its records tell, and is there if one of them tells it."""
    whole = name_assets(settled, records)
    assets = settled.assets.set_index("asset_id")
    for name in ("name", "opening", "postcode", "asset_type"):
        told = whole.groupby("of")[name].agg(lambda cells: set(cells.dropna()))
        for id_, values in told.items():
            found = assets.at[id_, name]
            assert (found in values) if values else pd.isna(found)
    points = {tuple(point) for point in records[["x", "y"]].dropna().to_numpy()}
    assert {tuple(point) for point in assets[["x", "y"]].dropna().to_numpy()} <= points


def name_assets(settled: Settled, records: pd.DataFrame) -> pd.DataFrame:
    """Return the records with the id of their asset as ``of``."""
    of = settled.members[["record_id", "asset_id"]].set_axis(["asset_id", "of"], axis=1)
    return records.merge(of, on="asset_id", validate="1:1")


@few
@given(tables())
def test_no_rule_joins_two_records_of_one_source_or_of_two_kinds(records):
    settled = settle_records(records)
    whole = name_assets(settled, records)
    groups = whole.groupby("of")
    assert (groups["source_id"].nunique() == groups.size()).all()
    assert len(whole[["of", "kind"]].drop_duplicates()) == len(settled.assets)


@few
@given(cases())
def test_settling_again_with_what_came_out_changes_nothing(case):
    """Written down as decisions: what was joined as the same, what is open as not known yet."""
    records, decisions = case
    first = settle_records(records, decisions)
    open_pairs = first.pairs[first.pairs["decision"] == ""].assign(decision="unsure")
    members = first.members.sort_values(["asset_id", "record_id"])
    before = members.groupby("asset_id")["record_id"].shift()
    joined = pd.DataFrame(
        {"asset_id_a": before, "asset_id_b": members["record_id"], "decision": "same"}
    ).dropna()
    names = ["asset_id_a", "asset_id_b", "decision"]
    # What people decided comes last and stands.
    written = pd.concat([joined, open_pairs[names], decisions[names]], ignore_index=True)
    second = settle_records(records, written)
    pd.testing.assert_frame_equal(first.assets, second.assets)
