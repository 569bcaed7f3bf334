"""The part of notebook 05 on the action plan: one page for the group, and every action by itself."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from cip.display.action_block import ActionBlock, word_update
from cip.display.action_gantt import PLAN_SOURCE, draw_action_times
from cip.display.action_words import (
    cut_words,
    read_words,
    word_day,
    word_power,
)
from cip.display.blocks import Block, TableBlock
from cip.display.finding_block import Use, split_ids
from cip.display.markup import make_id
from cip.display.status_page import StatusPage
from cip.evidence.citing import FINDING
from cip.framework.action_columns import DROPPED
from cip.framework.actions import (
    ActionPlan,
    describe_changes,
    find_unserved,
    list_action_citations,
    read_action_plan,
    stand_actions,
    tidy_log,
)
from cip.workspace import Workspace

_LONGEST_TITLE = 110
_QUESTIONS_SOURCE = (
    "Questions: Community Insight Profile Development framework, Oxfordshire County Council, part "
    "'Plan actions', in our own words."
)


@dataclass(frozen=True)
class Plan:
    """The action plan as chapter 05 tells it.

    Parameters
    ----------
    actions, log
        Tables ``actions`` and ``action_log``.
    citations
        Rows of the table ``citations``.
    titles
        Words of every recommendation of the area, by its id.
    """

    actions: pd.DataFrame = field(repr=False)
    log: pd.DataFrame = field(repr=False)
    citations: pd.DataFrame = field(repr=False)
    titles: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """The hand-over tables, by name."""
        return {"actions": self.actions, "action_log": self.log}

    @property
    def unserved(self) -> dict[str, str]:
        """Titles of the recommendations that no action carries out, by id."""
        return {one: self.titles[one] for one in find_unserved(self.titles, self.actions)}

    def list_uses(self) -> dict[str, list[Use]]:
        """Return the actions that carry out each recommendation, by its id."""
        uses: dict[str, list[Use]] = {}
        for row in self.actions.to_dict("records"):
            for one in split_ids(read_words(row, "recommendations")):
                uses.setdefault(one, []).append(Use("action", row["action_id"], row["action"]))
        return uses


def load_plan(
    workspace: Workspace,
    *,
    recommendations: pd.DataFrame | None = None,
    evidence: pd.DataFrame | None = None,
) -> Plan | None:
    """Read the area's action plan, or return None where it names none.

    Parameters
    ----------
    recommendations
        Table ``recommendations``; None where the area has none.
    evidence
        The ledger; None leaves the assets unchecked.

    Raises
    ------
    ParameterError
        With every problem of the plan and its log.
    """
    path = workspace.file.resolve_input("actions")
    if path is None:
        return None
    titles = name_recommendations(recommendations)
    read = read_action_plan(
        path,
        workspace.file.resolve_input("action_log"),
        today=workspace.today,
        recommendations=None if recommendations is None else list(titles),
        assets=None if evidence is None else _list_assets(evidence),
    )
    return build_plan(read, titles)


def build_plan(read: ActionPlan, titles: Mapping[str, str]) -> Plan:
    """Return what was read with its standing and citations."""
    actions = stand_actions(read)
    return Plan(actions, tidy_log(read), list_action_citations(actions), dict(titles))


def name_recommendations(recommendations: pd.DataFrame | None) -> dict[str, str]:
    """Return the first sentence of each recommendation without its citations, by its id."""
    if recommendations is None:
        return {}
    ids, texts = recommendations["recommendation_id"], recommendations["text"]
    return {str(one): _cut_text(str(text)) for one, text in zip(ids, texts, strict=True)}


def _cut_text(text: str) -> str:
    words = re.sub(r"\s*\[[a-z]+:[^\]\s]+\]", "", text)
    first = re.split(r"(?<=[.!?])\s", " ".join(words.split()), maxsplit=1)[0]
    return cut_words(first.rstrip("."), _LONGEST_TITLE)


def _list_assets(evidence: pd.DataFrame) -> list[str]:
    return [str(one) for one in evidence.loc[evidence["kind"].eq("asset"), "evidence_id"]]


def show_action_status(plan: Plan, *, area: str, today: date) -> list[Block]:
    """Return the plan on one sheet of A4 for the steering group."""
    page = StatusPage(
        area=area, today=today.isoformat(), actions=plan.actions, unserved=plan.unserved
    )
    return [page]


def show_action_times(plan: Plan, *, today: date) -> list[Block]:
    """Return the actions on a time axis; nothing where none has both its days."""
    figure = draw_action_times(plan.actions, today=today)
    return [] if figure is None else [figure]


def show_action_questions(plan: Plan) -> list[Block]:
    """Return what the framework asks of every action: who does what already, and what is needed."""
    rows = plan.actions[plan.actions["status"] != DROPPED].to_dict("records")
    if not rows:
        return []
    frame = pd.DataFrame(
        {
            "action": [f"{row['number']}. {read_words(row, 'action')}" for row in rows],
            "does": [read_words(row, "community_does") or "not said" for row in rows],
            "support": [read_words(row, "extra_support") or "not said" for row in rows],
            "outside": [word_power(row) for row in rows],
        }
    )
    return [
        TableBlock(
            block_id="action-questions",
            caption="What is there already, where support would help, and what needs others",
            frame=frame,
            column_labels={
                "action": "Action",
                "does": "What the community already does",
                "support": "Where more support would help",
                "outside": "What needs others",
            },
            anchors={"action": [make_id("action", str(row["action_id"])) for row in rows]},
            source_line=f"{PLAN_SOURCE} {_QUESTIONS_SOURCE}",
        )
    ]


def show_actions(
    plan: Plan,
    *,
    labels: Mapping[str, str] | None = None,
    outcomes: Mapping[str, Sequence[Use]] | None = None,
) -> list[Block]:
    """Return a card for each action, with its links back to recommendations and on to outcomes.

    Parameters
    ----------
    labels
        Name of everything that may be cited (`cip.display.cited_text.name_cited`).
    outcomes
        Outcomes and grants of each action, by its id.
    """
    updates = plan.log.groupby("action_id", sort=False)
    told = {name: rows.to_dict("records") for name, rows in updates}
    names = {k: v for k, v in (labels or {}).items() if not k.startswith(f"{FINDING}:")}
    return [
        ActionBlock(
            action=row,
            updates=told.get(row["action_id"], []),
            titles=plan.titles,
            labels=names,
            outcomes=(outcomes or {}).get(row["action_id"], ()),
        )
        for row in plan.actions.to_dict("records")
    ]


def show_action_log(plan: Plan) -> list[Block]:
    """Return the log as a table, the latest first; nothing where nothing was told."""
    if plan.log.empty:
        return []
    numbers = plan.actions.set_index("action_id")["number"]
    rows = plan.log.iloc[::-1].to_dict("records")
    frame = pd.DataFrame(
        {
            "on": [word_day(read_words(row, "on")) for row in rows],
            "action": [f"Action {numbers[row['action_id']]}" for row in rows],
            "said": [word_update(row).partition(", ")[2] for row in rows],
        }
    )
    return [
        TableBlock(
            block_id="action-log",
            caption="What was told of the actions, the latest first",
            frame=frame,
            column_labels={"on": "Day", "action": "Action", "said": "Who told what"},
            anchors={"action": [make_id("action", str(row["action_id"])) for row in rows]},
            source_line=PLAN_SOURCE,
        )
    ]


def show_plan_changes(changes: pd.DataFrame, *, names: tuple[str, str]) -> list[Block]:
    """Return what differs between two versions of the plan.

    Parameters
    ----------
    changes
        As `cip.framework.actions.compare_plans` gives it.
    names
        What the two versions are called, the older first.
    """
    frame = changes.drop(columns="action_id")
    return [
        TableBlock(
            block_id="action-changes",
            caption=f"Changes of the action plan from {names[0]} to {names[1]}",
            frame=frame.replace("", "–"),
            column_labels={
                "action": "Action",
                "change": "Change",
                "field": "What",
                "before": names[0].capitalize(),
                "after": names[1].capitalize(),
            },
            note=describe_changes(changes),
            source_line=PLAN_SOURCE,
        )
    ]
