"""What was seen on walks through the area: strengths and challenges with a place and a day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path, PurePosixPath

import pandas as pd

from cip.assets.given_points import (
    Window,
    find_bad_postcodes,
    list_point_columns,
    read_points,
    write_notes,
)
from cip.assets.keys import digest_text, make_key
from cip.assets.named_choices import find_unknown_names, name_topics, resolve_names
from cip.errors import Problem
from cip.inputs import Column, read_table
from cip.postcodes import tidy_postcode

READINGS = ("strength", "challenge")
_PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".heic", ".gif")


def list_walkabout_columns() -> dict[str, Column]:
    """Return the columns of ``walkabout.csv``: one row per observation."""
    return {
        "date": Column(kind="date", required=True, description="Day of the walk."),
        "place": Column(
            required=True,
            privacy="role",
            description="Where it was, in words; a public place, never somebody's home.",
        ),
        **list_point_columns(),
        "reading": Column(
            kind="choice",
            required=True,
            choices=READINGS,
            description="Whether it is something to build on or something to change.",
        ),
        "topics": Column(
            privacy="role",
            description="What it is about; one or more, parted by semicolons, of: "
            f"{name_topics().describe()}.",
        ),
        "what_was_seen": Column(
            required=True, privacy="role", description="What was seen, in a sentence; no names."
        ),
        "photo": Column(
            privacy="no_contact",
            description="Path of a picture beside this file. Reports never show it: faces and "
            "number plates may be on it.",
        ),
    }


def read_walkabout(
    path: Path, *, today: date, near: Window | None = None, postcodes: pd.DataFrame | None = None
) -> tuple[pd.DataFrame, list[str]]:
    """Read the notes of walks. Who made them is not asked and not kept.

    Parameters
    ----------
    path
        A CSV file in UTF-8, or an XLSX workbook, with the columns of `list_walkabout_columns`.
    today
        Date of the report; no walk may be later.
    near
        Box around the area, in metres, to find points that are swapped or far away.
    postcodes
        As `cip.assets.locate.read_postcode_points` gives them: they place what has no point, and
        find points that contradict their postcode.

    Returns
    -------
    tuple
        The hand-over table ``walkabout``: one row per observation, in the order of the file; and
        what is told of single rows without refusing the file: points that are left out, postcodes
        that nobody knows, pictures that are not there.

    Raises
    ------
    ParameterError
        With every other problem of the file.
    """
    table = read_table(path, list_walkabout_columns(), check=lambda found: _check(found, today))
    points, notes = read_points(table, near=near, postcodes=postcodes)
    if postcodes is not None:
        points, unknown = _place_by_postcode(points, table["row"], postcodes)
        notes += unknown
    notes += _find_missing_photos(table, path.parent)
    return _make(table, points), write_notes(notes, path)


def _check(table: pd.DataFrame, today: date) -> Iterator[Problem]:
    yield from find_unknown_names(table, "topics", name_topics(), is_list=True)
    yield from find_bad_postcodes(table)
    for row in table.loc[table["date"] > pd.Timestamp(today), "row"]:
        expected = f"a day up to the report's, {today.isoformat()}"
        yield Problem("this day has not come yet", row=int(row), column="date", expected=expected)
    for photo, row in zip(table["photo"], table["row"], strict=True):
        if isinstance(photo, str) and not _is_beside(photo):
            yield Problem(
                "this is not the path of a picture beside this file",
                row=int(row),
                column="photo",
                expected=f"a path such as photos/bench.jpg; {', '.join(_PICTURES)}",
            )
    yield from _find_doubles(table)


def _is_beside(photo: str) -> bool:
    path = PurePosixPath(photo.replace("\\", "/"))
    is_inside = not path.is_absolute() and ".." not in path.parts and ":" not in photo
    return is_inside and path.suffix.casefold() in _PICTURES


def _find_doubles(table: pd.DataFrame) -> Iterator[Problem]:
    first_rows: dict[str, int] = {}
    for key, row in zip(_make_ids(table), table["row"], strict=True):
        if (other := first_rows.setdefault(key, int(row))) != row:
            message = f"row {other} says the same of this place and day"
            yield Problem(message, row=int(row), column="what_was_seen")


def _make_ids(table: pd.DataFrame) -> list[str]:
    return [
        f"walk:{make_key(_write_date(day), place)}-{digest_text(str(seen))}"
        for day, place, seen in zip(
            table["date"], table["place"], table["what_was_seen"], strict=True
        )
    ]


def _write_date(day: pd.Timestamp) -> str | None:
    return None if pd.isna(day) else day.strftime("%Y-%m-%d")


def _place_by_postcode(
    points: pd.DataFrame, rows: pd.Series, postcodes: pd.DataFrame
) -> tuple[pd.DataFrame, list[Problem]]:
    wanted = points["postcode"].notna() & points["x"].isna()
    keys = points.loc[wanted, "postcode"].map(tidy_postcode).astype("str")
    columns = ["x", "y", "located_by"]
    placed = points.copy()
    placed.loc[wanted, columns] = postcodes.reindex(keys)[columns].set_axis(keys.index)
    unknown = rows[wanted & placed["x"].isna()]
    message = "this postcode is not in the look-up, so that the observation has no point"
    return placed, [Problem(message, row=int(row), column="postcode") for row in unknown]


def _find_missing_photos(table: pd.DataFrame, folder: Path) -> list[Problem]:
    return [
        Problem("this picture is not there", row=int(row), column="photo", found=photo)
        for photo, row in zip(table["photo"], table["row"], strict=True)
        if isinstance(photo, str) and not (folder / photo.replace("\\", "/")).is_file()
    ]


def _make(table: pd.DataFrame, points: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "observation_id": pd.Series(_make_ids(table), index=table.index, dtype="str"),
            "seen_on": table["date"].dt.strftime("%Y-%m-%d").astype("str"),
            "place": table["place"],
            "postcode": points["postcode"],
            "x": points["x"],
            "y": points["y"],
            "located_by": points["located_by"].astype("str"),
            "reading": table["reading"],
            "topics": resolve_names(table["topics"], name_topics(), is_list=True),
            "what_was_seen": table["what_was_seen"],
            "photo": table["photo"],
            "row": table["row"].astype("Int64"),
        }
    )
