"""Charts of age: a pyramid where the store has sex by age, a one-sided profile where not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
from matplotlib.ticker import MaxNLocator

from cip.catalogue import Indicator, source_line
from cip.display.blocks import FigureBlock
from cip.display.chart_parts import (
    ChartArea,
    Lookup,
    find_row,
    index_rows,
    list_areas,
    pick_comparator,
    read_value,
    split_finding,
    word_value,
    write_alt,
    write_note,
)
from cip.display.interval_table import ProfileLine, tabulate_profile
from cip.display.palette import INK, PAPER, SEX_STYLES, RoleStyle
from cip.display.picture import Picture, Point
from cip.display.picture_parts import draw_scale
from cip.display.style import FIGURE_WIDTH_IN, FONT_SIZE_PT
from cip.display.text import write_finding

_BAND_IN, _TOP_IN, _AXIS_IN = 0.24, 0.56, 0.62
_NAMES_IN = 0.62
#: The sides of a pyramid and the words of the key begin so far from the edge.
_MARGIN_IN = 0.125
_BAR_IN = 0.84 * _BAND_IN
_GROUP = re.compile(r"(?:(?P<sex>female|male)_)?age_(?P<low>\d+)(?:_(?P<high>\d+|plus))?")


def draw_pyramid(
    rows: pd.DataFrame, indicator: Indicator, *, title: str | None = None
) -> FigureBlock:
    """Draw females and males by age band, with the nearest comparator as an outline.

    Parameters
    ----------
    rows
        Indicator table, one row per area x group of one indicator and period; groups are
        ``female_age_0_4`` to ``male_age_85_plus``, values are shares of all residents.
    indicator, title
        Its catalogue entry, and the finding in words when it is not to be made from the rows.

    Raises
    ------
    ValueError
        If a group is not an age band of one sex, or the two sexes have different bands.
    """
    held = index_rows(rows)
    bands = _read_bands(rows)
    sides = {sex: [b for b in bands if b[1] == sex] for sex in SEX_STYLES}
    if [b[2] for b in sides["female"]] != [b[2] for b in sides["male"]] or not sides["male"]:
        raise ValueError("a pyramid needs the same age bands for females and males")
    areas = list_areas(rows)
    outline = pick_comparator(areas)
    shown = [areas[0], *([outline] if outline else [])]
    limit = _find_limit(rows, shown)
    bottom = _TOP_IN + len(sides["male"]) * _BAND_IN
    picture = Picture(height_in=bottom + _AXIS_IN)
    width = (0.95 * FIGURE_WIDTH_IN - _NAMES_IN) / 2
    female, male = _MARGIN_IN + width, _MARGIN_IN + width + _NAMES_IN
    plots = {
        "female": _Plot(female, _MARGIN_IN, limit, bottom),
        "male": _Plot(male, male + width, limit, bottom),
    }
    for sex, plot in plots.items():
        _draw_axis(picture, plot, _TOP_IN, indicator)
        _draw_bands(picture, plot, held, shown, sides[sex], SEX_STYLES[sex])
        picture.write(
            plot.middle, _TOP_IN - 4 / 72, f"{sex.capitalize()}s", size=FONT_SIZE_PT,
            is_bold=True, side="center", level="baseline",
        )  # fmt: skip
    for i, band in enumerate(sides["male"]):
        at = plots["male"].height(i)
        picture.write(FIGURE_WIDTH_IN / 2, at, _name_band(band[2]), side="center")
    _write_key(picture, shown)
    svg = picture.to_svg()
    return _make_block(rows, held, indicator, areas, bands, svg, title, "Age pyramid")


def draw_age_profile(
    rows: pd.DataFrame, indicator: Indicator, *, title: str | None = None
) -> FigureBlock:
    """Draw age bands of all people, with the nearest comparator as an outline.

    For stores without sex by age. ``rows`` has one row per area x group of one indicator
    and period; groups are ``age_0_4`` to ``age_85_plus``.

    Raises
    ------
    ValueError
        If a group is not an age band.
    """
    held = index_rows(rows)
    bands = _read_bands(rows)
    areas = list_areas(rows)
    outline = pick_comparator(areas)
    shown = [areas[0], *([outline] if outline else [])]
    limit = _find_limit(rows, shown)
    top = _TOP_IN - 0.2
    bottom = top + len(bands) * _BAND_IN
    picture = Picture(height_in=bottom + _AXIS_IN)
    plot = _Plot(_NAMES_IN + 0.1, 0.96 * FIGURE_WIDTH_IN, limit, bottom)
    _draw_axis(picture, plot, top, indicator)
    _draw_bands(picture, plot, held, shown, bands, areas[0].style)
    for i, band in enumerate(bands):
        edge = plot.zero - 3.5 / 72
        picture.write(
            edge, plot.height(i), _name_band(band[2]), side="right", level="center_baseline"
        )
    _write_key(picture, shown)
    svg = picture.to_svg()
    return _make_block(rows, held, indicator, areas, bands, svg, title, "Bar chart of age bands")


@dataclass(frozen=True)
class _Plot:
    """Where shares and bands lie on the picture, in inches; a mirrored one ends on the left."""

    zero: float
    end: float
    limit: float
    bottom: float

    @property
    def middle(self) -> float:
        return (self.zero + self.end) / 2

    def place(self, value: float) -> float:
        return self.zero + value / self.limit * (self.end - self.zero)

    def height(self, band: float) -> float:
        """Return the middle of a band, the youngest at the bottom."""
        return self.bottom - (band + 0.5) * _BAND_IN


_Band = tuple[str, str, tuple[int, str], str]  # group, sex, (low, high), label


def _read_bands(rows: pd.DataFrame) -> list[_Band]:
    """Return the age bands of the rows, youngest first, females before males."""
    bands: list[_Band] = []
    for group, label in rows[["group", "group_label"]].drop_duplicates("group").values.tolist():
        match = _GROUP.fullmatch(str(group))
        if match is None:
            raise ValueError(f"group '{group}' is not an age band such as 'age_0_4'")
        high = match["high"] or match["low"]
        bands.append((str(group), match["sex"] or "", (int(match["low"]), high), str(label)))
    return sorted(bands, key=lambda b: (b[1], b[2][0]))


def _name_band(band: tuple[int, str]) -> str:
    low, high = band
    if high == "plus":
        return f"{low}+"
    return str(low) if str(low) == high else f"{low}–{high}"


def _held_values(rows: pd.DataFrame, areas: Sequence[ChartArea]) -> list[float]:
    held = rows[rows["area_code"].isin([a.code for a in areas])]["value"]
    return [float(v) for v in held.dropna()]


def _find_limit(rows: pd.DataFrame, areas: Sequence[ChartArea]) -> float:
    """Return the end of the scale: a little beyond the largest value."""
    return max(_held_values(rows, areas), default=1.0) * 1.05 or 1.0


def _draw_bands(
    picture: Picture,
    plot: _Plot,
    held: Lookup,
    shown: Sequence[ChartArea],
    bands: Sequence[_Band],
    style: RoleStyle,
) -> None:
    for i, band in enumerate(bands):
        value = read_value(find_row(held, shown[0], band[0]))
        if value is None:
            picture.write(plot.zero, plot.height(i), "[x]", side="center")
            continue
        left, right = sorted((plot.zero, plot.place(value)))
        top = plot.height(i) - _BAR_IN / 2
        picture.draw_box(left, top, right - left, _BAR_IN, fill=style.colour, layer=2)
    if len(shown) > 1:
        outline = [read_value(find_row(held, shown[1], band[0])) for band in bands]
        for line in _trace_outline(plot, outline):
            picture.draw_line(line, colour=PAPER, width=3.4, layer=3)
            picture.draw_line(line, colour=INK, width=1.8, layer=4)


def _trace_outline(plot: _Plot, values: Sequence[float | None]) -> list[list[Point]]:
    """Return stepped lines from band edge to band edge; a new one after each missing value."""
    lines: list[list[Point]] = [[]]
    for i, value in enumerate(values):
        if value is None:
            lines.append([])
        else:
            lines[-1] += [(plot.place(value), plot.height(i + edge)) for edge in (-0.5, 0.5)]
    return [line for line in lines if line]


def _draw_axis(picture: Picture, plot: _Plot, top: float, indicator: Indicator) -> None:
    is_percentage = indicator.unit in ("%", "percent")
    suffix = "%" if is_percentage else ""
    found = MaxNLocator(4, integer=True, prune="upper").tick_values(0, plot.limit)
    ticks = [
        (plot.place(tick), f"{tick:,.10g}{suffix}") for tick in found if 0 <= tick <= plot.limit
    ]
    label = f"Share of {indicator.base_label}" if is_percentage else indicator.unit
    draw_scale(
        picture, ticks, top=top, bottom=plot.bottom, label=label, at=plot.middle, side="center"
    )


def _write_key(picture: Picture, shown: Sequence[ChartArea]) -> None:
    words = f"{shown[0].name}: bars"
    if len(shown) > 1:
        words += f"   {shown[1].name}: black line"
    picture.write(_MARGIN_IN, 0.06, words, level="top")


def _make_block(
    rows: pd.DataFrame,
    held: Lookup,
    indicator: Indicator,
    areas: Sequence[ChartArea],
    bands: Sequence[_Band],
    svg: str,
    title: str | None,
    kind: str,
) -> FigureBlock:
    heading, lead = split_finding(title or write_finding(indicator, rows))
    lines = [ProfileLine(label, indicator, held, group) for group, _, _, label in bands]
    table, headings, formats = tabulate_profile(lines, areas)
    return FigureBlock(
        block_id=indicator.id,
        title=heading,
        lead=lead,
        svg=svg,
        alt=_write_age_alt(held, indicator, areas, bands, f"{kind} ({rows['period'].iloc[0]})"),
        source_line=source_line(indicator.source),
        table=table,
        note=write_note(rows, [indicator], intervals=False),
        column_labels={**headings, "label": "Age group"},
        formats=formats,
    )


def _write_age_alt(
    lookup: Lookup,
    indicator: Indicator,
    areas: Sequence[ChartArea],
    bands: Sequence[_Band],
    kind: str,
) -> str:
    """Name the largest band of the profile and the two where it differs most."""
    other = pick_comparator(areas)

    def value(area: ChartArea, band: _Band) -> float | None:
        return read_value(find_row(lookup, area, band[0]))

    held = [b for b in bands if value(areas[0], b) is not None]
    statements = []
    if held:
        largest = max(held, key=lambda b: value(areas[0], b) or 0.0)
        word = word_value(find_row(lookup, areas[0], largest[0]), indicator)
        statements.append(f"the largest group in {areas[0].name} is {largest[3]}, {word}")
    if other is not None:
        both = [b for b in held if value(other, b) is not None]
        gaps = sorted(both, key=lambda b: -abs((value(areas[0], b) or 0) - (value(other, b) or 0)))
        statements += [
            f"{b[3]}: {areas[0].name} {word_value(find_row(lookup, areas[0], b[0]), indicator)}, "
            f"{other.name} {word_value(find_row(lookup, other, b[0]), indicator)}"
            for b in gaps[:2]
        ]
    return write_alt(kind, indicator.label, statements)
