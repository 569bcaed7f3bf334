"""Comparing headings: letter case, spaces and punctuation do not count, signs before digits do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

_DROPPED = re.compile(r"[^a-z0-9+\-]|[+\-](?!\d)")
_PLACEHOLDER = re.compile(r"(\{yy\}|\{\*\})")


@lru_cache(maxsize=65536)
def fold_heading(text: str) -> str:
    """Return a heading reduced to what is compared.

    Examples
    --------
    >>> fold_heading("Income Score (rate) ")
    'incomescorerate'
    >>> fold_heading("+2 or more"), fold_heading("Semi-detached")
    ('+2ormore', 'semidetached')
    """
    return _DROPPED.sub("", text.casefold())


@lru_cache(maxsize=65536)
def compile_heading(pattern: str) -> str | re.Pattern[str]:
    """Return a declared heading ready to compare: folded text, or a regex if it has a wildcard."""
    if not _PLACEHOLDER.search(pattern):
        return fold_heading(pattern)
    pieces = {"{yy}": r"\d\d", "{*}": ".*"}
    return re.compile(
        "".join(pieces.get(x, re.escape(fold_heading(x))) for x in _PLACEHOLDER.split(pattern))
    )


def find_heading(patterns: Iterable[str], headings: Mapping[str, int]) -> int | None:
    """Return the place of the first declared heading that a file has, or None.

    Parameters
    ----------
    patterns
        Declared spellings, the preferred one first.
    headings
        The file's folded headings with their column numbers.
    """
    for pattern in patterns:
        wanted = compile_heading(pattern)
        if isinstance(wanted, str):
            if wanted in headings:
                return headings[wanted]
            continue
        for heading, place in headings.items():
            if wanted.fullmatch(heading):
                return place
    return None


def index_headings(cells: Iterable[str]) -> dict[str, int]:
    """Return folded headings with their column numbers; of two equal ones the first is kept."""
    places: dict[str, int] = {}
    for place, cell in enumerate(cells):
        folded = fold_heading(cell)
        if folded:
            places.setdefault(folded, place)
    return places


def show_heading(pattern: str) -> str:
    """Return a declared heading as a person would read it."""
    return pattern.replace("{yy}", "..").replace("{*}", "...").strip()
