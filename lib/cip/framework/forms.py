"""Empty forms of the community's own tables, so that nobody has to guess a heading."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from cip.framework import maturity, steering_group
from cip.framework.insight import list_insight_columns
from cip.framework.milestones import list_milestone_columns
from cip.framework.partners import list_partner_columns
from cip.framework.readiness import list_form_rows, list_readiness_columns
from cip.inputs import Column, describe_columns, write_form


def write_insight_form(path: Path) -> Path:
    """Write an empty register of existing insight and consultations."""
    return write_form(path, list_insight_columns())


def write_partners_form(path: Path) -> Path:
    """Write an empty list of who else is working in the area."""
    return write_form(path, list_partner_columns())


def write_readiness_form(path: Path) -> Path:
    """Write the readiness checklist with every question and no answer."""
    return write_form(path, list_readiness_columns(), list_form_rows())


def write_milestones_form(path: Path) -> Path:
    """Write an empty plan."""
    return write_form(path, list_milestone_columns())


#: What writes the form of each input, by the input's name in the parameter file.
FORMS: dict[str, Callable[[Path], Path]] = {
    "insight": write_insight_form,
    "partners": write_partners_form,
    "readiness": write_readiness_form,
    "milestones": write_milestones_form,
    **steering_group.FORMS,
    **maturity.FORMS,
}

#: What the columns of each form mean.
COLUMNS: dict[str, Callable[[], Mapping[str, Column]]] = {
    "insight": list_insight_columns,
    "partners": list_partner_columns,
    "readiness": list_readiness_columns,
    "milestones": list_milestone_columns,
    "steering_group": steering_group.list_columns,
    "maturity": maturity.list_columns,
}
#: CSV has no room for explanations, so they stand beside the forms.
GUIDE = "how-to-fill-in-the-forms.md"


def write_forms(
    folder: Path, more: Mapping[str, Callable[[], Mapping[str, Column]]] | None = None
) -> list[Path]:
    """Write the empty form of every input that is not in the folder yet, and a guide to them.

    Parameters
    ----------
    folder
        Where they go.
    more
        Columns of further forms by input: those of stages that build on the framework.

    Returns
    -------
    list of Path
        The files written: the forms as ``<input>.csv``, then the guide. A file that is there is
        left as it is.
    """
    further = dict(more or {})
    writers = {**FORMS, **{name: _make_writer(columns) for name, columns in further.items()}}
    written = [
        write(path)
        for name, write in writers.items()
        if not (path := folder / f"{name}.csv").exists()
    ]
    guide = folder / GUIDE
    if not guide.exists():
        text = describe_forms({**COLUMNS, **further})
        guide.write_text(text, encoding="utf-8", newline="\n")
        written.append(guide)
    return written


def _make_writer(list_columns: Callable[[], Mapping[str, Column]]) -> Callable[[Path], Path]:
    return lambda path: write_form(path, list_columns())


def describe_forms(columns: Mapping[str, Callable[[], Mapping[str, Column]]] = COLUMNS) -> str:
    """Return the guide to the forms as Markdown: every column, and what belongs in it."""
    parts = [
        "# How to fill in the forms",
        "Each form is a table in UTF-8 that a spreadsheet program opens. Keep the headings. Save "
        "it as 'CSV UTF-8' or as XLSX, and name it under `inputs:` in the parameter file. Write "
        "roles and organisations, never a person's name, address or number.",
    ]
    for name, list_columns in columns.items():
        lines = "\n".join(f"- {line}" for line in describe_columns(list_columns()))
        parts.append(f"## {name}.csv\n\n{lines}")
    return "\n\n".join(parts) + "\n"
