"""Rules between the cells of the action plan, and between the plan and its log."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from datetime import date

import pandas as pd

from cip.errors import Problem, find_nearest
from cip.framework.action_columns import (
    EARLY_STATUSES,
    describe_lead,
    has_role_and_place,
    read_power,
)
from cip.inputs import split_choices
from cip.inputs.columns import fold_name

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,59}")
#: What the id of an asset in the ledger starts with.
ASSET = "asset:"


def check_action_rows(table: pd.DataFrame, today: date) -> Iterator[Problem]:
    """Yield what is wrong between the cells of the plan."""
    ids: dict[str, int] = {}
    words: dict[str, int] = {}
    for item in table.itertuples():
        row = int(item.row)
        if pd.notna(item.id):
            yield from _check_id(item.id, row, ids)
        if pd.notna(item.action):
            folded = " ".join(item.action.casefold().split())
            if (first := words.setdefault(folded, row)) != row:
                yield Problem(
                    f"this action stands in row {first} already", row=row, column="action"
                )
        yield from _check_days(item, row, today)
        yield from _check_people(item, row)
        for name in ("recommendation", "assets"):
            yield from _check_doubles(getattr(item, name), row, name)


def _check_id(text: str, row: int, seen: dict[str, int]) -> Iterator[Problem]:
    if not _ID.fullmatch(text):
        expected = "letters, digits, hyphens and underscores, at most 60"
        yield Problem("this is not an id", row=row, column="id", expected=expected)
    # Folded, because two ids that differ in case alone would be one place on a page.
    elif (first := seen.setdefault(fold_name(text.replace("-", "_")), row)) != row:
        yield Problem(f"this id stands in row {first} already", row=row, column="id", found=text)


def _check_days(item, row: int, today: date) -> Iterator[Problem]:
    if pd.notna(item.start) and pd.notna(item.due) and item.due < item.start:
        yield Problem(
            "this is due before it starts",
            row=row,
            column="due",
            found=item.due.date().isoformat(),
            expected=f"{item.start.date().isoformat()} or later",
        )
    if pd.notna(item.reviewed) and item.reviewed.date() > today:
        yield _find_future(item.reviewed, row, "reviewed", today)


def _find_future(day: pd.Timestamp, row: int, column: str, today: date) -> Problem:
    return Problem(
        "this day is later than the day of the report",
        row=row,
        column=column,
        found=day.date().isoformat(),
        expected=f"{today.isoformat()} or earlier",
    )


def _check_people(item, row: int) -> Iterator[Problem]:
    if pd.notna(item.lead) and not has_role_and_place(item.lead):
        # Not repeated: what is neither may be somebody's name.
        message = "a lead is told as role and organisation"
        yield Problem(message, row=row, column="lead", expected=describe_lead())
    if read_power(item.in_own_power) is None:
        yield Problem(
            "this says neither that it is in the group's own power nor who is needed",
            row=row,
            column="in_own_power",
            expected="yes, or 'needs others: ' and who",
        )


def _check_doubles(cell: object, row: int, column: str) -> Iterator[Problem]:
    parts = split_choices(cell)
    for part in dict.fromkeys(one for one in parts if parts.count(one) > 1):
        yield Problem("this id stands twice in the cell", row=row, column=column, found=part)


def check_log_rows(table: pd.DataFrame, today: date) -> Iterator[Problem]:
    """Yield what is wrong between the cells of the log."""
    seen: dict[tuple[str, ...], int] = {}
    for item in table.itertuples():
        row = int(item.row)
        if pd.notna(item.on) and item.on.date() > today:
            yield _find_future(item.on, row, "on", today)
        if pd.isna(item.action) or pd.isna(item.on):
            continue
        entry = tuple(str(v) for v in (item.action, item.on, item.by, item.status, item.note))
        if (first := seen.setdefault(entry, row)) != row:
            yield Problem(f"this update stands in row {first} already", row=row, column="action")


def check_links(
    table: pd.DataFrame,
    recommendations: Collection[str] | None,
    assets: Collection[str] | None,
) -> Iterator[Problem]:
    """Yield recommendations and assets that an action names and that are not there."""
    for column, known, noun in (
        ("recommendation", recommendations, "recommendation"),
        ("assets", assets, "asset"),
    ):
        if known is None:
            continue
        for row, cell in zip(table["row"], table[column], strict=True):
            for part in dict.fromkeys(split_choices(cell)):
                if part not in known:
                    yield Problem(
                        f"there is no such {noun}",
                        row=int(row),
                        column=column,
                        found=part,
                        nearest=_find_near(part, known, noun),
                    )


def _find_near(part: str, known: Collection[str], noun: str) -> str | None:
    if noun == "asset" and f"{ASSET}{part}" in known:
        return f"{ASSET}{part}"
    return find_nearest(part, known)


def find_latest(log: pd.DataFrame) -> pd.DataFrame:
    """Return the latest update of each action: of one day, the one that stands last.

    One row per action that has an update, ``action`` as its index.
    """
    told = log.dropna(subset=["action", "on"]).sort_values("on", kind="stable")
    return told.drop_duplicates("action", keep="last").set_index("action")


def check_together(plan: pd.DataFrame, log: pd.DataFrame) -> tuple[list[Problem], list[Problem]]:
    """Return what the log contradicts: problems of the plan, and of the log."""
    known = plan.dropna(subset=["id"]).drop_duplicates("id").set_index("id")
    of_log = []
    for item in log.dropna(subset=["action"]).itertuples():
        row = int(item.row)
        if item.action not in known.index:
            nearest = find_nearest(item.action, known.index)
            message = "the plan has no such action"
            found = None if nearest is None else item.action
            of_log.append(Problem(message, row=row, column="action", found=found, nearest=nearest))
            continue
        start = known.at[item.action, "start"]
        is_early = pd.notna(start) and pd.notna(item.on) and item.on < start
        if is_early and pd.notna(item.status) and item.status not in EARLY_STATUSES:
            of_log.append(_find_early(item, start, row))
    return _find_contradictions(known, find_latest(log)), of_log


def _find_early(item, start: pd.Timestamp, row: int) -> Problem:
    return Problem(
        f"this update says '{item.status}' on a day before the action starts",
        row=row,
        column="on",
        found=item.on.date().isoformat(),
        expected=f"{start.date().isoformat()} or later, or a status of: {', '.join(EARLY_STATUSES)}",
    )


def _find_contradictions(known: pd.DataFrame, latest: pd.DataFrame) -> list[Problem]:
    problems = []
    for name, update in latest.iterrows():
        if name not in known.index or pd.isna(update["status"]):
            continue
        status = known.at[name, "status"]
        if pd.notna(status) and status != update["status"]:
            day = update["on"].date().isoformat()
            problems.append(
                Problem(
                    "the log says otherwise",
                    row=int(known.at[name, "row"]),
                    column="status",
                    found=status,
                    expected=f"{update['status']}, as its latest update of {day} has it",
                )
            )
    return problems
