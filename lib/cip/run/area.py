"""Run one area from its parameter file to its reports, and put the result in place whole.

Only what has changed is executed. Nothing heavy is imported until a stage has to run, so that an
area in which nothing changed costs next to nothing.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cip.errors import CipError, NotebookError, Problem
from cip.params import ParameterFile, load_params
from cip.run.lock import lock_area
from cip.run.place import (
    clean_area,
    describe_full_disk,
    explain_disk_errors,
    is_full_disk,
    keep_attempt,
    open_staging,
    put_in_place,
    withdraw_figures,
)
from cip.run.record import describe_parameters, describe_software, describe_store, write_record
from cip.run.state import (
    RECORD_VERSION,
    AreaState,
    Earlier,
    StageState,
    list_files_of,
    read_state,
    take_basis,
)
from cip.run.task import (
    AreaOutcome,
    AreaTask,
    Reporter,
    StageOutcome,
    find_notebooks,
    make_task,
)
from cip.tables import TableFolder
from cip.workspace import name_notebook

if TYPE_CHECKING:
    from cip.run.publish import Publisher

FINAL = "final"

__all__ = [
    "AreaOutcome",
    "AreaTask",
    "Reporter",
    "StageOutcome",
    "find_notebooks",
    "find_unchanged",
    "make_task",
    "run_area",
]


def run_area(task: AreaTask, report: Reporter | None = None) -> AreaOutcome:
    """Execute the area's changed notebooks in order, export its reports and put them in place.

    Everything is made in a folder of its own and moved to ``outputs/<area>`` when it is complete.
    When a stage fails, what was there before stays, and the attempt, with its error visible, is
    kept in ``outputs/<area>/failed``. An area in which nothing has changed is not written to.

    Raises
    ------
    AreaBusyError
        If another run is writing the area.
    ExportError
        If the disk is full or the outputs folder cannot be written to.
    """
    started = time.perf_counter()
    run = _open_run(task, report)
    with explain_disk_errors(task.outputs_dir):
        # Looked at before the lock as well, so that a folder without the right to write will do
        # where there is nothing to write.
        outcome = run.find_clean()
        if outcome is None:
            with lock_area(task.outputs_dir, run.area_id):
                clean_area(task.outputs_dir, run.area_id)
                outcome = run.find_unchanged() or run.make(started)
                if outcome.status == "unchanged":
                    # An attempt that failed with inputs which have since been put back.
                    shutil.rmtree(run.folder / "failed", ignore_errors=True)
    outcome.seconds = round(time.perf_counter() - started, 2)
    run.tell(run.area_id, "area", outcome.status)
    return outcome


def find_unchanged(task: AreaTask, report: Reporter | None = None) -> AreaOutcome | None:
    """Return the outcome of an area for which there is nothing to do, or None.

    Takes some hundredths of a second, writes nothing and loads nothing heavy: a batch asks this
    of every area before it starts a worker. :func:`run_area` asks it again.
    """
    started = time.perf_counter()
    outcome = _open_run(task, report).find_clean()
    if outcome is not None:
        outcome.seconds = round(time.perf_counter() - started, 2)
    return outcome


def make_tables(task: AreaTask, stages: Sequence[str], folder: Path) -> TableFolder:
    """Bring the tables of some stages up to date in a folder of their own, without a report.

    Stages in which nothing has changed are taken over from ``outputs/<area>``, which is only
    read.

    Raises
    ------
    NotebookError
        If a notebook fails.
    """
    run = _open_run(task, None)
    outcome = run.begin("done")
    (folder / run.area_id / "notebooks").mkdir(parents=True, exist_ok=True)
    run.execute_stages(folder, outcome, stages, lambda _: None)
    if outcome.status == "failed":
        raise NotebookError(Problem(outcome.message or "a notebook failed", file=run.file.path))
    return TableFolder(folder / run.area_id / "tables")


def _open_run(task: AreaTask, report: Reporter | None) -> _AreaRun:
    return _AreaRun(task, load_params(task.params_file), report or (lambda *_: None))


class _AreaRun:
    """One area's run: what it is about to do, and what it has done so far."""

    def __init__(self, task: AreaTask, file: ParameterFile, tell: Reporter) -> None:
        self.task, self.file, self.tell = task, file, tell
        self.area_id = file.params.id
        self.folder = task.outputs_dir / self.area_id
        self.basis = take_basis(file, task.store_dir, task.notebooks_dir)
        self.options = {
            "report_date": file.params.report_date,  # None: the day on which the reports are made
            "show_code": task.show_code,
            "make_pdf": task.make_pdf,
            "publication": file.params.publication.model_dump(mode="json"),
        }
        self.digests: dict[str, str] = {}
        self.records: list[dict[str, Any]] = []

    def read_state(self) -> AreaState:
        """Return what an earlier run left; with ``force``, nothing that counts."""
        return AreaState(self.basis) if self.task.force else read_state(self.basis, self.folder)

    def find_clean(self) -> AreaOutcome | None:
        """Return the outcome if nothing has changed and no failed attempt is left to remove."""
        return None if (self.folder / "failed").exists() else self.find_unchanged()

    def find_unchanged(self) -> AreaOutcome | None:
        """Return the outcome of an area in which nothing has changed, or None."""
        kept = self.read_state().find_unchanged(self.file.params.stages, self.options)
        if kept is None:
            return None
        outcome = self.begin("unchanged")
        outcome.stages = [self.note_unchanged(state) for state in kept]
        self.tell(self.area_id, "reports", "unchanged")
        return outcome

    def begin(self, status: str) -> AreaOutcome:
        """Return an outcome to fill in."""
        return AreaOutcome(self.area_id, self.file.params.title, status, folder=self.area_id)

    def note_unchanged(self, state: StageState) -> StageOutcome:
        """Tell that a stage's result is taken over."""
        self.tell(self.area_id, state.stage, "unchanged")
        return StageOutcome(state.stage, "unchanged", 0.0, used=state.used, attempts=0)

    def make(self, started: float) -> AreaOutcome:
        """Execute, export and put in place; the caller holds the area's lock."""
        from cip.run.publish import Publisher
        from cip.store import Store

        outcome = self.begin("done")
        with open_staging(self.task.outputs_dir, self.area_id) as staging:
            made = staging / self.area_id
            publisher = Publisher(
                self.file,
                Store(self.task.store_dir),
                made,
                previous=self.folder,
                show_code=self.task.show_code,
                make_pdf=self.task.make_pdf,
            )
            with publisher:
                self.execute_stages(staging, outcome, self.file.params.stages, publisher.add)
                reports = self.export(outcome, publisher) if outcome.status == "done" else {}
            if outcome.status == "failed" and is_full_disk(outcome.message):
                raise describe_full_disk(self.task.outputs_dir)
            outcome.seconds = round(time.perf_counter() - started, 2)
            self.publish(outcome, reports, made)
        return outcome

    def publish(self, outcome: AreaOutcome, reports: dict[str, Any], made: Path) -> None:
        """Put the area in place, or keep the attempt where it failed or gives too much away."""
        from cip.run.disclosure_gate import pass_gate
        from cip.store import Store

        if outcome.status == "done":
            try:
                if self.file.params.publication.status == FINAL:
                    self.finish_final(made, reports)
                with pass_gate(self.file, Store(self.task.store_dir), made, self.task.outputs_dir):
                    write_record(made / "run.json", self.describe(outcome, reports, made))
                    put_in_place(made, self.folder)
                return
            except CipError as error:
                outcome.status, outcome.message = "failed", str(error)
                withdraw_figures(made)
        write_record(made / "run.json", self.describe(outcome, reports, made))
        keep_attempt(made, self.folder)

    def finish_final(self, made: Path, reports: dict[str, Any]) -> None:
        """Look at the finished files of a final version, and record what it was built from.

        Raises
        ------
        ParameterError
            If a page or a PDF does not pass, or the version has no PDF or no date.
        """
        from cip.run.rebuild import finish_final
        from cip.store import Store

        used = {product for record in self.records for product in record["used"]}
        engine = reports.get("pdf_engine") or ""
        finish_final(self.file, Store(self.task.store_dir), made, used=used, pdf_engine=engine)

    def execute_stages(
        self,
        staging: Path,
        outcome: AreaOutcome,
        stages: Sequence[str],
        tell_done: Callable[[str], None],
    ) -> None:
        """Take over or execute each stage; stop at the first that fails."""
        state = self.read_state()
        for stage in stages:
            kept = state.find_kept(stage, self.digests)
            made = staging / self.area_id
            done = self.take_over(kept, made) if kept else self.execute(stage, staging)
            outcome.stages.append(done)
            if done.status == "failed":
                outcome.status, outcome.message = "failed", done.message
                return
            tell_done(stage)

    def execute(self, stage: str, staging: Path) -> StageOutcome:
        """Run a stage's notebook, and record what it rested on and which files it made."""
        from cip.run.execute import execute_stage

        made, name = staging / self.area_id, name_notebook(stage)
        before = _stamp_tables(made)
        self.tell(self.area_id, stage, "running")
        outcome = execute_stage(
            stage,
            self.task.notebooks_dir / name,
            made / "notebooks" / name,
            {
                "params_file": self.task.params_file.as_posix(),
                "store_dir": self.task.store_dir.as_posix(),
                "outputs_dir": staging.as_posix(),
            },
            fresh_kernel=self.task.fresh_kernels,
        )
        written = [name for name, stamp in _stamp_tables(made).items() if before.get(name) != stamp]
        record = asdict(outcome)
        if outcome.status != "failed":
            self.digests[stage] = self.basis.digest_stage(stage, outcome.used, self.digests)
            files = [f"notebooks/{name}", *written]
            record |= {"digest": self.digests[stage], "files": files}
        self.records.append(record)
        self.tell(self.area_id, stage, outcome.status)
        return outcome

    def take_over(self, state: StageState, made: Path) -> StageOutcome:
        """Copy what an earlier run of the stage made; its content has been checked."""
        for name in state.files:
            target = made / name
            target.parent.mkdir(parents=True, exist_ok=True)
            # Copied, not linked: a notebook that writes into a file of an earlier stage must
            # not reach the profile that stays in place until this one is complete.
            shutil.copy2(self.folder / name, target)
        self.digests[state.stage] = state.digest
        outcome = self.note_unchanged(state)
        self.records.append(asdict(outcome) | state.model_dump(mode="json"))
        return outcome

    def export(self, outcome: AreaOutcome, publisher: Publisher) -> dict[str, Any]:
        """Finish the reports; one that cannot be made ends the run as ``not exported``."""
        self.tell(self.area_id, "reports", "running")
        try:
            reports = publisher.finish()
        except CipError as error:
            outcome.status, outcome.message = "not exported", str(error)
            self.tell(self.area_id, "reports", "failed")
            return {}
        found = reports.get("evidence", {})
        outcome.changes = [change["words"] for change in found.get("changes", [])]
        outcome.not_compared = found.get("not_compared", "")
        self.tell(self.area_id, "reports", "done")
        return reports

    def describe(self, outcome: AreaOutcome, reports: dict[str, Any], made: Path) -> dict[str, Any]:
        """Return the record of the run."""
        from cip.store import Store

        store = Store(self.task.store_dir)
        record = {
            "record_version": RECORD_VERSION,
            "area": outcome.area_id,
            "title": outcome.title,
            "is_synthetic": store.is_synthetic,
            "status": outcome.status,
            "message": outcome.message,
            "report_date": (self.file.params.report_date or date.today()).isoformat(),
            "seconds": outcome.seconds,
            "stages": self.records,
            "parameters": describe_parameters(self.file),
            "store": describe_store(store),
            "software": describe_software(),
        }
        if outcome.status == "done":
            files = {name: state.model_dump() for name, state in list_files_of(made).items()}
            digest = self.basis.digest_reports(self.digests, self.options)
            record |= {"reports": reports, "reports_digest": digest, "files": files}
            Earlier.model_validate(record)  # what is written must be readable by the next run
        return record


def _stamp_tables(made: Path) -> dict[str, tuple[int, int, int]]:
    """Return what tells that a file outside notebooks and reports was written anew."""
    stamps = {}
    for path in sorted(made.rglob("*")):
        name = path.relative_to(made).as_posix()
        if path.is_file() and not name.startswith(("notebooks/", "reports/")):
            status = path.stat()
            stamps[name] = (status.st_ino, status.st_size, status.st_mtime_ns)
    return stamps
