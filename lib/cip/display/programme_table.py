"""A table whose cells lead to other pages: the areas' own pages, from a programme's report."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from cip.display.blocks import Block, TableBlock, wrap_block
from cip.display.cited_text import SUMMARY, resolve_links
from cip.display.markup import escape, make_id, write_download, write_paragraph, write_table

#: Stands for a link while the table is written; what a cell says is escaped and cannot hold it.
_PLACE = re.compile(r'href="#cip-lead-(\d+)"')


@dataclass(frozen=True, kw_only=True)
class LinkedTable(Block):
    """A table with links out of its page.

    Parameters
    ----------
    frame
        One row per table row; its first column names the row.
    leads
        For a column, the address that each of its cells leads to; empty: none. An address is
        relative, or neutral as in :mod:`cip.display.cited_text`.

    Raises
    ------
    ValueError
        If an address could leave the reader's folder of reports.
    """

    block_id: str
    caption: str
    frame: pd.DataFrame = field(repr=False)
    leads: Mapping[str, Sequence[str]] = field(default_factory=dict, repr=False)
    column_labels: Mapping[str, str] = field(default_factory=dict, repr=False)
    formats: Mapping[str, str] = field(default_factory=dict, repr=False)
    source_line: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        for address in (one for column in self.leads.values() for one in column if one):
            if not address.startswith(("cip:", "../", "#")) and not re.match(r"[\w-]+/", address):
                raise ValueError(f"a table leads to pages of the reports only, not to '{address}'")

    def to_html(self) -> str:
        """Return the table as HTML."""
        held = [address for column in self.leads.values() for address in column]
        numbers = iter(range(len(held)))
        places = {
            name: [f"cip-lead-{number}" if address else "" for address, number in
                   zip(column, numbers, strict=False)]
            for name, column in self.leads.items()
        }  # fmt: skip
        table = write_table(
            self.frame,
            caption=self.caption,
            column_labels=self.column_labels,
            formats=self.formats,
            anchors=places,
        )
        inner = (
            _PLACE.sub(lambda match: f'href="{escape(held[int(match[1])])}"', table)
            + write_paragraph(self.note, "cip-note")
            + write_paragraph(self.source_line, "cip-source")
            + write_download(
                self.frame,
                file_stem=make_id("table", self.block_id),
                column_labels=self.column_labels,
            )
        )
        return wrap_block("table", "cip-table", make_id("tab", self.block_id), inner)

    def to_text(self) -> str:
        """Return caption, cells and source as plain text."""
        plain = TableBlock(
            block_id=self.block_id,
            caption=self.caption,
            frame=self.frame,
            column_labels=self.column_labels,
            formats=self.formats,
            source_line=self.source_line,
            note=self.note,
        )
        return plain.to_text()


@dataclass(frozen=True)
class ResolvedBlock(Block):
    """A block whose links between pages lead to those of one area.

    Parameters
    ----------
    block
        Any block.
    prefix
        The way from the page that it will stand on to the area's ``reports/``; None where the
        area has no pages: its links are then left out and their words stay.
    """

    block: Block
    prefix: str | None

    def to_html(self) -> str:
        """Return the block as HTML."""
        html = self.block.to_html()
        if self.prefix is None:
            return re.sub(r'<a\b[^>]*\shref="cip:[^"]*"[^>]*>(.*?)</a>', r"\1", html, flags=re.S)
        return resolve_links(html, self.prefix)

    def to_text(self) -> str:
        """Return what the block says."""
        return self.block.to_text()


def lead_to(kind: str, name: str) -> str:
    """Return the neutral address of an action, a grant, an outcome or a recommendation.

    Examples
    --------
    >>> lead_to("action", "Walk_the_path")
    'cip:summary#action-walk-the-path'
    """
    return f"cip:{SUMMARY}#{make_id(kind, name)}"


def resolve_address(address: str, prefix: str) -> str:
    """Return a neutral address as the way to the file, from ``prefix``, the area's ``reports/``.

    Examples
    --------
    >>> resolve_address("cip:summary#action-a", "../../demo/reports/")
    '../../demo/reports/stages/05_summary.html#action-a'
    """
    link = resolve_links(f'<a href="{address}">', prefix)
    return link.removeprefix('<a href="').removesuffix('">')
