"""Coordinates as people give them: taken where they can be right, told where they cannot.

A point that cannot be right is left out and the asset stays: its postcode may still place it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cip.errors import Problem
from cip.inputs import Column
from cip.postcodes import is_postcode, tidy_postcode
from cip.sources.places import write_postcode

if TYPE_CHECKING:
    from pyproj import Transformer

#: West, south, east and north in metres (EPSG:27700).
Window = tuple[float, float, float, float]

#: A point farther from the area than this is taken for a mistake: what residents use is nearer.
FAR_M = 50_000
#: A point farther from the centre of its own postcode than this contradicts it.
POSTCODE_M = 10_000
_GRID = (0.0, 0.0, 700_000.0, 1_300_000.0)
_LATITUDES, _LONGITUDES = (49.8, 60.95), (-8.7, 2.1)
_METRES = "easting and northing in metres on the National Grid, both of them"
_DEGREES = "latitude (about 50 to 61) and longitude (about -8 to 2) in degrees, both of them"


def list_point_columns() -> dict[str, Column]:
    """Return the columns of a form that say where something is."""
    return {
        "postcode": Column(
            privacy="no_contact", description="Whole postcode; it places what has no coordinates."
        ),
        "easting": Column(kind="number", description="Metres on the National Grid, if known."),
        "northing": Column(kind="number", description="Metres on the National Grid, if known."),
        "latitude": Column(kind="number", description="Degrees, such as 51.75, if known."),
        "longitude": Column(kind="number", description="Degrees, such as -1.25, if known."),
    }


def find_bad_postcodes(table: pd.DataFrame) -> Iterator[Problem]:
    """Yield a problem for each cell that is not written like a whole postcode."""
    for text, row in zip(table["postcode"], table["row"], strict=True):
        if isinstance(text, str) and not is_postcode(text):
            yield Problem(
                "this is not a postcode",
                row=int(row),
                column="postcode",
                found=text[:80],
                expected="a whole postcode, such as AB1 2CD",
            )


def read_points(
    table: pd.DataFrame, *, near: Window | None = None, postcodes: pd.DataFrame | None = None
) -> tuple[pd.DataFrame, list[Problem]]:
    """Return where things are, from the columns of `list_point_columns`.

    Easting and northing go before latitude and longitude. A point is left out, and told, where
    half of it is missing, where it is 0, where degrees stand for metres, where it lies outside
    Great Britain (swapped or not), more than ``FAR_M`` from ``near``, or more than ``POSTCODE_M``
    from its own postcode.

    Parameters
    ----------
    table
        The columns of `list_point_columns` and ``row``.
    near
        Box around the area; left out, points are only held against Great Britain.
    postcodes
        As `cip.assets.locate.read_postcode_points` gives them.

    Returns
    -------
    tuple
        One row per row of the table: ``postcode`` (as it is usually written), ``x, y`` (metres),
        ``located_by`` (given, or missing); and what was left out, with its row.
    """
    judged = [_judge(*item) for item in zip(*(table[c] for c in _COLUMNS), strict=True)]
    points = pd.DataFrame(
        [point for point, _ in judged], columns=["x", "y"], index=table.index, dtype="float64"
    )
    is_degrees = points["x"].between(-180, 180) & points["y"].between(-90, 90)
    points.loc[is_degrees, ["x", "y"]] = project_degrees(points[is_degrees])
    points["postcode"] = table["postcode"].map(write_postcode, na_action="ignore").astype("str")
    notes = [
        replace(note, row=int(row))
        for (_, found), row in zip(judged, table["row"], strict=True)
        for note in found
    ]
    far = [*_find_far(points, near), *_find_contradictions(points, postcodes)]
    for index, note in far:
        points.loc[index, ["x", "y"]] = np.nan
        notes.append(replace(note, row=int(table.loc[index, "row"])))
    points["located_by"] = pd.Series("given", index=points.index).where(points["x"].notna())
    return points, notes


_COLUMNS = ("easting", "northing", "latitude", "longitude")
_NOWHERE = (np.nan, np.nan)


def _judge(
    east: float, north: float, latitude: float, longitude: float
) -> tuple[tuple[float, float], list[Problem]]:
    """Return a point in metres, else in degrees as longitude and latitude, else nowhere."""
    notes = []
    if not (np.isnan(east) and np.isnan(north)):
        fault = _fault_grid(east, north)
        if fault is None:
            return (east, north), []
        notes.append(fault)
    if not (np.isnan(latitude) and np.isnan(longitude)):
        fault = _fault_degrees(latitude, longitude)
        if fault is None:
            return (longitude, latitude), notes
        notes.append(fault)
    return _NOWHERE, notes


def _fault_grid(east: float, north: float) -> Problem | None:
    found = f"{east:.0f}, {north:.0f}"
    if np.isnan(east) or np.isnan(north):
        return _tell("half of this point is missing", "easting", None, _METRES)
    if east == 0 or north == 0:
        return _tell("easting or northing is 0", "easting", found, _METRES)
    if abs(east) <= 180 and abs(north) <= 180:
        return _tell("these are degrees, not metres", "easting", f"{east}, {north}", _METRES)
    if _is_in((east, north), _GRID):
        return None
    if _is_in((north, east), _GRID):
        return _tell("easting and northing seem to be swapped", "easting", found, _METRES)
    return _tell("this point is outside Great Britain", "easting", found, _METRES)


def _fault_degrees(latitude: float, longitude: float) -> Problem | None:
    found = f"{latitude:g}, {longitude:g}"
    box = (_LONGITUDES[0], _LATITUDES[0], _LONGITUDES[1], _LATITUDES[1])
    if np.isnan(latitude) or np.isnan(longitude):
        return _tell("half of this point is missing", "latitude", None, _DEGREES)
    if latitude == 0 and longitude == 0:
        return _tell("latitude and longitude are 0", "latitude", found, _DEGREES)
    if _is_in((longitude, latitude), box):
        return None
    if _is_in((latitude, longitude), box):
        return _tell("latitude and longitude seem to be swapped", "latitude", found, _DEGREES)
    return _tell("this point is outside Great Britain", "latitude", found, _DEGREES)


def _is_in(point: tuple[float, float], box: Window) -> bool:
    return box[0] <= point[0] <= box[2] and box[1] <= point[1] <= box[3]


def _tell(message: str, column: str, found: str | None, expected: str) -> Problem:
    words = f"{message}; the point is left out"
    return Problem(words, column=column, found=found, expected=expected)


def write_notes(notes: list[Problem], path: Path) -> list[str]:
    """Return what is told of a file as sentences in the order of its rows, without its folder."""
    ordered = sorted(notes, key=lambda note: note.row or 0)
    return [str(replace(note, file=path.name)) for note in ordered]


def project_degrees(points: pd.DataFrame) -> np.ndarray:
    """Turn longitude and latitude into metres on the National Grid, to the centimetre."""
    if points.empty:
        return np.empty((0, 2))
    grid = _get_transformer(4326, 27700)
    east, north = grid.transform(points["x"].to_numpy(), points["y"].to_numpy())
    return np.column_stack([np.round(east, 2), np.round(north, 2)])


def find_degrees(x: float, y: float) -> tuple[float, float]:
    """Return latitude and longitude of a point in metres, to the centimetre."""
    longitude, latitude = _get_transformer(27700, 4326).transform(x, y)
    return round(latitude, 7), round(longitude, 7)


@cache
def _get_transformer(source: int, target: int) -> Transformer:
    # Making one takes longer than a thousand points.
    from pyproj import Transformer

    return Transformer.from_crs(source, target, always_xy=True)


def _find_far(points: pd.DataFrame, near: Window | None) -> Iterator[tuple[object, Problem]]:
    if near is None:
        return
    for index, x, y in points.dropna(subset=["x", "y"])[["x", "y"]].itertuples():
        if (away := _measure(x, y, near)) <= FAR_M:
            continue
        if _measure(y, x, near) <= FAR_M:
            message = "easting and northing seem to be swapped"
        else:
            message = f"this point lies {away / 1000:,.0f} km from the area, in another place or in the sea"
        yield index, _tell(message, "easting", f"{x:.0f}, {y:.0f}", _METRES)


def _measure(x: float, y: float, box: Window) -> float:
    """Return the metres from a point to a box; 0 inside it."""
    return float(np.hypot(max(box[0] - x, 0, x - box[2]), max(box[1] - y, 0, y - box[3])))


def _find_contradictions(
    points: pd.DataFrame, postcodes: pd.DataFrame | None
) -> Iterator[tuple[object, Problem]]:
    if postcodes is None:
        return
    given = points.dropna(subset=["x", "y", "postcode"])
    centres = postcodes.reindex(given["postcode"].map(tidy_postcode).astype("str"))
    away = np.hypot(given["x"].to_numpy() - centres["x"], given["y"].to_numpy() - centres["y"])
    for index, metres in zip(given.index, away, strict=True):
        if metres > POSTCODE_M:
            x, y = points.at[index, "x"], points.at[index, "y"]
            message = f"this point lies {metres / 1000:,.0f} km from its own postcode"
            yield index, _tell(message, "easting", f"{x:.0f}, {y:.0f}", _METRES)
