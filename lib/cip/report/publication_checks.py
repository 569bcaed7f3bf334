"""What the workbook looks at in finished pages and PDFs before a profile is final."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from lxml import html as lxml_html

from cip.errors import ExportError, Problem
from cip.report.checks import check_page
from cip.report.pdf_bytes import read_pdf_facts
from cip.summary.publishing_checks import CheckResult


def check_files(folder: Path) -> list[CheckResult]:
    """Return what the checks of finished files found.

    Parameters
    ----------
    folder
        The area's folder. Looked at is every page and every PDF under ``reports/``; what is only
        for downloading, such as documents to edit, is not a report.

    Returns
    -------
    list of CheckResult
        Results of the checks ``pages`` and ``pdfs``. A profile without pages does not pass.
    """
    pages = sorted((folder / "reports").rglob("*.html"))
    pdfs = sorted((folder / "reports").rglob("*.pdf"))
    names = {path: path.relative_to(folder).as_posix() for path in (*pages, *pdfs)}
    of_pages = tuple(
        replace(problem, file=names[path]) for path in pages for problem in _check_page(path)
    )
    of_pdfs = tuple(
        replace(problem, file=names[path]) for path in pdfs for problem in _check_pdf(path)
    )
    if not pages:
        of_pages = (Problem("no page was written", expected="reports under reports/"),)
    if not pdfs:
        of_pdfs = (Problem("no PDF was written", expected="a run that writes PDFs"),)
    return [
        CheckResult("pages", f"{len(pages)} pages were looked at.", of_pages),
        CheckResult("pdfs", f"{len(pdfs)} PDFs were looked at.", of_pdfs),
    ]


def _check_page(path: Path) -> Iterator[Problem]:
    text = path.read_text(encoding="utf-8")
    try:
        check_page(text, expected=Counter())
    except ExportError as error:
        yield from error.problems
    tree = lxml_html.document_fromstring(text)
    if not (tree.get("lang") or "").strip():
        yield Problem("This page does not say its language.")
    if not (tree.findtext(".//title") or "").strip():
        yield Problem("This page has no title.")
    yield from _check_headings(tree)


def _check_headings(tree: lxml_html.HtmlElement) -> Iterator[Problem]:
    levels = [int(heading.tag[1]) for heading in tree.iter("h1", "h2", "h3", "h4", "h5", "h6")]
    if levels.count(1) != 1:
        message = "This page does not have one heading of the first level."
        yield Problem(message, found=str(levels.count(1)), expected="1")
    for before, level in pairwise(levels):
        if level > before + 1:
            found = f"level {level} after level {before}"
            yield Problem("This page leaves out a level of headings.", found=found)
            return


def _check_pdf(path: Path) -> Iterator[Problem]:
    facts = read_pdf_facts(path.read_bytes())
    if not facts.is_tagged:
        yield Problem("This PDF is not tagged.", expected="tags that a screen reader follows")
    if not facts.language:
        yield Problem("This PDF does not say its language.")
    if not facts.title:
        yield Problem("This PDF has no title.")
