"""The interactive map of areas: one page for an iframe that works without a network."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import folium
import geopandas as gpd

from cip.display.map_page import find_bounds, start_map, to_script, write_heading, write_page
from cip.display.palette import (
    BACKDROP,
    INK,
    MUTED,
    NO_DATA,
    RULE,
    WARNING,
)

#: Five decimal places of a degree are about one metre.
_COORDINATE_DECIMALS = 5

#: The hatching of areas without a figure: drawn by the page itself, told from the lightest fill.
_HATCH_NAME = "cip-hatch"
_HATCH = (
    '<svg width="0" height="0" aria-hidden="true" style="position:absolute"><defs>'
    f'<pattern id="{_HATCH_NAME}" width="7" height="7" patternUnits="userSpaceOnUse" '
    f'patternTransform="rotate(45)"><rect width="7" height="7" fill="{NO_DATA}"/>'
    f'<path d="M0 0V7" stroke="{MUTED}" stroke-width="2.4"/></pattern></defs></svg>'
)

# Paths get a place in the tab order and a name, so the map can be read without a mouse.
_SCRIPT = """
(function(map, layer, options){
  var box = map.getContainer();
  box.setAttribute('role', 'region');
  box.setAttribute('aria-label', options.title);
  map.attributionControl.remove();
  layer.eachLayer(function(shape){
    var path = shape.getElement();
    if(!path){return;}
    path.setAttribute('tabindex', '0');
    path.setAttribute('role', 'img');
    path.setAttribute('aria-label', shape.feature.properties.cip_words);
  });
  options.labels.forEach(function(label){
    var icon = L.divIcon({html: label.html, className: 'cip-number',
      iconSize: [26, 18], iconAnchor: [13, 9]});
    L.marker(label.at, {icon: icon, interactive: false, keyboard: false}).addTo(map);
  });
  L.control.scale({imperial: false}).addTo(map);
  cipFit(map, options.bounds);
})
"""


@dataclass(frozen=True)
class MapShape:
    """One area on a map: what it is called, how it is filled and what its tooltip says."""

    name: str
    fill: str
    label: str
    facts: Mapping[str, str]


def write_frame(
    areas: gpd.GeoDataFrame,
    shapes: Sequence[MapShape],
    context: gpd.GeoDataFrame | None,
    *,
    title: str,
    key: Sequence[tuple[str, str]] = (),
) -> str:
    """Return the page of an interactive map.

    Parameters
    ----------
    areas
        One row per area, longitude and latitude (EPSG:4326).
    shapes
        One item per row of ``areas``, in the same order.
    context
        Backdrop, one row per outline with a ``layer`` column (neighbour, ward, district).
    title
        Accessible name of the map.
    key
        Legend: colour and words.
    """
    bounds = find_bounds(areas)
    folium_map = start_map(bounds)
    layer = _make_layer(areas, shapes)
    add_context(folium_map, context, ("neighbour",))
    layer.add_to(folium_map)
    # Lines stay visible on the areas.
    add_context(folium_map, context, ("ward", "district", "outline"))
    options = {"title": title, "bounds": bounds, "labels": _list_labels(areas, shapes)}
    call = f"{folium_map.get_name()}, {layer.get_name()}, {to_script(options)}"
    return write_page(
        folium_map,
        title=title,
        write_body=lambda drawn: (
            f"{_HATCH}<main>{write_heading(title)}{drawn}{_write_key(key)}</main>"
        ),
        script=f"{_SCRIPT.strip()}({call});",
    )


def round_shapes(frame: gpd.GeoDataFrame) -> gpd.GeoSeries:
    """Return the shapes with coordinates as fine as a reader can see."""
    return frame.geometry.set_precision(10**-_COORDINATE_DECIMALS, mode="pointwise")


def _make_layer(areas: gpd.GeoDataFrame, shapes: Sequence[MapShape]) -> folium.GeoJson:
    features = []
    for i, (geometry, shape) in enumerate(zip(round_shapes(areas), shapes, strict=True)):
        words = "; ".join(f"{k}: {v}" for k, v in shape.facts.items())
        # The tooltip writes its cells as HTML, so they are escaped here. The spoken name is
        # set as an attribute by script and must stay plain.
        cells = {f"f{j}": html.escape(v) for j, v in enumerate(shape.facts.values())}
        properties = {"cip_fill": shape.fill, "cip_words": words or shape.name, **cells}
        features.append(
            {
                "type": "Feature",
                "id": str(i),
                "geometry": geometry.__geo_interface__,
                "properties": properties,
            }
        )
    names = [html.escape(name) for name in shapes[0].facts] if shapes else []
    return folium.GeoJson(
        {"type": "FeatureCollection", "features": features},
        style_function=lambda feature: {
            "fillColor": _write_fill(feature["properties"]["cip_fill"]),
            "fillOpacity": 1,
            "color": INK,
            "weight": 1.5,
        },
        highlight_function=lambda feature: {"weight": 4},
        tooltip=folium.GeoJsonTooltip([f"f{j}" for j in range(len(names))], aliases=names),
    )


def _write_fill(fill: str) -> str:
    return f"url(#{_HATCH_NAME})" if fill == NO_DATA else fill


def add_context(
    folium_map: folium.Map, context: gpd.GeoDataFrame | None, layers: Sequence[str]
) -> None:
    """Draw the named layers of a backdrop; nothing where there is none."""
    if context is None:
        return
    looks = {
        "neighbour": {"fillColor": BACKDROP, "fillOpacity": 0.6, "color": RULE, "weight": 1},
        "ward": {"fill": False, "color": MUTED, "weight": 1.5, "dashArray": "5 4"},
        "district": {"fill": False, "color": INK, "weight": 3},
        "outline": {"fill": False, "color": WARNING, "weight": 3, "dashArray": "1 5"},
    }
    for name in layers:
        part, look = context[context["layer"] == name], looks[name]
        if part.empty:
            continue
        shapes = [
            {"type": "Feature", "properties": {}, "geometry": g.__geo_interface__}
            for g in round_shapes(part)
        ]
        folium.GeoJson(
            {"type": "FeatureCollection", "features": shapes},
            style_function=lambda _, look=look: look,
            interactive=False,
        ).add_to(folium_map)


def _list_labels(areas: gpd.GeoDataFrame, shapes: Sequence[MapShape]) -> list[dict[str, object]]:
    points = areas.geometry.representative_point()
    return [
        {
            "at": [round(point.y, _COORDINATE_DECIMALS), round(point.x, _COORDINATE_DECIMALS)],
            "html": html.escape(shape.label),
        }
        for point, shape in zip(points, shapes, strict=True)
        if shape.label
    ]


def _write_key(key: Sequence[tuple[str, str]]) -> str:
    items = "".join(
        f"<li>{_write_swatch(colour)}{html.escape(words)}</li>" for colour, words in key
    )
    return f'<ul class="cip-key" aria-label="Key">{items}</ul>' if items else ""


def _write_swatch(colour: str) -> str:
    if colour == NO_DATA:
        look = f"repeating-linear-gradient(135deg,{NO_DATA} 0 3px,{MUTED} 3px 5px)"
        return f'<span style="background:{look}"></span>'
    return f'<span style="background:{html.escape(colour)}"></span>'
