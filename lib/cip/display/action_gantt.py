"""The actions on a time axis, with the table behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import pandas as pd

from cip.display.action_words import (
    NOBODY,
    cut_words,
    list_signals,
    read_words,
    word_counts,
    word_span,
)
from cip.display.blocks import FigureBlock
from cip.display.chart_parts import write_alt
from cip.display.gantt import MOST_ROWS, Look, PlanRow, draw_gantt
from cip.display.status_page import describe_standing
from cip.framework.action_columns import DONE, DROPPED
from cip.framework.action_standing import count_statuses

#: What the plan is called under its figures.
PLAN_SOURCE = "Source: action plan of the steering group and its log of updates."
_LONGEST_LABEL = 86
_LABELS = {
    "action": "Action",
    "when": "When",
    "stands": "How it stands",
    "lead": "Lead",
    "measure": "How one will know",
}


def draw_action_times(actions: pd.DataFrame, *, today: date) -> FigureBlock | None:
    """Return the actions on a time axis, the earliest first; None where none has both its days.

    Parameters
    ----------
    actions
        Table ``actions``.
    today
        Date of the report.
    """
    rows = [row for row in actions.to_dict("records") if _has_days(row)]
    if not rows:
        return None
    rows.sort(key=lambda row: (row["start"], row["due"]))
    drawn = [_make_row(row) for row in rows]
    return FigureBlock(
        block_id="action-plan",
        title=describe_standing(actions).rstrip("."),
        lead=f"{word_counts(count_statuses(actions)).capitalize()}. The key calls an action a "
        "milestone.",
        svg=draw_gantt(drawn[:MOST_ROWS], today=today),
        alt=write_alt(
            "Action plan on a time axis",
            "actions",
            [f"{row.label}, {row.words.replace(';', ',')}" for row in drawn],
        ),
        source_line=PLAN_SOURCE,
        table=_tabulate(rows),
        note=_describe_left_out(len(rows), len(actions)),
        column_labels=_LABELS,
    )


def _has_days(row: Mapping[str, object]) -> bool:
    return bool(read_words(row, "start") and read_words(row, "due"))


def _describe_left_out(drawn: int, number: int) -> str:
    notes = [f"The chart shows the first {MOST_ROWS} of {drawn}."] if drawn > MOST_ROWS else []
    if left := number - drawn:
        notes.append(f"{left} of {number} actions have no first or no due day and are not drawn.")
    return " ".join(notes)


def _make_row(row: Mapping[str, object]) -> PlanRow:
    stands = ", ".join([read_words(row, "status"), *list_signals(row)])
    return PlanRow(
        label=cut_words(f"{row['number']}. {read_words(row, 'action')}", _LONGEST_LABEL),
        words=f"{word_span(read_words(row, 'start'), read_words(row, 'due'))}; {stands}",
        start=date.fromisoformat(read_words(row, "start")),
        end=date.fromisoformat(read_words(row, "due")),
        look=_pick_look(row),
    )


def _pick_look(row: Mapping[str, object]) -> Look:
    if row["status"] == DROPPED:
        return "cancelled"
    if bool(row["is_overdue"]):
        return "overdue"
    return "done" if row["status"] == DONE else "open"


def _tabulate(rows: Sequence[Mapping[str, object]]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "action": [f"{row['number']}. {read_words(row, 'action')}" for row in rows],
            "when": [word_span(read_words(r, "start"), read_words(r, "due")) for r in rows],
            "stands": [", ".join([read_words(r, "status"), *list_signals(r)]) for r in rows],
            "lead": [read_words(row, "lead") or NOBODY for row in rows],
            "measure": [read_words(row, "measure") or "not said" for row in rows],
        }
    )
