"""Survey results in notebook 04: each question with its base, differences and waves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from cip.catalogue.people_groups import load_people_groups
from cip.catalogue.questions import list_benchmarks, load_source_surveys
from cip.display.answer_chart import chart_answers
from cip.display.blocks import Block, FigureBlock, NoteBlock, TableBlock
from cip.display.likert_chart import chart_likert
from cip.display.text import format_value
from cip.display.wave_chart import chart_waves
from cip.engagement.survey_changes import describe_comparisons
from cip.engagement.survey_measures import PERCENT
from cip.engagement.survey_questions import Question
from cip.evidence.words import make_evidence_id
from cip.pages.engagement_stage import Heard, SurveyResults
from cip.pages.pending_input import write_need
from cip.pages.survey_waves import show_whole_period, take_changes
from cip.statistics import HIGHER, LOWER
from cip.statistics.survey_planning import (
    HANDBOOK_CHANGES,
    HANDBOOK_SAMPLE,
    find_detectable_share,
    plan_changes,
)

_MOST_DIFFERENCES = 40
_MOST_WAVES = 12
#: Shares from which a rise is planned.
_PLANNED_SHARES = (0.05, 0.1, 0.25, 0.5)


def show_design(heard: Heard) -> list[Block]:
    """Return how the survey was made, and whether its answers are weighted."""
    if heard.survey is None:
        what = "What residents answered, with names and contact details already removed."
        return [write_need("survey", "Survey responses", what)]
    survey, weights = heard.survey.survey, heard.survey.weights
    body = f"{survey.title}. {survey.mode.capitalize()}. {weights.reason}"
    for wave, effect in weights.design_effects.items():
        body += (
            f"\n\n{wave}: the weights cost as much precision as asking "
            f"{1 - 1 / effect:.0%} fewer people (design effect {effect:.2f})."
        )
    body += (
        "\n\nBases under 30 are marked, and nothing is shown of fewer than 10. Those who did not "
        "know or did not answer are counted apart."
    )
    return [NoteBlock("info", "How the survey was made", body)]


def show_questions(heard: Heard) -> list[Block]:
    """Return a chart for each question, of the last wave that asked it."""
    if heard.survey is None:
        return []
    results = heard.survey
    blocks: list[Block] = []
    for question in results.survey.questions.values():
        rows = results.answers[
            (results.answers["question_id"] == question.id)
            & (results.answers["characteristic"] == "")
        ]
        if rows.empty or question.kind == "text":
            continue
        last = rows["wave"].iloc[-1]
        evidence_id = make_evidence_id("survey", question.id)
        shown = _show_question(question, rows[rows["wave"] == last], results)
        blocks += [replace(block, evidence_id=evidence_id) for block in shown]
    return blocks


def _show_question(
    question: Question, rows: pd.DataFrame, results: SurveyResults
) -> list[FigureBlock | TableBlock]:
    wave = str(rows["wave"].iloc[0])
    how = {
        "block_id": f"question-{question.id.replace('_', '-')}",
        "source_line": f"Source: {results.survey.title}, {wave}.",
    }
    if (rows["unit"] != PERCENT).any() or question.kind in ("number", "before_after"):
        return [_tabulate_numbers(question, rows, how)]
    single = rows[~rows["answer"].isin(list(question.nets))]
    marks, label, note = _read_benchmark(question, rows)
    if question.kind == "likert" and (single["display"] != "withheld").any():
        if marks:
            (name, percent), *_ = marks.items()
            words = question.net_labels.get(name) or question.options.get(name, name)
            note = f"For comparison, {words.lower()}: {percent:g}%. {note}"
        return [
            chart_likert(
                single,
                order=list(question.options),
                title=_write_finding(question, rows),
                note=note,
                **how,
            )
        ]
    return [
        chart_answers(
            rows,
            title=_write_finding(question, rows),
            note=note,
            benchmarks=marks,
            benchmark_label=label,
            **how,
        )
    ]


def _read_benchmark(
    question: Question, rows: pd.DataFrame
) -> tuple[dict[str, float] | None, str, str]:
    """Return the national figure beside which an answer may stand, and how that was asked."""
    for mark in list_benchmarks(question.bank) if question.bank else []:
        for name in rows["answer"]:
            if {name} == set(mark.answers):
                label = f"{mark.area}, {mark.year}"
                survey = load_source_surveys()[mark.source].label
                note = f"{label}: {survey}, {mark.mode}. {mark.mode_difference}"
                return {name: mark.percent}, label, note
    return None, "", ""


def _write_finding(question: Question, rows: pd.DataFrame) -> str:
    """Return the finding in words: the net where the scale has one, else the commonest answer."""
    shown = rows[rows["value"].notna()]
    nets = [name for name in question.nets if name in set(shown["answer"])]
    if nets:
        row = shown[shown["answer"] == nets[0]].iloc[0]
        return f"{question.text} {_say(row)}"
    if shown.empty:
        return f"{question.text} Too few answered to show"
    row = shown.sort_values("value", ascending=False, kind="stable").iloc[0]
    return f"{question.text} {_say(row)}"


def _say(row: pd.Series) -> str:
    return f"{row['answer_label']}: {format_value(row['value'], '%', 0)}"


def _tabulate_numbers(question: Question, rows: pd.DataFrame, how: dict[str, str]) -> TableBlock:
    frame = pd.DataFrame(
        {
            "label": rows["answer_label"],
            "value": rows["value"],
            "interval": [
                f"{row.lower_95:.1f} to {row.upper_95:.1f}" if pd.notna(row.lower_95) else "[z]"
                for row in rows.itertuples()
            ],
            "unit": rows["unit"],
            "base": rows["base"],
        }
    )
    frame["value"] = frame["value"].astype(object).where(rows["display"] != "withheld", "[c]")
    return TableBlock(
        block_id=how["block_id"],
        caption=question.text,
        frame=frame,
        column_labels={
            "label": "Figure",
            "value": "Value",
            "interval": "95% interval",
            "unit": "Unit",
            "base": "Answers",
        },
        formats={"value": "{:.1f}", "base": "{:,d}"},
        source_line=how["source_line"],
    )


def show_waves(heard: Heard) -> list[Block]:
    """Return what changed between the last two waves, and over all where there are more."""
    if heard.survey is None or len(heard.survey.survey.waves) < 2:
        return []
    results = heard.survey
    first, second = results.survey.waves[-2:]
    changes = take_changes(results, first, second)
    keys = _choose_answers(results, (first, second))[:_MOST_WAVES]
    rows = results.answers[
        (results.answers["characteristic"] == "")
        & (results.answers["unit"] == PERCENT)
        & results.answers["wave"].isin([first, second])
    ]
    rows = rows[pd.MultiIndex.from_frame(rows[["question_id", "answer"]]).isin(keys)]
    if rows.empty:
        return _show_whole_period(results)
    marked = changes[
        changes["reading"].isin([HIGHER, LOWER])
        & pd.MultiIndex.from_frame(changes[["question_id", "answer"]]).isin(keys)
    ]
    words = {0: "No answer", 1: "One answer"}.get(len(marked), f"{len(marked)} answers")
    return [
        chart_waves(
            rows,
            changes,
            title=f"{words} of {len(keys)} changed by more than chance between {first} and {second}",
            block_id="survey-waves",
            source_line=f"Source: {results.survey.title}, {first} and {second}.",
            note=describe_comparisons(changes),
            waves=(first, second),
        ),
        *_show_whole_period(results),
    ]


def _show_whole_period(results: SurveyResults) -> list[Block]:
    waves = results.survey.waves
    keys = _choose_answers(results, (waves[0], waves[-1]))[:_MOST_WAVES]
    return show_whole_period(results, keys)


def show_planning(heard: Heard) -> list[Block]:
    """Return what sample a change needs before a survey can show it, with the handbook's example."""
    effect = 1.0
    if heard.survey is not None and heard.survey.weights.design_effects:
        effect = max(heard.survey.weights.design_effects.values())
    sizes = (300, 500, 800, 1200)
    frame = pd.DataFrame(
        {
            "before": [f"{share:.0%}" for share in _PLANNED_SHARES],
            **{
                f"n{size}": [
                    float(find_detectable_share(share, size, design_effect=effect)) * 100
                    for share in _PLANNED_SHARES
                ]
                for size in sizes
            },
        }
    )
    example = plan_changes(design_effect=effect).iloc[0]
    first = HANDBOOK_CHANGES[0]
    note = (
        f"With a chance of 80% and a design effect of {effect:.2f}. The handbook's own example, a "
        f"rise from {first.before:.0%} to {first.after:.0%} in a survey of {HANDBOOK_SAMPLE} in "
        f"each wave, would be shown in {example['power']:.0%} of such surveys; "
        f"{int(example['size_needed']):,} in each wave are needed. Ask more people, wait longer, "
        "or do not promise to show it."
    )
    return [
        TableBlock(
            block_id="survey-planning",
            caption="To what a share must rise before two waves are likely to show it, by answers in each",
            frame=frame,
            column_labels={
                "before": "Share in the first wave",
                **{f"n{size}": f"{size:,} each (%)" for size in sizes},
            },
            formats={f"n{size}": "{:.0f}" for size in sizes},
            source_line=f"After: {first.source}; Fleiss 1981.",
            note=note,
        )
    ]


def _choose_answers(results: SurveyResults, waves: Sequence[str]) -> list[tuple[str, str]]:
    """Return one answer of each question that these waves asked: its first net, else its first."""
    chosen = []
    for question in results.survey.questions.values():
        own = results.answers[
            (results.answers["question_id"] == question.id)
            & (results.answers["characteristic"] == "")
            & (results.answers["unit"] == PERCENT)
            & results.answers["value"].notna()
        ]
        both = [name for name, rows in own.groupby("answer", sort=False)
                if set(waves) <= set(rows["wave"])]  # fmt: skip
        nets = [name for name in question.nets if name in both]
        if both:
            chosen.append((question.id, nets[0] if nets else str(both[0])))
    return chosen


def show_differences(heard: Heard) -> list[Block]:
    """Return the groups whose answers differ from everyone else's by more than chance."""
    if heard.survey is None:
        return []
    results = heard.survey
    keys = _choose_answers(results, results.survey.waves[-1:])
    changes = results.changes
    is_key = pd.MultiIndex.from_frame(changes[["question_id", "answer"]]).isin(keys)
    # One answer of each question: the more is compared, the more stands out by chance.
    groups = changes[(changes["kind"] == "groups") & is_key]
    marked = groups[groups["reading"].isin([HIGHER, LOWER])]
    note = describe_comparisons(groups)
    if marked.empty:
        return [NoteBlock("info", "Differences between groups", f"None is clear. {note}")]
    labels = _label_answers(results)
    shown = marked.assign(size=marked["difference"].abs()).sort_values(
        "size", ascending=False, kind="stable"
    )
    shown = shown.head(_MOST_DIFFERENCES)
    frame = pd.DataFrame(
        {
            "group": [_name_group(words, results) for words in shown["first"]],
            "answer": [
                labels.get((row.question_id, row.answer), row.answer) for row in shown.itertuples()
            ],
            "reading": shown["reading"],
            "difference": shown["difference"],
            "interval": [
                f"{row.lower_95:+.0f} to {row.upper_95:+.0f}" for row in shown.itertuples()
            ],
        }
    )
    return [
        TableBlock(
            block_id="survey-differences",
            caption="Groups whose answers differ from those of everyone else",
            frame=frame,
            column_labels={
                "group": "Group",
                "answer": "Answer",
                "reading": "Than everyone else",
                "difference": "Difference (percentage points)",
                "interval": "95% interval",
            },
            formats={"difference": "{:+.0f}"},
            source_line=f"Source: {results.survey.title}.",
            note=note,
        )
    ]


def _label_answers(results: SurveyResults) -> dict[tuple[str, str], str]:
    rows = results.answers.drop_duplicates(["question_id", "answer"])
    return {
        (row.question_id, row.answer): f"{row.question} {row.answer_label}"
        for row in rows.itertuples()
    }


def _name_group(words: str, results: SurveyResults) -> str:
    name, _, group = words.partition(": ")
    own = results.survey.characteristics.get(name)
    label = dict(own.groups).get(group, group) if own else group
    known = load_people_groups().get(name)
    return f"{label} ({known.label.lower()})" if known else label
