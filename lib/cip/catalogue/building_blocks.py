"""The building blocks of health as data (``building_blocks.toml``): the topics of insight."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class Citation(BaseModel):
    """A published work that a part of the catalogue follows."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    publisher: str
    year: int | None = None
    url: str = Field(default="", pattern=r"^(https://.*)?$")

    @property
    def line(self) -> str:
        """The words that stand under a figure or table."""
        year = f", {self.year}" if self.year else ""
        return f"After: {self.title}, {self.publisher}{year}"


class Topic(BaseModel):
    """One topic that insight can be about.

    Parameters
    ----------
    label, meaning
        Its name, and what belongs to it.
    is_block
        Whether it is one of the building blocks.
    has_assets
        Whether assets are for it: not where it is what all the building blocks together shape.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    label: str
    meaning: str
    is_block: bool = True
    has_assets: bool = True


@cache
def load_topics() -> dict[str, Topic]:
    """Return the topics by id, in the order in which they are shown: building blocks first."""
    topics = {name: Topic.model_validate(entry) for name, entry in _load()["topics"].items()}
    return dict(sorted(topics.items(), key=lambda item: not item[1].is_block))


@cache
def cite_building_blocks() -> str:
    """Return the source line of the building blocks."""
    return Citation.model_validate(_load()["source"]).line


def _load() -> dict[str, Any]:
    path = resources.files("cip.catalogue").joinpath("building_blocks.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))
