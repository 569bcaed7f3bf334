"""Effects that nobody intended, good and bad, each with what was done about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from cip.display.blocks import Block, wrap_block, write_title
from cip.display.change_chart_words import Row
from cip.display.finding_block import Use, read_text, split_ids
from cip.display.logic_drawing_links import Names
from cip.display.markup import escape, make_id
from cip.display.strip_drawing import write_day

_KINDS = {"recommendations": "recommendation", "actions": "action", "grants": "grant"}
#: Words and shape of each sort.
_SORTS = {"good": ("Good", "+"), "bad": ("Bad", "\N{MULTIPLICATION SIGN}")}


@dataclass(frozen=True, kw_only=True)
class EffectList(Block):
    """Unintended effects, the latest first.

    Parameters
    ----------
    effects
        Rows of the table ``effects``.
    names
        Words of recommendations, actions and grants, by kind and id.
    """

    effects: Sequence[Row] = field(repr=False)
    names: Names = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        if unknown := {row["sort"] for row in self.effects} - set(_SORTS):
            raise ValueError(f"an effect is good or bad, not {sorted(map(str, unknown))}")

    @property
    def title(self) -> str:
        """How many there are of each sort."""
        good, bad = (sum(row["sort"] == sort for row in self.effects) for sort in _SORTS)
        return f"Effects that nobody intended: {good or 'none'} good, {bad or 'none'} bad"

    def to_html(self) -> str:
        """Return the effects as a description list, each with its links."""
        rows = "".join(self._write(row) for row in self.effects)
        inner = write_title(self.title) + f'<dl class="cip-says">{rows}</dl>'
        return wrap_block("effects", "cip-effects", make_id("effects", "unintended"), inner)

    def _write(self, row: Row) -> str:
        words, shape = _SORTS[str(row["sort"])]
        uses = "".join(f"<li>{use.to_html()}</li>" for use in self._list_uses(row))
        links = f'<ul class="cip-linked">{uses}</ul>' if uses else ""
        said = "".join(f"<p>{escape(line)}</p>" for line in _list_lines(row))
        mark = f'<span aria-hidden="true">{shape}</span> {escape(words)}'
        return f"<div><dt>{mark}, {escape(_day(row))}</dt><dd>{said}{links}</dd></div>"

    def _list_uses(self, row: Row) -> list[Use]:
        return [
            Use(kind, one, self.names.get(kind, {}).get(one, one))
            for column, kind in _KINDS.items()
            for one in split_ids(read_text(row, column))
        ]

    def to_text(self) -> str:
        """Return the effects as plain text."""
        lines = [self.title]
        for row in self.effects:
            head = f"{_SORTS[str(row['sort'])][0]}, {_day(row)}"
            lines += [f"{head}: {' '.join(_list_lines(row))}"]
            lines += [f"Comes from {use.to_text()}" for use in self._list_uses(row)]
        return "\n".join(lines)


def _day(row: Row) -> str:
    return write_day(str(row["on"]))


def _list_lines(row: Row) -> list[str]:
    response = read_text(row, "response")
    done = f"What was done: {response}" if response else "Nothing was done about it yet."
    return [str(row["what"]), f"Noticed by: {row['noticed_by']}.", done]
