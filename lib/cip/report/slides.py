"""The summary as a deck of slides, with what each slide rests on in the speaker's notes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from cip.report.slides_deck import Deck
from cip.report.slides_fit import OPENING_PT, WIDTH_IN, Line, fit_cell, fit_lines, share_lines
from cip.report.summary_contents import SIDES, Finding, SummaryContents, clean_contents
from cip.report.summary_contents_package import write_whole

_MOST_ROWS = 6
_FACT_WIDTHS_IN, _FACT_PT = (4.6, 2.2, 5.3), 18
_FULL_TEXT = "The full text of this slide:"
_NO_MAP = "The map of the area is in the Summary Report."


def write_slides(contents: SummaryContents, path: Path) -> Path:
    """Write the summary as a deck for presentations (PPTX).

    Text that is too long for a slide is shortened after a sentence; all of it is in the notes.

    Parameters
    ----------
    contents
        What it says; the map is shown if it has been made a picture.
    path
        The file to write; the same contents give the same bytes.

    Returns
    -------
    Path
        The file written.
    """
    return write_whole(make_pptx(contents), path)


def make_pptx(contents: SummaryContents) -> bytes:
    """Return the deck as the bytes of its file; see :func:`write_slides`."""
    clean = clean_contents(contents)
    footer = " · ".join([*clean.banners, clean.version_label, clean.area])
    deck = Deck(footer=_fit_footer(footer.strip(" ·")), language=clean.language)
    _open(deck, clean)
    _show_area(deck, clean)
    _show_facts(deck, clean)
    for side in SIDES:
        _list_side(deck, clean, side)
    for finding in clean.findings:
        _show_finding(deck, clean, finding)
    _show_quotes(deck, clean)
    _show_recommendations(deck, clean)
    _share(deck, "What we do not know", clean.limits, none="Nothing is known to be missing.")
    _share(deck, "What happens next", clean.next_steps)
    _close(deck, clean)
    return deck.to_bytes(
        title=clean.title,
        author=clean.organisation,
        subject=f"Summary of the Community Insight Profile of {clean.area}",
        day=clean.published,
    )


def _fit_footer(text: str) -> str:
    return fit_cell(text, (WIDTH_IN - 1.2) / 2, 12)


def _open(deck: Deck, contents: SummaryContents) -> None:
    lines = (
        *contents.banners,
        contents.organisation,
        contents.published_words,
        contents.version_label,
    )
    given = [Line(line, after_pt=4) for line in lines if line]
    shown, _ = fit_lines(given, height_in=2.5, sizes=(OPENING_PT,))
    deck.add_opening(
        contents.title,
        shown,
        notes=_join(contents.title, *contents.introduction),
    )


def _show_area(deck: Deck, contents: SummaryContents) -> None:
    own = [Line(text) for text in contents.introduction]
    if contents.map_png:
        lines = own or [Line(f"This is {contents.area}.")]
        shown, size = fit_lines(lines, width_in=WIDTH_IN / 2 - 0.3)
        notes = _join(contents.map_alt, *contents.introduction)
        deck.add_picture(
            "The area",
            shown,
            size=size,
            picture=contents.map_png,
            alt=contents.map_alt or f"Map of {contents.area}.",
            notes=notes,
        )
        return
    lines = [*own, *([Line(_NO_MAP)] if contents.map_svg else [])]
    if lines:
        shown, size = fit_lines(lines)
        deck.add_text("The area", shown, size=size, notes=_join(*contents.introduction))


def _show_facts(deck: Deck, contents: SummaryContents) -> None:
    facts = contents.facts
    for start in range(0, len(facts), _MOST_ROWS):
        part = facts[start : start + _MOST_ROWS]
        rows = [
            [
                fit_cell(text, width, _FACT_PT, is_bold=place == 0)
                for place, (text, width) in enumerate(
                    zip((fact.label, fact.value, fact.note), _FACT_WIDTHS_IN, strict=True)
                )
            ]
            for fact in part
        ]
        notes = _join(*(f"{fact.label}: {fact.value}. {fact.note}." for fact in part))
        columns = ("What", "Figure", "When, and how it compares")
        deck.add_table(
            "Key facts", columns, rows, widths_in=_FACT_WIDTHS_IN, size=_FACT_PT, notes=notes
        )


def _list_side(deck: Deck, contents: SummaryContents, side: str) -> None:
    """List the findings of a side; strengths and challenges have a slide even if there are none."""
    found = contents.list_side(side)
    lines = [[Line(finding.title, finding.number)] for finding in found]
    if not lines and side in ("strength", "challenge"):
        lines = [[Line(f"No finding is a {side} on the evidence so far.")]]
    for shown, size in share_lines(lines):
        deck.add_text(
            SIDES[side], shown, size=size,
            notes=_join(*(f"{finding.number} {finding.title}" for finding in found)),
        )  # fmt: skip


def _show_finding(deck: Deck, contents: SummaryContents, finding: Finding) -> None:
    own = [Line(finding.text)] if finding.text else []
    lines = [*own, *(Line(text, f"{heading}:") for heading, text in finding.list_grounds())]
    shown, size = fit_lines(lines or [Line("Nothing is known of this yet.")])
    full = [f"{line.lead} {line.text}".strip() for line in lines]
    deck.add_text(
        f"{finding.number} {finding.title}",
        shown,
        size=size,
        notes=_join(
            f"{finding.number} {finding.title}",
            SIDES[finding.side],
            *([_FULL_TEXT, *full] if full else []),
            *_list_evidence(contents, finding.cites),
        ),
    )


def _list_evidence(contents: SummaryContents, cites: Sequence[str]) -> Iterator[str]:
    """Yield what something rests on: the id, what it says, and its source."""
    known = {entry.evidence_id: entry for entry in contents.evidence}
    yield "Rests on:" if cites else "Rests on no evidence."
    for cited in cites:
        entry = known.get(cited)
        said = f": {entry.statement} {entry.source}".rstrip() if entry else ""
        yield f"{cited}{said}"


def _show_quotes(deck: Deck, contents: SummaryContents) -> None:
    """Show words of people, whole; a quotation that no slide holds is in the notes alone."""
    groups = []
    for quote in contents.quotes:
        words = Line(f"“{quote.text}”", after_pt=2 if quote.speaker_label else 12)
        group = [words, *([Line(quote.speaker_label, after_pt=12)] if quote.speaker_label else [])]
        if fit_lines(group)[0] == group:
            groups.append(group)
    notes = _join(*(f"“{q.text}” {q.speaker_label} (quote:{q.quote_id})" for q in contents.quotes))
    for shown, size in share_lines(groups[:6]):
        deck.add_text("What people said", shown, size=size, notes=notes)


def _show_recommendations(deck: Deck, contents: SummaryContents) -> None:
    groups, notes = [], []
    for entry in contents.recommendations:
        about = [
            f"For: {entry.for_whom}" if entry.for_whom else "",
            f"priority: {entry.priority}" if entry.priority else "",
            f"rests on {entry.flag}" if entry.flag else "",
        ]
        line = "; ".join(part for part in about if part)
        groups.append(
            [
                Line(entry.text, entry.number, after_pt=2 if line else 12),
                *([Line(line, after_pt=12)] if line else []),
            ]
        )
        notes += [
            f"{entry.number} {entry.text}",
            *([f"Approach: {entry.approach}"] if entry.approach else []),
            *_list_evidence(contents, entry.cites),
        ]
    if not groups:
        groups = [[Line("No recommendations have been agreed yet.")]]
    for shown, size in share_lines(groups):
        deck.add_text("Recommendations", shown, size=size, notes=_join(*notes))


def _share(deck: Deck, title: str, texts: Sequence[str], *, none: str = "") -> None:
    listed = [[Line(text, is_bullet=True)] for text in texts]
    if not listed and none:
        listed = [[Line(none)]]
    for shown, size in share_lines(listed):
        deck.add_text(title, shown, size=size, notes=_join(*texts))


def _close(deck: Deck, contents: SummaryContents) -> None:
    lines = [
        *contents.acknowledgements,
        *([f"Licence of this deck: {contents.licence}"] if contents.licence else []),
        *contents.attributions,
    ]
    groups = [[Line(text)] for text in lines]
    if contents.contact:
        groups.insert(0, [Line("Questions and comments:", after_pt=2), Line(contents.contact)])
    for shown, size in share_lines(groups):
        deck.add_text("Thanks and sources", shown, size=size, notes=_join(*lines))


def _join(*texts: str) -> str:
    return "\n".join(text for text in texts if text)
