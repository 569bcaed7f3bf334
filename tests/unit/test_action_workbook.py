"""The plan as a workbook: drop-downs, what it refuses, import with a diff, and the commands."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner

from cip.errors import ParameterError
from cip.framework.action_columns import STATUSES, list_action_columns, list_log_columns
from cip.interactive.action_changes import apply_changes
from cip.interactive.action_import import plan_import
from cip.params import load_params
from cip.report.actions_xlsx import SheetRows, read_sheet, write_plan_workbook
from cip.run.actions import app

from ..support.asset_register import PARAMETERS

TODAY = date(2026, 11, 21)
LEAD = "Officer, council"


def write_row(**cells: str) -> dict[str, str]:
    return dict.fromkeys(list_action_columns(), "") | {"status": "planned"} | cells


def make_area(folder: Path, root: Path, *, named: bool = True) -> Path:
    text = PARAMETERS + "report_date: 2026-11-21\n"
    if named:
        for name in ("actions", "action_log"):
            content = (root / "params" / "demo" / f"{name}.csv").read_bytes()
            (folder / f"{name}.csv").write_bytes(content)
        text += "inputs:\n  actions: actions.csv\n  action_log: action_log.csv\n"
    path = folder / "common.yml"
    path.write_text(text, encoding="utf-8")
    return path


def change_cell(book: Path, sheet: str, place: str, value: object) -> None:
    opened = openpyxl.load_workbook(book)
    opened[sheet][place] = value
    opened.save(book)


def test_the_workbook_offers_what_can_be_chosen_and_nothing_in_it_runs(tmp_path):
    rows = [
        write_row(id="a", action="=HYPERLINK(1)", lead=LEAD, measure="007"),
        write_row(id="b", action="Two", lead="Chair, group", recommendation="bus; hall"),
    ]
    sheet = SheetRows(list_action_columns(), rows)
    path = write_plan_workbook(tmp_path / "a.xlsx", actions=sheet, recommendations=["bus", "hall"])
    book = openpyxl.load_workbook(path)
    page = book["actions"]
    assert page["B2"].value == "'=HYPERLINK(1)"
    assert page["B2"].data_type == "s"
    assert page["M2"].value == "007"
    rules = {str(rule.sqref): rule for rule in page.data_validations.dataValidation}
    lists = book["lists"]
    for column, name, choices in (
        ("L", "status", list(STATUSES)),
        ("C", "recommendation", ["bus", "hall"]),
        ("D", "lead", ["Chair, group", LEAD]),
    ):
        rule = rules[f"{column}2:{column}203"]
        letter, last = rule.formula1.split("$")[1], rule.formula1.rsplit("$", 1)[1]
        assert [lists[f"{letter}{row}"].value for row in range(2, int(last) + 1)] == choices
        assert bool(rule.showErrorMessage) == (name == "status")
    assert len(book["action_log"].data_validations.dataValidation) == 2
    again = write_plan_workbook(tmp_path / "b.xlsx", actions=sheet, recommendations=["bus", "hall"])
    assert path.read_bytes() == again.read_bytes()


def test_cells_that_a_workbook_cannot_hold_are_all_told(tmp_path):
    rows = [write_row(id="a", action="x\x01"), write_row(id="b", measure="m" * 32_768)]
    with pytest.raises(ParameterError) as caught:
        write_plan_workbook(tmp_path / "a.xlsx", actions=SheetRows(list_action_columns(), rows))
    assert [(p.row, p.column) for p in caught.value.problems] == [(2, "action"), (3, "measure")]
    assert not (tmp_path / "a.xlsx").exists()


def run(*arguments: object, answer: str = "") -> str:
    done = CliRunner().invoke(app, list(map(str, arguments)), input=answer)
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.output


def test_what_is_exported_and_not_touched_changes_nothing(tmp_path, root):
    params, book = make_area(tmp_path, root), tmp_path / "plan.xlsx"
    before = {path.name: path.read_bytes() for path in tmp_path.glob("*.csv")}
    assert run("export", params, "--to", book) == f"Wrote 10 actions to {book}.\n"
    assert "Nothing to write" in run("import", params, book)
    assert {path.name: path.read_bytes() for path in tmp_path.glob("*.csv")} == before


def test_a_status_changed_in_the_workbook_is_shown_before_it_is_written(tmp_path, root):
    params, book = make_area(tmp_path, root), tmp_path / "plan.xlsx"
    run("export", params, "--to", book)
    before = (tmp_path / "actions.csv").read_bytes()
    change_cell(book, "actions", "K3", date(2027, 4, 30))
    shown = run("import", params, book, answer="n\n")
    assert ",2027-04-30,planned," in shown
    assert "Nothing was written." in shown
    assert (tmp_path / "actions.csv").read_bytes() == before
    assert "Written to actions.csv." in run("import", params, book, "--yes")
    lines = zip(
        before.splitlines(), (tmp_path / "actions.csv").read_bytes().splitlines(), strict=True
    )
    assert [number for number, (a, b) in enumerate(lines, start=1) if a != b] == [3]
    old = tmp_path / "old.csv"
    old.write_bytes(before)
    assert run("compare", old, tmp_path / "actions.csv").splitlines() == [
        "changed: repair-days, due: 2027-03-31 -> 2027-04-30",
        "0 added, 0 dropped, 1 told otherwise.",
    ]


def test_a_workbook_that_contradicts_itself_is_refused_by_sheet_row_and_column(tmp_path, root):
    params, book = make_area(tmp_path, root), tmp_path / "plan.xlsx"
    run("export", params, "--to", book)
    change_cell(book, "actions", "L2", "done")
    change_cell(book, "actions", "J3", "30/11/2026")
    change_cell(book, "action_log", "A2", "minibus")
    before = {path.name: path.read_bytes() for path in tmp_path.glob("*.csv")}
    with pytest.raises(ParameterError) as caught:
        run("import", params, book, "--yes")
    assert [(p.row, p.column) for p in caught.value.problems] == [
        (2, "status"), (3, "start"), (2, "action"),
    ]  # fmt: skip
    assert {path.name: path.read_bytes() for path in tmp_path.glob("*.csv")} == before


def test_a_first_plan_comes_from_a_workbook_and_is_named_in_the_parameter_file(tmp_path, root):
    params = make_area(tmp_path, root, named=False)
    log = dict.fromkeys(list_log_columns(), "") | {
        "action": "a", "on": "2026-11-02", "by": "Officer", "status": "planned",
    }  # fmt: skip
    book = write_plan_workbook(
        tmp_path / "plan.xlsx",
        actions=SheetRows(list_action_columns(), [write_row(id="a", action="One", lead=LEAD)]),
        log=SheetRows(list_log_columns(), [log]),
    )
    changes = plan_import(load_params(params), book, today=TODAY)
    assert "actions.csv (there is no such file yet)" in changes.diff
    assert not (tmp_path / "common").exists()
    file = apply_changes(changes)
    assert file is not None
    assert file.resolve_input("actions") == tmp_path / "common" / "actions.csv"
    assert "# A comment that must stay." in params.read_text(encoding="utf-8")
    rows = read_sheet(load_params(params).resolve_input("action_log"), list_log_columns()).rows
    assert [row["on"] for row in rows] == ["2026-11-02"]


def test_a_plan_without_an_export_or_kept_as_a_workbook_says_what_to_do(tmp_path, root):
    params = make_area(tmp_path, root, named=False)
    with pytest.raises(ParameterError, match="names no action plan"):
        run("export", params)
    book = write_plan_workbook(
        tmp_path / "own.xlsx",
        actions=SheetRows(list_action_columns(), [write_row(id="a", action="One")]),
    )
    params.write_text(PARAMETERS + "inputs: {actions: own.xlsx}\n", encoding="utf-8")
    with pytest.raises(ParameterError, match="only CSV files are changed from here"):
        plan_import(load_params(params), book, today=TODAY)
