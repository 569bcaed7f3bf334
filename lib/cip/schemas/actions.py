"""The tables of the action plan: what is promised, and what has been said of it since."""

from __future__ import annotations

from cip.schemas.schema import TableSchema

_STAGE = "summary"

ACTIONS: dict[str, TableSchema] = {
    "actions": TableSchema(
        "action of the plan, with how it stands on the day of the report",
        {
            "action_id": "text",
            "number": "count",
            "action": "text",
            "recommendations": "text",
            "lead": "text",
            "partners": "text",
            "resources": "text",
            "assets": "text",
            "community_does": "text",
            "extra_support": "text",
            "start": "text",
            "due": "text",
            "status": "text",
            "measure": "text",
            "own_power": "text",
            "needs_whom": "text",
            "reviewed": "text",
            "updates": "count",
            "last_update": "text",
            "last_note": "text",
            "is_overdue": "flag",
            "days_overdue": "count",
            "is_due_soon": "flag",
            "is_unowned": "flag",
            "is_orphaned": "flag",
            "is_stalled": "flag",
            "file": "text",
            "line": "count",
        },
        ("action_id",),
        _STAGE,
    ),
    "action_log": TableSchema(
        "update on an action",
        {
            "entry": "count",
            "action_id": "text",
            "on": "text",
            "by": "text",
            "status": "text",
            "note": "text",
        },
        ("entry",),
        _STAGE,
    ),
}
