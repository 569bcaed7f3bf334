"""Invented indicator rows, polygons and notebooks for the tests of display and report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import geopandas as gpd
import nbformat
import numpy as np
import pandas as pd
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from shapely.geometry import Polygon, box

from cip.catalogue import Indicator, load_indicators

AREAS = (
    ("fernhollow", "Fernhollow", "profile"),
    ("Z07000001", "Marlbury", "district"),
    ("Z10000001", "Wessmarch", "county"),
    ("Z92000001", "England (invented figures)", "england"),
)


def find_indicator(statistic: str, *, source: str | None = None) -> Indicator:
    """Return the first catalogue entry of a statistic (and source)."""
    for indicator in load_indicators().values():
        if indicator.statistic == statistic and source in (None, indicator.source):
            return indicator
    raise LookupError(f"no indicator of {statistic}")


def make_rows(
    indicator: Indicator,
    *,
    groups: Sequence[tuple[str, str]] = (("", ""),),
    areas: Sequence[tuple[str, str, str]] = AREAS,
    seed: int = 1,
    missing: Sequence[tuple[str, str]] = (),
) -> pd.DataFrame:
    """Return one row per area x group with shares that add up to 100 over the groups.

    ``missing`` lists (area_code, group) pairs whose value is not available.
    """
    random = np.random.default_rng(seed)
    base = random.uniform(1, 6, len(groups))
    lines = []
    for place, (code, name, role) in enumerate(areas):
        weights = base * random.uniform(0.7, 1.5, len(groups))
        share = weights / weights.sum() if len(groups) > 1 else random.uniform(0.1, 0.6, 1)
        total = 2_000 * 10**place
        for (group, label), part in zip(groups, share, strict=True):
            is_missing = (code, group) in missing
            has_interval = indicator.interval == "wilson"
            value = None if is_missing else round(100 * float(part), 3)
            lines.append(
                {
                    "indicator_id": indicator.id,
                    "section": indicator.section,
                    "area_code": code,
                    "area_name": name,
                    "area_role": role,
                    "period": "2021",
                    "group": group,
                    "group_label": label,
                    "value": value,
                    "lower_95": value - 2 / 10**place if value and has_interval else None,
                    "upper_95": value + 2 / 10**place if value and has_interval else None,
                    "numerator": None if is_missing else round(float(part) * total),
                    "denominator": float(total),
                    "unit": indicator.unit,
                    "comparison": "" if role == "profile" or not has_interval else "higher",
                    "comparison_method": "interval of the difference" if has_interval else "",
                    "is_suppressed": False,
                    "missing_reason": "no figures for this area" if is_missing else None,
                    "source_id": indicator.source,
                }
            )
    rows = pd.DataFrame(lines)
    numbers = ["value", "lower_95", "upper_95", "numerator", "denominator"]
    return rows.astype(dict.fromkeys(numbers, "float64"))


def list_groups(indicator: Indicator) -> list[tuple[str, str]]:
    """Return (id, label) of an indicator's groups."""
    return [(group.id, group.label) for group in indicator.groups]


def make_areas(names: Mapping[str, str] | None = None) -> gpd.GeoDataFrame:
    """Return six invented small areas in two rows, longitude and latitude."""
    lines = []
    for i in range(6):
        x, y = -1.20 + (i % 3) * 0.012, 51.70 + (i // 3) * 0.008
        code = f"Z0100000{i + 1}"
        name = (names or {}).get(code, f"Marlbury 00{i + 1}A")
        shape = Polygon([(x, y), (x + 0.012, y + 0.001), (x + 0.012, y + 0.009), (x, y + 0.008)])
        lines.append(
            {
                "area_code": code,
                "area_name": name,
                "share": 1.0 if i else 0.4,
                "population": 1_500 + 10 * i,
                "imd_decile": i + 1,
                "score": 10.5 + 3 * i,
                "geometry": shape,
            }
        )
    return gpd.GeoDataFrame(lines, crs="EPSG:4326")


def make_context() -> gpd.GeoDataFrame:
    """Return a backdrop: neighbours, two wards and a district around ``make_areas``."""
    lines = [
        {
            "layer": "neighbour",
            "area_name": f"Next {i}",
            "geometry": box(-1.26 + 0.02 * i, 51.69, -1.24 + 0.02 * i, 51.73),
        }
        for i in range(6)
    ]
    lines.append(
        {"layer": "ward", "area_name": "Fern ward", "geometry": box(-1.2, 51.7, -1.176, 51.718)}
    )
    lines.append(
        {
            "layer": "district",
            "area_name": "Marlbury",
            "geometry": box(-1.215, 51.692, -1.15, 51.73),
        }
    )
    return gpd.GeoDataFrame(lines, crs="EPSG:4326")


def show(block: object, *, tags: Sequence[str] = ()) -> nbformat.NotebookNode:
    """Return an executed code cell whose result is a block (or any object with a bundle)."""
    bundle = dict(block._repr_mimebundle_())  # type: ignore[attr-defined]
    output = new_output("execute_result", data=bundle, execution_count=1)
    return new_code_cell("show()", outputs=[output], metadata={"tags": list(tags)})


def make_notebook(*cells: nbformat.NotebookNode | str) -> nbformat.NotebookNode:
    """Return a notebook of cells; text becomes a Markdown cell."""
    held = [new_markdown_cell(c) if isinstance(c, str) else c for c in cells]
    for place, cell in enumerate(held):
        cell["id"] = f"cell-{place}"
    return new_notebook(cells=held)
