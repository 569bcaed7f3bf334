"""Ranked areas: a point with its 95% interval per area, highest first, and a line to compare with."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from cip.catalogue import Indicator, source_line
from cip.display.blocks import FigureBlock
from cip.display.cells import is_missing
from cip.display.chart_parts import number_format, write_alt
from cip.display.palette import INK, MUTED, ROLE_STYLES
from cip.display.style import (
    FIGURE_WIDTH_IN,
    SMALL_FONT_SIZE_PT,
    house_style,
    new_figure,
    render_svg,
)
from cip.display.text import format_value

_LABEL_IN, _VALUE_IN, _ROW_IN, _AXIS_IN, _KEY_IN = 1.9, 0.62, 0.27, 0.55, 0.3
#: So many rows fill a page; the table under the chart holds all of them.
MOST_ROWS = 30


@dataclass(frozen=True)
class Benchmark:
    """The line on a ranking: a name and a value."""

    name: str
    value: float


def rank_areas(rows: pd.DataFrame) -> pd.DataFrame:
    """Return areas from the highest value to the lowest, with their rank.

    Parameters
    ----------
    rows
        One row per area: ``area_name, value, lower_95, upper_95``.

    Returns
    -------
    DataFrame
        One row per area: ``rank`` (1 is the highest; equal values share a rank), ``area_name``,
        ``value, lower_95, upper_95``. Areas without a value come last, without a rank.
    """
    ranked = rows[["area_name", "value", "lower_95", "upper_95"]].copy()
    ranked.insert(0, "rank", ranked["value"].rank(ascending=False, method="min").astype("Int64"))
    ranked = ranked.sort_values(["rank", "area_name"], na_position="last", kind="stable")
    return ranked.reset_index(drop=True)


def draw_ranking(
    rows: pd.DataFrame, indicator: Indicator, benchmark: Benchmark | None, *, block_id: str
) -> FigureBlock:
    """Return the areas of one measure in order, each with its 95% interval where it has one.

    Raises
    ------
    ValueError
        If no area has a value.
    """
    ranked = rank_areas(rows)
    held = ranked.dropna(subset="value")
    if held.empty:
        raise ValueError(f"no area has a value of '{indicator.id}'")
    drawn = held.head(MOST_ROWS)
    number = number_format(indicator)
    return FigureBlock(
        block_id=block_id,
        title=_write_title(held, indicator),
        svg=_draw(drawn, indicator, benchmark),
        alt=write_alt("Ranking", indicator.label, _state(held, indicator, benchmark)),
        source_line=source_line(indicator.source),
        table=ranked[["area_name", "rank", "value", "lower_95", "upper_95"]].dropna(
            axis="columns", how="all"
        ),
        note=_write_note(ranked, drawn, indicator),
        column_labels={
            "area_name": "Area",
            "rank": "Rank",
            "value": f"Value ({indicator.unit})",
            "lower_95": "Lower 95% limit",
            "upper_95": "Upper 95% limit",
        },
        formats={"rank": "{:d}", "value": number, "lower_95": number, "upper_95": number},
    )


def _write_title(held: pd.DataFrame, indicator: Indicator) -> str:
    first, last = held.iloc[0], held.iloc[-1]
    low, high = (
        format_value(r["value"], indicator.unit, indicator.decimals) for r in (last, first)
    )
    return f"{indicator.label}: from {low} in {last['area_name']} to {high} in {first['area_name']}"


def _state(held: pd.DataFrame, indicator: Indicator, benchmark: Benchmark | None) -> list[str]:
    def word(value: float) -> str:
        return format_value(value, indicator.unit, indicator.decimals)

    said = [f"{row.rank} {row.area_name} {word(row.value)}" for row in held.head(12).itertuples()]
    if len(held) > 12:
        said.append(f"and {len(held) - 12} more areas")
    if benchmark is not None:
        said.append(f"{benchmark.name} {word(benchmark.value)}")
    return said


def _write_note(ranked: pd.DataFrame, drawn: pd.DataFrame, indicator: Indicator) -> str:
    if ranked["lower_95"].notna().any():
        parts = [
            "Lines show 95% confidence intervals of the values. Ranks are uncertain: areas close "
            "together could change places by chance alone. Rank 1 is the highest value."
        ]
    else:
        parts = [
            "This measure has no interval, so nothing says how far its ranks could change by "
            "chance. Rank 1 is the highest value."
        ]
    if indicator.polarity == "none":
        parts.append("A high rank is neither good nor bad.")
    if len(drawn) < ranked["value"].notna().sum():
        parts.append(f"The chart shows the first {len(drawn)}; the table holds all.")
    return " ".join([*parts, indicator.caveat])


def _draw(drawn: pd.DataFrame, indicator: Indicator, benchmark: Benchmark | None) -> str:
    body_in = _ROW_IN * len(drawn) + 0.1
    key_in = _KEY_IN if benchmark is not None else 0.05
    height = key_in + body_in + _AXIS_IN
    width = FIGURE_WIDTH_IN - _LABEL_IN - _VALUE_IN
    with house_style():
        figure = new_figure(height_in=height)
        axes = figure.add_axes(
            (_LABEL_IN / FIGURE_WIDTH_IN, _AXIS_IN / height, width / FIGURE_WIDTH_IN, body_in / height)
        )  # fmt: skip
        axes.set_ylim(len(drawn) - 0.3, -0.7)
        axes.set_xlim(*_find_limits(drawn, benchmark))
        for place, row in enumerate(drawn.itertuples()):
            _draw_row(axes, place, row, indicator)
        if benchmark is not None:
            _draw_benchmark(axes, benchmark, indicator)
        _finish(axes, indicator)
        return render_svg(figure)


def _find_limits(drawn: pd.DataFrame, benchmark: Benchmark | None) -> tuple[float, float]:
    ends = (v for column in ("value", "lower_95", "upper_95") for v in drawn[column])
    values = [float(v) for v in ends if not is_missing(v)]
    values += [benchmark.value] if benchmark is not None else []
    low, high = min(values), max(values)
    margin = (high - low) * 0.06 or 1.0
    return low - margin, high + margin


def _draw_row(axes: Axes, place: int, row, indicator: Indicator) -> None:
    style = ROLE_STYLES["profile"]
    if not is_missing(row.lower_95) and not is_missing(row.upper_95):
        axes.plot([row.lower_95, row.upper_95], [place, place], color=INK, lw=1.6, zorder=3)
    axes.plot(row.value, place, marker="o", color=style.colour, markersize=7, zorder=4)
    name = textwrap.shorten(f"{row.rank}  {row.area_name}", 27, placeholder="…")
    words = format_value(row.value, indicator.unit, indicator.decimals)
    for text, x, side, weight in ((name, -0.02, "right", "normal"), (words, 1.02, "left", "bold")):
        axes.text(
            x, place, text, transform=axes.get_yaxis_transform(), ha=side, va="center",
            fontsize=SMALL_FONT_SIZE_PT, fontweight=weight,
        )  # fmt: skip


def _draw_benchmark(axes: Axes, benchmark: Benchmark, indicator: Indicator) -> None:
    style = ROLE_STYLES["england"]
    axes.axvline(benchmark.value, color=style.colour, linestyle="--", lw=1.4, zorder=2)
    words = format_value(benchmark.value, indicator.unit, indicator.decimals)
    low, high = axes.get_xlim()
    # On the side with more room, so that a long name stays inside the picture.
    side = "left" if benchmark.value < (low + high) / 2 else "right"
    axes.annotate(
        f"{benchmark.name} {words}", (benchmark.value, 1), xycoords=("data", "axes fraction"),
        xytext=(0, 4), textcoords="offset points", ha=side, fontsize=SMALL_FONT_SIZE_PT,
    )  # fmt: skip


def _finish(axes: Axes, indicator: Indicator) -> None:
    suffix = "%" if indicator.unit == "%" else ""
    axes.xaxis.set_major_locator(MaxNLocator(4))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:,.10g}{suffix}"))
    axes.yaxis.set_visible(False)
    axes.grid(axis="y", visible=False)
    unit = "Per cent" if indicator.unit == "%" else indicator.unit.capitalize()
    axes.set_xlabel(f"{unit}; the scale does not start at zero", fontsize=SMALL_FONT_SIZE_PT)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(MUTED)
