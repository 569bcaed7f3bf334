"""Changes to the area's own files: worked out first, shown as a diff, then written whole."""

from __future__ import annotations

import difflib
import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from cip.errors import ParameterError, Problem
from cip.mirror import find_address
from cip.params_edit import PlannedEdit, apply_edit, plan_edit
from cip.yaml_file import read_yaml, to_plain

if TYPE_CHECKING:
    from cip.params import ParameterFile


@dataclass(frozen=True)
class PlannedChange:
    """A change to one of the area's own tables that has been checked and not yet made.

    Parameters
    ----------
    path
        The table.
    before, after
        Its whole content, as bytes, now and after the change; None now where it is a new file.
    params
        The change to the parameter file that names a new table; None where it names it already.
    """

    path: Path
    before: bytes | None = field(repr=False)
    after: bytes = field(repr=False)
    params: PlannedEdit | None = None

    @property
    def is_empty(self) -> bool:
        """True when nothing would change."""
        return self.before == self.after and (self.params is None or self.params.is_empty)

    @property
    def names(self) -> str:
        """The files that would be written, in words."""
        both = [self.path.name, *([self.params.path.name] if self.params else [])]
        return " and ".join(both)

    @property
    def diff(self) -> str:
        """What would change in each file, as unified diffs; empty when nothing would."""
        texts = [part.decode("utf-8-sig").splitlines() for part in (self.before or b"", self.after)]
        name = self.path.name
        now = "now" if self.before is not None else "there is no such file yet"
        lines = difflib.unified_diff(
            *texts, fromfile=f"{name} ({now})", tofile=f"{name} (new)", lineterm=""
        )
        return "\n".join([*lines, *([self.params.diff] if self.params else [])])


def plan_change(
    file: ParameterFile, name: str, path: Path, *, before: bytes | None, after: bytes
) -> PlannedChange:
    """Work out how one of the area's own tables, and with it the parameter file, would change.

    Parameters
    ----------
    file
        The parameter file.
    name
        Key under ``inputs`` that names the table.
    path
        The table; from `propose_path` where the parameter file names none.
    before, after
        Its content now (None: no file) and after the change.

    Raises
    ------
    ParameterError
        If the files are copies of files at an address, or the parameter file cannot be edited.
    """
    if address := find_address(file.path):
        problem = "this is a copy; a change to it would not reach the file that it was made of"
        raise ParameterError(Problem(problem, file=path, expected=f"a change beside {address}"))
    is_named = file.resolve_input(name) is not None
    return PlannedChange(path, before, after, None if is_named else _plan_naming(file, name, path))


def propose_path(file: ParameterFile, name: str) -> Path:
    """Return where a table is, or where it would be where the parameter file names none."""
    named = file.resolve_input(name)
    return named or file.path.parent / file.params.id / f"{name}.csv"


def apply_change(change: PlannedChange) -> ParameterFile | None:
    """Make a planned change: every file is replaced whole, or all of them stay as they are.

    Returns
    -------
    ParameterFile or None
        The parameter file as it is now, where it was changed.

    Raises
    ------
    ParameterError
        If a file has changed since the plan was made, or cannot be written.
    """
    _check_unchanged(change.path, change.before)
    if change.params is not None:
        _check_unchanged(change.params.path, change.params.before)
    made = _make_folder(change.path.parent)
    try:
        _replace(change.path, change.after)
        return apply_edit(change.params) if change.params is not None else None
    except ParameterError:
        _restore(change, made)
        raise


def _plan_naming(file: ParameterFile, name: str, path: Path) -> PlannedEdit:
    """Plan the key ``inputs`` with one more file, which is not there yet."""
    named = to_plain(read_yaml(file.path)).get("inputs") or {}
    inputs = {**named, name: path.relative_to(file.path.parent).as_posix()}
    return plan_edit(file.path, "inputs", inputs, to_come=(name,))


def _check_unchanged(path: Path, before: bytes | None) -> None:
    try:
        now = path.read_bytes() if path.exists() else None
    except OSError as error:
        problem = f"can no longer be read: {error.strerror}"
        raise ParameterError(Problem(problem, file=path)) from None
    if now != before:
        problem = "this file has changed since it was read, so nothing was written"
        raise ParameterError(
            Problem(problem, file=path, expected="a new look at what would change")
        )


def _make_folder(folder: Path) -> list[Path]:
    """Make a folder and return which of it and those above were not there, innermost first."""
    made = []
    above = folder
    while not above.exists():
        made.append(above)
        above = above.parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _refuse_writing(folder, error) from None
    return made


def _replace(path: Path, content: bytes) -> None:
    partial = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with partial.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        if path.exists():
            shutil.copymode(path, partial)
        partial.replace(path)
    except OSError as error:
        raise _refuse_writing(path, error) from None
    finally:
        partial.unlink(missing_ok=True)


def _restore(change: PlannedChange, made: list[Path]) -> None:
    """Put the table back as it was; the parameter file puts itself back."""
    if change.before is not None:
        if change.path.read_bytes() != change.before:
            _replace(change.path, change.before)
        return
    change.path.unlink(missing_ok=True)
    for folder in made:
        folder.rmdir()


def _refuse_writing(path: Path, error: OSError) -> ParameterError:
    return ParameterError(Problem(f"cannot be written: {error.strerror}", file=path))
