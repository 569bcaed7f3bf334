"""Places of the same kind: declared, weighted as people here are spread, and listed whole."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cip.area_definition import ResolvedArea
from cip.geography import build_areas
from cip.membership import build_membership
from cip.params import AreaParams, ParameterFile
from cip.register import Register
from cip.similar import COLUMNS, MIN_PEER_POPULATION, SimilarAreas, find_similar

from ..support.hand_store import write_store


def make_places(rows):
    """Return LSOAs from rows of code, group of the classification, decile and people."""
    return pd.DataFrame(rows, columns=["code", "group", "decile", "people"])


def make_register(places) -> Register:
    lsoas = pd.DataFrame(
        {
            "lsoa21_name": places["code"],
            "lad_code": "Z07000001",
            "lad_name": "District",
            "county_code": "Z10000001",
            "county_name": "County",
            "msoa21_code": "Z02" + places["code"].str[3:],
            "ward24_code": "Z05000001",
            "ward24_name": "Ward",
            "population": pd.array(places["people"], dtype="Int64"),
        }
    ).set_index(pd.Index(places["code"], name="lsoa21_code"))
    none = pd.DataFrame(columns=["lsoa11_code", "lsoa11_name", "lsoa21_code", "change"])
    return Register(lsoas, pd.DataFrame(), pd.DataFrame(), none, pd.DataFrame())


def make_tables(places):
    return {
        "oac_lsoa21": places[["code", "group"]].set_axis(["lsoa21_code", "group_code"], axis=1),
        "iod2025": places[["code", "decile"]].set_axis(["area_code", "imd_decile"], axis=1),
    }


def make_store(root, places):
    return write_store(root, make_tables(places))


class HeldStore:
    """A store in memory: a hundred towns need no files."""

    def __init__(self, tables):
        self.tables = tables

    def has(self, product):
        return product in self.tables

    def read(self, product, columns):
        return self.tables[product][columns]


def find(root, places, own) -> SimilarAreas:
    return find_similar(own, make_register(places), make_store(root, places))


def weigh(found: SimilarAreas, places, codes: str) -> float:
    """Return the weighted people of the peers of one kind."""
    people = places.set_index("code")["people"]
    peers = codes.split()
    return float((found.shares[peers] * people[peers]).sum())


# Two thirds of the people here are of kind 1a and fifth 1, one third of kind 2b and fifth 5.
PLACES = make_places(
    [
        ("Z01000001", "1a", 1, 1000),
        ("Z01000002", "1A", 2, 1000),
        ("Z01000003", "2b", 9, 1000),
        ("Z01000011", "1a", 2, 4000),
        ("Z01000012", "1a", 1, 2000),
        ("Z01000013", "2b", 10, 9000),
        ("Z01000014", "1a", 3, 9000),  # the next fifth
        ("Z01000015", "1b", 1, 9000),  # another group
        ("Z01000016", "2b", 8, 9000),  # the next fifth
    ]
)
OWN = ["Z01000001", "Z01000002", "Z01000003"]


def test_peers_are_of_the_same_group_and_fifth_and_none_is_of_the_area(tmp_path):
    found = find(tmp_path, PLACES, OWN)
    assert set(found.shares.index) == {"Z01000011", "Z01000012", "Z01000013"}
    assert found.reason == ""


def test_kinds_weigh_by_people_as_they_do_here(tmp_path):
    found = find(tmp_path, PLACES, OWN)
    # 2,000 people here stand for 6,000 there, and 1,000 for 9,000: one third against one ninth.
    expected = {"Z01000011": 1.0, "Z01000012": 1.0, "Z01000013": 1 / 3}
    assert found.shares.to_dict() == pytest.approx(expected)
    kinds = found.kinds.set_index("oac_group")
    weighted = {name: weigh(found, PLACES, row.peer_codes) for name, row in kinds.iterrows()}
    assert weighted["1a"] == pytest.approx(2 * weighted["2b"])


def test_list_says_everything_about_each_kind(tmp_path):
    kinds = find(tmp_path, PLACES, OWN).kinds
    assert kinds.columns.tolist() == COLUMNS
    first = kinds.iloc[0].to_dict()
    assert first == {
        "oac_group": "1a",
        "oac_name": "Spacious Rural Living",
        "quintile": 1,
        "own_lsoas": 2,
        "own_population": 2000,
        "share_of_area": pytest.approx(200 / 3),
        "peer_lsoas": 2,
        "peer_population": 6000,
        "is_used": True,
        "peer_codes": "Z01000011 Z01000012",
    }
    assert kinds["share_of_area"].sum() == pytest.approx(100)


@pytest.mark.parametrize(("people", "kind"), [(4999, "1"), (5000, "1a")])
def test_supergroup_takes_the_place_of_a_group_with_too_few_people(tmp_path, people, kind):
    assert MIN_PEER_POPULATION == 5000
    places = make_places(
        [
            ("Z01000001", "1a", 1, 1000),
            ("Z01000011", "1a", 1, people),
            ("Z01000012", "1b", 2, 9000),
            ("Z01000013", "2a", 1, 9000),
        ]
    )
    found = find(tmp_path, places, ["Z01000001"])
    assert found.kinds["oac_group"].tolist() == [kind]
    peers = {"Z01000011", "Z01000012"} if kind == "1" else {"Z01000011"}
    assert set(found.shares.index) == peers
    assert found.kinds["oac_name"].iloc[0] == (
        "Retired Professionals" if kind == "1" else "Spacious Rural Living"
    )


def test_lsoa_that_is_a_peer_twice_has_both_its_weights(tmp_path):
    places = make_places(
        [
            ("Z01000001", "1a", 1, 3000),
            ("Z01000002", "1c", 1, 1000),  # nobody else is of this group
            ("Z01000011", "1a", 1, 6000),
            ("Z01000012", "1b", 1, 4000),
        ]
    )
    found = find(tmp_path, places, ["Z01000001", "Z01000002"])
    # 3,000 of 6,000 by group; 1,000 of 10,000 by supergroup, for which both stand.
    assert found.shares["Z01000012"] / found.shares["Z01000011"] == pytest.approx(0.1 / 0.6)
    people = places.set_index("code")["people"]
    assert (found.shares * people[found.shares.index]).sum() == pytest.approx(4000 / 0.6)


def test_too_few_people_elsewhere_is_a_reason_and_still_listed(tmp_path):
    places = make_places([("Z01000001", "1a", 1, 1000), ("Z01000011", "1a", 1, 4999)])
    found = find(tmp_path, places, ["Z01000001"])
    assert found.shares.empty
    assert "Too few people elsewhere" in found.reason
    assert found.kinds["is_used"].tolist() == [False]
    assert found.kinds["peer_population"].tolist() == [4999]


@pytest.mark.parametrize(("people", "is_found"), [(1000, True), (1001, False)])
def test_half_of_the_people_must_have_peers(tmp_path, people, is_found):
    places = make_places(
        [
            ("Z01000001", "1a", 1, 1000),
            ("Z01000002", "3a", 5, people),  # nobody elsewhere is like these
            ("Z01000011", "1a", 1, 6000),
        ]
    )
    found = find(tmp_path, places, ["Z01000001", "Z01000002"])
    assert (not found.shares.empty) is is_found is (found.reason == "")
    unused = found.kinds.set_index("oac_group").loc["3"]
    assert not unused["is_used"]
    assert unused["peer_codes"] == ""


def test_what_the_store_lacks_is_the_reason(tmp_path):
    register, store = make_register(PLACES), make_store(tmp_path, PLACES)
    assert "not classified" in find_similar(["Z01000099"], register, store).reason
    bare = write_store(tmp_path, {"iod2025": pd.DataFrame({"area_code": ["x"]})})
    found = find_similar(OWN, register, bare)
    assert found.reason == "The store does not hold 'oac_lsoa21'."
    assert found.kinds.columns.tolist() == COLUMNS


def test_similar_areas_become_a_comparator_with_shares(tmp_path):
    found, register = find(tmp_path, PLACES, OWN), make_register(PLACES)
    params = AreaParams(
        id="here", title="Here", profile_kind="bespoke", area={"lsoas": OWN},
        comparators=["similar", "england"], organisation={"name": "Council", "contact": "page"},
    )  # fmt: skip
    area = ResolvedArea(OWN, pd.DataFrame())
    areas, _ = build_areas(ParameterFile("area.yml", params, {}), area, register, similar=found)
    assert areas.loc[areas["area_code"] == "similar", "area_role"].tolist() == ["similar"]
    members = build_membership(area, areas, register, similar=found.shares)
    rows = members[(members["area_code"] == "similar") & (members["level"] == "lsoa21")]
    assert rows.set_index("small_area_code")["share"].to_dict() == pytest.approx(
        found.shares.to_dict()
    )
    # Half of an LSOA's people is half of the MSOA that it fills alone.
    msoas = members[(members["area_code"] == "similar") & (members["level"] == "msoa21")]
    assert sorted(msoas["share"]) == pytest.approx(sorted(found.shares))


def test_without_similar_areas_a_note_says_why(tmp_path):
    params = AreaParams(
        id="here", title="Here", profile_kind="bespoke", area={"lsoas": OWN},
        comparators=["similar", "england"], organisation={"name": "Council", "contact": "page"},
    )  # fmt: skip
    none = find(tmp_path, PLACES.iloc[:3], OWN)
    file, area = ParameterFile("area.yml", params, {}), ResolvedArea(OWN, pd.DataFrame())
    areas, notes = build_areas(file, area, make_register(PLACES), similar=none)
    assert "similar" not in set(areas["area_role"])
    assert any(none.reason in note.text for note in notes)


GROUPS = st.sampled_from(["1a", "1b", "2a", "3c"])


@st.composite
def towns(draw):
    rows = [
        (f"Z01{n:06d}", draw(GROUPS), draw(st.integers(1, 4)), draw(st.integers(500, 4000)))
        for n in range(draw(st.integers(4, 25)))
    ]
    return make_places(rows), draw(st.integers(1, 3))


@settings(max_examples=40, deadline=None)
@given(towns())
def test_weighted_people_are_spread_over_kinds_as_here(town):
    places, size = town
    own = places["code"].iloc[:size].tolist()
    found = find_similar(own, make_register(places), HeldStore(make_tables(places)))
    people = places.set_index("code")["people"]
    assert found.kinds["own_population"].sum() == people[own].sum()
    assert not set(found.shares.index) & set(own)
    if found.shares.empty:
        assert found.reason
        return
    used = found.kinds[found.kinds["is_used"]]
    assert found.shares.max() == 1
    # The whole weight is the people of the kinds in use, on one scale.
    weighted = (found.shares * people[found.shares.index]).sum()
    parts = {
        (kind.oac_group, kind.quintile): kind.own_population / kind.peer_population
        for kind in used.itertuples()
    }
    scale = weighted / float(used["own_population"].sum())
    fifth = places.set_index("code")["decile"].add(1) // 2
    group = places.set_index("code")["group"]
    for code, share in found.shares.items():
        wide = sum(
            part
            for (name, quintile), part in parts.items()
            if quintile == fifth[code] and group[code].startswith(name)
        )
        assert share == pytest.approx(scale * wide)
