"""``logic_model.yml``: what leads to what, and why, read with every mistake told at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError

from cip.errors import ParameterError, Problem
from cip.framework.scoring_model import Day, Part, ShortId
from cip.inputs import find_person
from cip.param_models import LongText, Text
from cip.yaml_file import Lines, describe_error, read_yaml, to_plain, walk_lines

#: What a box may be linked with, by the key of the file, and the kind of the thing.
LINKS: dict[str, str] = {
    "recommendations": "recommendation",
    "actions": "action",
    "grants": "grant",
    "indicators": "indicator",
    "outcomes": "outcome",
    "kpis": "indicator of progress",
}
#: Ids that may be linked with, by the key of the file; a key that is not there is not checked.
KnownIds = Mapping[str, Collection[str]]


class Node(Part):
    """One box of the model."""

    id: ShortId
    kind: Literal["input", "activity", "output", "outcome", "impact"]
    words: Text = Field(description="What stands in the box, as a short phrase.")
    assumption: LongText | None = Field(default=None, description="What it takes for granted.")
    external: LongText | None = Field(
        default=None, description="What helps or hinders it from outside."
    )
    recommendations: list[Text] = Field(default=[], description="Ids that it follows from.")
    actions: list[Text] = Field(default=[], description="Ids of the plan that carry it out.")
    grants: list[Text] = Field(default=[], description="Ids of the grants that pay for it.")
    indicators: list[Text] = Field(default=[], description="Ids of published figures.")
    outcomes: list[Text] = Field(default=[], description="Ids of outcomes.csv that measure it.")
    kpis: list[Text] = Field(default=[], description="Ids of kpis.csv that measure it.")

    def list_links(self, key: str) -> list[str]:
        """Return the ids under one key of `LINKS`."""
        return list(getattr(self, key))

    @property
    def is_measured(self) -> bool:
        """Whether anything measures it."""
        return bool(self.indicators or self.outcomes or self.kpis)

    @property
    def is_carried_out(self) -> bool:
        """Whether an action or a grant carries it out."""
        return bool(self.actions or self.grants)


class Edge(Part):
    """One arrow: what leads to what, and why one thinks so."""

    from_: Text = Field(alias="from")
    to: Text
    why: LongText | None = None


class LogicFile(Part):
    """The whole file."""

    title: Text | None = Field(default=None, description="What the model is of.")
    starts: Day | None = Field(default=None, description="First day of the programme.")
    nodes: list[Node] = Field(min_length=1)
    edges: list[Edge] = Field(default=[])


@dataclass(frozen=True)
class LogicModel:
    """The model as read: what it says, where it is, and on which lines."""

    content: LogicFile
    path: Path
    lines: Lines = field(repr=False)

    @property
    def nodes(self) -> list[Node]:
        """The boxes, in the order of the file."""
        return self.content.nodes

    @property
    def edges(self) -> list[Edge]:
        """The arrows, in the order of the file."""
        return self.content.edges

    def find_line(self, *place: str | int) -> int | None:
        """Return the line of a place, or of what it stands in."""
        parts = (place[:n] for n in range(len(place), 0, -1))
        return next((self.lines[part] for part in parts if part in self.lines), None)


def read_logic_model(path: Path, *, known: KnownIds | None = None) -> LogicModel:
    """Read the model.

    Parameters
    ----------
    path
        ``logic_model.yml``.
    known
        Ids that a box may be linked with, by key: recommendations, actions, grants, indicators,
        outcomes, kpis. What is left out is not checked.

    Raises
    ------
    ParameterError
        With every problem of the file by line: its form, an id that stands twice or is not known,
        an arrow that runs backwards between kinds, a loop told as its path, a person's name.
    """
    from cip.framework.logic_model_checks import check_model

    raw = read_yaml(path)
    lines = dict(walk_lines(raw))
    try:
        content = LogicFile.model_validate(to_plain(raw))
    except ValidationError as error:
        found = [describe_error(path, lines, item, LogicFile) for item in error.errors()]
        raise ParameterError(sorted(map(_tidy, found), key=lambda p: p.line or 0)) from None
    model = LogicModel(content, path, lines)
    if problems := check_model(model, known or {}):
        raise ParameterError(problems)
    return model


def _tidy(problem: Problem) -> Problem:
    """Name a key as the file has it, and repeat nothing that seems to be a person's name."""
    expected = problem.expected and problem.expected.replace("from_", "from")
    found = None if problem.found and find_person(problem.found) else problem.found
    return replace(problem, expected=expected, found=found)
