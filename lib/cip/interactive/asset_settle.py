"""The part of the asset editor that asks which records are one thing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import ipywidgets as widgets
import pandas as pd

from cip.display.markup import escape
from cip.errors import ParameterError
from cip.interactive.asset_changes import PlannedChange
from cip.interactive.asset_click_map import StatusLine
from cip.interactive.asset_decided import plan_answers
from cip.interactive.asset_filter import say_name
from cip.interactive.asset_panel import Desk, SavePanel, make_button, make_row, make_title
from cip.interactive.asset_settling import ANSWERS, Settling, start_settling
from cip.interactive.asset_sheet import write_pair


class SettlePart:
    """One open pair after the other, side by side, with undo.

    Parameters
    ----------
    desk
        Whose files are written.
    pairs
        The table ``asset_pairs``.
    find_record
        Returns one record by its id.
    """

    def __init__(self, desk: Desk, pairs: pd.DataFrame, find_record: Callable[[str], pd.Series]):
        self.settling: Settling = start_settling(pairs)
        self._desk, self._find_record = desk, find_record
        self.picture = widgets.HTML()
        self.buttons = {answer: make_button(words) for answer, words in ANSWERS.items()}
        self.undo_button = make_button("Undo")
        self.status = StatusLine()
        self.panel = SavePanel(
            desk, "Show how the decisions would be written", self._plan, self._end
        )
        self.widget = widgets.VBox(
            [
                make_title("2. Settle which records are one thing"),
                self.picture,
                make_row(*self.buttons.values(), self.undo_button),
                self.status,
                self.panel.widget,
            ]
        )
        for answer, button in self.buttons.items():
            button.on_click(lambda _, answer=answer: self.answer(answer))
        self.undo_button.on_click(lambda _: self.undo())
        self._show("")

    def answer(self, answer: str) -> None:
        """Answer the pair that is shown and show the next one."""
        pair = self.settling.current
        if pair is None:
            self.status.words = self.settling.describe()
            return
        self.settling = self.settling.answer(answer)
        self.panel.clear()
        self._show(f"{ANSWERS[answer]}: {self._name(pair)}.")

    def undo(self) -> None:
        """Go back by one answer."""
        if self.settling.is_empty:
            self.status.words = "There is no answer to undo."
            return
        pair, answer = self.settling.answers[-1]
        self.settling = self.settling.undo()
        self.panel.clear()
        self._show(f"Undone: {ANSWERS[answer]}, {self._name(pair)}.")

    def _show(self, words: str) -> None:
        pair = self.settling.current
        described = self.settling.describe()
        if pair is None:
            self.picture.value = f"<p>{escape(described)}</p>"
        else:
            first, second = map(self._find_record, pair)
            row, number = self.settling.find(pair), len(self.settling.answers) + 1
            place = f"Pair {number:,} of {len(self.settling.pairs):,} that wait for a decision"
            self.picture.value = write_pair(first, second, row, place)
            described = f"{described} Next: {self._name(pair)}."
        self.status.words = f"{words} {described}".strip()

    def _name(self, pair: tuple[str, str]) -> str:
        return " and ".join(say_name(self._find_record(one)["name"]) for one in pair)

    def _plan(self) -> PlannedChange:
        if self.settling.is_empty:
            raise ParameterError("no answer has been given yet, so there is nothing to write")
        return plan_answers(self._desk.file, self.settling, today=date.today())

    def _end(self) -> None:
        self.settling = self.settling.drop_answered()
        self._show("")
