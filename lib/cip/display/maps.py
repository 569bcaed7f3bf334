"""Maps of the profile area and of a value across small areas, each interactive and drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import geopandas as gpd
import pandas as pd

from cip.display.blocks import MapBlock
from cip.display.cells import format_cell, is_missing, is_number
from cip.display.map_classes import Classes, classify
from cip.display.map_drawing import draw_map
from cip.display.map_frame import MapShape, write_frame
from cip.display.palette import AREA_FILL, PART_FILL
from cip.geography import CRS_MAP

#: With more areas the letters and numbers on the map run into each other.
_MOST_LABELS = 90
_CONTEXT_TOLERANCE_DEGREES = 0.00005


def map_area(
    areas: gpd.GeoDataFrame,
    context: gpd.GeoDataFrame | None = None,
    *,
    title: str,
    block_id: str,
    source_line: str,
    note: str = "",
) -> MapBlock:
    """Map the small areas of the profile, numbered, on a backdrop of what lies around.

    Parameters
    ----------
    areas
        One row per small area of the profile: ``area_code, area_name``, geometry, and
        optionally ``share`` (0 to 1, the part of its people who belong to the profile) and
        ``population``.
    context
        Backdrop, one row per outline, with a column ``layer`` of ``neighbour``, ``ward``,
        ``district`` or ``outline``. May include the areas themselves.
    title, block_id, source_line, note
        As for :class:`cip.display.blocks.MapBlock`.

    Raises
    ------
    ValueError
        If there are no areas, or a layer is not known.
    """
    areas = _prepare(areas)
    table = _number(areas)
    shares = areas["share"] if "share" in areas else pd.Series(1.0, index=areas.index)
    labels = {"number": "Number on map", "area_name": "Small area", "area_code": "Code"}
    formats = {"number": "{:d}"}
    if "share" in areas:
        table["share"] = [None if is_missing(s) else float(s) * 100 for s in shares]
        labels["share"], formats["share"] = "Share of its people in the area (%)", "{:,.0f}"
    if "population" in areas:
        table["population"] = areas["population"].to_numpy()
        labels["population"], formats["population"] = "Residents", "{:,.0f}"
    fills = [PART_FILL if s < 1 else AREA_FILL for s in shares]
    shapes = _make_shapes(table, fills, _number_labels(table), labels, formats)
    key = [(AREA_FILL, "In the profile area")] if AREA_FILL in fills else []
    if PART_FILL in fills:
        key.append((PART_FILL, "Partly in the area"))
    alt = f"Map: {title}. {_count_words(len(table))}: {_list_names(table['area_name'])}."
    return _make_block(
        areas, shapes, context, key,
        title=title, block_id=block_id, source_line=source_line, note=note, alt=alt,
        table=table, labels=labels, formats=formats,
    )  # fmt: skip


def map_choropleth(
    areas: gpd.GeoDataFrame,
    column: str,
    *,
    title: str,
    block_id: str,
    source_line: str,
    value_label: str,
    classes: Classes = "quantiles",
    class_count: int = 5,
    value_format: str = "{:,.1f}",
    context: gpd.GeoDataFrame | None = None,
    note: str = "",
    withheld: str = "",
    more: Mapping[str, tuple[str, str]] | None = None,
) -> MapBlock:
    """Map one value per area in classes; each area carries its class as a printed mark.

    Parameters
    ----------
    areas
        One row per area: ``area_code, area_name``, the value column, geometry.
    column
        The value; areas without one are hatched and marked ``[x]``.
    title, block_id, source_line, note, context
        As for :func:`map_area`.
    value_label
        What the value is, with its unit, for key, tooltip and table.
    classes
        ``"deciles"`` for whole numbers 1 (most deprived) to 10; ``"quantiles"`` or
        ``"natural_breaks"`` computed by mapclassify; or the upper limits of the classes,
        lowest first (the last must reach the highest value).
    class_count
        How many classes to compute.
    value_format
        ``str.format`` pattern for values.
    withheld
        Column that says where a value is kept back to protect people; those are marked ``[c]``.
    more
        Further columns for table and tooltip: name to heading and ``str.format`` pattern.

    Raises
    ------
    ValueError
        If there are no areas or no values, if a decile is not 1 to 10, or if declared limits
        do not hold every value.
    """
    areas = _prepare(areas)
    values = pd.to_numeric(areas[column], errors="raise").astype("Float64")
    hidden = areas[withheld] if withheld else None
    if hidden is not None:
        values = values.mask(hidden.fillna(False).astype(bool))
    marks, fills, key = classify(values, classes, class_count, value_format, hidden)
    table = _number(areas)
    table["value"] = [
        (mark if mark == "[c]" else None) if is_missing(v) else float(v)
        for v, mark in zip(values, marks, strict=True)
    ]
    table["class"] = marks
    labels = {
        "number": "Number",
        "area_name": "Small area",
        "area_code": "Code",
        "value": value_label,
        "class": "Mark on map",
    }
    formats = {"number": "{:d}", "value": value_format}
    for name, (heading, pattern) in (more or {}).items():
        table[name] = _blank_withheld(areas[name], marks)
        labels[name], formats[name] = heading, pattern
    if classes == "deciles":
        table = table.drop(columns="class")
        formats["value"] = "{:d}"
    map_labels = marks if len(marks) <= _MOST_LABELS else [""] * len(marks)
    shapes = _make_shapes(table, fills, map_labels, labels, formats)
    return _make_block(
        areas, shapes, context, key,
        title=title, block_id=block_id, source_line=source_line, note=note,
        alt=_write_choropleth_alt(title, table, marks, key, value_label, formats["value"]),
        table=table, labels=labels, formats=formats,
    )  # fmt: skip


def _blank_withheld(column: pd.Series, marks: Sequence[str]) -> list[object]:
    """A value that is kept back is kept back in every column from which it could be worked out."""
    return [
        "[c]" if mark == "[c]" else (None if is_missing(cell) else cell)
        for cell, mark in zip(column, marks, strict=True)
    ]


def _prepare(areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    if areas.empty:
        raise ValueError("a map needs at least one area")
    return areas.to_crs(CRS_MAP).sort_values("area_code").reset_index(drop=True)


def _number(areas: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return one row per area: its number on the map, name and code."""
    names = [
        code if is_missing(name) else str(name)
        for name, code in zip(areas["area_name"], areas["area_code"], strict=True)
    ]
    return pd.DataFrame(
        {
            "number": range(1, len(areas) + 1),
            "area_name": names,
            "area_code": areas["area_code"].astype(str).to_numpy(),
        }
    )


def _number_labels(table: pd.DataFrame) -> list[str]:
    return [str(n) if len(table) <= _MOST_LABELS else "" for n in table["number"]]


def _make_shapes(
    table: pd.DataFrame,
    fills: Sequence[str],
    map_labels: Sequence[str],
    labels: Mapping[str, str],
    formats: Mapping[str, str],
) -> list[MapShape]:
    shapes = []
    for i, row in enumerate(table.to_dict("records")):
        facts = {
            labels[name]: format_cell(row[name], formats.get(name))
            for name in table.columns
            if name != "number"
        }
        shapes.append(MapShape(str(row["area_name"]), fills[i], map_labels[i], facts))
    return shapes


def _write_choropleth_alt(
    title: str,
    table: pd.DataFrame,
    marks: Sequence[str],
    key: Sequence[tuple[str, str]],
    value_label: str,
    value_format: str,
) -> str:
    held = table[[is_number(value) for value in table["value"]]]
    held = held.sort_values("value", kind="stable")
    low, high = held.iloc[0], held.iloc[-1]
    missing = len(table) - len(held)
    ends = [f"{format_cell(e['value'], value_format)} in {e['area_name']}" for e in (low, high)]
    # A title that gives the range already is not said twice.
    range_words = "" if all(end in title for end in ends) else f", from {ends[0]} to {ends[1]}"
    counts = [
        f"{words} ({marks.count(mark)})"
        for _, words in key
        if (mark := words.removeprefix("Decile ").split()[0].rstrip(":")) in marks
    ]
    return (
        f"Map: {title}. {value_label} in {_count_words(len(table)).lower()}{range_words}. "
        f"Small areas by class: {'; '.join(counts)}."
        + (f" Not available for {missing}." if missing else "")
    )


def _count_words(count: int) -> str:
    return "One small area" if count == 1 else f"{count:,} small areas"


def _list_names(names: Sequence[str]) -> str:
    named = list(names)[:12]
    more = len(names) - len(named)
    return ", ".join(named) + (f" and {more} more, listed after the map" if more else "")


def _make_block(
    areas: gpd.GeoDataFrame,
    shapes: Sequence[MapShape],
    context: gpd.GeoDataFrame | None,
    key: Sequence[tuple[str, str]],
    *,
    title: str,
    block_id: str,
    source_line: str,
    note: str,
    alt: str,
    table: pd.DataFrame,
    labels: Mapping[str, str],
    formats: Mapping[str, str],
) -> MapBlock:
    backdrop = simplify_context(context)
    return MapBlock(
        block_id=block_id,
        title=title,
        svg=draw_map(areas, shapes, backdrop, key=key),
        frame_html=write_frame(areas, shapes, backdrop, title=title, key=key),
        alt=alt,
        source_line=source_line,
        table=table,
        note=note,
        column_labels=labels,
        formats=formats,
    )


def simplify_context(context: gpd.GeoDataFrame | None) -> gpd.GeoDataFrame | None:
    """Return a backdrop in degrees and as fine as a map shows it; None where it has no rows.

    Raises
    ------
    ValueError
        If it has a layer that no map knows.
    """
    if context is None or context.empty:
        return None
    known = {"neighbour", "ward", "district", "outline"}
    unknown = sorted(set(context["layer"]) - known)
    if unknown:
        raise ValueError(f"unknown backdrop layer: {', '.join(map(str, unknown))}")
    context = context.to_crs(CRS_MAP)
    return context.set_geometry(context.geometry.simplify(_CONTEXT_TOLERANCE_DEGREES))
