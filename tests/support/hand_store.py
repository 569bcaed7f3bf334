"""A store of small tables made by hand, indicators of any kind, and the row one looks for."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import pandas as pd

from cip.catalogue.indicators import Indicator
from cip.catalogue.sources import load_sources
from cip.store import FileRecord, Manifest, ManifestEntry, Store, hash_file

AREA_COLUMNS = ["area_code", "area_name", "area_role"]
MEMBER_COLUMNS = ["area_code", "small_area_code", "level", "share"]
VALUE_COLUMNS = [
    "series_id", "series_name", "area_code", "area_name", "level", "sex", "age", "period",
    "period_order", "value", "lower_95", "upper_95", "lower_998", "upper_998", "count",
    "denominator", "note",
]  # fmt: skip


def write_store(
    root: Path,
    tables: Mapping[str, pd.DataFrame],
    *,
    periods: Mapping[str, str] | None = None,
    vintages: Mapping[str, dict[str, str]] | None = None,
) -> Store:
    """Write tables under products of the catalogue; each is said to come from one file."""
    entries = {}
    for name, table in tables.items():
        path = root / f"{name}.parquet"
        table.to_parquet(path, index=False)
        source = load_sources()[name]
        file = FileRecord(
            name=f"{name}.csv",
            sha256=sha256(name.encode()).hexdigest(),
            bytes=1,
            layout="invented",
            rows=len(table),
        )
        entries[name] = ManifestEntry(
            product_id=name,
            kind=source.kind,
            title=source.title,
            publisher=source.publisher,
            geography=source.geography,
            period=(periods or {}).get(name, source.period),
            licence=source.licence,
            attribution=source.attribution,
            rows=len(table),
            vintages=(vintages or {}).get(name, {}),
            sha256=hash_file(path),
            fetched_at="2026-01-01T00:00:00Z",
            files=[file],
        )
    manifest = Manifest(is_synthetic=True, products=entries)
    (root / "manifest.json").write_text(manifest.model_dump_json(), encoding="utf-8")
    return Store(root)


def make_indicator(statistic: str, source: str, **parts: Any) -> Indicator:
    """Return an indicator with what its kind needs and the parts that are given."""
    fields: dict[str, Any] = {
        "id": "figure",
        "section": "housing",
        "label": "Figure",
        "question": "How many?",
        "definition": "What is counted.",
        "statistic": statistic,
        "source": source,
        "unit": "%",
        "base_label": "people",
        "phrase": "are counted",
        "polarity": "none",
        "standardisation": "crude",
        "interval": {"rate": "byars", "ratio": "byars", "proportion": "wilson"}.get(
            statistic, "none"
        ),
        "decimals": 1,
        "caveat": "None known.",
    }
    return Indicator(**(fields | parts))


def make_areas(*rows: tuple[str, str]) -> pd.DataFrame:
    """Return areas from pairs of code and role; the role is the name too."""
    return pd.DataFrame([(code, role, role) for code, role in rows], columns=AREA_COLUMNS)


def make_members(*rows: tuple[str, str, str, float]) -> pd.DataFrame:
    """Return a membership from rows of area, small area, level and share."""
    table = pd.DataFrame(list(rows), columns=MEMBER_COLUMNS)
    return table.assign(population=pd.array([100] * len(table), dtype="Int64"))


def make_values(*rows: Mapping[str, Any]) -> pd.DataFrame:
    """Return published values; what a row leaves out is as in most rows, or missing."""
    usual = {"series_id": "1", "series_name": "Deaths", "sex": "Persons", "age": "All ages"}
    table = pd.DataFrame([usual | {"period": "2020"} | dict(row) for row in rows])
    table = table.reindex(columns=VALUE_COLUMNS)
    numbers = [*VALUE_COLUMNS[8:16]]
    return table.astype(dict.fromkeys(numbers, "float64"))


def find(
    table: pd.DataFrame, area: str, indicator: str = "figure", *, group: str = "", period: str = ""
) -> pd.Series:
    """Return the one row of an indicator, an area, a group and a period (any, when there is one)."""
    rows = table[
        (table["indicator_id"] == indicator)
        & (table["area_code"] == area)
        & (table["group"] == group)
    ]
    if period:
        rows = rows[rows["period"] == period]
    assert len(rows) == 1, rows
    return rows.iloc[0]
