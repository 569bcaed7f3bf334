"""How the actions stand on a day: late, stalled, without a lead, without a recommendation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import pandas as pd

from cip.framework.action_checks import find_latest
from cip.framework.action_columns import (
    DROPPED,
    ON_HOLD,
    OPEN_STATUSES,
    OTHERS,
    OWN,
    STATUSES,
    UNDER_WAY,
    read_power,
)
from cip.framework.action_reading import ActionPlan
from cip.inputs import split_choices
from cip.schemas.actions import ACTIONS

#: Work of which nothing was heard for so long has stalled.
STALLED_AFTER_MONTHS = 3
#: What ends within so many days is due soon.
DUE_SOON_DAYS = 30
_COPIED = ("action", "lead", "partners", "resources", "community_does", "extra_support", "status")
_KINDS = {"text": "str", "count": "Int64", "flag": "boolean"}


@dataclass(frozen=True)
class Rules:
    """From when on work is late in being told of.

    Parameters
    ----------
    stalled_after_months
        Months without an update or a review after which work under way or on hold has stalled.
    due_soon_days
        Days before the due day from which on an action is due soon.
    """

    stalled_after_months: int = STALLED_AFTER_MONTHS
    due_soon_days: int = DUE_SOON_DAYS


def stand_actions(plan: ActionPlan, rules: Rules | None = None) -> pd.DataFrame:
    """Return the table ``actions``: one row per action, in the order of the file.

    An action is overdue from the day after its due day while it is open (planned, under way or on
    hold); stalled where it is under way or on hold and neither its latest update, its review nor
    its start is within `Rules.stalled_after_months`. What is done or dropped is neither, nor is
    it without a lead. Without a recommendation is every action that names none and is not dropped.
    """
    rules = rules or Rules()
    latest = find_latest(plan.log)
    updates = plan.log["action"].value_counts()
    rows = [
        _describe(item, number, plan, latest, int(updates.get(item.id, 0)), rules)
        for number, item in enumerate(plan.actions.itertuples(), start=1)
    ]
    return _make_table(rows, "actions")


def _describe(
    item, number: int, plan: ActionPlan, latest: pd.DataFrame, updates: int, rules: Rules
) -> dict[str, object]:
    power = read_power(item.in_own_power) or ("", "")
    last = latest.loc[item.id] if item.id in latest.index else None
    row: dict[str, object] = {name: _read(getattr(item, name)) for name in (*_COPIED, "measure")}
    row |= {
        "action_id": item.id,
        "number": number,
        "recommendations": "; ".join(split_choices(item.recommendation)),
        "assets": "; ".join(split_choices(item.assets)),
        "own_power": power[0],
        "needs_whom": power[1],
        "updates": updates,
        "last_update": "" if last is None else _write_day(last["on"]),
        "last_note": "" if last is None else _read(last["note"]),
        "file": plan.file,
        "line": int(item.row),
    }
    row |= {name: _write_day(getattr(item, name)) for name in ("start", "due", "reviewed")}
    return row | _judge(item, last, plan.today, rules)


def _judge(item, last: pd.Series | None, today: date, rules: Rules) -> dict[str, object]:
    now = pd.Timestamp(today)
    is_open = item.status in OPEN_STATUSES
    left = (item.due - now).days if pd.notna(item.due) else None
    is_overdue = is_open and left is not None and left < 0
    return {
        "is_overdue": is_overdue,
        "days_overdue": -left if is_overdue and left is not None else None,
        "is_due_soon": is_open and left is not None and 0 <= left <= rules.due_soon_days,
        "is_unowned": is_open and pd.isna(item.lead),
        "is_orphaned": item.status != DROPPED and not split_choices(item.recommendation),
        "is_stalled": item.status in (UNDER_WAY, ON_HOLD)
        and _is_silent(item, last, now, rules.stalled_after_months),
    }


def _is_silent(item, last: pd.Series | None, now: pd.Timestamp, months: int) -> bool:
    """Say whether nothing was heard for so many months; with no day at all, nothing ever was."""
    days = [item.start, item.reviewed, *([] if last is None else [last["on"]])]
    heard = max((day for day in days if pd.notna(day)), default=None)
    return heard is None or heard < now - pd.DateOffset(months=months)


def tidy_log(plan: ActionPlan) -> pd.DataFrame:
    """Return the table ``action_log``: one row per update, the earliest first."""
    ordered = plan.log.sort_values("on", kind="stable")
    rows = [
        {
            "entry": entry,
            "action_id": item.action,
            "on": _write_day(item.on),
            **{name: _read(getattr(item, name)) for name in ("by", "status", "note")},
        }
        for entry, item in enumerate(ordered.itertuples(), start=1)
    ]
    return _make_table(rows, "action_log")


def count_statuses(actions: pd.DataFrame) -> dict[str, int]:
    """Return how many actions are in each state, every state in its order."""
    counted = actions["status"].value_counts()
    return {status: int(counted.get(status, 0)) for status in STATUSES}


def find_unserved(recommendations: Iterable[str], actions: pd.DataFrame) -> list[str]:
    """Return the recommendations that no action carries out, but for actions that are dropped.

    Parameters
    ----------
    recommendations
        Ids, in the order in which they are told.
    actions
        Table ``actions``.
    """
    kept = actions[actions["status"] != DROPPED]
    served = {part for cell in kept["recommendations"] for part in split_choices(cell)}
    return [name for name in recommendations if name not in served]


def share_power(actions: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return the actions that are not dropped by whose power they are in.

    Keys ``yes``, ``needs others`` and ``""`` (not said); the rows are those of the table.
    """
    kept = actions[actions["status"] != DROPPED]
    return {power: kept[kept["own_power"] == power] for power in (OWN, OTHERS, "")}


def _read(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _write_day(day: object) -> str:
    return day.date().isoformat() if isinstance(day, pd.Timestamp) and pd.notna(day) else ""


def _make_table(rows: list[dict[str, object]], name: str) -> pd.DataFrame:
    columns = ACTIONS[name].columns
    table = pd.DataFrame(rows, columns=list(columns), dtype="object")
    return table.astype({column: _KINDS[kind] for column, kind in columns.items()})
