"""What the areas of a programme have left in their folders: only tables of their own runs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from cip.errors import CipError, Problem
from cip.framework.programme_plan import AreaPlan, ProgrammeFile
from cip.tables import TableFolder

#: Tables that a programme looks at; an area need not have all of them.
WANTED = (
    "indicators", "actions", "action_log", "grants", "outcomes", "kpis", "kpi_values",
    "recommendations", "evidence_assets", "assets", "reach", "respondents",
)  # fmt: skip
#: The page of an area that actions, grants and outcomes stand on.
SUMMARY_PAGE = "reports/stages/05_summary.html"

State = Literal["ready", "no profile", "not usable"]


@dataclass(frozen=True)
class AreaOutputs:
    """One area with what its own run has left.

    Parameters
    ----------
    state
        ``ready``; ``no profile`` where it has not been run; ``not usable`` where its parameter
        file or its tables cannot be read.
    message
        What the reader is told of it; empty where all is well.
    problems
        What the caller is told where it is not usable.
    record
        Its ``run.json``.
    tables
        Its hand-over tables, by name, as far as it has them.
    has_page
        Whether there is a page to link to.
    """

    plan: AreaPlan
    state: State
    message: str = ""
    problems: tuple[Problem, ...] = ()
    record: Mapping[str, Any] = field(default_factory=dict, repr=False)
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict, repr=False)
    has_page: bool = False

    @property
    def id(self) -> str:
        """Id of the area."""
        return self.plan.id

    @property
    def title(self) -> str:
        """Name of the area: the run's own where there is one."""
        return str(self.record.get("title") or self.plan.title)

    @property
    def report_date(self) -> str:
        """Day of its report, ISO; empty where it has none."""
        return str(self.record.get("report_date") or "")

    @property
    def version(self) -> str:
        """Version and status of its profile, as in ``0.1, draft``; empty where it is not told."""
        values = self.record.get("parameters", {}).get("values", {})
        held = values.get("publication") or {}
        return ", ".join(str(held[name]) for name in ("version", "status") if held.get(name))

    def read(self, name: str) -> pd.DataFrame | None:
        """Return one of its tables; None where it has none."""
        return self.tables.get(name)

    def count_residents(self) -> int | None:
        """Return how many people live there; None where that is not known."""
        table = self.read("indicators")
        if table is None:
            return None
        own = table[(table["indicator_id"] == "population") & (table["area_role"] == "profile")]
        own = own[own["value"].notna()].sort_values("period")
        return None if own.empty else round(float(own["value"].iloc[-1]))


def read_areas(file: ProgrammeFile, outputs: Path) -> list[AreaOutputs]:
    """Return every area of the programme with what it has; one that fails stops no other.

    Raises
    ------
    CipError
        If invented areas would stand beside real ones.
    """
    areas = [_read_area(plan, outputs) for plan in file.areas]
    invented = {bool(a.record["is_synthetic"]) for a in areas if a.state == "ready"}
    if len(invented) > 1:
        message = "some of these areas are real and others invented; make two programmes of them"
        raise CipError(Problem(message, file=file.path))
    return areas


def _read_area(plan: AreaPlan, outputs: Path) -> AreaOutputs:
    if plan.problems:
        words = "Its parameter file cannot be used."
        return AreaOutputs(plan, "not usable", words, plan.problems)
    folder = outputs / plan.id
    try:
        record = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return AreaOutputs(plan, "no profile", "No profile of it has been made yet.")
    except (OSError, ValueError):
        return _refuse(plan, "the record of its run cannot be read; run the area again")
    if not isinstance(record, dict) or "is_synthetic" not in record:
        return _refuse(plan, "the record of its run lacks what a programme needs; run it again")
    tables = TableFolder(folder / "tables")
    try:
        held = {name: tables.read(name) for name in WANTED if tables.has(name)}
    except (CipError, OSError, ValueError) as error:
        reason = str(error).splitlines()[0]
        return _refuse(plan, "its tables cannot be read; run the area again", reason)
    failed = (folder / "failed" / "run.json").exists()
    message = "Its last run failed; this is what the run before left." if failed else ""
    page = (folder / SUMMARY_PAGE).exists()
    return AreaOutputs(plan, "ready", message, (), record, held, page)


def _refuse(plan: AreaPlan, message: str, found: str | None = None) -> AreaOutputs:
    problem = Problem(f"{plan.id}: {message}", file=plan.path, found=found)
    return AreaOutputs(plan, "not usable", f"{message[0].upper()}{message[1:]}.", (problem,))
