"""The action plan: read, judged on a day, compared with another version, and what it cites."""

from __future__ import annotations

import pandas as pd

from cip.framework.action_compare import compare_plans, describe_changes
from cip.framework.action_reading import ActionPlan, read_action_plan, read_actions
from cip.framework.action_standing import (
    Rules,
    count_statuses,
    find_unserved,
    share_power,
    stand_actions,
    tidy_log,
)
from cip.inputs import split_choices
from cip.schemas.summary import SUMMARY

__all__ = [
    "ActionPlan",
    "Rules",
    "compare_plans",
    "count_statuses",
    "describe_changes",
    "find_unserved",
    "list_action_citations",
    "read_action_plan",
    "read_actions",
    "share_power",
    "stand_actions",
    "tidy_log",
]

CITING_KIND = "action"


def list_action_citations(actions: pd.DataFrame) -> pd.DataFrame:
    """Return what the actions rest on, as rows of the table ``citations``.

    One row per action x recommendation that it carries out (``recommendation:<id>``) or asset
    that it uses (``asset:...``).

    Parameters
    ----------
    actions
        Table ``actions``.
    """
    rows = [
        (item.action_id, CITING_KIND, item.action, cited, item.file, item.line)
        for item in actions.itertuples()
        for cited in dict.fromkeys(
            [
                *(f"recommendation:{one}" for one in split_choices(item.recommendations)),
                *split_choices(item.assets),
            ]
        )
    ]
    columns = SUMMARY["citations"].columns
    kinds = {name: "Int64" if kind == "count" else "str" for name, kind in columns.items()}
    return pd.DataFrame(rows, columns=list(columns)).astype(kinds)
