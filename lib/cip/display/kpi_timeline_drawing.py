"""How indicators of progress are drawn on a time axis, with stages above and milestones below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from cip.display.engagement_marks import ACCENT, LINE_IN, Track, wrap_words, write_lines
from cip.display.gantt import list_ticks
from cip.display.palette import GRID, INK, MUTED, PANEL, PAPER, PART_FILL, WARNING
from cip.display.picture import Picture, measure_words
from cip.display.style import FIGURE_WIDTH_IN, SMALL_FONT_SIZE_PT

#: So many rows fill a page and a half; the table under the chart holds all of them.
MOST_ROWS = 18
_PAD_IN, _LANE_IN, _GAP_IN, _AXIS_IN, _STAGE_IN, _DAY_IN = 0.14, 0.26, 0.14, 0.56, 0.3, 0.26

#: Mark of each state, and whether it is filled: no state is told by colour.
MARKS: dict[str, tuple[str, bool]] = {
    "reached": ("s", True),
    "on course": ("^", True),
    "behind": ("v", False),
    "not reached in time": ("X", True),
    "not measured yet": ("o", False),
    "no target": ("D", False),
    "withheld": ("D", False),
}
ALARMS = ("behind", "not reached in time")


@dataclass(frozen=True)
class StageBand:
    """A stage on the axis."""

    label: str
    start: date
    end: date


@dataclass(frozen=True)
class KpiLine:
    """One indicator: words, the days of its values, of its baseline and of its target."""

    label: str
    words: str
    state: str
    measured: tuple[date, ...]
    baseline: date | None
    target: date | None


@dataclass(frozen=True)
class StepMark:
    """A milestone on its last day: done, overdue or to do."""

    day: date
    state: str


def draw_timeline(
    lines: Sequence[KpiLine],
    stages: Sequence[StageBand],
    steps: Sequence[StepMark],
    *,
    today: date,
) -> str:
    """Return the indicators as SVG, with the stages they belong to and the milestones of the plan.

    Raises
    ------
    ValueError
        If there is nothing to draw, or more rows than fit.
    """
    if not (lines or steps) or len(lines) > MOST_ROWS:
        raise ValueError(f"a timeline has 1 to {MOST_ROWS} indicators, or milestones")
    width = FIGURE_WIDTH_IN - 2 * _PAD_IN
    names = [wrap_words(line.label, width - 0.25) for line in lines]
    words = [wrap_words(line.words, width, size=SMALL_FONT_SIZE_PT) for line in lines]
    heights = [
        (len(a) + len(b)) * LINE_IN + _LANE_IN + _GAP_IN for a, b in zip(names, words, strict=True)
    ]
    head = _DAY_IN + (_STAGE_IN if stages else 0)
    tail = LINE_IN + _LANE_IN + _GAP_IN if steps else 0
    bottom = head + sum(heights) + tail
    picture = Picture(height_in=bottom + _AXIS_IN)
    track = _make_track(lines, stages, steps, today)
    _draw_stages(picture, track, stages, bottom)
    _draw_axis(picture, track, bottom, head)
    _draw_today(picture, track, today, head, bottom)
    top = head
    for line, name, word, height in zip(lines, names, words, heights, strict=True):
        _draw_row(picture, track, line, (name, word), top, height)
        top += height
    if steps:
        _draw_steps(picture, track, steps, top)
    return picture.to_svg()


def _make_track(
    lines: Sequence[KpiLine], stages: Sequence[StageBand], steps: Sequence[StepMark], today: date
) -> Track:
    days = [today, *(step.day for step in steps)]
    for line in lines:
        days += [*line.measured, *(day for day in (line.baseline, line.target) if day)]
    last = max(days)
    # A stage that has begun is shown whole; later ones only if something falls into them.
    days += [d for band in stages if band.start <= last for d in (band.start, band.end)]
    low, high = min(days).toordinal(), max(days).toordinal()
    margin = max((high - low) * 0.02, 2)
    return Track(_PAD_IN, FIGURE_WIDTH_IN - _PAD_IN, low - margin, high + margin)


def _place(track: Track, day: date) -> float:
    return track.place(day.toordinal())


def _draw_stages(
    picture: Picture, track: Track, stages: Sequence[StageBand], bottom: float
) -> None:
    top = _DAY_IN
    for number, band in enumerate(stages):
        if band.start.toordinal() > track.high:
            continue
        left, right = _place(track, band.start), _place(track, band.end)
        fill = PART_FILL if number % 2 else PANEL
        picture.draw_box(left, top, right - left, _STAGE_IN - 0.06, fill=fill, edge=ACCENT)
        edge = [(right, top), (right, bottom)]
        picture.draw_line(edge, colour=GRID, width=1.2, dash="--", layer=0)
        room = right - left - 0.12
        for words in (band.label, band.label.split(":")[0], band.label.split(":")[0].split()[-1]):
            if measure_words(words) <= room:
                picture.write(left + 0.06, top + (_STAGE_IN - 0.06) / 2, words)
                break


def _draw_axis(picture: Picture, track: Track, bottom: float, head: float) -> None:
    first, last = (date.fromordinal(round(end)) for end in (track.low, track.high))
    for day in list_ticks(first, last):
        at = _place(track, day)
        picture.draw_line([(at, bottom), (at, bottom + 0.06)], colour=MUTED, width=1)
        picture.write(at, bottom + 0.21, f"{day:%b}", side="center", level="baseline")
        picture.write(at, bottom + 0.38, f"{day:%Y}", side="center", level="baseline")
    ends = [(track.left, bottom), (track.right, bottom)]
    picture.draw_line(ends, colour=MUTED, width=1)


def _draw_today(picture: Picture, track: Track, today: date, head: float, bottom: float) -> None:
    at = _place(track, today)
    picture.draw_line([(at, _DAY_IN - 0.06), (at, bottom)], colour=INK, width=1.3, dash="--",
                      layer=1)  # fmt: skip
    words = f"Report: {today.day} {today:%b %Y}"
    half = measure_words(words) / 2
    middle = min(max(at, track.left + half), track.right - half)
    picture.write(middle, 0.1, words, side="center")


def _draw_row(
    picture: Picture,
    track: Track,
    line: KpiLine,
    texts: tuple[list[str], list[str]],
    top: float,
    height: float,
) -> None:
    names, words = texts
    picture.draw_box(
        0, top, FIGURE_WIDTH_IN, (len(names) + len(words)) * LINE_IN, fill=PAPER, layer=2
    )
    is_alarm = line.state in ALARMS
    _draw_mark(picture, line.state, _PAD_IN + 0.07, top + 0.5 * LINE_IN + 0.02)
    write_lines(picture, names, _PAD_IN + 0.22, top, is_bold=True)
    write_lines(
        picture, words, _PAD_IN, top + len(names) * LINE_IN, size=SMALL_FONT_SIZE_PT,
        colour=WARNING if is_alarm else INK,
    )  # fmt: skip
    middle = top + height - _GAP_IN - _LANE_IN / 2 + 0.02
    ends = [day for day in (line.baseline, *line.measured, line.target) if day]
    if len(ends) > 1:
        span = [(_place(track, min(ends)), middle), (_place(track, max(ends)), middle)]
        picture.draw_line(span, colour=MUTED, width=1.4, layer=3)
    if line.baseline:
        at = _place(track, line.baseline)
        stroke = [(at, middle - 0.07), (at, middle + 0.07)]
        picture.draw_line(stroke, colour=INK, width=1.8, layer=4)
    dots = [(_place(track, day), middle) for day in line.measured]
    picture.draw_marks(dots, "o", colour=ACCENT, size=7, edge=ACCENT, layer=5)
    if line.target:
        spot = [(_place(track, line.target), middle)]
        picture.draw_marks(spot, "D", colour=PAPER, size=8, edge=ACCENT, line=1.6, layer=6)


def _draw_mark(picture: Picture, state: str, x: float, y: float) -> None:
    shape, is_full = MARKS[state]
    colour = WARNING if state in ALARMS else ACCENT
    picture.draw_marks(
        [(x, y)], shape, colour=colour if is_full else PAPER, size=9, edge=colour, line=1.6,
        layer=6,
    )  # fmt: skip


def _draw_steps(picture: Picture, track: Track, steps: Sequence[StepMark], top: float) -> None:
    picture.draw_box(0, top, FIGURE_WIDTH_IN, LINE_IN, fill=PAPER, layer=2)
    write_lines(picture, ["Milestones of the plan"], _PAD_IN, top, is_bold=True)
    middle = top + LINE_IN + _LANE_IN / 2 + 0.02
    looks = {"done": (ACCENT, ACCENT), "overdue": (WARNING, PAPER), "to do": (ACCENT, PAPER)}
    for state, (edge, fill) in looks.items():
        spots = [(_place(track, step.day), middle) for step in steps if step.state == state]
        shape = "X" if state == "overdue" else "D"
        picture.draw_marks(spots, shape, colour=fill, size=9, edge=edge, line=1.6,
                           layer=6 if state == "overdue" else 5)  # fmt: skip
