"""Words of change: figures with base and interval, which way it went, and whether that is good."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from cip.display.cells import is_missing
from cip.display.palette import VERDICT_MARKERS
from cip.display.strip_drawing import write_day
from cip.display.text import format_interval, format_value

Row = Mapping[str, Any]

BETTER, WORSE, UNCLEAR = "better", "worse", "no clear change"
UP, DOWN = "higher", "lower"
RISEN, FALLEN, SAME = "risen, not tested", "fallen, not tested", "the same, not tested"
ONCE, NEVER, WITHHELD = "measured once", "not measured", "withheld"
#: Shape of each verdict in pictures and in text, so that no verdict is told by colour.
SHAPES: dict[str, tuple[str, str]] = {
    BETTER: (VERDICT_MARKERS[BETTER], "+"),
    WORSE: (VERDICT_MARKERS[WORSE], "\N{MULTIPLICATION SIGN}"),
    UP: ("^", "\N{BLACK UP-POINTING TRIANGLE}"),
    DOWN: ("v", "\N{BLACK DOWN-POINTING TRIANGLE}"),
    UNCLEAR: ("o", "\N{WHITE CIRCLE}"),
    RISEN: ("D", "\N{WHITE DIAMOND}"),
    FALLEN: ("D", "\N{WHITE DIAMOND}"),
    SAME: ("D", "\N{WHITE DIAMOND}"),
    ONCE: ("s", "\N{WHITE SQUARE}"),
    NEVER: ("s", "\N{WHITE SQUARE}"),
    WITHHELD: ("s", "\N{WHITE SQUARE}"),
}


def judge(row: Row) -> str:
    """Return how an outcome stands: one of the keys of `SHAPES`.

    A clear change is better or worse where the file says which way is good, else higher or lower.
    """
    if row["state"] != "measured twice":
        return str(row["state"])
    if row["reading"] == "not tested" or is_missing(row["lower_95"]):
        gap = float(row["difference"])
        return RISEN if gap > 0 else FALLEN if gap < 0 else SAME
    if row["reading"] not in (UP, DOWN):
        return UNCLEAR
    if not row["better"]:
        return str(row["reading"])
    return BETTER if row["reading"] == row["better"] else WORSE


def word_figure(row: Row, value: object) -> str:
    """Return a figure with its unit: ``22.0%``, ``12 groups``."""
    unit = str(row["unit"])
    if is_missing(value):
        return "no figure"
    number = float(value)  # type: ignore[arg-type]
    decimals = 1 if unit == "%" or not number.is_integer() else 0
    text = format_value(number, unit, decimals)
    return text if unit == "%" else f"{text} {unit}"


def word_point(row: Row, moment: str) -> str:
    """Return one measurement in words: when, how much, its interval and base, or why it is not told.

    Parameters
    ----------
    moment
        ``baseline`` or ``followup``.
    """
    on, value = str(row[f"{moment}_on"]), row[moment]
    if not on and is_missing(value):
        return "Not measured yet."
    when = word_moment(on)
    if is_missing(value):
        return f"{when}: withheld, because few people stand behind it."
    words = f"{when}: {word_figure(row, value)}"
    ends = _limits(row, f"{moment}_lower_95", f"{moment}_upper_95")
    words += f" (95% interval {ends})" if ends else ""
    base = row[f"{moment}_base"]
    if is_missing(base):
        return f"{words}. {row['no_base']}".strip()
    return f"{words}, {word_base(row, int(base))}."


def word_base(row: Row, base: int) -> str:
    """Return a base in words, with a word where it is small."""
    small = ", a small base" if base < 30 and row["counts"] == "people" else ""
    noun = "groups" if row["counts"] == "groups" else "people"
    if row["counts"] == "things":
        noun = "in all"
    return f"base {base:,} {noun}{small}"


def word_moment(on: str) -> str:
    """Return a day as a reader writes it; a wave or period stays as it is."""
    try:
        date.fromisoformat(on)
    except ValueError:
        return on[:1].upper() + on[1:]
    return write_day(on) if len(on) == 10 else on


def word_change(row: Row) -> str:
    """Return the change in words with its interval, or the reason for having none."""
    if is_missing(row["difference"]):
        return {ONCE: "Measured once so far.", NEVER: "Not measured yet."}.get(
            str(row["state"]), str(row["no_interval"])
        )
    words, bases = word_difference(row), word_bases(row)
    ends = _limits(row, "lower_95", "upper_95")
    within = [f"95% interval {ends}"] if ends else []
    within += [] if is_missing(row["p_value"]) else [f"p = {_write_p(float(row['p_value']))}"]
    within += [bases] if bases else []
    head = f"{words} ({'; '.join(within)})." if within else f"{words}."
    method = str(row["method"])
    how = f"{method[:1].upper()}{method[1:]}." if ends else str(row["no_interval"])
    return " ".join(part for part in (head, str(row["no_base"]), how) if part)


def word_bases(row: Row) -> str:
    """Return both bases, ``bases 376 and 357``; nothing where one is not told."""
    bases = [row["baseline_base"], row["followup_base"]]
    if any(map(is_missing, bases)):
        return ""
    return f"bases {int(bases[0]):,} and {int(bases[1]):,}"


def word_difference(row: Row) -> str:
    """Return the difference with its sign and unit: ``+18.2 points``."""
    if is_missing(row["difference"]):
        return ""
    number = float(row["difference"])
    unit = "points" if row["unit"] == "%" else str(row["unit"])
    decimals = 1 if row["unit"] == "%" or not number.is_integer() else 0
    return f"{sign(number, decimals)} {unit}"


def sign(number: float, decimals: int = 1) -> str:
    """Return a number with its sign; zero has none."""
    text = format_value(abs(number), "", decimals)
    if float(text.replace(",", "")) == 0:
        return text
    return f"{'+' if number > 0 else '−'}{text}"


def _limits(row: Row, lower: str, upper: str) -> str:
    if is_missing(row[lower]) or is_missing(row[upper]):
        return ""
    if lower == "lower_95":
        return f"{sign(float(row[lower]))} to {sign(float(row[upper]))}"
    return format_interval(float(row[lower]), float(row[upper]), str(row["unit"]), 1)


def _write_p(p_value: float) -> str:
    return "less than 0.001" if p_value < 0.001 else f"{p_value:.3f}"
