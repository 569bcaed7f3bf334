"""The four inputs of evaluation read together, so that every mistake of all of them is one list."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TypeVar

import pandas as pd

from cip.errors import ParameterError, Problem
from cip.framework.effects import read_effects, tidy_effects
from cip.framework.kpis import read_kpis, tidy_kpi_values, tidy_kpis
from cip.framework.logic_model import KnownIds, LogicModel, read_logic_model
from cip.framework.logic_model_tables import tidy_edges, tidy_nodes
from cip.framework.outcomes import Measured, measure_outcomes, read_outcomes
from cip.inputs.columns import fold_name
from cip.inputs.files import read_rows

T = TypeVar("T")
#: Inputs of evaluation, by their names in the parameter file.
EVALUATION_INPUTS = ("logic_model", "outcomes", "kpis", "effects")


@dataclass(frozen=True)
class Evaluation:
    """What the inputs hold; None for one that was not given."""

    model: LogicModel | None = None
    outcomes: pd.DataFrame | None = field(default=None, repr=False)
    kpis: pd.DataFrame | None = field(default=None, repr=False)
    effects: pd.DataFrame | None = field(default=None, repr=False)
    files: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether no input was given."""
        return not self.files


def read_evaluation(
    paths: Mapping[str, Path | None],
    *,
    today: date,
    known: KnownIds | None = None,
    measured: Measured | None = None,
) -> Evaluation:
    """Read the inputs of evaluation that are given.

    Parameters
    ----------
    paths
        Path of each of `EVALUATION_INPUTS`; None or left out where there is none.
    today
        Date of the report.
    known
        Ids of recommendations, actions, grants and indicators, by those names; what is left out
        is not checked. Those of outcomes and indicators of progress are read from their files.
    measured
        Tables that outcomes are taken from.

    Raises
    ------
    ParameterError
        With every problem of every file, the files one after the other.
    """
    given = {name: path for name in EVALUATION_INPUTS if (path := paths.get(name)) is not None}
    ids = dict(known or {})
    ids["outcomes"] = list(read_names(given.get("outcomes"), "id", "outcome"))
    ids["kpis"] = list(read_names(given.get("kpis"), "kpi", "label"))
    readers: dict[str, Callable[[Path], object]] = {
        "logic_model": lambda path: read_logic_model(path, known=ids),
        "outcomes": lambda path: read_outcomes(path, today=today, known=ids, measured=measured),
        "kpis": lambda path: read_kpis(path, today=today, known=ids),
        "effects": lambda path: read_effects(path, today=today, known=ids),
    }
    problems: list[Problem] = []
    held: dict[str, object] = {}
    for name, path in given.items():
        try:
            held[name] = readers[name](path)
        except ParameterError as error:
            problems += error.problems
    if problems:
        raise ParameterError(problems)
    names = {name: path.name for name, path in given.items()}
    return Evaluation(held.get("logic_model"), *(held.get(name) for name in EVALUATION_INPUTS[1:]),
                      files=names)  # type: ignore[arg-type]  # fmt: skip


def read_names(path: Path | None, column: str, words: str) -> dict[str, str]:
    """Return the ids of a file with their words, even where the rest of the file is wrong.

    Parameters
    ----------
    path
        A CSV or XLSX file; None where there is none.
    column, words
        Headings of the ids and of the words that stand for them. The first words count.
    """
    if path is None:
        return {}
    try:
        rows = read_rows(path, [column, words]).cells
    except ParameterError:
        return {}  # Told when the file itself is read.
    headings = [fold_name(heading) for heading in rows[0][1]] if rows else []
    if column not in headings or words not in headings:
        return {}
    places = headings.index(column), headings.index(words)
    found: dict[str, str] = {}
    for _, cells in rows[1:]:
        name, text = (cells[p].strip() if p < len(cells) else "" for p in places)
        if name:
            found.setdefault(name, text)
    return found


def tabulate_evaluation(
    evaluation: Evaluation, measured: Measured, *, today: date, least_people: int
) -> dict[str, pd.DataFrame]:
    """Return the hand-over tables of what was given, by name."""
    tables = {}
    if evaluation.model is not None:
        tables["logic_nodes"] = tidy_nodes(evaluation.model)
        tables["logic_edges"] = tidy_edges(evaluation.model)
    if evaluation.outcomes is not None:
        tables["outcomes"] = measure_outcomes(
            evaluation.outcomes, measured, least_people=least_people,
            file=evaluation.files["outcomes"],
        )  # fmt: skip
    if evaluation.kpis is not None:
        tables["kpis"] = tidy_kpis(evaluation.kpis, today=today, least_people=least_people)
        tables["kpi_values"] = tidy_kpi_values(evaluation.kpis, least_people=least_people)
    if evaluation.effects is not None:
        tables["effects"] = tidy_effects(evaluation.effects)
    return tables
