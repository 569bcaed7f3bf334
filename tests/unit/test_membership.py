"""Which small areas of each kind make up an area, and by what share of their people."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from cip.area_definition import ResolvedArea
from cip.membership import build_membership, build_memberships, list_peers
from cip.register import ENGLISH_DISTRICTS, Register

from ..support.hand_store import make_areas

# Seven LSOAs: four in district 1, two in district 2 of the same county, one in district 3.
ROWS = [
    # code, district, county, MSOA, ward, people
    ("Z01000001", "Z07000001", "Z10000001", "Z02000001", "Z05000001", 1000),
    ("Z01000002", "Z07000001", "Z10000001", "Z02000001", "Z05000001", 3000),
    ("Z01000003", "Z07000001", "Z10000001", "Z02000002", "Z05000002", 1500),
    ("Z01000004", "Z07000001", "Z10000001", "Z02000002", "Z05000002", 500),
    ("Z01000005", "Z07000002", "Z10000001", "Z02000003", "Z05000003", 1200),
    ("Z01000006", "Z07000002", "Z10000001", "Z02000003", "Z05000003", 800),
    # This one best-fits into a ward of another county.
    ("Z01000007", "Z07000003", "Z10000009", "Z02000004", "Z05000002", 700),
]
CHANGES = [
    # 2011, 2021, change: one split in two, one that two became, one irregular, the rest unchanged
    ("Z01009001", "Z01000001", "S"),
    ("Z01009001", "Z01000002", "S"),
    ("Z01000003", "Z01000003", "U"),
    ("Z01009004", "Z01000004", "M"),
    ("Z01009005", "Z01000004", "M"),
    ("Z01009006", "Z01000005", "X"),
    ("Z01009006", "Z01000006", "X"),
    ("Z01009007", "Z01000006", "X"),
    ("Z01000007", "Z01000007", "U"),
]
MSOA_CHANGES = [("Z02009001", "Z02000001", "S"), ("Z02009001", "Z02000002", "S")]
MSOA_CHANGES += [("Z02000003", "Z02000003", "U"), ("Z02000004", "Z02000004", "U")]


def make_register(rows=ROWS, *, regions=None) -> Register:
    lsoas = pd.DataFrame(
        rows,
        columns=[
            "lsoa21_code", "lad_code", "county_code", "msoa21_code", "ward24_code", "population",
        ],
    ).set_index("lsoa21_code")  # fmt: skip
    lsoas = lsoas.astype({"population": "Int64"})
    changes = pd.DataFrame(CHANGES, columns=["lsoa11_code", "lsoa21_code", "change"])
    msoas = pd.DataFrame(MSOA_CHANGES, columns=["msoa11_code", "msoa21_code", "change"])
    readers = {"msoa_changes": lambda: msoas}
    if regions is not None:
        readers["regions"] = lambda: regions
    none = pd.DataFrame()
    return Register(lsoas, none, none, changes, none, readers)


REGISTER = make_register()


def build(codes, *others, register=REGISTER, similar=None) -> pd.DataFrame:
    areas = make_areas(("here", "profile"), *others)
    area = ResolvedArea([f"Z0100000{n}" for n in codes], pd.DataFrame())
    return build_membership(area, areas, register, similar=similar)


def read(table, level: str, area: str = "here", column: str = "share") -> dict[str, float]:
    """Return a column by small area (its last four figures)."""
    rows = table[(table["area_code"] == area) & (table["level"] == level)]
    return dict(zip(rows["small_area_code"].str[-4:], rows[column], strict=True))


# --- Vintages ----------------------------------------------------------------------------------

OLD = [
    # LSOAs of 2021, and the shares of those of 2011
    ("12", {"9001": 1.0}),
    ("1", {"9001": 0.25}),
    ("2", {"9001": 0.75}),
    ("3", {"0003": 1.0}),
    ("4", {"9004": 1.0, "9005": 1.0}),
    ("5", {"9006": 0.6}),
    ("6", {"9006": 0.4, "9007": 1.0}),
    ("56", {"9006": 1.0, "9007": 1.0}),
    ("14", {"9001": 0.25, "9004": 1.0, "9005": 1.0}),
]


@pytest.mark.parametrize(("codes", "expected"), OLD)
def test_lsoas_of_2011_belong_by_the_people_of_their_successors(codes, expected):
    table = build(codes)
    assert read(table, "lsoa21") == {f"000{n}": 1.0 for n in codes}
    assert read(table, "lsoa11") == pytest.approx(expected)
    pairs = pd.DataFrame({"area_code": "here", "lsoa21_code": [f"Z0100000{n}" for n in codes]})
    assert read(build_memberships(pairs, REGISTER), "lsoa11") == pytest.approx(expected)


def test_people_of_2011_are_those_who_belong_where_they_can_be_told():
    people = read(build("14"), "lsoa11", column="population")
    assert people["9001"] == 1000
    # Nobody counted the two that became one apart from one another.
    assert pd.isna(people["9004"])


def test_area_that_the_look_up_does_not_cover_has_no_lsoas_of_2011():
    short = replace(REGISTER, changes=REGISTER.changes.iloc[2:])
    assert read(build("13", register=short), "lsoa11") == {}
    assert read(build("34", register=short), "lsoa11") != {}


MSOAS = [
    ("12", {"0001": 1.0}),
    ("1", {"0001": 0.25}),
    ("13", {"0001": 0.25, "0002": 0.75}),
    ("2356", {"0001": 0.75, "0002": 0.75, "0003": 1.0}),
]


@pytest.mark.parametrize(("codes", "expected"), MSOAS)
def test_msoa_belongs_by_the_share_of_its_people(codes, expected):
    table = build(codes)
    assert read(table, "msoa21") == pytest.approx(expected)
    inside = {"0001": 4000, "0002": 2000, "0003": 2000}
    assert read(table, "msoa21", column="population") == {
        code: round(share * inside[code]) for code, share in expected.items()
    }


def test_msoa_of_2011_belongs_by_the_people_of_its_successors():
    # 1,000 of 4,000 and 1,500 of 2,000: 2,500 of the 6,000 of the MSOA that was split.
    table = build("13")
    assert read(table, "msoa11") == pytest.approx({"9001": 2500 / 6000})
    assert read(table, "msoa11", column="population") == {"9001": 2500}
    assert read(build("1234"), "msoa11") == {"9001": 1.0}


def test_no_msoa_where_the_people_of_an_lsoa_are_not_known():
    blank = [(*row[:-1], None if row[0].endswith("1") else row[-1]) for row in ROWS]
    table = build("13", register=make_register(blank))
    assert read(table, "msoa21") == read(table, "msoa11") == {}
    assert read(table, "lsoa21") == {"0001": 1.0, "0003": 1.0}


def forget_people(code: str) -> Register:
    """Return the register without the people of one LSOA."""
    return make_register([(*r[:-1], None if r[0].endswith(code) else r[-1]) for r in ROWS])


@pytest.mark.parametrize("level", ["lsoa11", "msoa21", "msoa11"])
def test_share_is_never_worked_out_from_some_of_the_people(level):
    # Nobody knows how many live in 2, which was one LSOA with 1 and lies in one MSOA with it.
    assert read(build("13", register=forget_people("2")), level) == {}
    assert read(build("3", register=forget_people("2")), "lsoa11") == {"0003": 1.0}


def test_whole_belongs_whole_although_its_people_are_not_known():
    register = forget_people("2")
    pairs = pd.DataFrame({"area_code": "here", "lsoa21_code": ["Z01000001", "Z01000002"]})
    for table in (build("12", register=register), build_memberships(pairs, register)):
        assert read(table, "lsoa11") == {"9001": 1.0}
    part = build_memberships(pairs[:1], register)
    assert read(part, "lsoa11") == {}


def test_shares_of_similar_areas_reach_every_level():
    similar = pd.Series({"Z01000001": 1.0, "Z01000002": 0.2, "Z01000003": 0.5})
    table = build("5", ("similar", "similar"), similar=similar)
    assert read(table, "lsoa21", "similar") == {"0001": 1.0, "0002": 0.2, "0003": 0.5}
    assert read(table, "lsoa11", "similar") == pytest.approx({"9001": 0.4, "0003": 0.5})
    assert read(table, "msoa21", "similar") == pytest.approx({"0001": 0.4, "0002": 0.375})
    assert read(table, "district", "similar") == {}


# --- Districts, counties, regions ---------------------------------------------------------------


def test_district_is_made_of_its_own_lsoas_and_never_of_wards():
    table = build("1", ("Z07000001", "district"), ("Z07000003", "district"))
    assert set(read(table, "lsoa21", "Z07000001")) == {"0001", "0002", "0003", "0004"}
    # The ward of district 1 that this one best-fits into does not take it along.
    assert set(read(table, "lsoa21", "Z07000003")) == {"0007"}


def test_ward_as_a_place_takes_what_fits_it_best():
    table = build("1", ("Z05000002", "place"))
    assert set(read(table, "lsoa21", "Z05000002")) == {"0003", "0004", "0007"}
    assert read(table, "district", "Z05000002") == {}


def test_whole_districts_are_listed_for_areas_made_of_them():
    table = build("1", ("Z07000001", "district"), ("Z10000001", "county"))
    assert read(table, "district") == {}
    assert read(table, "district", "Z07000001") == {"0001": 1.0}
    assert read(table, "district", "Z10000001", "population") == {"0001": 6000, "0002": 2000}


def make_regions(*own: str) -> pd.DataFrame:
    codes = [*own, *(f"Z0799{n:04d}" for n in range(ENGLISH_DISTRICTS - len(own)))]
    region = ["Z12000001"] * len(own) + ["Z12000002"] * (len(codes) - len(own))
    return pd.DataFrame({"lad_code": codes, "region_code": region, "region_name": "R"})


REGIONS = [
    (make_regions("Z07000001", "Z07000002"), {"0001", "0002", "0003", "0004", "0005", "0006"}),
    # A district of the region has no LSOA in the register, so the rest is a part of it.
    (make_regions("Z07000001", "Z07000008"), set()),
    # A look-up of a few districts may lack some of the region.
    (make_regions("Z07000001", "Z07000002").iloc[:-1], set()),
    (None, set()),
]


@pytest.mark.parametrize(("regions", "expected"), REGIONS)
def test_region_is_whole_or_not_there(regions, expected):
    register = make_register(regions=regions)
    table = build("1", ("Z12000001", "region"), ("Z92000001", "england"), register=register)
    assert set(read(table, "lsoa21", "Z12000001")) == expected
    assert set(read(table, "district", "Z12000001")) == ({"0001", "0002"} if expected else set())
    assert "Z92000001" not in set(table["area_code"])


# --- Small areas around --------------------------------------------------------------------------

AROUND = [
    ([("Z07000001", "district"), ("Z10000001", "county")], "1", "123456"),
    ([("Z07000003", "district"), ("Z10000001", "county")], "1", "123456"),  # the county alone
    ([("Z07000001", "district")], "1", "1234"),
    ([("Z07000002", "district")], "1", "156"),
    ([("Z10000001", "county")], "17", "1234567"),  # its own small areas, wherever they lie
    ([("Z92000001", "england")], "13", "13"),
]


@pytest.mark.parametrize(("others", "codes", "expected"), AROUND)
def test_peers_are_the_lsoas_of_the_county_and_of_the_area(others, codes, expected):
    areas = make_areas(("here", "profile"), *others)
    area = ResolvedArea([f"Z0100000{n}" for n in codes], pd.DataFrame())
    peers = list_peers(areas, area, REGISTER)
    assert sorted(peers["area_code"].unique()) == [f"Z0100000{n}" for n in expected]
    new = peers[peers["level"] == "lsoa21"]
    assert (new["area_code"] == new["small_area_code"]).all()
    assert (new["share"] == 1).all()
    assert not peers.duplicated(["area_code", "small_area_code", "level"]).any()


def test_peer_has_its_part_of_the_lsoas_of_2011():
    area = ResolvedArea(["Z01000001", "Z01000002"], pd.DataFrame())
    peers = list_peers(make_areas(("here", "profile")), area, REGISTER)
    assert read(peers, "lsoa11", "Z01000001") == {"9001": 0.25}
    assert read(peers, "lsoa11", "Z01000002") == {"9001": 0.75}
