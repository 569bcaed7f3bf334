"""A programme in numbers: its stages, who works in them, whom they reach, what stops when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import pandas as pd

from cip.catalogue.programme import load_programme_plan
from cip.framework.action_columns import OPEN_STATUSES
from cip.framework.grants import OFFERED, RUNNING
from cip.framework.programme_areas import AreaOutputs
from cip.framework.programme_model import ReachTarget
from cip.framework.programme_plan import ProgrammeFile, Stage

#: What stands for posts that serve every area.
CENTRAL = "programme"
_PER_CENT = "%"


def list_stages(file: ProgrammeFile) -> pd.DataFrame:
    """Return the stages of every area.

    One row per area x stage, in the order of the file: ``area_id, area, wave, stage, label,
    start, end, months, stands`` (over, now, to come on the day of the report).
    """
    rows = [
        {
            "area_id": area.id,
            "area": area.title,
            "wave": area.wave,
            "stage": stage.kind,
            "label": stage.label,
            "start": stage.start,
            "end": stage.end,
            "months": stage.months,
            "stands": stage.stands(file.today),
        }
        for area in file.areas
        for stage in area.stages
    ]
    return pd.DataFrame(rows)


def list_posts(file: ProgrammeFile) -> pd.DataFrame:
    """Return the posts with their days.

    One row per post x area x stage: ``area, stage, post, fte, start, end``; posts that serve
    every area have the stage ``programme`` and no area.
    """
    rows = [
        (area.title, stage.kind, post.post, post.fte, stage.start, stage.end)
        for area in file.areas
        for stage in area.stages
        for post in stage.entry.staff
    ]
    rows += [
        ("", CENTRAL, post.post, post.fte, post.start or file.start, post.end or file.end)
        for post in file.programme.staff
    ]
    return pd.DataFrame(rows, columns=["area", "stage", "post", "fte", "start", "end"])


def spread_over_years(posts: pd.DataFrame) -> pd.DataFrame:
    """Return the posts as years of work.

    Parameters
    ----------
    posts
        As :func:`list_posts` gives it.

    Returns
    -------
    DataFrame
        One row per calendar year x stage x post that has any: ``year, stage, post, work_years``,
        full-time equivalents times the share of the year's days that the post lasts.
    """
    rows = [
        (year, item.stage, item.post, item.fte * share)
        for item in posts.itertuples()
        for year, share in _share_days(item.start, item.end)
    ]
    table = pd.DataFrame(rows, columns=["year", "stage", "post", "work_years"])
    return table.groupby(["year", "stage", "post"], sort=True, as_index=False)["work_years"].sum()


def _share_days(start: date, end: date) -> Iterator[tuple[int, float]]:
    """Yield each calendar year between two days with the share of it that lies between them."""
    for year in range(start.year, end.year + 1):
        first, last = date(year, 1, 1), date(year, 12, 31)
        days = (min(end, last) - max(start, first)).days + 1
        yield year, days / ((last - first).days + 1)


def measure_reach(areas: Sequence[AreaOutputs], today: date) -> pd.DataFrame:
    """Return whom each stage was to reach, and whom it reached.

    One row per target, in the order of the file: ``area_id, area, wave, stage, label, what,
    residents, target, reached, on, reason`` (why there is no figure; empty where there is one).
    The figure is the area's own: the latest value, within the stage, of the indicator of progress
    that the target names. Nothing is added up over areas or stages, because the same person may
    be counted in two.
    """
    rows = [
        {
            "area_id": area.id,
            "area": area.title,
            "wave": area.plan.wave,
            "stage": stage.kind,
            "label": stage.label,
            "what": target.what,
            "residents": area.count_residents(),
            "target": target.target,
            **_find_reached(area, stage, target, today),
        }
        for area in areas
        for stage in area.plan.stages
        for target in stage.entry.reach
    ]
    names = ["area_id", "area", "wave", "stage", "label", "what", "residents", "target",
             "reached", "on", "reason"]  # fmt: skip
    table = pd.DataFrame(rows, columns=names)
    kinds = {"residents": "Int64", "target": "Int64", "reached": "Float64"}
    return table.astype(kinds)


def _find_reached(
    area: AreaOutputs, stage: Stage, target: ReachTarget, today: date
) -> dict[str, object]:
    reason = _refuse_reach(area, stage, target, today)
    if reason:
        return {"reached": None, "on": "", "reason": reason}
    values = area.tables["kpi_values"]
    last = min(stage.end, today).isoformat()
    own = values[(values["kpi_id"] == target.kpi) & values["on"].between(f"{stage.start}", last)]
    if own.empty:
        return {"reached": None, "on": "", "reason": "not counted in this stage yet"}
    latest = own.sort_values("on").iloc[-1]
    if pd.isna(latest["value"]):
        why = "withheld: too few people" if latest["display"] == "withheld" else "no figure"
        return {"reached": None, "on": str(latest["on"]), "reason": why}
    return {"reached": float(latest["value"]), "on": str(latest["on"]), "reason": ""}


def _refuse_reach(area: AreaOutputs, stage: Stage, target: ReachTarget, today: date) -> str:
    """Return why a target has no figure; empty where one may be looked for."""
    if today < stage.start:
        return "the stage has not begun"
    if area.state != "ready":
        return "no profile" if area.state == "no profile" else "the profile cannot be read"
    if target.kpi is None:
        return "no indicator of progress is named"
    kpis = area.read("kpis")
    if kpis is None or area.read("kpi_values") is None:
        return "the area has no indicators of progress"
    own = kpis[kpis["kpi_id"] == target.kpi]
    if own.empty:
        return f"the area has no indicator of progress '{target.kpi}'"
    if str(own["unit"].iloc[0]).strip() == _PER_CENT:
        return f"'{target.kpi}' is a share, and reach counts people"
    return ""


def find_ends(areas: Sequence[AreaOutputs], today: date) -> pd.DataFrame:
    """Return what stops, or is still open, when an area's support ends.

    One row per area whose support is not over: ``area_id, area, ends, days, fewer`` (posts in
    full-time equivalents that maintenance does not keep, by post in words), ``actions`` (ids of
    open actions that are due later or have no day), ``grants`` (ids of running grants whose
    report is due later or has no day), ``kpis`` (ids of indicators whose target lies later).
    """
    rows = []
    for area in areas:
        stage = area.plan.find_stage("support")
        if stage is None or stage.stands(today) == "over":
            continue
        end = stage.end.isoformat()
        rows.append(
            {
                "area_id": area.id,
                "area": area.title,
                "ends": end,
                "days": (stage.end - today).days,
                "fewer": lose_posts(stage, area.plan.find_stage("maintenance")),
                "actions": _list_later(area, "actions", "due", end, OPEN_STATUSES),
                "grants": _list_later(area, "grants", "monitoring_due", end, (OFFERED, RUNNING)),
                "kpis": _list_targets(area, end),
            }
        )
    names = ["area_id", "area", "ends", "days", "fewer", "actions", "grants", "kpis"]
    return pd.DataFrame(rows, columns=names)


def lose_posts(support: Stage, maintenance: Stage | None) -> dict[str, float]:
    """Return by how many full-time equivalents each post shrinks when support ends."""
    kept: dict[str, float] = {}
    for item in maintenance.entry.staff if maintenance else ():
        kept[item.post] = kept.get(item.post, 0.0) + item.fte
    held: dict[str, float] = {}
    for item in support.entry.staff:
        held[item.post] = held.get(item.post, 0.0) + item.fte
    lost = {post: round(fte - kept.get(post, 0.0), 2) for post, fte in held.items()}
    order = list(load_programme_plan().posts)
    return {post: lost[post] for post in order if lost.get(post, 0.0) > 0}


def _list_later(
    area: AreaOutputs, name: str, column: str, end: str, statuses: Sequence[str]
) -> list[str] | None:
    """Return ids of what is open and falls after a day; None where the area has no such table."""
    table = area.read(name)
    if table is None:
        return None
    days = table[column].fillna("")
    chosen = table[table["status"].isin(statuses) & ((days == "") | (days > end))]
    if name == "grants":  # one whose report is in has nothing left that is due
        chosen = chosen[chosen["monitoring_received"].fillna("") == ""]
    return chosen[f"{name.removesuffix('s')}_id"].astype(str).tolist()


def _list_targets(area: AreaOutputs, end: str) -> list[str] | None:
    table = area.read("kpis")
    if table is None:
        return None
    later = table["target_by"].fillna("") > end
    return table.loc[later & (table["state"] != "reached"), "kpi_id"].astype(str).tolist()
