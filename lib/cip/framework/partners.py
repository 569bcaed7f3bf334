"""Who else is working in the area, on what, and until when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pandas as pd

from cip.catalogue.building_blocks import load_topics
from cip.catalogue.partners import load_partner_kinds
from cip.errors import Problem
from cip.inputs import Column, read_table

#: Work that ends within a quarter should be spoken about before the profile is out.
PARTNER_ENDS_SOON_DAYS = 90
WORKING, WORK_ENDS_SOON, WORK_ENDED = "working now", "ends soon", "ended"


def list_partner_columns() -> dict[str, Column]:
    """Return the columns of ``partners.csv``."""
    return {
        "organisation": Column(
            required=True, privacy="no_contact", description="Name of the organisation or group."
        ),
        "kind": Column(
            kind="choice",
            required=True,
            choices=tuple(load_partner_kinds()),
            description="What kind of partner it is.",
        ),
        "what_they_do": Column(
            required=True, privacy="role", description="What it does here, in a few words."
        ),
        "topics": Column(
            kind="choices", choices=tuple(load_topics()), description="What its work is about."
        ),
        "area": Column(privacy="no_contact", description="Where it works."),
        "until": Column(kind="date", description="When the work or its money ends, if it does."),
    }


def read_partners(path: Path) -> pd.DataFrame:
    """Read who is working in the area.

    Returns
    -------
    DataFrame
        One row per organisation and piece of work: the declared columns and ``row``.

    Raises
    ------
    ParameterError
        With every problem of the file, among them the same work listed twice.
    """
    return read_table(path, list_partner_columns(), check=_check)


def _check(table: pd.DataFrame) -> Iterator[Problem]:
    first_rows: dict[tuple[str, str], int] = {}
    for item in table.itertuples():
        if pd.isna(item.organisation) or pd.isna(item.what_they_do):
            continue
        work = (item.organisation.casefold(), item.what_they_do.casefold())
        other = first_rows.setdefault(work, int(item.row))
        if other != item.row:
            message = f"this organisation and work stand in row {other} already"
            yield Problem(message, row=int(item.row), column="organisation")


def classify_partners(
    table: pd.DataFrame, today: date, *, ends_soon_days: int = PARTNER_ENDS_SOON_DAYS
) -> pd.DataFrame:
    """Return the partners with ``stage`` on a day: working now, ends soon, ended.

    Work without an end counts as going on.
    """
    day = pd.Timestamp(today)
    left = table["until"] - day
    stage = pd.Series(WORKING, index=table.index, dtype="str")
    stage = stage.mask(left <= pd.Timedelta(days=ends_soon_days), WORK_ENDS_SOON)
    return table.assign(stage=stage.mask(table["until"] < day, WORK_ENDED))


def tidy_partners(classified: pd.DataFrame) -> pd.DataFrame:
    """Return the partners as the hand-over table ``partners``: dates as ISO text."""
    until = classified["until"].dt.strftime("%Y-%m-%d").astype("str")
    return classified.drop(columns="row").assign(until=until)
