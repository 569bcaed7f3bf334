"""Columns of ``recommendations.csv``, and what one recommendation is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from cip.catalogue.approaches import load_approaches
from cip.display.markup import make_id
from cip.engagement.case_markdown import read_plain
from cip.errors import Problem
from cip.evidence.citing import find_citations, list_cited
from cip.inputs import Column, split_choices

HIGH, MEDIUM, LOW = "high", "medium", "low"
PRIORITIES = (HIGH, MEDIUM, LOW)
_ID = re.compile(r"[\w-]{1,60}")
_LONGEST_TITLE = 90


@dataclass(frozen=True)
class Recommendation:
    """One recommendation as it was written, checked by itself and not yet against the evidence.

    Parameters
    ----------
    cites
        What it cites, in order: those of the column first, then those in its text.
    file, line
        Where it stands: the row of a table, or the line of ``cites`` in a file of its own.
    """

    id: str
    text: str
    for_whom: str
    approach: str
    priority: str
    agreed_with: str
    agreed_on: str
    cites: tuple[str, ...]
    file: str | Path
    line: int

    @property
    def title(self) -> str:
        """Its first sentence without citations, cut where it is long."""
        words = read_plain(re.sub(r"\s*\[[a-z]+:[^\]\s]+\]", "", self.text))
        first = re.split(r"(?<=[.!?])\s", " ".join(words.split()), maxsplit=1)[0]
        if len(first) <= _LONGEST_TITLE:
            return first.rstrip(".")
        return f"{first[:_LONGEST_TITLE].rsplit(' ', 1)[0]}…"


def list_recommendation_columns() -> dict[str, Column]:
    """Return the columns of ``recommendations.csv``."""
    return {
        "id": Column(
            required=True,
            description="Short name that never changes: letters, digits, hyphens, underscores.",
        ),
        "recommendation": Column(
            required=True, privacy="role", description="What should be done, in a sentence or two."
        ),
        "cites": Column(
            description="What it rests on: ids of the evidence page such as data:social_rented, "
            "and findings such as finding:housing, parted by semicolons.",
        ),
        "for_whom": Column(
            required=True,
            privacy="role",
            description="Organisation or role that is to act; never a person's name.",
        ),
        "approach": Column(
            kind="choice",
            choices=tuple(load_approaches()),
            description="The community-centred approach that it follows; blank if it follows none.",
        ),
        "priority": Column(kind="choice", required=True, choices=PRIORITIES),
        "agreed_with": Column(
            privacy="role",
            description="Group that agreed to the priority; must be filled where it is high.",
        ),
        "agreed_on": Column(kind="date", description="Day on which it was agreed."),
    }


def list_cell_cites(cell: object, text: object) -> tuple[str, ...]:
    """Return what a cell of ``cites`` and the citations of a text name, each once, in order."""
    named = [part.removeprefix("[").removesuffix("]").strip() for part in split_choices(cell)]
    written = list_cited(find_citations(text)) if isinstance(text, str) else []
    return tuple(dict.fromkeys([*(name for name in named if name), *written]))


def check_rows(table: pd.DataFrame) -> Iterator[Problem]:
    """Yield what is wrong between the cells: ids used twice, priorities that nobody agreed to.

    Parameters
    ----------
    table
        One row per recommendation, with ``row``: where it stands.
    """
    seen: dict[str, int] = {}
    for item in table.itertuples():
        row = int(item.row)
        if pd.notna(item.id):
            if not _ID.fullmatch(item.id):
                expected = "letters, digits, hyphens and underscores, at most 60"
                yield Problem("this is not an id", row=row, column="id", expected=expected)
            elif (first := seen.setdefault(make_id("r", item.id), row)) != row:
                yield Problem(f"this id stands in row {first} already", row=row, column="id")
        if not list_cell_cites(item.cites, item.recommendation):
            message = "a recommendation must cite what it rests on"
            expected = "ids of the evidence page such as data:social_rented; quote:Q07"
            yield Problem(message, row=row, column="cites", expected=expected)
        has_group, has_day = pd.notna(item.agreed_with), pd.notna(item.agreed_on)
        if item.priority == HIGH and not has_group:
            message = "a high priority must say who agreed to it"
            expected = "a group such as 'Steering group'"
            yield Problem(message, row=row, column="agreed_with", expected=expected)
        elif has_day and not has_group:
            message = "there is a day of agreement, but nobody who agreed"
            yield Problem(message, row=row, column="agreed_with")


def make_recommendations(table: pd.DataFrame, file: str | Path) -> list[Recommendation]:
    """Return the recommendations of a table that was read, in its order."""
    return [
        Recommendation(
            id=str(item.id),
            text=str(item.recommendation),
            for_whom=str(item.for_whom),
            approach=_read(item.approach),
            priority=str(item.priority),
            agreed_with=_read(item.agreed_with),
            agreed_on="" if pd.isna(item.agreed_on) else item.agreed_on.date().isoformat(),
            cites=list_cell_cites(item.cites, item.recommendation),
            file=file,
            line=int(item.row),
        )
        for item in table.itertuples()
    ]


def _read(value: object) -> str:
    return value if isinstance(value, str) else ""
