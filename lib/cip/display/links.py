"""A list of pages elsewhere: the only block that holds addresses a reader can follow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from cip.display.blocks import Block
from cip.display.markup import escape, make_id, write_paragraph


@dataclass(frozen=True)
class Link:
    """Words, and the address that they lead to.

    Raises
    ------
    ValueError
        If the address is not one of a web page: anything else could run code in a report.
    """

    words: str
    address: str

    def __post_init__(self) -> None:
        parts = urlsplit(self.address)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("a link must start with http:// or https://")

    @property
    def site(self) -> str:
        """The name of the site, for readers who want to know before they go there."""
        return urlsplit(self.address).hostname or ""


@dataclass(frozen=True, kw_only=True)
class LinkList(Block):
    """Links under a line that says what they are."""

    block_id: str
    caption: str
    links: Sequence[Link]

    def to_html(self) -> str:
        """Return the links as a list; a page that is opened learns nothing of this one."""
        items = "".join(
            f'<li><a href="{escape(link.address)}" rel="noopener noreferrer">'
            f"{escape(link.words)}</a> ({escape(link.site)})</li>"
            for link in self.links
        )
        block_id = make_id("links", self.block_id)
        return (
            f'<div class="cip-block cip-links" id="{escape(block_id)}" data-cip-block="links">'
            f"{write_paragraph(self.caption, 'cip-lead')}<ul>{items}</ul></div>"
        )

    def to_text(self) -> str:
        """Return one line per link."""
        return "\n".join([self.caption, *(f"{li.words}: {li.address}" for li in self.links)])
