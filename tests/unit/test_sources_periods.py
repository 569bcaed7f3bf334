"""Counts of several periods: mid-year population, claimants, children in low income families."""

from __future__ import annotations

import zipfile
from pathlib import Path

import openpyxl
import pytest

from ..support.reading import fetch, refuse

AGES = [str(n) for n in range(90)] + ["90+"]
LOOKUP = (
    "LSOA11CD,LSOA11NM,CHGIND,LSOA21CD,LSOA21NM,LAD22CD,LAD22NM\n"
    "Z01000001,A,U,Z01000001,A,Z07000001,T\nZ01000002,B,S,Z01000003,C,Z07000001,T\n"
)


def write_sheets(path: Path, sheets: dict[str, list[list[object]]]) -> None:
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for name, rows in sheets.items():
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append(row)
    workbook.save(path)


def write_renamed(folder: Path, *, total: int = 91) -> None:
    rows = [["lsoa11_name", "lsoa11_code", "total_population", *AGES]]
    rows += [["Tinton 001A", "Z01000001", str(total), *["1"] * 91]]
    (folder / "a.csv").write_text("\n".join(map(",".join, rows)) + "\n", encoding="utf-8")


def test_single_years_and_bands(folder: Path) -> None:
    write_renamed(folder)
    store = fetch(folder)
    row = store.read("mid_year_population_lsoa11").iloc[0]
    assert (row["period"], row["total"], row["age_0"], row["age_90_plus"]) == ("2020", 91, 1, 1)
    assert (row["age_0_4"], row["age_85_plus"]) == (5, 6)
    assert (row["age_0_15"], row["age_16_64"], row["age_65_plus"]) == (16, 49, 26)
    assert store.entry("mid_year_population_lsoa11").period == "2020"


def test_a_total_that_is_off_is_refused(folder: Path) -> None:
    write_renamed(folder, total=191)
    assert "row 2: The total 'total' is not the sum of its parts" in refuse(folder)


def test_persons_of_the_older_workbook(folder: Path) -> None:
    headings = ["LSOA Code", "LSOA Name", "LA Code (2020 boundaries)", "All Ages"]
    headings += [*range(90), "90+"]
    title = [["Mid-2019 estimates"], [], []]
    for year in ("2019", "2020"):
        sheets = {
            f"Mid-{year} {who}": [
                *title,
                headings,
                ["Z01000001", "A", "Z07000001", n * 91, *[n] * 91],
            ]
            for who, n in (("Persons", 3), ("Males", 1), ("Females", 2))
        }
        write_sheets(folder / f"sape{year}.xlsx", sheets)
    table = fetch(folder).read("mid_year_population_lsoa11")
    assert table["period"].tolist() == ["2019", "2020"]
    assert table["total"].tolist() == [273, 273]


def test_women_and_men_make_persons(folder: Path) -> None:
    headings = ["LAD 2023 Code", "LAD 2023 Name", "LSOA 2021 Code", "LSOA 2021 Name", "Total"]
    headings += [f"{sex}{age}" for sex in "FM" for age in range(91)]
    row = ["Z07000001", "T", "Z01000003", "C", 273, *[1] * 91, *[2] * 91]
    rows = [["Mid-year estimates"], [], [], headings]
    sheets = {f"Mid-{year} LSOA 2021": [*rows, row] for year in (2022, 2023)}
    write_sheets(folder / "sape.xlsx", {"Contents": [["Mid-2021 to Mid-2024"]], **sheets})
    store = fetch(folder)
    table = store.read("mid_year_population_lsoa21")
    # The file has no persons by age: they are added up.
    first = table.iloc[0]
    assert (first["age_0"], first["female_age_0"], first["male_age_90_plus"]) == (3, 1, 2)
    assert (first["total"], first["age_65_plus"]) == (273, 78)
    assert table["period"].tolist() == ["2022", "2023"]
    assert store.entry("mid_year_population_lsoa21").period == "2022 to 2023"


def api_rows(*, areas: str = "2021", genders: tuple[str, ...] = ("Total",)) -> list[str]:
    head = "DATE,GEOGRAPHY_NAME,GEOGRAPHY_CODE,GEOGRAPHY_TYPE,GENDER_NAME,C_AGE_NAME,"
    rows = [head + "MEASURES_NAME,OBS_VALUE"]
    kind = f"{areas} super output areas - lower layer"
    ages = [("All Ages", 91), *((f"Age {n}", 1) for n in range(90)), ("Aged 90+", 1)]
    for gender in genders:
        rows += [f"2022,A,Z01000001,{kind},{gender},{age},Value,{n}" for age, n in ages]
    return rows


@pytest.mark.parametrize("areas", ["2011", "2021"])
def test_nomis_says_which_areas_they_are(folder: Path, areas: str) -> None:
    text = "\n".join(api_rows(areas=areas, genders=("Total", "Male"))) + "\n"
    (folder / "a.csv").write_text(text, encoding="utf-8")
    store = fetch(folder)
    assert store.products() == [f"mid_year_population_lsoa{areas[2:]}"]
    row = store.read(store.products()[0]).iloc[0]
    assert (row["period"], row["total"], row["age_90_plus"]) == ("2022", 91, 1)


CLAIMANTS = (
    "DATE,GEOGRAPHY_NAME,GEOGRAPHY_CODE,GENDER_NAME,AGE_NAME,MEASURE_NAME,MEASURES_NAME,OBS_VALUE"
)


def claimant(code: str, age: str, n: object, month: str = "2024-05") -> str:
    return f"{month},A,{code},Total,{age},Claimant count,Value,{n}"


def write_claimants(folder: Path, rows: list[str]) -> None:
    (folder / "lookup.csv").write_text(LOOKUP, encoding="utf-8")
    (folder / "a.csv").write_text("\n".join([CLAIMANTS, *rows]) + "\n", encoding="utf-8")


def test_claimants_by_month(folder: Path) -> None:
    rows = []
    for month in ("2024-04", "2024-05"):
        for code, n in (("Z01000001", 10), ("Z01000003", 25)):
            rows += [claimant(code, "All categories: Age 16+", n, month)]
            rows += [claimant(code, "Aged 16-24", 5, month), claimant(code, "Aged 25+", n, month)]
            rows += [claimant(code, "Aged 50+", 5, month)]
    rows = [row for row in rows if "Aged 25+" not in row]
    rows += [row.replace("Claimant count", "Claimants as a proportion") for row in rows]
    rows += [row.replace(",Total,", ",Male,") for row in rows]
    write_claimants(folder, rows)
    store = fetch(folder)
    table = store.read("claimants")
    assert table["period"].tolist() == ["2024-04", "2024-05"] * 2
    assert table["total"].tolist() == [10, 10, 25, 25]
    assert table["age_16_24"].tolist() == [5] * 4
    entry = store.entry("claimants")
    assert (entry.vintages, entry.period) == ({"lsoa": "2021"}, "2024-04 to 2024-05")


def test_faults_of_claimants(folder: Path) -> None:
    ages = ["All categories: Age 16+", "Aged 16-24", "Aged 50+"]
    rows = [claimant("Z01000003", age, 5) for age in ages]
    rows += [claimant("Z01000001", ages[0], "many"), claimant("Z01000001", ages[1], 5, "May")]
    write_claimants(folder, rows)
    text = refuse(folder)
    assert "row 5, column 'OBS_VALUE': The cell is not a number. Found: 'many'" in text
    assert "row 6, column 'DATE': The cell does not say which period the row is of" in text


def low_income(kind: str, counts: list[list[object]]) -> list[list[object]]:
    return [
        [f"Table 1: Number and percentage of children in {kind} low income families"],
        ["This sheet has one table."],
        [
            "Local Authority [note 2]",
            "Area Code",
            "Number of children \nFYE 2022",
            "Number of children \nFYE 2023\n[p]",
            "Percentage of children \nFYE 2023\n(%)\n[p] [note 3]",
        ],
        *counts,
    ]


ROWS = [["Tinton", "Z07000001", 120, 130, 0.21], ["England", "Z92000001", 900, 950, 0.2]]


def write_low_income(folder: Path, rows: list[list[object]]) -> None:
    sheets = {
        "Contents": [["Children in low income families: Relative and Absolute"]],
        "1_Relative_Local_Authority": low_income("Relative", rows),
        "2_Absolute_Local_Authority": low_income("Absolute", rows[:1]),
    }
    write_sheets(folder / "children.xlsx", sheets)


def test_children_in_low_income_families(folder: Path) -> None:
    write_low_income(folder, ROWS)
    store = fetch(folder)
    table = store.read("children_low_income").set_index(["area_code", "period"])
    assert table.loc[("Z07000001", "2022"), "relative_low_income"] == 120
    assert table.loc[("Z07000001", "2023"), "absolute_low_income"] == 130
    assert table.loc[("Z92000001", "2023"), "relative_low_income"] == 950
    assert table["absolute_low_income"].isna().sum() == 2
    assert store.entry("children_low_income").period == "2022 to 2023"


def test_faults_of_children_in_low_income_families(folder: Path) -> None:
    write_low_income(folder, [["Tinton", "Z07000001", "lots", 13.5, 0.2], *ROWS[1:]])
    text = refuse(folder)
    assert "sheet '1_Relative_Local_Authority', row 4" in text
    assert "The cell is not a number. Found: 'lots'" in text
    assert "The number is not whole. Found: '13.5'" in text


SPACES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
)


def write_ods(path: Path, sheet: str, rows: list[list[object]]) -> None:
    """Write a workbook as LibreOffice does, filled up with repeated empty cells and rows."""
    text = ""
    for row in rows:
        cells = "".join(
            f'<table:table-cell office:value-type="float" office:value="{cell}"/>'
            if isinstance(cell, int | float)
            else '<table:table-cell office:value-type="string">'
            f"<text:p>{cell}</text:p></table:table-cell>"
            for cell in row
        )
        filler = '<table:table-cell table:number-columns-repeated="16000"/>'
        text += f"<table:table-row>{cells}{filler}</table:table-row>"
    text += '<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row>'
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    entry = f'<m:file-entry m:full-path="/" m:media-type="{kind}"/>'
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", kind)
        manifest = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
        archive.writestr(
            "META-INF/manifest.xml", f'<m:manifest xmlns:m="{manifest}">{entry}</m:manifest>'
        )
        archive.writestr(
            "content.xml",
            f"<office:document-content {SPACES}><office:body><office:spreadsheet>"
            f'<table:table table:name="{sheet}">{text}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )


def test_an_opendocument_workbook(folder: Path) -> None:
    write_ods(folder / "a.ods", "1_Relative_Local_Authority", low_income("Relative", ROWS))
    table = fetch(folder).read("children_low_income")
    assert table["relative_low_income"].tolist() == [120, 130, 900, 950]
    assert table["period"].tolist() == ["2022", "2023"] * 2


def test_a_cut_opendocument_workbook(folder: Path) -> None:
    write_ods(folder / "a.ods", "1_Relative_Local_Authority", low_income("Relative", ROWS))
    path = folder / "a.ods"
    path.write_bytes(path.read_bytes()[:-300])
    assert "a.ods: The file is cut short or damaged" in refuse(folder)
