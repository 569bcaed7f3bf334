"""The stages as data: what each answers, needs and makes (``stages.toml``)."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cache
from importlib import resources

from pydantic import BaseModel, ConfigDict


class StageEntry(BaseModel):
    """One stage of the framework.

    Parameters
    ----------
    title, question, makes
        What it is called, asks and makes.
    after
        The stages whose tables it reads.
    reads
        The inputs of the parameter file that it reads.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    question: str
    makes: str
    after: tuple[str, ...]
    reads: tuple[str, ...]


@cache
def load_stages() -> dict[str, StageEntry]:
    """Return the stages by name, in their order."""
    text = resources.files("cip.catalogue").joinpath("stages.toml").read_text(encoding="utf-8")
    return {name: StageEntry.model_validate(entry) for name, entry in tomllib.loads(text).items()}


def list_before(stages: Iterable[str]) -> set[str]:
    """Return the stages and every stage that they rest on, directly or through another."""
    found: set[str] = set()
    waiting = list(stages)
    while waiting:
        stage = waiting.pop()
        if stage not in found:
            found.add(stage)
            waiting += load_stages()[stage].after
    return found
