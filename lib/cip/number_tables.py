"""Stage 02: tables of the store as plain arrays, which are looked up and added up many times."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

if TYPE_CHECKING:
    from cip.store import Store

FloatArray = NDArray[np.float64]
Rows = NDArray[np.intp]


def _no_codes() -> pd.Index:
    return pd.Index([], dtype=object)


@dataclass(frozen=True)
class NumberTable:
    """One row per area: its code and one number for each column.

    Parameters
    ----------
    codes
        Code of the area of each row, as plain objects, which are looked up far faster.
    columns
        One array of numbers by name of column; missing is NaN.
    """

    codes: pd.Index = field(default_factory=_no_codes)
    columns: Mapping[str, FloatArray] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.codes)

    def find(self, codes: Iterable[str]) -> Rows:
        """Return the row of each code, -1 where the table has none."""
        return self.codes.get_indexer(pd.Index(codes, dtype=object))

    def select(self, rows: Rows | NDArray[np.bool_]) -> NumberTable:
        """Return some of the rows."""
        columns = {name: values[rows] for name, values in self.columns.items()}
        return NumberTable(self.codes[rows], columns)

    def take(self, rows: Rows) -> dict[str, FloatArray]:
        """Return the numbers of some rows; all numbers of a row -1 are missing."""
        return {name: take_rows(values, rows) for name, values in self.columns.items()}

    @property
    def is_whole_ranking(self) -> bool:
        """Whether the table ranks its areas and holds all that were ranked, not a part of them."""
        ranks = self.columns.get("imd_rank")
        if ranks is None or np.isnan(ranks).all():
            return False
        return int(np.nanmax(ranks)) == len(self)


def take_rows(values: FloatArray, rows: Rows) -> FloatArray:
    """Return the numbers of some rows, missing where the row is -1."""
    if not len(values):
        return np.full(len(rows), np.nan)
    taken = values[rows]
    taken[rows < 0] = np.nan
    return taken


class TableReader:
    """Reads each column of a store once, however many indicators ask for it.

    What was read is held for as long as the reader, so one reader serves one table of indicators.

    Parameters
    ----------
    store
        Where the tables are.
    """

    def __init__(self, store: Store):
        self.store = store
        self._expected: dict[str, dict[str, None]] = {}
        self._asked: dict[str, set[str]] = {}
        self._held: dict[str, dict[str, NDArray[Any]]] = {}
        self._codes: dict[str, pd.Index] = {}

    def expect(self, product_id: str, columns: Iterable[str]) -> None:
        """Say what will be asked for, so that the file is read once for all of it."""
        self._expected.setdefault(product_id, {}).update(dict.fromkeys(columns))

    def read(self, product_id: str, columns: Iterable[str]) -> dict[str, NDArray[Any]]:
        """Return columns as arrays by name, without those that the table lacks."""
        names = dict.fromkeys(columns)
        asked = self._asked.setdefault(product_id, set())
        held = self._held.setdefault(product_id, {})
        wanted = self._expected.pop(product_id, {}) | names
        if new := [name for name in wanted if name not in asked]:
            asked.update(new)
            held.update(self.store.read_arrays(product_id, new))
        return {name: held[name] for name in names if name in held}

    def read_codes(self, product_id: str) -> pd.Index:
        """Return the code of each row of a product; its look-up is built once."""
        if product_id not in self._codes:
            found = self.read(product_id, ["area_code"])["area_code"]
            self._codes[product_id] = pd.Index(found, dtype=object)
        return self._codes[product_id]
