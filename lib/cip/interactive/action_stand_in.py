"""What stands in for the editor of the plan where nobody can click: how much there is to look at."""

from __future__ import annotations

import pandas as pd

from cip.display.blocks import KeyFacts


def count_actions(actions: pd.DataFrame) -> KeyFacts:
    """Return how many actions there are, and what of them needs the group.

    Parameters
    ----------
    actions
        Table ``actions``.
    """

    def count(name: str) -> str:
        return f"{int(actions[name].sum()):,}"

    facts = [
        ("Actions", f"{len(actions):,}", f"{int(actions['updates'].sum()):,} updates in the log"),
        ("Overdue", count("is_overdue"), "open after their due day"),
        ("Stalled", count("is_stalled"), "nothing heard of them for long"),
        ("Without a lead", count("is_unowned"), "open, and nobody answers for them"),
    ]
    return KeyFacts(facts, block_id="action-editor")
