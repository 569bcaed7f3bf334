"""The report on a programme: its areas, where they stand, and their stages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from cip.catalogue.programme import cite_programme, load_programme_plan
from cip.display.blocks import Block, FigureBlock, KeyFacts, NoteBlock
from cip.display.chart_parts import write_alt
from cip.display.programme_table import LinkedTable, resolve_address
from cip.display.programme_timeline import MOST_AREAS, TimelineBar, TimelineRow, draw_timeline
from cip.display.strip_drawing import count_noun, write_day
from cip.display.text import join_names
from cip.framework.grants import AWARDED
from cip.framework.programme_areas import AreaOutputs
from cip.framework.programme_plan import AreaPlan, ProgrammeFile
from cip.framework.programme_tables import list_stages

_SOURCE = "Source: programme file."
_STANDS = {"over": "over", "now": "now", "to come": "to come"}
_LABELS = {
    "area": "Area", "wave": "Wave", "stage": "Stage", "start": "First day", "end": "Last day",
    "months": "Months", "stands": "Stands", "neighbourhoods": "Neighbourhoods", "now": "Stage now",
    "residents": "Residents", "profile": "Profile", "officer": "Officer's page",
}  # fmt: skip


@dataclass(frozen=True)
class Programme:
    """A programme with what its areas have left, as its report shows it.

    Parameters
    ----------
    areas
        In the order of the file.
    warnings
        Where the file leaves the staged plan.
    up
        The way from the report's folder to the outputs folder.
    """

    file: ProgrammeFile
    areas: Sequence[AreaOutputs] = field(repr=False)
    warnings: Sequence[str] = ()
    up: str = "../../"

    @property
    def today(self) -> date:
        """Day of the report."""
        return self.file.today

    @property
    def ready(self) -> list[AreaOutputs]:
        """The areas that have a profile that can be read."""
        return [area for area in self.areas if area.state == "ready"]

    def lead(self, area: AreaOutputs, address: str) -> str:
        """Return a neutral address as the way to the area's page; empty where it has none."""
        prefix = f"{self.up}{area.id}/reports/"
        return resolve_address(address, prefix) if area.has_page else ""

    def join(self, name: str) -> pd.DataFrame:
        """Return a table of all areas one after the other, with ``area_id`` and ``area``."""
        parts = [
            table.assign(area_id=area.id, area=area.title)
            for area in self.ready
            if (table := area.read(name)) is not None and len(table)
        ]
        return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()

    def find(self, area_id: str) -> AreaOutputs:
        """Return an area by its id."""
        return next(area for area in self.areas if area.id == area_id)


def show_facts(programme: Programme) -> list[Block]:
    """Return the programme in figures: areas, stages, actions, money."""
    now = [area.plan.find_now(programme.today) for area in programme.areas]
    kinds = [stage.kind for stage in now if stage is not None]
    actions, grants = programme.join("actions"), programme.join("grants")
    late = int(actions["is_overdue"].fillna(False).sum()) if len(actions) else 0
    awards = grants[grants["status"].isin(AWARDED)] if len(grants) else grants
    money = awards["amount"].sum() if len(awards) else 0
    waves = {area.plan.wave for area in programme.areas}
    facts = [
        ("Areas", f"{len(programme.areas)}", f"in {count_noun(len(waves), 'wave')}"),
        ("In support now", f"{kinds.count('support')}", ""),
        ("In maintenance now", f"{kinds.count('maintenance')}", ""),
        ("Actions overdue", f"{late}", f"of {len(actions)}"),
        ("Grants awarded", f"£{money:,.0f}", f"in {count_noun(len(awards), 'grant')}"),
    ]
    return [KeyFacts(facts, block_id="programme")]


def show_notes(programme: Programme) -> list[Block]:
    """Return what a reader must know first: missing areas, other days, another plan."""
    blocks: list[Block] = []
    away = [area for area in programme.areas if area.message]
    if away:
        body = "\n\n".join(f"{area.title}: {area.message}" for area in away)
        blocks.append(NoteBlock("missing", "Not every area has a profile to show", body))
    days = {area.title: area.report_date for area in programme.ready}
    if set(days.values()) - {programme.today.isoformat()}:
        told = "; ".join(f"{name}: {write_day(day) if day else 'no day'}"
                         for name, day in days.items())  # fmt: skip
        body = f"How an action, grant or target stands is told for the day of its profile. {told}."
        blocks.append(NoteBlock("warning", "The profiles are of different days", body))
    if programme.warnings:
        body = "\n\n".join([*programme.warnings, f"{cite_programme()}."])
        heading = "Where the programme leaves the staged plan"
        blocks.append(NoteBlock("warning", heading, body))
    return blocks


def show_areas(programme: Programme) -> list[Block]:
    """Return the areas with where they stand, and links to their pages."""
    areas = programme.areas
    frame = pd.DataFrame(
        {
            "area": [area.title for area in areas],
            "wave": [area.plan.wave for area in areas],
            "neighbourhoods": [_name_neighbourhoods(area) for area in areas],
            "now": [describe_now(area.plan, programme.today) for area in areas],
            "residents": pd.array([area.count_residents() for area in areas], dtype="Int64"),
            "profile": [_word_profile(area) for area in areas],
            "officer": ["Open" if area.state == "ready" else "none yet" for area in areas],
        }
    )
    pages = [f"{programme.up}{a.id}/index.html" if a.state == "ready" else "" for a in areas]
    officers = [f"{a.id}/officer.html" if a.state == "ready" else "" for a in areas]
    return [
        LinkedTable(
            block_id="programme-areas",
            caption="The areas and where they stand",
            frame=frame,
            leads={"area": pages, "officer": officers},
            column_labels=_LABELS,
            formats={"wave": "{:d}"},
            source_line=f"{_SOURCE} Residents are those of each area's own profile.",
        )
    ]


def _name_neighbourhoods(area: AreaOutputs) -> str:
    return "; ".join(area.plan.entry.neighbourhoods) or area.title


def _word_profile(area: AreaOutputs) -> str:
    if area.state != "ready":
        return area.state
    day = write_day(area.report_date) if area.report_date else "no day"
    return f"{area.version}; {day}" if area.version else day


def describe_now(plan: AreaPlan, today: date) -> str:
    """Return the stage that an area is in, or what comes next."""
    stage = plan.find_now(today)
    if stage is not None:
        return f"{stage.label} until {write_day(stage.end.isoformat())}"
    later = next((one for one in plan.stages if one.start > today), None)
    if later is not None:
        return f"{later.label} from {write_day(later.start.isoformat())}"
    return f"over since {write_day(plan.stages[-1].end.isoformat())}"


def show_timeline(programme: Programme) -> list[Block]:
    """Return the stages on a time axis, so many areas to a figure, with all of their days."""
    plan = load_programme_plan()
    names = {kind: entry.label for kind, entry in plan.stages.items()}
    ordered = sorted(programme.areas, key=lambda area: area.plan.wave)
    rows = [_make_row(area.plan, area.title, programme.today) for area in ordered]
    parts = [rows[n : n + MOST_AREAS] for n in range(0, len(rows), MOST_AREAS)]
    stages = list_stages(programme.file)
    file = programme.file
    note = (
        f"The plan: {join_names([f'{e.label.lower()} {e.months} months' for e in _kinds()])}; "
        f"{plan.plan.least} to {plan.plan.most} priority neighbourhoods in a wave."
    )
    blocks: list[Block] = []
    for number, part in enumerate(parts, start=1):
        held = {row.label for row in part}
        more = f" ({number} of {len(parts)})" if len(parts) > 1 else ""
        blocks.append(
            FigureBlock(
                block_id="programme-stages" if number == 1 else f"programme-stages-{number}",
                title=_title_timeline(programme) + more,
                svg=draw_timeline(
                    part, today=programme.today, start=file.start, end=file.end, names=names
                ),
                alt=write_alt(
                    "Stages of the programme on a time axis",
                    "areas",
                    [f"Wave {r.wave}, {r.label}, {_word_bars(r)}" for r in part],
                ),
                source_line=f"{_SOURCE} {cite_programme()}.",
                table=_tabulate_stages(stages[stages["area"].isin(held)]),
                note=note,
                column_labels=_LABELS,
                formats={"wave": "{:d}", "months": "{:d}"},
            )
        )
    return blocks


def _kinds() -> list:
    return list(load_programme_plan().stages.values())


def _title_timeline(programme: Programme) -> str:
    now = sum(_is_supported(area.plan, programme.today) for area in programme.areas)
    start, end = (write_day(d.isoformat()) for d in (programme.file.start, programme.file.end))
    verb = "is" if now == 1 else "are"
    return (
        f"{now} of {count_noun(len(programme.areas), 'area')} {verb} in support; the stages run "
        f"from {start} to {end}"
    )


def _is_supported(plan: AreaPlan, today: date) -> bool:
    stage = plan.find_now(today)
    return stage is not None and stage.kind == "support"


def _make_row(plan: AreaPlan, title: str, today: date) -> TimelineRow:
    bars = tuple(TimelineBar(s.kind, s.label, s.start, s.end) for s in plan.stages)
    return TimelineRow(plan.wave, title, describe_now(plan, today), bars)


def _word_bars(row: TimelineRow) -> str:
    return join_names(
        [
            f"{bar.label.lower()} {write_day(bar.start.isoformat())} to "
            f"{write_day(bar.end.isoformat())}"
            for bar in row.bars
        ]
    )


def _tabulate_stages(stages: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "area": stages["area"],
            "wave": stages["wave"],
            "stage": stages["label"],
            "start": [write_day(day.isoformat()) for day in stages["start"]],
            "end": [write_day(day.isoformat()) for day in stages["end"]],
            "months": stages["months"],
            "stands": stages["stands"].map(_STANDS),
        }
    ).reset_index(drop=True)
