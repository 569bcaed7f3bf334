"""Two versions of the action plan: what was added, what was dropped, what is told otherwise."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from cip.framework.action_columns import list_action_columns

ADDED, TAKEN_OUT, CHANGED = "added", "dropped", "changed"


def compare_plans(old: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """Return what differs between two versions, actions matched by their id.

    Parameters
    ----------
    old, new
        As `cip.framework.action_reading.read_actions` gives them.

    Returns
    -------
    DataFrame
        One row per action that only one version has (``change`` is added or dropped, ``field`` is
        blank), and per cell that differs (``changed``): ``action_id, action, change, field,
        before, after``. The order is that of the new version, then what it no longer has. An
        action whose status became dropped is changed: it is still in the plan.
    """
    before, after = (table.set_index("id") for table in (old, new))
    rows = []
    for name, item in after.iterrows():
        if name not in before.index:
            rows.append((name, item["action"], ADDED, "", "", _write(item["status"])))
        else:
            rows += list(_compare(str(name), before.loc[name], item))
    for name in before.index.difference(after.index, sort=False):
        item = before.loc[name]
        rows.append((name, item["action"], TAKEN_OUT, "", _write(item["status"]), ""))
    columns = ["action_id", "action", "change", "field", "before", "after"]
    return pd.DataFrame(rows, columns=columns, dtype="str")


def _compare(name: str, before: pd.Series, after: pd.Series) -> Iterator[tuple[str, ...]]:
    for field in list_action_columns():
        if field == "id":
            continue
        first, second = _write(before[field]), _write(after[field])
        if first != second:
            yield name, after["action"], CHANGED, field, first, second


def _write(value: object) -> str:
    if isinstance(value, pd.Timestamp):
        return "" if pd.isna(value) else value.date().isoformat()
    return value.strip() if isinstance(value, str) else ""


def describe_changes(changes: pd.DataFrame) -> str:
    """Return how much differs, in one sentence.

    Examples
    --------
    >>> describe_changes(compare_plans(*[pd.DataFrame(columns=["id"])] * 2))
    'The two versions say the same.'
    """
    if changes.empty:
        return "The two versions say the same."
    kinds = changes.groupby("change")["action_id"].nunique()
    added, gone, changed = (int(kinds.get(kind, 0)) for kind in (ADDED, TAKEN_OUT, CHANGED))
    return f"{added} added, {gone} dropped, {changed} told otherwise."
