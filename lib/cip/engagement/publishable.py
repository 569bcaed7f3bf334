"""Cells that are printed as they are typed: titles, places, evidence, wordings of a survey.

Nobody clears them one by one, so what identifies a person is refused by its place and never
repeated, neither in the report nor in a message.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pandas as pd

from cip.engagement.identifier_rules import is_valid_nhs_number
from cip.engagement.identifiers import KINDS, find_identifiers
from cip.errors import ParameterError, Problem
from cip.inputs import Column, find_person, read_table

#: Kinds that are refused. Dates and web addresses are left: those of a meeting or of minutes are
#: public, and nothing tells a birthday from another day.
REFUSED = tuple(kind for kind in KINDS if kind not in ("date_of_birth", "web_address"))
_TEN_DIGITS = re.compile(r"(?<!\d)\d{10}(?!\d)")
_HIDDEN = "something here cannot be read, and is not repeated because it seems to hold {}"


def find_personal(text: str) -> str | None:
    """Return what kind of personal detail a text seems to hold, or None.

    Words of an id such as ``mrs_marrow`` are looked at as words.

    Examples
    --------
    >>> find_personal("Stall, 9434765919"), find_personal("Stall on 3 May 2026") is None
    ('a personal detail (NHS number)', True)
    """
    words = text.replace("_", " ")
    # Outside a sentence ten digits with the right check digit need no further sign; a code such as
    # 9999999999 stands for a missing answer.
    digits = [run for run in _TEN_DIGITS.findall(words) if len(set(run)) > 1]
    if any(map(is_valid_nhs_number, digits)):
        return f"a personal detail ({KINDS['nhs_number']})"
    for one in find_identifiers(words):
        if one.kind in REFUSED:
            return f"a personal detail ({KINDS[one.kind]})"
    return find_person(words) or (find_person(words.title()) if "_" in text else None)


def refuse_personal(place: str, text: str) -> Problem | None:
    """Return the problem of a text that must not be printed, or None.

    Parameters
    ----------
    place
        What holds it, such as ``this cell``.
    """
    found = find_personal(text)
    if found is None:
        return None
    message = f"{place} seems to hold {found}, which must not reach a report; take it out"
    return Problem(message, expected="text without personal details")


def read_published(
    path: Path,
    columns: Mapping[str, Column],
    check: Callable[[pd.DataFrame], Iterable[Problem]] | None = None,
) -> pd.DataFrame:
    """Read a table as `cip.inputs.read_table` does, and refuse personal details in its texts.

    Raises
    ------
    ParameterError
        With every problem of the file, none of which repeats a personal detail.
    """

    def check_all(table: pd.DataFrame) -> Iterator[Problem]:
        yield from _check_texts(table, columns)
        yield from check(table) if check else ()

    try:
        return read_table(path, columns, check=check_all)
    except ParameterError as error:
        raise ParameterError(hide_personal(error.problems)) from None


def hide_personal(problems: Iterable[Problem]) -> list[Problem]:
    """Return problems without what may be a personal detail of a cell or a heading."""
    return [_hide(problem) for problem in problems]


def _check_texts(table: pd.DataFrame, columns: Mapping[str, Column]) -> Iterator[Problem]:
    for name in (name for name, column in columns.items() if column.kind == "text"):
        for row, text in table.loc[table[name].notna(), ["row", name]].itertuples(index=False):
            if problem := refuse_personal("this cell", text):
                yield replace(problem, row=int(row), column=name)


def _hide(problem: Problem) -> Problem:
    found = problem.found
    # A text that was cut short may end in half a number.
    if found is not None and (found.endswith("…") or find_personal(found)):
        problem = replace(problem, found=None)
    for name in ("column", "nearest"):
        if (text := getattr(problem, name)) is not None and find_personal(text):
            problem = replace(problem, **{name: None})
    if kind := find_personal(problem.message):
        problem = replace(problem, message=_HIDDEN.format(kind))
    return problem
