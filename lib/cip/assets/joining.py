"""The records of one asset made into one row: whose value is taken, and what is put together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from cip.assets.alike import LESSER_TYPES
from cip.assets.record import RECORD, SEPARATOR, make_records, split_parts
from cip.assets.rivals import is_loose_source
from cip.catalogue.asset_types import load_asset_types

_CONFIDENCE = {"high": 0, "medium": 1, "low": 2}
#: Columns that say one thing together, so that they come from one record.
_TOGETHER = (("x", "y", "located_by"), ("last_reviewed", "still_active", "reviewed_by"))
#: Columns that every record fills from its type unless it says otherwise of itself.
_FROM_TYPE = ("health_asset", "resource", "method")
_UNITED = ("function", "shared_id", "licence")


def join_values(records: pd.DataFrame, clusters: Sequence[int]) -> tuple[pd.DataFrame, pd.Series]:
    """Return one row per asset.

    Parameters
    ----------
    records
        One row per record.
    clusters
        Which asset each row belongs to: rows of one number are one.

    Returns
    -------
    assets
        Columns of a record, ``sources`` and ``records``, sorted by id. A value is that of the
        record that is trusted most (the area's own table, Open Referral, registers,
        OpenStreetMap; then confidence; then the newest check) and has one; a point that its
        source gave goes before a postcode's. Building blocks of health, shared ids and licences
        are those of all; the last check is the newest.
    ids
        The id of each record's asset, in the order of ``records``.
    """
    table = records.reset_index(drop=True).assign(_cluster=list(clusters))
    table["_sources"] = table["sources"] if "sources" in table else table["source_id"]
    table["_records"] = table.get("records", 1)
    table = table.drop(columns=["sources", "records"], errors="ignore")
    table = _rank_records(table)
    size = table.groupby("_cluster")["_cluster"].transform("size")
    # Most assets are told by one record, and need nothing joined.
    joined = _join(table[size > 1])
    single = table[size == 1].rename(columns={"_sources": "sources", "_records": "records"})
    whole = pd.concat([part for part in (single, joined) if len(part)] or [single])
    whole = whole.sort_values("asset_id", kind="stable").reset_index(drop=True)
    ids = whole.set_index("_cluster")["asset_id"]
    members = pd.Series(list(clusters), dtype="int64").map(ids).astype("str")
    assets = make_records(whole[list(RECORD)])
    sources = whole["sources"].astype("str")
    return assets.assign(sources=sources, records=whole["records"].astype("Int64")), members


def _rank_records(table: pd.DataFrame) -> pd.DataFrame:
    """Return the records from the most trusted on, in an order that depends on nothing else."""
    table["_is_lesser"] = table["asset_type"].isin(LESSER_TYPES)
    table["_trust"] = table["source_id"].map(_rank_trust)
    keys = table.assign(
        confidence=table["confidence"].map(_CONFIDENCE).fillna(len(_CONFIDENCE)),
        checked=-table["last_checked"].rank(method="dense").fillna(0),
    )
    by = ["_cluster", "_trust", "_is_lesser", "confidence", "checked", "asset_id"]
    return table.loc[keys.sort_values(by, kind="stable").index]


def _rank_trust(source: str) -> int:
    if source in ("own", "open_referral"):
        return ("own", "open_referral").index(source)
    return 3 if is_loose_source(source) else 2


def _rank_id(source: str) -> int:
    """Rank sources by how surely their ids stay the same when they are read anew."""
    return {2: 0, 0: 1, 1: 2, 3: 3}[_rank_trust(source)]


def _join(table: pd.DataFrame) -> pd.DataFrame:
    if table.empty:
        return table
    groups = table.groupby("_cluster", sort=True)
    found = groups.first()  # The first value of each column that is not missing.
    source = groups.head(1).set_index("_cluster")
    found = found.assign(source_id=source["source_id"], name=found["name"])
    by_type = table.sort_values(["_cluster", "_is_lesser"], kind="stable")
    first_type = by_type.groupby("_cluster").head(1).set_index("_cluster")
    found[["asset_type", "kind"]] = first_type[["asset_type", "kind"]]
    for name in _FROM_TYPE:
        own = _hide_defaults(table, name).groupby(table["_cluster"]).first()
        found[name] = own.fillna(first_type[name])
    for names in _TOGETHER:
        found[list(names)] = _take_together(table, names)
    found["last_checked"] = groups["last_checked"].max()
    found["asset_id"] = _choose_ids(table)
    for name in (*_UNITED, "_sources"):
        found[name.removeprefix("_")] = groups[name].agg(_unite)
    found["records"] = groups["_records"].sum()
    return found.reset_index()


def _hide_defaults(table: pd.DataFrame, name: str) -> pd.Series:
    """Return a column without what the record's type says of all its kind."""
    types = load_asset_types()
    default = table["asset_type"].map({id_: getattr(entry, name) for id_, entry in types.items()})
    return table[name].mask(table[name] == default)


def _take_together(table: pd.DataFrame, names: tuple[str, ...]) -> pd.DataFrame:
    """Return several columns of each asset from one record: the first that fills the first."""
    filled = table[table[list(names)].notna().any(axis=1)]
    if "x" in names:
        filled = table[table["x"].notna() & table["y"].notna()]
        # A postcode's middle is up to some hundred metres away from what has the postcode.
        is_rough = filled["located_by"] != "given"
        order = filled.assign(_rough=is_rough.fillna(True)).sort_values(
            ["_cluster", "_rough"], kind="stable"
        )
        filled = filled.loc[order.index]
    return filled.groupby("_cluster").head(1).set_index("_cluster")[list(names)]


def _choose_ids(table: pd.DataFrame) -> pd.Series:
    keys = table.assign(_rank=table["source_id"].map(_rank_id))
    by = ["_cluster", "_rank", "_is_lesser", "asset_id"]
    first = keys.sort_values(by, kind="stable").groupby("_cluster").head(1)
    return first.set_index("_cluster")["asset_id"]


def _unite(cells: Iterable[object]) -> str | None:
    """Return the parts of several cells once each, in the order in which they come."""
    parts = dict.fromkeys(part for cell in cells for part in split_parts(cell))
    return SEPARATOR.join(parts) or None
