"""The readiness checklist as data (``readiness.toml``)."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any

from pydantic import BaseModel, ConfigDict

from cip.catalogue.building_blocks import Citation


class Question(BaseModel):
    """One thing to settle before a profile begins, under its heading."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    heading: str
    text: str


@cache
def load_questions() -> dict[str, Question]:
    """Return the questions by id, in the order of the checklist."""
    return {
        name: Question(heading=heading["label"], text=text)
        for heading in _load()["headings"].values()
        for name, text in heading["questions"].items()
    }


@cache
def cite_readiness() -> str:
    """Return the source line of the checklist."""
    return Citation.model_validate(_load()["source"]).line


def _load() -> dict[str, Any]:
    path = resources.files("cip.catalogue").joinpath("readiness.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))
