"""The controls with which an analyst chooses small areas in JupyterLab."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from cip.display.blocks import KeyFacts
from cip.errors import ParameterError
from cip.interactive.area_map import AreaMap
from cip.interactive.controls import Controls
from cip.interactive.facts import list_facts
from cip.interactive.layers import MapLayers, MapWindow
from cip.interactive.save import plan_save
from cip.interactive.search import Found, PlaceSearch, describe_place
from cip.interactive.selection import Place, Selection
from cip.interactive.stand_in import tabulate_choice
from cip.params_edit import PlannedEdit, apply_edit

if TYPE_CHECKING:
    from cip.params import ParameterFile
    from cip.register import Register


class Chooser:
    """Search, map, list and save panel, kept in step with one choice.

    Parameters
    ----------
    file
        The parameter file that the choice is written to.
    register
        Every place that the store knows.
    selection
        The choice to begin with.
    layers
        Shapes for the map; None where the store has none, and then the lists do everything.
    """

    def __init__(
        self,
        file: ParameterFile,
        register: Register,
        selection: Selection,
        layers: MapLayers | None,
    ):
        self.file = file
        self.selection = selection
        self.search = PlaceSearch(register)
        self.found = Found((), "")
        self.plan: PlannedEdit | None = None
        self._register = register
        self._layers = layers
        self._window: MapWindow | None = None
        self.map = AreaMap()
        self.controls = Controls(file.params.title, file.path.name, self.search.has_postcodes)
        self.widget = self.controls.arrange(self.map)
        self._connect()
        self._show_window(selection.chosen)
        self._show_selection("")

    def _repr_mimebundle_(self, **options: Any) -> Mapping[str, Any]:
        """Return the controls, and figures and a table for whoever reads without a kernel."""
        selection = self.selection
        blocks = (
            KeyFacts(list_facts(selection.summary), block_id="choice"),
            tabulate_choice(self.file.params.title, selection.ground, selection.chosen),
        )
        return {
            **self.widget._repr_mimebundle_(**options),
            "text/html": "".join(block.to_html() for block in blocks),
            "text/plain": "\n\n".join(block.to_text() for block in blocks),
        }

    def _connect(self) -> None:
        controls = self.controls
        controls.text.observe(lambda change: self.run_search(change["new"]), names="value")
        controls.look_up.on_click(lambda _: self.run_search(controls.text.value))
        controls.results.observe(lambda _: self._mark_results(), names="value")
        controls.add.on_click(lambda _: self._change_by_results(is_added=True))
        controls.take_out.on_click(lambda _: self._change_by_results(is_added=False))
        controls.show.on_click(lambda _: self.show_results())
        controls.take_out_listed.on_click(lambda _: self._take_out_listed())
        controls.undo.on_click(lambda _: self.undo())
        controls.preview.on_click(lambda _: self.preview())
        controls.confirm.on_click(lambda _: self.save())
        controls.cancel.on_click(lambda _: self.cancel())
        self.map.on_toggle(self.toggle)

    def run_search(self, text: str) -> None:
        """Look a text up and list what fits."""
        if not text.strip():
            return
        self.found = self.search.find(text)
        controls = self.controls
        controls.results.options = [
            (describe_place(place), place.code) for place in self.found.places
        ]
        controls.results.index = 0 if self.found.places else None
        self._mark_results()
        self._say(self.found.words)

    @property
    def picked(self) -> Place | None:
        """The place marked in the list of results."""
        code = self.controls.results.value
        return next((place for place in self.found.places if place.code == code), None)

    def toggle(self, code: str) -> None:
        """Add one small area, or take it out."""
        self._change(lambda selection: selection.toggle(code))

    def undo(self) -> None:
        """Go back by one action."""
        if self.selection.can_undo:
            words = f"Undone: {self.selection.last_action}"
            self.selection = self.selection.undo()
            self._after_change(words)

    def show_results(self) -> None:
        """Move the map to the place marked in the list of results."""
        place = self.picked
        if place is None:
            self._say("Mark a place in the list of results first.")
        elif not self._has_shape(place):
            self._say(f"The store has no outline of {place.words}, so the map cannot show it.")
        else:
            self._show_window(place.codes)
            self._say(f"The map shows {place.words}.")

    def preview(self) -> None:
        """Show how the parameter file would change; nothing is written."""
        try:
            self.plan = plan_save(self.selection, self.file, self._register)
        except ParameterError as error:
            self._refuse(error)
            return
        if self.plan.is_empty:
            self.plan = None
            self.controls.show_message("The parameter file already says this. Nothing to write.")
            self._say("The parameter file already says this.")
        else:
            self.controls.show_diff(self.plan.diff)
            self._say("The changes to the parameter file are listed below. Nothing is written yet.")

    def save(self) -> None:
        """Write the change that was shown."""
        if self.plan is None:
            return
        plan, self.plan = self.plan, None
        try:
            self.file = apply_edit(plan)
        except ParameterError as error:
            self._refuse(error)
            return
        words = f"Written to {plan.path.name}. Run the notebook again from the top to use it."
        self.controls.show_message(words)
        self._say(words)

    def cancel(self) -> None:
        """Leave the parameter file as it is."""
        self.plan = None
        self.controls.show_message("")
        self._say("Nothing was written.")

    def _change_by_results(self, *, is_added: bool) -> None:
        place = self.picked
        if place is None:
            self._say("Mark a place in the list of results first.")
            return
        self._change(
            lambda selection: selection.add(place) if is_added else selection.remove(place),
            otherwise=f"{place.words} is {'already' if is_added else 'not'} in the area.",
        )
        if is_added and self._has_shape(place) and not place.codes <= self._window_codes:
            self._show_window(self.selection.chosen)

    def _take_out_listed(self) -> None:
        codes = self.controls.listed.value
        if not codes:
            self._say("Mark small areas in the list first.")
            return
        self._change(lambda selection: selection.remove_codes(codes))

    def _change(self, act: Callable[[Selection], Selection], *, otherwise: str = "") -> None:
        """Do something to the choice; say ``otherwise`` where it changes nothing."""
        try:
            changed = act(self.selection)
        except ParameterError as error:
            self._refuse(error)
            return
        if changed is self.selection:
            self._say(otherwise or "That changes nothing.")
        else:
            self.selection = changed
            self._after_change(changed.last_action)

    def _after_change(self, words: str) -> None:
        # What was shown for saving is no longer what would be written.
        self.plan = None
        self.controls.show_message("")
        self._show_selection(words)

    def _show_selection(self, words: str) -> None:
        selection, ground = self.selection, self.selection.ground
        codes = sorted(selection.chosen)
        with self.map.hold_sync():
            self.map.chosen = codes
            self.map.status = f"{words} {selection.summary.describe()}".strip()
        self.controls.listed.options = [
            (f"{ground.name(code)} ({code}): {ground.describe(code)}", code) for code in codes
        ]
        self.controls.undo.disabled = not selection.can_undo
        facts = KeyFacts(list_facts(selection.summary), block_id="choice")
        self.controls.facts.value = facts.to_html()

    def _mark_results(self) -> None:
        place = self.picked
        self.map.found = sorted(place.codes) if place else []

    def _has_shape(self, place: Place) -> bool:
        return self._layers is not None and not place.codes.isdisjoint(self._layers.codes)

    @property
    def _window_codes(self) -> frozenset[str]:
        return self._window.codes if self._window else frozenset()

    def _show_window(self, codes: frozenset[str]) -> None:
        if self._layers is not None:
            self._window = self._layers.draw_window(codes)
            self.map.show_window(self._window)

    def _say(self, words: str) -> None:
        self.map.status = words

    def _refuse(self, error: ParameterError) -> None:
        words = " ".join(str(problem) for problem in error.problems)
        self.controls.show_message(words, is_warning=True)
        self._say(words)
