"""The store: one typed table per product, and a manifest that says where each came from."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from cip.catalogue.sources import load_sources
from cip.errors import Problem, SourceError, find_nearest

if TYPE_CHECKING:
    import geopandas as gpd
    import pyarrow as pa

MANIFEST_NAME = "manifest.json"
MANIFEST_VERSION = 1


class FileRecord(BaseModel):
    """One file that a product was read from."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    sha256: str
    bytes: int
    layout: str
    rows: int
    address: str | None = None


class ManifestEntry(BaseModel):
    """Everything that must be known about one table of the store."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    product_id: str
    kind: str
    title: str
    publisher: str
    geography: str
    period: str
    licence: str
    attribution: str
    rows: int
    levels: dict[str, int] = Field(default_factory=dict)
    vintages: dict[str, str] = Field(default_factory=dict)
    sha256: str
    fetched_at: str
    files: list[FileRecord] = Field(default_factory=list)
    notes: list[str] = Field(default_factory=list)

    @property
    def table_name(self) -> str:
        """File name of the table inside the store."""
        return f"{self.product_id}.parquet"


class Manifest(BaseModel):
    """What a store holds."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: int = MANIFEST_VERSION
    is_synthetic: bool = False
    products: dict[str, ManifestEntry] = Field(default_factory=dict)


#: What has been asked for in this process; see ``list_used``.
_USED: set[str] = set()


class Store:
    """Read-only view of a folder of Parquet tables with their manifest.

    A folder without a manifest is an empty store. Tables are written by ``cip.sources.fetch``.

    Parameters
    ----------
    root
        The store's folder. It need not exist yet.
    """

    def __init__(self, root: Path | str):
        self.root = Path(root)
        self._manifest: Manifest | None = None

    def __repr__(self) -> str:
        return f"Store({str(self.root)!r})"

    @property
    def manifest(self) -> Manifest:
        """The manifest, read once. Raises SourceError when the file is damaged."""
        if self._manifest is None:
            self._manifest = read_manifest(self.root)
        return self._manifest

    @property
    def is_synthetic(self) -> bool:
        """True when the store holds the fictional demonstration (area codes start with Z)."""
        return self.manifest.is_synthetic

    def products(self) -> list[str]:
        """Return the ids of the products in the store, in order."""
        return sorted(self.manifest.products)

    def has(self, product_id: str) -> bool:
        """Return True when the store holds the product."""
        _USED.add(product_id)  # every other question about a product comes through here
        return product_id in self.manifest.products

    def entry(self, product_id: str) -> ManifestEntry:
        """Return a product's manifest entry.

        Raises
        ------
        SourceError
            When the store lacks the product; the message says how to supply it.
        """
        if not self.has(product_id):
            raise SourceError(describe_absence(product_id, self.root))
        return self.manifest.products[product_id]

    def digest(self, product_id: str) -> str:
        """Return the sha256 of a product's table as recorded when it was written."""
        return self.entry(product_id).sha256

    def path(self, product_id: str) -> Path:
        """Return the path of a product's table."""
        return self.root / self.entry(product_id).table_name

    def columns(self, product_id: str) -> list[str]:
        """Return the names of a product's columns without reading its rows."""
        import pyarrow.parquet as pq

        try:
            return list(pq.read_schema(self.path(product_id)).names)
        except (OSError, ValueError) as error:
            raise SourceError(_describe_damage(product_id, self.path(product_id), error)) from error

    def read(
        self, product_id: str, columns: Sequence[str] | None = None
    ) -> pd.DataFrame | gpd.GeoDataFrame:
        """Read a product's table, or some of its columns.

        Returns
        -------
        DataFrame or GeoDataFrame
            Counts, measures and centroids: one row per area (and period). Lookups: one row per
            pair. Values: one row per series, area, sex, age and period. Places: one row per place.
            Boundaries: a GeoDataFrame in EPSG:4326, one row per area.

        Raises
        ------
        SourceError
            When the product or a column is absent, or its table is missing or damaged.
        """
        entry = self.entry(product_id)
        wanted = list(columns) if columns is not None else None
        path = self.path(product_id)
        try:
            if wanted is not None:
                _check_columns(path, wanted)
            if entry.kind == "boundaries" and (wanted is None or "geometry" in wanted):
                import geopandas as gpd

                return gpd.read_parquet(path, columns=wanted)
            return pd.read_parquet(path, columns=wanted)
        except (OSError, ValueError) as error:
            raise SourceError(_describe_damage(product_id, path, error)) from error

    def read_arrays(self, product_id: str, columns: Iterable[str]) -> dict[str, NDArray[Any]]:
        """Read columns of a product's table as plain arrays.

        Returns
        -------
        dict
            By name of column: texts as objects, missing ones None; all else as floats, missing
            ones NaN. Columns that the table lacks are left out.

        Raises
        ------
        SourceError
            When the product is absent, or its table is missing or damaged.
        """
        import pyarrow.parquet as pq

        path = self.path(product_id)
        try:
            with pq.ParquetFile(path) as file:
                present = set(file.schema_arrow.names)
                # Columns are few and short, so that threads would cost more than they save.
                table = file.read([c for c in columns if c in present], use_threads=False)
        except (OSError, ValueError) as error:
            raise SourceError(_describe_damage(product_id, path, error)) from error
        return {name: _list_values(table.column(name)) for name in table.column_names}

    def find_damage(self) -> list[Problem]:
        """Compare every table with its recorded sha256; an empty list means all is well."""
        problems = []
        for product_id in self.products():
            path = self.path(product_id)
            if not path.is_file():
                problems.append(Problem("The table is missing. Fetch it again.", file=path))
            elif hash_file(path) != self.digest(product_id):
                problems.append(
                    Problem(
                        "The table has changed since it was written. Fetch it again.", file=path
                    )
                )
        return problems


def list_used() -> tuple[str, ...]:
    """Return the ids of the products that were asked for since ``forget_used``, in order.

    A product counts whether or not the store holds it: that it was absent shaped the result too.
    """
    return tuple(sorted(_USED))


def forget_used() -> None:
    """Start to note anew which products are asked for."""
    _USED.clear()


def read_manifest(root: Path) -> Manifest:
    """Read the manifest of a store folder; a folder without one gives an empty manifest."""
    path = root / MANIFEST_NAME
    if not path.is_file():
        return Manifest()
    try:
        manifest = Manifest.model_validate_json(path.read_text(encoding="utf-8"))
    except (ValidationError, UnicodeDecodeError) as error:
        raise SourceError(
            Problem("The manifest is damaged. Delete the store and fetch again.", file=path)
        ) from error
    if manifest.version != MANIFEST_VERSION:
        raise SourceError(
            Problem(
                "The store was written by another version of the workbook. "
                "Delete it and fetch again.",
                file=path,
                found=str(manifest.version),
                expected=str(MANIFEST_VERSION),
            )
        )
    return manifest


def hash_file(path: Path) -> str:
    """Return the sha256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def describe_absence(product_id: str, root: Path) -> Problem:
    """Say that a product is not in the store, and how to supply it."""
    source = load_sources().get(product_id)
    if source is None:
        return Problem(
            f"There is no product '{product_id}'.", nearest=find_nearest(product_id, load_sources())
        )
    return Problem(
        f"The store in '{root}' does not hold {source.title} ('{product_id}'). "
        f"Download it with `cip fetch`, or save the file from {source.landing_url} in a folder "
        "and fetch that folder."
    )


def _describe_damage(product_id: str, path: Path, error: Exception) -> Problem:
    return Problem(
        f"The table of '{product_id}' is missing or damaged ({type(error).__name__}). "
        "Fetch it again.",
        file=path,
    )


def _list_values(column: pa.ChunkedArray) -> NDArray[Any]:
    """Return a column as floats where it holds numbers, else as objects."""
    import pyarrow as pa

    kind = column.type
    if pa.types.is_integer(kind) or pa.types.is_floating(kind):
        return np.asarray(column.to_numpy(), dtype=float)
    return np.asarray(column.to_numpy(), dtype=object)


def _check_columns(path: Path, wanted: Sequence[str]) -> None:
    import pyarrow.parquet as pq

    present = pq.read_schema(path).names
    missing = [column for column in wanted if column not in present]
    if missing:
        raise SourceError(
            Problem(
                "The table has no such column.",
                file=path,
                found=column,
                nearest=find_nearest(column, present),
            )
            for column in missing
        )
