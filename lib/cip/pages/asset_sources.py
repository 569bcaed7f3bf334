"""Where the register of notebook 03 comes from, and what was joined, left out or is still open."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from cip.assets.gather import Gathered
from cip.assets.place import PlacedAssets
from cip.assets.record import split_parts
from cip.assets.settle import Settled
from cip.assets.source_names import name_source
from cip.catalogue import load_sources
from cip.catalogue.asset_types import load_asset_types
from cip.display.blocks import Block, NoteBlock, TableBlock

_MOST_PAIRS = 40


def show_sources(gathered: Gathered, placed: PlacedAssets) -> list[Block]:
    """Return which source told of how many assets, and what the registers left out."""
    used = placed.table["sources"].map(split_parts).explode().value_counts()
    left = pd.DataFrame() if gathered.left_out is None else gathered.left_out
    closed = left.set_index("source_id") if len(left) else left
    rows = [_describe(source, int(count), closed, placed) for source, count in used.items()]
    if not rows:
        body = "Neither the registers in the store nor the area's own files list an asset here."
        return [NoteBlock("missing", "Sources of the register", body)]
    frame = pd.DataFrame(rows).sort_values("source", key=lambda c: c.str.casefold())
    blocks: list[Block] = [
        TableBlock(
            block_id="asset-sources",
            caption="Sources of the register",
            frame=frame,
            column_labels={
                "source": "Source",
                "assets": "Assets here",
                "closed": "Closed or planned",
                "unplaced": "No place",
                "period": "As of",
                "licence": "Licence",
            },
            note="Closed or planned, and without a place: entries of the whole source that are left "
            "out. An asset that several sources name counts for each of them here and once "
            "everywhere else. A register has gaps and is out of date on the day it is made.",
        )
    ]
    if gathered.notes:
        body = "\n\n".join(dict.fromkeys(gathered.notes))
        blocks.append(NoteBlock("info", "What was noticed while reading", body))
    return blocks


def _describe(
    source_id: str, count: int, closed: pd.DataFrame, placed: PlacedAssets
) -> dict[str, object]:
    source = load_sources().get(source_id)
    gone = int(closed.loc[source_id].sum()) if source_id in closed.index else 0
    return {
        "source": name_source(source_id),
        "assets": count,
        "closed": gone,
        "unplaced": int(placed.unplaced.get(source_id, 0)),
        "period": source.period if source else "as the area's file says",
        "licence": source.licence if source else "the area's own",
    }


def show_joined(gathered: Gathered, settled: Settled, placed: PlacedAssets) -> list[Block]:
    """Return how many records were joined, and the pairs that somebody should look at."""
    here = set(placed.table["asset_id"])
    pairs = settled.pairs
    kept = settled.members[settled.members["asset_id"].isin(here)]
    names = set(kept["record_id"])
    near = pairs["asset_id_a"].isin(names) & pairs["asset_id_b"].isin(names)
    open_pairs = pairs[near & pairs["decision"].fillna("").eq("")]
    decided = int((near & pairs["decision"].fillna("").ne("")).sum())
    joined = len(kept) - len(here)
    body = (
        f"{len(kept):,} entries of {kept['source_id'].nunique()} sources became {len(here):,} "
        f"assets: {joined:,} told of one that another entry tells of too."
    )
    if decided:
        body += f" {decided:,} {'pair was' if decided == 1 else 'pairs were'} settled by hand."
    if len(open_pairs) == 1:
        body += " 1 pair is still open, and is shown as two assets."
    elif len(open_pairs):
        body += f" {len(open_pairs):,} pairs are still open, and are shown as two assets each."
    blocks: list[Block] = [NoteBlock("info", "Each thing once", body)]
    if len(open_pairs):
        blocks.append(_tabulate_pairs(open_pairs))
    return blocks


def _tabulate_pairs(pairs: pd.DataFrame) -> TableBlock:
    types = load_asset_types()
    rows = pairs.sort_values(["score", "asset_id_a"], ascending=[False, True]).head(_MOST_PAIRS)
    frame = pd.DataFrame(
        {
            "a": _name(rows, "a", types),
            "b": _name(rows, "b", types),
            "metres": rows["distance_m"],
            "score": rows["score"],
            "reason": rows["reason"],
        }
    )
    more = len(pairs) - len(rows)
    return TableBlock(
        block_id="asset-pairs",
        caption="Entries that may be one thing",
        frame=frame,
        column_labels={
            "a": "One entry",
            "b": "The other",
            "metres": "Metres apart",
            "score": "Likeness of names (0 to 100)",
            "reason": "Why it is asked",
        },
        formats={"metres": "{:,.0f}", "score": "{:.0f}"},
        note=(f"{more:,} more are in the download asset_pairs.csv. " if more > 0 else "")
        + "Settle them in JupyterLab, or write 'same' or 'different' into the file that the "
        "parameter file names under inputs: asset_decisions.",
    )


def _name(rows: pd.DataFrame, side: str, types: dict) -> Sequence[str]:
    return [
        f"{name} ({types[kind].label})"
        for name, kind in zip(rows[f"name_{side}"], rows[f"asset_type_{side}"], strict=True)
    ]
