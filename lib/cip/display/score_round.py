"""A round of scoring as a reader meets it: what it was for, who scored, how far they agree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from cip.catalogue.scoring import cite_scoring
from cip.display.blocks import Block, wrap_block, write_title
from cip.display.finding_block import Use, write_uses
from cip.display.markup import escape, make_id, write_paragraph
from cip.display.score_words import (
    describe_agreement,
    describe_left_out,
    describe_method,
    describe_moderation,
    describe_sensitivity,
)
from cip.display.strip_drawing import count_noun, write_day
from cip.display.untrusted_text import strip_unseen
from cip.framework.scoring_panel import PanelAgreement
from cip.framework.scoring_results import RoundResult

_KINDS = {
    "expression of interest": "Expressions of interest",
    "grant": "Applications for grants",
}


@dataclass(frozen=True, kw_only=True)
class RoundBlock(Block):
    """One round; its place is ``round-<id>``.

    Parameters
    ----------
    result
        What the round comes to.
    panel, leaving
        How far the scorers agree, and what the order would be without each.
    labels
        Words of recommendations, by ``recommendation:<id>``.
    """

    result: RoundResult = field(repr=False)
    panel: PanelAgreement = field(repr=False)
    leaving: pd.DataFrame = field(repr=False)
    labels: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def title(self) -> str:
        """How the round is called."""
        return strip_unseen(self.result.round.title)

    def to_html(self) -> str:
        """Return the round as HTML."""
        facts = "".join(
            f"<div><dt>{escape(name)}</dt><dd>{_write_lines(lines)}</dd></div>"
            for name, lines in self._list_facts()
        )
        inner = (
            write_title(self.title)
            + write_paragraph(strip_unseen(self.result.round.about or ""), "cip-lead")
            + f'<dl class="cip-says">{facts}</dl>'
            + write_uses(
                self._list_uses(),
                lead="Carries out",
                empty="No recommendation is named for this round.",
            )
            + write_paragraph(describe_method(self.result.round), "cip-note")
            + write_paragraph(self._name_origin(), "cip-source")
        )
        block_id = make_id("round", self.result.round.id)
        return wrap_block("round", "cip-recommendation cip-round", block_id, inner)

    def to_text(self) -> str:
        """Return the round as plain text."""
        lines = [self.title, strip_unseen(self.result.round.about or "")]
        lines += [f"{name}: {'; '.join(words)}" for name, words in self._list_facts()]
        lines += [f"Carries out {use.to_text()}" for use in self._list_uses()]
        lines += [describe_method(self.result.round), self._name_origin()]
        return "\n".join(line for line in lines if line)

    def _list_uses(self) -> list[Use]:
        return [
            Use("recommendation", name, self.labels.get(f"recommendation:{name}", name))
            for name in self.result.round.recommendations
        ]

    def _list_facts(self) -> list[tuple[str, Sequence[str]]]:
        one = self.result.round
        criteria = [f"{c.title} ({c.weight:g}%): {c.question}" for c in one.list_criteria()]
        facts: list[tuple[str, Sequence[str]]] = [
            ("What was scored", [self._count()]),
            ("Dates", [self._word_dates()]),
            ("Panel", [strip_unseen(scorer.role) for scorer in one.scorers]),
            ("Criteria", [strip_unseen(words) for words in criteria]),
            ("Marks", [f"{mark}: {strip_unseen(w)}" for mark, w in self._list_marks()]),
            ("Left out", [strip_unseen(words) for words in describe_left_out(self.result)]),
            ("Moderation", [strip_unseen(words) for words in describe_moderation(self.result)]),
            ("Agreement", describe_agreement(self.panel)),
            ("If one scorer is left out", describe_sensitivity(self.result, self.leaving)),
        ]
        return [(name, lines) for name, lines in facts if lines]

    def _count(self) -> str:
        one = self.result.round
        money = f" £{one.total:,.0f} in all." if one.total is not None else ""
        return (
            f"{_KINDS[one.kind]}: {count_noun(len(one.applicants), 'applicant')}, "
            f"{count_noun(len(one.scorers), 'scorer')}.{money}"
        )

    def _list_marks(self) -> list[tuple[int, str]]:
        return sorted(self.result.round.find_scale().marks.items(), reverse=True)

    def _word_dates(self) -> str:
        one = self.result.round
        days = [
            ("opened", one.opens),
            ("closed", one.closes),
            ("decided", one.decided_on),
        ]
        words = [f"{name} {_write(day)}" for name, day in days if day is not None]
        if one.decided_on is None:
            words.append("not decided yet")
        text = ", ".join(words)
        return f"{text[:1].upper()}{text[1:]}."

    def _name_origin(self) -> str:
        own = "Criteria and weights: declared for this round. "
        default = "Criteria, weights and marks: the workbook's own wording. "
        lead = own if self.result.round.has_own_criteria else default
        return f"{lead}{cite_scoring()}."


def _write_lines(lines: Sequence[str]) -> str:
    return "".join(f"<p>{escape(line)}</p>" for line in lines)


def _write(day: date) -> str:
    return write_day(day.isoformat())
