"""The steps and levels of place-based working as data (``maturity.toml``)."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources

from pydantic import Field, model_validator

from cip.catalogue.indices import CatalogueEntry


class MaturityStep(CatalogueEntry):
    """One step, with what each level of it looks like."""

    number: int = Field(ge=1)
    label: str
    emerging: str
    developing: str
    maturing: str
    thriving: str

    @property
    def title(self) -> str:
        """Number and name, as a reader sees them."""
        return f"{self.number} {self.label}"


class MaturityTool(CatalogueEntry):
    """The instrument: its levels in order, its steps and where it comes from.

    Parameters
    ----------
    few_raters
        Below this number of raters a page says that few views stand behind a strip.
    """

    source: str
    landing_url: str
    few_raters: int = Field(ge=2)
    levels: tuple[str, ...]
    steps: tuple[MaturityStep, ...]

    @model_validator(mode="after")
    def _check(self) -> MaturityTool:
        if [step.number for step in self.steps] != list(range(1, len(self.steps) + 1)):
            raise ValueError("maturity.toml: the steps must be numbered from 1 without a gap")
        if not set(self.levels) <= set(MaturityStep.model_fields):
            raise ValueError("maturity.toml: each level must have a statement in every step")
        return self

    def find_step(self, number: int) -> MaturityStep:
        """Return the step of a number from 1."""
        return self.steps[number - 1]


@cache
def load_maturity() -> MaturityTool:
    """Return the instrument."""
    text = resources.files("cip.catalogue").joinpath("maturity.toml").read_text(encoding="utf-8")
    return MaturityTool.model_validate(tomllib.loads(text))
