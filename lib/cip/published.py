"""Stage 02: values that a publisher worked out, carried as they are or put together for an area.

A district's or a county's value is the publisher's own. An area made of small areas has a value of
its own only where the publisher gives what it takes: the counts behind a share, a rate or a ratio.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from cip.assemble import LIMITS, Cell, FloatArray
from cip.catalogue.entries import Indicator
from cip.number_tables import NumberTable, Rows
from cip.periods import order_period
from cip.products import Reading

_WITHHELD = "The publisher gives no figure for this area."
_LEVEL_WORDS = {
    "msoa": "areas of about 7,600 people (MSOAs)",
    "district": "districts",
    "county": "counties and unitary authorities",
}


def list_published_cells(
    reading: Reading, entries: list[Indicator], areas: pd.DataFrame, membership: pd.DataFrame
) -> Iterator[Cell]:
    """Yield one cell per indicator and period of a table of published values.

    Parameters
    ----------
    reading
        The table: one row per series x area x sex x age x period.
    entries
        Those of its indicators that can be made.
    membership
        One row per area x small area, with ``share`` and ``population``.
    """
    members = _list_members(reading.level, areas, membership)
    for entry in entries:
        rows = reading.values.find(entry)
        numbers, periods = pd.factorize(reading.values.columns["period"][rows])
        order = sorted(range(len(periods)), key=lambda place: order_period(periods[place]))
        for place in order:
            table = _select_table(reading, rows[numbers == place])
            yield _build_cell(reading, entry, str(periods[place]), table, areas, members)


def _list_members(
    level: str, areas: pd.DataFrame, membership: pd.DataFrame
) -> dict[str, pd.DataFrame]:
    """Return the small areas of each area that has any."""
    members = membership[membership["level"] == level]
    members = members[members["area_code"].isin(areas["area_code"])]
    return dict(list(members.groupby("area_code", sort=False)))


def _select_table(reading: Reading, rows: Rows) -> NumberTable:
    held = reading.values.columns
    columns = {name: held[name][rows] for name in ("value", *LIMITS, "count", "denominator")}
    return NumberTable(reading.values.codes[rows], columns)


def _build_cell(
    reading: Reading,
    entry: Indicator,
    period: str,
    table: NumberTable,
    areas: pd.DataFrame,
    members: Mapping[str, pd.DataFrame],
) -> Cell:
    codes = areas["area_code"].to_numpy(dtype=object)
    rows = table.find(codes)
    parts = _carry(table.take(rows), entry)
    reason = np.full(len(codes), "", dtype=object)
    is_given = rows >= 0
    reason[is_given & np.isnan(parts["value"])] = _WITHHELD
    for place in np.flatnonzero(~is_given):
        reason[place] = _combine(parts, place, entry, table, members.get(codes[place]))
    given = {name: parts[name] for name in ("value", *LIMITS)}
    if entry.combine in ("none", "mean"):
        is_given = np.ones(len(codes), dtype=bool)
    # The counts of a figure that its publisher withholds stay withheld.
    is_hidden = (rows >= 0) & np.isnan(parts["value"])
    counts = (np.where(is_hidden, np.nan, parts[name]) for name in ("numerator", "denominator"))
    return Cell(
        entry, None, reading.source_id, period, *counts, reason, given=given, is_given=is_given
    )


def _carry(values: Mapping[str, FloatArray], entry: Indicator) -> dict[str, FloatArray]:
    """Take over a publisher's values with their limits and counts."""
    parts = {"numerator": values["count"], "denominator": values["denominator"]}
    if entry.combine == "ratio":
        parts["denominator"] = _expect(values["count"], values["value"])
    limits = {name: values[name] for name in LIMITS}
    if entry.interval != "published":
        limits = {name: np.full_like(limit, np.nan) for name, limit in limits.items()}
    return {**parts, "value": values["value"], **limits}


def _combine(
    parts: dict[str, FloatArray],
    place: int,
    entry: Indicator,
    table: NumberTable,
    members: pd.DataFrame | None,
) -> str:
    """Put together the value of an area from those of its small areas; return why it cannot be."""
    if entry.combine == "none" or members is None:
        return f"Published for {_LEVEL_WORDS.get(entry.level, entry.level)}, not for this area."
    found = table.take(table.find(members["small_area_code"]))
    absent = int(np.isnan(found["value"]).sum())
    if absent:
        return f"{absent} of {len(members)} small areas have no published figure."
    share = members["share"].to_numpy(dtype=float)
    if entry.combine == "mean":
        people = members["population"].to_numpy(dtype=float, na_value=np.nan)
        parts["denominator"][place] = people.sum()
        parts["value"][place] = float(found["value"] @ people / people.sum())
        return ""
    counts, base = found["count"], found["denominator"]
    if entry.combine == "ratio":
        base = _expect(counts, found["value"])
    parts["numerator"][place] = float(share @ counts)
    parts["denominator"][place] = float(share @ base)
    return ""


def _expect(observed: FloatArray, ratio: FloatArray) -> FloatArray:
    """Return the events that were expected, from those observed and the ratio times 100."""
    return np.divide(
        100.0 * np.asarray(observed, dtype=float),
        ratio,
        out=np.full(np.shape(observed), np.nan),
        where=np.asarray(ratio, dtype=float) > 0,
    )
