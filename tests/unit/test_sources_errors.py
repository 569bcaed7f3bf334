"""What is refused, what the message says, and that the store stays as it was."""

from __future__ import annotations

import gzip
import hashlib
import json
import zipfile
from pathlib import Path

import pytest

from cip.errors import SourceError
from cip.sources import files as files_module
from cip.sources.fetch import fetch_folder
from cip.store import Store

HEADINGS = (
    "date,geography,geography code,General health: Total: All usual residents,"
    "General health: Very good health,General health: Good health,General health: Fair health,"
    "General health: Bad health,General health: Very bad health"
)
GOOD = [
    "2021,Tinton 001A,Z01000001,100,40,30,20,7,3",
    "2021,Tinton 001B,Z01000002,200,90,60,30,15,5",
    "2021,Tinton 001C,Z01000003,300,140,90,40,20,10",
]
OUTLINE = {"type": "Polygon", "coordinates": [[[0, 50], [1, 50], [1, 51], [0, 51], [0, 50]]]}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    return tmp_path / "in"


def write(folder: Path, rows: list[str], *, headings: str = HEADINGS, end: str = "\n") -> Path:
    path = folder / "health.csv"
    path.write_text("\n".join([headings, *rows]) + end, encoding="utf-8")
    return path


def refuse(path: Path, store: Path | None = None) -> list[str]:
    with pytest.raises(SourceError) as caught:
        fetch_folder(path, store or path.parent / "store")
    return [str(problem) for problem in caught.value.problems]


def hash_tree(root: Path) -> dict[str, str]:
    return {
        p.relative_to(root).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in sorted(root.rglob("*"))
        if p.is_file()
    }


def test_missing_column_is_named_with_the_nearest_heading(folder: Path) -> None:
    headings = HEADINGS.replace("General health: Fair health", "General health: Fare health")
    problems = refuse(write(folder, GOOD, headings=headings))
    assert len(problems) == 1
    assert "Expected: 'General health: Fair health" in problems[0]
    assert "Did you mean 'General health: Fare health'?" in problems[0]


def test_missing_code_column(folder: Path) -> None:
    problems = refuse(write(folder, GOOD, headings=HEADINGS.replace("geography code", "place")))
    assert "Expected: 'geography code'" in problems[0]


def test_all_problems_of_a_file_are_told_at_once(folder: Path) -> None:
    rows = [
        "2021,Tinton 001A,Z01000001,100,forty,30,20,7,3",
        "2021,Tinton 001B,Z01000002,200,90,60,30,15,-5",
        "2021,Tinton 001C,Z0100003,300,140,90,40,20,10.5",
        "2021,Tinton 001D,Z01000004,300,140,100,40,20,0",
    ]
    text = "\n".join(refuse(write(folder, rows)))
    assert "health.csv, row 2, column 'General health: Very good health'" in text
    assert "The cell is not a number. Found: 'forty'" in text
    assert "row 3, column 'General health: Very bad health': A count cannot be negative." in text
    assert "row 4" in text
    assert "The number is not whole. Found: '10.5'" in text
    assert "Found: 'Z0100003'." in text


def test_same_code_twice_with_other_values(folder: Path) -> None:
    rows = [*GOOD, "2021,Tinton 001A,Z01000001,101,41,30,20,7,3"]
    problems = refuse(write(folder, rows))
    assert problems == [
        "health.csv, row 5: The same code is there twice with different values. Found: 'Z01000001'."
    ]


def test_same_row_twice_is_harmless(folder: Path) -> None:
    fetch_folder(write(folder, [*GOOD, GOOD[0]]), folder.parent / "store")
    assert len(Store(folder.parent / "store").read("ts037")) == 3


def test_row_without_code_in_the_middle(folder: Path) -> None:
    rows = [GOOD[0], GOOD[1].replace("Z01000002", ""), GOOD[2]]
    assert refuse(write(folder, rows)) == [
        "health.csv, row 3: The row has values but no area code."
    ]


def test_total_line_under_the_data_is_left_out_with_a_warning(folder: Path) -> None:
    path = write(folder, [*GOOD, ",Total,,600,270,180,90,42,18"])
    report = fetch_folder(path, folder.parent / "store")
    assert any("row 5 under the data" in warning for warning in report.warnings)
    assert report.products["ts037"].rows == 3


def test_cut_short_csv(folder: Path) -> None:
    problems = refuse(write(folder, [*GOOD[:2], "2021,Tinton 001C,Z01000003,300,14"], end=""))
    assert "cut short" in problems[0]


def test_row_with_too_few_cells(folder: Path) -> None:
    problems = refuse(write(folder, [GOOD[0], "2021,Tinton 001B,Z01000002,200,90", GOOD[2]]))
    assert "row 3: The row has another number of cells than the headings." in problems[0]


def test_cut_short_gzip(folder: Path) -> None:
    path = write(folder, [f"2021,Tinton,Z0100{n:04},100,40,30,20,7,3" for n in range(1, 3000)])
    packed = gzip.compress(path.read_bytes())
    path.unlink()
    (folder / "health.csv.gz").write_bytes(packed[: len(packed) // 2])
    assert any("cut short" in problem for problem in refuse(folder))


def test_cut_short_geojson(folder: Path) -> None:
    feature = {"type": "Feature", "properties": {"LSOA21CD": "Z01000001"}, "geometry": OUTLINE}
    text = json.dumps({"type": "FeatureCollection", "features": [feature] * 3})
    (folder / "a.geojson").write_text(text[:-80], encoding="utf-8")
    assert "not valid GeoJSON" in refuse(folder)[0]


def test_workbook_that_is_none(folder: Path) -> None:
    (folder / "a.xlsx").write_bytes(b"this is not a workbook")
    assert "not a readable workbook" in refuse(folder)[0]


def test_cut_short_workbook(folder: Path) -> None:
    with zipfile.ZipFile(folder / "whole.zip", "w") as archive:
        archive.writestr("[Content_Types].xml", "x" * 500)
    content = (folder / "whole.zip").read_bytes()
    (folder / "whole.zip").unlink()
    (folder / "a.xlsx").write_bytes(content[:-40])
    assert "cut short" in refuse(folder)[0]


def test_total_far_from_its_parts(folder: Path) -> None:
    rows = [GOOD[0], GOOD[1].replace(",200,", ",290,"), GOOD[2]]
    problems = refuse(write(folder, rows))
    assert "row 3: The total 'total' is not the sum of its parts." in problems[0]
    assert "Expected: about 200." in problems[0]


def test_total_within_perturbation_is_accepted(folder: Path) -> None:
    fetch_folder(write(folder, [GOOD[0].replace(",100,", ",104,")]), folder.parent / "store")
    assert Store(folder.parent / "store").read("ts037")["total"].tolist() == [104]


def test_long_file_that_lacks_a_row(folder: Path) -> None:
    labels = ["Household is not deprived in any dimension"]
    labels += [
        f"Household is deprived in {n} dimension{s}"
        for n, s in (("one", ""), ("two", "s"), ("three", "s"), ("four", "s"))
    ]
    rows = [f"Z0100000{area},{label},5" for area in (1, 2) for label in labels]
    path = folder / "long.csv"
    path.write_text("\n".join(["lsoa21_code,dims,n", *rows[:-1]]) + "\n", encoding="utf-8")
    problems = refuse(path)
    assert "lacks a row for a category" in problems[0]
    assert "'Z01000002'" in problems[0]
    assert "deprived_4" in problems[0]


def test_unknown_category_names_the_nearest(folder: Path) -> None:
    labels = [
        "Detached",
        "Semi-detached",
        "Terrraced",
        "In a purpose-built block of flats or tenement",
    ]
    rows = [f"Z01000001,{label},5" for label in labels]
    path = folder / "long.csv"
    path.write_text("\n".join(["lsoa21_code,type,n", *rows]) + "\n", encoding="utf-8")
    problems = refuse(path)
    assert "row 4, column 'type'" in problems[0]
    assert "Did you mean 'Terraced'?" in problems[0]


def test_code_that_no_register_has(folder: Path) -> None:
    (folder / "lookup.csv").write_text(
        "OA21CD,LSOA21CD,MSOA21CD\n"
        + "".join(f"Z0000{n:04},Z0100{n:04},Z02000001\n" for n in range(1, 21)),
        encoding="utf-8",
    )
    rows = [f"2021,Tinton,Z0100{n:04},100,40,30,20,7,3" for n in [*range(1, 20), 9020]]
    write(folder, rows)
    problems = refuse(folder)
    assert len(problems) == 1
    assert "row 21" in problems[0]
    assert "The code is not one of LSOA 2021. Found: 'Z01009020'" in problems[0]
    assert "Did you mean 'Z01000020'?" in problems[0]


def test_register_of_the_existing_store_counts_too(folder: Path) -> None:
    store = folder.parent / "store"
    lookup = folder / "lookup.csv"
    lookup.write_text(
        "OA21CD,LSOA21CD,MSOA21CD\n"
        + "".join(f"Z0000{n:04},Z0100{n:04},Z02000001\n" for n in range(1, 21)),
        encoding="utf-8",
    )
    fetch_folder(lookup, store)
    rows = [f"2021,Tinton,Z0100{n:04},100,40,30,20,7,3" for n in [*range(1, 20), 9020]]
    assert "'Z01009020'" in refuse(write(folder, rows), store)[0]


def test_without_a_register_codes_are_said_to_be_unchecked(folder: Path) -> None:
    report = fetch_folder(write(folder, GOOD), folder.parent / "store")
    assert report.products["ts037"].notes == [
        "health.csv: 3 LSOA 2021 codes not checked: there is no list of them."
    ]


def test_fictional_and_real_areas_do_not_mix(folder: Path) -> None:
    store = folder.parent / "store"
    fetch_folder(write(folder, GOOD), store)
    before = hash_tree(store)
    real = folder / "real.csv"
    real.write_text("LTLA23CD,UTLA23CD\nE07000178,E10000025\n", encoding="utf-8")
    assert "cannot share a store" in refuse(real, store)[0]
    assert hash_tree(store) == before


def test_store_is_untouched_after_an_error(folder: Path) -> None:
    store = folder.parent / "store"
    fetch_folder(write(folder, GOOD), store)
    before = hash_tree(store)
    refuse(write(folder, [GOOD[0].replace("40", "x")]), store)
    assert hash_tree(store) == before
    assert sorted(p.name for p in folder.parent.iterdir()) == ["in", "store"]


def test_a_failed_write_leaves_the_store(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = folder.parent / "store"
    fetch_folder(write(folder, GOOD), store)
    before = hash_tree(store)

    def refuse(*_: object, **__: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("cip.sources.fetch.describe_product", refuse)

    with pytest.raises(OSError, match="disk full"):
        fetch_folder(folder, store)
    assert hash_tree(store) == before
    assert sorted(p.name for p in folder.parent.iterdir()) == ["in", "store"]


def test_a_stranger_is_listed_in_a_folder_and_refused_alone(folder: Path) -> None:
    write(folder, GOOD)
    stranger = folder / "stranger.csv"
    stranger.write_text("name,colour\nAnn,red\n", encoding="utf-8")
    report = fetch_folder(folder, folder.parent / "store")
    assert report.not_recognised == ["stranger.csv"]
    assert "not recognised" in refuse(stranger)[0]


def test_folder_in_which_nothing_is_recognised(folder: Path) -> None:
    (folder / "a.bin").write_bytes(b"\x00\x01\x02\xac")
    assert refuse(folder) == [f"{folder}: No file in the folder is recognised."]


def test_path_that_does_not_exist(folder: Path) -> None:
    assert "no such file" in refuse(folder / "nothing")[0]


def test_zip_that_points_outside_is_refused(folder: Path) -> None:
    with zipfile.ZipFile(folder / "a.zip", "w") as archive:
        archive.writestr("../outside.csv", "\n".join([HEADINGS, *GOOD]))
    assert "points outside" in refuse(folder)[0]


def test_zip_that_is_too_large_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with zipfile.ZipFile(folder / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", "0" * 10_000)
    monkeypatch.setattr(files_module, "MAX_BYTES", 1_000)
    assert "too much data" in refuse(folder)[0]


def test_doubtful_heading_is_told(folder: Path) -> None:
    path = folder / "a.csv"
    path.write_text(
        "LSOA code (2011),IMD Rank,IMD Decile,Crime Rnk\nZ01000001,1,1,4\n", encoding="utf-8"
    )
    report = fetch_folder(path, folder.parent / "store")
    assert any("'Crime Rnk' is not known" in w and "'Crime Rank'" in w for w in report.warnings)


def test_wanted_product_without_a_file(folder: Path) -> None:
    write(folder, GOOD)
    with pytest.raises(SourceError, match="No file for 'ts054'"):
        fetch_folder(folder, folder.parent / "store", products=["ts037", "ts054"])


def test_unknown_product(folder: Path) -> None:
    with pytest.raises(SourceError, match="Did you mean 'ts037'"):
        fetch_folder(folder, folder.parent / "store", products=["ts0377"])


def test_other_geographies_are_left_out_with_a_note(folder: Path) -> None:
    rows = ["2021,Oxford,E07000178,100,40,30,20,7,3", "2021,Oxford East,E14000873,100,40,30,20,7,3"]
    rows += ["2021,Fife,S12000047,100,40,30,20,7,3"]
    report = fetch_folder(write(folder, rows), folder.parent / "store")
    assert report.products["ts037"].rows == 1
    assert any("2 rows left out" in note for note in report.products["ts037"].notes)


def test_unknown_coordinate_system(folder: Path) -> None:
    feature = {"type": "Feature", "properties": {"LSOA21CD": "Z01000001"}, "geometry": OUTLINE}
    whole = {
        "type": "FeatureCollection",
        "crs": {"type": "name", "properties": {"name": "EPSG:2157"}},
        "features": [feature],
    }
    (folder / "a.geojson").write_text(json.dumps(whole), encoding="utf-8")
    assert "The coordinate system is not known." in refuse(folder)[0]


def test_metres_without_a_coordinate_system(folder: Path) -> None:
    shape = {"type": "Polygon", "coordinates": [[[4e5, 2e5], [5e5, 2e5], [5e5, 3e5], [4e5, 2e5]]]}
    feature = {"type": "Feature", "properties": {"LSOA21CD": "Z01000001"}, "geometry": shape}
    (folder / "a.geojson").write_text(
        json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8"
    )
    assert "not in degrees" in refuse(folder)[0]
