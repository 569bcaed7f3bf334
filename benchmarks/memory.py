"""Watch the memory of a batch's workers, each with its kernel and its browser."""

from __future__ import annotations

import json
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass

import psutil

_EVERY_S = 1.0


@dataclass(frozen=True)
class Sample:
    """What one worker's processes held at one moment, in MB, after so many finished areas."""

    areas_done: int
    megabytes: float


def watch_batch(command: Sequence[object]) -> list[Sample]:
    """Run ``cip run … --json`` and return one sample per worker and second.

    Memory shared between processes is divided among them (proportional set size), so that
    adding the processes of a worker counts nothing twice.
    """
    process = subprocess.Popen([str(c) for c in command], stdout=subprocess.PIPE, text=True)
    done = [0]
    reader = threading.Thread(target=_count_areas, args=(process, done), daemon=True)
    reader.start()
    samples: list[Sample] = []
    while process.poll() is None:
        samples += [Sample(done[0], held) for held in _measure_workers(process.pid)]
        time.sleep(_EVERY_S)
    reader.join()
    if process.returncode:
        raise SystemExit(f"the batch ended with {process.returncode}")
    return samples


def _count_areas(process: subprocess.Popen[str], done: list[int]) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        event = json.loads(line)
        done[0] += event.get("stage") == "area" and event["status"] == "done"


def _measure_workers(pid: int) -> list[float]:
    """Return the megabytes of each worker of a batch that has a kernel."""
    held = []
    try:
        for child in psutil.Process(pid).children():
            tree = [child, *child.children(recursive=True)]
            if len(tree) > 1:
                held.append(sum(_read_bytes(p) for p in tree) / 1e6)
    except psutil.NoSuchProcess:
        pass
    return held


def _read_bytes(process: psutil.Process) -> int:
    try:
        return process.memory_full_info().pss
    except psutil.Error:  # it ended while the others were read
        return 0
