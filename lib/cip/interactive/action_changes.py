"""Changes to the plan and its log together: shown as one diff, written both or not at all."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from cip.errors import ParameterError
from cip.interactive.asset_changes import PlannedChange, apply_change, plan_change, propose_path
from cip.params_edit import plan_edit
from cip.yaml_file import read_yaml, to_plain

if TYPE_CHECKING:
    from cip.params import ParameterFile

ACTIONS, LOG = "actions", "action_log"


@dataclass(frozen=True)
class PlanChanges:
    """Changes to one or both files that have been checked and not yet made.

    Parameters
    ----------
    parts
        The change of each file; only the last may change the parameter file.
    """

    parts: tuple[PlannedChange, ...]

    @property
    def path(self) -> Path:
        """The first of the files."""
        return self.parts[0].path

    @property
    def is_empty(self) -> bool:
        """True when nothing would change."""
        return all(part.is_empty for part in self.parts)

    @property
    def names(self) -> str:
        """The files that would be written, in words."""
        return " and ".join(part.names for part in self.parts if not part.is_empty)

    @property
    def diff(self) -> str:
        """What would change in each file, as unified diffs."""
        return "\n".join(part.diff for part in self.parts if not part.is_empty)


def plan_changes(
    file: ParameterFile, *, actions: bytes | None = None, log: bytes | None = None
) -> PlanChanges:
    """Work out how the files would change; nothing is written.

    Parameters
    ----------
    actions, log
        What each is to hold; None leaves it alone.

    Raises
    ------
    ParameterError
        If the files are copies of files at an address, or the parameter file cannot be edited.
    """
    parts, unnamed = [], []
    for name, after in ((ACTIONS, actions), (LOG, log)):
        if after is None:
            continue
        path = propose_path(file, name)
        before = path.read_bytes() if path.exists() else None
        parts.append(plan_change(file, name, path, before=before, after=after))
        if parts[-1].params is not None:
            unnamed.append((name, path))
    if len(unnamed) == 2:
        parts = [replace(parts[0], params=None), replace(parts[1], params=_name(file, unnamed))]
    # What names a new file comes last: nothing that may fail follows it.
    return PlanChanges(tuple(sorted(parts, key=lambda part: part.params is not None)))


def _name(file: ParameterFile, unnamed: list[tuple[str, Path]]):
    """Plan the key ``inputs`` with both files at once."""
    named = to_plain(read_yaml(file.path)).get("inputs") or {}
    more = {name: path.relative_to(file.path.parent).as_posix() for name, path in unnamed}
    return plan_edit(file.path, "inputs", {**named, **more}, to_come=tuple(more))


def apply_changes(changes: PlanChanges) -> ParameterFile | None:
    """Make changes; where one cannot be made, those before it are taken back.

    Returns
    -------
    ParameterFile or None
        The parameter file as it is now, where it was changed.

    Raises
    ------
    ParameterError
        If a file has changed since the changes were planned, or cannot be written.
    """
    made: list[PlannedChange] = []
    file = None
    for part in changes.parts:
        try:
            file = apply_change(part) or file
        except ParameterError:
            for one in reversed(made):
                _take_back(one)
            raise
        made.append(part)
    return file


def _take_back(change: PlannedChange) -> None:
    if change.before is None:
        change.path.unlink(missing_ok=True)
    else:
        apply_change(PlannedChange(change.path, change.after, change.before))
