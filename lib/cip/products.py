"""Stage 02: the tables that indicators read, a base from another product joined on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cip.catalogue.entries import Indicator, name_base
from cip.catalogue.sources import load_sources
from cip.number_tables import FloatArray, NumberTable, Rows, TableReader, take_rows
from cip.periods import order_period

if TYPE_CHECKING:
    from cip.store import Store

#: Names of the two periods of a change, in front of the categories that it compares.
FIRST, LAST = "first:", "last:"
#: A population may stand under events of so many years before or after, and no more.
MAX_BASE_AGE_YEARS = 6.0


_VALUE_COLUMNS = (
    "series_id",
    "series_name",
    "sex",
    "age",
    "period",
    "value",
    "lower_95",
    "upper_95",
    "lower_998",
    "upper_998",
    "count",
    "denominator",
)


@dataclass(frozen=True)
class SeriesTable:
    """Published values: one row per series x area x sex x age x period.

    Parameters
    ----------
    codes
        Code of the area of each row.
    columns
        The other columns of a product of published values, by name.
    """

    codes: pd.Index = field(default_factory=lambda: pd.Index([], dtype=object))
    columns: Mapping[str, NDArray[Any]] = field(default_factory=dict)

    @cached_property
    def _series(self) -> tuple[NDArray[np.intp], dict[str, int]]:
        numbers, names = pd.factorize(self.columns["series_id"])
        return numbers, {name: number for number, name in enumerate(names)}

    def find(self, entry: Indicator) -> Rows:
        """Return the rows that an indicator means: those of its series, sex and age."""
        numbers, names = self._series
        if entry.series not in names:
            return np.array([], dtype=np.intp)
        rows = np.flatnonzero(numbers == names[entry.series])
        for column in ("sex", "age"):
            if wanted := getattr(entry, column):
                rows = rows[self.columns[column][rows] == wanted]
        return rows


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
        One row per area, with the columns that the indicators read.
    values
        Published values, for indicators that carry them.
    obstacle
        Why none of the indicators can be made, else empty.
    """

    source_id: str
    level: str
    period: str
    entries: tuple[Indicator, ...]
    table: NumberTable = field(default_factory=NumberTable)
    values: SeriesTable = field(default_factory=SeriesTable)
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


def list_readings(tables: TableReader, indicators: Mapping[str, Indicator]) -> list[Reading]:
    """Return what must be read for some indicators: one reading per table and period.

    A reading that the store cannot feed says so in ``obstacle``.
    """
    store = tables.store
    groups: dict[tuple[str, ...], list[Indicator]] = {}
    for entry in indicators.values():
        level = find_small_area_level(entry.source, store=store, level=entry.level)
        base = entry.base_source.get(level, "") if entry.base_source else "none"
        kind = entry.statistic if entry.statistic in ("published", "change") else "sums"
        groups.setdefault((entry.source, level, base, kind), []).append(entry)
    plans: list[tuple[Reading, str, str]] = []
    for (source, level, base, kind), entries in groups.items():
        start = Reading(source, level, "", tuple(entries))
        reason = _find_absence(store, start, base)
        plans.append((replace(start, obstacle=reason), base, kind))
        if not reason and kind != "published":
            _expect_columns(tables, start, base)
    readings: list[Reading] = []
    for start, base, kind in plans:
        if start.obstacle:
            readings.append(start)
        elif kind == "published":
            readings.append(_read_values(tables, start))
        else:
            readings += _read_counts(tables, start, base, kind)
    return readings


def _find_absence(store: Store, reading: Reading, base: str) -> str:
    if not store.has(reading.source_id):
        return f"The store does not hold {reading.title}."
    if base == "":
        return f"The catalogue names no base for {reading.title} in {reading.level}."
    if base != "none" and not store.has(base):
        return f"The store does not hold {name_product(base)}, which would be the base."
    return ""


def _expect_columns(tables: TableReader, reading: Reading, base: str) -> None:
    own, borrowed = _split_columns(reading)
    tables.expect(reading.source_id, _name_columns(own))
    if base != "none":
        tables.expect(base, _name_columns(borrowed))


def _split_columns(reading: Reading) -> tuple[list[str], list[str]]:
    """Return the columns of a reading's own table and those of the table of its base."""
    names = list(dict.fromkeys(name for entry in reading.entries for name in entry.columns))
    borrowed = [name.removeprefix("base:") for name in names if name.startswith("base:")]
    return [name for name in names if not name.startswith("base:")], borrowed


def _name_columns(columns: Iterable[str]) -> list[str]:
    return ["area_code", "period", *columns, "imd_rank"]


def _read_values(tables: TableReader, reading: Reading) -> Reading:
    tables.expect(reading.source_id, ["area_code", *_VALUE_COLUMNS])
    columns = tables.read(reading.source_id, _VALUE_COLUMNS)
    return replace(reading, values=SeriesTable(tables.read_codes(reading.source_id), columns))


def _read_counts(tables: TableReader, reading: Reading, base: str, kind: str) -> list[Reading]:
    own, borrowed = _split_columns(reading)
    parts = _read_periods(tables, reading.source_id, own)
    if base != "none":
        under = _read_periods(tables, base, borrowed)
        parts = {
            period: _join_base(table, period, under, borrowed) for period, table in parts.items()
        }
    periods = sorted(parts, key=order_period)
    if kind == "change":
        return [_compare_periods(reading, parts, periods)]
    return [replace(reading, period=period, table=parts[period]) for period in periods]


def _read_periods(
    tables: TableReader, product: str, columns: Iterable[str]
) -> dict[str, NumberTable]:
    """Read the columns that a table has, by period; one that it lacks is told of where needed."""
    held = tables.read(product, _name_columns(columns))
    periods = held.pop("period", None)
    held.pop("area_code")
    whole = NumberTable(tables.read_codes(product), held)
    if periods is None:
        return {tables.store.entry(product).period: whole}
    numbers, names = pd.factorize(periods)
    if len(names) == 1 and (numbers == 0).all():
        return {str(names[0]): whole}  # the look-up of its codes is built once for all readings
    return {str(name): whole.select(numbers == place) for place, name in enumerate(names)}


def _join_base(
    table: NumberTable, period: str, bases: Mapping[str, NumberTable], columns: Iterable[str]
) -> NumberTable:
    """Add the base of each area in the period nearest to the table's own."""
    nearest = min(bases, key=lambda name: _measure_distance(name, period))
    base = bases[nearest]
    rows = base.find(table.codes)
    if _measure_distance(nearest, period) > MAX_BASE_AGE_YEARS:
        rows = np.full(len(table), -1)
    borrowed = {
        name_base(name): take_rows(base.columns[name], rows)
        for name in columns
        if name in base.columns
    }
    return NumberTable(table.codes, {**table.columns, **borrowed})


def _measure_distance(one: str, other: str) -> float:
    distance = abs(order_period(one) - order_period(other))
    return distance if distance == distance else 0.0


def _compare_periods(
    reading: Reading, parts: Mapping[str, NumberTable], periods: list[str]
) -> Reading:
    """Put the first and the last period of a table side by side."""
    if len(periods) < 2:
        words = f"{reading.title} in the store has one period, so it shows no change."
        return replace(reading, obstacle=words)
    names = dict.fromkeys(name for entry in reading.entries for name in entry.numerator)
    sides = ((FIRST, parts[periods[0]]), (LAST, parts[periods[-1]]))
    codes = pd.Index(np.unique(np.concatenate([table.codes for _, table in sides])))
    columns: dict[str, FloatArray] = {}
    for side, table in sides:
        rows = table.find(codes)
        for name in names:
            if name in table.columns:
                columns[side + name] = take_rows(table.columns[name], rows)
    words = f"{periods[0]} to {periods[-1]}"
    return replace(reading, period=words, table=NumberTable(codes, columns))


def list_columns(entry: Indicator) -> tuple[str, ...]:
    """Return the columns that an indicator reads from the table of its reading."""
    if entry.statistic == "change":
        return tuple(side + name for side in (FIRST, LAST) for name in entry.numerator)
    return entry.columns
