"""Empty forms of chapter 04, by the input's name in the parameter file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from cip.engagement.clearance_table import list_clearance_columns
from cip.engagement.codebook import list_codebook_columns
from cip.engagement.excerpts_columns import list_excerpt_columns
from cip.engagement.good_project import list_form_rows, list_good_project_columns
from cip.engagement.plan import list_plan_columns
from cip.inputs import Column, write_form

#: The columns of each form.
COLUMNS: dict[str, Callable[[], Mapping[str, Column]]] = {
    "engagement": list_plan_columns,
    "good_project": list_good_project_columns,
    "codebook": list_codebook_columns,
    "excerpts": list_excerpt_columns,
    "quotes": list_clearance_columns,
}


def write_filled_forms(folder: Path) -> list[Path]:
    """Write the forms that come with rows: the checklist of a good project with its questions.

    Returns
    -------
    list of Path
        The files written; one that is there is left as it is.
    """
    path = folder / "good_project.csv"
    if path.exists():
        return []
    return [write_form(path, list_good_project_columns(), list_form_rows())]
