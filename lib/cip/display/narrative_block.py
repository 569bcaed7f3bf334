"""A text of the analyst's own, with its citations as links."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from cip.display.blocks import Block, wrap_block, write_title
from cip.display.cited_text import list_shown, write_cited, write_cited_text
from cip.display.finding_block import write_references
from cip.display.markup import make_id


@dataclass(frozen=True, kw_only=True)
class NarrativeBlock(Block):
    """A text in Markdown, with the evidence that it cites listed beneath.

    Parameters
    ----------
    block_id, title
        Name and heading; no heading where it is empty.
    text
        Markdown; HTML in it is shown as it was written.
    labels
        Name of everything that may be cited (`cip.display.cited_text.name_cited`).

    Raises
    ------
    ValueError
        If there is no text.
    """

    block_id: str
    title: str
    text: str = field(repr=False)
    labels: Mapping[str, str] = field(repr=False)

    def __post_init__(self) -> None:
        if not self.text.strip():
            raise ValueError(f"the text '{self.block_id}' is empty")

    def to_html(self) -> str:
        """Return the text as HTML."""
        cited = list_shown(self.text, self.labels)
        numbers = {one: place for place, one in enumerate(cited, start=1)}
        inner = write_title(self.title) if self.title else ""
        inner += write_cited(self.text, self.labels, numbers=numbers)
        inner += write_references(cited, self.labels, lead="Evidence cited here")
        return wrap_block("text", "cip-narrative", make_id("text", self.block_id), inner)

    def to_text(self) -> str:
        """Return the text with the names of what it cites in brackets."""
        words = write_cited_text(self.text, self.labels)
        return f"{self.title}\n{words}" if self.title else words
