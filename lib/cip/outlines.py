"""Read drawn outlines: polygons in the formats that mapping programs save."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from cip.errors import ParameterError, Problem

if TYPE_CHECKING:
    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry

#: Great Britain on the British National Grid, with some sea around: least and most metres.
_GRID = (-100_000.0, -100_000.0, 800_000.0, 1_400_000.0)
FORMATS = (".geojson", ".json", ".gpkg", ".kml")
#: Repairs that change the size of an outline by less than this share need no mention.
_SAME_SIZE = 1e-6


@dataclass
class Outline:
    """One outline, whatever number of polygons drew it.

    Parameters
    ----------
    shape
        The polygons joined, in metres (EPSG:27700).
    notes
        What was repaired or noticed, in sentences.
    """

    shape: BaseGeometry
    notes: list[str] = field(default_factory=list)


def read_outline(path: Path) -> Outline:
    """Read a file of polygons as one outline.

    Any coordinate reference system is accepted, if the file says which. Rings that cross
    themselves are repaired (GEOS make-valid), and the repair is told.

    Raises
    ------
    ParameterError
        If the file is not one of ``FORMATS``, cannot be read, names no reference system, holds
        no polygon, holds points or lines as well, or lies outside Great Britain.
    """
    frame = _read_frame(path)
    kinds = frame.geometry.geom_type
    wrong = kinds[~kinds.isin(["Polygon", "MultiPolygon"])]
    if len(wrong):
        raise ParameterError(
            [
                Problem(
                    "the outline holds something other than a polygon",
                    file=path,
                    row=int(place) + 1,
                    found=str(kind),
                    expected="polygons only",
                )
                for place, kind in wrong.items()
            ]
        )
    notes = _describe_invalid(frame)
    shapes = frame.geometry.make_valid().to_crs("EPSG:27700")
    shape = _keep_polygons(shapes.union_all())
    _check_place(path, frame, shape)
    if shapes.area.sum() > shape.area * (1 + _SAME_SIZE):
        notes.append(
            f"The {len(frame)} polygons of {path.name} overlap. Each place in them counts once."
        )
    if holes := _count_holes(shape):
        notes.append(
            f"The outline in {path.name} has {_count(holes, 'hole')}. What lies in it is left out."
        )
    return Outline(shape, notes)


def read_service_areas(path: Path) -> gpd.GeoDataFrame:
    """Read a file of other outlines of the place, such as neighbourhoods or services' patches.

    Returns
    -------
    GeoDataFrame
        One row per outline (EPSG:27700): ``name``, from the file's column ``name``, and ``kind``
        ("service area" where the file has no column ``kind``).

    Raises
    ------
    ParameterError
        As :func:`read_outline`, and where a polygon has no name of its own.
    """
    frame = _read_frame(path)
    columns = {str(c).casefold(): c for c in frame.columns}
    if "name" not in columns:
        raise ParameterError(
            Problem(
                "the outlines have no names",
                file=path,
                expected="a column 'name'",
                found=", ".join(c for c in columns if c != "geometry"),
            )
        )
    names = frame[columns["name"]].astype("str").str.strip()
    bad = frame[columns["name"]].isna() | (names == "") | names.duplicated()
    if bad.any():
        raise ParameterError(
            [
                Problem("this outline has no name of its own", file=path, row=int(i) + 1, found=n)
                for i, n in names[bad].items()
            ]
        )
    shapes = frame.geometry.make_valid().to_crs("EPSG:27700")
    for shape in shapes:
        _check_place(path, frame, shape)
    kinds = frame[columns["kind"]].astype("str") if "kind" in columns else "service area"
    return frame[["geometry"]].set_geometry(shapes).assign(name=names, kind=kinds)


def _read_frame(path: Path) -> gpd.GeoDataFrame:
    import geopandas as gpd
    import pyogrio

    if path.suffix.lower() not in FORMATS:
        raise ParameterError(
            Problem(
                "this kind of file cannot be read as an outline",
                file=path,
                found=path.suffix or "no ending",
                expected=", ".join(FORMATS),
            )
        )
    try:
        frame = gpd.read_file(path, engine="pyogrio")
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, ValueError) as error:
        reason = str(error).splitlines()[0].replace(str(path), path.name)
        raise ParameterError(
            Problem("the outline cannot be read", file=path, found=reason)
        ) from None
    frame = frame[frame.geometry.notna() & ~frame.geometry.is_empty].reset_index(drop=True)
    if frame.empty:
        raise ParameterError(Problem("the file holds no polygon", file=path))
    if frame.crs is None:
        raise ParameterError(
            Problem(
                "the file does not say which coordinates it uses",
                file=path,
                expected="a coordinate reference system, such as EPSG:4326 or EPSG:27700",
            )
        )
    return frame


def _describe_invalid(frame: gpd.GeoDataFrame) -> list[str]:
    valid = frame.geometry.is_valid
    reasons = frame.geometry[~valid].is_valid_reason()
    return [
        f"Polygon {place + 1} of the outline was not valid ({reason.split('[')[0].strip()}) and "
        "was repaired. Look at it on the map."
        for place, reason in reasons.items()
    ]


def _keep_polygons(shape: BaseGeometry) -> BaseGeometry:
    """Return the polygons of a shape: a repair may leave lines and points behind."""
    from shapely import GeometryCollection, get_parts, union_all

    if isinstance(shape, GeometryCollection):
        parts = [p for p in get_parts(shape) if p.geom_type in ("Polygon", "MultiPolygon")]
        return union_all(parts)
    return shape


def _check_place(path: Path, frame: gpd.GeoDataFrame, shape: BaseGeometry) -> None:
    bounds = shape.bounds
    is_inside = all(map(math.isfinite, bounds)) and (
        _GRID[0] <= bounds[0] and _GRID[1] <= bounds[1]
        and bounds[2] <= _GRID[2] and bounds[3] <= _GRID[3]
    )  # fmt: skip
    if is_inside and not shape.is_empty:
        return
    x, y = (frame.total_bounds[0], frame.total_bounds[1])
    is_swapped = 49 <= x <= 61 and -9 <= y <= 3
    raise ParameterError(
        Problem(
            "the outline does not lie in Great Britain",
            file=path,
            found=f"a corner at {x:g}, {y:g} ({frame.crs.name})",
            expected="longitude before latitude"
            if is_swapped
            else "coordinates in the reference system that the file names",
        )
    )


def _count_holes(shape: BaseGeometry) -> int:
    from shapely import get_num_interior_rings, get_parts

    return int(get_num_interior_rings(get_parts(shape)).sum())


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"
