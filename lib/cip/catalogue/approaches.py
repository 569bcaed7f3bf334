"""The family of community-centred approaches as data (``approaches.toml``)."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Literal

from pydantic import Field, model_validator

from cip.catalogue.building_blocks import Citation
from cip.catalogue.indices import CatalogueEntry

_ID = r"^[a-z][a-z_]+$"
#: What goes with every figure, whatever was measured.
NOT_ADDITIVE = "Figures of this kind must not be added up, over approaches or over people."


class ApproachGroup(CatalogueEntry):
    """One of the four groups of the family."""

    id: str = Field(pattern=_ID)
    label: str = Field(min_length=1)
    meaning: str = Field(pattern=r"\.$")


class Approach(CatalogueEntry):
    """One way of working with a community.

    Parameters
    ----------
    group
        The group that it belongs to.
    is_placed_by_us
        Whether the group is our judgement: the source names the approach, but no group for it.
    """

    id: str = Field(pattern=_ID)
    group: str = Field(pattern=_ID)
    label: str = Field(min_length=1)
    meaning: str = Field(pattern=r"\.$")
    is_placed_by_us: bool = False


class EconomicFigure(CatalogueEntry):
    """What the source says on money.

    Parameters
    ----------
    kind
        ``return``: pounds of benefit for each pound spent; ``value``: what a good is worth to a
        person in a year, which is no saving.
    approaches
        The approaches that it is told of; a ``value`` is shown beside the nearest one.
    pounds
        The figure in pounds.
    statement
        The figure in words.
    study, study_year, measured_on
        The work that the source draws on, its year, and what was measured there.
    caveat
        Why it may not hold here.
    """

    id: str = Field(pattern=_ID)
    kind: Literal["return", "value"]
    approaches: tuple[str, ...] = Field(min_length=1)
    pounds: float = Field(gt=0)
    statement: str = Field(pattern=r"£")
    study: str = Field(min_length=1)
    study_year: int = Field(ge=1990, le=2100)
    measured_on: str = Field(min_length=1)
    caveat: str = Field(pattern=r"\.$")

    @property
    def is_return(self) -> bool:
        """Whether it is a return on what was spent."""
        return self.kind == "return"


class ApproachFamily(CatalogueEntry):
    """The whole family, its figures and where it comes from."""

    source: Citation
    groups: tuple[ApproachGroup, ...] = Field(min_length=1)
    approaches: tuple[Approach, ...] = Field(min_length=1)
    figures: tuple[EconomicFigure, ...]

    @model_validator(mode="after")
    def _check(self) -> ApproachFamily:
        for name in ("groups", "approaches", "figures"):
            ids = [entry.id for entry in getattr(self, name)]
            if len(set(ids)) != len(ids):
                raise ValueError(f"approaches.toml: an id occurs twice among the {name}")
        known, groups = ({entry.id for entry in part} for part in (self.approaches, self.groups))
        used = {entry.group for entry in self.approaches}
        if used != groups:
            raise ValueError(f"approaches.toml: groups without match: {sorted(used ^ groups)}")
        unknown = {name for figure in self.figures for name in figure.approaches} - known
        if unknown:
            raise ValueError(f"approaches.toml: figures of unknown approaches: {sorted(unknown)}")
        return self


@cache
def load_family() -> ApproachFamily:
    """Return the family with its groups, approaches and figures."""
    text = resources.files("cip.catalogue").joinpath("approaches.toml").read_text(encoding="utf-8")
    return ApproachFamily.model_validate(tomllib.loads(text))


def load_approach_groups() -> dict[str, ApproachGroup]:
    """Return the groups by id, in the order of the source."""
    return {group.id: group for group in load_family().groups}


def load_approaches() -> dict[str, Approach]:
    """Return the approaches by id, group by group."""
    return {approach.id: approach for approach in load_family().approaches}


def list_figures(approach_id: str) -> list[EconomicFigure]:
    """Return what the source says on the money of an approach; none for most."""
    return [figure for figure in load_family().figures if approach_id in figure.approaches]


def cite_approaches() -> str:
    """Return the source line of the family."""
    return load_family().source.line
