"""``survey.yml``: which column of which file is which question, checked before any answer is read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from cip.engagement.publishable import hide_personal, refuse_personal
from cip.errors import ParameterError, Problem
from cip.param_models import Strict, Text
from cip.yaml_file import Lines, describe_error, read_yaml, to_plain, walk_lines

Kind = Literal["single", "multiple", "likert", "number", "text", "before_after"]
PairKind = Literal["single", "likert", "number"]
Design = Literal["random", "quota", "convenience", "census_of_group"]
FormName = Literal[
    "auto",
    "microsoft_forms",
    "google_forms",
    "survey_monkey",
    "smart_survey",
    "lime_survey",
    "plain",
]
#: Designs for which weighting to the Census is honest: everyone had a chance to be asked, or
#: people were sought out so that the sample has the area's make-up.
WEIGHTED_DESIGNS = ("random", "quota")
#: Key under which a heading stands that is the same in every wave.
EVERY_WAVE = ""


def _read_headings(value: Any) -> Any:
    """Return headings by wave from one heading for all waves, or a heading for each."""
    if isinstance(value, (str, int, float)):
        return {EVERY_WAVE: str(value)}
    return value


def _read_list(value: Any) -> Any:
    return [value] if isinstance(value, (str, int, float)) else value


Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
Headings = Annotated[dict[str, Text], BeforeValidator(_read_headings)]
Codes = Annotated[list[str], BeforeValidator(_read_list)]


class Part(Strict):
    """Base of the models here: numbers stand for their text, as in a label '1'."""

    model_config = ConfigDict(
        extra="forbid", str_strip_whitespace=True, frozen=True, coerce_numbers_to_str=True
    )


class SurveyFile(Part):
    """One export of a survey tool. Several files may hold one wave, such as paper and online."""

    path: Path = Field(description="CSV or XLSX file, relative to the mapping file.")
    wave: Text = Field(description="Name of the wave, such as a year; waves keep this order.")
    form: FormName = Field(default="auto", description="Tool that wrote it; auto looks for signs.")
    sheet: Text | None = Field(default=None, description="Sheet of a workbook, if not the first.")
    respondent_id: Text | None = Field(
        default=None, description="Column that tells duplicates. It is never kept."
    )
    timestamp: Text | None = Field(
        default=None, description="Column with the time of answering, which tells duplicates too."
    )


class CharacteristicColumn(Part):
    """Which column says to which group a person belongs."""

    id: Identifier = Field(description="Characteristic of the catalogue of people's groups.")
    column: Headings = Field(description="Heading, or one for each wave.")
    values: dict[str, Text] = Field(
        default={},
        description="Label in the file: group id; left out where the labels are the catalogue's.",
    )
    bands: dict[str, tuple[float, float]] = Field(
        default={}, description="Group id: lowest and highest number, for an age in years."
    )
    labels: dict[str, Text] = Field(
        default={}, description="Group id: name, where the catalogue leaves the groups open."
    )

    @model_validator(mode="after")
    def _take_one(self) -> CharacteristicColumn:
        if self.values and self.bands:
            raise ValueError("give values (label: group) or bands (group: [from, to]), not both")
        return self


class AskedIf(Part):
    """Skip logic: the question is shown to people who gave one of these answers to another."""

    question: Text
    answers: Codes = Field(min_length=1)


class QuestionColumn(Part):
    """Which columns are which question, and what its labels mean."""

    id: Identifier
    bank: Text | None = Field(default=None, description="Question of the bank that it uses.")
    text: Text | None = Field(default=None, description="Wording; left out, that of the bank.")
    kind: Kind | None = Field(default=None, description="Left out, that of the bank.")
    of: PairKind | None = Field(default=None, description="What a before/after pair consists of.")
    column: Headings | None = Field(default=None, description="Heading, or one for each wave.")
    columns: dict[str, Headings] = Field(
        default={}, description="Answer id: heading, for several answers in as many columns."
    )
    before: Headings | None = Field(default=None, description="Heading of the answer before.")
    after: Headings | None = Field(default=None, description="Heading of the answer after.")
    separator: Annotated[str, Field(min_length=1, max_length=3)] | None = Field(
        default=None, description="Between several answers in one cell; left out, the tool's own."
    )
    answers: dict[str, Identifier] = Field(default={}, description="Label: answer id.")
    labels: dict[str, Text] = Field(default={}, description="Answer id: label for readers.")
    order: list[Identifier] = Field(default=[], description="Answers in the order of the scale.")
    nets: dict[Identifier, list[Identifier]] = Field(
        default={}, description="Answers that are also counted together, such as 'agree'."
    )
    other: Identifier | None = Field(
        default=None, description="Answer that stands for words which people typed themselves."
    )
    numbers: dict[str, float] = Field(default={}, description="Words that stand for a number.")
    least: float | None = Field(default=None, description="Smallest number that can be meant.")
    most: float | None = Field(default=None, description="Largest number that can be meant.")
    unit: Text | None = Field(default=None, description="What a number counts.")
    high_is_good: bool | None = Field(
        default=None, description="Whether more of the first answers, or a high number, is good."
    )
    missing: Codes = Field(default=[], description="Codes for no answer.")
    prefer_not_to_say: Codes = Field(default=[], description="Labels for not wanting to say.")
    dont_know: Codes = Field(default=[], description="Labels for not knowing.")
    asked_if: AskedIf | None = None


class Weighting(Part):
    """Which margins the answers are weighted to, where the design allows it."""

    margins: list[Identifier] = Field(min_length=1, description="Characteristics to weight by.")
    join: dict[str, dict[str, list[str]]] = Field(
        default={}, description="Characteristic: new group: groups joined in it, for weighting."
    )
    cap: tuple[float, float] = Field(
        default=(0.3, 3.0), description="Least and greatest weight against a mean of 1."
    )

    @model_validator(mode="after")
    def _check_cap(self) -> Weighting:
        if not 0 < self.cap[0] < 1 < self.cap[1]:
            raise ValueError("cap goes from a number below 1 and above 0 to one above 1")
        return self


class SurveyMapping(Part):
    """All of ``survey.yml``."""

    title: Text
    design: Design = Field(description="How people came to be asked.")
    mode: Text = Field(description="How they answered, such as 'online and on paper'.")
    audience: Literal["residents", "groups"] = "residents"
    files: list[SurveyFile] = Field(min_length=1)
    missing: Codes = Field(default=[], description="Codes for no answer, in every column.")
    prefer_not_to_say: Codes = Field(default=[], description="Codes in every column.")
    dont_know: Codes = Field(default=[], description="Codes in every column.")
    characteristics: list[CharacteristicColumn] = Field(default=[])
    questions: list[QuestionColumn] = Field(min_length=1)
    weights: Weighting | None = None

    @property
    def waves(self) -> tuple[str, ...]:
        """The waves in the order of the files."""
        return tuple(dict.fromkeys(file.wave for file in self.files))


def read_mapping(path: Path) -> tuple[SurveyMapping, Lines]:
    """Return the mapping file, and the line of each of its keys for later messages.

    Raises
    ------
    ParameterError
        With all that is wrong with it, each with its line. Wordings and labels are printed, so
        personal details are refused, which no problem repeats.
    """
    raw = read_yaml(path)
    lines = dict(walk_lines(raw))
    plain = to_plain(raw)
    problems = [replace(one, file=path) for one in _find_personal(plain, lines)]
    try:
        mapping = SurveyMapping.model_validate(plain)
    except ValidationError as error:
        problems += [describe_error(path, lines, item, SurveyMapping) for item in error.errors()]
    if problems:
        raise ParameterError(hide_personal(problems))
    return mapping, lines


def _find_personal(node: Any, lines: Lines, place: tuple[str | int, ...] = ()) -> Iterator[Problem]:
    """Yield a problem for each text that seems to hold a personal detail: labels are keys too."""
    pairs = node.items() if isinstance(node, dict) else enumerate(node)
    for key, value in pairs:
        inner = (*place, key)
        line = next(
            (lines[inner[:n]] for n in range(len(inner), 0, -1) if inner[:n] in lines), None
        )
        texts = [str(part) for part in (key, value) if isinstance(part, (str, int))]
        # Where a file lies is not printed.
        found = [refuse_personal("this line", text) for text in texts if key != "path"]
        yield from (replace(one, line=line) for one in found[:2] if one)
        if isinstance(value, (dict, list)):
            yield from _find_personal(value, lines, inner)


def find_heading(headings: Headings | None, wave: str) -> str | None:
    """Return the heading of one wave, or None where the question was not in it."""
    if headings is None:
        return None
    return headings.get(wave, headings.get(EVERY_WAVE))
