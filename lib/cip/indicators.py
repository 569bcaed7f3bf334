"""Stage 02: the indicator table, from the store, the areas and their small areas.

Counts first: numerators and denominators are added up over small areas, and the value and its
interval are computed from the sums. Percentages are never averaged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cip.aggregate import aggregate_counts, total_country
from cip.availability import (
    find_obstacles,
    find_small_area_level,
    group_by_source,
    read_products,
)
from cip.benchmarks import add_comparisons
from cip.catalogue.indicators import Indicator, IndicatorGroup, load_indicators
from cip.deprivation import list_parts, list_ranked_codes, name_part, total_ranked
from cip.statistics import wilson_interval

if TYPE_CHECKING:
    from cip.store import Store

COLUMNS = [
    "indicator_id",
    "section",
    "area_code",
    "area_name",
    "area_role",
    "period",
    "group",
    "group_label",
    "value",
    "lower_95",
    "upper_95",
    "numerator",
    "denominator",
    "unit",
    "comparison",
    "comparison_method",
    "is_suppressed",
    "missing_reason",
    "source_id",
]


@dataclass(frozen=True)
class _Cell:
    """One indicator, or one group of it, with an array over the areas for each number."""

    indicator: Indicator
    group: IndicatorGroup | None
    numerator: np.ndarray
    denominator: np.ndarray


def build_indicators(
    store: Store,
    areas: pd.DataFrame,
    membership: pd.DataFrame,
    indicators: Mapping[str, Indicator] | None = None,
) -> pd.DataFrame:
    """Compute every indicator that the store can feed, for every area.

    Parameters
    ----------
    areas
        One row per area shown together: ``area_code, area_name, area_role``. One area has the
        role ``profile``; the others are compared with it. England's code is its country code.
    membership
        One row per area x small area: ``area_code, small_area_code, level, share``. England
        needs none: its figure is the published row, or the sum of all of its small areas.
    indicators
        Those to compute; by default the whole catalogue.

    Returns
    -------
    DataFrame
        One row per indicator x area x group (see ``COLUMNS``), in the order of the catalogue.
        Percentages are 0-100. An indicator that the store cannot feed has no rows:
        `missing_sources` lists it. A figure that is missing for one area keeps its row, with the
        reason.

    Raises
    ------
    ValueError
        When not exactly one area has the role ``profile``.
    """
    chosen = dict(load_indicators() if indicators is None else indicators)
    products = read_products(store, chosen)
    obstacles = find_obstacles(products, areas, membership, chosen)
    national = cache(partial(list_ranked_codes, store))
    tables = [
        _build_source(products[source], areas, membership, entries, national).assign(
            period=store.entry(source).period, source_id=source
        )
        for source, entries in group_by_source(chosen, excluded=obstacles).items()
    ]
    if not tables:
        return pd.DataFrame(columns=COLUMNS)
    table = add_comparisons(pd.concat(tables, ignore_index=True), chosen)
    order = {name: place for place, name in enumerate(chosen)}
    place = table["indicator_id"].map(order)
    return table.loc[place.sort_values(kind="stable").index, COLUMNS].reset_index(drop=True)


def missing_sources(
    store: Store,
    areas: pd.DataFrame,
    membership: pd.DataFrame,
    indicators: Mapping[str, Indicator] | None = None,
) -> pd.DataFrame:
    """List the indicators that the store cannot feed, and why.

    Returns
    -------
    DataFrame
        One row per indicator: ``indicator_id, label, source_id, reason``; no rows when all can
        be made.
    """
    chosen = dict(load_indicators() if indicators is None else indicators)
    obstacles = find_obstacles(read_products(store, chosen), areas, membership, chosen)
    rows = [(name, chosen[name].label, chosen[name].source, why) for name, why in obstacles.items()]
    return pd.DataFrame(rows, columns=["indicator_id", "label", "source_id", "reason"])


def _build_source(
    table: pd.DataFrame,
    areas: pd.DataFrame,
    membership: pd.DataFrame,
    entries: list[Indicator],
    list_national: Callable[[str], frozenset[str]],
) -> pd.DataFrame:
    level = find_small_area_level(entries[0].source)
    members = membership[membership["level"] == level]
    national = partial(list_national, level)
    whole = [entry for entry in entries if entry.statistic == "decile_areas"]
    shared = [entry for entry in entries if entry.statistic != "decile_areas"]
    pieces = []
    for group, rows in ((shared, members), (whole, members.assign(share=1.0))):
        # A small area that belongs in part still counts as one small area.
        if group:
            totals = _total_areas(table, group, areas, rows, national)
            pieces.append(_assemble(list(_list_cells(totals, group)), areas, totals))
    return pd.concat(pieces, ignore_index=True)


def _total_areas(
    table: pd.DataFrame,
    entries: list[Indicator],
    areas: pd.DataFrame,
    members: pd.DataFrame,
    list_national: Callable[[], frozenset[str]],
) -> pd.DataFrame:
    """Return one row per area, in the order of ``areas``: ``missing_reason`` and the sums."""
    wanted = members[members["area_code"].isin(areas["area_code"])]
    needed = table[table["area_code"].isin(wanted["small_area_code"])]
    totals = aggregate_counts(_select_counts(needed, entries), wanted)
    totals = totals.drop(columns=["members", "members_missing"]).reindex(areas["area_code"])
    totals["missing_reason"] = totals["missing_reason"].fillna(
        "The area is not known in the small areas of this table."
    )
    for row in areas[areas["area_role"] == "england"].itertuples():
        if entries[0].measure:
            sums, reason = total_ranked(table, entries, row.area_name)
        else:
            counts = _select_counts(table, entries)
            sums, reason = total_country(counts, row.area_code, row.area_name, list_national)
        own = pd.DataFrame({**sums, "missing_reason": reason}, index=[row.area_code])
        totals = pd.concat([totals.drop(index=row.area_code), own[totals.columns]])
    return totals.loc[areas["area_code"]]


def _select_counts(table: pd.DataFrame, entries: list[Indicator]) -> pd.DataFrame:
    if entries[0].measure:
        return list_parts(table, entries)
    columns = dict.fromkeys(column for entry in entries for column in entry.columns)
    return table[["area_code", *columns]]


def _list_cells(totals: pd.DataFrame, entries: list[Indicator]) -> Iterator[_Cell]:
    names = [name for name in totals.columns if name != "missing_reason"]
    sums = dict(zip(names, totals[names].to_numpy(dtype=float).T, strict=True))

    def add(entry: Indicator, parts: tuple[str, ...]) -> np.ndarray:
        chosen = [name_part(entry, part) if entry.measure else part for part in parts]
        return np.sum([sums[name] for name in chosen], axis=0)

    for entry in entries:
        if entry.statistic == "weighted_mean":
            yield _Cell(entry, None, add(entry, ("weighted",)), add(entry, ("weight",)))
            continue
        base = add(entry, entry.base_columns) if entry.base_columns else np.ones(len(totals))
        if entry.groups:
            for group in entry.groups:
                yield _Cell(entry, group, add(entry, group.categories), base)
        else:
            yield _Cell(entry, None, add(entry, entry.numerator), base)


def _assemble(cells: list[_Cell], areas: pd.DataFrame, totals: pd.DataFrame) -> pd.DataFrame:
    """Turn cells into rows: value, interval, suppression and the reason for what is missing."""
    size, entries = len(areas), [cell.indicator for cell in cells]

    def spread(values: list) -> np.ndarray:
        return np.repeat(np.array(values), size)

    numerator = np.concatenate([cell.numerator for cell in cells])
    denominator = np.concatenate([cell.denominator for cell in cells])
    is_count = spread([entry.statistic == "count" for entry in entries])
    is_mean = spread([entry.statistic == "weighted_mean" for entry in entries])
    is_small = ~is_count & (denominator < spread([entry.minimum_base for entry in entries]))
    base = np.where((denominator == 0) | is_small, np.nan, denominator)
    scale = np.where(is_count | is_mean, 1.0, 100.0)
    lower, upper = _interval(numerator, base, spread([e.interval == "wilson" for e in entries]))
    rows = {
        "indicator_id": spread([entry.id for entry in entries]),
        "section": spread([entry.section for entry in entries]),
        **{name: np.tile(areas[name].to_numpy(), len(cells)) for name in areas[_AREA]},
        "group": spread([cell.group.id if cell.group else "" for cell in cells]),
        "group_label": spread([cell.group.label if cell.group else "" for cell in cells]),
        "value": scale * numerator / base,
        "lower_95": lower,
        "upper_95": upper,
        # Score times people means nothing by itself, so a mean shows its base alone.
        "numerator": np.where(is_mean | is_small, np.nan, numerator),
        "denominator": np.where(is_count | is_small, np.nan, denominator),
        "unit": spread([entry.unit for entry in entries]),
        "is_suppressed": is_small,
        "missing_reason": np.tile(totals["missing_reason"].to_numpy(dtype=object), len(cells)),
    }
    return _explain_missing(pd.DataFrame(rows), denominator)


_AREA = ["area_code", "area_name", "area_role"]


def _interval(
    numerator: np.ndarray, denominator: np.ndarray, has_interval: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    lower, upper = (np.full(len(numerator), np.nan) for _ in range(2))
    limits = wilson_interval(numerator[has_interval], denominator[has_interval])
    lower[has_interval], upper[has_interval] = (100 * limit for limit in limits)
    return lower, upper


def _explain_missing(rows: pd.DataFrame, denominator: np.ndarray) -> pd.DataFrame:
    is_missing, has_reason = rows["value"].isna(), rows["missing_reason"] != ""
    reason = np.select(
        [~is_missing, rows["is_suppressed"], has_reason, denominator == 0],
        [
            "",
            "The base is too small to show.",
            rows["missing_reason"],
            "There is nobody in the base.",
        ],
        default="The table lacks a figure for part of this area.",
    )
    return rows.assign(missing_reason=reason)
