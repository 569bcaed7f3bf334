"""What assets mean for this community: the ABCD table, its priorities, and what a walk showed."""

from __future__ import annotations

import pandas as pd

from cip.assets.record import split_parts
from cip.catalogue.asset_types import load_asset_types
from cip.catalogue.building_blocks import load_topics
from cip.display.blocks import Block, NoteBlock, TableBlock
from cip.pages.pending_input import write_need

_ABCD_SOURCE = (
    "Resource, function, method and evaluation: Community Insight Profile Development framework, "
    "Annex 4, Oxfordshire County Council, after McKnight and Russell (2018)."
)
_READINGS = {
    "strength": "Strength to build on: both places and people",
    "partly": "Something to build on",
    "gap": "Gap: nothing listed",
}


def show_abcd(table: pd.DataFrame) -> list[Block]:
    """Return, theme by theme, what the community has, what for, how it is used and how it goes."""
    if table.empty:
        return [NoteBlock("missing", "Resources and what they do", "No asset is listed here.")]
    types = load_asset_types()
    rows = list(table.itertuples())
    frame = pd.DataFrame(
        {
            "theme": [row.theme for row in rows],
            "type": [_name_type(types[row.asset_type], row) for row in rows],
            "resource": table["resource"].to_list(),
            "method": table["method"].to_list(),
            "evaluation": [_evaluate(row) for row in rows],
        }
    )
    return [
        TableBlock(
            block_id="abcd",
            caption="What there is, what it is for, how it is used and how it goes",
            frame=frame,
            column_labels={
                "theme": "Function: what it is for",
                "type": "What there is",
                "resource": "Resource: what the community has",
                "method": "Method: how people come to use it",
                "evaluation": "Evaluation",
            },
            note="An asset with several purposes stands under each of them.",
            source_line=_ABCD_SOURCE,
        )
    ]


def _name_type(entry, row) -> str:
    words = f"{row.assets} {entry.label if row.assets == 1 else entry.plural}"
    return f"{words}: {row.names}" if row.names else words


def _evaluate(row) -> str:
    if not row.reviewed:
        return "not reviewed yet"
    words = f"{row.reviewed} of {row.assets} reviewed"
    if row.ended:
        words += f"; {row.ended} no longer active"
    return words


def show_priorities(
    priorities: pd.DataFrame | None,
    assets: pd.DataFrame,
    *,
    what: str = "what residents want to change",
    block_id: str = "asset-priorities",
) -> list[Block]:
    """Return what there is to build on for each priority of the community, and where nothing is.

    Parameters
    ----------
    priorities
        The table ``asset_priorities``, or themes in its form; None where nothing was named.
    what
        What the rows are, for the caption.
    """
    if priorities is None:
        return [
            write_need(
                "priorities",
                "What residents want to change",
                "Priorities that residents or the steering group have named, each with the building "
                "blocks of health that it is about. The assets that could help are set beside them.",
            )
        ]
    if priorities.empty:
        return [NoteBlock("info", "Priorities", "The list of priorities is empty.")]
    names = assets.set_index("asset_id")["name"]
    frame = pd.DataFrame(
        {
            "priority": priorities["priority"],
            "topic": [load_topics()[name].label for name in priorities["topic"]],
            "reading": priorities["reading"].map(_READINGS),
            "hard": priorities["hard"],
            "soft": priorities["soft"],
            "nearest": [
                "; ".join(names.get(part, part) for part in split_parts(cell)) or "none"
                for cell in priorities["asset_ids"]
            ],
        }
    )
    gaps = int((priorities["reading"] == "gap").sum())
    caption = f"Assets beside {what}"
    caption += f": {gaps} gaps" if gaps > 1 else ": 1 gap" if gaps else ""
    return [
        TableBlock(
            block_id=block_id,
            caption=caption,
            frame=frame,
            column_labels={
                "priority": "Priority",
                "topic": "Building block",
                "reading": "What there is to build on",
                "hard": "Hard assets",
                "soft": "Soft assets",
                "nearest": "For example",
            },
            note="An asset is matched by what it is for, not by how good it is. Where there is a "
            "gap, ask residents first: the asset may be there and the list may not know it.",
        )
    ]


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def show_walkabout(walkabout: pd.DataFrame | None) -> list[Block]:
    """Return what was seen on walks through the area."""
    if walkabout is None:
        return [
            write_need(
                "walkabout",
                "What a walk through the area showed",
                "Strengths and challenges that partners and residents saw together, each with its "
                "place and date.",
            )
        ]
    if walkabout.empty:
        return [NoteBlock("info", "Walks through the area", "No observation is listed.")]
    topics = load_topics()
    strengths = int((walkabout["reading"] == "strength").sum())
    frame = pd.DataFrame(
        {
            "what_was_seen": walkabout["what_was_seen"],
            "reading": walkabout["reading"],
            "place": walkabout["place"],
            "topics": [
                "; ".join(topics[name].label for name in split_parts(cell))
                for cell in walkabout["topics"]
            ],
            "seen_on": walkabout["seen_on"],
        }
    )
    return [
        TableBlock(
            block_id="walkabout",
            caption=f"Walks through the area: {_count(strengths, 'strength')} and "
            f"{_count(len(walkabout) - strengths, 'challenge')}",
            frame=frame,
            column_labels={
                "what_was_seen": "What was seen",
                "reading": "Strength or challenge",
                "place": "Where",
                "topics": "About",
                "seen_on": "When",
            },
            source_line="Source: notes of walks through the area.",
            note="Photographs stay with those who took them.",
        )
    ]
