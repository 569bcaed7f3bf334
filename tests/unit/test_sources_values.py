"""Published values: what goes into the store as the publisher gives it, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from cip.periods import order_period
from cip.sources.area_names import fold_name
from cip.sources.fetch import fetch_folder
from cip.sources.values import COLUMNS, write_period

from ..support.reading import fetch, refuse

FINGERTIPS = (
    "Indicator ID,Indicator Name,Parent Code,Parent Name,Area Code,Area Name,Area Type,Sex,Age,"
    "Category Type,Category,Time period,Value,Lower CI 95.0 limit,Upper CI 95.0 limit,"
    "Lower CI 99.8 limit,Upper CI 99.8 limit,Count,Denominator,Value note,Recent Trend,"
    "Compared to England value or percentiles,Time period Sortable,New data,Compared to goal"
)
ROWS = [
    "1,People who hum,,,E92000001,England,England,Persons,18+ yrs,,,2016/17,41.5,41,42,40.5,42.5,"
    "415,1000,,,Not compared,20160000,,",
    "1,People who hum,,,E92000001,England,England,Persons,18+ yrs,Ethnic groups,Any,2016/17,43,,,"
    ",,,,,,Not compared,20160000,,",
    "1,People who hum,,,E92000001,England,England,Persons,18+ yrs,Religion,,2016/17,44,,,,,,,,,"
    "Not compared,20160000,,",
    "1,People who hum,E92000001,England,E07000178,Oxford,District & UA,Female,65+ yrs,,,2017/18,,,"
    ",,,,,Value suppressed,,Not compared,20170000,,",
    "2,Deaths from humming,E07000178,Oxford,E02005940,Oxford 001,MSOA,Persons,All ages,,,2016 - 20,"
    "104.25,90,120,,,77,73.9,,,Similar,20160000,,",
]
ACTIVE = [
    '"Trends","",""',
    '"Levels of humming (More detailed)","",""',
    '"Local Authority and County Council","",""',
    '"Loud: 150-419 mins","",""',
    '"","Nov 15-16","Nov 16-17"',
]
DISTRICTS = (
    "LSOA code (2021),LSOA name (2021),Local Authority District code (2024),"
    "Local Authority District name (2024),Index of Multiple Deprivation (IMD) Rank "
    "(where 1 is most deprived),Index of Multiple Deprivation (IMD) Decile (where 1 is most "
    "deprived 10% of LSOAs)\n"
    "E01000001,Tinton 001A,E07000001,Tinton & Holm,1,1\n"
    'E01000002,Bristle 001A,E06000002,"Bristle, City of",2,1\n'
)
COUNTIES = (
    "date,geography,geography code,Age: Total,"
    + ",".join(f"Age: Aged {n} years" for n in range(2, 100))
    + ",Age: Aged under 1 year,Age: Aged 1 year,Age: Aged 100 years and over\n"
    + "2021,Tintonshire,E10000001,"
    + ",".join(["101", *["1"] * 101])
    + "\n"
)


def write_fingertips(folder: Path, rows: list[str]) -> None:
    text = "\n".join([FINGERTIPS, *rows]) + "\n"
    (folder / "indicators.data.csv").write_text(text, encoding="utf-8")


def write_msoa_lists(folder: Path) -> None:
    """MSOA 001 is the same in both years; 002 was split into 003 and 004."""
    text = "MSOA11CD,MSOA11NM,CHGIND,MSOA21CD,MSOA21NM,LAD22CD,LAD22NM\n"
    for old, new, change in (("5940", "5940", "U"), ("5941", "5943", "S"), ("5941", "5944", "S")):
        text += f"E0200{old},Oxford,{change},E0200{new},Oxford,E07000178,Oxford\n"
    (folder / "msoas.csv").write_text(text, encoding="utf-8")


def test_fingertips(folder: Path) -> None:
    write_fingertips(folder, ROWS)
    write_msoa_lists(folder)
    store = fetch(folder)
    table = store.read("fingertips")
    assert list(table.columns) == list(COLUMNS)
    assert table["series_id"].tolist() == ["1", "1", "2"]
    assert table["level"].tolist() == ["district", "country", "msoa"]
    england = table[table["level"] == "country"].iloc[0]
    assert (england["value"], england["lower_95"], england["upper_998"]) == (41.5, 41, 42.5)
    assert (england["count"], england["denominator"], england["period_order"]) == (415, 1000, 2016)
    woman = table.iloc[0]
    assert (woman["sex"], woman["age"], woman["note"]) == ("Female", "65+ yrs", "Value suppressed")
    assert pd.isna(woman["value"])
    assert any("2 rows left out" in note for note in store.entry("fingertips").notes)


@pytest.mark.parametrize(
    ("codes", "vintage"),
    [
        (["E02005940", "E02005941"], "2011"),
        (["E02005940", "E02005943"], "2021"),
        # Every code is in both lists: the areas are the same, so the latest name will do.
        (["E02005940"], "2021"),
    ],
)
def test_the_year_of_msoas_is_told_by_their_codes(
    folder: Path, codes: list[str], vintage: str
) -> None:
    write_msoa_lists(folder)
    write_fingertips(folder, [ROWS[4].replace("E02005940", code) for code in codes])
    assert fetch(folder).entry("fingertips").vintages == {"msoa": vintage}


def test_districts_need_no_list_of_msoas(folder: Path) -> None:
    write_fingertips(folder, ROWS[:4])
    assert fetch(folder).entry("fingertips").vintages == {}


def test_msoas_without_lists_are_refused(folder: Path) -> None:
    write_fingertips(folder, ROWS)
    assert "there is no list of MSOA 2011 and 2021 codes" in refuse(folder)


def test_faults_of_a_fingertips_file_are_all_told(folder: Path) -> None:
    bad = ROWS[0].replace("41.5", "forty"), ROWS[3].replace("E07000178", "E7000178")
    write_fingertips(folder, [*ROWS[:1], *bad, ROWS[0].replace(",41.5,", ",42.5,")])
    text = refuse(folder)
    assert "row 3, column 'Value': The cell is not a number. Found: 'forty'" in text
    assert "row 4, column 'Area Code': The area code is not of the right form" in text


def test_the_same_figure_twice_with_different_values(folder: Path) -> None:
    write_fingertips(folder, [ROWS[0], ROWS[0].replace(",41.5,", ",42.5,")])
    assert "The same code is there twice with different values" in refuse(folder)


def test_a_row_without_period(folder: Path) -> None:
    write_fingertips(folder, [ROWS[0], ROWS[3].replace("2017/18", "")])
    assert "row 3, column 'Time period': The row does not say which figure it is" in refuse(folder)


def test_missing_column_is_named(folder: Path) -> None:
    write_fingertips(folder, ROWS[:1])
    path = folder / "indicators.data.csv"
    path.write_text(path.read_text("utf-8").replace("Time period,", "When,", 1), "utf-8")
    assert "but a column is missing" in refuse(folder)


def write_active(folder: Path, *names: str) -> None:
    rows = [f'"{name}","{n}1.8%","*"' for n, name in enumerate(names, start=1)]
    (folder / "export.csv").write_text("\n".join([*ACTIVE, *rows]) + "\n", encoding="utf-8")
    (folder / "districts.csv").write_text(DISTRICTS, encoding="utf-8")
    (folder / "counties.csv").write_text(COUNTIES, encoding="utf-8")


def test_areas_by_name(folder: Path) -> None:
    write_active(folder, "Tinton And Holm LA", "Bristle, City of,  LA", "Tintonshire CC")
    path = folder / "export.csv"
    path.write_text(path.read_text("utf-8").replace("humming", "activity"), "utf-8")
    store = fetch(folder)
    table = store.read("active_lives")
    assert list(table.columns) == list(COLUMNS)
    first = table[table["period"] == "Nov 2015 to Nov 2016"]
    assert dict(zip(first["area_code"], first["value"], strict=True)) == {
        "E07000001": 11.8,
        "E06000002": 21.8,
        "E10000001": 31.8,
    }
    assert first["level"].tolist() == ["district", "district", "county"]
    assert set(table["series_id"]) == {"loud_150_419_mins"}
    assert table["series_name"].iloc[0] == "Levels of activity (More detailed): Loud: 150-419 mins"
    assert table[table["period"] == "Nov 2016 to Nov 2017"]["value"].isna().all()


def activity(folder: Path, *names: str) -> None:
    write_active(folder, *names)
    path = folder / "export.csv"
    path.write_text(path.read_text("utf-8").replace("humming", "activity"), "utf-8")


def test_a_slip_in_a_name_is_a_problem_and_an_unknown_area_is_not(folder: Path) -> None:
    activity(folder, "Tinton and Holm LA", "Tinton and Hollm LA", "Far Away LA")
    text = refuse(folder)
    assert "row 7: The area is not known by this name. Found: 'Tinton and Hollm'" in text
    assert "Did you mean 'Tinton & Holm'?" in text
    assert "Far Away" not in text
    activity(folder, "Tinton and Holm LA", "Far Away LA")
    report = fetch_folder(folder, folder.parent / "store")
    assert any("1 areas left out" in w and "Far Away" in w for w in report.warnings)


def test_names_without_any_list_are_refused(folder: Path) -> None:
    activity(folder, "Tinton and Holm LA")
    (folder / "districts.csv").unlink()
    assert "none of its names is known" in refuse(folder)


def test_wide_values_that_are_no_numbers(folder: Path) -> None:
    activity(folder, "Tinton and Holm LA")
    path = folder / "export.csv"
    path.write_text(path.read_text("utf-8").replace("11.8%", "some"), "utf-8")
    assert "row 6, column 'Nov 15-16': The cell is not a number. Found: 'some'" in refuse(folder)


QOF = "lad_code,lad_name,group_code,register,list,prevalence\nE07000001,Tinton,{},8.5,100,0.085\n"


def test_shares_become_percentages(folder: Path) -> None:
    (folder / "qof.csv").write_text(QOF.format("DM"), encoding="utf-8")
    row = fetch(folder).read("qof_prevalence").iloc[0]
    assert (row["value"], row["count"], row["denominator"]) == (8.5, 8.5, 100)
    assert (row["series_id"], row["series_name"]) == ("DM", "Diabetes (17+)")
    assert (row["period"], row["period_order"]) == ("2019/20", 2019)


def test_an_unknown_register_is_a_problem(folder: Path) -> None:
    (folder / "qof.csv").write_text(QOF.format("HUM"), encoding="utf-8")
    assert "row 2, column 'group_code': The code of the series is not one" in refuse(folder)


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Redcar & Cleveland", "redcarandcleveland"),
        ("Herefordshire (County of)", "herefordshirecountyof"),
        ("St. Albans", "stalbans"),
    ],
)
def test_names_are_compared_by_their_letters(written: str, folded: str) -> None:
    assert fold_name(written) == folded


def test_years_in_full() -> None:
    assert write_period("Nov 22-23") == "Nov 2022 to Nov 2023"
    assert order_period(write_period("Nov 16-17")) > order_period(write_period("Nov 15-16"))
