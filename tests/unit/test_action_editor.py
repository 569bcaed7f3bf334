"""The editor of the action plan without a browser: updates with undo, and what is written."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from cip.errors import ParameterError
from cip.framework.action_columns import list_action_columns
from cip.framework.actions import read_action_plan, stand_actions
from cip.interactive.action_changes import apply_changes, plan_changes
from cip.interactive.action_editor import ActionEditor
from cip.interactive.action_opening import open_action_editor
from cip.interactive.asset_panel import CopyPanel
from cip.interactive.opening import WIDGETS_VARIABLE, StandIn
from cip.params import load_params
from cip.report.actions_xlsx import SheetRows, write_plan_workbook
from cip.store import Store
from cip.workspace import Workspace

from ..support.asset_register import PARAMETERS

TODAY = date(2026, 11, 21)
HEAD = ",".join(list_action_columns())
BLANKS = "," * 8
#: Written as people write: a blank line, other quotation marks, a semicolon nobody meant.
PLAN = (
    f"{HEAD}\r\n"
    f'damp,"List <b>damp</b> homes",,"Officer, council"{BLANKS[:7]},under way,,yes,\r\n'
    "\r\n"
    f'"bus",Write the case; then wait,,{BLANKS[:7]},planned,,,\r\n'
)
LOG = "action,on,by,status,note\r\ndamp,2026-11-01,Officer,under way,Began\r\n"


def make_workspace(folder: Path, *, log: str | None = LOG) -> Workspace:
    (folder / "actions.csv").write_bytes(PLAN.encode())
    text = PARAMETERS + "report_date: 2026-11-21\ninputs:\n  actions: actions.csv\n"
    if log is not None:
        (folder / "log.csv").write_bytes(log.encode())
        text += "  action_log: log.csv\n"
    (folder / "common.yml").write_text(text, encoding="utf-8")
    return Workspace(load_params(folder / "common.yml"), Store(folder / "store"), folder / "out")


def make_editor(folder: Path, monkeypatch, **options) -> ActionEditor:
    monkeypatch.delenv(WIDGETS_VARIABLE, raising=False)
    editor = open_action_editor(make_workspace(folder, **options))
    assert isinstance(editor, ActionEditor)
    return editor


def note(editor: ActionEditor, action: str, **cells: str) -> None:
    editor.choice.value = action
    editor.form.fill({"by": "Housing officer"} | cells)
    editor.add_button.click()


def test_a_batch_gets_figures_instead_of_controls(tmp_path, monkeypatch):
    editor = make_editor(tmp_path, monkeypatch)
    bundle = editor._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    monkeypatch.setenv(WIDGETS_VARIABLE, "off")
    stand_in = open_action_editor(make_workspace(tmp_path))
    assert isinstance(stand_in, StandIn)
    assert stand_in.to_text() == bundle["text/plain"]
    assert "Without a lead: 1 (open, and nobody answers for them)" in bundle["text/plain"]


def test_what_is_known_of_an_action_is_shown_and_no_markup_runs(tmp_path, monkeypatch):
    editor = make_editor(tmp_path, monkeypatch)
    assert "List &lt;b&gt;damp&lt;/b&gt; homes" in editor.sheet.value
    assert "1 Nov 2026, Officer: under way. Began" in editor.sheet.value
    assert editor.form.cells["status"] == "under way"
    assert editor.form.cells["on"] == "2026-11-21"
    editor.choice.value = "bus"
    assert "Nothing was told of it yet." in editor.sheet.value


def test_an_update_goes_into_the_log_and_its_status_into_the_plan(tmp_path, monkeypatch):
    editor = make_editor(tmp_path, monkeypatch)
    note(editor, "bus", status="under way", note="=Counts, and a map")
    assert "1 update waits to be written." in editor.status.words
    assert editor.form.cells["note"] == ""
    editor.panel.preview.click()
    shown = editor.panel.message.value
    assert "+bus,2026-11-21,Housing officer,under way,&quot;&#x27;=Counts, and a map&quot;" in shown
    assert editor.panel.confirm.description == "Write it to actions.csv and log.csv"
    assert (tmp_path / "log.csv").read_bytes() == LOG.encode()
    editor.panel.confirm.click()
    assert "Written to actions.csv and log.csv" in editor.panel.status.words
    changed = PLAN.replace("planned", "under way")
    assert (tmp_path / "actions.csv").read_bytes() == changed.encode()
    assert (tmp_path / "log.csv").read_bytes().startswith(LOG.encode())
    table = stand_actions(
        read_action_plan(tmp_path / "actions.csv", tmp_path / "log.csv", today=TODAY)
    )
    assert list(table["updates"]) == [1, 1]
    assert editor.choice.value == "bus"
    assert editor.updates.noted == ()
    assert "Housing officer: under way" in editor.sheet.value


def test_an_update_of_an_earlier_day_leaves_the_status(tmp_path, monkeypatch):
    editor = make_editor(tmp_path, monkeypatch)
    note(editor, "damp", status="planned", on="2026-10-01", note="Agreed")
    editor.panel.preview.click()
    assert editor.panel.change.names == "log.csv"
    editor.panel.confirm.click()
    assert (tmp_path / "actions.csv").read_bytes() == PLAN.encode()


def test_updates_can_be_undone_and_what_was_shown_before_is_not_written(tmp_path, monkeypatch):
    editor = make_editor(tmp_path, monkeypatch)
    editor.undo_button.click()
    assert editor.status.words == "There is no update to undo."
    note(editor, "damp", status="on hold")
    note(editor, "damp", status="done")
    editor.panel.preview.click()
    editor.undo_button.click()
    assert "Undone: damp, 2026-11-21, Housing officer: done." in editor.status.words
    assert editor.panel.change is None
    editor.panel.confirm.click()
    assert (tmp_path / "log.csv").read_bytes() == LOG.encode()
    editor.panel.preview.click()
    editor.panel.confirm.click()
    assert ",on hold," in (tmp_path / "actions.csv").read_text()


def test_what_is_wrong_with_a_form_is_told_and_a_name_is_not_repeated(tmp_path, monkeypatch):
    editor = make_editor(tmp_path, monkeypatch)
    note(editor, "bus", by="Dr Example", on="soon")
    assert "a person&#x27;s name" in editor.message.value
    assert "Example" not in editor.message.value
    assert "this is not a date" in editor.status.words
    note(editor, "bus", on="2026-11-22")
    assert "later than the day of the report" in editor.status.words
    assert editor.updates.noted == ()
    editor.panel.preview.click()
    assert "no update has been noted yet" in editor.panel.status.words


def test_a_day_typed_as_people_do_is_written_in_the_one_way(tmp_path, monkeypatch):
    editor = make_editor(tmp_path, monkeypatch)
    note(editor, "bus", on="6/11/2026", status="planned")
    assert editor.updates.noted[0]["on"] == "2026-11-06"


def test_what_somebody_else_wrote_meanwhile_is_not_lost_and_neither_is_the_update(
    tmp_path, monkeypatch
):
    editor = make_editor(tmp_path, monkeypatch)
    note(editor, "bus", status="under way")
    editor.panel.preview.click()
    theirs = LOG + "damp,2026-11-20,Officer,under way,38 homes\r\n"
    (tmp_path / "log.csv").write_bytes(theirs.encode())
    editor.panel.confirm.click()
    assert "has changed since it was read" in editor.panel.status.words
    assert (tmp_path / "actions.csv").read_bytes() == PLAN.encode()
    assert (tmp_path / "log.csv").read_bytes() == theirs.encode()
    assert len(editor.updates.noted) == 1
    editor.panel.preview.click()
    editor.panel.confirm.click()
    assert (tmp_path / "log.csv").read_bytes().startswith(theirs.encode())


def test_a_first_log_is_made_and_named_in_the_parameter_file(tmp_path, monkeypatch):
    editor = make_editor(tmp_path, monkeypatch, log=None)
    note(editor, "bus", status="done")
    editor.panel.preview.click()
    assert "+  action_log: common/action_log.csv" in editor.panel.message.value
    editor.panel.confirm.click()
    file = load_params(tmp_path / "common.yml")
    assert len(read_action_plan(tmp_path / "actions.csv", file.resolve_input("action_log"),
                                today=TODAY).log) == 1  # fmt: skip
    note(editor, "damp", status="done")
    editor.panel.preview.click()
    assert editor.panel.change.names == "actions.csv and action_log.csv"


def test_of_two_files_both_are_written_or_none(tmp_path):
    workspace = make_workspace(tmp_path)
    changes = plan_changes(workspace.file, actions=b"x", log=b"y")
    (tmp_path / "log.csv").write_bytes(b"theirs")
    with pytest.raises(ParameterError, match="has changed since it was read"):
        apply_changes(changes)
    assert (tmp_path / "actions.csv").read_bytes() == PLAN.encode()


def test_a_plan_kept_as_a_workbook_is_copied_by_hand(tmp_path, monkeypatch):
    monkeypatch.delenv(WIDGETS_VARIABLE, raising=False)
    row = dict.fromkeys(list_action_columns(), "") | {
        "id": "a", "action": "One", "status": "planned",
    }  # fmt: skip
    write_plan_workbook(tmp_path / "p.xlsx", actions=SheetRows(list_action_columns(), [row]))
    text = PARAMETERS + "report_date: 2026-11-21\ninputs: {actions: p.xlsx}\n"
    (tmp_path / "common.yml").write_text(text, encoding="utf-8")
    file = load_params(tmp_path / "common.yml")
    editor = open_action_editor(Workspace(file, Store(tmp_path / "s"), tmp_path / "o"))
    assert isinstance(editor.panel, CopyPanel)
    note(editor, "a", status="done", note="Ready")
    before = (tmp_path / "p.xlsx").read_bytes()
    editor.panel.preview.click()
    assert "a\t2026-11-21\tHousing officer\tdone\tReady" in editor.panel.message.value
    assert "plan, row 2: status\tdone" in editor.panel.message.value
    assert (tmp_path / "p.xlsx").read_bytes() == before


def test_an_area_without_a_plan_says_how_to_begin(tmp_path):
    (tmp_path / "common.yml").write_text(PARAMETERS, encoding="utf-8")
    workspace = Workspace(load_params(tmp_path / "common.yml"), Store(tmp_path), tmp_path)
    with pytest.raises(ParameterError, match="names no action plan"):
        open_action_editor(workspace)
