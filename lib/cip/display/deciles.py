"""Share of people by national decile: one full bar per area, a segment per decile."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

import pandas as pd

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
from cip.display.palette import GRID, MUTED, PAPER, pick_text_colour
from cip.display.picture import Picture
from cip.display.style import DECILE_COLOURS, FONT_SIZE_PT
from cip.display.text import write_finding

_BAR_IN, _LINE_IN, _GAP_IN = 0.27, 0.22, 0.14
_KEY_IN, _AXIS_IN = 0.72, 0.55
_HEADING_CHARACTERS = 48
_POINT_IN = 1 / 72
#: The key from end to end, and where its boxes start and end below the top.
_ENDS_IN, _KEY_BOX_IN = (0.1, 4.8), (0.36, 0.62)
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
    picture = Picture(height_in=height)
    _draw_key(picture)
    _draw_axis(picture, names, (_KEY_IN, _KEY_IN + body))
    top = _KEY_IN
    for group, heading in zip(groups, headings, strict=True):
        for line in heading:
            at = top + _LINE_IN * 0.6
            picture.write(0.1, at, line, is_bold=True, size=FONT_SIZE_PT)
            top += _LINE_IN
        for name, values in group.bars:
            lines = textwrap.wrap(name, names.characters, max_lines=2, placeholder="…")
            middle = top + names.row_in / 2
            picture.write(0.1, middle, "\n".join(lines), spacing=1.0)
            _draw_bar(picture, names, values, middle)
            top += names.row_in
        top += _GAP_IN
    return picture.to_svg()


def _place(share: float, names: _NameColumn) -> float:
    """Return where a share of people lies, in inches from the left."""
    return names.width_in + share / 100 * (_ENDS_IN[1] - names.width_in)


def _draw_bar(
    picture: Picture, names: _NameColumn, values: Mapping[int, float | None], middle: float
) -> None:
    held = {d: v for d, v in values.items() if v is not None}
    if not held:
        picture.write(_place(1, names), middle, "[x]")
        return
    ends = list(accumulate(held.values(), initial=0.0))
    for (decile, value), start, end in zip(held.items(), ends, ends[1:], strict=False):
        left, right, colour = _place(start, names), _place(end, names), DECILE_COLOURS[decile - 1]
        box = (left, middle - _BAR_IN / 2, right - left, _BAR_IN)
        picture.draw_box(*box, fill=colour, edge=PAPER, layer=2)
        if value >= _LABELLED_FROM:
            _write_inside(picture, (left + right) / 2, middle, decile)


def _write_inside(picture: Picture, x: float, y: float, decile: int) -> None:
    colour = pick_text_colour(DECILE_COLOURS[decile - 1])
    picture.write(x, y, str(decile), side="center", level="center_baseline", colour=colour)


def _draw_axis(picture: Picture, names: _NameColumn, ends: tuple[float, float]) -> None:
    top, bottom = ends
    for share in (0, 25, 50, 75, 100):
        at = _place(share, names)
        picture.draw_line([(at, bottom), (at, top)], colour=GRID, width=0.8, layer=0)
        words = (at, bottom + 14.6 * _POINT_IN, f"{share}%")
        picture.write(*words, side="center", level="baseline")
    left = names.width_in
    picture.draw_line([(left, bottom), (left, top)], colour=MUTED, width=0.8, layer=1)
    picture.write(left, bottom + 28.6 * _POINT_IN, "Share of people", level="baseline")


def _draw_key(picture: Picture) -> None:
    (left, right), (top, bottom) = _ENDS_IN, _KEY_BOX_IN
    width, height = (right - left) / 10, bottom - top
    for place, colour in enumerate(DECILE_COLOURS):
        start = left + place * width
        picture.draw_box(start, top, width, height, fill=colour, edge=PAPER)
        _write_inside(picture, start + width / 2, bottom - 0.47 * height, place + 1)
    above = bottom - 1.2 * height
    picture.write(left, above, "1 = most deprived tenth", level="baseline")
    picture.write(right, above, "10 = least deprived", side="right", level="baseline")


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
