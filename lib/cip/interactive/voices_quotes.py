"""The register of quotations as the voices editor sees it: rows, verdicts, and cells to write."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from cip.catalogue.people_groups import load_people_groups
from cip.engagement.clearance_table import (
    list_clearance_columns,
    plan_clearance,
    read_register,
    seal,
)
from cip.engagement.excerpts import Excerpts
from cip.engagement.judging import CLEARED, REASONS, Verdict, judge_quote
from cip.engagement.proper_nouns import AllowedNames
from cip.engagement.speakers import SpeakerCounts
from cip.inputs.columns import fold_name
from cip.interactive.voices_state import VoicesState

COLUMNS = tuple(list_clearance_columns())
#: What a person fills in; the rest is written when it is cleared.
FIELDS = ("theme_id", "text", "speaker_label", "names_allowed", "cleared_by")


@dataclass(frozen=True)
class Judge:
    """What quotations are judged by.

    Parameters
    ----------
    counts
        What speakers' labels are checked against.
    allowed
        Names that may stand in any quotation.
    """

    counts: SpeakerCounts = field(repr=False)
    allowed: AllowedNames = field(repr=False)

    def judge(
        self, state: VoicesState, row: Mapping[str, object], today: date
    ) -> tuple[str, str, Verdict]:
        """Return the state of a quotation, why in words, and the verdict."""
        try:
            excerpt = state.find(str(row["excerpt_id"]))
        except KeyError:
            excerpt = None
        final = state.list_final()
        themes = final[final["excerpt_id"] == row["excerpt_id"]]
        found = judge_quote(row, excerpt, themes, self.counts, today=today, allowed=self.allowed)
        if found.state == CLEARED:
            return CLEARED, "cleared", found
        reason = REASONS[found.state]
        return found.state, f"{reason} ({found.advice})" if found.advice else reason, found


def count_speakers(excerpts: Excerpts, least_people: int) -> SpeakerCounts:
    """Return counts of those who took part alone, for where no counts of the area are at hand."""
    known = load_people_groups()
    groups = {n: known[n].labels for n in excerpts.characteristics if known[n].labels}
    return SpeakerCounts(groups, {}, excerpts.people, least_people)


def read_quotes(path: Path) -> list[dict[str, object]]:
    """Return the rows of the register, none where there is no file yet.

    Raises
    ------
    ParameterError
        With every problem of the file, by row and column, never with what a cell holds.
    """
    return read_register(path).to_dict("records") if path.exists() else []


def count_quotes(
    rows: list[dict[str, object]], state: VoicesState, judge: Judge
) -> tuple[int, int]:
    """Return how many quotations there are, and how many of them are cleared as of today."""
    today = date.today()
    states = [judge.judge(state, row, today)[0] for row in rows]
    return len(states), states.count(CLEARED)


def propose_id(rows: list[dict[str, object]]) -> str:
    """Return an id that no quotation has."""
    taken = {str(row["quote_id"]) for row in rows}
    number = len(rows) + 1
    while f"Q{number:02d}" in taken:
        number += 1
    return f"Q{number:02d}"


def make_row(given: Mapping[str, Any], excerpt: str, today: date) -> dict[str, object]:
    """Return a row of the register as it would be, cleared and sealed today."""
    row: dict[str, object] = dict.fromkeys(COLUMNS)
    for name in FIELDS:
        text = " ".join(str(given.get(name) or "").split())
        row[name] = text or None
    row |= {"quote_id": str(given["quote_id"]), "excerpt_id": str(given["excerpt_id"])}
    row |= {"consent": given.get("consent") is True, "withdrawn": False, "cleared_on": today}
    return row | {"cleared_digest": seal(row, excerpt)}


def plan_cells(
    path: Path, row: Mapping[str, object], texts: Mapping[str, str]
) -> tuple[dict[str, str], dict[str, str]]:
    """Return the key and the cells of one row as `plan_clearance` writes them.

    The register is not taken whole from there: so the other rows stay byte for byte.

    Raises
    ------
    ParameterError
        As `plan_clearance` raises it.
    """
    given = {name: value for name, value in row.items() if name != "cleared_digest"}
    lines = plan_clearance(path, [given], texts).removeprefix("\ufeff")
    delimiter = max(",;\t", key=lines.splitlines()[0].count)
    rows = list(csv.reader(io.StringIO(lines, newline=""), delimiter=delimiter))
    names = [fold_name(heading) for heading in rows[0]]
    place = names.index("quote_id")
    planned = next(one for one in rows[1:] if one[place].strip() == row["quote_id"])
    cells = dict(zip(names, planned, strict=False))
    wanted = {*given, *(["cleared_digest"] if "cleared_on" in given else [])} - {"quote_id"}
    return {"quote_id": str(row["quote_id"])}, {n: cells.get(n, "") for n in COLUMNS if n in wanted}


def find_advice(verdict: Verdict, counts: SpeakerCounts) -> str:
    """Return the coarser label that would pass, in words; empty where the label is not at fault."""
    problem = verdict.label_problem
    if problem is None:
        return ""
    kept = "; ".join(problem.keep)
    return f"A label that passes: {problem.proposal}" + (f" (write '{kept}')." if kept else ".")
