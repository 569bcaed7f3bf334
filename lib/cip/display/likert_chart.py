"""Answers on a scale as diverging bars: two sides, the neutral band in the middle, n in the label."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

import pandas as pd

from cip.display.blocks import FigureBlock
from cip.display.chart_parts import write_alt
from cip.display.engagement_parts import (
    WITHHELD_WORDS,
    Row,
    is_withheld,
    join_notes,
    list_rows,
    name_people,
    note_weights,
    note_withheld,
    read_shown,
    table_base,
    table_few,
    table_number,
    word_base,
    word_figure,
    word_status,
)
from cip.display.likert_drawing import LikertBar, Segment, draw_likert
from cip.display.palette import (
    AREA_FILL,
    BANNER,
    PAPER,
    RANGE_FILL,
    ROLE_STYLES,
    VERDICT_FILLS,
    WARNING,
    pick_text_colour,
)
from cip.statistics.survey_groups import EVERYONE

#: From the outer end to the middle. Neither side is red or green; place tells them apart too.
_LEFT_FILLS = {
    1: (ROLE_STYLES["district"].colour,),
    2: (ROLE_STYLES["district"].colour, BANNER),
    3: (WARNING, ROLE_STYLES["district"].colour, BANNER),
}
_RIGHT_FILLS = {
    1: (ROLE_STYLES["profile"].colour,),
    2: (ROLE_STYLES["profile"].colour, AREA_FILL),
    3: (ROLE_STYLES["profile"].colour, VERDICT_FILLS["lower"], AREA_FILL),
}
MOST_ANSWERS = 7
_KEYS = ["question_id", "wave", "characteristic", "group"]
#: Shares may add up to a little more than the whole by rounding.
_ROUNDING = 1.0


def chart_likert(
    answers: pd.DataFrame,
    *,
    order: Sequence[str],
    title: str,
    block_id: str,
    source_line: str,
    note: str = "",
    group_labels: Mapping[str, str] | None = None,
) -> FigureBlock:
    """Draw answers on a scale as diverging bars centred on the neutral band.

    Parameters
    ----------
    answers
        Rows of the table ``answers``: one bar for each question x wave x group, in their order.
        Answers that are not in ``order``, such as those counted together, are left out.
    order
        Ids of the answers from one end of the scale to the other, 2 to 7. With an odd number the
        middle one is neutral; with an even number the bars are centred between the two sides.
    title, block_id, source_line, note
        As for :class:`cip.display.blocks.FigureBlock`.
    group_labels
        Names of groups that the catalogue of people's groups does not know.

    Raises
    ------
    ValueError
        If there are no rows, figures that are no percentages, an answer missing or twice in a
        bar, more answers than can be told apart, or shares that make more than a whole.

    Notes
    -----
    Answers that are withheld are drawn as one hatched piece where they lie next to one another
    on one side: their sum follows from the rest. A bar with other gaps is not drawn. Where a
    single answer is withheld, it would follow from the rest, so the whole bar is withheld here.
    """
    if not 2 <= len(set(order)) == len(order) <= MOST_ANSWERS:
        raise ValueError(f"a scale has 2 to {MOST_ANSWERS} different answers")
    held = answers[answers["answer"].isin(list(order))]
    held = held.fillna({"characteristic": EVERYONE, "group": EVERYONE})
    list_rows(held, "a chart of a scale", one=["unit"])
    if held["unit"].iloc[0] != "%":
        raise ValueError("a chart of a scale needs percentages")
    labels = _label_bars(held, group_labels or {})
    sets = {key: _guard(_collect(part, order)) for key, part in held.groupby(_KEYS, sort=False)}
    fills = _list_fills(len(order))
    bars = [_make_bar(rows, labels[key], fills) for key, rows in sets.items()]
    names = [str(row["answer_label"]) for row in next(iter(sets.values()))]
    used = [row for rows in sets.values() for row in rows]
    key = [(name, _make_segment(0.0, fill)) for name, fill in zip(names, fills, strict=True)]
    has_gap = any(part.words == "[c]" for bar in bars for part in (*bar.before, *bar.after))
    return FigureBlock(
        block_id=block_id,
        title=title,
        svg=draw_likert(bars, key),
        alt=write_alt(
            "Diverging bar chart",
            f"answers from ‘{names[0]}’ to ‘{names[-1]}’ in per cent, "
            + ("centred on the middle answer" if len(order) % 2 else "centred between the sides"),
            [_tell(bar, rows, names) for bar, rows in zip(bars, sets.values(), strict=True)],
        ),
        source_line=source_line,
        table=pd.DataFrame(
            [_tabulate(labels[key], rows) for key, rows in sets.items()], dtype=object
        ),
        note=join_notes(
            note,
            "Numbers are percentages of those who chose an answer; in bold, the two sides added up.",
            "The short line under a bar marks the middle "
            + ("of the neutral answer." if len(order) % 2 else "between the two sides."),
            note_weights(used),
            "Hatched in a bar: withheld answers together." if has_gap else "",
            note_withheld(used),
        ),
        column_labels={
            "label": "Question or group", "base": "People who chose (n)",
            "dont_know": "Don’t know", "not_answered": "Not answered",
            **{f"answer_{i}": f"{name} (%)" for i, name in enumerate(names)},
            "display": "Status",
        },
        formats={f"answer_{i}": "{:.1f}" for i in range(len(names))},
    )  # fmt: skip


def _label_bars(rows: pd.DataFrame, group_labels: Mapping[str, str]) -> dict[tuple, str]:
    """Return the label of each bar: what differs between the bars, and its base."""
    first = rows.drop_duplicates(_KEYS)
    several = {name: len(set(first[name])) > 1 for name in _KEYS}
    labels = {}
    for row in first.to_dict("records"):
        parts = []
        people = group_labels.get(str(row["group"])) or name_people(
            row["characteristic"], row["group"]
        )
        if several["question_id"] or not any(several.values()):
            parts.append(str(row["question"]))
        if several["group"] or several["characteristic"]:
            parts.append(people)
        if several["wave"]:
            parts.append(str(row["wave"]))
        key = tuple(row[name] for name in _KEYS)
        labels[key] = f"{', '.join(parts)} ({word_base(row)})"
    return labels


def _collect(part: pd.DataFrame, order: Sequence[str]) -> list[Row]:
    if part["answer"].duplicated().any():
        raise ValueError("a bar of a scale has the same answer twice")
    rows = part.set_index("answer", drop=False).to_dict("index")
    missing = [name for name in order if name not in rows]
    if missing:
        raise ValueError(f"a bar of a scale has no row of {missing}")
    ordered = [rows[name] for name in order]
    if sum(read_shown(row) or 0.0 for row in ordered) > 100 + _ROUNDING:
        raise ValueError("the answers of a bar make more than a whole")
    return ordered


def _guard(rows: list[Row]) -> list[Row]:
    """Return the rows, all withheld where a single one is: it would follow from the rest."""
    if sum(is_withheld(row) for row in rows) == 1:
        return [{**row, "display": "withheld"} for row in rows]
    return rows


def _list_fills(count: int) -> list[str]:
    side, odd = divmod(count, 2)
    middle = [RANGE_FILL] if odd else []
    return [*_LEFT_FILLS[side], *middle, *reversed(_RIGHT_FILLS[side])]


def _make_segment(value: float, fill: str) -> Segment:
    return Segment(value, fill, pick_text_colour(fill))


def _make_bar(rows: Sequence[Row], label: str, fills: Sequence[str]) -> LikertBar:
    aside = table_few(rows[0]["dont_know"])
    words = "" if aside is None else "under 5" if aside == "[c]" else f"{aside:,}"
    values = [read_shown(row) for row in rows]
    gaps = [place for place, value in enumerate(values) if value is None]
    side = len(rows) // 2
    if gaps and not _can_join(gaps, rows, side):
        status = WITHHELD_WORDS if any(map(is_withheld, rows)) else word_status(rows[gaps[0]])
        return LikertBar(label, aside=words, status=status)
    parts = [_make_segment(v or 0.0, fill) for v, fill in zip(values, fills, strict=True)]
    if gaps:
        rest = max(100 - sum(part.value for part in parts), 0.0)
        joined = Segment(rest, PAPER, pick_text_colour(PAPER), "////", "[c]")
        parts[gaps[0]] = joined
        parts = [p for i, p in enumerate(parts) if i not in gaps[1:]]
    split = side - (len(gaps) - 1 if gaps and gaps[0] < side else 0)
    odd = len(rows) % 2
    before, after = tuple(parts[:split]), tuple(parts[split + odd :])
    ends = tuple(word_figure(sum(p.value for p in ps), "%") for ps in (before, after))
    return LikertBar(
        label, before, tuple(parts[split : split + odd]), after, ends, words  # type: ignore[arg-type]
    )  # fmt: skip


def _can_join(gaps: Sequence[int], rows: Sequence[Row], side: int) -> bool:
    """Say whether the gaps are withheld, next to one another, and on one side of the middle."""
    is_adjacent = all(b - a == 1 for a, b in pairwise(gaps))
    is_left, is_right = gaps[-1] < side, gaps[0] >= len(rows) - side
    return is_adjacent and (is_left or is_right) and all(is_withheld(rows[g]) for g in gaps)


def _tell(bar: LikertBar, rows: Sequence[Row], names: Sequence[str]) -> str:
    if bar.status:
        return f"{bar.label}: {bar.status}"
    parts = [
        f"{name} {'[c]' if (value := read_shown(row)) is None else word_figure(value, '%')}"
        for name, row in zip(names, rows, strict=True)
    ]
    aside = f", don’t know {bar.aside} people" if bar.aside not in ("", "0") else ""
    return f"{bar.label}: {', '.join(parts)}{aside}"


def _tabulate(label: str, rows: Sequence[Row]) -> dict[str, object]:
    states = [str(row["display"]) for row in rows]
    return {
        "label": label,
        **{f"answer_{i}": table_number(row, "value") for i, row in enumerate(rows)},
        "base": table_base(rows[0]),
        "dont_know": table_few(rows[0]["dont_know"]),
        "not_answered": table_few(rows[0]["not_answered"]),
        "display": next((s for s in ("withheld", "small base") if s in states), states[0]),
    }
