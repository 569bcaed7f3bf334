"""The demonstration is invented, complete, consistent, and made again byte for byte."""

import csv
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyproj
import pytest
from shapely import Point, area, union_all

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "params" / "demo" / "source"
MAX_BYTES = 3_000_000
MAX_GAP_DEGREES2 = 1e-9  # shared borders are the same points, so only rounding of areas remains
CODE = re.compile(rb"\b[A-Z]\d{2}\d{6}\b")
POSTCODE = re.compile(rb"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[ABD-HJLNP-UW-Z]{2}\b")
#: Registers of places do not say in which area a place lies; most say its postcode.
WITHOUT_AREAS = {
    "community-centres.csv",
    "food-banks.geojson",
    "greenspace-access-point.geojson",
    "greenspace-site.geojson",
    "libraries.csv",
    "naptan-stops.csv",
    "nhs-hospitals.csv",
    "ods-edispensary.csv",
    "ods-egdpprac.csv",
    "ods-epraccur.csv",
    "polling-stations.csv",
    "publicextract.charity.txt",
    "teaspoon-common.osm",
}
COUNTRY = "Z92000001"
BULK = sorted(SOURCE.glob("census2021-*.csv"))
AREA_COLUMNS = ["date", "geography", "geography code"]


def read_bulk(name: str) -> pd.DataFrame:
    return pd.read_csv(SOURCE / f"census2021-{name}.csv").set_index("geography code")


def read_lookup(name: str) -> pd.DataFrame:
    return pd.read_csv(SOURCE / f"{name}.csv", encoding="utf-8-sig", dtype=str)


def read_boundaries(name: str) -> gpd.GeoDataFrame:
    frame = gpd.read_file(SOURCE / f"{name}_boundaries.geojson")
    code = next(column for column in frame.columns if column.endswith("CD"))
    return frame.set_index(code)


def read_indices(year: int) -> pd.DataFrame:
    (path,) = SOURCE.glob(f"File_7_IoD{year}_*.csv")
    return pd.read_csv(path)


def find_parts(heading: str, headings: list[str]) -> list[str]:
    """Give the columns one step below a sub-total, by the levels in their headings."""
    stem = heading.removesuffix("; measures: Value")
    below = [other for other in headings if other.startswith(stem + ": ")]
    return [h for h in below if not any(h.startswith(b.split(";")[0] + ": ") for b in below)]


def test_files_are_made_again_byte_for_byte(tmp_path: Path) -> None:
    script = ROOT / "scripts" / "make_demo_data.py"
    subprocess.run([sys.executable, script, "--out", tmp_path], check=True, capture_output=True)
    made = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    committed = {path.name: path.read_bytes() for path in SOURCE.iterdir()}
    assert set(made) == set(committed)
    assert [name for name in made if made[name] != committed[name]] == []


def test_files_are_small() -> None:
    assert sum(path.stat().st_size for path in SOURCE.iterdir()) < MAX_BYTES


@pytest.mark.parametrize("path", sorted(SOURCE.iterdir()), ids=lambda path: path.name)
def test_every_code_is_invented(path: Path) -> None:
    """Workbooks are not packed, so that their codes can be read here like any other."""
    content = path.read_bytes()
    if path.name.startswith("ActiveLives"):  # the survey names areas and has no codes
        rows = [*csv.reader(content.decode().splitlines())][5:]
        assert [row[0] for row in rows] == [
            "Inkwell LA",
            "Quillbrook LA",
            "Elsewhere LA",
            "Fableshire CC",
        ]
        return
    codes = CODE.findall(content)
    if path.name in WITHOUT_AREAS:
        assert not codes
        postcodes = POSTCODE.findall(content)
        assert {code[:2] for code in postcodes} <= {b"ZZ"}
        return
    assert codes
    assert {code[:1] for code in codes} == {b"Z"}


@pytest.mark.parametrize("path", BULK, ids=lambda path: path.stem)
def test_parts_of_a_table_add_up_to_its_total(path: Path) -> None:
    frame = pd.read_csv(path).drop(columns=AREA_COLUMNS)
    headings = [*frame.columns]
    if "ts009" in path.name:
        for sex in ("All persons", "Female", "Male"):
            total, *ages = [h for h in headings if h.startswith(f"Sex: {sex};")]
            assert (frame[ages].sum(axis=1) == frame[total]).all()
        totals = [h for h in headings if "Age: Total" in h]
        assert (frame[totals[0]] == frame[totals[1]] + frame[totals[2]]).all()
        return
    if "ts007-" in path.name:  # bands and single years stand side by side
        single = [h for h in headings if re.search(r"under 1 year|Aged \d+ years?;|Aged 100", h)]
        bands = [h for h in headings[1:] if h not in single]
        assert (len(single), len(bands)) == (101, 11)
        assert (frame[single].sum(axis=1) == frame[headings[0]]).all()
        assert (frame[bands].sum(axis=1) == frame[headings[0]]).all()
        return
    leaves = headings[1:]
    if "ts039" in path.name:  # its sub-totals are ranges of hours, not levels of a heading
        subtotals = [h for h in leaves if "19 hours or less" in h or "20 to 49 hours" in h]
        for subtotal in subtotals:
            place = headings.index(subtotal)
            assert (frame[headings[place + 1 : place + 3]].sum(axis=1) == frame[subtotal]).all()
        leaves = [h for h in leaves if h not in subtotals]
    for subtotal in [h for h in leaves if find_parts(h, headings)]:
        assert (frame[find_parts(subtotal, headings)].sum(axis=1) == frame[subtotal]).all()
        leaves.remove(subtotal)
    assert (frame[leaves].sum(axis=1) == frame[headings[0]]).all()


def test_tables_have_the_publishers_sub_totals() -> None:
    headings = [h for h in read_bulk("ts021-lsoa").columns if h.startswith("Ethnic group: ")][1:]
    broad = [h for h in headings if find_parts(h, headings)]
    assert (len(broad), len(headings) - len(broad)) == (5, 19)
    assert "Tenure of household: Social rented" in read_bulk("ts054-lsoa").columns


def test_health_query_can_be_told_from_a_bulk_file_and_adds_up() -> None:
    for name, rows in (("lsoa", 60), ("region", 1), ("country", 1)):
        with (SOURCE / f"ts037-{name}-nomis-query.csv").open(encoding="utf-8", newline="") as lines:
            cells = [*csv.reader(lines)]
        assert cells[0][0] == "TS037 - General health"
        assert cells[6][1:3] == ["mnemonic", "Total: All usual residents"]
        assert "Invented figures" in cells[-2][1]
        figures = [row for row in cells[8:] if row[1].startswith("Z")]
        assert len(figures) == rows
        assert all(int(row[2]) == sum(map(int, row[3:])) for row in figures)


def test_country_and_districts_are_the_sums_of_their_lsoas_but_for_perturbation() -> None:
    lsoas = read_bulk("ts007a-lsoa").drop(columns=["date"])
    districts = read_bulk("ts007a-ltla")
    country = read_bulk("ts007a-ctry").loc[COUNTRY]
    assert len(lsoas) == 500
    counts = lsoas.columns[1:]
    allowed = 3 * (len(counts) - 1)
    assert abs(lsoas[counts[0]].sum() - country[counts[0]]) <= allowed
    assert ((lsoas[counts[1:]].sum() - country[counts[1:]].astype(int)).abs() <= 3).all()
    by_name = lsoas.groupby(lsoas["geography"].str.split().str[0])[counts[0]].sum()
    for _, district in districts.iterrows():
        assert abs(by_name[district["geography"]] - district[counts[0]]) <= allowed


def test_tables_differ_by_a_little_in_the_same_place() -> None:
    totals = pd.DataFrame(
        {name: read_bulk(f"{name}-lsoa").iloc[:, 2] for name in ("ts007a", "ts021", "ts030")}
    ).dropna()
    spread = totals.max(axis=1) - totals.min(axis=1)
    assert 0 < spread.max() < 60
    assert (spread / totals["ts007a"]).max() < 0.03


def test_figures_hold_the_cases_that_profiles_must_survive() -> None:
    ages = read_bulk("ts007a-lsoa")
    young = ages["Age: Aged 20 to 24 years"] / ages["Age: Total"]
    assert (young > 0.25).sum() == 1
    assert (read_bulk("ts052-lsoa").iloc[:, 2:] == 0).any(axis=None)
    bad = read_bulk("ts021-lsoa")[
        "Ethnic group: Black, Black British, Black Welsh, Caribbean or African"
    ]
    assert ((bad > 0) & (bad < 10)).any()


@pytest.mark.parametrize(("year", "count", "in_county"), [(2019, 499, 59), (2025, 500, 60)])
def test_ranks_deciles_and_scores_agree(year: int, count: int, in_county: int) -> None:
    frame = read_indices(year)
    assert frame.shape == (count, 57)
    assert (frame.iloc[:, 2] != "Z07000099").sum() == in_county
    for place in range(4, 52, 3):
        score, rank, decile = (frame.iloc[:, place + step] for step in range(3))
        assert " Score" in score.name and " Rank " in rank.name and " Decile " in decile.name
        assert sorted(rank) == list(range(1, count + 1))
        assert (decile == -(-10 * rank // count)).all()
        from_most = score.to_numpy()[rank.to_numpy().argsort()]
        assert all(more >= less for more, less in pairwise(from_most)), score.name
    assert (frame.iloc[:, 52] == frame.iloc[:, 53:56].sum(axis=1)).all()


def test_overall_index_follows_tenure_in_the_county() -> None:
    """The figures tell one story: poorer places rent more from social landlords."""
    tenure = read_bulk("ts054-lsoa")
    share = tenure["Tenure of household: Social rented"] / tenure.iloc[:, 2]
    rank = read_indices(2025).set_index("LSOA code (2021)").iloc[:, 4]
    assert share.corr(rank.reindex(share.index), method="spearman") < -0.6


def test_boundaries_tile_the_county_without_gap_or_overlap() -> None:
    county = read_boundaries("CTYUA_2023").geometry.iloc[0]
    for name in ("LSOA_2021", "LSOA_2011", "MSOA_2021", "WD_2024", "LAD_2024"):
        frame = read_boundaries(name)
        assert frame.crs.to_epsg() == 4326 and frame.is_valid.all(), name
        union = union_all(frame.geometry.to_numpy())
        assert union.symmetric_difference(county).area < MAX_GAP_DEGREES2, name
        assert abs(area(frame.geometry.to_numpy()).sum() - union.area) < MAX_GAP_DEGREES2, name


def test_small_areas_nest_in_msoas_and_districts_but_not_in_wards() -> None:
    nesting = read_lookup("OA21_LSOA21_MSOA21_LAD22_lookup").drop_duplicates("LSOA21CD")
    lsoas = read_boundaries("LSOA_2021")
    for level, column in (("MSOA_2021", "MSOA21CD"), ("LAD_2024", "LAD22CD")):
        parents = read_boundaries(level).geometry
        for code, parent in zip(nesting["LSOA21CD"], nesting[column], strict=True):
            assert lsoas.geometry[code].difference(parents[parent]).area < MAX_GAP_DEGREES2
    wards = read_boundaries("WD_2024").geometry
    best = read_lookup("LSOA21_WD24_LAD24_best_fit_lookup")
    outside = [
        lsoas.geometry[code].difference(wards[ward]).area / lsoas.geometry[code].area
        for code, ward in zip(best["LSOA21CD"], best["WD24CD"], strict=True)
    ]
    assert sum(share > 0.1 for share in outside) >= 10


def test_best_fit_puts_every_lsoa_in_the_ward_of_its_centroid() -> None:
    best = read_lookup("LSOA21_WD24_LAD24_best_fit_lookup")
    centroids = read_lookup("LSOA21_population_weighted_centroids").set_index("LSOA21CD")
    to_degrees = pyproj.Transformer.from_crs(27700, 4326, always_xy=True)
    wards, lsoas = read_boundaries("WD_2024").geometry, read_boundaries("LSOA_2021").geometry
    assert sorted(best["LSOA21CD"]) == sorted(centroids.index) == sorted(lsoas.index)
    for code, ward in zip(best["LSOA21CD"], best["WD24CD"], strict=True):
        place = Point(to_degrees.transform(*centroids.loc[code, ["x", "y"]].astype(float)))
        assert wards[ward].contains(place)
        assert lsoas[code].contains(place)


def test_best_fit_crosses_a_district_and_leaves_one_ward_empty() -> None:
    best = read_lookup("LSOA21_WD24_LAD24_best_fit_lookup")
    own = best["LSOA21NM"].str.split().str[0]
    assert 1 <= (own != best["LAD24NM"]).sum() <= 3
    wards = read_boundaries("WD_2024")
    assert [*wards["WD24NM"][wards.index.difference(best["WD24CD"])]] == ["Blotting Paper Isle"]
    assert (best["WD24CD"].value_counts() == 1).sum() == 1


def test_output_areas_nest_in_lsoas() -> None:
    lookup = read_lookup("OA21_LSOA21_MSOA21_LAD22_lookup")
    centroids = read_lookup("OA21_population_weighted_centroids")
    assert lookup["OA21CD"].is_unique
    assert set(lookup["OA21CD"]) == set(centroids["OA21CD"])
    assert lookup.groupby("LSOA21CD")[["MSOA21CD", "LAD22CD"]].nunique().eq(1).all(axis=None)
    assert lookup["LSOA21CD"].nunique() == 60 and len(lookup) == 252


def test_lsoa_changes_have_every_kind_and_match_the_boundaries() -> None:
    pairs = read_lookup("LSOA11_LSOA21_LAD22_exact_fit_lookup")
    then, now = read_boundaries("LSOA_2011"), read_boundaries("LSOA_2021")
    assert set(pairs["F_LSOA11CD"]) == set(then.index)
    assert set(pairs["LSOA21CD"]) == set(now.index)
    unchanged = pairs[pairs["CHGIND"] == "U"]
    assert (unchanged["F_LSOA11CD"] == unchanged["LSOA21CD"]).all()
    for code in unchanged["LSOA21CD"]:
        assert then.geometry[code].equals(now.geometry[code])
    kinds = pairs.groupby("CHGIND")[["F_LSOA11CD", "LSOA21CD"]].nunique()
    assert kinds.loc["S"].tolist() == [2, 4]
    assert kinds.loc["M"].tolist() == [2, 1]
    assert kinds.loc["X"].tolist() == [2, 2]
    overlaps = gpd.overlay(
        then.reset_index()[["LSOA11CD", "geometry"]],
        now.reset_index()[["LSOA21CD", "geometry"]],
        keep_geom_type=True,
    )
    overlaps = overlaps[area(overlaps.geometry.to_numpy()) > MAX_GAP_DEGREES2]
    found = set(zip(overlaps["LSOA11CD"], overlaps["LSOA21CD"], strict=True))
    assert found == set(zip(pairs["F_LSOA11CD"], pairs["LSOA21CD"], strict=True))


def test_centroid_files_keep_the_geoportals_mark_and_line_ends() -> None:
    for name in ("LSOA21", "OA21"):
        data = (SOURCE / f"{name}_population_weighted_centroids.csv").read_bytes()
        assert data.startswith(b"\xef\xbb\xbfFID,")
        assert data.count(b"\r\n") == data.count(b"\n")
