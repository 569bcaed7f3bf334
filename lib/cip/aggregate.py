"""Stage 02: counts of small areas added up to areas, for one area or thousands in one product."""

from __future__ import annotations

from collections.abc import Callable, Collection

import numpy as np
import pandas as pd
from scipy import sparse

#: How many missing small areas a reason names before it stops.
_NAMED = 3


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
    _check(counts, membership)
    area_index, areas = pd.factorize(membership["area_code"])
    rows = pd.Index(counts["area_code"]).get_indexer(membership["small_area_code"])
    is_found = rows >= 0
    shares = sparse.csr_array(
        (
            membership["share"].to_numpy(dtype=float)[is_found],
            (area_index[is_found], rows[is_found]),
        ),
        shape=(len(areas), len(counts)),
    )
    values = _select_categories(counts)
    totals = _multiply(shares, values.to_numpy(dtype=float, na_value=np.nan))
    missing = np.bincount(area_index[~is_found], minlength=len(areas))
    totals[missing > 0] = np.nan
    result = pd.DataFrame(totals, columns=values.columns, index=pd.Index(areas, name="area_code"))
    result.insert(0, "members", np.bincount(area_index, minlength=len(areas)))
    result.insert(1, "members_missing", missing)
    result.insert(2, "missing_reason", _describe_missing(membership[~is_found], result))
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
    is_country = counts["area_code"] == country_code
    if is_country.any():
        return values[is_country].iloc[0].astype("Float64").astype(float), ""
    national_codes = list_national()
    # A table with fewer rows than the country has small areas cannot hold all of them.
    is_long = 0 < len(national_codes) <= len(counts)
    if is_long and set(national_codes) <= set(counts["area_code"]):
        chosen = values[counts["area_code"].isin(national_codes)]
        return pd.Series(
            chosen.to_numpy(dtype=float, na_value=np.nan).sum(axis=0), index=values.columns
        ), ""
    return pd.Series(np.nan, index=values.columns), describe_no_country(country_name)


def describe_no_country(country_name: str) -> str:
    """Say why a country has no figure."""
    return f"The table has no row for {country_name} and does not hold all of its small areas."


def _multiply(shares: sparse.csr_array, values: np.ndarray) -> np.ndarray:
    """Multiply, with a missing cell making the sum missing only where its share is above zero."""
    is_missing = np.isnan(values)
    totals = shares @ np.where(is_missing, 0.0, values)
    if is_missing.any():
        totals[(shares @ is_missing.astype(float)) > 0] = np.nan
    return totals


def _select_categories(counts: pd.DataFrame) -> pd.DataFrame:
    return counts.drop(columns=["area_code", "area_name", "level"], errors="ignore")


def _check(counts: pd.DataFrame, membership: pd.DataFrame) -> None:
    if counts["area_code"].duplicated().any():
        raise ValueError("A small area occurs twice in the counts.")
    if membership.duplicated(["area_code", "small_area_code"]).any():
        raise ValueError("A small area occurs twice in one area of the membership.")
    if not membership["share"].between(0, 1).all():
        raise ValueError("A share of the membership is missing or lies outside 0 to 1.")


def _describe_missing(absent: pd.DataFrame, totals: pd.DataFrame) -> pd.Series:
    codes = absent.groupby("area_code", sort=False)["small_area_code"].agg(list)
    reasons = {
        area: f"{len(names)} of {totals.loc[area, 'members']} small areas "
        f"{'is' if len(names) == 1 else 'are'} not in the table: {_list_codes(names)}."
        for area, names in codes.items()
    }
    return pd.Series([reasons.get(area, "") for area in totals.index], totals.index, dtype=object)


def _list_codes(names: list[str]) -> str:
    shown = ", ".join(sorted(names)[:_NAMED])
    return f"{shown} and {len(names) - _NAMED} more" if len(names) > _NAMED else shown
