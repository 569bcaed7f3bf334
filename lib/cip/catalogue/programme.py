"""How a programme grows over neighbourhoods, and who works in it (``programme.toml``)."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any, Literal

from pydantic import Field, model_validator

from cip.catalogue.building_blocks import Citation
from cip.catalogue.indices import CatalogueEntry


class Plan(CatalogueEntry):
    """The figures of the staged plan.

    Parameters
    ----------
    least, most
        Priority neighbourhoods that one wave takes on.
    limited_waves
        How many waves that holds for; the last takes on the rest of the area.
    months
        Length of the whole programme.
    posts
        Posts of the team that the source proposes.
    team_serves
        Neighbourhoods that one neighbourhood team serves at most.
    """

    least: int = Field(ge=1)
    most: int = Field(ge=1)
    limited_waves: int = Field(ge=1)
    months: int = Field(ge=1)
    posts: int = Field(ge=1)
    team_serves: int = Field(ge=1)


class AreaStageKind(CatalogueEntry):
    """One stage that a neighbourhood goes through: its name, how long it is meant to last."""

    label: str
    months: int = Field(ge=1)
    meaning: str


class Post(CatalogueEntry):
    """One kind of post, how many the source proposes, and whom it serves."""

    label: str
    number: int = Field(ge=0)
    serves: Literal["programme", "area"]


class ProgrammePlan(CatalogueEntry):
    """The staged plan: its figures, the stages of a neighbourhood in order, and the posts."""

    sources: dict[str, Citation]
    plan: Plan
    stages: dict[str, AreaStageKind]
    posts: dict[str, Post]

    @model_validator(mode="after")
    def _check(self) -> ProgrammePlan:
        if sum(post.number for post in self.posts.values()) != self.plan.posts:
            raise ValueError("programme.toml: the posts do not add up to the team's number")
        return self


@cache
def load_programme_plan() -> ProgrammePlan:
    """Return the staged plan."""
    return ProgrammePlan.model_validate(_load())


def cite_programme(name: str = "handbook") -> str:
    """Return the source line of a part of the plan."""
    return load_programme_plan().sources[name].line


@cache
def _load() -> dict[str, Any]:
    text = resources.files("cip.catalogue").joinpath("programme.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
