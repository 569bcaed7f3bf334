"""Types of asset as data (``asset_types.toml``): what they are for, and how sources name them."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from cip.catalogue.building_blocks import Citation, load_topics


class AssetGroup(BaseModel):
    """Types that share a layer of the map.

    Parameters
    ----------
    label
        Name for readers.
    letter
        What its marks carry on a drawn map, so that colour is never alone.
    colour
        Fill of its marks, as ``#rrggbb``.
    shape
        Outline of its marks.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    label: str
    letter: str = Field(pattern=r"^[A-Z]$")
    colour: str = Field(pattern=r"^#[0-9a-f]{6}$")
    shape: Literal["circle", "square", "diamond", "triangle", "hexagon", "shield"]


class HealthAsset(BaseModel):
    """One kind of health asset that a community has."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    label: str
    meaning: str


class Selection(BaseModel):
    """Which rows of a product are of a type.

    Parameters
    ----------
    product
        A product of the store whose kind is places.
    place_types
        Values of its column ``place_type``; empty: every row that no other type takes by name.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    product: str
    place_types: tuple[str, ...] = ()


class AssetType(BaseModel):
    """One type of asset.

    Parameters
    ----------
    label, plural
        Names for readers, in lower case unless a proper noun.
    kind
        ``hard``: a place or thing; ``soft``: people, groups and what they do.
    group
        Layer of the map.
    health_asset
        Kind of health asset that it mostly is.
    resource, method
        What the community has with it, and how people come to use it: what a record says of
        itself goes before.
    function
        Topics (building blocks of health) that it mostly serves.
    is_named_by_framework
        Whether the framework lists it.
    is_for_reach
        Whether reach to it is measured unless a parameter file says otherwise.
    is_group
        Whether it counts as a voluntary or community group.
    capacity_label
        What its capacity counts, such as ``dental chairs``; empty where none is known.
    sources
        Rows of the store's products that are of this type.
    osm
        Tags of OpenStreetMap: each item ``key=value`` or several of them joined by ``+``, all of
        which must be there; ``*`` stands for any value but ``no``, a leading ``-`` for a tag that must not
        be there.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^[a-z][a-z_]+$")
    label: str
    plural: str
    kind: Literal["hard", "soft"]
    group: str
    health_asset: str
    resource: str
    method: str
    function: tuple[str, ...] = Field(min_length=1)
    is_named_by_framework: bool = False
    is_for_reach: bool = False
    is_group: bool = False
    capacity_label: str = ""
    sources: tuple[Selection, ...] = ()
    osm: tuple[str, ...] = ()


@cache
def load_asset_types() -> dict[str, AssetType]:
    """Return the types of asset by id, in reading order.

    Raises
    ------
    ValueError
        If a type names a group, a health asset or a topic that is not there, or two types take
        the same rows.
    """
    types = {
        name: AssetType.model_validate({"id": name, **entry})
        for name, entry in _read()["types"].items()
    }
    groups, assets, topics = load_asset_groups(), load_health_assets(), load_topics()
    taken: dict[tuple[str, str], str] = {}
    for entry in types.values():
        wrong = [entry.group] if entry.group not in groups else []
        wrong += [entry.health_asset] if entry.health_asset not in assets else []
        wrong += [name for name in entry.function if name not in topics]
        if wrong:
            raise ValueError(f"asset_types.toml: {entry.id} names what is not there: {wrong}")
        for selection in entry.sources:
            for name in selection.place_types or ("*",):
                other = taken.setdefault((selection.product, name), entry.id)
                if other != entry.id:
                    raise ValueError(
                        f"asset_types.toml: {other} and {entry.id} both take {name} of "
                        f"{selection.product}"
                    )
    return types


@cache
def load_asset_groups() -> dict[str, AssetGroup]:
    """Return the layers of the map by id, in reading order."""
    return {name: AssetGroup.model_validate(entry) for name, entry in _read()["groups"].items()}


@cache
def load_health_assets() -> dict[str, HealthAsset]:
    """Return the kinds of health asset by id, in reading order."""
    entries = _read()["health_assets"]
    return {name: HealthAsset.model_validate(entry) for name, entry in entries.items()}


@cache
def cite_health_assets() -> str:
    """Return the source line of the kinds of health asset."""
    return Citation.model_validate(_read()["source"]).line


@cache
def _read() -> dict[str, Any]:
    text = resources.files("cip.catalogue").joinpath("asset_types.toml").read_text("utf-8")
    return tomllib.loads(text)
