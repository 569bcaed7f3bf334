"""A workbook taken back into the area's own plan and log."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from cip.errors import ParameterError, Problem
from cip.framework.action_columns import list_action_columns, list_log_columns
from cip.framework.action_reading import read_action_plan
from cip.interactive.action_changes import ACTIONS, LOG, PlanChanges, plan_changes
from cip.interactive.action_merge import merge_rows, open_csv
from cip.interactive.asset_changes import propose_path
from cip.report.actions_xlsx import read_sheet

if TYPE_CHECKING:
    from cip.params import ParameterFile


def plan_import(
    file: ParameterFile,
    workbook: Path,
    *,
    today: date,
    recommendations: Collection[str] | None = None,
) -> PlanChanges:
    """Work out how the plan and its log would change; nothing is written.

    What the workbook leaves as it was stays byte for byte. A workbook without a log leaves the
    log alone.

    Parameters
    ----------
    workbook
        As `cip.report.actions_xlsx.write_plan_workbook` makes it, changed by people.
    today
        Date of the report.
    recommendations
        Ids that an action may carry out; None where they are not known.

    Raises
    ------
    ParameterError
        With every problem of the workbook by sheet, row and column, or if the area's plan is a
        workbook itself.
    """
    paths = {name: propose_path(file, name) for name in (ACTIONS, LOG)}
    for path in paths.values():
        if path.suffix.casefold() != ".csv":
            problem = "only CSV files are changed from here"
            expected = "a .csv file, or the workbook itself named in the parameter file"
            raise ParameterError(Problem(problem, file=path, expected=expected))
    told = read_sheet(workbook, list_log_columns())
    log = workbook if told is not None else file.resolve_input(LOG)
    read_action_plan(workbook, log, today=today, recommendations=recommendations)
    actions = read_sheet(workbook, list_action_columns())
    assert actions is not None  # It was read, so that its columns are there.
    after = merge_rows(open_csv(paths[ACTIONS], actions.columns), actions.rows, key="id")
    after_log = None
    if told is not None and (told.rows or paths[LOG].exists()):
        after_log = merge_rows(open_csv(paths[LOG], told.columns), told.rows)
    return plan_changes(file, actions=after, log=after_log)
