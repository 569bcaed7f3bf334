"""Run several areas side by side; a failure in one never stops the others."""

from __future__ import annotations

import multiprocessing
import queue
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, as_completed
from contextlib import contextmanager

from cip.run.area import AreaOutcome, AreaTask, Reporter, run_area


def run_batch(
    tasks: Sequence[AreaTask], *, jobs: int = 1, report: Reporter | None = None
) -> Iterator[AreaOutcome]:
    """Run every task and yield outcomes as they come.

    Parameters
    ----------
    tasks
        One per area.
    jobs
        Number of worker processes; with 1, everything happens in this process.
    report
        Called in this process as ``report(area_id, stage, status)``.
    """
    if jobs <= 1 or len(tasks) <= 1:
        for task in tasks:
            yield _run_safely(task, report)
        return
    # Spawned, not forked: a fork would share open sockets and browsers with its siblings.
    context = multiprocessing.get_context("spawn")
    with context.Manager() as manager, _relay(manager.Queue(), report) as events:
        pool = ProcessPoolExecutor(min(jobs, len(tasks)), mp_context=context)
        with pool:
            yield from _collect(pool, tasks, events)


def _collect(
    executor: Executor, tasks: Sequence[AreaTask], events: queue.Queue
) -> Iterator[AreaOutcome]:
    futures: dict[Future, AreaTask] = {executor.submit(_work, task, events): task for task in tasks}
    for future in as_completed(futures):
        try:
            yield future.result()
        except Exception as error:  # a worker that died takes only its own area with it
            yield _fail(futures[future], error)


def _work(task: AreaTask, events: queue.Queue) -> AreaOutcome:
    return _run_safely(task, lambda *event: events.put(event))


def _run_safely(task: AreaTask, report: Reporter | None) -> AreaOutcome:
    try:
        return run_area(task, report)
    except Exception as error:  # the batch goes on whatever went wrong with this area
        outcome = _fail(task, error)
        if report:
            report(outcome.area_id, "area", outcome.status)
        return outcome


def _fail(task: AreaTask, error: BaseException) -> AreaOutcome:
    name = task.params_file.stem
    return AreaOutcome(
        name, name, "failed", message=f"{type(error).__name__}: {error}", folder=name
    )


@contextmanager
def _relay(events: queue.Queue, report: Reporter | None) -> Iterator[queue.Queue]:
    """Pass events from the workers' queue to ``report`` in this process."""

    def pump() -> None:
        while (event := events.get()) is not None:
            if report:
                report(*event)

    thread = threading.Thread(target=pump, daemon=True)
    thread.start()
    try:
        yield events
    finally:
        events.put(None)
        thread.join(timeout=5)
