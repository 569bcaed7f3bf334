"""Putting the parts of one product together: union by area, the better source first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import geopandas as gpd
import pandas as pd

from cip.catalogue.sources import Source
from cip.sources import places, values
from cip.sources.areas import ROW
from cip.sources.build import Part
from cip.sources.keys import BY, list_key

AREA_COLUMNS = ["area_code", "area_name", "level", "period", "months"]


@dataclass(frozen=True)
class Merged:
    """A product's table, with what was noticed while its parts were put together.

    ``period`` and ``geography`` take the place of the catalogue's where the files tell.
    """

    source: Source
    table: pd.DataFrame | gpd.GeoDataFrame
    parts: list[Part]
    notes: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    period: str = ""
    geography: str = ""

    @property
    def vintages(self) -> dict[str, str]:
        """Vintages of the product's small areas."""
        return {level: year for part in self.parts for level, year in part.vintages.items()}


def merge_parts(source: Source, parts: Sequence[Part]) -> Merged:
    """Unite the parts of a product, one row per key, in the order of the key.

    Where two files give a value for the same cell, the layout with the higher declared precedence
    wins; of equal ones the file with more columns, then more rows, then the first by name. How
    many cells disagreed is kept as a note and a warning.
    """
    ranked = sorted(
        parts,
        key=lambda p: (
            -p.match.form.layout.precedence,
            -p.table.shape[1],
            -len(p.table),
            p.match.table.file.name,
            p.match.table.sheet or "",
        ),
    )
    key = list_key(source)
    ranked, superseded = _leave_out_older(source, ranked)
    notes = superseded + [note for part in ranked for note in part.findings.notes]
    warnings: list[str] = []
    base = ranked[0].table.drop(columns=ROW).set_index(key)
    for part in ranked[1:]:
        other = part.table.drop(columns=ROW).set_index(key)
        disagreements = count_disagreements(base, other)
        if disagreements:
            warnings.append(
                f"{source.id}: {disagreements:,} values of {part.findings.file} differ from a "
                "file that comes before it, and were not used."
            )
        base = fill_from(base, other)
    table = base.sort_index().reset_index()
    return Merged(
        source, table[order_columns(source, table)], list(ranked), notes + warnings, warnings
    )


def _leave_out_older(source: Source, ranked: list[Part]) -> tuple[list[Part], list[str]]:
    """Use one edition of a list of places: what a newer one lacks is not there any more."""
    if source.kind != "places":
        return ranked, []
    best = ranked[0].match.form.layout.precedence
    used = [part for part in ranked if part.match.form.layout.precedence == best]
    notes = [
        f"{part.findings.file}: not used, because {used[0].findings.file} is a fuller or newer "
        "edition of the list."
        for part in ranked
        if part.match.form.layout.precedence != best
    ]
    return used, notes


def count_disagreements(base: pd.DataFrame, other: pd.DataFrame) -> int:
    """Count the cells that both tables give, with different values."""
    shared = base.index.intersection(other.index)
    if shared.empty:
        return 0
    total = 0
    for column in base.columns.intersection(other.columns):
        left, right = base.loc[shared, column], other.loc[shared, column]
        if column == "geometry":
            total += int((~left.geom_equals(right)).sum())
            continue
        both = (left.notna() & right.notna()).to_numpy()
        total += int((left[both].to_numpy() != right[both].to_numpy()).sum())
    return total


def fill_from(base: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    """Return the base with its missing rows, columns and values taken from another table."""
    is_there = other.index.isin(base.index)
    # Most files bring other areas, and setting them under one another is far the faster.
    if "geometry" in base or not is_there.any():
        return pd.concat([base, other[~is_there]])
    index = base.index.union(other.index, sort=False)
    columns = [*base.columns, *(c for c in other.columns if c not in base.columns)]
    filled = {}
    for column in columns:
        theirs = other[column].reindex(index) if column in other else None
        if column not in base:
            filled[column] = theirs
            continue
        ours = base[column].reindex(index)
        filled[column] = ours if theirs is None else ours.where(ours.notna(), theirs)
    return pd.DataFrame(filled, index=index)


def order_columns(source: Source, table: pd.DataFrame) -> list[str]:
    """Return a product's columns in the order of its declaration."""
    if source.kind in ("values", "places"):
        order = values.COLUMNS if source.kind == "values" else places.COLUMNS
        return [column for column in order if column in table]
    declared = [*AREA_COLUMNS, BY, *source.categories, *source.columns, "x", "y", "geometry"]
    return [column for column in dict.fromkeys(declared) if column in table]
