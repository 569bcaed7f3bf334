"""How good suggested themes are, as measured once on labelled comments (``suggestions.toml``)."""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from importlib import resources
from typing import Literal

from pydantic import Field, model_validator

from cip.catalogue.indices import CatalogueEntry

#: Ways of choosing two themes, as a table shows them.
Way = Literal["words and model", "model", "words", "most frequent", "chance"]
Percentage = float


class SuggestionData(CatalogueEntry):
    """The labelled comments on which suggestions were measured."""

    title: str
    publisher: str
    licence: str
    landing: str = Field(description="Repository and file, as its owner names them.")
    texts: int = Field(ge=1, description="Comments that were asked for, each different.")
    themes: int = Field(ge=2)
    caveat: str


class SuggestionModel(CatalogueEntry):
    """The sentence model that was measured."""

    package: str
    version: str
    name: str
    licence: str
    made_from: str
    weights_sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class Accuracy(CatalogueEntry):
    """How often one way of choosing was right, in percent with 95% limits.

    Parameters
    ----------
    examples
        Comments coded by hand from which the way could learn.
    top_1, top_2
        The first theme is the one that a person chose; one of the two is.
    """

    way: Way
    examples: int = Field(ge=0)
    top_1: Percentage = Field(ge=0, le=100)
    top_1_lower_95: Percentage | None = None
    top_1_upper_95: Percentage | None = None
    top_2: Percentage = Field(ge=0, le=100)
    top_2_lower_95: Percentage | None = None
    top_2_upper_95: Percentage | None = None

    @model_validator(mode="after")
    def _check(self) -> Accuracy:
        for value, lower, upper in (
            (self.top_1, self.top_1_lower_95, self.top_1_upper_95),
            (self.top_2, self.top_2_lower_95, self.top_2_upper_95),
        ):
            if lower is not None and upper is not None and not lower <= value <= upper:
                raise ValueError(f"{self.way}: {value} is not between its limits")
        if self.top_2 < self.top_1:
            raise ValueError(f"{self.way}: two themes cannot be right less often than one")
        return self


class SuggestionFacts(CatalogueEntry):
    """What was measured, when and on what."""

    measured_on: date
    data: SuggestionData
    model: SuggestionModel
    accuracy: tuple[Accuracy, ...]

    @model_validator(mode="after")
    def _check(self) -> SuggestionFacts:
        keys = [(one.way, one.examples) for one in self.accuracy]
        if len(set(keys)) < len(keys):
            raise ValueError("suggestions.toml: a way stands twice with the same examples")
        return self

    def find(self, way: Way, examples: int) -> Accuracy:
        """Return the accuracy of a way after so many examples.

        Raises
        ------
        KeyError
            If this was not measured.
        """
        for one in self.accuracy:
            if (one.way, one.examples) == (way, examples):
                return one
        raise KeyError((way, examples))


@cache
def load_suggestion_facts() -> SuggestionFacts:
    """Return what was measured."""
    place = resources.files("cip.catalogue").joinpath("suggestions.toml")
    return SuggestionFacts.model_validate(tomllib.loads(place.read_text(encoding="utf-8")))
