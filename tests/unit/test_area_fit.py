"""Best fit of output areas, outlines, postcodes and exclusions, on areas small enough to count."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Polygon, box

from cip.area_definition import resolve_area
from cip.area_fit import fit_outlines, fit_small_areas
from cip.errors import ParameterError
from cip.geography import describe_shape
from cip.outlines import read_outline, read_service_areas
from cip.overlap import measure_overlaps
from cip.params import AreaParams, ParameterFile
from cip.postcodes import place_postcodes, read_postcodes
from cip.register import Register

#: Four LSOAs, of four output areas each, in a row 1 km apart: A at x = 0..3, B at 4..7 and so on.
NAMES = "ABCD"
OAS = pd.DataFrame(
    {
        "lsoa21_code": [f"Z0100000{i // 4 + 1}" for i in range(16)],
        "x": [450_000.0 + 1000 * i for i in range(16)],
        "y": 200_000.0,
        "population": pd.array([pd.NA] * 16, dtype="Int64"),
    },
    index=pd.Index([f"Z000000{i:02d}" for i in range(16)], name="oa21_code"),
)
LSOAS = pd.DataFrame(
    {
        "lsoa21_name": list(NAMES),
        "lad_code": "Z07000001",
        "lad_name": "District",
        "county_code": "Z10000001",
        "county_name": "County",
        "msoa21_code": ["Z02000001", "Z02000001", "Z02000002", "Z02000002"],
        "ward24_code": ["Z05000001", "Z05000001", "Z05000002", "Z05000002"],
        "ward24_name": ["Near", "Near", "Far", "Far"],
        "population": pd.array([1000, 2000, 1500, 500], dtype="Int64"),
    },
    index=pd.Index([f"Z0100000{i}" for i in range(1, 5)], name="lsoa21_code"),
)
WARDS = pd.DataFrame(
    [("Z05000001", "Near", "Z07000001", "District"), ("Z05000002", "Far", "Z07000001", "District")],
    columns=["ward24_code", "ward24_name", "lad24_code", "lad24_name"],
).set_index("ward24_code")
MSOAS = pd.DataFrame(
    {"msoa21_name": ["M 001", "M 002"], "msoa21_hcl_name": ["North", None]},
    index=["Z02000001", "Z02000002"],
)
PARISHES = pd.DataFrame(
    {"oa21_code": OAS.index[2:8], "parish_code": "Z04000001", "parish_name": "Parva"}
)
POSTCODES = pd.DataFrame(
    {
        "oa21_code": [code for code in OAS.index for _ in range(4)],
        "is_live": True,
    },
    index=[f"ZZ{i // 4 // 9 + 1}{i // 4 % 9 + 1}A{'ABDE'[i % 4]}" for i in range(64)],
)
NONE = pd.DataFrame(columns=["lsoa11_code", "lsoa11_name", "lsoa21_code", "change"], dtype=str)
OLD = pd.DataFrame(columns=["lsoa11_code", "ward19_code", "ward19_name"], dtype=str)


def make_register(**more) -> Register:
    readers = {
        "oas": lambda: OAS.reset_index(),
        "parishes": lambda: PARISHES,
        "postcodes": lambda: POSTCODES.rename_axis("postcode").reset_index(),
        "shapes": lambda: gpd.GeoDataFrame(
            {"area_code": LSOAS.index},
            geometry=[
                box(449_500 + 4000 * i, 199_000, 453_500 + 4000 * i, 201_000) for i in range(4)
            ],
            crs="EPSG:27700",
        ),
    }
    return Register(LSOAS, WARDS, MSOAS, NONE, OLD, readers | more)


REGISTER = make_register()


def make_file(tmp_path=None, **area) -> ParameterFile:
    params = AreaParams(
        id="here", title="Here", profile_kind="bespoke", area=area,
        organisation={"name": "Council", "contact": "page"},
    )  # fmt: skip
    path = (tmp_path or Path()) / "area.yml"
    return ParameterFile(path, params, {("area",): 3, ("area", "outlines", 0): 5})


def name(codes) -> str:
    """Return LSOA codes as the letters of their names."""
    return "".join(LSOAS.loc[list(codes), "lsoa21_name"])


def oas(*numbers: int) -> list[str]:
    return [f"Z000000{n:02d}" for n in numbers]


# one row per way to say it, and the LSOAs that most of its people live in
WAYS = [
    ({"oas": oas(0, 1, 2)}, "A", 1.0, 0.25),
    ({"oas": oas(0, 1)}, "A", 1.0, 0.5),  # half, and the first by code is in it
    ({"oas": oas(0, 1, 2, 3, 4)}, "A", 0.8, 0.0),
    ({"oas": oas(1, 2, 3, 4, 5, 6)}, "AB", 1.0, 0.25),
    ({"parishes": ["Parva"]}, "B", 4 / 6, 0.0),  # half of A, without its first
    ({"parishes": ["Z04000001"], "oas": oas(1)}, "AB", 1.0, 0.125),
    ({"wards": ["Near"], "exclude": {"lsoas": ["B"]}}, "A", 1.0, 0.0),
    ({"wards": ["Near"], "exclude": {"oas": oas(4)}}, "AB", 1.0, 0.125),
    ({"wards": ["Near"], "exclude": {"oas": oas(4, 5, 6)}}, "A", 0.8, 0.0),
    ({"districts": ["District"], "exclude": {"wards": ["Far"]}}, "AB", 1.0, 0.0),
    ({"circles": [{"centre": "451500, 200000", "metres": 1600}]}, "A", 1.0, 0.0),
    ({"circles": [{"centre": "ZZ1 1AA", "metres": 2100}]}, "A", 1.0, 0.25),
    ({"postcodes": list(POSTCODES.index[:16])}, "A", 1.0, 0.0),
    ({"postcodes": ["zz1 1aa", "ZZ11AB", "ZZ1 2AA", "ZZ12AB", "ZZ1 3AA", "ZZ1 3AB"]}, "A", 1.0, 0.25),
    ({"msoas": ["M 002"], "oas": oas(0, 1, 2, 3)}, "ACD", 1.0, 0.0),
]  # fmt: skip


@pytest.mark.parametrize(("area", "expected", "captured", "outside"), WAYS)
def test_places_become_whole_lsoas(area, expected, captured, outside):
    resolved = resolve_area(make_file(**area), REGISTER)
    assert name(resolved.codes) == expected
    if resolved.wanted is not None:
        assert (resolved.captured, resolved.outside) == pytest.approx((captured, outside))


def test_people_count_where_they_are_known():
    people = OAS.assign(population=pd.array([900, 10, 10, 80] * 4, dtype="Int64"))
    register = make_register(oas=lambda: people.reset_index())
    resolved = resolve_area(make_file(oas=oas(1, 2, 3, 4)), register)
    # Three of the four output areas of A hold a tenth of its people; one of B holds most.
    assert name(resolved.codes) == "B"
    assert resolved.captured == pytest.approx(900 / 1000)
    assert resolved.outside == pytest.approx(100 / 1000)


def test_an_lsoa_whose_output_areas_are_not_in_the_store_is_taken_as_named():
    fewer = OAS[OAS["lsoa21_code"] != "Z01000004"]
    register = make_register(oas=lambda: fewer.reset_index())
    resolved = resolve_area(make_file(lsoas=["D"], oas=oas(0, 1, 2)), register)
    assert name(resolved.codes) == "AD"


# one row per definition that leaves nothing, or cannot be used, and words of its message
REFUSED = [
    ({"oas": oas(4)}, "at most 25% of the people of an LSOA, in Z01000002"),
    ({"wards": ["Near"], "exclude": {"wards": ["Near"]}}, "exclusions leave nothing"),
    ({"oas": ["Z00000099"]}, "Did you mean 'Z000000"),
    ({"parishes": ["Prava"]}, "Did you mean 'Parva'"),
    ({"postcodes": ["ZZ1"]}, "not a whole postcode"),
    ({"postcodes": ["ZZ9 9ZZ"]}, "none of the postcodes"),
    ({"circles": [{"centre": "here", "metres": 5}]}, "neither a postcode nor a pair"),
    ({"circles": [{"centre": "51.7, -1.2", "metres": 5}]}, "no output area of the store"),
    ({"circles": [{"centre": "ZZ9 9ZZ", "metres": 5}]}, "does not place this postcode"),
]


@pytest.mark.parametrize(("area", "words"), REFUSED)
def test_what_cannot_be_used_is_told(area, words):
    with pytest.raises(ParameterError, match=r"area\.yml") as caught:
        resolve_area(make_file(**area), REGISTER)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("area", "missing", "words"),
    [
        ({"oas": oas(1)}, "oas", "holds no output areas"),
        ({"parishes": ["Parva"]}, "parishes", "holds no look-up of parishes"),
        ({"postcodes": ["ZZ1 1AA"]}, "postcodes", "holds no look-up of postcodes"),
    ],
)
def test_a_store_without_the_look_up_says_so(area, missing, words):
    readers = {k: v for k, v in REGISTER.readers.items() if k != missing}
    with pytest.raises(ParameterError, match=words):
        resolve_area(make_file(**area), Register(LSOAS, WARDS, MSOAS, NONE, OLD, readers))


def test_places_named_twice_count_once_and_are_told():
    resolved = resolve_area(make_file(wards=["Near"], lsoas=["A"]), REGISTER)
    assert name(resolved.codes) == "AB"
    assert any("1 LSOA is named by more than one place" in n.text for n in resolved.notes)


def draw(tmp_path, shapes, file="outline.geojson", crs="EPSG:27700", **columns):
    frame = gpd.GeoDataFrame(columns or {"id": range(len(shapes))}, geometry=shapes, crs=crs)
    path = tmp_path / file
    if file.endswith(("geojson", "json", "kml")):
        frame = frame.to_crs("EPSG:4326")
    frame.to_file(path)
    return path


AROUND_A = box(449_500, 199_500, 453_500, 200_500)


@pytest.mark.parametrize("file", ["a.geojson", "a.gpkg", "a.kml", "A.GEOJSON"])
def test_an_outline_is_read_from_every_format(file, tmp_path):
    if file == "A.GEOJSON":
        draw(tmp_path, [AROUND_A], "a.geojson").rename(tmp_path / file)
    else:
        draw(tmp_path, [AROUND_A], file)
    resolved = resolve_area(make_file(tmp_path, outlines=[file]), REGISTER)
    assert name(resolved.codes) == "A"
    assert resolved.outlines.geometry.area.sum() == pytest.approx(AROUND_A.area, rel=1e-3)


def test_a_ring_that_crosses_itself_is_repaired_and_told(tmp_path):
    bow = Polygon([(449_500, 199_500), (453_500, 200_500), (453_500, 199_500), (449_500, 200_500)])
    outline = read_outline(draw(tmp_path, [bow]))
    assert outline.shape.is_valid
    assert (
        "Polygon 1 of the outline was not valid (Self-intersection) and was repaired"
        in (outline.notes[0])
    )


def test_polygons_that_overlap_count_once_and_holes_are_left_out(tmp_path):
    ring = box(449_500, 199_500, 457_500, 200_500).difference(
        box(451_500, 199_800, 453_400, 200_200)
    )
    outline = read_outline(
        draw(tmp_path, [ring, AROUND_A.difference(box(451_400, 199_700, 453_500, 200_300))])
    )
    assert any("overlap" in note for note in outline.notes)
    assert any("1 hole" in note for note in outline.notes)
    resolved = resolve_area(make_file(tmp_path, outlines=["outline.geojson"]), REGISTER)
    # Output areas 2 and 3 lie in the hole: A has half of its own, with the first.
    assert name(resolved.codes) == "AB"
    assert resolved.outside == pytest.approx(2 / 8)


def test_an_outline_beyond_the_small_areas_of_the_store_is_told(tmp_path):
    draw(tmp_path, [box(445_500, 199_500, 453_500, 200_500)])
    notes = resolve_area(make_file(tmp_path, outlines=["outline.geojson"]), REGISTER).notes
    assert any(
        "50% of outline.geojson lies where the store has no small areas" in n.text for n in notes
    )


def test_output_areas_near_the_line_are_counted(tmp_path):
    draw(tmp_path, [box(449_500, 199_500, 453_050, 200_500)])
    notes = resolve_area(make_file(tmp_path, outlines=["outline.geojson"]), REGISTER).notes
    assert any(
        n.text.startswith("1 output areas have their centre within 100 metres") for n in notes
    )


def write(tmp_path, file: str, text: str):
    (tmp_path / file).write_text(text, encoding="utf-8")
    return tmp_path / file


def test_outlines_that_cannot_be_used_are_refused(tmp_path):
    point = '{"type": "Point", "coordinates": [-1.2, 51.7]}'
    cases = {
        "a.txt": ("", "this kind of file cannot be read"),
        "b.geojson": ("not json", "cannot be read"),
        "c.geojson": (point, "something other than a polygon"),
        "d.geojson": ('{"type": "FeatureCollection", "features": []}', "no polygon"),
        "e.geojson": (
            '{"type": "Polygon", "coordinates": [[[51.7, -1.2], [51.8, -1.2], [51.8, -1.1], [51.7, -1.2]]]}',
            "longitude before latitude",
        ),
    }
    for file, (text, words) in cases.items():
        with pytest.raises(ParameterError, match=words):
            read_outline(write(tmp_path, file, text))
    frame = gpd.GeoDataFrame({"id": [1]}, geometry=[AROUND_A])
    with pytest.warns(UserWarning, match="crs"):
        frame.to_file(tmp_path / "f.gpkg")
    with pytest.raises(ParameterError, match="does not say which coordinates"):
        read_outline(tmp_path / "f.gpkg")


def test_all_problems_of_a_definition_are_told_at_once(tmp_path):
    write(tmp_path, "b.geojson", "not json")
    write(tmp_path, "p.csv", "postcode\nZZ1 1AA\nnowhere\n12\n")
    file = make_file(
        tmp_path,
        wards=["Nera"],
        outlines=["b.geojson"],
        postcode_files=["p.csv"],
        oas=["Z00000099"],
    )
    with pytest.raises(ParameterError) as caught:
        resolve_area(file, REGISTER)
    told = "\n".join(map(str, caught.value.problems))
    assert len(caught.value.problems) == 5
    for words in ("'Near'", "b.geojson", "row 3", "row 4", "Z00000099"):
        assert words in told


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("postcode\nZZ1 1AA\nzz1 1ab\n", ["ZZ11AA", "ZZ11AB"]),
        ("ZZ1 1AA\nZZ1 1AB\n", ["ZZ11AA", "ZZ11AB"]),
        ("\ufeffname,PCDS\nx,ZZ1 1AA\n,\n", ["ZZ11AA"]),
    ],
)
def test_postcode_files_are_read_as_they_come(text, expected, tmp_path):
    assert read_postcodes(write(tmp_path, "p.csv", text)) == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no column of postcodes"),
        ("place\nhere\n", "no column"),
        ("postcode\n", "no postcodes"),
    ],
)
def test_files_without_postcodes_are_refused(text, words, tmp_path):
    with pytest.raises(ParameterError, match=words):
        read_postcodes(write(tmp_path, "p.csv", text))


def test_postcodes_that_ended_or_are_unknown_are_told_and_do_not_count():
    lookup = POSTCODES.copy()
    lookup.iloc[0, lookup.columns.get_loc("is_live")] = False
    lookup.iloc[5, lookup.columns.get_loc("oa21_code")] = None
    placed = place_postcodes([*lookup.index[[0, 1, 2, 5, 8]], "ZZ99ZZ"], lookup)
    # Two of the three live postcodes of the first output area are listed; one of four of the third.
    assert placed.oas == {"Z00000000"}
    assert placed.partial == 1
    assert placed.ended == (lookup.index[0],)
    assert placed.unknown == tuple(sorted(["ZZ99ZZ", lookup.index[5]]))


def test_overlaps_are_told_both_ways():
    area = resolve_area(make_file(wards=["Near"]), REGISTER)
    wards = gpd.GeoDataFrame(
        {"area_code": ["Z05000001", "Z05000009"], "area_name": ["Near", "Neighbour"]},
        geometry=[box(449_500, 199_000, 456_500, 201_000), box(456_500, 199_000, 466_000, 201_000)],
        crs="EPSG:27700",
    )
    other = gpd.GeoDataFrame(
        {"name": ["Health patch"], "kind": ["service area"]},
        geometry=[box(449_500, 199_000, 470_000, 201_000)],
        crs="EPSG:27700",
    )
    table = measure_overlaps(area, REGISTER, wards=wards, service_areas=other)
    told = table.set_index("name")[["share_of_area", "share_of_other"]].round(3).T.to_dict("list")
    assert told == {
        "Health patch": [1.0, 0.5],
        "Near": [0.875, 1.0],
        "North": [1.0, 1.0],
        "Parva": [0.75, 1.0],
        "Neighbour": [0.125, 0.111],
    }
    assert list(table["name"][:2]) == ["Health patch", "Near"]  # those that are named come first


def test_service_areas_need_names_of_their_own(tmp_path):
    shapes = [AROUND_A, box(0, 0, 5, 5)]
    with pytest.raises(ParameterError, match="no names"):
        read_service_areas(draw(tmp_path, shapes))
    with pytest.raises(ParameterError, match="row 2"):
        read_service_areas(draw(tmp_path, shapes, name=["One", "One"]))
    table = read_service_areas(draw(tmp_path, [AROUND_A], NAME=["One"]))
    assert table[["name", "kind"]].values.tolist() == [["One", "service area"]]


def test_pieces_and_holes_of_an_area_are_told():
    def tell(shape):
        frame = gpd.GeoDataFrame(geometry=[shape], crs="EPSG:27700")
        return [note.text for note in describe_shape(frame)]

    ring = box(0, 0, 9, 9).difference(box(3, 3, 6, 6))
    assert tell(box(0, 0, 1, 1)) == []
    assert "2 separate pieces" in tell(box(0, 0, 1, 1).union(box(5, 5, 6, 6)))[0]
    assert "lies around other small areas" in tell(ring)[0]


ANY = st.sets(st.sampled_from(list(OAS.index)), min_size=1)


@settings(deadline=None)
@given(ANY)
def test_an_area_and_the_rest_share_out_every_lsoa(codes):
    def taken(inside):
        fit = fit_small_areas(pd.Index(sorted(inside)), OAS)
        return set(fit.loc[fit["belongs"], "lsoa21_code"])

    inside, outside = taken(codes), taken(set(OAS.index) - codes)
    assert inside | outside == set(LSOAS.index)
    assert not inside & outside


@settings(deadline=None)
@given(ANY, ANY)
def test_adding_places_never_takes_an_lsoa_away(codes, more):
    def taken(inside):
        fit = fit_small_areas(pd.Index(sorted(inside)), OAS)
        return set(fit.loc[fit["belongs"], "lsoa21_code"])

    assert taken(codes) <= taken(codes | more)


@settings(deadline=None)
@given(st.lists(st.tuples(*[st.floats(0, 16_000)] * 2), min_size=1, max_size=8))
def test_many_outlines_at_once_are_as_one_by_one(spans):
    outlines = gpd.GeoSeries(
        [box(450_000 + min(s) - 1, 199_000, 450_000 + max(s) + 1, 201_000) for s in spans],
        crs="EPSG:27700",
    )
    together = fit_outlines(outlines, OAS)
    for place, outline in enumerate(outlines):
        inside = OAS.index[OAS["x"].between(outline.bounds[0], outline.bounds[2], "neither")]
        alone = fit_small_areas(inside, OAS)
        own = together[together["outline"] == place].drop(columns="outline").reset_index(drop=True)
        pd.testing.assert_frame_equal(own, alone, check_dtype=False)
