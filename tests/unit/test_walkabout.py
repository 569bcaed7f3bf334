"""Notes of walks through the area."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from cip.assets.walkabout import list_walkabout_columns, read_walkabout
from cip.errors import ParameterError
from cip.tables import check_table

TODAY = date(2026, 11, 21)
DEMO = Path(__file__).parents[2] / "params" / "demo"
POSTCODES = pd.DataFrame(
    {"x": [622_844.0], "y": [460_710.0], "located_by": ["output area"]}, index=["ZZ12HD"]
)
SEEN = {
    "date": "2026-05-02", "place": "The pond", "reading": "Strength",
    "what_was_seen": "People sat by the water.",
}  # fmt: skip


def write(path: Path, *rows: dict[str, object]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(list_walkabout_columns()), restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


def read(tmp_path, *rows, **options):
    return read_walkabout(write(tmp_path / "walkabout.csv", *rows), today=TODAY, **options)


def refuse(tmp_path, *rows) -> str:
    with pytest.raises(ParameterError) as caught:
        read(tmp_path, *rows)
    return str(caught.value)


def test_an_observation_fits_the_table_of_the_chapter(tmp_path):
    table, notes = read(tmp_path, {**SEEN, "topics": "Surroundings; food"})
    assert notes == []
    row = check_table("walkabout", table).iloc[0]
    assert (row["seen_on"], row["reading"]) == ("2026-05-02", "strength")
    assert row["topics"] == "food; surroundings"
    assert row["observation_id"].startswith("walk:2026-05-02-the-pond-")


def test_a_postcode_places_what_has_no_point_and_says_how(tmp_path):
    table, notes = read(
        tmp_path,
        {**SEEN, "postcode": "zz1 2hd"},
        {**SEEN, "place": "Bench", "postcode": "ZZ1 2HD", "easting": 622_900, "northing": 460_700},
        {**SEEN, "place": "Swing", "postcode": "ZZ9 9ZZ"},
        {**SEEN, "place": "Path"},
        postcodes=POSTCODES,
    )
    assert table["located_by"].fillna("").tolist() == ["output area", "given", "", ""]
    assert table["x"].fillna(0).tolist() == [622_844, 622_900, 0, 0]
    assert len(notes) == 1 and "row 4, column 'postcode'" in notes[0]


def test_nothing_is_placed_where_nobody_knows_any_postcode(tmp_path):
    table, notes = read(tmp_path, {**SEEN, "postcode": "ZZ1 2HD"}, postcodes=POSTCODES.iloc[:0])
    assert table["x"].isna().all() and "not in the look-up" in notes[0]


def test_a_picture_that_is_not_there_is_told_and_one_that_is_is_kept(tmp_path):
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "pond.JPG").write_bytes(b"")
    table, notes = read(
        tmp_path,
        {**SEEN, "photo": "photos/pond.JPG"},
        {**SEEN, "place": "Bench", "photo": "photos/bench.jpg"},
    )
    assert table["photo"].tolist() == ["photos/pond.JPG", "photos/bench.jpg"]
    assert notes == [
        "walkabout.csv, row 3, column 'photo': this picture is not there. Found: photos/bench.jpg."
    ]


@pytest.mark.parametrize(
    "photo",
    ["/etc/passwd.jpg", "../secret.png", "C:\\a.jpg", "notes.txt", "https://example.org/a.jpg"],
)
def test_a_picture_lies_beside_the_file(tmp_path, photo):
    assert "not the path of a picture beside this file" in refuse(
        tmp_path, {**SEEN, "photo": photo}
    )


def test_all_mistakes_are_told_at_once(tmp_path):
    said = refuse(
        tmp_path,
        {**SEEN, "date": "2027-01-01", "reading": "weakness"},
        {**SEEN, "what_was_seen": "Mrs Example fell", "topics": "huosing", "postcode": "ZZ"},
        SEEN,
        SEEN,
    )
    for words in (
        "row 2, column 'date': this day has not come yet",
        "row 2, column 'reading': this is not one of the choices",
        "row 3, column 'what_was_seen': this cell seems to hold a person's name",
        "row 3, column 'topics': there is no such topic. Found: huosing.",
        "Did you mean 'Housing'?",
        "row 3, column 'postcode': this is not a postcode",
        "row 5, column 'what_was_seen': row 4 says the same of this place and day",
    ):
        assert words in said
    assert "Example" not in said


def test_who_walked_is_not_asked_for(tmp_path):
    assert not {"observer", "name", "seen_by"} & set(list_walkabout_columns())
    path = tmp_path / "walkabout.csv"
    path.write_text("observer," + ",".join(list_walkabout_columns()) + "\n", encoding="utf-8")
    with pytest.raises(ParameterError, match="column 'observer': this heading is not known"):
        read_walkabout(path, today=TODAY)


def test_the_demonstration_has_strengths_and_challenges():
    table, notes = read_walkabout(DEMO / "walkabout.csv", today=TODAY)
    assert notes == []
    assert table["reading"].value_counts().to_dict() == {"strength": 6, "challenge": 6}
    assert table["observation_id"].is_unique
