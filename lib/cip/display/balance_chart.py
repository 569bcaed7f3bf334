"""The balance of assets: how many of each kind, hard and soft, inside the area and just outside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import ScaledTranslation

from cip.catalogue.asset_types import load_asset_types, load_health_assets
from cip.display.blocks import FigureBlock
from cip.display.chart_parts import write_alt
from cip.display.palette import MUTED, PAPER, ROLE_STYLES
from cip.display.style import (
    FIGURE_WIDTH_IN,
    FONT_SIZE_PT,
    SMALL_FONT_SIZE_PT,
    house_style,
    new_figure,
    render_svg,
)
from cip.display.text import join_names

_LEFT_IN, _RIGHT_IN, _LEGEND_IN, _AXIS_IN = 0.14, 1.12, 0.32, 0.55
_HEAD_IN, _ROW_IN, _BAR_IN = 0.34, 0.5, 0.18
_KINDS = {
    "hard": "Hard assets: places and things",
    "soft": "Soft assets: people and what they do",
}
_COLUMNS = {"own": "In the area", "nearby": "Just outside"}


@dataclass(frozen=True)
class _Row:
    """One bar: its label, and how many assets are in the area and just outside."""

    label: str
    own: int
    nearby: int


def chart_balance(
    balance: pd.DataFrame, *, title: str, block_id: str, source_line: str, note: str = ""
) -> FigureBlock:
    """Draw how many assets are hard and soft, and of which kind of health asset.

    Parameters
    ----------
    balance
        The table ``asset_balance`` of `cip.schemas`: one row per type, those without an asset
        included. Assets of the area's own lists without a place count as in the area.
    title, block_id, source_line, note
        As for :class:`cip.display.blocks.FigureBlock`. Types that the area has none of are named
        after the note.

    Raises
    ------
    ValueError
        If there is no asset at all.
    """
    own = balance["inside"] + balance["unplaced"]
    counts = pd.DataFrame(
        {"own": own, "nearby": balance["nearby"], "kind": balance["kind"],
         "health_asset": balance["health_asset"]}
    )  # fmt: skip
    if not counts[["own", "nearby"]].to_numpy().sum():
        raise ValueError("a chart of the balance needs an asset")
    kinds = _count(counts, "kind", _KINDS)
    sorts = _count(counts, "health_asset", {k: v.label for k, v in load_health_assets().items()})
    table = pd.DataFrame(
        [(row.label, row.own, row.nearby) for row in (*kinds, *sorts)],
        columns=["label", *_COLUMNS],
    )
    return FigureBlock(
        block_id=block_id,
        title=title,
        svg=_draw([("Hard or soft", kinds), ("Kind of health asset", sorts)]),
        alt=write_alt(
            "Bar chart",
            "assets of the area by kind",
            [f"{row.label}: {row.own:,} in the area, {row.nearby:,} just outside"
             for row in (*kinds, *sorts)],
        ),
        source_line=source_line,
        table=table,
        note=" ".join(part for part in (note, _name_missing(balance, own)) if part),
        column_labels={"label": "Kind", **_COLUMNS},
    )  # fmt: skip


def _count(counts: pd.DataFrame, column: str, labels: dict[str, str]) -> list[_Row]:
    sums = counts.groupby(column)[["own", "nearby"]].sum().reindex(list(labels), fill_value=0)
    return [
        _Row(label, int(sums.at[name, "own"]), int(sums.at[name, "nearby"]))
        for name, label in labels.items()
    ]


def _name_missing(balance: pd.DataFrame, own: pd.Series) -> str:
    """Name the types that the area has none of, and which of them lie just outside."""
    types = load_asset_types()
    none = balance[own == 0]
    here = {bool(near): [] for near in (False, True)}
    for name, nearby in zip(none["asset_type"], none["nearby"], strict=True):
        here[bool(nearby > 0)].append(types[name].plural)
    parts = []
    if here[False]:
        parts.append(f"None is listed in the area or just outside: {join_names(here[False])}.")
    if here[True]:
        parts.append(f"Only just outside: {join_names(here[True])}.")
    return " ".join(parts)


def _draw(parts: Sequence[tuple[str, Sequence[_Row]]]) -> str:
    body_in = sum(_HEAD_IN + _ROW_IN * len(rows) for _, rows in parts)
    height = _LEGEND_IN + body_in + _AXIS_IN
    with house_style():
        figure = new_figure(height_in=height)
        width = (FIGURE_WIDTH_IN - _LEFT_IN - _RIGHT_IN) / FIGURE_WIDTH_IN
        axes = figure.add_axes(
            (_LEFT_IN / FIGURE_WIDTH_IN, _AXIS_IN / height, width, body_in / height)
        )
        axes.set_xlim(0, max(row.own + row.nearby for _, rows in parts for row in rows))
        axes.set_ylim(body_in, 0)
        top = 0.0
        for heading, rows in parts:
            axes.text(
                0, top + 0.24, heading, fontsize=SMALL_FONT_SIZE_PT, color=MUTED, va="baseline"
            )
            top += _HEAD_IN
            for row in rows:
                _draw_row(figure, axes, row, top)
                top += _ROW_IN
        _finish_axis(axes)
        _draw_legend(figure, height)
        return render_svg(figure)


def _draw_row(figure: Figure, axes: Axes, row: _Row, top: float) -> None:
    middle = top + 0.34
    style = ROLE_STYLES["profile"]
    axes.text(0, top + 0.17, row.label, va="baseline", fontsize=FONT_SIZE_PT)
    axes.barh(middle, row.own, _BAR_IN, color=style.colour, edgecolor=style.colour, zorder=2)
    axes.barh(
        middle, row.nearby, _BAR_IN, left=row.own, color=PAPER, edgecolor=style.colour,
        hatch="////", zorder=2,
    )  # fmt: skip
    shift = ScaledTranslation(0.08, 0, figure.dpi_scale_trans)
    axes.text(
        1, middle, f"{row.own:,} + {row.nearby:,}",
        transform=axes.get_yaxis_transform() + shift, va="center", fontsize=FONT_SIZE_PT,
        fontweight="bold",
    )  # fmt: skip


def _finish_axis(axes: Axes) -> None:
    axes.xaxis.set_major_locator(MaxNLocator(5, integer=True))
    axes.yaxis.set_visible(False)
    axes.set_xlabel("Assets (in the area + just outside)", loc="left", fontsize=SMALL_FONT_SIZE_PT)
    for side in ("top", "right", "bottom"):
        axes.spines[side].set_visible(False)
    axes.spines["left"].set_color(MUTED)
    axes.grid(axis="y", visible=False)


def _draw_legend(figure: Figure, height_in: float) -> None:
    colour = ROLE_STYLES["profile"].colour
    handles = [
        Patch(facecolor=colour, edgecolor=colour),
        Patch(facecolor=PAPER, edgecolor=colour, hatch="////"),
    ]
    figure.legend(
        handles, list(_COLUMNS.values()), loc="upper left",
        bbox_to_anchor=(_LEFT_IN / FIGURE_WIDTH_IN, 1 - 0.02 / height_in), ncols=2, frameon=False,
        borderaxespad=0, borderpad=0, handletextpad=0.5, columnspacing=1.5,
    )  # fmt: skip
