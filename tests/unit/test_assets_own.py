"""The community's own register: what it takes, what it tells, and that it comes back as written."""

from __future__ import annotations

import csv
import doctest
import time
from datetime import date
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from cip.assets import keys, named_choices, public_names
from cip.assets.forms import COLUMNS
from cip.assets.keys import make_key
from cip.assets.open_referral import check, describe, schedules
from cip.assets.own import format_rows, list_asset_columns, read_assets
from cip.assets.record import RECORD
from cip.catalogue.asset_types import load_asset_types
from cip.cli import main
from cip.engagement import forms as engagement_forms
from cip.errors import ParameterError
from cip.framework.forms import FORMS, GUIDE, write_forms
from cip.summary import forms as summary_forms

TODAY = date(2026, 11, 21)
NEAR = (440_000.0, 200_000.0, 460_000.0, 210_000.0)
DEMO = Path(__file__).parents[2] / "params" / "demo"


def write(path: Path, *rows: dict[str, object]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(list_asset_columns()), restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


def club(name: str = "Lunch club", **cells: object) -> dict[str, object]:
    return {"name": name, "type": "regular activity", **cells}


def read(tmp_path: Path, *rows: dict[str, object], **options) -> tuple[pd.DataFrame, list[str]]:
    return read_assets(write(tmp_path / "assets.csv", *rows), today=TODAY, **options)


def refuse(tmp_path: Path, *rows: dict[str, object]) -> list[str]:
    with pytest.raises(ParameterError) as caught:
        read(tmp_path, *rows)
    return [str(problem).removeprefix(str(tmp_path)) for problem in caught.value.problems]


@pytest.mark.parametrize(
    "module",
    [keys, named_choices, public_names, check, describe, schedules],
    ids=lambda m: m.__name__,
)
def test_documentation_examples_hold(module):
    result = doctest.testmod(module)
    assert result.attempted > 0
    assert result.failed == 0


def test_a_row_is_filled_up_from_its_type(tmp_path):
    records, notes = read(tmp_path, club(postcode="zz12el", last_checked="14/03/2026"))
    row, entry = records.iloc[0], load_asset_types()["activity"]
    assert list(records) == list(RECORD)
    assert notes == []
    assert row["asset_id"] == "own:lunch-club-zz12el"
    assert row["postcode"] == "ZZ1 2EL"
    assert row["last_checked"] == "2026-03-14"
    filled = (row["kind"], row["health_asset"], row["resource"], row["method"], row["function"])
    wanted = (entry.kind, entry.health_asset, entry.resource, entry.method, *entry.function)
    assert filled == wanted
    assert (row["source_id"], row["row"]) == ("own", 2)
    assert pd.isna(row["x"]) and pd.isna(row["located_by"])


def test_what_a_row_says_goes_before_its_type(tmp_path):
    records, _ = read(
        tmp_path,
        club(
            function="food; Family, friends and communities",
            health_asset="Skills and knowledge",
            resource="Soup",
            method="Knock",
            source="Steering group",
            still_active="no",
            shared_id="charity:17; urn:100001",
        ),
    )
    row = records.iloc[0]
    assert row["function"] == "food; family_friends_and_communities"
    assert (row["health_asset"], row["resource"], row["method"]) == ("skills", "Soup", "Knock")
    assert row["detail"] == "Told by: Steering group"
    assert row["still_active"] == False  # noqa: E712
    assert row["shared_id"] == "charity:17; urn:100001"


@pytest.mark.parametrize("text", ["regular activity", "activity", "Regular Activities", "ACTIVITY"])
def test_a_type_may_be_written_as_id_label_or_plural(tmp_path, text):
    records, _ = read(tmp_path, {"name": "A", "type": text})
    assert records["asset_type"].tolist() == ["activity"]


@pytest.mark.parametrize(
    ("checked", "said", "expected"),
    [
        ("2025-11-21", "", "high"),
        ("2025-11-20", "", "medium"),
        ("", "", "medium"),
        ("2020-01-01", "high", "high"),
        ("2026-11-01", "low", "low"),
    ],
)
def test_confidence_follows_the_last_check_unless_it_is_given(tmp_path, checked, said, expected):
    records, _ = read(tmp_path, club(last_checked=checked, confidence=said))
    assert records["confidence"].tolist() == [expected]


def test_ids_do_not_depend_on_the_order_of_the_rows(tmp_path):
    rows = [club(f"Club {n}", postcode="ZZ1 2EL") for n in range(5)]
    rows.append(club("Kept", asset_id="my-own.id"))
    forwards, _ = read(tmp_path, *rows)
    backwards, _ = read(tmp_path, *reversed(rows))
    assert forwards["asset_id"].tolist() == backwards["asset_id"].tolist()[::-1]
    assert forwards["asset_id"].iloc[-1] == "own:my-own.id"


def test_ids_of_names_that_lose_letters_stay_apart():
    made = {make_key(name) for name in ("Клуб", "Парк", "Café", "Cafe", "x" * 80, "x" * 81)}
    assert len(made) == 5  # Café is Cafe without its accent
    assert make_key("Café") == make_key("Cafe") == "cafe"


def test_all_mistakes_are_told_at_once(tmp_path):
    problems = refuse(
        tmp_path,
        club(type="regular activty", postcode="ZZ12E", last_checked="2027-01-01"),
        club("Hall", type="community centre or hall", kind="soft", function="housing; fod"),
        club("Page", contact_page="http://example.org/page"),
        club("Page two", contact_page="https://someone@example.org/"),
        club("Numbers", shared_id="1234567", income="-5", asset_id="a b"),
        club("Hall", type="library"),
    )
    said = "\n".join(problems)
    for words in (
        "row 2, column 'type': there is no such type of asset. Found: regular activty.",
        "Did you mean 'regular activity'?",
        "row 2, column 'postcode': this is not a postcode. Found: ZZ12E.",
        "row 2, column 'last_checked': this day has not come yet.",
        "row 3, column 'kind': a community centre or hall is not soft.",
        "row 3, column 'function': there is no such topic. Found: fod.",
        "Did you mean 'Food'?",
        "row 4, column 'contact_page': this page is not read safely.",
        "Did you mean 'https://example.org/page'?",
        "row 5, column 'contact_page': this cell seems to hold an e-mail address",
        "row 6, column 'shared_id': this is not a number of a register. Found: 1234567.",
        "row 6, column 'income': this number is out of range.",
        "row 6, column 'asset_id': this id cannot be used.",
        "row 7, column 'name': this name and postcode stand in row 3 already.",
    ):
        assert words in said
    assert len(problems) == 11


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("name", "Mrs Example's knitting circle"),
        ("name", "Ring 01632 960 123"),
        ("address", "c/o Cllr A. Example"),
        ("resource", "someone@example.org knows"),
        ("opening", "Ask Ms Example"),
        ("source", "Dr A Example"),
        ("reviewed_by", "Miss Example"),
        ("type", "01632 960 123"),
        ("postcode", "someone@example.org"),
        ("asset_id", "someone@example.org"),
        ("shared_id", "someone@example.org"),
    ],
)
def test_personal_details_are_refused_and_never_repeated(tmp_path, column, text):
    problems = refuse(tmp_path, club(**{column: text}) if column != "name" else club(text))
    assert any(f"column '{column}'" in problem and "hold" in problem for problem in problems)
    for part in ("Example", "960", "example.org"):
        assert part not in "".join(problems).replace("cip forms", "")


def test_names_of_places_may_carry_a_title(tmp_path):
    records, _ = read(tmp_path, club("Dr Fable's School hall"), club("Sir Spoon's Green"))
    assert len(records) == 2


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"easting": 0, "northing": 0}, "easting or northing is 0"),
        ({"easting": 450_000}, "half of this point is missing"),
        ({"easting": 51.75, "northing": -1.25}, "these are degrees, not metres"),
        ({"easting": 900_000, "northing": 205_000}, "seem to be swapped"),
        ({"easting": 900_000, "northing": 900_000}, "outside Great Britain"),
        ({"latitude": -1.25, "longitude": 51.75}, "latitude and longitude seem to be swapped"),
        ({"latitude": 0, "longitude": 0}, "latitude and longitude are 0"),
        ({"latitude": 51.75}, "half of this point is missing"),
        ({"latitude": 40, "longitude": -74}, "outside Great Britain"),
        # Inside the grid, but swapped or in the sea as seen from the area.
        ({"easting": 205_000, "northing": 450_000}, "seem to be swapped"),
        (
            {"easting": 620_000, "northing": 460_000},
            "km from the area, in another place or in the sea",
        ),
    ],
)
def test_a_point_that_cannot_be_right_is_told_and_the_asset_stays(tmp_path, cells, words):
    records, notes = read(tmp_path, club("First"), club("Second", **cells), near=NEAR)
    assert len(records) == 2
    assert records["x"].isna().all() and records["located_by"].isna().all()
    assert len(notes) == 1
    assert notes[0].startswith("assets.csv, row 3") and words in notes[0]


def test_a_good_point_is_taken_from_metres_or_from_degrees(tmp_path):
    records, notes = read(
        tmp_path,
        club("Metres", easting=450_000, northing=205_000, latitude=1, longitude=1),
        club("Degrees", latitude=51.7406, longitude=-1.2777),
        club("Both", easting=0, northing=0, latitude=51.7406, longitude=-1.2777),
        near=NEAR,
    )
    assert records["located_by"].tolist() == ["given"] * 3
    assert records["x"].tolist() == pytest.approx([450_000, 449_953, 449_953], abs=150)
    assert records["y"].tolist() == pytest.approx([205_000, 204_850, 204_850], abs=150)
    assert len(notes) == 1 and "row 4" in notes[0]


def test_a_point_far_from_its_own_postcode_is_told(tmp_path):
    postcodes = pd.DataFrame(
        {"x": [450_000.0], "y": [205_000.0], "located_by": ["postcode"]}, index=["OX11AA"]
    )
    cells = {"postcode": "OX1 1AA", "easting": 470_000, "northing": 205_000}
    records, notes = read(tmp_path, club(**cells), postcodes=postcodes)
    assert records["x"].isna().all()
    assert "20 km from its own postcode" in notes[0]
    near, none = read(tmp_path, club(**{**cells, "easting": 455_000}), postcodes=postcodes)
    assert near["x"].tolist() == [455_000] and none == []


def test_markup_and_formulas_in_names_are_kept_and_told(tmp_path):
    names = ["<b>Hall</b>", "=1+1", "@home club", "3 < 4 club", "Tea & talk"]
    records, notes = read(tmp_path, *(club(name) for name in names))
    assert records["name"].tolist() == names
    assert [note.split(",")[1].strip() for note in notes] == ["row 2", "row 3", "row 4"]


def test_latin_1_is_told_with_its_line(tmp_path):
    path = write(tmp_path / "assets.csv", club("Tea"), club("Café"))
    path.write_bytes(path.read_text(encoding="utf-8").encode("latin-1"))
    with pytest.raises(ParameterError, match="line 3: this file is not in UTF-8"):
        read_assets(path, today=TODAY)


def test_ten_thousand_rows_take_seconds(tmp_path):
    rows = [
        club(
            f"Club {n}", postcode="ZZ1 2EL", easting=620_000 + n, northing=460_000, opening="Daily"
        )
        for n in range(10_000)
    ]
    path = write(tmp_path / "assets.csv", *rows)
    start = time.perf_counter()
    records, _ = read_assets(path, today=TODAY)
    assert len(records) == 10_000
    assert time.perf_counter() - start < 10


def test_a_workbook_is_read_like_the_csv(tmp_path):
    path = DEMO / "assets.csv"
    book = openpyxl.Workbook()
    with path.open(encoding="utf-8", newline="") as stream:
        for row in csv.reader(stream):
            book.active.append(row)
    book.save(tmp_path / "assets.xlsx")
    expected, _ = read_assets(path, today=TODAY)
    found, _ = read_assets(tmp_path / "assets.xlsx", today=TODAY)
    pd.testing.assert_frame_equal(found, expected)


def test_records_written_back_as_rows_are_read_as_they_were(tmp_path):
    records, _ = read_assets(DEMO / "assets.csv", today=TODAY)
    rows = format_rows(records)
    assert rows[0]["resource"] and not rows[0]["kind"]
    again, _ = read(tmp_path, *rows)
    pd.testing.assert_frame_equal(again, records)


def test_the_demonstration_has_what_it_promises():
    records, notes = read_assets(DEMO / "assets.csv", today=TODAY)
    assert notes == []
    assert len(records) == 31
    assert set(records["kind"]) == {"hard", "soft"}
    assert records["health_asset"].nunique() == 5
    assert (records["postcode"].isna() & records["x"].isna()).sum() == 2
    assert (records["last_checked"] < "2024").sum() == 1
    assert (records["still_active"] == False).sum() == 1  # noqa: E712


def test_every_form_of_the_chapter_is_written_and_explained(tmp_path):
    with pytest.raises(SystemExit):
        main(["forms", str(tmp_path)])
    written = {path.name for path in tmp_path.iterdir()}
    forms = (*FORMS, *COLUMNS, *engagement_forms.COLUMNS, *summary_forms.COLUMNS)
    assert written == {*(f"{name}.csv" for name in forms), GUIDE}
    guide = (tmp_path / GUIDE).read_text(encoding="utf-8")
    for name, list_columns in COLUMNS.items():
        section = guide.split(f"## {name}.csv")[1].split("## ")[0]
        assert [line.split("`")[1] for line in section.splitlines() if line] == list(list_columns())
    assert "regular activity" in guide
    records, _ = read_assets(tmp_path / "assets.csv", today=TODAY)
    assert records.empty and list(records) == list(RECORD)
    assert write_forms(tmp_path, COLUMNS) == []
