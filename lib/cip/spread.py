"""Stage 02: how indicators spread over small areas, inside the profile area and around it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cip.catalogue.entries import Indicator
from cip.indicators import build_figures

if TYPE_CHECKING:
    from cip.store import Store

VALUE_COLUMNS = [
    "indicator_id",
    "area_code",
    "area_name",
    "period",
    "value",
    "lower_95",
    "upper_95",
    "numerator",
    "denominator",
    "unit",
    "comparison",
    "comparison_998",
    "missing_reason",
    "source_id",
]
RANGE_COLUMNS = [
    "indicator_id",
    "lowest",
    "lower_quartile",
    "median",
    "upper_quartile",
    "highest",
    "areas",
    "of_what",
]
#: A spread over fewer areas than this says little.
MIN_AREAS = 5
_SPREADABLE = ("proportion", "rate", "weighted_mean")


def choose_spreadable(indicators: Mapping[str, Indicator]) -> dict[str, Indicator]:
    """Return the indicators that small areas have one figure each of: shares, rates and means."""
    return {
        name: entry
        for name, entry in indicators.items()
        if entry.level == "lsoa" and entry.statistic in _SPREADABLE
    }


def build_small_area_figures(
    store: Store,
    areas: pd.DataFrame,
    membership: pd.DataFrame,
    peers: pd.DataFrame,
    indicators: Mapping[str, Indicator],
    *,
    against: str,
) -> pd.DataFrame:
    """Compute indicators for every small area around, each compared with one comparator.

    Parameters
    ----------
    areas, membership
        The profile area and its comparators, as for `cip.indicators.build_indicators`.
    peers
        One row per LSOA 2021 x small area that belongs to it.
    against
        Code of the comparator.

    Returns
    -------
    DataFrame
        One row per indicator x LSOA, of the latest period.
    """
    benchmark = areas[areas["area_code"] == against]
    codes = peers["area_code"].drop_duplicates()
    small = pd.DataFrame({"area_code": codes, "area_name": codes, "area_role": "place"})
    table = build_figures(
        store,
        pd.concat([small, benchmark], ignore_index=True),
        pd.concat([peers, membership[membership["area_code"] == against]], ignore_index=True),
        choose_spreadable(indicators),
        against=against,
    )
    table = table[table["area_code"] != against]
    latest = table.groupby("indicator_id", observed=True)["period_order"].transform("max")
    return table[(table["period_order"] == latest) | latest.isna()]


def select_small_areas(figures: pd.DataFrame, small_areas: pd.DataFrame) -> pd.DataFrame:
    """Return the figures of the profile area's own small areas, by name.

    Returns
    -------
    DataFrame
        One row per indicator x LSOA (``VALUE_COLUMNS``).
    """
    names = small_areas.set_index("lsoa21_code")["lsoa21_name"]
    own = figures[figures["area_code"].isin(names.index)]
    texts = own.select_dtypes("category").columns
    own = own.astype(dict.fromkeys(texts, "str"))
    return own.assign(area_name=own["area_code"].map(names))[VALUE_COLUMNS].reset_index(drop=True)


def measure_ranges(figures: pd.DataFrame, of_what: str) -> pd.DataFrame:
    """Return the lowest, the quartiles and the highest of each indicator over small areas.

    Parameters
    ----------
    of_what
        What the areas are, such as ``small areas of Oxfordshire``.

    Returns
    -------
    DataFrame
        One row per indicator (``RANGE_COLUMNS``) that at least five small areas have.
    """
    rows = []
    for name, values in figures.groupby("indicator_id", observed=True, sort=False)["value"]:
        present = values.dropna().to_numpy(dtype=float)
        if len(present) >= MIN_AREAS:
            points = np.quantile(present, [0, 0.25, 0.5, 0.75, 1])
            rows.append((str(name), *points, len(present), of_what))
    table = pd.DataFrame(rows, columns=RANGE_COLUMNS)
    return table.astype({"areas": "Int64"})
