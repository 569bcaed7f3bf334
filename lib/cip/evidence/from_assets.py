"""Entries of assets: how many of each type the register lists, and each asset by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from cip.assets.record import split_parts
from cip.assets.source_names import OWN_SOURCES, name_sources
from cip.catalogue.asset_types import AssetType, load_asset_types
from cip.catalogue.sources import are_figures_invented
from cip.display.anchors import name_assets
from cip.display.cells import is_missing
from cip.evidence.entry import Entry
from cip.evidence.words import (
    clean_words,
    count_things,
    make_evidence_id,
    write_date,
    write_number,
    write_sentence,
)

STAGE = "asset_map"
_Row = Mapping[str, Any]
_GONE = "the register says that it is no longer going on"


def from_assets(assets: pd.DataFrame, balance: pd.DataFrame, *, area_name: str) -> list[Entry]:
    """Return an entry for each type of asset, and one for each asset.

    Parameters
    ----------
    assets
        The table ``assets``.
    balance
        The table ``asset_balance``: one row per type, those without an asset included.
    """
    sources = list_type_sources(assets)
    by_type = {
        str(name): "; ".join(sorted(set(rows["licence"].dropna())))
        for name, rows in assets.groupby("asset_type", sort=False)
    }
    types = [
        _make_type(row, sources.get(row["asset_type"], []), by_type, area_name)
        for row in balance.to_dict("records")
    ]
    places = name_assets(assets)
    own = [
        _make_asset(row, area_name, places[str(row["asset_id"])])
        for row in assets.to_dict("records")
    ]
    return [*types, *own]


def list_type_sources(assets: pd.DataFrame) -> dict[str, list[str]]:
    """Return the sources that list assets of each type, in alphabetical order."""
    found: dict[str, set[str]] = {}
    for name, cell in zip(assets["asset_type"], assets["sources"], strict=True):
        found.setdefault(str(name), set()).update(split_parts(cell))
    return {name: sorted(ids) for name, ids in found.items()}


def cite_sources(source_ids: Sequence[str]) -> str:
    """Return the source line of what is made of some sources of assets."""
    if not source_ids:
        return ""
    names = name_sources(source_ids)
    is_own = all(name in OWN_SOURCES for name in source_ids)
    start = "invented entries in the layout of " if are_figures_invented() and not is_own else ""
    return f"Source: {start}{names}."


def _make_type(
    row: _Row, source_ids: Sequence[str], licences: Mapping[str, str], area_name: str
) -> Entry:
    entry = load_asset_types()[row["asset_type"]]
    here, nearby = int(row["inside"]) + int(row["unplaced"]), int(row["nearby"])
    return Entry(
        evidence_id=make_evidence_id("asset", entry.id),
        label=entry.plural[:1].upper() + entry.plural[1:],
        statement=write_sentence(_write_type(here, nearby, entry, area_name)),
        value=float(here),
        unit="assets listed",
        topics=entry.function,
        source_ids=source_ids,
        source=cite_sources(source_ids),
        licence=licences.get(entry.id, ""),
        stage=STAGE,
        # The table leaves out what nobody lists; the figure names those types.
        anchor="tab-asset-types" if here or nearby else "fig-asset-balance",
    )


def _write_type(here: int, nearby: int, entry: AssetType, area_name: str) -> str:
    if not here and not nearby:
        return (
            f"The register lists no {entry.plural} in {area_name} or just outside; "
            "none in the list does not mean none in the place"
        )
    words = f"The register lists {count_things(here, entry.label, entry.plural)} in {area_name}"
    return f"{words} and {write_number(nearby) if nearby else 'none'} just outside"


def _make_asset(row: _Row, area_name: str, anchor: str) -> Entry:
    source_ids = split_parts(row["sources"]) or [str(row["source_id"])]
    is_gone = not is_missing(row["still_active"]) and not row["still_active"]
    return Entry(
        evidence_id=make_evidence_id("asset", str(row["asset_id"])),
        label=clean_words(row["name"]),
        statement=write_sentence(_write_asset(row, area_name, is_gone)),
        period=write_date(row["last_reviewed"]) or write_date(row["last_checked"]),
        topics=split_parts(row["function"]),
        is_citable=not is_gone,
        reason=_GONE if is_gone else "",
        source_ids=source_ids,
        source=cite_sources(source_ids),
        licence=clean_words(row["licence"]),
        stage=STAGE,
        anchor=anchor,
    )


def _write_asset(row: _Row, area_name: str, is_gone: bool) -> str:
    entry = load_asset_types()[row["asset_type"]]
    words = f"{clean_words(row['name'])}, listed under {entry.plural}, {_say_where(row, area_name)}"
    if is_gone:
        return f"{words}: {_GONE}"
    checked = write_date(row["last_reviewed"]) or write_date(row["last_checked"])
    if not checked:
        return f"{words}; nobody has noted when it was last checked"
    stale = "" if is_missing(row["is_stale"]) or not row["is_stale"] else ", which is out of date"
    return f"{words}; last checked {checked}{stale}"


def _say_where(row: _Row, area_name: str) -> str:
    if is_missing(row["is_inside"]):
        return f"serves {area_name} and has no place on the map"
    if row["is_inside"]:
        return f"is in {area_name}"
    return f"is {write_number(row['distance_m'])} m outside {area_name}"
