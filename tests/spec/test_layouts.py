"""Every layout kind, on tiny hand-made files: what goes in, and exactly what must come out."""

from __future__ import annotations

import gzip
import json
import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cip.catalogue.sources import load_sources
from cip.sources.fetch import fetch_folder
from cip.store import Store

HEALTH = ["Total: All usual residents", "Very good health", "Good health", "Fair health"]
HEALTH += ["Bad health", "Very bad health"]
AREAS = [("Tinton 001A", "Z01000001"), ("Tinton 001B", "Z01000002")]
COUNTS = [[100, 40, 30, 20, 7, 3], [1200, 500, 400, 200, 60, 40]]
SQUARE = {"type": "Polygon", "coordinates": [[[0, 50], [1, 50], [1, 51], [0, 51], [0, 50]]]}


def fetch(folder: Path) -> Store:
    fetch_folder(folder, folder.parent / "store")
    return Store(folder.parent / "store")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    return tmp_path / "in"


def bulk_text(*, measures: bool = True) -> str:
    ending = "; measures: Value" if measures else ""
    headings = ["date", "geography", "geography code"]
    headings += [f"General health: {label}{ending}" for label in HEALTH]
    rows = [["2021", *area, *map(str, n)] for area, n in zip(AREAS, COUNTS, strict=True)]
    return "\n".join(",".join(row) for row in [headings, *rows]) + "\n"


def query_text() -> str:
    rows = [["TS037 - General health"], ["ONS Crown Copyright Reserved [from Nomis]"], []]
    rows += [
        ["Units", "Persons"],
        [],
        ["2021 super output area - lower layer", "mnemonic", *HEALTH],
    ]
    rows += [[], *([*a, *map(str, n)] for a, n in zip(AREAS, COUNTS, strict=True)), []]
    rows += [["", '"In order to protect against disclosure of personal information, records"']]
    rows += [["", "have been swapped, and counts perturbed by small amounts"]]
    return "\n".join(",".join(row) for row in rows) + "\n"


def check_health(store: Store) -> None:
    table = store.read("ts037")
    assert list(table.columns) == [
        "area_code",
        "area_name",
        "level",
        "total",
        "very_good",
        "good",
        "fair",
        "bad",
        "very_bad",
    ]
    assert table["area_code"].tolist() == ["Z01000001", "Z01000002"]
    assert table["area_name"].tolist() == ["Tinton 001A", "Tinton 001B"]
    assert table["level"].tolist() == ["lsoa", "lsoa"]
    assert table.iloc[:, 3:].to_numpy().tolist() == COUNTS
    assert {str(dtype) for dtype in table.dtypes[3:]} == {"Int64"}


def test_nomis_bulk(folder: Path) -> None:
    (folder / "a.csv").write_text(bulk_text(), encoding="utf-8")
    store = fetch(folder)
    check_health(store)
    assert store.is_synthetic
    assert store.entry("ts037").files[0].layout == "nomis_bulk"


def test_nomis_bulk_without_measures(folder: Path) -> None:
    (folder / "a.csv").write_text(bulk_text(measures=False), encoding="utf-8")
    check_health(fetch(folder))


def test_nomis_query(folder: Path) -> None:
    (folder / "download.csv").write_text(query_text(), encoding="utf-8")
    store = fetch(folder)
    check_health(store)
    assert store.entry("ts037").files[0].layout == "nomis_query"


def test_nomis_query_of_another_table_is_not_taken(folder: Path) -> None:
    (folder / "a.csv").write_text(bulk_text(), encoding="utf-8")
    other = query_text().replace("TS037 - General health", "TS999 - Something else")
    (folder / "b.csv").write_text(other, encoding="utf-8")
    report = fetch_folder(folder, folder.parent / "store")
    assert report.not_recognised == ["b.csv"]


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    bom=st.booleans(),
    newline=st.sampled_from(["\n", "\r\n"]),
    quoted=st.booleans(),
    preamble=st.integers(0, 6),
    delimiter=st.sampled_from([",", "\t", ";"]),
    wrapping=st.sampled_from(["plain", "gzip", "zip"]),
    thousands=st.booleans(),
)
def test_the_way_a_file_is_written_does_not_matter(
    tmp_path_factory: pytest.TempPathFactory,
    bom: bool,
    newline: str,
    quoted: bool,
    preamble: int,
    delimiter: str,
    wrapping: str,
    thousands: bool,
) -> None:
    folder = tmp_path_factory.mktemp("way") / "in"
    folder.mkdir()
    rows = [line.split(",") for line in bulk_text().splitlines()]
    if thousands:
        rows = [
            [c if i < 3 or r == 0 else f" {int(c):,} " for i, c in enumerate(row)]
            for r, row in enumerate(rows)
        ]
    # A heading of this layout has a semicolon in it, and so must be quoted.
    needs_quotes = quoted or delimiter == ";" or (thousands and delimiter == ",")
    cells = [[f'"{c}"' if needs_quotes else c for c in row] for row in rows]
    lines = ["A title line"] * preamble + [delimiter.join(row) for row in cells]
    content = (newline.join(lines) + newline).encode("utf-8-sig" if bom else "utf-8")
    if wrapping == "gzip":
        (folder / "a.csv.gz").write_bytes(gzip.compress(content))
    elif wrapping == "zip":
        with zipfile.ZipFile(folder / "a.zip", "w") as archive:
            archive.writestr("inside/a.csv", content)
    else:
        (folder / "a.csv").write_bytes(content)
    check_health(fetch(folder))


def test_windows_text(folder: Path) -> None:
    text = bulk_text().replace("Tinton 001A", "Ynys Môn 001A")
    (folder / "a.csv").write_bytes(text.encode("cp1252"))
    assert fetch(folder).read("ts037")["area_name"].tolist()[0] == "Ynys Môn 001A"


def test_workbook_with_data_on_a_later_sheet_and_row(folder: Path) -> None:
    workbook = openpyxl.Workbook()
    workbook.active.append(["Notes"])
    sheet = workbook.create_sheet("Data")
    sheet.append(["IMD of a small place"])
    sheet.append([])
    sheet.append(
        [
            "LSOA code (2021)",
            "LSOA name (2021)",
            "Local Authority District code (2024)",
            "Local Authority District name (2024)",
            "Index of Multiple Deprivation (IMD) Rank (where 1 is most deprived)",
            "Index of Multiple Deprivation (IMD) Decile (where 1 is most deprived 10% of LSOAs)",
        ]
    )
    sheet.append(["Z01000001", "Tinton 001A", "Z07000001", "Tinton", 5, 1])
    workbook.save(folder / "File_1.xlsx")
    store = fetch(folder)
    iod = store.read("iod2025").iloc[0]
    assert (iod["imd_rank"], iod["imd_decile"], iod["lad_name"]) == (5, 1, "Tinton")
    lookup = store.read("lookup_lsoa21_lad24")
    assert lookup.to_numpy().tolist() == [["Z01000001", "Tinton 001A", "Z07000001", "Tinton"]]


def test_iod_types_and_missing_values(folder: Path) -> None:
    (folder / "a.csv").write_text(
        "LSOA code (2011),Income Score (rate),Income Rank (where 1 is most deprived),"
        "Working age population 18-59/64: for use with Employment Deprivation Domain "
        "(excluding prisoners) \nZ01000001,0.125,1,619.75\nZ01000002,..,2,700\n",
        encoding="utf-8",
    )
    table = fetch(folder).read("iod2019")
    assert str(table["income_rank"].dtype) == "Int64"
    assert table["employment_working_age"].tolist() == [619.75, 700.0]
    assert table["income_score"].tolist()[0] == 0.125
    assert table["income_score"].isna().tolist() == [False, True]


def test_geoportal_imd19_is_a_rank(folder: Path) -> None:
    (folder / "a.csv").write_text(
        "LSOA11CD,LSOA11NM,LAD19CD,LAD19NM,IMD19,FID\nZ01000001,Tinton 001A,Z07000001,Tinton,9,1\n",
        encoding="utf-8",
    )
    table = fetch(folder).read("iod2019")
    assert table["imd_rank"].tolist() == [9]
    assert "imd_score" not in table


def test_plain_long_with_totals(folder: Path) -> None:
    labels = ["No religion", "Christian", "Buddhist", "Hindu", "Jewish", "Muslim", "Sikh"]
    labels += ["Other religion", "Not answered"]
    rows = [f"Z01000001,45,{label},{n},0.1" for n, label in enumerate(labels, start=1)]
    text = "\n".join(["lsoa21_code,total_residents,religion,n,prop", *rows]) + "\n"
    (folder / "a.csv").write_text(text, encoding="utf-8")
    row = fetch(folder).read("ts030").iloc[0]
    assert (row["total"], row["no_religion"], row["not_answered"]) == (45, 1, 9)


def test_long_with_numbers_and_percentages_mixed(folder: Path) -> None:
    source = load_sources()["ts021"]
    rows = ["ltla21_code,ltla21_name,ethnic_group,value"]
    for n, id_ in enumerate(source.require[1], start=1):
        label = source.categories[id_][0]
        rows += [f'Z07000001,Tinton,"{label} (number)",{n}.0']
        rows += [f'Z07000001,Tinton,"{label} (percent)",5.25']
    (folder / "a.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    row = fetch(folder).read("ts021").iloc[0]
    assert row["asian_bangladeshi"] == 1
    assert row["asian"] == 1 + 2 + 3 + 4 + 5
    assert row["total"] == sum(range(1, 20))


def test_ons_dataset_leaves_out_does_not_apply(folder: Path) -> None:
    source = load_sources()["rm008"]
    homes, cars = source.axes
    rows = [
        "Lower tier local authorities Code,Lower tier local authorities,"
        "Car or van availability (3 categories) Code,Car or van availability (3 categories),"
        "Household composition (8 categories) Code,Household composition (8 categories),Observation"
    ]
    for h, home in enumerate(homes.categories.values(), start=1):
        rows.append(f'Z07000001,Tinton,-8,Does not apply,{h},"{home[0]}",99')
        for c, car in enumerate(cars.categories.values()):
            rows.append(f'Z07000001,Tinton,{c},{car[0]},{h},"{home[0]}",{10 * h + c}')
    (folder / "a.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    row = fetch(folder).read("rm008").iloc[0]
    assert row["one_person_66_plus_no_car"] == 10
    assert row["other_households_with_car"] == 71
    assert row["no_car"] == sum(10 * h for h in range(1, 8))


def test_boundaries_also_feed_the_county_lookup(folder: Path) -> None:
    properties = {"LSOA21CD": "Z01000001", "LSOA21NM": "Tinton 001A"}
    properties |= {"LADCD_ACTIVE": "Z07000001", "UTLACD": "Z10000001"}
    feature = {"type": "Feature", "properties": properties, "geometry": SQUARE}
    whole = {"type": "FeatureCollection", "features": [feature]}
    (folder / "a.geojson").write_text(json.dumps(whole), encoding="utf-8")
    store = fetch(folder)
    outline = store.read("boundary_lsoa21")
    assert outline.crs.to_epsg() == 4326
    assert outline.geometry.iloc[0].area == pytest.approx(1.0)
    assert store.read("lookup_lad_county").to_numpy().tolist() == [["Z07000001", "Z10000001"]]


def test_bow_tie_becomes_valid(folder: Path) -> None:
    bow_tie = {"type": "Polygon", "coordinates": [[[0, 50], [1, 51], [1, 50], [0, 51], [0, 50]]]}
    feature = {"type": "Feature", "properties": {"WD25CD": "Z05000001"}, "geometry": bow_tie}
    whole = {"type": "FeatureCollection", "features": [feature]}
    (folder / "a.geojson").write_text(json.dumps(whole), encoding="utf-8")
    store = fetch(folder)
    outline = store.read("boundary_ward").geometry.iloc[0]
    assert outline.is_valid
    assert outline.area == pytest.approx(0.5)
    assert any("repaired" in note for note in store.entry("boundary_ward").notes)


def test_points_in_degrees_become_metres(folder: Path) -> None:
    (folder / "a.csv").write_text(
        "oa21cd,lsoa21cd,msoa21cd,lng,lat\nE00144833,E01028423,E02005928,-1.25,51.75\n",
        encoding="utf-8",
    )
    store = fetch(folder)
    point = store.read("centroid_oa21").iloc[0]
    # On a sphere: 0.75 degrees east of the grid's axis at 400 km, 2.75 north of its foot at -100.
    assert point["x"] == pytest.approx(400_000 + 0.75 * 111_320 * 0.6191, abs=500)
    assert point["y"] == pytest.approx(-100_000 + 2.75 * 111_250, abs=500)
    assert store.read("lookup_oa21").shape == (1, 3)


@pytest.mark.parametrize("edition", ["11", "21"])
def test_postcodes_are_placed_by_either_edition_of_output_areas(folder: Path, edition: str) -> None:
    (folder / "a.csv").write_text(
        f"pcd7,pcd8,pcds,dointr,doterm,usertype,oa{edition}cd,lsoa{edition}cd\n"
        '"AB1 2CD","AB1  2CD","AB1 2CD","199801","","0","E00144833","E01028423"\n'
        '"AB1 2CE","AB1  2CE","AB1 2CE","199801","201903","0","E00144833","E01028423"\n'
        '"AB1 2CF","AB1  2CF","AB1 2CF","199801","","0","S00144833","S01028423"\n',
        encoding="utf-8",
    )
    table = fetch(folder).read("lookup_postcode")
    assert table["postcode"].tolist() == ["AB1 2CD", "AB1 2CE"]  # Scotland is left out
    assert table[f"oa{edition}_code"].tolist() == ["E00144833"] * 2
    assert table["ended"].fillna("").tolist() == ["", "201903"]


def test_parishes_of_any_year_are_read(folder: Path) -> None:
    (folder / "a.csv").write_text(
        "OA21CD,PARNCP22CD,PARNCP22NM,LAD22CD,LAD22NM\nE00144833,E04008097,Here,E07000178,There\n",
        encoding="utf-8",
    )
    table = fetch(folder).read("lookup_oa21_parish")
    assert table.to_numpy().tolist() == [["E00144833", "E04008097", "Here"]]


@pytest.mark.parametrize("heading", ["LAD22CD", "LAD24CD"])
def test_year_in_a_heading_may_vary(folder: Path, heading: str) -> None:
    feature = {"type": "Feature", "properties": {heading: "Z07000001"}, "geometry": SQUARE}
    whole = {"type": "FeatureCollection", "features": [feature]}
    (folder / "a.geojson").write_text(json.dumps(whole), encoding="utf-8")
    assert fetch(folder).read("boundary_district")["area_code"].tolist() == ["Z07000001"]


def test_better_source_wins_and_the_difference_is_told(folder: Path) -> None:
    (folder / "publisher.csv").write_text(bulk_text(), encoding="utf-8")
    headings = ",".join(["lsoa21_code", *(f'"{label}"' for label in HEALTH)])
    (folder / "a_renamed.csv").write_text(
        f"{headings}\nZ01000001,101,41,30,20,7,3\nZ01000003,10,10,0,0,0,0\n", encoding="utf-8"
    )
    report = fetch_folder(folder, folder.parent / "store")
    table = Store(folder.parent / "store").read("ts037").set_index("area_code")
    assert table.loc["Z01000001", "very_good"] == 40
    assert table.loc["Z01000003", "very_good"] == 10
    assert any("ts037: 2 values of a_renamed.csv differ" in w for w in report.warnings)
    assert any("2 values" in note for note in report.products["ts037"].notes)
