"""Markdown to HTML with raw HTML switched off: text from outside cannot become markup."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict


class _Renderer(RendererHTML):
    """Adds what tables need: a scrolling region that a keyboard reaches, and header scope."""

    def table_open(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: dict[str, object]
    ) -> str:
        """Open a table inside a named region."""
        return '<div class="cip-scroll" tabindex="0" role="region" aria-label="Table"><table>\n'

    def table_close(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: dict[str, object]
    ) -> str:
        """Close a table and its region."""
        return "</table></div>\n"

    def th_open(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: dict[str, object]
    ) -> str:
        """Mark every heading cell as that of a column."""
        tokens[idx].attrSet("scope", "col")
        return self.renderToken(tokens, idx, options, env)


@lru_cache(maxsize=1)
def _make_parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}, renderer_cls=_Renderer).enable("table")


def render_markdown(text: str) -> str:
    """Return Markdown as HTML; HTML inside it is shown as text, not run."""
    return _make_parser().render(text)


def name_regions(html: str) -> str:
    """Return HTML in which the regions of Markdown tables have names of their own."""
    counter = itertools.count(1)
    pieces = html.split('role="region" aria-label="Table"')
    named = [f'role="region" aria-label="Table {next(counter)}"{piece}' for piece in pieces[1:]]
    return pieces[0] + "".join(named)
