"""Lists of an officer's page: grants to monitor, assets in use, recommendations without an action."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from cip.catalogue.asset_types import load_asset_types
from cip.display.action_words import count_days, cut_words, read_flag, read_words, word_day
from cip.display.blocks import Block, NoteBlock
from cip.display.cells import is_missing
from cip.display.cited_text import make_href
from cip.display.finding_block import split_ids
from cip.display.programme_table import LinkedTable, lead_to
from cip.framework.action_columns import DROPPED
from cip.framework.actions import find_unserved
from cip.framework.grants import OFFERED, OVERDUE, RUNNING
from cip.framework.programme_plan import add_months

Tables = Mapping[str, pd.DataFrame]
Rows = list[dict[str, Any]]
_LABELS = {
    "recipient": "Recipient", "project": "What for", "report": "Report",
    "spent": "Spent of the award", "asset": "Asset", "kind": "Kind", "used": "Used by",
    "checked": "Last checked", "text": "Recommendation", "whom": "For whom",
    "priority": "Priority",
}  # fmt: skip
_LONG, _SHORT = 110, 60


def name_short(row: Mapping[str, Any]) -> str:
    """Return an action's number and its first words."""
    return f"{row['number']}. {cut_words(read_words(row, 'action').rstrip('.'), _SHORT)}"


def say_nothing(heading: str, words: str) -> NoteBlock:
    """Return the note that stands where a list is empty."""
    return NoteBlock("info", heading, words)


def list_reports(tables: Tables) -> Rows:
    """Return grants that are running or offered and whose report is not in."""
    table = tables.get("grants")
    if table is None:
        return []
    is_open = table["status"].isin((OFFERED, RUNNING)) | table["report"].eq(OVERDUE)
    rows = table[is_open & (table["monitoring_received"].fillna("") == "")].to_dict("records")
    return sorted(rows, key=lambda row: read_words(row, "monitoring_due") or "~")


def is_due_soon(row: Mapping[str, Any], today: date) -> bool:
    """Say whether a report is overdue or due within a month."""
    due = read_words(row, "monitoring_due")
    return bool(due) and due <= add_months(today, 1).isoformat()


def show_monitoring(tables: Tables, today: date) -> list[Block]:
    """Return the grants whose report is still to come, the earliest due first."""
    if "grants" not in tables:
        return [say_nothing("Grants to monitor", "No register of grants was handed over.")]
    rows = list_reports(tables)
    if not rows:
        return [say_nothing("Grants to monitor", "No grant has a report that is still to come.")]
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
        return [say_nothing("Assets", "No action names an asset that it uses.")]
    known = _index_assets(tables)
    rows = sorted(used.items(), key=lambda item: (-len(item[1]), _name_asset(item[0], known)))
    frame = pd.DataFrame(
        {
            "asset": [_name_asset(one, known) for one, _ in rows],
            "kind": [_word_kind(known.get(one)) for one, _ in rows],
            "used": ["; ".join(name_short(row) for row in own) for _, own in rows],
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


def find_missing(tables: Tables) -> list[str] | None:
    """Return ids of recommendations that no action carries out; None where there are none at all."""
    recommendations, actions = tables.get("recommendations"), tables.get("actions")
    if recommendations is None:
        return None
    ids = recommendations["recommendation_id"].astype(str).tolist()
    return ids if actions is None else find_unserved(ids, actions)


def show_unserved(tables: Tables) -> list[Block]:
    """Return the recommendations that no action carries out, those that matter most first."""
    ids = find_missing(tables)
    if ids is None:
        return [say_nothing("Recommendations", "No recommendations were handed over.")]
    if not ids:
        return [say_nothing("Recommendations", "Every recommendation has an action.")]
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


def _clean_text(text: str) -> str:
    """Return a recommendation without its citations."""
    return cut_words(re.sub(r"\s*\[[a-z]+:[^\]\s]+\]", "", text), 2 * _LONG)
