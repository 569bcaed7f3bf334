"""Entries of what changed between the last two waves of a survey that asked a question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from cip.display.anchors import name_places
from cip.display.cells import is_missing
from cip.display.text import format_value
from cip.engagement.survey_changes import WAVES
from cip.engagement.survey_measures import PERCENT
from cip.evidence.entry import CHALLENGE, NEITHER, STRENGTH, Direction, Entry
from cip.evidence.from_answers import (
    STAGE,
    SurveyWords,
    judge_side,
    list_question_topics,
    take_last_wave,
)
from cip.evidence.words import (
    clean_words,
    join_notes,
    make_evidence_id,
    quote_words,
    take_number,
    write_interval,
    write_sentence,
)
from cip.statistics import HIGHER, LOWER, SIMILAR

_Row = Mapping[str, Any]
_Held = Mapping[tuple[str, str, str], _Row]
_WORDS = {HIGHER: "rose", LOWER: "fell"}
_WITHHELD = "one of the two waves has too few answers to show"


def from_changes(changes: pd.DataFrame, answers: pd.DataFrame, survey: SurveyWords) -> list[Entry]:
    """Return an entry for each answer that two waves asked for: how it changed between them.

    Parameters
    ----------
    changes, answers
        The tables ``answer_changes`` and ``answers``.
    """
    latest = take_last_changes(changes, survey.waves)
    places = name_changes(latest)
    everyone = answers[answers["characteristic"] == ""]
    held: _Held = {
        (row["question_id"], row["answer"], row["wave"]): row for row in everyone.to_dict("records")
    }
    return [
        _make_entry(row, held, survey, place)
        for row, place in zip(latest.to_dict("records"), places, strict=True)
    ]


def take_last_changes(changes: pd.DataFrame, waves: Sequence[str]) -> pd.DataFrame:
    """Return each answer's change to the last wave that asked it, from the one before.

    Parameters
    ----------
    changes
        The table ``answer_changes``.
    waves
        The waves, in order.

    Returns
    -------
    DataFrame
        One row per question x answer: the later wave is ``wave``, the earlier one ``second``.
    """
    between = changes[changes["kind"] == WAVES].rename(columns={"first": "wave"})
    return take_last_wave(between, waves)


def name_changes(latest: pd.DataFrame) -> list[str]:
    """Return the id on the page of each row of `take_last_changes`, in their order."""
    names = [f"{row.question_id}.{row.answer}" for row in latest.itertuples()]
    places = name_places("change", names)
    return [places[name] for name in names]


def _make_entry(row: _Row, held: _Held, survey: SurveyWords, anchor: str) -> Entry:
    question = survey.questions[row["question_id"]]
    now = held[row["question_id"], row["answer"], row["wave"]]
    before = held[row["question_id"], row["answer"], row["second"]]
    is_known = not is_missing(row["difference"])
    reading = row["reading"] if row["reading"] in _WORDS else SIMILAR
    label = f"{clean_words(now['answer_label'])}: {clean_words(now['question'])}"
    return Entry(
        evidence_id=make_evidence_id("change", f"{question.id}.{row['answer']}"),
        label=f"Change from {row['second']} to {row['wave']}, {label}",
        statement=_write_statement(row, now, before) if is_known else _write_refusal(row, now),
        value=take_number(row["difference"]),
        lower_95=take_number(row["lower_95"]),
        upper_95=take_number(row["upper_95"]),
        base=take_number(now["base"]) if is_known else None,
        unit="percentage points" if now["unit"] == PERCENT else str(now["unit"]),
        period=f"{row['second']} to {row['wave']}",
        comparator=str(row["second"]) if is_known else "",
        comparison=reading if is_known else "",
        topics=list_question_topics(question),
        direction=_judge(judge_side(question, str(row["answer"])), reading) if is_known else "",
        is_citable=is_known,
        reason="" if is_known else _WITHHELD,
        source_ids=("survey",),
        source=f"Source: {clean_words(survey.title)}, {row['second']} and {row['wave']}.",
        stage=STAGE,
        anchor=anchor,
    )


def _judge(side: bool | None, reading: str) -> Direction:
    if side is None or reading not in _WORDS:
        return NEITHER
    return STRENGTH if (reading == HIGHER) == side else CHALLENGE


def _name_answer(row: _Row, now: _Row) -> str:
    return f"the answer {quote_words(now['answer_label'])} to {quote_words(now['question'])}"


def _write_refusal(row: _Row, now: _Row) -> str:
    when = f"from {row['second']} to {row['wave']}"
    return write_sentence(f"Of {_name_answer(row, now)} no change {when} is shown, as {_WITHHELD}")


def _write_statement(row: _Row, now: _Row, before: _Row) -> str:
    unit = str(now["unit"])
    is_share = unit == PERCENT
    decimals = 0 if is_share else 1
    values = [
        format_value(one["value"], unit, decimals) + ("" if is_share else f" {unit}")
        for one in (before, now)
    ]
    points = "percentage points" if is_share else unit
    size = f"{format_value(abs(row['difference']), '', decimals)} {points}"
    verb = _WORDS.get(row["reading"])
    limits = (row["lower_95"], row["upper_95"])
    # What fell by 7 points fell by 1 to 12 of them, so that no minus sign is needed.
    low, high = (-limits[1], -limits[0]) if row["reading"] == LOWER else limits
    interval = write_interval(low, high, "", decimals)
    moved = f"{verb} by {size}" if verb else "changed by no more than chance would do"
    return write_sentence(
        f"Between the surveys {_name_answer(row, now)} {moved}"
        f"{join_notes([f'{interval} {points}'])}, "
        f"from {values[0]} in {row['second']} to {values[1]} in {row['wave']}"
    )
