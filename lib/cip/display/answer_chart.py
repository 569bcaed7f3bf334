"""Answers to one question as bars with intervals: by answer, or one answer by group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from cip.display.answer_drawing import AnswerBar, draw_answers
from cip.display.blocks import FigureBlock
from cip.display.chart_parts import write_alt
from cip.display.engagement_parts import (
    Row,
    is_small,
    is_withheld,
    join_notes,
    list_rows,
    name_people,
    note_statuses,
    note_weights,
    read_shown,
    table_base,
    table_few,
    table_number,
    word_base,
    word_figure,
    word_status,
)
from cip.display.likert_chart import chart_likert

__all__ = ["chart_answers", "chart_likert"]

ANSWER_HEADINGS = {
    "label": "Answer",
    "lower_95": "Lower 95% limit",
    "upper_95": "Upper 95% limit",
    "base": "People asked who answered (n)",
    "effective_base": "Effective base",
    "dont_know": "Don’t know",
    "not_answered": "Not answered",
    "benchmark": "Published figure",
    "display": "Status",
}


def chart_answers(
    answers: pd.DataFrame,
    *,
    title: str,
    block_id: str,
    source_line: str,
    note: str = "",
    order: Sequence[str] = (),
    group_labels: Mapping[str, str] | None = None,
    benchmarks: Mapping[str, float] | None = None,
    benchmark_label: str = "",
) -> FigureBlock:
    """Draw the answers to one question, or one answer to it by group of people.

    Parameters
    ----------
    answers
        Rows of the table ``answers`` of one question and one wave: several answers of one group,
        or one answer of several groups. Rows are drawn in their order.
    title, block_id, source_line, note
        As for :class:`cip.display.blocks.FigureBlock`.
    order
        Ids of the answers (or of the groups) in the order of the bars; others are left out.
    group_labels
        Names of groups that the catalogue of people's groups does not know.
    benchmarks, benchmark_label
        Published figures by answer, in the unit of the answers, and what they are; drawn as marks
        under the bars. How the other survey asked belongs into the note.

    Raises
    ------
    ValueError
        If there are no rows, rows of several questions, waves or units, several answers of
        several groups, a row twice, or an id in ``order`` without a row.
    """
    rows = list_rows(answers, "a chart of answers", one=["question_id", "wave", "unit"])
    key = _find_key(answers)
    rows = _order(rows, key, order)
    labels = [_label(row, key, group_labels or {}) for row in rows]
    bases = {word_base(row) for row in rows}
    marks = [(benchmarks or {}).get(str(row["answer"])) for row in rows]
    bars = [
        _make_bar(row, label, mark, with_base=len(bases) > 1)
        for row, label, mark in zip(rows, labels, marks, strict=True)
    ]
    unit, base = str(rows[0]["unit"]), bases.pop() if len(bases) == 1 else ""
    what = _name_axis(rows, unit, key)
    return FigureBlock(
        block_id=block_id,
        title=title,
        svg=draw_answers(
            bars, unit=unit, axis_label=f"{what} ({base})" if base else what,
            benchmark_label=benchmark_label,
        ),
        alt=write_alt(
            "Bar chart with 95% confidence intervals",
            f"{rows[0]['question']}{f' ({base})' if base else ''}",
            [_tell(bar, unit) for bar in bars],
        ),
        source_line=source_line,
        table=_tabulate(rows, labels, marks),
        note=join_notes(note, describe_base(rows), note_statuses(rows)),
        column_labels={**ANSWER_HEADINGS, "label": "Group" if key == "group" else "Answer",
                       "value": f"{what} (%)" if unit == "%" else what},
        formats=dict.fromkeys(("value", "lower_95", "upper_95", "benchmark"), "{:,.1f}")
        | {"effective_base": "{:,.0f}"},
    )  # fmt: skip


def describe_base(rows: Sequence[Row]) -> str:
    """Return whether figures are weighted, and who answered without choosing."""
    first = "Lines show 95% confidence intervals." if _has_limits(rows) else ""
    return join_notes(first, note_weights(rows), _describe_silent(rows))


def _has_limits(rows: Sequence[Row]) -> bool:
    return any(read_shown(row, "lower_95") is not None for row in rows)


def _describe_silent(rows: Sequence[Row]) -> str:
    """Return how many did not know and how many gave no answer, where all rows agree."""
    found = {(table_few(row["dont_know"]), table_few(row["not_answered"])) for row in rows}
    if len(found) != 1:
        return "Those who did not know or gave no answer are in the table, not in the bars."
    parts = [
        f"{words} by {'a few' if number == '[c]' else f'{number:,}'}"
        for words, number in zip(("‘don’t know’ said", "not answered"), found.pop(), strict=True)
        if number is not None and number != 0
    ]
    if not parts:
        return ""
    sentence = ", ".join(parts)
    return f"Apart from n: {sentence}."


def _find_key(answers: pd.DataFrame) -> str:
    groups = len(answers[["characteristic", "group"]].drop_duplicates())
    if groups > 1 and len(set(answers["answer"])) > 1:
        raise ValueError("a chart of answers shows several answers or several groups, not both")
    columns = ["characteristic", "group", "answer"]
    if answers.duplicated(columns).any():
        raise ValueError("a chart of answers has the same answer of the same group twice")
    return "group" if groups > 1 else "answer"


def _order(rows: Sequence[Row], key: str, order: Sequence[str]) -> list[Row]:
    if not order:
        return list(rows)
    held = {str(row[key]): row for row in rows}
    missing = [name for name in order if name not in held]
    if missing:
        raise ValueError(f"a chart of answers has no row of {missing}")
    return [held[name] for name in order]


def _label(row: Row, key: str, group_labels: Mapping[str, str]) -> str:
    if key == "answer":
        return str(row["answer_label"])
    known = group_labels.get(str(row["group"]))
    return known or name_people(row["characteristic"], row["group"])


def _make_bar(row: Row, label: str, mark: float | None, *, with_base: bool) -> AnswerBar:
    value, unit = read_shown(row), str(row["unit"])
    return AnswerBar(
        f"{label} ({word_base(row)})" if with_base else label,
        value, read_shown(row, "lower_95"), read_shown(row, "upper_95"),
        word_status(row) if value is None else word_figure(value, unit),
        is_small(row), mark,
    )  # fmt: skip


def _name_axis(rows: Sequence[Row], unit: str, key: str) -> str:
    label = str(rows[0]["answer_label"])
    if unit == "%":
        return f"Who answered: {label}" if key == "group" else "Share of those who answered"
    return f"{label}, {unit}" if key == "group" else unit.capitalize()


def _tell(bar: AnswerBar, unit: str) -> str:
    words = f"{bar.label}: {bar.words}"
    if bar.lower is not None and bar.upper is not None:
        words += f" ({word_figure(bar.lower, unit)} to {word_figure(bar.upper, unit)})"
    if bar.benchmark is not None:
        words += f", published figure {word_figure(bar.benchmark, unit)}"
    return words


def _tabulate(
    rows: Sequence[Row], labels: Sequence[str], marks: Sequence[float | None]
) -> pd.DataFrame:
    lines = [
        {
            "label": label,
            **{name: table_number(row, name) for name in ("value", "lower_95", "upper_95")},
            "base": table_base(row),
            "effective_base": "[c]" if is_withheld(row) else read_shown(row, "effective_base"),
            "dont_know": table_few(row["dont_know"]),
            "not_answered": table_few(row["not_answered"]),
            "benchmark": mark,
            "display": row["display"],
        }
        for row, label, mark in zip(rows, labels, marks, strict=True)
    ]
    table = pd.DataFrame(lines, dtype=object)
    return table if any(mark is not None for mark in marks) else table.drop(columns="benchmark")
