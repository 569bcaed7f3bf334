"""What the charts of chapter 04 say alike: what may be shown, bases, groups and notes in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from cip.catalogue.people_groups import load_people_groups
from cip.display.cells import is_missing
from cip.display.text import format_value
from cip.statistics.survey_display import (
    FLAG_BELOW,
    FLAGGED,
    LEAST_BASE,
    LEAST_CELL,
    NOBODY,
    SHOWN,
    WITHHELD,
)
from cip.statistics.survey_groups import EVERYONE

WITHHELD_WORDS = "[c] withheld"
EVERYONE_WORDS = "Everyone"
#: What stands in place of a figure, by status.
_STATUS_WORDS = {WITHHELD: WITHHELD_WORDS, NOBODY: "nobody asked"}

Row = Mapping[str, Any]


def list_rows(rows: pd.DataFrame, chart: str, *, one: Sequence[str] = ()) -> list[Row]:
    """Return the rows of a table for a chart of chapter 04.

    Parameters
    ----------
    rows
        With a column ``display``.
    chart
        What is drawn, for messages.
    one
        Columns of which a chart can show one value.

    Raises
    ------
    ValueError
        If there are no rows, several values where one can be shown, or an unknown status.
    """
    if rows.empty:
        raise ValueError(f"{chart} needs at least one row")
    for column in one:
        if (number := rows[column].nunique(dropna=False)) != 1:
            raise ValueError(f"{chart} shows one {column}, and the rows have {number}")
    unknown = set(rows["display"]) - {SHOWN, FLAGGED, WITHHELD, NOBODY}
    if unknown:
        raise ValueError(f"{chart} knows no status {sorted(map(str, unknown))}")
    return rows.to_dict("records")  # type: ignore[return-value]


def is_true(value: object) -> bool:
    """Say whether a flag is set; a missing one is not."""
    return not is_missing(value) and bool(value)


def is_withheld(row: Row) -> bool:
    """Say whether a row's figure is withheld."""
    return str(row["display"]) == WITHHELD


def is_small(row: Row) -> bool:
    """Say whether a row's figure rests on a small base."""
    return str(row["display"]) == FLAGGED


def read_shown(row: Row, column: str = "value") -> float | None:
    """Return a number that may be shown, or None: never one of a row that is withheld."""
    if row["display"] not in (SHOWN, FLAGGED) or is_missing(row[column]):
        return None
    return float(row[column])


def word_status(row: Row) -> str:
    """Return what stands in place of a figure: withheld, nobody asked, or not available."""
    return _STATUS_WORDS.get(str(row["display"]), "[x] not available")


def table_number(row: Row, column: str) -> object:
    """Return a cell for the table under a chart: a number, ``[c]``, ``[z]`` or missing."""
    if is_withheld(row):
        return "[c]"
    return "[z]" if row["display"] == NOBODY else read_shown(row, column)


def table_base(row: Row, column: str = "base") -> object:
    """Return a base for the table: a base under ten is not told."""
    base = row[column]
    if is_missing(base):
        return None
    return "[c]" if 0 < base < LEAST_BASE else int(base)


def table_few(count: object) -> object:
    """Return a count of people who gave no answer.

    One to four people are not told; a count that is missing is one that is too few to tell.
    """
    if is_missing(count):
        return "[c]"
    return "[c]" if 0 < int(count) < LEAST_CELL else int(count)  # type: ignore[call-overload]


def word_base(row: Row, column: str = "base") -> str:
    """Return ``n = 412``, with a word where the base is small."""
    base = row[column]
    if is_missing(base):
        return "n not known"
    if 0 < base < LEAST_BASE:
        return f"n under {LEAST_BASE}"
    return f"n = {int(base):,}" + (", small base" if base < FLAG_BELOW and base else "")


def word_figure(value: float | None, unit: str) -> str:
    """Return a figure as a chart writes it: whole per cent, other units with one decimal."""
    if value is None:
        return ""
    if unit == "%" and 0 < value < 0.5:
        return "<1%"
    return format_value(value, unit, 0 if unit == "%" else 1)


def name_people(characteristic: object, group: object) -> str:
    """Return the label of a group: from the catalogue, or the group's own name; or everyone."""
    if is_missing(group) or group == EVERYONE:
        return EVERYONE_WORDS
    entry = load_people_groups().get(str(characteristic))
    name = str(group)
    return (entry.labels if entry else {}).get(name, name[:1].upper() + name[1:])


def join_notes(*parts: str) -> str:
    """Return the sentences of a note, one after the other."""
    return " ".join(part.strip() for part in parts if part and part.strip())


def note_statuses(rows: Iterable[Row]) -> str:
    """Return what hatching and withheld figures mean, where they occur."""
    held = list(rows)
    return join_notes(note_small(held), note_withheld(held))


def note_small(rows: Iterable[Row]) -> str:
    """Return what hatching means, where a bar is hatched."""
    if not any(is_small(row) for row in rows):
        return ""
    words = f"{LEAST_BASE} to {FLAG_BELOW - 1} people"
    return f"Hatched: small base ({words}), to be read with care."


def note_withheld(rows: Iterable[Row]) -> str:
    """Return what a withheld figure means, where one occurs."""
    if not any(is_withheld(row) for row in rows):
        return ""
    return "[c] is withheld, because few people stand behind it or it would give another away."


def note_left_out(number: int, noun: str) -> str:
    """Return how many rows of the table are not in the picture, if any."""
    if not number:
        return ""
    return f"{number} more {noun}{' is' if number == 1 else 's are'} in the table."


def note_weights(rows: Iterable[Row]) -> str:
    """Return whether figures are weighted, and of whom they tell if not."""
    weighted = {is_true(row["is_weighted"]) for row in rows}
    if weighted == {True}:
        return "Weighted to the make-up of the population; n counts people."
    if weighted == {False}:
        return "Unweighted: of those who answered, not of all residents."
    return "Some figures are weighted and some are not."
