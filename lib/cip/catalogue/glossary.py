"""The glossary as data (``glossary.toml``): terms in our own words, and how each is recognised."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache, lru_cache
from importlib import resources

from pydantic import Field

from cip.catalogue.indices import CatalogueEntry

_LETTER = re.compile(r"\w")


class Term(CatalogueEntry):
    """A term of the field, or of the workbook.

    Parameters
    ----------
    id
        Key of the entry.
    term, acronym
        The term as a reader meets it, and its short form where it has one.
    definition
        What it means: one or two short sentences.
    words
        The words by which a text is taken to use it; see :func:`find_words`.
    """

    id: str
    term: str
    acronym: str = ""
    definition: str
    words: tuple[str, ...] = Field(min_length=1)

    @property
    def title(self) -> str:
        """Term and acronym, as the glossary heads the entry."""
        return f"{self.term} ({self.acronym})" if self.acronym else self.term


@cache
def load_glossary() -> dict[str, Term]:
    """Return the terms by id, in the order of the alphabet."""
    text = resources.files("cip.catalogue").joinpath("glossary.toml").read_text(encoding="utf-8")
    entries = [Term(id=key, **entry) for key, entry in tomllib.loads(text).items()]
    return {entry.id: entry for entry in sorted(entries, key=lambda entry: entry.term.casefold())}


def find_terms(text: str) -> list[Term]:
    """Return the terms of the glossary that a text uses, in the order of the alphabet."""
    return [term for term in load_glossary().values() if find_words(term.words, text)]


def find_words(words: Iterable[str], text: str) -> bool:
    """Return whether a text holds one of some words or phrases.

    Whole words alone count, with or without an "s" at the end. A word that has a capital letter
    is looked for as it is written; the case of any other is ignored.
    """
    folded = _fold(text)
    return any(_holds(word, text, folded) for word in words)


def _holds(word: str, text: str, folded: str) -> bool:
    # Patterns are slow in a long text, and most words do not stand in it at all.
    if word.split()[0].casefold() not in folded:
        return False
    is_cased = any(letter.isupper() for letter in word)
    pattern, where = _write_pattern(word), text if is_cased else folded
    found = pattern.search(where)
    while found is not None:
        if not _is_in_word(where, found.start()):
            return True
        found = pattern.search(where, found.start() + 1)
    return False


def _is_in_word(text: str, place: int) -> bool:
    """Return whether the letter before a place belongs to the same word.

    Asked of what was found: a pattern that asks it first tries every letter of the text.
    """
    return place > 0 and _LETTER.match(text, place - 1) is not None


@lru_cache(maxsize=2)
def _fold(text: str) -> str:
    return text.casefold()


@cache
def _write_pattern(word: str) -> re.Pattern[str]:
    # A phrase may be broken over lines.
    body = r"\s+".join(re.escape(part) for part in word.split())
    return re.compile(rf"{body}s?(?!\w)")
