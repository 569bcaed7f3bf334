"""``scoring.yml``: rounds, criteria, scorers, applicants, conflicts and decisions, as declared."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, ValidationError

from cip.catalogue.scoring import load_criteria, load_scale
from cip.errors import ParameterError, Problem
from cip.inputs import find_person
from cip.param_models import LongText, Strict, Text
from cip.yaml_file import Lines, describe_error, read_yaml, to_plain, walk_lines

#: What a file may hold.
SCORES, AGREED, OTHER_GRANTS = "scores", "agreed marks", "other grants"
#: What a panel may decide on an applicant.
FUNDED, PART_FUNDED, APPOINTED = "funded", "funded in part", "appointed"
RESERVE, DECLINED, WITHDRAWN = "reserve", "declined", "withdrawn"
DECISIONS = (FUNDED, PART_FUNDED, APPOINTED, RESERVE, DECLINED, WITHDRAWN)

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def _read_day(value: Any) -> Any:
    """Take a day only as year-month-day: 6/10 is two days."""
    is_written_out = isinstance(value, str) and bool(_DAY.fullmatch(value.strip()))
    if type(value) is date or is_written_out:
        return value
    raise ValueError("should be a day written as year-month-day, such as 2026-03-31")


def _read_id(value: str) -> str:
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,59}", value):
        raise ValueError("should be lower case letters, digits, hyphens and underscores")
    return value


Day = Annotated[date, BeforeValidator(_read_day)]
ShortId = Annotated[Text, AfterValidator(_read_id)]
Money = Annotated[float, Field(ge=0, le=100_000_000)]


class Part(Strict):
    """Base of the models here: numbers stand for their text, as in an id '2026'."""

    model_config = ConfigDict(
        extra="forbid", str_strip_whitespace=True, frozen=True, coerce_numbers_to_str=True
    )


class Criterion(Part):
    """One thing that every scorer gives every applicant a mark for."""

    id: ShortId
    title: Text
    question: Text = Field(description="What a scorer asks.")
    weight: Annotated[float, Field(gt=0, le=100)] = Field(description="The weights add up to 100.")


class Scale(Part):
    """The marks that may be given, whole numbers, and what each means."""

    least: Annotated[int, Field(ge=0, le=100)]
    most: Annotated[int, Field(ge=1, le=100)]
    marks: dict[int, Text] = Field(default={}, description="Mark: what it means.")


class Moderation(Part):
    """When the panel has to talk about a mark again."""

    spread: Annotated[float, Field(gt=0, le=100)] = Field(
        description="Marks so far apart on one criterion, or further, call for a talk."
    )


class Scorer(Part):
    """Who scores: a role and its organisation, never a person."""

    id: ShortId
    role: Text
    absent: Text | None = Field(
        default=None, description="Why this scorer gave no marks; then none may be there."
    )


class Applicant(Part):
    """An organisation that applied."""

    id: ShortId
    organisation: Text = Field(description="Organisation or group, never a person.")
    project: LongText
    asked: Money | None = Field(default=None, description="Sum asked for, in pounds.")


class Conflict(Part):
    """A scorer who has an interest in an applicant and does not score it."""

    scorer: Text
    applicant: Text
    reason: Text


class Decision(Part):
    """What the panel decided on an applicant."""

    applicant: Text
    decision: Literal["funded", "funded in part", "appointed", "reserve", "declined", "withdrawn"]
    by: Text = Field(description="Panel or role that decided.")
    on: Day
    reason: LongText
    conditions: LongText | None = None
    amount: Money | None = None


class Round(Part):
    """One round of scoring."""

    id: ShortId
    title: Text
    kind: Literal["expression of interest", "grant"]
    about: LongText | None = Field(default=None, description="What the money or the work is for.")
    recommendations: list[Text] = Field(default=[], description="Ids that it is to carry out.")
    opens: Day | None = None
    closes: Day | None = None
    work_starts: Day | None = None
    work_ends: Day | None = None
    most: Money | None = Field(default=None, description="Most that one applicant can get.")
    total: Money | None = Field(default=None, description="What there is in all.")
    who_can_apply: LongText | None = None
    managed_by: Text | None = Field(default=None, description="Organisation that holds the money.")
    send_to: Text | None = Field(default=None, description="Shared mailbox or page.")
    criteria: list[Criterion] = Field(default=[], description="Left out, those of the catalogue.")
    scale: Scale | None = Field(default=None, description="Left out, that of the catalogue.")
    moderation: Moderation | None = None
    scorers: list[Scorer] = Field(default=[])
    applicants: list[Applicant] = Field(default=[])
    conflicts: list[Conflict] = Field(default=[])
    decided_on: Day | None = Field(
        default=None, description="Day on which all was decided; blank while it is open."
    )
    decisions: list[Decision] = Field(default=[])

    @property
    def has_own_criteria(self) -> bool:
        """Whether the round declares criteria of its own."""
        return bool(self.criteria)

    @property
    def is_decided(self) -> bool:
        """Whether the round is closed, so that nothing may be missing."""
        return self.decided_on is not None

    def list_criteria(self) -> list[Criterion]:
        """Return the criteria: its own, or those of the catalogue for its kind."""
        return self.criteria or [
            Criterion(id=name, title=one.title, question=one.question, weight=one.weight)
            for name, one in load_criteria(self.kind).items()
        ]

    def find_scale(self) -> Scale:
        """Return the scale: its own, or that of the catalogue."""
        held = load_scale()
        return self.scale or Scale(least=held.least, most=held.most, marks=dict(held.marks))

    @property
    def spread(self) -> float:
        """How far apart marks on one criterion may not be without a talk."""
        return self.moderation.spread if self.moderation else load_scale().spread

    def has_conflict(self, scorer: str, applicant: str) -> bool:
        """Return whether a scorer has an interest in an applicant."""
        return any(one.scorer == scorer and one.applicant == applicant for one in self.conflicts)

    def name_applicants(self) -> dict[str, str]:
        """Return the applicants' organisations by id."""
        return {one.id: one.organisation for one in self.applicants}

    def name_scorers(self) -> dict[str, str]:
        """Return the scorers' roles by id."""
        return {one.id: one.role for one in self.scorers}


class DataFile(Part):
    """A table beside the file: scores, marks agreed in moderation, or other schemes' grants."""

    path: Path
    holds: Literal["scores", "agreed marks", "other grants"] = SCORES
    round: Text | None = Field(default=None, description="Round that it belongs to.")
    layout: Text | None = Field(default=None, description="Layout of other schemes' grants.")
    columns: dict[str, Text] = Field(default={}, description="Column: heading in the file.")
    scheme: Text | None = Field(default=None, description="Funder, where no column names one.")


class Scoring(Part):
    """The whole file."""

    files: list[DataFile] = Field(default=[])
    rounds: list[Round] = Field(default=[])


@dataclass(frozen=True)
class ScoringFile:
    """The file as read: where it is, what it says, and on which lines."""

    path: Path
    scoring: Scoring
    lines: Lines = field(repr=False)

    @property
    def rounds(self) -> dict[str, Round]:
        """The rounds by id."""
        return {one.id: one for one in self.scoring.rounds}

    def find_line(self, *place: str | int) -> int | None:
        """Return the line of a place, or of what it stands in."""
        parts = (place[:n] for n in range(len(place), 0, -1))
        return next((self.lines[part] for part in parts if part in self.lines), None)

    def list_files(self, holds: str, round_id: str | None = None) -> list[tuple[int, DataFile]]:
        """Return the named files of one kind, each with its place in the list."""
        return [
            (place, one)
            for place, one in enumerate(self.scoring.files)
            if one.holds == holds and (round_id is None or one.round == round_id)
        ]

    def resolve(self, named: DataFile) -> Path:
        """Return where a named file is."""
        return self.path.parent / named.path


def load_scoring(path: Path) -> ScoringFile:
    """Read ``scoring.yml`` without what lies beside it.

    Raises
    ------
    ParameterError
        With every problem of its form, by line; none repeats what seems to be a person's name.
    """
    raw = read_yaml(path)
    lines = dict(walk_lines(raw))
    try:
        scoring = Scoring.model_validate(to_plain(raw))
    except ValidationError as error:
        problems = [describe_error(path, lines, item, Scoring) for item in error.errors()]
        raise ParameterError(sorted(map(_hide, problems), key=lambda p: p.line or 0)) from None
    return ScoringFile(path, scoring, lines)


def _hide(problem: Problem) -> Problem:
    found = problem.found
    return replace(problem, found=None) if found and find_person(found) else problem
