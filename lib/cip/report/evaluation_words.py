"""What the columns of the tables of evaluation hold."""

from __future__ import annotations

from cip.schemas.evaluation import EVALUATION

_IDS = "parted by semicolons"
_SHARED: dict[str, str] = {
    "number": "number by which the pages name it",
    "recommendations": f"identifiers of recommendations, {_IDS}",
    "actions": f"identifiers of actions, {_IDS}",
    "grants": f"identifiers of grants, {_IDS}",
    "kpi_id": "identifier of the indicator of progress",
    "unit": "unit of the values",
    "better": "which way is good: higher or lower; empty where neither is",
    "lower_95": "lower limit of the difference's 95% confidence interval",
    "upper_95": "upper limit of the difference's 95% confidence interval",
    "note": "what a reader should know besides",
    "file": "file that it was read from",
    "line": "row of that file",
}
_OWN: dict[str, str] = {
    "logic_nodes.node_id": "identifier of the box",
    "logic_nodes.kind": "input, activity, output, outcome or impact",
    "logic_nodes.words": "what stands in the box",
    "logic_nodes.assumption": "what it takes for granted",
    "logic_nodes.external": "what helps or hinders it from outside",
    "logic_nodes.indicators": f"identifiers of published figures, {_IDS}",
    "logic_nodes.outcomes": f"identifiers of outcomes that measure it, {_IDS}",
    "logic_nodes.kpis": f"identifiers of indicators of progress, {_IDS}",
    "logic_nodes.leads_to": "numbers of the boxes that it leads to",
    "logic_nodes.unfinished": "what it still lacks",
    "logic_edges.from_id": "box that leads",
    "logic_edges.to_id": "box that it leads to",
    "logic_edges.from_number": "number of the box that leads",
    "logic_edges.to_number": "number of the box that it leads to",
    "logic_edges.why": "why one should lead to the other",
    "outcomes.outcome_id": "identifier of the outcome",
    "outcomes.outcome": "what is to be different",
    "outcomes.goal": "which of the six goals of community development it belongs to",
    "outcomes.asks": "which of the framework's four questions it helps to answer",
    "outcomes.measure": "what is measured",
    "outcomes.taken_from": "evidence that the figures are; empty where they are given by the area",
    "outcomes.among": "group of respondents; empty for everyone",
    "outcomes.counts": "people, groups or things",
    "outcomes.design": "same people, independent samples, or census or records",
    "outcomes.wording": "question as it was asked, both times",
    "outcomes.baseline_on": "day, wave or period of the baseline",
    "outcomes.baseline": "value at the baseline",
    "outcomes.baseline_lower_95": "lower limit of the baseline's 95% confidence interval",
    "outcomes.baseline_upper_95": "upper limit of the baseline's 95% confidence interval",
    "outcomes.baseline_base": "number who were asked and answered at the baseline",
    "outcomes.followup_on": "day, wave or period of the follow-up",
    "outcomes.followup": "value at the follow-up",
    "outcomes.followup_lower_95": "lower limit of the follow-up's 95% confidence interval",
    "outcomes.followup_upper_95": "upper limit of the follow-up's 95% confidence interval",
    "outcomes.followup_base": "number who were asked and answered at the follow-up",
    "outcomes.difference": "follow-up less baseline, in percentage points or in the unit",
    "outcomes.p_value": "chance of a difference at least as large where there is none",
    "outcomes.reading": "higher, lower, no clear difference or not tested",
    "outcomes.method": "how that was judged",
    "outcomes.no_interval": "why the change has no interval",
    "outcomes.no_base": "why a figure has no base",
    "outcomes.state": "measured twice, measured once, not measured or withheld",
    "outcomes.display": "shown, small base (10 to 29 people) or withheld",
    "kpis.label": "what is measured",
    "kpis.stage": "stage of the area's programme: facts, support or maintenance",
    "kpis.baseline_on": "day of the baseline",
    "kpis.baseline": "value before the work began",
    "kpis.latest_on": "day of the latest value",
    "kpis.latest": "latest value",
    "kpis.expected": "value on that day on the straight line from baseline to target",
    "kpis.target": "value aimed for",
    "kpis.target_by": "day by which it is to be reached",
    "kpis.values": "number of values after the baseline",
    "kpis.state": "reached, on course, behind, not reached in time, not measured yet, no target "
    "or withheld",
    "kpis.display": "shown or withheld",
    "kpis.source": "where the values come from",
    "kpi_values.on": "day of the value",
    "kpi_values.value": "value on that day",
    "kpi_values.display": "shown or withheld",
    "effects.effect": "number of the effect, the latest first",
    "effects.what": "what happened that nobody had meant to happen",
    "effects.sort": "good or bad",
    "effects.noticed_by": "role of whoever noticed it",
    "effects.on": "day",
    "effects.response": "what was done about it",
}

#: By ``table.column``, so that words of other chapters' tables stay as they are.
EVALUATION_WORDS: dict[str, str] = {
    f"{table}.{column}": _SHARED[column]
    for table, schema in EVALUATION.items()
    for column in schema.columns
    if column in _SHARED
} | _OWN
