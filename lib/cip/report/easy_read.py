"""A summary in the style of Easy Read: short sentences, large type, a drawing beside each point."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from cip.report import easy_read_words as words
from cip.report.easy_read_own import MOST_WORDS, OwnPart, read_own_text
from cip.report.easy_read_pictures import DRAWINGS, name_drawing
from cip.report.pdf import PdfWriter, share_pdf_writer
from cip.report.summary_contents import INVENTED, SIDES, Finding, SummaryContents, clean_contents
from cip.report.summary_contents_page import render_page, write_page
from cip.report.summary_contents_text import count_words, split_sentences

_MOST_FINDINGS, _MOST_QUOTES, _MOST_ADVICE = 4, 3, 5


@dataclass(frozen=True)
class Point:
    """One idea: its lines, the drawing beside them, and a word or name that stands out."""

    lines: Sequence[str]
    drawing: str
    name: str = ""
    is_quote: bool = False

    @property
    def picture(self) -> str:
        """The drawing as an image."""
        return DRAWINGS[self.drawing].to_html()


@dataclass(frozen=True)
class Part:
    """A heading and its points."""

    heading: str
    points: Sequence[Point]


def write_easy_read(
    contents: SummaryContents,
    html_path: Path,
    pdf_path: Path,
    *,
    own_file: Path | None = None,
    writer: PdfWriter | None = None,
) -> tuple[Path, Path]:
    """Write the Easy Read style summary as a page and as a PDF.

    Parameters
    ----------
    contents
        What it says; ``easy_read`` is the analyst's own text, which takes the place of our
        sentences on findings and recommendations.
    html_path, pdf_path
        The files to write; their folders are made.
    own_file
        Where the analyst's text comes from, for messages.
    writer
        What prints; left out, the one that all reports share.

    Raises
    ------
    ParameterError
        If the analyst's text has sentences that are too long or names a drawing we do not have.
    ExportError
        If it cannot be printed.
    """
    write_page(render_easy_read(contents, own_file=own_file), html_path)
    (writer or share_pdf_writer()).write(html_path, pdf_path)
    return html_path, pdf_path


def render_easy_read(contents: SummaryContents, *, own_file: Path | None = None) -> str:
    """Return it as HTML; see :func:`write_easy_read`."""
    clean = clean_contents(contents)
    return render_page(
        "easy_read",
        contents=clean,
        invented=INVENTED,
        parts=list_parts(clean, own_file=own_file),
    )


def list_parts(contents: SummaryContents, *, own_file: Path | None = None) -> list[Part]:
    """Return every part in reading order; one without points is left out."""
    own = read_own_text(contents.easy_read, file=own_file)
    parts = [
        Part("About this text", [*_introduce(contents)]),
        Part("The people here", [*_tell_facts(contents)]),
        *(_take_own(own) if own else _tell_findings(contents)),
        Part("What people said", [*_tell_quotes(contents)]),
        *([] if own else [Part("What should happen next", [*_tell_advice(contents)])]),
        Part("Hard words", [*_explain(contents, own)]),
        Part("Tell us what you think", [*_invite(contents)]),
    ]
    return [part for part in parts if part.points]


def _introduce(contents: SummaryContents) -> Iterator[Point]:
    if contents.is_synthetic:
        yield Point(words.INVENTED_WORDS, "hard")
    if contents.is_open:
        yield Point(words.NOT_AGREED, "plan")
    for drawing, lines in words.ABOUT:
        yield Point(
            [line for line in lines if line != "{area}"],
            drawing,
            contents.area if "{area}" in lines else "",
        )
    if contents.easy_read_checked:
        yield Point((words.STYLE, words.CHECKED), "people", contents.easy_read_checked)
    else:
        yield Point((words.STYLE, words.NOT_CHECKED), "people")


def _tell_facts(contents: SummaryContents) -> Iterator[Point]:
    periods = []
    for fact in contents.facts:
        sentence, drawing, is_share = words.FACT_WORDS.get(fact.indicator_id, ("", "", False))
        value = _round_share(fact.value) if is_share else fact.value
        if sentence and value:
            yield Point((sentence.format(value),), drawing)
            periods.append(fact.period)
    for period in dict.fromkeys(filter(None, periods)):
        yield Point((f"These numbers are from {period}.",), "numbers")


def _round_share(value: str) -> str:
    """Return a percentage as a whole number of every 100; nothing where it is not one."""
    try:
        share = float(value.removesuffix("%").replace(",", ""))
    except ValueError:
        return ""
    return f"About {math.floor(share + 0.5)}" if share >= 1 else "Fewer than 1"


def _tell_findings(contents: SummaryContents) -> Iterator[Part]:
    if not contents.findings:
        yield Part("What we found", [Point(words.NO_FINDINGS, "question")])
    for side, heading in SIDES.items():
        found = contents.list_side(side)[:_MOST_FINDINGS]
        yield Part(heading, [_tell_finding(finding) for finding in found])


def _tell_finding(finding: Finding) -> Point:
    drawing = name_drawing(finding.subject)
    name = words.TOPIC_WORDS.get(finding.subject, words.THEME_WORDS)
    lines = split_sentences(words.SIDE_WORDS[finding.side])
    if finding.side != "unknown" and _is_short(finding.title):
        lines = [f"{finding.title.rstrip('.')}.", *lines]
    sure = words.SURE_WORDS.get(finding.strength_level, "")
    return Point([*lines, sure] if sure and finding.side != "unknown" else lines, drawing, name)


def _tell_quotes(contents: SummaryContents) -> Iterator[Point]:
    short = [quote for quote in contents.quotes if _is_short(quote.text)]
    for quote in short[:_MOST_QUOTES]:
        yield Point((words.SAID, f"“{quote.text}”"), "talking", is_quote=True)
    if not short:
        yield Point(words.NO_SHORT_QUOTES if contents.quotes else words.NOT_ASKED, "talking")


def _tell_advice(contents: SummaryContents) -> Iterator[Point]:
    if not contents.recommendations:
        yield Point(words.NO_ADVICE, "plan")
        return
    yield Point((words.ADVICE,), "idea")
    short = [entry for entry in contents.recommendations if _is_short(entry.text)][:_MOST_ADVICE]
    for entry in short:
        yield Point(split_sentences(entry.text), "plan")
    if len(short) < len(contents.recommendations):
        yield Point((words.MORE_ADVICE if short else words.LONG_ADVICE,), "report")


def _is_short(text: str) -> bool:
    """Say whether somebody's own words may stand here as they are."""
    return all(count_words(sentence) <= MOST_WORDS for sentence in split_sentences(text))


def _take_own(own: Iterable[OwnPart]) -> Iterator[Part]:
    for part in own:
        points = [Point(p.sentences, p.drawing) for p in part.points if not p.word]
        yield Part(part.heading or "What we found", points)


def _explain(contents: SummaryContents, own: Iterable[OwnPart]) -> Iterator[Point]:
    told = {"report"} | ({"demonstration"} if contents.is_synthetic else set())
    told |= {"disabled"} & {
        "disabled" for fact in contents.facts if fact.indicator_id == "disability"
    }
    for word, meaning in words.HARD_WORDS.items():
        if word in told:
            yield Point(split_sentences(meaning), "learning", word.capitalize())
    for part in own:
        for point in part.points:
            if point.word:
                yield Point(point.sentences, "learning", point.word)


def _invite(contents: SummaryContents) -> Iterator[Point]:
    for drawing, lines in words.QUESTIONS:
        yield Point(lines, drawing)
    if contents.organisation:
        yield Point((words.WHO,), "people", contents.organisation)
    if contents.contact:
        yield Point((words.WHERE,), "contact", contents.contact)
