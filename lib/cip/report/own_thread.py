"""A thread for one thing at a time, such as driving a browser."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from typing import Any


class OwnThread:
    """A thread that does one thing after another, and stays usable until the program's end.

    A thread of a pool is stopped before the functions that run at exit, where the browser is
    closed, and it would be waited for if the browser hung.
    """

    def __init__(self, name: str) -> None:
        self._queue: SimpleQueue[tuple[Future, Callable[..., Any], tuple] | None] = SimpleQueue()
        threading.Thread(target=self._serve, name=name, daemon=True).start()

    def run(self, function: Callable[..., Any], *values: Any, timeout_s: float | None = None):
        """Run a function there and return its result; TimeoutError after ``timeout_s``."""
        future: Future = Future()
        self._queue.put((future, function, values))
        return future.result(timeout_s)

    def stop(self) -> None:
        """End the thread once it has done what it was given."""
        self._queue.put(None)

    def _serve(self) -> None:
        while (work := self._queue.get()) is not None:
            future, function, values = work
            try:
                future.set_result(function(*values))
            except BaseException as error:  # it is raised where the result is waited for
                future.set_exception(error)
