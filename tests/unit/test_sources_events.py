"""Lists of events: counts by area and year, true zeros, and the year that area codes are of."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cip.errors import SourceError
from cip.sources.fetch import FetchReport, fetch_folder
from cip.sources.windows import name_window, span_months, split_windows
from cip.store import Store

CRIME = (
    "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,"
    "Crime type,Last outcome category,Context"
)
#: District 1 has areas 1 to 3 in both years; its area 4 was split into 5 and 6. District 2 has 11
#: to 14, and none of them changed.
PAIRS = [("001", "001", "1"), ("002", "002", "1"), ("003", "003", "1")]
PAIRS += [("004", "005", "1"), ("004", "006", "1")]
PAIRS += [(n, n, "2") for n in ("011", "012", "013", "014")]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    return tmp_path / "in"


def write_lists(folder: Path) -> None:
    text = "LSOA11CD,LSOA11NM,CHGIND,LSOA21CD,LSOA21NM,LAD22CD,LAD22NM\n"
    for old, new, district in PAIRS:
        change = "U" if old == new else "S"
        text += f"E01000{old},Old {old},{change},E01000{new},New {new},E0700000{district},D\n"
    (folder / "lookup.csv").write_text(text, encoding="utf-8")


def crime(area: str, kind: str = "Burglary", month: str = "2018-06", force: str = "Force A") -> str:
    code = f"E01000{area}" if area else ""
    return f"x,{month},{force},{force},-1.2,51.7,On or near X,{code},Name {area},{kind},,"


def write_crimes(folder: Path, rows: list[str], name: str = "street.csv") -> None:
    (folder / name).write_text("\n".join([CRIME, *rows]) + "\n", encoding="utf-8")


def fetch(folder: Path) -> tuple[Store, FetchReport]:
    report = fetch_folder(folder, folder.parent / "store")
    return Store(folder.parent / "store"), report


def refuse(folder: Path) -> str:
    with pytest.raises(SourceError) as caught:
        fetch_folder(folder, folder.parent / "store")
    assert not (folder.parent / "store").exists()
    return "\n".join(str(problem) for problem in caught.value.problems)


def totals(store: Store, product: str = "crime_street") -> dict[str, int]:
    table = store.read(product)
    return {code[-3:]: int(n) for code, n in zip(table["area_code"], table["total"], strict=True)}


def test_counts_and_true_zeros(folder: Path) -> None:
    write_lists(folder)
    rows = [crime("001"), crime("001", "Drugs"), crime("004"), crime("", "Drugs"), crime("011")]
    write_crimes(folder, rows)
    store, _ = fetch(folder)
    # District 1 has events in two of its four areas of 2011: covered. District 2 in one of four.
    assert totals(store) == {"001": 2, "002": 0, "003": 0, "004": 1}
    table = store.read("crime_street").set_index("area_code")
    assert table.loc["E01000001", ["burglary", "drugs", "robbery"]].tolist() == [1, 1, 0]
    assert set(table["period"]) == {"June 2018"}
    assert set(table["months"]) == {1}
    assert table.loc["E01000002", "area_name"] == "Old 002"
    entry = store.entry("crime_street")
    assert (entry.period, entry.geography) == ("June 2018", "LSOA 2011")
    assert entry.vintages == {"lsoa": "2011"}
    notes = " ".join(entry.notes)
    assert "1 of 5 events have no area" in notes
    assert "2 areas without an event added as zeros (1 districts)" in notes
    assert "1 events in 1 areas left out" in notes


def test_the_other_year(folder: Path) -> None:
    write_lists(folder)
    write_crimes(folder, [crime("001"), crime("005"), crime("006")])
    store, _ = fetch(folder)
    assert store.entry("crime_street").vintages == {"lsoa": "2021"}
    assert totals(store) == {"001": 1, "002": 0, "003": 0, "005": 1, "006": 1}


def test_codes_of_both_years_alone_do_not_decide(folder: Path) -> None:
    write_lists(folder)
    write_crimes(folder, [crime("001"), crime("002"), crime("003")])
    text = refuse(folder)
    assert "street.csv: It cannot be told which year's LSOAs the file is of" in text
    assert "3 codes, 0 only in 2011, 0 only in 2021" in text


def test_codes_of_two_years_in_equal_numbers_do_not_decide(folder: Path) -> None:
    write_lists(folder)
    write_crimes(folder, [crime("004"), crime("005")])
    assert "1 only in 2011, 1 only in 2021" in refuse(folder)


def test_a_few_strangers_lose_and_are_told(folder: Path) -> None:
    write_lists(folder)
    write_crimes(folder, [crime("005"), crime("006"), crime("004"), crime("001")])
    store, _ = fetch(folder)
    assert "004" not in totals(store)
    assert "LSOA 2021 codes not checked" in " ".join(store.entry("crime_street").notes)


def test_without_lists_the_file_is_refused(folder: Path) -> None:
    write_crimes(folder, [crime("001")])
    assert "there is no list of LSOA 2011 and 2021 codes" in refuse(folder)


def test_the_lists_may_be_in_the_store_already(folder: Path) -> None:
    write_lists(folder)
    fetch(folder)
    (folder / "lookup.csv").unlink()
    write_crimes(folder, [crime("001"), crime("004")])
    store, _ = fetch(folder)
    assert totals(store) == {"001": 1, "002": 0, "003": 0, "004": 1}
    assert store.has("lookup_lsoa11_lsoa21")


def test_without_districts_absent_areas_stay_absent(folder: Path) -> None:
    write_lists(folder)
    path = folder / "lookup.csv"
    lines = [line.split(",") for line in path.read_text("utf-8").splitlines()]
    path.write_text("\n".join(",".join(line[:5]) for line in lines) + "\n", encoding="utf-8")
    write_crimes(folder, [crime("001"), crime("004")])
    store, _ = fetch(folder)
    assert totals(store) == {"001": 1, "004": 1}
    assert "areas without an event are absent" in " ".join(store.entry("crime_street").notes)


def test_a_file_of_the_older_year_is_left_out(folder: Path) -> None:
    write_lists(folder)
    write_crimes(folder, [crime("004"), crime("001")], "old.csv")
    write_crimes(folder, [crime("005", month="2018-07"), crime("006", month="2018-07")], "new.csv")
    store, report = fetch(folder)
    assert store.entry("crime_street").period == "July 2018"
    assert any("old.csv: left out" in w and "LSOA 2011" in w for w in report.warnings)


def test_two_forces_add_up_and_a_copy_does_not(folder: Path) -> None:
    write_lists(folder)
    write_crimes(folder, [crime("001"), crime("004")])
    write_crimes(folder, [crime("001"), crime("004")], "copy.csv")
    write_crimes(folder, [crime("001", force="Rail Police")], "rail.csv")
    store, report = fetch(folder)
    assert totals(store)["001"] == 2
    assert totals(store)["004"] == 1
    assert not [w for w in report.warnings if "crime_street" in w]


def test_years_end_with_the_last_month(folder: Path) -> None:
    write_lists(folder)
    months = [f"{2016 + n // 12}-{n % 12 + 1:02}" for n in range(26)]
    for month in months:
        write_crimes(folder, [crime("001", month=month), crime("004", month=month)], f"{month}.csv")
    store, _ = fetch(folder)
    table = store.read("crime_street")
    first = table[table["area_code"] == "E01000001"]
    assert first["period"].tolist() == [
        "March 2016 to February 2017",
        "March 2017 to February 2018",
    ]
    assert first["total"].tolist() == [12, 12]
    assert first["months"].tolist() == [12, 12]
    assert store.entry("crime_street").period == "January 2016 to February 2018"
    assert "no whole year: 2016-01 to 2016-02" in " ".join(store.entry("crime_street").notes)


def test_all_faults_of_a_crime_file_are_told(folder: Path) -> None:
    write_lists(folder)
    rows = [crime("001"), crime("002", "Burglry"), crime("003", month="2018-13")]
    rows += [crime("004").replace("E01000004", "E0100004"), crime("004")[:30]]
    write_crimes(folder, rows)
    text = refuse(folder)
    assert "row 3, column 'Crime type': The kind of event is not known (1 rows)" in text
    assert "Did you mean 'Burglary'?" in text
    assert "row 4, column 'Month': The cell does not say in which month. Found: '2018-13'" in text
    assert "row 5, column 'LSOA code': The area code is not of the right form" in text
    assert "row 6: The row has another number of cells than the headings" in text


ROADS = {
    "old": "Accident_Index,Accident_Severity,Number_of_Casualties,Date,LSOA_of_Accident_Location",
    "new": "collision_index,collision_severity,number_of_casualties,date,lsoa_of_collision_location",
}


@pytest.mark.parametrize("headings", ROADS.values(), ids=ROADS)
def test_collisions_and_casualties(folder: Path, headings: str) -> None:
    write_lists(folder)
    rows = [
        "a,1,2,20/12/2016,E01000001",
        "b,3,1,01/01/2016,E01000001",
        "c,2,1,05/05/2016,E01000004",
    ]
    (folder / "roads.csv").write_text("\n".join([headings, *rows]) + "\n", encoding="utf-8")
    store, _ = fetch(folder)
    table = store.read("road_injuries").set_index("area_code")
    columns = ["total", "fatal_or_serious", "fatal", "serious", "slight", "casualties", "months"]
    assert table.loc["E01000001", columns].tolist() == [2, 1, 1, 0, 1, 3, 3]
    assert table.loc["E01000003", columns].tolist() == [0, 0, 0, 0, 0, 0, 3]
    assert store.entry("road_injuries").period == "2016"


def test_casualties_that_are_no_number(folder: Path) -> None:
    write_lists(folder)
    rows = ["a,1,two,20/12/2016,E01000001", "b,4,1,2016-12-20,E01000004"]
    (folder / "roads.csv").write_text("\n".join([ROADS["old"], *rows]) + "\n", encoding="utf-8")
    text = refuse(folder)
    assert "row 2, column 'Number_of_Casualties': The cell is not a number" in text
    assert "row 3, column 'Accident_Severity': The kind of event is not known" in text
    assert "row 3, column 'Date': The cell does not say in which month" in text


@given(st.sets(st.integers(0, 60), min_size=1))
def test_windows_end_with_the_last_month_and_share_no_month(numbers: set[int]) -> None:
    months = sorted(f"{2015 + n // 12}-{n % 12 + 1:02}" for n in numbers)
    windows = split_windows(months)
    used = [month for inside in windows.values() for month in inside]
    assert len(used) == len(set(used))
    assert used[-1] == months[-1]
    assert all(1 <= len(inside) <= 12 for inside in windows.values())
    assert used == [month for month in months if month >= used[0]]
    if max(numbers) - min(numbers) < 12:
        assert used == months


@pytest.mark.parametrize(
    ("months", "words"),
    [
        (["2018-06"], "June 2018"),
        (["2018-06", "2019-05"], "June 2018 to May 2019"),
        (["2018-12", "2018-01"], "2018"),
        (["2017-01", "2018-12"], "January 2017 to December 2018"),
    ],
)
def test_spans_in_words(months: list[str], words: str) -> None:
    assert span_months(months) == words
    assert name_window(0, 0) == "January 0"
