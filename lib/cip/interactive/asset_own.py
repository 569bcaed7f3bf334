"""The area's own table of assets: a row more, or a review noted in a row that is there."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cip.assets.given_points import Window
from cip.assets.named_choices import name_health_assets, name_topics, name_types
from cip.assets.own import SOURCE_ID, list_asset_columns, read_assets
from cip.errors import ParameterError, Problem
from cip.inputs import Column
from cip.inputs.files import read_rows
from cip.interactive.asset_changes import PlannedChange, plan_change, propose_path
from cip.interactive.asset_csv import CsvFile, CsvRecord, read_csv_file, start_csv_file
from cip.interactive.asset_form import check_cells

if TYPE_CHECKING:
    from cip.params import ParameterFile

INPUT = "assets"
REVIEW = ("last_reviewed", "still_active", "reviewed_by")
#: The pin says the same in metres.
_LEFT_OUT = ("latitude", "longitude")
#: What a person thinks of first, and last.
_FIRST, _LAST = ("name", "type", "easting", "northing", "postcode"), ("asset_id",)
_WORKBOOKS = (".xlsx", ".xlsm")


@cache
def list_form_columns() -> dict[str, Column]:
    """Return the columns of the form for a new asset, with what may be chosen as choices."""
    columns = list_asset_columns()
    choices = {
        "type": name_types(),
        "health_asset": name_health_assets(),
        "function": name_topics(),
    }
    for name, names in choices.items():
        columns[name] = replace(
            columns[name],
            kind="choices" if name == "function" else "choice",
            choices=tuple(names.labels.values()),
            description=columns[name].description.partition("one of:")[0].rstrip(" ,;"),
        )
    order = [*_FIRST, *(n for n in columns if n not in (*_FIRST, *_LAST, *_LEFT_OUT)), *_LAST]
    return {name: columns[name] for name in order}


def list_review_columns() -> dict[str, Column]:
    """Return the columns in which a review of an asset is noted."""
    return {name: list_asset_columns()[name] for name in REVIEW}


@dataclass(frozen=True)
class OwnRegister:
    """The area's own table of assets, as far as it is changed from the editor.

    Parameters
    ----------
    file
        The parameter file, which names the table or will.
    today
        Date of the report: no check or review may be later.
    near
        Box around the area, in metres (EPSG:27700): a point far from it is refused.
    """

    file: ParameterFile
    today: date
    near: Window | None = None

    @property
    def path(self) -> Path:
        """Where the table is, or where it would be made."""
        return propose_path(self.file, INPUT)

    @property
    def is_workbook(self) -> bool:
        """True where the table is an XLSX workbook, which is never changed from here."""
        return self.path.suffix.casefold() in _WORKBOOKS

    def plan_asset(self, cells: Mapping[str, str]) -> PlannedChange:
        """Work out the table with one more asset; nothing is written.

        Raises
        ------
        ParameterError
            With all that is wrong with the form, or with the table.
        """
        written = check_cells(cells, list_form_columns())
        table = self._read()
        after = table.append(written)
        self._check(table, after)
        return plan_change(self.file, INPUT, self.path, before=table.content, after=after)

    def plan_review(self, asset_id: str, cells: Mapping[str, str]) -> PlannedChange:
        """Work out the table with a review noted in the row of one asset; nothing is written.

        A field that is left blank changes nothing.

        Raises
        ------
        ParameterError
            If the table no longer has the asset, or with all that is wrong with the cells.
        """
        written = _keep_filled(cells)
        row = self.find_row(asset_id)
        table = self._read()
        after = table.change(row, written)
        self._check(table, after)
        return plan_change(self.file, INPUT, self.path, before=table.content, after=after)

    def find_row(self, asset_id: str) -> int:
        """Return the row of an asset in the table as it is on disk now.

        Raises
        ------
        ParameterError
            If the table cannot be read or no longer has the asset.
        """
        records, _ = read_assets(self.path, today=self.today, near=self.near)
        rows = records.loc[records["asset_id"].eq(asset_id), "row"]
        if rows.empty:
            problem = "this table no longer has the asset; run the notebook again from the top"
            raise ParameterError(
                Problem(problem, file=self.path.name, found=asset_id.removeprefix(f"{SOURCE_ID}:"))
            )
        return int(rows.iloc[0])

    def read_review(self, asset_id: str) -> dict[str, str]:
        """Return what the table says now of an asset's review, by column.

        Raises
        ------
        ParameterError
            If the table cannot be read or no longer has the asset.
        """
        records, _ = read_assets(self.path, today=self.today, near=self.near)
        found = records[records["asset_id"].eq(asset_id)]
        if found.empty:
            self.find_row(asset_id)
        return {name: _say(found.iloc[0][name]) for name in REVIEW}

    def copy_asset(self, cells: Mapping[str, str]) -> str:
        """Return a new asset as a row to paste into a workbook: its headings, then its cells.

        Raises
        ------
        ParameterError
            With all that is wrong with the form, or with the workbook.
        """
        written = check_cells(cells, list_form_columns())
        headings = tuple(read_rows(self.path, list_asset_columns()).cells[0][1])
        table = CsvFile(self.path, None, (CsvRecord(1, "", headings),))
        lines = [list(headings), table.order_cells(written)]
        return "\n".join("\t".join(" ".join(cell.split()) for cell in line) for line in lines)

    def copy_review(self, asset_id: str, cells: Mapping[str, str]) -> str:
        """Return what to type into which row of a workbook to note a review.

        Raises
        ------
        ParameterError
            If the workbook no longer has the asset, or with all that is wrong with the cells.
        """
        written = _keep_filled(cells)
        lines = [f"{name}\t{cell}" for name, cell in written.items()]
        return "\n".join([f"row {self.find_row(asset_id)}", *lines])

    def _read(self) -> CsvFile:
        columns = list_asset_columns()
        if self.path.exists():
            return read_csv_file(self.path, columns)
        return start_csv_file(self.path, columns)

    def _check(self, table: CsvFile, after: bytes) -> None:
        """Read the new content as the notebook would, and refuse what it would tell newly."""
        known = [] if table.content is None else self._list_notes(table.content)
        if told := [note for note in self._list_notes(after) if note not in known]:
            raise ParameterError(told)

    def _list_notes(self, content: bytes) -> list[str]:
        with tempfile.TemporaryDirectory() as scratch:
            path = Path(scratch, self.path.name)
            path.write_bytes(content)
            try:
                return read_assets(path, today=self.today, near=self.near)[1]
            except ParameterError as error:
                named = [replace(p, file=self.path.name) for p in error.problems]
                raise ParameterError(named) from None


def _keep_filled(cells: Mapping[str, str]) -> dict[str, str]:
    filled = {k: v for k, v in check_cells(cells, list_review_columns()).items() if v}
    if not filled:
        raise ParameterError(Problem("nothing is filled in, so there is nothing to note"))
    return filled


def _say(value: object) -> str:
    if isinstance(value, (bool, np.bool_)):
        return "yes" if value else "no"
    return "" if pd.isna(value) else str(value)
