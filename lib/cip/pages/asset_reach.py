"""Reach, in notebook 03: how many people can walk to each kind of asset, and who cannot."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from cip.assets.reach import BY_LINE, ReachResult
from cip.catalogue import load_sources
from cip.catalogue.asset_types import load_asset_types
from cip.catalogue.sources import are_figures_invented
from cip.display.blocks import Block, NoteBlock, TableBlock
from cip.display.reach_chart import chart_reach, map_reach_gap
from cip.pages.assets import join_types
from cip.params import AreaParams
from cip.workspace import Workspace

#: Maps of gaps are drawn for this many types: those with most people beyond reach.
_MOST_MAPS = 3
_MOST_GAPS = 30


def choose_types(params: AreaParams) -> list[str]:
    """Return the types of asset that reach is measured to."""
    if params.assets.reach_types:
        return list(params.assets.reach_types)
    return [entry.id for entry in load_asset_types().values() if entry.is_for_reach]


def show_reach(result: ReachResult, people: pd.DataFrame | None) -> list[Block]:
    """Return the share of residents within each distance of each type, and who was measured how."""
    table = result.table
    if people is None or table.empty or not people["population"].sum():
        return [
            NoteBlock(
                "missing",
                "Who can reach what",
                "The store has no residents with a place (population-weighted centroids of output "
                "areas or LSOAs), so reach cannot be measured.",
            )
        ]
    metres = table[table["unit"] == "metres"]
    none = list(dict.fromkeys(table.loc[table["assets"] == 0, "asset_type"]))
    note = _explain_method(table, people)
    if unknown := [name for name in none if name in result.unknown]:
        note += f" No source at hand lists {join_types(unknown)}, so nobody knows who reaches them."
    blocks: list[Block] = []
    if (metres["assets"] > 0).any():
        blocks.append(
            chart_reach(
                metres,
                title=_write_finding(metres[metres["assets"] > 0]),
                block_id="reach",
                source_line=_cite(table),
                note=note,
            )
        )
    return [*blocks, _tabulate_minutes(table, note if not blocks else "")]


def _cite(table: pd.DataFrame) -> str:
    """Return the source line; streets and paths are named where a way was measured along them."""
    if are_figures_invented():
        return "Source: the register above; invented residents in the layout of Census 2021."
    line = (
        "Source: the register above; residents of Census 2021 (table TS007A) at "
        "population-weighted centroids, Office for National Statistics."
    )
    by_network = set(table["method"].dropna()) - {BY_LINE}
    return (
        f"{line} Streets and paths: {load_sources()['osm_walk_edges'].attribution}"
        if by_network
        else line
    )


def _write_finding(metres: pd.DataFrame) -> str:
    """Return the finding: the type that fewest people can walk to within a middle distance."""
    distances = sorted(metres["within"].unique())
    within = distances[len(distances) // 2]
    rows = metres[metres["within"] == within].sort_values("share", kind="stable")
    entry = load_asset_types()[rows["asset_type"].iloc[0]]
    share = rows["share"].iloc[0]
    if share >= 0.995:
        return f"Nearly everyone lives within {within:,.0f} m of each kind of asset that is listed"
    people = f"{share:.0%} of residents live" if share >= 0.005 else "Almost nobody lives"
    return f"{people} within {within:,.0f} m of a {entry.label}, the least of all kinds"


def _explain_method(table: pd.DataFrame, people: pd.DataFrame) -> str:
    methods = set(table["method"].dropna())
    words = {
        "walking network": "Distances follow streets and paths of OpenStreetMap.",
        "straight line x 1.3": "No map of streets and paths is in the store, so distances are "
        "straight lines times 1.3: a stand-in for the way on foot, which ignores rivers, railways "
        "and main roads.",
        "mixed": "Distances follow streets and paths where the map of them reaches, and are "
        "straight lines times 1.3 elsewhere.",
    }
    parts = [words[methods.pop() if len(methods) == 1 else "mixed"]]
    level = people["level"].iloc[0]
    where = (
        "output area (about 300 people)" if level == "oa" else "LSOA (about 1,600 people), a rough"
    )
    coarse = " guess where homes are spread out" if level != "oa" else ""
    parts.append(
        f"All residents of an area are taken to live at the weighted middle of their {where}"
        f"{coarse}. Assets just outside the area count."
    )
    return " ".join(parts)


def _tabulate_minutes(table: pd.DataFrame, note: str) -> TableBlock:
    types = load_asset_types()
    wide = table.assign(
        column=[
            f"{row.within:g} {'minutes' if row.unit == 'minutes' else 'm'}"
            for row in table.itertuples()
        ],
        percent=table["share"] * 100,
    )
    order = list(dict.fromkeys(wide["column"]))
    frame = wide.pivot(index="asset_type", columns="column", values="percent")[order]
    counts = table.drop_duplicates("asset_type").set_index("asset_type")["assets"]
    frame.insert(0, "assets", counts.reindex(frame.index))
    frame = frame.loc[[name for name in types if name in frame.index]]
    frame.insert(0, "label", [types[name].label for name in frame.index])
    return TableBlock(
        block_id="reach-shares",
        caption="Residents within a walk of the nearest asset of each type, per cent",
        frame=frame.reset_index(drop=True),
        column_labels={
            "label": "Type",
            "assets": "Assets",
        },
        formats=dict.fromkeys(order, "{:.0f}"),
        source_line=_cite(table),
        note=note,
    )


def show_gaps(
    workspace: Workspace,
    result: ReachResult,
    small_areas: pd.DataFrame,
    shapes: gpd.GeoDataFrame,
    context: gpd.GeoDataFrame,
) -> list[Block]:
    """Return where people live beyond reach: maps of the largest gaps, and the list of LSOAs."""
    limit = workspace.params.assets.gap_m
    source = _cite(result.table)
    counted = set(result.table.loc[result.table["assets"] > 0, "asset_type"])
    places = result.places[result.places["asset_type"].isin(counted)]
    beyond = places.groupby("asset_type")["population_beyond"].sum().sort_values(ascending=False)
    beyond = beyond[beyond > 0]
    if beyond.empty:
        return [
            NoteBlock(
                "info",
                "Nobody is beyond reach",
                f"Of the types that are listed, each has an asset within {limit:,.0f} m on foot of "
                "the middle of every small area.",
            )
        ]
    maps = [
        map_reach_gap(
            places[places["asset_type"] == name],
            shapes,
            context,
            type_label=load_asset_types()[name].label,
            within_m=limit,
            block_id=f"gap-{name.replace('_', '-')}",
            source_line=source,
        )
        for name in beyond.index[:_MOST_MAPS]
        if len(shapes)
    ]
    return [*maps, _tabulate_gaps(places, small_areas, limit, source)]


def _tabulate_gaps(
    places: pd.DataFrame, small_areas: pd.DataFrame, limit: float, source: str
) -> TableBlock:
    types = load_asset_types()
    names = small_areas.set_index("lsoa21_code")["lsoa21_name"]
    rows = places[places["population_beyond"] > 0]
    rows = rows.sort_values(["population_beyond", "asset_type"], ascending=[False, True])
    shown = rows.head(_MOST_GAPS)
    frame = pd.DataFrame(
        {
            "place": shown["lsoa21_code"].map(names).fillna(shown["lsoa21_code"]),
            "type": [types[name].label for name in shown["asset_type"]],
            "people": shown["population_beyond"],
            "share": shown["population_beyond"] / shown["population"] * 100,
            "nearest": shown["nearest_m"],
        }
    )
    more = len(rows) - len(shown)
    return TableBlock(
        block_id="reach-gaps",
        caption=f"Small areas with people who live more than {limit:,.0f} m from an asset",
        frame=frame,
        column_labels={
            "place": "Small area",
            "type": "Type of asset",
            "people": "People beyond",
            "share": "Share of its people (%)",
            "nearest": "Metres to the nearest",
        },
        formats={"people": "{:,.0f}", "share": "{:.0f}", "nearest": "{:,.0f}"},
        source_line=source,
        note="Metres to the nearest: on foot, for the middle resident. "
        + (f"{more:,} more rows are in the download reach_places.csv." if more > 0 else ""),
    )


def show_access(access: pd.DataFrame, small_areas: pd.DataFrame) -> list[Block]:
    """Return how much capacity small areas can reach, where the capacity is known."""
    types = load_asset_types()
    names = small_areas.set_index("lsoa21_code")["lsoa21_name"]
    blocks: list[Block] = []
    for asset_type, rows in access.groupby("asset_type", sort=False):
        label = types[str(asset_type)].capacity_label or "places"
        frame = pd.DataFrame(
            {
                "place": rows["lsoa21_code"].map(names).fillna(rows["lsoa21_code"]),
                "people": rows["population"],
                "capacity": rows["capacity_per_1000"],
            }
        ).sort_values("capacity", ignore_index=True)
        blocks.append(
            TableBlock(
                block_id=f"access-{str(asset_type).replace('_', '-')}",
                caption=f"{types[str(asset_type)].plural.capitalize()}: {label} within reach for "
                "each 1,000 residents",
                frame=frame,
                column_labels={
                    "place": "Small area",
                    "people": "Residents",
                    "capacity": f"{label.capitalize()} for each 1,000",
                },
                formats={"people": "{:,.0f}", "capacity": "{:.2f}"},
                note="Two-step floating catchment area: each asset's capacity is shared by all who "
                "can reach it, and each place gets the shares of all that it can reach. Assets "
                "whose capacity is not known are left out, so that figures are low where few are.",
            )
        )
    return blocks
