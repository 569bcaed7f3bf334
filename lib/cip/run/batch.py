"""Run several areas side by side; a failure in one never stops the others.

Written against ``concurrent.futures.Executor``: who runs the areas, and where, is not known here.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait

from cip.errors import CipError
from cip.run.area import find_unchanged, run_area
from cip.run.executors import WorkerLost, WorkerPool
from cip.run.stopping import raise_if_stopped
from cip.run.task import AreaOutcome, AreaTask, Reporter
from cip.run.workers import work

#: An area whose worker dies is given to another worker this many times.
RETRIES = 1

_TICK_S = 0.2


def run_batch(
    tasks: Sequence[AreaTask],
    *,
    jobs: int = 1,
    executor: Executor | None = None,
    report: Reporter | None = None,
) -> Iterator[AreaOutcome]:
    """Run every task and yield one outcome per area, as they come.

    Parameters
    ----------
    tasks
        One per area.
    jobs
        Number of worker processes where no executor is given.
    executor
        Runs the areas; it stays open. Left out, a pool of ``jobs`` processes does, and ends with
        the batch.
    report
        Called in this process as ``report(area_id, stage, status)``, never twice at a time.
    """
    unchanged, rest = split_unchanged(tasks, report)
    for outcome in unchanged:
        _serialise(report)(outcome.area_id, "area", outcome.status)
        yield outcome
    if executor is not None:
        yield from run_tasks(rest, executor, report)
    elif rest:
        with WorkerPool(min(jobs, len(rest)), warm=not rest[0].fresh_kernels) as pool:
            yield from run_tasks(rest, pool, report)


def split_unchanged(
    tasks: Sequence[AreaTask], report: Reporter | None = None
) -> tuple[list[AreaOutcome], list[AreaTask]]:
    """Return the outcomes of areas with nothing to do, found without a worker, and the others."""
    unchanged, rest = [], []
    for task in tasks:
        try:
            outcome = find_unchanged(task, report)
        except (CipError, OSError):  # told properly by the check, or by the area's own run
            outcome = None
        if outcome is None:
            rest.append(task)
        else:
            unchanged.append(outcome)
    return unchanged, rest


def run_tasks(
    tasks: Sequence[AreaTask], executor: Executor, report: Reporter | None = None
) -> Iterator[AreaOutcome]:
    """Run tasks on an executor that is open, and yield outcomes as they come.

    An area whose worker died is tried once more by another worker, which clears up after the
    dead one; then it is told as failed.

    Raises
    ------
    Stopped
        If a stop signal has been noted; the executor is left to whoever opened it.
    """
    tell = _serialise(report)
    if listen := getattr(executor, "listen", None):
        # The end of an area is told below, once, when its outcome is here.
        listen(lambda area_id, stage, status: stage != "area" and tell(area_id, stage, status))
    topic = getattr(executor, "topic", "")
    running: dict[Future, tuple[AreaTask, int]] = {
        executor.submit(work, task, topic): (task, 0) for task in tasks
    }
    while running:
        done, _ = wait(running, timeout=_TICK_S, return_when=FIRST_COMPLETED)
        raise_if_stopped()
        for future in done:
            task, losses = running.pop(future)
            error = future.exception()
            if isinstance(error, WorkerLost):
                if error.may_retry and losses < RETRIES:
                    running[executor.submit(work, task, topic)] = (task, losses + 1)
                    continue
                outcome = fail(task, f"{error}, {losses + 1} times" if losses else str(error))
            elif error is not None:
                outcome = fail(task, f"{type(error).__name__}: {error}")
            else:
                outcome = future.result()
            tell(outcome.area_id, "area", outcome.status)
            yield outcome


def run_safely(task: AreaTask, report: Reporter | None) -> AreaOutcome:
    """Run one area; whatever goes wrong becomes its outcome, and the batch goes on."""
    try:
        return run_area(task, report)
    except Exception as error:
        return fail(task, f"{type(error).__name__}: {error}")


def fail(task: AreaTask, message: str) -> AreaOutcome:
    """Return the outcome of an area that did not get as far as having one of its own."""
    name = task.params_file.stem
    return AreaOutcome(name, name, "failed", message=message, folder=name)


def _serialise(report: Reporter | None) -> Reporter:
    """Return a reporter that any thread may call, one at a time."""
    lock = threading.Lock()

    def tell(area_id: str, stage: str, status: str) -> None:
        if report is not None:
            with lock:
                report(area_id, stage, status)

    return tell
