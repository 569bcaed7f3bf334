"""When each stage of a programme runs, and which milestones fall into it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from cip.catalogue.evaluation import load_progress_stages
from cip.framework.milestones import CANCELLED, DONE, MILESTONE, find_overdue


@dataclass(frozen=True)
class StageSpan:
    """A stage with its first and its last day."""

    id: str
    number: int
    label: str
    start: date
    end: date


def list_stage_spans(starts: date) -> list[StageSpan]:
    """Return the stages of a programme that starts on a day, one after the other."""
    spans, month = [], 0
    for name, stage in load_progress_stages().items():
        first = _add_months(starts, month)
        month += stage.months
        last = _add_months(starts, month) - timedelta(days=1)
        spans.append(StageSpan(name, stage.number, stage.label, first, last))
    return spans


def _add_months(day: date, months: int) -> date:
    """Return the same day so many months on, or the month's last day where it has no such day."""
    number = day.year * 12 + day.month - 1 + months
    following = date((number + 1) // 12, (number + 1) % 12 + 1, 1)
    last = (following - timedelta(days=1)).day
    return date(number // 12, number % 12 + 1, min(day.day, last))


def place_milestones(plan: pd.DataFrame, spans: list[StageSpan], today: date) -> pd.DataFrame:
    """Return the milestones with the stage that they end in.

    Parameters
    ----------
    plan
        As :func:`cip.framework.milestones.read_milestones` gives it.

    Returns
    -------
    DataFrame
        One row per milestone that is not cancelled, by its last day: ``name, end, stage`` (empty
        before the first stage and after the last)``, state`` (done, overdue, to do).
    """
    own = plan[(plan["kind"] == MILESTONE) & (plan["status"] != CANCELLED)]
    own = own.assign(is_late=find_overdue(own, today)).sort_values("end", kind="stable")
    rows = [
        {
            "name": item.name,
            "end": item.end.date(),
            "stage": next((s.id for s in spans if s.start <= item.end.date() <= s.end), ""),
            "state": "done" if item.status == DONE else "overdue" if item.is_late else "to do",
        }
        for item in own.itertuples(index=False)
    ]
    return pd.DataFrame(rows, columns=["name", "end", "stage", "state"])
