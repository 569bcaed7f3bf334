"""The page of notebook 03: what the community has, where it is, and what kinds there are."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import pandas as pd

from cip.assets.balance import (
    GROUPS_PER_1000,
    HANDBOOK,
    Density,
)
from cip.assets.place import PlacedAssets, find_window
from cip.assets.record import split_parts
from cip.assets.source_names import name_source
from cip.assets.streets import read_streets
from cip.catalogue import load_sources
from cip.catalogue.asset_types import cite_health_assets, load_asset_types
from cip.catalogue.building_blocks import cite_building_blocks, load_topics
from cip.catalogue.engagement import load_community_sector_income
from cip.catalogue.sources import are_figures_invented
from cip.display.asset_map import map_assets
from cip.display.balance_chart import chart_balance
from cip.display.blocks import Block, KeyFacts, NoteBlock, TableBlock
from cip.display.text import join_names
from cip.pages.asset_list import list_everything
from cip.workspace import Workspace

_MONTHS_PER_YEAR = 12


def write_sources(assets: pd.DataFrame) -> str:
    """Return the source line under whatever is made of the register."""
    ids = sorted({part for cell in assets["sources"] for part in split_parts(cell)})
    names = "; ".join(name_source(source_id) for source_id in ids)
    if are_figures_invented():
        return f"Source: invented entries in the layout of {names}."
    attributions = {load_sources()[i].attribution for i in ids if i in load_sources()}
    ended = [f"{text.removesuffix('.')}." for text in sorted(filter(None, attributions))]
    return " ".join([f"Source: {names}.", *ended])


def show_facts(workspace: Workspace, placed: PlacedAssets, density: Density) -> KeyFacts:
    """Return the headline facts of the register."""
    table = placed.table
    here = table["is_inside"].fillna(True).astype(bool)
    months = workspace.params.assets.stale_after_months
    dated = table.loc[here, "is_stale"].dropna()
    fresh = f"{1 - dated.mean():.0%}" if len(dated) else "not known"
    undated = int(here.sum() - len(dated))
    facts = [
        ("Places and buildings", f"{_count(table, here, 'hard'):,}", "hard assets in the area"),
        ("Groups and activities", f"{_count(table, here, 'soft'):,}", "soft assets in the area"),
        (
            "Just outside",
            f"{int((~here).sum()):,}",
            f"within {_write_distance(workspace.params.assets.margin_m)} of the area",
        ),
        (
            "Checked lately",
            fresh,
            f"of those with a date, within {_write_months(months)}; {undated:,} have none",
        ),
    ]
    if density.per_1000 and density.groups:
        facts.append(
            (
                "Groups and charities",
                f"{density.per_1000:.1f}",
                f"listed for each 1,000 residents ({density.groups:,} in all)",
            )
        )
    return KeyFacts(facts, block_id="assets")


def show_map(
    workspace: Workspace,
    placed: PlacedAssets,
    boundary: gpd.GeoDataFrame,
    context: gpd.GeoDataFrame,
    walkabout: pd.DataFrame | None,
) -> list[Block]:
    """Return the map of the assets with its list, or say why there is none."""
    table = placed.table
    window = find_window(boundary, workspace.params.assets.margin_m)
    if boundary.empty or table["x"].isna().all():
        return [
            NoteBlock(
                "missing",
                "Map of assets",
                "No asset of this area has a place. Add registers of places to the store, or give "
                "a postcode to each row of the area's own list.",
            ),
            *list_everything(table, write_sources(table)),
        ]
    here = int(table["is_inside"].fillna(False).sum())
    near = int((~table["is_inside"].fillna(True).astype(bool)).sum())
    title = f"{here:,} assets lie in {workspace.params.title}, and {near:,} more just outside"
    return [
        map_assets(
            table,
            boundary,
            context,
            title=title,
            block_id="assets",
            source_line=write_sources(table),
            note=_explain_places(table),
            walkabout=walkabout,
            streets=read_streets(workspace.store, window),
        )
    ]


def _explain_places(table: pd.DataFrame) -> str:
    parts = []
    counts = table["located_by"].value_counts()
    if coarse := int(counts.get("postcode", 0)):
        parts.append(
            f"{coarse:,} are placed by their postcode, which may be a few houses away from the door."
        )
    if coarser := int(counts.get("output area", 0)):
        parts.append(
            f"{coarser:,} are placed at the middle of their output area, some streets wide."
        )
    if unplaced := int(table["x"].isna().sum()):
        verb = "has" if unplaced == 1 else "have"
        parts.append(f"{unplaced:,} {verb} no place and stand in the list alone.")
    parts.append(
        "Outlines are generalised, so that an asset on the edge may be shown on the other side."
    )
    return " ".join(parts)


def show_soft(placed: PlacedAssets) -> Block:
    """Return the soft assets of the area: who they are, what they do, whether they go on."""
    rows = placed.table
    rows = rows[(rows["kind"] == "soft") & rows["is_inside"].fillna(True).astype(bool)]
    if rows.empty:
        return NoteBlock(
            "missing",
            "Groups, activities and people",
            "No register of them was given. They are known to the people who live here.\n\n"
            "The command 'cip forms' writes an empty assets.csv. Fill it in on a walk through the "
            "area and with local groups, and name it under inputs: assets: in the parameter file.",
        )
    types, topics = load_asset_types(), load_topics()
    frame = pd.DataFrame(
        {
            "name": rows["name"],
            "type": [types[name].label for name in rows["asset_type"]],
            "function": [
                "; ".join(topics[t].label for t in split_parts(cell)) for cell in rows["function"]
            ],
            "opening": [
                "; ".join(part for part in (row.opening, row.cost) if isinstance(part, str))
                or "not stated"
                for row in rows.itertuples()
            ],
            "serves": rows["serves"].fillna("not stated"),
            "active": [_word_activity(row) for row in rows.to_dict("records")],
        }
    )
    return TableBlock(
        block_id="soft-assets",
        caption=f"{len(frame):,} groups, activities and people of the area",
        frame=frame,
        column_labels={
            "name": "Name",
            "type": "Type",
            "function": "What it is for",
            "opening": "When, and what it costs",
            "serves": "For whom",
            "active": "Still going on?",
        },
        source_line=write_sources(rows),
        note="A charity is registered where its post goes, which need not be where it helps.",
    )


def _word_activity(row: dict) -> str:
    said = {True: "yes", False: "no longer"}.get(row["still_active"], "not stated")
    when = row["last_reviewed"] if isinstance(row["last_reviewed"], str) else row["last_checked"]
    if not isinstance(when, str):
        return said
    stale = ", out of date" if row["is_stale"] is True or row["is_stale"] == True else ""  # noqa: E712
    return f"{said} ({when}{stale})"


def show_balance(balance: pd.DataFrame, placed: PlacedAssets) -> list[Block]:
    """Return what kinds of asset the area has, and which it has none of."""
    here = balance["inside"] + balance["unplaced"]
    hard, soft = (int(here[balance["kind"] == kind].sum()) for kind in ("hard", "soft"))
    title = f"The register holds {hard:,} hard and {soft:,} soft assets of the area"
    if not soft:
        title = f"The register holds {hard:,} hard assets of the area, and no soft one"
    return [
        chart_balance(
            balance,
            title=title,
            block_id="asset-balance",
            source_line=f"{write_sources(placed.table)} Kinds of health asset: "
            f"{cite_health_assets()}.",
            note="Buildings are easier to list than groups and people, so a register that holds "
            "few soft assets says more about the list than about the place.",
        ),
        _tabulate_types(balance),
    ]


def _tabulate_types(balance: pd.DataFrame) -> TableBlock:
    types = load_asset_types()
    frame = balance.assign(
        label=[types[name].plural for name in balance["asset_type"]],
        named=[
            "yes" if types[name].is_named_by_framework else "no" for name in balance["asset_type"]
        ],
    )
    is_none = (frame["inside"] + frame["unplaced"]) == 0
    none, some = frame[is_none], frame[~is_none | (frame["nearby"] > 0)]
    missing = [types[n].plural for n in none["asset_type"] if types[n].is_named_by_framework]
    note = (
        f"Named by the framework, and none listed here: {join_names(missing)}. "
        "None in the list does not mean none in the place."
        if missing
        else "Every type that the framework names is listed at least once."
    )
    return TableBlock(
        block_id="asset-types",
        caption="Assets by type",
        frame=some[["label", "kind", "inside", "nearby", "unplaced", "stale", "named"]],
        column_labels={
            "label": "Type",
            "kind": "Kind",
            "inside": "In the area",
            "nearby": "Just outside",
            "unplaced": "No place",
            "stale": "Check out of date",
            "named": "In the framework",
        },
        note=note,
    )


def show_functions(functions: pd.DataFrame) -> TableBlock:
    """Return how many assets serve each building block of health."""
    return TableBlock(
        block_id="asset-functions",
        caption="What assets are for, by building block of health",
        frame=functions[["label", "hard", "soft", "nearby"]],
        column_labels={
            "label": "Building block",
            "hard": "Hard assets in the area",
            "soft": "Soft assets in the area",
            "nearby": "Just outside",
        },
        source_line=cite_building_blocks(),
        note="An asset with several purposes counts for each of them. Where its own entry names "
        "none, those of its type are taken.",
    )


def show_density(density: Density) -> list[Block]:
    """Return how many groups there are beside what the handbook quotes, and how many are small."""
    if density.per_1000 is None or not density.groups:
        return []
    few, many = GROUPS_PER_1000
    body = (
        f"The register lists {density.groups:,} charities and groups, "
        f"{density.per_1000:.1f} for each 1,000 residents. One place may have {many} voluntary or "
        f"community groups for each 1,000 people and another {few} ({HANDBOOK}). "
        "Those counts were made by asking around. Most small groups are in no register, so this "
        "figure is a floor and not a result."
    )
    if density.known_income:
        body += (
            f"\n\nThe income of {density.known_income:,} of them is known. "
            f"{density.community_sector:,} had less than £{load_community_sector_income():,.0f} in the year, "
            "and can be called the community sector: no such group can pay one full-time worker."
        )
    return [NoteBlock("info", "How many groups is that?", body)]


def _count(table: pd.DataFrame, here: pd.Series, kind: str) -> int:
    return int((here & (table["kind"] == kind)).sum())


def _write_distance(metres: float) -> str:
    return f"{metres / 1000:g} km" if metres >= 1000 else f"{metres:g} m"


def _write_months(months: int) -> str:
    years, rest = divmod(months, _MONTHS_PER_YEAR)
    if rest or not years:
        return f"{months} month{'' if months == 1 else 's'}"
    return f"{years} year{'' if years == 1 else 's'}"


def join_types(names: Sequence[str]) -> str:
    """Return types of asset as words of a sentence, in the plural."""
    return join_names([load_asset_types()[name].plural for name in names])
