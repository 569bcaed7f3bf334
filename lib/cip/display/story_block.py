"""A case study: a story told with consent, from Markdown in which nothing can become a program."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict

from cip.display.blocks import Block
from cip.display.markup import escape, make_id, write_paragraph
from cip.display.untrusted_text import strip_unseen

_TITLE_LEVEL = 4
#: What a story has no use for: markup of programs, pictures (a page may not ask a server for
#: anything) and HTML. Their signs are shown as they were written.
_OFF = ["html_block", "html_inline", "image", "code", "fence"]
_HOST = re.compile(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_TAG = re.compile(r"<[^>]+>")


class _Renderer(RendererHTML):
    """Puts the story's own headings under the block's title, and shuts links off from the page."""

    def heading_open(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: dict[str, object]
    ) -> str:
        """Open a heading; the exporter fits its level."""
        return f'<h{_TITLE_LEVEL + 1} class="cip-title cip-theme">'

    def heading_close(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: dict[str, object]
    ) -> str:
        """Close a heading."""
        return f"</h{_TITLE_LEVEL + 1}>\n"

    def paragraph_open(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: dict[str, object]
    ) -> str:
        """Open a paragraph that is written in the direction of its own letters."""
        return "" if tokens[idx].hidden else '<p dir="auto">'

    def link_open(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: dict[str, object]
    ) -> str:
        """Open a link that tells the other site nothing."""
        tokens[idx].attrSet("rel", "noopener noreferrer nofollow")
        return self.renderToken(tokens, idx, options, env)


@lru_cache(maxsize=1)
def _make_parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}, renderer_cls=_Renderer).disable(_OFF)
    parser.validateLink = _is_web_page  # type: ignore[method-assign]
    return parser


def _is_web_page(address: str) -> bool:
    try:
        parts = urlsplit(html.unescape(address).strip())
    except ValueError:
        return False
    return parts.scheme == "https" and _HOST.fullmatch(parts.netloc) is not None


def render_story(text: str) -> str:
    """Return a story in Markdown as HTML: paragraphs, headings, lists, stress and https links."""
    return _make_parser().render(strip_unseen(text))


@dataclass(frozen=True, kw_only=True)
class StoryBlock(Block):
    """One case study with its title, its topics and the day of consent.

    Parameters
    ----------
    block_id
        Short name, unique in the notebook; the anchor is ``story-<block_id>``.
    title
        Of the story.
    text
        Markdown; HTML in it is shown as it was written.
    consent_on
        Day on which the teller consented, as it is to be read.
    cleared_by
        Role of whoever cleared it.
    topics
        Building blocks of health that it is about, as they are to be read.
    note
        What a reader should know of it.

    Raises
    ------
    ValueError
        If the story has no title or no words, or was told without consent or clearance. The
        message never holds its words.
    """

    block_id: str
    title: str
    text: str = field(repr=False)
    consent_on: str
    cleared_by: str
    topics: Sequence[str] = ()
    note: str = ""

    def __post_init__(self) -> None:
        for name in ("title", "text", "consent_on", "cleared_by"):
            if not str(getattr(self, name)).strip() or str(getattr(self, name)) == "nan":
                raise ValueError(f"the story '{self.block_id}' has no {name}")

    def to_html(self) -> str:
        """Return the story as HTML."""
        inner = (
            f'<h{_TITLE_LEVEL} class="cip-title">{escape(self.title)}</h{_TITLE_LEVEL}>'
            + write_paragraph(self._name_topics(), "cip-lead")
            + f'<div class="cip-story-text">{render_story(self.text)}</div>'
            + write_paragraph(self.note, "cip-note")
            + write_paragraph(self._name_consent(), "cip-source")
        )
        return (
            f'<div class="cip-block cip-story" id="{escape(make_id("story", self.block_id))}" '
            f'data-cip-block="story">{inner}</div>'
        )

    def to_text(self) -> str:
        """Return the story as plain text, as a reader sees it."""
        plain = html.unescape(_TAG.sub("", render_story(self.text))).strip()
        parts = (self.title, self._name_topics(), plain, self.note, self._name_consent())
        return "\n".join(part for part in parts if part)

    def _name_topics(self) -> str:
        return f"About: {', '.join(self.topics)}." if self.topics else ""

    def _name_consent(self) -> str:
        return f"Told with consent ({self.consent_on}); cleared by {self.cleared_by}."
