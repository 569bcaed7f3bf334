"""The workers of a Dask cluster as an executor; needs the optional package ``distributed``."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import replace
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cip.errors import CipError, Problem
from cip.run.executors import Listener, WorkerLost, name_topic
from cip.run.workers import close_worker

if TYPE_CHECKING:
    from cip.run.task import AreaTask

_CONNECT_TIMEOUT_S = 6


class ClusterError(CipError):
    """The cluster cannot be reached, or its workers cannot reach the files."""

    exit_code = 6


class Cluster(Executor):
    """A running Dask cluster.

    A task whose worker dies is given to another worker by the scheduler itself, as often as its
    setting ``allowed-failures`` says; after that the call ends with :class:`WorkerLost`.

    Parameters
    ----------
    address
        The scheduler, such as ``tcp://10.0.0.5:8786``.

    Raises
    ------
    ClusterError
        If ``distributed`` is not installed, or no scheduler answers there with a worker.
    """

    def __init__(self, address: str) -> None:
        try:
            from distributed import Client
        except ImportError as error:
            raise ClusterError(
                "--scheduler needs the package 'distributed'; install cip-workbook[dask]"
            ) from error
        try:
            self._client = Client(address, timeout=_CONNECT_TIMEOUT_S, set_as_default=False)
        except (OSError, ValueError) as error:
            message = f"no Dask scheduler answers at {address}: {error}"
            raise ClusterError(message) from error
        self._inner = self._client.get_executor(pure=False)
        self.topic = name_topic()

    @property
    def worker_count(self) -> int:
        """How many workers the scheduler has now."""
        return len(self._client.scheduler_info(n_workers=-1)["workers"])

    def listen(self, listener: Listener) -> None:
        """Call ``listener(area_id, stage, status)`` for each event of a worker."""
        self._client.subscribe_topic(self.topic, lambda event: listener(*event[1]))

    def check(self, task: AreaTask) -> None:
        """Make sure that every worker runs this version and sees the task's files.

        Raises
        ------
        ClusterError
            With every problem of every worker, or if there is no worker.
        """
        found = self._client.run(examine_worker, task, on_error="return")
        if not found:
            raise ClusterError("the scheduler has no workers yet; start one with 'dask worker'")
        own = metadata.version("cip-workbook")
        problems = []
        for worker, answer in found.items():
            if isinstance(answer, BaseException):
                problems.append(Problem(f"worker {worker} cannot run areas: {answer}"))
                continue
            version, complaints = answer
            if version != own:
                complaints = [*complaints, f"it has cip-workbook {version}, and this is {own}"]
            problems += [Problem(f"worker {worker}: {text}") for text in complaints]
        if problems:
            raise ClusterError(problems)

    def submit(self, call: Callable[..., Any], /, *arguments: Any) -> Future:  # type: ignore[override]
        """Send a call to the cluster."""
        outer: Future = Future()
        outer.set_running_or_notify_cancel()
        inner = self._inner.submit(call, *arguments)
        inner.add_done_callback(lambda done: _copy(done, outer))
        return outer

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Let go of the cluster; the workers put their kernels away and stay.

        What a worker is doing cannot be stopped from here: with ``cancel_futures``, areas that
        wait are dropped, and an area under way ends by itself, whole.
        """
        if self._client.status == "running":
            self._inner.shutdown(wait=False)
            if not cancel_futures:
                self._client.run(close_worker, on_error="ignore")
        self._client.close()

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> bool:
        """Let go of the cluster."""
        self.shutdown(cancel_futures=kind is not None)
        return False


def make_absolute(task: AreaTask) -> AreaTask:
    """Return the task with whole paths, because a worker stands in another folder."""
    names = ("params_file", "store_dir", "outputs_dir", "notebooks_dir")
    return replace(task, **{name: Path(getattr(task, name)).absolute() for name in names})


def examine_worker(task: AreaTask) -> tuple[str, list[str]]:
    """Return, in a worker, its version of the workbook and what it cannot reach."""
    try:
        task = task.bring_here()
    except CipError as error:
        return metadata.version("cip-workbook"), [str(error)]
    complaints = [
        f"it does not see {path}"
        for path in (task.params_file, task.store_dir, task.notebooks_dir)
        if not path.exists()
    ]
    nearest = next(p for p in (task.outputs_dir, *task.outputs_dir.parents) if p.exists())
    if not os.access(nearest, os.W_OK):
        complaints.append(f"it may not write to {nearest}")
    return metadata.version("cip-workbook"), complaints


def _copy(done: Future, outer: Future) -> None:
    from distributed.scheduler import KilledWorker

    if done.cancelled():
        outer.set_exception(WorkerLost("the cluster let go of it", may_retry=False))
        return
    error = done.exception()
    if isinstance(error, KilledWorker):
        error = WorkerLost("each worker that tried it died", may_retry=False)
    if error is not None:
        outer.set_exception(error)
    else:
        outer.set_result(done.result())
