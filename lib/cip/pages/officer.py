"""The page of an area's Community Health Development Officer: what to do next, and with whom.

Everything is taken from the area's hand-over tables; people stand in it as roles.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd

from cip.catalogue.programme import cite_programme
from cip.display.action_words import (
    NOBODY,
    count_days,
    cut_words,
    list_signals,
    read_words,
    word_day,
)
from cip.display.blocks import Block, KeyFacts, NoteBlock, TableBlock
from cip.display.finding_block import split_ids
from cip.display.programme_table import LinkedTable, lead_to
from cip.framework.action_columns import OPEN_STATUSES
from cip.framework.programme_plan import add_months
from cip.pages.officer_gaps import show_gaps
from cip.pages.officer_lists import (
    find_missing,
    is_due_soon,
    list_reports,
    name_short,
    say_nothing,
    show_assets_used,
    show_monitoring,
    show_unserved,
)

Tables = Mapping[str, pd.DataFrame]
Rows = list[dict[str, Any]]
_PLAN = "Source: action plan of the steering group and its log of updates."
_LABELS = {
    "action": "Action", "due": "Due", "stands": "How it stands", "lead": "Lead",
    "last": "Last heard", "actions": "Their open actions", "next": "Next due",
    "partners": "Partners named",
}  # fmt: skip
_LONG = 110


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
    waiting = [row for row in list_reports(tables) if is_due_soon(row, today)]
    missing = find_missing(tables)
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
        return [say_nothing("Due this month", "No action plan was handed over.")]
    due, late = _find_due(tables, today)
    rows = sorted([*late, *due], key=lambda row: read_words(row, "due"))
    if not rows:
        return [say_nothing("Due this month", "No action is overdue or due within a month.")]
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
        return [say_nothing("Who to meet", "No action is open, so that nobody answers for one.")]
    by_lead: dict[str, Rows] = {}
    for row in rows:
        by_lead.setdefault(read_words(row, "lead") or NOBODY, []).append(row)
    held = sorted(by_lead.items(), key=lambda item: (item[0] == NOBODY, _next_due(item[1])))
    frame = pd.DataFrame(
        {
            "lead": [lead for lead, _ in held],
            "actions": ["; ".join(name_short(row) for row in own) for _, own in held],
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


def _next_due(rows: Rows) -> str:
    """Return the earliest day; what has none comes after every day."""
    return min((day for row in rows if (day := read_words(row, "due"))), default="~")


def _word_heard(rows: Rows) -> str:
    day = max((read_words(row, "last_update") for row in rows), default="")
    return word_day(day) if day else "nothing yet"


def _join_partners(rows: Rows) -> str:
    names = (name for row in rows for name in split_ids(read_words(row, "partners")))
    return "; ".join(dict.fromkeys(names)) or "none"
