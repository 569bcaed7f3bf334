"""Three waves or more in notebook 04: the whole period beside the last step, and every wave."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from cip.display.blocks import Block, TableBlock
from cip.display.wave_chart import KIND, chart_waves
from cip.engagement.survey_changes import WAVES, WHOLE_PERIOD, describe_comparisons
from cip.engagement.survey_measures import PERCENT
from cip.pages.engagement_stage import SurveyResults
from cip.statistics import HIGHER, LOWER

#: An answer of a question: their ids.
Key = tuple[str, str]


def show_whole_period(results: SurveyResults, keys: Sequence[Key]) -> list[Block]:
    """Return the last wave against the first, and every wave in one table; none with two waves.

    Parameters
    ----------
    keys
        One answer of each question.
    """
    waves = results.survey.waves
    if len(waves) < 3:
        return []
    rows = _take_rows(results, keys)
    return [*_chart_ends(results, rows, keys), *_tabulate_waves(results, rows)]


def take_changes(results: SurveyResults, first: str, second: str) -> pd.DataFrame:
    """Return the changes from one wave to a later one, whether or not others lie between them."""
    changes = results.changes
    found = changes[
        changes["kind"].isin([WAVES, WHOLE_PERIOD])
        & (changes["first"] == second)
        & (changes["second"] == first)
    ]
    return found.assign(kind=KIND)


def _take_rows(results: SurveyResults, keys: Sequence[Key]) -> pd.DataFrame:
    answers = results.answers
    rows = answers[(answers["characteristic"] == "") & (answers["unit"] == PERCENT)]
    return rows[pd.MultiIndex.from_frame(rows[["question_id", "answer"]]).isin(list(keys))]


def _chart_ends(results: SurveyResults, rows: pd.DataFrame, keys: Sequence[Key]) -> list[Block]:
    first, last = results.survey.waves[0], results.survey.waves[-1]
    ends = rows[rows["wave"].isin([first, last])]
    both = ends.groupby(["question_id", "answer"])["wave"].transform("nunique") == 2
    ends = ends[both]
    if ends.empty:
        return []
    whole = take_changes(results, first, last)
    whole = whole[pd.MultiIndex.from_frame(whole[["question_id", "answer"]]).isin(list(keys))]
    marked = int(whole["reading"].isin([HIGHER, LOWER]).sum())
    words = {0: "No answer", 1: "One answer"}.get(marked, f"{marked} answers")
    number = ends.groupby(["question_id", "answer"]).ngroups
    return [
        chart_waves(
            ends,
            whole,
            title=f"{words} of {number} changed by more than chance from {first} to {last}",
            block_id="survey-whole-period",
            source_line=f"Source: {results.survey.title}, {first} and {last}.",
            note=describe_comparisons(whole),
            waves=(first, last),
        )
    ]


def _tabulate_waves(results: SurveyResults, rows: pd.DataFrame) -> list[Block]:
    if rows.empty:
        return []
    waves = [wave for wave in results.survey.waves if wave in set(rows["wave"])]
    lines = []
    for (question, label), own in rows.groupby(["question", "answer_label"], sort=False):
        by_wave = {row.wave: row for row in own.itertuples()}
        shown = {f"wave_{n}": _show(by_wave.get(wave)) for n, wave in enumerate(waves)}
        lines.append({"question": question, "answer": label, **shown})
    return [
        TableBlock(
            block_id="survey-every-wave",
            caption=f"Answers in {len(waves)} waves (%), with 95% intervals",
            frame=pd.DataFrame(lines),
            column_labels={
                "question": "Question",
                "answer": "Answer",
                **{f"wave_{n}": wave for n, wave in enumerate(waves)},
            },
            source_line=f"Source: {results.survey.title}.",
            note="Each wave is a sample of its own, so look at the whole row before at one step.",
        )
    ]


def _show(row) -> str:
    if row is None:
        return "not asked"
    if row.display == "withheld" or pd.isna(row.value):
        return "[c]"
    return f"{row.value:.0f} ({row.lower_95:.0f} to {row.upper_95:.0f})"
