"""Monthly counts of events made into counts of a year, with the zeros that a file cannot hold."""

from __future__ import annotations

import calendar
from collections.abc import Sequence

import pandas as pd

from cip.catalogue.sources import Source
from cip.sources.keys import BY

MONTHS_OF_WINDOW = 12
_MONTH_NAMES = calendar.month_name[1:]


def split_windows(months: Sequence[str]) -> dict[str, list[str]]:
    """Share months out over years that end with the last month at hand.

    Returns
    -------
    dict
        Months of each window that have data, by the window's name, oldest first. With less than a
        year of months there is one window; otherwise an unfinished oldest year is left out.

    Examples
    --------
    >>> split_windows(["2018-05", "2018-06"])
    {'May 2018 to June 2018': ['2018-05', '2018-06']}
    """
    numbers = {month: _number(month) for month in sorted(set(months))}
    first, last = min(numbers.values()), max(numbers.values())
    windows: dict[str, list[str]] = {}
    end = last
    while end >= first:
        start = end - MONTHS_OF_WINDOW + 1
        if start < first and windows:
            break
        inside = [month for month, number in numbers.items() if start <= number <= end]
        if inside:
            begin = max(start, first)
            windows = {name_window(begin, end): inside, **windows}
        end = start - 1
    return windows


def span_months(months: Sequence[str]) -> str:
    """Return the time from the first to the last of some months ("2018-06"), in words."""
    return name_window(_number(min(months)), _number(max(months)))


def _number(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:]) - 1


def name_window(first: int, last: int) -> str:
    """Name the time from one month to another, months counted from the year 0."""
    (year, month), (last_year, last_month) = divmod(first, 12), divmod(last, 12)
    if (month, last_month) == (0, 11) and year == last_year:
        return str(year)
    begin, end = f"{_MONTH_NAMES[month]} {year}", f"{_MONTH_NAMES[last_month]} {last_year}"
    return begin if begin == end else f"{begin} to {end}"


def count_windows(table: pd.DataFrame, source: Source) -> tuple[pd.DataFrame, list[str]]:
    """Add monthly counts up to one row per area and window, and say what was left out.

    ``months`` is the number of months of the window that have data.
    """
    windows = split_windows(table["period"].unique().tolist())
    counted = [c for c in source.categories if c in table]
    pieces = []
    for name, months in windows.items():
        inside = table[table["period"].isin(months)]
        groups = inside.groupby("area_code", sort=True)
        piece = groups.agg({"area_name": "first", "level": "first"})
        piece[counted] = groups[counted].sum(min_count=1).astype("Int64")
        piece["period"], piece["months"] = name, len(months)
        pieces.append(piece.reset_index())
    used = {month for months in windows.values() for month in months}
    older = sorted(set(table["period"]) - used)
    notes = [f"Left out, because no whole year: {older[0]} to {older[-1]}."] if older else []
    reporters = table[BY].unique()
    if len(reporters) > 1:
        notes.append(f"Added up over {len(reporters)} reporting bodies.")
    whole = pd.concat(pieces, ignore_index=True)
    return whole.astype({"months": "Int64"}), notes


def fill_zeros(
    table: pd.DataFrame, source: Source, areas: pd.DataFrame | None
) -> tuple[pd.DataFrame, list[str]]:
    """Add the small areas of covered districts in which nothing happened, with true zeros.

    Parameters
    ----------
    table
        One row per area and period.
    source
        Its ``covered_share`` says how many areas of a district must have an event for the
        district to count as covered.
    areas
        Every small area with ``area_code``, ``area_name`` and ``lad_code``; None without a list.
    """
    if areas is None:
        return table, [
            "There is no list of small areas by district at hand, so areas without an event are "
            "absent rather than zero."
        ]
    district = areas.set_index("area_code")["lad_code"]
    sizes, happened = areas.groupby("lad_code").size(), table["area_code"].drop_duplicates()
    found = district.reindex(happened).value_counts()
    covered = [d for d, n in found.items() if n >= source.covered_share * sizes[d]]
    is_inside = table["area_code"].map(district).isin(covered)
    wanted = areas[areas["lad_code"].isin(covered)]
    counted = [c for c in source.categories if c in table]
    pieces, added = [table[is_inside]], 0
    for period, rows in table[is_inside].groupby("period", sort=False):
        empty = wanted[~wanted["area_code"].isin(rows["area_code"])]
        pieces.append(_make_empty_rows(empty, counted, str(period), rows["months"].iloc[0], table))
        added += len(empty)
    notes = [f"{added:,} areas without an event added as zeros ({len(covered)} districts)."]
    return pd.concat(pieces, ignore_index=True), notes + _tell_strays(table[~is_inside])


def _make_empty_rows(
    empty: pd.DataFrame, counted: list[str], period: str, months: int, like: pd.DataFrame
) -> pd.DataFrame:
    rows = empty[["area_code", "area_name"]].assign(
        level="lsoa", period=period, months=months, **dict.fromkeys(counted, 0)
    )
    return rows[[c for c in like.columns if c in rows]].astype(
        {c: like[c].dtype for c in like.columns if c in rows}
    )


def _tell_strays(strays: pd.DataFrame) -> list[str]:
    if strays.empty:
        return []
    return [
        f"{int(strays['total'].sum()):,} events in {strays['area_code'].nunique():,} areas left "
        "out: the files cover little of the districts in which they lie, or the list of areas "
        "lacks them."
    ]
