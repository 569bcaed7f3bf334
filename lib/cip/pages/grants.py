"""Grants in notebook 05: the register, its totals, and what to ask of other local schemes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache, partial

import pandas as pd

from cip.assets.names import compare_names, parse_name
from cip.display.blocks import Block, NoteBlock
from cip.display.grant_block import GrantBlock
from cip.display.grant_tables import (
    show_late,
    show_money,
    show_questions,
    show_recommendations,
    show_register,
    show_schemes,
    show_statuses,
)
from cip.framework.grants import read_grants, tidy_grants
from cip.framework.grants_others import make_empty, read_other_schemes
from cip.framework.grants_overlap import COLUMNS, find_overlaps
from cip.framework.scoring_model import ScoringFile
from cip.pages.scoring import ScoredArea
from cip.schemas.scoring import SCORING
from cip.workspace import Workspace

#: What the notebook says where there is no register (`pages.pending_input.write_need`).
NEED = (
    "grants",
    "Grants",
    "One row per grant says who got how much, for which recommendation, what was spent and what "
    "changed. The chapter then shows totals by recommendation and by status, and overdue reports.",
)
#: From this score two names may be one organisation; see `cip.assets.names`.
_LEAST_ALIKE = 80.0


def read_register(
    workspace: Workspace,
    area: ScoredArea | None,
    *,
    recommendations: Iterable[str] | None = None,
    actions: Iterable[str] | None = None,
    outcomes: Iterable[str] | None = None,
) -> pd.DataFrame | None:
    """Return the table ``grants``, or None where the area has no register.

    Parameters
    ----------
    area
        The rounds of scoring, which a grant may name.
    recommendations, actions, outcomes
        Ids that a grant may name; None where there is no list to check against.

    Raises
    ------
    ParameterError
        With every problem of the register.
    """
    read = partial(
        read_grants,
        today=workspace.today,
        rounds=None if area is None else list(area.file.rounds),
        recommendations=recommendations,
        actions=actions,
        outcomes=outcomes,
    )
    grants = workspace.read_input("grants", read)
    return None if grants is None else _arrange("grants", tidy_grants(grants, workspace.today))


def read_others(area: ScoredArea | None) -> pd.DataFrame:
    """Return the grants of other local schemes that ``scoring.yml`` names; empty where none.

    Raises
    ------
    ParameterError
        With every problem of the lists.
    """
    file: ScoringFile | None = None if area is None else area.file
    return make_empty() if file is None else read_other_schemes(file)


def ask_others(grants: pd.DataFrame | None, others: pd.DataFrame) -> pd.DataFrame:
    """Return the table ``grant_questions``: what other schemes may pay for as well."""
    if grants is None or others.empty:
        return _arrange("grant_questions", pd.DataFrame(columns=list(COLUMNS)))
    found = find_overlaps(grants, others, is_alike=may_be_one)
    return _arrange("grant_questions", found)


@lru_cache(maxsize=50_000)
def may_be_one(first: str, second: str) -> bool:
    """Say whether two names may be one organisation.

    Examples
    --------
    >>> may_be_one("Kettle & Chat", "Kettle and Chat Ltd"), may_be_one("1st Scouts", "3rd Scouts")
    (True, False)
    """
    one, other = parse_name(first), parse_name(second)
    found = compare_names(one, other)
    return found.score >= _LEAST_ALIKE and not found.is_contrary


def show_grants(
    grants: pd.DataFrame | None,
    others: pd.DataFrame,
    questions: pd.DataFrame,
    *,
    labels: Mapping[str, str] | None = None,
    area: ScoredArea | None = None,
) -> list[Block]:
    """Return the register: money, late reports, each grant, totals, and other schemes.

    Parameters
    ----------
    grants
        The table ``grants``; nothing of ours is shown for None.
    others, questions
        Grants of other schemes, and what to ask about them.
    labels
        Words by ``kind:id``: of recommendations, actions and outcomes.
    area
        The rounds of scoring, which grants link to.
    """
    words = dict(labels or {})
    if area is not None:
        words |= {f"round:{name}": one.title for name, one in area.file.rounds.items()}
    blocks: list[Block] = []
    if grants is not None and grants.empty:
        blocks.append(NoteBlock("info", "Grants", "The register has no grant yet."))
    elif grants is not None:
        late = show_late(grants)
        blocks += [show_money(grants), *([late] if late else []), show_register(grants)]
        blocks += [GrantBlock(grant=row, labels=words) for row in grants.to_dict("records")]
        blocks += [show_recommendations(grants, words), show_statuses(grants)]
    if not others.empty:
        blocks.append(show_schemes(others))
        if grants is not None and not grants.empty:
            blocks.append(show_questions(questions, grants, len(others)))
    return blocks


_DTYPES = {"text": "str", "number": "Float64", "count": "Int64", "flag": "boolean"}


def _arrange(name: str, table: pd.DataFrame) -> pd.DataFrame:
    columns = SCORING[name].columns
    kinds = {column: _DTYPES[kind] for column, kind in columns.items()}
    return table.reindex(columns=list(columns)).astype(kinds)
