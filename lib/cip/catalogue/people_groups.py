"""Characteristics of people and their groups as data (``people_groups.toml``): who may be heard."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import resources

from pydantic import Field, field_validator, model_validator

from cip.catalogue.indices import CatalogueEntry
from cip.catalogue.sources import load_sources
from cip.errors import find_nearest

_RANGE = re.compile(r"(?P<stem>.*_)(?P<first>\d+)\.\.(?P<last>\d+)")
#: Name of the one list of categories of a characteristic whose groups are places.
EACH_PLACE = "each"


class PeopleGroup(CatalogueEntry):
    """One group of people.

    Parameters
    ----------
    id
        Name in mapping files, excerpts and parameter files.
    label, people
        Name in tables and charts, and the same people inside a sentence.
    """

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9_]*$")
    label: str = Field(min_length=1)
    people: str = Field(min_length=1)


class GroupMargin(CatalogueEntry):
    """One product of the store that counts the groups in small areas.

    Parameters
    ----------
    product
        Product of the store.
    base
        Whom it counts.
    categories
        Columns to add up for each group; for places the one list named ``each``.
    note
        What a reader must know about this product.
    """

    product: str
    base: str = Field(min_length=1)
    categories: dict[str, tuple[str, ...]] = Field(min_length=1)
    note: str = ""

    @field_validator("categories")
    @classmethod
    def _expand(cls, categories: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        return {name: tuple(_expand_ranges(parts)) for name, parts in categories.items()}

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that the margin reads."""
        return tuple(dict.fromkeys(c for parts in self.categories.values() for c in parts))


class Characteristic(CatalogueEntry):
    """One characteristic of people.

    Parameters
    ----------
    id
        Name of its column in surveys and excerpts.
    label, note
        Name for readers, and what they must know when they compare.
    groups
        In reading order; empty where the groups are places.
    margins
        Products that count the groups, the best first.
    is_place
        Whether its groups are the parts of the area.
    counts_households
        Whether its margins count households and not people.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    label: str = Field(min_length=1)
    note: str = Field(pattern=r"\.$")
    groups: tuple[PeopleGroup, ...] = ()
    margins: tuple[GroupMargin, ...] = ()
    is_place: bool = False
    counts_households: bool = False

    @model_validator(mode="after")
    def _check_groups(self) -> Characteristic:
        ids = [group.id for group in self.groups]
        if len(set(ids)) != len(ids):
            raise ValueError(f"a group of '{self.id}' occurs twice")
        if self.is_place == bool(ids):
            raise ValueError(f"'{self.id}' needs groups, or else to be a place")
        known = {EACH_PLACE} if self.is_place else set(ids)
        for margin in self.margins:
            if unknown := set(margin.categories) - known:
                raise ValueError(f"'{self.id}' has no group {', '.join(sorted(unknown))}")
            used = [name for parts in margin.categories.values() for name in parts]
            if len(set(used)) != len(used):
                raise ValueError(f"a category stands in two groups of '{self.id}'")
            if margin.product not in load_sources():
                raise ValueError(f"there is no product '{margin.product}'")
        return self

    @property
    def labels(self) -> dict[str, str]:
        """Label of each group by id; empty where the groups are places."""
        return {group.id: group.label for group in self.groups}

    def find_group(self, text: str) -> str | None:
        """Return the id of the group that a text names by id or label, or None.

        Examples
        --------
        >>> load_people_groups()["age"].find_group("16 to 24")
        '16_24'
        """
        names = {_fold(group.id): group.id for group in self.groups}
        names |= {_fold(group.label): group.id for group in self.groups}
        return names.get(_fold(text))

    def find_nearest_group(self, text: str) -> str | None:
        """Return the id of the group whose id or label is most like a text, or None."""
        names = {name: group.id for group in self.groups for name in (group.id, group.label)}
        near = find_nearest(text, names)
        return names[near] if near else None


@cache
def load_people_groups() -> dict[str, Characteristic]:
    """Return the characteristics by id, in the order in which reports show them.

    Raises
    ------
    ValueError
        If the file contradicts itself or names a product that there is not.
    """
    text = resources.files("cip.catalogue").joinpath("people_groups.toml").read_text("utf-8")
    entries = tomllib.loads(text)["characteristics"]
    return {
        name: Characteristic.model_validate({**entry, "id": name})
        for name, entry in entries.items()
    }


def name_group(characteristic: str, group: str) -> str:
    """Return the people of a group inside a sentence: "people aged 16 to 24".

    A place is named by its code or by the part's own name.
    """
    entry = load_people_groups()[characteristic]
    people = {item.id: item.people for item in entry.groups}
    return people.get(group, f"people in {group}")


def _expand_ranges(parts: Iterable[str]) -> Iterator[str]:
    """Yield columns, a range such as ``age_16..19`` written out."""
    for part in parts:
        if found := _RANGE.fullmatch(part):
            for number in range(int(found["first"]), int(found["last"]) + 1):
                yield f"{found['stem']}{number}"
        else:
            yield part


def _fold(text: str) -> str:
    return re.sub(r"[\W_]+", " ", text.casefold()).strip()
