"""What follows from the recommendations: actions, money and change, in the same chain of evidence."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import pandas as pd

from cip.display.blocks import Block
from cip.display.cited_text import name_cited
from cip.display.finding_block import Use, split_ids
from cip.errors import ParameterError, Problem
from cip.pages import grants as grant_page
from cip.pages import scoring as scoring_page
from cip.pages.action_plan import Plan, load_plan, name_recommendations
from cip.pages.evaluation import AreaEvaluation, list_evaluation_citations, open_evaluation
from cip.pages.pending_input import write_need
from cip.pages.scoring import ScoredArea
from cip.pages.summary_stage import Summary, join_citations
from cip.workspace import Workspace

T = TypeVar("T")

_NEEDS = (
    (
        "actions",
        "Action plan",
        "One row per action: who leads it, by when, with which assets, for which recommendation. "
        "The chapter then shows on one page what is done, late, stalled or without a lead.",
    ),
    scoring_page.NEED,
    grant_page.NEED,
)


@dataclass(frozen=True)
class FollowUp:
    """What the steering group has on record of what follows; None where it uses no such thing.

    Parameters
    ----------
    plan
        The action plan with its log.
    rounds
        Rounds of scoring.
    grants
        The register of grants: one row per grant.
    others, questions
        Grants of other local schemes, and what to ask about them.
    evaluation
        Logic model, outcomes, indicators of progress and unintended effects.
    titles
        Words of recommendations, actions, grants and outcomes, by ``kind:id``.
    """

    plan: Plan | None = field(repr=False)
    rounds: ScoredArea | None = field(repr=False)
    grants: pd.DataFrame | None = field(repr=False)
    others: pd.DataFrame = field(repr=False)
    questions: pd.DataFrame = field(repr=False)
    evaluation: AreaEvaluation = field(repr=False)
    titles: dict[str, str] = field(repr=False)

    @property
    def citations(self) -> list[pd.DataFrame]:
        """Rows of the table ``citations``, of each instrument that is used."""
        parts = [] if self.plan is None else [self.plan.citations]
        if self.grants is not None:
            parts.append(list_grant_citations(self.grants))
        return [*parts, list_evaluation_citations(self.evaluation)]

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """The hand-over tables, by name."""
        tables = {} if self.plan is None else dict(self.plan.tables)
        tables |= scoring_page.tabulate_rounds(self.rounds)
        if self.grants is not None:
            tables |= {"grants": self.grants, "grant_questions": self.questions}
        return tables | self.evaluation.tables

    def list_uses_of_actions(self) -> dict[str, list[Use]]:
        """Return the grants and outcomes that belong to each action, by its id."""
        found: dict[str, list[Use]] = {}
        for row in join_citations(self.citations).itertuples():
            kind, _, name = str(row.evidence_id).partition(":")
            if kind == "action":
                use = Use(str(row.citing_kind), str(row.citing_id), str(row.citing_title))
                found.setdefault(name, []).append(use)
        return found


def follow_up(workspace: Workspace, summary: Summary) -> FollowUp:
    """Read everything that follows from the recommendations.

    Raises
    ------
    ParameterError
        With every problem of all files at once.
    """
    problems: list[Problem] = []
    advice = name_recommendations(summary.recommendations)
    ids = None if summary.recommendations is None else list(advice)
    plan = _try(
        lambda: load_plan(
            workspace, recommendations=summary.recommendations, evidence=summary.evidence
        ),
        problems,
    )
    rounds = _try(lambda: scoring_page.read_rounds(workspace, recommendations=ids), problems)
    evaluation = _try(lambda: open_evaluation(workspace), problems)
    outcomes = None if evaluation is None else evaluation.names.get("outcome")
    grants = _try(
        lambda: grant_page.read_register(
            workspace,
            rounds,
            recommendations=ids,
            actions=None if plan is None else list(plan.actions["action_id"]),
            outcomes=list(outcomes) if outcomes else None,
        ),
        problems,
    )
    others = _try(lambda: grant_page.read_others(rounds), problems)
    if problems or evaluation is None or others is None:
        raise ParameterError(problems)
    questions = grant_page.ask_others(grants, others)
    titles = dict(_name_steps(advice, plan, evaluation))
    return FollowUp(plan, rounds, grants, others, questions, evaluation, titles)


def _try(read: Callable[[], T | None], problems: list[Problem]) -> T | None:
    try:
        return read()
    except ParameterError as error:
        problems += error.problems
        return None


def _name_steps(
    advice: dict[str, str], plan: Plan | None, evaluation: AreaEvaluation
) -> Iterator[tuple[str, str]]:
    for name, words in advice.items():
        yield f"recommendation:{name}", words
    if plan is not None:
        for row in plan.actions.itertuples():
            yield f"action:{row.action_id}", str(row.action)
    for kind in ("grant", "outcome"):
        for name, words in evaluation.names.get(kind, {}).items():
            yield f"{kind}:{name}", words


def list_grant_citations(grants: pd.DataFrame) -> pd.DataFrame:
    """Return what each grant carries out, as rows of the table ``citations``."""
    rows: list[dict[str, Any]] = []
    for row in grants.to_dict("records"):
        cited = [f"recommendation:{one}" for one in _split(row["recommendations"])]
        cited += [f"action:{one}" for one in _split(row["actions"])]
        rows += [
            {
                "citing_id": row["grant_id"],
                "citing_kind": "grant",
                "citing_title": f"{row['project']} ({row['recipient']})",
                "evidence_id": one,
                "file": "",
                "line": None,
            }
            for one in cited
        ]
    columns = ["citing_id", "citing_kind", "citing_title", "evidence_id", "file", "line"]
    return pd.DataFrame(rows, columns=columns)


def _split(cell: object) -> list[str]:
    return [] if pd.isna(cell) else split_ids(str(cell))  # type: ignore[arg-type]


def add_citations(summary: Summary, follow: FollowUp) -> Summary:
    """Return the summary with what actions, grants and outcomes cite."""
    return replace(summary, citations=join_citations([summary.citations, *follow.citations]))


def show_rounds(follow: FollowUp) -> list[Block]:
    """Return every round of scoring."""
    return scoring_page.show_rounds(follow.rounds, labels=follow.titles, grants=follow.grants)


def show_grants(follow: FollowUp) -> list[Block]:
    """Return the register of grants, and what to ask of other local schemes."""
    return grant_page.show_grants(
        follow.grants, follow.others, follow.questions, labels=follow.titles, area=follow.rounds
    )


def show_needed(workspace: Workspace) -> list[Block]:
    """Return, for the notebook alone, which instruments could still be used."""
    return [write_need(*need) for need in _NEEDS if workspace.file.resolve_input(need[0]) is None]


def name_everything(summary: Summary) -> dict[str, str]:
    """Return the name of all evidence and findings, by id."""
    return name_cited(summary.evidence, summary.findings)


def save(workspace: Workspace, follow: FollowUp) -> None:
    """Write the tables of the instruments that are used."""
    workspace.save(**follow.tables)
