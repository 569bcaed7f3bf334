"""The Word document: real styles, marked headers, the same bytes, and the words of the chapter."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from docx import Document as open_docx
from docx.oxml.ns import qn
from lxml import etree

from cip.framework.document import Bullets, Document, Grid, Open, Paragraph, Section
from cip.params import load_params
from cip.report.word import TERMS_NAME, make_docx, share_width, write_terms

TODAY = date(2026, 11, 21)
PARAMS = """id: hill
title: Hill & <Dale>
profile_kind: neighbourhood
area: {wards: [Hill]}
organisation: {name: Invented Council, contact: none}
report_date: 2026-11-20
steering_group: {chair_role: 'Ward member, Invented Council'}
inputs: {steering_group: seats.csv}
"""
SEATS = """organisation,role,kind,sector,votes,since,status
Hill residents,Resident,residents,community,yes,2026-03-01,agreed
"Surgery, ""The Hill"" & Co",Practice manager,primary_care,health,yes,2026-03-01,agreed
=SUM(A1),Head teacher,education,public,no,2026-04-01,invited
,,employers,private,,,vacant
"""


@pytest.fixture
def file(tmp_path):
    (tmp_path / "seats.csv").write_text(SEATS, encoding="utf-8")
    (tmp_path / "hill.yml").write_text(PARAMS, encoding="utf-8")
    return load_params(tmp_path / "hill.yml")


@pytest.fixture
def path(file, tmp_path) -> Path:
    return write_terms(file, tmp_path / "downloads", today=TODAY, is_synthetic=True)


def make_document(**changes: object) -> Document:
    values = {
        "title": "Terms",
        "subtitle": "A group",
        "banners": ("Draft",),
        "sections": (
            Section(
                "First",
                (
                    Paragraph(("Plain ", Open("gap", "who"), ".")),
                    Bullets((("one",), ("two",))),
                    Grid("Seats", ("Name", "Vote"), (("A", "Yes"), ("B", Open("gap", "?")))),
                ),
            ),
        ),
        "author": "A council",
        "published": date(2026, 1, 2),
        "subject": "About it",
    }
    return Document(**{**values, **changes})  # type: ignore[arg-type]


def list_body(word) -> list[str]:
    """Return the texts of a document in reading order, tables cell by cell."""
    texts = []
    for item in word.iter_inner_content():
        if hasattr(item, "rows"):
            texts += [cell.text for row in item.rows for cell in row.cells]
        else:
            texts.append(item.text)
    return texts


def test_the_file_has_the_words_of_the_chapter(file, path):
    from cip.framework.steering_group import read_seats
    from cip.framework.terms_of_reference import build_terms

    seats = read_seats(path.parents[1] / "seats.csv")
    terms = build_terms(file, seats, today=TODAY, is_synthetic=True)
    word = open_docx(path)
    assert path.name == TERMS_NAME
    assert list_body(word) == [terms.title, terms.subtitle, *terms.banners, *terms.list_texts()]
    assert "Hill & <Dale>" in " ".join(list_body(word))
    assert "=SUM(A1)" in list_body(word)


def test_headings_lists_and_captions_are_real_styles(path):
    word = open_docx(path)
    styles = {p.style.name for p in word.paragraphs}
    assert {"Title", "Subtitle", "Banner", "Heading 1", "List Bullet", "Caption"} <= styles
    assert sum(p.style.name == "Heading 1" for p in word.paragraphs) == 9
    assert not [p for p in word.paragraphs if not p.text.strip()], "spacing is done by styles"
    for table in word.tables:
        assert all(p.text.strip() for row in table.rows for c in row.cells for p in c.paragraphs)


def test_list_items_are_numbered_by_word_itself(path):
    word = open_docx(path)
    assert word.styles["List Bullet"].element.find(f".//{qn('w:numPr')}") is not None


def test_the_heading_row_of_a_table_is_marked(path):
    (table,) = open_docx(path).tables
    marks = [row._tr.find(f".//{qn('w:tblHeader')}") is not None for row in table.rows]
    assert marks == [True, *[False] * (len(table.rows) - 1)]
    assert all(row._tr.find(f".//{qn('w:cantSplit')}") is not None for row in table.rows)
    assert table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val")) == "Seats of the group"


def test_open_places_are_marked_by_style_and_by_words(path):
    word = open_docx(path)
    runs = [run for paragraph in word.paragraphs for run in paragraph.runs]
    marked = [run.text for run in runs if run.style.name == "Open place"]
    assert marked and all(text.startswith("[") and text.endswith("]") for text in marked)
    assert "[Proposed: once every two months]" in marked
    unmarked = "".join(run.text for run in runs if run.style.name != "Open place")
    assert "[" not in unmarked


def test_language_and_properties_are_set(path):
    word = open_docx(path)
    properties = word.core_properties
    assert properties.title.startswith("Terms of Reference: ")
    assert properties.author == properties.last_modified_by == "Invented Council"
    assert properties.language == "en-GB"
    assert properties.created == properties.modified == datetime(2026, 11, 20, tzinfo=UTC)
    assert not properties.comments
    langs = {lang.get(qn("w:val")) for lang in word.styles.element.iter(qn("w:lang"))}
    assert langs == {"en-GB"}
    assert word.settings.element.find(qn("w:themeFontLang")).get(qn("w:val")) == "en-GB"


def test_word_opens_it_as_a_document_of_today(path):
    settings = open_docx(path).settings.element
    modes = {
        entry.get(qn("w:name")): entry.get(qn("w:val"))
        for entry in settings.iter(qn("w:compatSetting"))
    }
    assert modes["compatibilityMode"] == "15"


def test_a_file_without_seats_lists_the_kinds_to_ask(tmp_path):
    (tmp_path / "hill.yml").write_text(PARAMS.partition("inputs:")[0], encoding="utf-8")
    path = write_terms(load_params(tmp_path / "hill.yml"), tmp_path, today=TODAY)
    word = open_docx(path)
    assert not word.tables
    assert "Police and fire service" in list_body(word)


def test_every_page_says_draft_invented_and_its_number(path):
    section = open_docx(path).sections[0]
    header = section.header.paragraphs[0].text
    assert "Draft" in header and "invented" in header
    fields = [f.get(qn("w:instr")) for f in section.footer._element.iter(qn("w:fldSimple"))]
    assert fields == ["PAGE", "NUMPAGES"]
    assert "20 November 2026" in section.footer.paragraphs[0].text
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)


def test_every_part_is_well_formed_and_none_points_outside(path):
    with zipfile.ZipFile(path) as package:
        assert package.testzip() is None
        names = package.namelist()
        assert names[0] == "[Content_Types].xml"
        assert not [name for name in names if "thumbnail" in name]
        for name in names:
            if name.endswith((".xml", ".rels")):
                tree = etree.fromstring(package.read(name))
                outside = [e for e in tree.iter() if e.get("TargetMode") == "External"]
                assert not outside, name


def test_the_same_inputs_give_the_same_bytes(file, path, tmp_path):
    again = write_terms(file, tmp_path / "again", today=date(2030, 1, 1), is_synthetic=True)
    assert again.read_bytes() == path.read_bytes()
    with zipfile.ZipFile(path) as package:
        assert {entry.date_time for entry in package.infolist()} == {(2026, 11, 20, 0, 0, 0)}
    assert [p.name for p in path.parent.iterdir()] == [TERMS_NAME]


def test_a_real_area_is_not_called_invented(file, tmp_path):
    path = write_terms(file, tmp_path / "real", today=TODAY)
    word = open_docx(path)
    # The words of the council's own name apart.
    assert "Demonstration" not in " ".join(
        [*list_body(word), word.sections[0].header.paragraphs[0].text]
    )


def test_long_and_strange_text_stays_readable():
    title = "A" * 400
    word = open_docx(io.BytesIO(make_docx(make_document(title=title, author="Ünïcode 漢字 'q'"))))
    assert word.paragraphs[0].text == title
    assert word.core_properties.author == "Ünïcode 漢字 'q'"
    assert len(word.core_properties.title) <= 255


def test_columns_share_the_width_of_the_page():
    grid = Grid("c", ("Short", "Long"), (("a", "b " * 60), ("a", "Unbreakableword" * 2)))
    short, long = share_width(grid)
    assert abs((short + long) / 36000 - 170) < 0.01
    assert long > 3 * short


def test_the_document_opens_in_libreoffice(path, tmp_path):
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        pytest.skip("LibreOffice is not on this machine (package libreoffice-writer-nogui)")
    home = f"-env:UserInstallation={(tmp_path / 'home').as_uri()}"
    done = subprocess.run(
        [office, home, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(path)],
        capture_output=True, text=True, timeout=180, check=False,
    )  # fmt: skip
    pdf = tmp_path / "terms_of_reference.pdf"
    assert pdf.exists(), done.stdout + done.stderr
    from pypdf import PdfReader

    reader = PdfReader(pdf)
    text = " ".join(page.extract_text() for page in reader.pages)
    for words in ("Terms of Reference", "Data protection", "Page 1 of", "Seats of the group"):
        assert words in text
    for page in reader.pages[1:]:
        assert "Draft" in page.extract_text()
