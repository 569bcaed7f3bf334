"""Entries of assets, of reach, and of what was known before."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cip.assets.reach import BY_LINE, BY_NETWORK, MIXED
from cip.catalogue.asset_types import load_asset_types
from cip.evidence.entry import build_table
from cip.evidence.from_assets import cite_sources, from_assets, list_type_sources
from cip.evidence.from_insight import from_insight
from cip.evidence.from_reach import from_reach, judge_reach
from cip.schemas import SCHEMAS

NAN = float("nan")


def make_asset(**given) -> dict:
    row = dict.fromkeys(SCHEMAS["assets"].columns, NAN)
    return row | {
        "asset_id": "own:chess", "name": "Chess club", "kind": "soft", "asset_type": "activity",
        "function": "family_friends_and_communities", "is_inside": True, "distance_m": 0.0,
        "x": 1.0, "sources": "own", "source_id": "own", "last_checked": "2026-05-01",
        "is_stale": False, "still_active": None,
    } | given  # fmt: skip


def make_balance(asset_type: str, inside: int = 0, nearby: int = 0, unplaced: int = 0) -> dict:
    return dict.fromkeys(SCHEMAS["asset_balance"].columns, 0) | {
        "asset_type": asset_type, "inside": inside, "nearby": nearby, "unplaced": unplaced,
    }  # fmt: skip


def enter(assets: list[dict], balance: list[dict] = ()) -> dict:
    frames = (
        pd.DataFrame(assets, columns=list(SCHEMAS["assets"].columns)),
        pd.DataFrame(balance, columns=list(SCHEMAS["asset_balance"].columns)),
    )
    return {one.evidence_id: one for one in from_assets(*frames, area_name="Riverside")}


def test_a_type_says_how_many_are_listed_here_and_just_outside():
    entries = enter([make_asset()], [make_balance("library", 1), make_balance("school", 2, 3, 1)])
    assert entries["asset:library"].statement == (
        "The register lists 1 library in Riverside and none just outside."
    )
    school = entries["asset:school"]
    assert school.statement == "The register lists 3 schools in Riverside and 3 just outside."
    assert (school.value, school.anchor) == (3.0, "tab-asset-types")
    assert school.topics == load_asset_types()["school"].function


def test_none_in_the_list_is_not_said_to_be_none_in_the_place():
    entry = enter([make_asset()], [make_balance("hospital")])["asset:hospital"]
    assert "does not mean none in the place" in entry.statement
    assert (entry.value, entry.anchor) == (0.0, "fig-asset-balance")


def test_one_asset_says_where_it_is_and_when_it_was_checked():
    entry = enter([make_asset()])["asset:own:chess"]
    label = load_asset_types()["activity"].plural
    assert entry.statement == (
        f"Chess club, listed under {label}, is in Riverside; last checked 1 May 2026."
    )
    assert entry.anchor == "asset-own-chess"
    assert entry.topics == ["family_friends_and_communities"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"is_inside": False, "distance_m": 1_234.4}, "1,234 m outside"),
        ({"is_inside": None, "x": NAN}, "has no place on the map"),
        ({"is_stale": True}, "which is out of date"),
        ({"last_checked": NAN}, "nobody has noted when"),
        ({"last_reviewed": "2026-06-02"}, "last checked 2 June 2026"),
        ({"kind": "hard", "asset_type": "library"}, "is in Riverside"),
    ],
)
def test_statements_and_places_of_single_assets(given, said):
    others = [make_asset(asset_id="own:other")]
    entries = enter([make_asset(**given), *others])
    assert said in entries["asset:own:chess"].statement
    assert entries["asset:own:chess"].anchor == "asset-own-chess"
    assert entries["asset:own:other"].anchor == "asset-own-other"


def test_assets_whose_ids_differ_in_signs_alone_have_places_of_their_own():
    entries = enter([make_asset(asset_id="or:a.b"), make_asset(asset_id="or:a-b")])
    assert {name: one.anchor for name, one in entries.items()} == {
        "asset:or:a-b": "asset-or-a-b",
        "asset:or:a.b": "asset-or-a-b-2",
    }


def test_what_is_no_longer_going_on_cannot_be_cited():
    entry = enter([make_asset(still_active=False)])["asset:own:chess"]
    assert not entry.is_citable
    assert "no longer" in entry.reason and "no longer" in entry.statement


def test_ids_that_no_citation_could_hold_are_made_safe_and_stay_apart():
    rows = [make_asset(asset_id="or:a b"), make_asset(asset_id="or:a/b")]
    names = list(enter(rows))
    assert len(set(names)) == 2
    assert all(name.startswith("asset:or:a-b-") for name in names)
    build_table(enter(rows).values())


def test_sources_of_a_type_are_named_once_and_in_order():
    rows = pd.DataFrame([make_asset(sources="own; osm_places"), make_asset(sources="own")])
    assert list_type_sources(rows) == {"activity": ["osm_places", "own"]}
    assert cite_sources(["own"]) == "Source: the community's own list."
    assert cite_sources([]) == ""


# ---------------------------------------------------------------- reach


def make_reach(share: float, *, assets: int = 2, method: object = MIXED, people: float = 1_000.0):
    reach = pd.DataFrame(
        [("library", 400.0, "metres", method, assets, share * people, people, share)],
        columns=list(SCHEMAS["reach"].columns),
    )
    halves = [(f"L{n}", people / 2, (1 - share) * people / 2) for n in (1, 2)]
    places = pd.DataFrame(
        [("library", code, 100.0, "own:l", own, beyond) for code, own, beyond in halves],
        columns=list(SCHEMAS["reach_places"].columns),
    )
    return reach, places


def enter_reach(*frames: pd.DataFrame):
    (entry,) = from_reach(*frames, gap_m=1_200, area_name="Riverside", sources={"library": ["own"]})
    return entry


@pytest.mark.parametrize(
    ("share", "side"),
    [(0.0, "challenge"), (0.499, "challenge"), (0.5, ""), (0.799, ""), (0.8, "strength")],
)
def test_the_declared_rule_tells_strengths_from_challenges(share, side):
    assert judge_reach(100 * share) == side
    assert enter_reach(*make_reach(share)).direction == side


def test_reach_counts_people_within_the_gap_distance():
    entry = enter_reach(*make_reach(0.25, method=BY_NETWORK))
    assert entry.statement == (
        "25% of residents of Riverside (250 of 1,000) live within 1,200 m on foot of the nearest "
        "library (2 listed here or just outside; measured along streets and paths)."
    )
    assert entry.source_ids == ("own", "ts007a", "osm_walk_edges")
    assert (entry.value, entry.base) == (25.0, 1_000.0)


def test_straight_lines_name_no_map_of_streets():
    assert "osm_walk_edges" not in enter_reach(*make_reach(0.25, method=BY_LINE)).source_ids


def test_that_nothing_is_listed_says_nothing_of_the_place():
    entry = enter_reach(*make_reach(0.0, assets=0, method=NAN))
    assert entry.statement == (
        "Residents within 1,200 m on foot of libraries: no figure, because the register lists none "
        "here or just outside, and none in the list does not mean none in the place."
    )
    assert (entry.is_citable, entry.value, entry.direction) == (False, None, "")


@pytest.mark.parametrize(
    ("listing", "is_complete"),
    [(["osm_places"], False), (["osm_places", "places_gp"], True), (["own"], True)],
)
def test_far_by_a_list_that_may_lack_some_is_no_challenge(listing, is_complete):
    (entry,) = from_reach(
        *make_reach(0.1), gap_m=1_200, area_name="Riverside", sources={"library": listing}
    )
    assert entry.direction == ("challenge" if is_complete else "")
    assert ("; the list may lack some)" in entry.statement) is not is_complete


def test_near_is_a_strength_by_any_list_but_not_of_every_type():
    (entry,) = from_reach(
        *make_reach(0.9), gap_m=1_200, area_name="Riverside", sources={"library": ["osm_places"]}
    )
    assert entry.direction == "strength"
    assert (judge_reach(100, "bus_stop"), judge_reach(10, "bus_stop")) == ("", "challenge")


@pytest.mark.parametrize(
    ("people", "said", "anchor"),
    [
        (1_000.0, "nobody knows", "tab-reach-shares"),
        (0.0, "no count of residents", "note-who-can-reach-what"),
    ],
)
def test_reach_that_nobody_knows_cannot_be_cited(people, said, anchor):
    reach, places = make_reach(0.5, people=people)
    places["population_beyond"] = NAN
    entry = enter_reach(reach, places)
    assert (entry.is_citable, entry.value, entry.direction) == (False, None, "")
    assert said in entry.reason
    assert entry.anchor == anchor


def test_people_of_one_lsoa_that_are_not_known_leave_the_whole_unknown():
    reach, places = make_reach(0.5)
    places.loc[0, "population_beyond"] = NAN
    assert not enter_reach(reach, places).is_citable


# ---------------------------------------------------------------- existing insight


def make_insight(**given) -> dict:
    return dict.fromkeys(SCHEMAS["insight"].columns, NAN) | {
        "insight_id": "buses_2024", "title": "Buses 2024", "owner": "The council",
        "published": "2024-05-01", "topics": "transport; work", "what_it_says": "Too few run.",
        "stage": "published", "validity": "valid",
    } | given  # fmt: skip


def enter_insight(**given):
    return from_insight(pd.DataFrame([make_insight(**given)]))[0]


def test_insight_says_whose_it_is_and_what_it_found():
    entry = enter_insight()
    assert entry.statement == ("“Buses 2024” by The council, 1 May 2024, says: “Too few run”.")
    assert (entry.evidence_id, entry.topics) == ("insight:buses_2024", ["transport", "work"])
    assert entry.anchor == "tab-insight"


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"validity": "no findings yet", "stage": "live now"}, "no findings yet"),
        ({"validity": "no longer valid"}, "no longer valid"),
        ({"what_it_says": NAN}, "does not say"),
    ],
)
def test_insight_without_a_finding_that_holds_cannot_be_cited(given, reason):
    entry = enter_insight(**given)
    assert not entry.is_citable
    assert reason in entry.reason
    assert "Too few run" not in entry.statement


def test_open_consultations_stand_in_their_own_table():
    entry = enter_insight(stage="planned", validity="no findings yet")
    assert entry.anchor == "tab-consultations"


def test_stale_insight_can_be_cited_and_says_so():
    entry = enter_insight(validity="stale")
    assert entry.is_citable
    assert "stale" in entry.statement


NAMES = st.text(max_size=40).filter(lambda text: text.strip())


@settings(max_examples=25, deadline=None)
@given(st.lists(NAMES, min_size=1, max_size=5, unique=True), st.randoms())
def test_names_from_outside_make_one_line_and_ids_do_not_depend_on_order(names, random):
    rows = [make_asset(asset_id=f"own:{name}", name=name) for name in names]
    entries = enter(rows)
    assert len(entries) == len(names)
    for entry in entries.values():
        assert entry.statement.endswith(".") and "  " not in entry.statement
        assert len(entry.statement.splitlines()) == 1
    random.shuffle(rows)
    assert enter(rows) == entries
