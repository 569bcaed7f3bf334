"""Indicators of progress and milestones by stage: on a time axis, and as tables."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd

from cip.catalogue.evaluation import load_progress_stages
from cip.display.blocks import Block, FigureBlock, TableBlock
from cip.display.cells import is_missing
from cip.display.change_chart_words import Row
from cip.display.chart_parts import write_alt
from cip.display.kpi_timeline_drawing import (
    MARKS,
    MOST_ROWS,
    KpiLine,
    StageBand,
    StepMark,
    draw_timeline,
)
from cip.display.markup import make_id
from cip.display.strip_drawing import write_day
from cip.display.text import format_value, join_names

_SOURCE = "Source: indicators given for this area."
#: What each mark of the timeline means.
_KEY = (
    "Stroke: baseline; dot: measured; diamond: target. Beside the name: filled square reached, "
    "triangle up on course, triangle down behind, cross not reached in time, ring not measured yet."
)


def show_kpis(
    kpis: pd.DataFrame,
    values: pd.DataFrame,
    *,
    stages: Sequence[StageBand] = (),
    milestones: pd.DataFrame | None = None,
    today: date,
) -> list[Block]:
    """Return the indicators on a time axis and as a table, stage by stage.

    Parameters
    ----------
    kpis, values
        Tables ``kpis`` and ``kpi_values``.
    stages
        When each stage of the area's programme runs; none where its first day is not known.
    milestones
        As :func:`cip.framework.kpis_stages.place_milestones` gives them.
    """
    rows: list[Row] = kpis.to_dict("records")  # type: ignore[assignment]
    lines = [_make_line(row, values) for row in rows]
    steps = [] if milestones is None else [
        StepMark(item.end, str(item.state)) for item in milestones.itertuples()
    ]  # fmt: skip
    blocks: list[Block] = [_draw(lines, rows, stages, steps, milestones, today)]
    if milestones is not None and len(milestones):
        blocks.append(_tabulate_milestones(milestones))
    return blocks


def _make_line(row: Row, values: pd.DataFrame) -> KpiLine:
    held = values[(values["kpi_id"] == row["kpi_id"]) & (values["display"] == "shown")]
    return KpiLine(
        label=str(row["label"]),
        words=word_standing(row),
        state=str(row["state"]),
        measured=tuple(date.fromisoformat(day) for day in held["on"]),
        baseline=_read_day(row["baseline_on"]),
        target=_read_day(row["target_by"]),
    )


def word_standing(row: Row) -> str:
    """Return how an indicator stands against its target, in a line."""
    state = str(row["state"]).capitalize()
    if state == "Withheld":
        return "Withheld: fewer people than may be shown"
    parts = []
    if not is_missing(row["latest"]):
        parts.append(f"{_number(row, row['latest'])} on {write_day(str(row['latest_on']))}")
    elif not is_missing(row["baseline"]):
        parts.append(f"{_number(row, row['baseline'])} at the baseline")
    if not is_missing(row["target"]):
        day = f" by {write_day(str(row['target_by']))}" if row["target_by"] else ""
        parts.append(f"target {_word(row, row['target'])}{day}")
    return f"{state}: {', '.join(parts)}" if parts else state


def _number(row: Row, value: object) -> str:
    number = float(value)  # type: ignore[arg-type]
    return format_value(number, str(row["unit"]), 0 if number.is_integer() else 1)


def _word(row: Row, value: object) -> str:
    return _number(row, value) + ("" if row["unit"] == "%" else f" {row['unit']}")


def _read_day(day: object) -> date | None:
    return date.fromisoformat(str(day)) if day and not is_missing(day) else None


def _draw(
    lines: list[KpiLine],
    rows: list[Row],
    stages: Sequence[StageBand],
    steps: list[StepMark],
    milestones: pd.DataFrame | None,
    today: date,
) -> FigureBlock:
    note = _KEY + (" Milestones: filled done, hollow to do, cross overdue." if steps else "")
    note += (
        " An indicator is on course where its latest value is at least on the straight line from "
        "baseline to target."
    )
    if len(lines) > MOST_ROWS:
        note += f" The chart shows the first {MOST_ROWS} of {len(lines)}; the table holds all."
    statements = [f"{line.label}, {line.words.replace(';', ',')}" for line in lines]
    if steps:
        statements.append(f"milestones of the plan, {_count_steps([s.state for s in steps])}")
    return FigureBlock(
        block_id="kpi-timeline",
        title=write_finding(rows),
        svg=draw_timeline(lines[:MOST_ROWS], stages, steps, today=today),
        alt=write_alt("Timeline", "indicators of progress by stage", statements),
        source_line=_SOURCE,
        table=_tabulate(rows),
        note=note,
        column_labels={
            "label": "Indicator", "stage": "Stage", "baseline": "Baseline", "latest": "Latest",
            "expected": "Expected by then", "target": "Target", "state": "How it stands",
        },
    )  # fmt: skip


def write_finding(rows: Sequence[Row]) -> str:
    """Return in a sentence how many indicators stand how."""
    counts = [(state, sum(row["state"] == state for row in rows)) for state in MARKS]
    parts = [f"{number} {'is' if number == 1 else 'are'} {state}" for state, number in counts
             if number]  # fmt: skip
    noun = "indicator" if len(rows) == 1 else "indicators"
    return f"Of {len(rows)} {noun} of progress, {join_names(parts)}"


def _tabulate(rows: Sequence[Row]) -> pd.DataFrame:
    stages = load_progress_stages()
    return pd.DataFrame(
        [
            {
                "label": f"{row['label']} ({row['unit']})",
                "stage": stages[row["stage"]].label if row["stage"] else "none",
                "baseline": _word_at(row, "baseline", row["baseline_on"]),
                "latest": _word_at(row, "latest", row["latest_on"]),
                "expected": "[z]" if is_missing(row["expected"]) else
                f"{float(row['expected']):,.1f}",
                "target": _word_at(row, "target", row["target_by"]),
                "state": row["state"],
            }
            for row in rows
        ]
    )  # fmt: skip


def _word_at(row: Row, column: str, day: object) -> str:
    if row["display"] == "withheld" and column != "target" and day:
        return "[c]"
    if is_missing(row[column]):
        return "none yet"
    when = f", {write_day(str(day))}" if day else ""
    return _number(row, row[column]) + when


def tabulate_kpis(kpis: pd.DataFrame) -> TableBlock:
    """Return the indicators as a table whose rows can be linked to (``kpi-<id>``)."""
    rows: list[Row] = kpis.to_dict("records")  # type: ignore[assignment]
    frame = pd.DataFrame(
        {
            "label": [row["label"] for row in rows],
            "standing": [word_standing(row) for row in rows],
            "values": [int(row["values"]) for row in rows],
            "source": [row["source"] or "not said" for row in rows],
        }
    )
    return TableBlock(
        block_id="kpis",
        caption="Indicators of progress",
        frame=frame,
        row_ids=[make_id("kpi", str(row["kpi_id"])) for row in rows],
        column_labels={
            "label": "Indicator",
            "standing": "How it stands",
            "values": "Times measured",
            "source": "Source",
        },
        note="Values are shown as they were given, without an interval. A share from a survey "
        "belongs among the outcomes, where it has one.",
        source_line=_SOURCE,
    )


def _tabulate_milestones(milestones: pd.DataFrame) -> TableBlock:
    stages = load_progress_stages()
    names = [f"{one.number} {one.label}" if (one := stages.get(s)) else "Outside the stages"
             for s in milestones["stage"]]  # fmt: skip
    frame = pd.DataFrame(
        {
            "name": milestones["name"].to_list(),
            "stage": names,
            "end": [write_day(day.isoformat()) for day in milestones["end"]],
            "state": milestones["state"].to_list(),
        }
    )
    return TableBlock(
        block_id="stage-milestones",
        caption=f"Milestones by stage: {_count_steps(milestones['state'])}",
        frame=frame,
        column_labels={
            "name": "Milestone", "stage": "Stage", "end": "Last day", "state": "How it stands",
        },
        source_line="Source: plan given for this area.",
    )  # fmt: skip


def _count_steps(states: Sequence[str] | pd.Series) -> str:
    held = list(states)
    parts = [f"{n} {state}" for state in ("done", "overdue", "to do") if (n := held.count(state))]
    return f"of {len(held)}, {join_names(parts)}"
