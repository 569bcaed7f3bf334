"""The evidence page: places, sources, what rests on an entry, and what may not be cited."""

from __future__ import annotations

import time
from collections import Counter

import pandas as pd
import pytest
from lxml import etree
from lxml import html as lxml_html

from cip.display.cited_text import resolve_links
from cip.display.evidence_block import NOTHING, EvidenceBlock, EvidenceFilter, list_uses
from cip.display.finding_block import Use
from cip.evidence.entry import Entry, build_table, make_anchor
from cip.report.checks import check_page

ATTACK = '<script>alert("1")</script>'
SOURCE = {"source": "Source: Census 2021", "licence": "OGL v3.0", "vintage": "LSOA 2021"}
FINDING = Use("finding", "housing", "Cold homes")
RECOMMENDATION = Use("recommendation", "mend_roofs", "Mend the roofs")


def make_entries(number: int = 2, **changes: object) -> pd.DataFrame:
    shared = {"stage": "data_profile", **SOURCE, **changes}
    entries = [
        Entry(
            evidence_id=f"data:figure_{n}",
            label=f"Figure {n}",
            statement=f"Said {n}.",
            anchor=f"fig-{n}",
            **shared,
        )
        for n in range(number)
    ]
    return build_table(entries)


def make_block(entries: pd.DataFrame, **changes: object) -> EvidenceBlock:
    return EvidenceBlock(
        **{"kind": "data", "title": "Published figures"} | changes, entries=entries
    )


def parse(block: EvidenceBlock) -> lxml_html.HtmlElement:
    """Return a block's HTML, and fail where it is not well-formed."""
    text = block.to_html()
    etree.fromstring(text)
    return lxml_html.fragment_fromstring(text)


def test_an_entry_has_its_place_its_source_and_its_chapter():
    tree = parse(make_block(make_entries()))
    assert tree.get("id") == "evidence-data"
    items = tree.xpath('.//ul[@class="cip-entries"]/li')
    assert [item.get("id") for item in items] == [make_anchor(f"data:figure_{n}") for n in (0, 1)]
    text = items[0].text_content()
    assert "data:figure_0" in text
    assert "Said 0." in text
    assert "Source: Census 2021; OGL v3.0; LSOA 2021." in text
    link = items[0].find(".//a")
    assert link.get("href") == "cip:stage/data_profile#fig-0"
    assert link.text_content() == "The data: Figure 0"
    assert NOTHING in text


def test_what_rests_on_an_entry_is_linked_and_says_through_what():
    expanded = pd.DataFrame(
        [
            ("finding", "housing", "Cold homes", "data:figure_0", ""),
            ("recommendation", "mend_roofs", "Mend the roofs", "data:figure_0", "finding:housing"),
        ],
        columns=["citing_kind", "citing_id", "citing_title", "evidence_id", "through"],
    )
    uses, through = list_uses(expanded)
    assert uses == {"data:figure_0": [FINDING, RECOMMENDATION]}
    block = make_block(make_entries(), uses=uses, through=through)
    items = parse(block).xpath('.//ul[@class="cip-entries"]/li')
    rests = items[0].find_class("cip-rests")[0]
    assert rests.text_content() == (
        "Rests on this: Finding: Cold homes; Recommendation: Mend the roofs (through Cold homes)"
    )
    assert [a.get("href") for a in rests.iter("a")] == [
        "cip:summary#finding-housing", "cip:summary#recommendation-mend-roofs",
    ]  # fmt: skip
    assert [item.get("class") for item in items] == ["cip-used", None]
    assert "2 entries, of which 1 is cited." in parse(block).text_content()
    assert "Rests on this: Finding: Cold homes" in block.to_text()


def test_what_may_not_be_cited_says_why():
    entries = make_entries(is_citable=False, reason="fewer than ten people")
    block = make_block(entries)
    tree = parse(block)
    assert tree.text_content().count("May not be cited: fewer than ten people.") == 2
    assert "2 entries, of which 0 are cited; 2 may not be cited." in tree.text_content()
    assert "May not be cited" in block.to_text()
    with pytest.raises(ValueError, match="does not say why"):
        make_block(entries.assign(reason=""))


def test_a_kind_without_entries_is_worded():
    block = make_block(make_entries(0), empty="Nobody has been asked yet.")
    tree = parse(block)
    assert "Nobody has been asked yet." in tree.text_content()
    assert tree.find(".//ul") is None
    assert "Nobody has been asked yet." in block.to_text()


def test_entries_of_another_kind_and_blocks_without_title_are_refused():
    with pytest.raises(ValueError, match="no evidence of kind 'quote'"):
        make_block(make_entries(), kind="quote")
    with pytest.raises(ValueError, match="no title"):
        make_block(make_entries(), title=" ")


def test_text_from_outside_is_escaped():
    names = ["label", "statement", "source", "licence", "vintage", "anchor"]
    entries = make_entries(1).assign(**dict.fromkeys(names, ATTACK))
    uses = {"data:figure_0": [Use("action", "a", ATTACK)]}
    through = {("data:figure_0", uses["data:figure_0"][0]): ATTACK}
    tree = parse(make_block(entries, uses=uses, through=through))
    assert tree.find(".//script") is None
    assert tree.text_content().count(ATTACK) >= 5


def test_six_hundred_entries_make_a_small_page_quickly():
    entries = make_entries(600)
    uses = {f"data:figure_{n}": [FINDING] for n in range(0, 600, 7)}
    start = time.perf_counter()
    page = make_block(entries, uses=uses).to_html()
    assert time.perf_counter() - start < 2
    assert len(page) < 600 * 800


def test_the_page_passes_the_checks_of_reports_and_works_without_scripts():
    body = EvidenceFilter().to_html() + make_block(make_entries()).to_html()
    page = f"<!DOCTYPE html><html lang='en'><title>t</title><body>{resolve_links(body, '')}</body>"
    check_page(page, expected=Counter(["filter", "evidence"]))
    assert "cip:" not in page
    tree = lxml_html.document_fromstring(page)
    box = tree.get_element_by_id("ev-filter")
    assert box.get("hidden") is not None
    assert not tree.xpath('//ul[@class="cip-entries"]/li[@hidden]')
    assert all(field.getparent().tag == "label" for field in box.iter("input"))
    assert box.xpath('.//*[@role="status"]')
