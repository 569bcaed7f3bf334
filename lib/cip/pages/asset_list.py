"""The list of all assets in notebook 03 where there is no map that holds it."""

from __future__ import annotations

import pandas as pd

from cip.catalogue.asset_types import load_asset_types
from cip.display.anchors import name_assets
from cip.display.blocks import Block, TableBlock


def list_everything(assets: pd.DataFrame, source_line: str) -> list[Block]:
    """Return the assets as a table in the order of their numbers; nothing where there are none.

    Parameters
    ----------
    assets
        The table ``assets``.
    """
    if assets.empty:
        return []
    types = load_asset_types()
    rows, places = assets.sort_values("number"), name_assets(assets)
    labels = [types[name].label for name in rows["asset_type"]]
    names = rows["name"].fillna(pd.Series(labels, index=rows.index) + " without a name")
    return [
        TableBlock(
            block_id="all-assets",
            caption="Everything that the register lists",
            frame=pd.DataFrame({"name": names, "type": labels}),
            column_labels={"name": "Asset", "type": "Type"},
            source_line=source_line,
            row_ids=[places[name] for name in rows["asset_id"].astype(str)],
        )
    ]
