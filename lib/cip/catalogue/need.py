"""How areas are ranked by need: what the catalogue declares, and what a parameter file may choose."""

from __future__ import annotations

import itertools
import tomllib
from functools import cache
from importlib import resources
from typing import Annotated, Literal

from pydantic import Field, ValidationError, model_validator

from cip.catalogue.indices import CatalogueEntry
from cip.errors import SourceError

FILE_NAME = "need.toml"

#: Which end of a measure means more need.
Direction = Literal["high", "low"]


class NeedEntry(CatalogueEntry):
    """One measure that areas can be ranked by."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    label: str = Field(min_length=1, max_length=24, description="Name in a narrow column.")
    indicator: str = Field(description="Indicator id; {edition} stands for an edition.")
    direction: Direction | None = None
    weight: float = Field(ge=0, description="0 ranks the measure and leaves it out of the sum.")
    reason: str = Field(pattern=r"\.$")
    awaits: str = Field(default="", description="What would have to be supplied for it.")


class ToolLevel(CatalogueEntry):
    """One level of Tool C, step 1, and what the ranking gives towards it."""

    level: str
    asks: str = Field(pattern=r"\.$")
    given: str
    how: str = Field(pattern=r"\.$")


class Tool(CatalogueEntry):
    """Tool C, step 1, in our words."""

    citation: str
    levels: tuple[ToolLevel, ...]


class Signs(CatalogueEntry):
    """When a small or unusual population is pointed out."""

    small_population: int = Field(gt=0)
    young_adult_ratio: float = Field(gt=1)
    men_per_woman: float = Field(gt=1)


class SupportTier(CatalogueEntry):
    """One grade of support: a part of the shortlist, counted from its top."""

    name: Annotated[str, Field(min_length=1, max_length=40)] = Field(description="Its name.")
    up_to: Annotated[int, Field(ge=1, le=100)] = Field(
        description="Where it ends, as a percentage of the shortlist."
    )


class NeedMeasure(CatalogueEntry):
    """One measure that a parameter file chooses, with its weight."""

    id: Annotated[str, Field(min_length=1, max_length=120)] = Field(
        description="A measure of need.toml, or any indicator of the catalogue."
    )
    weight: float = Field(
        default=1, ge=0, le=1000, description="Its share in the composite; 0 only ranks it."
    )
    direction: Direction | None = Field(
        default=None, description="Which end means more need; needed where no polarity says so."
    )


class NeedSettings(CatalogueEntry):
    """How areas are ranked by need; everything may be left out."""

    level: Literal["lsoa", "ward"] = Field(
        default="lsoa", description="What is ranked: LSOAs of 2021, or wards fitted from them."
    )
    within: Literal["county", "district"] = Field(
        default="county", description="Among which areas: those of the county or of the district."
    )
    measures: list[NeedMeasure] = Field(
        default=[], description="Measures and weights; left out, those of the catalogue."
    )
    shortlist_number: int | None = Field(
        default=None, ge=1, le=1000, description="How many areas are shortlisted."
    )
    shortlist_percent: float | None = Field(
        default=None, gt=0, le=100, description="Shortlist as a percentage of the ranked areas."
    )
    tiers: list[SupportTier] = Field(
        default=[], description="Grades of support; left out, those of the catalogue."
    )
    small_population: int | None = Field(
        default=None, ge=1, description="Fewer residents than this are pointed out."
    )

    @model_validator(mode="after")
    def _check(self) -> NeedSettings:
        if self.shortlist_number is not None and self.shortlist_percent is not None:
            raise ValueError("give shortlist_number or shortlist_percent, not both")
        if self.measures and not any(measure.weight > 0 for measure in self.measures):
            raise ValueError("at least one measure needs a weight above 0")
        ids = [measure.id for measure in self.measures]
        if len(set(ids)) < len(ids):
            raise ValueError("a measure is named twice")
        if self.tiers:
            check_tiers(self.tiers)
        return self


class NeedCatalogue(CatalogueEntry):
    """The content of ``need.toml``."""

    measures: dict[str, NeedEntry]
    tiers: tuple[SupportTier, ...]
    signs: Signs
    tool: Tool

    @model_validator(mode="after")
    def _check(self) -> NeedCatalogue:
        check_tiers(self.tiers)
        return self


def check_tiers(tiers: list[SupportTier] | tuple[SupportTier, ...]) -> None:
    """Raise ValueError unless tiers end at rising percentages, the last at 100, with own names."""
    ends = [tier.up_to for tier in tiers]
    if any(later <= earlier for earlier, later in itertools.pairwise(ends)):
        raise ValueError("each tier must end further down the shortlist than the one before it")
    if not ends or ends[-1] != 100:
        raise ValueError("the last tier must end at 100")
    if len({tier.name.casefold() for tier in tiers}) < len(ends):
        raise ValueError("two tiers have the same name")


@cache
def load_need() -> NeedCatalogue:
    """Return the measures, tiers, signs and words of ``need.toml``.

    Raises
    ------
    SourceError
        Naming what is wrong in it.
    """
    text = resources.files("cip.catalogue").joinpath(FILE_NAME).read_text(encoding="utf-8")
    return parse_need(text)


def parse_need(text: str) -> NeedCatalogue:
    """Read the text of a need catalogue; SourceError says what is wrong in it."""
    try:
        raw = tomllib.loads(text)
        raw["measures"] = {key: {"id": key, **entry} for key, entry in raw["measures"].items()}
        return NeedCatalogue.model_validate(raw)
    except (
        tomllib.TOMLDecodeError,
        ValidationError,
        LookupError,
        TypeError,
        AttributeError,
    ) as error:
        raise SourceError(f"The need catalogue ('{FILE_NAME}') cannot be used: {error}") from error
