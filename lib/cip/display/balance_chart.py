"""The balance of assets: how many of each kind, hard and soft, inside the area and just outside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
from matplotlib.ticker import MaxNLocator

from cip.catalogue.asset_types import load_asset_types, load_health_assets
from cip.display.blocks import FigureBlock
from cip.display.chart_parts import write_alt
from cip.display.palette import MUTED, PAPER, ROLE_STYLES
from cip.display.picture import Picture
from cip.display.picture_parts import KEY_MARK_HEIGHT_IN, KEY_MARK_IN, draw_scale, write_key
from cip.display.style import FIGURE_WIDTH_IN, FONT_SIZE_PT
from cip.display.text import join_names

_LEFT_IN, _RIGHT_IN, _LEGEND_IN, _AXIS_IN = 0.14, 1.12, 0.32, 0.55
_HEAD_IN, _ROW_IN, _BAR_IN = 0.34, 0.5, 0.18
_END_IN = FIGURE_WIDTH_IN - _RIGHT_IN
_KINDS = {
    "hard": "Hard assets: places and things",
    "soft": "Soft assets: people and what they do",
}
_COLUMNS = {"own": "In the area", "nearby": "Just outside"}
_KEY_GAP_IN = 15 / 72
_COLOUR = ROLE_STYLES["profile"].colour
_OWN = {"fill": _COLOUR, "edge": _COLOUR}
_NEARBY = {"fill": PAPER, "edge": _COLOUR, "hatch": "////"}


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
    bottom = _LEGEND_IN + body_in
    picture = Picture(height_in=bottom + _AXIS_IN)
    most = max(row.own + row.nearby for _, rows in parts for row in rows)
    _draw_axis(picture, most, bottom)
    top = _LEGEND_IN
    for heading, rows in parts:
        picture.write(_LEFT_IN, top + 0.24, heading, colour=MUTED, level="baseline")
        top += _HEAD_IN
        for row in rows:
            _draw_row(picture, row, top, most)
            top += _ROW_IN
    _draw_legend(picture)
    return picture.to_svg()


def _place(count: float, most: int) -> float:
    """Return where a count lies, in inches from the left."""
    return _LEFT_IN + count / most * (_END_IN - _LEFT_IN)


def _draw_row(picture: Picture, row: _Row, top: float, most: int) -> None:
    middle = top + 0.34
    picture.write(_LEFT_IN, top + 0.17, row.label, size=FONT_SIZE_PT, level="baseline")
    start = 0
    for count, look in ((row.own, _OWN), (row.nearby, _NEARBY)):
        left, right = _place(start, most), _place(start + count, most)
        # The edge of a bar of nothing would be a stroke that looks like a little.
        if count:
            picture.draw_box(left, middle - _BAR_IN / 2, right - left, _BAR_IN, layer=2, **look)
        start += count
    words = f"{row.own:,} + {row.nearby:,}"
    picture.write(_END_IN + 0.08, middle, words, size=FONT_SIZE_PT, is_bold=True)


def _draw_axis(picture: Picture, most: int, bottom: float) -> None:
    ticks = [
        (_place(tick, most), f"{tick:.0f}")
        for tick in MaxNLocator(5, integer=True).tick_values(0, most)
        if 0 <= tick <= most
    ]
    draw_scale(
        picture, ticks, top=_LEGEND_IN, bottom=bottom,
        label="Assets (in the area + just outside)", at=_LEFT_IN,
    )  # fmt: skip
    picture.draw_line(
        [(_LEFT_IN, bottom), (_LEFT_IN, _LEGEND_IN)],
        colour=MUTED, width=0.8, cap="square", layer=2.5,
    )  # fmt: skip


def _draw_legend(picture: Picture) -> None:
    places = write_key(picture, list(_COLUMNS.values()), left=_LEFT_IN, gap=_KEY_GAP_IN)
    for (x, y), look in zip(places, (_OWN, _NEARBY), strict=True):
        left, top = x - KEY_MARK_IN / 2, y - KEY_MARK_HEIGHT_IN / 2
        picture.draw_box(left, top, KEY_MARK_IN, KEY_MARK_HEIGHT_IN, **look)
