"""Stage 02: the tables that indicators read, a base from another product joined on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from cip.catalogue.entries import Indicator, name_base
from cip.catalogue.sources import load_sources
from cip.periods import order_period

if TYPE_CHECKING:
    from cip.store import Store

#: Names of the two periods of a change, in front of the categories that it compares.
FIRST, LAST = "first:", "last:"
#: A population may stand under events of so many years before or after, and no more.
MAX_BASE_AGE_YEARS = 6.0


@dataclass(frozen=True)
class Reading:
    """Indicators that read one table of one period.

    Parameters
    ----------
    source_id
        Product of the store.
    level
        The small areas that add up to an area: ``lsoa11``, ``lsoa21``, ``msoa11``, ``msoa21``, or
        ``district`` for a table without smaller ones.
    period
        As the publisher writes it.
    entries
        The indicators.
    table
        One row per area: ``area_code`` and the columns that the indicators read.
    obstacle
        Why none of the indicators can be made, else empty.
    """

    source_id: str
    level: str
    period: str
    entries: tuple[Indicator, ...]
    table: pd.DataFrame = field(default_factory=pd.DataFrame)
    obstacle: str = ""

    @property
    def is_published(self) -> bool:
        """Whether the table holds a publisher's values, which are carried as they are."""
        return self.entries[0].statistic == "published"

    @property
    def title(self) -> str:
        """The product in words and by its id."""
        return name_product(self.source_id)


def name_product(source_id: str) -> str:
    """Return a product in words and by its id."""
    return f"{load_sources()[source_id].title} ('{source_id}')"


def find_small_area_level(
    source_id: str, *, store: Store | None = None, level: str = "lsoa"
) -> str:
    """Return the small areas in which a product counts: ``lsoa11``, ``lsoa21``, ``msoa21`` ...

    The vintage is the catalogue's, or what was found in the file where the catalogue leaves it
    open.

    Parameters
    ----------
    level
        The finest level of the indicator: ``lsoa``, ``msoa``, or ``district`` and ``county``,
        which have one vintage here and give ``district``.
    """
    if level in ("district", "county"):
        return "district"
    vintages = dict(load_sources()[source_id].vintages)
    if store is not None and store.has(source_id):
        vintages |= store.entry(source_id).vintages
    return f"{level}{vintages.get(level, '2021')[-2:]}"


def list_readings(store: Store, indicators: Mapping[str, Indicator]) -> list[Reading]:
    """Return what must be read for some indicators: one reading per table and period.

    A reading that the store cannot feed says so in ``obstacle``.
    """
    groups: dict[tuple[str, ...], list[Indicator]] = {}
    for entry in indicators.values():
        level = find_small_area_level(entry.source, store=store, level=entry.level)
        base = entry.base_source.get(level, "") if entry.base_source else "none"
        kind = entry.statistic if entry.statistic in ("published", "change") else "sums"
        groups.setdefault((entry.source, level, base, kind), []).append(entry)
    readings: list[Reading] = []
    for (source, level, base, kind), entries in groups.items():
        start = Reading(source, level, "", tuple(entries))
        if reason := _find_absence(store, start, base):
            readings.append(_stop(start, reason))
        elif kind == "published":
            readings.append(_read_values(store, start))
        else:
            readings += _read_counts(store, start, base, kind)
    return readings


def _find_absence(store: Store, reading: Reading, base: str) -> str:
    if not store.has(reading.source_id):
        return f"The store does not hold {reading.title}."
    if base == "":
        return f"The catalogue names no base for {reading.title} in {reading.level}."
    if base != "none" and not store.has(base):
        return f"The store does not hold {name_product(base)}, which would be the base."
    return ""


def _stop(reading: Reading, reason: str) -> Reading:
    return Reading(reading.source_id, reading.level, "", reading.entries, obstacle=reason)


def _read_values(store: Store, reading: Reading) -> Reading:
    table = store.read(reading.source_id)
    wanted = table["series_id"].isin({entry.series for entry in reading.entries})
    return Reading(reading.source_id, reading.level, "", reading.entries, table[wanted])


def _read_counts(store: Store, reading: Reading, base: str, kind: str) -> list[Reading]:
    own = [c for e in reading.entries for c in e.columns if not c.startswith("base:")]
    table = _read_present(store, reading.source_id, own)
    has_periods = "period" in table
    if not has_periods:
        table = table.assign(period=store.entry(reading.source_id).period)
    if base != "none":
        borrowed = [
            c.removeprefix("base:") for e in reading.entries for c in e.columns if c[:5] == "base:"
        ]
        table = _join_base(
            table, _read_present(store, base, borrowed), borrowed, store.entry(base).period
        )
    periods = sorted(table["period"].unique(), key=order_period)
    if kind == "change":
        return [_compare_periods(reading, table, periods)]
    return [
        Reading(
            reading.source_id,
            reading.level,
            period,
            reading.entries,
            (table[table["period"] == period] if has_periods else table).drop(columns="period"),
        )
        for period in periods
    ]


def _read_present(store: Store, product: str, columns: Iterable[str]) -> pd.DataFrame:
    """Read the columns that a table has: one that it lacks is told of where it is needed."""
    present = store.columns(product)
    wanted = dict.fromkeys(["area_code", "level", "period", *columns, "imd_rank"])
    table = store.read(product, [name for name in wanted if name in present])
    # Codes are looked up many times, which plain objects do far faster.
    return table.assign(area_code=table["area_code"].astype(object))


def _join_base(
    table: pd.DataFrame, base: pd.DataFrame, columns: list[str], base_period: str
) -> pd.DataFrame:
    """Add the base of each area in the period nearest to the table's own."""
    names = {name: name_base(name) for name in dict.fromkeys(columns) if name in base}
    if "period" not in base:
        base = base.assign(period=base_period)
    pieces = []
    for period, rows in table.groupby("period", sort=False):
        nearest = min(base["period"].unique(), key=lambda p: _measure_distance(p, str(period)))
        near = base.loc[base["period"] == nearest, ["area_code", *names]].rename(columns=names)
        if _measure_distance(nearest, str(period)) > MAX_BASE_AGE_YEARS:
            near = near.iloc[:0]
        pieces.append(rows.merge(near, on="area_code", how="left", validate="m:1"))
    return pd.concat(pieces, ignore_index=True)


def _measure_distance(one: str, other: str) -> float:
    distance = abs(order_period(one) - order_period(other))
    return distance if distance == distance else 0.0


def _compare_periods(reading: Reading, table: pd.DataFrame, periods: list[str]) -> Reading:
    """Put the first and the last period of a table side by side."""
    if len(periods) < 2:
        return _stop(
            reading, f"{reading.title} in the store has one period, so it shows no change."
        )
    columns = dict.fromkeys(c for e in reading.entries for c in e.numerator if c in table)
    sides = [
        table.loc[table["period"] == period, ["area_code", *columns]].rename(
            columns={name: side + name for name in columns}
        )
        for side, period in ((FIRST, periods[0]), (LAST, periods[-1]))
    ]
    joined = sides[0].merge(sides[1], on="area_code", how="outer", validate="1:1")
    words = f"{periods[0]} to {periods[-1]}"
    return Reading(reading.source_id, reading.level, words, reading.entries, joined)


def list_columns(entry: Indicator) -> tuple[str, ...]:
    """Return the columns that an indicator reads from the table of its reading."""
    if entry.statistic == "change":
        return tuple(side + name for side in (FIRST, LAST) for name in entry.numerator)
    return entry.columns


def select_series(table: pd.DataFrame, entry: Indicator) -> pd.DataFrame:
    """Return the rows of published values that an indicator means: its series, sex and age."""
    rows = table[table["series_id"] == entry.series]
    for column in ("sex", "age"):
        if wanted := getattr(entry, column):
            rows = rows[rows[column] == wanted]
    return rows
