"""What can only be done once every file has been read: names, vintages, years and zeros."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import pandas as pd

from cip.catalogue.sources import Catalogue
from cip.errors import Problem
from cip.periods import order_period
from cip.sources.area_names import collect_names, find_codes
from cip.sources.build import Part
from cip.sources.checks import drop_duplicates
from cip.sources.keys import has_events, list_key
from cip.sources.merge import Merged, order_columns
from cip.sources.registers import collect_codes
from cip.sources.values import AREA_NAME
from cip.sources.vintage import settle_vintages
from cip.sources.windows import count_windows, fill_zeros, span_months
from cip.store import Store


@dataclass
class Settled:
    """Parts that are ready to be merged, and what was found on the way."""

    parts: list[Part] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def settle_parts(parts: Sequence[Part], store: Store, catalogue: Catalogue) -> Settled:
    """Find the codes of areas given by name, and the vintage of codes of an unknown year."""
    tables = _pool_tables(parts)
    settled = Settled()
    named = [part for part in parts if AREA_NAME in part.table]
    names = collect_names(catalogue.area_names, tables, store) if named else {}
    open_vintages: dict[str, list[Part]] = {}
    for part in parts:
        if AREA_NAME in part.table:
            part, problems, warnings = find_codes(part, names)
            part = replace(
                part, table=drop_duplicates(part.table, list_key(part.source), part.findings)
            )
            settled.problems += problems or part.findings.problems
            settled.warnings += warnings
        if part.source.detect_vintage:
            open_vintages.setdefault(part.source.id, []).append(part)
        elif not part.table.empty:
            settled.parts.append(part)
    if open_vintages:
        registers = [collect_codes(r, tables, store) for r in catalogue.registers]
        for of_product in open_vintages.values():
            used, problems, warnings = settle_vintages(of_product, registers)
            settled.parts += used
            settled.problems += problems
            settled.warnings += warnings
    return settled


def _pool_tables(parts: Sequence[Part]) -> dict[str, pd.DataFrame]:
    """Return all rows of every product that lists areas, whether or not they agree."""
    pooled: dict[str, list[pd.DataFrame]] = {}
    for part in parts:
        pooled.setdefault(part.source.id, []).append(part.table)
    return {
        id_: tables[0] if len(tables) == 1 else pd.concat(tables, ignore_index=True)
        for id_, tables in pooled.items()
    }


def finish_products(
    merged: Mapping[str, Merged], store: Store, catalogue: Catalogue
) -> dict[str, Merged]:
    """Count events by year, add true zeros, and say which time every product spans."""
    tables = {id_: product.table for id_, product in merged.items()}
    finished = {}
    for id_, product in merged.items():
        if has_events(product.source):
            product = _finish_events(product, tables, store, catalogue)
        elif "period" in product.table and product.source.kind == "counts":
            product = replace(product, period=_span_periods(product.table))
        finished[id_] = product
    return finished


def _finish_events(
    product: Merged, tables: Mapping[str, pd.DataFrame], store: Store, catalogue: Catalogue
) -> Merged:
    months = product.table["period"].unique().tolist()
    table, notes = count_windows(product.table, product.source)
    areas = _find_districts(product.vintages.get("lsoa", ""), table, tables, store, catalogue)
    if areas is not None:
        names = areas.set_index("area_code")["area_name"]
        table["area_name"] = table["area_name"].fillna(table["area_code"].map(names))
    table, more = fill_zeros(table, product.source, areas)
    table = table.sort_values(["area_code", "period"], ignore_index=True)
    notes = [*product.notes, *notes, *more, f"Months with data: {len(months)}."]
    year = product.vintages.get("lsoa", "")
    notes += [f"The codes are those of LSOA {year}."] if year else []
    return replace(
        product,
        table=table[order_columns(product.source, table)],
        notes=notes,
        period=span_months(months),
        geography=f"LSOA {year}" if year else "",
    )


def _find_districts(
    vintage: str,
    table: pd.DataFrame,
    tables: Mapping[str, pd.DataFrame],
    store: Store,
    catalogue: Catalogue,
) -> pd.DataFrame | None:
    """Return small areas with their district from the list that knows most of a table's areas."""
    wanted, best, known = set(table["area_code"]), None, 0
    for entry in catalogue.area_districts:
        columns = [entry.code, entry.name, entry.district]
        if entry.vintage != vintage:
            continue
        if entry.product in tables and set(columns) <= set(tables[entry.product].columns):
            found = tables[entry.product][columns]
        elif store.has(entry.product):
            found = store.read(entry.product, columns)
        else:
            continue
        found = found.set_axis(["area_code", "area_name", "lad_code"], axis=1)
        found = found.dropna(subset=["lad_code"]).drop_duplicates("area_code")
        number = int(found["area_code"].isin(wanted).sum())
        if number > known:
            best, known = found, number
    return best


def _span_periods(table: pd.DataFrame) -> str:
    periods = sorted(table["period"].dropna().unique(), key=order_period)
    return periods[0] if len(periods) == 1 else f"{periods[0]} to {periods[-1]}"
