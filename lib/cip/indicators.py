"""Stage 02: the indicator table, from the store, the areas and their small areas.

Counts first: numerators and denominators are added up over small areas, and the value and its
interval are computed from the sums. Percentages are never averaged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cip.aggregate import aggregate_counts, total_country
from cip.assemble import COLUMNS, Cell, assemble
from cip.availability import find_obstacles
from cip.catalogue.entries import Indicator, IndicatorGroup
from cip.catalogue.indicators import load_indicators
from cip.deprivation import list_parts, list_ranked_codes, name_part, total_ranked
from cip.products import FIRST, LAST, Reading, list_columns, list_readings
from cip.published import list_published_cells

if TYPE_CHECKING:
    from cip.store import Store

__all__ = ["COLUMNS", "build_figures", "build_indicators", "missing_sources"]

#: Areas whose figure may be published as it is, because they are too large to list.
_WHOLE_ROLES = ("england", "region")
_UNKNOWN = "The area is not known in the small areas of this table."
_TOO_SMALL = "Published for districts and larger areas, not for smaller ones."

_Nation = Callable[[str], frozenset[str]]


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
        One row per indicator x area x period x group (see ``COLUMNS``), in the order of the
        catalogue. Percentages are 0-100. An indicator that the store cannot feed has no rows:
        `missing_sources` lists it. A figure that is missing for one area keeps its row, with the
        reason.

    Raises
    ------
    ValueError
        When not exactly one area has the role ``profile``.
    """
    chosen = dict(load_indicators() if indicators is None else indicators)
    readings = list_readings(store, chosen)
    obstacles = find_obstacles(readings, areas, membership)
    table = _build(store, readings, areas, membership, [n for n in chosen if n not in obstacles])
    texts = table.select_dtypes("category").columns
    return table.astype(dict.fromkeys(texts, "str"))


def build_figures(
    store: Store,
    areas: pd.DataFrame,
    membership: pd.DataFrame,
    indicators: Mapping[str, Indicator],
    *,
    against: str,
) -> pd.DataFrame:
    """Compute indicators for any number of areas at once, each compared with one of them.

    The same sums and the same arithmetic as `build_indicators`, for one area or thousands.

    Parameters
    ----------
    areas, membership
        As for `build_indicators`; no area needs the role ``profile``.
    against
        Code of the area that all others are compared with.

    Returns
    -------
    DataFrame
        One row per indicator x area x period x group; texts that repeat are categorical. An
        indicator that the store cannot feed has no rows.
    """
    readings = [reading for reading in list_readings(store, indicators) if not reading.obstacle]
    return _build(store, readings, areas, membership, list(indicators), against=against)


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
    found = find_obstacles(list_readings(store, chosen), areas, membership)
    rows = [
        (name, entry.label, entry.source, found[name])
        for name, entry in chosen.items()
        if name in found
    ]
    return pd.DataFrame(rows, columns=["indicator_id", "label", "source_id", "reason"])


def _build(
    store: Store,
    readings: list[Reading],
    areas: pd.DataFrame,
    membership: pd.DataFrame,
    wanted: list[str],
    against: str | None = None,
) -> pd.DataFrame:
    order = {name: place for place, name in enumerate(wanted)}
    national = cache(partial(list_ranked_codes, store))
    cells = [
        cell
        for reading in readings
        for cell in _list_cells(reading, areas, membership, national, order)
    ]
    if not cells:
        return pd.DataFrame(columns=COLUMNS)
    # A stable sort keeps periods and groups as they come.
    cells.sort(key=lambda cell: order[cell.indicator.id])
    return assemble(cells, areas, against=against)


def _list_cells(
    reading: Reading,
    areas: pd.DataFrame,
    membership: pd.DataFrame,
    national: _Nation,
    wanted: Mapping[str, int],
) -> Iterator[Cell]:
    entries = [
        entry
        for entry in reading.entries
        if entry.id in wanted
        and (reading.is_published or set(list_columns(entry)) <= set(reading.table.columns))
    ]
    if not entries:
        return
    if reading.is_published:
        yield from list_published_cells(reading, entries, areas, membership)
        return
    members = membership[membership["level"] == reading.level]
    whole = [entry for entry in entries if entry.statistic == "decile_areas"]
    shared = [entry for entry in entries if entry.statistic != "decile_areas"]
    for group, rows in ((shared, members), (whole, members.assign(share=1.0))):
        # A small area that belongs in part still counts as one small area.
        if group:
            totals = _total_areas(reading, group, areas, rows, national)
            yield from _split_cells(reading, totals, group)


def _total_areas(
    reading: Reading,
    entries: list[Indicator],
    areas: pd.DataFrame,
    members: pd.DataFrame,
    national: _Nation,
) -> pd.DataFrame:
    """Return one row per area, in the order of ``areas``: ``missing_reason`` and the sums."""
    table = reading.table
    wanted = members[members["area_code"].isin(areas["area_code"])]
    rows = pd.Index(table["area_code"]).get_indexer(wanted["small_area_code"].unique())
    needed = table.take(rows[rows >= 0])
    totals = aggregate_counts(_select_counts(needed, entries), wanted)
    totals = totals.drop(columns=["members", "members_missing"]).reindex(areas["area_code"])
    unknown = _TOO_SMALL if reading.level == "district" else _UNKNOWN
    totals["missing_reason"] = totals["missing_reason"].fillna(unknown)
    for row in areas[areas["area_role"].isin(_WHOLE_ROLES)].itertuples():
        sums, reason = _total_whole(reading, entries, row, national)
        if reason and row.area_role == "region" and not totals.loc[row.area_code, "missing_reason"]:
            continue
        own = pd.DataFrame({**sums, "missing_reason": reason}, index=[row.area_code])
        totals = pd.concat([totals.drop(index=row.area_code), own[totals.columns]])
    return totals.loc[areas["area_code"]]


def _total_whole(
    reading: Reading, entries: list[Indicator], area: object, national: _Nation
) -> tuple[pd.Series, str]:
    """Return the sums of an area that is published as it is, or of all small areas of England."""
    code, name, role = area.area_code, area.area_name, area.area_role  # type: ignore[attr-defined]
    codes = partial(national, reading.level) if role == "england" else frozenset
    if not entries[0].measure:
        return total_country(_select_counts(reading.table, entries), code, name, codes)
    # Scores and deciles of LSOAs have no row for a region: it is added up, or has no figure.
    own = reading.table if role == "england" else reading.table.iloc[:0]
    return total_ranked(own, entries, name, codes)


def _select_counts(table: pd.DataFrame, entries: list[Indicator]) -> pd.DataFrame:
    if entries[0].measure:
        return list_parts(table, entries)
    columns = dict.fromkeys(column for entry in entries for column in list_columns(entry))
    return table[["area_code", *columns]]


def _split_cells(
    reading: Reading, totals: pd.DataFrame, entries: list[Indicator]
) -> Iterator[Cell]:
    names = [name for name in totals.columns if name != "missing_reason"]
    sums = dict(zip(names, totals[names].to_numpy(dtype=float).T, strict=True))
    reason = totals["missing_reason"].to_numpy(dtype=object)

    def add(entry: Indicator, parts: tuple[str, ...]) -> np.ndarray:
        chosen = [name_part(entry, part) if entry.measure else part for part in parts]
        return np.sum([sums[name] for name in chosen], axis=0)

    def cell(
        entry: Indicator, group: IndicatorGroup | None, above: np.ndarray, below: np.ndarray
    ) -> Cell:
        return Cell(entry, group, reading.source_id, reading.period, above, below, reason)

    for entry in entries:
        if entry.statistic == "weighted_mean":
            yield cell(entry, None, add(entry, ("weighted",)), add(entry, ("weight",)))
        elif entry.statistic == "change":
            first, last = (
                add(entry, tuple(side + n for n in entry.numerator)) for side in (FIRST, LAST)
            )
            yield cell(entry, None, last - first, first)
        else:
            base = add(entry, entry.base_columns) if entry.base_columns else np.ones(len(totals))
            for group in entry.groups:
                yield cell(entry, group, add(entry, group.categories), base)
            if not entry.groups:
                yield cell(entry, None, add(entry, entry.numerator), base)
