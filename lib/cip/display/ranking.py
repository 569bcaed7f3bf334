"""Ranked areas: a point with its 95% interval per area, highest first, and a line to compare with.

The areas are whole profiles side by side, or the small areas of one profile.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MaxNLocator

from cip.catalogue import Indicator, source_line
from cip.display.blocks import FigureBlock
from cip.display.cells import is_missing
from cip.display.chart_parts import clip_name, number_format, write_alt
from cip.display.findings import (
    Figure,
    check_verdict,
    count_things,
    write_range,
    write_verdict_count,
)
from cip.display.palette import (
    INK,
    MUTED,
    ROLE_STYLES,
    VERDICT_FILLS,
    VERDICT_MARKERS,
)
from cip.display.style import (
    FIGURE_WIDTH_IN,
    SMALL_FONT_SIZE_PT,
    house_style,
    new_figure,
    render_svg,
)
from cip.display.text import format_value
from cip.statistics import NOT_COMPARED

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
        One row per area: ``area_name, value, lower_95, upper_95`` and, where known,
        ``comparison`` (how the area stands to the benchmark) and ``is_suppressed``.

    Returns
    -------
    DataFrame
        One row per area: ``rank`` (1 is the highest; equal values share a rank), ``area_name``,
        ``value, lower_95, upper_95, comparison, is_suppressed``. Areas without a value, and those
        whose value is withheld, come last, without a rank.
    """
    ranked = rows[["area_name", "value", "lower_95", "upper_95"]].copy()
    ranked["comparison"] = rows.get("comparison", "")
    hidden = rows["is_suppressed"] if "is_suppressed" in rows else pd.Series(False, rows.index)
    ranked["is_suppressed"] = hidden.astype("boolean").fillna(False).astype(bool)
    ranked.loc[ranked["is_suppressed"], ["value", "lower_95", "upper_95"]] = pd.NA
    ranked.loc[ranked["value"].isna(), "comparison"] = ""  # no figure, no verdict
    ranked.insert(0, "rank", ranked["value"].rank(ascending=False, method="min").astype("Int64"))
    ranked = ranked.sort_values(["rank", "area_name"], na_position="last", kind="stable")
    return ranked.reset_index(drop=True)


def draw_ranking(
    rows: pd.DataFrame,
    indicator: Indicator,
    benchmark: Benchmark | None,
    *,
    block_id: str,
    noun: str = "area",
) -> FigureBlock:
    """Return the areas of one measure in order, each with its 95% interval where it has one.

    Parameters
    ----------
    rows
        One row per area, as for :func:`rank_areas`. Where ``comparison`` is given, marks and
        title say how areas stand to the benchmark.
    benchmark
        The line to compare with.
    noun
        What one area is: "area", "small area".

    Raises
    ------
    ValueError
        If no area has a value, or a verdict judges a measure without polarity.
    """
    ranked = rank_areas(rows)
    verdicts = ranked["comparison"].fillna("").astype(str)
    ranked["comparison"] = [check_verdict(verdict, indicator.polarity) for verdict in verdicts]
    held = ranked.dropna(subset="value")
    if held.empty:
        raise ValueError(f"no area has a value of '{indicator.id}'")
    drawn = held.head(MOST_ROWS)
    number = number_format(indicator)
    return FigureBlock(
        block_id=block_id,
        title=_write_title(ranked, indicator, benchmark, noun),
        svg=_draw(drawn, indicator, benchmark),
        alt=write_alt("Ranking", indicator.label, _state(held, indicator, benchmark)),
        source_line=source_line(indicator.source),
        table=_tabulate(ranked),
        note=_write_note(ranked, drawn, indicator),
        column_labels={
            "area_name": noun.capitalize(),
            "rank": "Rank",
            "value": f"Value ({indicator.unit})",
            "lower_95": "Lower 95% limit",
            "upper_95": "Upper 95% limit",
            "comparison": f"Against {benchmark.name}" if benchmark else "Comparison",
        },
        formats={"rank": "{:d}", "value": number, "lower_95": number, "upper_95": number},
    )


def _tabulate(ranked: pd.DataFrame) -> pd.DataFrame:
    """Return one row per area; what is withheld is marked, and empty columns are left out."""
    columns = ["area_name", "rank", "value", "lower_95", "upper_95"]
    if _is_compared(ranked):
        columns.append("comparison")
    table = ranked[columns].dropna(axis="columns", how="all")
    if ranked["is_suppressed"].any():
        table = table.astype(object)
        for column in set(table.columns) - {"area_name", "rank"}:
            table.loc[ranked["is_suppressed"], column] = "[c]"
    return table


def _is_compared(ranked: pd.DataFrame) -> bool:
    return bool((ranked["comparison"] != NOT_COMPARED).any())


def _write_title(
    ranked: pd.DataFrame, indicator: Indicator, benchmark: Benchmark | None, noun: str
) -> str:
    held = ranked.dropna(subset="value")
    if benchmark is not None and _is_compared(held):
        return write_verdict_count(
            indicator.label, benchmark.name, list(held["comparison"]), indicator.polarity, noun=noun
        )
    places = [
        (
            str(name),
            Figure(None if is_missing(v) else float(v), indicator.unit, indicator.decimals),
        )
        for name, v in zip(ranked["area_name"], ranked["value"], strict=True)
    ]  # fmt: skip
    return write_range(indicator.label, places, noun=noun)


def _state(held: pd.DataFrame, indicator: Indicator, benchmark: Benchmark | None) -> list[str]:
    def word(value: float) -> str:
        return format_value(value, indicator.unit, indicator.decimals)

    said = [
        f"{row.rank} {row.area_name} {word(row.value)}"
        + (f", {row.comparison}" if row.comparison != NOT_COMPARED else "")
        for row in held.head(12).itertuples()
    ]
    if len(held) > 12:
        said.append(f"and {count_things(len(held) - 12, 'more area')}")
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
    marks_in = _KEY_IN * math.ceil(drawn["comparison"].nunique() / 3) if _is_compared(drawn) else 0
    key_in = marks_in + (_KEY_IN if benchmark is not None else 0.05)
    height = key_in + body_in + _AXIS_IN
    width = FIGURE_WIDTH_IN - _LABEL_IN - _VALUE_IN
    with house_style():
        figure = new_figure(height_in=height)
        axes = figure.add_axes(
            (_LABEL_IN / FIGURE_WIDTH_IN, _AXIS_IN / height, width / FIGURE_WIDTH_IN, body_in / height)
        )  # fmt: skip
        axes.set_ylim(len(drawn) - 0.3, -0.7)
        axes.set_xlim(*_find_limits(drawn, benchmark))
        _draw_marks(axes, drawn)
        for place, row in enumerate(drawn.itertuples()):
            _write_row(axes, place, row, indicator)
        if benchmark is not None:
            _draw_benchmark(axes, benchmark, indicator)
        if marks_in:
            _add_key(figure, drawn, height)
        _finish(axes, indicator)
        return render_svg(figure)


def _find_limits(drawn: pd.DataFrame, benchmark: Benchmark | None) -> tuple[float, float]:
    ends = (v for column in ("value", "lower_95", "upper_95") for v in drawn[column])
    values = [float(v) for v in ends if not is_missing(v)]
    values += [benchmark.value] if benchmark is not None else []
    low, high = min(values), max(values)
    margin = (high - low) * 0.06 or 1.0
    return low - margin, high + margin


# Everything of one kind is drawn in one call: matplotlib takes a millisecond and more for each.


def _draw_marks(axes: Axes, drawn: pd.DataFrame) -> None:
    limits = (
        drawn[["lower_95", "upper_95"]].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    )
    places = np.arange(len(drawn))
    has_both = ~np.isnan(limits).any(axis=1)
    axes.hlines(
        places[has_both], limits[has_both, 0], limits[has_both, 1], colors=INK, lw=1.6, zorder=3
    )
    values = drawn["value"].to_numpy(dtype=float)
    verdicts = drawn["comparison"].to_numpy()
    looks = {
        verdict: {"marker": marker, "color": VERDICT_FILLS[verdict], "markeredgecolor": INK}
        for verdict, marker in VERDICT_MARKERS.items()
    }
    if not _is_compared(drawn):  # one plain mark for all: nothing is told apart
        looks = {NOT_COMPARED: {"marker": "o", "color": ROLE_STYLES["profile"].colour}}
    for verdict, look in looks.items():
        mask = verdicts == verdict
        axes.plot(values[mask], places[mask], linestyle="none", markersize=8, zorder=4, **look)


def _write_row(axes: Axes, place: int, row: Any, indicator: Indicator) -> None:
    name = clip_name(f"{row.rank}  {row.area_name}", 27)
    words = format_value(row.value, indicator.unit, indicator.decimals)
    for text, x, side, weight in ((name, -0.02, "right", "normal"), (words, 1.02, "left", "bold")):
        axes.text(
            x, place, text, transform=axes.get_yaxis_transform(), ha=side, va="center",
            fontsize=SMALL_FONT_SIZE_PT, fontweight=weight,
        )  # fmt: skip


def _add_key(figure: Canvas, drawn: pd.DataFrame, height: float) -> None:
    """Say what the marks mean, where areas are compared."""
    used = [verdict for verdict in VERDICT_MARKERS if (drawn["comparison"] == verdict).any()]
    figure.legend(
        [
            Line2D(
                [], [], marker=VERDICT_MARKERS[verdict], color=VERDICT_FILLS[verdict],
                markeredgecolor=INK, markersize=8, linestyle="none",
            )
            for verdict in used
        ],
        used,
        loc="upper left",
        bbox_to_anchor=(0.01, 1 - 0.02 / height),
        ncols=3,
        frameon=False,
        borderaxespad=0,
        borderpad=0,
        handletextpad=0.3,
        columnspacing=1.2,
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
