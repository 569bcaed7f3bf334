"""The folders of a run: made apart, put in place whole, and cleared up after a run that died."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cip.errors import CipError, ExportError, Problem
from cip.run.lock import AreaBusyError, lock_area

_PARTIAL, _OLD = ".partial-", ".old-"
_FULL = {errno.ENOSPC, errno.EDQUOT}
_REFUSED = {errno.EACCES, errno.EPERM, errno.EROFS}


@contextmanager
def open_staging(outputs_dir: Path, area_id: str) -> Iterator[Path]:
    """Yield a new folder beside the finished areas, removed at the end whatever happens."""
    staging = outputs_dir / f"{_PARTIAL}{area_id}-{os.getpid()}"
    shutil.rmtree(staging, ignore_errors=True)
    try:
        (staging / area_id / "notebooks").mkdir(parents=True)
        yield staging
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def put_in_place(made: Path, target: Path) -> None:
    """Swap a complete folder in; if that is interrupted, what was there before comes back."""
    old = target.with_name(f"{_OLD}{target.name}-{os.getpid()}")
    try:
        if target.exists():
            target.rename(old)
        made.rename(target)
    finally:
        if old.exists() and not target.exists():
            old.rename(target)
    shutil.rmtree(old, ignore_errors=True)


def keep_attempt(made: Path, target: Path) -> None:
    """Put an incomplete folder into ``failed``, beside what is there."""
    target.mkdir(exist_ok=True)
    kept = target / "failed"
    shutil.rmtree(kept, ignore_errors=True)
    # Reports of an incomplete run would be taken for finished ones.
    shutil.rmtree(made / "reports", ignore_errors=True)
    made.rename(kept)


def withdraw_figures(made: Path) -> None:
    """Remove everything that shows a figure from a folder that must not be published."""
    for name in ("notebooks", "tables", "downloads", "reports"):
        shutil.rmtree(made / name, ignore_errors=True)


def clean_area(outputs_dir: Path, area_id: str) -> None:
    """Clear up what dead runs left of an area. The caller holds the area's lock.

    Only the holder of the lock writes these folders, so every one that is found is dead. A run
    that died between the two steps of a swap has left the area's last good folder under another
    name: it goes back.
    """
    target = outputs_dir / area_id
    for folder in _list_leftovers(outputs_dir, area_id):
        is_old = folder.name.startswith(_OLD)
        if is_old and not target.exists() and (folder / "run.json").exists():
            folder.rename(target)
        else:
            shutil.rmtree(folder, ignore_errors=True)


def clean_outputs(outputs_dir: Path) -> None:
    """Clear up after dead runs of every area; areas that a live run holds are left alone."""
    for area_id in sorted({_name_area(folder) for folder in _list_leftovers(outputs_dir)}):
        try:
            with lock_area(outputs_dir, area_id):
                clean_area(outputs_dir, area_id)
        except AreaBusyError:
            continue


@contextmanager
def explain_disk_errors(outputs_dir: Path) -> Iterator[None]:
    """Turn a full disk or a refused write into a message for an analyst.

    Raises
    ------
    ExportError
        With what to do. Other errors of the system pass through as they are.
    """
    try:
        yield
    except OSError as error:
        raise describe_disk_error(error, outputs_dir) or error from error


def describe_disk_error(error: OSError, outputs_dir: Path) -> CipError | None:
    """Return the message for a full disk or a refused write, or None for any other error."""
    if error.errno in _FULL:
        return describe_full_disk(outputs_dir)
    if error.errno in _REFUSED and _is_inside(error.filename, outputs_dir):
        message = (
            "The outputs folder cannot be written to. Choose another with --outputs, or ask for "
            "the right to write there."
        )
        return ExportError(Problem(message, file=outputs_dir, found=error.strerror))
    return None


def describe_full_disk(outputs_dir: Path) -> ExportError:
    """Return the message for a full disk."""
    return ExportError(
        Problem(
            "The disk is full, so the profile was not made; what was there before is untouched. "
            "Free some space and run again.",
            file=outputs_dir,
        )
    )


def is_full_disk(message: str | None) -> bool:
    """Return whether a notebook's error message says that the disk was full."""
    return any(os.strerror(code).casefold() in (message or "").casefold() for code in _FULL)


def _is_inside(name: object, outputs_dir: Path) -> bool:
    # A file of the store that may not be read is another matter, with another remedy.
    if not isinstance(name, (str, os.PathLike)):
        return False
    path, outputs = Path(name).absolute(), outputs_dir.absolute()
    return path == outputs or outputs in path.parents or path in outputs.parents


def _list_leftovers(outputs_dir: Path, area_id: str | None = None) -> list[Path]:
    if not outputs_dir.is_dir():
        return []
    found = [
        folder
        for prefix in (_PARTIAL, _OLD)
        for folder in sorted(outputs_dir.glob(f"{prefix}*-*"))
        if folder.is_dir()
    ]
    return [folder for folder in found if area_id is None or _name_area(folder) == area_id]


def _name_area(folder: Path) -> str:
    # The id of an area may itself end in a number: only the last part is the process.
    return folder.name.removeprefix(_PARTIAL).removeprefix(_OLD).rpartition("-")[0]
