"""What can be had from where: every product that the workbook can download, and when it last did."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from cip.catalogue.offers import Offer, load_offers
from cip.sources.copies import Record, read_ledger
from cip.sources.download import choose_downloads, find_cache
from cip.store import Store


@dataclass(frozen=True)
class Listed:
    """One line of the list.

    Parameters
    ----------
    hosts
        Whom the workbook asks.
    evidence
        How the least certain of its addresses is known.
    downloaded_on, in_store_since
        Days, or empty where it has not been had.
    note
        What is special: large, for chosen areas, not read.
    """

    product_id: str
    title: str
    publisher: str
    licence: str
    hosts: tuple[str, ...]
    evidence: str
    downloaded_on: str
    in_store_since: str
    note: str


def list_offers(
    store_root: Path, cache: Path, *, products: Collection[str] | None = None
) -> list[Listed]:
    """Return every product that can be downloaded, in the order of the catalogue.

    Raises
    ------
    SourceError
        When the manifest or the list of downloads is damaged.
    """
    store, records = Store(store_root), read_ledger(cache)
    return [
        _describe(offer, store, _find_day(offer, records))
        for id_, offer in load_offers().items()
        if products is None or id_ in set(products)
    ]


def _find_day(offer: Offer, records: Mapping[str, Record]) -> str:
    names = {download.file_name for download in offer.downloads}
    days = [
        record.downloaded_at[:10]
        for name, record in records.items()
        if name in names or record.product == offer.product_id
    ]
    return max(days, default="")


def _describe(offer: Offer, store: Store, day: str) -> Listed:
    order = ("from memory", "quoted in public code", "fetched")
    id_ = offer.product_id
    return Listed(
        id_,
        offer.source.title,
        offer.source.publisher,
        offer.source.licence,
        tuple(dict.fromkeys(urlsplit(d.address).netloc for d in offer.downloads)),
        min((d.evidence for d in offer.downloads), key=order.index),
        day,
        store.entry(id_).fetched_at[:10] if id_ in store.manifest.products else "",
        _describe_manner(offer),
    )


def _describe_manner(offer: Offer) -> str:
    notes = []
    if not any(d.is_default for d in offer.choose(for_areas=False)):
        notes.append("only when named")
    if any(d.for_areas for d in offer.downloads):
        notes.append("can be had for chosen areas")
    if not offer.is_read:
        notes.append("kept as a file")
    return ", ".join(notes)


def show_available(store_root: Path, products: Collection[str] | None = None) -> list[str]:
    """Return the list of what can be had as lines; raises SourceError for an unknown product."""
    choose_downloads(products)
    return show_offers(list_offers(store_root, find_cache(store_root), products=products))


def show_offers(offers: Collection[Listed]) -> list[str]:
    """Return the list as lines for a terminal."""
    lines = []
    for offer in offers:
        had = f"downloaded {offer.downloaded_on}" if offer.downloaded_on else "not downloaded yet"
        had += f", in the store since {offer.in_store_since}" if offer.in_store_since else ""
        note = f" ({offer.note})" if offer.note else ""
        lines += [
            f"{offer.product_id}: {offer.title}{note}",
            f"    {offer.publisher}; {offer.licence}",
            f"    {', '.join(offer.hosts)}; address {offer.evidence}; {had}",
        ]
    return lines
