"""The score files of an area, as far as they are changed from a notebook."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from cip.errors import ParameterError, Problem
from cip.framework.scoring_model import AGREED, SCORES, Round, ScoringFile, load_scoring
from cip.framework.scoring_results import RoundResult, work_out
from cip.framework.scoring_scores import (
    ScoredRounds,
    list_agreed_columns,
    list_score_columns,
    read_agreed,
    read_marks,
)
from cip.interactive.asset_changes import PlannedChange, plan_change
from cip.interactive.asset_csv import CsvFile, read_csv_file, start_csv_file

if TYPE_CHECKING:
    from cip.params import ParameterFile

INPUT = "scoring"
#: A criterion's mark and what the scorer notes of it, as they are typed.
Given = tuple[str, str]


@dataclass(frozen=True)
class ScoreBook:
    """The rounds that are open, and how a mark or an agreed mark would be written.

    Parameters
    ----------
    file
        The parameter file, which names ``scoring.yml``.
    """

    file: ParameterFile

    def load(self) -> ScoringFile:
        """Return ``scoring.yml`` as it is on disk now.

        Raises
        ------
        ParameterError
            If the parameter file names none, or with every problem of its form.
        """
        path = self.file.resolve_input(INPUT)
        if path is None:
            message = "the parameter file names no scoring.yml"
            expected = "inputs: scoring: with its path"
            raise ParameterError(Problem(message, file=self.file.path, expected=expected))
        return load_scoring(path)

    def list_open(self) -> list[Round]:
        """Return the rounds that are not decided yet."""
        return [one for one in self.load().scoring.rounds if not one.is_decided]

    def find_round(self, round_id: str) -> Round:
        """Return a round that is still open.

        Raises
        ------
        ParameterError
            If there is no such round, or it is decided.
        """
        held = self.load()
        one = held.rounds.get(round_id)
        if one is None:
            message = "scoring.yml no longer has this round"
            raise ParameterError(Problem(message, file=held.path, found=round_id))
        if one.is_decided:
            message = "this round is decided, so its marks stay as they are"
            raise ParameterError(Problem(message, file=held.path, found=round_id))
        return one

    def work_out(self, round_id: str) -> RoundResult:
        """Return what a round comes to with the files as they are now.

        Raises
        ------
        ParameterError
            With every problem of the round's files.
        """
        held, one = self.load(), self.find_round(round_id)
        marks, problems = self._gather(held, one, SCORES)
        agreed, found = self._gather(held, one, AGREED)
        if problems + found:
            raise ParameterError([*problems, *found])
        return work_out(one, ScoredRounds(held, marks.rename(columns={"score": "mark"}), agreed))

    def find_given(self, round_id: str, applicant: str, scorer: str) -> dict[str, Given]:
        """Return what one scorer gave one applicant, by criterion: the mark and the note."""
        held, one = self.load(), self.find_round(round_id)
        marks, problems = self._gather(held, one, SCORES)
        if problems:
            raise ParameterError(problems)
        own = marks[(marks["applicant"] == applicant) & (marks["scorer"] == scorer)]
        return {
            row["criterion"]: (f"{row['score']}", row["note"] if pd.notna(row["note"]) else "")
            for row in own.to_dict("records")
        }

    def plan_scores(
        self, round_id: str, applicant: str, scorer: str, given: Mapping[str, Given]
    ) -> PlannedChange:
        """Work out the round's file with one scorer's marks of one applicant; nothing is written.

        Parameters
        ----------
        given
            Mark and note by criterion. A criterion without a mark stays as it is.

        Raises
        ------
        ParameterError
            If nothing is given, the round is decided, the scorer has a conflict of interest or is
            absent, or with all that is wrong with the marks.
        """
        held, one = self.load(), self.find_round(round_id)
        for criterion, (mark, note) in given.items():
            if note.strip() and not mark.strip():
                message = "a note needs a mark beside it"
                raise ParameterError(Problem(message, column=criterion))
        rows = {name: cells for name, cells in given.items() if cells[0].strip()}
        if not rows:
            raise ParameterError(Problem("no mark is given, so there is nothing to write"))
        path = self._find_file(held, one, SCORES)
        table = _open(path, list_score_columns())
        now = table
        for criterion, (mark, note) in rows.items():
            key = {"applicant": applicant, "scorer": scorer, "criterion": criterion}
            now = _put(now, key, {"score": mark.strip(), "note": note.strip()})
        return self._plan(one, SCORES, table, now)

    def plan_agreed(
        self, round_id: str, applicant: str, criterion: str, cells: Mapping[str, str]
    ) -> PlannedChange:
        """Work out the round's file of agreed marks with one more; nothing is written.

        Parameters
        ----------
        cells
            ``mark, by, on, reason``.

        Raises
        ------
        ParameterError
            If the round is decided or names no such file, or with all that is wrong.
        """
        held, one = self.load(), self.find_round(round_id)
        path = self._find_file(held, one, AGREED)
        table = _open(path, list_agreed_columns())
        now = _put(table, {"applicant": applicant, "criterion": criterion}, cells)
        return self._plan(one, AGREED, table, now)

    def _find_file(self, held: ScoringFile, one: Round, holds: str) -> Path:
        """Return the file of a round that is written to: the first that is named for it."""
        named = held.list_files(holds, one.id)
        if not named:
            entry = f"{one.id.replace('-', '_')}_{holds.replace(' ', '_')}.csv"
            raise ParameterError(
                Problem(
                    f"scoring.yml names no file of {holds} for this round",
                    file=held.path,
                    expected=f"under files: '- path: {entry}', 'round: {one.id}', 'holds: {holds}'",
                )
            )
        return held.resolve(named[0][1])

    def _gather(
        self, held: ScoringFile, one: Round, holds: str
    ) -> tuple[pd.DataFrame, list[Problem]]:
        read = read_marks if holds == SCORES else read_agreed
        columns = list_score_columns() if holds == SCORES else list_agreed_columns()
        parts = [pd.DataFrame({name: pd.Series(dtype="object") for name in columns})]
        problems: list[Problem] = []
        for _, named in held.list_files(holds, one.id):
            path = held.resolve(named)
            # A file that is named and not there yet is made when the first mark is written.
            if path.exists():
                table, found = read(path, one)
                parts.append(table)
                problems += found
        whole = pd.concat([p for p in parts if len(p)] or parts, ignore_index=True)
        return whole.assign(round=one.id), problems

    def _plan(self, one: Round, holds: str, before: CsvFile, after: CsvFile) -> PlannedChange:
        content = after.content or b""
        read = read_marks if holds == SCORES else read_agreed
        with tempfile.TemporaryDirectory() as scratch:
            path = Path(scratch, before.path.name)
            path.write_bytes(content)
            _, problems = read(path, one)
        if problems:
            raise ParameterError([replace(p, file=before.path.name) for p in problems])
        return plan_change(self.file, INPUT, before.path, before=before.content, after=content)


def _open(path: Path, columns: Mapping[str, object]) -> CsvFile:
    return read_csv_file(path, columns) if path.exists() else start_csv_file(path, columns)


def _put(table: CsvFile, key: Mapping[str, str], cells: Mapping[str, str]) -> CsvFile:
    """Return the table with the cells in the row of this key, which is made where there is none."""
    row = next(
        (
            record.row
            for record in table.records[1:]
            if all(table.find_cell(record.row, name).strip() == v for name, v in key.items())
        ),
        None,
    )
    content = table.append({**key, **cells}) if row is None else table.change(row, cells)
    return _read_again(table, content)


def _read_again(table: CsvFile, content: bytes) -> CsvFile:
    """Return the table that some bytes hold, under the path of the table that they came from."""
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch, table.path.name)
        path.write_bytes(content)
        return replace(read_csv_file(path, table.headings), path=table.path)
