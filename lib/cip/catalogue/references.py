"""Works that the methods rest on, as data (``references.toml``)."""

from __future__ import annotations

import tomllib
from collections.abc import Collection
from functools import cache
from importlib import resources
from typing import Literal

from pydantic import Field

from cip.catalogue.glossary import find_words
from cip.catalogue.indices import CatalogueEntry

Stage = Literal["geography", "data_profile", "asset_map", "engagement_analysis", "summary"]


class Reference(CatalogueEntry):
    """One work.

    Parameters
    ----------
    id
        Key of the entry.
    authors, year, title, published
        The work; the year is left out where the work states none. ``published`` is journal,
        volume and pages, or the publisher.
    url
        Its page, where the project knows it.
    used_for
        What this profile takes from it, as a phrase.
    stages
        The chapters that rest on it.
    words
        Where given, the work is listed only if the text holds one of them: an instrument that was
        not used is not named.
    named_in, named_as
        The file of the project that rests on the work, and the words that name it there.
    """

    id: str
    authors: str
    year: int | None = None
    title: str
    published: str = ""
    url: str = Field(default="", pattern=r"^(https://.*)?$")
    used_for: str
    stages: tuple[Stage, ...] = Field(min_length=1)
    words: tuple[str, ...] = ()
    named_in: str
    named_as: str

    @property
    def line(self) -> str:
        """The work as a list of references gives it."""
        year = self.year or "no year"
        published = f" {self.published}." if self.published else ""
        return f"{self.authors} ({year}). {self.title}.{published}"


@cache
def load_references() -> dict[str, Reference]:
    """Return the works by id, by author and year."""
    text = resources.files("cip.catalogue").joinpath("references.toml").read_text(encoding="utf-8")
    entries = [Reference(id=key, **entry) for key, entry in tomllib.loads(text).items()]
    ordered = sorted(entries, key=lambda e: (e.authors.casefold(), e.year or 0, e.title))
    return {entry.id: entry for entry in ordered}


def list_references(stages: Collection[str], text: str) -> list[Reference]:
    """Return the works that some chapters rest on, of which the text uses something."""
    return [
        entry
        for entry in load_references().values()
        if set(entry.stages) & set(stages)
        if not entry.words or find_words(entry.words, text)
    ]
