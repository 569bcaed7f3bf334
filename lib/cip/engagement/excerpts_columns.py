"""What a table of excerpts may hold, and how its cells are read without ever being repeated.

A cell may hold what somebody said, also one that should not: a comma too many moves every cell of
a row. So problems name the place and never the cell, unlike those of `cip.inputs.read_table`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from pathlib import Path

from cip.catalogue.people_groups import load_people_groups
from cip.engagement.identifiers import find_identifiers
from cip.errors import ParameterError, Problem, find_nearest
from cip.inputs import Column
from cip.inputs.columns import CellError, fold_name, read_cell
from cip.inputs.files import read_rows

VOICES = ("survey", "interview", "focus group", "street", "story", "walkabout")
#: Attributes of whoever speaks: where the voice was heard, when, and the catalogue's groups.
ATTRIBUTES = ("voice", "wave", *load_people_groups())
_NOT_TOLD = {"prefer_not_to_say", "not_stated", "not_known", "unknown", "na", "n_a"}
_ID = re.compile(r"\d{1,6}|[A-Za-z]{1,6}\d{0,4}(?:[_-]?[A-Za-z]{0,3}\d{1,4})?|r(?:-[b-z]{5}){2}")
_WAVE = re.compile(r"(?:wave[ _-]?)?\d{1,4}(?:[-/]\d{2,4})?", re.I)
_SMALL_AREA = re.compile(r"[EWZ]0[01]\d{6}")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_LONGEST_COMPARED = 120
#: Signs that make a cell a formula; `'` before them makes it text.
_FORMULA_START = ("=", "+", "-", "@")


@dataclass(frozen=True, repr=False)
class FileContent:
    """What one file holds, before people and coders get names of ours.

    Parameters
    ----------
    path
        The file.
    rows
        One mapping per excerpt and coder: ``excerpt_id, document_id, person_id``, attributes,
        ``text, suggestion, row``; what is missing is None or left out.
    looked_at, codings
        Pairs of excerpt and coder, and triples with the theme.
    """

    path: Path
    rows: list[dict[str, object]] = field(default_factory=list)
    looked_at: list[tuple[str, str]] = field(default_factory=list)
    codings: list[tuple[str, str, str]] = field(default_factory=list)

    def __repr__(self) -> str:
        return f"FileContent({self.path.name}: {len(self.rows)} rows)"


@dataclass(frozen=True, repr=False)
class Cells:
    """Rows of a table as text, by the names of known columns; ``wide`` are too wide for them."""

    path: Path
    sheet: str | None
    columns: tuple[str, ...]
    rows: list[tuple[int, dict[str, str]]]
    wide: tuple[int, ...] = ()

    def __repr__(self) -> str:
        return f"Cells({self.path.name}: {len(self.rows)} rows)"

    def tell_wide(self) -> list[Problem]:
        """Return a problem for each row with more cells than headings, as a comma too many makes."""
        message = "this row has more cells than there are headings"
        expected = "a cell that holds a comma to stand in quotation marks"
        return [self.tell(message, row, expected=expected) for row in self.wide]

    def tell(self, message: str, row: int | None = None, **details: str | None) -> Problem:
        """Return a problem of this table."""
        return Problem(message, file=self.path, sheet=self.sheet, row=row, **details)


@cache
def list_excerpt_columns() -> Mapping[str, Column]:
    """Return the columns of our own table of excerpts: one row per excerpt and coder."""
    columns = {
        "excerpt_id": Column(required=True, description="Letters and digits, such as E001"),
        "document_id": Column(description="Interview, group or set of answers it comes from"),
        "person_id": Column(description="Who speaks: a number, never a name"),
        "voice": Column("choice", choices=VOICES, description="How the person was heard"),
        "wave": Column(description="Year or wave, such as 2026"),
    }
    for name, entry in load_people_groups().items():
        choices = tuple(group.id for group in entry.groups)
        kind = {"description": entry.label}
        columns[name] = Column("choice", choices=choices, **kind) if choices else Column(**kind)
    return columns | {
        "text": Column(description="What was said, in the speaker's words"),
        "suggestion": Column("flag", description="Does the speaker suggest something?"),
        "themes": Column(description="theme_id of every theme applied, parted by semicolons"),
        "coder": Column(description="Who coded; left out, the file's name"),
        "coded_on": Column("date", description="Day of reading; blank: not read yet"),
    }


def read_cells(path: Path, names: Collection[str]) -> Cells:
    """Read a table as text.

    Parameters
    ----------
    names
        Columns that may be there; others are left out.

    Raises
    ------
    ParameterError
        If the file cannot be read, is empty, or has a heading twice. Headings are not repeated:
        a table without them starts with what somebody said.
    """
    try:
        rows = read_rows(path, names)
    except ParameterError as error:
        raise ParameterError([hide_cells(problem, names) for problem in error.problems]) from None
    if not rows.cells:
        raise ParameterError(Problem("this file is empty", file=path))
    known = {fold_name(name): name for name in names}
    number, headings = rows.cells[0]
    places: dict[str, int] = {}
    for place, heading in enumerate(headings):
        name = known.get(fold_name(heading)) if len(heading) <= _LONGEST_COMPARED else None
        if name in places:
            problem = Problem("this heading stands twice", file=path, row=number, column=name)
            raise ParameterError(problem)
        if name is not None:
            places[name] = place
    lines = [
        (row, {name: cells[at] if at < len(cells) else "" for name, at in places.items()})
        for row, cells in rows.cells[1:]
    ]
    width = len(headings)
    wide = tuple(row for row, cells in rows.cells[1:] if any(map(str.strip, cells[width:])))
    return Cells(path, rows.sheet, tuple(places), lines, wide)


def hide_cells(problem: Problem, names: Collection[str]) -> Problem:
    """Return a problem without anything that a cell may have held."""
    column = problem.column if problem.column in names else None
    return replace(problem, found=None, column=column)


def clean_text(text: str) -> str | None:
    """Return what was said without signs that cannot be printed, or None where nothing is left.

    An apostrophe that `cip.inputs.write_form` puts before a formula is taken away again.
    """
    kept = _CONTROL.sub(" ", text).strip()
    if kept.startswith("'") and kept[1:].startswith(_FORMULA_START):
        kept = kept[1:]
    return kept or None


def read_attributes(
    cells: Mapping[str, str], parts: Collection[str]
) -> tuple[dict[str, str | None], list[Problem]]:
    """Return the attributes of a speaker, and what cannot be read, without its place.

    What people preferred not to say is missing.
    """
    values: dict[str, str | None] = {}
    problems = []
    for name in ATTRIBUTES:
        text = cells.get(name, "").strip()
        values[name] = None
        if not text or fold_name(text) in _NOT_TOLD:
            continue
        values[name], problem = _read_attribute(name, text, tuple(parts))
        if problem:
            problems.append(replace(problem, column=name))
    return values, problems


@lru_cache(maxsize=10_000)
def _read_attribute(
    name: str, text: str, parts: tuple[str, ...]
) -> tuple[str | None, Problem | None]:
    if name == "voice":
        known = {fold_name(voice): voice for voice in VOICES}
        return known.get(fold_name(text)), None if fold_name(text) in known else Problem(
            "this is not a way of hearing people",
            expected=", ".join(VOICES),
            nearest=_find_near(text, VOICES),
        )
    if name == "wave":
        expected = "a year or number, such as 2026 or wave 2"
        is_wave = _WAVE.fullmatch(text)
        return (text, None) if is_wave else (None, Problem("this is no wave", expected=expected))
    entry = load_people_groups()[name]
    if entry.is_place:
        return _read_part(text, parts)
    if group := entry.find_group(text):
        return group, None
    nearest = entry.find_nearest_group(text) if len(text) <= _LONGEST_COMPARED else None
    expected = ", ".join(group.id for group in entry.groups)
    return None, Problem("there is no such group", expected=expected, nearest=nearest)


def _read_part(text: str, parts: Collection[str]) -> tuple[str | None, Problem | None]:
    named = {fold_name(part): part for part in parts}
    if fold_name(text) in named:
        return named[fold_name(text)], None
    if _SMALL_AREA.fullmatch(text):
        return text, None
    return None, Problem(
        "this is not a part of the area",
        expected="the code of a small area" + (f", or one of {', '.join(parts)}" if parts else ""),
        nearest=_find_near(text, parts),
    )


@lru_cache(maxsize=100_000)
def read_excerpt_id(text: str) -> str | None:
    """Return an id that holds no personal detail, or None."""
    text = text.strip()
    return text if _ID.fullmatch(text) and not find_identifiers(text) else None


def read_plain(name: str, text: str) -> tuple[object, Problem | None]:
    """Return a cell of `list_excerpt_columns` that is a flag or a date, and what is wrong."""
    try:
        return read_cell(text, list_excerpt_columns()[name]), None
    except CellError as error:
        return None, replace(error.problem, found=None, column=name)


def _find_near(text: str, valid: Collection[str]) -> str | None:
    return find_nearest(text, valid) if len(text) <= _LONGEST_COMPARED else None
