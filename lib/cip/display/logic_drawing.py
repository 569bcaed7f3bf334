"""A logic model drawn twice: as columns with arrows, and one under the other for a narrow screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from cip.catalogue.evaluation import load_node_kinds
from cip.display.engagement_marks import wrap_words
from cip.display.logic_drawing_layout import (
    HEAD_PT,
    LINE_IN,
    PAD_IN,
    TEXT_PT,
    WIDTH_IN,
    Arrow,
    Box,
    lay_out,
)
from cip.display.palette import INK, MUTED, PANEL, PAPER, PART_FILL, ROLE_STYLES, WARNING
from cip.display.picture import Picture, measure_words
from cip.display.style import FIGURE_WIDTH_IN, FONT_SIZE_PT, SMALL_FONT_SIZE_PT

#: So many boxes can be drawn; a model with more is shown as its table alone.
MOST_BOXES = 40
#: What stands after the number of a box that lacks something.
UNFINISHED = "!"
_ACCENT = ROLE_STYLES["profile"].colour
_HEAD_IN = 0.09
_ROW_IN, _GAP_IN, _TITLE_IN = 0.21, 0.1, 0.42


@dataclass(frozen=True)
class Drawn:
    """One box as it is drawn: its number, words, what it leads to, whether something is missing."""

    id: str
    number: int
    kind: str
    words: str
    leads_to: str
    is_unfinished: bool


def list_drawn(nodes: pd.DataFrame) -> list[Drawn]:
    """Return the boxes of the table ``logic_nodes``, by number.

    Raises
    ------
    ValueError
        If there are none, too many, or one of a kind that is not known.
    """
    if not 0 < len(nodes) <= MOST_BOXES:
        raise ValueError(f"a logic model that is drawn has 1 to {MOST_BOXES} boxes")
    if unknown := set(nodes["kind"]) - set(load_node_kinds()):
        raise ValueError(f"a logic model has no boxes of the kind {sorted(unknown)}")
    rows: list[dict[str, Any]] = nodes.sort_values("number").to_dict("records")  # type: ignore[assignment]
    return [
        Drawn(
            row["node_id"], int(row["number"]), row["kind"], row["words"], row["leads_to"],
            bool(row["unfinished"]),
        )
        for row in rows
    ]  # fmt: skip


def draw_columns(nodes: Sequence[Drawn], edges: Sequence[tuple[str, str]]) -> str:
    """Return the model as SVG: a column for each kind, arrows from left to right."""
    kinds = [kind for kind in load_node_kinds() if any(node.kind == kind for node in nodes)]
    columns = [[node.id for node in nodes if node.kind == kind] for kind in kinds]
    layout = lay_out(columns, {node.id: node.words for node in nodes}, edges)
    picture = Picture(height_in=layout.height_in, width_in=WIDTH_IN)
    for kind, left in zip(kinds, layout.lefts, strict=True):
        label = load_node_kinds()[kind].label
        picture.write(left, 0.16, label, size=HEAD_PT, is_bold=True)
        line = [(left, 0.28), (left + layout.column_in, 0.28)]
        picture.draw_line(line, colour=_ACCENT, width=1.6)
    for arrow in layout.arrows:
        _draw_arrow(picture, arrow)
    for node in nodes:
        _draw_box(picture, node, layout.boxes[node.id], kinds.index(node.kind) % 2 == 1)
    return picture.to_svg()


def _draw_arrow(picture: Picture, arrow: Arrow) -> None:
    *_, before, end = arrow.points
    back = -_HEAD_IN if end[0] >= before[0] else _HEAD_IN
    neck = (end[0] + back, end[1])
    is_near = abs(before[0] - end[0]) < _HEAD_IN
    line = [*arrow.points[: -2 if is_near else -1], neck]
    # White under the line, so that two arrows that cross can be told apart.
    picture.draw_line(line, colour=PAPER, width=3.4, layer=2)
    picture.draw_line(line, colour=MUTED, width=1.3, layer=2)
    head = [end, (neck[0], end[1] - 0.045), (neck[0], end[1] + 0.045)]
    picture.draw_area(head, fill=INK, layer=4)


def _draw_box(picture: Picture, node: Drawn, box: Box, is_tinted: bool) -> None:
    edge = WARNING if node.is_unfinished else _ACCENT
    picture.draw_box(
        box.left, box.top, box.width, box.height,
        fill=PART_FILL if is_tinted else PANEL, edge=edge, line=1.4, layer=3,
    )  # fmt: skip
    left, top = box.left + PAD_IN, box.top + PAD_IN
    lines = [(_write_number(node), True), *((line, False) for line in box.lines)]
    for row, (line, is_bold) in enumerate(lines):
        picture.write(
            left, top + (row + 0.78) * LINE_IN, line, size=TEXT_PT, is_bold=is_bold,
            level="baseline", layer=5,
        )  # fmt: skip


def _write_number(node: Drawn) -> str:
    return f"{node.number} {UNFINISHED}" if node.is_unfinished else f"{node.number}"


def draw_stack(nodes: Sequence[Drawn]) -> str:
    """Return the model as SVG for a narrow screen: kind under kind, what leads where in words."""
    width = FIGURE_WIDTH_IN - 0.2
    indent = 0.2 + max(measure_words(_write_number(n), size=FONT_SIZE_PT, is_bold=True)
                       for n in nodes)  # fmt: skip
    rows = [(node, wrap_words(node.words, width - indent - 0.1, most_lines=4)) for node in nodes]
    kinds = [kind for kind in load_node_kinds() if any(node.kind == kind for node in nodes)]
    leads = {
        node.id: wrap_words(f"leads to {node.leads_to}", width - indent - 0.1,
                            size=SMALL_FONT_SIZE_PT, most_lines=3) if node.leads_to else []
        for node in nodes
    }  # fmt: skip
    heights = {node.id: (len(lines) + len(leads[node.id])) * _ROW_IN + 0.16 for node, lines in rows}
    total = len(kinds) * _TITLE_IN + sum(height + _GAP_IN for height in heights.values())
    picture = Picture(height_in=total)
    top = 0.0
    for place, kind in enumerate(kinds):
        label = load_node_kinds()[kind].label
        picture.write(0.1, top + 0.28, label, size=FONT_SIZE_PT, is_bold=True, level="baseline")
        if place:
            _draw_down(picture, top + 0.12)
        top += _TITLE_IN
        for node, lines in rows:
            if node.kind != kind:
                continue
            edge = WARNING if node.is_unfinished else _ACCENT
            picture.draw_box(
                0.1, top, width, heights[node.id], fill=PART_FILL if place % 2 else PANEL,
                edge=edge, line=1.4,
            )  # fmt: skip
            _write_row(picture, node, lines, leads[node.id], indent, top)
            top += heights[node.id] + _GAP_IN
    return picture.to_svg()


def _draw_down(picture: Picture, top: float) -> None:
    middle = FIGURE_WIDTH_IN / 2
    head = [(middle - 0.1, top), (middle + 0.1, top), (middle, top + 0.14)]
    picture.draw_area(head, fill=MUTED)


def _write_row(
    picture: Picture, node: Drawn, lines: list[str], leads: list[str], indent: float, top: float
) -> None:
    baseline = top + 0.08 + 0.78 * _ROW_IN
    picture.write(
        0.18, baseline, _write_number(node), size=FONT_SIZE_PT, is_bold=True, level="baseline"
    )
    for line in lines:
        picture.write(0.1 + indent, baseline, line, size=FONT_SIZE_PT, level="baseline")
        baseline += _ROW_IN
    for line in leads:
        picture.write(0.1 + indent, baseline, line, colour=MUTED, level="baseline")
        baseline += _ROW_IN
