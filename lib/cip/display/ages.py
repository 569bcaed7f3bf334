"""Charts of age: a pyramid where the store has sex by age, a one-sided profile where not."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

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
from cip.display.style import (
    FIGURE_WIDTH_IN,
    FONT_SIZE_PT,
    SMALL_FONT_SIZE_PT,
    house_style,
    new_figure,
    render_svg,
)
from cip.display.text import write_finding

_BAND_IN, _TOP_IN, _AXIS_IN = 0.24, 0.56, 0.62
_NAMES_IN = 0.62
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
    limit = max(_held_values(rows, shown), default=1.0) * 1.05
    count = len(sides["male"])
    height = _TOP_IN + count * _BAND_IN + _AXIS_IN
    with house_style():
        figure = new_figure(height_in=height)
        for sex, groups in sides.items():
            axes = _add_side(figure, height, count, left=sex == "female")
            _draw_bands(axes, held, shown, groups, SEX_STYLES[sex])
            _finish_side(axes, limit, indicator, mirrored=sex == "female")
            axes.set_title(f"{sex.capitalize()}s", fontsize=FONT_SIZE_PT, fontweight="bold", pad=4)
        _write_band_names(figure, [_name_band(b[2]) for b in sides["male"]], height)
        _write_key(figure, shown, height, "bars")
        svg = render_svg(figure)
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
    limit = max(_held_values(rows, shown), default=1.0) * 1.05
    height = _TOP_IN - 0.2 + len(bands) * _BAND_IN + _AXIS_IN
    with house_style():
        figure = new_figure(height_in=height)
        left = (_NAMES_IN + 0.1) / FIGURE_WIDTH_IN
        axes = figure.add_axes(
            (left, _AXIS_IN / height, 0.96 - left, len(bands) * _BAND_IN / height)
        )
        _draw_bands(axes, held, shown, bands, areas[0].style)
        _finish_side(axes, limit, indicator, mirrored=False)
        axes.set_yticks(range(len(bands)), [_name_band(b[2]) for b in bands])
        axes.tick_params(axis="y", length=0)
        axes.yaxis.set_visible(True)
        _write_key(figure, shown, height, "bars")
        svg = render_svg(figure)
    return _make_block(rows, held, indicator, areas, bands, svg, title, "Bar chart of age bands")


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


def _add_side(figure: Figure, height: float, count: int, *, left: bool) -> Axes:
    names = _NAMES_IN / FIGURE_WIDTH_IN
    width = (0.95 - names) / 2
    start = 0.025 if left else 0.025 + width + names
    return figure.add_axes((start, _AXIS_IN / height, width, count * _BAND_IN / height))


def _draw_bands(
    axes: Axes,
    held: Lookup,
    shown: Sequence[ChartArea],
    bands: Sequence[_Band],
    style: RoleStyle,
) -> None:
    values = [read_value(find_row(held, shown[0], b[0])) for b in bands]
    places = [i for i, v in enumerate(values) if v is not None]
    axes.barh(
        places, [values[i] for i in places], height=0.84, color=style.colour, linewidth=0, zorder=2
    )
    for i in set(range(len(bands))) - set(places):
        axes.text(0, i, "[x]", va="center", ha="center", fontsize=SMALL_FONT_SIZE_PT)
    if len(shown) > 1:
        outline = [read_value(find_row(held, shown[1], b[0])) for b in bands]
        edges = [v if v is not None else float("nan") for v in outline]
        # A stepped line from band edge to band edge; a gap where the comparator has no value.
        xs = [x for x in edges for _ in (0, 1)]
        ys = [y for i in range(len(edges)) for y in (i - 0.5, i + 0.5)]
        axes.plot(xs, ys, color=PAPER, linewidth=3.4, zorder=3)
        axes.plot(xs, ys, color=INK, linewidth=1.8, zorder=4)
    axes.set_ylim(-0.5, len(bands) - 0.5)


def _finish_side(axes: Axes, limit: float, indicator: Indicator, *, mirrored: bool) -> None:
    axes.set_xlim((limit, 0) if mirrored else (0, limit))
    is_percentage = indicator.unit in ("%", "percent")
    suffix = "%" if is_percentage else ""
    axes.xaxis.set_major_locator(MaxNLocator(4, integer=True, prune="upper"))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:,.10g}{suffix}"))
    axes.set_xlabel(
        f"Share of {indicator.base_label}" if is_percentage else indicator.unit,
        fontsize=SMALL_FONT_SIZE_PT,
    )
    axes.yaxis.set_visible(False)
    axes.grid(axis="y", visible=False)
    for side in ("top", "left", "right", "bottom"):
        axes.spines[side].set_visible(False)


def _write_band_names(figure: Figure, names: Sequence[str], height: float) -> None:
    for i, name in enumerate(names):
        y = (_AXIS_IN + (i + 0.5) * _BAND_IN) / height
        figure.text(0.5, y, name, ha="center", va="center", fontsize=SMALL_FONT_SIZE_PT)


def _write_key(figure: Figure, shown: Sequence[ChartArea], height: float, mark: str) -> None:
    words = f"{shown[0].name}: {mark}"
    if len(shown) > 1:
        words += f"   {shown[1].name}: black line"
    figure.text(0.025, 1 - 0.06 / height, words, ha="left", va="top", fontsize=SMALL_FONT_SIZE_PT)


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
