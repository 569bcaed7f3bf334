"""Rows of the engagement's own files, written one action at a time: at once, and with undo."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from cip.engagement.clearance_table import list_clearance_columns
from cip.engagement.excerpts_columns import hide_cells, list_excerpt_columns
from cip.errors import ParameterError, Problem
from cip.interactive.asset_changes import plan_change
from cip.interactive.asset_csv import CsvFile, read_csv_file, start_csv_file
from cip.interactive.asset_panel import Desk
from cip.interactive.voices_journal import (
    DROPPED,
    PLANNED,
    REFUSED,
    WRITTEN,
    Journal,
    Step,
    find_digest,
    find_patch,
    new_id,
)

_ANEW = "what is on the disk, read anew: run the cell again. What you did is in the journal"


@dataclass
class Target:
    """A file that is written, as it was read.

    Parameters
    ----------
    path
        The file.
    name
        Key under ``inputs`` that it belongs to.
    columns
        Its columns, for a file that is not there yet.
    csv
        Its rows.
    """

    path: Path
    name: str
    columns: tuple[str, ...]
    csv: CsvFile = field(repr=False)


class Ledger:
    """Writes rows, each written down in the journal first, and takes actions back.

    Parameters
    ----------
    desk
        Whose files are written.
    journal
        Where every action is written down.
    read_key
        Returns a cell of a key column in the one form in which rows are told apart.
    """

    def __init__(self, desk: Desk, journal: Journal, read_key: Callable[[str, str], str]):
        self.desk, self.journal = desk, journal
        self._read_key = read_key
        self._targets: dict[str, Target] = {}

    def watch(self, path: Path, name: str, columns: Iterable[str]) -> Target:
        """Read a file that will be written; from now on a change by anybody else is noticed.

        Raises
        ------
        ParameterError
            If it is no CSV file or cannot be read; no message holds a cell.
        """
        names = tuple(columns)
        csv = self._read(path, names) if path.exists() else start_csv_file(path, names)
        self._targets[self._name_file(path)] = target = Target(path, name, names, csv)
        self._settle_open(self._name_file(path), target)
        return target

    def find_row(self, target: Target, key: Mapping[str, str]) -> int | None:
        """Return the number of the first row with these cells, or None."""
        wanted = [
            (target.csv.find_place(name), name, self._read_key(name, cell))
            for name, cell in key.items()
        ]
        if any(place is None for place, _, _ in wanted):
            return None
        for record in target.csv.records[1:]:
            if all(
                place < len(record.cells) and self._read_key(name, record.cells[place]) == cell
                for place, name, cell in wanted
                if place is not None
            ):
                return record.row
        return None

    def write(
        self,
        target: Target,
        key: Mapping[str, str],
        cells: Mapping[str, str],
        words: str,
        *,
        by: str = "",
    ) -> Step:
        """Change or add one row, at once.

        Parameters
        ----------
        target
            The file, from `watch`.
        key, cells
            Cells that tell the row, and those that are set.
        words
            What this does, without any of what people said.
        by
            The coder whose codes it changes.

        Raises
        ------
        ParameterError
            If the file was changed by somebody else, lacks a column, or cannot be written. The
            action is then in the journal as refused, with all that it would have written.
        """
        name = self._name_file(target.path)
        step = Step(new_id(), words, by, name, dict(key), dict(cells))
        try:
            self._check_same(target)
            content = target.csv.content
            after = self._change(target, key, cells)
        except ParameterError:
            self.journal.add(replace(step, state=REFUSED))
            raise
        patch = find_patch(content or b"", after)
        step = replace(step, patch=patch, before=find_digest(content), after=find_digest(after))
        return self._make(target, step, after)

    def find_undo(self, by: str) -> Step | None:
        """Return the last action that can be taken back: one's own codes, and what is common."""
        steps = self.journal.steps
        undone = {one.undoes for one in steps if one.undoes and one.state == WRITTEN}
        mine = [
            one
            for one in steps
            if one.state == WRITTEN and not one.undoes and one.step not in undone
            and one.by in ("", by) and one.patch is not None and one.file in self._targets
        ]  # fmt: skip
        return mine[-1] if mine else None

    def undo(self, by: str) -> Step | None:
        """Take the last action back, in the file too; None where there is none.

        Raises
        ------
        ParameterError
            If the file is no longer as that action left it.
        """
        last = self.find_undo(by)
        if last is None or last.patch is None:
            return None
        target = self._targets[last.file]
        self._check_same(target)
        content = target.csv.content or b""
        if find_digest(target.csv.content) != last.after:
            problem = "this file is no longer as that action left it, so it was not taken back"
            raise ParameterError(Problem(problem, file=target.path))
        patch = last.patch.reverse()
        after = patch.apply(content)
        if not after:
            # A file that the action made keeps its headings.
            after = start_csv_file(target.path, target.columns).append({})
            after = after[: after.index(b"\n") + 1]
            patch = find_patch(content, after)
        step = Step(
            new_id(), f"Undone: {last.words}", last.by, last.file, last.key, {}, patch,
            last.after, find_digest(after), undoes=last.step,
        )  # fmt: skip
        return self._make(target, step, after)

    def list_pending(self) -> list[Step]:
        """Return actions that never reached their file, the latest of each row."""
        latest: dict[object, Step] = {}
        for step in self.journal.steps:
            if not step.undoes or step.state == WRITTEN:
                latest[step.place] = step
        return [
            step for step in latest.values()
            if step.state in (PLANNED, REFUSED) and step.file in self._targets
            and not self._says(self._targets[step.file], step)
        ]  # fmt: skip

    def retry(self, step_id: str) -> Step | None:
        """Write an action that never reached its file; None where there is none of that id."""
        step = self._find_pending(step_id)
        if step is None:
            return None
        target = self._targets[step.file]
        done = self.write(target, step.key, step.cells, step.words, by=step.by)
        self.journal.mark(step, DROPPED)
        return done

    def drop(self, step_id: str) -> Step | None:
        """Let go of an action that never reached its file; it stays in the journal."""
        step = self._find_pending(step_id)
        return None if step is None else self.journal.mark(step, DROPPED)

    def find_target(self, step: Step) -> Target:
        """Return the file that an action is about."""
        return self._targets[step.file]

    def _find_pending(self, step_id: str) -> Step | None:
        return next((one for one in self.list_pending() if one.step == step_id), None)

    def _make(self, target: Target, step: Step, after: bytes) -> Step:
        before = target.csv.content
        change = plan_change(self.desk.file, target.name, target.path, before=before, after=after)
        self.journal.add(step)
        try:
            self.desk.apply(change)
        except ParameterError:
            self.journal.mark(step, REFUSED)
            raise
        target.csv = self._read(target.path, target.columns)
        return self.journal.mark(step, WRITTEN)

    def _change(self, target: Target, key: Mapping[str, str], cells: Mapping[str, str]) -> bytes:
        row, csv = self.find_row(target, key), target.csv
        # An empty cell needs no column.
        told = {n: cell for n, cell in cells.items() if cell or csv.find_place(n) is not None}
        return csv.append({**key, **told}) if row is None else csv.change(row, told)

    def _check_same(self, target: Target) -> None:
        now = target.path.read_bytes() if target.path.exists() else None
        if now != target.csv.content:
            problem = "somebody else has changed this file meanwhile, so nothing was written to it"
            raise ParameterError(Problem(problem, file=target.path, expected=_ANEW))

    def _settle_open(self, name: str, target: Target) -> None:
        """Mark what was written by a kernel that died before it could say so."""
        digest = find_digest(target.csv.content)
        for step in self.journal.steps:
            if step.state == PLANNED and step.file == name and step.after == digest:
                self.journal.mark(step, WRITTEN)

    def _says(self, target: Target, step: Step) -> bool:
        row = self.find_row(target, step.key)
        return row is not None and all(
            target.csv.find_cell(row, name).strip() == cell for name, cell in step.cells.items()
        )

    def _read(self, path: Path, columns: tuple[str, ...]) -> CsvFile:
        try:
            return read_csv_file(path, columns)
        except ParameterError as error:
            known = {*columns, *list_excerpt_columns(), *list_clearance_columns()}
            raise ParameterError([hide_cells(one, known) for one in error.problems]) from None

    def _name_file(self, path: Path) -> str:
        return Path(os.path.relpath(path, self.journal.path.parent)).as_posix()
