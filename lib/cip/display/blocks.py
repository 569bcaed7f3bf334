"""What a notebook cell returns: figures, tables, maps, notes and key facts.

Each block shows itself as accessible HTML and as truthful plain text, so that a reader of
the notebook, of the report and of a terminal sees the same content.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import pandas as pd

from cip.display.anchors import write_evidence_link
from cip.display.cells import format_frame
from cip.display.markup import (
    escape,
    make_id,
    write_download,
    write_image,
    write_paragraph,
    write_table,
    write_trail,
)

#: Each row of a table in plain text is one line.
_UNBROKEN = str.maketrans({"\t": "\\t", "\r": "\\r", "\n": "\\n"})
#: Blocks are one level under the section they stand in; the exporter fits the level exactly.
_TITLE_LEVEL = 4


class Block(ABC):
    """Base of all blocks: shows ``to_html`` and ``to_text``."""

    @abstractmethod
    def to_html(self) -> str:
        """Return the block as HTML with everything from outside escaped."""

    @abstractmethod
    def to_text(self) -> str:
        """Return what the block says as plain text."""

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> Mapping[str, str]:
        return {"text/html": self.to_html(), "text/plain": self.to_text()}


def write_title(title: str) -> str:
    """Return the heading of a block."""
    return f'<h{_TITLE_LEVEL} class="cip-title">{escape(title)}</h{_TITLE_LEVEL}>'


def wrap_block(kind: str, css_class: str, block_id: str, inner: str) -> str:
    """Return a block's HTML in the element by which reports know it; ``inner`` is HTML."""
    return (
        f'<div class="cip-block {css_class}" id="{escape(block_id)}" '
        f'data-cip-block="{kind}">{inner}</div>'
    )


def _write_evidence(evidence_id: str, label: str) -> str:
    if not evidence_id:
        return ""
    return f'<p class="cip-trace">{write_evidence_link(evidence_id, label)}</p>'


def _frame_text(frame: pd.DataFrame, labels: Mapping[str, str], formats: Mapping[str, str]) -> str:
    """Return a table in plain text: its columns flush right under their names."""
    lines = format_frame(frame, formats)
    if not lines:
        return "(no rows)"
    names = [str(labels.get(name, name)) for name in frame.columns]
    table = [[cell.translate(_UNBROKEN) for cell in line] for line in (names, *lines)]
    widths = [max(map(len, cells)) for cells in zip(*table, strict=True)]
    return "\n".join(
        " ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True))
        for line in table
    )


def _join_text(*parts: str) -> str:
    return "\n".join(part for part in parts if part)


@dataclass(frozen=True, kw_only=True)
class _WithTable(Block):
    """What figures and maps share: a title, a picture in words, a source and the data."""

    block_id: str
    title: str
    svg: str
    alt: str
    source_line: str
    table: pd.DataFrame
    lead: str = ""
    note: str = ""
    column_labels: Mapping[str, str] = field(default_factory=dict)
    formats: Mapping[str, str] = field(default_factory=dict)
    trail: Sequence[tuple[str, str]] = ()
    row_ids: Sequence[str] = ()
    evidence_id: str = ""

    def __post_init__(self) -> None:
        if not self.alt.strip() or not self.title.strip():
            raise ValueError(f"block '{self.block_id}' needs a title and alternative text")

    def _write_below(self, summary: str) -> str:
        table = write_table(
            self.table,
            caption=f"Data: {self.title}",
            column_labels=self.column_labels,
            formats=self.formats,
            row_ids=self.row_ids,
        )
        download = write_download(
            self.table, file_stem=make_id("table", self.block_id), column_labels=self.column_labels
        )
        return (
            write_paragraph(self.note, "cip-note")
            + write_paragraph(self.source_line, "cip-source")
            + write_trail(self.trail)
            + _write_evidence(self.evidence_id, self.title)
            + f"<details><summary>{summary}</summary>{table}{download}</details>"
        )

    def to_text(self) -> str:
        """Return title, description, data and source as plain text."""
        data = _frame_text(self.table, self.column_labels, self.formats)
        return _join_text(self.title, self.lead, self.alt, data, self.note, self.source_line)


class FigureBlock(_WithTable):
    """A chart with its finding as title, its source and the data behind it.

    Parameters
    ----------
    block_id
        Short name, unique in the notebook; the anchor is ``fig-<block_id>``.
    title
        The finding in words.
    svg
        The chart (see ``style.render_svg``).
    alt
        What the chart shows, with its main values.
    source_line
        Source from the catalogue.
    table
        The chart's data: one row per mark, first column naming the row.
    lead
        A sentence between title and chart.
    note
        Method, uncertainty or caveat.
    column_labels, formats
        Column to heading, and column to ``str.format`` pattern.
    trail
        Links to the definitions of what is shown: (words, id on the page) each.
    row_ids
        Ids of the rows of ``table``, for links to them; an empty one names none.
    evidence_id
        The entry of the evidence ledger that says the same, where one does.
    """

    def to_html(self) -> str:
        """Return the figure as HTML, its table folded away right after it."""
        inner = (
            write_title(self.title)
            + write_paragraph(self.lead, "cip-lead")
            + write_image(self.svg, self.alt)
            + self._write_below("Show the table for this chart")
        )
        return wrap_block("figure", "cip-figure", make_id("fig", self.block_id), inner)


@dataclass(frozen=True, kw_only=True)
class MapBlock(_WithTable):
    """A map twice: interactive on a screen, drawn for print and for pages without scripts.

    Parameters are those of :class:`FigureBlock` (``svg`` is the drawn map, ``table`` the list
    of areas) and ``frame_html``, a complete page for the interactive map.
    """

    frame_html: str

    def to_html(self) -> str:
        """Return both maps as HTML; the style sheet shows one of them."""
        frame_title = f"Interactive map: {self.title}"
        inner = (
            write_title(self.title)
            + write_paragraph(self.lead, "cip-lead")
            + '<div class="cip-map-frame"><iframe sandbox="allow-scripts" '
            + f'title="{escape(frame_title)}" srcdoc="{escape(self.frame_html)}"></iframe></div>'
            + f'<div class="cip-map-static">{write_image(self.svg, self.alt)}</div>'
            + self._write_below("Show the list of areas on this map")
        )
        return wrap_block("map", "cip-map", make_id("map", self.block_id), inner)


@dataclass(frozen=True, kw_only=True)
class TableBlock(Block):
    """A table with a caption, a source and a CSV link.

    ``frame`` has one row per table row and its first column names the row. ``row_ids`` and
    ``anchors`` are those of `cip.display.markup.write_table`; ``evidence_id`` is that of a figure.
    """

    block_id: str
    caption: str
    frame: pd.DataFrame
    column_labels: Mapping[str, str] = field(default_factory=dict)
    formats: Mapping[str, str] = field(default_factory=dict)
    source_line: str = ""
    note: str = ""
    row_ids: Sequence[str] = ()
    anchors: Mapping[str, Sequence[str]] = field(default_factory=dict)
    trail: Sequence[tuple[str, str]] = ()
    evidence_id: str = ""

    def to_html(self) -> str:
        """Return the table as HTML."""
        inner = (
            write_table(
                self.frame,
                caption=self.caption,
                column_labels=self.column_labels,
                formats=self.formats,
                row_ids=self.row_ids,
                anchors=self.anchors,
            )
            + write_paragraph(self.note, "cip-note")
            + write_paragraph(self.source_line, "cip-source")
            + write_trail(self.trail)
            + _write_evidence(self.evidence_id, self.caption)
            + write_download(
                self.frame,
                file_stem=make_id("table", self.block_id),
                column_labels=self.column_labels,
            )
        )
        return wrap_block("table", "cip-table", make_id("tab", self.block_id), inner)

    def to_text(self) -> str:
        """Return caption, cells and source as plain text."""
        data = _frame_text(self.frame, self.column_labels, self.formats)
        return _join_text(self.caption, data, self.note, self.source_line)


_KIND_WORDS = {"info": "Note", "warning": "Warning", "missing": "Not available"}


@dataclass(frozen=True)
class NoteBlock(Block):
    """A boxed message: information, a warning, or word of what is missing and how to supply it.

    ``body`` is plain text; a blank line starts a new paragraph.
    """

    kind: Literal["info", "warning", "missing"]
    heading: str
    body: str

    def to_html(self) -> str:
        """Return the note as HTML; its kind is said in words, not by colour alone."""
        title = f"{_KIND_WORDS[self.kind]}: {self.heading}"
        parts = self.body.split("\n\n")
        paragraphs = "".join(write_paragraph(part.strip(), "cip-body") for part in parts)
        return wrap_block(
            "note",
            f"cip-noteblock cip-{self.kind}",
            make_id("note", self.heading),
            write_title(title) + paragraphs,
        )

    def to_text(self) -> str:
        """Return the note as plain text."""
        return f"{_KIND_WORDS[self.kind]}: {self.heading}\n{self.body}"


@dataclass(frozen=True)
class KeyFacts(Block):
    """A row of headline figures: (label, value as text, note) each.

    ``trail`` links to the definitions of what is shown, as on a figure.
    """

    facts: Sequence[tuple[str, str, str]]
    block_id: str = "key-facts"
    trail: Sequence[tuple[str, str]] = ()

    def to_html(self) -> str:
        """Return the facts as a description list."""
        items = "".join(
            f'<div><dt>{escape(label)}</dt><dd class="cip-value">{escape(value)}</dd>'
            + (f'<dd class="cip-fact-note">{escape(note)}</dd>' if note else "")
            + "</div>"
            for label, value, note in self.facts
        )
        inner = f"<dl>{items}</dl>{write_trail(self.trail)}"
        return wrap_block("facts", "cip-facts", make_id("facts", self.block_id), inner)

    def to_text(self) -> str:
        """Return one line per fact."""
        return "\n".join(
            f"{label}: {value}" + (f" ({note})" if note else "")
            for label, value, note in self.facts
        )
