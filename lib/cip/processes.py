"""Ends processes that this program has started, with everything that they have started."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import psutil

_WAIT_S = 10


def kill_tree(pid: int) -> None:
    """End a process and everything below it, and wait until it is gone."""
    import psutil

    try:
        top = psutil.Process(pid)
        top.suspend()  # so that it starts nothing new meanwhile
        family = [*top.children(recursive=True), top]
    except psutil.NoSuchProcess:
        return
    end_processes(family)


def end_processes(family: list[psutil.Process]) -> None:
    """Kill processes that may have ended by themselves, and wait for them."""
    import psutil

    for process in family:
        try:
            process.kill()
        except psutil.NoSuchProcess:
            continue
    psutil.wait_procs(family, timeout=_WAIT_S)
