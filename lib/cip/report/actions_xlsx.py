"""The action plan as a workbook with drop-downs, and back: what nobody changed stays as it was."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cip.errors import ExportError, ParameterError, Problem
from cip.formulas import is_formula
from cip.framework.action_columns import (
    OTHERS,
    OWN,
    STATUSES,
    list_action_columns,
    list_log_columns,
)
from cip.inputs import Column, describe_columns
from cip.inputs.columns import fold_name
from cip.inputs.files import read_rows

ACTIONS_SHEET, LOG_SHEET, LISTS_SHEET, GUIDE_SHEET = "actions", "action_log", "lists", "how_to"
#: Rows below the last one that have drop-downs as well.
_SPARE_ROWS = 200
#: The earliest moment that a zip archive can hold; the same plan gives the same bytes.
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
_MOMENT = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")
_LONGEST = 32_767
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_WIDE = {"action", "resources", "community_does", "extra_support", "measure", "note", "lead"}


@dataclass(frozen=True)
class SheetRows:
    """A table as text: one mapping of column to cell per row."""

    columns: Mapping[str, Column]
    rows: Sequence[Mapping[str, str]]


def hold_text(text: str) -> str:
    """Return a cell's text as the workbook holds it: run by no program, and told apart again.

    Whatever a program may run gets an apostrophe in front, and so does what has one already,
    so that `give_back` undoes it without a doubt. Line ends become those of a workbook.

    Examples
    --------
    >>> hold_text("=1+1"), hold_text("'=1+1"), hold_text("007")
    ("'=1+1", "''=1+1", '007')
    """
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return f"'{plain}" if is_formula(plain.lstrip("'")) else plain


def give_back(text: str) -> str:
    """Return a text as it was before `hold_text`.

    Examples
    --------
    >>> give_back("'=1+1"), give_back("'tis")
    ('=1+1', "'tis")
    """
    return text[1:] if text.startswith("'") and is_formula(text.lstrip("'")) else text


def read_sheet(path: Path, columns: Mapping[str, Column]) -> SheetRows | None:
    """Return a table's cells as they are typed, of a CSV file or a workbook.

    Returns
    -------
    SheetRows or None
        None where no heading row has all the columns.

    Raises
    ------
    ParameterError
        If the file cannot be read.
    """
    read = read_rows(path, columns)
    headings = [fold_name(heading) for heading in read.cells[0][1]] if read.cells else []
    if any(fold_name(name) not in headings for name in columns):
        return None
    is_workbook = path.suffix.casefold() in (".xlsx", ".xlsm")
    places = {name: headings.index(fold_name(name)) for name in columns}
    rows = [
        {name: _pick(cells, place, is_workbook=is_workbook) for name, place in places.items()}
        for _, cells in read.cells[1:]
    ]
    return SheetRows(columns, rows)


def _pick(cells: Sequence[str], place: int, *, is_workbook: bool) -> str:
    text = cells[place] if place < len(cells) else ""
    return give_back(text) if is_workbook else text


def write_plan_workbook(
    path: Path,
    *,
    actions: SheetRows,
    log: SheetRows | None = None,
    recommendations: Sequence[str] = (),
) -> Path:
    """Write the plan and its log as a workbook with drop-downs; the same plan, the same bytes.

    Parameters
    ----------
    recommendations
        Ids to choose from.

    Raises
    ------
    ParameterError
        With every cell that a workbook cannot hold.
    ExportError
        If the file cannot be written.
    """
    from openpyxl import Workbook

    log = log or SheetRows(list_log_columns(), [])
    problems = [*_find_unwritable(actions, ACTIONS_SHEET), *_find_unwritable(log, LOG_SHEET)]
    if problems:
        raise ParameterError(problems)
    book = Workbook()
    first = book.active
    first.title = ACTIONS_SHEET
    _fill(first, actions)
    second = book.create_sheet(LOG_SHEET)
    _fill(second, log)
    lists = _list_choices(actions, recommendations)
    _fill_lists(book.create_sheet(LISTS_SHEET), lists)
    _fill_guide(book.create_sheet(GUIDE_SHEET))
    _add_choices(first, actions, lists, strict={"status"})
    _add_choices(second, log, lists, strict={"status", "action"})
    return _save(book, path)


def _find_unwritable(sheet: SheetRows, name: str) -> Iterable[Problem]:
    for row, cells in enumerate(sheet.rows, start=2):
        for column, text in cells.items():
            if _UNWRITABLE.search(text):
                message = "this cell holds a character that a workbook cannot hold"
                yield Problem(message, sheet=name, row=row, column=column)
            elif len(hold_text(text)) > _LONGEST:
                limit = f"at most {_LONGEST:,} characters"
                message = "this cell is too long for a workbook"
                yield Problem(message, sheet=name, row=row, column=column, expected=limit)


def _fill(page: Any, sheet: SheetRows) -> None:
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    for place, (name, column) in enumerate(sheet.columns.items(), start=1):
        page.cell(1, place, name).font = Font(bold=True)
        letter = get_column_letter(place)
        page.column_dimensions[letter].width = 44 if name in _WIDE else 18
        form = "yyyy-mm-dd" if column.kind == "date" else "@"
        # The rows to come have the form too, so that a day typed there is a day.
        page.column_dimensions[letter].number_format = form
        for row, cells in enumerate(sheet.rows, start=2):
            cell = page.cell(row, place)
            cell.number_format = form
            if text := hold_text(cells[name]):
                cell.value = text
                cell.data_type = "s"  # Whatever it looks like, it is text.
                cell.alignment = Alignment(wrap_text=True, vertical="top")
    page.freeze_panes = "B2"


def _list_choices(actions: SheetRows, recommendations: Sequence[str]) -> dict[str, list[str]]:
    """Return what can be chosen, by column."""
    leads = [row["lead"].strip() for row in actions.rows if row["lead"].strip()]
    return {
        "status": list(STATUSES),
        "recommendation": list(recommendations),
        "lead": sorted(dict.fromkeys(leads), key=str.casefold),
        "in_own_power": [OWN, f"{OTHERS}: "],
        "action": [row["id"].strip() for row in actions.rows],
    }


def _fill_lists(page: Any, lists: Mapping[str, Sequence[str]]) -> None:
    from openpyxl.styles import Font

    for place, (name, choices) in enumerate(lists.items(), start=1):
        page.cell(1, place, f"choices of {name}").font = Font(bold=True)
        for row, choice in enumerate(choices, start=2):
            cell = page.cell(row, place, hold_text(choice))
            cell.data_type = "s"


def _fill_guide(page: Any) -> None:
    from openpyxl.styles import Alignment, Font

    page.column_dimensions["A"].width = 110
    row = 1
    for name, columns in (
        (ACTIONS_SHEET, list_action_columns()),
        (LOG_SHEET, list_log_columns()),
    ):
        page.cell(row, 1, f"Sheet {name}").font = Font(bold=True)
        lines = describe_columns(columns)
        for place, line in enumerate(lines, start=row + 1):
            page.cell(place, 1, line).alignment = Alignment(wrap_text=True)
        row += len(lines) + 2


def _add_choices(
    page: Any, sheet: SheetRows, lists: Mapping[str, Sequence[str]], *, strict: set[str]
) -> None:
    """Add drop-downs; where several or new values are right as well, typing is not refused."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    is_log = "action" in strict
    for place, name in enumerate(sheet.columns, start=1):
        choices = lists.get(name, ())
        if not choices or (name == "action" and not is_log):
            continue
        letter = get_column_letter(list(lists).index(name) + 1)
        rule = DataValidation(
            type="list",
            formula1=f"{LISTS_SHEET}!${letter}$2:${letter}${len(choices) + 1}",
            allow_blank=True,
            showErrorMessage=name in strict,
            errorTitle="Not in the list",
            error="Choose one of the list.",
        )
        own = get_column_letter(place)
        rule.add(f"{own}2:{own}{len(sheet.rows) + 1 + _SPARE_ROWS}")
        page.add_data_validation(rule)


def _save(book: Any, path: Path) -> Path:
    buffer = io.BytesIO()
    book.save(buffer)
    result = io.BytesIO()
    with zipfile.ZipFile(buffer) as old, zipfile.ZipFile(result, "w") as new:
        for entry in old.infolist():
            content = old.read(entry)
            if entry.filename == "docProps/core.xml":
                content = _MOMENT.sub(rb"\g<1>2000-01-01T00:00:00Z", content)
            info = zipfile.ZipInfo(entry.filename, _ZIP_TIME)
            new.writestr(info, content, zipfile.ZIP_DEFLATED, 6)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(result.getvalue())
    except OSError as error:
        problem = Problem(f"cannot be written: {error.strerror}", file=path)
        raise ExportError(problem) from None
    return path
