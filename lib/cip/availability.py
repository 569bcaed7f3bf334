"""Stage 02: which indicators a store can feed for an area, and what stands in the way of others."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

import pandas as pd

from cip.catalogue.indicators import Indicator
from cip.catalogue.sources import load_sources

if TYPE_CHECKING:
    from cip.store import Store


def find_small_area_level(source_id: str) -> str:
    """Return ``lsoa11`` or ``lsoa21``: the LSOAs in which a product counts people."""
    vintage = load_sources()[source_id].vintages.get("lsoa", "2021")
    return f"lsoa{vintage[-2:]}"


def read_products(store: Store, indicators: Mapping[str, Indicator]) -> dict[str, pd.DataFrame]:
    """Return the table of each product that the indicators use and the store holds."""
    wanted = dict.fromkeys(entry.source for entry in indicators.values())
    return {source: store.read(source) for source in wanted if store.has(source)}


def group_by_source(
    indicators: Mapping[str, Indicator], *, excluded: Collection[str] = ()
) -> dict[str, list[Indicator]]:
    """Return the indicators of each product, in the order of the catalogue."""
    grouped: dict[str, list[Indicator]] = {}
    for name, entry in indicators.items():
        if name not in excluded:
            grouped.setdefault(entry.source, []).append(entry)
    return grouped


def find_obstacles(
    products: Mapping[str, pd.DataFrame],
    areas: pd.DataFrame,
    membership: pd.DataFrame,
    indicators: Mapping[str, Indicator],
) -> dict[str, str]:
    """Return, for each indicator that cannot be made for the profile area, the reason why.

    Raises
    ------
    ValueError
        When not exactly one area has the role ``profile``.
    """
    profile = areas.loc[areas["area_role"] == "profile", "area_code"]
    if len(profile) != 1:
        raise ValueError(f"One area must have the role 'profile', not {len(profile)}.")
    members = membership[membership["area_code"] == profile.iloc[0]]
    found: dict[str, str] = {}
    for source, entries in group_by_source(indicators).items():
        shared, rows = _find_shared_obstacle(products.get(source), source, members)
        for entry in entries:
            if reason := shared or _find_own_obstacle(rows, entry):
                found[entry.id] = reason
    return {name: found[name] for name in indicators if name in found}


def _find_shared_obstacle(
    table: pd.DataFrame | None, source: str, members: pd.DataFrame
) -> tuple[str, pd.DataFrame]:
    """Return what stops every indicator of a product, and the area's rows of the product."""
    none = pd.DataFrame()
    title = f"{load_sources()[source].title} ('{source}')"
    if table is None:
        return f"The store does not hold {title}.", none
    level = find_small_area_level(source)
    codes = members.loc[members["level"] == level, "small_area_code"]
    if codes.empty:
        return f"The area is not known in LSOAs of 20{level[-2:]}, which {title} uses.", none
    rows = table[table["area_code"].isin(codes)]
    return (f"{title} in the store leaves out this area." if rows.empty else ""), rows


def _find_own_obstacle(rows: pd.DataFrame, entry: Indicator) -> str:
    lacking = [name for name in entry.columns if name not in rows or rows[name].isna().all()]
    if not lacking:
        return ""
    return f"'{entry.source}' in the store has no figures for: {', '.join(lacking)}."
