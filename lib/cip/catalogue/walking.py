"""Walking as data (``walking.toml``): pace, detour, and the ways that people may walk on."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources

from pydantic import BaseModel, ConfigDict, Field

#: Kinds of street on a map, the widest first.
STREET_KINDS = ("main", "street", "path")


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Pace(_Model):
    """How fast people walk, with its source."""

    metres_a_minute: float = Field(gt=0)
    source: str


class Detour(_Model):
    """How much longer a walk is than the straight line, with its source."""

    factor: float = Field(ge=1)
    source: str


class Snap(_Model):
    """How far a point may be from the nearest path."""

    limit_m: float = Field(gt=0)


class Network(_Model):
    """How a street between junctions is drawn, and which loose pieces count."""

    tolerance_m: float = Field(ge=0)
    smallest_share: float = Field(ge=0, le=1)


class Ways(_Model):
    """Which ways of OpenStreetMap are open to people on foot.

    Parameters
    ----------
    highways
        Kinds of way that are open unless a tag shuts them.
    never
        Kinds that are not open, whatever the other tags say.
    shut
        Tags, with the values that shut a way.
    opened
        Values of ``foot`` that open a way in spite of that, and ways of other kinds.
    """

    highways: frozenset[str]
    never: frozenset[str] = frozenset()
    shut: dict[str, frozenset[str]] = {}
    opened: frozenset[str] = frozenset()

    def admits(self, tags: Mapping[str, str]) -> bool:
        """Return True when people may walk on a way with these tags.

        Examples
        --------
        >>> ways = Ways(highways={"path"}, shut={"access": {"private"}}, opened={"yes"})
        >>> ways.admits({"highway": "path"})
        True
        >>> ways.admits({"highway": "path", "access": "private"})
        False
        """
        kind = tags.get("highway")
        if not kind or kind in self.never:
            return False
        if tags.get("foot") in self.opened:
            return True
        return kind in self.highways and not any(
            tags.get(key) in values for key, values in self.shut.items()
        )


class Streets(_Model):
    """Which ways of OpenStreetMap are drawn under a map, by kind.

    Parameters
    ----------
    main, street, path
        Values of ``highway`` of each kind.
    hidden
        Tags, with the values of what is not drawn.
    """

    main: frozenset[str]
    street: frozenset[str]
    path: frozenset[str]
    hidden: dict[str, frozenset[str]] = {}

    def classify(self, tags: Mapping[str, str]) -> str | None:
        """Return the kind of a way (main, street or path), or None for one that is not drawn.

        Examples
        --------
        >>> streets = Streets(main={"primary"}, street={"residential"}, path={"footway"})
        >>> streets.classify({"highway": "primary"}), streets.classify({"highway": "corridor"})
        ('main', None)
        """
        if any(tags.get(key) in values for key, values in self.hidden.items()):
            return None
        highway = tags.get("highway")
        return next((kind for kind in STREET_KINDS if highway in getattr(self, kind)), None)


class Walking(_Model):
    """Everything that ``walking.toml`` declares."""

    pace: Pace
    detour: Detour
    snap: Snap
    network: Network
    ways: Ways
    streets: Streets


@cache
def load_walking() -> Walking:
    """Return what the catalogue says of walking."""
    text = resources.files("cip.catalogue").joinpath("walking.toml").read_text("utf-8")
    return Walking.model_validate(tomllib.loads(text))
