"""Errors written for analysts: where, what was found, what was expected, what may be meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

#: Exit codes of the ``cip`` command. ``docs/exit-codes.md`` explains each to a user.
EXIT_OK = 0
EXIT_UNEXPECTED = 1
EXIT_PARAMETERS = 2
EXIT_SOURCES = 3
EXIT_NOTEBOOK = 4
EXIT_EXPORT = 5


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with an input, and where.

    Parameters
    ----------
    message
        What is wrong, in one plain sentence.
    file
        The file as the user named it.
    sheet, row, column
        Place inside a table; ``row`` counts from 1 as a spreadsheet does.
    line
        Line of a text file, from 1.
    found, expected, nearest
        What was there, what should have been, and the closest valid value.
    """

    message: str
    file: str | Path | None = None
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    line: int | None = None
    found: str | None = None
    expected: str | None = None
    nearest: str | None = None

    def __str__(self) -> str:
        place = ", ".join(
            part
            for part in (
                str(self.file) if self.file is not None else "",
                f"line {self.line}" if self.line is not None else "",
                f"sheet '{self.sheet}'" if self.sheet else "",
                f"row {self.row}" if self.row is not None else "",
                f"column '{self.column}'" if self.column else "",
            )
            if part
        )
        text = f"{place}: {self.message}" if place else self.message
        if not text.endswith((".", "?", "!")):
            text += "."
        if self.found is not None:
            text += f" Found: {self.found}."
        if self.expected is not None:
            text += f" Expected: {self.expected}."
        if self.nearest is not None:
            text += f" Did you mean '{self.nearest}'?"
        return text


class CipError(Exception):
    """Base of every error that the workbook raises on purpose."""

    exit_code = EXIT_UNEXPECTED

    def __init__(self, problems: Problem | str | Iterable[Problem | str]):
        if isinstance(problems, (Problem, str)):
            problems = [problems]
        self.problems = [p if isinstance(p, Problem) else Problem(p) for p in problems]
        super().__init__("\n".join(str(p) for p in self.problems))


class ParameterError(CipError):
    """A parameter file, or an area that it names, cannot be used."""

    exit_code = EXIT_PARAMETERS


class SourceError(CipError):
    """A publisher's file cannot be read, or the store lacks what a stage needs."""

    exit_code = EXIT_SOURCES


class NotebookError(CipError):
    """A notebook failed, or its kernel could not be kept alive."""

    exit_code = EXIT_NOTEBOOK


class ExportError(CipError):
    """A report could not be written."""

    exit_code = EXIT_EXPORT


def find_nearest(value: str, valid: Iterable[str], *, cutoff: float = 0.6) -> str | None:
    """Return the valid value most like ``value``, or None when none is close.

    Letter case is ignored in the comparison and kept in the answer.
    """
    by_folded: dict[str, str] = {}
    for item in valid:
        by_folded.setdefault(item.casefold(), item)
    matches: Sequence[str] = difflib.get_close_matches(
        value.casefold(), list(by_folded), n=1, cutoff=cutoff
    )
    return by_folded[matches[0]] if matches else None
