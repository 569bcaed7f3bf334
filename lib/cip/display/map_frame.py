"""The interactive map: one page for an iframe that works without a network.

folium writes the map; its own page is not used, because that page asks other servers for
scripts, styles and tiles, and stops readers from zooming the page.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import folium
import geopandas as gpd

from cip.display.palette import (
    BACKDROP,
    CSS_FONT,
    FOCUS,
    INK,
    MUTED,
    NO_DATA,
    PAPER,
    RULE,
    WARNING,
)
from cip.errors import ExportError, Problem

_LEAFLET_PACKAGE = "django-js-lib-leaflet"
_LEAFLET_FOLDER = "js_lib_leaflet/static/js_lib_leaflet"
#: Five decimal places of a degree are about one metre.
_COORDINATE_DECIMALS = 5

_STYLE = f"""
html,body{{margin:0;height:100%;font-family:{CSS_FONT}}}
h1{{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);margin:0}}
main{{height:100%;display:flex;flex-direction:column}}
.folium-map.folium-map{{flex:1;height:auto;min-height:0;position:relative}}
.folium-map{{background:{PAPER}}}
.leaflet-container{{font:inherit;font-size:14px;color:{INK}}}
.leaflet-container:focus-visible{{outline:3px solid {INK};outline-offset:-3px}}
path.leaflet-interactive:focus{{outline:none}}
path.leaflet-interactive:focus-visible{{stroke:{FOCUS};stroke-width:4;outline:none;
 filter:drop-shadow(0 0 1px {INK}) drop-shadow(0 0 1px {INK})}}
.leaflet-tooltip{{color:{INK};border-color:{MUTED};white-space:normal;min-width:12rem}}
.leaflet-tooltip th{{text-align:left;font-weight:400;padding-right:.5rem;vertical-align:top}}
.leaflet-tooltip td{{font-weight:700}}
.cip-number{{font-weight:700;text-align:center;color:{INK};background:{PAPER};opacity:.92;
 border-radius:9px;line-height:18px;font-size:13px}}
.cip-key{{list-style:none;display:flex;flex-wrap:wrap;gap:.1rem 1rem;margin:0;
 padding:.35rem .6rem;border-top:1px solid {RULE};font-size:13px;line-height:1.5}}
.cip-key span{{display:inline-block;width:1.3em;height:.85em;margin-right:.4em;
 border:1px solid {MUTED};vertical-align:-.05em}}
"""

#: The hatching of areas without a figure: drawn by the page itself, told from the lightest fill.
_HATCH_NAME = "cip-hatch"
_HATCH = (
    '<svg width="0" height="0" aria-hidden="true" style="position:absolute"><defs>'
    f'<pattern id="{_HATCH_NAME}" width="7" height="7" patternUnits="userSpaceOnUse" '
    f'patternTransform="rotate(45)"><rect width="7" height="7" fill="{NO_DATA}"/>'
    f'<path d="M0 0V7" stroke="{MUTED}" stroke-width="2.4"/></pattern></defs></svg>'
)

# Paths get a place in the tab order and a name, so the map can be read without a mouse. The
# map is fitted when its frame has a size: a frame in a closed or printed part has none.
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
  var fitted = false;
  function fit(){
    if(fitted || box.clientWidth < 60 || box.clientHeight < 60){return;}
    fitted = true;
    map.invalidateSize({animate: false});
    map.fitBounds(options.bounds, {padding: [12, 12], animate: false});
  }
  fit();
  new ResizeObserver(fit).observe(box);
})
"""


@dataclass(frozen=True)
class MapShape:
    """One area on a map: what it is called, how it is filled and what its tooltip says."""

    name: str
    fill: str
    label: str
    facts: Mapping[str, str]


@lru_cache(maxsize=1)
def read_leaflet() -> tuple[str, str]:
    """Return Leaflet's script and style sheet from the installed package.

    The style sheet's pictures (layer control, marker) are cut: they would be asked for from
    beside the page, and the maps use neither.

    Raises
    ------
    ExportError
        If the package is not installed, or holds no Leaflet.
    """
    try:
        package = distribution(_LEAFLET_PACKAGE)
        folder = Path(str(package.locate_file(_LEAFLET_FOLDER)))
        script = (folder / "leaflet.js").read_text(encoding="utf-8")
        style = (folder / "leaflet.css").read_text(encoding="utf-8")
    except (PackageNotFoundError, FileNotFoundError) as error:
        raise ExportError(
            Problem(
                "Interactive maps need the Leaflet library, which is not installed.",
                expected=f"the Python package {_LEAFLET_PACKAGE}",
            )
        ) from error
    script = re.sub(r"//# sourceMappingURL=\S+", "", script)
    return script, re.sub(r"url\([^)]*\)", "none", style)


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
    west, south, east, north = (float(v) for v in areas.total_bounds)
    folium_map = folium.Map(
        location=((south + north) / 2, (west + east) / 2),
        zoom_start=13,
        tiles=None,
        scroll_wheel_zoom=False,
        zoom_snap=0.25,
    )
    folium_map.default_js, folium_map.default_css = [], []
    layer = _make_layer(areas, shapes)
    _add_context(folium_map, context, ("neighbour",))
    layer.add_to(folium_map)
    _add_context(
        folium_map, context, ("ward", "district", "outline")
    )  # lines stay visible on the areas
    options = {
        "title": title,
        "bounds": [[south, west], [north, east]],
        "labels": _list_labels(areas, shapes),
    }
    return _write_page(folium_map, layer, options, _write_key(key))


def _round(frame: gpd.GeoDataFrame) -> gpd.GeoSeries:
    return frame.geometry.set_precision(10**-_COORDINATE_DECIMALS, mode="pointwise")


def _make_layer(areas: gpd.GeoDataFrame, shapes: Sequence[MapShape]) -> folium.GeoJson:
    features = []
    for i, (geometry, shape) in enumerate(zip(_round(areas), shapes, strict=True)):
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


def _add_context(
    folium_map: folium.Map, context: gpd.GeoDataFrame | None, layers: Sequence[str]
) -> None:
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
            for g in _round(part)
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


def _write_page(
    folium_map: folium.Map, layer: folium.GeoJson, options: Mapping[str, object], key: str
) -> str:
    root = folium_map.get_root()
    root.render()  # fills the parts; folium's own page around them is left aside
    script, style = read_leaflet()
    title = html.escape(str(options["title"]))
    call = f"{folium_map.get_name()}, {layer.get_name()}, {_to_script(options)}"
    page = (
        f'<!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{style}</style><style>{_STYLE}</style>"
        f"<script>{script}</script></head><body>{_HATCH}<main><h1>{title}</h1>"
        f"{root.html.render()}{key}</main>"
        f"<script>{root.script.render()}\n{_SCRIPT.strip()}({call});</script></body></html>"
    )
    return _number_names(page)


def _to_script(value: object) -> str:
    """Return a JavaScript value that cannot close the script element it stands in."""
    return json.dumps(value).replace("<", "\\u003c").replace(">", "\\u003e")


def _number_names(page: str) -> str:
    """Replace folium's random names by numbers: the same map gives the same page."""
    names: dict[str, str] = {}
    return re.sub(
        r"\b([a-z_]+)_[0-9a-f]{32}",
        lambda m: names.setdefault(m[0], f"{m[1]}_{len(names) + 1}"),
        page,
    )
