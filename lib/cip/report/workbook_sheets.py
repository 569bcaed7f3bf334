"""The workbook of an area's Data Report: cover, contents, notes, definitions, sources, figures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from cip.catalogue import load_indicators, load_sections
from cip.errors import ExportError, Problem
from cip.report.workbook import (
    Cell,
    Link,
    Number,
    Sheet,
    Table,
    Workbook,
    check_workbook,
    make_text,
)
from cip.report.workbook_definitions import list_sources, make_definitions, make_sources
from cip.report.workbook_sections import NoteBook, make_section_sheets
from cip.report.workbook_words import FIXED_NOTES, ROLES
from cip.shorthand import NOT_AVAILABLE, explain_shorthand

if TYPE_CHECKING:
    import pandas as pd

    from cip.catalogue import Indicator
    from cip.report.meta import ReportMeta
    from cip.store import ManifestEntry

_BACK = Link("Back to the contents", "Contents")
_ONE_TABLE = "This sheet holds one table. Marks such as [x] and [note 2] are explained on: Notes."


def make_workbook(
    tables: Mapping[str, pd.DataFrame],
    meta: ReportMeta,
    sources: Mapping[str, ManifestEntry],
    entries: Mapping[str, Indicator] | None = None,
) -> Workbook:
    """Return the workbook of an area: every figure with its definition, source and checksum.

    Parameters
    ----------
    tables
        ``indicators``; also ``areas`` and ``missing_indicators`` where they are there.
    meta
        Who publishes it, when, and whether the figures are invented: then every sheet says so.
    sources
        What the store says of each product that was used, by id.
    entries
        The indicators by id; by default the catalogue.

    Raises
    ------
    ExportError
        If a figure's indicator is not in the catalogue, or the workbook breaks a rule.
    """
    indicators = tables["indicators"]
    known = load_indicators() if entries is None else entries
    used = _choose_entries(indicators, known)
    banner = (f"{meta.banner}.",) if meta.banner else ()
    lines: tuple[Cell, ...] = (*banner, _ONE_TABLE, _BACK)
    notes = NoteBook(FIXED_NOTES)
    listed = list_sources(sources)
    definitions = make_definitions(indicators, used, sources, listed, lines)
    first = definitions.header_row + 1
    rows_of = {name: first + place for place, name in enumerate(used)}
    sections = {
        name: f"{section.title}: {meta.area_name} and the areas it is compared with"
        for name, section in load_sections().items()
    }
    figures = make_section_sheets(indicators, used, sections, rows_of, notes, lines)
    words = [
        _make_notes(notes, lines),
        definitions,
        *make_sources(listed, lines),
        *_make_areas(tables, lines),
        *_make_gaps(tables, lines),
    ]
    cover = _make_cover(meta, banner)
    sheets = [cover, _make_contents([*words, *figures], banner), *words, *figures]
    return check_workbook(
        Workbook(
            title=make_text(f"{meta.area_name}: tables of the Data Report"),
            author=make_text(meta.organisation),
            published=meta.published,
            subject="Community Insight Profile",
            licence=make_text(meta.licence),
            language=meta.language,
            sheets=sheets,
        )
    )


def _choose_entries(
    indicators: pd.DataFrame, known: Mapping[str, Indicator]
) -> dict[str, Indicator]:
    names = [str(name) for name in dict.fromkeys(indicators["indicator_id"])]
    if strange := [name for name in names if name not in known]:
        message = "The indicator table holds an indicator that is not in the catalogue."
        raise ExportError([Problem(message, found=name) for name in strange])
    return {name: known[name] for name in names}


def _make_cover(meta: ReportMeta, banner: tuple[str, ...]) -> Sheet:
    facts = {
        "Area": meta.area_name,
        "Published": meta.published_words,
        "Published by": meta.organisation,
        "Questions to": meta.contact,
        "Version": meta.version,
        "Licence": meta.licence,
    }
    lines = [
        *banner,
        "Every figure of the Data Report with its limits, its counts and its comparisons.",
        *(make_text(f"{name}: {words}") for name, words in facts.items() if words),
        "How to use: start from the contents. In a table of figures the name of an indicator leads "
        "to its definition, and from there the source leads to the files, each with its checksum.",
        "Cells without a figure hold a mark: "
        + "; ".join(f"{mark.symbol} {mark.meaning.rstrip('.')}" for mark in explain_shorthand())
        + ".",
        "An apostrophe at the start of a text keeps programs from running it as a formula.",
        *(make_text(statement) for statement in meta.attribution),
        Link("Contents", "Contents"),
        Link("Notes", "Notes"),
        Link("Definitions", "Definitions"),
    ]
    title = f"{meta.area_name}: tables of the Data Report"
    return Sheet("Cover", make_text(title), tuple(lines))


def _make_contents(sheets: list[Sheet], banner: tuple[str, ...]) -> Sheet:
    rows: list[tuple[Cell, ...]] = [
        (Link(sheet.name, sheet.name), sheet.title, Number(len(sheet.table.rows)))
        for sheet in sheets
        if sheet.table
    ]
    table = Table(("Sheet", "What it holds", "Rows"), rows)
    return Sheet("Contents", "Contents", (*banner, "This sheet holds one table."), table)


def _make_notes(notes: NoteBook, lines: tuple[Cell, ...]) -> Sheet:
    rows: list[tuple[Cell, ...]] = [
        (f"note {number}", text) for number, text in enumerate(notes.texts, start=1)
    ]
    rows += [(mark.symbol, mark.meaning) for mark in explain_shorthand()]
    table = Table(("Note number or mark", "Meaning"), rows)
    return Sheet("Notes", "Notes and marks", lines, table)


def _make_areas(tables: Mapping[str, pd.DataFrame], lines: tuple[Cell, ...]) -> list[Sheet]:
    if "areas" not in tables or tables["areas"].empty:
        return []
    columns = ["area_name", "area_role", "area_code"]
    rows = [
        (make_text(name), ROLES.get(role, make_text(role)), make_text(code))
        for name, role, code in tables["areas"][columns].itertuples(index=False)
    ]
    headings = ("Area", "Kind of area", "Area code")
    return [Sheet("Areas", "Areas that are shown together", lines, Table(headings, rows))]


def _make_gaps(tables: Mapping[str, pd.DataFrame], lines: tuple[Cell, ...]) -> list[Sheet]:
    if "missing_indicators" not in tables or tables["missing_indicators"].empty:
        return []
    columns = ["label", "reason", "source_id", "indicator_id"]
    rows = [
        tuple(make_text(text) or NOT_AVAILABLE for text in row)
        for row in tables["missing_indicators"][columns].itertuples(index=False)
    ]
    headings = ("Indicator", "Why there are no figures", "Identifier of the table", "Identifier")
    title = "Indicators without figures"
    return [Sheet("Not_available", title, lines, Table(headings, rows))]
