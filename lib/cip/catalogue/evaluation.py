"""How change is judged (``evaluation.toml``): goals, questions, kinds of a logic model, stages."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from cip.catalogue.building_blocks import Citation
from cip.catalogue.programme import load_programme_plan
from cip.catalogue.questions import BankQuestion, load_goals, load_questions


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Example(_Entry):
    """Figures of the source's example of results after two or three years; not a target."""

    before: str = ""
    after: str
    of: str


class Goal(_Entry):
    """One of the six goals; ``label`` comes from the question bank.

    Parameters
    ----------
    meaning
        What would be different.
    kind
        What kind of measure the source proposes.
    otherwise
        How it could be measured without a survey.
    """

    label: str
    meaning: str
    kind: str
    examples: tuple[Example, ...] = ()
    otherwise: str


class Question(_Entry):
    """One of the framework's four questions; ``bank`` are questions of a survey that answer it."""

    label: str = Field(pattern=r"\?$")
    bank: tuple[str, ...] = Field(min_length=1)
    otherwise: str


class NodeKind(_Entry):
    """A kind of box in a logic model; what leads to what runs in the order of the kinds."""

    label: str
    singular: str
    meaning: str


class ProgressStage(_Entry):
    """One stage of an area's programme, with examples of what shows progress in it."""

    number: int = Field(gt=0)
    label: str
    months: int = Field(gt=0)
    meaning: str
    kpis: tuple[str, ...]


class Bases(_Entry):
    """From which base on a figure is shown, and what may be tested."""

    residents: int
    years: int
    least: int
    flag_below: int
    groups: str


@cache
def load_outcome_goals() -> dict[str, Goal]:
    """Return the six goals by id, in their order.

    Raises
    ------
    ValueError
        If the goals are not those of the question bank.
    """
    entries, labels = _load()["goals"], load_goals()
    if list(entries) != list(labels):
        raise ValueError("evaluation.toml: the goals are not those of questions.toml")
    return {name: Goal(label=labels[name], **entry) for name, entry in entries.items()}


@cache
def load_evaluation_questions() -> dict[str, Question]:
    """Return the framework's four questions by id, in their order.

    Raises
    ------
    ValueError
        If one names a question that the bank does not have.
    """
    found = {name: Question.model_validate(e) for name, e in _load()["questions"].items()}
    wrong = [one for entry in found.values() for one in entry.bank if one not in load_questions()]
    if wrong:
        raise ValueError(f"evaluation.toml: these are no questions of the bank: {wrong}")
    return found


@cache
def load_node_kinds() -> dict[str, NodeKind]:
    """Return the kinds of a logic model by id, from what is put in to what it adds up to."""
    return {name: NodeKind.model_validate(entry) for name, entry in _load()["kinds"].items()}


@cache
def load_progress_stages() -> dict[str, ProgressStage]:
    """Return the stages of an area's programme by id, in their order.

    Raises
    ------
    ValueError
        If they are not those of ``programme.toml``.
    """
    entries, plans = _load()["stages"], load_programme_plan().stages
    if list(entries) != list(plans):
        raise ValueError("evaluation.toml: the stages are not those of programme.toml")
    return {
        name: ProgressStage(
            number=number,
            label=plans[name].label,
            months=plans[name].months,
            meaning=plans[name].meaning,
            kpis=entries[name]["kpis"],
        )
        for number, name in enumerate(entries, start=1)
    }


@cache
def load_bases() -> Bases:
    """Return the least bases of a figure of change."""
    return Bases.model_validate(_load()["bases"])


def list_questions_of_goal(goal: str) -> list[BankQuestion]:
    """Return the questions of the bank that measure a goal."""
    return [one for one in load_questions().values() if one.goal == goal]


def cite_evaluation(source: str) -> str:
    """Return the source line of ``handbook`` or ``framework``."""
    return Citation.model_validate(_load()["sources"][source]).line


@cache
def _load() -> dict[str, Any]:
    text = resources.files("cip.catalogue").joinpath("evaluation.toml").read_text("utf-8")
    return tomllib.loads(text)
