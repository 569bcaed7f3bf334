"""The manifest entry of a product: what was read, from which files, and what was noticed."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from cip.sources.build import Part
from cip.sources.merge import Merged
from cip.store import FileRecord, ManifestEntry

#: Takes the place of a publisher's attribution in the demonstration.
INVENTED_ATTRIBUTION = (
    "All figures, names and shapes are invented for the demonstration of the workbook. "
    "They follow the layouts of published tables, whose publishers have no part in them."
)


def describe_product(
    product: Merged,
    digest: str,
    fetched_at: str,
    addresses: Mapping[str, str],
    *,
    is_synthetic: bool = False,
) -> ManifestEntry:
    """Return the manifest entry of a product that has been written.

    Invented figures keep a publisher's layout but not its name or licence: nobody but this
    workbook answers for them.
    """
    source, table = product.source, product.table
    return ManifestEntry(
        product_id=source.id,
        kind=source.kind,
        title=f"Invented figures in the layout of {source.title}" if is_synthetic else source.title,
        publisher="none: invented" if is_synthetic else source.publisher,
        geography=product.geography or source.geography,
        period=product.period or source.period,
        licence="MIT, as the workbook" if is_synthetic else source.licence,
        attribution=INVENTED_ATTRIBUTION if is_synthetic else source.attribution,
        rows=len(table),
        levels=_count_levels(table),
        vintages=product.vintages,
        sha256=digest,
        fetched_at=fetched_at,
        files=[_describe_part(part, addresses) for part in product.parts],
        notes=list(dict.fromkeys(product.notes)),
    )


def _count_levels(table: pd.DataFrame) -> dict[str, int]:
    if "level" not in table:
        return {}
    counts = table["level"].value_counts()
    return {str(level): int(counts[level]) for level in sorted(counts.index)}


def _describe_part(part: Part, addresses: Mapping[str, str]) -> FileRecord:
    file = part.match.table.file
    sha256, size = file.hash_content()
    archive = file.name[: -len(file.member) - 1] if file.member else file.name
    return FileRecord(
        name=file.name,
        sha256=sha256,
        bytes=size,
        layout=part.match.form.layout.id,
        rows=len(part.table),
        address=addresses.get(archive),
    )
