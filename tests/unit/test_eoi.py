"""The invitation to apply, as text and as a Word document."""

from __future__ import annotations

from datetime import date

from docx import Document as open_word

from cip.framework.expression_of_interest import build_invitation
from cip.framework.scoring_model import load_scoring
from cip.params import load_params
from cip.report.eoi_word import name_invitation, write_invitations

from .scoring_samples import make_round, open_round, write_scoring

PARAMS = """id: area
title: Teaspoon Common
profile_kind: ward
area: {wards: [Teaspoon Common]}
comparators: [district]
organisation: {name: Invented Council, contact: https://example.org/ask}
inputs: {scoring: scoring.yml}
"""
TODAY = date(2026, 11, 21)


def make_file(folder, one):
    write_scoring(folder, one, rows=None if "decided_on" in one else [])
    (folder / "area.yml").write_text(PARAMS, encoding="utf-8")
    return load_params(folder / "area.yml")


def build(folder, one, **options):
    file = make_file(folder, one)
    declared = load_scoring(folder / "scoring.yml").scoring.rounds[0]
    return build_invitation(file.params, declared, today=TODAY, **options)


def test_facts_stand_and_gaps_are_marked(tmp_path):
    one = open_round(total=5000, recommendations=["food"], about="Small sums for food", most=1234.0)
    found = build(tmp_path, one, recommendations={"food": "Feed people well"})
    text = "\n".join(found.list_texts())
    for words in ("31 March 2026", "£5,000", "£1,234", "Feed people well", "Need", "60%",
                  "Chair, tenants' circle", "from 0 to 4", "3 or more apart"):  # fmt: skip
        assert words in text, words
    gaps = [place.text for place in found.list_open() if place.kind == "gap"]
    assert "kinds of organisation" in gaps
    assert "date" in gaps
    assert any("Draft" in banner for banner in found.banners)


def test_an_empty_round_is_all_gaps_and_default_criteria(tmp_path):
    one = {"id": "spring", "title": "Listening", "kind": "expression of interest"}
    found = build(tmp_path, one, is_synthetic=True)
    text = "\n".join(found.list_texts())
    assert found.title == "Invitation to express interest"
    assert "Reach to people seldom heard" in text
    assert len(found.banners) == 2
    assert sum(place.kind == "gap" for place in found.list_open()) >= 10


def test_the_word_file_holds_the_same_words_and_the_same_bytes(tmp_path):
    file = make_file(tmp_path, make_round())
    paths = write_invitations(file, tmp_path / "out", today=TODAY)
    assert [path.name for path in paths] == [name_invitation("spring")]
    word = open_word(str(paths[0]))
    said = "\n".join(p.text for p in word.paragraphs)
    assert "Invitation to apply for a grant" in said
    assert any("Who needs it?" in c.text for t in word.tables for r in t.rows for c in r.cells)
    assert "private note" not in said
    again = write_invitations(file, tmp_path / "again", today=TODAY)
    assert paths[0].read_bytes() == again[0].read_bytes()


def test_no_scoring_file_no_invitation(tmp_path):
    (tmp_path / "area.yml").write_text(PARAMS.replace("{scoring: scoring.yml}", "{}"), "utf-8")
    file = load_params(tmp_path / "area.yml")
    assert write_invitations(file, tmp_path, today=TODAY) == []
