"""What the columns of the tables of the action plan hold."""

from __future__ import annotations

from cip.framework.action_columns import STATUSES
from cip.framework.action_standing import DUE_SOON_DAYS, STALLED_AFTER_MONTHS

_STATUS = f"how it stands: {', '.join(STATUSES)}"

#: By ``table.column``, so that words of other chapters' tables stay as they are.
ACTION_WORDS: dict[str, str] = {
    "actions.action_id": "identifier of the action",
    "actions.number": "number of the action in the plan",
    "actions.action": "what will be done",
    "actions.recommendations": "identifiers of the recommendations that it carries out",
    "actions.lead": "role and organisation that answer for it; empty while nobody does",
    "actions.partners": "who else takes part",
    "actions.resources": "money, time and rooms that it takes",
    "actions.assets": "identifiers of the assets that it uses, as the ledger has them",
    "actions.community_does": "what the community is doing about this already",
    "actions.extra_support": "where more support would help",
    "actions.start": "first day",
    "actions.due": "day by which it is to be done",
    "actions.status": _STATUS,
    "actions.measure": "how one will know that it worked",
    "actions.own_power": "yes where the group can do it by itself, else needs others",
    "actions.needs_whom": "who else is needed",
    "actions.reviewed": "day on which the group last looked at it",
    "actions.updates": "number of updates in the log",
    "actions.last_update": "day of the latest update",
    "actions.last_note": "what the latest update says",
    "actions.is_overdue": "True where it is open and its due day is past",
    "actions.days_overdue": "days since the due day, where it is overdue",
    "actions.is_due_soon": f"True where it is open and due within {DUE_SOON_DAYS} days",
    "actions.is_unowned": "True where it is open and has no lead",
    "actions.is_orphaned": "True where it carries out no recommendation",
    "actions.is_stalled": "True where it is under way or on hold and nothing was heard of it for "
    f"{STALLED_AFTER_MONTHS} months",
    "actions.file": "file that it stands in",
    "actions.line": "row of the file",
    "action_log.entry": "place among the updates, the earliest first",
    "action_log.action_id": "identifier of the action",
    "action_log.on": "day of the update",
    "action_log.by": "role of whoever told",
    "action_log.status": _STATUS,
    "action_log.note": "what was done, or what is in the way",
}
