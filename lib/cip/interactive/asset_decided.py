"""Answers about pairs of records, as a change to the area's table of decisions."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from cip.assets.decisions import plan_decisions
from cip.interactive.asset_changes import PlannedChange, plan_change, propose_path
from cip.interactive.asset_settling import Settling
from cip.interactive.asset_sheet import describe_likeness

if TYPE_CHECKING:
    from cip.params import ParameterFile

INPUT = "asset_decisions"


def plan_answers(file: ParameterFile, settling: Settling, *, today: date) -> PlannedChange:
    """Work out the table of decisions with the answers given so far; nothing is written.

    Parameters
    ----------
    file
        The parameter file, which names the table or will.
    settling
        The answers.
    today
        Day of the decisions.

    Raises
    ------
    ParameterError
        If the table cannot be read or the answers contradict what it says, or one another.
    """
    path = propose_path(file, INPUT)
    before = path.read_bytes() if path.exists() else None
    rows = []
    for pair, answer in settling.answers:
        found = settling.find(pair)
        rows.append(
            {
                **{name: found[name] for name in ("asset_id_a", "asset_id_b", "name_a", "name_b")},
                "why": describe_likeness(found),
                "decision": answer,
                "decided_on": today.isoformat(),
            }
        )
    after = plan_decisions(path, rows).encode("utf-8")
    return plan_change(file, INPUT, path, before=before, after=after)
