"""Stage 02: the indicator table, from the store, the areas and their small areas.

Counts first: numerators and denominators are added up over small areas, and the value and its
interval are computed from the sums. Percentages are never averaged.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cache, partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cip.aggregate import Shares, build_shares, find_national, total_table
from cip.assemble import COLUMNS, Cell, assemble
from cip.availability import find_obstacles
from cip.catalogue.entries import Indicator, IndicatorGroup
from cip.catalogue.indicators import load_indicators
from cip.deprivation import list_parts, list_ranked_codes, name_part, total_ranked
from cip.number_tables import FloatArray, NumberTable, Rows, TableReader, take_rows
from cip.products import FIRST, LAST, Reading, list_columns, list_readings
from cip.published import list_published_cells

if TYPE_CHECKING:
    from cip.store import Store

__all__ = [
    "COLUMNS",
    "build_figures",
    "build_indicators",
    "build_with_missing",
    "missing_sources",
]

#: Areas whose figure may be published as it is, because they are too large to list.
_WHOLE_ROLES = ("england", "region")
_UNKNOWN = "The area is not known in the small areas of this table."
_TOO_SMALL = "Published for districts and larger areas, not for smaller ones."

_Nation = Callable[[str], Collection[str]]


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
    return build_with_missing(store, areas, membership, indicators)[0]


def build_with_missing(
    store: Store,
    areas: pd.DataFrame,
    membership: pd.DataFrame,
    indicators: Mapping[str, Indicator] | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Compute every indicator that the store can feed, and list the others; read the store once.

    Returns
    -------
    tuple
        What `build_indicators` and `missing_sources` return.
    """
    chosen = dict(load_indicators() if indicators is None else indicators)
    tables = TableReader(store)
    readings = list_readings(tables, chosen)
    obstacles = find_obstacles(readings, areas, membership)
    table = _build(tables, readings, areas, membership, [n for n in chosen if n not in obstacles])
    texts = table.select_dtypes("category").columns
    return table.astype(dict.fromkeys(texts, "str")), _list_missing(chosen, obstacles)


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
    tables = TableReader(store)
    readings = [reading for reading in list_readings(tables, indicators) if not reading.obstacle]
    return _build(tables, readings, areas, membership, list(indicators), against=against)


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
    readings = list_readings(TableReader(store), chosen)
    return _list_missing(chosen, find_obstacles(readings, areas, membership))


def _list_missing(
    indicators: Mapping[str, Indicator], obstacles: Mapping[str, str]
) -> pd.DataFrame:
    rows = [
        (name, entry.label, entry.source, obstacles[name])
        for name, entry in indicators.items()
        if name in obstacles
    ]
    return pd.DataFrame(rows, columns=["indicator_id", "label", "source_id", "reason"])


def _build(
    tables: TableReader,
    readings: list[Reading],
    areas: pd.DataFrame,
    membership: pd.DataFrame,
    wanted: list[str],
    against: str | None = None,
) -> pd.DataFrame:
    order = {name: place for place, name in enumerate(wanted)}
    matrices = _Matrices(tables, areas, membership)
    cells = [cell for reading in readings for cell in _list_cells(reading, matrices, order)]
    if not cells:
        return pd.DataFrame(columns=COLUMNS)
    # A stable sort keeps periods and groups as they come.
    cells.sort(key=lambda cell: order[cell.indicator.id])
    return assemble(cells, areas, against=against)


class _Matrices:
    """The areas with their small areas of each level, put in order once for all tables."""

    def __init__(self, tables: TableReader, areas: pd.DataFrame, membership: pd.DataFrame):
        self.areas, self.membership = areas, membership
        self.codes = pd.Index(areas["area_code"], dtype=object)
        self.national = cache(partial(list_ranked_codes, tables))
        self.share = cache(self._share)
        self.whole = [
            (place, row)
            for place, row in enumerate(areas.itertuples())
            if row.area_role in _WHOLE_ROLES
        ]

    def _share(self, level: str, is_whole: bool) -> Shares:
        members = self.membership[self.membership["level"] == level]
        # A small area that belongs in part still counts as one small area.
        members = members.assign(share=1.0) if is_whole else members
        return build_shares(members, areas=self.codes)


def _list_cells(reading: Reading, matrices: _Matrices, wanted: Mapping[str, int]) -> Iterator[Cell]:
    entries = [
        entry
        for entry in reading.entries
        if entry.id in wanted
        and (reading.is_published or set(list_columns(entry)) <= reading.table.columns.keys())
    ]
    if not entries:
        return
    if reading.is_published:
        yield from list_published_cells(reading, entries, matrices.areas, matrices.membership)
        return
    for is_whole in (False, True):
        group = [entry for entry in entries if (entry.statistic == "decile_areas") is is_whole]
        if group:
            sums, reason = _total_areas(reading, group, matrices, is_whole)
            yield from _split_cells(reading, sums, reason, group)


def _total_areas(
    reading: Reading, entries: list[Indicator], matrices: _Matrices, is_whole: bool
) -> tuple[dict[str, FloatArray], NDArray[np.object_]]:
    """Return the sums of each area by name of what is added up, and why they are missing."""
    shares = matrices.share(reading.level, is_whole)
    rows = reading.table.find(shares.small_areas)
    parts = _select_parts(reading.table, rows, entries)
    totals = shares.add_up(np.column_stack(list(parts.values())), rows >= 0)
    reason = shares.explain_absent(rows >= 0)
    is_unknown = shares.members == 0
    totals[is_unknown] = np.nan
    reason[is_unknown] = _TOO_SMALL if reading.level == "district" else _UNKNOWN
    for place, area in matrices.whole:
        sums, why = _total_whole(reading, entries, area, matrices.national)
        if not (why and area.area_role == "region" and not reason[place]):
            totals[place], reason[place] = [sums[name] for name in parts], why
    return dict(zip(parts, np.ascontiguousarray(totals.T), strict=True)), reason


def _total_whole(
    reading: Reading, entries: list[Indicator], area: Any, national: _Nation
) -> tuple[dict[str, float], str]:
    """Return the sums of an area that is published as it is, or of all small areas of England."""
    code, name, role = area.area_code, area.area_name, area.area_role
    codes = partial(national, reading.level) if role == "england" else tuple
    if not entries[0].measure:
        columns = _select_columns(reading.table, entries)
        table = NumberTable(reading.table.codes, columns)
        sums, why = total_table(table, code, name, codes)
        lacks_base = any(np.isnan(sums[c]) for c in columns if c.startswith("base:"))
        if not why and lacks_base and (rows := find_national(table, codes())) is not None:
            # A published row is of no use without its base, which is known by small area.
            return {c: float(values[rows].sum()) for c, values in columns.items()}, ""
        return sums, why
    # Scores and deciles of LSOAs have no row for a region: it is added up, or has no figure.
    is_own = np.full(len(reading.table), role == "england")
    own = reading.table if role == "england" else reading.table.select(is_own)
    return total_ranked(own, entries, name, codes)


def _select_parts(
    table: NumberTable, rows: Rows, entries: list[Indicator]
) -> dict[str, FloatArray]:
    columns = {name: take_rows(x, rows) for name, x in _select_columns(table, entries).items()}
    return list_parts(columns, entries) if entries[0].measure else columns


def _select_columns(table: NumberTable, entries: list[Indicator]) -> dict[str, FloatArray]:
    names = dict.fromkeys(name for entry in entries for name in list_columns(entry))
    return {name: table.columns[name] for name in names}


def _split_cells(
    reading: Reading,
    sums: Mapping[str, FloatArray],
    reason: NDArray[np.object_],
    entries: list[Indicator],
) -> Iterator[Cell]:
    def add(entry: Indicator, parts: tuple[str, ...]) -> FloatArray:
        chosen = [name_part(entry, part) if entry.measure else part for part in parts]
        return np.sum([sums[name] for name in chosen], axis=0)

    def cell(
        entry: Indicator, group: IndicatorGroup | None, above: FloatArray, below: FloatArray
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
            base = add(entry, entry.base_columns) if entry.base_columns else np.ones(len(reason))
            for group in entry.groups:
                yield cell(entry, group, add(entry, group.categories), base)
            if not entry.groups:
                yield cell(entry, None, add(entry, entry.numerator), base)
