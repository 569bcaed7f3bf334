"""The poster: one page of A4 or A3, tagged, strengths first, whole sentences."""

from __future__ import annotations

from dataclasses import replace

import pytest
from lxml import html as lxml_html
from pypdf import PdfReader

from cip.report.pdf import WeasyPrintPdfWriter
from cip.report.poster import render_poster, write_poster
from cip.report.poster_layout import lay_out
from cip.report.summary_contents import INVENTED, clean_contents
from cip.report.summary_contents_text import split_sentences

from .summary_samples import FULL, SHORT, make_hostile, make_long

SIZES_MM = {"A4": (210, 297), "A3": (297, 420)}


@pytest.mark.parametrize(
    ("contents", "size"), [(FULL, "A4"), (FULL, "A3"), (SHORT, "A3"), (make_long(), "A4")]
)
def test_pdf_is_one_tagged_page_of_its_paper(contents, size, tmp_path):
    _, path = write_poster(contents, tmp_path / "p.html", tmp_path / "p.pdf", size=size)
    reader = PdfReader(path)
    assert len(reader.pages) == 1
    measured = [float(side) / 72 * 25.4 for side in reader.pages[0].mediabox[2:]]
    assert measured == pytest.approx(SIZES_MM[size], abs=1)
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] is True or root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en-GB"
    assert reader.metadata.title.startswith("Poster: ")
    words = " ".join(reader.pages[0].extract_text().split())
    assert words.index("What is good here") < words.index("What is hard here")
    assert (INVENTED in words) is contents.is_synthetic


def test_same_contents_give_the_same_bytes(tmp_path):
    first = write_poster(FULL, tmp_path / "a.html", tmp_path / "a.pdf")[1].read_bytes()
    assert write_poster(FULL, tmp_path / "b.html", tmp_path / "b.pdf")[1].read_bytes() == first


def test_an_area_without_engagement_says_so():
    layout = lay_out(SHORT)
    assert layout.quotes == []
    assert layout.no_quotes.startswith("Nobody has asked residents")
    assert "no clear strength" in layout.sides[0].none
    assert layout.steps == ["No recommendations have been agreed yet."]
    assert layout.grow > 1


def test_larger_type_costs_no_word():
    assert [item.title for item in lay_out(SHORT).sides[1].items] == [SHORT.findings[0].title]


@pytest.mark.parametrize("contents", [FULL, make_long()])
def test_texts_are_cut_after_a_sentence(contents):
    layout = lay_out(clean_contents(contents))
    sources = {finding.title: finding.text for finding in contents.findings}
    for side in layout.sides:
        for item in side.items:
            whole = next(
                text for title, text in sources.items() if title.startswith(item.title[:9])
            )
            cut = split_sentences(item.text)
            assert cut == split_sentences(whole)[: len(cut)]
    said = {quote.text for quote in contents.quotes}
    assert all(quote.text in said for quote in layout.quotes)  # never shortened


def test_both_kinds_of_quotation_come_first():
    contents = replace(FULL, findings=FULL.findings[:1], facts=(), recommendations=())
    assert {quote.side for quote in lay_out(contents).quotes} == {"strength", "challenge"}


def test_untrusted_text_stays_text():
    tree = lxml_html.document_fromstring(render_poster(make_hostile()))
    assert not tree.xpath("//script")
    assert not tree.xpath("//a")
    assert "<script>alert(1)</script>" in tree.text_content()


def test_contact_is_a_link_only_where_it_is_a_web_page():
    links = lxml_html.document_fromstring(render_poster(FULL)).xpath("//a/@href")
    assert links == [FULL.contact]
    assert not lxml_html.document_fromstring(render_poster(SHORT)).xpath("//a")


def test_other_paper_is_refused():
    with pytest.raises(ValueError, match="A4 or A3"):
        render_poster(FULL, size="A5")


def test_without_a_browser_it_is_one_page_too(tmp_path):
    writer = WeasyPrintPdfWriter()
    _, path = write_poster(FULL, tmp_path / "w.html", tmp_path / "w.pdf", writer=writer)
    (page,) = PdfReader(path).pages
    words = " ".join(page.extract_text().split())
    for part in (FULL.area, "What people said", "Take part", "Sources:", INVENTED):
        assert part in words
