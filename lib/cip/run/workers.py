"""What runs inside a worker: one area at a time, word of each stage sent back, a tidy end."""

from __future__ import annotations

import gc
import os
import shutil
import signal
import sys
import tempfile
import threading
from collections.abc import Callable
from functools import cache
from multiprocessing import connection, parent_process
from pathlib import Path
from typing import TYPE_CHECKING

from cip.processes import end_processes
from cip.run.memory import give_back_memory, keep_arrow_small, keep_memory_small

if TYPE_CHECKING:
    from cip.run.task import AreaOutcome, AreaTask, Reporter

#: Set in a worker of this machine's pool: where events go.
_channel: connection.Connection | None = None

#: A kernel and the library's settings belong to the whole process: one area at a time, even
#: where a cluster gives its workers several threads.
_one_area = threading.Lock()


def start_worker(channel: connection.Connection, folder: Path) -> None:
    """Prepare a new process of the pool; everything temporary goes below ``folder``."""
    global _channel
    _channel = channel
    if sys.platform != "win32":
        # A group of its own: Ctrl-C in a terminal reaches the parent alone, which stops us.
        os.setsid()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT, signal.SIGTERM})
    os.environ["TMPDIR"] = tempfile.tempdir = str(folder)
    keep_memory_small()
    threading.Thread(target=_end_with_parent, args=(folder,), daemon=True).start()


def preload(*, warm: bool = False) -> int:
    """Import what every area needs, and return the number of this process.

    With ``warm``, a kernel is started meanwhile, before there is a notebook for it.
    """
    # A second to import, and only to check addresses in notebooks' metadata, which have none.
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    if warm:
        from cip.run.kernel import get_holder

        get_holder().warm()
    # Nothing that is imported is thrown away again: looking for it would only take time.
    gc.disable()
    import cip.run.execute
    import cip.run.publish  # noqa: F401

    keep_arrow_small()
    # What is loaded now stays: the collector need not look at it again, nor look so often.
    gc.freeze()
    gc.enable()
    gc.set_threshold(50_000, 10, 10)
    return os.getpid()


def work(task: AreaTask, topic: str = "") -> AreaOutcome:
    """Run one area in this worker; an error is returned as its outcome."""
    from cip.run.batch import run_safely

    with _one_area:
        try:
            return run_safely(task.bring_here(), _find_reporter(topic))
        finally:
            _tidy_memory()


def _tidy_memory() -> None:
    """Let go of what an area has left behind, before the next one takes more."""
    gc.collect()
    if _channel is not None:
        _settle()
    give_back_memory()


@cache
def _settle() -> None:
    """Let the collector pass over what the first area has loaded, which stays too."""
    gc.freeze()


def close_worker() -> None:
    """Shut the kernel that this worker kept, unless another batch is using it just now."""
    if not _one_area.acquire(blocking=False):
        return
    try:
        for close in _list_closers():
            close()
    finally:
        _one_area.release()


def _find_reporter(topic: str) -> Reporter | None:
    if _channel is not None:
        channel = _channel
        return lambda *event: channel.send(event)
    if topic:
        from distributed import get_worker

        worker = get_worker()
        return lambda *event: worker.log_event(topic, list(event))
    return None


def _list_closers() -> list[Callable[[], None]]:
    # Only what was used: closing must not import papermill into a worker that did nothing.
    used = {
        "cip.run.kernel": "close_kernels",
        "cip.report.pdf": "close_shared_pdf_writer",
    }
    modules = {name: sys.modules.get(name) for name in used}
    return [getattr(module, used[name]) for name, module in modules.items() if module is not None]


def _end_with_parent(folder: Path) -> None:
    """Leave no process behind when the parent dies without saying so."""
    import psutil

    parent = parent_process()
    if parent is None:
        return
    connection.wait([parent.sentinel])
    end_processes(psutil.Process().children(recursive=True))
    shutil.rmtree(folder, ignore_errors=True)  # the parent can no longer do it
    os._exit(1)
