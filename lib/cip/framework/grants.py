"""The register of grants: who got what, for which recommendation, what was spent and what changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

import pandas as pd

from cip.errors import ParameterError, Problem, find_nearest
from cip.framework.action_reading import find_other_days
from cip.inputs import Column, read_table, split_choices

OFFERED, RUNNING, COMPLETED, ENDED_EARLY = "offered", "running", "completed", "ended early"
WITHDRAWN = "withdrawn"
STATUSES = (OFFERED, RUNNING, COMPLETED, ENDED_EARLY, WITHDRAWN)
#: Grants whose money is out or promised; one that was withdrawn is no award.
AWARDED = (OFFERED, RUNNING, COMPLETED, ENDED_EARLY)
#: Where a report stands on the day of the profile.
RECEIVED, RECEIVED_LATE, DUE, OVERDUE, NO_DAY = (
    "received", "received late", "due", "overdue", "no day agreed",
)  # fmt: skip


def list_grant_columns() -> dict[str, Column]:
    """Return the columns of ``grants.csv``."""
    ids = "parted by semicolons"
    return {
        "grant_id": Column(required=True, description="Short name that never changes."),
        "recipient": Column(
            required=True, privacy="role", description="Organisation or group, never a person."
        ),
        "recipient_id": Column(
            privacy="no_contact",
            description="Its identifier, such as GB-CHC- and a charity's number.",
        ),
        "project": Column(required=True, privacy="role", description="What the money is for."),
        "amount": Column(kind="number", required=True, minimum=1, description="Award in pounds."),
        "awarded_on": Column(kind="date", required=True, description="Day, as year-month-day."),
        "round": Column(description="Id of the round in scoring.yml; blank if there was none."),
        "recommendations": Column(
            required=True, description=f"Ids of the recommendations that it carries out, {ids}."
        ),
        "actions": Column(description=f"Ids of the actions that it pays for, {ids}."),
        "spent": Column(
            kind="number", minimum=0, description="Spent of the award so far, in pounds."
        ),
        "monitoring_due": Column(kind="date", description="Day by which a report is due."),
        "monitoring_received": Column(kind="date", description="Day on which it came."),
        "outcomes": Column(privacy="role", description="What changed, in a sentence or two."),
        "outcome_ids": Column(description=f"Ids of the outcomes that it is to change, {ids}."),
        "status": Column(kind="choice", required=True, choices=STATUSES),
        "other_funding": Column(
            kind="number", minimum=0, description="Money from elsewhere for the same, in pounds."
        ),
    }


def read_grants(
    path: Path,
    *,
    today: date,
    rounds: Iterable[str] | None = None,
    recommendations: Iterable[str] | None = None,
    actions: Iterable[str] | None = None,
    outcomes: Iterable[str] | None = None,
) -> pd.DataFrame:
    """Read the register.

    Parameters
    ----------
    today
        Date of the report: nothing happened later.
    rounds, recommendations, actions, outcomes
        Ids that may be named; None where there is no list to check against.

    Returns
    -------
    DataFrame
        One row per grant: the declared columns and ``row``.

    Raises
    ------
    ParameterError
        With every problem of the file: a grant tied to no recommendation, ids that are unknown
        (with the nearest) or stand twice, more spent than awarded, days in the wrong order, in
        the future or in another form, a person's name.
    """
    known = {
        "round": rounds,
        "recommendations": recommendations,
        "actions": actions,
        "outcome_ids": outcomes,
    }
    lists = {name: list(ids) for name, ids in known.items() if ids is not None}
    columns = list_grant_columns()

    def check(table: pd.DataFrame) -> Iterator[Problem]:
        yield from _check_rows(table, today)
        for name, ids in lists.items():
            yield from _check_known(table, name, ids)
        yield from find_other_days(path, columns)

    try:
        return read_table(path, columns, check=check)
    except ParameterError as error:
        raise ParameterError([_tell_tie(problem) for problem in error.problems]) from None


def _tell_tie(problem: Problem) -> Problem:
    """Say of a blank cell of recommendations what it means."""
    if problem.column == "recommendations" and "must be filled" in problem.message:
        message = "this grant is tied to no recommendation"
        expected = "one or more ids of recommendations.csv, parted by semicolons"
        return Problem(message, problem.file, problem.sheet, problem.row, problem.column,
                       expected=expected)  # fmt: skip
    return problem


def _check_rows(table: pd.DataFrame, today: date) -> Iterator[Problem]:
    rows: dict[str, int] = {}
    for item in table.itertuples():
        row = int(item.row)
        if pd.notna(item.grant_id):
            first = rows.setdefault(item.grant_id.casefold(), row)
            if first != row:
                message = f"this grant stands in row {first} already"
                yield Problem(message, row=row, column="grant_id", found=item.grant_id)
        if item.spent > item.amount:
            yield Problem(
                "more was spent than was awarded",
                row=row,
                column="spent",
                found=f"{item.spent:g}",
                expected=f"at most {item.amount:g}; money from elsewhere is other_funding",
            )
        if item.status == COMPLETED and pd.isna(item.spent):
            message = "a grant that is completed needs what was spent"
            yield Problem(message, row=row, column="spent", expected="a number")
        yield from _check_days(item, row, today)


def _check_days(item, row: int, today: date) -> Iterator[Problem]:
    for name in ("awarded_on", "monitoring_received"):
        day = getattr(item, name)
        if pd.notna(day) and day.date() > today:
            message = "this day is after the day of the report"
            found = day.date().isoformat()
            yield Problem(
                message, row=row, column=name, found=found, expected=f"{today} or earlier"
            )
    for name in ("monitoring_due", "monitoring_received"):
        if getattr(item, name) < item.awarded_on:
            message = "this is before the grant was awarded"
            found = getattr(item, name).date().isoformat()
            yield Problem(message, row=row, column=name, found=found)


def _check_known(table: pd.DataFrame, name: str, known: list[str]) -> Iterator[Problem]:
    for item in table[table[name].notna()].itertuples():
        for one in split_choices(getattr(item, name)):
            if one not in known:
                noun = name.removesuffix("_ids").removesuffix("s")
                yield Problem(
                    f"there is no such {noun}",
                    row=int(item.row),
                    column=name,
                    found=one,
                    nearest=find_nearest(one, known),
                )


def tidy_grants(grants: pd.DataFrame, today: date) -> pd.DataFrame:
    """Return the register as the hand-over table ``grants``, earliest award first.

    Adds ``spent_share`` (per cent of the award), ``report`` (where the report stands) and
    ``days_overdue``; days are ISO text.
    """
    days = ("awarded_on", "monitoring_due", "monitoring_received")
    late = (pd.Timestamp(today) - grants["monitoring_due"]).dt.days.astype("Int64")
    report = pd.Series([_find_report(i, today) for i in grants.itertuples()], dtype="str")
    report.index = grants.index
    spent = grants["spent"].astype("Float64")
    table = grants.assign(
        amount=grants["amount"].astype("Float64"),
        spent=spent,
        other_funding=grants["other_funding"].astype("Float64"),
        spent_share=100 * spent / grants["amount"],
        report=report,
        days_overdue=late.where(report == OVERDUE),
        **{name: grants[name].dt.strftime("%Y-%m-%d").astype("str") for name in days},
    )
    table = table.rename(columns={"round": "round_id"})
    return table.drop(columns="row").sort_values(["awarded_on", "grant_id"], ignore_index=True)


def _find_report(item, today: date) -> str:
    if pd.notna(item.monitoring_received):
        is_late = item.monitoring_received > item.monitoring_due
        return RECEIVED_LATE if is_late else RECEIVED
    if pd.isna(item.monitoring_due):
        return NO_DAY
    is_over = item.monitoring_due < pd.Timestamp(today) and item.status != WITHDRAWN
    return OVERDUE if is_over else DUE


def total_by_status(grants: pd.DataFrame) -> pd.DataFrame:
    """Return the grants counted and added up by status, in the order in which a grant lives.

    One row per status that occurs: ``status, grants, amount, spent, spent_known`` (number of
    grants whose spending is known, which is what ``spent`` adds up).
    """
    rows = [
        (status, len(own), own["amount"].sum(), own["spent"].sum(), int(own["spent"].notna().sum()))
        for status in STATUSES
        if len(own := grants[grants["status"] == status])
    ]
    names = ["status", "grants", "amount", "spent", "spent_known"]
    return pd.DataFrame(rows, columns=names)


def total_by_recommendation(grants: pd.DataFrame) -> pd.DataFrame:
    """Return the awards by recommendation, most money first.

    One row per recommendation: ``recommendation_id, grants, amount, spent, grant_ids``. A grant
    that serves two counts in full under each, so the rows do not add up; withdrawn ones are left
    out.
    """
    awarded = grants[grants["status"].isin(AWARDED)]
    pairs = awarded.assign(recommendation_id=awarded["recommendations"].map(split_choices))
    pairs = pairs.explode("recommendation_id")
    rows = [
        (name, len(own), own["amount"].sum(), own["spent"].sum(), "; ".join(own["grant_id"]))
        for name, own in pairs.groupby("recommendation_id", sort=False)
    ]
    names = ["recommendation_id", "grants", "amount", "spent", "grant_ids"]
    table = pd.DataFrame(rows, columns=names)
    return table.sort_values(
        ["amount", "recommendation_id"], ascending=[False, True], ignore_index=True
    )
