"""Clearing quotations: what the gate flags, the words to publish, and who stands for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from cip.engagement.gate import KINDS, find_flags
from cip.engagement.identifiers import KINDS as IDENTIFIERS
from cip.engagement.judging import CLEARED
from cip.engagement.proper_nouns import AllowedNames
from cip.errors import ParameterError
from cip.inputs import split_choices
from cip.interactive.voices_browse import name_column, name_value
from cip.interactive.voices_ledger import Ledger, Target
from cip.interactive.voices_quotes import (
    COLUMNS,
    FIELDS,
    Judge,
    count_quotes,
    find_advice,
    make_row,
    plan_cells,
    propose_id,
    read_quotes,
)
from cip.interactive.voices_state import VoicesState

_NO_QUOTE = "Choose a quotation, or an excerpt to make one of."


class ClearPart:
    """One quotation after the other.

    Parameters
    ----------
    state
        Excerpts and codes.
    judge
        What quotations are judged by.
    path
        The register; it may not be there yet.
    ledger
        Who writes.
    report_date
        The date that the report carries.
    """

    def __init__(
        self, state: VoicesState, judge: Judge, path: Path, ledger: Ledger, report_date: date
    ):
        self._state, self._judge, self._path, self._ledger = state, judge, path, ledger
        self._report_date = report_date
        self._target: Target | None = None
        self._rows: list[dict[str, object]] = []
        self.current: dict[str, object] | None = None
        self.trouble = ""
        self.read()

    @property
    def path(self) -> Path:
        """The register."""
        return self._path

    def read(self) -> None:
        """Read the register as it is now; what is wrong with it is told, not raised."""
        try:
            self._rows = read_quotes(self._path)
            if self._target is None:
                self._target = self._ledger.watch(self._path, "quotes", COLUMNS)
            self.trouble = ""
        except ParameterError as error:
            self._rows, self._target = [], None
            self.trouble = "\n".join(map(str, error.problems))
        if self.current is not None:
            self.current = self._find(str(self.current["quote_id"])) or self.current

    def count(self) -> tuple[int, int]:
        """Return how many quotations there are and how many of them are cleared."""
        return count_quotes(self._rows, self._state, self._judge)

    def open_quote(self, quote: str) -> None:
        """Show a quotation of the register."""
        self.current = self._find(quote)

    def start_quote(self, excerpt: str) -> None:
        """Start a quotation of an excerpt; nothing is written yet."""
        self._state.find(excerpt)
        new: dict[str, object] = dict.fromkeys(COLUMNS)
        self.current = {**new, "quote_id": propose_id(self._rows), "excerpt_id": excerpt}

    def show(self) -> dict[str, Any]:
        """Return the quotations with their states, and the one that is being prepared."""
        quotes, cleared = self.count()
        words = f"Quotations in the register: {quotes:,}; cleared: {cleared:,}."
        listed = [[str(row["quote_id"]), self._say(row)] for row in self._rows]
        current = str(self.current["quote_id"]) if self.current else ""
        view = {"found": words, "listed": listed, "current": current, "trouble": self.trouble}
        return {**view, "quote": self._show_quote(self.current) if self.current else None}

    def check(self, given: Mapping[str, Any]) -> tuple[bool, str, list[dict[str, str]]]:
        """Return whether words could be cleared as they are, why not, and what is flagged in them."""
        row = self._make_row(given)
        text = str(row["text"] or "")
        allowed = self._judge.allowed.add(split_choices(row["names_allowed"]))
        pieces = list(cut_text(text, allowed))
        if any(piece["kind"] in IDENTIFIERS for piece in pieces):
            return (
                False,
                "The words hold a structured identifier, which no clearance covers.",
                pieces,
            )
        state, why, verdict = self._judge.judge(self._state, row, date.today())
        if state != CLEARED:
            advice = find_advice(verdict, self._judge.counts)
            return False, f"This cannot be cleared: {why}. {advice}".strip(), pieces
        return True, f"This could be cleared. It would be signed: {verdict.label}.", pieces

    def clear(self, given: Mapping[str, Any]) -> str:
        """Clear a quotation and write it, and return what was done in words.

        Raises
        ------
        ParameterError
            If it does not pass the gate, or cannot be written.
        """
        is_fine, words, _ = self.check(given)
        if not is_fine:
            raise ParameterError(words)
        row = self._make_row(given)
        done = self._write(row, f"{row['quote_id']}: cleared.")
        if date.today() > self._report_date:
            done += (
                f" The report carries the date {self._report_date.isoformat()}, so it shows the "
                "quotation when that date is moved on."
            )
        return done

    def keep_draft(self, given: Mapping[str, Any]) -> str:
        """Write a quotation that nobody clears yet."""
        row = self._make_row(given)
        row |= {"cleared_on": None, "cleared_by": None}
        return self._write(row, f"{row['quote_id']}: kept as a draft, not cleared.")

    def withdraw(self, quote: str) -> str:
        """Note that the speaker took the consent back."""
        self._need(quote)
        row = {"quote_id": quote, "withdrawn": True, "cleared_on": None}
        return self._write(row, f"{quote}: withdrawn.")

    def _write(self, row: dict[str, object], words: str) -> str:
        if self._target is None:
            raise ParameterError(self.trouble or "the register cannot be written")
        # What somebody else wrote meanwhile is noticed before anything is planned.
        texts = dict(zip(self._state.frame["excerpt_id"], self._state.frame["text"], strict=True))
        key, cells = plan_cells(self._path, row, texts)
        self._ledger.write(self._target, key, cells, words)
        self.read()
        self.current = self._find(str(row["quote_id"]))
        return words

    def _make_row(self, given: Mapping[str, Any]) -> dict[str, object]:
        if self.current is None:
            raise ParameterError(_NO_QUOTE)
        fixed = {name: self.current[name] for name in ("quote_id", "excerpt_id")}
        excerpt = str(self._state.find(str(fixed["excerpt_id"]))["text"])
        return make_row({**given, **fixed}, excerpt, date.today())

    def _need(self, quote: str) -> None:
        if self._find(quote) is None:
            raise ParameterError("this quotation is not in the register yet")

    def _find(self, quote: str) -> dict[str, object] | None:
        return next((row for row in self._rows if row["quote_id"] == quote), None)

    def _say(self, row: Mapping[str, object]) -> str:
        state, why, _ = self._judge.judge(self._state, row, date.today())
        return f"{row['quote_id']}, {row['excerpt_id']}: {'cleared' if state == CLEARED else why}"

    def _show_quote(self, row: Mapping[str, object]) -> dict[str, Any]:
        excerpt = str(row["excerpt_id"])
        try:
            spoken = self._state.find(excerpt)
        except KeyError:
            return {"id": row["quote_id"], "excerpt": excerpt, "pieces": [], "is_missing": True}
        final = self._state.list_final()
        themes = final.loc[final["excerpt_id"] == excerpt, "theme_id"]
        counts = self._judge.counts
        return {
            "id": row["quote_id"],
            "excerpt": excerpt,
            "is_missing": False,
            "is_new": self._find(str(row["quote_id"])) is None,
            "pieces": list(cut_text(str(spoken["text"]), self._judge.allowed)),
            "who": [
                [name, name_column(name), name_value(name, spoken[name])]
                for name in counts.groups
                if name in spoken and pd.notna(spoken[name])
            ],
            "themes": [["", "the first of the excerpt's themes"],
                       *([one, self._state.name_theme(one)] for one in themes)],
            "fields": {name: _to_text(row[name]) for name in FIELDS},
            "consent": row["consent"] is True,
            "counts": "" if counts.population else "Labels are checked against those who took "
            "part alone: no counts of the area are at hand.",
        }  # fmt: skip


def cut_text(text: str, allowed: AllowedNames) -> Iterator[dict[str, str]]:
    """Yield the pieces of a text in their order: ``text``, ``kind`` and what that is called."""
    place = 0
    for flag in find_flags(text, allowed):
        if flag.start < place:
            continue
        if flag.start > place:
            yield {"text": text[place : flag.start], "kind": "", "label": ""}
        yield {"text": text[flag.start : flag.end], "kind": flag.kind, "label": KINDS[flag.kind]}
        place = flag.end
    if place < len(text):
        yield {"text": text[place:], "kind": "", "label": ""}


def _to_text(value: object) -> str:
    return "" if value is None or pd.isna(value) else str(value)
