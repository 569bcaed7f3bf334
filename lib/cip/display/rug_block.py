"""The block of a tartan rug: a real table, coloured and worded, that can be read aloud and copied."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from cip.display.blocks import Block
from cip.display.cells import SHORTHAND, find_shorthand
from cip.display.markup import escape, make_id, write_download, write_paragraph, write_trail
from cip.display.palette import css_class_of

_TITLE_LEVEL = 4
#: With more columns than this a printed page is turned.
_MOST_UPRIGHT = 6


@dataclass(frozen=True)
class RugColumn:
    """One area of a rug.

    Parameters
    ----------
    code, name
        Of the area.
    role
        ``profile`` (the whole area), ``place`` (one of its small areas), or the role of a
        comparator.
    note
        A word under the name, such as "decile 1".
    """

    code: str
    name: str
    role: str
    note: str = ""


@dataclass(frozen=True)
class RugFigure:
    """One cell: the figure or shorthand as written, and the verdict, empty where none is due."""

    words: str
    verdict: str = ""

    @property
    def is_figure(self) -> bool:
        """Whether the cell holds a figure and not shorthand."""
        return self.words not in SHORTHAND

    @property
    def text(self) -> str:
        """The cell as one line: ``31.2%, worse``."""
        return f"{self.words}, {self.verdict}" if self.verdict else self.words


@dataclass(frozen=True)
class RugRow:
    """One measure: its name, the section it belongs to, and one cell per column."""

    label: str
    section: str
    cells: tuple[RugFigure, ...]


@dataclass(frozen=True, kw_only=True)
class RugBlock(Block):
    """A rug as a table, in parts side by side where there are many columns.

    Parameters
    ----------
    block_id
        Short name; the anchor is ``tab-<block_id>``.
    title
        The finding in words.
    caption
        What the table holds, for those who hear it.
    columns
        All areas, in order.
    rows
        Measures in order; those of one section stand together.
    parts
        The columns of each part by their places.
    table
        The figures in full for the CSV file.
    trail
        Links to the definitions of the measures.
    """

    block_id: str
    title: str
    lead: str
    caption: str
    columns: Sequence[RugColumn]
    rows: Sequence[RugRow]
    parts: Sequence[Sequence[int]]
    note: str
    source_line: str
    table: pd.DataFrame
    trail: Sequence[tuple[str, str]] = ()

    def to_html(self) -> str:
        """Return title, one table per part, notes, source and the CSV link."""
        used = find_shorthand(cell.words for row in self.rows for cell in row.cells)
        legend = ", ".join(f"{mark} {SHORTHAND[mark]}" for mark in used)
        is_wide = max(map(len, self.parts)) > _MOST_UPRIGHT
        inner = (
            f'<h{_TITLE_LEVEL} class="cip-title">{escape(self.title)}</h{_TITLE_LEVEL}>'
            + write_paragraph(self.lead, "cip-lead")
            + "".join(self._write_part(number) for number in range(len(self.parts)))
            + write_paragraph(f"Shorthand: {legend}." if legend else "", "cip-note")
            + write_paragraph(self.note, "cip-note")
            + write_paragraph(self.source_line, "cip-source")
            + write_trail(self.trail)
            + write_download(self.table, file_stem=make_id("table", self.block_id))
        )
        turned = " cip-turned" if is_wide else ""
        return (
            f'<div class="cip-block cip-table cip-rug{turned}" '
            f'id="{escape(make_id("tab", self.block_id))}" data-cip-block="table">{inner}</div>'
        )

    def to_text(self) -> str:
        """Return title, cells and source as plain text."""
        names = ["Measure", *(column.name for column in self.columns)]
        lines = [[row.label, *(cell.text for cell in row.cells)] for row in self.rows]
        data = pd.DataFrame(lines, columns=names).to_string(index=False)
        parts = (self.title, self.lead, data, self.note, self.source_line)
        return "\n".join(part for part in parts if part)

    def _write_part(self, number: int) -> str:
        places = self.parts[number]
        caption = self.caption
        if len(self.parts) > 1:
            caption += f" (part {number + 1} of {len(self.parts)})"
        head = "".join(_write_head(self.columns[place]) for place in places)
        return (
            f'<div class="cip-scroll" tabindex="0" role="region" aria-label="{escape(caption)}">'
            f"<table><caption>{escape(caption)}</caption>"
            f'<thead><tr><th scope="col">Measure</th>{head}</tr></thead>'
            f"{self._write_sections(places)}</table></div>"
        )

    def _write_sections(self, places: Sequence[int]) -> str:
        sections: dict[str, list[str]] = {}
        for row in self.rows:
            cells = "".join(_write_cell(row.cells[place]) for place in places)
            line = f'<tr><th scope="row">{escape(row.label)}</th>{cells}</tr>'
            sections.setdefault(row.section, []).append(line)
        return "".join(
            f'<tbody><tr class="cip-section"><th scope="rowgroup" colspan="{len(places) + 1}">'
            f"<span>{escape(section)}</span></th></tr>{''.join(lines)}</tbody>"
            for section, lines in sections.items()
        )


def _write_head(column: RugColumn) -> str:
    note = f"<span>{escape(column.note)}</span>" if column.note else ""
    css_class = "cip-own" if column.role == "profile" else "cip-col"
    return f'<th scope="col" class="{css_class}">{escape(column.name)}{note}</th>'


def _write_cell(cell: RugFigure) -> str:
    if not cell.verdict:
        return f"<td>{escape(cell.words)}</td>"
    return (
        f'<td class="{css_class_of(cell.verdict)}">{escape(cell.words)}'
        f"<span>{escape(cell.verdict)}</span></td>"
    )
