"""Entries of who was heard: each group beside its share of the people who live here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from cip.catalogue.people_groups import load_people_groups
from cip.display.cells import is_missing
from cip.display.text import format_value
from cip.engagement.heard import SPOKEN, judge_heard
from cip.engagement.survey_questions import NOT_ANSWERED, PREFER_NOT
from cip.evidence.entry import Entry
from cip.evidence.from_answers import STAGE
from cip.evidence.words import (
    clean_words,
    join_notes,
    make_evidence_id,
    take_number,
    write_interval,
    write_number,
    write_sentence,
)
from cip.statistics import HIGHER, LOWER, SIMILAR
from cip.statistics.representation import FEWER, IN_LINE, MORE, NOBODY_HEARD
from cip.statistics.survey_display import FLAGGED

_Row = Mapping[str, Any]
_WITHHELD = "it is withheld, because too few people of this group were heard"
_COMPARISONS = {FEWER: LOWER, NOBODY_HEARD: LOWER, MORE: HIGHER, IN_LINE: SIMILAR}


def from_respondents(respondents: pd.DataFrame, waves: Sequence[str]) -> list[Entry]:
    """Return an entry for each group that was asked after, by how many of it were heard.

    It is of the last wave of the survey, or of interviews and groups where there is no survey.
    Those who named no group have none. Who was heard is a limit of what was said, and neither a
    strength nor a challenge of the place.

    Parameters
    ----------
    respondents
        The table ``respondents``.
    waves
        The waves of the survey, in their order.
    """
    held = set(respondents["wave"])
    asked = [wave for wave in waves if wave in held]
    wave = asked[-1] if asked else SPOKEN
    rows = respondents[
        (respondents["wave"] == wave) & ~respondents["group"].isin([NOT_ANSWERED, PREFER_NOT])
    ]
    name = "spoken" if wave == SPOKEN else "survey"
    is_drawn = bool(rows["population_share"].notna().any())
    anchor = f"fig-heard-{name}" if is_drawn else "facts-heard"
    rows = rows.assign(said=judge_heard(rows))
    return [_make_entry(row, anchor) for row in rows.to_dict("records")]


def _make_entry(row: _Row, anchor: str) -> Entry:
    characteristic = load_people_groups()[row["characteristic"]]
    label = f"{clean_words(row['group_label'])} ({characteristic.label.lower()})"
    is_shown = not is_missing(row["share"])
    is_compared = is_shown and not is_missing(row["ratio"])
    figure = _take_figure(row, "ratio_" if is_compared else "") if is_shown else {}
    source = clean_words(row["source_id"])
    return Entry(
        evidence_id=make_evidence_id("heard", f"{characteristic.id}.{row['group']}"),
        label=f"Who was heard: {label}",
        statement=_write_statement(row, label) if is_shown else _write_refusal(row, label),
        unit="times its share of residents" if is_compared else "%" if is_shown else "",
        period=clean_words(row["wave"]),
        comparator="Residents" if is_compared else "",
        comparison=_COMPARISONS.get(row["said"], "") if is_compared else "",
        is_citable=is_shown,
        reason="" if is_shown else _WITHHELD,
        source_ids=tuple(filter(None, ["survey" if row["wave"] != SPOKEN else "excerpts", source])),
        source="Source: the area's own survey and interviews, beside counts of residents.",
        stage=STAGE,
        anchor=anchor,
        **figure,
    )


def _take_figure(row: _Row, prefix: str) -> dict[str, float | None]:
    value = row["ratio"] if prefix else row["share"]
    return {
        "value": take_number(value),
        "lower_95": take_number(row[f"{prefix}lower_95"]),
        "upper_95": take_number(row[f"{prefix}upper_95"]),
        "base": take_number(row["answered"]),
    }


def _name_wave(row: _Row) -> str:
    return SPOKEN if row["wave"] == SPOKEN else f"the survey of {clean_words(row['wave'])}"


def _write_refusal(row: _Row, label: str) -> str:
    return write_sentence(f"{label}, in {_name_wave(row)}: no figure, {_WITHHELD}")


def _write_statement(row: _Row, label: str) -> str:
    counts = f"{write_number(row['respondents'])} of {write_number(row['answered'])} people"
    share = f"{counts} who told it in {_name_wave(row)}, {format_value(row['share'], '%', 1)}"
    small = ", on a small base that needs care" if row["display"] == FLAGGED else ""
    if is_missing(row["ratio"]):
        notes = join_notes([write_interval(row["lower_95"], row["upper_95"], "%", 1)])
        return write_sentence(
            f"{label}: {share}{notes}, with no count of residents beside it{small}"
        )
    notes = join_notes([write_interval(row["ratio_lower_95"], row["ratio_upper_95"], "", 2)])
    return write_sentence(
        f"{label}: {share} where {format_value(row['population_share'], '%', 1)} of residents are, "
        f"which is {format_value(row['ratio'], '', 2)} times as many{notes}{small}"
    )
