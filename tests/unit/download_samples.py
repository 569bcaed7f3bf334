"""An invented indicator table with every kind of cell, and what the store says of its sources."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import geopandas as gpd
import pandas as pd
from shapely.geometry import MultiPolygon, box

from cip.report.meta import ReportMeta
from cip.schemas import SCHEMAS
from cip.store import FileRecord, ManifestEntry
from cip.tables import check_table

from .display_samples import AREAS, find_indicator, make_rows

REASON = "The base is too small to show."
META = ReportMeta(
    title="Fernhollow: Downloads",
    area_name="Fernhollow",
    organisation="Wessmarch Council",
    published=date(2026, 11, 21),
    licence="Open Government Licence v3.0",
    attribution=("Contains invented data.",),
    is_synthetic=True,
)


def make_indicators() -> pd.DataFrame:
    """Return shares, groups, a count and a mean; one suppressed, one missing, one near zero."""
    share, parts = find_indicator("proportion"), find_indicator("composition")
    groups = [(group.id, group.label) for group in parts.groups]
    count, mean = find_indicator("count"), find_indicator("weighted_mean")
    table = pd.concat(
        [
            make_rows(share, missing=[("Z10000001", "")]),
            make_rows(parts, groups=groups),
            make_rows(count).assign(lower_95=None, upper_95=None, denominator=None),
            make_rows(mean).assign(lower_95=None, upper_95=None, numerator=None),
        ],
        ignore_index=True,
    )
    own = (table["indicator_id"] == share.id) & (table["area_role"] == "profile")
    table.loc[table["area_role"] == "profile", "comparison_method"] = ""
    numbers = ["value", "lower_95", "upper_95", "numerator", "denominator"]
    table[numbers] = table[numbers].astype(float)
    table.loc[own, numbers] = None
    table.loc[own, ["is_suppressed", "missing_reason"]] = [True, REASON]
    near_zero = (table["indicator_id"] == parts.id) & (table["area_role"] == "district")
    table.loc[table.index[near_zero][0], ["value", "lower_95"]] = [0.001, 0.0]
    return check_table("indicators", table.reindex(columns=list(SCHEMAS["indicators"].columns)))


def make_tables() -> dict[str, pd.DataFrame]:
    """Return the tables of an area as a run hands them over."""
    indicators = make_indicators()
    names = indicators["indicator_id"].unique()[:2]
    return {
        "areas": pd.DataFrame(AREAS, columns=["area_code", "area_name", "area_role"]),
        "small_areas": pd.DataFrame(
            {
                "lsoa21_code": ["Z01000001", "Z01000002"],
                "lsoa21_name": ["Marlbury 001A", "Marlbury 001B"],
                "population": pd.array([1500, None], dtype="Int64"),
                "ward24_name": "Fernhollow",
                "lad_name": "Marlbury",
                "msoa21_name": "Marlbury 001",
            }
        ),
        "indicators": indicators,
        "small_area_values": pd.DataFrame(
            {
                "indicator_id": [names[0], names[0], names[1]],
                "area_code": ["Z01000001", "Z01000002", "Z01000001"],
                "value": [12.5, 7.25, 3.0],
            }
        ),
    }


def make_sources(indicators: pd.DataFrame) -> dict[str, ManifestEntry]:
    """Return a manifest entry with two files for each product that the table names."""
    return {
        name: ManifestEntry(
            product_id=name,
            kind="counts",
            title=f"Invented figures in the layout of {name}",
            publisher="none: invented",
            geography="LSOA 2021",
            period="21 March 2021",
            licence="MIT",
            attribution="All figures are invented.",
            rows=2,
            sha256=f"{place:064x}",
            fetched_at="2026-11-20T10:00:00+00:00",
            files=[
                FileRecord(
                    name=f"{name}-{part}.csv", sha256=f"{part:064x}", bytes=1, layout="a", rows=1
                )
                for part in (1, 2)
            ],
        )
        for place, name in enumerate(dict.fromkeys(indicators["source_id"]))
    }


def write_outlines(path: Path) -> Path:
    """Write two small areas, one of them in two pieces, as a run keeps them."""
    pieces = MultiPolygon([box(1.31, 53.9, 1.32, 53.91), box(1.33, 53.9, 1.34, 53.91)])
    shapes = gpd.GeoDataFrame(
        {"area_code": ["Z01000001", "Z01000002"], "area_name": ["Marlbury 001A", "Marlbury 001B"]},
        geometry=[box(1.3, 53.9, 1.31, 53.91), pieces],
        crs=4326,
    )
    shapes.to_parquet(path, index=False)
    return path
