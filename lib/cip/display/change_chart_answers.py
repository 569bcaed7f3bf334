"""What is known of a goal or a question: what measures it and what that shows, or what could."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from cip.display.blocks import Block, wrap_block, write_title
from cip.display.change_chart_words import SHAPES, Row, judge, word_change
from cip.display.finding_block import Use
from cip.display.markup import escape, make_id, write_paragraph

NOT_YET = "Not measured yet."


@dataclass(frozen=True, kw_only=True)
class AnswerBlock(Block):
    """One goal or question with the outcomes that measure it.

    Parameters
    ----------
    block_id, title, lead
        Its id on the page, its words, and what it is about.
    outcomes
        Rows of the table ``outcomes`` that belong to it.
    wordings
        Questions of the bank by which it could be measured.
    otherwise
        How it could be measured without a survey, as a noun.
    example
        Figures of the source's example, as a sentence.
    """

    block_id: str
    title: str
    lead: str = ""
    outcomes: Sequence[Row] = field(default=(), repr=False)
    wordings: Sequence[str] = ()
    otherwise: str = ""
    example: str = ""

    @property
    def is_measured(self) -> bool:
        """Whether anything was measured at least once."""
        return any(row["state"] != "not measured" for row in self.outcomes)

    def to_html(self) -> str:
        """Return the answer as HTML."""
        items = "".join(
            f"<li>{_link(row)}: "
            f'<span aria-hidden="true">{SHAPES[judge(row)][1]}</span> '
            f"<b>{escape(judge(row))}</b>. {escape(word_change(row))}</li>"
            for row in self.outcomes
        )
        inner = (
            write_title(self.title)
            + write_paragraph(self.lead, "cip-lead")
            + (f'<ul class="cip-uses">{items}</ul>' if items else "")
            + "".join(write_paragraph(text, "cip-body") for text in self._list_open())
            + write_paragraph(self.example, "cip-note")
        )
        return wrap_block("answer", "cip-answer", make_id("answer", self.block_id), inner)

    def _list_open(self) -> list[str]:
        if self.is_measured:
            return []
        asked = " or ".join(f"“{wording}”" for wording in self.wordings)
        ways = [f"the question {asked} in a survey"] if asked else []
        ways += [self.otherwise] if self.otherwise else []
        return (
            [f"{NOT_YET} It could be measured by {', or by '.join(ways)}."] if ways else [NOT_YET]
        )

    def to_text(self) -> str:
        """Return the answer as plain text."""
        lines = [self.title, self.lead]
        lines += [f"{row['outcome']}: {judge(row)}. {word_change(row)}" for row in self.outcomes]
        return "\n".join(line for line in [*lines, *self._list_open(), self.example] if line)


def _link(row: Row) -> str:
    return Use("outcome", str(row["outcome_id"]), str(row["outcome"])).to_html()
