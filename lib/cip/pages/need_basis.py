"""The part of notebook 01 on need that says what the ranking rests on: weights, ranks, gaps, limits."""

from __future__ import annotations

from collections.abc import Sized

import pandas as pd

from cip.catalogue import load_indicators, source_line
from cip.catalogue.need import load_need
from cip.display.blocks import Block, NoteBlock, TableBlock
from cip.display.text import join_names
from cip.need import Need

#: Levels of the LSOAs of each edition, as a reader names them.
_GEOGRAPHY = {"lsoa11": "LSOA 2011", "lsoa21": "LSOA 2021"}
#: So many areas without a rank are named.
_NAMED = 10


def show_weights(need: Need) -> TableBlock:
    """Return the measures with their direction, weight and geography, used or not."""
    measures = need.measured.measures
    frame = measures[["label", "direction", "weight", "weight_used", "geography", "reason"]]
    frame = frame.assign(
        geography=frame["geography"].where(frame["geography"] != "", "[x]"),
        weight_used=frame["weight_used"].where(measures["missing_reason"] == ""),
    )
    lost = measures.loc[(measures["missing_reason"] != "") & (measures["weight"] > 0), "label"]
    note = (
        "Need is: which end of the measure means more need. Declared and used: weights, as shares "
        "of their sum. A measure without a weight is ranked and not counted."
    )
    if len(lost):
        note += (
            f" The weight of {join_names(list(lost))}, which {_be(lost)} missing, is shared out "
            "among the others in proportion."
        )
    return TableBlock(
        block_id="need-weights",
        caption="Measures, and what each counts for",
        frame=frame,
        column_labels={
            "label": "Measure",
            "direction": "Need is",
            "weight": "Declared",
            "weight_used": "Used",
            "geography": "Geography",
            "reason": "Why",
        },
        formats={"weight": "{:.1f}%", "weight_used": "{:.1f}%"},
        note=note,
    )


def show_sensitivity(need: Need) -> list[Block]:
    """Return how the shortlist changes when one weight at a time is moved."""
    scenarios = need.ranking.scenarios
    if scenarios.empty:
        body = "One measure alone has a weight, so there are no weights to move."
        return [NoteBlock("info", "How far the shortlist rests on the weights", body)]
    total = len(need.ranking.shortlist)
    frame = scenarios[["label", "change", "weight_used", "kept", "left", "joined"]]
    frame = frame.assign(
        left=frame["left"].replace("", "none"), joined=frame["joined"].replace("", "none")
    )
    one = scenarios[scenarios["measure_id"] != ""]
    least = one.loc[one["kept"].idxmin()]
    return [
        TableBlock(
            block_id="need-sensitivity",
            caption=(
                f"However one weight is moved, at least {least['kept']} of {total} areas stay "
                "on the shortlist"
            ),
            frame=frame,
            column_labels={
                "label": "Measure",
                "change": "Its weight is",
                "weight_used": "Weight then",
                "kept": "Stay",
                "left": "Leave",
                "joined": "Join",
            },
            formats={"weight_used": "{:.1f}%"},
            note=(
                f"Stay: how many of the {total} areas. The other weights keep their proportions, so "
                "that all add up to 100% again."
            ),
        )
    ]


def show_ranks(need: Need) -> list[Block]:
    """Return the most deprived LSOAs by IMD in each edition, on the edition's own LSOAs."""
    overall = need.native[need.native["index_name"] == "imd"]
    return [
        _tabulate_ranks(need, part, int(year))
        for year, part in sorted(overall.groupby("edition"), key=lambda pair: -pair[0])
    ]


def show_missing(need: Need) -> list[NoteBlock]:
    """Return which measures have no figures and why, and which fell back on an older edition."""
    measures = need.measured.measures
    absent = measures[measures["missing_reason"] != ""]
    blocks = []
    lines = [f"{row.label}: {row.missing_reason}" for row in absent.itertuples()]
    lines += [f"IMD {year}: {why}" for year, why in need.native_missing.items()]
    if lines:
        blocks.append(NoteBlock("missing", "Measures without figures", "\n\n".join(lines)))
    table = need.ranking.table
    lost = table[table["rank"].isna()]
    if need.is_ranked and len(lost):
        lines = [f"{row.area_name}: {row.missing_reason}" for row in lost.itertuples()]
        more = [f"And {len(lines) - _NAMED} more, in the table."] if len(lines) > _NAMED else []
        body = "\n\n".join([*lines[:_NAMED], *more])
        blocks.append(NoteBlock("missing", "Areas that are not ranked", body))
    older = measures[measures["remark"] != ""]
    if len(older):
        lines = [
            f"{row.label} is taken from {load_indicators()[row.indicator_id].label}. {row.remark}"
            for row in older.itertuples()
        ]
        lines.append(
            "A score of 2019 describes about 2015, on LSOAs of 2011. It stands in because the store "
            "has nothing newer. Only places among the areas are averaged; no score of 2019 is "
            "subtracted from one of 2025."
        )
        blocks.append(NoteBlock("warning", "Measures from an older edition", "\n\n".join(lines)))
    return blocks


def show_cautions(need: Need) -> list[NoteBlock]:
    """Return how the ranking was made and what it cannot say, with the signs that were found."""
    limits, candidates = load_need().signs, need.candidates
    texts = [
        "Measures have different units, and most are skewed. So each is turned into the place that "
        "an area takes, from 0 to 100, before the places are averaged. Nobody's extreme value "
        "outweighs all else, and anyone can check the sum. It hides how far apart two areas are; "
        "the values are in the tables.",
        "The measures overlap: the IMD already holds income, health and housing, which others "
        "count again for some people. Weights are a judgement, and the steering group should own it.",
        "An area can rank low and still hold people in great need, and not everyone in a "
        "disadvantaged area is disadvantaged.",
        *candidates.notes,
    ]
    blocks = [NoteBlock("info", "How the ranking was made, and its limits", "\n\n".join(texts))]
    listed = need.ranking.table[need.ranking.table["signs"] != ""]
    on_list = listed[listed["is_shortlisted"]]
    body = (
        f"Signs are looked for in all {len(need.ranking.table)} {candidates.noun}: "
        f"{len(listed)} show one, {len(on_list)} of them on the shortlist. They are: fewer "
        f"than {need.small_population:,} residents; a share aged 15 to 24 at least {limits.young_adult_ratio:g} "
        f"times that of {candidates.within_name}, as where students live; and at least "
        f"{limits.men_per_woman:g} men aged 20 to 39 for each woman, as in barracks and prisons. "
        "A sign is no proof and removes no area: it says where to look before a decision."
    )
    unknown = [
        text
        for column, text in (
            ("is_student_like", "The store has no ages by small area (TS007A)."),
            ("is_mostly_men", "The store has no sex by age for small areas (TS009)."),
        )
        if need.signs[column].isna().all()
    ]
    unknown.append(
        "The table of people in communal establishments (TS001) is not used here, so prisons, "
        "barracks and care homes show through ages alone."
    )
    blocks.append(
        NoteBlock("warning", "Small and special populations", f"{body}\n\n{' '.join(unknown)}")
    )
    return blocks


def show_tool() -> TableBlock:
    """Return which levels of Tool C, step 1, the ranking supports, in our words."""
    tool = load_need().tool
    frame = pd.DataFrame([level.model_dump() for level in tool.levels])
    return TableBlock(
        block_id="need-levels",
        caption="Choosing where to work: what this chapter supports, level by level",
        frame=frame,
        column_labels={
            "level": "Level",
            "asks": "What it means",
            "given": "This chapter",
            "how": "How",
        },
        source_line=f"After: {tool.citation}",
        note="The levels are put in our words.",
    )


def _tabulate_ranks(need: Need, ranks: pd.DataFrame, year: int) -> TableBlock:
    listed = ranks[ranks["local_rank"] <= need.ranking.number]
    geography = _GEOGRAPHY[str(ranks["level"].iloc[0])]
    total = ranks["national_areas"].dropna()
    of_all = f" of {int(total.iloc[0]):,}" if len(total) else ""
    own = int((ranks["share_in_profile"] > 0).sum())
    held = int((listed["share_in_profile"] > 0).sum())
    frame = pd.DataFrame(
        {
            "area": listed["area_name"].fillna("") + " (" + listed["area_code"] + ")",
            "local": listed["local_rank"],
            "national": listed["national_rank"],
            "decile": listed["national_decile"],
            "own": [
                "no" if s == 0 else "whole" if s == 1 else f"{s:.0%} of its people"
                for s in listed["share_in_profile"]
            ],
        }
    )
    return TableBlock(
        block_id=f"need-imd-{year}",
        caption=(
            f"The {len(frame)} most deprived of {len(ranks)} LSOAs of {need.candidates.within_name} "
            f"by IMD {year}, on {geography}"
        ),
        frame=frame,
        column_labels={
            "area": geography,
            "local": f"Rank in {need.candidates.within_name}",
            "national": f"National rank{of_all}",
            "decile": "National decile",
            "own": "In the profile area",
        },
        formats={"national": "{:,.0f}"},
        source_line=source_line(f"iod{year}"),
        note=(
            f"Ranks are the publisher's own, on {geography}; 1 is the most deprived. The profile "
            f"area holds {own} of these LSOAs, {held} of them in this table. Ranks of two editions "
            "must not be compared."
        ),
    )


def _be(items: Sized) -> str:
    return "is" if len(items) == 1 else "are"
