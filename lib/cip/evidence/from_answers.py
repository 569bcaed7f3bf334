"""Entries of a survey: each question as a whole, and each of its answers, in its last wave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from cip.catalogue.questions import load_questions
from cip.display.cells import is_missing
from cip.display.markup import make_id
from cip.display.text import format_value
from cip.engagement.survey_measures import PERCENT
from cip.engagement.survey_questions import AFTER, BEFORE, Question
from cip.evidence.entry import CHALLENGE, NEITHER, STRENGTH, Direction, Entry
from cip.evidence.words import (
    clean_words,
    join_notes,
    make_evidence_id,
    quote_words,
    take_number,
    write_interval,
    write_number,
    write_sentence,
)
from cip.statistics.survey_display import FLAGGED, NOBODY

STAGE = "engagement_analysis"
_Row = Mapping[str, Any]
WITHHELD_REASON = "it is withheld, because too few people answered or gave this answer"
_NOBODY_REASON = "nobody was asked"


@dataclass(frozen=True)
class SurveyWords:
    """What entries say of a survey: its title, its waves in order, and its questions by id."""

    title: str
    waves: Sequence[str]
    questions: Mapping[str, Question]


def from_answers(answers: pd.DataFrame, survey: SurveyWords) -> list[Entry]:
    """Return an entry for each question, and one for each answer of it, of everyone who answered.

    Parameters
    ----------
    answers
        The table ``answers``.
    """
    entries = []
    everyone = take_last_wave(answers[answers["characteristic"] == ""], survey.waves)
    for name, rows in everyone.groupby("question_id", sort=False):
        question = survey.questions[str(name)]
        anchor = place_question(question, rows)
        held = rows.to_dict("records")
        entries.append(_make_whole(question, held, anchor, survey))
        entries += [_make_answer(question, row, anchor, survey) for row in held]
    return entries


def take_last_wave(rows: pd.DataFrame, waves: Sequence[str]) -> pd.DataFrame:
    """Return the rows of each question's last wave."""
    order = rows["wave"].map({wave: place for place, wave in enumerate(waves)})
    last = order.groupby(rows["question_id"]).transform("max")
    return rows[order == last]


def place_question(question: Question, rows: pd.DataFrame) -> str:
    """Return the id of the chart or table of chapter 04 that shows a question."""
    is_table = (rows["unit"] != PERCENT).any() or question.kind in ("number", "before_after")
    return make_id("tab" if is_table else "fig", f"question-{question.id}")


def list_question_topics(question: Question) -> tuple[str, ...]:
    """Return what a question of the bank is about; nothing for the area's own wordings."""
    bank = load_questions().get(question.bank or "")
    return (bank.topic,) if bank else ()


def judge_side(question: Question, answer: str) -> bool | None:
    """Return whether more of an answer is good; None where the catalogue does not say.

    A question says whether its first answers, or a high number, are good. The middle of a scale,
    and answers of which several can be given, take no side.
    """
    if question.high_is_good is None or question.kind in ("multiple", "text"):
        return None
    if question.is_number:
        return question.high_is_good
    name = answer.removeprefix(f"{BEFORE}_").removeprefix(f"{AFTER}_")
    order = list(question.options)
    members = question.nets.get(name, (name,))
    if not order or any(member not in order for member in members):
        return None
    middle = (len(order) - 1) / 2
    sides = {order.index(member) < middle for member in members}
    if len(sides) > 1 or any(order.index(member) == middle for member in members):
        return None
    return sides.pop() == question.high_is_good


def _make_whole(question: Question, rows: list[_Row], anchor: str, survey: SurveyWords) -> Entry:
    row = _choose_summary(question, rows)
    shared = _share(question, rows[0], anchor, survey)
    name = make_evidence_id("survey", question.id)
    label = clean_words(rows[0]["question"])
    if row is None:
        return _refuse(name, label, rows[0], shared)
    return Entry(
        evidence_id=name,
        label=label,
        statement=_write_statement(row),
        direction=_judge_sides(question, rows),
        **_take_figure(row),
        **shared,
    )


def _make_answer(question: Question, row: _Row, anchor: str, survey: SurveyWords) -> Entry:
    name = make_evidence_id("survey", f"{question.id}.{row['answer']}")
    label = f"{clean_words(row['question'])} {clean_words(row['answer_label'])}"
    shared = _share(question, row, anchor, survey)
    if is_missing(row["value"]):
        return _refuse(name, label, row, shared)
    return Entry(
        evidence_id=name,
        label=label,
        statement=_write_statement(row),
        **_take_figure(row),
        **shared,
    )


def _share(question: Question, row: _Row, anchor: str, survey: SurveyWords) -> dict[str, Any]:
    return {
        "unit": str(row["unit"]),
        "period": clean_words(row["wave"]),
        "topics": list_question_topics(question),
        "source_ids": ("survey",),
        "source": f"Source: {clean_words(survey.title)}, {clean_words(row['wave'])}.",
        "stage": STAGE,
        "anchor": anchor,
    }


def _take_figure(row: _Row) -> dict[str, float | None]:
    numbers = {name: take_number(row[name]) for name in ("value", "lower_95", "upper_95")}
    return {**numbers, "base": take_number(row["base"])}


def _refuse(name: str, label: str, row: _Row, shared: dict[str, Any]) -> Entry:
    reason = _NOBODY_REASON if row["display"] == NOBODY else WITHHELD_REASON
    statement = write_sentence(f"{quote_words(label)}, {shared['period']}: no figure, {reason}")
    return Entry(
        evidence_id=name,
        label=label,
        statement=statement,
        is_citable=False,
        reason=reason,
        **shared,
    )


def _choose_summary(question: Question, rows: list[_Row]) -> _Row | None:
    """Return the answer that tells most: the good side of a scale, else the commonest answer."""
    order = [*question.nets, *question.options]
    shown = [row for row in rows if not is_missing(row["value"])]
    shown.sort(key=lambda row: _find_place(order, str(row["answer"])))
    if question.kind == "before_after":
        shown = [row for row in shown if str(row["answer"]).startswith(AFTER)] or shown
    nets = [row for row in shown if _find_net(row["answer"]) in question.nets]
    good = [row for row in nets if judge_side(question, str(row["answer"]))]
    if good or nets or question.is_number:
        means = [row for row in shown if "mean" in str(row["answer"])]
        return next(iter([*good, *nets, *means, *shown]), None)
    return max(shown, key=lambda row: row["value"], default=None)


def _find_place(order: Sequence[str], answer: str) -> tuple[int, str]:
    """Return where an answer stands, so that the order of the rows never matters."""
    name = _find_net(answer)
    return order.index(name) if name in order else len(order), answer


def _find_net(answer: str) -> str:
    return answer.removeprefix(f"{BEFORE}_").removeprefix(f"{AFTER}_")


def _judge_sides(question: Question, rows: list[_Row]) -> Direction:
    """Return the side of a scale with two sides that more people take, beyond chance.

    The rule and why it was chosen: ``evidence.toml``, table ``survey``.
    """
    sides: dict[bool, _Row] = {}
    for row in rows:
        name = str(row["answer"])
        side = judge_side(question, name) if name in question.nets else None
        if side is not None and not is_missing(row["lower_95"]):
            sides[side] = row
    if len(sides) < 2:
        return NEITHER
    good, bad = sides[True], sides[False]
    if good["lower_95"] > bad["upper_95"]:
        return STRENGTH
    return CHALLENGE if good["upper_95"] < bad["lower_95"] else NEITHER


def _write_statement(row: _Row) -> str:
    unit = str(row["unit"])
    decimals = 0 if unit == PERCENT else 1
    figure = format_value(row["value"], unit, decimals)
    interval = write_interval(
        row["lower_95"], row["upper_95"], unit if unit == PERCENT else "", decimals
    )
    label = clean_words(row["answer_label"])
    said = (
        f"{figure} answered {quote_words(label)}"
        if unit == PERCENT
        else f"the figure {quote_words(label)} was {figure} {unit}"
    )
    how = "weighted to the area's make-up" if row["is_weighted"] else "not weighted"
    small = ", on a small base that needs care" if row["display"] == FLAGGED else ""
    people = f"of {write_number(row['base'])} people in the survey of {clean_words(row['wave'])}"
    return write_sentence(
        f"Asked {quote_words(row['question'])}, {said}{join_notes([interval])}, "
        f"{people}, {how}{small}"
    )
