"""The area's small areas with their figures as a GeoPackage, for mapping programs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from cip.catalogue import load_indicators
from cip.report.table_words import describe_column

if TYPE_CHECKING:
    import pandas as pd

    from cip.report.meta import ReportMeta

FILE_NAME = "small_areas.gpkg"
LAYER, WORDS_LAYER = "small_areas", "columns"
#: Longitude and latitude, as the store keeps outlines: putting them back into the National Grid
#: without its grid file would move them by metres.
CRS = "EPSG:4326"


def write_geopackage(
    outlines: Path, tables: Mapping[str, pd.DataFrame], folder: Path, meta: ReportMeta
) -> Path:
    """Write outlines with a column of figures per indicator, and a layer that explains the columns.

    The same input gives the same bytes.

    Parameters
    ----------
    outlines
        GeoParquet in EPSG:4326: ``area_code, area_name, geometry``, one row per small area.
    tables
        ``small_areas`` and ``small_area_values`` (``indicator_id, area_code, value``) where they
        are there. A figure that is missing stays missing.

    Returns
    -------
    Path
        The file, with the layers ``small_areas`` and ``columns``.
    """
    import pyarrow.parquet as pq
    from pyogrio import raw

    shapes = pq.read_table(outlines, columns=["area_code", "area_name", "geometry"]).to_pydict()
    fields = _collect_fields(shapes, tables)
    columns, words = _explain(fields)
    path = folder / FILE_NAME
    path.unlink(missing_ok=True)
    about = {"TITLE": f"{meta.area_name}: small areas", "LICENCE": meta.licence}
    about["ATTRIBUTION"] = " ".join([meta.banner, *meta.attribution]).strip()
    with _dated(meta.published):
        raw.write(
            path,
            np.array(shapes["geometry"], dtype=object),
            list(fields.values()),
            list(fields),
            geometry_type="MultiPolygon",
            crs=CRS,
            layer=LAYER,
            driver="GPKG",
            promote_to_multi=True,
            dataset_metadata={key: text for key, text in about.items() if text},
            layer_options={
                "GEOMETRY_NAME": "geometry",
                "IDENTIFIER": f"{meta.area_name}: small areas",
                "DESCRIPTION": meta.banner or "Outlines of the area's small areas and figures.",
            },
        )
        raw.write(
            path,
            None,
            [columns, words],
            ["column", "meaning"],
            geometry_type=None,
            layer=WORDS_LAYER,
            driver="GPKG",
            append=True,
        )
    return path


@contextmanager
def _dated(day: date) -> Iterator[None]:
    """Let GDAL write this day as the time of change, whatever the clock says."""
    import pyogrio

    name = "OGR_CURRENT_DATE"
    before = pyogrio.get_gdal_config_option(name)
    pyogrio.set_gdal_config_options({name: f"{day.isoformat()}T00:00:00.000Z"})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({name: before})


def _collect_fields(
    shapes: Mapping[str, list[Any]], tables: Mapping[str, pd.DataFrame]
) -> dict[str, np.ndarray]:
    """Return the columns of the layer: names, facts, then one column per indicator."""
    codes = shapes["area_code"]
    fields = {name: np.array(shapes[name], dtype=object) for name in ("area_code", "area_name")}
    if "small_areas" in tables:
        facts = tables["small_areas"].set_index("lsoa21_code").reindex(codes)
        for name in ("msoa21_name", "ward24_name", "lad_name"):
            fields[name] = facts[name].astype(object).where(facts[name].notna(), None).to_numpy()
        fields["population"] = facts["population"].to_numpy(float, na_value=np.nan)
    if "small_area_values" in tables:
        values = tables["small_area_values"]
        wide = values.pivot(index="area_code", columns="indicator_id", values="value")
        wide = wide.reindex(index=codes, columns=list(dict.fromkeys(values["indicator_id"])))
        for name in wide.columns:
            fields[str(name)] = wide[name].to_numpy(float, na_value=np.nan)
    return fields


def _explain(fields: Mapping[str, object]) -> tuple[np.ndarray, np.ndarray]:
    """Return the names of the columns and what each holds."""
    entries = load_indicators()
    words = [
        f"{entries[name].label} ({entries[name].unit}). {entries[name].definition}"
        if name in entries
        else describe_column(LAYER, name)
        for name in fields
    ]
    return np.array(list(fields), dtype=object), np.array(words, dtype=object)
