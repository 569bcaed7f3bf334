"""Easy Read: short sentences, our own drawings, and no claim that nobody has earned."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree
from lxml import html as lxml_html
from pypdf import PdfReader

from cip.catalogue.building_blocks import load_topics
from cip.errors import ParameterError
from cip.report import easy_read_words as words
from cip.report.easy_read import list_parts, render_easy_read, write_easy_read
from cip.report.easy_read_own import MOST_WORDS, read_own_text
from cip.report.easy_read_pictures import DRAWINGS, TOPIC_DRAWINGS
from cip.report.summary_contents import SIDES
from cip.report.summary_contents_text import count_words, split_sentences

from .summary_samples import FULL, SHORT, make_hostile, make_long

OURS_MOST = 12
OWN = """## Homes

[picture: home] Many homes are damp. Repairs take long.

It is cold too.

## Hard words

**Repair**: A repair makes a thing work again.
"""


def list_own_sentences() -> list[str]:
    """Every sentence that we wrote, with a figure in its place."""
    groups = [
        *(lines for _, lines in words.ABOUT), *(lines for _, lines in words.QUESTIONS),
        words.INVENTED_WORDS, words.NOT_AGREED, words.NOT_ASKED, words.NO_SHORT_QUOTES,
        words.NO_FINDINGS, words.NO_ADVICE, words.SIDE_WORDS.values(), words.SURE_WORDS.values(),
        words.HARD_WORDS.values(), (sentence for sentence, _, _ in words.FACT_WORDS.values()),
        (words.STYLE, words.NOT_CHECKED, words.CHECKED, words.SAID, words.ADVICE, words.WHO,
         words.MORE_ADVICE, words.LONG_ADVICE, words.WHERE),
    ]  # fmt: skip
    return [one for group in groups for text in group for one in split_sentences(text)]


@pytest.mark.parametrize("sentence", list_own_sentences())
def test_our_sentences_are_short(sentence):
    assert count_words(sentence.replace("{}", "About 19")) <= OURS_MOST


@pytest.mark.parametrize("contents", [FULL, SHORT, make_long()], ids=["full", "short", "long"])
def test_no_sentence_of_the_document_is_long(contents):
    for part in list_parts(contents):
        for point in part.points:
            for line in point.lines:
                for sentence in split_sentences(line.strip("“”")):
                    assert count_words(sentence) <= MOST_WORDS


def test_every_topic_has_words_and_a_drawing():
    assert set(words.TOPIC_WORDS) == set(TOPIC_DRAWINGS) == set(load_topics())
    assert set(words.SIDE_WORDS) == set(SIDES)
    assert {drawing for _, drawing, _ in words.FACT_WORDS.values()} <= set(DRAWINGS)


@pytest.mark.parametrize("name", DRAWINGS)
def test_drawings_are_whole_and_described(name):
    tree = etree.fromstring(DRAWINGS[name].to_svg().encode())
    assert len(tree[0]) >= 1
    assert DRAWINGS[name].alt.startswith("Drawing of ")


def test_every_point_has_a_drawing():
    tree = lxml_html.document_fromstring(render_easy_read(FULL))
    points = tree.xpath("//div[@class='point']")
    assert len(points) > 20
    assert all(len(point.xpath("./img[string(@alt)]")) == 1 for point in points)


def test_it_says_that_nobody_has_checked_it_unless_somebody_has():
    said = lxml_html.document_fromstring(render_easy_read(FULL)).text_content()
    assert words.STYLE in said and words.NOT_CHECKED in said
    checked = replace(FULL, easy_read_checked="Quillbrook Reading Group (invented)")
    said = lxml_html.document_fromstring(render_easy_read(checked)).text_content()
    assert words.NOT_CHECKED not in said
    assert "Quillbrook Reading Group (invented)" in said


def test_an_area_without_engagement_says_so():
    said = lxml_html.document_fromstring(render_easy_read(SHORT)).text_content()
    assert words.NOT_ASKED[0] in said and words.NO_ADVICE[0] in said
    assert "made up" not in said


def test_shares_become_people_in_a_hundred():
    (part,) = (part for part in list_parts(FULL) if part.heading == "The people here")
    lines = [line for point in part.points for line in point.lines]
    assert "About 15 in every 100 people are 65 or older." in lines
    assert "6,735 people live here." in lines


def test_own_text_takes_the_place_of_ours():
    parts = list_parts(replace(FULL, easy_read=OWN))
    homes = next(part for part in parts if part.heading == "Homes")
    assert [point.drawing for point in homes.points] == ["home", "idea"]
    assert homes.points[0].lines == ("Many homes are damp.", "Repairs take long.")
    headings = [part.heading for part in parts]
    assert "What is good here" not in headings and headings.count("Hard words") == 1
    explained = [p.name for part in parts if part.heading == "Hard words" for p in part.points]
    assert "Repair" in explained


def test_own_text_names_every_problem_by_its_line():
    long = " ".join(["Word"] * 16)
    text = f"## Homes\n\n[picture: hoem] Damp.\n\nFine here. {long}.\n"
    with pytest.raises(ParameterError) as caught:
        read_own_text(text, file=Path("easy_read.md"))
    first, second = caught.value.problems
    assert (first.line, first.nearest) == (3, "home")
    assert second.line == 5 and second.found.startswith("16 words")


def test_untrusted_text_stays_text():
    hostile = replace(make_hostile(), easy_read="## A <b>b</b>\n\n<script>x</script> here.\n")
    tree = lxml_html.document_fromstring(render_easy_read(hostile))
    assert not tree.xpath("//script | //b | //a")


def test_pdf_is_tagged(tmp_path):
    _, path = write_easy_read(FULL, tmp_path / "e.html", tmp_path / "e.pdf")
    reader = PdfReader(path)
    assert reader.trailer["/Root"]["/Lang"] == "en-GB"
    assert "Easy Read" in reader.metadata.title
    assert all("Demonstration" in page.extract_text() for page in reader.pages)
