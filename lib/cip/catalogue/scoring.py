"""Default criteria for scoring expressions of interest and grants (``scoring.toml``)."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from cip.catalogue.building_blocks import Citation

EOI, GRANT = "expression of interest", "grant"


class DefaultCriterion(BaseModel):
    """One thing that every scorer gives a mark for; ``basis`` is what of the framework it rests on."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    question: str
    weight: int = Field(gt=0, le=100)
    basis: str


class DefaultScale(BaseModel):
    """The marks that may be given, what each means, and the spread that calls for a talk."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    least: int
    most: int
    spread: int
    marks: dict[int, str]

    @model_validator(mode="after")
    def _name_every_mark(self) -> DefaultScale:
        if sorted(self.marks) != list(range(self.least, self.most + 1)):
            raise ValueError("every mark of the scale needs its meaning")
        return self


@cache
def load_criteria(kind: str) -> dict[str, DefaultCriterion]:
    """Return the criteria of a kind of round by id, in their order; the weights add up to 100.

    Raises
    ------
    ValueError
        If there is no such kind, or its weights do not add up.
    """
    for entry in _load()["kinds"].values():
        if entry["label"] == kind:
            found = {k: DefaultCriterion.model_validate(v) for k, v in entry["criteria"].items()}
            if sum(one.weight for one in found.values()) != 100:
                raise ValueError(f"the weights of '{kind}' do not add up to 100")
            return found
    raise ValueError(f"there is no kind of round called '{kind}'")


@cache
def load_scale() -> DefaultScale:
    """Return the scale that holds where a round declares none."""
    return DefaultScale.model_validate(_load()["scale"])


@cache
def cite_scoring() -> str:
    """Return the source line of what the default criteria follow."""
    return Citation.model_validate(_load()["source"]).line


@cache
def _load() -> dict[str, Any]:
    path = resources.files("cip.catalogue").joinpath("scoring.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))
