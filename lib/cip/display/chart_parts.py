"""What every chart shares: areas and their order, words, the data table under the chart."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from cip.catalogue import Indicator, source_line
from cip.display.cells import is_missing, list_records
from cip.display.palette import ROLE_STYLES, SPARE_STYLES, RoleStyle
from cip.display.text import format_value

ROLE_ORDER = ("profile", "district", "county", "region", "england", "similar", "place")


@dataclass(frozen=True)
class ChartArea:
    """One area on a chart, in reading order, with the way it is drawn."""

    code: str
    name: str
    role: str
    style: RoleStyle


def list_areas(rows: pd.DataFrame) -> list[ChartArea]:
    """Return the areas of indicator rows: the profile first, then from near to far.

    Raises
    ------
    ValueError
        If there are no rows, not exactly one profile area, or a role that is not known.
    """
    held: dict[str, tuple[str, str]] = {}
    columns = (
        rows[name].to_numpy(dtype=object) for name in ("area_code", "area_name", "area_role")
    )
    for code, name, role in zip(*columns, strict=True):
        held.setdefault(code, (name, role))
    roles = [role for _, role in held.values()]
    if unknown := sorted(set(roles) - set(ROLE_ORDER)):
        raise ValueError(f"unknown area role on a chart: {', '.join(map(str, unknown))}")
    if roles.count("profile") != 1:
        raise ValueError("a chart needs rows of exactly one profile area")
    areas: list[ChartArea] = []
    spare = iter(SPARE_STYLES)
    for role in ROLE_ORDER:
        found = [(code, name) for code, (name, its_role) in held.items() if its_role == role]
        for place, (code, name) in enumerate(found):
            is_first = place == 0 and role in ROLE_STYLES
            style = ROLE_STYLES[role] if is_first else next(spare, SPARE_STYLES[-1])
            areas.append(ChartArea(str(code), str(name), role, style))
    return areas


def split_rows(rows: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return the rows of each indicator by its id, found in one pass."""
    places = rows.groupby("indicator_id", sort=False).indices
    return {str(name): rows.take(found) for name, found in places.items()}


#: One row by (area code, group): looked up many times for one chart.
Lookup = Mapping[tuple[str, str], Mapping[str, Any]]


def index_rows(rows: pd.DataFrame) -> Lookup:
    """Return the rows of one indicator and period by area code and group.

    Raises
    ------
    ValueError
        If the rows mix indicators or periods, or hold an area and group twice: a chart of
        them would be wrong.
    """
    for column in ("indicator_id", "period"):
        values = sorted(map(str, rows[column].unique()))
        if len(values) != 1:
            raise ValueError(f"a chart needs one {column}, found: {', '.join(values) or 'none'}")
    lookup = {
        (str(row["area_code"]), "" if is_missing(row["group"]) else str(row["group"])): row
        for row in list_records(rows)
    }
    if len(lookup) != len(rows):
        raise ValueError("an area has two rows for one group")
    return lookup


def find_row(lookup: Lookup, area: ChartArea, group: str = "") -> Mapping[str, Any] | None:
    """Return the row of one area and group, or None where the table has none."""
    return lookup.get((area.code, group))


def read_value(row: Mapping[str, Any] | None, column: str = "value") -> float | None:
    """Return a number of a row, or None where it is missing or withheld."""
    if row is None or is_missing(row[column]) or _is_withheld(row):
        return None
    return float(row[column])


def _is_withheld(row: Mapping[str, Any]) -> bool:
    flag = row.get("is_suppressed", False)
    return not is_missing(flag) and bool(flag)


def word_value(row: Mapping[str, Any] | None, indicator: Indicator) -> str:
    """Return a value as a reader sees it on a chart: ``41.2%``, ``[x]`` or ``[c]``."""
    if row is not None and _is_withheld(row):
        return "[c]"
    value = read_value(row)
    return "[x]" if value is None else format_value(value, indicator.unit, indicator.decimals)


def word_cell(row: Mapping[str, Any] | None, indicator: Indicator) -> str:
    """Return a figure for a cell that stands alone: the value, or the shorthand that applies.

    ``[low]`` stands where a figure is not zero but would read as zero; ``[z]`` where the reason
    for the gap says that a figure does not apply here.
    """
    words = word_value(row, indicator)
    if words == "[x]":
        reason = None if row is None else row.get("missing_reason")
        is_moot = not is_missing(reason) and "not applicable" in str(reason).casefold()
        return "[z]" if is_moot else words
    value = read_value(row)
    return "[low]" if value and float(f"{value:.{indicator.decimals}f}") == 0 else words


def table_cell(row: Mapping[str, Any] | None, column: str = "value") -> object:
    """Return a cell for the table under a chart: a number, ``[c]``, or missing."""
    if row is not None and _is_withheld(row):
        return "[c]"
    return read_value(row, column)


def number_format(indicator: Indicator) -> str:
    """Return the ``str.format`` pattern for an indicator's values in a table."""
    return "{:,." + str(indicator.decimals) + "f}"


def pick_comparator(areas: Sequence[ChartArea]) -> ChartArea | None:
    """Return the comparator that titles and descriptions name first, the nearest one."""
    return next((area for area in areas if area.role != "profile"), None)


def write_note(rows: pd.DataFrame, indicators: Sequence[Indicator], *, intervals: bool) -> str:
    """Return the note under a chart: base, intervals, method, what is missing, caveats."""
    bases = _unique(indicator.base_label for indicator in indicators)
    parts = [f"Base: {', '.join(bases)}."] if bases else []
    if intervals and rows["lower_95"].notna().any():
        parts.append("Thin lines show 95% confidence intervals.")
    parts += [_sentence(f"Comparison: {m}") for m in _unique(rows.get("comparison_method"))]
    missing = rows[rows["value"].isna()]
    for name, reason in missing[["area_name", "missing_reason"]].drop_duplicates().values.tolist():
        because = "" if is_missing(reason) or not reason else f" ({reason})"
        parts.append(_sentence(f"[x] not available for {name}{because}"))
    parts += [_sentence(text) for text in _unique(i.caveat for i in indicators)]
    return " ".join(parts)


def join_sources(indicators: Sequence[Indicator]) -> str:
    """Return one line for the sources of several measures: what they share is said once."""
    titles: dict[str, list[str]] = {}
    for line in dict.fromkeys(source_line(indicator.source) for indicator in indicators):
        title, _, rest = line.removeprefix("Source: ").removesuffix(".").partition("; ")
        titles.setdefault(rest, []).append(title)
    parts = [
        f"{', '.join(held)}; {rest}" if rest else ", ".join(held) for rest, held in titles.items()
    ]
    return f"Source: {'. '.join(parts)}."


def _unique(values: object) -> list[str]:
    if values is None:
        return []
    seen: dict[str, None] = {}
    for value in values:  # type: ignore[attr-defined]
        if not is_missing(value) and str(value).strip():
            seen.setdefault(str(value).strip())
    return list(seen)


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


def clip_name(name: str, most: int) -> str:
    """Return a name of at most so many characters; a cut one ends in an ellipsis."""
    return name if len(name) <= most else f"{name[: most - 1].rstrip()}…"


def split_finding(finding: str) -> tuple[str, str]:
    """Return the first sentence, for the title, and the rest, for the line under it."""
    first, *rest = re.split(r"(?<=[.!?])\s+(?=[A-Z])", finding.strip(), maxsplit=1)
    return first.removesuffix("."), "".join(rest)


def write_alt(kind: str, subject: str, statements: Sequence[str]) -> str:
    """Return alternative text: kind of chart, subject, main values, where the rest is."""
    held = "; ".join(s for s in statements if s)
    held = held[:1].upper() + held[1:]
    return f"{kind}: {subject}. {held}. All values are in the table after the chart."
