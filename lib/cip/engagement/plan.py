"""What was done to hear people: ways, dates and places, and whom each was meant for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from cip.catalogue.engagement import load_methods
from cip.catalogue.people_groups import load_people_groups, name_group
from cip.engagement.publishable import read_published
from cip.errors import ParameterError, Problem, find_nearest
from cip.inputs import Column, split_choices

if TYPE_CHECKING:
    from cip.param_models import EngagementSettings

#: A characteristic and a group of it, as in ('age', '16_24').
Group = tuple[str, str]


def list_plan_columns() -> dict[str, Column]:
    """Return the columns of ``engagement.csv``."""
    return {
        "method": Column(
            kind="choice",
            required=True,
            choices=tuple(load_methods()),
            description="How people were heard.",
        ),
        "title": Column(
            required=True,
            privacy="role",
            description="Short name, different for each row, such as 'Stall at the school gate'.",
        ),
        "start": Column(kind="date", required=True, description="First day."),
        "end": Column(kind="date", description="Last day; blank where it took one day."),
        "place": Column(
            privacy="role",
            description="Where, such as the name of a hall; no street address or postcode, which "
            "may be somebody's home.",
        ),
        "led_by": Column(
            required=True, privacy="role", description="Role or organisation that led it."
        ),
        "for_whom": Column(
            privacy="role",
            description="Groups that it was meant to reach, as 'characteristic: group', such as "
            "'age: 16_24'; several parted by semicolons. Blank means everyone.",
        ),
        "people_reached": Column(
            kind="integer",
            minimum=0,
            description="How many people took part; blank while it is still to come.",
        ),
        "reimbursement": Column(
            privacy="role",
            description="What people got for their time and costs, such as a voucher; 'none' where "
            "they got nothing.",
        ),
    }


def read_plan(path: Path, today: date) -> pd.DataFrame:
    """Read what was done, and what is still to be done, to hear people.

    Parameters
    ----------
    path
        A CSV or XLSX file.
    today
        Date of the report.

    Returns
    -------
    DataFrame
        One row per activity: ``activity_id``, made from the title, the declared columns and
        ``row``.

    Raises
    ------
    ParameterError
        With every problem of the file, among them an end before its start, people reached by
        what is still to come, a group that is not in the catalogue, a title that stands twice, and
        personal details, which no problem repeats.
    """
    table = read_published(path, list_plan_columns(), partial(_check, today=today))
    table.insert(0, "activity_id", table["title"].map(_make_id).astype("str"))
    return table


def _make_id(title: object) -> str:
    return re.sub(r"[\W_]+", "_", str(title).casefold()).strip("_")


def _check(table: pd.DataFrame, today: date) -> Iterator[Problem]:
    day, first_rows = pd.Timestamp(today), {}
    for item in table.itertuples():
        row = int(item.row)
        if item.end < item.start:
            yield Problem("the end is before the start", row=row, column="end")
        if item.start > day and pd.notna(item.people_reached) and item.people_reached > 0:
            message = "this is still to come on the date of the report, so nobody was reached yet"
            yield Problem(message, row=row, column="people_reached", expected="a blank cell")
        for text in split_choices(item.for_whom):
            if problem := _check_group(text):
                yield Problem(problem[0], row=row, column="for_whom", nearest=problem[1])
        if pd.notna(item.title):
            other = first_rows.setdefault(_make_id(item.title), row)
            if other != row:
                message = f"this title stands in row {other} already"
                yield Problem(message, row=row, column="title", expected="a title for each row")


def parse_group(text: str) -> Group:
    """Return the characteristic and the group that a text such as 'age: 16_24' names.

    A part of the area is taken as it is written.

    Raises
    ------
    ParameterError
        If the catalogue has no such characteristic or group; it names the nearest.
    """
    if problem := _check_group(text):
        raise ParameterError(Problem(problem[0], found=text, nearest=problem[1]))
    name, _, group = (part.strip() for part in text.partition(":"))
    entry = load_people_groups()[name]
    return name, group if entry.is_place else entry.find_group(group) or group


def _check_group(text: str) -> tuple[str, str | None] | None:
    """Return what is wrong with the name of a group and the nearest right one, or None."""
    catalogue = load_people_groups()
    name, mark, group = (part.strip() for part in text.partition(":"))
    if not mark or not group:
        return "a group is written as 'characteristic: group', such as 'age: 16_24'", None
    if name not in catalogue:
        return "there is no such characteristic of people", find_nearest(name, catalogue)
    entry = catalogue[name]
    if entry.is_place or entry.find_group(group):
        return None
    near = entry.find_nearest_group(group)
    return f"'{name}' has no such group", f"{name}: {near}" if near else None


def list_seldom_heard(settings: EngagementSettings) -> list[Group]:
    """Return the groups that the plan set out to hear, each once, in the order of the file.

    Raises
    ------
    ParameterError
        With every name that the catalogue does not know.
    """
    problems = [
        Problem(
            f"engagement.seldom_heard: {found[0]}",
            found=text,
            expected="such as 'age: 16_24'",
            nearest=found[1],
        )
        for text in settings.seldom_heard
        if (found := _check_group(text))
    ]
    if problems:
        raise ParameterError(problems)
    return list(dict.fromkeys(parse_group(text) for text in settings.seldom_heard))


def list_aims(plan: pd.DataFrame) -> pd.DataFrame:
    """Return whom each activity was meant for: one row per activity and group.

    Columns: ``activity_id, characteristic, group, people`` (the group in words).
    """
    rows = [
        (item.activity_id, *group, name_group(*group))
        for item in plan.itertuples()
        for group in map(parse_group, split_choices(item.for_whom))
    ]
    return pd.DataFrame(rows, columns=["activity_id", "characteristic", "group", "people"])


def find_unplanned(plan: pd.DataFrame, seldom_heard: Iterable[Group]) -> list[Group]:
    """Return the groups that the plan set out to hear but meant no activity for."""
    aims = list_aims(plan)
    aimed = set(zip(aims["characteristic"], aims["group"], strict=True))
    return [group for group in seldom_heard if group not in aimed]


def count_methods(plan: pd.DataFrame, today: date) -> pd.DataFrame:
    """Return what was done in each way.

    Parameters
    ----------
    plan
        As :func:`read_plan` gives it.
    today
        What starts later is still to come.

    Returns
    -------
    DataFrame
        One row per method of the catalogue that the plan uses: ``method, label, activities,
        to_come, people_reached, not_counted, reimbursed``. ``people_reached`` adds up what is
        counted and is missing where nothing is; somebody who took part twice counts twice.
        ``not_counted`` are activities begun that say no number; ``reimbursed`` are activities
        that gave something for people's time.
    """
    begun = plan["start"] <= pd.Timestamp(today)
    paid = plan["reimbursement"].notna() & plan["reimbursement"].str.casefold().ne("none")
    marked = plan.assign(
        to_come=~begun, not_counted=begun & plan["people_reached"].isna(), reimbursed=paid
    )
    grouped = marked.groupby("method")
    counts = grouped[["to_come", "not_counted", "reimbursed"]].sum().astype("Int64")
    counts["activities"] = grouped.size().astype("Int64")
    counts["people_reached"] = grouped["people_reached"].sum(min_count=1)
    methods = load_methods()
    counts = counts.reindex([name for name in methods if name in counts.index])
    counts["label"] = [methods[name].label for name in counts.index]
    columns = ["label", "activities", "to_come", "people_reached", "not_counted", "reimbursed"]
    return counts[columns].rename_axis("method").reset_index()


def tidy_plan(plan: pd.DataFrame) -> pd.DataFrame:
    """Return the plan as the hand-over table ``engagement``: dates as ISO text."""
    dates = {name: plan[name].dt.strftime("%Y-%m-%d").astype("str") for name in ("start", "end")}
    return plan.drop(columns="row").assign(**dates)
