"""What one entry of the indicator catalogue says, and what makes an entry impossible."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Literal

from pydantic import Field, model_validator

from cip.catalogue.indices import DECILES, CatalogueEntry

Statistic = Literal[
    "count",
    "proportion",
    "composition",
    "rate",
    "ratio",
    "change",
    "weighted_mean",
    "decile_people",
    "decile_areas",
    "published",
]
Polarity = Literal["high_is_good", "high_is_bad", "none"]
Standardisation = Literal["crude", "standardised", "not_applicable"]
Interval = Literal["wilson", "byars", "published", "none"]
#: The smallest areas for which a figure exists.
FinestLevel = Literal["lsoa", "msoa", "district", "county"]
#: How figures of small areas make up the figure of an area, where a publisher gives values.
Combination = Literal["none", "proportion", "rate", "ratio", "mean"]

_ID = r"^[a-z][a-z0-9_]*$"
#: Intervals that each kind of figure may have.
_INTERVALS: dict[str, tuple[str, ...]] = {
    "proportion": ("wilson", "none"),
    "composition": ("wilson", "none"),
    "rate": ("byars", "none"),
    "ratio": ("byars", "none"),
    "published": ("published", "none"),
}


class Section(CatalogueEntry):
    """A chapter of the data profile."""

    id: str = Field(pattern=_ID)
    title: str = Field(min_length=1)
    question: str = Field(pattern=r"\?$")


class IndicatorGroup(CatalogueEntry):
    """One part of a composition."""

    id: str = Field(pattern=_ID)
    label: str = Field(min_length=1, description="Name in tables and charts.")
    categories: tuple[str, ...] = Field(min_length=1)
    text: str = Field(default="", description="The label inside a sentence, if it differs.")
    series: str = Field(default="", description="Second key of the group, such as a sex.")

    @property
    def in_text(self) -> str:
        """The label as it reads inside a sentence."""
        return self.text or self.label


class Indicator(CatalogueEntry):
    """One indicator: what it means and how it is computed from one product of the store."""

    id: str = Field(pattern=_ID)
    section: str
    label: str = Field(min_length=1, description="A noun phrase; no two indicators share one.")
    question: str = Field(pattern=r"\?$")
    definition: str = Field(pattern=r"\.$")
    statistic: Statistic
    source: str = Field(description="Product of the store.")
    level: FinestLevel = "lsoa"
    numerator: tuple[str, ...] = ()
    denominator: tuple[str, ...] = Field(
        default=(), description="Categories of the base; a composition without it sums its groups."
    )
    base_source: dict[str, str] = Field(
        default={},
        description="Product that holds the base or the weight, by level (lsoa11, lsoa21, msoa11, "
        "msoa21, district), where it is another than the source.",
    )
    multiplier: int = Field(
        default=0,
        ge=0,
        description="A rate is per so many of the base; 100 makes a mean of shares a percentage.",
    )
    groups: tuple[IndicatorGroup, ...] = ()
    measure: str = Field(default="", description="Column of a measures product.")
    weight: str = Field(default="", description="Column of people that weights the measure.")
    series: str = Field(default="", description="Series of a product of published values.")
    series_name: str = Field(
        default="",
        description="Words that the name of the series must hold, so that a number "
        "that has come to mean something else is noticed.",
    )
    sex: str = Field(default="", description="Sex of the series, as its publisher writes it.")
    age: str = Field(default="", description="Age of the series, as its publisher writes it.")
    combine: Combination = "none"
    unit: str = Field(min_length=1)
    base_label: str = Field(min_length=1, description="What is counted: households, residents.")
    base_singular: str = Field(default="", description="One of them, for a count of one.")
    phrase: str = Field(
        default="",
        description="Share: what follows the base ('rent privately'). Mean: its name. "
        "Deciles: how the sentence opens.",
    )
    group_noun: str = Field(default="", description="What one group is: 'tenure', 'age band'.")
    polarity: Polarity
    standardisation: Standardisation
    interval: Interval
    minimum_base: int = Field(default=0, ge=0, description="Smaller bases are suppressed.")
    decimals: int = Field(ge=0, le=4)
    caveat: str = Field(pattern=r"\.$")
    is_headline: bool = Field(default=False, description="Has a place among the main findings.")

    @model_validator(mode="after")
    def _check_parts(self) -> Indicator:
        problems = list(_list_problems(self))
        if problems:
            raise ValueError("; ".join(problems))
        return self

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns of the table that the indicator reads, those of another product by `name_base`."""
        if self.statistic in ("weighted_mean", "decile_people", "decile_areas"):
            return tuple(name for name in (self.measure, *self._held(self.weight)) if name)
        parts = itertools.chain(
            self.numerator,
            self._held(*self.denominator),
            *(group.categories for group in self.groups),
        )
        return tuple(dict.fromkeys(parts))

    @property
    def base_columns(self) -> tuple[str, ...]:
        """Categories or deciles that make up the base; none for a count or a mean."""
        if self.is_decile:
            return DECILES
        if self.denominator:
            return tuple(self._held(*self.denominator))
        return tuple(category for group in self.groups for category in group.categories)

    @property
    def weight_column(self) -> str:
        """Column of the people that weight a mean, as the joined table names it."""
        return next(self._held(self.weight)) if self.weight else ""

    @property
    def is_decile(self) -> bool:
        """Whether the indicator shares people or small areas out over national deciles."""
        return self.statistic in ("decile_people", "decile_areas")

    @property
    def is_share(self) -> bool:
        """Whether the figure is a percentage of a base."""
        return self.statistic in ("proportion", "composition") or self.is_decile

    def _held(self, *columns: str) -> Iterator[str]:
        for name in columns:
            yield name_base(name) if self.base_source and name else name


def name_base(column: str) -> str:
    """Return how a joined table names a column that comes from the product of the base."""
    return f"base:{column}"


def find_repeats(values: list[str]) -> set[str]:
    """Return the values that occur more than once."""
    return {value for value in values if values.count(value) > 1}


def _list_problems(entry: Indicator) -> list[str]:
    kind = entry.statistic
    needs: dict[str, bool] = {
        "a numerator": kind in ("count", "proportion", "rate", "ratio", "change")
        and not entry.numerator,
        "a denominator": kind in ("proportion", "rate", "ratio") and not entry.denominator,
        "a multiplier": kind == "rate" and not entry.multiplier,
        "groups": kind == "composition" and not entry.groups,
        "a measure": (kind == "weighted_mean" or entry.is_decile) and not entry.measure,
        "a weight": kind in ("weighted_mean", "decile_people") and not entry.weight,
        "either groups or a numerator": entry.is_decile
        and bool(entry.groups) == bool(entry.numerator),
        "a series": kind == "published" and not entry.series,
        "a phrase": kind not in ("count", "composition") and not entry.phrase,
        "a group_noun": kind == "composition" and not entry.group_noun,
    }
    problems = [f"a {kind} needs {name}" for name, is_lacking in needs.items() if is_lacking]
    if entry.interval not in _INTERVALS.get(kind, ("none",)):
        name = "Wilson" if entry.interval == "wilson" else entry.interval
        problems.append(f"a {kind} cannot have a {name} interval")
    if entry.combine != "none" and kind != "published":
        problems.append(f"a {kind} is not combined from published values")
    used = [category for group in entry.groups for category in group.categories]
    problems += [f"'{name}' is in two groups" for name in sorted(find_repeats(used))]
    ids = [group.id for group in entry.groups]
    problems += [f"two groups have the id '{name}'" for name in sorted(find_repeats(ids))]
    return problems
