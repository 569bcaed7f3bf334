"""What one notebook works in: the area's parameters, the store, and the area's own folder."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from cip.catalogue import mark_invented
from cip.mirror import is_address, mirror_store
from cip.params import STAGES, AreaParams, ParameterFile, load_params
from cip.tables import TableFolder, keep_texts_plain

T = TypeVar("T")

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from cip.store import Store


def find_store_root(store_dir: str | Path = "") -> Path:
    """Return the folder of the store: the one named, else ``CIP_STORE``, else the user's data folder.

    Of a store at an address such as ``s3://…`` it is the folder of its local copy.

    Raises
    ------
    SourceError
        If there is no store at the address.
    """
    named = store_dir or os.environ.get("CIP_STORE")
    if named:
        return mirror_store(str(named)) if is_address(named) else Path(named)
    from platformdirs import user_data_path

    return user_data_path("cip", appauthor=False) / "store"


def name_notebook(stage: str) -> str:
    """Return the file name of a stage's notebook, such as ``01_geography.ipynb``."""
    return f"{STAGES.index(stage) + 1:02d}_{stage}.ipynb"


@dataclass(frozen=True)
class Workspace:
    """One area's run as a stage sees it.

    Parameters
    ----------
    file
        The checked parameter file.
    store
        The store of publishers' tables.
    root
        ``outputs/<area id>``.
    """

    file: ParameterFile
    store: Store
    root: Path

    @property
    def params(self) -> AreaParams:
        """The content of the parameter file."""
        return self.file.params

    @property
    def today(self) -> date:
        """The date that the report carries: deadlines are measured from it."""
        return self.params.report_date or date.today()

    @cached_property
    def tables(self) -> TableFolder:
        """The hand-over tables of this area."""
        return TableFolder(self.root / "tables")

    def save(self, **tables: pd.DataFrame) -> None:
        """Write tables by name, each checked against its schema."""
        for name, table in tables.items():
            self.tables.write(name, table)

    def read(self, name: str) -> pd.DataFrame:
        """Read a table of an earlier stage."""
        return self.tables.read(name)

    def read_input(self, name: str, read: Callable[[Path], T]) -> T | None:
        """Read one of the area's own inputs, or return None where the file names none."""
        path = self.file.resolve_input(name)
        return None if path is None else read(path)

    def save_shapes(self, name: str, shapes: gpd.GeoDataFrame) -> None:
        """Write a layer of shapes as GeoParquet, whole or not at all."""
        self.tables.root.mkdir(parents=True, exist_ok=True)
        target = self.tables.root / f"{name}.geo.parquet"
        partial = target.with_suffix(f".{os.getpid()}.tmp")
        try:
            shapes.to_parquet(partial, index=False)
            partial.replace(target)
        finally:
            partial.unlink(missing_ok=True)

    def read_shapes(self, name: str) -> gpd.GeoDataFrame:
        """Read a layer of shapes of an earlier stage."""
        import geopandas as gpd

        return gpd.read_parquet(self.tables.root / f"{name}.geo.parquet")


def open_workspace(
    params_file: str, store_dir: str = "", outputs_dir: str = "outputs"
) -> Workspace:
    """Open an area's workspace from the three values that papermill passes to each notebook."""
    from cip.store import Store

    keep_texts_plain()
    file = load_params(params_file)
    store = Store(find_store_root(store_dir))
    mark_invented(store.is_synthetic)
    return Workspace(file, store, Path(outputs_dir) / file.params.id)
