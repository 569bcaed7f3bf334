"""The page of an area's Community Health Development Officer: what to do next, and with whom.

Everything is taken from the area's hand-over tables; people stand in it as roles.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd

from cip.catalogue.asset_types import load_asset_types
from cip.catalogue.programme import cite_programme
from cip.display.action_words import (
    NOBODY,
    count_days,
    cut_words,
    list_signals,
    read_flag,
    read_words,
    word_day,
)
from cip.display.blocks import Block, KeyFacts, NoteBlock, TableBlock
from cip.display.cells import is_missing
from cip.display.cited_text import make_href
from cip.display.finding_block import split_ids
from cip.display.programme_table import LinkedTable, lead_to
from cip.framework.action_columns import DROPPED, OPEN_STATUSES
from cip.framework.actions import find_unserved
from cip.framework.grants import OFFERED, RUNNING
from cip.framework.programme_plan import add_months

Tables = Mapping[str, pd.DataFrame]
Rows = list[dict[str, Any]]
_PLAN = "Source: action plan of the steering group and its log of updates."
_LABELS = {
    "action": "Action", "due": "Due", "stands": "How it stands", "lead": "Lead",
    "last": "Last heard", "actions": "Their open actions", "next": "Next due",
    "partners": "Partners named", "recipient": "Recipient", "project": "What for",
    "report": "Report", "spent": "Spent of the award", "asset": "Asset", "kind": "Kind",
    "used": "Used by", "checked": "Last checked", "text": "Recommendation", "whom": "For whom",
    "priority": "Priority", "within": "Within", "reached": "Residents reached",
    "beyond": "Residents beyond", "group": "Group", "share": "Of those who answered",
    "population": "Of residents", "base": "Answered", "ratio": "Heard for each one expected",
}  # fmt: skip
_LONG = 110
#: Reach is a gap where more than half of the residents live beyond the longest distance measured.
_GAP_SHARE, _MOST_GAPS = 0.5, 6


def list_officer_sections(
    tables: Tables, *, today: date, reach: Sequence[Block] = ()
) -> list[tuple[str, list[Block]]]:
    """Return the page's sections: heading and blocks each.

    Parameters
    ----------
    tables
        Hand-over tables of the area, by name, as far as it has them.
    today
        Day from which the month is counted.
    reach
        What the programme says of its targets of reach here.
    """
    return [
        ("The month at a glance", show_month(tables, today)),
        ("Due this month", show_due(tables, today)),
        ("Who to meet", show_leads(tables)),
        ("Grants to monitor", show_monitoring(tables, today)),
        ("Assets that the actions use", show_assets_used(tables)),
        ("Recommendations without an action", show_unserved(tables)),
        ("Gaps in reach", [*reach, *show_gaps(tables)]),
    ]


def show_month(tables: Tables, today: date) -> list[Block]:
    """Return the month in figures."""
    due, late = _find_due(tables, today)
    waiting = [row for row in _list_reports(tables) if _reports_until(row, today)]
    missing = _find_missing(tables)
    until = word_day(add_months(today, 1).isoformat())
    facts = [
        ("Actions due", f"{len(due)}", f"until {until}"),
        ("Actions overdue", f"{len(late)}", ""),
        ("Reports of grants due", f"{len(waiting)}", "or overdue"),
        ("Recommendations without an action", "–" if missing is None else f"{len(missing)}", ""),
    ]
    source = NoteBlock("info", "What this page is for", f"{_DOES} {cite_programme('framework')}.")
    return [KeyFacts(facts, block_id="officer"), source]


_DOES = (
    "It is a working list for the Community Health Development Officer, who brings organisations "
    "together, helps groups to apply for money, and sees that what was promised is done and "
    "looked at afterwards. Whoever has no officer can use it in a meeting of the steering group."
)


def _open_actions(tables: Tables) -> Rows:
    table = tables.get("actions")
    if table is None:
        return []
    return table[table["status"].isin(OPEN_STATUSES)].to_dict("records")


def _find_due(tables: Tables, today: date) -> tuple[Rows, Rows]:
    """Return open actions that are due within a month, and those that are overdue."""
    first, last = today.isoformat(), add_months(today, 1).isoformat()
    dated = [row for row in _open_actions(tables) if read_words(row, "due")]
    due = [row for row in dated if first <= read_words(row, "due") <= last]
    return due, [row for row in dated if read_words(row, "due") < first]


def show_due(tables: Tables, today: date) -> list[Block]:
    """Return what is overdue and what is due within a month, the earliest first."""
    if "actions" not in tables:
        return [_say_nothing("No action plan was handed over.")]
    due, late = _find_due(tables, today)
    rows = sorted([*late, *due], key=lambda row: read_words(row, "due"))
    if not rows:
        return [_say_nothing("No action is overdue or due within a month.")]
    frame = pd.DataFrame(
        {
            "action": [_name_action(row) for row in rows],
            "due": [word_day(read_words(row, "due")) for row in rows],
            "stands": [_word_standing(row, today) for row in rows],
            "lead": [read_words(row, "lead") or NOBODY for row in rows],
            "last": [_word_last(row) for row in rows],
        }
    )
    return [_table("officer-due", "Overdue, and due within a month", frame, rows)]


def _table(block_id: str, caption: str, frame: pd.DataFrame, rows: Rows) -> LinkedTable:
    return LinkedTable(
        block_id=block_id,
        caption=caption,
        frame=frame,
        leads={"action": [lead_to("action", str(row["action_id"])) for row in rows]},
        column_labels=_LABELS,
        source_line=_PLAN,
    )


def _name_action(row: Mapping[str, Any]) -> str:
    return f"{row['number']}. {cut_words(read_words(row, 'action'), _LONG)}"


def _word_standing(row: Mapping[str, Any], today: date) -> str:
    days = (date.fromisoformat(read_words(row, "due")) - today).days
    when = f"overdue by {count_days(-days)}" if days < 0 else f"in {count_days(days)}"
    signals = [one for one in list_signals(row) if not one.startswith(("overdue", "due"))]
    return "; ".join([read_words(row, "status"), "today" if days == 0 else when, *signals])


def _word_last(row: Mapping[str, Any]) -> str:
    day, note = read_words(row, "last_update"), read_words(row, "last_note")
    if not day:
        return "nothing yet"
    return f"{word_day(day)}: {cut_words(note, _LONG)}" if note else word_day(day)


def show_leads(tables: Tables) -> list[Block]:
    """Return who answers for open actions, by role, the earliest due first; then what has nobody."""
    rows = _open_actions(tables)
    if not rows:
        return [_say_nothing("No action is open, so that nobody answers for one.")]
    by_lead: dict[str, Rows] = {}
    for row in rows:
        by_lead.setdefault(read_words(row, "lead") or NOBODY, []).append(row)
    held = sorted(by_lead.items(), key=lambda item: (item[0] == NOBODY, _next_due(item[1])))
    frame = pd.DataFrame(
        {
            "lead": [lead for lead, _ in held],
            "actions": [f"{len(own)}: {'; '.join(_name_short(r) for r in own)}" for _, own in held],
            "next": [word_day(_next_due(own).removesuffix("~")) for _, own in held],
            "last": [_word_heard(own) for _, own in held],
            "partners": [_join_partners(own) for _, own in held],
        }
    )
    return [
        TableBlock(
            block_id="officer-leads",
            caption="Who answers for open actions",
            frame=frame,
            column_labels=_LABELS,
            note="By role and organisation. The action plan names no person.",
            source_line=_PLAN,
        )
    ]


def _name_short(row: Mapping[str, Any]) -> str:
    return f"{row['number']}. {cut_words(read_words(row, 'action'), 60)}"


def _next_due(rows: Rows) -> str:
    """Return the earliest day; what has none comes after every day."""
    return min((day for row in rows if (day := read_words(row, "due"))), default="~")


def _word_heard(rows: Rows) -> str:
    day = max((read_words(row, "last_update") for row in rows), default="")
    return word_day(day) if day else "nothing yet"


def _join_partners(rows: Rows) -> str:
    names = (name for row in rows for name in split_ids(read_words(row, "partners")))
    return "; ".join(dict.fromkeys(names)) or "none"


def _list_reports(tables: Tables) -> Rows:
    """Return grants that are running or offered and whose report is not in."""
    table = tables.get("grants")
    if table is None:
        return []
    is_open = table["status"].isin((OFFERED, RUNNING)) | table["report"].eq("overdue")
    rows = table[is_open & (table["monitoring_received"].fillna("") == "")].to_dict("records")
    return sorted(rows, key=lambda row: read_words(row, "monitoring_due") or "~")


def _reports_until(row: Mapping[str, Any], today: date) -> bool:
    due = read_words(row, "monitoring_due")
    return bool(due) and due <= add_months(today, 1).isoformat()


def show_monitoring(tables: Tables, today: date) -> list[Block]:
    """Return the grants whose report is still to come, the earliest due first."""
    if "grants" not in tables:
        return [_say_nothing("No register of grants was handed over.")]
    rows = _list_reports(tables)
    if not rows:
        return [_say_nothing("No grant has a report that is still to come.")]
    frame = pd.DataFrame(
        {
            "project": [cut_words(read_words(row, "project"), _LONG) for row in rows],
            "recipient": [read_words(row, "recipient") for row in rows],
            "report": [_word_report(row, today) for row in rows],
            "spent": [_word_spent(row) for row in rows],
        }
    )
    return [
        LinkedTable(
            block_id="officer-grants",
            caption="Grants whose report is still to come",
            frame=frame,
            leads={"project": [lead_to("grant", str(row["grant_id"])) for row in rows]},
            column_labels=_LABELS,
            source_line="Source: register of grants.",
        )
    ]


def _word_report(row: Mapping[str, Any], today: date) -> str:
    due = read_words(row, "monitoring_due")
    if not due:
        return "no day agreed"
    days = (date.fromisoformat(due) - today).days
    if days == 0:
        return f"due today, {word_day(due)}"
    when = f"overdue by {count_days(-days)}" if days < 0 else f"in {count_days(days)}"
    return f"{word_day(due)}, {when}"


def _word_spent(row: Mapping[str, Any]) -> str:
    if is_missing(row["spent"]):
        return f"not told, of £{float(row['amount']):,.0f}"
    return f"£{float(row['spent']):,.0f} of £{float(row['amount']):,.0f}"


def show_assets_used(tables: Tables) -> list[Block]:
    """Return the assets that actions use, with the actions, and which need to be checked again."""
    used: dict[str, Rows] = {}
    for row in _kept_actions(tables):
        for one in split_ids(read_words(row, "assets")):
            used.setdefault(one, []).append(row)
    if not used:
        return [_say_nothing("No action names an asset that it uses.")]
    known = _index_assets(tables)
    rows = sorted(used.items(), key=lambda item: (-len(item[1]), _name_asset(item[0], known)))
    frame = pd.DataFrame(
        {
            "asset": [_name_asset(one, known) for one, _ in rows],
            "kind": [_word_kind(known.get(one)) for one, _ in rows],
            "used": ["; ".join(_name_short(row) for row in own) for _, own in rows],
            "checked": [_word_checked(known.get(one)) for one, _ in rows],
        }
    )
    return [
        LinkedTable(
            block_id="officer-assets",
            caption="Assets, and the actions that use them",
            frame=frame,
            leads={"asset": [make_href(one) if one in known else "" for one, _ in rows]},
            column_labels=_LABELS,
            source_line="Source: action plan and asset map.",
        )
    ]


def _kept_actions(tables: Tables) -> Rows:
    table = tables.get("actions")
    return [] if table is None else table[table["status"] != DROPPED].to_dict("records")


def _index_assets(tables: Tables) -> dict[str, dict[str, Any]]:
    table = tables.get("assets")
    if table is None:
        return {}
    return {f"asset:{row['asset_id']}": row for row in table.to_dict("records")}


def _name_asset(one: str, known: Mapping[str, Mapping[str, Any]]) -> str:
    return read_words(known[one], "name") if one in known else one.removeprefix("asset:")


def _word_kind(row: Mapping[str, Any] | None) -> str:
    if row is None:
        return "not on the asset map"
    entry = load_asset_types().get(str(row["asset_type"]))
    return entry.label if entry else str(row["asset_type"])


def _word_checked(row: Mapping[str, Any] | None) -> str:
    if row is None:
        return "–"
    if not is_missing(row["still_active"]) and not row["still_active"]:
        return "found to be gone"
    day = read_words(row, "last_reviewed") or read_words(row, "last_checked")
    again = "; check again" if read_flag(row, "is_stale") else ""
    return f"{word_day(day)}{again}" if day else f"no day{again}"


def _find_missing(tables: Tables) -> list[str] | None:
    """Return ids of recommendations that no action carries out; None where there are none at all."""
    recommendations, actions = tables.get("recommendations"), tables.get("actions")
    if recommendations is None:
        return None
    ids = recommendations["recommendation_id"].astype(str).tolist()
    return ids if actions is None else find_unserved(ids, actions)


def show_unserved(tables: Tables) -> list[Block]:
    """Return the recommendations that no action carries out, those that matter most first."""
    ids = _find_missing(tables)
    if ids is None:
        return [_say_nothing("No recommendations were handed over.")]
    if not ids:
        return [_say_nothing("Every recommendation has an action.")]
    table = tables["recommendations"]
    order = {"high": 0, "medium": 1, "low": 2}
    rows = table[table["recommendation_id"].isin(ids)].to_dict("records")
    rows.sort(key=lambda row: (order.get(read_words(row, "priority"), 3), int(row["number"])))
    frame = pd.DataFrame(
        {
            "text": [_clean_text(read_words(row, "text")) for row in rows],
            "whom": [read_words(row, "for_whom") for row in rows],
            "priority": [read_words(row, "priority") or "not said" for row in rows],
        }
    )
    leads = [lead_to("recommendation", str(row["recommendation_id"])) for row in rows]
    return [
        LinkedTable(
            block_id="officer-unserved",
            caption="Recommendations that no action carries out",
            frame=frame,
            leads={"text": leads},
            column_labels=_LABELS,
            source_line="Source: recommendations and action plan.",
        )
    ]


def _say_nothing(words: str) -> NoteBlock:
    return NoteBlock("info", words.rstrip("."), "There is nothing to do about this here.")


_ = Callable
