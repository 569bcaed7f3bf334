"""Bar charts of indicators: parts of a whole, several proportions, one value across areas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from cip.catalogue import Indicator, source_line
from cip.display.blocks import FigureBlock
from cip.display.chart_parts import (
    ChartArea,
    Lookup,
    find_row,
    index_rows,
    join_sources,
    list_areas,
    pick_comparator,
    read_value,
    split_finding,
    split_rows,
    word_value,
    write_alt,
    write_note,
)
from cip.display.interval_table import (
    INTERVAL_LABELS,
    ProfileLine,
    format_intervals,
    tabulate_intervals,
    tabulate_profile,
)
from cip.display.row_chart import ChartRow, draw_rows
from cip.display.text import write_finding


def draw_composition(
    rows: pd.DataFrame, indicator: Indicator, *, title: str | None = None
) -> FigureBlock:
    """Draw the parts of a whole: a bar per group for the profile, markers for comparators.

    Parameters
    ----------
    rows
        Indicator table, one row per area x group of one indicator and period.
    indicator
        Its catalogue entry.
    title
        Finding in words; taken from the rows when left out.

    Raises
    ------
    ValueError
        If the rows mix indicators or periods, or lack the profile area.
    """
    held = index_rows(rows)
    areas = list_areas(rows)
    heading, lead = split_finding(title or write_finding(indicator, rows))
    groups = rows[["group", "group_label"]].drop_duplicates("group").values.tolist()
    chart_rows = [
        _make_row(str(label), held, areas, indicator, group=str(group)) for group, label in groups
    ]
    lines = [ProfileLine(str(label), indicator, held, str(group)) for group, label in groups]
    table, headings, formats = tabulate_profile(lines, areas)
    return FigureBlock(
        block_id=indicator.id,
        title=heading,
        lead=lead,
        svg=draw_rows(
            chart_rows,
            axis_label=_axis_label([indicator]),
            legend=areas,
            is_percentage=_is_percentage(indicator),
        ),
        alt=_write_composition_alt(rows, held, areas, groups, indicator),
        source_line=source_line(indicator.source),
        table=table,
        note=write_note(rows, [indicator], intervals=False),
        column_labels={**headings, "label": "Group"},
        formats=formats,
    )


def draw_proportions(
    rows_of_several_indicators: pd.DataFrame,
    indicators: Sequence[Indicator],
    *,
    block_id: str,
    title: str | None = None,
) -> FigureBlock:
    """Draw several proportions of the profile, highest first, with 95% intervals.

    Parameters
    ----------
    rows_of_several_indicators
        Indicator table, one row per indicator x area, one period per indicator.
    indicators
        Their catalogue entries; all must share one unit.
    block_id
        Short name of the chart.
    title
        Finding in words; when left out, that of the indicator in which the profile differs
        most from the nearest comparator.

    Raises
    ------
    ValueError
        If an indicator has no rows, or the units differ.
    """
    rows = rows_of_several_indicators
    units = {indicator.unit for indicator in indicators}
    if len(units) != 1:
        raise ValueError(f"proportions on one chart need one unit, found: {sorted(units)}")
    found = split_rows(rows)
    parts = {i.id: found.get(i.id, rows.iloc[:0]) for i in indicators}
    held = {name: index_rows(part) for name, part in parts.items()}
    areas = list_areas(rows)
    ranked = sorted(
        indicators,
        key=lambda i: -(read_value(find_row(held[i.id], areas[0])) or 0.0),
    )
    chart_rows = [_make_row(i.label, held[i.id], areas, i, interval=True) for i in ranked]
    heading, lead = split_finding(title or _write_widest_gap(parts, held, ranked, areas))
    used = pd.concat([parts[i.id] for i in ranked])
    table, headings, formats = tabulate_profile(
        [ProfileLine(i.label, i, held[i.id]) for i in ranked], areas
    )
    return FigureBlock(
        block_id=block_id,
        title=heading,
        lead=lead,
        svg=draw_rows(
            chart_rows,
            axis_label=_axis_label(ranked),
            legend=areas,
            is_percentage=_is_percentage(ranked[0]),
        ),
        alt=write_alt(
            "Bar chart with 95% confidence intervals",
            f"{len(ranked)} measures, highest first in {areas[0].name}",
            [f"{i.label}: {_compare_words(held[i.id], areas, i)}" for i in ranked],
        ),
        source_line=join_sources(ranked),
        table=table,
        note=write_note(used, ranked, intervals=True),
        column_labels=headings,
        formats=formats,
    )


def draw_comparison(
    rows: pd.DataFrame, indicator: Indicator, *, title: str | None = None
) -> FigureBlock:
    """Draw one value for the profile and each comparator, with intervals where they exist.

    ``rows`` is the indicator table: one row per area of one indicator and period, no groups.

    Raises
    ------
    ValueError
        If the rows mix indicators or periods, or lack the profile area.
    """
    held = index_rows(rows)
    areas = list_areas(rows)
    heading, lead = split_finding(title or write_finding(indicator, rows))
    chart_rows = []
    for area in areas:
        row = find_row(held, area)
        verdict = _word_comparison(row, areas[0], area)
        chart_rows.append(
            ChartRow(
                label=f"{area.name}{verdict}",
                value=read_value(row),
                value_text=word_value(row, indicator),
                style=area.style,
                lower=read_value(row, "lower_95"),
                upper=read_value(row, "upper_95"),
            )
        )
    return FigureBlock(
        block_id=indicator.id,
        title=heading,
        lead=lead,
        svg=draw_rows(
            chart_rows,
            axis_label=_axis_label([indicator]),
            is_percentage=_is_percentage(indicator),
        ),
        alt=write_alt(
            "Bar chart",
            f"{indicator.label}, {rows['period'].iloc[0]}",
            [f"{a.name} {word_value(find_row(held, a), indicator)}" for a in areas],
        ),
        source_line=source_line(indicator.source),
        table=tabulate_intervals([indicator], {indicator.id: held}, areas),
        note=write_note(rows, [indicator], intervals=True),
        column_labels=INTERVAL_LABELS,
        formats=format_intervals(indicator),
    )


def _make_row(
    label: str,
    held: Lookup,
    areas: Sequence[ChartArea],
    indicator: Indicator,
    *,
    group: str = "",
    interval: bool = False,
) -> ChartRow:
    profile = find_row(held, areas[0], group)
    values = [(read_value(find_row(held, a, group)), a.style) for a in areas[1:]]
    return ChartRow(
        label=label,
        value=read_value(profile),
        value_text=word_value(profile, indicator),
        style=areas[0].style,
        lower=read_value(profile, "lower_95") if interval else None,
        upper=read_value(profile, "upper_95") if interval else None,
        markers=[(value, style) for value, style in values if value is not None],
    )


def _write_composition_alt(
    rows: pd.DataFrame,
    held: Lookup,
    areas: Sequence[ChartArea],
    groups: Sequence[Sequence[object]],
    indicator: Indicator,
) -> str:
    """Describe every group up to eight; of more, the eight largest of the profile."""
    sized = sorted(groups, key=lambda g: -(read_value(find_row(held, areas[0], str(g[0]))) or 0.0))
    named = {str(group) for group, _ in sized[:8]}
    statements = [
        f"{label}: {_compare_words(held, areas, indicator, group=str(group))}"
        for group, label in groups
        if str(group) in named
    ]
    subject = f"{indicator.label}, {rows['period'].iloc[0]}"
    if len(groups) > len(named):
        subject += f", {len(groups)} groups of which the {len(named)} largest are named here"
    return write_alt("Bar chart", subject, statements)


def _compare_words(
    held: Lookup, areas: Sequence[ChartArea], indicator: Indicator, *, group: str = ""
) -> str:
    words = f"{areas[0].name} {word_value(find_row(held, areas[0], group), indicator)}"
    other = pick_comparator(areas)
    if other is not None:
        words += f", {other.name} {word_value(find_row(held, other, group), indicator)}"
    return words


def _write_widest_gap(
    parts: Mapping[str, pd.DataFrame],
    held: Mapping[str, Lookup],
    indicators: Sequence[Indicator],
    areas: Sequence[ChartArea],
) -> str:
    """Return the finding of the indicator furthest from the nearest comparator."""
    other = pick_comparator(areas)

    def measure_gap(indicator: Indicator) -> float:
        here = read_value(find_row(held[indicator.id], areas[0]))
        there = read_value(find_row(held[indicator.id], other)) if other else None
        return abs(here - there) if here is not None and there is not None else -1.0

    widest = max(indicators, key=measure_gap)
    return write_finding(widest, parts[widest.id])


def _word_comparison(row: Mapping[str, Any] | None, profile: ChartArea, area: ChartArea) -> str:
    if row is None or area.role == "profile" or not isinstance(row["comparison"], str):
        return ""
    verdict = row["comparison"].strip()
    if not verdict:
        return ""
    if verdict == "not compared":
        return " (not compared)"
    return f" ({profile.name} is {verdict})"


def _axis_label(indicators: Sequence[Indicator]) -> str:
    bases = {i.base_label for i in indicators if i.base_label}
    unit = indicators[0].unit
    if unit in ("%", "percent") and len(bases) == 1:
        return f"Percentage of {bases.pop()}"
    return "Percentage" if unit in ("%", "percent") else (unit or "Value")


def _is_percentage(indicator: Indicator) -> bool:
    return indicator.unit in ("%", "percent")
