"""Every download of every product: those beside a source, and those of ``downloads.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from pydantic import ValidationError

from cip.catalogue.downloads import Download, DownloadCatalogue, KeptFile
from cip.catalogue.reading import read_files
from cip.catalogue.sources import Source, load_sources
from cip.errors import SourceError


@dataclass(frozen=True)
class Offer:
    """What a publisher offers of one product.

    ``source`` is the product itself; a :class:`KeptFile` is not read into the store.
    """

    product_id: str
    source: Source | KeptFile
    downloads: tuple[Download, ...]

    @property
    def is_read(self) -> bool:
        """True when the store reads the product's files."""
        return isinstance(self.source, Source)

    def choose(self, *, for_areas: bool) -> list[Download]:
        """Return the downloads to take: those for chosen areas where there are any, or the rest."""
        narrow = [d for d in self.downloads if d.for_areas]
        if for_areas and narrow:
            return narrow
        return [d for d in self.downloads if not d.for_areas]


@cache
def load_download_catalogue() -> DownloadCatalogue:
    """Read and check ``downloads.toml`` and its companions. Raises SourceError saying what is wrong."""
    return parse_download_catalogue("\n".join(read_files("downloads").values()))


def parse_download_catalogue(text: str) -> DownloadCatalogue:
    """Turn the text of a catalogue of downloads into a checked one."""
    try:
        catalogue = DownloadCatalogue.model_validate(tomllib.loads(text))
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise SourceError(f"The catalogue of downloads cannot be used: {error}") from error
    known = load_sources().keys() | catalogue.kept_files.keys()
    unknown = sorted({d.product for d in catalogue.downloads} - known)
    if unknown:
        raise SourceError(
            f"The catalogue of downloads names unknown products: {', '.join(unknown)}"
        )
    return catalogue


@cache
def load_offers() -> dict[str, Offer]:
    """Return every product that can be downloaded, in the order of the catalogue."""
    catalogue = load_download_catalogue()
    owners: dict[str, Source | KeptFile] = {**load_sources(), **catalogue.kept_files}
    found: list[tuple[str, Download]] = []
    for product_id, owner in owners.items():
        own = list(owner.downloads) if isinstance(owner, Source) else []
        own += [d for d in catalogue.downloads if d.product == product_id]
        found += [(id_, download) for download in own for id_ in (product_id, *download.also)]
    _check_names(found, owners)
    offers = {}
    for product_id, owner in owners.items():
        downloads = tuple(d for id_, d in found if id_ == product_id)
        if downloads:
            offers[product_id] = Offer(product_id, owner, downloads)
    return offers


def _check_names(found: list[tuple[str, Download]], owners: Mapping[str, object]) -> None:
    unknown = sorted({id_ for id_, _ in found} - owners.keys())
    if unknown:
        raise SourceError(f"A download feeds unknown products: {', '.join(unknown)}")
    by_name: dict[str, Download] = {}
    for _, download in found:
        if by_name.setdefault(download.file_name, download) != download:
            raise SourceError(f"Two downloads share a file name: {download.file_name}")
