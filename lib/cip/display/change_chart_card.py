"""One outcome as a card: what was measured, what changed, how sure that is, and where it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from cip.catalogue.evaluation import load_evaluation_questions, load_outcome_goals
from cip.display.blocks import Block, wrap_block, write_title
from cip.display.change_chart_words import SHAPES, judge, word_change, word_point
from cip.display.cited_text import write_link
from cip.display.finding_block import Use, read_text, split_ids
from cip.display.logic_drawing_links import Names
from cip.display.markup import escape, make_id

_KINDS = {"recommendations": "recommendation", "actions": "action", "grants": "grant"}


@dataclass(frozen=True, kw_only=True)
class OutcomeBlock(Block):
    """One outcome with its links back to what it follows from.

    Parameters
    ----------
    outcome
        A row of the table ``outcomes``.
    names
        Words of recommendations, actions and grants, by kind and id. What has none is named by
        its id.
    labels
        Name of everything in the ledger, by id (`cip.display.cited_text.name_cited`).
    cited
        Ids of the evidence that its figures are (`cip.framework.outcomes.list_outcome_citations`).

    Raises
    ------
    ValueError
        If it has no id or words, or its state is none that is known.
    """

    outcome: Mapping[str, object] = field(repr=False)
    names: Names = field(default_factory=dict, repr=False)
    labels: Mapping[str, str] = field(default_factory=dict, repr=False)
    cited: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in ("outcome_id", "outcome"):
            if not self._read(name):
                raise ValueError(f"an outcome has no {name}")
        if self.verdict not in SHAPES:
            raise ValueError(f"the outcome '{self._read('outcome_id')}' has a state not known")

    def _read(self, name: str) -> str:
        return read_text(self.outcome, name)

    @property
    def verdict(self) -> str:
        """How it stands, in words."""
        return judge(self.outcome)

    @property
    def title(self) -> str:
        """How the outcome is called."""
        return f"Outcome {self.outcome['number']}: {self._read('outcome')}"

    def to_html(self) -> str:
        """Return the outcome as HTML."""
        rows = [(name, escape(words)) for name, words in self._list_facts()]
        rows += [(name, _write_list(links)) for name, links in self._list_links()]
        inner = "".join(f"<div><dt>{escape(n)}</dt><dd>{html}</dd></div>" for n, html in rows)
        state = (
            f'<p class="cip-state"><span class="cip-state-mark" aria-hidden="true">'
            f"{SHAPES[self.verdict][1]}</span> {escape(self.verdict.capitalize())}</p>"
        )
        block_id = make_id("outcome", self._read("outcome_id"))
        whole = write_title(self.title) + state + f'<dl class="cip-says">{inner}</dl>'
        return wrap_block("outcome", "cip-action cip-outcome", block_id, whole)

    def _list_facts(self) -> list[tuple[str, str]]:
        goal, asks = self._read("goal"), self._read("asks")
        among = self._read("among")
        measure = self._read("measure") + (f" (among {among})" if among else "")
        facts = [("Measure", measure)]
        facts += [("Goal", load_outcome_goals()[goal].label)] if goal else []
        facts += [("Question", load_evaluation_questions()[asks].label)] if asks else []
        facts += [("Asked as", wording)] if (wording := self._read("wording")) else []
        facts += [("Baseline", word_point(self.outcome, "baseline"))]
        facts += [("Follow-up", word_point(self.outcome, "followup"))]
        facts += [("Change", word_change(self.outcome))]
        facts += [("Design", design.capitalize())] if (design := self._read("design")) else []
        return facts + ([("Note", note)] if (note := self._read("note")) else [])

    def _list_links(self) -> list[tuple[str, list[str]]]:
        rows = [
            ("Figures", [write_link(one, self.labels[one]) for one in self._list_cited()]),
            ("Follows from", [use.to_html() for use in self._list_uses()]),
        ]
        return [(name, links) for name, links in rows if links]

    def _list_cited(self) -> list[str]:
        return [one for one in self.cited if one in self.labels]

    def _list_uses(self) -> list[Use]:
        return [
            Use(kind, one, self.names.get(kind, {}).get(one, one))
            for column, kind in _KINDS.items()
            for one in split_ids(self._read(column))
        ]

    def to_text(self) -> str:
        """Return the outcome as plain text."""
        lines = [self.title, f"Stands: {self.verdict}"]
        lines += [f"{name}: {words}" for name, words in self._list_facts()]
        lines += [f"Figure: {self.labels[one]}" for one in self._list_cited()]
        return "\n".join([*lines, *(f"Follows from {u.to_text()}" for u in self._list_uses())])


def _write_list(items: list[str]) -> str:
    return f'<ul class="cip-linked">{"".join(f"<li>{item}</li>" for item in items)}</ul>'
