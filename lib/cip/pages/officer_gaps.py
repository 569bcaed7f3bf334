"""Gaps in reach on an officer's page: what residents cannot walk to, and who is seldom heard."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from cip.catalogue.asset_types import load_asset_types
from cip.display.blocks import Block, NoteBlock, TableBlock
from cip.display.cells import is_missing

Tables = Mapping[str, pd.DataFrame]
#: A gap is a kind of asset that more than half of the residents live too far from.
_GAP_SHARE, _MOST_GAPS = 0.5, 8
_LABELS = {
    "asset": "Kind of asset", "within": "Within", "reached": "Residents reached",
    "beyond": "Residents beyond", "group": "Group", "share": "Of those who answered",
    "population": "Of residents", "answered": "Answered", "ratio": "Heard for each one expected",
}  # fmt: skip


def show_gaps(tables: Tables) -> list[Block]:
    """Return what most residents cannot walk to, and groups of whom too few were heard."""
    blocks = [block for block in (_show_walks(tables), _show_unheard(tables)) if block is not None]
    if blocks:
        return blocks
    return [
        NoteBlock(
            "info",
            "Gaps in reach",
            "No kind of asset is too far for most residents, and no seldom heard group is known to "
            "be missed, as far as both were measured.",
        )
    ]


def _show_walks(tables: Tables) -> TableBlock | None:
    """Return the kinds of asset that most residents live too far from, the furthest first."""
    reach = tables.get("reach")
    if reach is None:
        return None
    metres = reach[(reach["unit"] == "metres") & reach["share"].notna()]
    furthest = metres[metres["within"] == metres["within"].max()]
    # Where no source lists a kind at all, nobody knows who reaches it: chapter 03 tells of that.
    gaps = furthest[(furthest["share"] < _GAP_SHARE) & (furthest["assets"].fillna(0) > 0)]
    if gaps.empty:
        return None
    rows = gaps.sort_values("share", kind="stable").head(_MOST_GAPS).to_dict("records")
    types = load_asset_types()
    frame = pd.DataFrame(
        {
            "asset": [_raise_first(types[row["asset_type"]].plural) for row in rows],
            "within": [f"{row['within']:,.0f} m on foot" for row in rows],
            "reached": [_word_reached(row) for row in rows],
            "beyond": [f"{row['population'] - row['population_reached']:,.0f}" for row in rows],
        }
    )
    more = len(gaps) - len(rows)
    return TableBlock(
        block_id="officer-walks",
        caption="What most residents live too far from to walk to",
        frame=frame,
        column_labels=_LABELS,
        note=f"{more} more kinds are in chapter 03." if more else "",
        source_line="Source: asset map and reach, chapter 03.",
    )


def _raise_first(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}"


def _word_reached(row: Mapping[str, Any]) -> str:
    return f"{100 * row['share']:.0f}%"


def _show_unheard(tables: Tables) -> TableBlock | None:
    """Return the seldom heard groups of whom clearly fewer answered than live here."""
    respondents = tables.get("respondents")
    if respondents is None or respondents.empty:
        return None
    latest = respondents[respondents["wave"] == respondents["wave"].max()]
    seldom = latest["is_seldom_heard"].fillna(False) & latest["display"].ne("withheld")
    rows = latest[seldom & (latest["ratio_upper_95"] < 1)].sort_values("ratio", kind="stable")
    if rows.empty:
        return None
    records = rows.to_dict("records")
    frame = pd.DataFrame(
        {
            "group": [_name(row) for row in records],
            "share": [f"{row['share']:.1f}%" for row in records],
            "population": [_word_share(row["population_share"]) for row in records],
            "ratio": [_word_ratio(row) for row in records],
            "answered": [f"{row['answered']:,.0f}" for row in records],
        }
    )
    return TableBlock(
        block_id="officer-unheard",
        caption="Seldom heard groups of whom clearly fewer answered than live here",
        frame=frame,
        column_labels=_LABELS | {"answered": "Base"},
        note=f"Survey wave {records[0]['wave']}. Clearly fewer: the whole 95% interval lies below "
        "one. Groups that are too small to show are left out.",
        source_line="Source: the area's survey, chapter 04, and the residents that it compares with.",
    )


def _name(row: Mapping[str, Any]) -> str:
    return f"{str(row['characteristic']).replace('_', ' ').capitalize()}: {row['group_label']}"


def _word_share(value: object) -> str:
    return "–" if is_missing(value) else f"{value:.1f}%"


def _word_ratio(row: Mapping[str, Any]) -> str:
    return f"{row['ratio']:.2f} ({row['ratio_lower_95']:.2f} to {row['ratio_upper_95']:.2f})"
