"""Stage 02: the Indices of Deprivation, as parts that can be added up and as ranks of LSOAs.

Scores and deciles of small areas cannot be added. People by decile and score times people can, so
these are what an area's figures are made from.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cip.aggregate import describe_no_country, find_national
from cip.catalogue.entries import Indicator
from cip.catalogue.indicators import load_deprivation_indices
from cip.catalogue.indices import DECILES
from cip.errors import SourceError
from cip.number_tables import FloatArray, NumberTable, TableReader

if TYPE_CHECKING:
    from cip.store import Store

#: Census year of the LSOAs of each edition.
EDITION_LEVELS = {"2019": "lsoa11", "2025": "lsoa21"}


def name_part(indicator: Indicator, part: str) -> str:
    """Return the column in which `list_parts` holds a part of an indicator.

    ``part`` is a decile such as ``decile_1``, or ``weighted`` or ``weight`` of a mean.
    """
    return f"{indicator.measure}|{indicator.weight_column or 'areas'}|{part}"


def list_parts(
    columns: Mapping[str, FloatArray], indicators: Iterable[Indicator]
) -> dict[str, FloatArray]:
    """Turn scores and deciles of small areas into counts that can be added up.

    Parameters
    ----------
    columns
        Measures, one number per small area.
    indicators
        Indicators of the kinds ``weighted_mean``, ``decile_people`` and ``decile_areas``.

    Returns
    -------
    dict
        One number per small area for each name that `name_part` gives. For deciles, the people
        (or one, the area itself) in the area's decile and zero in the others. A small area without
        the measure has no parts.
    """
    parts: dict[str, FloatArray] = {}
    for entry in _select_distinct(indicators):
        measure, weight = _read_measure(columns, entry)
        is_missing = np.isnan(measure)
        if entry.is_decile:
            for number, decile in enumerate(DECILES, start=1):
                share = np.where(measure == number, weight, 0.0)
                share[is_missing] = np.nan
                parts[name_part(entry, decile)] = share
        else:
            parts[name_part(entry, "weighted")] = measure * weight
            parts[name_part(entry, "weight")] = np.where(is_missing, np.nan, weight)
    return parts


def total_ranked(
    table: NumberTable,
    indicators: Iterable[Indicator],
    country_name: str,
    list_national: Callable[[], Collection[str]],
) -> tuple[dict[str, float], str]:
    """Return the parts of `list_parts` added up over every LSOA of England.

    Parameters
    ----------
    list_national
        Gives the codes of every small area of England, none when they are not known. Called only
        for a table that does not rank its areas.

    Returns
    -------
    tuple
        One value per part, and the reason why the values are missing, else an empty string. All
        are missing when the table holds a part of England.
    """
    rows = None if table.is_whole_ranking else find_national(table, list_national())
    if rows is not None:
        table = table.select(rows)
    is_whole = rows is not None or table.is_whole_ranking
    reason = "" if is_whole else describe_no_country(country_name)
    totals: dict[str, float] = {}
    for entry in _select_distinct(indicators):
        measure, weight = _read_measure(table.columns, entry)
        if reason or np.isnan(measure).any():
            names = DECILES if entry.is_decile else ("weighted", "weight")
            totals |= {name_part(entry, name): np.nan for name in names}
        elif entry.is_decile:
            # The same sums as adding up `list_parts`, without a column for each decile.
            sums = np.bincount(measure.astype(int), weights=weight, minlength=len(DECILES) + 1)[1:]
            totals |= {name_part(entry, name): x for name, x in zip(DECILES, sums, strict=True)}
        else:
            totals[name_part(entry, "weighted")] = float((measure * weight).sum())
            totals[name_part(entry, "weight")] = float(weight.sum())
    return totals, reason


def list_ranked_codes(tables: TableReader, level: str) -> pd.Index:
    """Return the codes of every LSOA that the Indices rank, when the store holds all of them.

    The Indices cover England and nothing else, so their complete list is the list of LSOAs of
    England. A table is complete when its highest overall rank equals its number of rows.

    Returns
    -------
    Index
        Empty when the store lacks the edition or holds a part of it.
    """
    editions = [edition for edition, its_level in EDITION_LEVELS.items() if its_level == level]
    for edition in editions:
        if tables.store.has(product := f"iod{edition}"):
            table = NumberTable(tables.read_codes(product), tables.read(product, ["imd_rank"]))
            if table.is_whole_ranking:
                return table.codes
    return pd.Index([], dtype=object)


def rank_small_areas(
    store: Store, membership: pd.DataFrame, edition: str | int, *, area_code: str | None = None
) -> pd.DataFrame:
    """Return the ranks and deciles of each LSOA of one area in one edition.

    Ranks count from 1, the most deprived. Ranks and scores of two editions must not be compared,
    because the LSOAs, their number and the method all changed.

    Parameters
    ----------
    membership
        One row per area x small area.
    edition
        ``2019`` (LSOA 2011) or ``2025`` (LSOA 2021).
    area_code
        The area; by default the first of the membership, which is the profile area.

    Returns
    -------
    DataFrame
        One row per LSOA, most deprived first: ``edition, small_area_code, small_area_name,
        share, population, imd_score``, then ``<index>_rank`` and ``<index>_decile`` for the overall
        index, each domain and the two indices for age groups (missing where the store lacks them),
        and ``areas_ranked``, the LSOAs in the whole index (missing when the store holds a part).

    Raises
    ------
    SourceError
        When the store lacks the edition, or the area is not known in its LSOAs.
    """
    name = str(edition)
    members = _select_members(membership, name, area_code)
    indices = load_deprivation_indices()
    columns = ["imd_score"] + [f"{i}_{part}" for i in indices for part in ("rank", "decile")]
    held = set(store.columns(f"iod{name}"))
    table = store.read(f"iod{name}", [c for c in ("area_code", "area_name", *columns) if c in held])
    wanted = table.reindex(columns=["area_code", "area_name", *columns]).rename(
        columns={"area_code": "small_area_code", "area_name": "small_area_name"}
    )
    ranks = members.merge(wanted, on="small_area_code", how="left", validate="1:1")
    ranks.insert(0, "edition", int(name))
    ranks["areas_ranked"] = pd.array([_count_ranked(table)] * len(ranks), dtype="Int64")
    return ranks.sort_values(["imd_rank", "small_area_code"], ignore_index=True)


def tidy_ranks(ranks: pd.DataFrame) -> pd.DataFrame:
    """Turn the table of `rank_small_areas` into one row per LSOA x index.

    Returns
    -------
    DataFrame
        ``edition, small_area_code, small_area_name, share, domain, domain_label, rank, decile,
        areas_ranked``. An index that the store lacks has no rows.
    """
    keys = ["edition", "small_area_code", "small_area_name", "share"]
    pieces = [
        ranks[keys].assign(
            domain=index,
            domain_label=label,
            rank=ranks[f"{index}_rank"],
            decile=ranks[f"{index}_decile"],
            areas_ranked=ranks["areas_ranked"],
        )
        for index, label in load_deprivation_indices().items()
        if ranks[f"{index}_rank"].notna().any()
    ]
    columns = [*keys, "domain", "domain_label", "rank", "decile", "areas_ranked"]
    return pd.concat(pieces, ignore_index=True) if pieces else pd.DataFrame(columns=columns)


def _select_members(membership: pd.DataFrame, edition: str, area_code: str | None) -> pd.DataFrame:
    level = EDITION_LEVELS.get(edition)
    if level is None:
        known = ", ".join(EDITION_LEVELS)
        raise SourceError(f"There is no edition '{edition}' of the Indices. Use one of: {known}.")
    area = membership["area_code"].iloc[0] if area_code is None else area_code
    is_member = (membership["area_code"] == area) & (membership["level"] == level)
    members = membership.loc[is_member, ["small_area_code", "share", "population"]]
    if members.empty:
        raise SourceError(
            f"The area '{area}' is not known in LSOAs of 20{level[-2:]}. "
            "Add the lookup of LSOA 2011 to LSOA 2021 to the store."
        )
    return members


def _count_ranked(table: pd.DataFrame) -> int | None:
    """Return how many LSOAs the whole index ranks, or None when the table holds a part of it."""
    if "imd_rank" not in table:
        return None
    highest = table["imd_rank"].max() if len(table) else pd.NA
    return int(highest) if not pd.isna(highest) and int(highest) == len(table) else None


def _select_distinct(indicators: Iterable[Indicator]) -> list[Indicator]:
    """Return one of the indicators that share their parts, as all shares by decile do."""
    return list({(e.measure, e.weight_column, e.is_decile): e for e in indicators}.values())


def _read_measure(
    columns: Mapping[str, FloatArray], entry: Indicator
) -> tuple[FloatArray, FloatArray]:
    measure = columns[entry.measure]
    return measure, columns[entry.weight_column] if entry.weight else np.ones(len(measure))
