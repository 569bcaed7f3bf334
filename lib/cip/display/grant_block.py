"""A grant: who got it, for what, which recommendation it carries out, and what changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from cip.display.blocks import Block, wrap_block, write_title
from cip.display.cells import is_missing
from cip.display.finding_block import Use, read_text, split_ids, write_uses
from cip.display.markup import escape, make_id
from cip.display.strip_drawing import write_day
from cip.display.untrusted_text import strip_unseen
from cip.framework.grants import OVERDUE, RECEIVED, RECEIVED_LATE

_NOT_TOLD = "Nothing was told yet."


@dataclass(frozen=True, kw_only=True)
class GrantBlock(Block):
    """One grant; its place is ``grant-<id>``.

    Parameters
    ----------
    grant
        A row of the table ``grants``.
    labels
        Words by ``kind:id``: of recommendations, actions, outcomes and rounds.

    Raises
    ------
    ValueError
        If it has no id, recipient or project.
    """

    grant: Mapping[str, object] = field(repr=False)
    labels: Mapping[str, str] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        for name in ("grant_id", "recipient", "project"):
            if not read_text(self.grant, name):
                raise ValueError(f"a grant has no {name}")

    @property
    def title(self) -> str:
        """How the grant is called."""
        return f"Grant to {self._read('recipient')}"

    def _read(self, name: str) -> str:
        return strip_unseen(read_text(self.grant, name))

    def to_html(self) -> str:
        """Return the grant as HTML."""
        facts = "".join(
            f"<div><dt>{escape(name)}</dt><dd>{self._write_fact(name, words)}</dd></div>"
            for name, words in self._list_facts()
        )
        inner = (
            write_title(self.title)
            + f'<div class="cip-says-text"><p>{escape(self._read("project"))}</p></div>'
            + f'<dl class="cip-says">{facts}</dl>'
            + write_uses(
                self._list_uses(("recommendation", "recommendations"), ("action", "actions")),
                lead="Carries out",
                empty="It is tied to no recommendation.",
            )
            + write_uses(
                self._list_uses(("outcome", "outcome_ids")),
                lead="Is to change",
                empty="No outcome is measured for it; what changed is told in words alone.",
            )
        )
        block_id = make_id("grant", self._read("grant_id"))
        return wrap_block("grant", "cip-recommendation cip-grant", block_id, inner)

    def to_text(self) -> str:
        """Return the grant as plain text."""
        lines = [self.title, self._read("project")]
        lines += [f"{name}: {words}" for name, words in self._list_facts()]
        carried = self._list_uses(("recommendation", "recommendations"), ("action", "actions"))
        lines += [f"Carries out {use.to_text()}" for use in carried]
        changed = self._list_uses(("outcome", "outcome_ids"))
        return "\n".join([*lines, *(f"Is to change {use.to_text()}" for use in changed)])

    def _list_uses(self, *columns: tuple[str, str]) -> list[Use]:
        return [
            Use(kind, one, self.labels.get(f"{kind}:{one}", one))
            for kind, column in columns
            for one in split_ids(self._read(column))
        ]

    def _list_facts(self) -> list[tuple[str, str]]:
        round_id = self._read("round_id")
        came_of = self.labels.get(f"round:{round_id}", round_id)
        return [
            ("Award", f"{_word_pounds(self.grant['amount'])}, {self._write_day('awarded_on')}"),
            ("Spent", self._word_spent()),
            ("Other money", _word_pounds(self.grant.get("other_funding")) or "None known"),
            ("Status", self._read("status").capitalize()),
            ("Report", self._word_report()),
            ("What changed", self._read("outcomes") or _NOT_TOLD),
            ("Round", came_of or "Awarded outside a round"),
        ]

    def _write_fact(self, name: str, words: str) -> str:
        round_id = self._read("round_id")
        if name == "Round" and f"round:{round_id}" in self.labels:
            href = f"cip:summary#{make_id('round', round_id)}"
            return f'<a href="{escape(href)}">{escape(words)}</a>'
        is_late = name == "Report" and self._read("report") == OVERDUE
        return f'<span class="cip-priority">{escape(words)}</span>' if is_late else escape(words)

    def _word_spent(self) -> str:
        spent = self.grant.get("spent")
        if is_missing(spent):
            return "Not told yet"
        share = f"{self.grant['spent_share']:.0f}% of the award"
        return f"{_word_pounds(spent)}, {share}"

    def _word_report(self) -> str:
        report, due = self._read("report"), self._write_day("monitoring_due")
        if report in (RECEIVED, RECEIVED_LATE):
            late = ", after the day it was due" if report == RECEIVED_LATE else ""
            return f"Received {self._write_day('monitoring_received')}{late}"
        if report == OVERDUE:
            days = int(self.grant["days_overdue"])  # type: ignore[call-overload]
            noun = "day" if days == 1 else "days"
            return f"Overdue by {days} {noun}: due {due}"
        return f"Due {due}" if due else "No day was agreed"

    def _write_day(self, name: str) -> str:
        day = self._read(name)
        return write_day(day) if day else ""


def _word_pounds(value: object) -> str:
    return "" if is_missing(value) else f"£{value:,.0f}"
