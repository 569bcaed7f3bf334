"""Two waves of a survey side by side, with the difference and its interval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from cip.display.blocks import FigureBlock
from cip.display.cells import is_missing
from cip.display.chart_parts import write_alt
from cip.display.engagement_parts import (
    Row,
    is_small,
    is_withheld,
    join_notes,
    list_rows,
    note_weights,
    note_withheld,
    read_shown,
    table_base,
    table_number,
    word_base,
    word_figure,
    word_status,
)
from cip.display.text import format_value
from cip.display.wave_drawing import WaveLine, WavePoint, draw_waves

_KEYS = ["question_id", "answer"]
#: Kind of the rows of ``answer_changes`` that compare waves.
KIND = "waves"


def chart_waves(
    answers: pd.DataFrame,
    changes: pd.DataFrame,
    *,
    title: str,
    block_id: str,
    source_line: str,
    note: str = "",
    waves: Sequence[str] = (),
) -> FigureBlock:
    """Draw answers in two waves, one under the other, with the difference in words.

    Parameters
    ----------
    answers
        Rows of the table ``answers`` of one group: one row per question x answer x wave.
    changes
        Rows of the table ``answer_changes``; those of kind ``waves`` and of these two are used:
        the later wave (``first``) less the earlier one (``second``).
    title, block_id, source_line, note
        As for :class:`cip.display.blocks.FigureBlock`.
    waves
        The earlier and the later wave; in the order of the rows when left out.

    Raises
    ------
    ValueError
        If there are no rows, rows of several groups or units, a row twice, not two waves,
        or differences of the earlier wave less the later one.
    """
    rows = list_rows(answers, "a chart of waves", one=["characteristic", "group", "unit"])
    first, second = _pick_waves(answers, waves)
    pairs = _pair(rows, first, second)
    found = _index_changes(changes, first, second)
    labels = _label(pairs)
    unit = str(rows[0]["unit"])
    lines = [
        _make_line(label, pair, found.get(key), unit)
        for (key, pair), label in zip(pairs.items(), labels, strict=True)
    ]
    held = [row for pair in pairs.values() for row in pair if row is not None]
    return FigureBlock(
        block_id=block_id,
        title=title,
        svg=draw_waves(lines, (first, second), unit),
        alt=write_alt(
            "Chart of two waves with 95% confidence intervals",
            f"{first} against {second}",
            [_tell(line, (first, second)) for line in lines],
        ),
        source_line=source_line,
        table=pd.DataFrame(
            [_tabulate(label, pair, found.get(key))
             for (key, pair), label in zip(pairs.items(), labels, strict=True)],
            dtype=object,
        ),
        note=join_notes(
            note, "Lines show 95% confidence intervals.",
            _describe_bases(held, (first, second)), note_weights(held), note_withheld(held),
        ),
        column_labels={
            "label": "Answer", "first": f"{first} ({unit})", "second": f"{second} ({unit})",
            "base_first": f"n in {first}", "base_second": f"n in {second}",
            "difference": "Difference", "lower_95": "Lower 95% limit",
            "upper_95": "Upper 95% limit", "reading": "Reading", "method": "Method",
        },
        formats=dict.fromkeys(("first", "second", "difference", "lower_95", "upper_95"), "{:,.1f}"),
    )  # fmt: skip


def _pick_waves(answers: pd.DataFrame, waves: Sequence[str]) -> tuple[str, str]:
    found = [str(wave) for wave in waves] or [str(wave) for wave in answers["wave"].unique()]
    if len(found) != 2 or found[0] == found[1]:
        raise ValueError(f"a chart of waves shows two waves, not {len(set(found))}")
    return found[0], found[1]


def _pair(
    rows: Sequence[Row], first: str, second: str
) -> dict[tuple[str, str], tuple[Row | None, Row | None]]:
    pairs: dict[tuple[str, str], list[Row | None]] = {}
    for row in rows:
        if str(row["wave"]) not in (first, second):
            continue
        place = int(str(row["wave"]) == second)
        pair = pairs.setdefault((str(row["question_id"]), str(row["answer"])), [None, None])
        if pair[place] is not None:
            raise ValueError("a chart of waves has the same answer of the same wave twice")
        pair[place] = row
    if not pairs:
        raise ValueError("a chart of waves has no row of these two waves")
    return {key: (pair[0], pair[1]) for key, pair in pairs.items()}


def _index_changes(changes: pd.DataFrame, first: str, second: str) -> dict[tuple[str, str], Row]:
    """Return the differences of these waves, the later less the earlier, by question and answer."""
    ours = changes[changes["kind"] == KIND]
    later, earlier = ours["first"].astype(str), ours["second"].astype(str)
    if ((later == first) & (earlier == second)).any():
        raise ValueError("a chart of waves needs the later wave less the earlier one")
    ours = ours[(later == second) & (earlier == first)]
    if ours.duplicated(_KEYS).any():
        raise ValueError("a chart of waves has two differences of the same answer")
    return {(str(row["question_id"]), str(row["answer"])): row for row in ours.to_dict("records")}


def _label(pairs: Mapping[tuple[str, str], tuple[Row | None, Row | None]]) -> list[str]:
    """Return what differs between the rows: the answers, the questions, or both."""
    rows = [pair[1] or pair[0] for pair in pairs.values()]
    answers = [str(row["answer_label"]) for row in rows if row is not None]
    questions = [str(row["question"]) for row in rows if row is not None]
    if len(set(questions)) == 1:
        return answers
    if len(set(answers)) == 1:
        return questions
    return [f"{q}: {a}" for q, a in zip(questions, answers, strict=True)]


def _is_open(pair: tuple[Row | None, Row | None]) -> bool:
    return all(row is not None and read_shown(row) is not None for row in pair)


def _make_line(
    label: str, pair: tuple[Row | None, Row | None], change: Row | None, unit: str
) -> WaveLine:
    points = tuple(_make_point(row, unit) for row in pair)
    # With one wave withheld, the difference would give it away.
    if change is None or not _is_open(pair) or is_missing(change["difference"]):
        return WaveLine(label, points, "", "", "")  # type: ignore[arg-type]
    ends = [change["lower_95"], change["upper_95"]]
    limits = "" if any(map(is_missing, ends)) else " to ".join(_sign(float(e)) for e in ends)
    reading = "" if is_missing(change["reading"]) else str(change["reading"])
    return WaveLine(label, points, _sign(float(change["difference"])), limits, reading)  # type: ignore[arg-type]


def _make_point(row: Row | None, unit: str) -> WavePoint:
    if row is None:
        return WavePoint(None, None, None, "not asked")
    value = read_shown(row)
    words = word_status(row) if value is None else word_figure(value, unit)
    if value is not None and is_small(row):
        words += " (small base)"
    return WavePoint(value, read_shown(row, "lower_95"), read_shown(row, "upper_95"), words)


def _sign(number: float) -> str:
    text = format_value(abs(number), "", 1)
    if float(text.replace(",", "")) == 0:
        return text
    return f"{'+' if number > 0 else '−'}{text}"


def _tell(line: WaveLine, waves: tuple[str, str]) -> str:
    parts = [f"{wave} {point.words}" for wave, point in zip(waves, line.points, strict=True)]
    change = f", difference {line.difference}" if line.difference else ""
    change += f" ({line.limits})" if line.limits else ""
    change += f", {line.reading}" if line.reading else ""
    return f"{line.label}: {', '.join(parts)}{change}"


def _describe_bases(rows: Sequence[Row], waves: tuple[str, str]) -> str:
    parts = []
    for wave in waves:
        bases = {word_base(row): None for row in rows if str(row["wave"]) == wave}
        words = next(iter(bases)) if len(bases) == 1 else "n by answer in the table"
        parts.append(f"{wave}: {words}")
    return f"{'; '.join(parts)}."


def _tabulate(
    label: str, pair: tuple[Row | None, Row | None], change: Row | None
) -> dict[str, object]:
    numbers = ("difference", "lower_95", "upper_95", "reading", "method")
    gap = "[c]" if any(row is not None and is_withheld(row) for row in pair) else None
    held = change if _is_open(pair) else None
    first, second = pair
    return {
        "label": label,
        "first": None if first is None else table_number(first, "value"),
        "second": None if second is None else table_number(second, "value"),
        "base_first": None if first is None else table_base(first),
        "base_second": None if second is None else table_base(second),
        **{name: gap if held is None else held[name] for name in numbers},
    }
