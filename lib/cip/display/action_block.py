"""One action as a card: what it is, how it stands, where it comes from and what came of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from cip.display.action_words import (
    MARKS,
    NOBODY,
    list_signals,
    read_words,
    word_day,
    word_power,
    word_span,
)
from cip.display.blocks import Block, wrap_block, write_title
from cip.display.cited_text import write_link
from cip.display.finding_block import Use, split_ids
from cip.display.markup import escape, make_id

_UNSET = "Not said."


@dataclass(frozen=True, kw_only=True)
class ActionBlock(Block):
    """One action with its links back to recommendations and on to outcomes.

    Parameters
    ----------
    action
        A row of the table ``actions``.
    updates
        Rows of the table ``action_log`` that are about it, the earliest first.
    titles
        Words of each recommendation, by its id. One that has none is named by its id.
    labels
        Name of everything in the ledger, by id (`cip.display.cited_text.name_cited`). An asset
        that has none is named by its id, without a link.
    outcomes
        Outcomes that are measured of it, and grants that pay for it.

    Raises
    ------
    ValueError
        If it has no id or words, or its status is none that is known.
    """

    action: Mapping[str, object] = field(repr=False)
    updates: Sequence[Mapping[str, object]] = field(default=(), repr=False)
    titles: Mapping[str, str] = field(default_factory=dict, repr=False)
    labels: Mapping[str, str] = field(default_factory=dict, repr=False)
    outcomes: Sequence[Use] = ()

    def __post_init__(self) -> None:
        for name in ("action_id", "action"):
            if not self._read(name):
                raise ValueError(f"an action has no {name}")
        if self._read("status") not in MARKS:
            raise ValueError(f"the action '{self._read('action_id')}' has a status not known")

    def _read(self, name: str) -> str:
        return read_words(self.action, name)

    @property
    def title(self) -> str:
        """How the action is called."""
        return f"Action {self.action['number']}: {self._read('action')}"

    def to_html(self) -> str:
        """Return the action as HTML."""
        signals = list_signals(self.action)
        flags = "".join(f'<span class="cip-signal">{escape(one)}</span>' for one in signals)
        rows = "".join(
            f"<div><dt>{escape(name)}</dt><dd>{inner}</dd></div>"
            for name, inner in self._list_rows()
        )
        inner = (
            write_title(self.title)
            + '<p class="cip-state"><span class="cip-state-mark" aria-hidden="true">'
            + f"{MARKS[self._read('status')]}</span> {escape(self._read('status').capitalize())} "
            + f'{flags}</p><dl class="cip-says">{rows}</dl>'
        )
        is_late = bool(signals) and signals[0].startswith("overdue")
        css = "cip-action cip-is-late" if is_late else "cip-action"
        return wrap_block("action", css, make_id("action", self._read("action_id")), inner)

    def _list_rows(self) -> list[tuple[str, str]]:
        rows = [(name, escape(words)) for name, words in self._list_facts()]
        rows.insert(1, ("Carries out", _write_list(self._link_recommendations())))
        rows.append(("Assets used", _write_list(self._link_assets())))
        rows.append(("Updates", self._write_updates()))
        came = [use.to_html() for use in self.outcomes]
        rows.append(("What came of it", _write_list(came, "Nothing is measured of it yet.")))
        return rows

    def _list_facts(self) -> list[tuple[str, str]]:
        reviewed = self._read("reviewed")
        return [
            ("Lead", self._read("lead") or f"{NOBODY.capitalize()}."),
            ("Partners", self._read("partners") or _UNSET),
            ("When", word_span(self._read("start"), self._read("due"))),
            ("Takes", self._read("resources") or _UNSET),
            ("How one will know", self._read("measure") or _UNSET),
            ("Whose power", word_power(self.action)),
            ("Community does already", self._read("community_does") or _UNSET),
            ("More support would help", self._read("extra_support") or _UNSET),
            ("Last reviewed", word_day(reviewed) if reviewed else "Not yet."),
        ]

    def _link_recommendations(self) -> list[str]:
        return [
            Use("recommendation", one, self.titles.get(one, one)).to_html()
            for one in split_ids(self._read("recommendations"))
        ]

    def _link_assets(self) -> list[str]:
        return [
            write_link(one, self.labels[one]) if one in self.labels else escape(one)
            for one in split_ids(self._read("assets"))
        ]

    def _write_updates(self) -> str:
        if not self.updates:
            return "None yet."
        items = "".join(
            f"<li>{escape(line)}</li>" for line in (word_update(one) for one in self.updates)
        )
        return f'<ol class="cip-updates">{items}</ol>'

    def to_text(self) -> str:
        """Return the action as plain text."""
        state = ", ".join([self._read("status"), *list_signals(self.action)])
        names = [self.titles.get(one, one) for one in split_ids(self._read("recommendations"))]
        assets = [self.labels.get(one, one) for one in split_ids(self._read("assets"))]
        lines = [self.title, f"Stands: {state}"]
        lines += [f"Carries out recommendation: {name}" for name in names]
        lines += [f"{name}: {words}" for name, words in self._list_facts()]
        lines += [f"Asset used: {name}" for name in assets]
        lines += [f"Update: {word_update(one)}" for one in self.updates]
        return "\n".join([*lines, *(f"What came of it: {use.to_text()}" for use in self.outcomes)])


def word_update(update: Mapping[str, object]) -> str:
    """Return an update as a line: its day, who told, how it stood, and the note."""
    note = read_words(update, "note")
    head = f"{word_day(read_words(update, 'on'))}, {read_words(update, 'by')}"
    status = read_words(update, "status")
    return f"{head}: {status}. {note}" if note else f"{head}: {status}."


def _write_list(items: Iterable[str], empty: str = "None.") -> str:
    """Return HTML items as a list, or the words that there are none."""
    inner = "".join(f"<li>{item}</li>" for item in items)
    return f'<ul class="cip-linked">{inner}</ul>' if inner else escape(empty)
