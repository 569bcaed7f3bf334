"""Columns of ``kpis.csv``, and what contradicts itself in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import pandas as pd

from cip.catalogue.evaluation import load_progress_stages
from cip.errors import Problem
from cip.framework.logic_model import KnownIds
from cip.framework.outcomes_checks import check_ids, check_links
from cip.inputs import Column

_FIRST_NEEDS = ("label", "stage", "unit")


def list_kpi_columns() -> dict[str, Column]:
    """Return the columns of ``kpis.csv``: one row for each indicator and day."""
    return {
        "kpi": Column(
            required=True,
            description="Short name that never changes: letters, digits, hyphens, underscores.",
        ),
        "label": Column(
            privacy="role", description="What is measured; said in the indicator's first row."
        ),
        "stage": Column(
            kind="choice",
            choices=tuple(load_progress_stages()),
            description="Stage of the programme that it tells of; in the first row.",
        ),
        "unit": Column(description="%, people, groups and so on; in the first row."),
        "better": Column(
            kind="choice",
            choices=("higher", "lower"),
            description="Which way is good; blank where the target tells it.",
        ),
        "baseline": Column(
            kind="number", description="Value before the work began; in the first row."
        ),
        "baseline_on": Column(kind="date", description="Day of the baseline, as year-month-day."),
        "target": Column(kind="number", description="Value aimed for; in the first row."),
        "target_by": Column(kind="date", description="Day by which it is to be reached."),
        "on": Column(kind="date", description="Day on which the value of this row was measured."),
        "value": Column(kind="number", description="Value on that day; blank while there is none."),
        "source": Column(privacy="role", description="Where the value comes from."),
        "actions": Column(description="Ids of the actions that it tells of, parted by semicolons."),
    }


def check_kpis(
    table: pd.DataFrame, *, today: date, known: KnownIds, once: Sequence[str]
) -> Iterator[Problem]:
    """Yield every problem between the cells of the file, with row and column.

    Parameters
    ----------
    once
        Columns that hold the same in every row of an indicator, or nothing.
    """
    rows = table.astype("object").where(table.notna(), None).to_dict("records")
    first: dict[str, dict] = {}
    days: dict[tuple[str, object], int] = {}
    for item in rows:
        yield from check_links(item, known)
        yield from _check_value(item, today)
        if item["kpi"] is None:
            continue
        head = first.setdefault(item["kpi"], item)
        yield from _check_same(item, head, once)
        key = (item["kpi"], item["on"])
        if item["on"] is not None and (other := days.setdefault(key, item["row"])) != item["row"]:
            message = f"this indicator has a value of this day in row {other} already"
            yield Problem(message, row=item["row"], column="on")
    yield from check_ids(list(first.values()), "kpi")
    for item in rows:
        if item["kpi"] is not None:
            yield from _check_after(item, first[item["kpi"]])
    for head in first.values():
        yield from _check_head(head)


def _check_same(item: dict, head: dict, once: Sequence[str]) -> Iterator[Problem]:
    for column in once:
        if item is not head and item[column] is not None and item[column] != head[column]:
            yield Problem(
                f"this is not what row {head['row']} says of the same indicator",
                row=item["row"],
                column=column,
                found=_write(item[column]),
                expected=f"{_write(head[column]) or 'nothing, as there'}, or a blank cell",
            )


def _check_value(item: dict, today: date) -> Iterator[Problem]:
    row = item["row"]
    if (item["on"] is None) != (item["value"] is None):
        gap = "on" if item["on"] is None else "value"
        yield Problem("a value and its day go together", row=row, column=gap)
    if item["on"] is not None and item["on"].date() > today:
        message = "this day lies after the report"
        expected = f"{today.isoformat()} at the latest"
        yield Problem(message, row=row, column="on", found=_write(item["on"]), expected=expected)


def _check_after(item: dict, head: dict) -> Iterator[Problem]:
    start = head["baseline_on"]
    if item["on"] is not None and start is not None and item["on"] <= start:
        message = "this was measured before its baseline, or on the same day"
        expected = f"after {_write(start)}"
        yield Problem(
            message, row=item["row"], column="on", found=_write(item["on"]), expected=expected
        )


def _check_head(head: dict) -> Iterator[Problem]:
    row = head["row"]
    for column in _FIRST_NEEDS:
        if head[column] is None:
            yield Problem("the first row of an indicator says this", row=row, column=column)
    if head["baseline"] is not None and head["baseline_on"] is None:
        yield Problem("the baseline has no day", row=row, column="baseline_on")
    start, end = head["baseline_on"], head["target_by"]
    if start is not None and end is not None and end <= start:
        yield Problem(
            "the target is due before the baseline, or on the same day",
            row=row,
            column="target_by",
            found=_write(end),
            expected=f"after {_write(start)}",
        )
    if head["target"] is None and end is not None:
        yield Problem("there is a day for a target, but no target", row=row, column="target")
    is_open = head["baseline"] is None or head["baseline"] == head["target"]
    if head["target"] is not None and is_open and head["better"] is None:
        message = "which way is good does not follow from baseline and target"
        yield Problem(message, row=row, column="better", expected="higher or lower")


def _write(value: object) -> str:
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
