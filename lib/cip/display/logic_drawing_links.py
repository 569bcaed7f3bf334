"""Where each box of the logic model leads: recommendations, actions, grants, and what measures it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from cip.display.blocks import Block, wrap_block, write_title
from cip.display.cited_text import write_link
from cip.display.finding_block import Use, read_text, split_ids
from cip.display.markup import escape, make_id

_USES = {
    "recommendations": "recommendation",
    "actions": "action",
    "grants": "grant",
    "outcomes": "outcome",
}
#: Ids of what a link leads to, by kind, with the words that a reader sees.
Names = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, kw_only=True)
class LinkedBoxes(Block):
    """The boxes that something belongs to, each with links to it.

    Parameters
    ----------
    nodes
        Table ``logic_nodes``.
    names
        Words of recommendations, actions, grants, outcomes and indicators of progress
        (``kpi``), by kind and id. What has none is named by its id.
    labels
        Name of everything in the ledger, by id (`cip.display.cited_text.name_cited`).
    """

    nodes: pd.DataFrame = field(repr=False)
    names: Names = field(default_factory=dict, repr=False)
    labels: Mapping[str, str] = field(default_factory=dict, repr=False)
    title: str = "Where each box of the model leads"

    def _list_boxes(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """Return each box with its links as HTML and as text."""
        found = []
        for row in self.nodes.sort_values("number").to_dict("records"):
            links = self._link(row)
            if links:
                found.append((f"{row['number']} {row['words']}", links))
        return found

    def _link(self, row: Mapping[str, object]) -> list[tuple[str, str]]:
        links = []
        for column, kind in _USES.items():
            for name in split_ids(read_text(row, column)):
                use = Use(kind, name, self.names.get(kind, {}).get(name, name))
                links.append((use.to_html(), use.to_text()))
        for name in split_ids(read_text(row, "kpis")):
            words = f"Indicator of progress: {self.names.get('kpi', {}).get(name, name)}"
            href = f"cip:summary#{make_id('kpi', name)}"
            links.append((f'<a href="{escape(href)}">{escape(words)}</a>', words))
        for name in split_ids(read_text(row, "indicators")):
            cited = f"data:{name}"
            label = self.labels.get(cited)
            html = write_link(cited, label) if label else f"Published figure: {escape(name)}"
            links.append((html, f"Published figure: {label or name}"))
        return links

    def to_html(self) -> str:
        """Return the boxes as a description list."""
        rows = "".join(
            f'<div><dt>{escape(box)}</dt><dd><ul class="cip-linked">'
            + "".join(f"<li>{html}</li>" for html, _ in links)
            + "</ul></dd></div>"
            for box, links in self._list_boxes()
        )
        inner = write_title(self.title) + f'<dl class="cip-says">{rows}</dl>'
        return wrap_block("links", "cip-links", make_id("links", "logic model"), inner)

    def to_text(self) -> str:
        """Return one line per link."""
        lines = [f"{box}: {text}" for box, links in self._list_boxes() for _, text in links]
        return "\n".join([self.title, *lines])
