"""How much room a poster's words take, on paper of any size.

Widths come from the letters of our charts, which are wider than those of the page, so that the
words never take more room than is reckoned with. Spaces are those of ``poster.css``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cip.report.summary_contents import Fact, Quote
from cip.report.summary_contents_text import (
    LINE_HEIGHT,
    count_lines,
    shorten,
    shorten_line,
    split_sentences,
)

_MM_PER_IN = 25.4
_LINE_MM = LINE_HEIGHT * _MM_PER_IN / 72
_SIDE_MM, _PAIR_GAP_MM, PICTURE_MM = 11.0, 8.0, 15.0
#: Least and most space between the parts; what is left over is shared out among them.
LEAST_GAP_MM, _MOST_GAP_MM = 3.5, 14.0
#: Arial and its kin are narrower than the letters of our charts by more than this.
_NARROWER = 0.94

KIND_PT, HEADING_PT, TITLE_PT, TEXT_PT, QUOTE_PT, SMALL_PT = 14, 18, 15, 13, 15, 9
FACT_PT, FACT_LABEL_PT = 24, 11.5


@dataclass(frozen=True)
class Item:
    """A point with its drawing."""

    title: str
    text: str
    drawing: str


@dataclass(frozen=True)
class Side:
    """One half of the findings: heading, points, and what stands there where there is none."""

    side: str
    heading: str
    items: Sequence[Item]
    none: str


@dataclass(frozen=True, kw_only=True)
class Layout:
    """The words of a poster that fit on its page, how large they are set, and how far apart."""

    grow: float
    gap_mm: float
    heading: str
    h1_pt: float
    kind: str
    byline: str
    banners: Sequence[str]
    facts: Sequence[Fact]
    fact_mm: float
    sides: Sequence[Side]
    both: str
    quotes: Sequence[Quote]
    no_quotes: str
    steps: Sequence[str]
    invitation: str
    contact: str
    sources: str


@dataclass(frozen=True)
class Paper:
    """A page of so many millimetres, in which words are counted and measured."""

    width_mm: float
    height_mm: float

    @property
    def wide(self) -> float:
        """Width of a line across the page."""
        return self.width_mm - 2 * _SIDE_MM

    @property
    def column(self) -> float:
        """Width of one of two columns."""
        return (self.wide - _PAIR_GAP_MM) / 2

    @property
    def item(self) -> float:
        """Width of the words beside a drawing."""
        return self.column - PICTURE_MM

    @property
    def step(self) -> float:
        """Width of the words of a list."""
        return self.column - 5

    def quote(self, count: int) -> float:
        """Width of each of so many quotations."""
        return ((self.wide - 10 - _PAIR_GAP_MM) / 2) if count > 1 else self.wide - 10

    def fact(self, count: int) -> float:
        """Width of each of so many figures."""
        return self.wide / count - 9

    def find_gap(self, layout: Layout) -> float:
        """Return the space between the parts of a poster; too little, and it does not fit."""
        heights = [_measure_head(layout, self)]
        heights += [layout.fact_mm] if layout.facts else []
        heights.append(max(_measure_side(side, self) for side in layout.sides))
        heights += [measure(layout.both, self.wide, TEXT_PT)] if layout.both else []
        heights += [_measure_quotes(layout, self), _measure_end(layout, self)]
        heights.append(5.5 + measure(layout.sources, self.wide, SMALL_PT))
        spare = self.height_mm - sum(heights)
        return min(spare / (len(heights) - 1), _MOST_GAP_MM)


def count(text: str, width_mm: float, size: float, *, is_bold: bool = False) -> int:
    """Return how many lines a text takes."""
    return count_lines(text, width_in=width_mm / _MM_PER_IN / _NARROWER, size=size, is_bold=is_bold)


def measure(text: str, width_mm: float, size: float, *, is_bold: bool = False) -> float:
    """Return the height of a text in millimetres; of no text, nothing."""
    return count(text, width_mm, size, is_bold=is_bold) * size * _LINE_MM if text else 0.0


def cut(text: str, width_mm: float, size: float, *, lines: int, sentences: int) -> str:
    """Return the sentences of a text, from its start, that fit into so many lines; maybe none."""
    return shorten(
        text,
        lambda short: (
            len(split_sentences(short)) <= sentences and count(short, width_mm, size) <= lines
        ),
    )


def cut_line(text: str, width_mm: float, size: float, *, lines: int, is_bold: bool = False) -> str:
    """Return a heading that fits into so many lines, cut after a word if need be."""
    return shorten_line(text, lambda s: count(s, width_mm, size, is_bold=is_bold) <= lines)


def _measure_head(layout: Layout, paper: Paper) -> float:
    lines = [KIND_PT * _LINE_MM, measure(layout.heading, paper.wide, layout.h1_pt, is_bold=True)]
    lines.append(measure(layout.byline, paper.wide, KIND_PT))
    lines += [KIND_PT * _LINE_MM + 3.3] * len(layout.banners)
    return sum(lines) + 9.5


def measure_facts(facts: Sequence[Fact], paper: Paper) -> float:
    """Return the height of figures: all are as high as the one with the longest label."""
    width = paper.fact(max(len(facts), 1))
    labels = max((measure(fact.label, width, FACT_LABEL_PT) for fact in facts), default=0.0)
    return FACT_PT * _LINE_MM + labels + 4.5


def _measure_side(side: Side, paper: Paper) -> float:
    height = HEADING_PT * _LINE_MM + 4.5 + measure(side.none, paper.column, TEXT_PT)
    for item in side.items:
        title = measure(item.title, paper.item, TITLE_PT, is_bold=True)
        height += max(title + measure(item.text, paper.item, TEXT_PT), PICTURE_MM - 2.5) + 3
    return height


def _measure_quotes(layout: Layout, paper: Paper) -> float:
    heading = HEADING_PT * _LINE_MM + 9
    if not layout.quotes:
        return heading + measure(layout.no_quotes, paper.quote(1), QUOTE_PT)
    width = paper.quote(len(layout.quotes))
    return heading + max(
        measure(f"“{quote.text}”", width, QUOTE_PT)
        + measure(quote.speaker_label, width, FACT_LABEL_PT)
        for quote in layout.quotes
    )


def _measure_end(layout: Layout, paper: Paper) -> float:
    steps = sum(measure(step, paper.step, TEXT_PT) + 1.2 for step in layout.steps)
    contact = measure(layout.invitation, paper.item, TEXT_PT)
    contact += measure(layout.contact, paper.item, TEXT_PT, is_bold=True)
    return HEADING_PT * _LINE_MM + 4.5 + max(steps, contact, PICTURE_MM - 2.5)
