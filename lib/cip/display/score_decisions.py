"""What a panel decided on each applicant, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from cip.display.blocks import Block, wrap_block, write_title
from cip.display.cells import is_missing
from cip.display.markup import escape, make_id, write_paragraph
from cip.display.strip_drawing import write_day
from cip.display.untrusted_text import strip_unseen
from cip.framework.scoring_results import RoundResult

_NOTE = "A panel may decide otherwise than the order of scores; the reason says why."


@dataclass(frozen=True, kw_only=True)
class DecisionBlock(Block):
    """The record of decisions of one round; its place is ``decisions-<round id>``.

    Parameters
    ----------
    result
        What the round comes to.
    grants
        Place on the page of the grant of each applicant, by the applicant's id.

    Raises
    ------
    ValueError
        If nothing is decided.
    """

    result: RoundResult = field(repr=False)
    grants: Mapping[str, str] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        if not self._rows():
            raise ValueError(f"nothing is decided in the round '{self.result.round.id}'")

    @property
    def title(self) -> str:
        """How the record is called."""
        return f"Decisions: {strip_unseen(self.result.round.title)}"

    def _rows(self) -> list[dict[str, object]]:
        table = self.result.results
        return table[table["decision"].notna()].to_dict("records")

    def to_html(self) -> str:
        """Return the record as HTML."""
        rows = []
        for row in self._rows():
            first, *rest = (escape(line) for line in _list_lines(row))
            place = self.grants.get(str(row["applicant"]), "")
            link = f'<p><a href="#{escape(place)}">See the grant</a></p>' if place else ""
            said = f"<p><b>{first}</b></p>" + "".join(f"<p>{line}</p>" for line in rest)
            name = escape(strip_unseen(row["organisation"]))
            rows.append(f"<div><dt>{name}</dt><dd>{said}{link}</dd></div>")
        inner = (
            write_title(self.title)
            + f'<dl class="cip-says">{"".join(rows)}</dl>'
            + write_paragraph(_NOTE, "cip-note")
        )
        block_id = make_id("decisions", self.result.round.id)
        return wrap_block("decisions", "cip-decisions", block_id, inner)

    def to_text(self) -> str:
        """Return the record as plain text."""
        lines = [self.title]
        for row in self._rows():
            lines.append(f"{strip_unseen(row['organisation'])}: {' '.join(_list_lines(row))}")
        return "\n".join([*lines, _NOTE])


def _list_lines(row: Mapping[str, object]) -> list[str]:
    """Return decision and award, who decided and when, the reason and the conditions."""
    decision = str(row["decision"]).capitalize()
    award = "" if is_missing(row["amount"]) else f", £{row['amount']:,.0f}"
    by, day = strip_unseen(row["by"]), write_day(str(row["on"]))
    lines = [f"{decision}{award}.", f"{_end(row['reason'])}"]
    if not is_missing(row["conditions"]):
        lines.append(f"Condition: {_end(row['conditions'])}")
    return [*lines, f"Decided by: {by}, {day}. {_word_place(row)}".strip()]


def _word_place(row: Mapping[str, object]) -> str:
    if is_missing(row["rank"]):
        return ""
    return f"Rank {row['rank']}{', shared' if row['tied_with'] else ''}."


def _end(text: object) -> str:
    words = strip_unseen(text).strip()
    return words if words.endswith((".", "!", "?")) else f"{words}."
