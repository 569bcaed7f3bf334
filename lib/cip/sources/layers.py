"""Layers of GeoPackages and Shapefiles, on disk or in a zip archive, as tables of text cells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError, FieldError, GeometryError

from cip.errors import Problem, SourceError
from cip.sources.files import HEAD_ROWS, RawFile, is_gzip
from cip.sources.raw_tables import Content, RawTable, show_cell

if TYPE_CHECKING:
    import pandas as pd

_FAULTS = (DataSourceError, DataLayerError, FieldError, GeometryError, OSError, ValueError)
#: How sure the reader must be, in hundredths, that a description is that of a known system.
_LEAST_SURE = 25


def open_layers(file: RawFile) -> list[RawTable]:
    """Return the layers of a file that have geometry, each with its first rows.

    Raises
    ------
    SourceError
        When the file cannot be read.
    """
    try:
        found = pyogrio.list_layers(_find_path(file))
        names = [str(name) for name, geometry in found if geometry]
        return [
            RawTable(file, "layer", _tabulate(_read(file, name, HEAD_ROWS)), name) for name in names
        ]
    except _FAULTS as error:
        raise SourceError(_describe_fault(file)) from error


def read_layer(file: RawFile, name: str | None) -> Content:
    """Return all rows of a layer with their geometries."""
    try:
        frame = _read(file, name, None)
    except _FAULTS as error:
        raise SourceError(_describe_fault(file, name)) from error
    crs = frame.crs.to_epsg(_LEAST_SURE) if frame.crs is not None else None
    shapes: list[Any] = list(frame.geometry)
    system = f"EPSG:{crs}" if crs else str(frame.crs or "")
    return Content(_tabulate(frame.drop(columns=frame.geometry.name)), shapes, system or None)


def _find_path(file: RawFile) -> str:
    if file.member is not None:
        return f"/vsizip/{file.path.absolute().as_posix()}/{file.member}"
    packed = "/vsigzip/" if is_gzip(file.path) else ""
    return f"{packed}{file.path.absolute().as_posix()}"


def _read(file: RawFile, name: str | None, rows: int | None) -> Any:
    return pyogrio.read_dataframe(
        _find_path(file), layer=name, max_features=rows, read_geometry=rows is None
    )


def _tabulate(frame: pd.DataFrame) -> list[list[str]]:
    cells = frame.astype("object").where(frame.notna(), None)
    return [list(map(str, frame.columns)), *([show_cell(c) for c in row] for row in cells.values)]


def _describe_fault(file: RawFile, name: str | None = None) -> Problem:
    return Problem(
        "The layers of the file cannot be read: is it cut short, or did a part of it stay behind? "
        "A Shapefile needs its .dbf and .shx beside the .shp.",
        file=file.name,
        sheet=name,
    )
