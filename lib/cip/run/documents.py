"""Short documents from the Summary Report: poster, Easy Read style text, slides, card, Word copy."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from cip.params import ParameterFile
from cip.tables import TableFolder

if TYPE_CHECKING:
    import pandas as pd

    from cip.report.meta import ReportMeta
    from cip.report.summary_contents import SummaryContents
    from cip.store import Store

#: What each file is, for the area's index. In ``reports/`` what is read as it is, in
#: ``downloads/`` what is edited.
LABELS = {
    "poster_a4.html": "Poster (web page)",
    "poster_a4.pdf": "Poster, A4 (PDF)",
    "poster_a3.pdf": "Poster, A3 (PDF)",
    "easy_read.html": "In the style of Easy Read (web page)",
    "easy_read.pdf": "In the style of Easy Read (PDF)",
    "card.png": "Picture card for social media (PNG)",
    "card.txt": "Words for people who cannot see the card",
    "slides.pptx": "Slides (PowerPoint)",
    "summary_for_comment.docx": "Summary for comment (Word)",
    "action_status.html": "How the action plan stands, on one page (web page)",
    "action_status.pdf": "How the action plan stands, on one page (PDF)",
    "terms_of_reference.docx": "Terms of Reference of the steering group (Word)",
}
_INVITATION = "invitation_"
_TABLES = (
    "findings", "recommendations", "quotes", "indicators", "assets", "engagement",
    "missing_indicators", "evidence_area", "evidence_data", "evidence_assets", "evidence_voices",
)  # fmt: skip
#: The documents are for sharing: what nobody has written or agreed to is not put on a poster.
_WRITTEN_BY_PEOPLE = ("narrative", "recommendations")


def has_documents(file: ParameterFile) -> bool:
    """Return whether an area has findings or recommendations that people have written."""
    return any(file.resolve_input(name) is not None for name in _WRITTEN_BY_PEOPLE)


def write_documents(
    file: ParameterFile, store: Store, folder: Path, meta: ReportMeta, *, make_pdf: bool
) -> list[Path]:
    """Write the short documents of an area.

    Parameters
    ----------
    folder
        The area's folder, with the tables of all chapters.
    meta
        What the Summary Report says of itself.
    make_pdf
        Whether to print. Without it there are only the slides and the Word copy.

    Returns
    -------
    list of Path
        The files written. A machine without a browser makes no card.

    Raises
    ------
    ExportError
        If a document cannot be made.
    ParameterError
        If the analyst's Easy Read text cannot be used, with every sentence that is too long.
    """
    from cip.report.slides import write_slides
    from cip.report.word_copy import write_word_copy

    contents = _gather(file, store, folder, meta)
    reports, downloads = folder / "reports", folder / "downloads"
    written = _print_documents(file, contents, reports) if make_pdf else []
    if make_pdf:
        from cip.report.card_browser import add_map_picture

        contents = add_map_picture(contents)
    slides, word = downloads / "slides.pptx", downloads / "summary_for_comment.docx"
    written.append(write_slides(contents, slides))
    if file.params.publication.status != "final":  # Nothing is left to comment on.
        written.append(write_word_copy(contents, word))
    return written


def name_document(name: str) -> str:
    """Return what a file of these is called in the area's index."""
    if name.startswith(_INVITATION):
        words = Path(name).stem.removeprefix(_INVITATION).replace("_", " ")
        return f"Invitation to apply: {words} (Word)"
    return LABELS[name]


def write_editable(file: ParameterFile, folder: Path, is_synthetic: bool) -> list[Path]:
    """Write the documents that the steering group edits: its terms, and invitations to apply.

    Returns
    -------
    list of Path
        The files written; none where the area has no input for them.
    """
    from cip.framework.terms_of_reference import has_input

    today, downloads = file.params.report_date or date.today(), folder / "downloads"
    written = []
    # Word documents and what words them take a third of a second to import.
    if file.resolve_input("scoring") is not None:
        from cip.report.eoi_word import write_invitations

        written += write_invitations(
            file,
            downloads,
            today=today,
            recommendations=_name_recommendations(folder),
            is_synthetic=is_synthetic,
        )
    if has_input(file):
        from cip.report.word import write_terms

        written.append(write_terms(file, downloads, today=today, is_synthetic=is_synthetic))
    return written


def _name_recommendations(folder: Path) -> dict[str, str]:
    """Return the first sentence of each recommendation of the area, by its id."""
    from cip.pages.action_plan import name_recommendations

    tables = TableFolder(folder / "tables")
    has_any = tables.has("recommendations")
    return name_recommendations(tables.read("recommendations") if has_any else None)


def write_status(
    file: ParameterFile, folder: Path, *, today: date, make_pdf: bool, is_synthetic: bool
) -> list[Path]:
    """Write the action plan on one sheet of A4 for the steering group; nothing without a plan.

    Returns
    -------
    list of Path
        The page, and the PDF where one is wanted.

    Raises
    ------
    ExportError
        If the page cannot be written or printed.
    """
    tables = TableFolder(folder / "tables")
    if not tables.has("actions"):
        return []
    from cip.display.status_page import StatusPage, write_status_document
    from cip.framework.actions import find_unserved
    from cip.report.links import write_relative_links
    from cip.report.meta import SYNTHETIC_BANNER

    actions = tables.read("actions")
    titles = _name_recommendations(folder)
    unserved = {one: titles[one] for one in find_unserved(titles, actions)}
    page = StatusPage(
        area=file.params.title, today=today.isoformat(), actions=actions, unserved=unserved
    )
    path = folder / "reports" / "action_status.html"
    banner = SYNTHETIC_BANNER if is_synthetic else ""
    html = write_relative_links(write_status_document(page, banner=banner), path)
    path.write_text(html, encoding="utf-8", newline="\n")
    if not make_pdf:
        return [path]
    from cip.report.pdf import share_pdf_writer

    return [path, share_pdf_writer().write(path, path.with_suffix(".pdf"))]


def _print_documents(file: ParameterFile, contents: SummaryContents, reports: Path) -> list[Path]:
    from cip.report.card import write_card
    from cip.report.easy_read import write_easy_read
    from cip.report.pdf import BROWSER_ENGINE, share_pdf_writer
    from cip.report.poster import write_poster

    narrative = file.resolve_input("narrative")
    own = None if narrative is None else narrative / "easy_read.md"
    written = [
        *write_poster(contents, reports / "poster_a4.html", reports / "poster_a4.pdf", size="A4"),
        *write_poster(contents, reports / "poster_a3.html", reports / "poster_a3.pdf", size="A3"),
        *write_easy_read(
            contents, reports / "easy_read.html", reports / "easy_read.pdf", own_file=own
        ),
    ]
    # On a screen both posters are one page: a second copy would only be in the way.
    written.remove(reports / "poster_a3.html")
    (reports / "poster_a3.html").unlink()
    if share_pdf_writer().engine.startswith(BROWSER_ENGINE):
        card = reports / "card.png"
        write_card(contents, card)
        written += [card, card.with_suffix(".txt")]
    return written


def _gather(file: ParameterFile, store: Store, folder: Path, meta: ReportMeta) -> SummaryContents:
    from cip.report.summary_contents_build import build_contents
    from cip.summary.narrative import list_files

    tables = TableFolder(folder / "tables")
    narrative = file.resolve_input("narrative")
    texts = (
        {} if narrative is None else {p.stem: p.read_text("utf-8") for p in list_files(narrative)}
    )
    publication = file.params.publication
    given = {name: tables.read(name) for name in _TABLES if tables.has(name)}
    contents = build_contents(
        given | {"findings": _choose_findings(given["findings"])},
        meta,
        texts,
        version=publication.version,
        status=publication.status,
        easy_read_checked=_find_easy_read_check(file),
    )
    svg, alt = _draw_map(file, store, folder)
    return replace(contents, map_svg=svg, map_alt=alt)


def _choose_findings(findings: pd.DataFrame) -> pd.DataFrame:
    """Return the findings that people have written; all of them where nobody has written any."""
    is_edited = findings["is_edited"].fillna(False).astype(bool)
    return findings[is_edited] if is_edited.any() else findings


def _draw_map(file: ParameterFile, store: Store, folder: Path) -> tuple[str, str]:
    """Return the map of chapter 01 and what it shows in words; empty where there is none."""
    from cip.display.blocks import MapBlock
    from cip.pages.geography import show_map
    from cip.workspace import Workspace

    workspace = Workspace(file, store, folder)
    shapes, context = workspace.read_shapes("small_areas"), workspace.read_shapes("context")
    block = show_map(workspace, shapes, context, workspace.read("small_areas"))
    return (block.svg, block.alt) if isinstance(block, MapBlock) else ("", "")


def _find_easy_read_check(file: ParameterFile) -> str:
    """Return who has checked the Easy Read text, as the publishing checklist says."""
    from cip.summary.publishing import read_publishing

    path = file.resolve_input("publishing")
    if path is None:
        return ""
    answers = read_publishing(path).set_index("item")
    if "easy_read_checked" not in answers.index:
        return ""
    row = answers.loc["easy_read_checked"]
    return str(row["by"]) if row["answer"] == "yes" else ""
