"""Lists of places as they really are: each fault told with its row, and the rest used."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from cip.sources.fetch import FetchReport, fetch_folder
from cip.store import Store

from ..support.reading import refuse
from .test_sources_places import GIAS, ods, write

POLLING = "Polling Station,Address,Lattitude,Longitude"
STOPS = "ATCOCode,CommonName,Street,Easting,Northing,StopType,Status"


def read(folder: Path) -> tuple[Store, FetchReport]:
    report = fetch_folder(folder, folder.parent / "store")
    return Store(folder.parent / "store"), report


def list_stops(count: int, *more: str) -> list[str]:
    rows = [
        f"9{n:05},Stop {n},High Street,{450000 + n},{200000 + n},BCT,active" for n in range(count)
    ]
    return [STOPS, *rows, *more]


# Points


@pytest.mark.parametrize(
    ("point", "message"),
    [
        ("-1.25,51.75", "Swapping latitude and longitude would fit. Found: '-1.25, 51.75'"),
        ("48.85,2.35", "the point is not in Great Britain and was left out. Found: '48.85, 2.35'"),
        ("0,0", "latitude and longitude are 0, so the place has no point."),
        ("91.5,400", "the point is not in Great Britain and was left out."),
    ],
)
def test_degrees_that_cannot_be_right(folder: Path, point: str, message: str) -> None:
    write(folder, [POLLING, "Hall,1 Road OX1 1AA,51.75,-1.25", f"Far Hall,2 Road OX1 1AB,{point}"])
    store, report = read(folder)
    table = store.read("places_polling_stations").set_index("name")
    assert table["x"].notna().to_dict() == {"Hall": True, "Far Hall": False}
    assert table.loc["Far Hall", "postcode"] == "OX1 1AB"
    told = [w for w in report.warnings if "row 3" in w and message in w]
    assert len(told) == 1
    assert told[0] in store.entry("places_polling_stations").notes


@pytest.mark.parametrize(
    ("point", "message"),
    [
        ("0,0", "easting and northing are 0, so the place has no point."),
        ("9450000,200000", "the point is not in Great Britain and was left out."),
        ("200100,450100", "Swapping easting and northing would fit. Found: '200100, 450100'"),
        ("250000,600000", "from the middle of the list and was left out. Found: '250000, 600000'"),
    ],
)
def test_metres_that_cannot_be_right(folder: Path, point: str, message: str) -> None:
    write(folder, list_stops(20, f"900099,Odd,High Street,{point},BCT,active"))
    store, report = read(folder)
    table = store.read("places_stops").set_index("place_id")
    assert len(table) == 21
    assert table["x"].isna().sum() == 1
    assert table.loc[["900099"], "x"].isna().all()
    assert [w for w in report.warnings if "row 22" in w and message in w]


def test_a_list_of_a_whole_country_has_no_far_places(folder: Path) -> None:
    far = [f"8{n},Far,Road,{350000 + 10000 * n},{100000 + 50000 * n},BCT,active" for n in range(20)]
    write(folder, list_stops(20, *far))
    store, report = read(folder)
    assert store.read("places_stops")["x"].notna().all()
    assert report.warnings == []


def test_many_faults_are_told_as_a_number(folder: Path) -> None:
    write(folder, list_stops(20, *[f"7{n:04},A,B,0,0,BCT,active" for n in range(15)]))
    _, report = read(folder)
    assert len(report.warnings) == 11
    assert "The same in 5 more rows" in " ".join(report.warnings)


# Codes


def test_states_and_types_of_another_edition(folder: Path) -> None:
    rows = [ods(f"K840{n:02}", "ACTIVE", "RO76") for n in range(30)]
    rows += [ods("K84901", "C", "RO76"), ods("K84902", "GONE", "RO80|RO87")]
    write(folder, [*rows, ods("K84903", "ACTIVE", "4")])
    store, report = read(folder)
    table = store.read("places_gp").set_index("place_id")
    assert len(table) == 33
    assert table.loc["K84901", "status"] == "closed"
    assert table.loc[["K84902"], "status"].isna().all()
    assert table.loc["K84902", "place_type"] == "Walk-in centre"
    assert table.loc["K84903", "place_type"] == "GP practice"
    told = "\n".join(report.warnings)
    assert "row 31, column 'column 13 (status)': the code is of another edition" in told
    assert "row 32, column 'column 13 (status)': the code is not known" in told
    assert "Found: 'GONE'" in told
    assert "row 33, column 'column 26 (place_type)': the code is of another edition" in told


def test_an_older_file_with_a_row_of_the_newer_edition(folder: Path) -> None:
    rows = [ods(f"K840{n:02}", "A", "4") for n in range(30)]
    write(folder, [*rows, ods("K84901", "INACTIVE", "RO87")])
    store, report = read(folder)
    row = store.read("places_gp").set_index("place_id").loc["K84901"]
    assert (row["status"], row["place_type"]) == ("closed", "Walk-in centre")
    assert len([w for w in report.warnings if "row 31" in w]) == 2


def test_a_telephone_number_in_the_wrong_column_is_not_repeated(folder: Path) -> None:
    rows = [ods(f"K840{n:02}", "ACTIVE", "RO76") for n in range(30)]
    write(folder, [*rows, ods("K84901", "01632 960123", "RO76")])
    store, report = read(folder)
    assert "960123" not in "\n".join(report.warnings + store.entry("places_gp").notes)
    assert [w for w in report.warnings if "row 31" in w and "(not shown)" in w]


# Texts


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "utf-8", "utf-8-sig", "utf-16"])
def test_names_in_every_encoding(folder: Path, encoding: str) -> None:
    name = "Café Müller £1 Club" + ("" if encoding == "latin-1" else " – “open”")
    write(folder, [POLLING, f"{name},1 Road OX1 1AA,51.75,-1.25"], encoding=encoding)
    store, _ = read(folder)
    assert store.read("places_polling_stations")["name"].tolist() == [name]


@pytest.mark.parametrize(
    "name", ["<b>Bold</b> Hall", "=1+1", "+One Club", "@Home", "<script>x</script>"]
)
def test_markup_and_formulae_are_text(folder: Path, name: str) -> None:
    write(folder, [POLLING, f"{name},1 Road OX1 1AA,51.75,-1.25"])
    store, _ = read(folder)
    assert store.read("places_polling_stations")["name"].tolist() == [name]


def test_contact_details_in_free_text_are_left_out(folder: Path) -> None:
    rows = [
        "registered_charity_number\tlinked_charity_number\tcharity_name\tcharity_type\t"
        "charity_registration_status\tdate_of_registration\tlatest_income\tcharity_contact_web\t"
        "charity_contact_email\tcharity_activities",
        "1\t0\tA\tCIO\tRegistered\t2001-01-01\t9999.50\thttps://a.example/x\ta@b.example\tHelps",
        "2\t0\tB\tCIO\tRegistered\t2001-01-01\t\twww.b.example\ta@b.example\tRing 01632 960 123",
        "3\t0\tC\tCIO\tRegistered\t2001-01-01\tsome\thttps://c@d.example\t\tAsk x@y.example",
    ]
    write(folder, rows, "charity.txt")
    store, report = read(folder)
    table = store.read("places_charities")
    assert table["income"].tolist()[0] == 9999.5
    assert table["income"].isna().tolist() == [False, True, True]
    assert table["website"].fillna("").tolist() == ["https://a.example/x", "", ""]
    assert table["detail"].fillna("").tolist() == ["Helps", "", ""]
    assert "@" not in table.to_csv() and "960" not in table.to_csv()
    told = "\n".join(report.warnings)
    assert "row 3, column 'charity_activities'" in told and "row 4, column 'latest_income'" in told
    assert "960" not in told and "x@y" not in told


def test_ten_thousand_rows_are_read_fast(folder: Path) -> None:
    write(folder, list_stops(10_000))
    started = time.process_time()
    store, report = read(folder)
    assert time.process_time() - started < 5
    assert len(store.read("places_stops")) == 10_000
    assert report.warnings == []


def test_schools_have_places_and_an_address_of_their_own(folder: Path) -> None:
    headings = GIAS[0].replace('"SchoolWebsite"', '"SchoolCapacity","SchoolWebsite"')
    row = GIAS[1].replace('"www"', '"420","https://humming.example/"')
    other = row.replace("100001", "100003").replace('"420"', '"about 90"')
    write(folder, [headings, row, other])
    store, report = read(folder)
    table = store.read("places_schools")
    assert table["capacity"].tolist()[0] == 420
    assert table["capacity"].isna().tolist() == [False, True]
    assert table["website"].tolist() == ["https://humming.example/"] * 2
    assert "row 3, column 'SchoolCapacity': this is not a number from 0 up" in report.warnings[0]


def test_a_register_that_is_broken_is_still_refused(folder: Path) -> None:
    write(folder, list_stops(3, "900099,Odd,High Street,west,200000,BCT,active"))
    assert "row 5, column 'Easting': The cell is not a number" in refuse(folder)
