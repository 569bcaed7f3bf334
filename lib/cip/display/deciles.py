"""Share of people by national decile: one full bar per area, a segment per decile."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping, Sequence

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
from cip.display.style import (
    DECILE_COLOURS,
    FIGURE_WIDTH_IN,
    FONT_SIZE_PT,
    MUTED,
    PAPER,
    SMALL_FONT_SIZE_PT,
    house_style,
    new_figure,
    pick_text_colour,
    render_svg,
)
from cip.display.text import write_finding

_ROW_IN, _LINE_IN, _GAP_IN = 0.35, 0.22, 0.14
_NAMES_IN, _KEY_IN, _AXIS_IN = 1.3, 0.72, 0.55
_NAME_CHARACTERS, _HEADING_CHARACTERS = 16, 48
#: Narrower segments carry no printed number; the table under the chart has it.
_LABELLED_FROM = 5.0


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
    svg = _draw_bars(indicators, held, deciles, areas)
    first = indicators[0]
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


def _read_deciles(rows: pd.DataFrame) -> dict[int, str]:
    """Return decile to group id, 1 to 10 in order."""
    found: dict[int, str] = {}
    for group in rows["group"].unique():
        match = re.search(r"(\d+)$", str(group))
        if match is None or not 1 <= int(match[1]) <= 10:
            raise ValueError(f"group '{group}' does not end in a decile from 1 to 10")
        found[int(match[1])] = str(group)
    return dict(sorted(found.items()))


def _draw_bars(
    indicators: Sequence[Indicator],
    lookups: Mapping[str, Lookup],
    deciles: Mapping[str, Mapping[int, str]],
    areas: Sequence[ChartArea],
) -> str:
    headings = [textwrap.wrap(i.label, _HEADING_CHARACTERS) for i in indicators]
    row_count = len(indicators) * len(areas)
    body = sum(len(h) * _LINE_IN + _GAP_IN for h in headings) + row_count * _ROW_IN
    height = _KEY_IN + body + _AXIS_IN
    with house_style():
        figure = new_figure(height_in=height)
        left = _NAMES_IN / FIGURE_WIDTH_IN
        axes = figure.add_axes((left, _AXIS_IN / height, 0.96 - left, body / height))
        axes.set_xlim(0, 100)
        axes.set_ylim(body, 0)
        top = 0.0
        for indicator, heading in zip(indicators, headings, strict=True):
            for line in heading:
                _write_left(axes, line, top + _LINE_IN * 0.6, bold=True)
                top += _LINE_IN
            for area in areas:
                values = {
                    d: read_value(find_row(lookups[indicator.id], area, g))
                    for d, g in deciles[indicator.id].items()
                }
                _draw_bar(axes, area, values, top + _ROW_IN / 2)
                top += _ROW_IN
            top += _GAP_IN
        _finish(axes)
        _draw_key(figure.add_axes((0.02, 1 - 0.62 / height, 0.94, 0.26 / height)))
        return render_svg(figure)


def _write_left(axes: Axes, text: str, y: float, *, bold: bool = False) -> None:
    axes.annotate(
        text,
        (0, y),
        xytext=(-(_NAMES_IN - 0.1) * 72, 0),
        textcoords="offset points",
        va="center",
        fontsize=FONT_SIZE_PT if bold else SMALL_FONT_SIZE_PT,
        fontweight="bold" if bold else "normal",
        annotation_clip=False,
        linespacing=1.0,
    )


def _draw_bar(
    axes: Axes, area: ChartArea, values: Mapping[int, float | None], middle: float
) -> None:
    lines = textwrap.wrap(area.name, _NAME_CHARACTERS, max_lines=2, placeholder="…")
    _write_left(axes, "\n".join(lines), middle)
    held = {d: v for d, v in values.items() if v is not None}
    if not held:
        axes.text(1, middle, "[x]", va="center", fontsize=SMALL_FONT_SIZE_PT)
        return
    start = 0.0
    for decile, value in held.items():
        colour = DECILE_COLOURS[decile - 1]
        axes.barh(
            middle,
            value,
            left=start,
            height=_ROW_IN * 0.78,
            color=colour,
            edgecolor=PAPER,
            linewidth=1,
            zorder=2,
        )
        if value >= _LABELLED_FROM:
            axes.text(
                start + value / 2,
                middle,
                str(decile),
                ha="center",
                va="center_baseline",
                color=pick_text_colour(colour),
                fontsize=SMALL_FONT_SIZE_PT,
                zorder=3,
            )
        start += value


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
    for i, colour in enumerate(DECILE_COLOURS):
        axes.barh(0.5, 1, left=i, height=1, color=colour, edgecolor=PAPER)
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
