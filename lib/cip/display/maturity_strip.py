"""Ratings of a step as a strip: how many raters chose each level, the middle, and the spread.

One strip per round; later rounds stand under the first with the change of each count. Nothing
is added up over steps.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import pandas as pd

from cip.display.blocks import FigureBlock
from cip.display.chart_parts import write_alt
from cip.display.strip_drawing import (
    StepStrips,
    Strip,
    count_noun,
    draw_svg,
    word_nothing,
    write_day,
)


def make_steps(
    summary: pd.DataFrame, changes: pd.DataFrame, order: Sequence[int], levels: Sequence[str]
) -> list[StepStrips]:
    """Return the steps in the order given.

    Parameters
    ----------
    summary
        One row per round and step (:func:`cip.framework.maturity.summarise_steps`).
    changes
        One row per later round and step (:func:`cip.framework.maturity.compare_rounds`).
    order
        Numbers of the steps.
    levels
        Columns of counts, from the lowest level to the highest.
    """
    moved = {(row["round"], row["step"]): row for row in changes.to_dict("records")}
    steps = []
    for number in order:
        rows = summary[summary["step"] == number].sort_values("round").to_dict("records")
        strips = tuple(_make_strip(row, moved.get((row["round"], number)), levels) for row in rows)
        title = f"{number} {rows[-1]['step_label']}"
        steps.append(StepStrips(title, _word_priority(rows[-1]), strips))
    return steps


def _make_strip(
    row: Mapping[str, object], moved: Mapping[str, object] | None, levels: Sequence[str]
) -> Strip:
    counts = _read_counts(row, levels)
    if counts is None:
        return Strip(str(row["round"]), int(row["raters"]))  # type: ignore[call-overload]
    places = [place for place, count in enumerate(counts) for _ in range(count)]
    middle = (places[(len(places) - 1) // 2] + places[len(places) // 2]) / 2
    return Strip(str(row["round"]), len(places), counts, _read_counts(moved or {}, levels), middle)


def _read_counts(row: Mapping[str, object], levels: Sequence[str]) -> tuple[int, ...] | None:
    cells = [row.get(level) for level in levels]
    if any(cell is None or pd.isna(cell) for cell in cells):  # type: ignore[call-overload]
        return None
    return tuple(int(cell) for cell in cells)  # type: ignore[call-overload]


def _word_priority(row: Mapping[str, object]) -> str:
    wanted = row["priorities"]
    if pd.isna(wanted) or not wanted:  # type: ignore[call-overload]
        return ""
    return f"\N{BLACK STAR} priority for {wanted} of {row['raters']}"


def draw_strips(
    steps: Sequence[StepStrips], levels: Sequence[str], *, block_id: str, source: str, note: str
) -> FigureBlock:
    """Return steps as one figure, in the order given.

    Raises
    ------
    ValueError
        If there is nothing to draw.
    """
    if not steps:
        raise ValueError("a strip chart needs at least one step")
    return FigureBlock(
        block_id=block_id,
        title=_write_title(steps, levels),
        svg=draw_svg(steps, levels),
        alt=write_alt("Strip chart", "ratings of each step", [_state(s, levels) for s in steps]),
        source_line=source,
        table=_tabulate(steps, levels),
        note=note,
        column_labels={level: level.capitalize() for level in levels},
    )


def _write_title(steps: Sequence[StepStrips], levels: Sequence[str]) -> str:
    spreads = [step.spread for step in steps if step.spread is not None]
    if not spreads:
        return f"No ratings to show on {count_noun(len(steps), 'step')}"
    widest = max(spreads)
    found = [step for step in steps if step.spread == widest]
    if not widest:
        return f"All raters agree on {count_noun(len(found), 'step')}"
    if len(found) > 1:
        which = (
            f"all {len(steps)} of these"
            if len(found) == len(steps)
            else f"{len(found)} of these {len(steps)}"
        )
        return f"On {which} steps, the lowest and highest ratings are {count_noun(widest, 'level')} apart"
    low, high = (levels[end] for end in found[0].strips[-1].ends)
    return f"Views differ most on step {found[0].title}: from {low} to {high}"


def _state(step: StepStrips, levels: Sequence[str]) -> str:
    latest = step.strips[-1]
    if latest.counts is None:
        return f"{step.title}: {word_nothing(latest)}"
    parts = [f"{count} {level}" for count, level in zip(latest.counts, levels, strict=True)]
    priority = f", {step.priority[2:]}" if step.priority else ""
    return f"{step.title}, {write_day(latest.day)}: {', '.join(parts)}{priority}"


def _tabulate(steps: Sequence[StepStrips], levels: Sequence[str]) -> pd.DataFrame:
    rows = []
    for step in steps:
        for strip in step.strips:
            mark = "[c]" if strip.raters else None
            counts = strip.counts or (mark,) * len(levels)
            middle = mark if strip.counts is None else _name_middle(strip.middle, levels)
            spread = mark if strip.counts is None else strip.ends[1] - strip.ends[0]
            rows.append([step.title, write_day(strip.day), strip.raters, *counts, middle, spread])
    names = ["Step", "Round", "Raters", *levels, "Middle rating", "Levels apart"]
    return pd.DataFrame(rows, columns=names, dtype=object)


def _name_middle(middle: float, levels: Sequence[str]) -> str:
    low, high = levels[math.floor(middle)], levels[math.ceil(middle)]
    return low if low == high else f"{low} to {high}"
