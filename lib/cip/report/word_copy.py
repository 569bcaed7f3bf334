"""A Word copy of the Summary Report for comment, in which everything has a name to refer to."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from docx import Document as open_word
from docx.shared import Mm

from cip.framework.document import Bullets, Document, Grid, Paragraph, Section
from cip.report.summary_contents import (
    SIDES,
    Finding,
    Recommendation,
    SummaryContents,
    clean_contents,
)
from cip.report.summary_contents_package import fix_package, write_whole
from cip.report.word import find_styles_once, make_docx
from cip.report.word_copy_parts import (
    add_fact_table,
    add_link,
    add_numbered,
    add_picture,
    set_styles,
)
from cip.summary.comments import list_comment_columns

#: What a reviewer fills in; the other columns of the file are for our answers.
COMMENT_COLUMNS = ("comment_id", "refers_to", "comment", "from_role", "date")
COPY_BANNER = "Copy for comment: not for publication"
_WIDTH_MM, _TALLEST_MM = 170.0, 150.0
_LONGEST_HEADING = 120
_NO_MAP = "The map of the area is in the web page of the Summary Report."


def write_word_copy(contents: SummaryContents, path: Path) -> Path:
    """Write a Word copy of the summary for comment.

    Findings, recommendations, quotations and paragraphs carry numbers, and the ids by which
    ``comments.csv`` refers to them.

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
    return write_whole(make_word_copy(contents), path)


def make_word_copy(contents: SummaryContents) -> bytes:
    """Return the Word copy as the bytes of its file; see :func:`write_word_copy`."""
    clean = clean_contents(contents)
    word = open_word(io.BytesIO(make_docx(_write_front(clean))))
    set_styles(word)
    find_styles_once(word)
    if clean.contact:
        add_link(word.add_paragraph("Send it to: "), clean.contact)
    _Writer(word, clean).write()
    buffer = io.BytesIO()
    word.save(buffer)
    return fix_package(buffer.getvalue(), clean.published)


def _write_front(contents: SummaryContents) -> Document:
    """Return the title and the page on how to comment."""
    label = contents.version_label
    return Document(
        title=contents.title,
        subtitle=f"Copy for comment. {label}" if label else "Copy for comment",
        banners=(COPY_BANNER, *contents.banners),
        sections=(_explain_comments(contents),),
        author=contents.organisation or contents.area,
        published=contents.published,
        subject=f"Copy for comment of the summary of {contents.area}",
        language=contents.language,
    )


def _explain_comments(contents: SummaryContents) -> Section:
    columns = list_comment_columns()
    rows = tuple((name, columns[name].description) for name in COMMENT_COLUMNS)
    first = next((finding.finding_id for finding in contents.findings), "")
    example = f"finding:{first}" if first else "report:summary_report"
    return Section(
        "How to comment",
        (
            Paragraph(
                (
                    "Tell us what is wrong, what is missing, and what you see differently. Say "
                    "also what is right, so that it stays.",
                )
            ),
            Bullets(
                (
                    ("Write in this copy with Word's comments, or fill in a table.",),
                    (f"A table is a CSV or Excel file with the columns below. In refers_to, copy "
                     f"the id that stands under each heading, such as {example}.",),
                    ("For anything else write report:summary_report, and the number of the "
                     "paragraph, such as P3, at the start of the comment.",),
                    ("Give your role or organisation, never a name. Please leave out anything "
                     "by which a person could be recognised.",),
                    ("Every comment is answered. The answers are kept with the comments.",),
                )
            ),
            Grid("Columns of comments.csv", ("Column", "What to write"), rows),
        ),
    )  # fmt: skip


class _Writer:
    """Writes the parts one after another and counts the paragraphs."""

    def __init__(self, word: Any, contents: SummaryContents) -> None:
        self._word, self._contents = word, contents
        self._count = 0
        self._is_first = True

    def write(self) -> None:
        """Write everything after the page on comments."""
        contents = self._contents
        self._say("Introduction", contents.introduction)
        self._show_area()
        if contents.facts:
            self._head("Key facts")
            add_fact_table(self._word, contents.facts)
        for side, heading in SIDES.items():
            self._list_findings(heading, contents.list_side(side), side)
        self._quote()
        self._advise()
        self._say("What we do not know", contents.limits, "Nothing is known to be missing.")
        self._say("What happens next", contents.next_steps)
        self._say("Thanks", contents.acknowledgements)
        licence = [f"Licence: {contents.licence}"] if contents.licence else []
        self._say("Sources and licence", [*contents.attributions, *licence])

    def _head(self, text: str) -> None:
        heading = self._word.add_paragraph(text, style="Heading 1")
        heading.paragraph_format.page_break_before = self._is_first  # after how to comment
        self._is_first = False

    def _say(self, heading: str, texts: Sequence[str], none: str = "") -> None:
        """Write numbered paragraphs; without any, the part is left out, or says so."""
        if texts or none:
            self._head(heading)
        for text in texts or ([none] if none else []):
            self._number(text)

    def _number(self, text: str) -> None:
        self._count += 1
        add_numbered(self._word, f"P{self._count}", text)

    def _show_area(self) -> None:
        contents = self._contents
        if not contents.map_svg and not contents.map_png:
            return
        self._head("The area")
        if not contents.map_png:
            self._number(_NO_MAP)
            return
        alt = contents.map_alt or f"Map of {contents.area}."
        add_picture(self._word, contents.map_png, alt, width=Mm(_WIDTH_MM), height=Mm(_TALLEST_MM))
        self._word.add_paragraph(f"Map of {contents.area}", style="Caption")

    def _list_findings(self, heading: str, findings: Sequence[Finding], side: str) -> None:
        if findings or side in ("strength", "challenge"):
            self._head(heading)
        if not findings and side in ("strength", "challenge"):
            self._number(f"No finding is a {side} on the evidence so far.")
        for finding in findings:
            self._name(f"{finding.number} {finding.title}", f"finding:{finding.finding_id}")
            if finding.text:
                self._word.add_paragraph(finding.text)
            for lead, text in finding.list_grounds():
                paragraph = self._word.add_paragraph(style="List Bullet")
                paragraph.add_run(f"{lead}: ").bold = True
                paragraph.add_run(text)
            self._cite(finding.cites)

    def _name(self, title: str, refers_to: str) -> None:
        """Write the heading of something to comment on, and its id."""
        self._word.add_paragraph(title, style="Heading 2")
        self._word.add_paragraph(f"refers_to: {refers_to}", style="Reference")

    def _cite(self, cites: Sequence[str]) -> None:
        known = {entry.evidence_id: entry for entry in self._contents.evidence}
        if not cites:
            self._word.add_paragraph("Rests on no evidence.")
            return
        self._word.add_paragraph("Rests on:").paragraph_format.keep_with_next = True
        for cited in cites:
            entry = known.get(cited)
            said = f": {entry.statement} {entry.source}".rstrip() if entry else ""
            self._word.add_paragraph(f"{cited}{said}", style="List Bullet")

    def _quote(self) -> None:
        quotes = self._contents.quotes
        if quotes:
            self._head("What people said")
        for quote in quotes:
            by = f" {quote.speaker_label}." if quote.speaker_label else ""
            paragraph = self._word.add_paragraph(style="List Bullet")
            paragraph.add_run(f"“{quote.text}”{by} ")
            paragraph.add_run(f"(quote:{quote.quote_id})", style="Reference id")

    def _advise(self) -> None:
        self._head("Recommendations")
        if not self._contents.recommendations:
            self._number("No recommendations have been agreed yet.")
        for entry in self._contents.recommendations:
            is_short = len(entry.text) <= _LONGEST_HEADING
            title = f"{entry.number} {entry.text}" if is_short else entry.number
            self._name(title, f"recommendation:{entry.recommendation_id}")
            if not is_short:
                self._word.add_paragraph(entry.text)
            for lead, text in _describe(entry):
                paragraph = self._word.add_paragraph(style="List Bullet")
                paragraph.add_run(f"{lead}: ").bold = True
                paragraph.add_run(text)
            self._cite(entry.cites)


def _describe(entry: Recommendation) -> list[tuple[str, str]]:
    """Return what is known of a recommendation: a heading and a text each."""
    parts = (
        ("For", entry.for_whom),
        ("Priority", entry.priority),
        ("Agreed with", entry.agreed_with),
        ("Approach", entry.approach),
        ("Kinds of evidence", entry.rests_on),
        ("To note", f"it rests on {entry.flag}" if entry.flag else ""),
    )
    return [(lead, text) for lead, text in parts if text]
