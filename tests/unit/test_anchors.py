"""Places of evidence on a page: one each, the same in any order, with a way back to the entry."""

from __future__ import annotations

import pandas as pd
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml.html import HtmlElement, document_fromstring

from cip.display.anchors import name_places, name_quotes, write_evidence_link
from cip.display.asset_map import map_assets
from cip.display.blocks import FigureBlock, TableBlock
from cip.display.cited_text import make_href
from cip.display.quote_block import QuoteList

from ..support.assets import make_assets, make_backdrop, make_boundary, make_walkabout

QUOTES = pd.DataFrame(
    [
        ("Q1", "damp", "challenge", "It is wet.", "Renter", "interview", "Lead", "2026-10-19"),
        ("q.1", "damp", "enabler", "It is dry now.", "Owner", "survey", "Lead", "2026-10-19"),
    ],
    columns=[
        "quote_id", "theme_id", "polarity", "text", "speaker_label", "voice", "cleared_by",
        "cleared_on",
    ],
)  # fmt: skip


def parse(html: str) -> HtmlElement:
    return document_fromstring(f"<main>{html}</main>")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text("aA1-. ", max_size=4), max_size=8), st.randoms())
@example(["a", "A", "a-2", "a.2"], None)
def test_each_name_has_a_place_of_its_own_in_whatever_order_they_come(names, random) -> None:
    places = name_places("quote", names)
    assert set(places) == set(names)
    assert len(set(places.values())) == len(places)
    shuffled = names[::-1]
    if random is not None:
        random.shuffle(shuffled)
    assert name_places("quote", shuffled) == places


def test_names_that_an_id_can_hold_keep_it_whatever_stands_beside_them() -> None:
    places = name_places("asset", ["own:hall", "own:hall-2", "own:Hall"])
    assert places["own:hall-2"] == "asset-own-hall-2"
    assert sorted(places.values()) == ["asset-own-hall", "asset-own-hall-2", "asset-own-hall-3"]


def test_the_way_back_is_the_one_of_citations_and_says_what_it_is_about() -> None:
    link = parse(write_evidence_link("quote:Q1", "<i>quotation</i> Q1")).find(".//a")
    assert link.get("href") == make_href("quote:Q1") == "cip:evidence#ev-quote-q1"
    assert link.text_content() == "Evidence entry: <i>quotation</i> Q1"


def test_a_quotation_stands_at_its_place_and_leads_to_its_entry() -> None:
    places = name_quotes(QUOTES)
    block = QuoteList(
        block_id="q",
        title="Words",
        quotes=QUOTES.iloc[1:],
        theme_labels={"damp": "Damp homes"},
        places=places,
        evidence_ids={"q.1": "quote:q.1"},
    )
    tree = parse(block.to_html())
    own = tree.get_element_by_id(places["q.1"])
    assert "It is dry now." in own.text_content()
    assert own.find(".//a").get("href") == "cip:evidence#ev-quote-q-1"
    assert places["Q1"] not in tree.xpath("//@id")


def test_every_asset_of_a_map_has_a_row_with_its_name() -> None:
    assets = make_assets(12)
    block = map_assets(
        assets, make_boundary(), make_backdrop(), title="What there is", block_id="assets",
        source_line="Source: invented", walkabout=make_walkabout(),
    )  # fmt: skip
    tree = parse(block.to_html())
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    places = name_places("asset", assets["asset_id"].astype(str))
    for row in assets.itertuples():
        cells = [cell.text_content() for cell in tree.get_element_by_id(places[row.asset_id])]
        assert str(row.name) in cells if isinstance(row.name, str) else cells[1].endswith("a name")
    # What was seen on a walk is no entry of the ledger.
    assert sum(row.startswith("asset-") for row in ids) == len(assets)


def test_a_figure_and_a_table_lead_to_their_entry_only_where_there_is_one() -> None:
    frame = pd.DataFrame({"answer": ["Yes"], "share": [4.0]})
    table = TableBlock(block_id="t", caption="Answers", frame=frame, evidence_id="survey:safe")
    figure = FigureBlock(
        block_id="f", title="Most feel safe", svg="<svg/>", alt="A chart", source_line="Source: us",
        table=frame, evidence_id="survey:safe",
    )  # fmt: skip
    for block, words in ((table, "Answers"), (figure, "Most feel safe")):
        (link,) = parse(block.to_html()).find_class("cip-traced")
        assert link.get("href") == "cip:evidence#ev-survey-safe"
        assert link.text_content() == f"Evidence entry: {words}"
    without = TableBlock(block_id="t", caption="Answers", frame=frame)
    assert not parse(without.to_html()).find_class("cip-traced")
