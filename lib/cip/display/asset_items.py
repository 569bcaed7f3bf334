"""What an asset map shows: assets and what was seen on a walk, one row each, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import geopandas as gpd
import pandas as pd
import shapely

from cip.assets.record import split_parts
from cip.assets.source_names import name_sources
from cip.catalogue.asset_types import AssetType, load_asset_types
from cip.catalogue.building_blocks import load_topics
from cip.display.anchors import name_assets
from cip.display.asset_marks import WALK, WALK_READINGS, load_mark_styles
from cip.display.cells import format_cell, is_missing
from cip.geography import CRS_DISTANCE, CRS_MAP

#: Where an item lies, in words.
PLACES: dict[str, str] = {
    "inside": "Inside the area",
    "nearby": "Near the area, outside it",
    "unplaced": "Place not known",
}
#: How sure a reader may be that it is still there.
STATES: dict[str, str] = {
    "active": "Said to be still active",
    "ended": "No longer active",
    "stale": "Check is out of date",
    "unknown": "Not known",
}
_KINDS = {"hard": "hard asset: a place or thing", "soft": "soft asset: people and what they do"}
#: Facts in reading order. Those that the search box looks through come with True.
FACTS: dict[str, bool] = {
    "Type": True,
    "Where": True,
    "In or near the area": False,
    "What it is for": True,
    "What it brings": True,
    "How people come to it": False,
    "Open": False,
    "Cost": False,
    "For whom": True,
    "Web page": False,
    "More": True,
    "Size": False,
    "Still active": False,
    "Last checked": False,
    "Last reviewed": False,
    "Confidence": False,
    "Point on the map": False,
    "Source": False,
}


def list_items(
    assets: pd.DataFrame, walkabout: pd.DataFrame | None, boundary: gpd.GeoDataFrame
) -> pd.DataFrame:
    """Return what is shown, assets in the order of their numbers, then the walkabout.

    Parameters
    ----------
    assets, walkabout
        The tables ``assets`` and ``walkabout`` of `cip.schemas`.
    boundary
        Outline of the area, which says what of the walkabout lies inside.

    Returns
    -------
    DataFrame
        One row per item: ``number, mark`` (as printed on the drawn map), ``name, layer,
        style, type_id, type_label, kind`` (hard, soft, walkabout), ``place`` and ``state`` (ids
        of ``PLACES`` and ``STATES``), ``x, y`` (metres), ``lat, lng``, ``row_id`` (where it stands
        in the list of all items; nothing for an observation), and the facts.

    Raises
    ------
    ValueError
        If an asset has a type that the catalogue does not hold, or an observation is neither a
        strength nor a challenge.
    """
    types = load_asset_types()
    if unknown := sorted(set(assets["asset_type"]) - set(types)):
        raise ValueError(f"types of asset that the catalogue does not hold: {', '.join(unknown)}")
    places = name_assets(assets)
    rows = [
        _make_asset(row, types[row["asset_type"]], places[str(row["asset_id"])])
        for row in assets.sort_values("number").to_dict("records")
    ]
    if walkabout is not None and len(walkabout):
        rows += _make_observations(walkabout, boundary)
    frame = pd.DataFrame(rows)
    points = gpd.GeoSeries(
        gpd.points_from_xy(frame["x"], frame["y"]), index=frame.index, crs=CRS_DISTANCE
    )
    placed = points[frame["x"].notna() & frame["y"].notna()].to_crs(CRS_MAP)
    return frame.assign(lat=placed.y.round(6), lng=placed.x.round(6))


def _make_asset(row: Mapping[str, Any], entry: AssetType, row_id: str) -> dict[str, Any]:
    style = load_mark_styles()[entry.group]
    place = _find_place(row)
    return {
        "number": int(row["number"]),
        "mark": f"{style.letter}{int(row['number'])}",
        "name": str(row["name"])
        if not is_missing(row["name"])
        else f"{entry.label} without a name",
        "layer": entry.group,
        "style": entry.group,
        "type_id": entry.id,
        "type_label": entry.label,
        "kind": entry.kind if is_missing(row["kind"]) else str(row["kind"]),
        "place": place,
        "state": _find_state(row),
        "x": row["x"],
        "y": row["y"],
        "row_id": row_id,
        **_write_facts(row, entry, place),
    }


def _find_place(row: Mapping[str, Any]) -> str:
    if is_missing(row["x"]) or is_missing(row["y"]) or is_missing(row["is_inside"]):
        return "unplaced"
    return "inside" if row["is_inside"] else "nearby"


def _find_state(row: Mapping[str, Any]) -> str:
    if not is_missing(row["still_active"]) and not row["still_active"]:
        return "ended"
    if not is_missing(row["is_stale"]) and row["is_stale"]:
        return "stale"
    return "unknown" if is_missing(row["still_active"]) else "active"


def _write_facts(row: Mapping[str, Any], entry: AssetType, place: str) -> dict[str, str]:
    kind = entry.kind if is_missing(row["kind"]) else str(row["kind"])
    size = _text(row["capacity"], "{:,.10g}")
    reviewed = [_text(row["last_reviewed"]), _text(row["reviewed_by"])]
    distance = "" if place != "nearby" else _text(row["distance_m"], " (about {:,.0f} m from it)")
    facts = {
        "Type": f"{entry.label} ({_KINDS.get(kind, kind)})",
        "Where": _join(_text(row["address"]), _text(row["postcode"])),
        "In or near the area": PLACES[place] + distance,
        "What it is for": word_functions(row["function"]),
        "What it brings": _text(row["resource"]),
        "How people come to it": _text(row["method"]),
        "Open": _text(row["opening"]),
        "Cost": _text(row["cost"]),
        "For whom": _text(row["serves"]),
        "Web page": _text(row["contact_page"]) if is_web_page(row["contact_page"]) else "",
        "More": _text(row["detail"]),
        "Size": f"{size} {entry.capacity_label or 'places'}" if size else "",
        "Still active": "" if is_missing(row["still_active"]) else _text(row["still_active"]),
        "Last checked": _text(row["last_checked"]) + _word_stale(row["is_stale"]),
        "Last reviewed": ", by ".join(part for part in reviewed if part),
        "Confidence": _text(row["confidence"]),
        "Point on the map": _word_point(row["located_by"]),
        "Source": name_sources(split_parts(row["sources"]) or [_text(row["source_id"])]),
    }
    return {name: facts[name] for name in FACTS}


def _make_observations(walkabout: pd.DataFrame, boundary: gpd.GeoDataFrame) -> list[dict[str, Any]]:
    outline = None if boundary.empty else boundary.to_crs(CRS_DISTANCE).geometry.union_all()
    topics = load_topics()
    rows = []
    for place, row in enumerate(walkabout.to_dict("records"), start=1):
        reading = str(row["reading"]).strip().casefold()
        if reading not in WALK_READINGS:
            raise ValueError(f"what was seen on a walk is a strength or a challenge, not {reading}")
        where = "unplaced"
        if not is_missing(row["x"]) and not is_missing(row["y"]) and outline is not None:
            inside = shapely.intersects_xy(outline, row["x"], row["y"])
            where = "inside" if inside else "nearby"
        parts = [part.strip() for part in _text(row["topics"]).split(";") if part.strip()]
        facts = dict.fromkeys(FACTS, "")
        facts["Type"] = load_mark_styles()[reading].label
        facts["Where"] = _join(_text(row["place"]), _text(row["postcode"]))
        facts["In or near the area"] = PLACES[where]
        facts["What it is for"] = "; ".join(topics[p].label if p in topics else p for p in parts)
        facts["More"] = _text(row["what_was_seen"])
        facts["Last checked"] = _text(row["seen_on"])
        facts["Point on the map"] = _word_point(row["located_by"])
        facts["Source"] = "walkabout notes"
        rows.append(
            {
                "number": place,
                "mark": f"W{place}",
                "name": _text(row["what_was_seen"]) or "Something seen",
                "layer": WALK,
                "style": reading,
                "type_id": reading,
                "type_label": facts["Type"],
                "kind": WALK,
                "place": where,
                "state": "unknown",
                "x": row["x"],
                "y": row["y"],
                "row_id": "",
                **facts,
            }
        )
    return rows


def is_web_page(value: object) -> bool:
    """Say whether a cell holds the address of a web page, and nothing that could run."""
    parts = urlsplit(value) if isinstance(value, str) else urlsplit("")
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def word_functions(value: object) -> str:
    """Return the names of the building blocks of health whose ids stand in a cell."""
    topics = load_topics()
    parts = [part.strip() for part in _text(value).split(";") if part.strip()]
    return "; ".join(topics[part].label if part in topics else part for part in parts)


def _word_point(value: object) -> str:
    words = {
        "given": "where the source puts it",
        "postcode": "the middle of its postcode, not its door",
        "output area": "the middle of its output area, some streets wide",
    }
    return words.get(_text(value), _text(value))


def _word_stale(value: object) -> str:
    return " (out of date)" if not is_missing(value) and value else ""


def _text(value: object, spec: str | None = None) -> str:
    """Return a cell in one line of text; nothing where it is missing."""
    return "" if is_missing(value) else " ".join(format_cell(value, spec).split())


def _join(*parts: str) -> str:
    """Return the parts in a row; a later one that an earlier one holds is not said twice."""
    held: Sequence[str] = []
    for part in parts:
        if part and not any(part in other for other in held):
            held = [*held, part]
    return ", ".join(held)
