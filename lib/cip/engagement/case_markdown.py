"""Markdown of a story: what may be in it, what a reader sees of it, and its headings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token

from cip.engagement.identifiers import find_identifiers
from cip.errors import Problem

#: Levels of a story's own headings; its title stands in front of it.
LEVELS = (2, 3)
_SOCIAL = re.compile(
    r"(?:^|\.)(?:facebook|fb|instagram|twitter|x|tiktok|linkedin|youtube|snapchat|threads|bsky)\."
)


@lru_cache(maxsize=1)
def _make_parser() -> MarkdownIt:
    """Return a parser that sees HTML as HTML, so that it can be refused."""
    parser = MarkdownIt("commonmark", {"html": True})
    # Addresses that are not safe are looked at here, not dropped unseen.
    parser.validateLink = lambda url: True  # type: ignore[method-assign]
    return parser


def check_markdown(body: str, first_line: int) -> list[Problem]:
    """Return what may not stand in a story: HTML, pictures, other links and other headings.

    Parameters
    ----------
    body
        The story.
    first_line
        Number of its first line in the file.
    """
    problems = []
    for token, line in _walk(_make_parser().parse(body)):
        if message := _find_fault(token):
            problems.append(Problem(message, line=first_line + line))
    return problems


def read_plain(body: str) -> str:
    """Return a story as a reader sees it, without markup and without the targets of links."""
    lines: list[str] = []
    for token in _make_parser().parse(body):
        if token.type == "inline":
            lines.append("".join(_read_inline(child) for child in token.children or ()))
        elif token.type in ("fence", "code_block", "html_block"):
            lines.append(token.content)
    return "\n".join(lines)


def set_headings(body: str, level: int) -> str:
    """Return a story whose headings of level 2 have another level, and those of level 3 one more.

    Examples
    --------
    >>> set_headings("## Before\\n\\nIt was cold.", 4)
    '#### Before\\n\\nIt was cold.'
    """
    lines = body.split("\n")
    for token in _make_parser().parse(body):
        if token.type != "heading_open" or token.map is None:
            continue
        depth = min(6, level + int(token.tag[1]) - LEVELS[0])
        first, end = token.map
        if token.markup.startswith("#"):
            lines[first] = re.sub(r"#+", "#" * depth, lines[first], count=1)
        else:
            lines[end - 1] = ""  # The line below it that made it a heading.
            words = " ".join(line.strip() for line in lines[first : end - 1])
            lines[first : end - 1] = [f"{'#' * depth} {words}", *[""] * (end - 2 - first)]
    return "\n".join(lines)


def _walk(tokens: list[Token]) -> Iterator[tuple[Token, int]]:
    for token in tokens:
        line = token.map[0] if token.map else 0
        if token.type == "inline":
            yield from ((child, line) for child in token.children or ())
        else:
            yield token, line


def _find_fault(token: Token) -> str | None:
    if token.type in ("html_block", "html_inline"):
        return "HTML is not shown; use Markdown alone"
    if token.type == "image":
        return "pictures are not shown"
    if token.type == "heading_open" and int(token.tag[1]) not in LEVELS:
        return "a heading has another level than two or three (## or ###)"
    if token.type == "link_open":
        return _find_link_fault(str(token.attrs.get("href", "")))
    return None


def _find_link_fault(address: str) -> str | None:
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return "a link is not an address that starts with https://"
    if parts.scheme != "https" or not host or "@" in parts.netloc:
        return "a link is not an address that starts with https://"
    if _SOCIAL.search(host):
        return "a link leads to social media, where it may name a person"
    parted = re.sub(r"[/?&=#:+]", " ", unquote(address))
    if any(one.kind != "web_address" for one in find_identifiers(parted)):
        return "the address of a link holds what identifies a person"
    return None


def _read_inline(token: Token) -> str:
    if token.type in ("softbreak", "hardbreak"):
        return " "
    return token.content
