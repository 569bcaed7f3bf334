"""What a programme file may say: areas in waves, their stages, posts and targets of reach."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, field_validator, model_validator

from cip.catalogue.programme import load_programme_plan
from cip.errors import find_nearest
from cip.inputs import find_contact, find_person
from cip.param_models import Organisation, Publication, Strict, Text

_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
ID_PATTERN = r"^[a-z][a-z0-9-]{1,58}[a-z0-9]$"

StageKind = Literal["facts", "support", "maintenance"]


def _read_day(value: object) -> object:
    """Let only days in one form through: a library would take 2026 for a moment of 1970."""
    if value is None or type(value) is date:
        return value
    if isinstance(value, str) and _ISO_DAY.fullmatch(value):
        return value
    raise ValueError("write a day as year-month-day, such as 2026-03-31")


Day = Annotated[date, BeforeValidator(_read_day)]


class StaffPost(Strict):
    """So much of a post, by what it does; never by who holds it."""

    post: Text = Field(description="Kind of post; see the catalogue's programme.toml.")
    fte: float = Field(gt=0, le=50, description="Full-time equivalents: 0.5 is half a post.")

    @field_validator("post")
    @classmethod
    def _know_post(cls, name: str) -> str:
        known = load_programme_plan().posts
        if name not in known:
            near = find_nearest(name, known)
            hint = f" The nearest is '{near}'." if near else f" Known: {', '.join(known)}."
            raise ValueError(f"there is no kind of post '{name}'.{hint}")
        return name


class CentralPost(StaffPost):
    """A post that serves every area, from one day to another."""

    start: Day | None = Field(default=None, description="First day; left out, the programme's.")
    end: Day | None = Field(default=None, description="Last day; left out, the programme's.")

    @model_validator(mode="after")
    def _in_order(self) -> CentralPost:
        if self.start and self.end and self.end < self.start:
            raise ValueError("the post ends before it begins")
        return self


class ReachTarget(Strict):
    """How many people a stage is to reach, and where the area counts them."""

    what: Text = Field(description="Who is counted, as in 'people who came to a group'.")
    target: int = Field(gt=0, description="How many people by the end of the stage.")
    kpi: Text | None = Field(
        default=None, description="Id of the area's indicator of progress that counts them."
    )

    @field_validator("what")
    @classmethod
    def _no_person(cls, text: str) -> str:
        if kind := find_person(text):
            raise ValueError(f"this seems to hold {kind}; write roles and groups")
        return text


class AreaStage(Strict):
    """One stage of one area."""

    stage: StageKind = Field(description="facts, support or maintenance.")
    start: Day | None = Field(
        default=None, description="First day; left out, the day after the stage before."
    )
    end: Day | None = Field(
        default=None, description="Last day; left out, after as many months as the plan has."
    )
    staff: list[StaffPost] = Field(default=[], description="Posts that serve this area.")
    reach: list[ReachTarget] = Field(default=[], description="Targets of reach.")


class AreaEntry(Strict):
    """One area of the programme."""

    params: Path | None = Field(
        default=None, description="The area's parameter file, as a path from this file."
    )
    id: Annotated[str, Field(pattern=ID_PATTERN)] | None = Field(
        default=None, description="The area's id, where there is no parameter file at hand."
    )
    title: Text | None = Field(
        default=None, description="Name of an area that has no parameter file yet."
    )
    wave: int = Field(default=1, ge=1, le=9, description="With which wave the area begins.")
    neighbourhoods: list[Text] = Field(
        default=[], description="Neighbourhoods of the area; left out, it is one by itself."
    )
    stages: list[AreaStage] = Field(min_length=1, description="Its stages, one after another.")

    @model_validator(mode="after")
    def _name_one(self) -> AreaEntry:
        if (self.params is None) == (self.id is None):
            raise ValueError("name the area by 'params' or by 'id', one of the two")
        if self.params is not None and self.title is not None:
            raise ValueError("the title stands in the area's parameter file; leave it out here")
        return self


class Programme(Strict):
    """Everything that a programme file may say."""

    id: Annotated[str, Field(pattern=ID_PATTERN)] = Field(
        description="Short name of the programme; names its output folder."
    )
    title: Text = Field(description="Name of the programme.")
    organisation: Organisation = Field(description="Who answers for the programme.")
    licence: Text = Field(
        default="Open Government Licence v3.0",
        description="Licence under which the report is published.",
    )
    report_date: Day | None = Field(
        default=None, description="Date printed on the report; left out, the day of the run."
    )
    publication: Publication = Field(
        default=Publication(), description="Which version of the report this is."
    )
    areas: list[AreaEntry] = Field(min_length=1, description="The areas, in the report's order.")
    staff: list[CentralPost] = Field(default=[], description="Posts that serve every area.")

    @field_validator("title")
    @classmethod
    def _no_contact(cls, text: str) -> str:
        if kind := find_contact(text):
            raise ValueError(f"this seems to hold {kind}")
        return text
