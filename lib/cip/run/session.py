"""One call of ``cip run``: what needs doing, who does it, what is told meanwhile and at the end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from cip.errors import CipError, ParameterError, SourceError
from cip.params import ParameterFile
from cip.run.batch import run_tasks, split_unchanged
from cip.run.cluster import Cluster, make_absolute
from cip.run.executors import WorkerPool, count_usable_cpus
from cip.run.overview import Overview
from cip.run.place import clean_outputs
from cip.run.stopping import Stopped, hold_signals, raise_if_stopped
from cip.run.task import AreaOutcome, AreaTask, Reporter, make_task

if TYPE_CHECKING:
    from cip.register import Register


@dataclass
class Session:
    """What became of one call.

    Parameters
    ----------
    outcomes
        One per area that was tried or found unchanged.
    errors
        Areas that were never started, because their parameters do not fit the store.
    stopped
        The signal that ended the call early, if one did.
    """

    outcomes: list[AreaOutcome] = field(default_factory=list)
    errors: list[CipError] = field(default_factory=list)
    stopped: Stopped | None = None


def run_session(
    files: Sequence[ParameterFile],
    tasks: Sequence[AreaTask],
    *,
    report: Reporter,
    jobs: int | None = None,
    scheduler: str = "",
) -> Session:
    """Run the areas of one call; areas with nothing to do need neither worker nor check.

    Parameters
    ----------
    files, tasks
        One of each per area, in the same order.
    report
        Called as ``report(area_id, stage, status)``.
    jobs
        Number of worker processes; left out, one per usable processor.
    scheduler
        Address of a Dask scheduler; left out, the areas run on this machine.

    Raises
    ------
    ClusterError
        If the cluster or its workers cannot be used.
    """
    session = Session()
    by_path = {task.params_file: file for file, task in zip(files, tasks, strict=True)}
    unchanged, rest = split_unchanged(tasks, report)
    overview = Overview(tasks[0].outputs_dir)
    for outcome in unchanged:
        _take(session, outcome, overview)
        report(outcome.area_id, "area", outcome.status)
    try:
        if rest:
            with hold_signals(), _open_executor(rest, jobs, scheduler) as executor:
                # The check goes on while the workers import what they need.
                ready = _keep_known(rest, by_path, session)
                if scheduler:
                    ready = [make_absolute(task) for task in ready]
                for outcome in run_tasks(ready, executor, report):
                    _take(session, outcome, overview)
                raise_if_stopped()
    except Stopped as stopped:
        session.stopped = stopped
    if session.stopped or any(o.status == "failed" for o in session.outcomes):
        clean_outputs(overview.outputs)
    if any(o.status != "unchanged" for o in session.outcomes) or not overview.exists():
        overview.write()
    return session


def check_area(file: ParameterFile, register: Register) -> str:
    """Resolve an area against the store, so that an unknown place is told before anything runs.

    Returns
    -------
    str
        One line: the area, how many small areas it has, what it is compared with.

    Raises
    ------
    ParameterError
        If the store does not know a place that the file names.
    """
    from cip.area_definition import resolve_area
    from cip.geography import build_areas

    area = resolve_area(file, register)
    areas, _ = build_areas(file, area, register)
    others = ", ".join(areas.loc[areas["area_role"] != "profile", "area_name"])
    return f"{file.path}: {file.params.title}, {len(area.codes)} LSOAs, compared with {others}"


def check_areas(
    files: Sequence[ParameterFile],
    errors: list[CipError],
    *,
    store: str,
    outputs: Path,
    evidence: bool,
) -> Iterator[str]:
    """Yield a line for each area and for each area's citations that are in order.

    What is wrong is added to ``errors``; a failure in one area never stops the others.
    """
    register = read_register(store)
    for file in files:
        try:
            yield check_area(file, register)
        except (ParameterError, SourceError) as error:
            errors.append(error)
            continue
        if evidence and any(file.resolve_input(name) for name in ("narrative", "recommendations")):
            from cip.run.evidence_check import check_evidence

            task = make_task(file.path, store_dir=store, outputs_dir=outputs)
            try:
                yield check_evidence(task, file)
            except CipError as error:
                errors.append(error)


def read_register(store_dir: str | Path) -> Register:
    """Return the store's register of places.

    Raises
    ------
    SourceError
        If the store lacks it.
    """
    from cip.register import load_register
    from cip.store import Store
    from cip.workspace import find_store_root

    return load_register(Store(find_store_root(store_dir)))


@contextmanager
def _open_executor(
    tasks: Sequence[AreaTask], jobs: int | None, scheduler: str
) -> Iterator[WorkerPool | Cluster]:
    if scheduler:
        with Cluster(scheduler) as cluster:
            cluster.check(make_absolute(tasks[0]))
            yield cluster
        return
    workers = min(jobs or count_usable_cpus(), len(tasks))
    with WorkerPool(workers, warm=not tasks[0].fresh_kernels) as pool:
        yield pool


def _keep_known(
    tasks: Sequence[AreaTask], files: dict[Path, ParameterFile], session: Session
) -> list[AreaTask]:
    known = []
    try:
        register = read_register(tasks[0].store_dir)
    except SourceError as error:
        session.errors.append(error)
        return []
    for task in tasks:
        try:
            check_area(files[task.params_file], register)
        except (ParameterError, SourceError) as error:
            session.errors.append(error)
        else:
            known.append(task)
    return known


def _take(session: Session, outcome: AreaOutcome, overview: Overview) -> None:
    session.outcomes.append(outcome)
    overview.note(outcome.area_id, outcome.status)
