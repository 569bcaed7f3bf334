"""A recommendation: what should be done, by whom, in which way, and what it rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from cip.catalogue.approaches import (
    NOT_ADDITIVE,
    Approach,
    EconomicFigure,
    cite_approaches,
    list_figures,
    load_approach_groups,
    load_approaches,
)
from cip.display.blocks import Block, wrap_block, write_title
from cip.display.cells import is_missing
from cip.display.cited_text import list_shown, write_cited, write_cited_text
from cip.display.finding_block import Use, read_text, split_ids, write_references, write_uses
from cip.display.markup import escape, make_id, write_paragraph
from cip.display.strip_drawing import write_day
from cip.display.text import join_names

PRIORITIES = {"high": "High priority", "medium": "Medium priority", "low": "Low priority"}
_SIDES = {"numbers": "published figures", "voices": "what people say", "assets": "what is there"}
#: What a flag of the table means for whoever decides.
FLAGS = {
    "numbers alone": "Figures alone speak for this. Nobody who lives here has been recorded as "
    "asking for it; ask them before it is decided.",
    "voices alone": "What people say alone speaks for this. No figure and no asset has been set "
    "beside it yet.",
    "assets alone": "What is there alone speaks for this. Whether it is needed, and whether "
    "people want it, is not shown.",
}
_NO_APPROACH = "It follows no approach of the family of community-centred approaches."


@dataclass(frozen=True, kw_only=True)
class RecommendationBlock(Block):
    """One recommendation with its approach and its evidence.

    Parameters
    ----------
    recommendation
        A row of the table ``recommendations``.
    labels
        Name of everything that may be cited (`cip.display.cited_text.name_cited`).
    uses
        Actions and grants that rest on it.

    Raises
    ------
    ValueError
        If it has no id, number or text, cites nothing that has a name, or its priority, flag or
        approach is none that is known.
    """

    recommendation: Mapping[str, object] = field(repr=False)
    labels: Mapping[str, str] = field(repr=False)
    uses: Sequence[Use] = ()

    def __post_init__(self) -> None:
        for name in ("recommendation_id", "number", "text"):
            if is_missing(self.recommendation.get(name)) or not self._read(name):
                raise ValueError(f"a recommendation has no {name}")
        known = (("priority", PRIORITIES), ("flag", {"", *FLAGS}))
        for name, words in (*known, ("approach", {"", *load_approaches()})):
            if self._read(name) not in words:
                message = f"has a {name} that is not known"
                raise ValueError(
                    f"the recommendation '{self._read('recommendation_id')}' {message}"
                )
        if not self.list_cited():
            name = self._read("recommendation_id")
            raise ValueError(f"the recommendation '{name}' cites nothing that is shown")

    def _read(self, name: str) -> str:
        return read_text(self.recommendation, name)

    @property
    def title(self) -> str:
        """How the recommendation is called."""
        return f"Recommendation {self.recommendation['number']}"

    def list_cited(self) -> list[str]:
        """Return what it cites, in the order of its numbers."""
        written = list_shown(self._read("text"), self.labels)
        declared = [one for one in split_ids(self._read("cites")) if one in self.labels]
        return list(dict.fromkeys([*written, *declared]))

    def to_html(self) -> str:
        """Return the recommendation as HTML."""
        cited = self.list_cited()
        numbers = {one: number for number, one in enumerate(cited, start=1)}
        approach = load_approaches().get(self._read("approach"))
        inner = (
            write_title(self.title)
            + '<div class="cip-says-text">'
            + f"{write_cited(self._read('text'), self.labels, numbers=numbers)}</div>"
            + f'<dl class="cip-says">{self._write_facts(approach)}</dl>'
            + (_write_approach(approach) if approach else "")
            + self._write_flag()
            + write_references(cited, self.labels, lead="Evidence")
            + write_uses(
                self.uses,
                lead="Rests on this recommendation",
                empty="No action carries this out yet.",
            )
        )
        block_id = make_id("recommendation", self._read("recommendation_id"))
        return wrap_block("recommendation", "cip-recommendation", block_id, inner)

    def to_text(self) -> str:
        """Return the recommendation as plain text."""
        approach = load_approaches().get(self._read("approach"))
        lines = [self.title, write_cited_text(self._read("text"), self.labels)]
        lines += [f"{name}: {words}" for name, words in self._list_facts(approach)]
        lines += _list_money(approach) if approach else []
        lines += [FLAGS[flag]] if (flag := self._read("flag")) else []
        cited = [f"{n}. {self.labels[one]}" for n, one in enumerate(self.list_cited(), start=1)]
        lines += ["Evidence:", *cited]
        return "\n".join([*lines, *(f"Carried out by {use.to_text()}" for use in self.uses)])

    def _list_facts(self, approach: Approach | None) -> list[tuple[str, str]]:
        with_whom, day = self._read("agreed_with"), self._read("agreed_on")
        agreed = f"{with_whom}{f', {write_day(day)}' if day else ''}" if with_whom else ""
        sides = [_SIDES[side] for side in self._read("rests_on").split(", ") if side in _SIDES]
        return [
            ("For whom", self._read("for_whom")),
            ("Priority", PRIORITIES[self._read("priority")]),
            ("Agreed with", agreed or "Nobody yet."),
            ("Rests on", join_names(sides).capitalize() or "Nothing that says anything."),
            ("Approach", approach.label if approach else _NO_APPROACH),
        ]

    def _write_facts(self, approach: Approach | None) -> str:
        is_high = " cip-is-high" if self._read("priority") == "high" else ""
        rows = []
        for name, words in self._list_facts(approach):
            inner = escape(words)
            if name == "Priority":
                inner = f'<span class="cip-priority{is_high}">{inner}</span>'
            rows.append(f"<div><dt>{escape(name)}</dt><dd>{inner}</dd></div>")
        return "".join(rows)

    def _write_flag(self) -> str:
        flag = self._read("flag")
        if not flag:
            return ""
        return f'<p class="cip-flag"><b>Note: {escape(flag)}.</b> {escape(FLAGS[flag])}</p>'


def _write_approach(approach: Approach) -> str:
    """Return what the approach means, and what the source says on money, folded away."""
    group = load_approach_groups()[approach.group]
    placed = (
        " The source does not say which group it belongs to." if approach.is_placed_by_us else ""
    )
    items = "".join(f"<li>{escape(line)}</li>" for line in _list_money(approach))
    return (
        f"<details><summary>{escape(approach.label)}: what that means, and what is known of its "
        f"value</summary><p>{escape(approach.meaning)}</p>"
        f"<p>Group: {escape(group.label)}. {escape(group.meaning)}{placed}</p><ul>{items}</ul>"
        + write_paragraph(f"{cite_approaches()}; meanings in our own words.", "cip-source")
        + "</details>"
    )


def _list_money(approach: Approach) -> list[str]:
    figures = list_figures(approach.id)
    if not figures:
        return ["The source gives no figure on money for this approach."]
    return [*map(_word_figure, figures), NOT_ADDITIVE]


def _word_figure(figure: EconomicFigure) -> str:
    lead = "Return" if figure.is_return else "Worth to people"
    return (
        f"{lead}: {figure.statement} ({figure.study}, {figure.study_year}; measured on "
        f"{figure.measured_on}). {figure.caveat}"
    )
