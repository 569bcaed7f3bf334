"""The stages as data: what each answers, needs and makes (``stages.toml``)."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources

from pydantic import BaseModel, ConfigDict


class Need(BaseModel):
    """One of the community's own inputs that a stage needs."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    input: str
    title: str
    what: str
    how: str


class StageEntry(BaseModel):
    """One stage of the framework."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    question: str
    makes: str
    needs: tuple[Need, ...] = ()


@cache
def load_stages() -> dict[str, StageEntry]:
    """Return the stages by name, in their order."""
    text = resources.files("cip.catalogue").joinpath("stages.toml").read_text(encoding="utf-8")
    return {name: StageEntry.model_validate(entry) for name, entry in tomllib.loads(text).items()}
