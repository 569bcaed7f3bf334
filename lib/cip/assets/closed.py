"""Things on OpenStreetMap of which a register says that they are closed: asked about, not trusted."""

from __future__ import annotations

import pandas as pd

from cip.assets.collect import OSM
from cip.assets.duplicates import find_pairs
from cip.assets.rivals import NEARBY, POSTCODE, SHARED_ID
from cip.assets.source_names import name_source

#: A copy without a shared id lies as near as this to the closed place.
NEAR_M = 50.0
_MOST_NAMED = 10


def doubt_closed(records: pd.DataFrame, closed: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Mark what OpenStreetMap shows as open and a register calls closed.

    Only a thing that no open entry of a register tells of too is doubted: a school that became
    another school in the same building is still a school.

    Parameters
    ----------
    records
        One row per record (`cip.assets.record`).
    closed
        Places that registers call closed, in the same columns.

    Returns
    -------
    tuple
        The records, of which those in doubt have low confidence and say in ``detail`` which
        register calls them closed, and notes for readers that name them.
    """
    is_mapped = records["source_id"] == OSM
    if closed.empty or not is_mapped.any():
        return records, []
    doubts = _match(records[is_mapped], closed)
    if doubts.empty:
        return records, []
    others = records[~is_mapped & records["source_id"].isin(closed["source_id"].unique())]
    doubted = records[records["asset_id"].isin(doubts.index)]
    doubts = doubts.drop(index=_match(doubted, others).index) if len(others) else doubts
    if doubts.empty:
        return records, []
    said = "closed, says " + doubts.map(name_source)
    told = records["asset_id"].map(said)
    detail = (told + "; " + records["detail"]).fillna(told).fillna(records["detail"])
    marked = records.assign(
        detail=detail.astype("str"), confidence=records["confidence"].mask(told.notna(), "low")
    )
    return marked, [_write_note(records[told.notna()])]


def _match(mapped: pd.DataFrame, registered: pd.DataFrame) -> pd.Series:
    """Return the source of the register's entry for each mapped thing that is one, by its id."""
    pairs = find_pairs(pd.concat([mapped, registered], ignore_index=True))
    source = pd.concat([mapped, registered]).set_index("asset_id")["source_id"]
    pairs["source_a"], pairs["source_b"] = (pairs[f"asset_id_{s}"].map(source) for s in "ab")
    is_mapped_a = pairs["source_a"] == OSM
    is_close = pairs["reason"].isin([POSTCODE, NEARBY]) & (pairs["distance_m"] <= NEAR_M)
    pairs = pairs[(is_mapped_a != (pairs["source_b"] == OSM)) & (
        is_close | (pairs["reason"] == SHARED_ID)
    )]  # fmt: skip
    found = pd.Series(
        pairs["source_b"].where(is_mapped_a, pairs["source_a"]).to_numpy(),
        index=pairs["asset_id_a"].where(is_mapped_a, pairs["asset_id_b"]).to_numpy(),
        dtype="str",
    )
    return found[~found.index.duplicated()]


def _write_note(doubted: pd.DataFrame) -> str:
    names = doubted["name"].tolist()
    more = f" and {len(names) - _MOST_NAMED:,} more" if len(names) > _MOST_NAMED else ""
    things = "One thing" if len(names) == 1 else f"{len(names):,} things"
    return (
        f"{things} on OpenStreetMap may be gone, because a register calls the place closed: "
        f"{'; '.join(names[:_MOST_NAMED])}{more}. Go and see."
    )
