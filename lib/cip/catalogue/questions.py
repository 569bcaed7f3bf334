"""Question bank (``questions.toml``): our own wordings, with what each measures and compares with."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from cip.catalogue.building_blocks import load_topics

QuestionKind = Literal["single", "multiple", "likert", "number", "text", "before_after"]
_ID = r"^[a-z][a-z0-9_]*$"


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Scale(_Entry):
    """Answers in their order, and those that are also counted together."""

    answers: dict[str, str] = Field(min_length=2, description="Answer id: label, in order.")
    nets: dict[str, tuple[str, ...]] = {}
    net_labels: dict[str, str] = {}

    @model_validator(mode="after")
    def _check_nets(self) -> Scale:
        wrong = [a for net in self.nets.values() for a in net if a not in self.answers]
        members = [a for net in self.nets.values() for a in net]
        if wrong or len(set(members)) < len(members) or set(self.nets) != set(self.net_labels):
            raise ValueError(f"nets name answers that are not there, or one twice: {wrong}")
        return self


class SourceSurvey(_Entry):
    """A survey that asks about the same thing, so that its figures may stand beside ours."""

    label: str
    publisher: str
    mode: str = Field(description="How its people answered.")
    url: str = ""


class Benchmark(_Entry):
    """A published national figure beside which an answer may be set.

    Parameters
    ----------
    answers
        Answers of ours that the figure counts together; the share of these is comparable.
    percent
        Percentage of adults in England.
    mode
        How they were asked. Another mode than ours moves answers by itself.
    mode_difference
        What to say of it.
    """

    question: str
    year: str
    percent: float = Field(ge=0, le=100)
    answers: tuple[str, ...] = Field(min_length=1)
    area: str
    mode: str
    mode_difference: str = Field(pattern=r"\.$")
    source: str


class BankQuestion(_Entry):
    """A question that a survey can take over.

    Parameters
    ----------
    wording
        Our own words. They ask after the same thing as the source survey does, not in its words.
    topic
        Building block of health.
    goal
        Goal of community development that it measures, if any.
    of
        What a before/after pair consists of.
    scale
        Name of a shared scale; otherwise ``answers`` are its own.
    high_is_good
        Whether much of the first answers, or a high number, is good; None where neither is.
    source
        Survey that asks about the same thing; empty where there is none.
    """

    id: str = Field(pattern=_ID)
    audience: Literal["residents", "groups"]
    topic: str
    goal: str = ""
    wording: str = Field(min_length=8, max_length=240)
    kind: QuestionKind
    of: Literal["single", "likert", "number"] | None = None
    scale: str = ""
    answers: dict[str, str] = {}
    nets: dict[str, tuple[str, ...]] = {}
    net_labels: dict[str, str] = {}
    unit: str = ""
    least: float | None = None
    most: float | None = None
    high_is_good: bool | None = None
    source: str = ""

    @model_validator(mode="after")
    def _check_answers(self) -> BankQuestion:
        needs = self.kind in ("single", "multiple", "likert") or self.of in ("single", "likert")
        if (self.kind == "before_after") != (self.of is not None):
            raise ValueError("'of' belongs to a before/after pair, and only to that")
        if needs != bool(self.answers):
            raise ValueError(f"a {self.kind} question {'needs' if needs else 'has no'} answers")
        if (self.kind == "number" or self.of == "number") != bool(self.unit):
            raise ValueError("a number needs a unit, and nothing else has one")
        return self


@cache
def load_questions() -> dict[str, BankQuestion]:
    """Return the question bank by id, in reading order.

    Raises
    ------
    ValueError
        If a question names a topic, goal, scale or source that is not there, or two questions
        have one wording.
    """
    raw, questions = _read(), {}
    for name, entry in raw["questions"].items():
        entry = dict(entry)
        if scale := entry.get("scale"):
            if scale not in load_scales():
                raise ValueError(f"questions.toml: {name} names the unknown scale '{scale}'")
            entry = {**load_scales()[scale].model_dump(), **entry}
        question = BankQuestion.model_validate({"id": name, **entry})
        wrong = [question.topic] if question.topic not in load_topics() else []
        wrong += [question.goal] if question.goal and question.goal not in load_goals() else []
        wrong += [question.source] if question.source and question.source not in _sources() else []
        if wrong:
            raise ValueError(f"questions.toml: {name} names what is not there: {wrong}")
        questions[name] = question
    wordings = [question.wording.casefold() for question in questions.values()]
    if len(set(wordings)) < len(wordings):
        raise ValueError("questions.toml: two questions have the same wording")
    return questions


@cache
def load_benchmarks() -> tuple[Benchmark, ...]:
    """Return the national figures beside which answers may be set, in the order of the file.

    Raises
    ------
    ValueError
        If one names a question or an answer that is not there.
    """
    benchmarks = tuple(Benchmark.model_validate(entry) for entry in _read()["benchmarks"])
    for one in benchmarks:
        question = load_questions().get(one.question)
        known = set() if question is None else {*question.answers, *question.nets}
        if not set(one.answers) <= known:
            raise ValueError(f"questions.toml: a benchmark of {one.question} fits no answer of it")
    return benchmarks


def list_benchmarks(question: str) -> list[Benchmark]:
    """Return the national figures of one question of the bank, the latest year first."""
    found = [one for one in load_benchmarks() if one.question == question]
    return sorted(found, key=lambda one: one.year, reverse=True)


@cache
def load_scales() -> dict[str, Scale]:
    """Return the shared scales by name."""
    return {name: Scale.model_validate(entry) for name, entry in _read()["scales"].items()}


@cache
def load_goals() -> dict[str, str]:
    """Return the six goals of community development: id and label."""
    return dict(_read()["goals"])


@cache
def load_source_surveys() -> dict[str, SourceSurvey]:
    """Return the surveys that the bank's questions compare with, by id."""
    return {name: SourceSurvey.model_validate(e) for name, e in _read()["sources"].items()}


def _sources() -> dict[str, SourceSurvey]:
    return load_source_surveys()


@cache
def _read() -> dict[str, Any]:
    text = resources.files("cip.catalogue").joinpath("questions.toml").read_text("utf-8")
    return tomllib.loads(text)
