"""The Word copy: real headings, ids to comment on, the same bytes, and no repair."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from dataclasses import replace

import pytest
from docx import Document as open_docx
from docx.oxml.ns import qn
from PIL import Image
from pypdf import PdfReader

from cip.report.word_copy import COMMENT_COLUMNS, make_word_copy, write_word_copy

from .summary_samples import FULL, SHORT, make_hostile, make_long


def make_png() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (300, 200), "#A9C4E4").save(buffer, "PNG")
    return buffer.getvalue()


WITH_MAP = replace(FULL, map_png=make_png())


def read(contents) -> object:
    return open_docx(io.BytesIO(make_word_copy(contents)))


def list_texts(word, style: str) -> list[str]:
    return [p.text for p in word.paragraphs if p.style.name == style]


def test_findings_and_recommendations_have_headings_and_ids():
    word = read(WITH_MAP)
    names = list_texts(word, "Heading 2")
    assert names[0] == "F1 Neighbours look out for each other"
    assert len(names) == len(FULL.findings) + len(FULL.recommendations)
    references = list_texts(word, "Reference")
    assert "refers_to: finding:housing" in references
    assert "refers_to: recommendation:repairs" in references
    heads = list_texts(word, "Heading 1")
    assert heads.index("What is good here") < heads.index("What is hard here")


def test_paragraphs_are_numbered_in_order():
    numbers = [
        p.runs[0].text
        for p in read(WITH_MAP).paragraphs
        if p.runs and p.runs[0].style.name == "Reference id" and p.runs[0].text.startswith("P")
    ]
    assert numbers == [f"P{place}" for place in range(1, len(numbers) + 1)]
    assert len(numbers) >= 8


def test_first_page_says_how_to_comment():
    word = read(FULL)
    cells = [row.cells[0].text for row in word.tables[0].rows[1:]]
    assert tuple(cells) == COMMENT_COLUMNS
    said = "\n".join(p.text for p in word.paragraphs)
    assert "never a name" in said and "comments.csv" in said


def test_tables_have_marked_headings_and_the_map_its_words():
    word = read(WITH_MAP)
    assert all(table.rows[0]._tr.find(f".//{qn('w:tblHeader')}") is not None
               for table in word.tables)  # fmt: skip
    (picture,) = word.inline_shapes
    assert picture._inline.docPr.get("descr") == FULL.map_alt


def test_a_map_that_could_not_be_drawn_is_named():
    said = "\n".join(p.text for p in read(FULL).paragraphs)
    assert "The map of the area is in the web page" in said


def test_an_area_without_engagement_is_shorter_and_says_why():
    said = "\n".join(p.text for p in read(SHORT).paragraphs)
    assert "Nobody has asked residents" in said
    assert "No finding is a strength" in said and "No recommendations have been agreed" in said
    assert "What people said" not in said and "Demonstration" not in said


def test_language_and_properties():
    content = make_word_copy(FULL)
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        styles = package.read("word/styles.xml").decode()
        names = package.namelist()
        assert {entry.date_time for entry in package.infolist()} == {(2026, 11, 21, 0, 0, 0)}
    assert 'w:val="en-GB"' in styles and 'w:val="en-US"' not in styles
    assert len(names) == len(set(names))
    assert open_docx(io.BytesIO(content)).core_properties.language == "en-GB"


@pytest.mark.parametrize("contents", [WITH_MAP, SHORT])
def test_same_contents_give_the_same_bytes(contents):
    assert make_word_copy(contents) == make_word_copy(contents)


def test_untrusted_text_becomes_text_and_no_link():
    word = read(make_hostile())
    said = "\n".join(p.text for p in word.paragraphs)
    assert "<script>alert(1)</script>" in said and "\x0b" not in said
    assert [rel for rel in word.part.rels.values() if rel.reltype.endswith("/hyperlink")] == []
    links = [
        r.target_ref for r in read(FULL).part.rels.values() if r.reltype.endswith("/hyperlink")
    ]
    assert links == [FULL.contact]


def test_libreoffice_opens_it_without_repair(tmp_path):
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed")
    for name, contents in (("full", WITH_MAP), ("long", make_long())):
        write_word_copy(contents, tmp_path / f"{name}.docx")
    done = subprocess.run(
        [office, f"-env:UserInstallation=file://{tmp_path}/office", "--headless",
         "--convert-to", "pdf", "--outdir", tmp_path, *tmp_path.glob("*.docx")],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    pages = {path.stem: len(PdfReader(path).pages) for path in tmp_path.glob("*.pdf")}
    assert 4 <= pages["full"] <= 8
    assert pages["long"] > pages["full"]
    said = " ".join(PdfReader(tmp_path / "full.pdf").pages[0].extract_text().split())
    assert "How to comment" in said and "Demonstration" in said
