"""The page around an interactive map: Leaflet inside it, and no network.

folium writes the map; its own page is not used, because that page asks other servers for
scripts, styles and tiles, and stops readers from zooming the page.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import folium
import geopandas as gpd

from cip.display.palette import CSS_FONT, FOCUS, INK, MUTED, PAPER, RULE
from cip.errors import ExportError, Problem

_LEAFLET_PACKAGE = "django-js-lib-leaflet"
_LEAFLET_FOLDER = "js_lib_leaflet/static/js_lib_leaflet"

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

# The map is fitted when its frame has a size: a frame in a closed or printed part has none.
_FIT = """
function cipFit(map, bounds){
  var box = map.getContainer(), fitted = false;
  function fit(){
    if(fitted || box.clientWidth < 60 || box.clientHeight < 60){return;}
    fitted = true;
    map.invalidateSize({animate: false});
    map.fitBounds(bounds, {padding: [12, 12], animate: false});
  }
  fit();
  new ResizeObserver(fit).observe(box);
}
"""


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


def find_bounds(areas: gpd.GeoDataFrame) -> list[list[float]]:
    """Return the south-west and north-east corners, latitude first, as Leaflet takes them."""
    west, south, east, north = (float(v) for v in areas.total_bounds)
    return [[south, west], [north, east]]


def start_map(bounds: Sequence[Sequence[float]], **options: object) -> folium.Map:
    """Return an empty map that asks no server for anything; ``options`` are Leaflet's."""
    (south, west), (north, east) = bounds
    folium_map = folium.Map(
        location=((south + north) / 2, (west + east) / 2),
        zoom_start=13,
        tiles=None,
        scroll_wheel_zoom=False,
        zoom_snap=0.25,
        **options,
    )
    folium_map.default_js, folium_map.default_css = [], []
    return folium_map


def write_heading(title: str) -> str:
    """Return the heading of a map's page, which only readers of its words meet."""
    return f"<h1>{html.escape(title)}</h1>"


def write_page(
    folium_map: folium.Map,
    *,
    title: str,
    write_body: Callable[[str], str],
    script: str,
    style: str = "",
    data: object = None,
) -> str:
    """Return a complete page with Leaflet inside; folium's own page around the map is left aside.

    Parameters
    ----------
    folium_map
        The map, from `start_map`.
    title
        Title of the page.
    write_body
        Takes the map's element as HTML and returns the body around it.
    script
        Runs after the map is there; may call ``cipFit(map, bounds)``.
    style
        Rules that come after those of every map.
    data
        What the script reads from the element ``cip-data``, as JSON.
    """
    root = folium_map.get_root()
    root.render()
    leaflet, leaflet_style = read_leaflet()
    head = (
        '<!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{html.escape(title)}</title><style>{leaflet_style}</style>"
        f"<style>{_STYLE}{style}</style><script>{leaflet}</script></head><body>"
    )
    body = _number_names(
        f"{write_body(root.html.render())}\n"
        f"<script>{root.script.render()}\n{_FIT.strip()}\n{script}</script></body></html>"
    )
    # The data stand before the body's scripts, and no name in them is taken for one of folium's.
    held = f'<script type="application/json" id="cip-data">{to_script(data)}</script>'
    return f"{head}{held if data is not None else ''}{body}"


def to_script(value: object) -> str:
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
