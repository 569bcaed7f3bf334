"""The words before and after the chapters of a report, as data (``templates/matter.toml``)."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources

from pydantic import Field

from cip.catalogue.indices import CatalogueEntry


class Item(CatalogueEntry):
    """One thing said, and where a chapter says more of it.

    Parameters
    ----------
    text
        The words.
    see
        Places of chapters, each as ``stage > heading``.
    stage
        The chapter that it belongs to; empty where it belongs to none.
    when
        The item is shown only if the text of the report holds one of these words.
    """

    text: str
    see: tuple[str, ...] = ()
    stage: str = ""
    when: tuple[str, ...] = ()

    @property
    def places(self) -> list[tuple[str, str]]:
        """Stage and heading of each place to see."""
        return [(stage, heading) for stage, _, heading in (p.partition(" > ") for p in self.see)]


class ReportWords(CatalogueEntry):
    """What one of the three reports is.

    Parameters
    ----------
    title
        Its name.
    what
        What it tells, as a phrase.
    reading
        How to read it.
    """

    title: str
    what: str
    reading: tuple[Item, ...] = ()


class MatterWords(CatalogueEntry):
    """All of it: see the file."""

    profile: str
    formats: str
    citing: str
    reports: dict[str, ReportWords] = Field(min_length=1)
    methods: tuple[Item, ...]
    limits: tuple[Item, ...]


@cache
def load_matter_words() -> MatterWords:
    """Return the words."""
    path = resources.files("cip.report").joinpath("templates/matter.toml")
    return MatterWords.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
