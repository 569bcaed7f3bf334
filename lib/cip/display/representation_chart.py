"""Who was heard against who lives there: how many times as many, with intervals, gaps first."""

from __future__ import annotations

import pandas as pd

from cip.catalogue.people_groups import load_people_groups
from cip.display.blocks import FigureBlock
from cip.display.cells import is_missing
from cip.display.chart_parts import write_alt
from cip.display.engagement_parts import (
    Row,
    is_true,
    join_notes,
    list_rows,
    name_people,
    note_left_out,
    note_withheld,
    read_shown,
    table_base,
    table_number,
    word_figure,
    word_status,
)
from cip.display.representation_drawing import HeardLine, draw_heard, pick_drawn
from cip.statistics.survey_display import FLAGGED, SHOWN

_MOST_TOLD = 8


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
    lines = [_make_line(row) for row in ordered if _is_group(row)]
    drawn = pick_drawn(lines)
    left_out = len(lines) - len(drawn)
    return FigureBlock(
        block_id=block_id,
        title=title,
        svg=draw_heard(drawn),
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
            note_left_out(left_out, "group"),
            "People who did not say their group are in the table."
            if not all(map(_is_group, rows)) else "",
            note_withheld(rows),
        ),
        column_labels=_HEADINGS,
        formats=dict.fromkeys(("ratio", "ratio_lower_95", "ratio_upper_95"), "{:.2f}"),
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
    ratio = read_shown(row, "ratio")
    lower, upper = (read_shown(row, name) for name in ("ratio_lower_95", "ratio_upper_95"))
    if ratio is None:
        return 3, 0.0
    is_fewer, is_more = upper is not None and upper < 1, lower is not None and lower > 1
    return (0 if is_fewer else 2 if is_more else 1), ratio


def _is_group(row: Row) -> bool:
    """Say whether a row is of a group, not of people who did not say which."""
    return row["display"] not in (SHOWN, FLAGGED) or not is_missing(row["share"])


def _name_characteristic(row: Row) -> str:
    entry = load_people_groups().get(str(row["characteristic"]))
    return str(row["characteristic"]) if entry is None else entry.label


def _name_group(row: Row) -> str:
    label = row["group_label"]
    if isinstance(label, str) and label.strip():
        return label
    return name_people(row["characteristic"], row["group"])


def _make_line(row: Row) -> HeardLine:
    ratio = read_shown(row, "ratio")
    share, people = read_shown(row, "share"), read_shown(row, "population_share")
    words = [f"{word_figure(share, '%')} of those heard"] if share is not None else []
    if words and people is not None:
        words = [f"{word_figure(share, '%')} heard, {word_figure(people, '%')} live here"]
    status = "" if ratio is not None else word_status(row)
    if ratio is None and share is not None:
        status = "no figure of the population"
    small = " (small base)" if row["display"] == "small base" else ""
    return HeardLine(
        _name_group(row) + small, _name_characteristic(row), is_true(row["is_seldom_heard"]),
        ratio, read_shown(row, "ratio_lower_95"), read_shown(row, "ratio_upper_95"),
        "".join(words), status,
    )  # fmt: skip


def _tell(line: HeardLine) -> str:
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
        "named": "Yes" if is_true(row["is_seldom_heard"]) else "No",
        "display": row["display"],
    }
