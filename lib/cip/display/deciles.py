"""Share of people by national decile: one full bar per area, a segment per decile."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

import pandas as pd
from matplotlib.axes import Axes

from cip.catalogue import Indicator, source_line
from cip.display.blocks import FigureBlock
from cip.display.chart_parts import (
    ChartArea,
    Lookup,
    find_row,
    index_rows,
    list_areas,
    number_format,
    pick_comparator,
    read_value,
    split_finding,
    table_cell,
    word_value,
    write_alt,
    write_note,
)
from cip.display.palette import MUTED, PAPER, pick_text_colour
from cip.display.style import (
    DECILE_COLOURS,
    FIGURE_WIDTH_IN,
    FONT_SIZE_PT,
    SMALL_FONT_SIZE_PT,
    house_style,
    new_figure,
    render_svg,
)
from cip.display.text import write_finding

_BAR_IN, _LINE_IN, _GAP_IN = 0.27, 0.22, 0.14
_KEY_IN, _AXIS_IN = 0.72, 0.55
_HEADING_CHARACTERS = 48
#: Narrower segments carry no printed number; the table under the chart has it.
_LABELLED_FROM = 5.0


@dataclass(frozen=True)
class _NameColumn:
    """Room for the names left of the bars."""

    width_in: float
    characters: int
    row_in: float


_AREA_NAMES = _NameColumn(width_in=1.3, characters=13, row_in=0.38)
_DOMAIN_NAMES = _NameColumn(width_in=1.75, characters=22, row_in=0.4)


@dataclass(frozen=True)
class _Bars:
    """Bars under one heading: name and share of people by decile for each."""

    heading: str
    bars: Sequence[tuple[str, Mapping[int, float | None]]]


def draw_deciles(
    rows: pd.DataFrame,
    indicators: Sequence[Indicator],
    *,
    block_id: str = "deciles",
    title: str | None = None,
) -> FigureBlock:
    """Draw the share of people in each national decile, the profile against comparators.

    Parameters
    ----------
    rows
        Indicator table, one row per indicator x area x decile; the group ends in the
        decile's number, 1 the most deprived.
    indicators
        Catalogue entries in the order of the chart.
    block_id, title
        Short name, and the finding in words when it is not to be that of the first indicator.

    Raises
    ------
    ValueError
        If a group holds no decile from 1 to 10, or an indicator has no rows.
    """
    parts = {i.id: rows[rows["indicator_id"] == i.id] for i in indicators}
    held = {name: index_rows(part) for name, part in parts.items()}
    areas = list_areas(rows)
    deciles = {i.id: _read_deciles(parts[i.id]) for i in indicators}
    first = indicators[0]
    bars = [
        _Bars(
            i.label if len(indicators) > 1 else "",
            [(area.name, _read_bar(held[i.id], area, deciles[i.id])) for area in areas],
        )
        for i in indicators
    ]
    svg = _draw_bars(bars, _AREA_NAMES)
    heading, lead = split_finding(title or write_finding(first, parts[first.id]))
    return FigureBlock(
        block_id=block_id,
        title=heading,
        lead=lead,
        svg=svg,
        alt=_write_alt(indicators, held, deciles, areas),
        source_line=" ".join(dict.fromkeys(source_line(i.source) for i in indicators)),
        table=_tabulate(indicators, held, deciles, areas),
        note=write_note(pd.concat(parts.values()), indicators, intervals=False),
        column_labels={
            "indicator": "Measure",
            "decile": "National decile",
            **{a.code: f"{a.name} (%)" for a in areas},
        },
        formats={"decile": "{:d}", **{a.code: number_format(first) for a in areas}},
    )


def draw_domains(
    rows: pd.DataFrame,
    indicators: Sequence[Indicator],
    *,
    names: Mapping[str, str],
    block_id: str,
    title: str,
) -> FigureBlock:
    """Draw where the people of one area stand on each domain: one bar per domain.

    Parameters
    ----------
    rows
        Indicator table of the profile area alone, one row per indicator x decile.
    indicators
        Catalogue entries, one per domain, in the order of the chart.
    names
        Short name of each domain, by indicator.
    block_id, title
        Short name of the figure, and what it shows.

    Raises
    ------
    ValueError
        If a group holds no decile from 1 to 10, or an indicator has no rows.
    """
    area = list_areas(rows)[0]
    bars: dict[str, dict[int, float | None]] = {}
    for indicator in indicators:
        part = rows[rows["indicator_id"] == indicator.id]
        bars[names[indicator.id]] = _read_bar(index_rows(part), area, _read_deciles(part))
    numbers = range(1, 11)
    table = pd.DataFrame(
        [[name, *(held.get(d) for d in numbers)] for name, held in bars.items()],
        columns=["domain", *(f"d{d}" for d in numbers)],
    )
    alt = write_alt(
        "Stacked bar chart",
        f"share of people of {area.name} by national decile on each domain",
        [f"{name}: {_word_bar(held)}" for name, held in bars.items()],
    )
    return FigureBlock(
        block_id=block_id,
        title=title,
        svg=_draw_bars([_Bars("", list(bars.items()))], _DOMAIN_NAMES),
        alt=alt,
        source_line=" ".join(dict.fromkeys(source_line(i.source) for i in indicators)),
        table=table,
        note=write_note(rows, indicators, intervals=False),
        column_labels={"domain": "Domain", **{f"d{d}": f"Decile {d} (%)" for d in numbers}},
        formats={f"d{d}": number_format(indicators[0]) for d in numbers},
    )


def _word_bar(held: Mapping[int, float | None]) -> str:
    """Say the shares that a bar shows, most deprived decile first."""
    shown = [f"decile {d} {value:.0f}%" for d, value in held.items() if value]
    return ", ".join(shown) if shown else "not available"


def _read_bar(
    lookup: Lookup, area: ChartArea, deciles: Mapping[int, str]
) -> dict[int, float | None]:
    return {d: read_value(find_row(lookup, area, group)) for d, group in deciles.items()}


def _read_deciles(rows: pd.DataFrame) -> dict[int, str]:
    """Return decile to group id, 1 to 10 in order."""
    found: dict[int, str] = {}
    for group in rows["group"].unique():
        match = re.search(r"(\d+)$", str(group))
        if match is None or not 1 <= int(match[1]) <= 10:
            raise ValueError(f"group '{group}' does not end in a decile from 1 to 10")
        found[int(match[1])] = str(group)
    return dict(sorted(found.items()))


def _draw_bars(groups: Sequence[_Bars], names: _NameColumn) -> str:
    headings = [textwrap.wrap(group.heading, _HEADING_CHARACTERS) for group in groups]
    row_count = sum(len(group.bars) for group in groups)
    body = sum(len(h) * _LINE_IN + _GAP_IN for h in headings) + row_count * names.row_in
    height = _KEY_IN + body + _AXIS_IN
    with house_style():
        figure = new_figure(height_in=height)
        left = names.width_in / FIGURE_WIDTH_IN
        axes = figure.add_axes((left, _AXIS_IN / height, 0.96 - left, body / height))
        axes.set_xlim(0, 100)
        axes.set_ylim(body, 0)
        top = 0.0
        for group, heading in zip(groups, headings, strict=True):
            for line in heading:
                _write_left(axes, line, top + _LINE_IN * 0.6, names, bold=True)
                top += _LINE_IN
            for name, values in group.bars:
                lines = textwrap.wrap(name, names.characters, max_lines=2, placeholder="…")
                _write_left(axes, "\n".join(lines), top + names.row_in / 2, names)
                _draw_bar(axes, values, top + names.row_in / 2)
                top += names.row_in
            top += _GAP_IN
        _finish(axes)
        _draw_key(figure.add_axes((0.02, 1 - 0.62 / height, 0.94, 0.26 / height)))
        return render_svg(figure)


def _write_left(axes: Axes, text: str, y: float, names: _NameColumn, *, bold: bool = False) -> None:
    axes.annotate(
        text,
        (0, y),
        xytext=(-(names.width_in - 0.1) * 72, 0),
        textcoords="offset points",
        va="center",
        fontsize=FONT_SIZE_PT if bold else SMALL_FONT_SIZE_PT,
        fontweight="bold" if bold else "normal",
        annotation_clip=False,
        linespacing=1.0,
    )


def _draw_bar(axes: Axes, values: Mapping[int, float | None], middle: float) -> None:
    held = {d: v for d, v in values.items() if v is not None}
    if not held:
        axes.text(1, middle, "[x]", va="center", fontsize=SMALL_FONT_SIZE_PT)
        return
    starts = [0.0, *accumulate(held.values())][:-1]
    axes.broken_barh(
        list(zip(starts, held.values(), strict=True)),
        (middle - _BAR_IN / 2, _BAR_IN),
        facecolors=[DECILE_COLOURS[decile - 1] for decile in held],
        edgecolor=PAPER,
        linewidth=1,
        zorder=2,
    )
    for (decile, value), start in zip(held.items(), starts, strict=True):
        if value >= _LABELLED_FROM:
            axes.text(
                start + value / 2,
                middle,
                str(decile),
                ha="center",
                va="center_baseline",
                color=pick_text_colour(DECILE_COLOURS[decile - 1]),
                fontsize=SMALL_FONT_SIZE_PT,
                zorder=3,
            )


def _finish(axes: Axes) -> None:
    axes.set_xticks([0, 25, 50, 75, 100], ["0%", "25%", "50%", "75%", "100%"])
    axes.set_xlabel("Share of people", fontsize=SMALL_FONT_SIZE_PT, loc="left")
    axes.yaxis.set_visible(False)
    axes.grid(axis="y", visible=False)
    for side in axes.spines.values():
        side.set_visible(False)
    axes.axvline(0, color=MUTED, linewidth=0.8, zorder=1)


def _draw_key(axes: Axes) -> None:
    axes.set_xlim(0, 10)
    axes.set_ylim(0, 1)
    axes.axis("off")
    tenths = [(i, 1) for i in range(10)]
    axes.broken_barh(tenths, (0, 1), facecolors=DECILE_COLOURS, edgecolor=PAPER)
    for i, colour in enumerate(DECILE_COLOURS):
        axes.text(
            i + 0.5,
            0.47,
            str(i + 1),
            ha="center",
            va="center_baseline",
            color=pick_text_colour(colour),
            fontsize=SMALL_FONT_SIZE_PT,
        )
    axes.text(0, 1.2, "1 = most deprived tenth", ha="left", fontsize=SMALL_FONT_SIZE_PT)
    axes.text(10, 1.2, "10 = least deprived", ha="right", fontsize=SMALL_FONT_SIZE_PT)


def _tabulate(
    indicators: Sequence[Indicator],
    lookups: Mapping[str, Lookup],
    deciles: Mapping[str, Mapping[int, str]],
    areas: Sequence[ChartArea],
) -> pd.DataFrame:
    """Return one row per indicator x decile, one column per area."""
    return pd.DataFrame(
        [
            [
                indicator.label,
                decile,
                *(table_cell(find_row(lookups[indicator.id], a, group)) for a in areas),
            ]
            for indicator in indicators
            for decile, group in deciles[indicator.id].items()
        ],
        columns=["indicator", "decile", *(a.code for a in areas)],
    )


def _write_alt(
    indicators: Sequence[Indicator],
    lookups: Mapping[str, Lookup],
    deciles: Mapping[str, Mapping[int, str]],
    areas: Sequence[ChartArea],
) -> str:
    """Say the share in the two most deprived deciles, profile and nearest comparator."""
    other = pick_comparator(areas)
    named = [areas[0], *([other] if other else [])]
    statements = []
    for indicator in indicators:
        words = []
        for area in named:
            both = [
                f"decile {d} {word_value(find_row(lookups[indicator.id], area, g), indicator)}"
                for d, g in deciles[indicator.id].items()
                if d in (1, 2)
            ]
            words.append(f"{area.name} {' and '.join(both)}")
        statements.append(f"{indicator.label}: {', '.join(words)}")
    return write_alt(
        "Stacked bar chart", "share of people by national decile of deprivation", statements
    )
