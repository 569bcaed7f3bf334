"""The glossary and the list of references: complete, short, and only what a text uses."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cip.catalogue.glossary import find_terms, find_words, load_glossary
from cip.catalogue.references import list_references, load_references

ROOT = Path(__file__).parents[2]
#: Terms that the issue names, and those of the framework's own glossary that a report can use.
WANTED = {
    "lsoa", "msoa", "ward", "district", "iod", "decile", "comparator", "indicator", "base",
    "confidence_interval", "crude", "standardised", "asset", "asset_hard", "asset_soft", "abcd",
    "steering_group", "terms_of_reference", "theme", "excerpt", "enabler", "challenge",
    "weighting", "design_effect", "cip", "jsna", "eoi", "chdo", "pcn", "vcse", "saturation",
    "kappa", "alpha", "suppression", "small_base", "reach", "evidence", "finding",
    "recommendation", "triangulation", "logic_model", "kpi", "action_plan",
}  # fmt: skip


def split_sentences(text: str) -> list[str]:
    return re.split(r"(?<=[.?!])\s+", text.strip())


def test_every_term_that_is_wanted_is_there() -> None:
    assert not WANTED - set(load_glossary())


@pytest.mark.parametrize("term", load_glossary().values(), ids=lambda t: t.id)
def test_a_definition_is_short_and_its_acronym_finds_it(term) -> None:
    sentences = split_sentences(term.definition)
    assert len(sentences) <= 2
    assert all(len(sentence.split()) <= 25 for sentence in sentences)
    assert term.definition.endswith(".")
    if term.acronym:
        assert term in find_terms(f"Here the {term.acronym} is meant.")


def test_terms_come_in_the_order_of_the_alphabet_and_none_twice() -> None:
    names = [term.term.casefold() for term in load_glossary().values()]
    assert names == sorted(set(names))


def test_only_terms_of_the_text_are_found() -> None:
    text = "Each LSOA has a decile; the 95% interval is Wilson's."
    found = [term.id for term in find_terms(text)]
    assert found == ["confidence_interval", "decile", "lsoa", "wilson"]
    assert find_terms("") == []


@pytest.mark.parametrize(
    ("word", "text", "is_found"),
    [
        ("ward", "Three wards, near the river", True),
        ("ward", "a reward, looking forward", False),
        ("rate", "generated", False),
        ("soft asset", "soft\n  assets", True),
        ("theme", "THEME", True),
        ("CIP", "the CIPs of the county", True),
        ("CIP", "cip run", False),
        ("[c]", "marked [c] in the table", True),
        ("95% interval", "a 95% interval of", True),
    ],
)
def test_words_are_found_whole_and_cased_ones_as_written(
    word: str, text: str, is_found: bool
) -> None:
    assert find_words([word], text) is is_found


@pytest.mark.parametrize("entry", load_references().values(), ids=lambda e: e.id)
def test_every_reference_is_named_where_the_project_rests_on_it(entry) -> None:
    text = " ".join((ROOT / entry.named_in).read_text(encoding="utf-8").split())
    assert entry.named_as in text


def test_a_report_lists_the_works_of_its_chapters_that_its_text_uses() -> None:
    text = "Wilson intervals; Krippendorff's alpha of the coders; two-step floating catchment area"
    data = {entry.id for entry in list_references(["geography", "data_profile"], text)}
    voices = {entry.id for entry in list_references(["engagement_analysis"], text)}
    assert "framework" in data & voices
    assert "wilson_1927" in data & voices
    assert "krippendorff_2004" in voices - data
    assert "luo_wang_2003" not in data | voices  # of a chapter that neither shows
    assert "guest_2020" not in voices  # of an instrument that was not used


def test_the_framework_and_its_four_companions_are_listed_with_the_summary() -> None:
    listed = {entry.id for entry in list_references(["summary"], "")}
    assert {"framework", "handbook", "tool_c", "scoping_study", "health_matters"} <= listed
