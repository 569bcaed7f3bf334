"""What the asset editor knows: assets, the records that they were made of, and pairs that wait."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from cip.assets.decision_table import UNSURE
from cip.assets.place import place_assets
from cip.errors import ParameterError
from cip.workspace import Workspace

if TYPE_CHECKING:
    import geopandas as gpd

    from cip.assets.settle import Settled


@dataclass(frozen=True, eq=False)
class KnownAssets:
    """The assets of an area and of what lies around it.

    Parameters
    ----------
    assets
        One row per asset of the table ``assets`` (`cip.schemas`).
    pairs
        One row per pair of records of the table ``asset_pairs``.
    records
        One row per record (`cip.assets.record`).
    members
        One row per record: ``record_id`` and ``asset_id`` of its asset.
    """

    assets: pd.DataFrame
    pairs: pd.DataFrame
    records: pd.DataFrame
    members: pd.DataFrame

    @cached_property
    def _records(self) -> pd.DataFrame:
        return self.records.set_index("asset_id", drop=False)

    @cached_property
    def _ids(self) -> dict[str, list[str]]:
        groups = self.members.groupby("asset_id", sort=False)["record_id"]
        return {str(name): list(ids) for name, ids in groups}

    @property
    def waiting(self) -> int:
        """How many pairs nobody has decided, those of which somebody was not sure included."""
        decision = self.pairs["decision"].fillna("")
        return int(decision.isin(["", UNSURE]).sum())

    def find_record(self, record_id: str) -> pd.Series:
        """Return one record."""
        return self._records.loc[record_id]

    def list_records(self, asset_id: str) -> pd.DataFrame:
        """Return the records that an asset was made of, its own first."""
        ids = sorted(self._ids.get(asset_id, []), key=lambda one: (one != asset_id, one))
        return self._records.loc[ids]


def know_assets(
    workspace: Workspace,
    settled: Settled,
    *,
    shapes: gpd.GeoDataFrame,
    boundary: gpd.GeoDataFrame,
    records: pd.DataFrame | None = None,
) -> KnownAssets:
    """Put together what the editor shows.

    Parameters
    ----------
    workspace
        One area's run.
    settled
        What `cip.assets.settle` made of the records.
    shapes, boundary
        The LSOAs of the area and its outline.
    records
        The records as they were before anything was joined; left out, they are read again.

    Raises
    ------
    ParameterError
        If the records are not those that were settled: a file has changed since.
    """
    if records is None:
        from cip.assets.gather import gather_assets

        records = gather_assets(workspace, boundary).records
    if not set(settled.members["record_id"]) <= set(records["asset_id"]):
        problem = "the area's files have changed since the assets were put together; "
        raise ParameterError(f"{problem}run the notebook again from the top")
    placed = place_assets(
        settled.assets,
        shapes,
        boundary,
        margin_m=workspace.params.assets.margin_m,
        today=workspace.today,
        stale_after_months=workspace.params.assets.stale_after_months,
    )
    return KnownAssets(placed.table, settled.pairs, records, settled.members)
