"""Stage 02: counts of small areas added up to areas, for one area or thousands in one product."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from cip.number_tables import FloatArray, NumberTable, Rows

#: How many missing small areas a reason names before it stops.
_NAMED = 3


@dataclass(frozen=True)
class Shares:
    """Which part of each small area belongs to each area, as one sparse matrix.

    Built once, it adds up the counts of any number of tables.

    Parameters
    ----------
    areas, small_areas
        Codes of the rows and of the columns of the matrix.
    pairs
        Row and column of each share.
    matrix
        The shares.
    """

    areas: pd.Index
    small_areas: pd.Index
    pairs: tuple[Rows, Rows]
    matrix: sparse.csr_array

    @cached_property
    def members(self) -> NDArray[np.intp]:
        """How many small areas belong to each area, in whole or in part."""
        return np.bincount(self.pairs[0], minlength=len(self.areas))

    def add_up(self, values: FloatArray, is_held: NDArray[np.bool_]) -> FloatArray:
        """Return the sums of areas from the values of small areas, categories side by side.

        An area with a small area that is not held has no figure at all, never a partial sum. A
        value that is missing makes the sum missing only where its share is above zero.
        """
        is_missing = np.isnan(values)
        totals = self.matrix @ np.where(is_missing, 0.0, values)
        is_missing[~is_held] = False
        gaps = np.flatnonzero(is_missing.any(axis=0))
        if len(gaps):
            is_touched = (self.matrix @ is_missing[:, gaps].astype(float)) > 0
            totals[:, gaps] = np.where(is_touched, np.nan, totals[:, gaps])
        totals[self.count_absent(is_held) > 0] = np.nan
        return totals

    def count_absent(self, is_held: NDArray[np.bool_]) -> NDArray[np.intp]:
        """Return how many small areas of each area are not held."""
        return np.bincount(self.pairs[0][~is_held[self.pairs[1]]], minlength=len(self.areas))

    def explain_absent(self, is_held: NDArray[np.bool_]) -> NDArray[np.object_]:
        """Say of each area which of its small areas are not held; empty where all are."""
        reasons = np.full(len(self.areas), "", dtype=object)
        absent: dict[int, list[str]] = {}
        is_absent = ~is_held[self.pairs[1]]
        for area, small in zip(*(part[is_absent] for part in self.pairs), strict=True):
            absent.setdefault(area, []).append(self.small_areas[small])
        for area, names in absent.items():
            verb = "is" if len(names) == 1 else "are"
            reasons[area] = (
                f"{len(names)} of {self.members[area]} small areas {verb} not in the table: "
                f"{_list_codes(names)}."
            )
        return reasons


def build_shares(
    membership: pd.DataFrame,
    *,
    areas: pd.Index | None = None,
    order: Callable[[pd.Index], Rows] | None = None,
) -> Shares:
    """Turn a membership into a matrix.

    Parameters
    ----------
    membership
        One row per area x small area: ``area_code, small_area_code, share``. ``share`` is the part
        of the small area that belongs to the area, from 0 to 1.
    areas
        Codes of the areas wanted, in order; by default all of them as they appear.
    order
        Gives the place of each small area, by which sums are taken; by default as they appear.

    Raises
    ------
    ValueError
        When a small area occurs twice in one area, or a share lies outside 0 to 1.
    """
    if areas is None:
        rows, areas = pd.factorize(membership["area_code"])
    else:
        rows = areas.get_indexer(membership["area_code"])
        membership, rows = membership[rows >= 0], rows[rows >= 0]
    codes = membership["small_area_code"].to_numpy(dtype=object)
    columns, small_areas = pd.factorize(codes, use_na_sentinel=False)
    if order is not None:
        sequence = np.argsort(order(pd.Index(small_areas, dtype=object)), kind="stable")
        small_areas, columns = small_areas[sequence], np.argsort(sequence)[columns]
    shares = membership["share"].to_numpy(dtype=float, na_value=np.nan)
    _check_shares(rows, columns, shares)
    shape = (len(areas), len(small_areas))
    return Shares(
        pd.Index(areas, name="area_code"),
        pd.Index(small_areas, dtype=object),
        (rows, columns),
        sparse.csr_array((shares, (rows, columns)), shape=shape),
    )


def aggregate_counts(counts: pd.DataFrame, membership: pd.DataFrame) -> pd.DataFrame:
    """Add up counts of small areas to the areas that they belong to.

    The result is the sparse matrix areas x small areas (the shares) times the matrix small areas
    x categories (the counts). Only counts may be added up: never percentages, ranks or scores.

    Parameters
    ----------
    counts
        Wide, one row per small area: ``area_code`` and one numeric column per category. The
        columns ``area_name`` and ``level`` are ignored.
    membership
        One row per area x small area: ``area_code, small_area_code, share``. ``share`` is the part
        of the small area that belongs to the area, from 0 to 1.

    Returns
    -------
    DataFrame
        One row per area of the membership, indexed by ``area_code`` in order of appearance:
        ``members, members_missing, missing_reason`` and one float column per category. An area
        with a member that the counts lack has no figure at all, never a partial sum. A category
        that is missing for one member is missing for the area.

    Raises
    ------
    ValueError
        When a small area occurs twice in the counts or twice in one area, or a share lies outside
        0 to 1.
    """
    codes = pd.Index(counts["area_code"], dtype=object)
    if not codes.is_unique:
        raise ValueError("A small area occurs twice in the counts.")
    shares = build_shares(membership, order=codes.get_indexer)
    rows = codes.get_indexer(shares.small_areas)
    values = _select_categories(counts)
    numbers = values.to_numpy(dtype=float, na_value=np.nan)
    wanted = np.full((len(rows), numbers.shape[1]), np.nan)
    wanted[rows >= 0] = numbers[rows[rows >= 0]]
    result = pd.DataFrame(
        shares.add_up(wanted, rows >= 0), columns=values.columns, index=shares.areas
    )
    result.insert(0, "members", shares.members)
    result.insert(1, "members_missing", shares.count_absent(rows >= 0))
    reasons = shares.explain_absent(rows >= 0)
    result.insert(2, "missing_reason", pd.Series(reasons, shares.areas, dtype=object))
    return result


def total_country(
    counts: pd.DataFrame,
    country_code: str,
    country_name: str,
    list_national: Callable[[], Collection[str]],
) -> tuple[pd.Series, str]:
    """Return a country's counts: its published row, or the sum of all of its small areas.

    Parameters
    ----------
    counts
        Wide counts, one row per area of any level.
    country_code, country_name
        The country, such as ``E92000001``.
    list_national
        Gives the codes of every small area of the country, none when they are not known. Called
        only when there is no published row.

    Returns
    -------
    tuple
        One value per category (all missing when neither is at hand), and the reason why the
        values are missing, else an empty string.
    """
    values = _select_categories(counts)
    table = NumberTable(
        pd.Index(counts["area_code"], dtype=object),
        {name: values[name].to_numpy(dtype=float, na_value=np.nan) for name in values},
    )
    sums, reason = total_table(table, country_code, country_name, list_national)
    return pd.Series(sums, index=values.columns, dtype=float), reason


def total_table(
    table: NumberTable,
    country_code: str,
    country_name: str,
    list_national: Callable[[], Collection[str]],
) -> tuple[dict[str, float], str]:
    """Return what `total_country` returns, from plain arrays to plain numbers."""
    own = int(table.find([country_code])[0])
    if own >= 0:
        return {name: float(values[own]) for name, values in table.columns.items()}, ""
    rows = find_national(table, list_national())
    if rows is not None:
        return {name: float(values[rows].sum()) for name, values in table.columns.items()}, ""
    return dict.fromkeys(table.columns, np.nan), describe_no_country(country_name)


def find_national(table: NumberTable, national: Collection[str]) -> Rows | None:
    """Return the rows of all small areas of a country in order, or None where one is absent."""
    # A table with fewer rows than the country has small areas cannot hold all of them.
    if not 0 < len(national) <= len(table):
        return None
    rows = table.find(national if isinstance(national, pd.Index) else list(national))
    return np.sort(rows) if (rows >= 0).all() else None


def describe_no_country(country_name: str) -> str:
    """Say why a country has no figure."""
    return f"The table has no row for {country_name} and does not hold all of its small areas."


def _select_categories(counts: pd.DataFrame) -> pd.DataFrame:
    return counts.drop(columns=["area_code", "area_name", "level"], errors="ignore")


def _check_shares(rows: Rows, columns: Rows, shares: FloatArray) -> None:
    pairs = rows.astype(np.int64) * (int(columns.max(initial=0)) + 1) + columns
    if len(np.unique(pairs)) < len(pairs):
        raise ValueError("A small area occurs twice in one area of the membership.")
    if not ((shares >= 0) & (shares <= 1)).all():
        raise ValueError("A share of the membership is missing or lies outside 0 to 1.")


def _list_codes(names: list[str]) -> str:
    shown = ", ".join(sorted(names)[:_NAMED])
    return f"{shown} and {len(names) - _NAMED} more" if len(names) > _NAMED else shown
