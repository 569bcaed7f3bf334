"""A city's own lists, food banks without names, green spaces as maps, and points of postcodes."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import pytest
from shapely.geometry import MultiPolygon, Point, Polygon, box

from cip.sources.fetch import fetch_folder
from cip.store import Store

from ..support.reading import fetch, refuse
from ..support.web import make_zip
from .test_sources_places import write

CENTRES = [
    "Name,Location,Phone,Email,Website,Room Hire Information,Bookings Contact",
    '"Tinton Hall","1 High Street Tinton OX1 1AA. Tinton\nUK\n(51.75, -1.25)",01632 960001,'
    'hall@tinton.example,https://tinton.example/hall,"<p>Call <b>Ada</b></p>",Ada Secret',
    '"Barton Rooms","2 Low Road OX1 1AB. Tinton\nUK\nsee map",,,http://barton.example,,Bo Secret',
]


def test_community_centres_without_the_people(folder: Path) -> None:
    write(folder, CENTRES)
    store = fetch(folder)
    table = store.read("places_community_centres").set_index("name")
    hall = table.loc["Tinton Hall"]
    assert (hall["place_id"], hall["postcode"]) == ("tinton-hall-ox1-1aa", "OX1 1AA")
    assert hall["address"] == "1 High Street Tinton OX1 1AA. Tinton"
    # 51.75 N, 1.25 W is SP 5187 0596 on the National Grid.
    assert (hall["x"], hall["y"]) == pytest.approx((451_873, 205_963), abs=20)
    assert hall["website"] == "https://tinton.example/hall"
    assert table.loc[["Barton Rooms"], ["x", "website"]].isna().all(axis=None)
    text = table.to_csv() + json.dumps(store.entry("places_community_centres").notes)
    for personal in ("Secret", "Ada", "01632", "@", "<p>", "http://barton"):
        assert personal not in text
    assert "row 3, column 'Location': the cell does not end in a latitude" in text


def test_polling_stations_as_the_city_spells_them(folder: Path) -> None:
    rows = ["Polling Station,Address,Lattitude,Longitude"]
    rows += ['The Scout Hall,"The Scout Hall Marston Road Oxford OX3 0ER\n",51.7591, -1.2356']
    rows += ['The Scout Hall,"The Scout Hall Perrin Street OX3 7AR",51.7565, -1.2115']
    rows += ['The Scout Hall,"The Scout Hall Perrin Street OX3 7AR",51.7565, -1.2115']
    rows += ['The Scout Hall,"The Scout Hall, back door OX3 7AR",51.7566, -1.2115']
    write(folder, rows)
    table = fetch(folder).read("places_polling_stations")
    assert table["place_id"].tolist() == [
        "the-scout-hall-ox3-0er",
        "the-scout-hall-ox3-7ar",
        "the-scout-hall-ox3-7ar-2",
    ]
    assert table["postcode"].tolist() == ["OX3 0ER", "OX3 7AR", "OX3 7AR"]
    assert table["x"].between(452_000, 455_500).all()
    assert set(table["place_type"]) == {"Polling station"}


def test_recycling_banks_and_car_parks(folder: Path) -> None:
    write(
        folder,
        [
            "Address,Lattitude,Longitude,Glass,Cans,Plastic,Paper",
            "Acre Shops  Acre Road  OX3 8RA,51.7494,-1.2012,Yes,Yes,No,No",
        ],
        "recycling.csv",
    )
    write(
        folder,
        [
            "Site and location,Lattitude,Longitude,Category,Post code,Directions,Parking Spaces",
            "Park,51.7784,-1.2688,Suburban,ox27lh,From the ring road,26",
            "Street,51.7544,-1.2560,Centre,,,",
            "Field,51.7545,-1.2560,Centre,,,a few",
        ],
        "cars.csv",
    )
    store = fetch(folder)
    bank = store.read("places_recycling").iloc[0]
    assert (bank["name"], bank["postcode"]) == ("Acre Shops Acre Road OX3 8RA", "OX3 8RA")
    cars = store.read("places_car_parks").set_index("place_id")
    assert cars.loc["park-ox2-7lh", ["capacity", "detail"]].tolist() == [26, "From the ring road"]
    assert cars["capacity"].isna().to_dict() == {
        "field": True, "park-ox2-7lh": False, "street": True,
    }  # fmt: skip


def points(*places: tuple[float, float] | None, name: str = "") -> str:
    features = [
        {
            "type": "Feature",
            "properties": {},
            "geometry": {"type": "Point", "coordinates": place} if place else None,
        }
        for place in places
    ]
    named = {"name": name} if name else {}
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}
    return json.dumps({"type": "FeatureCollection", **named, "crs": crs, "features": features})


@pytest.mark.parametrize(
    ("file", "name"), [("a.geojson", "food-banks"), ("Food_Banks_2020.geojson", "")]
)
def test_food_banks_have_a_position_and_no_more(folder: Path, file: str, name: str) -> None:
    (folder / file).write_text(points((-1.25, 51.75), (-1.26, 51.76), None, name=name))
    report = fetch_folder(folder, folder.parent / "store")
    table = Store(folder.parent / "store").read("places_food_banks")
    assert table["place_id"].tolist() == ["51.75000n1.25000w", "51.76000n1.26000w"]
    assert table["name"].isna().all()
    assert set(table["place_type"]) == {"Food bank"}
    assert [w for w in report.warnings if "row 4: the row has neither a name nor a point" in w]


def test_points_without_a_name_are_not_guessed_at(folder: Path) -> None:
    (folder / "other.geojson").write_text(points((-1.25, 51.75), name="somethings"))
    write(folder, CENTRES)
    assert fetch_folder(folder, folder.parent / "store").not_recognised == ["other.geojson"]


# Green spaces


def make_sites(names: dict[str, str], crs: int = 27700) -> gpd.GeoDataFrame:
    ring = Polygon([(0, 0), (200, 0), (200, 20), (20, 20), (20, 200), (0, 200)])
    shapes = [MultiPolygon([ring]), box(1000, 1000, 1100, 1100)]
    moved = gpd.GeoSeries(shapes, crs=27700).translate(450_000, 200_000)
    table = {"id": ["A1", "A2"], "function": ["Public Park Or Garden", "Play Space"]}
    table["distinctiveName1"] = ["Tin Park", None]
    return gpd.GeoDataFrame(table, geometry=moved).to_crs(crs).rename(columns=names)


def make_gates(names: dict[str, str]) -> gpd.GeoDataFrame:
    table = {"id": ["G1"], "accessType": ["Pedestrian"], "refToGreenspaceSite": ["A1"]}
    return gpd.GeoDataFrame(table, geometry=[Point(450_010, 200_000)], crs=27700).rename(
        columns=names
    )


def check_green(store: Store, tolerance: float = 0.1) -> None:
    table = store.read("places_green_space").set_index("place_type")
    park, play = table.loc["Public Park Or Garden"], table.loc["Play Space"]
    assert park["name"] == "Tin Park" and play["name"] != play["name"]
    assert (play["x"], play["y"]) == pytest.approx((451_050, 201_050), abs=tolerance)
    ell = make_sites({}).geometry.iloc[0]
    assert ell.buffer(tolerance).contains(Point(park["x"], park["y"]))
    assert not ell.contains(ell.centroid)  # so that a point inside is not the centre by luck
    assert (park["detail"], play["detail"]) == ("0.8 hectares", "1.0 hectares")


def test_green_spaces_as_a_geopackage(folder: Path) -> None:
    words = {
        "distinctiveName1": "distinctive_name_1",
        "refToGreenspaceSite": "ref_to_greenspace_site",
    }
    path = folder / "opgrsp_gb.gpkg"
    make_sites(words).to_file(path, layer="greenspace_site")
    make_gates({**words, "accessType": "access_type"}).to_file(path, layer="access_point")
    store = fetch(folder)
    check_green(store)
    gate = store.read("places_green_access").iloc[0]
    assert gate[["place_id", "place_type", "x", "y", "detail"]].tolist() == [
        "G1", "Pedestrian", 450_010, 200_000, "A1",
    ]  # fmt: skip


@pytest.mark.parametrize("is_zipped", [True, False])
def test_green_spaces_as_shapefiles(folder: Path, tmp_path: Path, is_zipped: bool) -> None:
    made = tmp_path / "made" if is_zipped else folder
    made.mkdir(exist_ok=True)
    make_sites({"distinctiveName1": "distName1"}).to_file(made / "SP_GreenspaceSite.shp")
    make_gates({"refToGreenspaceSite": "refToGSite"}).to_file(made / "SP_AccessPoint.shp")
    if is_zipped:
        parts = {f"OS Open/data/{p.name}": p.read_bytes() for p in made.iterdir()}
        (folder / "sp.zip").write_bytes(make_zip(parts))
    report = fetch_folder(folder, folder.parent / "store")
    assert report.not_recognised == []
    store = Store(folder.parent / "store")
    check_green(store)
    assert len(store.read("places_green_access")) == 1


@pytest.mark.parametrize(("crs", "tolerance"), [(27700, 0.1), (4326, 0.5)])
def test_green_spaces_as_geojson(folder: Path, crs: int, tolerance: float) -> None:
    make_sites({}, crs).to_file(folder / "site.geojson", driver="GeoJSON")
    check_green(fetch(folder), tolerance)


def test_the_same_site_in_two_squares_is_one(folder: Path) -> None:
    for name in ("SP", "SU"):
        make_sites({}).to_file(folder / f"{name}.gpkg", layer="greenspace_site")
    assert len(fetch(folder).read("places_green_space")) == 2


def test_maps_that_were_cut_short(folder: Path) -> None:
    path = folder / "green.gpkg"
    make_sites({}).to_file(path, layer="greenspace_site")
    path.write_bytes(path.read_bytes()[:30_000])
    make_gates({"refToGreenspaceSite": "refToGSite"}).to_file(folder / "gate.shp")
    (folder / "gate.dbf").unlink()
    (folder / "gate.shx").unlink()
    (folder / "gate.shp").write_bytes((folder / "gate.shp").read_bytes()[:60])
    text = refuse(folder)
    assert "green.gpkg" in text and "The layers of the file cannot be read" in text
    assert "gate.shp" in text


# Points of postcodes

BARE = [
    f'"OX1 1A{letter}",10,{450000 + n},206000,"E92000001","","","","E07000178",""'
    for n, letter in enumerate("ABDEFGHJLN")
]
NO_POINT = '"OX101ZZ",90,0,0,"E92000001","","","","E07000178",""'
LONG = (
    "Postcode,Positional_quality_indicator,Eastings,Northings,Country_code,NHS_regional_HA_code,"
    "NHS_HA_code,Admin_county_code,Admin_district_code,Admin_ward_code"
)


@pytest.mark.parametrize(
    "headings",
    [[], ["PC,PQ,EA,NO,CY,RH,LH,CC,DC,WC"], [LONG], ["PC,PQ,EA,NO,CY,RH,LH,CC,DC,WC", LONG]],
)
def test_code_point_with_and_without_headings(folder: Path, headings: list[str]) -> None:
    write(folder, [*headings, *BARE, NO_POINT], "ox.csv")
    store = fetch(folder)
    table = store.read("postcode_points")
    assert table["postcode"].tolist()[:2] == ["OX1 1AA", "OX1 1AB"]
    assert (table.iloc[0][["quality", "x", "y"]] == [10, 450_000, 206_000]).all()
    last = table.iloc[-1]
    assert (last["postcode"], last["quality"]) == ("OX10 1ZZ", 90)
    assert table.loc[[10], ["x", "y"]].isna().all(axis=None)
    assert "1 rows without a value" in " ".join(store.entry("postcode_points").notes)


def test_headings_alone_are_no_list(folder: Path) -> None:
    write(folder, ["PC,PQ,EA,NO,CY,RH,LH,CC,DC,WC", LONG], "Headers.csv")
    write(folder, BARE, "ox.csv")
    assert fetch_folder(folder, folder.parent / "store").not_recognised == ["Headers.csv"]


@pytest.mark.parametrize(("east", "north"), [("oseast1m", "osnrth1m"), ("east1m", "north1m")])
def test_a_directory_of_postcodes_gives_points_too(folder: Path, east: str, north: str) -> None:
    rows = [f"pcd7,pcds,dointr,doterm,{east},{north},oa21cd"]
    rows += ["OX1 1AA,OX1 1AA,198001,,450673,0205980,E00145477"]
    rows += ["OX1 1AZ,OX1 1AZ,198001,201905,,,E00145477"]
    write(folder, rows, "nspl.csv")
    store = fetch(folder)
    assert len(store.read("lookup_postcode")) == 2
    table = store.read("postcode_points").set_index("postcode")
    assert table.loc["OX1 1AA", ["x", "y"]].tolist() == [450_673, 205_980]
    assert table.loc["OX1 1AZ", "ended"] == "201905"
    assert table.loc[["OX1 1AZ"], "x"].isna().all()
