"""Sections of a document as blocks, word for word what the Word file says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from cip.display.blocks import Block
from cip.display.markup import escape, make_id, write_table
from cip.framework.document import Bullets, Document, Grid, Open, Paragraph, Part, Section, Words


@dataclass(frozen=True)
class SectionBlock(Block):
    """One section: its heading, paragraphs, lists and tables.

    Parameters
    ----------
    section
        What it says. Open places stand in square brackets and are marked.
    block_id
        Short name, unique in the notebook; the anchor is ``text-<block_id>``.
    """

    section: Section
    block_id: str

    def to_html(self) -> str:
        """Return the section as HTML."""
        inner = "".join(_write_part(part) for part in self.section.parts)
        return (
            f'<div class="cip-block cip-text" id="{make_id("text", self.block_id)}" '
            f'data-cip-block="text"><h4 class="cip-title">{escape(self.section.heading)}</h4>'
            f"{inner}</div>"
        )

    def to_text(self) -> str:
        """Return the section as plain text, list items with a dash."""
        lines = [self.section.heading]
        for part in self.section.parts:
            lines += _list_lines(part)
        return "\n".join(lines)


def show_document(document: Document, *, block_id: str) -> list[SectionBlock]:
    """Return one block per section of a document."""
    return [
        SectionBlock(section, f"{block_id} {place} {section.heading}")
        for place, section in enumerate(document.sections, start=1)
    ]


def _write_part(part: Part) -> str:
    if isinstance(part, Paragraph):
        return f"<p>{_write_words(part.words)}</p>"
    if isinstance(part, Bullets):
        items = "".join(f"<li>{_write_words(item)}</li>" for item in part.items)
        return f"<ul>{items}</ul>"
    return write_table(_make_frame(part), caption=part.caption)


def _write_words(words: Words) -> str:
    return "".join(
        f"<mark>{escape(word)}</mark>" if isinstance(word, Open) else escape(word) for word in words
    )


def _make_frame(grid: Grid) -> pd.DataFrame:
    rows: Sequence[list[str]] = [[str(cell) for cell in row] for row in grid.rows]
    return pd.DataFrame(rows, columns=list(grid.columns))


def _list_lines(part: Part) -> list[str]:
    if isinstance(part, Grid):
        return [part.caption, _make_frame(part).to_string(index=False)]
    dash = "- " if isinstance(part, Bullets) else ""
    return [dash + "".join(map(str, words)) for words in part.list_words()]
