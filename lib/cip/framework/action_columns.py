"""Columns of the action plan and of its log, and the states that an action can be in."""

from __future__ import annotations

import re

from cip.inputs import Column

PLANNED, UNDER_WAY, ON_HOLD, DONE, DROPPED = "planned", "under way", "on hold", "done", "dropped"
#: Every state, in the order in which they are counted.
STATUSES = (DONE, UNDER_WAY, ON_HOLD, PLANNED, DROPPED)
#: What still has to be done, so that it can be late.
OPEN_STATUSES = (PLANNED, UNDER_WAY, ON_HOLD)
#: What may be said of an action before the day on which it begins.
EARLY_STATUSES = (PLANNED, ON_HOLD, DROPPED)

OWN, OTHERS = "yes", "needs others"
_OTHERS = re.compile(r"needs others\s*:\s*(\S.*)", re.IGNORECASE | re.DOTALL)
_ROLE_AND_PLACE = "a role and its organisation, such as 'Housing officer, district council'"


def list_action_columns() -> dict[str, Column]:
    """Return the columns of ``actions.csv``."""
    return {
        "id": Column(
            required=True,
            description="Short name that never changes: letters, digits, hyphens, underscores.",
        ),
        "action": Column(required=True, privacy="role", description="What will be done."),
        "recommendation": Column(
            description="Ids of the recommendations that it carries out, parted by semicolons.",
        ),
        "lead": Column(
            privacy="role",
            description=f"Who answers for it: {_ROLE_AND_PLACE}; never a person's name. "
            "Blank while nobody does.",
        ),
        "partners": Column(
            privacy="role", description="Who else takes part, parted by semicolons."
        ),
        "resources": Column(privacy="role", description="Money, time and rooms that it takes."),
        "assets": Column(
            description="Assets that it uses: ids of the evidence page such as "
            "asset:own:friday-larder, parted by semicolons.",
        ),
        "community_does": Column(
            privacy="role", description="What the community is doing about this already."
        ),
        "extra_support": Column(privacy="role", description="Where more support would help."),
        "start": Column(kind="date", description="First day, as year-month-day."),
        "due": Column(kind="date", description="Day by which it is to be done."),
        "status": Column(
            kind="choice",
            required=True,
            choices=STATUSES,
            description="How it stands: the same as its latest update.",
        ),
        "measure": Column(privacy="role", description="How one will know that it worked."),
        "in_own_power": Column(
            privacy="role",
            description="yes where the steering group's partners can do it by themselves, else "
            "'needs others: ' and who.",
        ),
        "reviewed": Column(kind="date", description="Day on which the group last looked at it."),
    }


def list_log_columns() -> dict[str, Column]:
    """Return the columns of ``action_log.csv``."""
    return {
        "action": Column(required=True, description="Id of the action."),
        "on": Column(kind="date", required=True, description="Day of the update."),
        "by": Column(
            required=True,
            privacy="role",
            description="Role of whoever tells; never a person's name.",
        ),
        "status": Column(
            kind="choice", required=True, choices=STATUSES, description="How the action stands now."
        ),
        "note": Column(privacy="role", description="What was done, or what is in the way."),
    }


def read_power(cell: object) -> tuple[str, str] | None:
    """Return whether an action is in the group's own power, and who else is needed.

    Returns
    -------
    tuple or None
        ``("yes", "")``, ``("needs others", who)``, ``("", "")`` for a blank; None where the cell
        says neither.

    Examples
    --------
    >>> read_power("Needs others: the bus company"), read_power("perhaps")
    (('needs others', 'the bus company'), None)
    """
    if not isinstance(cell, str) or not cell.strip():
        return "", ""
    if cell.strip().casefold() == OWN:
        return OWN, ""
    found = _OTHERS.fullmatch(cell.strip())
    return (OTHERS, found[1].strip()) if found else None


def has_role_and_place(lead: str) -> bool:
    """Say whether a lead is written as a role and its organisation, parted by a comma.

    Examples
    --------
    >>> has_role_and_place("Housing officer, district council"), has_role_and_place("Jo")
    (True, False)
    """
    role, comma, place = lead.partition(",")
    return bool(role.strip() and comma and place.strip())


def describe_lead() -> str:
    """Return in words what the lead of an action looks like."""
    return _ROLE_AND_PLACE
