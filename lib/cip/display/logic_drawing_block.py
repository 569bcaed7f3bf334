"""The logic model as a block: its picture for every width, its text, its table, and its gaps."""

from __future__ import annotations

import base64
from dataclasses import dataclass

import pandas as pd

from cip.catalogue.evaluation import load_node_kinds
from cip.display.blocks import Block, FigureBlock, TableBlock, wrap_block, write_title
from cip.display.logic_drawing import (
    MOST_BOXES,
    UNFINISHED,
    draw_columns,
    draw_stack,
    list_drawn,
)
from cip.display.markup import escape, make_id, write_paragraph

_COLUMNS = {
    "words": "Box",
    "kind": "Kind",
    "leads_to": "Leads to",
    "assumption": "Takes for granted",
    "external": "From outside",
}
#: Up to this width a screen shows the boxes one under the other.
_NARROW = "screen and (max-width: 40em)"


@dataclass(frozen=True, kw_only=True)
class LogicFigure(FigureBlock):
    """The model: columns with arrows, and for a narrow screen the boxes one under the other.

    Parameters are those of :class:`cip.display.blocks.FigureBlock`, and ``narrow_svg``.
    """

    narrow_svg: str

    def to_html(self) -> str:
        """Return the model as HTML; a browser picks the drawing that its screen has room for."""
        image = (
            f'<div class="cip-image"><picture><source media="{_NARROW}" '
            f'srcset="{_encode(self.narrow_svg)}"><img alt="{escape(self.alt)}" '
            f'style="max-width:46rem;max-height:none" src="{_encode(self.svg)}"></picture></div>'
        )
        inner = (
            write_title(self.title)
            + write_paragraph(self.lead, "cip-lead")
            + image
            + self._write_below("Show the table for this picture")
        )
        return wrap_block("figure", "cip-figure", make_id("fig", self.block_id), inner)


def _encode(svg: str) -> str:
    data = base64.b64encode(svg.encode("utf-8")).decode("ascii")
    return f"data:image/svg+xml;base64,{data}"


def show_logic_model(nodes: pd.DataFrame, edges: pd.DataFrame, *, title: str = "") -> list[Block]:
    """Return the model as a picture with its table, its arrows with their reasons, and its gaps.

    Parameters
    ----------
    nodes, edges
        Tables ``logic_nodes`` and ``logic_edges``.
    title
        What the model is of; empty for a plain title.
    """
    blocks: list[Block] = []
    table = _tabulate(nodes)
    heading = title or "What leads to what"
    if len(nodes) > MOST_BOXES:
        caption = f"{heading}: too many boxes to draw, so as a table"
        blocks.append(TableBlock(
            block_id="logic-model", caption=caption, frame=table, column_labels=_COLUMNS,
            source_line="Source: logic model given for this area.",
        ))  # fmt: skip
    else:
        blocks.append(_draw(nodes, edges, table, heading))
    if len(edges):
        blocks.append(_list_reasons(nodes, edges))
    if (nodes["unfinished"] != "").any():
        blocks.append(_list_gaps(nodes))
    return blocks


def _draw(nodes: pd.DataFrame, edges: pd.DataFrame, table: pd.DataFrame, title: str) -> LogicFigure:
    drawn = list_drawn(nodes)
    pairs = list(zip(edges["from_id"], edges["to_id"], strict=True))
    counts = ", ".join(
        f"{number} {(kind.label if number > 1 else kind.singular).casefold()}"
        for name, kind in load_node_kinds().items()
        if (number := sum(node.kind == name for node in drawn))
    )
    has_gaps = any(node.is_unfinished for node in drawn)
    return LogicFigure(
        block_id="logic-model",
        title=title,
        lead="Read it from left to right: what is put in, what is done, what can be counted "
        "afterwards, what is different for people, and what that adds up to.",
        svg=draw_columns(drawn, pairs),
        narrow_svg=draw_stack(drawn),
        alt=f"Logic model with {counts}, and {len(edges)} arrows. {describe_model(nodes)}",
        source_line="Source: logic model given for this area.",
        table=table,
        note=f"{UNFINISHED} something is missing here: see the list below." if has_gaps else "",
        column_labels=_COLUMNS,
    )


def describe_model(nodes: pd.DataFrame) -> str:
    """Return the model in words: each box with its number and what it leads to."""
    parts = []
    for name, kind in load_node_kinds().items():
        rows = nodes[nodes["kind"] == name].sort_values("number")
        held = [
            f"{row.number} {row.words}" + (f", leads to {row.leads_to}" if row.leads_to else "")
            for row in rows.itertuples()
        ]
        if held:
            parts.append(f"{kind.label}: {'; '.join(held)}.")
    return " ".join(parts)


def _tabulate(nodes: pd.DataFrame) -> pd.DataFrame:
    ordered = nodes.sort_values("number")
    kinds = load_node_kinds()
    frame = pd.DataFrame(
        {
            "words": [f"{row.number} {row.words}" for row in ordered.itertuples()],
            "kind": [kinds[kind].singular for kind in ordered["kind"]],
            "leads_to": ordered["leads_to"].replace("", "nothing"),
            "assumption": ordered["assumption"].replace("", "not said"),
            "external": ordered["external"].replace("", "not said"),
        }
    )
    return frame.reset_index(drop=True)


def _list_reasons(nodes: pd.DataFrame, edges: pd.DataFrame) -> TableBlock:
    words = dict(zip(nodes["node_id"], nodes["words"], strict=True))
    frame = pd.DataFrame(
        {
            "from": [f"{n} {words[name]}" for n, name in
                     zip(edges["from_number"], edges["from_id"], strict=True)],
            "to": [f"{n} {words[name]}" for n, name in
                   zip(edges["to_number"], edges["to_id"], strict=True)],
            "why": edges["why"].replace("", "no reason given yet"),
        }
    )  # fmt: skip
    missing = int((edges["why"] == "").sum())
    ending = f"; {missing} without a reason" if missing else ""
    return TableBlock(
        block_id="logic-reasons",
        caption=f"Why each thing should lead to the next: {len(edges)} arrows{ending}",
        frame=frame,
        column_labels={"from": "This", "to": "leads to this", "why": "because"},
        source_line="Source: logic model given for this area.",
    )


def _list_gaps(nodes: pd.DataFrame) -> TableBlock:
    rows = nodes[nodes["unfinished"] != ""].sort_values("number")
    frame = pd.DataFrame(
        {
            "box": [f"{row.number} {row.words}" for row in rows.itertuples()],
            "gap": rows["unfinished"].to_list(),
        }
    )
    return TableBlock(
        block_id="logic-gaps",
        caption="What the model still lacks",
        frame=frame,
        column_labels={"box": "Box", "gap": "What is missing"},
        note="Loops and arrows that run backwards are refused when the file is read.",
    )
