"""Stage 01: places elsewhere that are like the area's own small areas, declared and listed.

Two LSOAs are of one kind when they share a group of the Output Area Classification and a fifth of
the Index of Multiple Deprivation. Where too few people elsewhere live in such places, the wider
supergroup takes the group's place, and the list says so. The area with the role ``similar`` holds
every LSOA outside the profile area that is of a kind found inside it, weighted so that each kind
counts for as many people as it does in the profile area.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from cip.catalogue.area_groups import load_area_groups, load_supergroups
from cip.register import Register

if TYPE_CHECKING:
    from cip.store import Store

#: Fewer people than this elsewhere give no steady figure, so a kind with fewer is left out.
MIN_PEER_POPULATION = 5_000
#: Less of the area's people than this with peers elsewhere, and there is no similar area.
MIN_COVERAGE = 0.5

COLUMNS = [
    "oac_group",
    "oac_name",
    "quintile",
    "own_lsoas",
    "own_population",
    "share_of_area",
    "peer_lsoas",
    "peer_population",
    "is_used",
    "peer_codes",
]


@dataclass(frozen=True)
class SimilarAreas:
    """The kinds of small area found in the profile area, and the weights of those elsewhere.

    Parameters
    ----------
    kinds
        One row per kind (``COLUMNS``).
    shares
        Share by LSOA 2021, 0 to 1; empty when too few people live in like places elsewhere.
    reason
        Why there is no similar area, else empty.
    """

    kinds: pd.DataFrame
    shares: pd.Series
    reason: str = ""

    @property
    def name(self) -> str:
        """What the comparator is called."""
        return "Places of the same kind"


def find_similar(codes: list[str], register: Register, store: Store) -> SimilarAreas:
    """Return the small areas that are like those of the profile area.

    Parameters
    ----------
    codes
        LSOAs 2021 of the profile area.
    """
    for product in ("oac_lsoa21", "iod2025"):
        if not store.has(product):
            return _find_none(f"The store does not hold '{product}'.")
    lsoas = _classify(register, store)
    is_own = lsoas.index.isin(codes)
    own, others = lsoas[is_own], lsoas[~is_own]
    if own.empty:
        return _find_none("The area's small areas are not classified.")
    kinds = _match(own, others)
    used = kinds[kinds["is_used"]]
    coverage = used["own_population"].sum() / kinds["own_population"].sum()
    if not coverage >= MIN_COVERAGE:
        reason = "Too few people elsewhere live in places like those of most people here."
        return SimilarAreas(kinds, pd.Series(dtype=float), reason)
    return SimilarAreas(kinds, _weigh(used))


def _find_none(reason: str) -> SimilarAreas:
    return SimilarAreas(pd.DataFrame(columns=COLUMNS), pd.Series(dtype=float), reason)


def _classify(register: Register, store: Store) -> pd.DataFrame:
    """Return one row per classified LSOA: its group, supergroup, fifth and residents."""
    classes = store.read("oac_lsoa21", ["lsoa21_code", "group_code"])
    groups = classes.set_index("lsoa21_code")["group_code"].str.casefold()
    deciles = store.read("iod2025", ["area_code", "imd_decile"]).set_index("area_code")[
        "imd_decile"
    ]
    table = pd.DataFrame(
        {
            "group": groups,
            "supergroup": groups.str[0],
            "decile": deciles.reindex(groups.index),
            "population": register.lsoas["population"].reindex(groups.index),
        }
    ).dropna()
    fifth = (table["decile"].astype(int) + 1) // 2
    return table.assign(quintile=fifth, population=table["population"].astype(int))


def _match(own: pd.DataFrame, others: pd.DataFrame) -> pd.DataFrame:
    """Return the kinds by group, and by supergroup where a group has too few people elsewhere."""
    fine = _tabulate(own, others, "group")
    is_enough = fine["peer_population"] >= MIN_PEER_POPULATION
    key = own["group"].astype(str) + own["quintile"].astype(str)
    found = fine[is_enough]
    rest = own[~key.isin(set(found["oac_group"] + found["quintile"].astype(str)))]
    kinds = pd.concat([found, _tabulate(rest, others, "supergroup")], ignore_index=True)
    people = kinds["own_population"]
    kinds["share_of_area"] = 100 * people / people.sum()
    kinds["is_used"] = kinds["peer_population"] >= MIN_PEER_POPULATION
    return kinds.sort_values(
        ["own_population", "oac_group"], ascending=[False, True], ignore_index=True
    )[COLUMNS]


def _tabulate(own: pd.DataFrame, others: pd.DataFrame, column: str) -> pd.DataFrame:
    key = [column, "quintile"]
    kinds = own.groupby(key).agg(
        own_lsoas=("population", "size"), own_population=("population", "sum")
    )
    peers = (
        others.rename_axis("code")
        .reset_index()
        .groupby(key)
        .agg(
            peer_lsoas=("code", "size"),
            peer_population=("population", "sum"),
            peer_codes=("code", lambda found: " ".join(sorted(found))),
        )
    )
    table = kinds.join(peers).reset_index().rename(columns={column: "oac_group"})
    names = load_area_groups() if column == "group" else load_supergroups()
    counts = ["quintile", "own_lsoas", "own_population", "peer_lsoas", "peer_population"]
    table[counts] = table[counts].fillna(0).astype("Int64")
    return table.assign(
        peer_codes=table["peer_codes"].fillna(""),
        oac_group=table["oac_group"].astype(str),
        oac_name=table["oac_group"].map(names).fillna(""),
    )


def _weigh(kinds: pd.DataFrame) -> pd.Series:
    """Give each peer a share such that kinds weigh by people as they do in the profile area.

    A small area may be a peer of two kinds, one by its group and one by its supergroup; its
    shares are added. All are scaled so that the largest is one.
    """
    ratio = (kinds["own_population"] / kinds["peer_population"]).astype(float)
    pieces = [
        pd.Series(share, index=kind.peer_codes.split())
        for share, kind in zip(ratio, kinds.itertuples(), strict=True)
    ]
    shares = pd.concat(pieces).groupby(level=0).sum()
    return (shares / shares.max()).sort_index().rename_axis(None)
