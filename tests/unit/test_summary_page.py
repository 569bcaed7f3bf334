"""The page of notebook 05: what is written by people is Markdown, what is drafted is plain."""

from __future__ import annotations

import pandas as pd
import pytest

from cip.evidence.entry import Entry, build_table
from cip.pages import summary as page
from cip.pages.summary_stage import Summary, join_citations
from cip.schemas.summary import SUMMARY
from cip.summary.narrative import Narrative


def make_summary(*findings: dict, evidence: pd.DataFrame | None = None) -> Summary:
    base = dict.fromkeys(SUMMARY["findings"].columns, "")
    base |= {"side": "strength", "fit": "agree", "strength": "strong", "is_edited": False}
    rows = [base | {"title": one["finding_id"].title()} | one for one in findings]
    table = pd.DataFrame(rows, columns=list(base)).astype({"is_edited": "boolean"})
    entry = Entry(
        evidence_id="data:damp", label="Damp homes", statement="12% are damp.", stage="data_profile",
        anchor="def-damp", topics=("housing",), direction="challenge",
    )  # fmt: skip
    ledger = build_table([entry]) if evidence is None else evidence
    return Summary(ledger, table, Narrative(), None, join_citations([]))


def test_a_drafted_sentence_shows_its_marks_and_an_edited_one_uses_them():
    said = "The *Free* larder & <b>hall</b> [data:damp]"
    drafted = make_summary({"finding_id": "food", "text": said, "what_is_there": said})
    html = page.show_findings(drafted, "strength")[0].to_html()
    assert html.count("*Free*") == 2
    assert "<em>" not in html
    assert "<b>hall" not in html
    assert "ev-data-damp" in html
    edited = make_summary({"finding_id": "food", "text": "A *free* larder.", "is_edited": True})
    assert "<em>free</em>" in page.show_findings(edited, "strength")[0].to_html()


def test_themes_that_nobody_wrote_about_are_left_to_the_chapter():
    summary = make_summary(
        {"finding_id": "food", "text": "x"},
        {"finding_id": "theme-larder", "text": "y"},
        {"finding_id": "theme-hall", "text": "z", "is_edited": True},
    )
    shown = [block.to_html() for block in page.show_findings(summary, "strength")]
    assert len(shown) == 2
    assert not any('id="finding-theme-larder"' in html for html in shown)
    (rest,) = page.show_drafted_themes(summary)
    assert 'id="finding-theme-larder"' in rest.to_html()


@pytest.mark.parametrize("side", ["strength", "challenge"])
def test_a_side_without_findings_says_so(side):
    (note,) = page.show_findings(make_summary(), side)
    assert "shows no" in note.to_html()


def test_without_findings_of_people_the_missing_kinds_are_named(tmp_path):
    class File:
        def resolve_input(self, name):
            return None

    class Workspace:
        file = File()

    text = " ".join(b.to_text() for b in page.show_missing(Workspace(), make_summary()))
    for words in (
        "no answer to a survey",
        "no theme of what people said",
        "no asset",
        "cip narrative",
    ):
        assert words in text


def test_without_recommendations_the_form_is_named():
    (note,) = page.show_recommendations(make_summary())
    assert "recommendations.csv" in note.to_text()
