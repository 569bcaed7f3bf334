"""Every change between waves in notebook 04, a row each, to which the evidence ledger leads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from cip.display.blocks import Block, TableBlock
from cip.display.cells import is_missing
from cip.display.text import format_value
from cip.engagement.survey_changes import describe_comparisons
from cip.engagement.survey_measures import PERCENT
from cip.evidence.from_changes import name_changes, take_last_changes
from cip.pages.engagement_stage import Heard, SurveyResults
from cip.statistics.survey_display import FLAGGED

_Row = Mapping[str, Any]
_WITHHELD = "[c]"


def show_every_change(heard: Heard) -> list[Block]:
    """Return how each answer changed to the last wave that asked it; nothing for a single wave."""
    if heard.survey is None:
        return []
    results = heard.survey
    latest = take_last_changes(results.changes, results.survey.waves)
    if latest.empty:
        return []
    held = _index_answers(results)
    steps = latest[["second", "wave"]].drop_duplicates()
    rows = [_make_row(row, held, len(steps) > 1) for row in latest.to_dict("records")]
    earlier, later = steps.iloc[0] if len(steps) == 1 else ("Earlier wave", "Later wave")
    return [
        TableBlock(
            block_id="survey-changes",
            caption="Every answer that two waves asked for, and how it changed",
            frame=pd.DataFrame(rows),
            column_labels={
                "question": "Question",
                "answer": "Answer",
                "before": str(earlier),
                "after": str(later),
                "difference": "Difference (95% interval)",
                "reading": "Reading",
            },
            source_line=f"Source: {results.survey.title}.",
            note="Differences of percentages are in percentage points; n is the number of answers. "
            + describe_comparisons(latest.rename(columns={"wave": "first"})),
            row_ids=name_changes(latest),
        )
    ]


def _index_answers(results: SurveyResults) -> dict[tuple[str, str, str], _Row]:
    rows = results.answers[results.answers["characteristic"] == ""].to_dict("records")
    return {(row["question_id"], row["answer"], row["wave"]): row for row in rows}


def _make_row(
    change: _Row, held: Mapping[tuple[str, str, str], _Row], is_named: bool
) -> dict[str, str]:
    key = (change["question_id"], change["answer"])
    before, after = held[*key, change["second"]], held[*key, change["wave"]]
    # With one wave withheld, the difference would give it away.
    is_open = not any(is_missing(cell) for cell in (before["value"], after["value"]))
    is_told = is_open and not is_missing(change["difference"])
    return {
        "question": str(after["question"]),
        "answer": str(after["answer_label"]),
        "before": _write_wave(before, is_named),
        "after": _write_wave(after, is_named),
        "difference": _write_difference(change, str(after["unit"])) if is_told else _WITHHELD,
        "reading": str(change["reading"]) if is_told else _WITHHELD,
    }


def _write_wave(row: _Row, is_named: bool) -> str:
    if is_missing(row["value"]):
        return _WITHHELD
    start = f"{row['wave']}: " if is_named else ""
    unit = str(row["unit"])
    is_share = unit == PERCENT
    figure = format_value(row["value"], unit, 0 if is_share else 1)
    small = ", small base" if row["display"] == FLAGGED else ""
    return f"{start}{figure}{'' if is_share else f' {unit}'} (n\N{NO-BREAK SPACE}{row['base']:,.0f}{small})"


def _write_difference(change: _Row, unit: str) -> str:
    decimals = 0 if unit == PERCENT else 1
    ends = [change["lower_95"], change["upper_95"]]
    figure = _sign(change["difference"], decimals)
    if any(is_missing(end) for end in ends):
        return figure
    return f"{figure} ({' to '.join(_sign(end, decimals) for end in ends)})"


def _sign(number: float, decimals: int) -> str:
    text = format_value(abs(number), "", decimals)
    is_zero = not text.strip("0.")
    return text if is_zero else f"{'+' if number > 0 else '−'}{text}"
