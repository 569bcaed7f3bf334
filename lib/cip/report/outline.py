"""Headings, anchors and the contents list of a report."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from cip.display.markup import make_id

#: What the id of a heading starts with.
SECTION = "section"

_HEADING = re.compile(r"<h([1-6])([^>]*)>(.*?)</h\1>", re.DOTALL)
_TAG = re.compile(r"<[^>]+>")
#: Plain letters first, which are found many times faster than what must stand before them.
_ID = re.compile(r'id="(?<=\sid=")([^"]+)"')
_REFERENCE = r'(\s(?:for|aria-labelledby|aria-describedby|aria-controls)="|\shref="#)({})(?=")'


@dataclass(frozen=True)
class Heading:
    """One line of the contents list."""

    level: int
    text: str
    anchor: str


@dataclass(frozen=True)
class Outline:
    """A body whose headings are in order, and its contents list.

    Parameters
    ----------
    anchors
        Where each heading stands: the id that it would have if it were the first of its words,
        to the one that it has. Of two headings with the same words the first is held.
    """

    body: str
    contents: list[Heading]
    anchors: Mapping[str, str] = field(default_factory=dict)


class IdRegister:
    """Hands out ids so that each occurs once on a page."""

    def __init__(self) -> None:
        self._used: set[str] = set()

    def claim(self, wanted: str) -> str:
        """Return the id, with a number added where it is taken."""
        name, number = wanted, 2
        while name in self._used:
            name, number = f"{wanted}-{number}", number + 1
        self._used.add(name)
        return name

    def claim_all(self, fragment: str) -> str:
        """Return a piece of HTML whose ids are new to the page, references to them included."""
        for old in dict.fromkeys(_ID.findall(fragment)):
            new = self.claim(old)
            if new != old:
                fragment = re.sub(rf'(?<=\sid="){re.escape(old)}(?=")', new, fragment)
                pattern = _REFERENCE.format(re.escape(old))
                fragment = re.sub(pattern, rf"\g<1>{new}", fragment)
        return fragment


def arrange_headings(body: str, ids: IdRegister) -> Outline:
    """Put a body's headings under the one h1 of the cover, without a skipped level.

    Headings of the notebooks move down one level; a block's title goes one level under the
    heading that it follows and stays out of the contents list.
    """
    contents: list[Heading] = []
    anchors: dict[str, str] = {}
    section = 1  # level of the last heading that is not a block's

    def replace(match: re.Match[str]) -> str:
        nonlocal section
        level, attributes, inner = int(match[1]), match[2], match[3]
        if "cip-title" in attributes:
            level = min(section + 1, 6)
            return f"<h{level}{attributes}>{inner}</h{level}>"
        level = section = min(level + 1, section + 1, 6)
        text = html.unescape(_TAG.sub("", inner)).strip()
        wanted = make_id(SECTION, text)
        anchor = ids.claim(wanted)
        anchors.setdefault(wanted, anchor)
        if level <= 3:
            contents.append(Heading(level, text, anchor))
        return f'<h{level} id="{anchor}" tabindex="-1">{inner}</h{level}>'

    return Outline(_HEADING.sub(replace, body), contents, anchors)
