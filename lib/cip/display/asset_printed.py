"""The list beside a printed map of assets: as short as it can be, where a table takes many pages."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from cip.catalogue.asset_types import load_asset_types
from cip.display.asset_items import PLACES
from cip.display.asset_marks import WALK
from cip.display.markup import escape

_WALK_HEADING = "What was seen on a walk"


def write_printed_list(items: pd.DataFrame, squares: pd.Series, unnumbered: Collection[str]) -> str:
    """Return everything on a map as HTML in columns: mark, name, type and, in brackets, square.

    Parameters
    ----------
    items
        From `cip.display.asset_items.list_items`.
    squares
        The square of the map for each item; missing where it has none.
    unnumbered
        Types that are drawn without numbers: each is one entry, with the places of all its
        assets by name.
    """
    table = items.assign(square=squares)
    is_walk = table["kind"] == WALK
    parts = [
        _write_part(heading, table[~is_walk & (table["place"] == place)], unnumbered)
        for place, heading in PLACES.items()
    ]
    return "".join([*parts, _write_part(_WALK_HEADING, table[is_walk], ())])


def _write_part(heading: str, items: pd.DataFrame, unnumbered: Collection[str]) -> str:
    if items.empty:
        return ""
    is_many = items["type_id"].isin(list(unnumbered))
    entries = [
        f"<b>{escape(row.mark)}</b> {escape(row.name)}, {escape(row.type_label)}"
        + _write_square(row.square)
        for row in items[~is_many][["mark", "name", "type_label", "square"]].itertuples()
    ]
    entries += [_write_many(str(name), own) for name, own in items[is_many].groupby("type_id")]
    listed = "".join(f"<li>{entry}</li>" for entry in entries)
    return f"<p><strong>{escape(heading)} ({len(items):,})</strong></p><ul>{listed}</ul>"


def _write_many(type_id: str, items: pd.DataFrame) -> str:
    """Return all assets of a type as one entry: names in their order, each with its squares."""
    types = load_asset_types()
    plural = types[type_id].plural if type_id in types else items["type_label"].iloc[0]
    names = [
        escape(str(name)) + _write_square(", ".join(dict.fromkeys(own["square"].dropna())))
        for name, own in items.groupby("name")
    ]
    return f"<b>{escape(plural[:1].upper() + plural[1:])}</b> ({len(items):,}): {'; '.join(names)}"


def _write_square(square: object) -> str:
    return f" ({escape(square)})" if isinstance(square, str) and square else ""
