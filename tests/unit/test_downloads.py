"""Downloads: safe cells, the same bytes, metadata that fits the files, a map of small areas."""

from __future__ import annotations

import codecs
import io
import json
import time
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cip.errors import ExportError
from cip.report.downloads import write_downloads, write_table_text
from cip.report.table_words import COLUMN_UNITS, COLUMN_WORDS, FILE_WORDS, describe_column
from cip.report.workbook import make_text
from cip.schemas import SCHEMAS

from .download_samples import META, make_sources, make_tables, write_outlines


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    return make_tables()


@pytest.fixture(scope="module")
def outlines(tmp_path_factory) -> Path:
    return write_outlines(tmp_path_factory.mktemp("shapes") / "small_areas.geo.parquet")


@pytest.fixture(scope="module")
def folder(tables, outlines, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("downloads")
    sources = make_sources(tables["indicators"])
    write_downloads(tables, folder, META, sources=sources, outlines=outlines)
    return folder


# Files


def test_what_is_written_depends_on_what_is_there(tables, outlines, folder, tmp_path):
    everything = {path.name for path in folder.iterdir()}
    assert everything == {*FILE_WORDS, *(f"{name}.csv" for name in tables)}
    bare = write_downloads({"areas": tables["areas"]}, tmp_path / "bare", META)
    assert [path.name for path in bare] == ["areas.csv", "datapackage.json", "README.txt"]
    empty = {"indicators": tables["indicators"].iloc[:0]}
    names = {path.name for path in write_downloads(empty, tmp_path / "empty", META)}
    assert names == {
        "indicators.csv", "datapackage.json", "indicators.csv-metadata.json", "README.txt",
    }  # fmt: skip
    absent = outlines.with_name("absent.parquet")
    some = write_downloads({"areas": tables["areas"]}, tmp_path / "some", META, outlines=absent)
    assert [path.name for path in some] == [path.name for path in bare]


def test_the_same_input_gives_the_same_bytes(tables, outlines, folder, tmp_path):
    time.sleep(1.1)  # a time of writing would show in whole seconds
    sources = make_sources(tables["indicators"])
    for path in write_downloads(tables, tmp_path, META, sources=sources, outlines=outlines):
        assert path.read_bytes() == (folder / path.name).read_bytes(), path.name


def test_downloads_refuse_names_that_leave_the_folder(tmp_path):
    with pytest.raises(ExportError, match="usable name"):
        write_downloads({"../x": pd.DataFrame()}, tmp_path, META)


def test_the_readme_lists_every_file_and_explains_every_column(tables, folder):
    readme = (folder / "README.txt").read_text(encoding="utf-8")
    assert META.banner in readme
    for path in folder.iterdir():
        assert path.name == "README.txt" or f"  {path.name}: " in readme
    for frame in tables.values():
        for column in frame.columns:
            assert f"\n  {column}: " in readme
    assert "Contains invented data." in readme
    assert "Open Government Licence v3.0" in readme


def test_the_index_says_what_each_file_is():
    from cip.run.publish import list_files

    paths = [f"downloads/{name}" for name in [*FILE_WORDS, "areas.csv"]]
    shown = list_files({"downloads": paths}, below="fernhollow/")["Tables to download"]
    assert [entry["path"] for entry in shown] == [f"fernhollow/{path}" for path in paths]
    assert [entry["note"] for entry in shown[:-1]] == list(FILE_WORDS.values())
    assert shown[-1]["note"] == f"One row per {SCHEMAS['areas'].grain}."


# Words


@pytest.mark.parametrize("table", SCHEMAS)
def test_every_column_of_every_table_has_words(table):
    lacking = [column for column in SCHEMAS[table].columns if not describe_column(table, column)]
    assert lacking == []


def test_no_words_for_columns_that_no_table_has():
    known = {column for schema in SCHEMAS.values() for column in schema.columns}
    known |= {f"{table}.{column}" for table, s in SCHEMAS.items() for column in s.columns}
    assert set(COLUMN_WORDS) | set(COLUMN_UNITS) <= known


# Cells


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("+44 1865", "'+44 1865"),
        ("-cmd", "'-cmd"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("  =1", "'  =1"),
        ("\t=1", "'=1"),
        ("\rtext", "'text"),
        ("\uff1d1+1", "'\uff1d1+1"),  # full-width equals sign
        ("\uff0b1", "'\uff0b1"),
        ("\uff0dx", "'\uff0dx"),
        ("\uff20x", "'\uff20x"),
        ("\ufe66x", "'\ufe66x"),  # small equals sign
        ("\u00a0=1", "'\u00a0=1"),  # behind a space that does not break
        ("\ufeff=1", "'\ufeff=1"),
        ("-4.2", "-4.2"),
        ("[x]", "[x]"),
        ("a=b", "a=b"),
        ("\u2212 3", "\u2212 3"),  # a minus sign is no operator
        ("Z\u00fcrich \u20ac5", "Z\u00fcrich \u20ac5"),
        ("two\nlines", "two lines"),
        ("bell\x07", "bell"),
        ("", ""),
    ],
)
def test_text_cells_are_neutralised(text, safe):
    assert make_text(text) == safe


@given(st.text(max_size=20))
def test_no_text_starts_as_a_formula(text):
    made = make_text(text)
    bare = made.lstrip()
    assert bare[:1] not in ("=", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
    assert bare[:1] not in ("+", "-") or bare.strip("+-.eE0123456789 ") == ""
    assert not any(ord(letter) < 32 for letter in made)
    assert make_text(made) == made


def test_csv_is_safe_and_tidy():
    frame = pd.DataFrame(
        {
            "name": ["=cmd()", "Wessmarch", "\uff1dcmd()", "\tx"],
            "value": [-4.2, None, 0.1, 1e-7],
            "count": pd.array([1, None, -3, 4], dtype="Int64"),
            "flag": pd.array([True, False, None, True], dtype="boolean"),
            "kind": pd.Categorical(["@a", "b", None, "b"]),
        }
    )
    text = write_table_text(frame)
    assert text.split("\r\n") == [
        "name,value,count,flag,kind",
        "'=cmd(),-4.2,1,True,'@a",
        "Wessmarch,,,False,b",
        "'\uff1dcmd(),0.1,-3,,",
        "'\tx,1e-07,4,True,b",
        "",
    ]
    assert frame["name"][0] == "=cmd()"  # the table itself is left alone


def test_csv_gives_back_every_number(tables, folder):
    raw = (folder / "indicators.csv").read_bytes()
    assert raw.startswith(codecs.BOM_UTF8)
    back = pd.read_csv(io.BytesIO(raw), keep_default_na=False, na_values=[""])
    own = tables["indicators"]
    for name in ("value", "lower_95", "upper_95", "numerator", "denominator"):
        pd.testing.assert_series_equal(back[name], own[name], check_exact=True)
    assert back["is_suppressed"].sum() == 1


# Metadata


@pytest.fixture(scope="module")
def package(folder) -> dict:
    return json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))


def test_the_data_package_fits_the_files(package, folder, tables):
    assert [r["path"] for r in package["resources"]] == [f"{name}.csv" for name in tables]
    for resource in package["resources"]:
        table = resource["path"].removesuffix(".csv")
        header = pd.read_csv(folder / resource["path"], nrows=0).columns
        fields = resource["schema"]["fields"]
        assert [field["name"] for field in fields] == list(header)
        assert all(field["description"] for field in fields)
        assert resource["schema"]["missingValues"] == [""]
        assert set(resource["schema"].get("primaryKey", [])) <= set(header)
        kinds = {"text": "string", "number": "number", "count": "integer", "flag": "boolean"}
        for field in fields:
            assert field["type"] == kinds[SCHEMAS[table].columns[field["name"]]]


def test_the_data_package_carries_licence_and_sources(package, tables):
    assert package["licenses"] == [{"name": "OGL-UK-3.0", "title": "Open Government Licence v3.0"}]
    assert [s["name"] for s in package["sources"]] == list(make_sources(tables["indicators"]))
    assert all(len(file["sha256"]) == 64 for s in package["sources"] for file in s["files"])
    assert META.banner in package["description"]
    # An invented figure has no publisher's page.
    assert all("path" not in source for source in package["sources"])


def test_genuine_figures_lead_to_their_publishers(tables, tmp_path):
    genuine = replace(META, is_synthetic=False)
    sources = make_sources(tables["indicators"])
    write_downloads({"areas": tables["areas"]}, tmp_path, genuine, sources=sources)
    package = json.loads((tmp_path / "datapackage.json").read_text(encoding="utf-8"))
    assert all(source["path"].startswith("https://") for source in package["sources"])
    assert "nvented data" in package["description"]  # the attribution
    assert "Synthetic" not in package["description"]


def test_the_csvw_metadata_fits_the_file(folder):
    document = json.loads((folder / "indicators.csv-metadata.json").read_text(encoding="utf-8"))
    assert document["@context"][0] == "http://www.w3.org/ns/csvw"
    assert document["url"] == "indicators.csv"
    assert "Synthetic" in document["dc:description"]
    columns = {column["name"]: column for column in document["tableSchema"]["columns"]}
    assert list(columns) == list(pd.read_csv(folder / "indicators.csv", nrows=0).columns)
    assert columns["value"]["datatype"] == "double"
    assert columns["value"]["null"] == ""
    assert columns["value"]["schema:unitText"]
    assert columns["is_suppressed"]["datatype"] == {"base": "boolean", "format": "True|False"}
    assert all(column["dc:description"] for column in columns.values())
    assert document["tableSchema"]["primaryKey"] == list(SCHEMAS["indicators"].key)


# GeoPackage


def test_the_geopackage_holds_outlines_figures_and_words(folder, tables):
    path = folder / "small_areas.gpkg"
    shapes = gpd.read_file(path, layer="small_areas")
    assert shapes.crs.to_epsg() == 4326
    assert set(shapes.geom_type) == {"MultiPolygon"}
    assert list(shapes["area_code"]) == ["Z01000001", "Z01000002"]
    names = tables["small_area_values"]["indicator_id"].unique()
    assert shapes[names[0]].tolist() == [12.5, 7.25]
    assert shapes[names[1]].isna().tolist() == [False, True]
    words = pyogrio.read_dataframe(path, layer="columns").set_index("column")["meaning"]
    assert set(words.index) == set(shapes.columns) - {"geometry"}
    assert (words.str.len() > 0).all()
    about = pyogrio.read_info(path, layer="small_areas")["dataset_metadata"]
    assert META.banner in about["ATTRIBUTION"]
    assert about["LICENCE"] == META.licence


def test_writing_a_geopackage_leaves_the_settings_of_gdal_alone(folder):
    assert pyogrio.get_gdal_config_option("OGR_CURRENT_DATE") is None


def test_outlines_without_figures_make_a_geopackage_too(outlines, tmp_path):
    write_downloads({}, tmp_path, META, outlines=outlines)
    shapes = gpd.read_file(tmp_path / "small_areas.gpkg", layer="small_areas")
    assert list(shapes.columns) == ["area_code", "area_name", "geometry"]
