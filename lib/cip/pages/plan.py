"""The part of notebook 01 on the dated plan: what is due, out of order or in other work's way."""

from __future__ import annotations

from datetime import date

import pandas as pd

from cip.display.blocks import Block, FigureBlock, NoteBlock, TableBlock
from cip.display.chart_parts import write_alt
from cip.display.gantt import MOST_ROWS, Look, PlanRow, draw_gantt
from cip.display.text import join_names
from cip.framework.milestones import (
    CANCELLED,
    CLASH_DAYS,
    DONE,
    INITIATIVE,
    MILESTONE,
    find_clashes,
    find_order_faults,
    find_overdue,
    write_day,
)


def draw_plan(plan: pd.DataFrame, today: date) -> list[Block]:
    """Return the plan on a time axis, and the checks of it.

    Parameters
    ----------
    plan
        As :func:`cip.framework.milestones.read_milestones` gives it.
    today
        Date of the report.
    """
    if plan.empty:
        return [NoteBlock("info", "The plan", "The plan has no milestone yet.")]
    checks = list_checks(plan, today)
    return [_draw_plan(plan, checks, today), _show_checks(checks)]


def list_checks(plan: pd.DataFrame, today: date) -> pd.DataFrame:
    """Return what to look at in a plan: one row per finding, ``name, check, finding``."""
    rows = [
        (item.name, "Overdue", f"should have ended on {write_day(item.end)}; it is {item.status}")
        for item in plan[find_overdue(plan, today)].itertuples()
    ]
    rows += [
        (item.name, "Out of order", f"depends on '{item.depends_on}', which {item.fault}")
        for item in find_order_faults(plan).itertuples()
    ]
    rows += [
        (item.name, "Clash", _word_clash(item.initiative, item.days_apart))
        for item in find_clashes(plan, today).itertuples()
    ]
    return pd.DataFrame(rows, columns=["name", "check", "finding"], dtype="str")


def _word_clash(initiative: str, days_apart: int) -> str:
    if days_apart == 0:
        return f"falls in the time of '{initiative}'"
    days = "1 day" if days_apart == 1 else f"{days_apart} days"
    return f"is {days} away from '{initiative}'"


def _show_checks(checks: pd.DataFrame) -> Block:
    explained = (
        f"A clash is a milestone in the time of another initiative, or within {CLASH_DAYS} days "
        "of it, in the same place. Places are compared by name; an entry without one touches "
        "every place."
    )
    if checks.empty:
        text = f"Nothing is overdue, out of order or in the way of other work.\n\n{explained}"
        return NoteBlock("info", "Checks of the plan", text)
    return TableBlock(
        block_id="plan-checks",
        caption="What to look at in the plan",
        frame=checks,
        column_labels={"name": "Milestone", "check": "Check", "finding": "Finding"},
        note=explained,
    )


def _draw_plan(plan: pd.DataFrame, checks: pd.DataFrame, today: date) -> FigureBlock:
    overdue = find_overdue(plan, today)
    plan = plan.assign(
        is_overdue=overdue,
        clashes=plan["name"].isin(checks.loc[checks["check"] == "Clash", "name"]),
    ).sort_values(["start", "end"], kind="stable")
    rows = [_make_row(item) for item in plan.itertuples()]
    note = (
        f"The chart shows the first {MOST_ROWS} of {len(rows)} rows; the table holds all."
        if len(rows) > MOST_ROWS
        else ""
    )
    return FigureBlock(
        block_id="plan",
        title=_write_plan_finding(plan),
        svg=draw_gantt(rows[:MOST_ROWS], today=today),
        alt=write_alt(
            "Plan on a time axis",
            "milestones and other initiatives",
            [f"{row.label}, {row.words.replace(';', ',')}" for row in rows],
        ),
        source_line="Plan given for this area.",
        table=pd.DataFrame(
            {
                "name": plan["name"],
                "kind": plan["kind"],
                "dates": [_word_dates(item) for item in plan.itertuples()],
                "standing": [_word_standing(item) for item in plan.itertuples()],
                "owner": plan["owner"].fillna("nobody yet"),
                "area": plan["area"].fillna("every place"),
                "depends_on": plan["depends_on"].fillna("nothing"),
            }
        ),
        note=note,
        column_labels={
            "name": "What",
            "kind": "Kind",
            "dates": "Dates",
            "standing": "How it stands",
            "owner": "Owner",
            "area": "Area",
            "depends_on": "Depends on",
        },
    )


def _write_plan_finding(plan: pd.DataFrame) -> str:
    own = plan[(plan["kind"] == MILESTONE) & (plan["status"] != CANCELLED)]
    if own.empty:
        return "The plan holds no milestone that is to be kept"
    done, late, clashing = (
        int(flags.sum()) for flags in (own["status"] == DONE, own["is_overdue"], own["clashes"])
    )
    noun = "milestone" if len(own) == 1 else "milestones"
    parts = [f"{done} of {len(own)} {noun} {'is' if 1 in (done, len(own)) else 'are'} done"]
    parts += [f"{late} {'is' if late == 1 else 'are'} overdue"] if late else []
    parts += (
        [f"{clashing} {'clashes' if clashing == 1 else 'clash'} with other work"]
        if clashing
        else []
    )
    return join_names(parts)


def _make_row(item) -> PlanRow:
    return PlanRow(
        label=item.name,
        words=f"{_word_dates(item)}; {_word_standing(item)}",
        start=item.start.date(),
        end=item.end.date(),
        look=_pick_look(item),
    )


def _pick_look(item) -> Look:
    if item.status == CANCELLED:
        return "cancelled"
    if item.kind == INITIATIVE:
        return "other"
    if item.is_overdue:
        return "overdue"
    return "done" if item.status == DONE else "open"


def _word_dates(item) -> str:
    """Return one day, or two as short as they can be told."""
    start, end = item.start, item.end
    if start == end:
        return f"{start.day} {start:%b %Y}"
    first = f"{start.day} {start:%b}" if start.year == end.year else f"{start.day} {start:%b %Y}"
    return f"{first} to {end.day} {end:%b %Y}"


def _word_standing(item) -> str:
    words = item.status
    if item.is_overdue:
        words = f"{words}, overdue"
    return f"{words}, clashes" if item.clashes else words
