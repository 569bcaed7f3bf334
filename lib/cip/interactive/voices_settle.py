"""Settling where coders differ: theme by theme, side by side, written with the day."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from cip.engagement.coding_settled import APPLIES, DECISIONS, DOES_NOT_APPLY
from cip.errors import ParameterError
from cip.interactive.voices_ledger import Ledger, Target
from cip.interactive.voices_state import VoicesState

OPEN = ""
_SAID = {APPLIES: "applies", DOES_NOT_APPLY: "does not apply", OPEN: "left open"}


def count_open(state: VoicesState) -> int:
    """Return on how many excerpts and themes coders differ without a decision."""
    return int(state.list_disputes()["decision"].isna().sum())


def show_settling(state: VoicesState, current: str) -> dict[str, Any]:
    """Return the excerpts on which coders differ, and one of them with both sides."""
    disputes = state.list_disputes()
    left = disputes["decision"].isna().groupby(disputes["excerpt_id"], sort=False)
    listed = [
        [excerpt, f"{excerpt}: {int(part.sum())} of {len(part)} open"] for excerpt, part in left
    ]
    known = [excerpt for excerpt, _ in listed]
    if current not in known:
        current = find_next_open(state, "")
    words = f"{count_open(state):,} of {len(disputes):,} differences wait for a decision."
    view: dict[str, Any] = {"found": words, "listed": listed, "current": current, "excerpt": None}
    if current:
        rows = disputes[disputes["excerpt_id"] == current]
        view["excerpt"] = {
            "id": current,
            "text": str(state.find(current)["text"]),
            "coders": [c for c, codes in state.codes.items() if current in codes],
            "themes": [_show_theme(state, row) for row in rows.to_dict("records")],
        }
    return view


def find_next_open(state: VoicesState, after: str) -> str:
    """Return the next excerpt with an open difference, else the first that has any."""
    disputes = state.list_disputes()
    every = disputes["excerpt_id"].unique().tolist()
    waiting = set(disputes.loc[disputes["decision"].isna(), "excerpt_id"])
    start = every.index(after) + 1 if after in every else 0
    ordered = [*every[start:], *every[:start]]
    return next((one for one in ordered if one in waiting), ordered[0] if ordered else "")


def settle_theme(
    state: VoicesState, target: Target, ledger: Ledger, *, excerpt: str, theme: str, decision: str
) -> str:
    """Write a decision with today's date, and return what was done in words.

    Raises
    ------
    ParameterError
        If coders do not differ on this, the decision is none, or the file cannot be written.
    """
    disputes = state.list_disputes()
    is_there = disputes["excerpt_id"].eq(excerpt) & disputes["theme_id"].eq(theme)
    if not is_there.any():
        raise ParameterError("coders do not differ on this theme of this excerpt")
    if decision not in (*DECISIONS, OPEN):
        raise ParameterError("this is no decision")
    words = f"{excerpt}: {state.name_theme(theme)} {_SAID[decision]}."
    key = {"excerpt_id": excerpt, "theme_id": theme}
    day = date.today().isoformat() if decision else ""
    ledger.write(target, key, {"decision": decision, "decided_on": day}, words)
    return words


def _show_theme(state: VoicesState, row: dict[str, Any]) -> dict[str, Any]:
    is_open = pd.isna(row["decision"])
    known = state.codebook.by_id.get(row["theme_id"])
    yes = str(row["applied_by"]).split(", ")
    return {
        "id": row["theme_id"],
        "name": state.name_theme(row["theme_id"]),
        "about": known.description if known else "",
        "yes": yes,
        "decision": OPEN if is_open else row["decision"],
        "day": "" if is_open or pd.isna(row["decided_on"]) else row["decided_on"],
    }
