"""Records made into assets: whose value is taken, what is put together, what is left to a person."""

from __future__ import annotations

import pandas as pd
import pytest

from cip.assets.decisions import apply_decisions
from cip.assets.record import RECORD
from cip.assets.settle import BY_HAND, settle_records
from cip.errors import ParameterError
from cip.schemas.assets import ASSETS

from ..support.asset_records import make_table, tell

OWN = tell("own:hall", "Asher Hall", "community_centre", x=10.0, opening="Mondays")
REGISTER = tell(
    "places_community_centres:7",
    "ASHER HALL",
    "community_centre",
    postcode="ZZ1 1AA",
    x=30.0,
    address="1 Mill Lane",
    last_checked="2018",
    licence="Open Government Licence v3.0",
)
MAPPED = tell(
    "osm_places:w5",
    "The Asher Hall",
    "community_centre",
    x=20.0,
    opening="Mo-Fr",
    last_checked="2025-03-01",
    licence="Open Database Licence 1.0",
)


def decide(*rows: tuple[str, str, str]) -> pd.DataFrame:
    names = ["asset_id_a", "asset_id_b", "decision"]
    return pd.DataFrame(rows, columns=names).assign(decided_on="2026-05-01")


def group(settled) -> set[frozenset[str]]:
    members = settled.members.groupby("asset_id")["record_id"].agg(frozenset)
    return set(members)


def test_three_sources_of_one_hall_make_one_asset():
    settled = settle_records(make_table(OWN, REGISTER, MAPPED))
    asset = settled.assets.iloc[0]
    assert len(settled.assets) == 1
    assert asset["asset_id"] == "places_community_centres:7"
    assert asset["name"] == "Asher Hall"
    assert asset["source_id"] == "own"
    assert asset["sources"] == "own; places_community_centres; osm_places"
    assert asset["records"] == 3
    assert (asset["opening"], asset["address"], asset["postcode"], asset["x"]) == (
        "Mondays",
        "1 Mill Lane",
        "ZZ1 1AA",
        10.0,
    )
    assert asset["licence"] == "Open Government Licence v3.0; Open Database Licence 1.0"
    assert asset["last_checked"] == "2025-03-01"
    assert set(settled.members["joined_by"]) == {"similar name within 100 m"}


def test_columns_are_those_of_a_record_with_sources_and_records():
    settled = settle_records(make_table(OWN))
    assert list(settled.assets) == [*RECORD, "sources", "records"]
    assert settled.assets[["sources", "records"]].to_numpy().tolist() == [["own", 1]]
    assert list(settled.pairs) == list(ASSETS["asset_pairs"].columns)
    assert settled.members["joined_by"].tolist() == [""]


def test_assets_can_be_settled_again():
    once = settle_records(make_table(OWN, REGISTER, MAPPED)).assets
    later = tell("osm_places:n6", "Asher Hall", "community_centre", x=10.0)
    table = pd.concat([once, make_table(later)], ignore_index=True)
    table["sources"] = table["sources"].fillna(table["source_id"])
    table["records"] = table["records"].fillna(1)
    pd.testing.assert_frame_equal(once, settle_records(once).assets)
    # A second record of OpenStreetMap is not joined to what has one of it already.
    assert settle_records(table).assets["records"].tolist() == [1, 3]


def test_nothing_makes_nothing():
    settled = settle_records(make_table(OWN).iloc[:0])
    assert settled.assets.empty
    assert settled.pairs.empty
    assert settled.members.empty


def test_trust_then_confidence_then_the_newest_check():
    first = tell("places_a:1", "Asher Hall", "community_centre", x=0.0, cost="1")
    second = tell("places_b:1", "Asher Hall", "community_centre", x=0.0, cost="2")

    def take(**columns) -> str:
        return settle_records(make_table(first, second | columns)).assets["cost"].iloc[0]

    assert take() == "1"
    assert take(last_checked="2024") == "2"
    assert take(confidence="high") == "2"
    assert take(source_id="open_referral", asset_id="open_referral:1") == "2"


def test_a_given_point_goes_before_a_postcodes_and_is_taken_whole():
    rough = REGISTER | {"x": 0.0, "y": 100_040.0, "located_by": "postcode"}
    asset = settle_records(make_table(rough, MAPPED)).assets.iloc[0]
    assert (asset["x"], asset["y"], asset["located_by"]) == (20.0, 100_000.0, "given")
    assert asset["asset_id"] == "places_community_centres:7"


def test_a_polling_station_takes_the_type_of_its_hall():
    poll = tell(
        "places_polling_stations:1",
        "Asher Hall",
        "polling_station",
        x=15.0,
        function="power_and_discrimination",
    )
    hall = REGISTER | {"function": "family_friends_and_communities", "last_checked": "2001"}
    asset = settle_records(make_table(poll | {"last_checked": "2026"}, hall)).assets.iloc[0]
    assert asset["asset_type"] == "community_centre"
    assert asset["asset_id"] == "places_community_centres:7"
    assert asset["function"] == "family_friends_and_communities; power_and_discrimination"


def test_what_a_record_says_of_itself_goes_before_what_its_type_says():
    from cip.catalogue.asset_types import load_asset_types

    default = load_asset_types()["community_centre"].resource
    ours = OWN | {"resource": default}
    theirs = MAPPED | {"resource": "A stage and a kitchen"}
    assert settle_records(make_table(ours, theirs)).assets["resource"].tolist() == [
        "A stage and a kitchen"
    ]
    assert settle_records(make_table(ours, MAPPED)).assets["resource"].tolist() == [default]


def test_shared_ids_are_united():
    assets = settle_records(
        make_table(OWN | {"shared_id": "osm:w5; fsa:1"}, MAPPED | {"shared_id": "osm:w5"})
    ).assets
    assert assets["shared_id"].tolist() == ["osm:w5; fsa:1"]


def test_the_id_stays_when_other_sources_come_and_go():
    whole = settle_records(make_table(OWN, REGISTER, MAPPED)).assets["asset_id"]
    for left in ([REGISTER, MAPPED], [OWN, REGISTER], [REGISTER]):
        assert settle_records(make_table(*left)).assets["asset_id"].tolist() == whole.tolist()


# ---- What is not joined


def test_two_records_of_one_source_are_never_chained_into_one():
    first = tell("places_schools:1", "Larkfield School", x=0.0, shared_id="osm:n1")
    second = tell("places_schools:2", "Larkfield School", x=60.0, shared_id="osm:n1")
    between = tell("osm_places:n1", "Larkfield School", x=30.0, shared_id="osm:n1")
    settled = settle_records(make_table(first, second, between))
    assert len(settled.assets) == 2
    assert settled.pairs["decision"].tolist() == [""]
    assert "places_schools" in settled.pairs["asset_id_b"].iloc[0]


def test_a_school_and_a_centre_are_not_joined_by_a_polling_station():
    poll = tell("places_polling_stations:1", "Larkfield", "polling_station", x=0.0)
    school = tell("places_schools:1", "Larkfield", "school", x=10.0)
    church = tell("osm_places:w1", "Larkfield", "place_of_worship", x=20.0)
    settled = settle_records(make_table(poll, school, church))
    assert group(settled) == {
        frozenset({"places_polling_stations:1", "places_schools:1"}),
        frozenset({"osm_places:w1"}),
    }
    assert len(settled.pairs) == 1


def test_one_question_for_two_assets_however_many_pairs_there_are():
    twin = tell("osm_places:n9", "Asher Hall", "arts_venue", x=12.0)
    settled = settle_records(make_table(OWN, REGISTER, twin))
    assert len(settled.assets) == 2
    assert len(settled.pairs) == 1
    row = settled.pairs.iloc[0]
    decided = decide((row["asset_id_a"], row["asset_id_b"], "different"))
    after = settle_records(make_table(OWN, REGISTER, twin), decided)
    assert after.pairs["decision"].tolist() == ["different"]
    assert len(after.assets) == 2


# ---- Decisions


def test_a_decision_joins_what_no_rule_would():
    other = tell("places_schools:1", "Quite Another Name", "school", x=9_000.0)
    settled = settle_records(
        make_table(OWN, other), decide(("places_schools:1", "own:hall", "same"))
    )
    assert len(settled.assets) == 1
    assert settled.pairs["reason"].tolist() == [BY_HAND]
    assert settled.pairs["distance_m"].tolist() == [8990.0]
    assert settled.pairs["decision"].tolist() == ["same"]
    assert settled.members["joined_by"].tolist() == [BY_HAND, BY_HAND]


def test_a_decision_joins_two_records_of_one_source():
    records = make_table(OWN, tell("own:hall-2", "Asher Hall", "community_centre"))
    assert len(settle_records(records).assets) == 2
    assert len(settle_records(records, decide(("own:hall", "own:hall-2", "same"))).assets) == 1


@pytest.mark.parametrize("decision", ["different", "unsure"])
def test_a_decision_keeps_apart_what_the_rules_would_join(decision):
    pair = ("osm_places:w5", "own:hall", decision)
    settled = settle_records(make_table(OWN, MAPPED), decide(pair))
    assert len(settled.assets) == 2
    assert settled.pairs["decision"].tolist() == [decision]
    assert settled.pairs["decided_on"].tolist() == ["2026-05-01"]


def test_what_is_kept_apart_is_not_joined_through_a_third():
    pair = ("osm_places:w5", "own:hall", "different")
    settled = settle_records(make_table(OWN, REGISTER, MAPPED), decide(pair))
    members = settled.members.set_index("record_id")["asset_id"]
    assert members["osm_places:w5"] != members["own:hall"]
    assert len(settled.assets) == 2


def test_contradictions_are_refused():
    rows = [("a:1", "b:1", "same"), ("b:1", "c:1", "same"), ("a:1", "c:1", "different")]
    with pytest.raises(ParameterError, match="make them one thing"):
        settle_records(make_table(OWN), decide(*rows))


def test_decisions_about_records_that_are_away_are_told_and_harm_nothing():
    decided = decide(("gone:1", "own:hall", "same"), ("gone:1", "gone:2", "different"))
    settled = settle_records(make_table(OWN, MAPPED), decided)
    assert len(settled.assets) == 1
    assert settled.notes == [
        "2 decisions name a record that is not among those read now: kept for when its source is "
        "back."
    ]


def test_open_rows_of_the_table_decide_nothing():
    open_row = decide(("osm_places:w5", "own:hall", None))
    assert len(settle_records(make_table(OWN, MAPPED), open_row).assets) == 1


def test_pairs_with_decisions_are_what_applying_them_says():
    twin = tell("osm_places:n9", "Asher Hall", "arts_venue", x=12.0)
    records = make_table(OWN, twin)
    decided = decide(("own:hall", "osm_places:n9", "unsure"))
    applied = apply_decisions(settle_records(records).pairs, decided)
    pd.testing.assert_frame_equal(applied, settle_records(records, decided).pairs)
