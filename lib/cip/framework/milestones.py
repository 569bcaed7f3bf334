"""The dated plan: milestones, other initiatives, and where the two get in each other's way."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pandas as pd

from cip.errors import Problem, find_nearest
from cip.inputs import Column, read_table, split_choices

MILESTONE, INITIATIVE = "milestone", "other initiative"
PLANNED, UNDER_WAY, DONE, CANCELLED = "planned", "under way", "done", "cancelled"
#: A milestone this near to another initiative asks the same people twice within days.
CLASH_DAYS = 7


def list_milestone_columns() -> dict[str, Column]:
    """Return the columns of ``milestones.csv``."""
    return {
        "name": Column(
            required=True, privacy="role", description="What happens, without a semicolon."
        ),
        "kind": Column(
            kind="choice",
            required=True,
            choices=(MILESTONE, INITIATIVE),
            description="A step of this profile, or something else that happens here.",
        ),
        "start": Column(kind="date", description="First day, if it takes more than one."),
        "end": Column(kind="date", description="Last day, if it takes more than one."),
        "date": Column(kind="date", description="The day, if it takes one."),
        "area": Column(
            privacy="no_contact", description="Place; blank means that it touches every place."
        ),
        "owner": Column(
            privacy="role", description="Role or organisation that sees to it; never a person."
        ),
        "depends_on": Column(description="Names of what must be over first, parted by semicolons."),
        "status": Column(
            kind="choice",
            choices=(PLANNED, UNDER_WAY, DONE, CANCELLED),
            description="How far it is; blank means planned.",
        ),
    }


def read_milestones(path: Path) -> pd.DataFrame:
    """Read the plan.

    Returns
    -------
    DataFrame
        One row per milestone or initiative: the declared columns without ``date``, and ``row``.
        What takes one day starts and ends on it. A blank status is planned.

    Raises
    ------
    ParameterError
        With every problem of the file: dates missing or contradicting each other, a name that
        stands twice, a dependency that is unknown or leads back to itself.
    """
    table = read_table(path, list_milestone_columns(), check=_check)
    table["start"] = table["start"].fillna(table["date"])
    table["end"] = table["end"].fillna(table["date"])
    table["status"] = table["status"].fillna(PLANNED)
    return table.drop(columns="date")


def _check(table: pd.DataFrame) -> Iterator[Problem]:
    rows: dict[str, int] = {}
    names: dict[str, str] = {}
    for item in table.itertuples():
        row = int(item.row)
        yield from _check_dates(item, row)
        if pd.isna(item.name):
            continue
        if ";" in item.name:
            message = "a name must not hold a semicolon, which parts the names of dependencies"
            yield Problem(message, row=row, column="name")
        folded = item.name.casefold()
        if (other := rows.setdefault(folded, row)) != row:
            yield Problem(f"this name stands in row {other} already", row=row, column="name")
        names.setdefault(folded, item.name)
    needs = {}
    for item in table.itertuples():
        if pd.notna(item.name):
            wanted = split_choices(item.depends_on)
            yield from _find_unknown(wanted, names, int(item.row))
            folded = [part.casefold() for part in wanted]
            needs.setdefault(item.name.casefold(), [name for name in folded if name in names])
    for circle in find_circles(needs):
        path = " → ".join(names[name] for name in [*circle, circle[0]])
        message = "this depends on itself, directly or through others"
        yield Problem(message, row=rows[circle[0]], column="depends_on", found=path)


def _check_dates(item, row: int) -> Iterator[Problem]:
    has_date, has_start, has_end = (pd.notna(v) for v in (item.date, item.start, item.end))
    expected = "either a date, or a start and an end"
    if has_date and (has_start or has_end):
        message = "this row has a date besides a start or an end"
        yield Problem(message, row=row, column="date", expected=expected)
    elif not has_date and not (has_start or has_end):
        yield Problem("this row has no date", row=row, column="date", expected=expected)
    elif not has_date and not (has_start and has_end):
        gap = "end" if has_start else "start"
        yield Problem(f"the {gap} is missing", row=row, column=gap, expected=expected)
    elif item.end < item.start:
        yield Problem("the end is before the start", row=row, column="end")


def _find_unknown(wanted: list[str], names: dict[str, str], row: int) -> Iterator[Problem]:
    for name in wanted:
        if name.casefold() not in names:
            yield Problem(
                "this depends on something that no row names",
                row=row,
                column="depends_on",
                found=name,
                nearest=find_nearest(name, names.values()),
            )


def find_circles(needs: dict[str, list[str]]) -> list[list[str]]:
    """Return each circle of dependencies once, from its first name in the order of the plan.

    Parameters
    ----------
    needs
        For each name the names that it depends on; all of them are keys.
    """
    circles: list[list[str]] = []
    done: set[str] = set()
    for start in needs:
        # Depth first, without recursion: a long chain must not end in an error of its own.
        path = [start] if start not in done else []
        below = [iter(needs[name]) for name in path]
        while path:
            step = next(below[-1], None)
            if step is None:
                below.pop()
                done.add(path.pop())
            elif step in path:
                circles.append(_turn(path[path.index(step) :], list(needs)))
            elif step not in done:
                path.append(step)
                below.append(iter(needs[step]))
    return circles


def _turn(circle: list[str], order: list[str]) -> list[str]:
    first = min(range(len(circle)), key=lambda place: order.index(circle[place]))
    return circle[first:] + circle[:first]


def find_overdue(plan: pd.DataFrame, today: date) -> pd.Series:
    """Return, for each row, whether it is a milestone whose last day is past but not done."""
    is_open = plan["status"].isin([PLANNED, UNDER_WAY]) & (plan["kind"] == MILESTONE)
    return is_open & (plan["end"] < pd.Timestamp(today))


def find_order_faults(plan: pd.DataFrame) -> pd.DataFrame:
    """Return dependencies that the dates break: one row per milestone and dependency.

    Columns ``name, depends_on, fault``: what comes first ends after the other starts, or is
    cancelled. Equal days are no fault. Cancelled rows are left out.
    """
    by_name = {item.name.casefold(): item for item in plan.itertuples()}
    found = []
    for item in plan[plan["status"] != CANCELLED].itertuples():
        for part in split_choices(item.depends_on):
            first = by_name[part.casefold()]
            if first.status == CANCELLED:
                found.append((item.name, first.name, "is cancelled"))
            elif first.end > item.start:
                fault = (
                    f"ends on {write_day(first.end)}, after this starts on {write_day(item.start)}"
                )
                found.append((item.name, first.name, fault))
    return pd.DataFrame(found, columns=["name", "depends_on", "fault"], dtype="str")


def find_clashes(plan: pd.DataFrame, today: date, *, within_days: int = CLASH_DAYS) -> pd.DataFrame:
    """Return milestones that fall into another initiative or close to it, in the same place.

    Parameters
    ----------
    plan
        As :func:`read_milestones` gives it.
    within_days
        Days between the two, up to which they clash.

    Returns
    -------
    DataFrame
        One row per milestone and initiative: ``name, initiative, days_apart`` (0 where they
        overlap). What is done, cancelled or past clashes with nothing. A blank area is every area.
    """
    going = plan[~plan["status"].isin([DONE, CANCELLED]) & (plan["end"] >= pd.Timestamp(today))]
    found = []
    for milestone in going[going["kind"] == MILESTONE].itertuples():
        for other in going[going["kind"] == INITIATIVE].itertuples():
            gap = max((other.start - milestone.end).days, (milestone.start - other.end).days, 0)
            if gap <= within_days and _share_area(milestone.area, other.area):
                found.append((milestone.name, other.name, gap))
    table = pd.DataFrame(found, columns=["name", "initiative", "days_apart"])
    return table.astype({"name": "str", "initiative": "str", "days_apart": "Int64"})


def _share_area(first: object, second: object) -> bool:
    if not isinstance(first, str) or not isinstance(second, str):
        return True
    return first.casefold() == second.casefold()


def tidy_milestones(plan: pd.DataFrame, today: date) -> pd.DataFrame:
    """Return the plan as the hand-over table ``milestones``, earliest first: dates as ISO text."""
    clashes = find_clashes(plan, today).groupby("name")["initiative"].agg("; ".join)
    table = plan.assign(
        is_overdue=find_overdue(plan, today),
        clashes_with=plan["name"].map(clashes).astype("str"),
        start=plan["start"].dt.strftime("%Y-%m-%d").astype("str"),
        end=plan["end"].dt.strftime("%Y-%m-%d").astype("str"),
    )
    return table.drop(columns="row").sort_values(["start", "end", "name"], ignore_index=True)


def write_day(day: pd.Timestamp | date) -> str:
    """Return a day as a reader writes it: 3 March 2027."""
    return f"{day.day} {day:%B %Y}"
