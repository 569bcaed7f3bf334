"""Registers whose numbers several sources use, and where OpenStreetMap holds them, as data."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources

from pydantic import BaseModel, ConfigDict, field_validator


class RegisterId(BaseModel):
    """The numbers of one register.

    Parameters
    ----------
    title
        The register.
    tags
        Keys of OpenStreetMap that hold its numbers.
    pattern
        What a whole number looks like, in capital letters.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    tags: tuple[str, ...]
    pattern: str

    @field_validator("pattern")
    @classmethod
    def _check_pattern(cls, pattern: str) -> str:
        re.compile(pattern)
        return pattern


@cache
def load_register_ids() -> dict[str, RegisterId]:
    """Return the registers by the short name that stands before their numbers (``urn``)."""
    text = resources.files("cip.catalogue").joinpath("register_ids.toml").read_text("utf-8")
    schemes = tomllib.loads(text)["schemes"]
    return {name: RegisterId.model_validate(entry) for name, entry in schemes.items()}


def find_register_ids(tags: Mapping[str, str]) -> list[str]:
    """Return the numbers of registers that the tags of a thing hold, such as ``urn:100000``.

    Several numbers in one tag are parted by a semicolon. What does not look like a number of the
    register is left aside.

    Examples
    --------
    >>> find_register_ids({"ref:edubase": "100000", "naptan:AtcoCode": "yes"})
    ['urn:100000']
    """
    found = [
        f"{name}:{number}"
        for name, entry in load_register_ids().items()
        for tag in entry.tags
        for part in tags.get(tag, "").split(";")
        if re.fullmatch(entry.pattern, number := "".join(part.split()).upper())
    ]
    return list(dict.fromkeys(found))
