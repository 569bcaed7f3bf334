"""What of a profile fits on one page: whole sentences, fewer of them where there is less room.

Sizes are those of A4; A3 is the same page, enlarged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from cip.report.easy_read_pictures import DRAWINGS, name_drawing
from cip.report.poster_measure import (
    FACT_LABEL_PT,
    FACT_PT,
    KIND_PT,
    LEAST_GAP_MM,
    QUOTE_PT,
    SMALL_PT,
    TEXT_PT,
    TITLE_PT,
    Item,
    Layout,
    Paper,
    Side,
    count,
    cut,
    cut_line,
    measure_facts,
)
from cip.report.summary_contents import SIDES, Fact, Quote, SummaryContents

PAGE_MM = (210.0, 296.6)

_H1_SIZES = (36, 30, 24, 19)
_MOST_H1_LINES, _MOST_TITLE_LINES, _MOST_SOURCE_LINES = 2, 3, 4
_QUESTIONS = "Is this right? What is missing?"
_ASK = "Tell us, or ask for the Summary Report:"
_NO_CONTACT = "The Summary Report says how to tell us."
_NO_ITEM = {
    "strength": "The evidence so far shows no clear strength. That does not mean there is none.",
    "challenge": "The evidence so far shows no clear challenge. That does not mean there is none.",
}
_FULL_LIST = "All sources, with their licences, are in the Summary Report."


@dataclass(frozen=True)
class Detail:
    """How much is told: items on each side with sentences each, facts, quotes, steps and lines."""

    items: int
    sentences: int
    facts: int
    quotes: int
    steps: int
    lines: int = 5


#: From all to the least; the first that fits is printed.
DETAILS = (
    Detail(4, 2, 4, 2, 4), Detail(4, 2, 4, 2, 3), Detail(3, 2, 4, 2, 3), Detail(3, 1, 4, 2, 3),
    Detail(3, 1, 4, 1, 3), Detail(3, 1, 3, 1, 2), Detail(3, 1, 3, 1, 2, 3),
    Detail(3, 1, 3, 1, 2, 2), Detail(3, 0, 3, 1, 2), Detail(2, 1, 3, 1, 2),
    Detail(2, 0, 3, 1, 2), Detail(2, 0, 0, 1, 1), Detail(1, 0, 0, 1, 1), Detail(1, 0, 0, 0, 1),
)  # fmt: skip
#: How much larger than usual the whole page is set where there is little to say.
_GROWS = (1.3, 1.2, 1.15, 1.1, 1.05)


def lay_out(contents: SummaryContents) -> Layout:
    """Return as much of the contents as one page holds, set as large as the page allows.

    Raises
    ------
    ValueError
        If even the least does not fit, which the limits on its parts rule out.
    """
    for detail in DETAILS:
        layout = _try(contents, detail, 1.0)
        if layout:
            larger = (_try(contents, detail, grow) for grow in _GROWS)
            return next((other for other in larger if _says_same(other, layout)), layout)
    raise ValueError("the least that a poster shows is higher than its page")


def _says_same(other: Layout | None, layout: Layout) -> bool:
    """Say whether larger type costs no word."""
    if other is None:
        return False
    return (
        replace(
            other,
            grow=layout.grow,
            h1_pt=layout.h1_pt,
            gap_mm=layout.gap_mm,
            fact_mm=layout.fact_mm,
        )
        == layout
    )


def _try(contents: SummaryContents, detail: Detail, grow: float) -> Layout | None:
    paper = Paper(PAGE_MM[0] / grow, PAGE_MM[1] / grow)
    layout = _select(contents, detail, grow, paper)
    gap = paper.find_gap(layout)
    return replace(layout, gap_mm=gap) if gap >= LEAST_GAP_MM else None


def _select(contents: SummaryContents, detail: Detail, grow: float, paper: Paper) -> Layout:
    h1_pt, heading = _fit_heading(contents.area, paper)
    quotes = _pick_quotes(contents.quotes, paper)[: detail.quotes]
    facts = _fit_facts(contents.facts[: detail.facts], paper)
    is_short = count(contents.contact, paper.item, TEXT_PT, is_bold=True) <= 4
    contact = contents.contact if is_short else ""
    return Layout(
        grow=grow,
        gap_mm=0.0,
        heading=heading,
        h1_pt=h1_pt,
        kind="Community Insight Profile",
        byline=cut_line(_write_byline(contents), paper.wide, KIND_PT, lines=2),
        banners=contents.banners,
        facts=facts,
        fact_mm=measure_facts(facts, paper),
        sides=[_select_side(contents, side, detail, paper) for side in ("strength", "challenge")],
        both=_list_both(contents, paper),
        quotes=quotes,
        no_quotes="" if quotes else _explain_no_quotes(contents, paper),
        steps=_list_steps(contents, detail, paper),
        invitation=f"{_QUESTIONS} {_ASK if contact else _NO_CONTACT}",
        contact=contact,
        sources=_write_sources(contents, paper),
    )


def _fit_heading(area: str, paper: Paper) -> tuple[float, str]:
    for size in _H1_SIZES:
        if count(area, paper.wide, size, is_bold=True) <= _MOST_H1_LINES:
            return size, area
    least = _H1_SIZES[-1]
    return least, cut_line(area, paper.wide, least, lines=_MOST_H1_LINES, is_bold=True)


def _write_byline(contents: SummaryContents) -> str:
    parts = (contents.organisation, contents.published_words, contents.version_label)
    return " · ".join(part for part in parts if part)


def _fit_facts(facts: Sequence[Fact], paper: Paper) -> list[Fact]:
    """Return figures that fit beside each other; a value is never cut, but left out."""
    width = paper.fact(max(len(facts), 1))
    return [
        Fact(cut_line(fact.label, width, FACT_LABEL_PT, lines=3), fact.value)
        for fact in facts
        if count(fact.value, width, FACT_PT, is_bold=True) == 1
    ]


def _select_side(contents: SummaryContents, side: str, detail: Detail, paper: Paper) -> Side:
    items = []
    for finding in contents.list_side(side)[: detail.items]:
        title = cut_line(finding.title, paper.item, TITLE_PT, lines=_MOST_TITLE_LINES, is_bold=True)
        text = cut(
            finding.text or finding.data_say,
            paper.item,
            TEXT_PT,
            lines=5,
            sentences=detail.sentences,
        )
        drawing = DRAWINGS[name_drawing(finding.subject)].to_html()
        text = "" if text.rstrip(".") == title.rstrip(".") else text
        items.append(Item(title, text, drawing))
    none = _NO_ITEM[side] if contents.findings else "No findings have been written yet."
    return Side(side, SIDES[side], items, "" if items else none)


def _list_both(contents: SummaryContents, paper: Paper) -> str:
    titles = [finding.title.rstrip(".") for finding in contents.list_side("mixed")]
    for number in range(len(titles), 0, -1):
        text = f"{SIDES['mixed']}: {'; '.join(titles[:number])}."
        if count(text, paper.wide, TEXT_PT) <= 2:
            return text
    return ""


def _pick_quotes(quotes: Sequence[Quote], paper: Paper) -> list[Quote]:
    """Return short quotes, one of a strength and one of a challenge first."""
    width = paper.quote(2)
    short = [quote for quote in quotes if count(quote.text, width, QUOTE_PT) <= 6]
    firsts = (
        next((quote for quote in short if quote.side == side), None)
        for side in ("strength", "challenge")
    )
    picked = [quote for quote in firsts if quote]
    return [*picked, *(quote for quote in short if quote not in picked)]


def _explain_no_quotes(contents: SummaryContents, paper: Paper) -> str:
    if contents.quotes:
        return "What people said is in the Summary Report."
    gaps = (limit for limit in contents.limits if "residents" in limit or "quotation" in limit)
    text = next(gaps, "")
    short = cut(text, paper.quote(1), QUOTE_PT, lines=3, sentences=3)
    return short or "No quotation has been cleared for publication."


def _list_steps(contents: SummaryContents, detail: Detail, paper: Paper) -> list[str]:
    own, advice = contents.next_steps, [entry.text for entry in contents.recommendations]
    steps = [_fit_step(text, paper) for text in (*own[:1], *advice, *own[1:]) if text]
    return steps[: detail.steps] or ["No recommendations have been agreed yet."]


def _fit_step(text: str, paper: Paper) -> str:
    short = cut(text, paper.step, TEXT_PT, lines=4, sentences=1)
    return short or cut_line(text, paper.step, TEXT_PT, lines=4)


def _write_sources(contents: SummaryContents, paper: Paper) -> str:
    said: list[str] = []
    for line in (*contents.attributions, contents.licence):
        sentence = f"{line.rstrip('.')}."
        text = " ".join(["Sources:", *said, sentence, _FULL_LIST])
        if line and count(text, paper.wide, SMALL_PT) <= _MOST_SOURCE_LINES:
            said.append(sentence)
    return " ".join(["Sources:", *said, _FULL_LIST] if said else [_FULL_LIST])
