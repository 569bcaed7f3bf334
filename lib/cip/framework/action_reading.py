"""The action plan and its log read together, with every mistake of both files told at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import pandas as pd

from cip.errors import ParameterError, Problem
from cip.framework.action_checks import (
    check_action_rows,
    check_links,
    check_log_rows,
    check_together,
)
from cip.framework.action_columns import list_action_columns, list_log_columns
from cip.inputs import Column, read_table
from cip.inputs.columns import CellError, fold_name, read_cell
from cip.inputs.files import read_rows

_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_DAY_EXPECTED = "year-month-day, such as 2026-03-31"
Check = Callable[[pd.DataFrame], Iterator[Problem]]


@dataclass(frozen=True)
class ActionPlan:
    """The plan as its files have it.

    Parameters
    ----------
    actions
        One row per action, in the order of the file: the declared columns and ``row``.
    log
        One row per update, in the order of the file: the declared columns and ``row``.
    today
        Day from which deadlines are measured.
    file
        Name of the file of actions.
    """

    actions: pd.DataFrame = field(repr=False)
    log: pd.DataFrame = field(repr=False)
    today: date
    file: str = "actions.csv"


def read_action_plan(
    actions: Path,
    log: Path | None = None,
    *,
    today: date,
    recommendations: Collection[str] | None = None,
    assets: Collection[str] | None = None,
) -> ActionPlan:
    """Read the plan and its log.

    Parameters
    ----------
    actions, log
        ``actions.csv`` and ``action_log.csv``, or workbooks with such a sheet; None where no log
        is kept.
    today
        Date of the report: no update and no review may be later.
    recommendations
        Ids that an action may carry out; None where they are not known, and then none is checked.
    assets
        Evidence ids of assets; None where they are not known.

    Raises
    ------
    ParameterError
        With every problem of both files: a due day before the start, a status, recommendation,
        asset or action that is not known, an update in the future or from before the start, a
        status that the log contradicts, a person's name, a day in another form, doubles.
    """
    plan, problems = _read(
        actions, list_action_columns(), lambda table: check_action_rows(table, today)
    )
    updates, found = None, []
    if log is not None:
        updates, found = _read(log, list_log_columns(), lambda t: check_log_rows(t, today))
    if plan is not None:
        problems += _place(actions, check_links(plan, recommendations, assets), problems)
        if updates is not None:
            of_plan, of_log = check_together(plan, updates)
            problems += _place(actions, of_plan, problems)
            found += _place(log, of_log, found)
    if told := [*_sort(problems), *_sort(found)]:
        raise ParameterError(told)
    assert plan is not None
    if updates is None:
        updates = _make_empty(list_log_columns())
    return ActionPlan(plan, updates, today, actions.name)


def read_actions(path: Path, *, today: date) -> pd.DataFrame:
    """Read a version of the plan by itself: one row per action, with ``row``.

    Raises
    ------
    ParameterError
        With every problem of the file but those of what it names elsewhere.
    """
    return read_action_plan(path, today=today).actions


def _read(
    path: Path, columns: dict[str, Column], check: Check
) -> tuple[pd.DataFrame | None, list[Problem]]:
    """Return a table as far as it can be read, and what is wrong with it.

    The table is None where it has no columns to speak of.
    """
    held: list[pd.DataFrame] = []

    def keep(table: pd.DataFrame) -> Iterator[Problem]:
        held.append(table)
        yield from check(table)
        yield from find_other_days(path, columns)

    try:
        return read_table(path, columns, check=keep), []
    except ParameterError as error:
        return (held[0] if held else None), list(error.problems)


def find_other_days(path: Path, columns: dict[str, Column]) -> Iterator[Problem]:
    """Yield a problem for each day that is written in another way than year-month-day.

    Elsewhere a day may be written as people do; a plan that several organisations keep has one
    way, because 6/10 is two days.
    """
    rows = read_rows(path, columns).cells
    headings = [fold_name(heading) for heading in rows[0][1]]
    days = {name: column for name, column in columns.items() if column.kind == "date"}
    for row, cells in rows[1:]:
        for name, column in days.items():
            place = headings.index(fold_name(name))
            text = cells[place].strip() if place < len(cells) else ""
            if not text or _ISO_DAY.fullmatch(text):
                continue
            try:
                read = read_cell(text, column)
            except CellError:
                continue  # Told already: this is no day at all.
            yield Problem(
                "this day is written in another way, so that day and month may be mixed up",
                row=row,
                column=name,
                found=text,
                expected=_DAY_EXPECTED,
                nearest=read.isoformat() if isinstance(read, date) else None,
            )


def _place(path: Path | None, found: Iterable[Problem], told: list[Problem]) -> list[Problem]:
    """Return problems with their file and sheet, but for cells of which one is told already."""
    known = {(problem.row, problem.column) for problem in told}
    sheet = next((problem.sheet for problem in told if problem.sheet), None)
    return [
        replace(problem, file=path, sheet=sheet)
        for problem in found
        if (problem.row, problem.column) not in known
    ]


def _sort(problems: list[Problem]) -> list[Problem]:
    return sorted(problems, key=lambda problem: problem.row or 0)


def _make_empty(columns: dict[str, Column]) -> pd.DataFrame:
    kinds = {name: "datetime64[s]" if c.kind == "date" else "str" for name, c in columns.items()}
    table = pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in kinds.items()})
    return table.assign(row=pd.Series(dtype="int64"))
