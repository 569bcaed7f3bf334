"""The register of quotations: which excerpts a person has cleared, for which words.

It stays in the input folder, and so does what it holds: messages name rows and columns alone.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pandas as pd

from cip.engagement.publishable import refuse_personal
from cip.errors import ParameterError, Problem
from cip.formulas import is_formula
from cip.inputs import Column, read_table
from cip.inputs.columns import CellError, read_cell
from cip.inputs.csv_form import CsvForm, read_csv_form

#: Longest quotation, in characters: what is longer is a story and belongs among the case studies.
LONGEST_QUOTE = 1_500
#: A change of one of these takes a clearance away.
SEALED = ("excerpt_id", "text", "speaker_label")
#: The id of a quotation is published, so it has no room for a name.
_IDS = {
    "quote_id": (re.compile(r"[A-Za-z]{0,3}[-_]?\d{1,5}"), "a few letters and a number: Q01"),
    "excerpt_id": (
        re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,79}"),
        "letters, digits, hyphens and dots alone, at most 80",
    ),
}


def list_clearance_columns() -> dict[str, Column]:
    """Return the columns of the register of quotations: one row per quotation."""
    return {
        "quote_id": Column(required=True, description="Short id of the quotation, such as Q01"),
        "excerpt_id": Column(required=True, description="Excerpt that it comes from"),
        "theme_id": Column(
            description="Theme that it illustrates; blank: the theme of the excerpt that comes "
            "first in the codebook"
        ),
        "text": Column(
            description="As it will be published: the words of the excerpt, with … for what is "
            "left out and [square brackets] for your own words"
        ),
        "speaker_label": Column(
            description="Characteristics to name, parted by semicolons, such as 'age; sex', or a "
            "label in your own words; blank: 'Resident'"
        ),
        "names_allowed": Column(
            description="Names in the text that may be published, parted by semicolons"
        ),
        "consent": Column("flag", description="Whether the speaker agreed to be quoted"),
        "cleared_by": Column(
            privacy="role", description="Role of the person who cleared it, never a name"
        ),
        "cleared_on": Column("date", description="Day on which it was cleared"),
        "cleared_digest": Column(
            description="Written by the workbook when a quotation is cleared; leave it as it is"
        ),
        "withdrawn": Column("flag", description="yes: the speaker took the consent back"),
    }


def read_register(path: Path) -> pd.DataFrame:
    """Read the register of quotations as it stands, cleared or not.

    Returns
    -------
    DataFrame
        One row per quotation: the columns of `list_clearance_columns` and ``row``. It holds text
        that must not leave memory.

    Raises
    ------
    ParameterError
        With every problem of the file, by row and column, never with what a cell holds.
    """
    try:
        table = read_table(path, list_clearance_columns(), check=_find_problems)
    except ParameterError as error:
        raise ParameterError([hide_cells(problem) for problem in error.problems]) from None
    for name in ("text", "speaker_label", "names_allowed"):
        table[name] = table[name].map(_unquote, na_action="ignore")
    return table


def hide_cells(problem: Problem) -> Problem:
    """Return a problem without what a cell holds, nor a heading that may be a cell out of place."""
    is_known = problem.column in list_clearance_columns() or problem.column is None
    return replace(
        problem, found=None, nearest=None, column=problem.column if is_known else "not known"
    )


def _find_problems(table: pd.DataFrame) -> Iterator[Problem]:
    for name, (pattern, expected) in _IDS.items():
        for row, cell in table.loc[table[name].notna(), ["row", name]].itertuples(index=False):
            if not pattern.fullmatch(cell):
                yield Problem("this is not an id", row=int(row), column=name, expected=expected)
    first = table.groupby("quote_id")["row"].transform("min")
    for row, earlier in zip(table["row"], first, strict=True):
        if pd.notna(earlier) and row != earlier:
            message = f"this id stands in row {int(earlier)} already"
            yield Problem(message, row=int(row), column="quote_id")
    for row, cell in table.loc[table["cleared_by"].notna(), ["row", "cleared_by"]].itertuples(
        index=False
    ):
        if problem := refuse_personal("this cell", cell):
            yield replace(problem, row=int(row), column="cleared_by")
    for row, cell in table.loc[table["text"].notna(), ["row", "text"]].itertuples(index=False):
        if len(cell) > LONGEST_QUOTE:
            expected = f"at most {LONGEST_QUOTE:,} characters"
            yield Problem("this text is too long", row=int(row), column="text", expected=expected)


def seal(row: Mapping[str, object], excerpt: str) -> str:
    """Return the digest under which a quotation is cleared: of what was said and what is shown.

    Parameters
    ----------
    row
        Cells of the register.
    excerpt
        Text of its excerpt.
    """
    parts = [excerpt, *("" if pd.isna(cell := row.get(n)) else str(cell) for n in SEALED)]
    plain = "\x1f".join(" ".join(unicodedata.normalize("NFC", part).split()) for part in parts)
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def plan_clearance(
    path: Path, rows: Iterable[Mapping[str, object]], excerpts: Mapping[str, str]
) -> str:
    """Return the text of the register with quotations added, changed, cleared or taken back.

    Parameters
    ----------
    path
        The register; it may not be there yet.
    rows
        One mapping per quotation: ``quote_id`` and the cells to change. Others stay as they are.
        A row that names ``cleared_on`` is cleared by that for its present words and sealed; an
        empty ``cleared_on`` takes the clearance back.
    excerpts
        Text of each excerpt by id.

    Returns
    -------
    str
        The whole text, byte order mark and line ends included: write it with
        ``path.write_bytes(text.encode("utf-8"))``. Nothing has been written.

    Raises
    ------
    ParameterError
        If the register cannot be read, a cell would not be valid, or an excerpt that is to be
        cleared is not there.
    """
    form = _read_form(path)
    places = {row.get("quote_id", ""): place for place, row in enumerate(form.rows)}
    problems: list[Problem] = []
    for given in rows:
        cells = {name: _tidy(given[name]) for name in list_clearance_columns() if name in given}
        place = places.setdefault(cells.get("quote_id", ""), len(form.rows))
        if place == len(form.rows):
            form.rows.append({})
        form.rows[place] |= cells
        problems += _check_cells(form.rows[place], place + 2)
        if "cleared_on" in cells:
            problems += _seal_row(form.rows[place], excerpts, place + 2)
    if problems:
        raise ParameterError([hide_cells(replace(problem, file=path)) for problem in problems])
    return form.write()


def plan_seals(path: Path, excerpts: Mapping[str, str]) -> str:
    """Return the text of a register filled in by hand, with each clearance in it sealed.

    Rows that are sealed already keep their seal, so that a change since then still shows. What is
    returned and raised: see `plan_clearance`.
    """
    rows = read_register(path)
    open_rows = rows[rows["cleared_on"].notna() & rows["cleared_digest"].isna()]
    cleared = open_rows["cleared_on"].dt.strftime("%Y-%m-%d")
    given = zip(open_rows["quote_id"], cleared, strict=True)
    return plan_clearance(path, [{"quote_id": i, "cleared_on": day} for i, day in given], excerpts)


def _seal_row(row: dict[str, str], excerpts: Mapping[str, str], number: int) -> list[Problem]:
    if not row.get("cleared_on"):
        row["cleared_digest"] = ""
        return []
    excerpt = excerpts.get(row.get("excerpt_id", ""))
    if excerpt is None:
        message = "there is no such excerpt, so this quotation cannot be cleared"
        return [Problem(message, row=number, column="excerpt_id")]
    plain = {name: _unquote(row.get(name, "")) for name in SEALED}
    row["cleared_digest"] = seal(plain, excerpt)
    return []


def _check_cells(row: Mapping[str, str], number: int) -> list[Problem]:
    problems = []
    for name, column in list_clearance_columns().items():
        try:
            read_cell(row.get(name, ""), column)
        except CellError as error:
            problems.append(replace(error.problem, row=number, column=name))
    cells = {name: [row.get(name) or None] for name in list_clearance_columns()}
    table = pd.DataFrame({**cells, "row": [number]})
    return problems + [p for p in _find_problems(table) if p.message not in map(str, problems)]


def _tidy(value: object) -> str:
    """Return a cell of one line that can be printed."""
    if value is None or pd.isna(value):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = "".join(" " if unicodedata.category(sign) == "Cc" else sign for sign in str(value))
    return " ".join(text.split())


def _read_form(path: Path) -> CsvForm:
    refusal = "quotations are cleared in a CSV file alone"
    return read_csv_form(path, list_clearance_columns(), read_register, refusal=refusal)


def _unquote(cell: str) -> str:
    """Return a cell without the sign that keeps it from being run as a formula."""
    return cell[1:] if cell.startswith("'") and is_formula(cell[1:]) else cell
