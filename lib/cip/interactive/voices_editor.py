"""The voices editor: browse what people said, code it, settle differences, clear quotations."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from cip.display.blocks import KeyFacts
from cip.engagement.codebook import Codebook
from cip.engagement.excerpts import Excerpts
from cip.errors import ParameterError
from cip.interactive.voices_browse import (
    VoicesFilter,
    make_filter,
    pick_excerpts,
    show_excerpt,
    show_filters,
    show_list,
)
from cip.interactive.voices_code import (
    Suggester,
    Suggestions,
    find_no_theme,
    show_themes,
    tick_theme,
)
from cip.interactive.voices_desk import open_desk
from cip.interactive.voices_panel import VoicesPanel
from cip.interactive.voices_quotes import Judge
from cip.interactive.voices_settle import find_next_open, settle_theme, show_settling
from cip.workspace import Workspace

_PARTS = ("head", "browse", "settle", "clear")
Message = Mapping[str, Any]


class VoicesEditor:
    """The page, and what each thing that a person does there leads to.

    Parameters
    ----------
    workspace
        One area's run.
    excerpts, codebook
        What people said, and the themes.
    source
        The file or folder of excerpts.
    judge
        What quotations are judged by.
    suggest
        Offers themes; None where none are wanted.
    """

    def __init__(
        self,
        workspace: Workspace,
        excerpts: Excerpts,
        codebook: Codebook,
        *,
        source: Path,
        judge: Judge,
        suggest: Suggester | None,
    ):
        self.desk = open_desk(workspace, excerpts, codebook, source=source, judge=judge)
        self.filter = VoicesFilter()
        self.suggestions = Suggestions(suggest)
        self._title = workspace.params.title
        self._found = pick_excerpts(self.desk.state, self.filter)
        self.current = self._found[0] if self._found else ""
        self.disputed = find_next_open(self.desk.state, "")
        self.panel = VoicesPanel()
        self.panel.on_action(self.act)
        self._acts: dict[str, Callable[[Message], str]] = {
            "open": self._open, "coder": self._choose_coder, "new_coder": self._add_coder,
            "filter": self._set_filter, "show": self._show_excerpt, "go": self._go,
            "tick": self._tick, "no_theme": self._find_no_theme, "undo": self._undo,
            "dispute": self._show_dispute, "settle": self._settle, "quote": self._show_quote,
            "new_quote": self._start_quote, "check": self._check, "clear": self._clear,
            "draft": self._keep_draft, "withdraw": self._withdraw, "retry": self._retry,
            "drop": self._drop,
        }  # fmt: skip

    def __repr__(self) -> str:
        return f"VoicesEditor({self.desk.state.excerpts!r})"

    def _repr_mimebundle_(self, **options: Any) -> Mapping[str, Any]:
        """Return the page, empty until a person opens it, and counts for whoever reads later."""
        facts = self.count()
        view = "application/vnd.jupyter.widget-view+json"
        page: Any = self.panel._repr_mimebundle_(**options)
        shown = {"text/html": facts.to_html(), "text/plain": facts.to_text()}
        return {view: page[0][view], **shown}

    def count(self) -> KeyFacts:
        """Return headline figures, without anything that was said."""
        return self.desk.count()

    def act(self, message: Message) -> None:
        """Do what a person asks for, and say what came of it.

        Whatever goes wrong is told on the page: a trace in the notebook could hold what was said.
        """
        try:
            act = self._acts.get(str(message["act"]))
            words = act(message) if act else ""
        except ParameterError as error:
            told = " ".join(str(problem) for problem in error.problems)
            self.panel.say(f"This cannot be done: {told}", is_trouble=True)
            # A box that was ticked goes back to what the file says; typed words stay.
            self.refresh("head", "browse", "settle")
        except Exception as error:
            where = traceback.extract_tb(error.__traceback__)[-1]
            place = f"{Path(where.filename).name}, line {where.lineno}"
            words = f"Something went wrong ({type(error).__name__} in {place}). "
            self.panel.say(words + "What was written before is safe.", is_trouble=True)
        else:
            self.panel.say(words)

    def refresh(self, *parts: str) -> None:
        """Show parts of the editor anew."""
        for part in parts:
            self.panel.show(part, getattr(self, f"_view_{part}")())

    # --- What is shown ----------------------------------------------------------------------------

    def _view_head(self) -> dict[str, Any]:
        desk = self.desk
        last = desk.ledger.find_undo(desk.state.coder)
        waiting = [[one.step, one.words] for one in desk.ledger.list_pending()]
        notes = list(desk.notes)
        if lost := desk.ledger.journal.unreadable:
            notes.append(f"Lines of the journal that cannot be read: {lost}.")
        names = [[name, f"{name} ({one.target.path.name})"] for name, one in desk.coders.items()]
        return {
            "title": self._title, "coder": desk.state.coder, "coders": names, "notes": notes,
            "proposal": desk.proposal, "waiting": waiting, "undo": last.words if last else "",
        }  # fmt: skip

    def _view_browse(self) -> dict[str, Any]:
        state = self.desk.state
        shown = show_excerpt(state, self._found, self.current)
        own = state.codes.get(state.coder, {}) if state.coder else {}
        coding = None
        if shown and self.desk.coder is not None:
            offered = self.suggestions.list_for(state, self.current)
            coding = {
                "themes": show_themes(state, self.current),
                "offered": [[theme, state.name_theme(theme)] for theme in offered],
                "offered_by": self.suggestions.told if offered else "",
                "read": self.current in own,
            }
        return {
            "filters": show_filters(state, self.filter), "words": self.filter.words,
            "suggestion": self.filter.is_suggestion, "excerpt": shown, "coding": coding,
            **show_list(state, self._found, self.current),
        }  # fmt: skip

    def _view_settle(self) -> dict[str, Any]:
        return show_settling(self.desk.state, self.disputed)

    def _view_clear(self) -> dict[str, Any]:
        return self.desk.clear.show()

    # --- What a person does -----------------------------------------------------------------------

    def _open(self, _: Message) -> str:
        self.refresh(*_PARTS)
        return ""

    def _choose_coder(self, message: Message) -> str:
        self.desk.choose_coder(str(message.get("name")))
        return self._begin_coding()

    def _add_coder(self, message: Message) -> str:
        self.desk.add_coder(str(message.get("name") or "").strip())
        return self._begin_coding()

    def _begin_coding(self) -> str:
        self.disputed = find_next_open(self.desk.state, "")
        self.refresh("head", "browse", "settle")
        return f"You code as {self.desk.state.coder}."

    def _set_filter(self, message: Message) -> str:
        given = message.get("values")
        self.filter = make_filter(given if isinstance(given, dict) else {}, self.desk.state)
        self._found = pick_excerpts(self.desk.state, self.filter)
        if self.current not in self._found:
            self.current = self._found[0] if self._found else ""
        self.refresh("browse")
        return str(show_list(self.desk.state, self._found, self.current)["found"])

    def _show_excerpt(self, message: Message) -> str:
        if message.get("excerpt") in self._found:
            self.current = str(message["excerpt"])
        self.refresh("browse")
        return self._say_place()

    def _go(self, message: Message) -> str:
        if not self._found:
            return "No excerpt fits."
        place = self._found.index(self.current) if self.current in self._found else 0
        step = -1 if message.get("to") == "previous" else 1
        if not 0 <= place + step < len(self._found):
            return "This is the first one." if step < 0 else "This is the last one."
        self.current = self._found[place + step]
        self.refresh("browse")
        return self._say_place()

    def _say_place(self) -> str:
        shown = show_excerpt(self.desk.state, self._found, self.current)
        return f"{shown['place']}." if shown else ""

    def _tick(self, message: Message) -> str:
        desk, theme, on = self.desk, str(message.get("theme")), message.get("on") is True
        words = tick_theme(
            desk.state, desk.coder, desk.ledger, excerpt=str(message.get("excerpt")), theme=theme, on=on
        )  # fmt: skip
        return self._end_coding(words)

    def _find_no_theme(self, message: Message) -> str:
        desk = self.desk
        words = find_no_theme(desk.state, desk.coder, desk.ledger, str(message.get("excerpt")))
        return self._end_coding(words)

    def _end_coding(self, words: str) -> str:
        self.desk.take_in(self.desk.ledger.journal.steps[-1])
        self.refresh("head", "browse", "settle")
        return f"{words} Saved."

    def _undo(self, _: Message) -> str:
        words, part = self.desk.undo()
        self._refresh_after(part)
        return words

    def _refresh_after(self, part: str) -> None:
        """Show what an action has changed; a quotation that is being typed stays as it is."""
        self.refresh("head", *({"browse": ("browse", "settle")}.get(part, (part,)) if part else ()))

    def _show_dispute(self, message: Message) -> str:
        asked = str(message.get("excerpt") or "")
        self.disputed = asked or find_next_open(self.desk.state, self.disputed)
        self.refresh("settle")
        return f"Excerpt {self.disputed}." if self.disputed else "Coders differ on nothing."

    def _settle(self, message: Message) -> str:
        desk = self.desk
        excerpt = str(message.get("excerpt"))
        asked = {n: str(message.get(n)) for n in ("excerpt", "theme", "decision")}
        words = settle_theme(desk.state, desk.settled, desk.ledger, **asked)
        desk.take_in(desk.ledger.journal.steps[-1])
        self.disputed = excerpt
        self.refresh("head", "settle")
        return f"{words} Saved."

    def _show_quote(self, message: Message) -> str:
        self.desk.clear.open_quote(str(message.get("quote")))
        self.refresh("clear")
        return f"Quotation {message.get('quote')}."

    def _start_quote(self, message: Message) -> str:
        self.desk.clear.start_quote(str(message.get("excerpt")))
        self.refresh("clear")
        return f"A quotation of {message.get('excerpt')} is started. Nothing is written yet."

    def _check(self, message: Message) -> str:
        is_fine, words, pieces = self.desk.clear.check(_take_fields(message))
        self.panel.show_check(is_fine, words, pieces)
        return words

    def _clear(self, message: Message) -> str:
        return self._end_quote(self.desk.clear.clear(_take_fields(message)))

    def _keep_draft(self, message: Message) -> str:
        return self._end_quote(self.desk.clear.keep_draft(_take_fields(message)))

    def _withdraw(self, message: Message) -> str:
        return self._end_quote(self.desk.clear.withdraw(str(message.get("quote"))))

    def _end_quote(self, words: str) -> str:
        self.refresh("head", "clear")
        return f"{words} Saved."

    def _retry(self, message: Message) -> str:
        step = self.desk.ledger.retry(str(message.get("step")))
        if step is None:
            return "This does not wait any more."
        self._refresh_after(self.desk.take_in(step))
        return f"{step.words} Saved."

    def _drop(self, message: Message) -> str:
        self.desk.ledger.drop(str(message.get("step")))
        self.refresh("head")
        return "Let go. It stays in the journal."


def _take_fields(message: Message) -> Mapping[str, Any]:
    given = message.get("fields")
    return given if isinstance(given, dict) else {}
