"""Coding inside the workbook: the text of a coder's file or of the decisions, with cells changed.

Every function returns the whole new text and writes nothing: it can be shown first, and a file that
is written whole survives a kernel that dies. What nobody changed stays as it is in the file.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from cip.engagement.codebook import Codebook
from cip.engagement.coding_settled import describe_decision, list_settled_columns
from cip.engagement.excerpts import Excerpts
from cip.engagement.excerpts_columns import list_excerpt_columns, read_cells, read_excerpt_id
from cip.errors import ParameterError, Problem
from cip.formulas import neutralise_text
from cip.inputs.columns import SEPARATOR, fold_name

_BOM = "\ufeff"
#: Columns of a coder's file that the workbook makes: who speaks is told in the first file.
_OWN_FILE = ("excerpt_id", "text", "themes", "coder", "coded_on")


@dataclass(frozen=True, repr=False)
class _Form:
    """How a table is written, so that what nobody changed stays as it is."""

    path: Path
    names: list[str]
    headings: list[str]
    rows: list[list[str]]
    delimiter: str = ","
    newline: str = "\r\n"
    mark: str = _BOM

    def place(self, name: str) -> int:
        if name in self.names:
            return self.names.index(name)
        raise ParameterError(Problem(f"the column '{name}' is missing", file=self.path))


def plan_codings(path: Path, rows: Iterable[Mapping[str, object]], codebook: Codebook) -> str:
    """Return the text of a coder's file with some excerpts coded anew.

    Parameters
    ----------
    path
        The coder's file in our own form (CSV); it is there already (`plan_coder_file` makes one).
    rows
        One mapping per excerpt: ``excerpt_id``, ``themes`` (a list, or text parted by semicolons;
        empty: read, and no theme applies), and ``coded_on`` (a date or ISO text) where the file
        has that column. With several coders in one file, ``coder`` too.
    codebook
        The themes that may be applied.

    Returns
    -------
    str
        The whole text, byte order mark and line ends included: write it with
        ``path.write_bytes(text.encode("utf-8"))``.

    Raises
    ------
    ParameterError
        If the file cannot be read, an excerpt is not in it, or a theme is not in the codebook.
        Messages never hold a text.
    """
    form = _read_form(path, tuple(list_excerpt_columns()))
    ids, themes = form.place("excerpt_id"), form.place("themes")
    coder = form.names.index("coder") if "coder" in form.names else None
    lines: dict[tuple[str, str], int] = {}
    for at, cells in enumerate(form.rows):
        lines[cells[ids].strip(), ""] = at
        if coder is not None:
            lines[cells[ids].strip(), cells[coder].strip()] = at
    problems: list[Problem] = []
    for row in rows:
        at = lines.get((str(row["excerpt_id"]), str(row.get("coder") or "")))
        if at is None:
            problems.append(Problem("an excerpt is not in this file", file=path))
            continue
        form.rows[at][themes] = _write_themes(row["themes"], codebook, path, problems)
        if "coded_on" in form.names and "coded_on" in row:
            form.rows[at][form.place("coded_on")] = _write_date(row["coded_on"])
    if problems:
        raise ParameterError(problems)
    return _write_form(form)


def plan_coder_file(excerpts: Excerpts, coder: str) -> str:
    """Return the text of an empty file for a further coder: every excerpt, and no theme yet.

    An excerpt counts as read from when its ``coded_on`` is filled.

    Raises
    ------
    ParameterError
        If the name of the coder is not one for files.
    """
    if not coder or fold_name(coder) != coder:
        expected = "small letters, digits and underscores, such as coder_c"
        raise ParameterError(Problem("this is not a name for a coder's file", expected=expected))
    texts = excerpts.frame[["excerpt_id", "text"]].itertuples(index=False, name=None)
    rows = [[excerpt, neutralise_text(text), "", coder, ""] for excerpt, text in texts]
    return _write_form(_Form(Path(f"{coder}.csv"), list(_OWN_FILE), list(_OWN_FILE), rows))


def plan_settled(path: Path, rows: Iterable[Mapping[str, object]], codebook: Codebook) -> str:
    """Return the text of ``settled.csv`` with decisions made, changed or taken back.

    Parameters
    ----------
    path
        The file; it may not be there yet.
    rows
        One mapping per disagreement: ``excerpt_id, theme_id, decision`` (``applies``, ``does not
        apply`` or blank), ``decided_on`` and ``note`` where known. Cells that are not named stay.

    Returns
    -------
    str
        As `plan_codings` returns it. New decisions come last.

    Raises
    ------
    ParameterError
        If the file cannot be read, or an id, a theme or a decision is not valid.
    """
    columns = list(list_settled_columns())
    form = _read_form(path, tuple(columns)) if path.exists() else _Form(path, columns, columns, [])
    ids, themes = form.place("excerpt_id"), form.place("theme_id")
    lines = {
        (cells[ids].strip(), codebook.find_theme(cells[themes]) or cells[themes]): at
        for at, cells in enumerate(form.rows)
    }
    problems: list[Problem] = []
    for row in rows:
        excerpt, theme = str(row["excerpt_id"]), str(row["theme_id"])
        given = {name: row[name] for name in columns if name in row}
        problems += _check_decision(path, excerpt, theme, given, codebook)
        at = lines.setdefault((excerpt, theme), len(form.rows))
        if at == len(form.rows):
            form.rows.append([""] * len(form.headings))
        for name, value in given.items():
            if name in form.names:
                form.rows[at][form.place(name)] = _write_cell(name, value)
    if problems:
        raise ParameterError(problems)
    return _write_form(form)


def _check_decision(
    path: Path, excerpt: str, theme: str, given: Mapping[str, object], codebook: Codebook
) -> list[Problem]:
    problems = []
    if read_excerpt_id(excerpt) is None:
        problems.append(Problem("this is no id of an excerpt", file=path, column="excerpt_id"))
    if theme not in codebook.by_id:
        nearest = codebook.find_nearest_theme(theme)
        problems.append(
            Problem("there is no such theme", file=path, column="theme_id", nearest=nearest)
        )
    decision = str(given.get("decision") or "")
    if decision and describe_decision(decision) is None:
        expected = "applies, does not apply, or nothing"
        problems.append(
            Problem("this is no decision", file=path, column="decision", expected=expected)
        )
    return problems


def _write_themes(themes: object, codebook: Codebook, path: Path, problems: list[Problem]) -> str:
    """Return themes as a cell, in the order of the codebook."""
    names = themes.split(SEPARATOR) if isinstance(themes, str) else list(themes)  # type: ignore[call-overload]
    found = set()
    for name in (str(name).strip() for name in names):
        theme = codebook.find_theme(name) if name else None
        if theme:
            found.add(theme)
        elif name:
            nearest = codebook.find_nearest_theme(name)
            message = "there is no such theme"
            problems.append(Problem(message, file=path, column="themes", nearest=nearest))
    return f"{SEPARATOR} ".join(theme.id for theme in codebook.themes if theme.id in found)


def _write_cell(name: str, value: object) -> str:
    if name == "decided_on":
        return _write_date(value)
    if name == "decision":
        return describe_decision(str(value or "")) or ""
    return neutralise_text(" ".join(str(value or "").split()))


def _write_date(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value or "")


def _read_form(path: Path, columns: tuple[str, ...]) -> _Form:
    if path.suffix.casefold() != ".csv":
        problem = "codings are written to a CSV file alone"
        raise ParameterError(Problem(problem, file=path, expected="a file that ends in .csv"))
    read_cells(path, columns)  # Refuses what cannot be read.
    text = path.read_bytes().decode("utf-8")
    mark = _BOM if text.startswith(_BOM) else ""
    text = text.removeprefix(_BOM)
    first = text.lstrip().splitlines()[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    cells = [row for row in reader if any(cell.strip() for cell in row)]
    known = {fold_name(name): name for name in columns}
    names = [known.get(fold_name(heading), "") for heading in cells[0]]
    width = len(names)
    rows = [[*row, *[""] * (width - len(row))] for row in cells[1:]]
    newline = "\r\n" if "\r\n" in first + text[len(first) : len(first) + 2] else "\n"
    return _Form(path, names, cells[0], rows, delimiter, newline, mark)


def _write_form(form: _Form) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=form.delimiter, lineterminator=form.newline)
    writer.writerow(form.headings)
    writer.writerows(form.rows)
    return form.mark + out.getvalue()
