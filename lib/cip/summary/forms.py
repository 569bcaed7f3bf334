"""Empty forms of chapter 05, by the input's name in the parameter file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from cip.framework.action_columns import list_action_columns, list_log_columns
from cip.framework.effects import list_effect_columns
from cip.framework.grants import list_grant_columns
from cip.framework.kpis_checks import list_kpi_columns
from cip.framework.outcomes_columns import list_outcome_columns
from cip.inputs import Column
from cip.summary import review
from cip.summary.publishing import write_publishing_form
from cip.summary.recommendations_columns import list_recommendation_columns

#: The columns of each form.
COLUMNS: dict[str, Callable[[], Mapping[str, Column]]] = {
    "recommendations": list_recommendation_columns,
    **review.COLUMNS,
    "actions": list_action_columns,
    "action_log": list_log_columns,
    "grants": list_grant_columns,
    "outcomes": list_outcome_columns,
    "kpis": list_kpi_columns,
    "effects": list_effect_columns,
}


def write_filled_forms(folder: Path) -> list[Path]:
    """Write the forms that come with rows: the publishing checklist with its questions.

    Returns
    -------
    list of Path
        The files written; one that is there is left as it is.
    """
    path = folder / "publishing.csv"
    return [] if path.exists() else [write_publishing_form(path)]
