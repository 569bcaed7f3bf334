"""One area's evaluation, read from its inputs and measured by the tables of the chapters before."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import pandas as pd

from cip.catalogue import load_indicators
from cip.display.cited_text import name_cited
from cip.evidence.ledger import read_parts
from cip.framework.outcomes import Measured
from cip.framework.outcomes_together import (
    EVALUATION_INPUTS,
    Evaluation,
    read_evaluation,
    read_names,
    tabulate_evaluation,
)
from cip.workspace import Workspace

#: Inputs that are linked with, and their headings of id and words, by kind.
_NAMED = {
    "recommendation": ("recommendations", "id", "recommendation"),
    "action": ("actions", "id", "action"),
    "grant": ("grants", "grant_id", "project"),
    "outcome": ("outcomes", "id", "outcome"),
    "kpi": ("kpis", "kpi", "label"),
}
_CITATION = re.compile(r"\s*\[[a-z]+:[^\]]+\]")


@dataclass(frozen=True)
class AreaEvaluation:
    """One area's evaluation, read and measured.

    Parameters
    ----------
    inputs
        What the files hold.
    tables
        The hand-over tables by name: logic_nodes, logic_edges, outcomes, kpis, kpi_values, effects,
        each where its input was given.
    names
        Words of recommendations, actions, grants, outcomes and indicators of progress.
    labels
        Names of the ledger's entries.
    """

    workspace: Workspace
    inputs: Evaluation
    tables: dict[str, pd.DataFrame] = field(repr=False)
    names: dict[str, dict[str, str]] = field(repr=False)
    labels: dict[str, str] = field(repr=False)


def open_evaluation(workspace: Workspace) -> AreaEvaluation:
    """Read the four inputs of evaluation, as far as they are given, and measure what changed.

    Raises
    ------
    ParameterError
        With every problem of every file.
    """
    paths = {name: workspace.file.resolve_input(name) for name in EVALUATION_INPUTS}
    names = {kind: _name(workspace, *headings) for kind, headings in _NAMED.items()}
    known: dict[str, list[str]] = {"indicators": list(load_indicators())}
    for kind in ("recommendation", "action", "grant"):
        if workspace.file.resolve_input(_NAMED[kind][0]) is not None:
            known[f"{kind}s"] = list(names[kind])
    measured = read_measured(workspace)
    today = workspace.today
    inputs = read_evaluation(paths, today=today, known=known, measured=measured)
    tables = tabulate_evaluation(
        inputs, measured, today=today, least_people=workspace.params.engagement.least_people
    )
    return AreaEvaluation(
        workspace, inputs, tables, names, name_cited(read_parts(workspace.tables))
    )


def read_measured(workspace: Workspace) -> Measured:
    """Return the tables of the chapters before that outcomes can be taken from."""
    names = ("answers", "answer_changes", "sector", "indicators")
    return Measured(*(workspace.read(n) if workspace.tables.has(n) else None for n in names))


def _name(workspace: Workspace, name: str, column: str, words: str) -> dict[str, str]:
    found = read_names(workspace.file.resolve_input(name), column, words)
    return {one: _shorten(text) for one, text in found.items()}


def _shorten(text: str) -> str:
    """Return the first sentence of a text, without what it cites."""
    plain = _CITATION.sub("", text)
    return re.split(r"(?<=[.!?])\s+(?=[A-Z])", plain, maxsplit=1)[0].rstrip(".")
