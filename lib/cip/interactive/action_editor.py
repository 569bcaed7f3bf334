"""The editor of the action plan: note how an action stands, see the diff, write it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ipywidgets as widgets
import pandas as pd

from cip.display.action_block import word_update
from cip.display.action_words import NOBODY, list_signals, read_words, word_day
from cip.display.blocks import Block
from cip.display.markup import escape
from cip.errors import ParameterError
from cip.framework.actions import stand_actions, tidy_log
from cip.interactive.action_changes import PlanChanges, apply_changes
from cip.interactive.action_own import OwnPlan, list_update_columns
from cip.interactive.action_stand_in import count_actions
from cip.interactive.action_updates import Updates, say_update
from cip.interactive.asset_click_map import StatusLine
from cip.interactive.asset_form import Form
from cip.interactive.asset_panel import (
    WIDE,
    CopyPanel,
    Desk,
    SavePanel,
    make_button,
    make_row,
    make_title,
)

_LEAD = (
    "Choose an action, note how it stands, and see what would change in the area's own files "
    "before anything is written. The status of the plan follows the latest update. Everything can "
    "be done with the keyboard."
)


class ActionDesk(Desk):
    """The parameter file as it is now, and changes of two files at once."""

    def apply(self, change: PlanChanges) -> None:  # type: ignore[override]
        """Make the changes and keep the parameter file in step with them."""
        self.file = apply_changes(change) or self.file


class ActionEditor:
    """The actions, a form for an update, and what waits to be written.

    Parameters
    ----------
    own
        The area's own plan.
    area
        Name of the area.
    """

    def __init__(self, own: OwnPlan, *, area: str):
        self._own = own
        self.desk = ActionDesk(own.file)
        self.updates = Updates()
        self.actions, self.log = self._read()
        self.choice = widgets.Dropdown(
            description="Action", options=self._list_options(), layout=widgets.Layout(**WIDE),
            style={"description_width": "initial"},
        )  # fmt: skip
        self.sheet = widgets.HTML()
        self.form = Form(list_update_columns())
        self.add_button, self.undo_button = make_button("Note the update"), make_button("Undo")
        self.message = widgets.HTML()
        self.waiting = widgets.HTML()
        self.status = StatusLine()
        self.panel: SavePanel | CopyPanel = self._make_panel()
        self.widget = self._arrange(area)
        self.choice.observe(lambda _: self._show_action(), names="value")
        self.add_button.on_click(lambda _: self.add())
        self.undo_button.on_click(lambda _: self.undo())
        self._show_action()
        self._show_waiting()

    def _arrange(self, area: str) -> widgets.VBox:
        heading = f"<h4>Action plan of {escape(area)}</h4><p>{escape(_LEAD)}</p>"
        box = widgets.VBox(
            [
                widgets.HTML(heading),
                make_title("1. Choose an action"),
                self.choice,
                self.sheet,
                make_title("2. Note how it stands"),
                self.form.widget,
                make_row(self.add_button, self.undo_button),
                self.message,
                self.status,
                make_title("3. Write it"),
                self.waiting,
                self.panel.widget,
            ]
        )
        for name in ("cip-chooser", "cip-action-editor"):
            box.add_class(name)
        return box

    def _make_panel(self) -> SavePanel | CopyPanel:
        if self._own.is_workbook:
            return CopyPanel(
                "Show what to copy into the workbook",
                lambda: self._open().copy_updates(self.updates.noted),
            )
        return SavePanel(
            self.desk,
            "Show what would be written",
            lambda: self._open().plan_updates(self.updates.noted),  # type: ignore[arg-type, return-value]
            self._end,
        )

    def _open(self) -> OwnPlan:
        """Return the plan with the parameter file as it is now."""
        own = self._own
        return OwnPlan(self.desk.file, own.today, own.recommendations, own.assets)

    def _read(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        plan = self._open().read()
        return stand_actions(plan), tidy_log(plan)

    def _list_options(self) -> list[tuple[str, str]]:
        return [
            (f"{row['number']}. {row['action']} ({row['status']})", row["action_id"])
            for row in self.actions.to_dict("records")
        ]

    def add(self) -> None:
        """Note the update that the form holds; it waits to be written."""
        self.message.value = ""
        if not self.choice.value:
            self.status.words = "The plan has no action yet."
            return
        try:
            update = self._open().check_update(self.choice.value, self.form.cells)
        except ParameterError as error:
            words = " ".join(str(problem) for problem in error.problems)
            self.message.value = f"<p><b>This cannot be noted.</b> {escape(words)}</p>"
            self.status.words = f"This cannot be noted. {words}"
            return
        self.updates = self.updates.add(update)
        self.panel.clear()
        self.form.fill({"note": ""})
        self._show_waiting()
        self.status.words = f"Noted: {say_update(update)} {self.updates.describe()}"

    def undo(self) -> None:
        """Take back the last update that was noted."""
        if not self.updates.noted:
            self.status.words = "There is no update to undo."
            return
        last = self.updates.noted[-1]
        self.updates = self.updates.undo()
        self.panel.clear()
        self._show_waiting()
        self.status.words = f"Undone: {say_update(last)} {self.updates.describe()}"

    def _end(self) -> None:
        """Once written, start from what the files say now."""
        self.updates = Updates()
        chosen = self.choice.value
        self.actions, self.log = self._read()
        self.choice.options = self._list_options()
        self.choice.value = chosen
        self._show_action()
        self._show_waiting()

    def _show_action(self) -> None:
        rows = self.actions[self.actions["action_id"] == self.choice.value].to_dict("records")
        self.sheet.value = write_sheet(rows[0], self.log) if rows else "<p>There is none yet.</p>"
        if rows:
            self.form.fill({"status": rows[0]["status"], "on": self._own.today.isoformat()})

    def _show_waiting(self) -> None:
        items = "".join(f"<li>{escape(say_update(one))}</li>" for one in self.updates.noted)
        listed = f"<ol>{items}</ol>" if items else ""
        self.waiting.value = f"<p>{escape(self.updates.describe())}</p>{listed}"

    def _repr_mimebundle_(self, **options: Any) -> Mapping[str, Any]:
        """Return the controls, and figures for whoever reads without a kernel."""
        facts: Block = count_actions(self.actions)
        return {
            **self.widget._repr_mimebundle_(**options),
            "text/html": facts.to_html(),
            "text/plain": facts.to_text(),
        }


def write_sheet(action: Mapping[str, object], log: pd.DataFrame) -> str:
    """Return what is known of an action, with what was told of it so far, as HTML."""
    told = log[log["action_id"] == action["action_id"]].to_dict("records")
    facts = {
        "Stands": ", ".join([read_words(action, "status"), *list_signals(action)]),
        "Lead": read_words(action, "lead") or NOBODY,
        "Due": word_day(read_words(action, "due")),
        "How one will know": read_words(action, "measure") or "not said",
    }
    items = "".join(f"<div><dt>{k}</dt><dd>{escape(v)}</dd></div>" for k, v in facts.items())
    lines = "".join(f"<li>{escape(word_update(one))}</li>" for one in told)
    updates = f"<ul>{lines}</ul>" if lines else "<p>Nothing was told of it yet.</p>"
    title = escape(read_words(action, "action"))
    return f'<div class="cip-sheet"><h6>{title}</h6><dl>{items}</dl>{updates}</div>'
