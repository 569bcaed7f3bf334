"""Types, health assets and topics as people write them: by id or by label, one or several."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

import pandas as pd

from cip.assets.record import SEPARATOR, split_parts
from cip.catalogue.asset_types import load_asset_types, load_health_assets
from cip.catalogue.building_blocks import load_topics
from cip.errors import Problem, find_nearest
from cip.inputs.columns import fold_name


@dataclass(frozen=True)
class Names:
    """The entries of a catalogue under every name that stands for them.

    Parameters
    ----------
    what
        What one entry is, such as ``type of asset``.
    labels
        Label of each entry by id, in the order of the catalogue.
    ids
        Id by folded name: of ids, labels and plurals.
    """

    what: str
    labels: dict[str, str]
    ids: dict[str, str]

    def find(self, text: str) -> str | None:
        """Return the id that a text stands for, or None."""
        return self.ids.get(fold_name(text))

    def describe(self) -> str:
        """Return all labels, for the guide to a form."""
        return SEPARATOR.join(self.labels.values())


@cache
def name_types() -> Names:
    """Return the types of asset by id, label and plural."""
    types = load_asset_types()
    ids = {fold_name(entry.plural): name for name, entry in types.items()}
    labels = {name: entry.label for name, entry in types.items()}
    return _index("type of asset", labels, ids)


@cache
def name_topics() -> Names:
    """Return the building blocks of health and the other topics by id and label."""
    return _index("topic", {name: topic.label for name, topic in load_topics().items()}, {})


@cache
def name_health_assets() -> Names:
    """Return the kinds of health asset by id and label."""
    labels = {name: entry.label for name, entry in load_health_assets().items()}
    return _index("kind of health asset", labels, {})


def _index(what: str, labels: dict[str, str], ids: dict[str, str]) -> Names:
    ids |= {fold_name(label): name for name, label in labels.items()}
    ids |= {fold_name(name): name for name in labels}
    return Names(what, labels, ids)


def find_unknown_names(
    table: pd.DataFrame, column: str, names: Names, *, is_list: bool = False
) -> Iterator[Problem]:
    """Yield a problem for each cell that names an entry which is not there."""
    for cell, row in zip(table[column], table["row"], strict=True):
        parts = split_parts(cell) if is_list else [cell] if isinstance(cell, str) else []
        for part in parts:
            if names.find(part) is None:
                yield Problem(
                    f"there is no such {names.what}",
                    row=int(row),
                    column=column,
                    found=part[:80],
                    expected=f"a {names.what} of the guide that 'cip forms' writes",
                    nearest=_suggest(names.what, part[:80]),
                )


@lru_cache(maxsize=5_000)
def _suggest(what: str, text: str) -> str | None:
    all_names = (name_types(), name_topics(), name_health_assets())
    names = next(n for n in all_names if n.what == what)
    return find_nearest(text, [*names.labels.values(), *names.labels])


def resolve_names(cells: pd.Series, names: Names, *, is_list: bool = False) -> pd.Series:
    """Return ids for names that are known to be there; a list in the order of the catalogue.

    Examples
    --------
    >>> resolve_names(pd.Series(["Food; housing"]), name_topics(), is_list=True).tolist()
    ['housing; food']
    """

    def resolve(cell: str) -> str | None:
        if not is_list:
            return names.find(cell)
        found = {names.find(part) for part in split_parts(cell)}
        return SEPARATOR.join(name for name in names.labels if name in found) or None

    return cells.map(resolve, na_action="ignore").astype("str")
