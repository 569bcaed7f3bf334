"""What readers call the sources of assets: products of the store, and the area's own files."""

from __future__ import annotations

from collections.abc import Iterable

from cip.assets.record import SEPARATOR
from cip.catalogue.sources import load_sources

#: Sources that are not products of the store: they belong to the area, so that their assets count
#: as its own without a point too.
OWN_SOURCES = {
    "own": "the community's own list",
    "open_referral": "services in Open Referral UK",
}


def name_source(source_id: str) -> str:
    """Return the title of a product, what one of the area's own files is, or else the id itself.

    Examples
    --------
    >>> name_source("own"), name_source("no such source")
    ("the community's own list", 'no such source')
    """
    source = load_sources().get(source_id)
    return source.title if source else OWN_SOURCES.get(source_id, source_id)


def name_sources(source_ids: Iterable[str]) -> str:
    """Return the names of several sources in their order, each once, parted by semicolons."""
    return SEPARATOR.join(dict.fromkeys(name_source(source_id) for source_id in source_ids))
