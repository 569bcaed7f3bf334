"""The workbook of tables: structure by the government's guidance, in both formats alike."""

from __future__ import annotations

import re
import warnings
import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from lxml import etree

from cip.catalogue import load_indicators
from cip.errors import ExportError
from cip.report.downloads import write_downloads
from cip.report.workbook import Link, Number, Sheet, Table, Workbook, check_workbook
from cip.report.workbook_definitions import describe_denominator, describe_numerator
from cip.report.workbook_ods import name_column, write_ods
from cip.report.workbook_sheets import make_workbook
from cip.report.workbook_xlsx import write_xlsx

from .display_samples import find_indicator
from .download_samples import META, REASON, make_sources, make_tables

URN = "urn:oasis:names:tc:opendocument:xmlns:"
NS = {
    "office": f"{URN}office:1.0", "table": f"{URN}table:1.0", "text": f"{URN}text:1.0",
    "config": f"{URN}config:1.0", "meta": f"{URN}meta:1.0",
    "xlink": "http://www.w3.org/1999/xlink", "dc": "http://purl.org/dc/elements/1.1/",
}  # fmt: skip
WORDS = ["Cover", "Contents", "Notes", "Definitions", "Sources", "Areas"]


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    return make_tables()


@pytest.fixture(scope="module")
def workbook(tables) -> Workbook:
    return make_workbook(tables, META, make_sources(tables["indicators"]))


@pytest.fixture(scope="module")
def folder(tables, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("workbook")
    write_downloads(tables, folder, META, sources=make_sources(tables["indicators"]))
    return folder


@pytest.fixture(scope="module")
def book(folder) -> openpyxl.Workbook:
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # openpyxl warns of what it cannot read
        return openpyxl.load_workbook(folder / "data_report_tables.xlsx")


def read_part(path: Path, name: str) -> etree._Element:
    with zipfile.ZipFile(path) as archive:
        return etree.fromstring(archive.read(name))


@pytest.fixture(scope="module")
def ods(folder) -> etree._Element:
    return read_part(folder / "data_report_tables.ods", "content.xml")


def read_ods(content: etree._Element) -> dict[str, list[list[object]]]:
    """Return the cells of every sheet as numbers and text."""

    def read(cell: etree._Element) -> object:
        if cell.get(f"{{{NS['office']}}}value-type") == "float":
            return float(cell.get(f"{{{NS['office']}}}value"))
        return "".join(cell.itertext())

    return {
        sheet.get(f"{{{NS['table']}}}name"): [
            [read(cell) for cell in row.iterfind("table:table-cell", NS)]
            for row in sheet.iter(f"{{{NS['table']}}}table-row")
        ]
        for sheet in content.iter(f"{{{NS['table']}}}table")
    }


def list_cells(sheet: openpyxl.worksheet.worksheet.Worksheet) -> list[list[object]]:
    return [[c for c in row if c is not None] for row in sheet.iter_rows(values_only=True)]


# Structure


def test_words_come_first_then_a_sheet_for_each_section(book, tables):
    sections = dict.fromkeys(tables["indicators"]["section"])
    assert book.sheetnames[: len(WORDS)] == WORDS
    assert {name.casefold() for name in book.sheetnames[len(WORDS) :]} == set(sections)


def test_each_sheet_holds_one_whole_table_and_a_heading(book):
    for sheet in book:
        assert isinstance(sheet["A1"].value, str)
        assert not sheet.merged_cells.ranges
        if sheet.title == "Cover":
            assert not sheet.tables
            continue
        (table,) = sheet.tables.values()
        assert re.fullmatch(r"[A-Z][A-Za-z_]+_table", table.name)
        cells = sheet[table.ref]
        assert all(cell.value not in (None, "") for row in cells for cell in row), sheet.title
        # The table ends where the sheet ends, and its headings stay in sight.
        assert cells[-1][-1].coordinate == sheet.dimensions.partition(":")[2]
        assert sheet.freeze_panes == f"A{cells[0][0].row + 1}"
        headings = [cell.value for cell in cells[0]]
        assert len(set(headings)) == len(headings)
        assert all(sheet.column_dimensions[c.column_letter].width >= 11 for c in cells[0])


def test_every_sheet_of_the_demonstration_says_that_it_is_invented(book, ods):
    for sheet in book:
        assert sheet["A2"].value == f"{META.banner}."
    for rows in read_ods(ods).values():
        assert rows[1] == [f"{META.banner}."]


def test_a_genuine_workbook_does_not(tables, tmp_path):
    sources = make_sources(tables["indicators"])
    made = make_workbook(tables, replace(META, is_synthetic=False), sources)
    assert not any("Synthetic" in str(line) for sheet in made.sheets for line in sheet.lines)


def test_the_two_formats_hold_the_same(book, ods):
    other = read_ods(ods)
    assert list(other) == book.sheetnames
    for sheet in book:
        for row, cells in zip(other[sheet.title], list_cells(sheet), strict=True):
            # XlsxWriter keeps 16 digits of a number.
            assert [
                pytest.approx(c, rel=1e-15) if isinstance(c, float) else c for c in row
            ] == cells


def test_properties_of_the_files(book, folder):
    about = book.properties
    assert (about.title, about.creator) == (
        "Fernhollow: tables of the Data Report",
        META.organisation,
    )
    assert (about.language, about.created.date()) == ("en-GB", META.published)
    meta = read_part(folder / "data_report_tables.ods", "meta.xml")
    facts = {etree.QName(e).localname: e.text for e in meta.iter() if e.text}
    assert (facts["title"], facts["creator"]) == (about.title, about.creator)
    assert (facts["language"], facts["creation-date"]) == ("en-GB", "2026-11-21T00:00:00")


def test_the_open_document_is_packed_as_the_format_wants(folder, book):
    path = folder / "data_report_tables.ods"
    with zipfile.ZipFile(path) as archive:
        first, names = archive.infolist()[0], archive.namelist()
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    listed = read_part(path, "META-INF/manifest.xml").xpath("//@*[local-name()='full-path']")
    assert sorted(listed) == sorted({"/", *names} - {"mimetype", "META-INF/manifest.xml"})
    settings = read_part(path, "settings.xml")
    frozen = settings.xpath(
        "//config:config-item[@config:name='VerticalSplitPosition']/text()", namespaces=NS
    )
    assert [int(row) for row in frozen] == [
        int(sheet.freeze_panes[1:]) - 1 for sheet in book if sheet.tables
    ]


def test_tables_are_marked_in_the_open_document(ods, book):
    marked = {
        entry.get(f"{{{NS['table']}}}name"): entry.get(f"{{{NS['table']}}}target-range-address")
        for entry in ods.iterfind(".//table:database-range", NS)
    }
    expected = {}
    for sheet in book:
        for table in sheet.tables.values():
            start, end = table.ref.split(":")
            expected[table.name] = f"{sheet.title}.{start}:{sheet.title}.{end}"
    assert marked == expected
    assert not ods.xpath("//@table:number-columns-spanned", namespaces=NS)


# Figures


def find_rows(book, indicator: str, heading: str) -> dict[tuple[str, str], object]:
    """Return the cells of a column for an indicator, by group and area."""
    entry = load_indicators()[indicator]
    cells = list_cells(book[entry.section.capitalize()])
    start = next(n for n, row in enumerate(cells) if row[0] == "Indicator")
    names = [re.sub(r" \[note .*", "", name) for name in cells[start]]
    return {
        (row[names.index("Group")] if "Group" in names else "[z]", row[names.index("Area")]): row[
            names.index(heading)
        ]
        for row in cells[start + 1 :]
        if row[0] == entry.label
    }


def test_a_suppressed_figure_shows_c_everywhere_and_says_why(book):
    share = find_indicator("proportion").id
    key = ("[z]", "Fernhollow")
    for heading in ("Figure", "Lower 95% limit", "Upper 95% limit", "Numerator", "Denominator"):
        assert find_rows(book, share, heading)[key] == "[c]"
    (number,) = re.findall(r"\[(note \d+)\]", find_rows(book, share, "Notes")[key])
    notes = {row[0]: row[1] for row in list_cells(book["Notes"]) if len(row) == 2}
    assert notes[number] == REASON
    assert {"[c]", "[low]", "[x]", "[z]"} <= set(notes)


@pytest.mark.parametrize(
    ("statistic", "area", "heading", "expected"),
    [
        ("proportion", "Wessmarch", "Figure", "[x]"),
        ("proportion", "Wessmarch", "Upper 95% limit", "[x]"),
        ("count", "Fernhollow", "Lower 95% limit", "[z]"),
        ("count", "Fernhollow", "Denominator", "[z]"),
        ("weighted_mean", "Marlbury", "Numerator", "[z]"),
        ("weighted_mean", "Marlbury", "Upper 95% limit", "[z]"),
        ("count", "Fernhollow", "The profile area against this area, at 95%", "[z]"),
    ],
)
def test_what_is_missing_has_its_mark(book, statistic, area, heading, expected):
    found = find_rows(book, find_indicator(statistic).id, heading)
    assert found["[z]", area] == expected


def test_low_is_not_zero(book, tables):
    parts = find_indicator("composition")
    first = parts.groups[0].label
    assert find_rows(book, parts.id, "Figure")[first, "Marlbury"] == "[low]"
    assert find_rows(book, parts.id, "Lower 95% limit")[first, "Marlbury"] == 0


def test_figures_are_numbers_with_all_their_decimals(book, tables):
    parts = find_indicator("composition")
    own = tables["indicators"].query("indicator_id == @parts.id and area_role == 'profile'")
    shown = find_rows(book, parts.id, "Figure")
    for row in own.itertuples():
        assert shown[row.group_label, row.area_name] == pytest.approx(row.value, abs=1e-12)
    sheet = book[parts.section.capitalize()]
    formats = {c.number_format for row in sheet.iter_rows() for c in row if c.data_type == "n"}
    assert formats <= {"General", "#,##0", "#,##0.0", "#,##0.00", "#,##0.000", "#,##0.0000"}
    assert any("." in name for name in formats)


def test_limits_at_998_show_where_there_are_any(tables):
    indicators = tables["indicators"].assign(lower_998=1.0, upper_998=9.0, comparison_998="higher")
    made = make_workbook({"indicators": indicators}, META, {})
    headings = {
        h for sheet in made.sheets[3:] for h in (sheet.table.headings if sheet.table else ())
    }
    assert sum("99.8%" in heading for heading in headings) == 3


# Links


def test_every_link_leads_to_a_cell_that_is_there(book):
    links = [cell.hyperlink for sheet in book for row in sheet for cell in row if cell.hyperlink]
    assert len(links) > 30
    for link in links:
        name, row = re.fullmatch(r"'?(\w+)'?!A(\d+)", link.location).groups()
        assert book[name][f"A{row}"].value, link.location


def test_two_clicks_lead_from_a_figure_to_its_definition_and_its_file(book):
    def follow(cell) -> tuple[object, int]:
        name, row = re.fullmatch(r"'(\w+)'!A(\d+)", cell.hyperlink.location).groups()
        return book[name], int(row)

    seen = 0
    for sheet in book.worksheets[len(WORDS) :]:
        (table,) = sheet.tables.values()
        for row in sheet[table.ref][1:]:
            definitions, place = follow(row[0])
            assert definitions[f"A{place}"].value == row[0].value
            source = next(c for c in definitions[place] if c.hyperlink)
            sources, start = follow(source)
            assert sources[f"A{start}"].value == source.value
            assert re.fullmatch(r"[0-9a-f]{64}", sources[f"H{start}"].value)
            seen += 1
    assert seen >= 16


def test_contents_lists_every_sheet_with_a_table(book):
    rows = [row for row in list_cells(book["Contents"]) if len(row) == 3][1:]
    assert [row[0] for row in rows] == book.sheetnames[2:]
    for name, title, size in rows:
        (table,) = book[name].tables.values()
        assert title == book[name]["A1"].value
        assert size == len(book[name][table.ref]) - 1


# What is refused


def make_sheet(**changes) -> Sheet:
    usual = Sheet("One", "Title", (), Table(("A", "B"), [("a", Number(1.0))]))
    return replace(usual, **changes)


@pytest.mark.parametrize(
    ("sheets", "words"),
    [
        ([make_sheet(), make_sheet()], "two sheets have one name"),
        ([make_sheet(name="Not a name")], "cannot be linked to"),
        ([make_sheet(title=" ")], "blank"),
        ([make_sheet(table=Table(("A", "a"), [("a", "b")]))], "headings are alike"),
        ([make_sheet(table=Table(("A", "B"), [("a",)]))], "another length"),
        ([make_sheet(table=Table(("A", "B"), []))], "no rows"),
        ([make_sheet(table=Table(("A", "B"), [("a", "")]))], "blank"),
        ([make_sheet(table=Table(("A",), [(Number(float("nan")),)]))], "blank"),
        ([make_sheet(lines=(Link("x", "Two"),))], "leads nowhere"),
        ([make_sheet(lines=(Link("x", "One", 9),))], "leads nowhere"),
    ],
)
def test_a_workbook_that_breaks_a_rule_is_refused(sheets, words):
    with pytest.raises(ExportError, match=words):
        check_workbook(Workbook("T", "A", META.published, sheets=sheets))


def test_an_indicator_that_is_not_in_the_catalogue_is_named(tables):
    strange = tables["indicators"].assign(indicator_id="moon_dust")
    with pytest.raises(ExportError, match="moon_dust"):
        make_workbook({"indicators": strange}, META, {})


def test_text_that_looks_like_a_formula_stays_text(tables, tmp_path):
    names = tables["indicators"]["area_name"].replace("Marlbury", '=HYPERLINK("http://x.test")')
    attack = {"indicators": tables["indicators"].assign(area_name=names)}
    made = make_workbook(attack, META, {})
    book = openpyxl.load_workbook(write_xlsx(made, tmp_path / "a.xlsx"))
    cells = [c for sheet in book for row in sheet.iter_rows() for c in row]
    assert not any(cell.data_type == "f" for cell in cells)
    assert sum(str(cell.value).startswith("'=HYPERLINK") for cell in cells) >= 4
    content = read_part(write_ods(made, tmp_path / "a.ods"), "content.xml")
    assert not content.xpath("//@table:formula", namespaces=NS)
    assert "'=HYPERLINK" in etree.tostring(content, encoding="unicode")


@pytest.mark.parametrize(
    ("number", "letters"), [(1, "A"), (26, "Z"), (27, "AA"), (52, "AZ"), (703, "AAA")]
)
def test_columns_have_letters(number, letters):
    assert name_column(number) == letters


@pytest.mark.parametrize("entry", load_indicators().values(), ids=lambda entry: entry.id)
def test_every_indicator_says_what_is_counted(entry):
    from cip.catalogue import load_sources

    source = load_sources()[entry.source]
    words = [describe(entry, source) for describe in (describe_numerator, describe_denominator)]
    assert all(words)
    assert not any("{" in text or "_" in text for text in words), words
    has_base = entry.statistic in ("proportion", "composition", "rate", "ratio", "weighted_mean")
    assert not has_base or "[z]" not in words
