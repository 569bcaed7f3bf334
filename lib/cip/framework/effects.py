"""Effects that nobody intended, good and bad, as people noticed them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pandas as pd

from cip.errors import Problem
from cip.framework.action_reading import find_other_days
from cip.framework.logic_model import KnownIds
from cip.framework.logic_model_tables import make_table
from cip.framework.outcomes_checks import check_links
from cip.inputs import Column, read_table, split_choices

GOOD, BAD = "good", "bad"


def list_effect_columns() -> dict[str, Column]:
    """Return the columns of ``effects.csv``."""
    return {
        "what": Column(
            required=True,
            privacy="role",
            description="What happened that nobody had meant to happen.",
        ),
        "noticed_by": Column(
            required=True,
            privacy="role",
            description="Role of whoever noticed it; never a person's name.",
        ),
        "on": Column(kind="date", required=True, description="Day, as year-month-day."),
        "sort": Column(kind="choice", required=True, choices=(GOOD, BAD)),
        "response": Column(
            privacy="role", description="What was done about it; blank while nothing was."
        ),
        "recommendations": Column(description="Ids that it comes from, parted by semicolons."),
        "actions": Column(description="Ids of actions.csv, parted by semicolons."),
        "grants": Column(description="Ids of grants.csv, parted by semicolons."),
    }


def read_effects(path: Path, *, today: date, known: KnownIds | None = None) -> pd.DataFrame:
    """Read ``effects.csv``.

    Parameters
    ----------
    today
        Date of the report: nothing can have been noticed later.
    known
        Ids of recommendations, actions and grants, by those names; what is left out is not checked.

    Returns
    -------
    DataFrame
        One row per effect, in the order of the file: the declared columns and ``row``.

    Raises
    ------
    ParameterError
        With every problem of the file: personal data (told by its place, never repeated), an
        unknown sort or id, a day in the future or in another form, an effect told twice.
    """
    columns = list_effect_columns()

    def check(table: pd.DataFrame) -> Iterator[Problem]:
        yield from _check(table, today, known or {})
        yield from find_other_days(path, columns)

    return read_table(path, columns, check=check)


def _check(table: pd.DataFrame, today: date, known: KnownIds) -> Iterator[Problem]:
    rows = table.astype("object").where(table.notna(), None).to_dict("records")
    seen: dict[tuple, int] = {}
    for item in rows:
        row = int(item["row"])
        yield from check_links(item, known)
        if item["on"] is not None and item["on"].date() > today:
            yield Problem(
                "this day lies after the report",
                row=row,
                column="on",
                found=f"{item['on']:%Y-%m-%d}",
                expected=f"{today.isoformat()} at the latest",
            )
        key = (item["what"], item["on"])
        if item["what"] is not None and (other := seen.setdefault(key, row)) != row:
            yield Problem(f"this stands in row {other} already", row=row, column="what")


def tidy_effects(effects: pd.DataFrame) -> pd.DataFrame:
    """Return the hand-over table ``effects``, the latest first."""
    ordered = effects.sort_values("on", ascending=False, kind="stable")
    plain = ordered.astype("object").where(ordered.notna(), None)
    rows = [
        {
            "effect": number,
            "what": item["what"],
            "sort": item["sort"],
            "noticed_by": item["noticed_by"],
            "on": f"{item['on']:%Y-%m-%d}",
            "response": item["response"] or "",
            **{
                name: "; ".join(split_choices(item[name]))
                for name in ("recommendations", "actions", "grants")
            },
        }
        for number, item in enumerate(plain.to_dict("records"), start=1)
    ]
    return make_table("effects", rows)
