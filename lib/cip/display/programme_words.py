"""Figures of change in words: each with its day, its base and its interval, or why it has none."""

from __future__ import annotations

from collections.abc import Mapping

from cip.display.cells import is_missing
from cip.display.strip_drawing import write_day
from cip.display.text import format_value

#: Stands where a figure is withheld to protect people's privacy.
WITHHELD = "[c]"
_NONE = "–"
_MINUS = "\N{MINUS SIGN}"
_PER_CENT = "%"
Row = Mapping[str, object]


def _read(row: Row, name: str) -> str:
    value = row.get(name)
    return "" if is_missing(value) else str(value).strip()


def _write_number(value: object, unit: str) -> str:
    number = float(value)  # type: ignore[arg-type]
    if unit == _PER_CENT:
        return format_value(number, _PER_CENT, 1)
    return format_value(number, "", 0 if number.is_integer() else 1)


def word_moment(day: str) -> str:
    """Return a day in words, and a wave or a period as it is.

    Examples
    --------
    >>> word_moment("2026-03-31"), word_moment("2025")
    ('31 Mar 2026', '2025')
    """
    try:
        return write_day(day)
    except ValueError:
        return day


def word_figure(row: Row, moment: str) -> str:
    """Return an outcome's figure at ``baseline`` or ``followup`` with its day and base.

    Examples
    --------
    >>> word_figure({"baseline": 12.0, "unit": "%", "baseline_on": "2025", "baseline_base": 300,
    ...              "state": "measured once"}, "baseline")
    '12.0% (2025; base 300)'
    """
    on = _read(row, f"{moment}_on")
    if is_missing(row.get(moment)):
        if on and _read(row, "state") == "withheld":
            return f"{WITHHELD} ({word_moment(on)})"
        return "not measured"
    unit = _read(row, "unit")
    words = _write_number(row[moment], unit)
    words += f" {unit}" if unit and unit != _PER_CENT else ""
    base = row.get(f"{moment}_base")
    told = [word_moment(on)] if on else []
    told += [] if is_missing(base) else [f"base {int(base):,}"]  # type: ignore[call-overload]
    return f"{words} ({'; '.join(told)})" if told else words


def word_change(row: Row) -> str:
    """Return the change of an outcome and how it reads; a dash where there is none.

    Examples
    --------
    >>> word_change({"difference": -3.2, "unit": "%", "reading": "lower"})
    '−3.2 percentage points: lower'
    """
    if _read(row, "state") == "withheld":
        return WITHHELD
    if is_missing(row.get("difference")):
        return _NONE
    reading = _read(row, "reading")
    words = _write_signed(row["difference"], _read(row, "unit"))
    unit = "percentage points" if _read(row, "unit") == _PER_CENT else _read(row, "unit")
    return f"{words} {unit}".strip() + (f": {reading}" if reading else "")


def _write_signed(value: object, unit: str) -> str:
    number = float(value)  # type: ignore[arg-type]
    places = 1 if unit == _PER_CENT or not number.is_integer() else 0
    words = format_value(abs(number), "", places)
    if float(words.replace(",", "")) == 0:
        return words
    return f"{'+' if number > 0 else _MINUS}{words}"


def word_interval(row: Row) -> str:
    """Return the interval of a change, or why there is none, and why a base is missing.

    Examples
    --------
    >>> word_interval({"difference": 4.0, "lower_95": -1.0, "upper_95": 9.0, "unit": "%"})
    '95% interval −1.0 to +9.0'
    """
    unit = _read(row, "unit")
    if not is_missing(row.get("lower_95")) and not is_missing(row.get("upper_95")):
        low, high = (_write_signed(row[name], unit) for name in ("lower_95", "upper_95"))
        words = f"95% interval {low} to {high}"
    else:
        words = _read(row, "no_interval") or _word_state(row)
    parts = [words, _read(row, "no_base")]
    small = "Small base." if _read(row, "display") == "small base" else ""
    return " ".join(_end(part) if n or any(parts[1:]) else part
                    for n, part in enumerate([*parts, small]) if part)  # fmt: skip


def _word_state(row: Row) -> str:
    state = _read(row, "state")
    return {
        "measured once": "No change yet: measured once",
        "not measured": "Not measured yet",
    }.get(state, state.capitalize() or "No interval was given")


def _end(part: str) -> str:
    return part if part.endswith((".", "?", "!")) else f"{part}."


def word_target(row: Row, name: str, on: str) -> str:
    """Return an indicator's value or target with its day; a dash where there is none.

    Examples
    --------
    >>> word_target({"target": 40, "unit": "people", "target_by": "2027-03-31"}, "target",
    ...             "target_by")
    '40 people (31 Mar 2027)'
    """
    value, unit, day = row.get(name), _read(row, "unit"), _read(row, on)
    if is_missing(value):
        return WITHHELD if _read(row, "display") == "withheld" and day else _NONE
    words = _write_number(value, unit) + (f" {unit}" if unit and unit != _PER_CENT else "")
    return f"{words} ({word_moment(day)})" if day else words
