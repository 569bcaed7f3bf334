"""The report on a programme: outcomes of all areas side by side, never ranked and never averaged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from cip.catalogue.evaluation import load_outcome_goals
from cip.display.action_words import read_words
from cip.display.blocks import Block, NoteBlock
from cip.display.change_chart import chart_changes
from cip.display.programme_table import LinkedTable, lead_to
from cip.display.programme_words import word_change, word_figure, word_interval
from cip.pages.programme import Programme

_SOURCE = "Source: measurements of each area's profile."
_LABELS = {
    "outcome": "Outcome", "area": "Area", "before": "Before", "after": "After",
    "change": "Change", "basis": "Interval, or why none",
}  # fmt: skip
_LONG_REASON = 45
#: So many lines of a chart fit a page of A4.
MOST_LINES = 6
_NO_RANKING = (
    "Areas stand in the order of the programme file. They are not ranked and their changes are not "
    "averaged. They began at different times and from different places, asked different people, "
    "sometimes in other words, and most bases are small: an order would mostly tell chance. An "
    "interval that takes in zero means that chance alone could have made the difference."
)
Rows = list[dict[str, Any]]


def show_outcomes(programme: Programme) -> list[Block]:
    """Return the outcomes of all areas, a table for each of the six goals."""
    table = programme.join("outcomes")
    if table.empty:
        return [NoteBlock("info", "Outcomes", "No area has measured an outcome yet.")]
    goals = {name: goal.label for name, goal in load_outcome_goals().items()}
    known = table["goal"].where(table["goal"].isin(goals), "").fillna("")
    parts = [
        (goal or "other", label, _order_outcomes(programme, table[known == goal]))
        for goal, label in [*goals.items(), ("", "Other outcomes")]
        if (known == goal).any()
    ]
    return [
        NoteBlock("info", "Why areas are not ranked", _NO_RANKING),
        *_chart_outcomes([part for _, _, part in parts]),
        *(_tabulate_outcomes(programme, part, goal, label) for goal, label, part in parts),
    ]


def _order_outcomes(programme: Programme, table: pd.DataFrame) -> pd.DataFrame:
    """Return one goal: what measures the same stands together, areas in the programme's order."""
    order = {area.id: place for place, area in enumerate(programme.areas)}
    key = table["taken_from"].fillna("").where(lambda s: s != "", table["measure"])
    first = {name: place for place, name in enumerate(dict.fromkeys(key))}
    table = table.assign(_same=key.map(first), _area=table["area_id"].map(order))
    return table.sort_values(["_same", "_area", "number"], kind="stable")


def _chart_outcomes(parts: Sequence[pd.DataFrame]) -> list[Block]:
    """Return the changes of shares with their intervals, so many to a chart."""
    rows = pd.concat(parts, ignore_index=True)
    named = rows["area"] + ": " + rows["outcome"].astype("str")
    shares = rows.assign(outcome=named)
    shares = shares[(shares["unit"] == "%") & shares["difference"].notna()]
    cuts = range(0, len(shares), MOST_LINES)
    blocks: list[Block] = []
    for number, start in enumerate(cuts, start=1):
        block = chart_changes(shares.iloc[start : start + MOST_LINES])
        if block is not None:
            more = f" ({number} of {len(cuts)})" if len(cuts) > 1 else ""
            name, title = f"programme-changes-{number}", f"{block.title}{more}"
            blocks.append(replace(block, block_id=name, title=title, source_line=_SOURCE))
    return blocks


def _tabulate_outcomes(
    programme: Programme, table: pd.DataFrame, goal: str, label: str
) -> LinkedTable:
    """Return one goal as a table."""
    rows = table.to_dict("records")
    frame = pd.DataFrame(
        {
            "outcome": [f"{read_words(r, 'outcome')} ({read_words(r, 'measure')})" for r in rows],
            "area": [row["area"] for row in rows],
            "before": [word_figure(row, "baseline") for row in rows],
            "after": [word_figure(row, "followup") for row in rows],
            "change": [word_change(row) for row in rows],
            "basis": [word_interval(row) for row in rows],
        }
    )
    frame["basis"], notes = number_reasons(frame["basis"].tolist())
    addresses = [lead_to("outcome", str(row["outcome_id"])) for row in rows]
    leads = lead_all(programme, rows, addresses)
    return LinkedTable(
        block_id=f"programme-outcomes-{goal}",
        caption=label,
        frame=frame,
        leads={"outcome": leads},
        column_labels=_LABELS,
        note=" ".join([*notes, *_compare_wordings(rows)]),
        source_line=_SOURCE,
    )


def number_reasons(cells: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return cells in which a long reason for having no interval is a number, and its notes.

    Examples
    --------
    >>> number_reasons(["95% interval +1.0 to +9.0", "Measured once", "x" * 80])[0]
    ['95% interval +1.0 to +9.0', 'Measured once', 'none: see note 1']
    """
    long = [cell for cell in cells if len(cell) > _LONG_REASON and not cell.startswith("95%")]
    numbers = {reason: number for number, reason in enumerate(dict.fromkeys(long), start=1)}
    told = [f"none: see note {numbers[cell]}" if cell in numbers else cell for cell in cells]
    return told, [f"Note {number}: {reason}" for reason, number in numbers.items()]


def _compare_wordings(rows: Rows) -> list[str]:
    """Return a warning for each measure that areas asked about in different words."""
    asked: dict[int, set[str]] = {}
    for row in rows:
        if words := read_words(row, "wording"):
            asked.setdefault(row["_same"], set()).add(words)
    named = {row["_same"]: read_words(row, "measure") for row in rows}
    return [
        f"{named[key]}: asked in different words, so that areas must not be compared."
        for key, words in asked.items()
        if len(words) > 1
    ]


def lead_all(programme: Programme, rows: Rows, addresses: Sequence[str]) -> list[str]:
    """Return the way to each row's page, from neutral addresses."""
    pairs = zip(rows, addresses, strict=True)
    return [programme.lead(programme.find(row["area_id"]), address) for row, address in pairs]
