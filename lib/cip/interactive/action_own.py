"""The area's own action plan and log: updates added to the log, with the status kept in step."""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from cip.errors import ParameterError, Problem
from cip.framework.action_checks import find_latest
from cip.framework.action_columns import list_action_columns, list_log_columns
from cip.framework.action_reading import ActionPlan, read_action_plan
from cip.inputs import Column
from cip.interactive.action_changes import ACTIONS, LOG, PlanChanges, plan_changes
from cip.interactive.action_merge import append_rows, change_cells, open_csv
from cip.interactive.asset_changes import propose_path
from cip.interactive.asset_form import check_cells

if TYPE_CHECKING:
    from cip.params import ParameterFile

_WORKBOOKS = (".xlsx", ".xlsm")


def list_update_columns() -> dict[str, Column]:
    """Return the columns of the form for an update."""
    columns = list_log_columns()
    return {name: columns[name] for name in ("status", "on", "by", "note")}


@dataclass(frozen=True)
class OwnPlan:
    """The area's own plan, as far as it is changed from the editor.

    Parameters
    ----------
    file
        The parameter file: it names the plan, and the log or will.
    today
        Date of the report: no update may be later.
    recommendations, assets
        Ids that the plan may name; None where they are not known.
    """

    file: ParameterFile
    today: date
    recommendations: Collection[str] | None = None
    assets: Collection[str] | None = None

    @property
    def paths(self) -> tuple[Path, Path]:
        """Where the plan and its log are, or where they would be made."""
        return propose_path(self.file, ACTIONS), propose_path(self.file, LOG)

    @property
    def is_workbook(self) -> bool:
        """True where one of them is an XLSX workbook, which is never changed from here."""
        return any(path.suffix.casefold() in _WORKBOOKS for path in self.paths)

    def read(self) -> ActionPlan:
        """Read both as they are on disk now.

        Raises
        ------
        ParameterError
            With every problem of both.
        """
        return self._read(*self.paths)

    def _read(self, actions: Path, log: Path) -> ActionPlan:
        return read_action_plan(
            actions,
            log if log.exists() else None,
            today=self.today,
            recommendations=self.recommendations,
            assets=self.assets,
        )

    def check_update(self, action_id: str, cells: Mapping[str, str]) -> dict[str, str]:
        """Return an update as it would stand in the log.

        Raises
        ------
        ParameterError
            With every cell that is not what its column holds, or if it is later than the report.
        """
        written = check_cells(cells, list_update_columns())
        if written["on"] > self.today.isoformat():
            problem = "this day is later than the day of the report"
            expected = f"{self.today.isoformat()} or earlier"
            raise ParameterError(Problem(problem, column="On", expected=expected))
        return {"action": action_id, **written}

    def plan_updates(self, updates: Sequence[Mapping[str, str]]) -> PlanChanges:
        """Work out the log with more updates, and the plan with the status that follows.

        Parameters
        ----------
        updates
            As `check_update` gives them.

        Raises
        ------
        ParameterError
            If there is none, or with all that would be wrong with either file.
        """
        if not updates:
            raise ParameterError("no update has been noted yet, so there is nothing to write")
        actions, log = self.paths
        after_log = append_rows(open_csv(log, list_log_columns()), updates)
        after_actions = change_cells(
            open_csv(actions, list_action_columns()), self._list_statuses(updates)
        )
        self._check(after_actions, after_log)
        return plan_changes(self.file, actions=after_actions, log=after_log)

    def _list_statuses(self, updates: Sequence[Mapping[str, str]]) -> dict[int, dict[str, str]]:
        """Return the cells of the plan that change: its status is that of the latest update."""
        plan = self.read()
        rows = plan.actions.set_index("id")
        latest = {
            str(name): (item["on"].date().isoformat(), str(item["status"]))
            for name, item in find_latest(plan.log).iterrows()
        }
        for update in updates:
            # ISO days sort as they are; of one day, what is noted last counts.
            if update["on"] >= latest.get(update["action"], ("", ""))[0]:
                latest[update["action"]] = (update["on"], update["status"])
        changed: dict[int, dict[str, str]] = {}
        for name in dict.fromkeys(update["action"] for update in updates):
            if name not in rows.index:
                problem = "this plan no longer has the action; open the editor again"
                raise ParameterError(Problem(problem, file=self.paths[0].name, found=name))
            if rows.at[name, "status"] != latest[name][1]:
                changed[int(rows.at[name, "row"])] = {"status": latest[name][1]}
        return changed

    def _check(self, actions: bytes, log: bytes) -> None:
        """Read the new content as the notebook would, and refuse what it would refuse."""
        with tempfile.TemporaryDirectory() as scratch:
            paths = [Path(scratch, path.name) for path in self.paths]
            for path, content in zip(paths, (actions, log), strict=True):
                path.write_bytes(content)
            try:
                self._read(*paths)
            except ParameterError as error:
                named = [replace(p, file=Path(str(p.file)).name) for p in error.problems]
                raise ParameterError(named) from None

    def copy_updates(self, updates: Sequence[Mapping[str, str]]) -> str:
        """Return what to paste and type into a workbook: rows of the log, and new statuses.

        Raises
        ------
        ParameterError
            If there is no update.
        """
        if not updates:
            raise ParameterError("no update has been noted yet, so there is nothing to copy")
        names = list(list_log_columns())
        lines = ["\t".join(names)]
        lines += ["\t".join(" ".join(u[name].split()) for name in names) for u in updates]
        lines += [
            f"plan, row {row}: status\t{cells['status']}"
            for row, cells in self._list_statuses(updates).items()
        ]
        return "\n".join(lines)
