"""Where places are: every way in which a file says it, and the points that cannot be right."""

from __future__ import annotations

import re
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.errors import GEOSException
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from cip.catalogue.sources import Catalogue
from cip.sources.cells import Findings, parse_numbers
from cip.sources.extract import Body
from cip.sources.shapes import GEOGRAPHIC, NATIONAL_GRID, find_crs

#: Metres. Great Britain on its National Grid.
GRID_EAST_M, GRID_NORTH_M = 700_000, 1_300_000
#: Metres. A list is of one county or city when nine places in ten lie this near to its middle, ...
LOCAL_M = 60_000
#: ... and a place of it is too far away from there to be right when it lies farther than this.
FAR_M = 50_000
#: Fewer places than these have no middle to speak of.
LEAST_FOR_MIDDLE = 10
_IN_BRACKETS = re.compile(r"\(\s*(-?\d+(?:\.\d+)?)\s*,\s*(-?\d+(?:\.\d+)?)\s*\)\s*$")

_Pair = tuple[pd.Series, pd.Series]


def find_points(
    body: Body, shapes: gpd.GeoSeries | None, catalogue: Catalogue, findings: Findings
) -> _Pair:
    """Return easting and northing of every place in metres, missing where there is none.

    A place that is drawn as an outline (``shapes``) gets a point inside it.

    Points that are 0, outside Great Britain, or far from all others of a local list are told with
    their rows and left out; the place itself is kept.
    """
    x, y = _read_grid(body, catalogue, findings)
    degrees = _read_degrees(body, catalogue, findings)
    if degrees is not None:
        east, north = _place_degrees(*degrees, x.isna() | y.isna(), body, findings)
        x, y = x.fillna(east), y.fillna(north)
    if shapes is not None:
        points = to_grid(shapes.representative_point())
        x, y = points.x.round(2), points.y.round(2)
        x, y = _leave_out_outside(x, y, body, findings)
    x, y = _leave_out_far(x, y, body, findings)
    has_points = shapes is not None or any(
        id_ in body.cells for id_ in ("x", "longitude", "location")
    )
    if has_points and x.isna().any():
        findings.notes.append(f"{findings.file}: {int(x.isna().sum())} places without a point.")
    return x, y


def split_location(cell: str) -> tuple[str, str, str]:
    """Return address, latitude and longitude of a cell that ends in them; "" where it does not.

    Examples
    --------
    >>> split_location("1 High Street, Tinton\\nUK\\n(51.75, -1.25)")
    ('1 High Street, Tinton', '51.75', '-1.25')
    """
    found = _IN_BRACKETS.search(cell)
    lines = (cell[: found.start()] if found else cell).splitlines()
    words = [" ".join(line.split()) for line in lines]
    address = ", ".join(line for line in words if line and line != "UK")
    return (address, found[1], found[2]) if found else (address, "", "")


def read_shapes(body: Body, findings: Findings) -> gpd.GeoSeries:
    """Return the shape of every place as its file has it; empty where it cannot be read."""
    shapes = [_read_shape(geometry) for geometry in body.geometries]
    bad = [body.rows[i] for i, found in enumerate(shapes) if found is None]
    findings.report_each("the place has no readable shape, so it has no point.", bad)
    return gpd.GeoSeries(shapes, crs=find_crs(body.crs, findings))


def to_grid(shapes: gpd.GeoSeries) -> gpd.GeoSeries:
    """Return shapes in metres on the National Grid."""
    return shapes if shapes.crs == NATIONAL_GRID else shapes.to_crs(NATIONAL_GRID)


def write_points(x: pd.Series, y: pd.Series, shapes: gpd.GeoSeries | None) -> pd.Series:
    """Return each point as a text to know it by, to the metre; missing where there is none.

    Degrees stay degrees: what metres they are depends on the machine's files of grid shifts.

    Examples
    --------
    >>> write_points(pd.Series([450000.4]), pd.Series([200000.0]), None).tolist()
    ['e450000n200000']
    """
    if shapes is None or shapes.crs == NATIONAL_GRID:
        east, north = (axis.round().astype("Int64").astype("str") for axis in (x, y))
        return "e" + east + "n" + north
    points = shapes.representative_point()
    side = np.where(points.x >= 0, "e", "w")
    texts = points.y.map("{:.5f}n".format) + points.x.abs().map("{:.5f}".format) + side
    return texts.where(x.notna()).astype("str")


def _read_shape(geometry: Any) -> Any:
    try:
        is_shape = isinstance(geometry, BaseGeometry)
        found = geometry if is_shape else shape(geometry) if geometry else None
    except (GEOSException, ValueError, TypeError, KeyError, AttributeError, IndexError):
        return None
    return None if found is None or found.is_empty else found


def _read_grid(body: Body, catalogue: Catalogue, findings: Findings) -> _Pair:
    x, y = (_parse(id_, body, catalogue, findings) for id_ in ("x", "y"))
    is_zero = (x == 0) | (y == 0)
    _tell("easting and northing are 0, so the place has no point.", is_zero, body, findings)
    return _leave_out_outside(x.mask(is_zero), y.mask(is_zero), body, findings)


def _parse(id_: str, body: Body, catalogue: Catalogue, findings: Findings) -> pd.Series:
    if id_ not in body.cells:
        return pd.Series(np.nan, index=range(len(body.rows)), dtype="float64")
    return parse_numbers(
        body.cells[id_],
        body.rows,
        column=body.headings[id_],
        kind="number",
        missing=catalogue.missing_values,
        findings=findings,
    )


def _read_degrees(body: Body, catalogue: Catalogue, findings: Findings) -> _Pair | None:
    """Return longitude and latitude, or None for a file that has neither."""
    if "longitude" in body.cells and "latitude" in body.cells:
        east, north = (_parse(id_, body, catalogue, findings) for id_ in ("longitude", "latitude"))
        return east, north
    if "location" not in body.cells:
        return None
    split = [split_location(cell) for cell in body.cells["location"]]
    latitude, longitude = (pd.to_numeric(pd.Series([s[n] for s in split])) for n in (1, 2))
    message = "the cell does not end in a latitude and a longitude, so the place has no point."
    _tell(message, latitude.isna(), body, findings, column=body.headings["location"])
    return longitude.astype("float64"), latitude.astype("float64")


def _place_degrees(
    longitude: pd.Series,
    latitude: pd.Series,
    is_wanted: pd.Series,
    body: Body,
    findings: Findings,
) -> _Pair:
    """Return points of the places that have none yet, without those outside Great Britain."""
    is_given = is_wanted & longitude.notna() & latitude.notna()
    is_zero = is_given & (longitude == 0) & (latitude == 0)
    _tell("latitude and longitude are 0, so the place has no point.", is_zero, body, findings)
    is_given &= ~is_zero
    x, y = _project(longitude.where(is_given), latitude.where(is_given))
    is_outside = is_given & ~_is_on_grid(x, y)
    if is_outside.any():
        turned = _project(latitude.where(is_outside), longitude.where(is_outside))
        is_swapped = is_outside & _is_on_grid(*turned)
        found = latitude.astype("str") + ", " + longitude.astype("str")
        message = "the point is not in Great Britain and was left out. Swapping latitude and"
        _tell(f"{message} longitude would fit.", is_swapped, body, findings, found)
        message = "the point is not in Great Britain and was left out."
        _tell(message, is_outside & ~is_swapped, body, findings, found)
    return x.mask(is_outside), y.mask(is_outside)


def _project(longitude: pd.Series, latitude: pd.Series) -> _Pair:
    """Turn degrees into metres on the National Grid, to the centimetre."""
    from pyproj import Transformer

    is_point = longitude.notna() & latitude.notna()
    east, north = (pd.Series(np.nan, index=longitude.index, dtype="float64") for _ in "xy")
    if is_point.any():
        to_grid = Transformer.from_crs(GEOGRAPHIC, NATIONAL_GRID, always_xy=True)
        east[is_point], north[is_point] = (
            np.round(values, 2)
            for values in to_grid.transform(longitude[is_point], latitude[is_point])
        )
    return east, north


def _is_on_grid(x: pd.Series, y: pd.Series) -> pd.Series:
    return x.between(0, GRID_EAST_M) & y.between(0, GRID_NORTH_M)


def _leave_out_outside(x: pd.Series, y: pd.Series, body: Body, findings: Findings) -> _Pair:
    is_outside = x.notna() & y.notna() & ~_is_on_grid(x, y)
    if is_outside.any():
        found = x.map("{:.0f}".format) + ", " + y.map("{:.0f}".format)
        message = "the point is not in Great Britain and was left out."
        _tell(message, is_outside, body, findings, found)
    return x.mask(is_outside), y.mask(is_outside)


def _leave_out_far(x: pd.Series, y: pd.Series, body: Body, findings: Findings) -> _Pair:
    """Leave out points far from all others, in a list whose places lie near one another."""
    if x.notna().sum() < LEAST_FOR_MIDDLE:
        return x, y
    middle = x.median(), y.median()
    distance = np.hypot(x - middle[0], y - middle[1])
    usual = distance.quantile(0.9)
    if usual > LOCAL_M:
        return x, y
    limit = max(FAR_M, 2 * usual)
    is_far = distance > limit
    if is_far.any():
        turned = np.hypot(y - middle[0], x - middle[1]) <= limit
        found = x.map("{:.0f}".format) + ", " + y.map("{:.0f}".format)
        message = f"the point is over {limit / 1000:.0f} km from the middle of the list and was"
        swap = "Swapping easting and northing would fit."
        _tell(f"{message} left out. {swap}", is_far & turned, body, findings, found)
        _tell(f"{message} left out.", is_far & ~turned, body, findings, found)
    return x.mask(is_far), y.mask(is_far)


def _tell(
    message: str,
    is_of: pd.Series,
    body: Body,
    findings: Findings,
    found: pd.Series | None = None,
    *,
    column: str = "",
) -> None:
    places = np.flatnonzero(is_of.to_numpy())
    if len(places):
        texts = [str(found.iloc[i]) for i in places] if found is not None else ()
        findings.report_each(message, [body.rows[i] for i in places], texts, column=column)
