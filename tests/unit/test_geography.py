"""Area definition, membership and comparators on a register small enough to check by eye."""

from __future__ import annotations

import itertools

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cip.area_definition import resolve_area
from cip.errors import ParameterError
from cip.geography import build_areas
from cip.membership import build_membership, translate_to_2011
from cip.params import AreaParams, ParameterFile
from cip.register import Register

# Four LSOAs in district A, one in B; ward W2 of A takes the LSOA of B by best fit.
LSOAS = pd.DataFrame(
    [
        ("Z01000001", "A 001A", "Z07000001", "A", "Z10000001", "County", "Z02000001", "Z05000001", "Hill", 1000),
        ("Z01000002", "A 001B", "Z07000001", "A", "Z10000001", "County", "Z02000001", "Z05000001", "Hill", 2000),
        ("Z01000003", "A 002A", "Z07000001", "A", "Z10000001", "County", "Z02000002", "Z05000002", "Dale", 1500),
        ("Z01000004", "A 002B", "Z07000001", "A", "Z10000001", "County", "Z02000002", "Z05000002", "Dale", 500),
        ("Z01000005", "B 001A", "Z07000002", "B", "Z10000002", "Other", "Z02000003", "Z05000002", "Dale", 100),
    ],
    columns=[
        "lsoa21_code", "lsoa21_name", "lad_code", "lad_name", "county_code", "county_name",
        "msoa21_code", "ward24_code", "ward24_name", "population",
    ],
).set_index("lsoa21_code")  # fmt: skip
WARDS = pd.DataFrame(
    [("Z05000001", "Hill", "Z07000001", "A"), ("Z05000002", "Dale", "Z07000001", "A")],
    columns=["ward24_code", "ward24_name", "lad24_code", "lad24_name"],
).set_index("ward24_code")
MSOAS = pd.DataFrame(
    {"msoa21_name": ["A 001", "A 002", "B 001"], "msoa21_hcl_name": ["North", "South", "Far"]},
    index=["Z02000001", "Z02000002", "Z02000003"],
)
# 2011: X1 split into 1 and 2; X3 unchanged; X4a and X4b merged into 4; X5 unchanged.
CHANGES = pd.DataFrame(
    [
        ("Z01000901", "A 001Z", "Z01000001", "S"),
        ("Z01000901", "A 001Z", "Z01000002", "S"),
        ("Z01000003", "A 002A", "Z01000003", "U"),
        ("Z01000904", "A 002Y", "Z01000004", "M"),
        ("Z01000905", "A 002Z", "Z01000004", "M"),
        ("Z01000005", "B 001A", "Z01000005", "U"),
    ],
    columns=["lsoa11_code", "lsoa11_name", "lsoa21_code", "change"],
)
OLD_WARDS = pd.DataFrame(
    [("Z01000901", "Z05000090", "Old Hill")], columns=["lsoa11_code", "ward19_code", "ward19_name"]
)
REGISTER = Register(LSOAS, WARDS, MSOAS, CHANGES, OLD_WARDS)


def make_file(comparators=("district", "county", "england"), **area) -> ParameterFile:
    params = AreaParams(
        id="here", title="Here", profile_kind="bespoke", area=area, comparators=list(comparators),
        organisation={"name": "Council", "contact": "page"},
    )  # fmt: skip
    return ParameterFile("area.yml", params, {("area", "wards", 0): 5, ("area", "lsoas", 0): 5})


# one row per way to name places, and the LSOAs (last digit) that it gives
WAYS = [
    ({"lsoas": ["Z01000002"]}, "2"),
    ({"lsoas": ["A 001A"]}, "1"),
    ({"lsoas": ["a 001a"]}, "1"),
    ({"msoas": ["Z02000002"]}, "34"),
    ({"msoas": ["A 001"]}, "12"),
    ({"msoas": ["south"]}, "34"),
    ({"wards": ["Dale"]}, "345"),
    ({"wards": ["Z05000001"]}, "12"),
    ({"districts": ["A"]}, "1234"),
    ({"districts": ["Z07000002"], "lsoas": ["Z01000001"]}, "15"),
    ({"wards": ["Hill"], "lsoas": ["Z01000001"]}, "12"),
    ({"lsoas": ["Z01000901"]}, "12"),  # retired by a split
    ({"lsoas": ["Z01000904"]}, "4"),  # retired by a merger
    ({"wards": ["Z05000090"]}, "12"),  # ward of 2019
]


@pytest.mark.parametrize(("area", "expected"), WAYS)
def test_places_become_lsoas(area, expected):
    resolved = resolve_area(make_file(**area), REGISTER)
    assert [code[-1] for code in resolved.codes] == list(expected)


def test_retired_codes_are_warned_of():
    notes = resolve_area(make_file(lsoas=["Z01000904"]), REGISTER).notes
    assert any("code of 2011" in n.text and "larger" in n.text for n in notes)
    assert not resolve_area(make_file(lsoas=["Z01000003"]), REGISTER).notes


def test_an_lsoa_from_over_the_county_line_is_warned_of():
    notes = resolve_area(make_file(wards=["Dale"]), REGISTER).notes
    assert [n.kind for n in notes] == ["warning"]
    assert "Z01000005 (B 001A) lies in B, over the county line" in notes[0].text


def test_unknown_places_are_all_told_with_line_and_nearest():
    with pytest.raises(ParameterError) as caught:
        resolve_area(make_file(wards=["Hil"], lsoas=["Z01000009"]), REGISTER)
    told = {p.found: p for p in caught.value.problems}
    assert told["'Hil'"].nearest == "Hill"
    assert told["'Hil'"].line == 5
    assert told["'Z01000009'"].nearest.startswith("Z0100000")


def test_a_name_of_two_places_is_refused_with_their_codes():
    twins = WARDS.rename(index={"Z05000002": "Z05000003"}).assign(ward24_name="Hill")
    register = Register(LSOAS, pd.concat([WARDS, twins.tail(1)]), MSOAS, CHANGES, OLD_WARDS)
    with pytest.raises(ParameterError, match="Z05000001, Z05000003"):
        resolve_area(make_file(wards=["Hill"]), register)


def test_comparators_are_the_areas_own_district_and_county():
    file = make_file(wards=["Dale"])
    areas, notes = build_areas(file, resolve_area(file, REGISTER), REGISTER)
    assert list(areas["area_code"]) == ["here", "Z07000001", "Z10000001", "Z92000001"]
    # B holds 100 of 2,100 people: named, not compared with.
    assert "B holds 5% of the area's people" in notes[0].text


def test_a_district_can_be_named_and_an_unknown_one_is_refused():
    file = make_file(comparators=["B"], wards=["Hill"])
    areas, _ = build_areas(file, resolve_area(file, REGISTER), REGISTER)
    assert list(areas["area_code"]) == ["here", "Z07000002"]
    bad = make_file(comparators=["distrct"], wards=["Hill"])
    with pytest.raises(ParameterError) as caught:
        build_areas(bad, resolve_area(bad, REGISTER), REGISTER)
    assert caught.value.problems[0].nearest == "district"


def test_districts_are_built_from_lsoas_never_from_wards():
    file = make_file(wards=["Dale"])
    area = resolve_area(file, REGISTER)
    areas, _ = build_areas(file, area, REGISTER)
    members = build_membership(area, areas, REGISTER)
    district = members[(members["area_code"] == "Z07000001") & (members["level"] == "lsoa21")]
    # The ward of A holds an LSOA of B; the district of A does not.
    assert list(district["small_area_code"]) == ["Z01000001", "Z01000002", "Z01000003", "Z01000004"]
    assert "Z01000005" in set(members.loc[members["area_code"] == "here", "small_area_code"])


# one row per set of LSOAs of 2021, and the shares of those of 2011 that it gives
SHARES = [
    ("12", {"Z01000901": 1.0}),
    ("1", {"Z01000901": 1 / 3}),
    ("2", {"Z01000901": 2 / 3}),
    ("3", {"Z01000003": 1.0}),
    ("4", {"Z01000904": 1.0, "Z01000905": 1.0}),
    ("14", {"Z01000901": 1 / 3, "Z01000904": 1.0, "Z01000905": 1.0}),
]


@pytest.mark.parametrize(("digits", "expected"), SHARES)
def test_lsoas_of_2011_belong_by_their_peoples_share(digits, expected):
    table = translate_to_2011([f"Z0100000{d}" for d in digits], REGISTER)
    assert dict(zip(table["small_area_code"], table["share"], strict=True)) == pytest.approx(
        expected
    )


def test_a_look_up_that_covers_a_part_gives_nothing():
    part = Register(LSOAS, WARDS, MSOAS, CHANGES[CHANGES["lsoa21_code"] != "Z01000004"], OLD_WARDS)
    assert translate_to_2011(["Z01000003", "Z01000004"], part).empty


ALL = [f"Z0100000{d}" for d in "12345"]


@given(st.sets(st.sampled_from(ALL), min_size=1), st.randoms())
def test_the_order_of_codes_does_not_matter(codes, random):
    shuffled = list(codes)
    random.shuffle(shuffled)
    assert resolve_area(make_file(lsoas=shuffled), REGISTER).codes == sorted(codes)


@given(st.sets(st.sampled_from(ALL), min_size=1, max_size=4))
def test_an_area_and_its_complement_share_out_the_lsoas_of_2011(codes):
    inside = translate_to_2011(sorted(codes), REGISTER).set_index("small_area_code")["share"]
    outside = translate_to_2011(sorted(set(ALL) - codes), REGISTER).set_index("small_area_code")[
        "share"
    ]
    merged = {"Z01000904", "Z01000905"}
    together = inside.add(outside, fill_value=0.0)
    assert together.drop(list(merged & set(together.index))).to_list() == pytest.approx(
        [1.0] * (len(together) - len(merged & set(together.index)))
    )


def test_adding_a_code_never_lowers_population():
    for size in range(1, len(ALL)):
        for codes in itertools.combinations(ALL, size):
            fewer = LSOAS.loc[
                resolve_area(make_file(lsoas=list(codes)), REGISTER).codes, "population"
            ].sum()
            for extra in set(ALL) - set(codes):
                more = LSOAS.loc[[*codes, extra], "population"].sum()
                assert more >= fewer
