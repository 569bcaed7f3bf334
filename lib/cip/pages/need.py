"""The part of notebook 01 on need: why this place, before others, and how firm that is."""

from __future__ import annotations

from collections.abc import Sized

import pandas as pd

from cip import need as stage
from cip.area_definition import ResolvedArea
from cip.catalogue import source_line
from cip.display.blocks import Block, FigureBlock, KeyFacts, NoteBlock, TableBlock
from cip.display.quintiles import draw_quintiles
from cip.display.rank_intervals import draw_rank_intervals
from cip.display.text import join_names
from cip.need import Need
from cip.pages import need_basis as basis
from cip.pages import need_values as figures
from cip.register import Register
from cip.statistics.composite import DRAWS
from cip.workspace import Workspace


def build_need(workspace: Workspace, area: ResolvedArea, register: Register) -> Need:
    """Return the ranking by need; its ``tables`` are what ``workspace.save`` takes."""
    return stage.build_need(workspace.store, workspace.file, area, register)


def show_need(
    workspace: Workspace, area: ResolvedArea, register: Register, *, need: Need | None = None
) -> list[Block]:
    """Return the whole part on need: `show_choice`, then `show_basis`.

    Where no area can be ranked, notes say why, and what to add.

    Parameters
    ----------
    need
        The ranking, where it has been built already.
    """
    found = build_need(workspace, area, register) if need is None else need
    title = workspace.params.title
    if not found.is_ranked:
        return [_explain_nothing(found), *basis.show_ranks(found), *basis.show_missing(found)]
    return show_choice(found, title) + show_basis(found, title)


def show_choice(need: Need, title: str) -> list[Block]:
    """Return the shortlist, where the profile area stands, how firm that is, and its limits."""
    return [
        show_facts(need),
        show_standing(need, title),
        *show_shortlist(need),
        *show_own(need, title),
        *show_quintiles(need),
        *basis.show_ranks(need),
        *basis.show_missing(need),
        *basis.show_cautions(need),
        basis.show_tool(),
    ]


def show_basis(need: Need, title: str) -> list[Block]:
    """Return what the shortlist rests on: weights, what moving them does, and the values."""
    return [
        basis.show_weights(need),
        *basis.show_sensitivity(need),
        figures.show_values(need),
        *figures.show_own_measures(need, title),
    ]


def show_facts(need: Need) -> KeyFacts:
    """Return how many areas were ranked, on what, and how many are shortlisted."""
    table, candidates = need.ranking.table, need.candidates
    used = need.measured.measures["weight_used"] > 0
    held = int((need.measured.measures["missing_reason"] == "").sum())
    own = need.ranking.shortlist["in_profile"] != ""
    facts = [
        (
            f"{candidates.noun} ranked",
            f"{int(table['rank'].notna().sum())}",
            candidates.within_name,
        ),
        ("Measures with a weight", f"{int(used.sum())}", f"of {held} that areas are ranked on"),
        ("Shortlisted", f"{len(need.ranking.shortlist)}", "most disadvantaged first"),
        ("Of these, in the profile area", f"{int(own.sum())}", "whole or in part"),
    ]
    return KeyFacts(facts, block_id="need")


def show_standing(need: Need, title: str) -> NoteBlock:
    """Return the sentences that say where the profile area's own areas stand."""
    table, noun = need.ranking.table, need.candidates.noun
    own = table[(table["in_profile"] != "") & table["rank"].notna()]
    ranked = int(table["rank"].notna().sum())
    where = f"the {ranked} {noun} of {need.candidates.within_name}"
    if own.empty:
        body = f"None of {where} that were ranked belongs to {title}."
        return NoteBlock("info", f"Where {title} stands", body)
    first = own.iloc[0]
    listed = own[own["is_shortlisted"]]
    parts = [
        f"{len(own)} of {where} {_be(own)} in {title}, whole or in part.",
        f"The most disadvantaged of them, {_name(need, first)}, ranks {first['rank']:.0f} "
        f"({first['rank_lower_95']:.0f} to {first['rank_upper_95']:.0f} under random weights).",
    ]
    if listed.empty:
        parts.append(f"None is on the shortlist of {len(need.ranking.shortlist)}.")
    else:
        names = join_names([f"{r.area_name} (rank {r.rank:.0f})" for r in listed.itertuples()])
        parts.append(f"{names} {_be(listed)} on the shortlist of {len(need.ranking.shortlist)}.")
    return NoteBlock("info", f"Where {title} stands", " ".join(parts))


def show_shortlist(need: Need) -> list[Block]:
    """Return the shortlist as a table, then as a chart of ranks with their intervals."""
    listed, candidates = need.ranking.shortlist, need.candidates
    ends = [f"{tier.name} to {tier.up_to}%" for tier in need.ranking.tiers]
    frame = _add_columns(need, listed)
    labels = _LABELS | {"area": "Ward" if candidates.level == "ward" else "LSOA 2021"}
    table = TableBlock(
        block_id="need-shortlist",
        caption=f"Shortlist: the most disadvantaged {candidates.noun} of {candidates.within_name}",
        frame=frame,
        column_labels=labels,
        formats=_FORMATS,
        source_line=_write_sources(need),
        note=(
            f"Tiers of support by place on the shortlist: {', '.join(ends)}. {_LEGEND} Areas that "
            "share the last rank are all listed. A rank describes an area, not the people in it."
        ),
    )
    figure = draw_rank_intervals(
        listed,
        number=need.ranking.number,
        block_id="need-intervals",
        source_line=_write_sources(need),
        note=(
            f"Lines hold 95% of the ranks under {DRAWS:,} random sets of weights round the ones "
            "shown, drawn from a fixed seed. They say how much rests on the choice of weights; "
            "errors in the data come on top."
        ),
    )
    return [table, figure]


def show_quintiles(need: Need) -> list[FigureBlock]:
    """Return the heat table: the shortlist, then other areas of the profile, by fifth."""
    table, values = need.ranking.table, need.measured.values
    listed = table[table["is_shortlisted"] | (table["in_profile"] != "") & table["rank"].notna()]
    wide = values.pivot(index="area_code", columns="measure_id", values="quintile")
    held = need.measured.measures[need.measured.measures["missing_reason"] == ""]
    cells = wide.reindex(index=listed["area_code"], columns=held["measure_id"]).astype(float)
    if wide.isna().all(axis=None):
        return []
    short = cells[listed["is_shortlisted"].to_numpy()]
    cells.index = pd.Index([f"{r.rank:.0f}  {r.area_name}" for r in listed.itertuples()])
    cells.columns = short.columns = pd.Index(held["label"])
    gaps = (
        " x: no figure, or one that more than a fifth of areas share."
        if cells.isna().any(axis=None)
        else ""
    )
    return draw_quintiles(
        cells,
        title=_write_quintile_finding(short, need.candidates.within_name),
        block_id="need-quintiles",
        source_line=_write_sources(need),
        note=(
            f"Each cell gives the fifth of all ranked {need.candidates.noun} that an area is in: 1 "
            "is the most disadvantaged, 5 the least. The shortlist comes first, in the order of "
            f"its ranks, then any other area of the profile.{gaps}"
        ),
    )


def show_own(need: Need, title: str) -> list[Block]:
    """Return every area of the profile with its rank, shortlisted or not."""
    table = need.ranking.table
    own = table[table["in_profile"] != ""]
    if own.empty:
        return []
    frame = _add_columns(need, own)
    note = "Tier none: not on the shortlist."
    if reasons := sorted(set(own["missing_reason"]) - {""}):
        note += " " + " ".join(reasons)
    return [
        TableBlock(
            block_id="need-own",
            caption=f"Where the {need.candidates.noun} of {title} stand",
            frame=frame,
            column_labels=_LABELS,
            formats=_FORMATS,
            source_line=_write_sources(need),
            note=note,
        )
    ]


#: Short words, so that the table fits a page; the note under it explains them.
_LABELS = {
    "area": "Area",
    "rank": "Rank",
    "tier": "Tier",
    "score": "Score",
    "interval": "95% of ranks",
    "draws": "Draws",
    "imd": "IMD rank (decile)",
    "extent": "IMD extent",
    "population": "Residents",
    "own": "Profile",
    "signs": "Signs",
}
_FORMATS = {"rank": "{:.0f}", "score": "{:.1f}", "draws": "{:.0f}%", "extent": "{:.1f}%"}
_LEGEND = (
    "Score: weighted mean of the places that an area takes on each measure, from 0 to 100. "
    f"95% of ranks, and draws: under {DRAWS:,} random sets of weights, the ranks that hold 95% of "
    "them and the share that shortlist the area. IMD rank: the publisher's rank and decile in "
    "England. Profile: whether the area belongs to the profile area."
)


def _add_columns(need: Need, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the columns of a table of ranked areas, the area first."""
    values, codes = need.measured.values, rows["area_code"]
    imd = values[values["measure_id"] == "imd"].set_index("area_code")
    extent = values[values["measure_id"] == stage.EXTENT].set_index("area_code")["value"]
    pairs = imd[["national_rank", "national_decile"]].reindex(codes)
    frame = pd.DataFrame(
        {
            "area": [_name(need, row) for _, row in rows.iterrows()],
            "rank": rows["rank"],
            "tier": rows["tier"].replace("", "none"),
            "score": rows["score"],
            "interval": [
                "[x]" if pd.isna(r.rank) else f"{r.rank_lower_95:.0f} to {r.rank_upper_95:.0f}"
                for r in rows.itertuples()
            ],
            "draws": 100 * rows["share_of_draws"],
            "imd": [
                "[x]" if pd.isna(rank) else f"{rank:,.0f} ({decile:.0f})"
                for rank, decile in pairs.itertuples(index=False)
            ],
            "extent": codes.map(extent),
            "population": rows["population"],
            "own": rows["in_profile"].replace("", "no"),
            "signs": rows["signs"].replace("", "none"),
        }
    )
    unused = [] if imd["national_rank"].notna().any() else ["imd"]
    unused += [] if len(extent) else ["extent"]
    return frame.drop(columns=unused)


def _explain_nothing(need: Need) -> NoteBlock:
    body = (
        f"No area of {need.candidates.within_name} could be ranked, because a measure with a "
        "weight has no figures. Add the Indices of Deprivation and the Census tables to the store, "
        "or choose measures that it holds under `need: measures:` in the parameter file."
    )
    return NoteBlock("missing", "Areas ranked by need", body)


def _write_quintile_finding(cells: pd.DataFrame, within: str) -> str:
    counts = (cells == 1).sum()
    most, least = int(counts.max()), int(counts.min())
    total = len(cells)
    # Several measures may share a count: the first stands for them, the table has all.
    top, bottom = counts.idxmax(), counts.idxmin()
    who = f"All {total}" if most == total > 1 else f"{most} of {total}"
    first = f"{who} shortlisted areas are in the most disadvantaged fifth of {within} on {top}"
    return first if most == least else f"{first}, but {least} on {bottom}"


def _write_sources(need: Need) -> str:
    """Return one line for all sources: what several of them share is said once."""
    held = need.measured.measures
    products = dict.fromkeys(held.loc[held["source_id"] != "", "source_id"])
    titles: dict[str, list[str]] = {}
    for product in products:
        line = source_line(product).removeprefix("Source: ").removesuffix(".")
        title, _, rest = line.partition("; ")
        titles.setdefault(rest, []).append(title)
    parts = [f"{', '.join(t)}; {rest}" if rest else ", ".join(t) for rest, t in titles.items()]
    return f"Source: {'. '.join(parts)}."


def _name(need: Need, row: pd.Series) -> str:
    """Return the name of an area, with its neighbourhood where the name is a mere number."""
    place, name = row["place"], str(row["area_name"])
    has_place = need.candidates.level == "lsoa" and isinstance(place, str) and place
    return f"{name} ({place})" if has_place else name


def _be(items: Sized) -> str:
    return "is" if len(items) == 1 else "are"
