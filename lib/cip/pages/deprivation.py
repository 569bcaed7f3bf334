"""The part of notebook 02 on the Indices of Deprivation: each edition by itself."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

import geopandas as gpd
import pandas as pd

from cip.catalogue import Indicator, load_deprivation_indices, load_indicators, source_line
from cip.deprivation import rank_small_areas, tidy_ranks
from cip.display.blocks import Block, NoteBlock, TableBlock
from cip.display.figures import draw_deciles, draw_domains
from cip.display.maps import map_choropleth
from cip.display.text import join_names
from cip.errors import SourceError
from cip.pages.data_profile import DataProfile
from cip.pages.trail import name_definition
from cip.params import AreaParams
from cip.schemas import SCHEMAS
from cip.store import Store
from cip.workspace import Workspace

B = TypeVar("B", bound=Block)

#: Overall and the seven domains; the two indices for age groups are parts of the income domain.
_AGE_INDICES = ("idaci", "idaopi")


def rank_area(store: Store, membership: pd.DataFrame, params: AreaParams) -> pd.DataFrame:
    """Return the ranks of the area's LSOAs in each wanted edition.

    Returns
    -------
    DataFrame
        One row per edition x LSOA x index. An edition that the store lacks, or whose LSOAs the
        area is not known in, has no rows; the section says so.
    """
    pieces = []
    for edition in params.vintages.deprivation:
        try:
            ranks = rank_small_areas(store, membership, edition, area_code=params.id)
        except SourceError:
            # Listed among the missing indicators with its reason, so nothing is lost here.
            continue
        pieces.append(tidy_ranks(ranks))
    columns = list(SCHEMAS["deprivation_ranks"].columns)
    return pd.concat(pieces, ignore_index=True) if pieces else pd.DataFrame(columns=columns)


def show_edition(profile: DataProfile, ranks: pd.DataFrame, edition: int) -> list[Block]:
    """Return one edition: deciles against comparators, domains, average scores, ranks of LSOAs."""
    overall = load_indicators()[f"imd_{edition}_decile_people"]
    own = ranks[ranks["edition"] == edition]
    if own.empty or profile.select(overall.id).empty:
        reasons = profile.missing.loc[profile.missing["indicator_id"] == overall.id, "reason"]
        why = reasons.iloc[0] if len(reasons) else "The store holds no figures of this edition."
        return [NoteBlock("missing", f"Indices of Deprivation {edition}", str(why))]
    indices = [
        load_indicators()[f"{index}_{edition}_decile_people"]
        for index in load_deprivation_indices()
    ]
    shown = [entry for entry in indices if not profile.select(entry.id).empty]
    return [
        _lead(
            draw_deciles(profile.select(overall.id), [overall], block_id=f"imd-{edition}"),
            [overall],
        ),
        _lead(_tabulate_deciles(profile, edition), [overall]),
        _lead(_draw_domains(profile, edition), shown),
        _lead(_tabulate_scores(profile, edition), shown),
        _lead(_tabulate_ranks(own, edition), shown),
    ]


def _lead(block: B, entries: list[Indicator]) -> B:
    """Return a block with links to the definitions of indices, named as readers know them."""
    names = load_deprivation_indices()
    trail = [(names[entry.measure.rpartition("_")[0]], name_definition(entry)) for entry in entries]
    return replace(block, trail=trail)  # type: ignore[type-var, return-value]


def show_map(
    workspace: Workspace,
    shapes: gpd.GeoDataFrame,
    context: gpd.GeoDataFrame,
    ranks: pd.DataFrame,
) -> Block | None:
    """Return the map of national deciles by LSOA, for the edition that uses the LSOAs of 2021."""
    rows = ranks[(ranks["edition"] == 2025) & (ranks["domain"] == "imd")]
    if rows.empty or shapes.empty:
        return None
    deciles = rows.set_index("small_area_code")["decile"]
    layer = shapes.assign(decile=shapes["area_code"].map(deciles))
    low, high = int(deciles.min()), int(deciles.max())
    span = f"decile {low}" if low == high else f"deciles {low} to {high}"
    return map_choropleth(
        layer,
        "decile",
        block_id="imd-2025",
        title=f"The small areas of {workspace.params.title} lie in {span} of deprivation in England",
        source_line=source_line("iod2025"),
        value_label="National decile (1 is most deprived)",
        classes="deciles",
        value_format="{:.0f}",
        context=context,
    )


def _tabulate_deciles(profile: DataProfile, edition: int) -> TableBlock:
    """Return people and small areas by national decile: one row per decile."""
    people = profile.select(f"imd_{edition}_decile_people").set_index(["area_role", "group"])
    lsoas = profile.select(f"imd_{edition}_decile_areas").set_index(["area_role", "group"])
    here_people, here_lsoas = people.loc["profile"], lsoas.loc["profile"]
    frame = pd.DataFrame(
        {
            "decile": here_people["group_label"],
            "people": here_people["numerator"].round(),
            "people_share": here_people["value"],
            "lsoas": here_lsoas["numerator"],
            "lsoas_share": here_lsoas["value"],
        }
    )
    return TableBlock(
        block_id=f"deciles-{edition}",
        caption=f"People and small areas of {profile.area_name} by national decile, {edition}",
        frame=frame.reset_index(drop=True),
        column_labels={
            "decile": "National decile (1 is most deprived)",
            "people": "Residents",
            "people_share": "Share of residents",
            "lsoas": "LSOAs",
            "lsoas_share": "Share of LSOAs",
        },
        formats={
            "people": "{:,.0f}",
            "people_share": "{:.1f}%",
            "lsoas": "{:,.0f}",
            "lsoas_share": "{:.1f}%",
        },
        source_line=source_line(f"iod{edition}"),
        note="Residents are those that the index counts, in the year of its own population figures.",
    )


def _draw_domains(profile: DataProfile, edition: int) -> Block:
    names = {
        f"{index}_{edition}_decile_people": label
        for index, label in load_deprivation_indices().items()
        if index not in _AGE_INDICES
    }
    entries = [load_indicators()[i] for i in names if not profile.select(i).empty]
    rows = profile.select(*(e.id for e in entries))
    return draw_domains(
        rows[rows["area_role"] == "profile"],
        entries,
        names=names,
        block_id=f"domains-{edition}",
        title=_write_domain_finding(rows, names, edition),
    )


def _write_domain_finding(rows: pd.DataFrame, names: dict[str, str], edition: int) -> str:
    """Say on which domain most people live in the most deprived fifth of small areas."""
    own = rows[(rows["area_role"] == "profile") & rows["group"].isin(["decile_1", "decile_2"])]
    own = own[~own["indicator_id"].str.startswith("imd_")]
    shares = own.groupby("indicator_id", sort=False)["value"].sum(min_count=2)
    if shares.dropna().empty:
        return f"How the people here are spread over the domains of {edition}"
    most = float(shares.max())
    if most == 0:
        return f"No domain of {edition} puts people here in the most deprived fifth of England"
    held = [names[i].lower() for i, share in shares.items() if share == most]
    return (
        f"On {join_names(held)}, {most:.0f}% of people here live in the most deprived fifth of "
        f"small areas in England ({edition}), more than on any other domain"
    )


def _tabulate_scores(profile: DataProfile, edition: int) -> TableBlock:
    names = load_deprivation_indices()
    areas = profile.areas
    rows = []
    for index, label in names.items():
        entry = load_indicators()[f"{index}_{edition}_average_score"]
        part = profile.select(entry.id).set_index("area_code")["value"]
        if len(part):
            rows.append(
                {
                    "domain": label,
                    **{c: _round(part.get(c), entry.decimals) for c in areas["area_code"]},
                }
            )
    return TableBlock(
        block_id=f"scores-{edition}",
        caption=f"Average scores, Indices of Deprivation {edition} (higher is more deprived)",
        frame=pd.DataFrame(rows),
        column_labels={
            "domain": "Index",
            **dict(zip(areas["area_code"], areas["area_name"], strict=True)),
        },
        source_line=source_line(f"iod{edition}"),
        note=(
            "Each is the mean score of the area's LSOAs, weighted by the people that the index is "
            "about: an estimate without an interval. Scores of two editions must not be compared."
        ),
    )


def _tabulate_ranks(own: pd.DataFrame, edition: int) -> TableBlock:
    overall = own[own["domain"] == "imd"].set_index("small_area_code")
    deciles = own.pivot(index="small_area_code", columns="domain_label", values="decile")
    labels = [label for label in dict.fromkeys(own["domain_label"]) if label in deciles.columns]
    frame = overall[["small_area_name", "rank", "share"]].join(deciles[labels])
    frame = frame.sort_values("rank").reset_index()
    # Codes tell apart LSOAs of two editions that carry one name.
    frame["small_area_name"] = (
        frame["small_area_name"].astype(object).fillna("") + " (" + frame["small_area_code"] + ")"
    )
    frame["share"] = frame["share"] * 100
    total = overall["areas_ranked"].dropna()
    of_all = f" of {int(total.iloc[0]):,}" if len(total) else ""
    lsoa = "2011" if edition == 2019 else "2021"
    columns = ["small_area_name", "rank", *labels]
    if (frame["share"] < 100).any():
        columns.append("share")
    return TableBlock(
        block_id=f"ranks-{edition}",
        caption=f"National rank and deciles of each small area, {edition} (1 is most deprived)",
        frame=frame[columns],
        column_labels={
            "small_area_name": f"LSOA {lsoa}",
            "rank": f"IMD rank{of_all}",
            "share": "Share of its people in the profile area",
            **{label: f"{label}, decile" for label in labels},
        },
        formats={"share": "{:.0f}%"},
        source_line=source_line(f"iod{edition}"),
        note="Ranks of two editions must not be compared: the LSOAs and their number differ.",
    )


def _round(value: float | None, decimals: int) -> str:
    return "[x]" if value is None or pd.isna(value) else f"{value:.{decimals}f}".replace("-", "−")
