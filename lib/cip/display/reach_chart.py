"""Reach: the share of residents within a walk of each type of asset, and where the others live."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from cip.catalogue.asset_types import load_asset_types
from cip.display.blocks import FigureBlock, MapBlock
from cip.display.chart_parts import write_alt
from cip.display.maps import map_choropleth
from cip.display.palette import MUTED, PAPER, ROLE_STYLES
from cip.display.picture import Picture
from cip.display.picture_parts import draw_scale
from cip.display.style import FIGURE_WIDTH_IN, FONT_SIZE_PT
from cip.display.text import join_names

_COLUMN_IN, _LEFT_IN, _HEAD_IN, _AXIS_IN, _ROW_IN = 0.66, 0.14, 0.5, 0.55, 0.52
#: Nearest distance first: shape and size tell the distances apart, not colour alone.
_MARKS = (("o", 8.5, True), ("s", 7.5, False), ("D", 7.0, True), ("^", 8.5, False))
_LABEL_CHARACTERS = 36
#: Upper ends of the classes of people beyond reach, in per cent: none, up to a quarter, and so on.
_GAP_CLASSES = (0.0, 25.0, 50.0, 75.0, 100.0)


@dataclass(frozen=True)
class _Row:
    """One type: its label and the share of residents (0 to 100) within each distance."""

    label: str
    shares: Sequence[float]


def chart_reach(
    reach: pd.DataFrame,
    *,
    title: str,
    block_id: str,
    source_line: str,
    note: str = "",
) -> FigureBlock:
    """Draw how many residents live within each distance of the nearest asset of each type.

    Parameters
    ----------
    reach
        The table ``reach`` of `cip.schemas`, of one unit: one row per type x distance or time,
        ``share`` from 0 to 1. Types without an asset are not drawn but named in the note.
    title, block_id, source_line, note
        As for :class:`cip.display.blocks.FigureBlock`; ``note`` says how distance was measured.

    Raises
    ------
    ValueError
        If the rows are of several units, there are more than four distances, or there is nothing
        to draw.
    """
    held = reach[(reach["assets"] > 0) & reach["share"].notna()]
    if len(set(held["unit"])) != 1:
        raise ValueError("a chart of reach needs rows of one unit, with an asset")
    types = load_asset_types()
    wide = held.pivot(index="asset_type", columns="within", values="share") * 100
    if wide.shape[1] > len(_MARKS):
        raise ValueError(f"a chart of reach holds {len(_MARKS)} distances at most")
    # Least reached first: that is what a reader is to see. Ties stay in the catalogue's order.
    order = [name for name in types if name in wide.index]
    wide = wide.loc[order].sort_values(list(wide.columns)[::-1], kind="stable")
    unit = {"metres": "m", "minutes": "min"}.get(held["unit"].iloc[0], held["unit"].iloc[0])
    heads = [f"{within:,.0f} {unit}" for within in wide.columns]
    rows = [_Row(types[name].label, wide.loc[name].tolist()) for name in wide.index]
    counts = held.drop_duplicates("asset_type").set_index("asset_type")["assets"]
    table = wide.set_axis(heads, axis=1).reset_index(drop=True)
    table.insert(0, "assets", counts.reindex(wide.index).to_list())
    table.insert(0, "type", [row.label for row in rows])
    return FigureBlock(
        block_id=block_id,
        title=title,
        svg=_draw(rows, heads),
        alt=write_alt(
            "Dot chart",
            f"share of residents within {join_names(heads)} of each type, least reached first",
            [f"{row.label}: {join_names([_word_share(s) for s in row.shares])}" for row in rows],
        ),
        source_line=source_line,
        table=table,
        note=" ".join(part for part in (note, _name_missing(reach)) if part),
        column_labels={
            "type": "Type of asset",
            "assets": "Assets counted",
            **{head: f"Residents within {head} (%)" for head in heads},
        },
        formats=dict.fromkeys(heads, "{:.0f}"),
    )


def _name_missing(reach: pd.DataFrame) -> str:
    types = load_asset_types()
    none = set(reach.loc[reach["assets"] == 0, "asset_type"])
    names = [entry.plural for name, entry in types.items() if name in none]
    return f"Not drawn, because none is listed: {join_names(names)}." if names else ""


def _word_share(share: float) -> str:
    """Return a share in whole per cent; never all or nothing where it is not."""
    if 0 < share < 0.5:
        return "under 1%"
    return "over 99%" if 99.5 <= share < 100 else f"{share:.0f}%"


def _short_share(share: float) -> str:
    if math.isnan(share):
        return "[x]"
    if 0 < share < 0.5:
        return "<1%"
    return ">99%" if 99.5 <= share < 100 else f"{share:.0f}%"


def _draw(rows: Sequence[_Row], heads: Sequence[str]) -> str:
    right = FIGURE_WIDTH_IN - _COLUMN_IN * len(heads) - 0.1
    bottom = _HEAD_IN + _ROW_IN * len(rows)
    picture = Picture(height_in=bottom + _AXIS_IN)
    _draw_axis(picture, right, bottom)
    _draw_heads(picture, heads, right)
    for i, row in enumerate(rows):
        _draw_row(picture, row, _HEAD_IN + i * _ROW_IN, right)
    return picture.to_svg()


def _place(share: float, right: float) -> float:
    """Return where a share (0 to 100) lies, in inches from the left."""
    return _LEFT_IN + share / 100 * (right - _LEFT_IN)


def _draw_row(picture: Picture, row: _Row, top: float, right: float) -> None:
    middle = top + 0.36
    label = textwrap.shorten(row.label, _LABEL_CHARACTERS, placeholder="…")
    label = label[:1].upper() + label[1:]
    picture.write(_LEFT_IN, top + 0.17, label, size=FONT_SIZE_PT, level="baseline")
    held = [share for share in row.shares if not math.isnan(share)]
    ends = [(_place(share, right), middle) for share in (min(held), max(held))]
    picture.draw_line(ends, colour=MUTED, width=2, cap="round", layer=2)
    for place, share in enumerate(row.shares):
        if not math.isnan(share):
            _draw_mark(picture, place, _place(share, right), middle)
        picture.write(
            _end_column(place, right), middle, _short_share(share), size=FONT_SIZE_PT,
            is_bold=True, side="right",
        )  # fmt: skip


def _draw_mark(picture: Picture, place: int, x: float, y: float) -> None:
    marker, size, is_full = _MARKS[place]
    colour = ROLE_STYLES["profile"].colour
    # The nearest distance on top: where several are alike, the shortest walk is what counts.
    picture.draw_marks(
        [(x, y)], marker, colour=colour if is_full else PAPER, size=size, edge=colour, line=1.8,
        layer=6 - place,
    )  # fmt: skip


def _end_column(place: int, right: float) -> float:
    """Return the right edge of a column of numbers beside the chart."""
    return right + _COLUMN_IN * (place + 1) + 0.04


def _draw_heads(picture: Picture, heads: Sequence[str], right: float) -> None:
    for place, head in enumerate(heads):
        edge = _end_column(place, right)
        picture.write(edge, _HEAD_IN - 0.08, head, side="right", level="baseline")
        _draw_mark(picture, place, edge - 0.14, _HEAD_IN - 0.33)


def _draw_axis(picture: Picture, right: float, bottom: float) -> None:
    ticks = [(_place(share, right), f"{share}%") for share in (0, 25, 50, 75, 100)]
    draw_scale(picture, ticks, top=_HEAD_IN, bottom=bottom, label="Share of residents", at=_LEFT_IN)
    picture.draw_line(
        [(_LEFT_IN, bottom), (_LEFT_IN, _HEAD_IN)],
        colour=MUTED, width=0.8, cap="square", layer=2.5,
    )  # fmt: skip


def map_reach_gap(
    places: pd.DataFrame,
    shapes: gpd.GeoDataFrame,
    context: gpd.GeoDataFrame | None,
    *,
    type_label: str,
    within_m: float,
    block_id: str,
    source_line: str,
    title: str = "",
    note: str = "",
) -> MapBlock:
    """Map where people live beyond reach of one type of asset, with how many they are.

    Parameters
    ----------
    places
        Rows of the table ``reach_places`` of one type: one row per LSOA.
    shapes
        One row per LSOA: ``area_code, area_name`` and its shape.
    context
        Backdrop, as for :func:`cip.display.maps.map_area`.
    type_label
        What the type is called, in the singular.
    within_m
        Metres beyond which people count as not reached.
    block_id, source_line, note
        As for :class:`cip.display.blocks.MapBlock`.
    title
        Finding in words; how many people of how many, when left out.

    Raises
    ------
    ValueError
        If the rows are of several types, or no LSOA has both people and a shape.
    """
    if len(set(places["asset_type"])) != 1:
        raise ValueError("a map of gaps shows one type of asset")
    columns = ["lsoa21_code", "nearest_m", "population", "population_beyond"]
    areas = shapes[["area_code", "area_name", "geometry"]].merge(
        places[columns], left_on="area_code", right_on="lsoa21_code", validate="one_to_one"
    )
    areas["share_beyond"] = areas["population_beyond"] / areas["population"] * 100
    beyond, people = places["population_beyond"].sum(), places["population"].sum()
    distance = f"{within_m:,.0f} m"
    heading = title or (
        f"{beyond:,.0f} of {people:,.0f} residents live more than {distance} "
        f"from the nearest {type_label}"
    )
    return map_choropleth(
        areas,
        "share_beyond",
        title=heading,
        block_id=block_id,
        source_line=source_line,
        value_label=f"Share of residents beyond {distance} (%)",
        classes=_GAP_CLASSES,
        value_format="{:.0f}",
        context=context,
        note=note,
        more={
            "population_beyond": ("Residents beyond", "{:,.0f}"),
            "population": ("Residents", "{:,.0f}"),
            "nearest_m": ("Metres to the nearest, for the middle resident", "{:,.0f}"),
        },
    )
