"""Markdown of the narrative: what may be in it, and what is broken, by line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from cip.engagement.case_markdown import check_markdown, read_plain
from cip.engagement.gate import describe_flags
from cip.engagement.identifiers import Finding, count_kinds, find_identifiers
from cip.errors import Problem, find_nearest
from cip.evidence.citing import FINDING, find_citations
from cip.evidence.entry import KINDS

#: Levels of headings inside a text; its title stands above them.
LEVELS = (3, 4)
_BRACKET = re.compile(r"(?<!\\)\[([A-Za-z]+):([^\]\n]*)(\]?)")
_CODE = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)", re.DOTALL)
_OPEN_LINK = re.compile(r"\]\([^)]*$")
#: A full date is a meeting or a count unless its line speaks of birth.
_BIRTH = re.compile(r"\b(?:born|birth|birthday|d\.?o\.?b)\b", re.IGNORECASE)


@lru_cache(maxsize=1)
def _make_parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": True})


def check_text(body: str, first_line: int, *, levels: tuple[int, ...] = LEVELS) -> list[Problem]:
    """Return what is wrong with the Markdown of a text, without its citations' evidence.

    Parameters
    ----------
    body
        The text below the lines in front.
    first_line
        Number of its first line in the file.
    levels
        Levels of headings that the text may have.

    Notes
    -----
    What a story may hold (`cip.engagement.case_markdown`) holds here too: no HTML, no pictures,
    no links but ``https://``.
    """
    tokens = _make_parser().parse(body)
    problems = [
        *_check_headings(tokens, levels),
        *_check_fences(tokens, body),
        *_check_links(tokens),
        *_check_brackets(body),
        *_check_identifiers(body),
    ]
    placed = [_move(problem, first_line - 1) for problem in problems]
    placed += check_markdown(_level_headings(tokens, body), first_line)
    # Two tags on a line are one thing to put right.
    return sorted(dict.fromkeys(placed), key=lambda problem: problem.line or 0)


def _move(problem: Problem, lines: int) -> Problem:
    return replace(problem, line=(problem.line or 1) + lines)


def _find_headings(tokens: list[Token]) -> Iterator[tuple[Token, int, int]]:
    for token in tokens:
        if token.type == "heading_open" and token.map is not None:
            yield token, token.map[0], token.map[1]


def _check_headings(tokens: list[Token], levels: tuple[int, ...]) -> Iterator[Problem]:
    for token, first, _ in _find_headings(tokens):
        if int(token.tag[1]) not in levels:
            expected = " or ".join("#" * level for level in levels)
            message = "a heading has a level that has no place here"
            yield Problem(message, line=first + 1, expected=expected)


def _level_headings(tokens: list[Token], body: str) -> str:
    """Return the text with every heading on level two, which a story may have."""
    lines = body.split("\n")
    for token, first, end in _find_headings(tokens):
        if token.markup.startswith("#"):
            lines[first] = re.sub(r"#+", "##", lines[first], count=1)
        else:
            lines[end - 1] = lines[end - 1].replace("=", "-")
    return "\n".join(lines)


def _check_fences(tokens: list[Token], body: str) -> Iterator[Problem]:
    """Find code fences without an end: they swallow the rest of the text."""
    lines = body.split("\n")
    for token in tokens:
        if token.type != "fence" or token.map is None:
            continue
        first, end = token.map
        last = lines[end - 1].lstrip("> ").rstrip() if end - 1 > first else ""
        if len(last) < len(token.markup) or set(last) != {token.markup[0]}:
            message = "a block of code begins here and does not end"
            yield Problem(message, line=first + 1, expected=f"a line {token.markup} below it")


def _check_links(tokens: list[Token]) -> Iterator[Problem]:
    for token in tokens:
        if token.type != "inline" or token.map is None:
            continue
        plain = _CODE.sub("", re.sub(r"\\.", "", token.content))
        if match := _OPEN_LINK.search(plain):
            line = token.map[0] + plain.count("\n", 0, match.start()) + 1
            message = "a link begins here and does not end"
            yield Problem(message, line=line, expected="[words](https://...)")


def _check_brackets(body: str) -> Iterator[Problem]:
    """Find what was meant as a citation and is none."""
    starts = {citation.start for citation in find_citations(body)}
    kinds = [*KINDS, FINDING]
    for match in _BRACKET.finditer(body):
        line = body.count("\n", 0, match.start()) + 1
        kind = match[1].casefold()
        if match.start() in starts or body[match.end() : match.end() + 1] in ("(", "["):
            continue
        if kind not in kinds:
            # After a space it is a remark, such as [note: see below].
            is_meant = match[3] and not re.search(r"\s", match[2])
            nearest = find_nearest(kind, kinds, cutoff=0.75)
            if is_meant and nearest:
                message = "this looks like a citation of an unknown kind"
                yield Problem(message, line=line, found=match[1][:40], nearest=nearest)
        elif not match[3]:
            message = "a citation begins here and does not end on its line"
            yield Problem(message, line=line, expected="square brackets, as in [data:owned]")
        else:
            message = "this looks like a citation and is none"
            yield Problem(message, line=line, expected="[kind:name] in small letters, no spaces")


def _check_identifiers(body: str) -> Iterator[Problem]:
    """Find what identifies a person, without repeating it."""
    blanked = body
    for citation in reversed(find_citations(body)):
        gap = " " * (citation.end - citation.start)
        blanked = f"{blanked[: citation.start]}{gap}{blanked[citation.end :]}"
    lines = blanked.split("\n")
    by_line: dict[int, list[Finding]] = {}
    for found in find_identifiers(blanked):
        line = blanked.count("\n", 0, found.start)
        is_event = found.kind == "date_of_birth" and not _BIRTH.search(lines[line])
        if found.kind != "web_address" and not is_event:
            by_line.setdefault(line, []).append(found)
    for line, flags in by_line.items():
        words = describe_flags(count_kinds(flags))
        yield Problem(f"this line holds what identifies a person: {words}", line=line + 1)
    if not by_line and (hidden := _find_split(read_plain(blanked), blanked)):
        words = describe_flags(count_kinds(hidden))
        yield Problem(f"the text holds what identifies a person, parted by markup: {words}", line=1)


def _find_split(plain: str, body: str) -> list[Finding]:
    """Return identifiers that only a reader of the finished text sees."""
    dates = "web_address", "date_of_birth"
    found = [one for one in find_identifiers(plain) if one.kind not in dates]
    return [one for one in found if plain[one.start : one.end] not in body]
