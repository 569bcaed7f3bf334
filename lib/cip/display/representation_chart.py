"""Who was heard against who lives there: how many times as many, with intervals, gaps first."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from cip.catalogue.people_groups import load_people_groups
from cip.display.blocks import FigureBlock
from cip.display.chart_parts import write_alt
from cip.display.engagement_parts import (
    LINE_IN,
    Row,
    Track,
    draw_axis,
    draw_dot,
    draw_interval,
    join_notes,
    list_rows,
    name_people,
    note_statuses,
    read_shown,
    table_base,
    table_number,
    word_figure,
    word_status,
    wrap_words,
    write_in_lane,
    write_lines,
)
from cip.display.palette import INK, MUTED
from cip.display.picture import Picture
from cip.display.style import FIGURE_WIDTH_IN, FONT_SIZE_PT

#: More groups than this would not fit a printed page; the table holds the rest.
MOST_ROWS = 14
_PAD_IN, _LABEL_RIGHT_IN, _LEFT_IN, _RIGHT_IN = 0.1, 1.82, 1.95, 4.22
_HEAD_IN, _AXIS_IN, _ROW_GAP_IN, _LEAST_ROW_IN = 0.8, 0.52, 0.14, 0.42
#: The scale goes from half to twice at least, and to an eighth and eight times at most.
_LEAST_DOUBLINGS, _MOST_DOUBLINGS = 1, 3
_TICKS = {-3: "⅛", -2: "¼", -1: "½", 0: "1", 1: "2", 2: "4", 3: "8"}
_NAMED = "◆"
_MOST_TOLD = 8


@dataclass(frozen=True)
class _Line:
    """One group: its label and characteristic, ratio with limits, and the words beside them."""

    label: str
    characteristic: str
    is_named: bool
    ratio: float | None
    lower: float | None
    upper: float | None
    shares: str
    status: str

    @property
    def is_clear(self) -> bool:
        """Whether the interval lies on one side of 1."""
        if self.lower is None or self.upper is None:
            return False
        return self.upper < 1 or self.lower > 1


def chart_representation(
    respondents: pd.DataFrame, *, title: str, block_id: str, source_line: str, note: str = ""
) -> FigureBlock:
    """Draw for each group how many were heard for each one expected, gaps first.

    Parameters
    ----------
    respondents
        Rows of the table ``respondents`` of one wave: one row per characteristic x group. Shares
        are percentages; a ratio of 1 is in line with the population.
    title, block_id, source_line, note
        As for :class:`cip.display.blocks.FigureBlock`.

    Raises
    ------
    ValueError
        If there are no rows, or rows of several waves.
    """
    rows = list_rows(respondents, "a chart of who was heard", one=["wave"])
    ordered = sorted(rows, key=_rank)
    lines = [_make_line(row) for row in ordered]
    drawn = lines[:MOST_ROWS]
    left_out = len(lines) - len(drawn)
    return FigureBlock(
        block_id=block_id,
        title=title,
        svg=_draw(drawn),
        alt=write_alt(
            "Dot chart with 95% confidence intervals",
            "people heard for each one that the population would give, gaps first",
            [_tell(line) for line in drawn[:_MOST_TOLD]],
        ),
        source_line=source_line,
        table=pd.DataFrame([_tabulate(row) for row in ordered], dtype=object),
        note=join_notes(
            note,
            "Lines show 95% confidence intervals of the share of people heard.",
            f"{left_out} more groups, nearer to the population, are in the table."
            if left_out else "",
            note_statuses([row for row in rows if row["display"] == "withheld"]),
        ),
        column_labels=_HEADINGS,
        formats={name: "{:.2f}" for name in ("ratio", "ratio_lower_95", "ratio_upper_95")},
    )  # fmt: skip


_HEADINGS = {
    "characteristic": "Characteristic",
    "group": "Group",
    "respondents": "People heard",
    "answered": "Who said which group",
    "share": "Share of people heard (%)",
    "population_share": "Share of population (%)",
    "ratio": "Heard for each one expected",
    "ratio_lower_95": "Lower 95% limit",
    "ratio_upper_95": "Upper 95% limit",
    "named": "Named in the plan",
    "display": "Status",
}


def _rank(row: Row) -> tuple[int, float]:
    ratio, upper = read_shown(row, "ratio"), read_shown(row, "ratio_upper_95")
    if ratio is None:
        return 2, 0.0
    return (0 if upper is not None and upper < 1 else 1), ratio


def _name_characteristic(row: Row) -> str:
    entry = load_people_groups().get(str(row["characteristic"]))
    return str(row["characteristic"]) if entry is None else entry.label


def _name_group(row: Row) -> str:
    label = row["group_label"]
    if isinstance(label, str) and label.strip():
        return label
    return name_people(row["characteristic"], row["group"])


def _make_line(row: Row) -> _Line:
    ratio = read_shown(row, "ratio")
    share, people = read_shown(row, "share"), read_shown(row, "population_share")
    words = [f"{word_figure(share, '%')} of those heard"] if share is not None else []
    if words and people is not None:
        words = [f"{word_figure(share, '%')} heard, {word_figure(people, '%')} live here"]
    status = "" if ratio is not None else word_status(row)
    if ratio is None and share is not None:
        status = "no figure of the population"
    small = " (small base)" if row["display"] == "small base" else ""
    return _Line(
        _name_group(row) + small, _name_characteristic(row), bool(row["is_seldom_heard"]),
        ratio, read_shown(row, "ratio_lower_95"), read_shown(row, "ratio_upper_95"),
        "".join(words), status,
    )  # fmt: skip


def _word_ratio(ratio: float) -> str:
    return f"{ratio:.2f}×" if ratio < 10 else f"{ratio:.0f}×"


def _tell(line: _Line) -> str:
    name = f"{line.label} ({line.characteristic.lower()})"
    if line.ratio is None:
        return f"{name}: {line.status}"
    limits = ""
    if line.lower is not None and line.upper is not None:
        limits = f" ({line.lower:.2f} to {line.upper:.2f})"
    return f"{name}: {line.ratio:.2f} times{limits}, {line.shares}"


def _tabulate(row: Row) -> dict[str, object]:
    numbers = ("share", "population_share", "ratio", "ratio_lower_95", "ratio_upper_95")
    return {
        "characteristic": _name_characteristic(row),
        "group": _name_group(row),
        "respondents": table_number(row, "respondents"),
        "answered": table_base(row, "answered"),
        **{name: table_number(row, name) for name in numbers},
        "named": "Yes" if row["is_seldom_heard"] else "No",
        "display": row["display"],
    }


def _draw(lines: Sequence[_Line]) -> str:
    labels = [
        wrap_words(f"{_NAMED} {line.label}" if line.is_named else line.label,
                   _LABEL_RIGHT_IN - _PAD_IN)
        for line in lines
    ]  # fmt: skip
    heights = [
        max(_LEAST_ROW_IN, (len(held) + 1) * LINE_IN + 0.04) + _ROW_GAP_IN for held in labels
    ]
    has_named = any(line.is_named for line in lines)
    head_in = _HEAD_IN + (LINE_IN if has_named else 0)
    bottom = head_in + sum(heights)
    picture = Picture(height_in=bottom + _AXIS_IN)
    track = _make_track(lines)
    _draw_key(picture, has_named)
    _draw_scale(picture, track, head_in, bottom)
    top = head_in
    for line, label, height in zip(lines, labels, heights, strict=True):
        write_lines(picture, label, _PAD_IN, top + 0.02)
        under = top + len(label) * LINE_IN + 0.02
        write_lines(picture, [line.characteristic], _PAD_IN, under, colour=MUTED, size=10)
        _draw_line(picture, track, line, top + 0.12)
        top += height
    return picture.to_svg()


def _make_track(lines: Sequence[_Line]) -> Track:
    ends = [end for line in lines for end in (line.ratio, line.lower, line.upper) if end]
    reach = max([abs(math.log2(end)) for end in ends], default=0.0)
    whole = min(max(math.ceil(reach - 0.05), _LEAST_DOUBLINGS), _MOST_DOUBLINGS)
    return Track(_LEFT_IN, _RIGHT_IN, -whole, whole)


def _draw_key(picture: Picture, has_named: bool) -> None:
    draw_dot(picture, _PAD_IN + 0.08, 0.12, is_full=True)
    picture.write(_PAD_IN + 0.22, 0.12, "clearly fewer or more")
    draw_dot(picture, 2.3, 0.12, is_full=False)
    picture.write(2.44, 0.12, "no clear difference")
    if has_named:
        picture.write(_PAD_IN + 0.02, 0.12 + LINE_IN + 0.04, f"{_NAMED} seldom heard, says the plan")


def _draw_scale(picture: Picture, track: Track, top: float, bottom: float) -> None:
    picture.write(_LEFT_IN, top - 0.2, "fewer heard", colour=MUTED)
    picture.write(_RIGHT_IN, top - 0.2, "more heard", colour=MUTED, side="right")
    middle = track.place(0)
    places = [n for n in _TICKS if track.low <= n <= track.high]
    draw_axis(
        picture, track, [(n, _TICKS[n]) for n in places], (top - 0.06, bottom),
        "People heard for each one expected",
    )  # fmt: skip
    picture.draw_line([(middle, top - 0.06), (middle, bottom)], colour=INK, width=1.4, layer=1)


def _draw_line(picture: Picture, track: Track, line: _Line, middle: float) -> None:
    under = middle + LINE_IN
    if line.shares:
        write_in_lane(picture, _LEFT_IN, under, line.shares)
    if line.ratio is None:
        write_in_lane(picture, _LEFT_IN, middle, line.status)
        return
    places = [_place(track, end) for end in (line.lower, line.upper)]
    if line.lower is not None and line.upper is not None:
        draw_interval(picture, places[0], places[1], middle)
    at = _place(track, line.ratio)
    is_beyond = line.ratio == 0 or abs(math.log2(line.ratio)) > track.high
    if is_beyond:
        marker = "<" if line.ratio < 1 else ">"
        picture.draw_marks([(at, middle)], marker, colour=INK, size=9, layer=5)
    else:
        draw_dot(picture, at, middle, is_full=line.is_clear)
    words = "nobody" if line.ratio == 0 else _word_ratio(line.ratio)
    picture.write(
        FIGURE_WIDTH_IN - 0.06, middle, words, size=FONT_SIZE_PT, is_bold=True, side="right"
    )


def _place(track: Track, ratio: float | None) -> float:
    """Return the place of a ratio on a scale of doublings; zero lies beyond its left end."""
    return track.left if not ratio else track.place(math.log2(ratio))
