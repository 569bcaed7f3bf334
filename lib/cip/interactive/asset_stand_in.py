"""What stands in for the asset editor where nobody can click: how much there is to look at."""

from __future__ import annotations

from cip.display.blocks import KeyFacts
from cip.interactive.asset_known import KnownAssets


def count_assets(known: KnownAssets) -> KeyFacts:
    """Return how many assets there are, and what of them waits for a person."""
    table = known.assets
    inside = int(table["is_inside"].eq(True).sum())
    unplaced = int((table["x"].isna() | table["y"].isna()).sum())
    stale = int(table["is_stale"].eq(True).sum())
    facts = [
        ("Assets", f"{len(table):,}", f"{inside:,} of them in the area"),
        ("Waiting for a decision", f"{known.waiting:,}", "pairs of records that may be one thing"),
        ("Without a place", f"{unplaced:,}", "listed, and not on the map"),
        ("Not checked for long", f"{stale:,}", "by the date that their source gives"),
    ]
    return KeyFacts(facts, block_id="asset-editor")
