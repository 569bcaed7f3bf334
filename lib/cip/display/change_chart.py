"""Changes of shares on one scale: who moved, how far, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from cip.display.blocks import FigureBlock
from cip.display.cells import is_missing
from cip.display.change_chart_words import (
    BETTER,
    DOWN,
    SHAPES,
    UNCLEAR,
    UP,
    WORSE,
    Row,
    judge,
    sign,
    word_bases,
    word_difference,
    word_figure,
    word_moment,
)
from cip.display.chart_parts import write_alt
from cip.display.engagement_marks import (
    ACCENT,
    LINE_IN,
    Track,
    draw_interval,
    wrap_words,
    write_lines,
)
from cip.display.palette import GRID, INK, MUTED, PAPER, WARNING
from cip.display.picture import Picture
from cip.display.style import FIGURE_WIDTH_IN, SMALL_FONT_SIZE_PT
from cip.framework.outcomes_columns import RECORDS
from cip.statistics import count_chance_marks

_PAD_IN, _LANE_IN, _GAP_IN, _AXIS_IN, _RIGHT_IN = 0.1, 0.28, 0.16, 0.62, 1.55
_TESTED = (BETTER, WORSE, UP, DOWN, UNCLEAR)


@dataclass(frozen=True)
class ChangeLine:
    """One row of the chart: words, difference with limits (None where not tested), verdict."""

    label: str
    figures: str
    difference: float
    lower: float | None
    upper: float | None
    words: str
    verdict: str


def list_shares(outcomes: pd.DataFrame) -> list[Row]:
    """Return the outcomes that the chart shows: shares that were measured twice."""
    rows = outcomes[(outcomes["unit"] == "%") & outcomes["difference"].notna()]
    return rows.to_dict("records")  # type: ignore[return-value]


def chart_changes(outcomes: pd.DataFrame) -> FigureBlock | None:
    """Return the changes of shares as a chart; None where no share was measured twice.

    Parameters
    ----------
    outcomes
        Table ``outcomes``.
    """
    rows = list_shares(outcomes)
    if not rows:
        return None
    lines = [_make_line(row) for row in rows]
    statements = [f"{line.label}: {line.figures}, {line.words}, {line.verdict}" for line in lines]
    return FigureBlock(
        block_id="outcome-changes",
        title=write_finding(rows),
        lead="Each line is the change in percentage points with its 95% interval. An interval "
        "that holds zero leaves open whether anything changed.",
        svg=draw_changes(lines),
        alt=write_alt("Chart of changes with 95% intervals", "baseline to follow-up", statements),
        source_line="Source: survey of residents, published figures and counts given for this "
        "area, as each outcome says.",
        table=pd.DataFrame([_tabulate(row) for row in rows], dtype=object),
        note=_note(rows),
        column_labels={
            "outcome": "Outcome", "first": "Baseline (%)", "second": "Follow-up (%)",
            "bases": "Bases", "difference": "Change (points)", "interval": "95% interval",
            "verdict": "Reading",
        },
        formats=dict.fromkeys(("first", "second", "difference"), "{:,.1f}"),
    )  # fmt: skip


def write_finding(rows: Sequence[Row]) -> str:
    """Return in a sentence how many changes are clear."""
    verdicts = [judge(row) for row in rows]
    tested = sum(verdict in _TESTED for verdict in verdicts)
    if not tested:
        return "No change of a share could be tested"
    better, worse = verdicts.count(BETTER), verdicts.count(WORSE)
    moved = verdicts.count(UP) + verdicts.count(DOWN)
    parts = [f"{_count(better)} clearly better", f"{_count(worse, lead='')} clearly worse"]
    parts += [f"{moved} clearly higher or lower"] if moved else []
    noun = "share that was tested" if tested == 1 else "shares that were tested"
    return f"Of {tested} {noun}, {', '.join(parts[:-1])} and {parts[-1]}"


def _count(number: int, lead: str = "is") -> str:
    verb = {"is": "is " if number == 1 else "are "}.get(lead, "")
    return f"{number or 'none'} {verb}".strip()


def _make_line(row: Row) -> ChangeLine:
    is_tested = not is_missing(row["lower_95"])
    first, second = (
        f"{word_moment(str(row[f'{m}_on']))} {word_figure(row, row[m])}"
        for m in ("baseline", "followup")
    )
    return ChangeLine(
        label=str(row["outcome"]),
        figures="; ".join(part for part in (f"{first}, {second}", word_bases(row)) if part),
        difference=float(row["difference"]),
        lower=float(row["lower_95"]) if is_tested else None,
        upper=float(row["upper_95"]) if is_tested else None,
        words=word_difference(row),
        verdict=judge(row),
    )


def _tabulate(row: Row) -> dict[str, object]:
    bases = [row["baseline_base"], row["followup_base"]]
    ends = [row["lower_95"], row["upper_95"]]
    return {
        "outcome": row["outcome"],
        "first": row["baseline"],
        "second": row["followup"],
        "bases": " and ".join("not told" if is_missing(b) else f"{int(b):,}" for b in bases),
        "difference": row["difference"],
        "interval": _say_none(row) if is_missing(ends[0]) else
        f"{sign(float(ends[0]))} to {sign(float(ends[1]))}",
        "verdict": judge(row),
    }  # fmt: skip


def _say_none(row: Row) -> str:
    """Return in a few words why there is no interval; the outcome's card says it in full."""
    if row["counts"] == "groups":
        return "none: too few groups"
    return "none: all are counted" if row["design"] == RECORDS else "none: see the outcome"


def _note(rows: Sequence[Row]) -> str:
    tested = sum(judge(row) in _TESTED for row in rows)
    parts = []
    if tested > 1:
        chance = count_chance_marks(tested)
        parts.append(
            f"{tested} changes were tested; by chance alone about {chance:.1f} of them would seem "
            "clear."
        )
    if tested < len(rows):
        parts.append("A diamond is a change that is not tested; the table and the outcome say why.")
    parts.append("A change says that something moved, not that the programme moved it.")
    return " ".join(parts)


def draw_changes(lines: Sequence[ChangeLine]) -> str:
    """Return the changes as SVG, one row each: words above, the lane with its mark below."""
    width = FIGURE_WIDTH_IN - 2 * _PAD_IN
    labels = [wrap_words(line.label, width, is_bold=True) for line in lines]
    figures = [
        wrap_words(line.figures, width, size=SMALL_FONT_SIZE_PT, most_lines=2) for line in lines
    ]
    heights = [
        (len(a) + len(b)) * LINE_IN + _LANE_IN + _GAP_IN
        for a, b in zip(labels, figures, strict=True)
    ]
    track = _make_track(lines)
    bottom = 0.06 + sum(heights)
    picture = Picture(height_in=bottom + _AXIS_IN)
    _draw_scale(picture, track, bottom)
    top = 0.06
    for line, label, figure, height in zip(lines, labels, figures, heights, strict=True):
        _blank(picture, top, (len(label) + len(figure)) * LINE_IN)
        write_lines(picture, label, _PAD_IN, top, is_bold=True)
        write_lines(
            picture, figure, _PAD_IN, top + len(label) * LINE_IN, size=SMALL_FONT_SIZE_PT,
            colour=MUTED,
        )  # fmt: skip
        _draw_lane(picture, track, line, top + height - _GAP_IN - _LANE_IN / 2 + 0.02)
        top += height
    return picture.to_svg()


def _blank(picture: Picture, top: float, height: float) -> None:
    """Keep the lines of the scale out of the words."""
    picture.draw_box(0, top, FIGURE_WIDTH_IN, height, fill=PAPER, layer=1)


def _make_track(lines: Sequence[ChangeLine]) -> Track:
    ends = [
        abs(end)
        for line in lines
        for end in (line.difference, line.lower, line.upper)
        if end is not None
    ]
    reach = max(5.0, 5.0 * -(-max(ends) // 5))
    return Track(_PAD_IN + 0.12, FIGURE_WIDTH_IN - _RIGHT_IN, -reach, reach)


def _draw_scale(picture: Picture, track: Track, bottom: float) -> None:
    step = next((s for s in (5, 10, 20, 25, 50) if track.high / s <= 2), 50)
    for number in range(-2, 3):
        value = float(number * step)
        if abs(value) > track.high:
            continue
        at, is_zero = track.place(value), number == 0
        ends = [(at, 0.06), (at, bottom)]
        colour, width = (INK, 1.4) if is_zero else (GRID, 0.8)
        picture.draw_line(ends, colour=colour, width=width, layer=0)
        words = "0" if is_zero else sign(value, 0)
        picture.write(at, bottom + 0.2, words, side="center", level="baseline")
    picture.write(_PAD_IN, bottom + 0.45, "Change in percentage points", level="baseline")


def _draw_lane(picture: Picture, track: Track, line: ChangeLine, middle: float) -> None:
    if line.lower is not None and line.upper is not None:
        draw_interval(picture, track.place(line.lower), track.place(line.upper), middle)
    colour = WARNING if line.verdict == WORSE else ACCENT
    is_full = line.verdict in (BETTER, WORSE, UP, DOWN)
    picture.draw_marks(
        [(track.place(line.difference), middle)], SHAPES[line.verdict][0],
        colour=colour if is_full else PAPER, size=10, edge=colour, line=1.8, layer=6,
    )  # fmt: skip
    left = track.right + 0.12
    picture.write(left, middle - 0.08, line.words, is_bold=True, size=SMALL_FONT_SIZE_PT)
    picture.write(left, middle + 0.1, line.verdict, size=SMALL_FONT_SIZE_PT, colour=MUTED)
