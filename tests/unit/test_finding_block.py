"""Findings, recommendations and the grid: what they say, where their links lead, what they refuse."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from lxml import html as lxml_html

from cip.catalogue.stages import load_stages
from cip.display.blocks import Block
from cip.display.cited_text import (
    list_shown,
    make_href,
    name_cited,
    resolve_links,
    write_cited,
    write_cited_text,
)
from cip.display.finding_block import FITS, SIDES, STRENGTHS, FindingBlock, Use
from cip.display.palette import INK, MUTED, PANEL, PAPER, ROLE_STYLES, WARNING, contrast
from cip.display.recommendation_block import FLAGS, RecommendationBlock
from cip.display.summary_css import SUMMARY_CSS
from cip.display.triangulation_chart import (
    MOST_ROWS,
    WAYS,
    chart_triangulation,
    title_triangulation,
)
from cip.evidence.entry import make_anchor

ATTACK = '<script>alert("1")</script>'
LABELS = {
    "data:cold": "Homes without heating",
    "quote:Q1": "Quotation Q1",
    "asset:own:hall": "Spoon <Hall>",
    "finding:housing": "Cold homes",
}
FINDING = {
    "finding_id": "theme-damp_homes",
    "title": "Homes that make people ill",
    "side": "challenge",
    "text": "Walls *never* dry [quote:Q1] and heat costs more [data:cold].\n\n- One [quote:Q1].",
    "data_say": "13% of homes [data:cold].",
    "people_say": "",
    "what_is_there": None,
    "fit": "agree",
    "fit_words": "Both point to a challenge.",
    "strength": "moderate",
    "strength_words": "Moderate: 3 of 5 tests are passed.",
    "gaps": "",
    "cites": "data:cold; quote:Q1; asset:own:hall",
    "is_edited": True,
    "file": "narrative/theme-damp_homes.md",
}
RECOMMENDATION = {
    "recommendation_id": "mend_roofs",
    "number": 2,
    "text": "Mend the roofs.",
    "for_whom": "Landlords",
    "approach": "befriending",
    "priority": "high",
    "agreed_with": "Steering group",
    "agreed_on": "2026-10-06",
    "cites": "finding:housing; quote:Q1",
    "rests_on": "numbers, voices",
    "flag": "",
}


def make_finding(**changes: object) -> FindingBlock:
    return FindingBlock(finding=FINDING | changes, labels=LABELS)


def make_recommendation(**changes: object) -> RecommendationBlock:
    return RecommendationBlock(recommendation=RECOMMENDATION | changes, labels=LABELS)


def parse(block: Block) -> lxml_html.HtmlElement:
    """Return a block's HTML, and fail where it is not well-formed."""
    text = block.to_html()
    etree.fromstring(re.sub(r"<(img|br|input)([^>]*)>", r"<\1\2/>", text))
    return lxml_html.fragment_fromstring(text)


def read_parts(tree: lxml_html.HtmlElement) -> dict[str, str]:
    return {
        row.find("dt").text_content(): row.find("dd").text_content().strip()
        for row in tree.xpath('.//dl[@class="cip-says"]/div')
    }


# Text with citations


def test_a_citation_becomes_a_link_that_says_what_it_leads_to():
    tree = lxml_html.fragment_fromstring(write_cited("Cold [data:cold].", LABELS))
    link = tree.find("a")
    assert link.get("href") == "cip:evidence#ev-data-cold"
    assert link.text_content() == "Evidence: Homes without heating"
    numbered = lxml_html.fragment_fromstring(
        write_cited("Cold [data:cold].", LABELS, numbers={"data:cold": 3})
    )
    assert numbered.text_content() == "Cold Evidence 3: Homes without heating."
    assert numbered.xpath("string(a/text())") == "3"


def test_the_place_of_an_entry_is_that_of_the_ledger():
    for evidence_id in ("data:social_rented.other", "asset:own:st-fable-s", "quote:Q01"):
        assert make_href(evidence_id) == f"cip:evidence#{make_anchor(evidence_id)}"
        assert make_href(evidence_id, "here") == f"cip:here#{make_anchor(evidence_id)}"


def test_markdown_is_kept_and_nothing_in_it_can_run():
    shown = write_cited(f"**So** {ATTACK} [a](javascript:alert(1)) ![x](https://a.org/x)", LABELS)
    tree = lxml_html.fragment_fromstring(shown)
    assert tree.find("strong").text == "So"
    assert ATTACK in tree.text_content()
    assert tree.find(".//script") is None
    assert tree.find(".//img") is None
    assert not [link for link in tree.iter("a") if "javascript" in link.get("href")]


def test_what_cannot_be_cited_and_what_stands_in_a_link_or_code_stays_text():
    text = (
        "[data:none] `[data:cold]` [see [data:cold] there](https://a.org/[data:cold]) [data:cold]"
    )
    tree = lxml_html.fragment_fromstring(write_cited(text, LABELS))
    hrefs = [link.get("href") for link in tree.iter("a")]
    assert hrefs == ["https://a.org/[data:cold]", "cip:evidence#ev-data-cold"]
    assert tree.text_content().startswith("[data:none] [data:cold] see [data:cold] there ")
    assert list_shown(text, LABELS) == ["data:cold"]


def test_emphasis_and_definitions_beside_a_citation_do_not_break_it():
    text = '**"Cold"**[data:cold]\n\n[data:cold]: https://evil.example'
    shown = write_cited(text, LABELS)
    assert "<strong>" in shown
    assert 'href="https' not in shown
    assert write_cited_text(text, LABELS).startswith('"Cold"[Homes without heating]')


@given(st.text(max_size=60))
def test_any_text_gives_html_without_tags_of_its_own(text: str):
    shown = write_cited(f"{text} [data:cold]", LABELS)
    tags = {element.tag for element in lxml_html.fragment_fromstring(shown, "div").iter()}
    known = {"div", "p", "a", "span", "em", "strong", "code", "ul", "ol", "li", "br", "hr"}
    assert tags <= known | {"h5", "blockquote"}


def test_names_of_evidence_and_findings_are_gathered():
    evidence = pd.DataFrame({"evidence_id": ["data:a"], "label": ["A"]})
    findings = pd.DataFrame({"finding_id": ["food"], "title": ["Food near"]})
    assert name_cited(evidence, findings) == {"data:a": "A", "finding:food": "Food near"}


# Links between pages


def test_links_lead_to_files_from_any_folder():
    page = '<a href="cip:evidence#ev-a"></a><a href="cip:summary#action-b"></a>'
    assert resolve_links(page, "") == (
        '<a href="evidence.html#ev-a"></a><a href="stages/05_summary.html#action-b"></a>'
    )
    assert resolve_links(page, "../").count('href="../') == 2
    for number, stage in enumerate(load_stages(), start=1):
        shown = resolve_links(f'<a href="cip:stage/{stage}#x">', "../")
        assert shown == f'<a href="../stages/{number:02d}_{stage}.html#x">'


def test_a_link_to_what_stands_on_the_page_stays_there():
    page = '<div id="finding-food"></div><a class="x" href="cip:summary#finding-food"></a>'
    assert 'href="#finding-food"' in resolve_links(page, "../")


def test_a_link_to_no_page_is_refused_and_words_are_left_alone():
    with pytest.raises(ValueError, match="cip:nowhere"):
        resolve_links('<a href="cip:nowhere#a">', "")
    words = "<p>Write cip:nowhere#a or href=&quot;cip:nowhere#a&quot;</p>"
    assert resolve_links(words, "") == words


# Findings


def test_a_finding_says_its_parts_and_what_is_empty():
    tree = parse(make_finding())
    assert tree.get("id") == "finding-theme-damp-homes"
    assert tree.get("data-cip-block") == "finding"
    parts = read_parts(tree)
    assert parts["What the data say"].startswith("13% of homes")
    assert parts["What people say"] == "Nobody was recorded as saying anything about this."
    assert parts["What is there"] == "Nothing on the asset map is about this."
    assert parts["How they fit"] == "They agree. Both point to a challenge."
    assert parts["Strength of evidence"] == "Moderate: 3 of 5 tests are passed."
    assert parts["What we do not know"] == "No gap was noted."
    assert "Nothing rests on this finding yet." in tree.text_content()


def test_numbers_of_citations_are_those_of_the_list():
    tree = parse(make_finding())
    listed = [item.text_content() for item in tree.xpath('.//ol[@class="cip-refs"]/li')]
    assert listed == [
        "Evidence: Quotation Q1", "Evidence: Homes without heating", "Evidence: Spoon <Hall>",
    ]  # fmt: skip
    links = tree.xpath('.//div[@class="cip-says-text"]//a')
    assert [link.xpath("string(text())") for link in links] == ["1", "2", "1"]
    assert tree.xpath('string(.//dl//a[@href="cip:evidence#ev-data-cold"]/text())') == "2"


def test_drafted_sentences_stand_one_under_the_other():
    said = "Homes: 8.0% cold, 2.5 more [data:cold]. Damp: 17 of 153 spoke [quote:Q1].  A hall [x]."
    tree = parse(make_finding(data_say=said, gaps=said))
    parts = tree.xpath('.//dl[@class="cip-says"]/div/dd')
    items = [item.xpath("string(text())") for item in parts[0].xpath("./ul/li")]
    assert items == ["Homes: 8.0% cold, 2.5 more ", "Damp: 17 of 153 spoke ", "A hall [x]."]
    assert parts[-1].find("ul") is None


@pytest.mark.parametrize("side", SIDES)
def test_a_side_is_told_in_words_with_a_shape_that_is_not_read_out(side: str):
    tree = parse(make_finding(side=side))
    line = tree.find_class("cip-side")[0]
    words, mark = SIDES[side]
    assert line.text_content() == f"{mark} {words}"
    assert line.find("span").get("aria-hidden") == "true"
    assert len({mark for _, mark in SIDES.values()}) == len(SIDES)


@pytest.mark.parametrize(("strength", "filled"), [(s, n) for s, (_, n) in STRENGTHS.items()])
def test_steps_show_the_strength_that_the_words_name(strength: str, filled: int):
    tree = parse(make_finding(strength=strength, strength_words=""))
    steps = tree.find_class("cip-steps")[0]
    assert steps.get("aria-hidden") == "true"
    assert [bool(step.get("class")) for step in steps] == [n < filled for n in range(3)]
    assert read_parts(tree)["Strength of evidence"] == f"{STRENGTHS[strength][0]}."


def test_a_finding_says_whether_a_person_wrote_it():
    assert "written by an analyst in narrative/theme-damp_homes.md" in make_finding().to_html()
    drafted = make_finding(is_edited=pd.NA, file="")
    assert "no person has edited it yet" in drafted.to_html()
    assert "no person has edited it yet" in drafted.to_text()


def test_what_rests_on_a_finding_is_linked():
    uses = [Use("recommendation", "mend_roofs", "Mend <roofs>")]
    block = FindingBlock(finding=FINDING, labels=LABELS, uses=uses)
    link = parse(block).xpath('.//ul[@class="cip-uses"]/li/a')[0]
    assert link.get("href") == "cip:summary#recommendation-mend-roofs"
    assert link.text_content() == "Recommendation: Mend <roofs>"
    assert "Recommendation: Mend <roofs>" in block.to_text()


def test_text_from_outside_is_escaped_everywhere():
    names = ("title", "text", "data_say", "people_say", "what_is_there", "fit_words", "gaps")
    block = FindingBlock(
        finding=FINDING | dict.fromkeys([*names, "strength_words", "file"], ATTACK),
        labels=dict.fromkeys(LABELS, ATTACK),
        uses=[Use("action", ATTACK, ATTACK)],
    )
    assert parse(block).find(".//script") is None
    assert ATTACK in block.to_text()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"title": " "}, "no title"),
        ({"finding_id": None}, "no finding_id"),
        ({"side": "good"}, "side that is not known"),
        ({"fit": ""}, "fit that is not known"),
        ({"strength": "huge"}, "strength that is not known"),
    ],
)
def test_a_finding_that_cannot_be_shown_is_refused(changes: dict, words: str):
    with pytest.raises(ValueError, match=words):
        make_finding(**changes)
    assert set(FITS) == {"agree", "tension", "one-sided", "silent"}


# Recommendations


def test_a_recommendation_says_who_acts_and_what_it_rests_on():
    tree = parse(make_recommendation())
    assert tree.get("id") == "recommendation-mend-roofs"
    assert read_parts(tree) == {
        "For whom": "Landlords",
        "Priority": "High priority",
        "Agreed with": "Steering group, 6 Oct 2026",
        "Rests on": "Published figures and what people say",
        "Approach": "Befriending",
    }
    links = tree.xpath('.//ol[@class="cip-refs"]/li/a')
    assert [link.text_content() for link in links] == [
        "Finding: Cold homes", "Evidence: Quotation Q1",
    ]  # fmt: skip
    assert links[0].get("href") == "cip:summary#finding-housing"
    assert "No action carries this out yet." in tree.text_content()


def test_the_return_of_an_approach_is_folded_away_with_its_caveat():
    tree = parse(make_recommendation())
    folded = tree.find("details").text_content()
    for words in ("£3.75", "2010", "older person", "imulation", "must not be added up", "2018"):
        assert words in folded
    assert "does not say which group" in folded
    without = parse(make_recommendation(approach="co_production")).find("details").text_content()
    assert "gives no figure on money" in without
    assert "£" not in without


def test_no_approach_and_no_agreement_are_said():
    block = make_recommendation(approach="", agreed_with="", agreed_on="", priority="low")
    tree = parse(block)
    assert tree.find("details") is None
    assert read_parts(tree)["Agreed with"] == "Nobody yet."
    assert "follows no approach" in read_parts(tree)["Approach"]
    assert "Nobody yet." in block.to_text()


@pytest.mark.parametrize("flag", FLAGS)
def test_a_flag_is_a_note(flag: str):
    block = make_recommendation(flag=flag)
    assert f"Note: {flag}." in parse(block).find_class("cip-flag")[0].text_content()
    assert FLAGS[flag] in block.to_text()
    assert not parse(make_recommendation()).find_class("cip-flag")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"text": ""}, "no text"),
        ({"number": pd.NA}, "no number"),
        ({"priority": "urgent"}, "priority that is not known"),
        ({"approach": "knitting"}, "approach that is not known"),
        ({"flag": "odd"}, "flag that is not known"),
        ({"cites": "data:none"}, "cites nothing that is shown"),
    ],
)
def test_a_recommendation_that_cannot_be_shown_is_refused(changes: dict, words: str):
    with pytest.raises(ValueError, match=words):
        make_recommendation(**changes)


# The grid


def make_ways(rows: int = 5) -> pd.DataFrame:
    ways = list(WAYS)
    lines = [[f"Block {n}", ways[n % 5], ways[(n + 1) % 5], ways[(n + 2) % 5]] for n in range(rows)]
    return pd.DataFrame(lines, columns=["title", "numbers", "voices", "assets"])


WORDS = {"title": "A finding", "block_id": "b", "source_line": "Source: all."}


def test_the_grid_says_every_cell_in_words_and_in_its_table():
    block = chart_triangulation(make_ways(), **WORDS)
    assert "Block 0 (what the data say: strength, what people say: challenge" in block.alt
    tree = parse(block)
    assert len(tree.xpath(".//details//tbody/tr")) == 5
    assert [cell.text for cell in tree.xpath(".//tbody/tr[1]/td")] == [
        "Strength", "Challenge", "Mixed",
    ]  # fmt: skip
    assert block.svg == chart_triangulation(make_ways(), **WORDS).svg
    height = float(chart_triangulation(make_ways(MOST_ROWS), **WORDS).svg.split('"')[5].split()[3])
    assert height <= 7.8 * 72


def test_the_grid_refuses_what_it_cannot_draw():
    for ways in (make_ways(0), make_ways(MOST_ROWS + 1)):
        with pytest.raises(ValueError, match="1 to"):
            chart_triangulation(ways, **WORDS)
    with pytest.raises(ValueError, match="no way in which the voices point"):
        chart_triangulation(make_ways().assign(voices="up"), **WORDS)


def test_the_title_counts_where_one_is_silent():
    ways = make_ways(4).replace("absent", "neutral")
    assert title_triangulation(ways).startswith("Data, people and assets all speak")
    ways.loc[0, "assets"] = "absent"
    assert title_triangulation(ways) == "On 1 subject of 4, one source or more is silent"
    assert title_triangulation(ways.assign(voices="absent")) == (
        "Only what the data say and what is there can be set side by side"
    )
    silent = ways.assign(numbers="absent", voices="absent")
    assert "every subject" in title_triangulation(silent)


# Style


def test_colours_of_words_and_marks_can_be_told_from_what_lies_behind():
    accent = ROLE_STYLES["profile"].colour
    assert all(contrast(INK, back) >= 4.5 for back in (PAPER, PANEL))
    assert all(contrast(MUTED, back) >= 4.5 for back in (PAPER, PANEL))
    assert all(contrast(accent, back) >= 4.5 for back in (PAPER, PANEL))
    assert all(contrast(colour, PAPER) >= 3 for colour in (accent, WARNING, MUTED))


def test_the_style_sheet_names_no_colour_of_its_own_and_closes_its_brackets():
    assert not re.search(r"#[0-9A-Fa-f]{3,6}\b", SUMMARY_CSS)
    assert SUMMARY_CSS.count("{") == SUMMARY_CSS.count("}")
    assert "@media print" in SUMMARY_CSS
