"""Run one area from its parameter file to its reports, and put the result in place whole."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from cip.errors import CipError
from cip.params import ParameterFile, load_params
from cip.run.execute import StageOutcome, execute_stage
from cip.run.publish import publish_area
from cip.run.record import describe_parameters, describe_software, describe_store, write_record
from cip.store import Store
from cip.workspace import find_store_root, name_notebook

#: Called as ``report(area_id, stage, status)`` whenever a stage starts or ends.
Reporter = Callable[[str, str, str], None]


@dataclass(frozen=True)
class AreaTask:
    """What a worker needs in order to run one area; plain values, so that it can be sent anywhere.

    Parameters
    ----------
    params_file, store_dir, outputs_dir, notebooks_dir
        Paths as the user gave them.
    show_code
        Whether the reports show the code of the notebooks.
    make_pdf
        Whether to write the PDF of the report.
    """

    params_file: Path
    store_dir: Path
    outputs_dir: Path
    notebooks_dir: Path
    show_code: bool = False
    make_pdf: bool = True


@dataclass
class AreaOutcome:
    """What became of one area.

    ``status`` is ``done``, ``failed`` (a notebook) or ``not exported`` (a report).
    """

    area_id: str
    title: str
    status: str
    stages: list[StageOutcome] = field(default_factory=list)
    message: str | None = None
    seconds: float = 0.0
    folder: str = ""


def run_area(task: AreaTask, report: Reporter | None = None) -> AreaOutcome:
    """Execute the area's notebooks in order, export its reports and put them in place.

    Everything is made in a folder of its own and moved to ``outputs/<area>`` when it is complete.
    When a stage fails, what was there before stays, and the attempt, with its error visible, is
    kept in ``outputs/<area>/failed``.
    """
    tell = report or (lambda *_: None)
    started = time.perf_counter()
    file = load_params(task.params_file)
    area_id = file.params.id
    staging = task.outputs_dir / f".partial-{area_id}-{os.getpid()}"
    shutil.rmtree(staging, ignore_errors=True)
    outcome = AreaOutcome(area_id, file.params.title, "done", folder=area_id)
    try:
        outcome.stages = _execute_stages(task, file, staging, tell)
        failed = [s for s in outcome.stages if s.status == "failed"]
        if failed:
            outcome.status, outcome.message = "failed", failed[0].message
        else:
            exported = _export(task, file, staging / area_id, outcome, tell)
        outcome.seconds = round(time.perf_counter() - started, 2)
        record = _describe_run(task, file, outcome)
        if outcome.status == "done":
            record["reports"] = exported
        write_record(staging / area_id / "run.json", record)
        _put_in_place(
            staging / area_id, task.outputs_dir / area_id, complete=outcome.status == "done"
        )
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    tell(area_id, "area", outcome.status)
    return outcome


def _execute_stages(
    task: AreaTask, file: ParameterFile, staging: Path, tell: Reporter
) -> list[StageOutcome]:
    area_id = file.params.id
    executed = staging / area_id / "notebooks"
    executed.mkdir(parents=True)
    parameters = {
        "params_file": task.params_file.as_posix(),
        "store_dir": task.store_dir.as_posix(),
        "outputs_dir": staging.as_posix(),
    }
    outcomes: list[StageOutcome] = []
    for stage in file.params.stages:
        tell(area_id, stage, "running")
        name = name_notebook(stage)
        outcome = execute_stage(stage, task.notebooks_dir / name, executed / name, parameters)
        outcomes.append(outcome)
        tell(area_id, stage, outcome.status)
        if outcome.status == "failed":
            break
    return outcomes


def _export(
    task: AreaTask, file: ParameterFile, folder: Path, outcome: AreaOutcome, tell: Reporter
) -> dict[str, Any]:
    tell(outcome.area_id, "reports", "running")
    try:
        store = Store(task.store_dir)
        exported = publish_area(
            file, store, folder, show_code=task.show_code, make_pdf=task.make_pdf
        )
    except CipError as error:
        outcome.status, outcome.message = "not exported", str(error)
        tell(outcome.area_id, "reports", "failed")
        return {}
    tell(outcome.area_id, "reports", "done")
    return exported


def _describe_run(task: AreaTask, file: ParameterFile, outcome: AreaOutcome) -> dict[str, Any]:
    return {
        "area": outcome.area_id,
        "title": outcome.title,
        "is_synthetic": Store(task.store_dir).is_synthetic,
        "status": outcome.status,
        "message": outcome.message,
        "report_date": (file.params.report_date or date.today()).isoformat(),
        "seconds": outcome.seconds,
        "stages": [asdict(stage) for stage in outcome.stages],
        "parameters": describe_parameters(file),
        "store": describe_store(Store(task.store_dir)),
        "software": describe_software(),
    }


def _put_in_place(made: Path, target: Path, *, complete: bool) -> None:
    """Swap a complete folder in; put an incomplete one beside what is there."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if not complete:
        target.mkdir(exist_ok=True)
        kept = target / "failed"
        shutil.rmtree(kept, ignore_errors=True)
        made.rename(kept)
        return
    old = target.with_name(f".old-{target.name}-{os.getpid()}")
    if target.exists():
        target.rename(old)
    made.rename(target)
    shutil.rmtree(old, ignore_errors=True)


def make_task(
    params_file: str | Path,
    *,
    store_dir: str | Path = "",
    outputs_dir: str | Path = "outputs",
    notebooks_dir: str | Path = "",
    show_code: bool = False,
    make_pdf: bool = True,
) -> AreaTask:
    """Fill in the usual places: the user's store and the workbook's own notebooks."""
    return AreaTask(
        Path(params_file),
        find_store_root(store_dir),
        Path(outputs_dir),
        Path(notebooks_dir) if notebooks_dir else find_notebooks(),
        show_code,
        make_pdf,
    )


def find_notebooks() -> Path:
    """Return the folder of the numbered notebooks: here, or beside the installed package.

    Raises
    ------
    CipError
        If neither place holds them.
    """
    for folder in (Path("notebooks"), Path(__file__).parents[3] / "notebooks"):
        if (folder / name_notebook("geography")).exists():
            return folder
    raise CipError(
        "the numbered notebooks were not found; run from the workbook's folder or name --notebooks"
    )
