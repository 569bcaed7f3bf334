"""Evaluation in notebook 05: what leads to what, what changed, how far it is, and what nobody meant."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import pandas as pd

from cip.catalogue import load_indicators
from cip.catalogue.evaluation import (
    Example,
    cite_evaluation,
    list_questions_of_goal,
    load_bases,
    load_evaluation_questions,
    load_outcome_goals,
)
from cip.catalogue.questions import load_questions
from cip.display.blocks import Block, KeyFacts, NoteBlock
from cip.display.change_chart import chart_changes
from cip.display.change_chart_answers import AnswerBlock
from cip.display.change_chart_card import OutcomeBlock
from cip.display.change_chart_effects import EffectList
from cip.display.change_chart_words import judge
from cip.display.cited_text import name_cited
from cip.display.kpi_timeline import show_kpis, tabulate_kpis
from cip.display.kpi_timeline_drawing import StageBand
from cip.display.logic_drawing_block import show_logic_model
from cip.display.logic_drawing_links import LinkedBoxes
from cip.evidence.ledger import read_parts
from cip.framework.kpis_stages import list_stage_spans, place_milestones
from cip.framework.milestones import read_milestones
from cip.framework.outcomes import Measured, list_outcome_citations
from cip.framework.outcomes_together import (
    EVALUATION_INPUTS,
    Evaluation,
    read_evaluation,
    read_names,
    tabulate_evaluation,
)
from cip.pages.pending_input import write_need
from cip.workspace import Workspace

#: Inputs that are linked with, and their headings of id and words, by kind.
_NAMED = {
    "recommendation": ("recommendations", "id", "recommendation"),
    "action": ("actions", "id", "action"),
    "grant": ("grants", "grant_id", "project"),
    "outcome": ("outcomes", "id", "outcome"),
    "kpi": ("kpis", "kpi", "label"),
}
_CITATION = re.compile(r"\s*\[[a-z]+:[^\]]+\]")
_EVIDENCE_KINDS = ("survey", "change", "data")
_NEEDS = {
    "logic_model": (
        "Logic model",
        "A file that says what is put in, what is done, and what that should lead to. It is drawn "
        "and checked for loops, for boxes that stand alone and for outcomes that nothing measures. "
        "It is YAML; the demonstration's params/demo/logic_model.yml is an example.",
    ),
    "outcomes": ("Outcomes", "What is to be different, with its baseline and its follow-up."),
    "kpis": ("Indicators of progress", "Values by day, shown against their targets."),
    "effects": ("Effects that nobody intended", "What people noticed, good and bad."),
}


@dataclass(frozen=True)
class AreaEvaluation:
    """One area's evaluation, read and measured.

    Parameters
    ----------
    inputs
        What the files hold.
    tables
        The hand-over tables by name: logic_nodes, logic_edges, outcomes, kpis, kpi_values, effects,
        each where its input was given.
    names
        Words of recommendations, actions, grants, outcomes and indicators of progress.
    labels
        Names of the ledger's entries.
    """

    workspace: Workspace
    inputs: Evaluation
    tables: dict[str, pd.DataFrame] = field(repr=False)
    names: dict[str, dict[str, str]] = field(repr=False)
    labels: dict[str, str] = field(repr=False)


def open_evaluation(workspace: Workspace) -> AreaEvaluation:
    """Read the four inputs of evaluation, as far as they are given, and measure what changed.

    Raises
    ------
    ParameterError
        With every problem of every file.
    """
    paths = {name: workspace.file.resolve_input(name) for name in EVALUATION_INPUTS}
    names = {kind: _name(workspace, *headings) for kind, headings in _NAMED.items()}
    known: dict[str, list[str]] = {"indicators": list(load_indicators())}
    for kind in ("recommendation", "action", "grant"):
        if workspace.file.resolve_input(_NAMED[kind][0]) is not None:
            known[f"{kind}s"] = list(names[kind])
    measured = read_measured(workspace)
    today = workspace.today
    inputs = read_evaluation(paths, today=today, known=known, measured=measured)
    tables = tabulate_evaluation(
        inputs, measured, today=today, least_people=workspace.params.engagement.least_people
    )
    return AreaEvaluation(
        workspace, inputs, tables, names, name_cited(read_parts(workspace.tables))
    )


def read_measured(workspace: Workspace) -> Measured:
    """Return the tables of the chapters before that outcomes can be taken from."""
    names = ("answers", "answer_changes", "sector", "indicators")
    return Measured(*(workspace.read(n) if workspace.tables.has(n) else None for n in names))


def _name(workspace: Workspace, name: str, column: str, words: str) -> dict[str, str]:
    found = read_names(workspace.file.resolve_input(name), column, words)
    return {one: _shorten(text) for one, text in found.items()}


def _shorten(text: str) -> str:
    """Return the first sentence of a text, without what it cites."""
    plain = _CITATION.sub("", text)
    return re.split(r"(?<=[.!?])\s+(?=[A-Z])", plain, maxsplit=1)[0].rstrip(".")


def list_evaluation_citations(found: AreaEvaluation) -> pd.DataFrame:
    """Return what the outcomes rest on, as rows of the table ``citations``; none without outcomes.

    A figure that the ledger does not hold is left out: the entry of the outcome says where it is
    from.
    """
    outcomes = found.tables.get("outcomes")
    rows = list_outcome_citations(pd.DataFrame() if outcomes is None else outcomes)
    kinds = rows["evidence_id"].str.partition(":")[0] if len(rows) else pd.Series(dtype="str")
    is_known = ~kinds.isin(_EVIDENCE_KINDS) | rows["evidence_id"].isin(list(found.labels))
    return rows[is_known].reset_index(drop=True) if len(rows) else rows


def show_evaluation_facts(found: AreaEvaluation) -> list[Block]:
    """Return how many outcomes, indicators and effects there are and how they stand."""
    facts = []
    if (outcomes := found.tables.get("outcomes")) is not None:
        verdicts = [judge(row) for row in outcomes.to_dict("records")]
        twice = int((outcomes["state"] == "measured twice").sum())
        facts.append(("Outcomes", f"{len(outcomes)}", f"{twice} measured twice"))
        better, worse = verdicts.count("better"), verdicts.count("worse")
        facts.append(("Clearly better", f"{better}", f"{worse or 'none'} clearly worse"))
    if (kpis := found.tables.get("kpis")) is not None:
        good = int(kpis["state"].isin(["reached", "on course"]).sum())
        facts.append(("Reached or on course", f"{good}", f"of {len(kpis)} indicators of progress"))
    if (effects := found.tables.get("effects")) is not None:
        bad = int((effects["sort"] == "bad").sum())
        facts.append(("Effects nobody intended", f"{len(effects)}", f"{bad or 'none'} bad"))
    return [KeyFacts(facts, block_id="evaluation")] if facts else []


def show_logic(found: AreaEvaluation) -> list[Block]:
    """Return the logic model: picture, table, reasons, gaps, and where each box leads."""
    if found.inputs.model is None:
        return []
    nodes, edges = found.tables["logic_nodes"], found.tables["logic_edges"]
    blocks = show_logic_model(nodes, edges, title=found.inputs.model.content.title or "")
    return [*blocks, LinkedBoxes(nodes=nodes, names=found.names, labels=found.labels)]


def show_changes(found: AreaEvaluation) -> list[Block]:
    """Return what changed: the rules, the chart of shares, and a card for each outcome."""
    outcomes = found.tables.get("outcomes")
    if outcomes is None or outcomes.empty:
        return []
    chart = chart_changes(outcomes)
    cited = list_evaluation_citations(found)
    by_outcome = cited.groupby("citing_id")["evidence_id"].agg(list).to_dict()
    cards = [
        OutcomeBlock(
            outcome=row, names=found.names, labels=found.labels,
            cited=tuple(by_outcome.get(row["outcome_id"], ())),
        )
        for row in outcomes.to_dict("records")
    ]  # fmt: skip
    return [*([chart] if chart else []), _explain_tests(), *cards]


def _explain_tests() -> NoteBlock:
    bases = load_bases()
    body = (
        "Different people in each wave: the interval of the difference of two shares. The same "
        "people before and after: the interval for pairs, with McNemar's test. Censuses and "
        f"records: the plain change, because everyone is counted.\n\n{bases.groups}\n\n"
        f"A base under {bases.least} is not shown; one under {bases.flag_below} is marked as "
        f"small. In a ward, a survey of {bases.residents} residents or more is advised, and a "
        f"clear change may take {bases.years} years. A follow-up that asked in other words is "
        f"refused.\n\n{cite_evaluation('handbook')}."
    )
    return NoteBlock("info", "What is tested, and what is not", body)


def show_goals(found: AreaEvaluation) -> list[Block]:
    """Return the six goals, each with what measures it and what that shows."""
    outcomes = found.tables.get("outcomes")
    if outcomes is None:
        return []
    return [
        AnswerBlock(
            block_id=f"goal-{name}",
            title=goal.label,
            lead=goal.meaning,
            outcomes=outcomes[outcomes["goal"] == name].to_dict("records"),
            wordings=[one.wording for one in list_questions_of_goal(name)[:2]],
            otherwise=goal.otherwise,
            example=_word_examples(goal.examples),
        )
        for name, goal in load_outcome_goals().items()
    ]


def _word_examples(examples: tuple[Example, ...]) -> str:
    if not examples:
        return ""
    parts = [
        f"{one.of}: {one.before} before, {one.after} afterwards" if one.before else
        f"{one.of}: {one.after} afterwards"
        for one in examples
    ]  # fmt: skip
    return (
        f"The handbook's example after two or three years, which is no target: {'; '.join(parts)}."
    )


def show_questions(found: AreaEvaluation) -> list[Block]:
    """Return the framework's four questions, each with its answer or what could give one."""
    outcomes = found.tables.get("outcomes")
    if outcomes is None:
        return []
    bank = load_questions()
    return [
        AnswerBlock(
            block_id=f"question-{name}",
            title=question.label,
            outcomes=outcomes[outcomes["asks"] == name].to_dict("records"),
            wordings=[bank[one].wording for one in question.bank[:2]],
            otherwise=question.otherwise,
        )
        for name, question in load_evaluation_questions().items()
    ]


def show_progress(found: AreaEvaluation) -> list[Block]:
    """Return indicators of progress and milestones by stage, on a time axis and as tables."""
    kpis = found.tables.get("kpis")
    if kpis is None or kpis.empty:
        return []
    today = found.workspace.today
    model = found.inputs.model
    spans = list_stage_spans(model.content.starts) if model and model.content.starts else []
    plan = found.workspace.read_input("milestones", read_milestones)
    steps = None if plan is None or not spans else place_milestones(plan, spans, today)
    bands = [StageBand(f"Stage {one.number}: {one.label}", one.start, one.end) for one in spans]
    values = found.tables["kpi_values"]
    shown = show_kpis(kpis, values, stages=bands, milestones=steps, today=today)
    return [*shown, tabulate_kpis(kpis)]


def show_effects(found: AreaEvaluation) -> list[Block]:
    """Return the effects that nobody intended."""
    effects = found.tables.get("effects")
    if effects is None or effects.empty:
        return []
    return [EffectList(effects=effects.to_dict("records"), names=found.names)]


def show_needed(found: AreaEvaluation) -> list[Block]:
    """Return, for the notebook alone, which inputs of evaluation could still be given."""
    return [
        write_need(name, *words) for name, words in _NEEDS.items() if name not in found.inputs.files
    ]
