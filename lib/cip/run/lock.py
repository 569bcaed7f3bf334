"""One run at a time per area: a lock that the operating system gives up when its holder dies.

The lock is a lock on an open file, not the existence of the file. A process that is killed, or
a machine that is switched off, therefore leaves nothing behind that must be told from a live
run by guessing at process numbers or times: the next run simply takes over.
"""

from __future__ import annotations

import errno
import json
import os
import platform
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from cip.errors import CipError, Problem

#: Errors by which the system says that another process holds the lock.
_HELD = {errno.EACCES, errno.EAGAIN, errno.EDEADLK}
_UNSUPPORTED = {errno.ENOSYS, errno.ENOLCK, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EINVAL}


class AreaBusyError(CipError):
    """Another run is writing the area."""


@contextmanager
def lock_area(outputs_dir: Path, area_id: str) -> Iterator[Path]:
    """Hold the only right to write ``outputs/<area_id>`` while the block runs.

    Yields
    ------
    Path
        The lock file; it names the process and machine that hold it, for the message of others.

    Raises
    ------
    AreaBusyError
        If another run holds the area, on this machine or on one that shares the folder.
    CipError
        If the folder is on a file system that offers no locks.
    """
    outputs_dir.mkdir(parents=True, exist_ok=True)
    path = outputs_dir / f".lock-{area_id}"
    descriptor = _acquire(path, area_id)
    try:
        os.ftruncate(descriptor, 0)
        os.write(descriptor, json.dumps({"pid": os.getpid(), "host": platform.node()}).encode())
        yield path
    finally:
        # Removed while it is still held; Windows cannot remove an open file and keeps it.
        with suppress(OSError):
            path.unlink()
        os.close(descriptor)


def is_locked(outputs_dir: Path, area_id: str) -> bool:
    """Return whether a live process holds the area."""
    path = outputs_dir / f".lock-{area_id}"
    if not path.exists():
        return False
    try:
        descriptor = _acquire(path, area_id)
    except AreaBusyError:
        return True
    with suppress(OSError):
        path.unlink()
    os.close(descriptor)
    return False


def _acquire(path: Path, area_id: str) -> int:
    """Return the descriptor of the locked file."""
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            _lock(descriptor)
            # The holder before us may have removed the file that we opened: then what we hold
            # is a lock on nothing, and the next process would make a file of its own.
            if _is_same_file(descriptor, path):
                return descriptor
        except OSError as error:
            os.close(descriptor)
            raise _describe_refusal(error, path, area_id) from error
        os.close(descriptor)


def _is_same_file(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False


def _describe_refusal(error: OSError, path: Path, area_id: str) -> Exception:
    if error.errno in _HELD:
        return AreaBusyError(
            Problem(
                f"The area '{area_id}' is being written by another run{_describe_holder(path)}. "
                "Wait until it has ended, or stop it."
            )
        )
    if error.errno in _UNSUPPORTED:
        return CipError(
            Problem(
                "The outputs folder is on a file system that offers no locks, so two runs could "
                "spoil each other's files. Choose another folder with --outputs.",
                file=path.parent,
            )
        )
    return error


def _describe_holder(path: Path) -> str:
    try:
        holder = json.loads(path.read_text(encoding="utf-8"))
        return f" (process {holder['pid']} on {holder['host']})"
    except (OSError, ValueError, KeyError, TypeError):
        return ""  # it has only just begun, or has just ended


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        # A byte far behind the text, because others may not read a locked byte.
        os.lseek(descriptor, 1 << 20, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        os.lseek(descriptor, 0, os.SEEK_SET)

else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
