"""Pieces of the asset editor: labelled fields, and the panel that shows a diff before it writes."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import ipywidgets as widgets

from cip.display.blocks import NoteBlock
from cip.display.markup import escape
from cip.errors import ParameterError
from cip.interactive.asset_changes import PlannedChange, apply_change
from cip.interactive.asset_click_map import StatusLine

if TYPE_CHECKING:
    from cip.params import ParameterFile

_ROW = {"display": "flex", "flex_flow": "row wrap", "align_items": "center"}
WIDE = {"width": "100%", "max_width": "46rem"}


@dataclass
class Desk:
    """The parameter file as it is now: writing a new table changes it.

    Parameters
    ----------
    file
        The parameter file.
    """

    file: ParameterFile

    def apply(self, change: PlannedChange) -> None:
        """Make a change and keep the parameter file in step with it."""
        self.file = apply_change(change) or self.file


class Panel(ABC):
    """A button, what it shows below itself, and a line that is read out.

    Parameters
    ----------
    words
        What the button says.
    """

    def __init__(self, words: str):
        self.preview = make_button(words)
        self.message = widgets.HTML()
        self.status = StatusLine()
        self.preview.on_click(lambda _: self.show())
        self.widget = widgets.VBox([make_row(self.preview), self.message, self.status])

    @abstractmethod
    def show(self) -> None:
        """Do what the button says."""

    def clear(self) -> None:
        """Take away what was shown: it no longer holds."""
        self.message.value = ""

    def say(self, words: str) -> None:
        """Show a sentence and have it read out."""
        self.status.words = words

    def refuse(self, error: ParameterError) -> None:
        """Say why something cannot be done."""
        self.clear()
        words = "\n\n".join(str(problem) for problem in error.problems)
        self.message.value = NoteBlock("warning", "This cannot be done", words).to_html()
        heard = [f"{p.column}: {p.message}" if p.column else p.message for p in error.problems]
        self.say(f"This cannot be done. {'; '.join(heard).rstrip('.')}.")

    def _show_text(self, lead: str, label: str, text: str) -> None:
        self.message.value = (
            f'<p>{escape(lead)}</p><pre class="cip-diff" tabindex="0" role="region" '
            f'aria-label="{escape(label)}">{escape(text)}</pre>'
        )


class CopyPanel(Panel):
    """A button that shows text to copy by hand into a file that is never changed from here.

    Parameters
    ----------
    words
        What the button says.
    write
        Returns the text; may refuse with a ParameterError.
    """

    def __init__(self, words: str, write: Callable[[], str]):
        super().__init__(words)
        self._write = write

    def show(self) -> None:
        """Show the text."""
        try:
            text = self._write()
        except ParameterError as error:
            self.refuse(error)
            return
        lead = "A workbook is never changed from here. Copy this, and paste or type it there."
        self._show_text(lead, "Text to copy", text)
        self.say("The text to copy is shown.")


class SavePanel(Panel):
    """A button that shows what would be written, and the two that decide.

    Parameters
    ----------
    desk
        Whose files are written.
    words
        What the first button says.
    plan
        Works the change out; may refuse with a ParameterError.
    after
        Called when the change was made.
    """

    def __init__(
        self,
        desk: Desk,
        words: str,
        plan: Callable[[], PlannedChange],
        after: Callable[[], None],
    ):
        super().__init__(words)
        self.change: PlannedChange | None = None
        self._desk, self._plan, self._after = desk, plan, after
        self.confirm = make_button("Write it", is_main=True)
        self.cancel = make_button("Do not write")
        self._decision = make_row(self.confirm, self.cancel)
        self._decision.layout.display = "none"
        self.widget.children = [*self.widget.children[:-1], self._decision, self.status]
        self.confirm.on_click(lambda _: self.save())
        self.cancel.on_click(lambda _: self.give_up())

    def show(self) -> None:
        """Show how the files would change; nothing is written."""
        self.clear()
        try:
            change = self._plan()
        except ParameterError as error:
            self.refuse(error)
            return
        if change.is_empty:
            self.say(f"{change.path.name} already says this. Nothing to write.")
            return
        self.change = change
        lead = "Lines that begin with a minus would go, lines that begin with a plus would come."
        self._show_text(lead, f"Changes to {change.names}", change.diff)
        self.confirm.description = f"Write it to {change.names}"
        self._decision.layout.display = "flex"
        self.say(f"The changes to {change.names} are shown. Nothing is written yet.")

    def save(self) -> None:
        """Write the change that was shown."""
        if self.change is None:
            return
        change = self.change
        try:
            self._desk.apply(change)
        except ParameterError as error:
            self.refuse(error)
            return
        self.clear()
        self._after()
        self.say(f"Written to {change.names}. Run the notebook again from the top to use it.")

    def give_up(self) -> None:
        """Leave the files as they are."""
        self.clear()
        self.say("Nothing was written.")

    def clear(self) -> None:
        """Forget what was shown: it is no longer what would be written."""
        super().clear()
        self.change = None
        self._decision.layout.display = "none"


def make_button(words: str, *, is_main: bool = False) -> widgets.Button:
    """Return a button."""
    button = widgets.Button(description=words, layout=widgets.Layout(width="auto", height="auto"))
    if is_main:
        button.add_class("cip-main")
    return button


def make_row(*children: widgets.Widget) -> widgets.Box:
    """Return controls in a row that breaks where it must."""
    return widgets.Box(children, layout=widgets.Layout(**_ROW))


def make_title(words: str) -> widgets.HTML:
    """Return the heading of a part."""
    return widgets.HTML(f"<h5>{escape(words)}</h5>")


def make_choice(label: str, options: Sequence[tuple[str, str]]) -> widgets.Dropdown:
    """Return a list to choose one from; the first of it asks nothing."""
    return widgets.Dropdown(
        description=label, options=[("any", ""), *options], value="", layout=_narrow(),
        style={"description_width": "initial"},
    )  # fmt: skip


def make_text(label: str, hint: str = "") -> widgets.Text:
    """Return a field of text that speaks when Enter is pressed or it is left."""
    return widgets.Text(
        description=label, placeholder=hint, continuous_update=False, layout=_narrow(),
        style={"description_width": "initial"},
    )  # fmt: skip


def make_tick(label: str) -> widgets.Checkbox:
    """Return a box to tick."""
    return widgets.Checkbox(description=label, indent=False, layout=widgets.Layout(width="auto"))


def _narrow() -> widgets.Layout:
    return widgets.Layout(width="23rem", max_width="100%")
