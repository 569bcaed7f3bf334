"""The Indices of Deprivation in the catalogue: editions, indices and kinds of indicator.

Each edition publishes the same ten indices and each index gives the same seven indicators, so the
catalogue holds three short lists and this module writes out their combinations.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

DECILES = tuple(f"decile_{number}" for number in range(1, 11))


class CatalogueEntry(BaseModel):
    """Base of every entry of the catalogue: unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Edition(CatalogueEntry):
    """One release of the Indices of Deprivation."""

    edition: str = Field(pattern=r"^\d{4}$")
    product: str
    lsoa: str = Field(pattern=r"^\d{4}$", description="Census year of its LSOAs.")


class DeprivationIndex(CatalogueEntry):
    """The overall index, a domain of it, or an index for one age group."""

    index: str = Field(pattern=r"^[a-z_]+$", description="Start of its column names.")
    index_name: str
    short_name: str = Field(description="Name in a column heading.")
    weight: str = Field(description="Column of the people that weight its scores.")
    people: str = Field(description="Those people in words.")
    meaning: str
    score_decimals: int = Field(ge=0, le=4)
    is_headline: bool
    kinds: tuple[str, ...] = Field(
        default=(), description="Kinds of indicator made from it; empty means all of them."
    )


class DeprivationFamily(CatalogueEntry):
    """Every edition and index, and the indicators made for each pair of them."""

    editions: tuple[Edition, ...] = ()
    indices: tuple[DeprivationIndex, ...] = ()
    kinds: dict[str, dict[str, Any]] = {}

    def expand(self) -> dict[str, dict[str, Any]]:
        """Return the indicator entries by id, such as ``imd_2025_average_score``.

        Raises
        ------
        KeyError
            When a kind uses a word in braces that neither edition nor index has.
        """
        return dict(self._expand())

    def _expand(self) -> Iterator[tuple[str, dict[str, Any]]]:
        for edition, index in itertools.product(self.editions, self.indices):
            for suffix, kind in self.kinds.items():
                if index.kinds and suffix not in index.kinds:
                    continue
                yield f"{index.index}_{edition.edition}_{suffix}", _fill(kind, edition, index)


def _fill(kind: dict[str, Any], edition: Edition, index: DeprivationIndex) -> dict[str, Any]:
    words = {**edition.model_dump(), **index.model_dump()}
    entry = {
        key: value.format_map(words) if isinstance(value, str) else value
        for key, value in kind.items()
    }
    entry.setdefault("decimals", index.score_decimals)
    entry["is_headline"] = entry.get("is_headline", False) and index.is_headline
    if str(entry.get("statistic")).startswith("decile_") and "numerator" not in entry:
        entry["groups"] = [
            {"id": decile, "label": f"Decile {number}", "categories": [decile]}
            for number, decile in enumerate(DECILES, start=1)
        ]
    return entry
