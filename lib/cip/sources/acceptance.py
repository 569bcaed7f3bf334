"""Whether a new file is still the product it was: its layouts, its headings, and rows at all."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from cip.catalogue.sources import Source
from cip.errors import Problem, SourceError
from cip.sources.files import list_files
from cip.sources.forms import build_forms
from cip.sources.headings import fold_heading
from cip.sources.raw_tables import RawTable, open_tables
from cip.sources.recognise import Match, recognise_table


def check_layout(path: Path, source: Source, *, known: Sequence[str] = ()) -> list[str]:
    """Return the headings of a file that fits a layout of a product.

    Parameters
    ----------
    known
        Headings of the good copy, so that a change can be told.

    Raises
    ------
    SourceError
        When no table of the file fits, saying which headings went and which are new; or when
        those that fit have no rows.
    """
    forms = build_forms([source])
    matches: list[Match] = []
    tables: list[RawTable] = []
    problems: list[Problem] = []
    for file in list_files(path):
        if isinstance(file, Problem):
            raise SourceError(file)
        for table in open_tables(file):
            tables.append(table)
            found, miss = recognise_table(table, forms)
            matches += found
            problems += miss.problems if miss else []
    if not matches:
        raise SourceError(_describe_change(path, source, tables, known, problems))
    filled = [m for m in matches if m.table.has_geometry or len(m.table.head) > m.header_row + 1]
    if not filled:
        raise SourceError(Problem("The file has headings but no rows under them.", file=path.name))
    return list(dict.fromkeys(h.strip() for m in filled for h in m.headings if h.strip()))


def _describe_change(
    path: Path,
    source: Source,
    tables: Sequence[RawTable],
    known: Sequence[str],
    problems: Sequence[Problem],
) -> list[Problem]:
    found = list_headings(tables)
    if known:
        gone, new = compare_headings(known, found)
        return [
            Problem(
                f"The headings are no longer those of {source.title}.",
                file=path.name,
                found=f"new headings {show_headings(new)}",
                expected=f"as before {show_headings(gone)}",
            )
        ]
    return list(problems) or [
        Problem(
            f"The file does not have the headings of {source.title}.",
            file=path.name,
            found=show_headings(found),
        )
    ]


def list_headings(tables: Sequence[RawTable]) -> list[str]:
    """Return the cells of the fullest row near the top of each table: most likely its headings."""
    cells = []
    for table in tables:
        rows = [[cell.strip() for cell in row if cell.strip()] for row in table.head[:15]]
        cells += max(rows, key=len, default=[])
    return list(dict.fromkeys(cells))


def compare_headings(old: Sequence[str], new: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the headings that went and those that came, compared as the loaders compare them."""
    had = {fold_heading(h) for h in old}
    has = {fold_heading(h) for h in new}
    gone = [h for h in old if fold_heading(h) not in has]
    return gone, [h for h in new if fold_heading(h) not in had]


def show_headings(headings: Sequence[str], limit: int = 8) -> str:
    """Return headings in quotation marks, and how many more there are."""
    if not headings:
        return "(none)"
    more = f" and {len(headings) - limit} more" if len(headings) > limit else ""
    return ", ".join(f"'{h}'" for h in headings[:limit]) + more
