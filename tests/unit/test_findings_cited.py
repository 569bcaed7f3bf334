"""Edited findings in the place of drafts, what findings cite, and which fall."""

from __future__ import annotations

from datetime import date

import pytest

from cip.evidence.citing import find_citations
from cip.evidence.entry import Entry, build_table
from cip.schemas.summary import SUMMARY
from cip.summary.findings import draft_findings
from cip.summary.findings_cited import (
    FALLEN_COLUMNS,
    edit_findings,
    list_citations,
    list_fallen,
    list_narrative_citations,
)
from cip.summary.narrative import Narrative, NarrativeText

KINDS = {"text": "str", "flag": "boolean", "count": "Int64"}


def make_entry(evidence_id, **more):
    fields = {"label": evidence_id, "statement": "So it is.", "topics": ["housing"]} | more
    return Entry(evidence_id=evidence_id, stage="s", anchor="a", **fields)


@pytest.fixture
def evidence():
    return build_table(
        [
            make_entry("data:crowded", comparison="worse", comparator="England", value=8.0),
            make_entry("theme:damp", value=20, direction="challenge"),
            make_entry("theme:food", value=30, direction="strength", topics=["food"]),
            make_entry("quote:Q1"),
            make_entry("asset:own:hall", topics=["food"]),
        ]
    )


@pytest.fixture
def drafts(evidence):
    return draft_findings(evidence, area="Teaspoon Common", today=date(2026, 11, 21))


def write_text(name, text, **more):
    cited = tuple(find_citations(text))
    fields = {"title": "Our title", "side": "", "order": None, "file": f"narrative/{name}.md"}
    return NarrativeText(name=name, text=text, citations=cited, **(fields | more))


def make_narrative(*texts):
    return Narrative(tuple(texts))


def test_an_edited_finding_takes_title_text_and_side_and_keeps_what_is_beneath(drafts, evidence):
    text = write_text("housing", "Damp [quote:Q1].\n\nSee [finding:food].", side="mixed")
    edited = edit_findings(drafts, make_narrative(text), evidence=evidence)
    row = edited.set_index("finding_id").loc["housing"]
    before = drafts.set_index("finding_id").loc["housing"]
    assert (row["title"], row["text"], row["side"]) == ("Our title", text.text, "mixed")
    assert (bool(row["is_edited"]), row["file"]) == (True, "narrative/housing.md")
    for column in ("data_say", "people_say", "what_is_there", "fit", "strength_words", "gaps"):
        assert row[column] == before[column]
    # What is written first is cited first; a finding is no evidence.
    assert row["cites"].split("; ")[0] == "quote:Q1"
    assert "finding:" not in row["cites"]
    assert set(row["cites"].split("; ")) == {"quote:Q1", "data:crowded", "theme:damp"}


def test_findings_without_a_text_stay_as_drafted(drafts, evidence):
    edited = edit_findings(drafts, Narrative(), evidence=evidence)
    assert edited.equals(drafts)
    schema = {name: KINDS[kind] for name, kind in SUMMARY["findings"].columns.items()}
    assert edited.equals(edited.astype(schema))


def test_a_finding_with_an_order_comes_first_on_its_side(drafts, evidence):
    plain = edit_findings(drafts, Narrative(), evidence=evidence)
    strengths = plain.loc[plain["side"] == "strength", "finding_id"]
    last = strengths.iloc[-1]
    text = write_text(last, "Food [theme:food].", order=1)
    edited = edit_findings(drafts, make_narrative(text), evidence=evidence)
    assert len(strengths) > 1
    assert edited["finding_id"].iloc[0] == last


def test_citations_have_file_and_line_where_the_analyst_wrote_them(drafts, evidence):
    narrative = make_narrative(write_text("housing", "One.\n\nDamp [quote:Q1] [quote:Q1]."))
    edited = edit_findings(drafts, narrative, evidence=evidence)
    table = list_citations(edited, narrative)
    assert table.columns.tolist() == list(SUMMARY["citations"].columns)
    assert not table.duplicated(["citing_id", "evidence_id"]).any()
    assert set(table["citing_kind"]) == {"finding"}
    own = table[table["file"] != ""]
    assert own[["citing_id", "citing_title", "evidence_id", "file", "line"]].values.tolist() == [
        ["housing", "Our title", "quote:Q1", "narrative/housing.md", 3]
    ]
    assert table.loc[table["file"] == "", "line"].isna().all()
    listed = table.groupby("citing_id")["evidence_id"].agg(list).to_dict()
    cites = edited.set_index("finding_id")["cites"].str.split("; ").to_dict()
    assert listed == cites


@pytest.mark.parametrize(
    ("gone", "fallen"),
    [
        ("quote:Q1", [("housing", "quote:Q1", 1)]),
        ("theme:damp", [("housing", "theme:damp", 2)]),
        ("asset:own:hall", [("food", "asset:own:hall", 1)]),
        # Cited by drafted words alone, which are drafted again.
        ("data:crowded", []),
    ],
)
def test_exactly_the_findings_fall_that_cite_what_is_gone(drafts, evidence, gone, fallen):
    narrative = make_narrative(
        write_text("housing", "Damp [quote:Q1]\nand [theme:damp]."),
        write_text("food", "Shared [asset:own:hall]."),
    )
    kept = evidence[evidence["evidence_id"] != gone]
    edited = edit_findings(drafts, narrative, evidence=evidence)
    for citations in (list_citations(edited, narrative), list_narrative_citations(narrative)):
        table = list_fallen(citations, kept)
        assert tuple(table.columns) == FALLEN_COLUMNS
        found = table[["finding_id", "evidence_id", "line"]].itertuples(index=False, name=None)
        assert list(found) == fallen
        assert list_fallen(citations, evidence).empty


def test_evidence_that_is_no_longer_shown_is_gone_too(evidence):
    hidden = evidence.copy()
    hidden.loc[hidden["evidence_id"] == "quote:Q1", "is_citable"] = False
    narrative = make_narrative(write_text("housing", "Damp [quote:Q1] [theme:damp]."))
    table = list_fallen(list_narrative_citations(narrative), hidden)
    assert table["evidence_id"].tolist() == ["quote:Q1"]
    assert table["title"].tolist() == ["Our title"]


def test_what_recommendations_cite_is_passed_over(evidence):
    table = list_narrative_citations(make_narrative(write_text("housing", "[quote:gone]")))
    assert len(list_fallen(table, evidence)) == 1
    assert list_fallen(table.assign(citing_kind="recommendation"), evidence).empty
