"""How new a list of places is."""

from __future__ import annotations

import re
from functools import lru_cache

import pandas as pd

from cip.catalogue.sources import load_sources
from cip.store import Store

_DATES = ("opened", "closed", "checked")


def find_vintage(store: Store, product: str) -> str | None:
    """Return how new a list is: an ISO date, or a year; None where nothing tells.

    What the layout says of its files (``period_text`` of the source catalogue) goes first; then
    the newest date in the list, which cannot be older than that; then a year in the period.
    """
    entry = store.entry(product)
    source = load_sources()[product]
    used = {file.layout for file in entry.files}
    years = [layout.period_text for layout in source.layouts if layout.id in used]
    if all(years) and years:
        return max(years)
    newest = _find_newest_date(str(store.path(product)), entry.sha256, entry.fetched_at[:10])
    year = re.search(r"\b(?:19|20)\d\d\b", entry.period)
    return newest or (year[0] if year else None)


@lru_cache(maxsize=256)
def _find_newest_date(path: str, digest: str, today: str) -> str | None:
    """Return the newest date of a table up to the day on which the store was filled."""
    table = pd.read_parquet(path, columns=list(_DATES))
    dates = [table[name][table[name].str.len() == len(today)] for name in _DATES]
    newest = [found[found <= today].max() for found in dates]
    return max((day for day in newest if isinstance(day, str)), default=None)
