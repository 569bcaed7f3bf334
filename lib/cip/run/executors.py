"""Where areas run: a pool of processes on this machine, or the workers of a Dask cluster.

Both are ``concurrent.futures.Executor``, so the batch does not know which one it is given.
"""

from __future__ import annotations

import multiprocessing
import os
import queue
import shutil
import signal
import sys
import tempfile
import threading
import uuid
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

from cip.processes import kill_tree
from cip.run.workers import close_worker, preload, start_worker

Listener = Callable[..., None]

#: How often a slot looks whether its worker has finished; events come through at once.
_TICK_S = 0.05


class WorkerLost(BrokenExecutor):
    """The worker that ran an area died; ``pid`` is its number where it was on this machine."""

    def __init__(self, message: str, pid: int | None = None, *, may_retry: bool = True):
        super().__init__(message)
        self.pid = pid
        self.may_retry = may_retry


def count_usable_cpus() -> int:
    """Return how many processors this process may use, which may be fewer than the machine has."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class _Slot:
    """One worker process: a pool of one, so that its death concerns nobody else."""

    def __init__(self, folder: Path, *, warm: bool) -> None:
        # Spawned, not forked: a fork would share open sockets and browsers with its siblings.
        context = multiprocessing.get_context("spawn")
        self.events, theirs = context.Pipe(duplex=False)
        self._pool = ProcessPoolExecutor(
            1, mp_context=context, initializer=start_worker, initargs=(theirs, folder)
        )
        # One more import may fail as well as one area: the pool then counts as lost.
        self.pid: int = self._pool.submit(preload, warm=warm).result()
        theirs.close()

    def run(self, call: Callable[..., Any], arguments: tuple, tell: Listener) -> Any:
        inner = self._pool.submit(call, *arguments)
        while not inner.done():
            self._pass_on(tell, _TICK_S)
        self._pass_on(tell, 0)
        return inner.result()

    def _pass_on(self, tell: Listener, wait_s: float) -> None:
        try:
            while self.events.poll(wait_s):
                tell(*self.events.recv())
                wait_s = 0
        except (EOFError, OSError):  # the worker is gone; its future says so
            threading.Event().wait(wait_s)

    def close(self) -> None:
        """Let the worker put its kernel and browser away, then end it."""
        with suppress(BrokenExecutor, TimeoutError):
            self._pool.submit(close_worker).result(timeout=20)
        # There is nothing left in it to tidy, and ending by itself would take it a second.
        self.kill()

    def kill(self) -> None:
        """End the worker and all that it started."""
        kill_tree(self.pid)
        self._pool.shutdown(cancel_futures=True)
        self.events.close()


class WorkerPool(Executor):
    """Worker processes on this machine, each replaced when it dies.

    A worker's death reaches the one call that it was running, as :class:`WorkerLost`. Left by an
    exception, the pool kills what runs; left in peace, it lets every worker end by itself.

    Parameters
    ----------
    jobs
        Number of worker processes.
    warm
        Start a kernel in each worker at once.
    """

    def __init__(self, jobs: int, *, warm: bool = False) -> None:
        self._warm = warm
        # Kernels and browsers keep their temporary files in here, so none outlives the pool.
        self._folder = Path(tempfile.mkdtemp(prefix="cip-"))
        self._waiting: queue.SimpleQueue[tuple | None] = queue.SimpleQueue()
        self._listener: Listener = lambda *_: None
        self._slots: dict[int, _Slot] = {}
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._threads = [
            threading.Thread(target=self._serve, args=(i,), daemon=True) for i in range(jobs)
        ]
        for thread in self._threads:
            thread.start()

    def listen(self, listener: Listener) -> None:
        """Call ``listener(area_id, stage, status)`` for each event of a worker."""
        self._listener = listener

    def submit(self, call: Callable[..., Any], /, *arguments: Any) -> Future:  # type: ignore[override]
        """Queue a call for the next worker that is free."""
        future: Future = Future()
        self._waiting.put((future, call, arguments))
        return future

    @property
    def worker_pids(self) -> list[int]:
        """The worker processes that are there now."""
        with self._lock:
            return [slot.pid for slot in self._slots.values()]

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the workers: in peace, or at once where waiting calls are cancelled."""
        if cancel_futures:
            self._stopping.set()
            self._drop_waiting()
            with self._lock:
                slots = list(self._slots.values())
            for slot in slots:
                kill_tree(slot.pid)
        for _ in self._threads:
            self._waiting.put(None)
        if wait:
            for thread in self._threads:
                thread.join()
            shutil.rmtree(self._folder, ignore_errors=True)

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> bool:
        """End in peace, or at once where an exception leaves the block."""
        self.shutdown(cancel_futures=kind is not None)
        return False

    def _serve(self, number: int) -> None:
        if sys.platform != "win32":
            # The children inherit this: no signal reaches one before it is ready.
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
        slot = self._start(number)
        while (item := self._waiting.get()) is not None:
            future, call, arguments = item
            if self._stopping.is_set() or not future.set_running_or_notify_cancel():
                future.cancel()
                continue
            slot = slot or self._start(number)
            if slot is None:
                future.set_exception(WorkerLost("a worker process did not start"))
                continue
            try:
                future.set_result(slot.run(call, arguments, self._listener))
            except BrokenExecutor:
                future.set_exception(WorkerLost("its worker process died", slot.pid))
                slot = self._drop(number)
            except BaseException as error:  # handed to whoever asked
                future.set_exception(error)
        if slot is not None:
            slot.kill() if self._stopping.is_set() else slot.close()

    def _start(self, number: int) -> _Slot | None:
        if self._stopping.is_set():
            return None
        try:
            slot = _Slot(self._folder, warm=self._warm)
        except BrokenExecutor:
            return None
        with self._lock:
            self._slots[number] = slot
        return slot

    def _drop(self, number: int) -> None:
        with self._lock:
            slot = self._slots.pop(number)
        slot.kill()

    def _drop_waiting(self) -> None:
        while True:
            try:
                item = self._waiting.get_nowait()
            except queue.Empty:
                return
            if item is not None:
                item[0].cancel()


def name_topic() -> str:
    """Return a name under which the workers of one batch send their events."""
    return f"cip-{uuid.uuid4().hex[:12]}"
