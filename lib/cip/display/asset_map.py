"""Maps of assets: interactive with a list beside it, drawn and numbered for print."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from cip.catalogue.asset_types import load_asset_types
from cip.display.asset_drawing import AssetDrawing, draw_assets
from cip.display.asset_frame import write_asset_frame
from cip.display.asset_items import list_items
from cip.display.asset_marks import WALK, load_mark_styles, write_mark
from cip.display.asset_printed import write_printed_list
from cip.display.asset_streets import cite_streets
from cip.display.blocks import MapBlock, wrap_block, write_title
from cip.display.chart_parts import write_alt
from cip.display.maps import simplify_context
from cip.display.markup import escape, make_id, write_image, write_paragraph
from cip.display.text import join_names
from cip.geography import CRS_MAP

#: The list stands beside the map and the layers under both, which takes a screen's height.
_FRAME_HEIGHT_REM = 47
_COLUMNS: dict[str, str] = {
    "mark": "Mark",
    "name": "Asset",
    "type_label": "Type",
    "Where": "Where",
    "square": "Square",
    "place": "Inside?",
    "What it is for": "What it is for",
    "times": "When, and what it costs",
}
_SHORT_PLACES = {"inside": "yes", "nearby": "nearby", "unplaced": "not known"}
OFF_MAP = "beyond its edge"


@dataclass(frozen=True, kw_only=True)
class AssetMapBlock(MapBlock):
    """A map of assets twice: with search, layers and a list on a screen; drawn with its key.

    Parameters are those of :class:`cip.display.blocks.MapBlock`, ``key_html``, the key under the
    drawn map, and ``printed_html``, the list that paper has in place of the table.
    """

    key_html: str
    printed_html: str

    def to_html(self) -> str:
        """Return both maps as HTML; the style sheet shows one of them."""
        inner = (
            write_title(self.title)
            + write_paragraph(self.lead, "cip-lead")
            + '<div class="cip-map-frame"><iframe sandbox="allow-scripts" '
            + f'style="height:{_FRAME_HEIGHT_REM}rem" '
            + f'title="{escape(f"Interactive map: {self.title}")}" '
            + f'srcdoc="{escape(self.frame_html)}"></iframe></div>'
            + f'<div class="cip-map-static">{write_image(self.svg, self.alt)}{self.key_html}</div>'
            + self._write_below("Show the list of everything on this map")
            + f'<div class="cip-asset-list">{self.printed_html}</div>'
        )
        return wrap_block("map", "cip-map cip-asset-map", make_id("map", self.block_id), inner)


def map_assets(
    assets: pd.DataFrame,
    boundary: gpd.GeoDataFrame,
    context: gpd.GeoDataFrame | None = None,
    *,
    title: str,
    block_id: str,
    source_line: str,
    lead: str = "",
    note: str = "",
    walkabout: pd.DataFrame | None = None,
    gaps: gpd.GeoDataFrame | None = None,
    streets: gpd.GeoDataFrame | None = None,
) -> AssetMapBlock:
    """Map what an area has, each thing with its mark and number, and list all of it.

    Parameters
    ----------
    assets
        The table ``assets`` of `cip.schemas`; those without a point are listed all the same.
    boundary
        Outline of the area, one row.
    context
        Backdrop, as for :func:`cip.display.maps.map_area`.
    title, block_id, source_line, lead, note
        As for :class:`cip.display.blocks.MapBlock`.
    walkabout
        The table ``walkabout``: what was seen on a walk is a layer of its own.
    gaps
        One row per small area: ``area_code``, ``area_name``, its shape, and a column for each
        type of asset, headed with words, that holds how many people live beyond reach of it. One
        type at a time can be hatched on the interactive map.
    streets
        Streets and paths to be drawn under the marks, in metres (EPSG:27700): ``kind`` (main,
        street, path), ``name`` and a line each. Whose they are is added to the source line.

    Raises
    ------
    ValueError
        If there are no assets, the area has no outline, or a type is not in the catalogue.
    """
    if assets.empty or boundary.empty:
        raise ValueError("a map of assets needs assets and the outline of the area")
    boundary, backdrop = boundary.to_crs(CRS_MAP), simplify_context(context)
    items = list_items(assets, walkabout, boundary)
    drawing = draw_assets(items, boundary, backdrop, streets)
    return AssetMapBlock(
        block_id=block_id,
        title=title,
        svg=drawing.svg,
        frame_html=write_asset_frame(
            items,
            boundary,
            backdrop,
            title=title,
            gaps=None if gaps is None else gaps.to_crs(CRS_MAP),
            streets=streets,
        ),
        key_html=_write_key(items, drawing),
        printed_html=write_printed_list(items, drawing.squares, drawing.unnumbered),
        alt=_write_alt(items, title),
        source_line=source_line if streets is None else cite_streets(source_line),
        table=_tabulate(items, drawing),
        lead=lead,
        note=note,
        column_labels=_COLUMNS,
        row_ids=items["row_id"].tolist(),
    )


def _tabulate(items: pd.DataFrame, drawing: AssetDrawing) -> pd.DataFrame:
    is_placed = items["x"].notna()
    squares = drawing.squares.where(drawing.squares.notna() | ~is_placed, OFF_MAP)
    times = items["Open"] + items["Cost"].where(items["Open"] == "", "; " + items["Cost"])
    table = items.assign(
        square=squares,
        place=items["place"].map(_SHORT_PLACES),
        times=times.str.removesuffix("; "),
    )[list(_COLUMNS)]
    return table.astype(object).where(table.notna() & (table != ""), None)


def _write_alt(items: pd.DataFrame, title: str) -> str:
    """Describe the map: how many of each layer, inside the area and near it."""
    own = items[items["kind"] != WALK]
    places = own["place"].value_counts()
    words = [
        f"{places[name]:,} {text}"
        for name, text in (
            ("inside", "inside the area"),
            ("nearby", "near it"),
            ("unplaced", "of which the place is not known"),
        )
        if name in places
    ]
    counts = items["style"].value_counts()
    groups = [f"{s.label}: {counts[n]:,}" for n, s in load_mark_styles().items() if n in counts]
    assets = "one asset" if len(own) == 1 else f"{len(own):,} assets"
    return write_alt("Map", f"{title}; {assets}, {join_names(words)}", groups)


def _write_key(items: pd.DataFrame, drawing: AssetDrawing) -> str:
    """Return the key of the drawn map, whose letters and numbers the list under it explains."""
    placed = items[drawing.squares.notna()]
    entries = []
    for name, style in load_mark_styles().items():
        own = placed[placed["style"] == name]
        for kind in sorted(set(own["kind"])):
            count = int((own["kind"] == kind).sum())
            letter = "W" if kind == WALK else style.letter
            words = f"{letter} \N{EN DASH} {style.label}"
            words += ", soft" if kind == "soft" and len(set(own["kind"])) > 1 else ""
            entries.append((write_mark(style, is_soft=kind == "soft", size_px=24), words, count))
    listed = "".join(
        '<li style="display:flex;gap:.4rem;align-items:center;break-inside:avoid">'
        f"{mark}<span>{escape(words)} ({count:,})</span></li>"
        for mark, words, count in entries
    )
    return (
        '<ul class="cip-key-list" aria-label="Key" style="columns:2 14rem;list-style:none;'
        f'padding:0;margin:.5rem 0;font-size:.875rem">{listed}</ul>'
        + write_paragraph(_explain(items, drawing), "cip-note")
    )


def _explain(items: pd.DataFrame, drawing: AssetDrawing) -> str:
    kinds = set(items["kind"])
    parts = ["A letter and a number lead to the list, which also gives the square of the map."]
    if {"hard", "soft"} <= kinds:
        parts.append(
            "Hard assets (places and things) have one outline, soft assets (people and what they "
            "do) two."
        )
    if drawing.heaps:
        parts.append("A number inside a mark says how many lie there together.")
    if drawing.unlabelled:
        parts.append(
            "Where there was no room for numbers, look for the square in the list "
            f"({drawing.unlabelled:,} {'mark' if drawing.unlabelled == 1 else 'marks'})."
        )
    if drawing.unnumbered:
        plurals = {name: entry.plural for name, entry in load_asset_types().items()}
        named = [f"{plurals.get(n, n)} ({count:,})" for n, count in drawing.unnumbered.items()]
        parts.append(f"Drawn small and without numbers, being many: {', '.join(named)}.")
    return " ".join(parts)
