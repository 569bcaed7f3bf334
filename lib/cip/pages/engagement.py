"""The page of notebook 04, first half: what was done to hear people, and who was heard."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from cip.catalogue.engagement import (
    cite_engagement,
    load_methods,
    load_project_checks,
    load_roles,
    load_rungs,
)
from cip.catalogue.people_groups import load_people_groups
from cip.catalogue.sources import are_figures_invented, source_line
from cip.display.blocks import Block, KeyFacts, NoteBlock, TableBlock
from cip.display.ladder_chart import chart_ladder
from cip.display.representation_chart import chart_representation
from cip.display.text import join_names
from cip.engagement.good_project import count_answers
from cip.engagement.heard import SPOKEN, judge_heard
from cip.engagement.plan import count_methods
from cip.errors import Problem
from cip.pages.engagement_stage import Heard
from cip.pages.pending_input import write_need
from cip.statistics.representation import FEWER, NOBODY_HEARD
from cip.workspace import Workspace

_MOST_PROBLEMS = 60
_OWN = "Source: the area's own record of engagement."


def show_facts(heard: Heard) -> list[Block]:
    """Return how many people were heard, in which ways."""
    facts = []
    if heard.survey is not None:
        survey = heard.survey.survey
        waves = ", ".join(f"{len(survey.take_wave(wave)):,} in {wave}" for wave in survey.waves)
        facts.append(("Survey answers", f"{len(survey.answers):,}", waves))
    if heard.voices is not None:
        frame = heard.voices.excerpts.frame
        people = frame["person_id"].nunique()
        note = f"in {len(frame):,} coded passages"
        facts.append(("People in their own words", f"{people:,}", note))
    if heard.plan is not None:
        facts.append(("Activities", f"{len(heard.plan):,}", "surveys, interviews, groups, events"))
    if heard.sector_groups is not None:
        facts.append(("Community groups", f"{heard.sector_groups:,}", "answered their own survey"))
    return [KeyFacts(facts, block_id="heard")] if facts else []


def show_plan(workspace: Workspace, heard: Heard) -> list[Block]:
    """Return what was done to hear people, in which ways and for whom."""
    if heard.plan is None:
        what = "The surveys, interviews, groups and events with which people were heard."
        return [write_need("engagement", "What was done to hear people", what)]
    methods = count_methods(heard.plan, workspace.today)
    table = heard.plan.sort_values("start", kind="stable")
    frame = pd.DataFrame(
        {
            "title": table["title"],
            "method": [load_methods()[name].label for name in table["method"]],
            "when": [_write_span(row.start, row.end) for row in table.itertuples()],
            "place": table["place"].fillna("not stated"),
            "people": table["people_reached"],
            "reimbursement": table["reimbursement"].fillna("not stated"),
        }
    )
    labels = {
        "title": "Activity",
        "method": "Way of hearing people",
        "when": "When",
        "place": "Where",
        "people": "People",
        "reimbursement": "For their time",
    }
    reached = int(methods["people_reached"].fillna(0).sum())
    return [
        TableBlock(
            block_id="engagement",
            caption=f"{len(frame):,} activities, {reached:,} people taking part",
            frame=frame,
            column_labels=labels,
            formats={"people": "{:,d}"},
            source_line=_OWN,
            note="Somebody who took part twice counts twice here.",
        )
    ]


def _write_span(start: pd.Timestamp, end: pd.Timestamp | None) -> str:
    first = f"{start:%Y-%m-%d}"
    return first if pd.isna(end) or end == start else f"{first} to {end:%Y-%m-%d}"


def show_purpose(workspace: Workspace, heard: Heard) -> list[Block]:
    """Return what the engagement is for, how far residents shared in it, and how it was set up."""
    settings = workspace.params.engagement
    blocks: list[Block] = []
    roles = load_roles()
    if settings.purposes:
        body = "\n\n".join(
            f"{roles[name].label}. {roles[name].meaning}" for name in settings.purposes
        )
        blocks.append(NoteBlock("info", "Its roles here", body))
    if settings.rung_aimed_for or settings.rung_reached:
        blocks.append(
            chart_ladder(
                settings.rung_aimed_for,
                settings.rung_reached,
                load_rungs(),
                title=_write_ladder(settings.rung_aimed_for, settings.rung_reached),
                block_id="ladder",
                source_line=f"{cite_engagement('ladder')}.",
                note="The rungs are ways of working together, not marks: which is right depends "
                "on the place and the question.",
            )
        )
    if heard.checklist is None:
        what = "How the project was set up: its purpose, people, plan and what becomes of it."
        return [*blocks, write_need("good_project", "A good engagement project", what)]
    counts = count_answers(heard.checklist)
    frame = heard.checklist[["label", "question", "answer", "evidence"]].fillna("not stated")
    settled = counts["yes"]
    blocks.append(
        TableBlock(
            block_id="good-project",
            caption=f"{settled} of {len(load_project_checks())} marks of a good project are in place",
            frame=frame,
            column_labels={
                "label": "Mark of a good project",
                "question": "Question",
                "answer": "Answer",
                "evidence": "Where it can be seen",
            },
            source_line=f"{cite_engagement('coulter')}.",
            note="What is open comes first. It is a list of questions to talk about, not a score.",
        )
    )
    return blocks


def _write_ladder(aimed: int | None, reached: int | None) -> str:
    rungs = load_rungs()
    parts = []
    if aimed:
        parts.append(f"aimed for rung {aimed} ({rungs[aimed].label.lower()})")
    if reached:
        parts.append(f"reached rung {reached} ({rungs[reached].label.lower()})")
    words = " and ".join(parts)
    return f"The engagement {words}"


def show_heard(heard: Heard) -> list[Block]:
    """Return who was heard beside who lives here, gaps first."""
    table = heard.respondents
    if table.empty:
        what = "The make-up of those who answered, beside that of all residents."
        return [write_need("survey", "Who was heard", what)]
    blocks: list[Block] = []
    waves = list(dict.fromkeys(table["wave"]))
    surveys = [wave for wave in waves if wave != SPOKEN]
    for wave in [*surveys[-1:], *(wave for wave in waves if wave == SPOKEN)]:
        rows = table[(table["wave"] == wave) & table["population_share"].notna()]
        if rows.empty:
            continue
        words = "interviews and groups" if wave == SPOKEN else f"the survey of {wave}"
        blocks.append(
            chart_representation(
                rows,
                title=_write_gap(rows, words),
                block_id=f"heard-{'spoken' if wave == SPOKEN else 'survey'}",
                source_line=_cite_margins(rows),
                note="1 means as many as the area's population would give. Groups that the plan "
                "set out to hear are marked. "
                + ("" if wave == SPOKEN else "Before weights. ")
                + "With an open invitation the interval shows the play of chance alone.",
            )
        )
    return [*blocks, *_tabulate_heard(table)]


def _write_gap(rows: pd.DataFrame, words: str) -> str:
    readings = judge_heard(rows)
    fewer = rows[readings.isin([FEWER, NOBODY_HEARD])]
    if fewer.empty:
        return f"No group is clearly missing among those heard in {words}"
    labels = load_people_groups()
    names = [
        f"{row.group_label} ({labels[row.characteristic].label.lower()})"
        for row in fewer.head(3).itertuples()
    ]
    more = len(fewer) - len(names)
    tail = f" and {more} more groups" if more > 0 else ""
    return f"Fewer than expected were heard in {words}: {join_names(names)}{tail}"


def _cite_margins(rows: pd.DataFrame) -> str:
    products = list(dict.fromkeys(rows["source_id"].dropna()))
    if are_figures_invented():
        return "Source: the area's own survey and interviews; invented residents."
    lines = [source_line(product).removeprefix("Source: ") for product in products]
    return f"Source: the area's own survey and interviews; {' '.join(lines)}"


def _tabulate_heard(table: pd.DataFrame) -> list[Block]:
    labels = load_people_groups()
    named = table[table["is_seldom_heard"].fillna(False).astype(bool)]
    if named.empty:
        return []
    frame = pd.DataFrame(
        {
            "group": [
                f"{row.group_label} ({labels[row.characteristic].label.lower()})"
                for row in named.itertuples()
            ],
            "wave": named["wave"],
            "heard": [_show(row) for row in named.itertuples()],
            "share": named["share"],
            "population": named["population_share"],
        }
    )
    return [
        TableBlock(
            block_id="seldom-heard",
            caption="Groups that the plan set out to hear",
            frame=frame,
            column_labels={
                "group": "Group",
                "wave": "Heard in",
                "heard": "People",
                "share": "Of those who said (%)",
                "population": "Of residents (%)",
            },
            formats={"share": "{:.0f}", "population": "{:.0f}"},
            source_line=_OWN,
        )
    ]


def _show(row) -> str:
    if row.display == "withheld" or pd.isna(row.respondents):
        return "[c]"
    return f"{int(row.respondents):,}"


def show_limits(sentences: Iterable[str]) -> list[Block]:
    """Return what this engagement cannot say."""
    body = "\n\n".join(sentences)
    return [NoteBlock("warning", "Read with care", body)] if body else []


def show_problems(problems: list[Problem]) -> list[Block]:
    """Return what could not be read, for the analyst: places alone, never what a cell holds."""
    if not problems:
        return [NoteBlock("info", "The inputs", "Every row of the inputs could be read.")]
    lines = list(dict.fromkeys(str(problem) for problem in problems))
    more = len(lines) - _MOST_PROBLEMS
    body = "\n\n".join(lines[:_MOST_PROBLEMS])
    if more > 0:
        body += f"\n\nAnd {more:,} more."
    return [NoteBlock("warning", f"{len(lines):,} things to look at in the inputs", body)]
