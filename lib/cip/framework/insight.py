"""What is already known: the register of existing insight and of consultations.

A row with a start or an end is a consultation; one with a date of publication alone is insight
that exists. Pure functions of tables and a date; the file is read in one place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pandas as pd

from cip.catalogue.building_blocks import load_topics
from cip.errors import Problem
from cip.inputs import Column, read_table

#: Insight that nobody has confirmed is taken for stale after so long. A judgement, not a rule of
#: the framework: three years is the usual life of a local strategy.
STALE_AFTER_YEARS = 3
ENDS_SOON_DAYS = 28

#: Where a consultation stands on the day of the report; insight alone is ``published``.
LIVE, ENDS_SOON, PLANNED, ENDED = "live now", "ends soon", "planned", "ended"
PUBLISHED = "published"
#: Whether what it says can be built on.
VALID, STALE, NOT_VALID, NO_FINDINGS = "valid", "stale", "no longer valid", "no findings yet"


def list_insight_columns() -> dict[str, Column]:
    """Return the columns of ``insight.csv``."""
    topics = tuple(load_topics())
    return {
        "title": Column(
            required=True, privacy="no_contact", description="Name of the report or consultation."
        ),
        "owner": Column(
            required=True, privacy="role", description="Organisation that holds it, or a role."
        ),
        "area": Column(privacy="no_contact", description="Place that it is about."),
        "published": Column(kind="date", description="When it was published."),
        "start": Column(kind="date", description="First day, if it is a consultation."),
        "end": Column(kind="date", description="Last day, if it is a consultation."),
        "link": Column(kind="link", description="Page on which it can be found."),
        "topics": Column(kind="choices", choices=topics, description="What it is about."),
        "what_it_says": Column(
            privacy="role", description="Its main finding in a sentence or two, in your own words."
        ),
        "still_valid": Column(
            kind="flag", description="Whether somebody has checked that it still holds."
        ),
    }


def read_insight(path: Path) -> pd.DataFrame:
    """Read the register of insight.

    Returns
    -------
    DataFrame
        One row per report or consultation: the declared columns, ``row``, and ``insight_id``,
        a short name made from the title.

    Raises
    ------
    ParameterError
        With every problem of the file, among them dates that contradict each other and titles
        that stand twice.
    """
    table = read_table(path, list_insight_columns(), check=_check)
    table.insert(0, "insight_id", table["title"].map(_make_id).astype("str"))
    return table


def _make_id(title: object) -> str:
    return re.sub(r"[\W_]+", "_", str(title).casefold()).strip("_")


def _check(table: pd.DataFrame) -> Iterator[Problem]:
    first_rows: dict[str, int] = {}
    for item in table.itertuples():
        row = int(item.row)
        if pd.isna(item.published) and pd.isna(item.start) and pd.isna(item.end):
            expected = "when it was published, or when the consultation starts and ends"
            yield Problem("this row has no date", row=row, column="published", expected=expected)
        if item.end < item.start:
            yield Problem("the end is before the start", row=row, column="end")
        if pd.notna(item.title):
            other = first_rows.setdefault(_make_id(item.title), row)
            if other != row:
                yield Problem(
                    f"this title stands in row {other} already",
                    row=row,
                    column="title",
                    expected="a title that tells the two apart, such as one with the year",
                )


def classify_insight(
    table: pd.DataFrame,
    today: date,
    *,
    stale_after_years: int = STALE_AFTER_YEARS,
    ends_soon_days: int = ENDS_SOON_DAYS,
) -> pd.DataFrame:
    """Return the register with where each entry stands on a day.

    Parameters
    ----------
    table
        As :func:`read_insight` gives it.
    today
        Date of the report.
    stale_after_years
        Age after which a finding that nobody has confirmed counts as stale.
    ends_soon_days
        A live consultation with so many days left, or fewer, ends soon.

    Returns
    -------
    DataFrame
        The table with ``stage`` (planned, live now, ends soon, ended, published) and
        ``validity`` (valid, stale, no longer valid, no findings yet).
    """
    day, soon = pd.Timestamp(today), pd.Timedelta(days=ends_soon_days)
    oldest = day - pd.DateOffset(years=stale_after_years)
    stages = [_find_stage(item, day, soon) for item in table.itertuples()]
    validity = [
        _judge(item, stage, day, oldest)
        for item, stage in zip(table.itertuples(), stages, strict=True)
    ]
    return table.assign(
        stage=pd.Series(stages, index=table.index, dtype="str"),
        validity=pd.Series(validity, index=table.index, dtype="str"),
    )


def _find_stage(item, day: pd.Timestamp, soon: pd.Timedelta) -> str:
    if pd.isna(item.start) and pd.isna(item.end):
        return PLANNED if item.published > day else PUBLISHED
    if item.start > day:
        return PLANNED
    if item.end < day:
        return ENDED
    return ENDS_SOON if item.end - day <= soon else LIVE


def _judge(item, stage: str, day: pd.Timestamp, oldest: pd.Timestamp) -> str:
    is_out = item.published <= day
    has_findings = is_out or (stage == ENDED and pd.notna(item.what_it_says))
    if not has_findings:
        return NO_FINDINGS
    if pd.notna(item.still_valid):
        return VALID if item.still_valid else NOT_VALID
    return STALE if (item.published if is_out else item.end) < oldest else VALID


def tidy_insight(classified: pd.DataFrame) -> pd.DataFrame:
    """Return the register as the hand-over table ``insight``: dates as ISO text."""
    dates = ["published", "start", "end"]
    return classified.drop(columns="row").assign(
        **{name: classified[name].dt.strftime("%Y-%m-%d").astype("str") for name in dates}
    )
