"""Evaluation in notebook 05: what leads to what, what changed, how far it is, and what nobody meant."""

from __future__ import annotations

import pandas as pd

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
from cip.display.finding_block import Use, split_ids
from cip.display.kpi_timeline import show_kpis, tabulate_kpis
from cip.display.kpi_timeline_drawing import StageBand
from cip.display.logic_drawing_block import show_logic_model
from cip.display.logic_drawing_links import LinkedBoxes
from cip.framework.kpis_stages import list_stage_spans, place_milestones
from cip.framework.milestones import read_milestones
from cip.framework.outcomes import list_outcome_citations
from cip.framework.outcomes_together import EVALUATION_INPUTS
from cip.pages.evaluation_opening import AreaEvaluation, open_evaluation
from cip.pages.pending_input import write_need

__all__ = [
    "AreaEvaluation",
    "list_evaluation_citations",
    "list_outcome_uses",
    "open_evaluation",
    "show_changes",
    "show_effects",
    "show_evaluation_facts",
    "show_goals",
    "show_logic",
    "show_needed",
    "show_progress",
    "show_questions",
]
_EVIDENCE_KINDS = ("survey", "change", "data")
_MODEL_NEED = (
    "Logic model",
    "A file says what is put in, what is done, and what that should lead to. It is drawn, and "
    "checked for loops, boxes that stand alone and outcomes that nothing measures.\n\nWrite it as "
    "YAML and name it under inputs: logic_model: in the parameter file. The demonstration's "
    "params/demo/logic_model.yml is an example.",
)
_NEEDS = {
    "outcomes": ("Outcomes", "What is to be different, with its baseline and its follow-up."),
    "kpis": ("Indicators of progress", "Values by day, shown against their targets."),
    "effects": ("Effects that nobody intended", "What people noticed, good and bad."),
}


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


def list_outcome_uses(found: AreaEvaluation, kind: str) -> dict[str, list[Use]]:
    """Return the outcomes that are measured of each recommendation, action or grant, by its id."""
    uses: dict[str, list[Use]] = {}
    outcomes = found.tables.get("outcomes", pd.DataFrame())
    for row in outcomes.to_dict("records"):
        use = Use("outcome", str(row["outcome_id"]), str(row["outcome"]))
        for name in split_ids(str(row[f"{kind}s"])):
            uses.setdefault(name, []).append(use)
    return uses


def show_needed(found: AreaEvaluation) -> list[Block]:
    """Return, for the notebook alone, which inputs of evaluation could still be given."""
    missing = [name for name in EVALUATION_INPUTS if name not in found.inputs.files]
    # The model is no table, so that there is no form of it to fill in.
    return [
        NoteBlock("missing", *_MODEL_NEED) if name == "logic_model" else
        write_need(name, *_NEEDS[name])
        for name in missing
    ]  # fmt: skip
