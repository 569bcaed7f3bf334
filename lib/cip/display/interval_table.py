"""The tables under charts: counts first, then the value with its interval, then comparators."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from cip.catalogue import Indicator
from cip.display.chart_parts import (
    ChartArea,
    Lookup,
    find_row,
    number_format,
    read_value,
    table_cell,
    word_value,
)

#: Column to heading.
INTERVAL_LABELS: dict[str, str] = {
    "indicator": "Measure",
    "area": "Area",
    "value": "Value",
    "lower_95": "Lower 95% limit",
    "upper_95": "Upper 95% limit",
    "numerator": "Count",
    "denominator": "Out of",
    "comparison": "Profile compared with this area",
}


_COMPARED = ("better", "worse", "higher", "lower", "similar")


def describe_against(row: Mapping[str, Any] | None, indicator: Indicator) -> str:
    """Return a comparator's value and how the profile stands to it: ``21.4%, higher here``."""
    value = word_value(row, indicator)
    if row is None or read_value(row) is None or row["comparison"] not in _COMPARED:
        return value
    return f"{value}, {row['comparison']} here"


@dataclass(frozen=True)
class ProfileLine:
    """One row of a table under a chart: a measure, or one group of a composition."""

    label: str
    indicator: Indicator
    held: Lookup
    group: str = ""


def tabulate_profile(
    lines: Sequence[ProfileLine], areas: Sequence[ChartArea]
) -> tuple[pd.DataFrame, dict[str, str], dict[str, str]]:
    """Return one row per measure or group: count, base, value and limits here, then comparators.

    Returns
    -------
    tuple
        The table, its column headings and its number formats.
    """
    own, others = areas[0], areas[1:]
    rows = []
    for line in lines:
        here = find_row(line.held, own, line.group)
        numbers = [table_cell(here, c) for c in _OWN_COLUMNS]
        words = [
            describe_against(find_row(line.held, o, line.group), line.indicator) for o in others
        ]
        rows.append([line.label, *numbers, *words])
    table = pd.DataFrame(rows, columns=["label", *_OWN_COLUMNS, *(o.code for o in others)])
    empty = [c for c in _OWN_COLUMNS[:2] + _OWN_COLUMNS[3:] if table[c].isna().all()]
    unit = lines[0].indicator.unit
    headings = {
        "label": "Measure",
        "numerator": "Count",
        "denominator": "Out of",
        "value": f"{own.name} ({unit})",
        "lower_95": "Lower 95% limit",
        "upper_95": "Upper 95% limit",
        **{o.code: o.name for o in others},
    }
    return table.drop(columns=empty), headings, format_intervals(lines[0].indicator)


_OWN_COLUMNS = ["numerator", "denominator", "value", "lower_95", "upper_95"]


def tabulate_intervals(
    indicators: Sequence[Indicator],
    held: Mapping[str, Lookup],
    areas: Sequence[ChartArea],
) -> pd.DataFrame:
    """Return one row per indicator x area with value, limits, counts and comparison."""
    lines = []
    for indicator in indicators:
        for area in areas:
            row = find_row(held[indicator.id], area)
            numbers = [
                table_cell(row, c)
                for c in ("value", "lower_95", "upper_95", "numerator", "denominator")
            ]
            verdict = "" if row is None or area.role == "profile" else row["comparison"]
            lines.append([indicator.label, area.name, *numbers, verdict])
    table = pd.DataFrame(lines, columns=list(INTERVAL_LABELS))
    limits = ["lower_95", "upper_95", "numerator", "denominator"]
    empty = [c for c in limits if table[c].isna().all()]
    if (table["comparison"].fillna("") == "").all():
        empty.append("comparison")
    if len(indicators) == 1:
        empty.append("indicator")
    table.loc[table["comparison"] == "", "comparison"] = "[z]"
    return table.drop(columns=empty)


def format_intervals(indicator: Indicator) -> dict[str, str]:
    """Return the ``str.format`` patterns of the table's number columns."""
    number = number_format(indicator)
    return {
        "value": number,
        "lower_95": number,
        "upper_95": number,
        "numerator": "{:,.0f}",
        "denominator": "{:,.0f}",
    }
