"""Hearing a community as data (``engagement.toml``): roles, rungs, methods, a checklist."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any, Literal, TypeVar

from pydantic import Field

from cip.catalogue.building_blocks import Citation
from cip.catalogue.indices import CatalogueEntry

Entry = TypeVar("Entry", bound=CatalogueEntry)
SourceName = Literal["coulter", "ladder", "health_matters", "handbook"]
_ID = r"^[a-z][a-z_]+$"


class Method(CatalogueEntry):
    """One way of hearing people; ``voice`` is what their words are filed under, if anything."""

    id: str = Field(pattern=_ID)
    label: str = Field(min_length=1)
    voice: str


class Role(CatalogueEntry):
    """Something that engagement can be for, or an outcome of it that people say matters."""

    id: str = Field(pattern=_ID)
    label: str = Field(min_length=1)
    meaning: str = Field(pattern=r"\.$")


class Rung(CatalogueEntry):
    """One rung of the ladder of participation. Its number is a name and no mark."""

    number: int = Field(ge=1, le=7)
    label: str = Field(min_length=1)
    meaning: str = Field(pattern=r"\.$")


class ProjectCheck(CatalogueEntry):
    """One thing that a good engagement project has settled, as a question."""

    id: str = Field(pattern=_ID)
    label: str = Field(min_length=1)
    question: str = Field(pattern=r"\?$")


@cache
def load_methods() -> dict[str, Method]:
    """Return the ways of hearing people by id, in reading order."""
    return _index(Method, "methods", "id")


@cache
def load_roles() -> dict[str, Role]:
    """Return the four roles of engagement by id."""
    return _index(Role, "roles", "id")


@cache
def load_rungs() -> dict[int, Rung]:
    """Return the seven rungs of the ladder by number."""
    return _index(Rung, "rungs", "number")


@cache
def load_project_checks() -> dict[str, ProjectCheck]:
    """Return the checklist of a good project by id, in the order of its source."""
    return _index(ProjectCheck, "checks", "id")


@cache
def load_outcomes() -> dict[str, Role]:
    """Return outcomes that people say matter by id."""
    return _index(Role, "outcomes", "id")


@cache
def load_community_sector_income() -> float:
    """Return the income a year, in pounds, below which a group is of the community sector."""
    return float(_read()["community_sector_income"])


@cache
def cite_engagement(name: SourceName) -> str:
    """Return the source line of a part: roles and checklist ``coulter``, rungs ``ladder``."""
    return Citation.model_validate(_read()["sources"][name]).line


def _index(model: type[Entry], part: str, key: str) -> dict[Any, Entry]:
    entries = [model.model_validate(entry) for entry in _read()[part]]
    by_key = {getattr(entry, key): entry for entry in entries}
    if len(by_key) != len(entries):
        raise ValueError(f"engagement.toml: a {key} occurs twice among the {part}")
    return by_key


@cache
def _read() -> dict[str, Any]:
    path = resources.files("cip.catalogue").joinpath("engagement.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))
