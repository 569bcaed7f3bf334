"""The form for a row of the area's own table: one field a column, checked as the file is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import ipywidgets as widgets

from cip.display.markup import escape
from cip.errors import ParameterError, Problem
from cip.inputs import Column, describe_columns, split_choices
from cip.inputs.columns import SEPARATOR, CellError, read_cell
from cip.interactive.asset_panel import make_row, make_text

_WIDTH = {"width": "23rem", "max_width": "100%"}


def check_cells(cells: Mapping[str, str], columns: Mapping[str, Column]) -> dict[str, str]:
    """Return the cells of a form as they would be written.

    Dates are written as ISO dates, yes and no and choices as the catalogue spells them, and
    everything else as it was typed.

    Raises
    ------
    ParameterError
        With every cell that is not what its column holds; personal details are never repeated.
    """
    written: dict[str, str] = {}
    problems: list[Problem] = []
    for name, column in columns.items():
        text = cells.get(name, "").strip()
        try:
            written[name] = _write_value(read_cell(text, column), text)
        except CellError as error:
            found = error.problem
            problems.append(
                Problem(
                    found.message,
                    column=name_field(name),
                    found=found.found,
                    # A field with choices shows them itself.
                    expected=None if column.choices else found.expected,
                    nearest=found.nearest,
                )
            )
    if problems:
        raise ParameterError(problems)
    return written


def name_field(column: str) -> str:
    """Return the label of a column's field.

    Examples
    --------
    >>> name_field("last_checked")
    'Last checked'
    """
    words = column.replace("_", " ")
    return words[:1].upper() + words[1:]


def _write_value(value: object, text: str) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, str) else text


class Form:
    """Fields for some columns of a table.

    Parameters
    ----------
    columns
        The columns, by name.
    """

    def __init__(self, columns: Mapping[str, Column]):
        self.columns = dict(columns)
        self.fields = {name: _make_field(name, column) for name, column in columns.items()}
        lines = "".join(f"<li>{escape(line)}</li>" for line in describe_columns(columns))
        hints = widgets.HTML(
            f"<details><summary>What belongs in each field</summary><ul>{lines}</ul></details>"
        )
        self.widget = widgets.VBox([make_row(*self.fields.values()), hints])

    @property
    def cells(self) -> dict[str, str]:
        """What the fields hold, as text."""
        return {name: _read_field(field) for name, field in self.fields.items()}

    def fill(self, cells: Mapping[str, str]) -> None:
        """Put text into fields; a choice that the column does not have is left out."""
        for name, text in cells.items():
            if name in self.fields:
                _fill_field(self.fields[name], text)

    def clear(self) -> None:
        """Empty every field."""
        self.fill(dict.fromkeys(self.fields, ""))


def _make_field(name: str, column: Column) -> widgets.ValueWidget:
    label = name_field(name) + (" (needed)" if column.required else "")
    style = {"description_width": "initial"}
    if column.kind in ("choice", "flag"):
        options = list(column.choices) if column.kind == "choice" else ["yes", "no"]
        return widgets.Dropdown(
            description=label, options=[("not said", ""), *((o, o) for o in options)], value="",
            layout=widgets.Layout(**_WIDTH), style=style,
        )  # fmt: skip
    if column.kind == "choices":
        return widgets.SelectMultiple(
            description=label, options=list(column.choices), rows=4,
            layout=widgets.Layout(**_WIDTH), style=style,
        )  # fmt: skip
    hints = {"date": "2026-03-31", "link": "https://", "number": "", "integer": ""}
    return make_text(label, hints.get(column.kind, ""))


def _read_field(field: widgets.ValueWidget) -> str:
    value = field.value
    return f"{SEPARATOR} ".join(value) if isinstance(value, tuple) else str(value)


def _fill_field(field: widgets.ValueWidget, text: str) -> None:
    if isinstance(field, widgets.SelectMultiple):
        field.value = tuple(part for part in split_choices(text) if part in field.options)
    elif isinstance(field, widgets.Dropdown):
        field.value = text if text in [value for _, value in field.options] else ""
    else:
        field.value = text
