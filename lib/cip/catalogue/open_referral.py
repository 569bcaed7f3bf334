"""How services of directories and types of asset stand for one another (``open_referral.toml``)."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources

from pydantic import BaseModel, ConfigDict

from cip.catalogue.asset_types import load_asset_types
from cip.catalogue.building_blocks import Citation


class Vocabulary(BaseModel):
    """One taxonomy that an export carries."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    description: str


class Export(BaseModel):
    """Which hard assets an export lists, and which soft ones it does not."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    hard_types: tuple[str, ...]
    left_out_types: tuple[str, ...]


class OpenReferral(BaseModel):
    """The mapping between services and assets.

    Parameters
    ----------
    source
        The specification that it follows.
    taxonomies
        The vocabularies of an export: ``types`` and ``topics``.
    export
        What an export lists.
    words
        Words of directories by the type of asset that they stand for.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    source: Citation
    taxonomies: dict[str, Vocabulary]
    export: Export
    words: dict[str, tuple[str, ...]]


@cache
def load_open_referral() -> OpenReferral:
    """Return the mapping.

    Raises
    ------
    ValueError
        If it names a type of asset that is not there, or a word stands for two types.
    """
    text = resources.files("cip.catalogue").joinpath("open_referral.toml").read_text("utf-8")
    found = OpenReferral.model_validate(tomllib.loads(text))
    named = {*found.words, *found.export.hard_types, *found.export.left_out_types}
    if wrong := named - set(load_asset_types()):
        raise ValueError(f"open_referral.toml names types that are not there: {sorted(wrong)}")
    words = [word for listed in found.words.values() for word in listed]
    if twice := {word for word in words if words.count(word) > 1}:
        raise ValueError(f"open_referral.toml: these stand for two types: {sorted(twice)}")
    return found
