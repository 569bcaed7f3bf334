"""What a chapter enters in the evidence ledger, so that findings and recommendations can cite it."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from cip.display.blocks import TableBlock
from cip.evidence.entry import KINDS
from cip.evidence.register import (
    register_area,
    register_assets,
    register_data,
    register_voices,
)
from cip.schemas.evidence import EVIDENCE_TABLES
from cip.workspace import Workspace

_MAKERS: dict[str, Callable[[Workspace], pd.DataFrame]] = {
    "geography": register_area,
    "data_profile": register_data,
    "asset_map": register_assets,
    "engagement_analysis": register_voices,
}


def register(workspace: Workspace, stage: str) -> TableBlock:
    """Enter what a stage shows in the ledger, after its tables are saved.

    Returns
    -------
    TableBlock
        One row per kind of evidence: how many entries there are, and how many can be cited.
    """
    entries = _MAKERS[stage](workspace)
    workspace.save(**{EVIDENCE_TABLES[stage]: entries})
    counted = entries.groupby("kind", sort=False)["is_citable"].agg(["size", "sum"]).reset_index()
    counted["kind"] = counted["kind"].map(KINDS)
    return TableBlock(
        block_id=f"ledger-{stage}",
        caption="Entered in the evidence ledger",
        frame=counted,
        column_labels={"kind": "What", "size": "Entries", "sum": "That can be cited"},
        formats={"size": "{:,.0f}", "sum": "{:,.0f}"},
        note="An entry that is suppressed, withheld or missing is there too, and cannot be cited.",
    )
