"""The contents of the short documents: out of tables, in plain words, whole sentences."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from cip.evidence.entry import Entry, build_table
from cip.report.meta import ReportMeta
from cip.report.summary_contents import INVENTED, clean_contents
from cip.report.summary_contents_build import build_contents
from cip.report.summary_contents_text import (
    count_lines,
    is_web_address,
    list_paragraphs,
    measure_text,
    shorten,
    shorten_line,
    split_sentences,
    wrap_lines,
    write_plain,
)

from .summary_samples import FULL, make_hostile

META = ReportMeta(
    title="Hill: Summary report",
    area_name="Hill",
    organisation="Invented Council",
    contact="hill@council.example",
    published=date(2026, 11, 21),
    attribution=("Contains invented data.",),
)
AREAS = ("hill", "Hill", "profile"), ("E92000001", "England", "england")


def make_indicators() -> pd.DataFrame:
    rows = [
        {
            "indicator_id": "older_65_plus", "area_code": code, "area_name": name,
            "area_role": role, "period": period, "period_order": order, "group": "",
            "value": value, "comparison": "" if role == "profile" else "lower",
        }
        for code, name, role in AREAS
        for period, order, value in (("2011", 2011.0, 11.0), ("2021", 2021.2, 14.84))
    ]  # fmt: skip
    return pd.DataFrame(rows)


def make_findings(*sides: str, gaps: str = "") -> pd.DataFrame:
    return pd.DataFrame(
        {
            "finding_id": [f"f{place}" for place in range(len(sides))],
            "title": [f"Title {place}" for place in range(len(sides))],
            "side": sides,
            "topic": ["housing"] * len(sides),
            "text": "Homes are **damp** [data:x]. See [finding:f0].",
            "data_say": pd.NA,
            "people_say": "",
            "what_is_there": "",
            "strength": "limited",
            "strength_words": "Limited: one kind.",
            "gaps": gaps,
            "cites": "data:x; theme:y",
        }
    )


def test_an_area_without_engagement_says_what_is_missing():
    contents = build_contents({"indicators": make_indicators()}, META)
    assert contents.findings == contents.quotes == contents.recommendations == ()
    said = " ".join(contents.limits)
    for part in ("residents", "mapped", "findings", "recommendations"):
        assert part in said
    assert contents.banners == ()


def test_facts_are_the_latest_and_carry_their_comparison():
    (fact,) = build_contents({"indicators": make_indicators()}, META).facts
    assert (fact.value, fact.period) == ("14.8%", "2021")
    assert fact.note == "2021. Lower than in England (14.8%)"


def test_a_missing_figure_is_left_out_and_never_zero():
    table = make_indicators()
    table.loc[table["area_role"] == "profile", "value"] = None
    assert build_contents({"indicators": table}, META).facts == ()


def test_findings_stand_strengths_first_in_plain_words():
    table = make_findings("unknown", "challenge", "strength")
    found = build_contents({"findings": table}, META).findings
    assert [(f.number, f.side) for f in found] == [
        ("F1", "strength"), ("F2", "challenge"), ("F3", "unknown"),
    ]  # fmt: skip
    assert found[0].text == "Homes are damp. See “Title 0”."
    assert found[0].cites == ("data:x", "theme:y")
    assert found[0].data_say == ""


def test_what_most_findings_lack_is_said_once():
    shared = make_findings("strength", "challenge", "mixed", gaps="Few young people were heard.")
    shared.loc[0, "gaps"] = "Few young people were heard. One figure is old."
    limits = build_contents({"findings": shared}, META).limits
    assert limits.count("Few young people were heard.") == 1
    assert not any("One figure is old" in limit for limit in limits)
    assert limits[-1] == "Each finding says what else is not known of it."


def test_narrative_loses_its_front_and_keeps_its_nouns():
    text = "---\ntitle: Next\n---\n\nWe begin with [finding:f0].\n\n- One\n- Two\n"
    contents = build_contents({"findings": make_findings("strength")}, META, {"next_steps": text})
    assert contents.next_steps == ("We begin with “Title 0”.", "One", "Two")


def test_evidence_that_cannot_be_cited_is_not_carried():
    table = build_table(
        [
            Entry(evidence_id="data:a", label="A", statement="A is 1.", stage="s", anchor="a"),
            Entry(
                evidence_id="data:b", label="B", statement="B.", stage="s", anchor="b",
                is_citable=False, reason="withheld",
            ),
        ]
    )  # fmt: skip
    contents = build_contents({"evidence_data": table}, META)
    assert [entry.evidence_id for entry in contents.evidence] == ["data:a"]


def test_every_text_can_stand_in_any_file():
    clean = clean_contents(make_hostile())
    said = repr(clean)
    assert "\\x00" not in said and "\\x0b" not in said and "\\u202e" not in said
    assert clean_contents(clean) == clean
    assert clean.map_svg == FULL.map_svg
    assert INVENTED in clean.banners


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("It is 3.5 km, e.g. by bus. Yes.", ["It is 3.5 km, e.g. by bus.", "Yes."]),
        ("She said “Go. Now.” Then left.", ["She said “Go. Now.”", "Then left."]),
        ("No end", ["No end"]),
        ("", []),
    ],
)
def test_sentences_are_found(text, sentences):
    assert split_sentences(text) == sentences


def test_text_is_shortened_after_a_sentence_and_headings_after_a_word():
    assert shorten("First one. Second one.", lambda s: len(s) < 15) == "First one."
    assert shorten("Only one long sentence.", lambda s: len(s) < 5) == ""
    assert shorten_line("Homes are damp, here", lambda s: len(s) < 17) == "Homes are damp …"
    assert shorten_line("Homes", lambda s: len(s) < 3) == "…"


def test_lines_are_never_wider_than_their_room():
    text = f"A few words and {'Llanfair' * 9} and the end"
    lines = wrap_lines(text, width_in=2.0, size=14)
    assert all(measure_text(line, size=14) <= 2.0 for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert count_lines(text, width_in=2.0, size=14) >= len(lines) - 1
    assert count_lines("word", width_in=2.0, size=14) == 1


def test_markdown_becomes_plain_words():
    assert write_plain("**Damp** and _cold_ `x` 2 * 3") == "Damp and cold x 2 * 3"
    assert list_paragraphs("# Head\n\nA\nb\n\n1. c\n2. d") == ("A b", "c", "d")


@pytest.mark.parametrize(
    ("address", "is_one"),
    [
        ("https://a.example/x", True), ("http://a.example", True), ("javascript:alert(1)", False),
        ("file:///etc", False), ("a@b.example", False), ("https://", False), ("http://[x", False),
    ],
)  # fmt: skip
def test_only_web_addresses_become_links(address, is_one):
    assert is_web_address(address) is is_one
