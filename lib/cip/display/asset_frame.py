"""The interactive map of assets: search, layers, map and list in one page for an iframe.

The page needs no network. What assets say of themselves comes as data and is set as text. Their
web addresses are written out and are no links: the frame may run scripts and nothing else, so
that an address from outside cannot open a window from within the report.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

import folium
import geopandas as gpd
import pandas as pd

from cip.display.asset_items import FACTS, PLACES, STATES
from cip.display.asset_marks import WALK, WALK_LABEL, load_mark_styles, write_mark
from cip.display.asset_streets import pack_streets
from cip.display.cells import is_number
from cip.display.map_frame import add_context, round_shapes
from cip.display.map_page import find_bounds, start_map, write_heading, write_page
from cip.display.markup import escape
from cip.display.palette import INK, PART_FILL, RULE, WARNING, css_variables

KIND_LABELS: dict[str, str] = {
    "hard": "Hard assets: places and things (one outline)",
    "soft": "Soft assets: people and what they do (two outlines)",
}
_LINES = {
    "": "The area",
    "ward": "Ward boundary",
    "district": "District boundary",
    "outline": "Outline as drawn",
    "streets": "Streets and paths",
}
_HATCH = (
    '<svg width="0" height="0" aria-hidden="true" style="position:absolute"><defs>'
    '<pattern id="am-gaps" width="8" height="8" patternUnits="userSpaceOnUse" '
    f'patternTransform="rotate(45)"><path d="M0 0V8" stroke="{WARNING}" stroke-width="2"/>'
    "</pattern></defs></svg>"
)


def write_asset_frame(
    items: pd.DataFrame,
    boundary: gpd.GeoDataFrame,
    context: gpd.GeoDataFrame | None,
    *,
    title: str,
    gaps: gpd.GeoDataFrame | None = None,
    streets: gpd.GeoDataFrame | None = None,
) -> str:
    """Return the page of an interactive map of assets.

    Parameters
    ----------
    items
        From `cip.display.asset_items.list_items`.
    boundary
        Outline of the area, longitude and latitude (EPSG:4326).
    context
        Backdrop, one row per outline with a ``layer`` column.
    title
        Accessible name of the map.
    gaps
        One row per small area, longitude and latitude: ``area_name``, its shape and a column for
        each type of asset, headed with words, that holds how many people live beyond reach of it.
    streets
        Streets and paths, in metres: ``kind``, ``name`` and a line each.
    """
    bounds = find_bounds(boundary)
    folium_map = start_map(bounds, zoom_animation=False, fade_animation=False, max_zoom=19)
    add_context(folium_map, context, ("neighbour",))
    shapes = [
        {"type": "Feature", "properties": {}, "geometry": shape.__geo_interface__}
        for shape in round_shapes(boundary)
    ]
    look = {"fillColor": PART_FILL, "fillOpacity": 1, "color": INK, "weight": 4}
    folium.GeoJson(
        {"type": "FeatureCollection", "features": shapes},
        style_function=lambda _: look,
        interactive=False,
    ).add_to(folium_map)
    add_context(folium_map, context, ("ward", "district", "outline"))
    data = {"title": title, "bounds": bounds, "ink": INK, **_pack(items)}
    if gaps is not None:
        data["gaps"] = _pack_gaps(gaps)
    layers = set() if context is None else set(context["layer"])
    if streets is not None:
        data["streets"] = {**pack_streets(streets, boundary), "colour": RULE}
        layers.add("streets")
    return write_page(
        folium_map,
        title=title,
        write_body=lambda drawn: _write_body(drawn, items, title, layers, gaps),
        script=f"{_read('asset_cluster.js')}\n{_read('asset_frame.js').strip()}"
        f"({folium_map.get_name()}, JSON.parse(document.getElementById('cip-data').textContent));",
        style=css_variables() + f":root{{--am-fill:{PART_FILL}}}" + _read("asset_frame.css"),
        data=data,
    )


@cache
def _read(name: str) -> str:
    return resources.files("cip.display").joinpath(name).read_text("utf-8")


def _pack(items: pd.DataFrame) -> dict[str, Any]:
    """Return the items as columns; each text stands once, however many items say it."""
    coded = {"name": "name", "type": "type_id", "label": "type_label", "style": "style"}
    coded |= {"kind": "kind", "place": "place", "state": "state"}
    places = items[["lat", "lng"]].astype(object).where(items[["lat", "lng"]].notna(), None)
    is_walk = items["kind"] == WALK
    return {
        "numbers": items["mark"].where(is_walk, items["number"].astype(str)).tolist(),
        "lat": places["lat"].tolist(),
        "lng": places["lng"].tolist(),
        **{name: _code(items[column]) for name, column in coded.items()},
        "styles": {name: style.label for name, style in load_mark_styles().items()},
        "facts": [
            {"label": name, "search": search, **_code(items[name])}
            for name, search in FACTS.items()
            if (items[name] != "").any()
        ],
    }


def _code(column: pd.Series) -> dict[str, list[Any]]:
    codes, values = pd.factorize(column)
    return {"values": values.tolist(), "codes": codes.tolist()}


def _pack_gaps(gaps: gpd.GeoDataFrame) -> list[dict[str, Any]]:
    names = [name for name in gaps.columns if name not in ("area_code", "area_name", "geometry")]
    points = gaps.geometry.representative_point()
    return [
        {
            "geometry": shape.__geo_interface__,
            "at": [round(point.y, 5), round(point.x, 5)],
            "beyond": {
                name: int(row[name]) for name in names if is_number(row[name]) and row[name] > 0
            },
        }
        for shape, point, row in zip(
            round_shapes(gaps), points, gaps.to_dict("records"), strict=True
        )
    ]


def _write_body(
    drawn: str,
    items: pd.DataFrame,
    title: str,
    layers: set[str],
    gaps: gpd.GeoDataFrame | None,
) -> str:
    return (
        f"{_HATCH}{_write_templates(items)}<main>{write_heading(title)}{_write_form(items)}"
        f'<div class="am-both">{drawn}<section id="am-side" aria-label="List beside the map">'
        '<p id="am-status" role="status" aria-live="polite"></p>'
        '<ul id="am-list" aria-label="What is shown. Arrow keys move, Enter opens the facts."></ul>'
        f"</section></div>{_write_layers(items, layers, gaps)}</main>"
    )


def _write_templates(items: pd.DataFrame) -> str:
    styles = load_mark_styles()
    pairs = items[["style", "kind"]].drop_duplicates().itertuples(index=False)
    return "".join(
        f'<template id="am-mark-{escape(style)}-{escape(kind)}">'
        f"{write_mark(styles[style], is_soft=kind == 'soft')}</template>"
        for style, kind in pairs
    )


def _write_form(items: pd.DataFrame) -> str:
    return (
        '<form id="am-form" role="search" aria-label="Search and filter">'
        '<label for="am-search">Search<input id="am-search" type="search" autocomplete="off" '
        'placeholder="Name, type or purpose"></label>'
        + _write_select("am-place", "Where", PLACES, items["place"])
        + _write_select("am-state", "How sure it is still there", STATES, items["state"])
        + '<button type="button" id="am-all">Show everything</button></form>'
    )


def _write_select(name: str, label: str, words: Mapping[str, str], column: pd.Series) -> str:
    counts = column.value_counts()
    options = "".join(
        f'<option value="{value}">{escape(text)} ({counts[value]:,})</option>'
        for value, text in words.items()
        if value in counts
    )
    return (
        f'<label for="{name}">{label}<select id="{name}"><option value="">All</option>'
        f"{options}</select></label>"
    )


def _write_layers(items: pd.DataFrame, layers: set[str], gaps: gpd.GeoDataFrame | None) -> str:
    groups = [name for name in (*load_mark_styles(), WALK) if (items["layer"] == name).any()]
    kinds = "".join(
        f'<li><label><input type="checkbox" checked data-kind="{kind}">{words} '
        f"({(items['kind'] == kind).sum():,})</label></li>"
        for kind, words in KIND_LABELS.items()
        if (items["kind"] == kind).any()
    )
    lines = "".join(
        f'<li><span class="am-line am-{name or "own"}"></span>{words}</li>'
        for name, words in _LINES.items()
        if not name or name in layers
    )
    heap = '<li><b aria-hidden="true">\N{LARGE CIRCLE}</b>A number in a ring: so many close together</li>'
    return (
        '<details id="am-layers" open><summary>Key and layers</summary>'
        "<fieldset><legend>Untick what is not to be shown on the map and in the list.</legend>"
        f'<ul class="am-groups">{kinds}</ul>'
        f'<ul class="am-groups">{"".join(_write_group(items, name) for name in groups)}</ul>'
        f'</fieldset>{_write_gap_select(gaps)}<ul class="am-key" aria-label="Lines and rings">'
        f"{lines}{heap}</ul></details>"
    )


def _write_group(items: pd.DataFrame, name: str) -> str:
    own = items[items["layer"] == name]
    label = WALK_LABEL if name == WALK else load_mark_styles()[name].label
    style = load_mark_styles()[own["style"].iloc[0]]
    is_soft = bool((own["kind"] == "soft").all())
    types = own[["type_id", "type_label"]].drop_duplicates().sort_values("type_label")
    counts = own["type_id"].value_counts()
    boxes = "".join(
        f'<li><label><input type="checkbox" checked data-type="{escape(row.type_id)}" '
        f'data-of="{name}">{escape(row.type_label)} ({counts[row.type_id]:,})</label></li>'
        for row in types.itertuples()
    )
    return (
        f'<li><label><input type="checkbox" checked data-group="{name}">'
        f"{write_mark(style, is_soft=is_soft, size_px=26)}{escape(label)} ({len(own):,})</label>"
        f'<details><summary>Types<span class="am-hidden"> of {escape(label)}</span></summary>'
        f"<ul>{boxes}</ul></details></li>"
    )


def _write_gap_select(gaps: gpd.GeoDataFrame | None) -> str:
    if gaps is None:
        return ""
    names = [name for name in gaps.columns if name not in ("area_code", "area_name", "geometry")]
    options = "".join(f"<option>{escape(name)}</option>" for name in names)
    return (
        '<label for="am-gap">Hatch where people live beyond reach of, with how many: '
        f'<select id="am-gap"><option value="">none</option>{options}</select></label>'
    )
