"""Where the areas of a comparison lie, each with its number."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from cip.display.blocks import MapBlock
from cip.display.chart_parts import write_alt
from cip.display.map_drawing import draw_map
from cip.display.map_frame import MapShape, write_frame
from cip.display.palette import AREA_FILL
from cip.geography import CRS_MAP

_TOLERANCE_DEGREES = 0.0001


def map_profiles(
    areas: gpd.GeoDataFrame, *, title: str, block_id: str, source: str, note: str = ""
) -> MapBlock:
    """Map whole profile areas, numbered in the order given.

    Parameters
    ----------
    areas
        One row per area: ``area_code, area_name, population`` and its outline.

    Raises
    ------
    ValueError
        If there are no areas.
    """
    if areas.empty:
        raise ValueError("a map needs at least one area")
    areas = areas.to_crs(CRS_MAP).reset_index(drop=True)
    # Small areas stay on top of those that hold them, and outlines are drawn no finer than seen.
    areas = areas.set_geometry(areas.geometry.simplify(_TOLERANCE_DEGREES))
    table = pd.DataFrame(
        {
            "number": range(1, len(areas) + 1),
            "area_name": areas["area_name"].astype(str),
            "population": areas["population"],
        }
    )
    shapes = [
        MapShape(row.area_name, AREA_FILL, str(row.number), {"Residents": f"{row.population:,.0f}"})
        for row in table.itertuples()
    ]
    key = [(AREA_FILL, "Profile area")]
    listed = [f"{row.number} {row.area_name}" for row in table.head(20).itertuples()]
    return MapBlock(
        block_id=block_id,
        title=title,
        svg=draw_map(areas, shapes, None, key=key),
        frame_html=write_frame(areas, shapes, None, title=title, key=key),
        alt=write_alt("Map", f"{len(areas)} profile areas", listed),
        source_line=source,
        table=table,
        note=note,
        column_labels={"number": "Number on map", "area_name": "Area", "population": "Residents"},
        formats={"number": "{:d}", "population": "{:,.0f}"},
    )
