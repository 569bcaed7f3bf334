"""Stage 02: values that a publisher worked out, carried as they are or put together for an area.

A district's or a county's value is the publisher's own. An area made of small areas has a value of
its own only where the publisher gives what it takes: the counts behind a share, a rate or a ratio.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from cip.assemble import LIMITS, Cell, FloatArray
from cip.catalogue.entries import Indicator
from cip.periods import order_period
from cip.products import Reading, select_series

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
    members = membership[membership["level"] == reading.level]
    for entry in entries:
        rows = select_series(reading.table, entry)
        for period in sorted(rows["period"].unique(), key=order_period):
            of_period = rows[rows["period"] == period].set_index("area_code")
            yield _build_cell(reading, entry, str(period), of_period, areas, members)


def _build_cell(
    reading: Reading,
    entry: Indicator,
    period: str,
    rows: pd.DataFrame,
    areas: pd.DataFrame,
    members: pd.DataFrame,
) -> Cell:
    size = len(areas)
    parts = {name: np.full(size, np.nan) for name in ("numerator", "denominator", "value", *LIMITS)}
    reason = np.full(size, "", dtype=object)
    for place, area in enumerate(areas.itertuples()):
        if area.area_code in rows.index:
            _carry(parts, place, rows.loc[area.area_code], entry)
            continue
        own = members[members["area_code"] == area.area_code]
        reason[place] = _combine(parts, place, entry, rows, own)
    given = {name: parts[name] for name in ("value", *LIMITS)}
    numerator, denominator = parts["numerator"], parts["denominator"]
    return Cell(entry, None, reading.source_id, period, numerator, denominator, reason, given)


def _carry(parts: dict[str, FloatArray], place: int, row: pd.Series, entry: Indicator) -> None:
    """Take over a publisher's value with its limits and counts."""
    names = ("value", *LIMITS) if entry.interval == "published" else ("value",)
    for name in names:
        parts[name][place] = row[name]
    parts["numerator"][place] = row["count"]
    parts["denominator"][place] = row["denominator"]
    if entry.combine == "ratio":
        parts["denominator"][place] = _expect(row["count"], row["value"])


def _combine(
    parts: dict[str, FloatArray],
    place: int,
    entry: Indicator,
    rows: pd.DataFrame,
    members: pd.DataFrame,
) -> str:
    """Put together the value of an area from those of its small areas; return why it cannot be."""
    if entry.combine == "none" or members.empty:
        return f"Published for {_LEVEL_WORDS.get(entry.level, entry.level)}, not for this area."
    found = rows.reindex(members["small_area_code"])
    absent = int(found["value"].isna().sum())
    if absent:
        return f"{absent} of {len(members)} small areas have no published figure."
    share = members["share"].to_numpy(dtype=float)
    if entry.combine == "mean":
        people = members["population"].to_numpy(dtype=float, na_value=np.nan)
        value = found["value"].to_numpy(dtype=float)
        parts["denominator"][place] = people.sum()
        parts["value"][place] = float(value @ people / people.sum())
        return ""
    counts = found["count"].to_numpy(dtype=float)
    base = found["denominator"].to_numpy(dtype=float)
    if entry.combine == "ratio":
        base = _expect(counts, found["value"].to_numpy(dtype=float))
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
