"""A small invented round of scoring that tests change one thing of."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

CRITERIA = ("need", "plan")
#: Marks by (applicant, scorer), in the order of the criteria.
MARKS: dict[tuple[str, str], list[int]] = {
    ("larder", "chair"): [4, 3],
    ("larder", "nurse"): [4, 2],
    ("larder", "warden"): [3, 3],
    ("choir", "chair"): [2, 2],
    ("choir", "nurse"): [3, 2],
    ("choir", "warden"): [2, 3],
    ("garden", "chair"): [1, 4],
    ("garden", "nurse"): [2, 3],
}
ROUND: dict[str, Any] = {
    "id": "spring",
    "title": "Spring grants",
    "kind": "grant",
    "closes": "2026-03-31",
    "criteria": [
        {"id": "need", "title": "Need", "question": "Who needs it?", "weight": 60},
        {"id": "plan", "title": "Plan", "question": "Will it work?", "weight": 40},
    ],
    "scale": {"least": 0, "most": 4, "marks": {0: "None of it", 4: "All of it"}},
    "moderation": {"spread": 3},
    "scorers": [
        {"id": "chair", "role": "Chair, tenants' circle"},
        {"id": "nurse", "role": "Nurse, surgery"},
        {"id": "warden", "role": "Warden, hall"},
    ],
    "applicants": [
        {"id": "larder", "organisation": "Friday Larder", "project": "Food on Fridays"},
        {"id": "choir", "organisation": "Common Choir", "project": "Singing"},
        {"id": "garden", "organisation": "Growers", "project": "A garden", "asked": 800},
    ],
    "conflicts": [{"scorer": "warden", "applicant": "garden", "reason": "Digs there"}],
    "decided_on": "2026-04-20",
    "decisions": [
        {"applicant": name, "decision": "funded", "by": "Panel", "on": "2026-04-20",
         "reason": "It is wanted"}
        for name in ("larder", "choir", "garden")
    ],
}  # fmt: skip


def make_round(**changes: Any) -> dict[str, Any]:
    """Return the round with some of its keys replaced."""
    return {**deepcopy(ROUND), **changes}


def open_round(**changes: Any) -> dict[str, Any]:
    """Return the round before anything was decided."""
    one = make_round(**changes)
    return {key: value for key, value in one.items() if key not in ("decided_on", "decisions")}


def list_rows(marks: Mapping[tuple[str, str], Sequence[object]] = MARKS) -> list[list[object]]:
    """Return the rows of a file of scores."""
    return [
        [applicant, scorer, criterion, mark, "private note"]
        for (applicant, scorer), given in marks.items()
        for criterion, mark in zip(CRITERIA, given, strict=True)
    ]


def write_csv(path: Path, head: Sequence[str], rows: Sequence[Sequence[object]]) -> Path:
    """Write a CSV file as spreadsheet programs do."""
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(head)
        writer.writerows(rows)
    return path


def write_scoring(
    folder: Path,
    one: Mapping[str, Any] | None = None,
    *,
    rows: Sequence[Sequence[object]] | None = None,
    agreed: Sequence[Sequence[object]] = (),
    files: Sequence[Mapping[str, str]] = (),
) -> Path:
    """Write ``scoring.yml`` with one round, its scores, and marks agreed in moderation."""
    head = ("applicant", "scorer", "criterion", "score", "note")
    write_csv(folder / "scores.csv", head, list_rows() if rows is None else rows)
    named = [{"path": "scores.csv", "round": "spring"}, *files]
    if agreed:
        head = ("applicant", "criterion", "mark", "by", "on", "reason")
        write_csv(folder / "agreed.csv", head, agreed)
        named.append({"path": "agreed.csv", "round": "spring", "holds": "agreed marks"})
    path = folder / "scoring.yml"
    with path.open("w", encoding="utf-8") as stream:
        YAML().dump({"files": named, "rounds": [dict(one or make_round())]}, stream)
    return path
