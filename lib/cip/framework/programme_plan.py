"""A programme as it is planned: areas, their stages with first and last day."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from cip.catalogue.programme import load_programme_plan
from cip.errors import Problem
from cip.framework.programme_model import AreaEntry, AreaStage, Programme


@dataclass(frozen=True)
class Stage:
    """One stage of an area with its days.

    Parameters
    ----------
    kind
        ``facts``, ``support`` or ``maintenance``.
    start, end
        First and last day.
    planned_end
        Last day if it lasts as long as the plan has it.
    entry
        What the file says of it.
    """

    kind: str
    start: date
    end: date
    planned_end: date
    entry: AreaStage = field(repr=False)

    @property
    def label(self) -> str:
        """Name of the stage."""
        return load_programme_plan().stages[self.kind].label

    @property
    def months(self) -> int:
        """Whole months that it lasts, to the nearest."""
        days = (self.end - self.start).days + 1
        return max(round(days / 30.4375), 0)

    def stands(self, today: date) -> str:
        """Return ``over``, ``now`` or ``to come``."""
        if today > self.end:
            return "over"
        return "now" if today >= self.start else "to come"


@dataclass(frozen=True)
class AreaPlan:
    """One area of a programme: who it is, and its stages in order.

    Parameters
    ----------
    problems
        Why its parameter file cannot be used; empty where it can.
    """

    id: str
    title: str
    entry: AreaEntry = field(repr=False)
    stages: tuple[Stage, ...]
    path: Path | None = None
    problems: tuple[Problem, ...] = ()

    @property
    def wave(self) -> int:
        """With which wave it begins."""
        return self.entry.wave

    def find_stage(self, kind: str) -> Stage | None:
        """Return its stage of a kind."""
        return next((stage for stage in self.stages if stage.kind == kind), None)

    def find_now(self, today: date) -> Stage | None:
        """Return the stage that it is in."""
        return next((stage for stage in self.stages if stage.stands(today) == "now"), None)


@dataclass(frozen=True)
class ProgrammeFile:
    """A programme file that has been read and found valid.

    Parameters
    ----------
    areas
        In the order of the file.
    lines
        Line of each key and list item, by location.
    """

    path: Path
    programme: Programme
    areas: tuple[AreaPlan, ...]
    lines: Mapping[tuple[str | int, ...], int] = field(default_factory=dict, repr=False)

    @property
    def start(self) -> date:
        """First day of the programme."""
        return min(area.stages[0].start for area in self.areas)

    @property
    def end(self) -> date:
        """Last day of the programme."""
        return max(area.stages[-1].end for area in self.areas)

    @property
    def today(self) -> date:
        """Day of the report."""
        return self.programme.report_date or date.today()


def add_months(day: date, months: int) -> date:
    """Return the same day so many months later, or the last day of a month that is too short.

    Examples
    --------
    >>> add_months(date(2026, 8, 31), 6).isoformat()
    '2027-02-28'
    """
    number = day.year * 12 + day.month - 1 + months
    year, month = number // 12, number % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
