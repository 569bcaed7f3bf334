"""A short document as data, so that Word and the web show the same words.

Text comes as words: plain strings and open places. An open place is either a gap that only the
group can fill, or a proposal that it has not yet confirmed; both stand in square brackets.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

# What XML 1.0 does not allow; a Word file with one of these cannot be opened.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_OPENINGS = {"gap": "To fill in", "proposal": "Proposed"}


def tidy_text(text: str) -> str:
    """Return text from outside on one line, without characters that no document may hold."""
    return " ".join(_NOT_XML.sub(" ", text).split())


@dataclass(frozen=True)
class Open:
    """A place that the group still has to fill or to confirm."""

    kind: Literal["gap", "proposal"]
    text: str

    def __str__(self) -> str:
        return f"[{_OPENINGS[self.kind]}: {self.text}]"


Words = tuple[str | Open, ...]


def write_words(words: Words) -> str:
    """Return words as one plain text."""
    return "".join(str(word) for word in words)


@dataclass(frozen=True)
class Paragraph:
    """One paragraph."""

    words: Words

    def list_words(self) -> Iterator[Words]:
        """Yield the paragraph."""
        yield self.words


@dataclass(frozen=True)
class Bullets:
    """A list."""

    items: tuple[Words, ...]

    def list_words(self) -> Iterator[Words]:
        """Yield each item."""
        yield from self.items


@dataclass(frozen=True)
class Grid:
    """A table with one heading row; the first column names the row."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str | Open, ...], ...]

    def __post_init__(self) -> None:
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError(f"the table '{self.caption}' has a row of another width")

    def list_words(self) -> Iterator[Words]:
        """Yield the caption, the headings and every cell, row by row."""
        cells = itertools.chain([self.caption], self.columns, *self.rows)
        yield from ((cell,) for cell in cells)


Part = Paragraph | Bullets | Grid


@dataclass(frozen=True)
class Section:
    """A heading and what stands under it."""

    heading: str
    parts: tuple[Part, ...]

    def list_words(self) -> Iterator[Words]:
        """Yield the heading and everything under it in reading order."""
        yield (self.heading,)
        for part in self.parts:
            yield from part.list_words()


@dataclass(frozen=True, kw_only=True)
class Document:
    """A document before it is written anywhere.

    Parameters
    ----------
    title, subtitle
        What it is called.
    banners
        Warnings that stand above everything and on every page: draft, invented.
    sections
        Its sections in order.
    author
        The organisation that answers for it.
    published
        Its date, also that inside the file.
    subject
        One line for the properties of the file.
    language
        Language tag of the text.
    """

    title: str
    subtitle: str
    banners: tuple[str, ...]
    sections: tuple[Section, ...]
    author: str
    published: date
    subject: str
    language: str = "en-GB"

    def list_texts(self) -> list[str]:
        """Return the texts of all sections in reading order."""
        return [write_words(words) for words in self._list_words()]

    def list_open(self) -> list[Open]:
        """Return every open place in reading order."""
        return [word for words in self._list_words() for word in words if isinstance(word, Open)]

    def _list_words(self) -> Iterator[Words]:
        return itertools.chain.from_iterable(section.list_words() for section in self.sections)
