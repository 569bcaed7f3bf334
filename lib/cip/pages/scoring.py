"""Scoring in notebook 05: each round with its scores, its agreement and what was decided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pandas as pd

from cip.display.blocks import Block, NoteBlock
from cip.display.markup import make_id
from cip.display.score_decisions import DecisionBlock
from cip.display.score_matrix import chart_scores, show_matrix
from cip.display.score_round import RoundBlock
from cip.framework.scoring_model import ScoringFile
from cip.framework.scoring_panel import (
    PanelAgreement,
    leave_one_out,
    measure_panel,
    name_deciders,
)
from cip.framework.scoring_results import RoundResult, work_out_rounds
from cip.framework.scoring_scores import read_scoring
from cip.schemas.scoring import SCORING
from cip.workspace import Workspace

#: What the notebook says where no round is named (`pages.pending_input.write_need`).
NEED = (
    "scoring",
    "Scoring of applications",
    "scoring.yml declares rounds with criteria, weights, scorers by role, conflicts of interest and "
    "decisions, and names the files of scores. The chapter then shows every scorer's marks, means, "
    "ties, what needs moderation, how far scorers agree, and what was decided. The demonstration's "
    "params/demo/scoring.yml is an example.",
)


@dataclass(frozen=True)
class ScoredRound:
    """One round with what is worked out from it once."""

    result: RoundResult
    panel: PanelAgreement
    leaving: pd.DataFrame = field(repr=False)


@dataclass(frozen=True)
class ScoredArea:
    """The rounds of one area, and the file that declares them."""

    file: ScoringFile
    rounds: tuple[ScoredRound, ...]


def read_rounds(
    workspace: Workspace, *, recommendations: Iterable[str] | None = None
) -> ScoredArea | None:
    """Read and work out the rounds, or return None where the area names none.

    Parameters
    ----------
    recommendations
        Ids that rounds may name; None where there is no list to check against.

    Raises
    ------
    ParameterError
        With every problem of ``scoring.yml`` and of the files that it names.
    """
    read = partial(read_scoring, recommendations=recommendations)
    scored = workspace.read_input("scoring", read)
    if scored is None:
        return None
    rounds = (
        ScoredRound(one, measure_panel(one), leave_one_out(one)) for one in work_out_rounds(scored)
    )
    return ScoredArea(scored.file, tuple(rounds))


def show_rounds(
    area: ScoredArea | None,
    *,
    labels: Mapping[str, str] | None = None,
    grants: pd.DataFrame | None = None,
) -> list[Block]:
    """Return every round: what it was for, scores, marks, moderation and decisions.

    Parameters
    ----------
    area
        From `read_rounds`; nothing is shown for None.
    labels
        Words of recommendations, by ``recommendation:<id>``.
    grants
        The table ``grants``: decisions link to the grant that came of them.
    """
    blocks: list[Block] = []
    for one in area.rounds if area else ():
        result = one.result
        blocks.append(
            RoundBlock(result=result, panel=one.panel, leaving=one.leaving, labels=labels or {})
        )
        if result.results["mean"].notna().any():
            blocks.append(chart_scores(result))
        elif result.results.empty:
            body = "Nobody has applied yet."
            blocks.append(NoteBlock("info", f"Applications: {result.round.title}", body))
            continue
        blocks += _warn_of_moderation(result)
        blocks.append(show_matrix(result))
        if result.results["decision"].notna().any():
            blocks.append(DecisionBlock(result=result, grants=_place_grants(result, grants)))
    return blocks


def _warn_of_moderation(result: RoundResult) -> list[Block]:
    open_ones = result.moderation[result.moderation["agreed"].isna()]
    if open_ones.empty:
        return []
    names = result.round.name_applicants()
    titles = {item.id: item.title for item in result.round.list_criteria()}
    lines = [
        f"{names[row.applicant]}, {titles[row.criterion]}: marks from {row.lowest} to {row.highest}."
        for row in open_ones.itertuples()
    ]
    heading = f"Marks to settle: {result.round.title}"
    return [NoteBlock("warning", heading, "\n\n".join(lines))]


def _place_grants(result: RoundResult, grants: pd.DataFrame | None) -> dict[str, str]:
    """Return the place of the grant that each applicant got in this round."""
    if grants is None:
        return {}
    own = grants[grants["round_id"] == result.round.id]
    places = {
        str(row.recipient).casefold(): make_id("grant", str(row.grant_id))
        for row in own.itertuples()
    }
    found = {
        applicant: places.get(organisation.casefold(), "")
        for applicant, organisation in result.round.name_applicants().items()
    }
    return {applicant: place for applicant, place in found.items() if place}


def tabulate_rounds(area: ScoredArea | None) -> dict[str, pd.DataFrame]:
    """Return the hand-over tables of scoring; none where the area names no rounds."""
    if area is None:
        return {}
    rounds = area.rounds
    return {
        "scoring_rounds": _arrange("scoring_rounds", [_tell_round(one) for one in rounds]),
        "scoring_marks": _join("scoring_marks", [_tell_marks(one.result) for one in rounds]),
        "scoring_results": _join("scoring_results", [_tell_results(one.result) for one in rounds]),
        "scoring_without": _join(
            "scoring_without",
            [one.leaving.assign(round_id=one.result.round.id) for one in rounds],
        ),
    }


def _tell_round(one: ScoredRound) -> dict[str, Any]:
    declared, panel = one.result.round, one.panel
    days = {
        name: day.isoformat() if (day := getattr(declared, name)) else None
        for name in ("opens", "closes", "decided_on")
    }
    return {
        "round_id": declared.id,
        "title": declared.title,
        "kind": declared.kind,
        **days,
        "applicants": len(declared.applicants),
        "scorers": len(declared.scorers),
        "moderation_spread": declared.spread,
        "to_moderate": int(one.result.moderation["agreed"].isna().sum()),
        "kendall_w": panel.order.w,
        "w_applicants": panel.order.applicants,
        "w_chance": panel.order.chance,
        "alpha": panel.marks.value,
        "alpha_lower_95": panel.marks.lower,
        "alpha_upper_95": panel.marks.upper,
        "alpha_units": panel.marks.units,
        "order_hangs_on": "; ".join(name_deciders(one.leaving)),
        "recommendations": "; ".join(declared.recommendations),
    }


def _tell_marks(result: RoundResult) -> pd.DataFrame:
    weights = {item.id: float(item.weight) for item in result.round.list_criteria()}
    return result.marks.assign(
        round_id=result.round.id,
        weight=result.marks["criterion"].map(weights),
        role=result.marks["scorer"].map(result.round.name_scorers()),
    ).rename(columns={"agreed": "agreed_mark"})


def _tell_results(result: RoundResult) -> pd.DataFrame:
    names = {"by": "decided_by", "on": "decided_on"}
    return result.results.assign(round_id=result.round.id).rename(columns=names)


def _join(name: str, tables: list[pd.DataFrame]) -> pd.DataFrame:
    whole = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame()
    ids = {"applicant": "applicant_id", "criterion": "criterion_id", "scorer": "scorer_id"}
    return _arrange(name, whole.rename(columns=ids).rename(columns={"role": "scorer"}))


_DTYPES = {"text": "str", "number": "Float64", "count": "Int64", "flag": "boolean"}


def _arrange(name: str, rows: pd.DataFrame | list[dict[str, Any]]) -> pd.DataFrame:
    columns = SCORING[name].columns
    table = pd.DataFrame(rows).reindex(columns=list(columns))
    return table.astype({column: _DTYPES[kind] for column, kind in columns.items()})
