"""Finding assets in a long list: by text, kind, type, source and what is wrong with them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from cip.assets.record import split_parts
from cip.assets.source_names import name_source
from cip.catalogue.asset_types import load_asset_types
from cip.interactive.search import fold

#: A longer list is of no use to a reader, and slow in a browser.
MOST_LISTED = 500
_TEXT_COLUMNS = ["name", "address", "postcode", "detail", "serves"]


@dataclass(frozen=True)
class AssetFilter:
    """What is asked of the list; an empty text and False ask nothing.

    Parameters
    ----------
    text
        Words that must all occur in name, address, postcode, type, detail or who it serves.
    kind, asset_type, source
        Ids.
    is_stale, is_unplaced, is_inside
        Only those checked too long ago, only those without a point, only those in the area.
    """

    text: str = ""
    kind: str = ""
    asset_type: str = ""
    source: str = ""
    is_stale: bool = False
    is_unplaced: bool = False
    is_inside: bool = False


@dataclass(frozen=True, eq=False)
class AssetList:
    """The assets of an area and of what lies around it.

    Parameters
    ----------
    table
        One row per asset, with the columns of the table ``assets`` (`cip.schemas`).
    """

    table: pd.DataFrame

    @cached_property
    def _texts(self) -> pd.Series:
        cells = self.table[_TEXT_COLUMNS].fillna("").astype("str")
        rest = [cells[name] for name in _TEXT_COLUMNS[1:]]
        types = self.table["asset_type"].map(name_type)
        return cells["name"].str.cat([*rest, types.astype("str")], sep=" ").map(fold)

    def pick(self, wanted: AssetFilter) -> pd.DataFrame:
        """Return the assets that a filter lets through, in the order of the table."""
        table = self.table
        keep = pd.Series(True, index=table.index)
        for word in fold(wanted.text).split():
            keep &= self._texts.str.contains(word, regex=False)
        if wanted.kind:
            keep &= table["kind"].eq(wanted.kind)
        if wanted.asset_type:
            keep &= table["asset_type"].eq(wanted.asset_type)
        if wanted.source:
            keep &= table["sources"].map(lambda cell: wanted.source in split_parts(cell))
        if wanted.is_stale:
            keep &= table["is_stale"].eq(True).fillna(False).astype(bool)
        if wanted.is_unplaced:
            keep &= table["x"].isna() | table["y"].isna()
        if wanted.is_inside:
            keep &= table["is_inside"].eq(True).fillna(False).astype(bool)
        return table[keep]

    def find(self, asset_id: str) -> pd.Series:
        """Return one asset."""
        return self.table.loc[self.table["asset_id"].eq(asset_id)].iloc[0]

    @property
    def types(self) -> list[tuple[str, str]]:
        """The types that occur, as (name, id), in the order of the catalogue."""
        here = set(self.table["asset_type"].dropna())
        return [(name_type(one), one) for one in load_asset_types() if one in here]

    @property
    def sources(self) -> list[tuple[str, str]]:
        """The sources that occur, as (name, id), by name."""
        here = {part for cell in self.table["sources"] for part in split_parts(cell)}
        return sorted((name_source(one), one) for one in here)


def describe_found(found: int, total: int) -> str:
    """Say how many assets a filter lets through, and how many of them are listed."""
    words = f"{found:,} of {total:,} assets fit."
    return words if found <= MOST_LISTED else f"{words} The first {MOST_LISTED:,} are listed."


def describe_asset(asset: pd.Series) -> str:
    """Return an asset as one line of a list."""
    parts = [name_type(asset["asset_type"]), _say(asset["postcode"]), describe_place(asset)]
    if _is_true(asset["is_stale"]):
        parts.append("not checked for long")
    return f"{say_name(asset['name'])}: {', '.join(part for part in parts if part)}"


def describe_place(asset: pd.Series) -> str:
    """Say whether an asset is in the area, and how far away it is where it is not."""
    if pd.isna(asset["x"]) or pd.isna(asset["y"]):
        return "place not known"
    if _is_true(asset["is_inside"]):
        return "in the area"
    distance = asset["distance_m"]
    return "outside" if pd.isna(distance) else f"{distance:,.0f} m outside"


def name_type(asset_type: object) -> str:
    """Return the name of a type; the id itself where the catalogue does not have it."""
    entry = load_asset_types().get(str(asset_type))
    return entry.label if entry else _say(asset_type)


def say_name(name: object) -> str:
    """Return an asset's name, or word that it has none."""
    return _say(name) or "(without a name)"


def _is_true(value: object) -> bool:
    return bool(pd.notna(value)) and bool(value)


def _say(value: object) -> str:
    return "" if pd.isna(value) else str(value)
