"""Writing the store: everything into a folder beside it, then one swap."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path

import geopandas as gpd
import pandas as pd

from cip.store import MANIFEST_NAME, Manifest, ManifestEntry, Store, hash_file, read_manifest


def write_table(table: pd.DataFrame | gpd.GeoDataFrame, path: Path) -> str:
    """Write a table as Parquet and return the sha256 of the file.

    The same table gives the same bytes: neither times nor file names are written into it.
    """
    table.to_parquet(path, index=False, compression="zstd")
    return hash_file(path)


def replace_store(
    root: Path, *, staging: Path, entries: Mapping[str, ManifestEntry], is_synthetic: bool
) -> Manifest:
    """Add the tables of a staging folder to the store, all or nothing.

    Products that the staging folder lacks are kept from the existing store.

    Parameters
    ----------
    root
        The store.
    staging
        A folder beside it, holding the new tables.
    entries
        Manifest entries of the new tables, by product.
    is_synthetic
        Whether the store holds fictional areas.
    """
    old = Store(root)
    products = dict(old.manifest.products)
    for product_id in products.keys() - entries.keys():
        shutil.copy2(old.path(product_id), staging / old.entry(product_id).table_name)
    products.update(entries)
    manifest = Manifest(is_synthetic=is_synthetic, products=dict(sorted(products.items())))
    text = manifest.model_dump_json(indent=2) + "\n"
    (staging / MANIFEST_NAME).write_text(text, encoding="utf-8", newline="\n")
    swap_folders(root, staging)
    return manifest


def make_staging_folder(root: Path) -> Path:
    """Create an empty folder beside the store, on the same disk so that a rename is enough."""
    root.parent.mkdir(parents=True, exist_ok=True)
    staging = root.parent / f".{root.name}-{uuid.uuid4().hex[:8]}.new"
    staging.mkdir()
    return staging


def swap_folders(root: Path, staging: Path) -> None:
    """Put the staging folder in the store's place; if that fails, the old store is put back."""
    retired = staging.with_suffix(".old")
    if root.exists():
        root.rename(retired)
    try:
        staging.rename(root)
    except OSError:
        if retired.exists():
            retired.rename(root)
        raise
    if retired.exists():
        shutil.rmtree(retired)


def add_notes(root: Path, notes: Mapping[str, Sequence[str]]) -> None:
    """Add sentences to the manifest entries of products; what is there already is not repeated."""
    manifest = read_manifest(root)
    products = dict(manifest.products)
    for product_id, sentences in notes.items():
        if product_id in products:
            entry = products[product_id]
            both = list(dict.fromkeys([*entry.notes, *sentences]))
            products[product_id] = entry.model_copy(update={"notes": both})
    if products == manifest.products:
        return
    text = manifest.model_copy(update={"products": products}).model_dump_json(indent=2) + "\n"
    draft = root / f".{MANIFEST_NAME}.new"
    draft.write_text(text, encoding="utf-8", newline="\n")
    draft.replace(root / MANIFEST_NAME)
