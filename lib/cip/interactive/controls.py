"""The labelled controls around the map: each does by keyboard what the map does by click."""

from __future__ import annotations

import ipywidgets as widgets

from cip.display.blocks import NoteBlock
from cip.display.markup import escape
from cip.interactive.search import NO_POSTCODES

_WIDE = widgets.Layout(width="100%", max_width="46rem")
_ROW = {"display": "flex", "flex_flow": "row wrap", "align_items": "center"}


class Controls:
    """Text field, lists, buttons and panels; what they do is the chooser's business.

    Parameters
    ----------
    title
        Name of the area.
    file_name
        Name of the parameter file, as the save buttons say it.
    has_postcodes
        Whether the store can look a postcode up.
    """

    def __init__(self, title: str, file_name: str, has_postcodes: bool):
        self.heading = widgets.HTML(_write_heading(title, has_postcodes))
        self.text = widgets.Text(
            description="Search for",
            placeholder="a name or code" + (", or a postcode" if has_postcodes else ""),
            continuous_update=False,
            style={"description_width": "initial"},
            layout=widgets.Layout(width="24rem", max_width="100%"),
        )
        self.look_up = _button("Search")
        self.results = widgets.Select(
            description="Results", rows=6, options=[], layout=_WIDE,
            style={"description_width": "initial"},
        )  # fmt: skip
        self.add = _button("Add to the area", is_main=True)
        self.take_out = _button("Take out of the area")
        self.show = _button("Show on the map")
        self.facts = widgets.HTML()
        self.listed = widgets.SelectMultiple(
            description="In the area", rows=8, options=[], layout=_WIDE,
            style={"description_width": "initial"},
        )  # fmt: skip
        self.take_out_listed = _button("Take out those marked")
        self.undo = _button("Undo")
        self.preview = _button("Show what would be written")
        self.message = widgets.HTML()
        self.confirm = _button(f"Write it to {file_name}", is_main=True)
        self.cancel = _button("Do not write")
        self.decision = _row(self.confirm, self.cancel)
        self.decision.layout.display = "none"

    def arrange(self, area_map: widgets.DOMWidget) -> widgets.VBox:
        """Return all controls with the map, in reading order."""
        box = widgets.VBox(
            [
                self.heading,
                _title("1. Find a place"),
                _row(self.text, self.look_up),
                self.results,
                _row(self.add, self.take_out, self.show),
                _title("2. Choose on the map"),
                area_map,
                self.facts,
                _title("3. Check the list"),
                self.listed,
                _row(self.take_out_listed, self.undo),
                _title("4. Save"),
                _row(self.preview),
                self.message,
                self.decision,
            ]
        )
        box.add_class("cip-chooser")
        return box

    def show_diff(self, diff: str) -> None:
        """Show what would be written, with the buttons that decide."""
        self.message.value = (
            "<p>Lines that begin with a minus would go, lines that begin with a plus would come.</p>"
            f'<pre class="cip-diff" tabindex="0" role="region" '
            f'aria-label="Changes to the parameter file">{escape(diff)}</pre>'
        )
        self.decision.layout.display = "flex"

    def show_message(self, words: str, *, is_warning: bool = False) -> None:
        """Show a sentence in place of a diff; an empty one clears the panel."""
        if is_warning:
            self.message.value = NoteBlock("warning", "This cannot be done", words).to_html()
        else:
            self.message.value = f"<p><strong>{escape(words)}</strong></p>" if words else ""
        self.decision.layout.display = "none"


def _button(words: str, *, is_main: bool = False) -> widgets.Button:
    button = widgets.Button(description=words, layout=widgets.Layout(width="auto", height="auto"))
    if is_main:
        button.add_class("cip-main")
    return button


def _row(*children: widgets.Widget) -> widgets.Box:
    return widgets.Box(children, layout=widgets.Layout(**_ROW))


def _title(words: str) -> widgets.HTML:
    return widgets.HTML(f"<h5>{escape(words)}</h5>")


def _write_heading(title: str, has_postcodes: bool) -> str:
    words = (
        "Find places by name or code, or click small areas on the map. Every click can also be done "
        "with the lists and buttons. Nothing is written until you have seen what would change."
    )
    missing = "" if has_postcodes else f"<p>{escape(NO_POSTCODES)}</p>"
    return f"<h4>Choose the small areas of {escape(title)}</h4><p>{escape(words)}</p>{missing}"
