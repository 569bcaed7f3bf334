"""The report on a programme: actions, grants and indicators of all areas side by side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from cip.display.action_words import NOBODY, count_days, read_flag, read_words, word_day
from cip.display.blocks import Block, NoteBlock
from cip.display.programme_table import LinkedTable, lead_to
from cip.display.programme_words import word_target
from cip.framework.action_columns import STATUSES
from cip.framework.grants import AWARDED, OVERDUE
from cip.framework.kpis import STATES
from cip.framework.programme_areas import AreaOutputs
from cip.pages.programme import Programme
from cip.pages.programme_outcomes import lead_all

_SOURCE = "Source: action plan, register of grants and measurements of each area's profile."
_LABELS = {
    "area": "Area", "all": "All", "overdue": "Overdue", "unowned": "No lead",
    "whole": "Together", "lead": "Lead", "what": "What", "due": "Was due", "late": "Late by",
    "grants": "Grants", "amount": "Awarded", "spent": "Spent so far", "told": "Spending told by",
    "reports": "Reports overdue", "recommendations": "Recommendations that they pay for",
    "before": "Before", "kpi": "Indicator", "stage": "Stage", "latest": "Latest",
    "target": "Target", "state": "Stands",
}  # fmt: skip
_TOGETHER = "All areas"
Rows = list[dict[str, Any]]


def show_actions(programme: Programme) -> list[Block]:
    """Return how many actions are in each state in each area, then what is overdue."""
    held = [area for area in programme.ready if area.read("actions") is not None]
    if not held:
        return [NoteBlock("info", "Actions", "No area has an action plan yet.")]
    rows = [_count_actions(area) for area in held]
    rows.append(_add_up(rows))
    frame = pd.DataFrame(rows).drop(columns=_find_unused(rows))
    anchors = [programme.lead(area, "cip:summary#action-status") for area in held]
    return [
        LinkedTable(
            block_id="programme-actions",
            caption="Actions by area and how they stand",
            frame=frame,
            leads={"area": [*anchors, ""]},
            column_labels=_LABELS | {status: status.capitalize() for status in STATUSES},
            note=_list_without(programme, "actions", "an action plan"),
            source_line=_SOURCE,
        ),
        *show_overdue(programme),
    ]


def _count_actions(area: AreaOutputs) -> dict[str, Any]:
    table = area.tables["actions"]
    counts = table["status"].value_counts()
    return {
        "area": area.title,
        **{status: int(counts.get(status, 0)) for status in STATUSES},
        "all": len(table),
        "overdue": int(table["is_overdue"].fillna(False).sum()),
        "unowned": int(table["is_unowned"].fillna(False).sum()),
    }


def _add_up(rows: Rows) -> dict[str, Any]:
    names = [name for name in rows[0] if name != "area"]
    return {"area": _TOGETHER, **{name: sum(row[name] for row in rows) for name in names}}


def _find_unused(rows: Rows) -> list[str]:
    """Return states that no action is in: a column of noughts only takes room."""
    return [status for status in ("on hold", "dropped") if not rows[-1][status]]


def show_overdue(programme: Programme) -> list[Block]:
    """Return what is overdue and whose it is, the longest first: actions and reports of grants."""
    found = [(area, row) for area in programme.ready for row in _list_overdue(area)]
    if not found:
        return [NoteBlock("info", "Overdue", "No action and no report of a grant is overdue.")]
    found.sort(key=lambda pair: -pair[1]["days"])
    frame = pd.DataFrame(
        {
            "lead": [row["lead"] for _, row in found],
            "area": [area.title for area, _ in found],
            "what": [row["what"] for _, row in found],
            "due": [row["due"] for _, row in found],
            "late": [count_days(row["days"]) for _, row in found],
        }
    )
    return [
        LinkedTable(
            block_id="programme-overdue",
            caption="Who is overdue, the longest first",
            frame=frame,
            leads={"what": [programme.lead(area, row["address"]) for area, row in found]},
            column_labels=_LABELS | {"lead": "Who answers for it"},
            source_line=_SOURCE,
        )
    ]


def _list_overdue(area: AreaOutputs) -> Rows:
    rows: Rows = []
    actions, grants = area.read("actions"), area.read("grants")
    for row in [] if actions is None else actions.to_dict("records"):
        if read_flag(row, "is_overdue"):
            rows.append(
                {
                    "lead": read_words(row, "lead") or NOBODY,
                    "what": f"Action: {read_words(row, 'action')}",
                    "due": word_day(read_words(row, "due")),
                    "days": int(row["days_overdue"]),
                    "address": lead_to("action", str(row["action_id"])),
                }
            )
    for row in [] if grants is None else grants.to_dict("records"):
        if read_words(row, "report") == OVERDUE:
            rows.append(
                {
                    "lead": read_words(row, "recipient"),
                    "what": f"Report of the grant: {read_words(row, 'project')}",
                    "due": word_day(read_words(row, "monitoring_due")),
                    "days": int(row["days_overdue"]),
                    "address": lead_to("grant", str(row["grant_id"])),
                }
            )
    return rows


def show_grants(programme: Programme) -> list[Block]:
    """Return the grants of each area and what was spent of them."""
    held = [area for area in programme.ready if area.read("grants") is not None]
    if not held:
        return [NoteBlock("info", "Grants", "No area has a register of grants yet.")]
    counted = [_count_grants(area) for area in held]
    counted.append(_add_up(counted))
    frame = pd.DataFrame(counted)
    frame["told"] = [f"{row['known']} of {row['awards']}" for row in counted]
    columns = ["area", "awards", "amount", "spent", "told", "reports"]
    return [
        LinkedTable(
            block_id="programme-grants",
            caption="Grants and what was spent of them",
            frame=frame[columns].rename(columns={"awards": "grants"}),
            column_labels=_LABELS,
            formats={"amount": "£{:,.0f}", "spent": "£{:,.0f}"},
            note="Grants that were withdrawn are left out. Spent is what is known of. "
            + _list_without(programme, "grants", "a register of grants"),
            source_line=_SOURCE,
        )
    ]


def _count_grants(area: AreaOutputs) -> dict[str, Any]:
    table = area.tables["grants"]
    own = table[table["status"].isin(AWARDED)]
    return {
        "area": area.title,
        "awards": len(own),
        "amount": float(own["amount"].sum()),
        "spent": float(own["spent"].sum()),
        "known": int(own["spent"].notna().sum()),
        "reports": int((table["report"] == OVERDUE).sum()),
    }


def show_kpis(programme: Programme) -> list[Block]:
    """Return the indicators of progress against their targets, by stage, then area."""
    table = programme.join("kpis")
    if table.empty:
        return [NoteBlock("info", "Targets", "No area has indicators of progress yet.")]
    rows = table.to_dict("records")
    frame = pd.DataFrame(
        {
            "kpi": [read_words(row, "label") for row in rows],
            "area": [row["area"] for row in rows],
            "before": [word_target(row, "baseline", "baseline_on") for row in rows],
            "latest": [word_target(row, "latest", "latest_on") for row in rows],
            "target": [word_target(row, "target", "target_by") for row in rows],
            "state": [read_words(row, "state") for row in rows],
        }
    )
    return [
        LinkedTable(
            block_id="programme-kpis",
            caption="Indicators of progress against their targets",
            frame=frame,
            leads={
                "kpi": lead_all(
                    programme, rows, [lead_to("kpi", str(row["kpi_id"])) for row in rows]
                )
            },
            column_labels=_LABELS,
            note=f"{_word_states(table)} An indicator is what an area counts by itself: it has no "
            "interval here. Changes that were tested stand under outcomes.",
            source_line=_SOURCE,
        )
    ]


def _word_states(table: pd.DataFrame) -> str:
    counts: Mapping[Any, int] = table["state"].value_counts().to_dict()
    told = [f"{counts[state]} {state}" for state in STATES if counts.get(state)]
    return f"Of {len(table)}: {', '.join(told)}."


def _list_without(programme: Programme, name: str, words: str) -> str:
    """Return which areas with a profile lack a table, as a sentence; empty where none does."""
    names = [area.title for area in programme.ready if area.read(name) is None]
    return f"Without {words}: {', '.join(names)}." if names else ""
