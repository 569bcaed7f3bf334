"""How an action stands, in words and marks that need no colour."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from datetime import date

from cip.display.cells import is_missing
from cip.display.strip_drawing import write_day
from cip.display.text import join_names
from cip.framework.action_columns import DONE, DROPPED, ON_HOLD, OTHERS, OWN, PLANNED, UNDER_WAY

#: A shape for each state; the word always stands beside it.
MARKS: dict[str, str] = {
    DONE: "\N{BLACK CIRCLE}",
    UNDER_WAY: "\N{CIRCLE WITH LEFT HALF BLACK}",
    ON_HOLD: "\N{WHITE SQUARE}",
    PLANNED: "\N{WHITE CIRCLE}",
    DROPPED: "\N{MULTIPLICATION SIGN}",
}
NOBODY, NOT_SET, NOT_SAID = "nobody yet", "no day set", "not said"


def read_flag(row: Mapping[str, object], name: str) -> bool:
    """Return a flag of the table ``actions``; a missing one is no."""
    value = row[name]
    return not is_missing(value) and bool(value)


def read_words(row: Mapping[str, object], name: str) -> str:
    """Return a cell of the table ``actions`` as text; a missing one is empty."""
    value = row[name]
    return "" if is_missing(value) else str(value).strip()


def word_day(day: str) -> str:
    """Return an ISO day as ``3 Mar 2026``, or that there is none."""
    return write_day(day) if day else NOT_SET


def word_span(start: str, due: str) -> str:
    """Return the first day and the due day as short as they can be told.

    Examples
    --------
    >>> word_span("2026-10-12", "2026-11-10"), word_span("", "2026-11-10")
    ('12 Oct to 10 Nov 2026', 'due 10 Nov 2026')
    """
    if not start or not due:
        told = [f"from {write_day(start)}"] if start else []
        told += [f"due {write_day(due)}"] if due else []
        return told[0] if told else NOT_SET
    if start == due:
        return write_day(due)
    first = write_day(start)
    if date.fromisoformat(start).year == date.fromisoformat(due).year:
        first = first.rsplit(" ", 1)[0]
    return f"{first} to {write_day(due)}"


def count_days(number: int) -> str:
    """Return a number of days in words."""
    return "1 day" if number == 1 else f"{number:,} days"


def list_signals(row: Mapping[str, object]) -> list[str]:
    """Return what the group should look at: overdue, stalled, without a lead, due soon."""
    signals = []
    if read_flag(row, "is_overdue"):
        signals.append(f"overdue by {count_days(int(row['days_overdue']))}")  # type: ignore[call-overload]
    if read_flag(row, "is_stalled"):
        signals.append("stalled")
    if read_flag(row, "is_unowned"):
        signals.append("no lead")
    if read_flag(row, "is_orphaned"):
        signals.append("carries out no recommendation")
    if read_flag(row, "is_due_soon"):
        signals.append("due soon")
    return signals


def word_power(row: Mapping[str, object]) -> str:
    """Return whether an action is in the group's own power."""
    power = read_words(row, "own_power")
    if power == OTHERS:
        return f"Needs others: {read_words(row, 'needs_whom')}"
    return "In the group's own power" if power == OWN else "Not said"


def word_counts(counts: Mapping[str, int]) -> str:
    """Return how many actions are in each state that any is in.

    Examples
    --------
    >>> word_counts({"done": 1, "under way": 4, "on hold": 0, "planned": 2, "dropped": 0})
    '1 done, 4 under way and 2 planned'
    """
    return join_names([f"{number} {status}" for status, number in counts.items() if number])


def cut_words(text: str, length: int) -> str:
    """Return a text of at most so many characters, words whole where they are short enough.

    Examples
    --------
    >>> cut_words("Walk every home, with tenants", 18), cut_words("abcdefgh", 4)
    ('Walk every home…', 'abc…')
    """
    whole = " ".join(text.split())
    if len(whole) <= length:
        return whole
    short = textwrap.shorten(whole, length, placeholder="…")
    kept = short.removesuffix("…").rstrip(" ,;:.(-")
    return f"{kept or whole[: length - 1]}…"
