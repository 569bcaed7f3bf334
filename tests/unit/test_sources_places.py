"""Places: the columns that are stored, the ones that never are, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from cip.sources.fetch import fetch_folder
from cip.sources.places import COLUMNS, write_postcode

from ..support.reading import fetch, refuse

GIAS = [
    '"URN","LA (code)","EstablishmentNumber","EstablishmentName","TypeOfEstablishment (name)",'
    '"EstablishmentStatus (name)","OpenDate","CloseDate","PhaseOfEducation (name)","LastChangedDate",'
    '"Street","Locality","Address3","Town","County (name)","Postcode","SchoolWebsite",'
    '"TelephoneNum","HeadTitle (name)","HeadFirstName","HeadLastName","Easting","Northing",'
    '"LSOA (code)"',
    '"100001","931","1005","Humming School","Community school","Open","01-09-1990","","Primary",'
    '"01-05-2025","1 High Street","","","Tinton","","TT1 1TT","www","01999","Ms","Ada","Secret",'
    '"450000","200000","E01000001"',
    '"100002","931","1006","Silent School","Community school","Closed","","31-08-2001","Primary",'
    '"","","","","Tinton","","","","","","","","0","0","999999999"',
]
TAIL = ['""'] * 9


def ods(code: str, status: str, role: str, *, opened: str = "20010401", closed: str = "") -> str:
    cells = [code, "THE SURGERY", "Y59", "QU9", "1 HIGH STREET", "", "", "TINTON", "", "TT1 1TT"]
    cells += [opened, closed, status, "B", "13Q", "20130401", "", "01999 123456"]
    cells += ["", "", "", "0", "", "13Q", "", role, ""]
    return ",".join(f'"{cell}"' for cell in cells)


def write(folder: Path, rows: list[str], name: str = "places.csv", encoding: str = "utf-8") -> None:
    (folder / name).write_bytes(("\n".join(rows) + "\n").encode(encoding))


def test_schools(folder: Path) -> None:
    write(folder, GIAS, encoding="cp1252")
    store = fetch(folder)
    table = store.read("places_schools")
    assert list(table.columns) == list(COLUMNS)
    first, second = table.iloc[0], table.iloc[1]
    assert (first["place_id"], first["name"]) == ("100001", "Humming School")
    assert (first["place_type"], first["status"], first["detail"]) == (
        "Community school",
        "open",
        "Primary",
    )
    assert (first["x"], first["y"], first["lsoa_code"]) == (450000, 200000, "E01000001")
    assert (first["address"], first["opened"]) == ("1 High Street, Tinton", "1990-09-01")
    assert (first["checked"], second["closed"], second["status"]) == (
        "2025-05-01",
        "2001-08-31",
        "closed",
    )
    assert second[["x", "y", "lsoa_code"]].isna().all()
    notes = " ".join(store.entry("places_schools").notes)
    assert "1 places without an area code" in notes
    assert "1 places without a point" in notes


@pytest.mark.parametrize("personal", ["Ada", "Secret", "01999", "www", "Ms"])
def test_nothing_personal_is_stored(folder: Path, personal: str) -> None:
    write(folder, GIAS)
    write(folder, [ods("K84001", "ACTIVE", "RO76")], "gp.csv")
    store = fetch(folder)
    for product in store.products():
        text = store.read(product).to_csv()
        assert personal not in text
        assert "01999 123456" not in text


def test_the_cut_list_of_schools(folder: Path) -> None:
    rows = [
        "urn,la_code,la_name,establishment_name,establishment_type,education_phase,easting,northing,"
        "lsoa_code,longitude,latitude",
        "100001.0,931,Tintonshire,Humming School,Community school,Nursery,450000.0,200000.0,"
        "E01000001,-1.2,51.7",
    ]
    write(folder, rows)
    row = fetch(folder).read("places_schools").iloc[0]
    assert (row["place_id"], row["status"], row["detail"]) == ("100001", "open", "Nursery")
    assert (row["x"], row["opened"] is None or row["opened"] != row["opened"]) == (450000, True)


def test_all_faults_of_a_school_list(folder: Path) -> None:
    bad = GIAS[1].replace("450000", "west").replace("01-09-1990", "last year")
    write(folder, [*GIAS, bad.replace("100001", ""), GIAS[1].replace("Humming", "Loud")])
    text = refuse(folder)
    assert "row 4, column 'Easting': The cell is not a number. Found: 'west'" in text
    assert "row 4, column 'OpenDate': The cell is not a date. Found: 'last year'" in text
    assert "row 4, column 'URN': The place has no reference number" in text


def test_one_number_for_two_schools(folder: Path) -> None:
    write(folder, [*GIAS, GIAS[1].replace("Humming", "Loud")])
    assert "The same code is there twice with different values" in refuse(folder)


def test_the_newer_edition_replaces_the_older_one(folder: Path) -> None:
    old = [
        ods("K84001", "A", "4"),
        ods("K84002", "C", "4", closed="20240101"),
        ods("Y00003", "D", "8"),
    ]
    new = [ods("K84001", "INACTIVE", "RO76", closed="20250101"), ods("Y00004", "ACTIVE", "RO72")]
    write(folder, old, "a_old.csv")
    write(folder, new, "b_new.csv")
    store = fetch(folder)
    table = store.read("places_gp").set_index("place_id")
    assert list(table.index) == ["K84001", "Y00004"]
    assert table["status"].tolist() == ["closed", "open"]
    assert table["place_type"].tolist() == ["GP practice", "other prescribing cost centre"]
    assert table.loc["K84001", "closed"] == "2025-01-01"
    assert table.loc["K84001", "address"] == "1 HIGH STREET, TINTON"
    assert "a_old.csv: not used" in " ".join(store.entry("places_gp").notes)


@pytest.mark.parametrize(
    ("code", "role", "product"),
    [
        ("K84001", "4", "places_gp"),
        ("Y01234", "RO76", "places_gp"),
        ("FA123", "", "places_pharmacy"),
        ("FDW12", "", "places_pharmacy"),
        ("V12345", "", "places_dentist"),
    ],
)
def test_lists_without_headings_are_told_apart_by_their_codes(
    folder: Path, code: str, role: str, product: str
) -> None:
    status = "ACTIVE" if role.startswith("RO") else "A"
    write(folder, [ods(code, status, role), ods(code[:-1] + "9", status, role)])
    store = fetch(folder)
    assert store.products() == [product]
    assert set(store.read(product)["status"]) == {"open"}


def test_a_list_that_looks_otherwise_is_left_alone(folder: Path) -> None:
    write(folder, GIAS)
    write(folder, [ods("12345", "A", "4"), ods("54321", "A", "4")], "other.csv")
    report = fetch_folder(folder, folder.parent / "store")
    assert report.not_recognised == ["other.csv"]


def test_a_date_that_is_none_in_a_list_without_headings(folder: Path) -> None:
    rows = [ods(f"K840{n:02}", "A", "4") for n in range(20)]
    write(folder, [*rows, ods("K84099", "A", "4", opened="20191")])
    assert "row 21, column 'column 11 (opened)': The cell is not a date. Found: '20191'" in refuse(
        folder
    )


def test_a_row_that_is_too_short(folder: Path) -> None:
    rows = [ods(f"K840{n:02}", "A", "4") for n in range(45)]
    write(folder, [*rows, ",".join(ods("K84099", "A", "4").split(",")[:20])])
    assert "row 46: The row has another number of cells than the headings" in refuse(folder)


def test_stops(folder: Path) -> None:
    rows = [
        "ATCOCode,NaptanCode,CommonName,Street,Indicator,LocalityName,Easting,Northing,Longitude,"
        "Latitude,StopType,CreationDateTime,ModificationDateTime,Status",
        "340000001,ttt,High Street,High Street,Stop B,Tinton,,,-1.2578499,51.7520131,BCT,"
        "2007-07-01T10:00:00,2024-02-01T00:00:00,active",
    ]
    write(folder, rows)
    row = fetch(folder).read("places_stops").iloc[0]
    # Carfax, Oxford: 51.752013 N, 1.257850 W is SP 5133 0618 on the National Grid.
    assert row["x"] == pytest.approx(451_330, abs=20)
    assert row["y"] == pytest.approx(206_180, abs=20)
    assert (row["place_type"], row["status"], row["opened"]) == (
        "Bus stop on street",
        "open",
        "2007-07-01",
    )


def test_hospitals_separated_by_not_signs(folder: Path) -> None:
    headings = (
        "OrganisationID¬OrganisationCode¬OrganisationType¬SubType¬Sector¬OrganisationStatus¬"
        "OrganisationName¬Address1¬Address2¬Address3¬City¬County¬Postcode¬Latitude¬Longitude¬Phone¬"
        "Email"
    )
    row = (
        "1¬RT101¬Hospital¬Hospital¬NHS Sector¬Visible¬Tinton Hospital, East¬1 Road¬¬¬Tinton¬¬"
        "tt11tt¬51.75¬-1.25¬01999¬a@b.c"
    )
    write(folder, [headings, row], encoding="latin-1")
    found = fetch(folder).read("places_hospitals").iloc[0]
    assert (found["name"], found["postcode"]) == ("Tinton Hospital, East", "TT1 1TT")
    assert found["address"] == "1 Road, Tinton"


def test_libraries_that_closed(folder: Path) -> None:
    rows = ["name,id,address,postcode,lat,lng,type,closed,closed_year,opened_year,email"]
    rows += ["Open,1,A,TT11TT,51.7,-1.2,LAL,,,,x@y.z", "Shut,2,B,,51.7,-1.2,,XLR,2016,,x@y.z"]
    write(folder, rows)
    table = fetch(folder).read("places_libraries")
    assert table["status"].tolist() == ["open", "closed"]
    assert table["closed"].tolist()[1] == "2016"


def test_charities(folder: Path) -> None:
    headings = [
        "date_of_extract",
        "organisation_number",
        "registered_charity_number",
        "linked_charity_number",
        "charity_name",
        "charity_type",
        "charity_registration_status",
        "date_of_registration",
        "date_of_removal",
        "charity_contact_address1",
        "charity_contact_postcode",
        "charity_contact_phone",
        "charity_activities",
    ]
    one = [
        "2025-05-01T00:00:00",
        "1",
        "200001",
        "0",
        "HUMMERS",
        "CIO",
        "Registered",
        "1962-09-17T00:00:00",
    ]
    one += ["", "1 My Home", "TT1 1TT", "01999", "Humming for all"]
    linked = [*one[:3], "1", "HUMMERS' FUND", *one[5:]]
    removed = [
        *one[:2],
        "200002",
        "0",
        "SILENCE",
        "Trust",
        "Removed",
        one[7],
        "2001-01-01T00:00:00",
    ]
    removed += one[9:]
    write(folder, ["\t".join(row) for row in (headings, one, linked, removed)], "c.txt")
    table = fetch(folder).read("places_charities")
    assert table["place_id"].tolist() == ["200001", "200002"]
    assert table["status"].tolist() == ["open", "closed"]
    assert table["opened"].tolist() == ["1962-09-17"] * 2
    # The address may be somebody's home: it is not read.
    assert table["address"].isna().all()


@pytest.mark.parametrize(
    ("written", "tidy"),
    [("ox143ly", "OX14 3LY"), ("OX1 1AA", "OX1 1AA"), ("W1A  1AA", "W1A 1AA"), ("none", "none")],
)
def test_postcodes(written: str, tidy: str) -> None:
    assert write_postcode(written) == tidy
