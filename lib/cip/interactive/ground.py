"""What is known of every small area that can be chosen, read once, and what a choice amounts to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cip.register import Register

if TYPE_CHECKING:
    from cip.store import Store

#: Deciles 1 and 2 are the most deprived fifth of England's LSOAs.
MOST_DEPRIVED_DECILES = 2
#: Columns of the Indices 2025 that a summary needs, and what they are called here.
_INDEX_COLUMNS = {"imd_score": "score", "imd_decile": "decile", "population": "index_population"}


@dataclass(frozen=True)
class Summary:
    """What the choice amounts to. None stands for a figure that is not known for all of it.

    Parameters
    ----------
    lsoas
        Number of LSOAs.
    population
        Usual residents, Census 2021.
    deprived_people, index_population
        People in the most deprived fifth of England's LSOAs, and all people that the index counts.
    average_score
        Mean score of the Index of Multiple Deprivation 2025, weighted by its own people.
    """

    lsoas: int
    population: int | None
    deprived_people: int | None
    index_population: int | None
    average_score: float | None

    @property
    def deprived_share(self) -> float | None:
        """Percentage of people who live in the most deprived fifth."""
        if self.deprived_people is None or not self.index_population:
            return None
        return self.deprived_people / self.index_population * 100

    def describe(self) -> str:
        """Return the summary as one or two sentences."""
        if not self.lsoas:
            return "No small area is chosen."
        residents = "residents not known" if self.population is None else _count(self.population)
        first = f"{self.lsoas:,} small area{'' if self.lsoas == 1 else 's'}, {residents}."
        if self.deprived_share is None or self.average_score is None:
            return f"{first} Deprivation is not known for all of them."
        return (
            f"{first} {self.deprived_share:.0f}% live in the most deprived fifth of England; "
            f"average score {self.average_score:.1f} (IMD 2025)."
        )


def _count(people: int) -> str:
    return f"{people:,} resident{'' if people == 1 else 's'}"


@dataclass(frozen=True, eq=False)
class Ground:
    """What is known of every small area that can be chosen, read once.

    Parameters
    ----------
    table
        One row per LSOA 2021, indexed by code: ``name, ward, district, population, score,
        decile, index_population``.
    """

    table: pd.DataFrame

    @property
    def codes(self) -> pd.Index:
        """Codes of all LSOAs."""
        return self.table.index

    @cached_property
    def _figures(self) -> dict[str, np.ndarray]:
        columns = ["population", *_INDEX_COLUMNS.values()]
        return {name: self.table[name].to_numpy(dtype=float, na_value=np.nan) for name in columns}

    def summarise(self, chosen: Iterable[str]) -> Summary:
        """Return what a set of LSOAs amounts to, without reading any file."""
        places = self.codes.get_indexer(list(chosen))
        part = {name: values[places] for name, values in self._figures.items()}
        people, is_deprived = part["index_population"], part["decile"] <= MOST_DEPRIVED_DECILES
        deprived = np.where(np.isnan(part["decile"]), np.nan, np.where(is_deprived, people, 0.0))
        counted = _total(people)
        weighted = float((part["score"] * people).sum())
        return Summary(
            lsoas=len(places),
            population=_total(part["population"]),
            deprived_people=_total(deprived),
            index_population=counted,
            average_score=weighted / counted if counted and not np.isnan(weighted) else None,
        )

    def describe(self, code: str) -> str:
        """Return what is known of one LSOA in words: its residents and its decile."""
        row = self.table.loc[code]
        residents = (
            "residents not known" if pd.isna(row["population"]) else _count(int(row["population"]))
        )
        decile = "decile not known" if pd.isna(row["decile"]) else f"decile {int(row['decile'])}"
        return f"{residents}, {decile}"

    def name(self, code: str) -> str:
        """Return the name of one LSOA with its ward, or its code where it has no name."""
        row = self.table.loc[code]
        name = row["name"] if isinstance(row["name"], str) else code
        return f"{name}, {row['ward']} ward" if isinstance(row["ward"], str) else name


def _total(values: np.ndarray) -> int | None:
    """Return the sum, or None where a value is missing: an unknown is not a zero."""
    total = float(values.sum())
    return None if np.isnan(total) else round(total)


def load_ground(store: Store, register: Register) -> Ground:
    """Put together what a choice needs to know of each LSOA: one row per LSOA 2021.

    Deprivation is missing throughout where the store lacks the Indices of 2025.
    """
    lsoas = register.lsoas
    table = pd.DataFrame(
        {
            "name": lsoas["lsoa21_name"],
            "ward": lsoas["ward24_name"],
            "district": lsoas["lad_name"],
            "population": lsoas["population"],
        }
    )
    if store.has("iod2025"):
        index = store.read("iod2025", columns=["area_code", *_INDEX_COLUMNS])
        index = index.set_index("area_code").rename(columns=_INDEX_COLUMNS)
        return Ground(table.join(index, validate="1:1"))
    return Ground(table.assign(**dict.fromkeys(_INDEX_COLUMNS.values(), np.nan)))
