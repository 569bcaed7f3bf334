"""Types of asset from the tags of OpenStreetMap, found by an index and not one after another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cip.catalogue.asset_types import AssetType

#: What stands before a key when the thing has gone, or has not come yet.
GONE = ("disused:", "abandoned:", "was:", "closed:", "removed:", "demolished:", "razed:")
COMING = ("proposed:", "planned:", "construction:")
#: Keys of their own that say with ``yes`` that a thing has gone.
GONE_KEYS = ("disused", "abandoned", "demolished")
#: Keys that nearly everything has which is no place: streets, houses, fields. They are looked for
#: with their value, so that only what may be a place is read at all.
BUSY = ("building", "highway", "landuse", "natural")
ANY = "*"


@dataclass(frozen=True)
class Condition:
    """Tags that make a thing of a type: those that must be there, and those that must not."""

    type_id: str
    rank: int
    needed: tuple[tuple[str, str], ...]
    barred: tuple[tuple[str, str], ...]

    @property
    def order(self) -> tuple[int, int]:
        """What goes first: the condition with most tags, then the type that is listed first."""
        return -len(self.needed), self.rank

    def holds(self, tags: Mapping[str, str]) -> bool:
        """Return True when a thing with these tags is of the type."""
        return all(_has(tags, key, value) for key, value in self.needed) and not any(
            _has(tags, key, value) for key, value in self.barred
        )


def _has(tags: Mapping[str, str], key: str, value: str) -> bool:
    found = tags.get(key)
    if found is None or (value == ANY and found == "no"):
        return False
    # Several values of one key are written with a semicolon between them.
    return value in (ANY, found) or (";" in found and value in _split(found))


def _split(value: str) -> list[str]:
    return [part.strip() for part in value.split(";")]


class TagIndex:
    """Every condition of every type, by the first tag that it needs."""

    def __init__(self, types: Iterable[AssetType]):
        self._by_tag: dict[tuple[str, str], list[Condition]] = {}
        for rank, entry in enumerate(types):
            for text in entry.osm:
                condition = read_condition(text, entry.id, rank)
                self._by_tag.setdefault(condition.needed[0], []).append(condition)

    def list_keys(self) -> list[str]:
        """Return the keys of which a thing may have one, with what may stand before them.

        Those of `BUSY` are left out: most things that have them are no place.
        """
        plain = sorted({key for key, _ in self._by_tag} - set(BUSY))
        return [before + key for before in ("", *GONE, *COMING) for key in plain]

    def list_busy_tags(self) -> list[tuple[str, str]]:
        """Return the tags of `BUSY` keys of which a thing may have one, in the same way."""
        plain = sorted(tag for tag in self._by_tag if tag[0] in BUSY)
        return [(before + key, value) for before in ("", *GONE, *COMING) for key, value in plain]

    def find_type(self, tags: Mapping[str, str]) -> str | None:
        """Return the type of a thing, or None. The condition that asks for most tags decides."""
        found = [
            condition
            for key, value in tags.items()
            for one in ((value,) if ";" not in value else _split(value))
            for condition in (*self._by_tag.get((key, one), ()), *self._by_tag.get((key, ANY), ()))
            if condition.holds(tags)
        ]
        return min(found, key=lambda condition: condition.order).type_id if found else None

    def classify(self, tags: Mapping[str, str]) -> tuple[str, str] | None:
        """Return type and status (open, closed or proposed) of a thing, or None.

        A thing that has no type now may have had one: its tags say so with ``disused:`` and the
        like before a key.
        """
        type_id = self.find_type(tags)
        if type_id is not None:
            has_gone = any(tags.get(key) == "yes" for key in GONE_KEYS)
            has_gone = has_gone or tags.get("opening_hours") in ("closed", "off")
            return type_id, "closed" if has_gone else "open"
        for prefixes, status in ((GONE, "closed"), (COMING, "proposed")):
            kept = {
                key.removeprefix(prefix): value
                for key, value in tags.items()
                for prefix in prefixes
                if key.startswith(prefix)
            }
            if kept and (type_id := self.find_type(kept)) is not None:
                return type_id, status
        return None


def read_condition(text: str, type_id: str, rank: int = 0) -> Condition:
    """Return the condition that a text such as ``leisure=park+-access=private`` states.

    Raises
    ------
    ValueError
        When a part is not ``key=value``, or every part says what must not be there.
    """
    needed, barred = [], []
    for part in text.split("+"):
        key, sign, value = part.removeprefix("-").partition("=")
        if not (key and sign and value):
            raise ValueError(f"asset_types.toml: {type_id}: '{part}' is not key=value")
        (barred if part.startswith("-") else needed).append((key, value))
    if not needed:
        raise ValueError(f"asset_types.toml: {type_id}: '{text}' asks for no tag")
    # The index goes by the first one: best by a value, and not by a key that all streets have.
    needed.sort(key=lambda tag: (tag[1] == ANY, tag[0] in BUSY))
    if needed[0][0] in BUSY and needed[0][1] == ANY:
        raise ValueError(f"asset_types.toml: {type_id}: '{text}' fits nearly everything")
    return Condition(type_id, rank, tuple(needed), tuple(barred))
