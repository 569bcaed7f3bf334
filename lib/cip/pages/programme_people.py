"""The report on a programme: who works in its stages, whom they reach, what stops when."""

from __future__ import annotations

import pandas as pd

from cip.catalogue.programme import cite_programme, load_programme_plan
from cip.display.action_words import count_days
from cip.display.blocks import Block, NoteBlock, TableBlock
from cip.display.cells import is_missing
from cip.display.strip_drawing import write_day
from cip.framework.programme_tables import (
    CENTRAL,
    find_ends,
    list_posts,
    measure_reach,
    spread_over_years,
)
from cip.pages.programme import Programme

_SOURCE = "Source: programme file."
_LABELS = {
    "area": "Area", "stage": "Stage", "post": "Post", "what": "Who is counted",
    "target": "Target", "reached": "Reached", "share": "Of the target",
    "of_residents": "As a share of residents", "ends": "Support ends", "fewer": "Posts that go",
    "actions": "Actions still open", "grants": "Grants still to report",
    "kpis": "Targets that lie later", "whole": "All years",
}  # fmt: skip


def show_posts(programme: Programme) -> list[Block]:
    """Return the posts by area and stage, and as years of work by calendar year."""
    posts = list_posts(programme.file)
    if posts.empty:
        return []
    plan = load_programme_plan()
    kinds = {CENTRAL: "All areas", **{name: e.label for name, e in plan.stages.items()}}
    names = {name: post.label for name, post in plan.posts.items()}
    note = (
        f"The source proposes {plan.plan.posts} posts, of which a team of a leader and three "
        f"fieldworkers serves one or {plan.plan.team_serves} neighbourhoods at a time. "
        f"{cite_programme()}."
    )
    years = _tabulate_years(spread_over_years(posts), kinds)
    return [
        TableBlock(
            block_id="programme-posts",
            caption="Posts by area and stage, in full-time equivalents",
            frame=_tabulate_posts(posts, kinds, names),
            column_labels=_LABELS | kinds,
            formats=dict.fromkeys(kinds, "{:,.2g}"),
            note=f"A dash: none planned. {note}",
            source_line=_SOURCE,
        ),
        TableBlock(
            block_id="programme-years",
            caption="Years of work by stage and calendar year",
            frame=years,
            column_labels=_LABELS,
            formats=dict.fromkeys(years.columns[1:], "{:,.1f}"),
            note="One year of work is one full-time post for a whole calendar year. A post that "
            "lasts part of a year counts for that part. Sums are of figures before rounding.",
            source_line=_SOURCE,
        ),
    ]


def _tabulate_posts(
    posts: pd.DataFrame, kinds: dict[str, str], names: dict[str, str]
) -> pd.DataFrame:
    """Return one row per area x post, a column for each stage that has any."""
    table = posts.assign(area=posts["area"].replace("", "All areas"))
    wide = table.pivot_table(index=["area", "post"], columns="stage", values="fte", aggfunc="sum",
                             sort=False)  # fmt: skip
    wide = wide[[kind for kind in kinds if kind in wide.columns]].reset_index()
    wide["post"] = wide["post"].map(names)
    return wide.astype("object").where(wide.notna(), "–")


def _tabulate_years(years: pd.DataFrame, kinds: dict[str, str]) -> pd.DataFrame:
    """Return one row per stage and one for all, a column for each calendar year."""
    wide = years.pivot_table(index="stage", columns="year", values="work_years", aggfunc="sum")
    wide = wide.reindex([kind for kind in kinds if kind in wide.index]).fillna(0.0)
    wide.loc["whole"] = wide.sum()
    wide["whole"] = wide.sum(axis=1)
    wide.index = [kinds.get(kind, "Together") for kind in wide.index]
    wide.columns = [str(name) for name in wide.columns]
    return wide.rename_axis("stage").reset_index()


def show_reach(programme: Programme, *, area_id: str = "") -> list[Block]:
    """Return whom each stage was to reach and whom it reached, never added up.

    Parameters
    ----------
    area_id
        Show this area alone, for its officer's page.
    """
    reach = measure_reach(programme.areas, programme.today)
    if area_id:
        reach = reach[reach["area_id"] == area_id].reset_index(drop=True)
    if reach.empty:
        return []
    frame = pd.DataFrame(
        {
            "area": reach["area"],
            "stage": reach["label"],
            "what": reach["what"],
            "target": reach["target"],
            "reached": [_word_reached(row) for row in reach.to_dict("records")],
            "share": [_word_share(row, "target") for row in reach.to_dict("records")],
            "of_residents": [_word_share(row, "residents") for row in reach.to_dict("records")],
        }
    )
    return [
        TableBlock(
            block_id="programme-reach",
            caption="Targets of reach, by stage",
            frame=frame.drop(columns="area") if area_id else frame,
            column_labels=_LABELS,
            note="Each figure is the latest count of the area's own indicator of progress within "
            "the stage: a count, so it has no interval. Nothing is added up over areas or stages, "
            "because one person may be counted in two. Those who are counted may live elsewhere.",
            source_line=f"{_SOURCE} Indicators of progress of each area's profile.",
        )
    ]


def _word_reached(row: dict) -> str:
    if is_missing(row["reached"]):
        return row["reason"]
    return f"{row['reached']:,.0f} on {write_day(row['on'])}"


def _word_share(row: dict, of: str) -> str:
    if is_missing(row["reached"]) or is_missing(row[of]) or not row[of]:
        return "–"
    return f"{100 * row['reached'] / row[of]:.0f}%"


def show_ends(programme: Programme) -> list[Block]:
    """Return what stops, or is still open, when each area's support ends."""
    ends = find_ends(programme.areas, programme.today)
    if ends.empty:
        return [NoteBlock("info", "End of support", "No area has support that is still to end.")]
    plan = load_programme_plan()
    rows = ends.sort_values("ends", kind="stable").to_dict("records")
    frame = pd.DataFrame(
        {
            "area": [row["area"] for row in rows],
            "ends": [f"{write_day(row['ends'])}, in {count_days(row['days'])}" for row in rows],
            "fewer": [_word_posts(row["fewer"], plan.posts) for row in rows],
            "actions": [_list_numbers(programme, row, "actions") for row in rows],
            "grants": [_list_numbers(programme, row, "grants") for row in rows],
            "kpis": [_list_numbers(programme, row, "kpis") for row in rows],
        }
    )
    return [
        TableBlock(
            block_id="programme-ends",
            caption="What stops, or is still open, when support ends",
            frame=frame,
            column_labels=_LABELS,
            note="Posts that go are those of the support stage less those of maintenance. Still "
            "open are actions and reports of grants that fall after the day, or have no day. "
            "Targets that lie later are those not reached yet.",
            source_line=f"{_SOURCE} Actions, grants and indicators of progress of each profile.",
        )
    ]


def _word_posts(fewer: dict[str, float], posts: dict) -> str:
    told = [f"{fte:g} {posts[name].label.lower()}" for name, fte in fewer.items()]
    return "; ".join(told) or "none told"


_NAMED = {"actions": ("action_id", "action"), "grants": ("grant_id", "recipient"),
          "kpis": ("kpi_id", "label")}  # fmt: skip
_MOST_NAMED = 3


def _list_numbers(programme: Programme, row: dict, name: str) -> str:
    """Return how many there are and the first of them by name."""
    ids = row[name]
    area = programme.find(row["area_id"])
    if ids is None:
        return "none in the profile" if area.state == "ready" else area.state
    if not ids:
        return "none"
    key, words = _NAMED[name]
    named = area.tables[name].set_index(key)[words]
    told = [str(named[one]).rstrip(".") for one in ids[:_MOST_NAMED]]
    told += [f"and {len(ids) - len(told)} more"] if len(ids) > len(told) else []
    return f"{len(ids)}: {'; '.join(told)}"
