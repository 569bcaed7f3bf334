"""Stage 01: the Indices of Deprivation on their own LSOAs, ranked as the publisher ranks them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cip.area_definition import ResolvedArea
from cip.catalogue.indicators import load_deprivation_indices, load_indicators
from cip.deprivation import EDITION_LEVELS, rank_small_areas
from cip.errors import SourceError
from cip.membership import translate_to_2011
from cip.need.candidates import Candidates
from cip.register import Register
from cip.statistics import calculate_extent

if TYPE_CHECKING:
    from cip.store import Store

COLUMNS = [
    "edition",
    "level",
    "area_code",
    "area_name",
    "index_name",
    "national_rank",
    "national_decile",
    "national_areas",
    "local_rank",
    "local_areas",
    "share_in_profile",
]


def rank_lsoas(
    store: Store,
    candidates: Candidates,
    area: ResolvedArea,
    register: Register,
    editions: Iterable[int],
) -> tuple[pd.DataFrame, dict[int, str]]:
    """Return the national and local rank of each LSOA of the county or district, by edition.

    Every edition is ranked on the LSOAs that it was published for: 2019 on those of 2011, 2025 on
    those of 2021. Ranks of two editions must not be compared.

    Returns
    -------
    tuple
        One row per edition x index x LSOA (see ``COLUMNS``), the most deprived first: rank 1 is
        the most deprived. ``national_areas`` is missing where the store holds a part of the
        Indices. Then, for each edition without rows, the reason.
    """
    pieces, reasons = [], {}
    for edition in editions:
        try:
            ranks = rank_small_areas(
                store, candidates.membership, edition, area_code=candidates.within_code
            )
        except SourceError as error:
            reasons[edition] = str(error)
            continue
        pieces += list(_tidy(ranks, edition, area, register))
        if ranks["imd_rank"].isna().all():
            reasons[edition] = (
                f"The Indices of {edition} in the store have no ranks for these areas."
            )
    table = pd.concat(pieces, ignore_index=True) if pieces else pd.DataFrame(columns=COLUMNS)
    return table, reasons


def measure_extent(
    store: Store, candidates: Candidates, measures: list[dict[str, Any]], measure_id: str
) -> Iterator[tuple[dict[str, Any], pd.DataFrame]]:
    """Yield the extent of deprivation of each area, as a measure to rank by and its values.

    Extent is the publisher's share of people in the most deprived LSOAs of England, see
    `cip.statistics.calculate_extent`; it shows pockets that an average score hides. Nothing is
    yielded without a used IMD score, or where national ranks are not complete.
    """
    used = next((row for row in measures if row["measure_id"] == "imd"), None)
    if used is None or not used["indicator_id"]:
        return
    edition = load_indicators()[used["indicator_id"]].source.removeprefix("iod")
    level = EDITION_LEVELS[edition]
    index = store.read(f"iod{edition}", columns=["area_code", "imd_rank", "population"])
    total = len(index)
    if index["imd_rank"].max() != total:
        return
    members = candidates.membership
    members = members[members["level"] == level].drop(columns="population")
    joined = members.merge(
        index, left_on="small_area_code", right_on="area_code", how="left",
        suffixes=("", "_index"), validate="m:1",
    )  # fmt: skip
    joined["people"] = joined["population"].astype(float) * joined["share"]
    extent = {
        code: 100 * calculate_extent(
            rows["imd_rank"].to_numpy(dtype=float, na_value=np.nan), rows["people"], total_areas=total
        )
        for code, rows in joined.groupby("area_code")
    }  # fmt: skip
    people = joined.groupby("area_code")["people"].sum()
    values = pd.DataFrame({"value": pd.Series(extent, dtype=float), "denominator": people})
    values = values.reindex(candidates.table["area_code"]).assign(numerator=np.nan)
    values["missing_reason"] = np.where(values["value"].isna(), "The index has no ranks here.", "")
    row = used | {
        "measure_id": measure_id,
        "label": "IMD, extent",
        "direction": "high",
        "weight": 0.0,
        "unit": "%",
        "decimals": 1,
        "reason": "Share of people in England's most deprived LSOAs, with a weight that falls away: "
        "it shows a pocket that a mean score hides.",
    }
    yield row, values


def find_irregular(register: Register) -> frozenset[str]:
    """Return the LSOAs of 2021 that were redrawn so that those of 2011 do not nest (code X)."""
    changes = register.changes
    return frozenset(changes.loc[changes["change"] == "X", "lsoa21_code"])


def _tidy(
    ranks: pd.DataFrame, edition: int, area: ResolvedArea, register: Register
) -> Iterator[pd.DataFrame]:
    level = EDITION_LEVELS[str(edition)]
    names = _name_lsoas(level, register)
    shares = _share_profile(level, area, register)
    for index in load_deprivation_indices():
        held = ranks[ranks[f"{index}_rank"].notna()].sort_values(f"{index}_rank", kind="stable")
        if held.empty:
            continue
        codes = held["small_area_code"]
        yield pd.DataFrame(
            {
                "edition": edition,
                "level": level,
                "area_code": codes,
                "area_name": codes.map(names).fillna(held["small_area_name"]),
                "index_name": index,
                "national_rank": held[f"{index}_rank"].astype("Int64"),
                "national_decile": held[f"{index}_decile"].astype("Int64"),
                "national_areas": held["areas_ranked"],
                "local_rank": held[f"{index}_rank"].rank(method="min").astype("Int64"),
                "local_areas": len(held),
                "share_in_profile": codes.map(shares).fillna(0.0),
            }
        )


def _name_lsoas(level: str, register: Register) -> pd.Series:
    if level == "lsoa21":
        return register.lsoas["lsoa21_name"]
    return register.changes.drop_duplicates("lsoa11_code").set_index("lsoa11_code")["lsoa11_name"]


def _share_profile(level: str, area: ResolvedArea, register: Register) -> pd.Series:
    """Return the share of each LSOA's people who belong to the profile area."""
    if level == "lsoa21":
        return pd.Series(1.0, index=area.codes)
    old = translate_to_2011(area.codes, register)
    return old.set_index("small_area_code")["share"].astype(float)
