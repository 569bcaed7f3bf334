"""Geometry of boundary and centroid files: valid polygons in EPSG:4326, points in EPSG:27700."""

from __future__ import annotations

import re
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
from shapely.errors import GEOSException
from shapely.geometry import shape

from cip.catalogue.sources import Catalogue
from cip.sources.cells import Findings, parse_numbers
from cip.sources.extract import Body
from cip.sources.forms import X, Y
from cip.sources.matches import Match

GEOGRAPHIC = 4326
NATIONAL_GRID = 27700


def build_boundaries(
    columns: dict[str, pd.Series], crs_name: str | None, body: Body, findings: Findings
) -> gpd.GeoDataFrame:
    """Return one row per area with a valid polygon in longitude and latitude (EPSG:4326)."""
    crs = find_crs(crs_name, findings)
    shapes = [
        _read_shape(g, row, findings) for g, row in zip(body.geometries, body.rows, strict=True)
    ]
    frame = gpd.GeoDataFrame(columns, geometry=gpd.GeoSeries(shapes, crs=crs))
    is_invalid = ~frame.geometry.is_valid
    if is_invalid.any():
        frame.loc[is_invalid, "geometry"] = frame.loc[is_invalid, "geometry"].map(repair_polygon)
        findings.notes.append(
            f"{findings.file}: {int(is_invalid.sum())} invalid outlines repaired."
        )
    if crs != GEOGRAPHIC:
        frame = frame.to_crs(GEOGRAPHIC)
    _check_extent(frame, findings)
    return frame


def find_crs(name: str | None, findings: Findings) -> int:
    """Return the EPSG code of a GeoJSON ``crs`` member; none means longitude and latitude."""
    if not name or "CRS84" in name:
        return GEOGRAPHIC
    found = re.search(r"(\d{4,5})$", name)
    if found and int(found[1]) in (GEOGRAPHIC, NATIONAL_GRID):
        return int(found[1])
    findings.add(
        "The coordinate system is not known.",
        found=f"'{name}'",
        expected="EPSG:4326 (longitude and latitude) or EPSG:27700 (British National Grid)",
    )
    return GEOGRAPHIC


def _read_shape(geometry: dict[str, Any] | None, row: int, findings: Findings) -> Any:
    try:
        polygon = shape(geometry) if geometry else None
    except (GEOSException, ValueError, TypeError, KeyError, AttributeError, IndexError):
        polygon = None
    if polygon is None or polygon.is_empty or not polygon.geom_type.endswith("Polygon"):
        findings.add("The area has no readable outline.", row=row, expected="a polygon")
        return shapely.Polygon()
    return polygon


def repair_polygon(polygon: Any) -> Any:
    """Return a valid polygon or multipolygon of the same area; stray lines are left out."""
    repaired = shapely.make_valid(polygon)
    if repaired.geom_type.endswith("Polygon"):
        return repaired
    parts = [p for p in shapely.get_parts(repaired) if p.geom_type.endswith("Polygon")]
    return shapely.union_all(parts)


def _check_extent(frame: gpd.GeoDataFrame, findings: Findings) -> None:
    west, south, east, north = frame.total_bounds
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        findings.add(
            "The coordinates are not in degrees, and the file does not say what they are.",
            found=f"{west:.0f}, {south:.0f}",
            expected="degrees, or a 'crs' member that says EPSG:27700",
        )


def build_centroids(
    columns: dict[str, pd.Series],
    match: Match,
    body: Body,
    catalogue: Catalogue,
    findings: Findings,
) -> pd.DataFrame:
    """Return one row per area with a point in metres on the National Grid (EPSG:27700)."""
    x, y = (
        parse_numbers(
            body.cells[field],
            body.rows,
            column=body.headings[field],
            kind="number",
            missing=catalogue.missing_values,
            findings=findings,
        )
        for field in (X, Y)
    )
    if x.isna().any() or y.isna().any():
        places = (x.isna() | y.isna()).to_numpy().nonzero()[0]
        findings.add_each(
            "The area has no point.", [body.rows[i] for i in places], [""] * len(places)
        )
    if match.form.layout.crs != NATIONAL_GRID:
        points = gpd.GeoSeries.from_xy(x, y, crs=match.form.layout.crs).to_crs(NATIONAL_GRID)
        # Centimetres: more digits would be noise of the projection.
        x, y = points.x.round(2), points.y.round(2)
    return pd.DataFrame({**columns, "x": x, "y": y})
