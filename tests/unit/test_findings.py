"""Findings drafted from the ledger: the rules, and every sentence word for word."""

from __future__ import annotations

import re
from datetime import date

import pytest

from cip.catalogue.findings import load_finding_rules
from cip.evidence.citing import find_citations, list_cited
from cip.evidence.entry import Entry, build_table
from cip.schemas.summary import SUMMARY
from cip.summary.findings import CITING_COLUMNS, draft_findings
from cip.summary.findings_choice import choose_figures, choose_pieces
from cip.summary.findings_pieces import Piece, list_pieces
from cip.summary.findings_words import (
    cite_statement,
    clear_citations,
    name_pieces,
    write_gaps,
    write_text,
)
from cip.summary.strength import judge_strength, list_old
from cip.summary.triangulation import find_pointing, triangulate

TODAY = date(2026, 11, 21)
AREA = "Teaspoon Common"


def make_entry(evidence_id, **more):
    name = evidence_id.partition(":")[2]
    fields = {"label": name.title(), "statement": f"{name.title()} is so.", "topics": ["housing"]}
    return Entry(evidence_id=evidence_id, stage="s", anchor="a", **(fields | more))


def make_figure(name, comparison="", **more):
    direction = {"better": "strength", "worse": "challenge"}.get(comparison, "")
    fields = {
        "comparison": comparison,
        "comparator": "England",
        "direction": direction,
        "value": 8.0,
        "base": 2901.0,
        "period": "21 March 2021",
        "source_ids": [name],
    }
    return make_entry(f"data:{name}", **(fields | more))


def make_theme(name, people, direction="challenge", **more):
    return make_entry(f"theme:{name}", value=people, direction=direction, **more)


def hide(evidence_id, **more):
    return make_entry(evidence_id, is_citable=False, reason="it is withheld", **more)


def draft(*entries, **more):
    return draft_findings(build_table(entries), area=AREA, today=TODAY, **more)


def draft_one(*entries, finding="housing", **more):
    table = draft(*entries, **more)
    return table[table["finding_id"] == finding].iloc[0]


def to_pieces(*entries):
    return list_pieces(build_table(entries))


# ------------------------------------------------------------------ which findings there are


def test_topics_with_citable_evidence_have_a_finding_and_others_none():
    table = draft(
        make_figure("a"),
        hide("data:b", topics=["food"]),
        make_theme("few", 3, topics=["transport"]),
        make_entry("heard:age.x", topics=["work"]),
    )
    assert set(table["finding_id"]) == {"housing", "transport"}
    assert list(table.columns) == list(SUMMARY["findings"].columns)
    assert not table["is_edited"].any()


@pytest.mark.parametrize(("people", "has_finding"), [(14, False), (15, True), (40, True)])
def test_a_theme_has_its_own_finding_when_enough_people_speak_of_it(people, has_finding):
    table = draft(make_theme("damp", people))
    assert ("theme-damp" in set(table["finding_id"])) is has_finding


def test_a_withheld_theme_has_no_finding_and_is_not_named():
    table = draft(make_figure("a"), hide("theme:secret", label="A secret theme"))
    words = " ".join(table.astype(str).to_numpy().ravel())
    assert set(table["finding_id"]) == {"housing"}
    assert "ecret" not in words
    assert "1 thing that people said about this is not shown." in table["gaps"].iloc[0]


def test_nothing_but_what_is_within_chance_or_not_there_is_no_finding():
    nothing = [
        make_entry("asset:dentist", value=0.0),
        make_entry("change:q.a", comparison="similar"),
    ]
    assert draft(*nothing, hide("data:b")).empty


def test_a_quotation_alone_is_cited_in_the_text():
    text = draft_one(make_entry("quote:Q1", label="Quotation Q1"))["text"]
    assert text.endswith("Chosen from what people say: Quotation Q1 [quote:Q1].")


def test_an_empty_ledger_drafts_nothing():
    assert draft().empty
    assert list(draft().columns) == list(SUMMARY["findings"].columns)


def test_strengths_come_first_then_the_strongest_evidence_then_most_people():
    table = draft(
        make_theme("weak", 15, "strength", topics=["food"]),
        make_theme("many", 30, "strength", topics=["food"]),
        make_theme("bad", 40, "challenge", topics=["housing"]),
        make_figure("poor", "worse"),
        make_figure("plain", "higher", topics=["work"]),
    )
    order = ["food", "theme-many", "theme-weak", "theme-bad", "housing", "work"]
    assert sorted(table["finding_id"]) == sorted(order)
    assert list(table["finding_id"])[:3] == order[:3]
    assert list(table["side"]) == ["strength"] * 3 + ["challenge"] * 2 + ["unknown"]


def test_findings_of_one_side_are_ordered_by_strength_of_evidence():
    table = draft(
        make_theme("alone", 90, "challenge", topics=["food"]),
        make_theme("both", 15, "challenge"),
        make_figure("poor", "worse"),
    )
    levels = [level.id for level in load_finding_rules().strength.levels]
    ranks = [levels.index(level) for level in table["strength"]]
    assert ranks == sorted(ranks)
    assert ranks[0] < ranks[-1]


# ------------------------------------------------------------------ which way knowledge points


@pytest.mark.parametrize(
    ("entry", "way"),
    [
        (make_figure("x", "better"), "strength"),
        (make_figure("x", "worse"), "challenge"),
        (make_figure("x", "higher"), "neutral"),
        (make_figure("x", "lower"), "neutral"),
        (make_figure("x", "similar"), "neutral"),
        (make_figure("x"), "neutral"),
        # A figure that is compared with nothing has a side by a rule of evidence.toml alone.
        (make_figure("x", direction="challenge"), "challenge"),
        (make_figure("x", direction="strength"), "neutral"),
        (make_figure("x", "higher", direction="challenge"), "neutral"),
        (make_figure("x", "worse", comparator=""), "neutral"),
        (make_entry("asset:dentist", value=0.0), "absent"),
        (make_entry("asset:dentist", value=0.0, source_ids=["places_dentist"]), "neutral"),
        (make_figure("x", "similar", direction="challenge"), "neutral"),
        (make_theme("x", 9, "strength"), "strength"),
        (make_entry("survey:q", direction="challenge"), "challenge"),
        (make_entry("change:q.a", direction="strength", comparison="higher"), "strength"),
        (make_entry("change:q.a", direction="strength", comparison="similar"), "neutral"),
        # Somebody chose them.
        (make_entry("quote:Q1", direction="strength"), "neutral"),
        (make_entry("case:c", direction="strength"), "neutral"),
        (make_entry("reach:gp", direction="challenge"), "challenge"),
        (hide("theme:x", direction="strength"), "absent"),
    ],
)
def test_one_entry_points(entry, way):
    assert find_pointing(to_pieces(entry)).way == way


@pytest.mark.parametrize(
    ("strengths", "challenges", "way"),
    [
        (0, 1, "challenge"),
        (1, 1, "mixed"),
        (2, 1, "mixed"),
        (3, 1, "strength"),
        (1, 3, "challenge"),
    ],
)
def test_a_kind_points_one_way_by_majority(strengths, challenges, way):
    entries = [make_figure(f"s{n}", "better") for n in range(strengths)]
    entries += [make_figure(f"c{n}", "worse") for n in range(challenges)]
    pointing = find_pointing(to_pieces(*entries))
    assert (pointing.way, pointing.strengths, pointing.challenges) == (way, strengths, challenges)


def test_an_indicator_counts_once_and_not_at_all_when_its_groups_disagree():
    one = to_pieces(make_figure("x.a", "worse"), make_figure("x.b", "worse"))
    assert find_pointing(one).challenges == 1
    both = to_pieces(make_figure("x.a", "worse"), make_figure("x.b", "better"))
    assert find_pointing(both).way == "neutral"


BAD, GOOD = make_figure("bad", "worse"), make_figure("good", "better")
SAID_BAD, SAID_GOOD = make_theme("said_bad", 9), make_theme("said_good", 9, "strength")
FAR, HALL = make_entry("reach:gp", direction="challenge"), make_entry("asset:own:hall")

FITS = [
    (
        [BAD, SAID_BAD, HALL],
        "agree",
        "challenge",
        "The figures and what people say point the same way: to a challenge. "
        "What is there points neither way. "
        "Counted: figures, 1 for a challenge; voices, 1 for a challenge.",
    ),
    (
        [BAD, SAID_BAD, FAR],
        "agree",
        "challenge",
        "The figures, what people say and what is there point the same way: to a challenge. "
        "Counted: figures, 1 for a challenge; voices, 1 for a challenge; "
        "assets, 1 for a challenge.",
    ),
    (
        [BAD, SAID_GOOD],
        "tension",
        "mixed",
        "The figures point to a challenge. What people say points to a strength. "
        "Each stands: the report does not choose between them. "
        "Counted: figures, 1 for a challenge; voices, 1 for a strength.",
    ),
    (
        [BAD, GOOD, SAID_GOOD],
        "tension",
        "mixed",
        "The figures point to strengths and challenges alike. What people say points to a "
        "strength. Each stands: the report does not choose between them. "
        "Counted: figures, 1 for a strength and 1 for a challenge; voices, 1 for a strength.",
    ),
    (
        [SAID_GOOD, HALL],
        "one-sided",
        "strength",
        "Only what people say points to a strength. What is there points neither way. "
        "Counted: voices, 1 for a strength.",
    ),
    (
        [BAD, HALL],
        "one-sided",
        "challenge",
        "Only the figures point to a challenge. What is there points neither way. "
        "Counted: figures, 1 for a challenge.",
    ),
    ([HALL], "silent", "unknown", "Nothing here points to a strength or to a challenge."),
]


@pytest.mark.parametrize(("entries", "fit", "side", "words"), FITS)
def test_fit_by_rule_and_in_words(entries, fit, side, words):
    triangle = triangulate(to_pieces(*entries))
    assert (triangle.fit, triangle.side, triangle.words) == (fit, side, words)


def test_a_theme_keeps_its_own_side_where_figures_point_elsewhere():
    row = draft_one(make_theme("care", 20, "strength"), BAD, finding="theme-care")
    assert (row["side"], row["fit"]) == ("strength", "tension")
    assert draft_one(make_theme("care", 20, "strength"), BAD)["side"] == "mixed"


# ------------------------------------------------------------------ what is shown


def test_figures_with_a_verdict_come_first_and_both_sides_in_turns():
    pieces = to_pieces(
        make_figure("same", "similar"),
        make_figure("more", "higher"),
        make_figure("bad1", "worse"),
        make_figure("bad2", "worse"),
        make_figure("bad3", "worse"),
        make_figure("good", "better"),
    )
    names = [piece.name for piece in choose_figures(pieces, most=4)]
    assert names == ["bad1", "good", "bad2", "bad3"]


def test_newest_figures_first_one_of_each_indicator_and_other_tables_before_the_same():
    pieces = to_pieces(
        make_figure("old", "worse", period="2015"),
        make_figure("a.one", "worse", source_ids=["t1"]),
        make_figure("a.two", "worse", source_ids=["t1"], value=9.0),
        make_figure("b", "worse", source_ids=["t1"], base=500.0),
        make_figure("new", "higher", period="2025"),
    )
    names = [piece.name for piece in choose_figures(pieces, most=4)]
    assert names == ["b", "old", "new", "a.two"]


def test_figures_that_count_the_same_people_are_told_once_unless_they_differ():
    pieces = to_pieces(
        make_figure("bad_health", "worse", source_ids=["t1"]),
        make_figure("good_health", "worse", source_ids=["t1"]),
        make_figure("very_good", "higher", source_ids=["t1"]),
        make_figure("care", "better", source_ids=["t1"]),
        make_figure("unknown1", "worse", source_ids=["t2"], base=None),
        make_figure("unknown2", "worse", source_ids=["t2"], base=None),
    )
    names = [piece.name for piece in choose_figures(pieces, most=9)]
    assert names == ["bad_health", "unknown1", "unknown2", "care"]


def test_a_group_is_told_by_its_largest_and_never_before_the_whole():
    pieces = to_pieces(
        make_figure("tenure.small", "lower", value=3.0),
        make_figure("tenure.large", "higher", value=40.0),
        make_figure("tenure.largest", "similar", value=50.0),
        make_figure("flats", "higher"),
    )
    assert [p.name for p in choose_figures(pieces, most=4)] == ["flats", "tenure.large"]


def test_higher_on_a_small_base_is_no_difference_to_tell():
    small = make_figure("few", "higher", base=39.0)
    pieces = to_pieces(small, make_figure("same", "similar"), make_figure("more", "similar"))
    assert [p.name for p in choose_figures(pieces, most=4)] == ["same", "more"]


def test_figures_added_are_of_another_table_not_old_and_shares_before_scores():
    pieces = to_pieces(
        make_figure("score", source_ids=["iod"], period="2025", unit="score"),
        make_figure("share", source_ids=["iod"], period="2025", unit="%"),
        make_figure("former", source_ids=["older"], period="2019", unit="%"),
        make_figure("other", source_ids=["other"], period="2021"),
    )
    assert [p.name for p in choose_figures(pieces, most=4)] == ["share", "other"]


def test_a_rank_comes_before_what_is_only_higher():
    pieces = to_pieces(make_figure("more", "higher"), make_figure("r", direction="challenge"), BAD)
    assert [p.name for p in choose_figures(pieces, most=4)] == ["bad", "r", "more"]


def test_figures_without_a_difference_only_make_up_the_least_number():
    pieces = to_pieces(*(make_figure(f"s{n}", "similar") for n in range(5)))
    assert len(choose_figures(pieces, most=4)) == 2
    clear = to_pieces(BAD, make_figure("same", "similar"), make_figure("other"))
    assert [p.name for p in choose_figures(clear, most=4)] == ["bad", "same"]


def test_types_that_lie_just_outside_are_told_after_those_here():
    outside = make_entry("asset:library", value=0.0, source_ids=["places_libraries"])
    pieces = to_pieces(outside, make_entry("asset:school", value=2.0), make_entry("asset:osm:7"))
    assert [p.name for p in choose_pieces(pieces).assets] == ["school", "library"]


def test_changes_within_chance_and_types_without_an_asset_are_not_shown():
    chosen = choose_pieces(
        to_pieces(
            make_entry("change:q.net_a", comparison="similar"),
            make_entry("change:r.a", comparison="higher"),
            make_entry("asset:dentist", value=0.0),
            make_entry("asset:library", value=2.0),
            make_entry("asset:osm:7"),
        )
    )
    assert [p.evidence_id for p in chosen.voices] == ["change:r.a"]
    assert [p.evidence_id for p in chosen.assets] == ["asset:library"]


def test_quotes_of_the_themes_shown_come_first_and_of_a_theme_alone_in_its_finding():
    entries = [
        make_theme("big", 30),
        make_theme("small", 20),
        *(make_entry(f"quote:Q{n}") for n in range(1, 5)),
    ]
    themes = {"Q1": "else", "Q2": "small", "Q3": "big", "Q4": "big"}
    chosen = choose_pieces(to_pieces(*entries), quote_themes=themes)
    assert [p.name for p in chosen.voices if p.kind == "quote"] == ["Q3", "Q2"]
    row = draft_one(*entries, finding="theme-small", quote_themes=themes)
    assert "quote:Q2" in row["cites"]
    assert "quote:Q3" not in row["cites"]


# ------------------------------------------------------------------ sentences, word for word


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("Homes are 3%.", "Homes are 3% [data:x]."),
        ("Homes are 3%", "Homes are 3% [data:x]."),
        ("“It was cold.”", "“It was cold.” [data:x]"),
        ("“Cold” (Resident, interview).", "“Cold” (Resident, interview) [data:x]."),
        ("Is it cold?", "Is it cold? [data:x]"),
        ("See [quote:Q9] there.", "See (quote:Q9) there [data:x]."),
    ],
)
def test_a_statement_with_its_citation(statement, sentence):
    piece = Piece(evidence_id="data:x", kind="data", label="X", statement=statement)
    assert cite_statement(piece) == sentence


def test_words_from_outside_hold_no_citation():
    assert clear_citations("[the shop] [data:x]") == "[the shop] (data:x)"


TEXTS = [
    (
        [BAD, SAID_BAD, HALL],
        "On housing, the evidence points to a challenge for Teaspoon Common. "
        "Worse than in England: Bad [data:bad]. People speak of: Said_Bad [theme:said_bad]. "
        "Listed here or just outside: Own:Hall [asset:own:hall].",
    ),
    (
        [GOOD, SAID_GOOD],
        "On housing, the evidence points to a strength of Teaspoon Common. "
        "Better than in England: Good [data:good]. People speak of: Said_Good [theme:said_good].",
    ),
    (
        [BAD, SAID_GOOD],
        "On housing, the evidence points both ways for Teaspoon Common. "
        "Worse than in England: Bad [data:bad]. People speak of: Said_Good [theme:said_good].",
    ),
    (
        [make_figure("more", "higher"), make_figure("less", "lower", comparator="Inkwell")],
        "On housing, the evidence points neither way for Teaspoon Common. "
        "Higher than in England: More [data:more]. Lower than in Inkwell: Less [data:less].",
    ),
    (
        [make_figure("same", "similar")],
        "On housing, the evidence points neither way for Teaspoon Common. "
        "Similar to England: Same [data:same].",
    ),
    (
        [make_figure("untested"), make_figure("ranked", direction="challenge")],
        "On housing, the figures point to a challenge for Teaspoon Common. "
        "A challenge by the rule for national ranks: Ranked [data:ranked]. "
        "Shown, but not tested against elsewhere: Untested [data:untested].",
    ),
    (
        [make_entry("survey:q", label="How warm is your home?", direction="challenge")],
        "On housing, what people say points to a challenge for Teaspoon Common. "
        "People were asked: How warm is your home? [survey:q].",
    ),
    (
        [make_entry("change:q.a", label="Change, Warm", comparison="higher"), FAR],
        "On housing, what is there points to a challenge for Teaspoon Common. "
        "Change, Warm [change:q.a]. Measured on foot: Gp [reach:gp].",
    ),
]


@pytest.mark.parametrize(("entries", "text"), TEXTS)
def test_text_of_a_building_block(entries, text):
    assert draft_one(*entries)["text"] == text


@pytest.mark.parametrize(
    ("name", "value", "unit", "said"),
    [
        ("data:overcrowded_bedrooms", 10.66, "%", "Label, at 10.7% [data:overcrowded_bedrooms]"),
        ("data:tenure.rent_free", 0.4, "%", "Label, at 0.4% [data:tenure.rent_free]"),
        ("data:distance_gp", 0.8, "km", "Label, at 0.8 km [data:distance_gp]"),
        ("data:active_engaged", 65.0, "score", "Label, at 65.0 [data:active_engaged]"),
        ("reach:library", 43.9, "%", "Label, at 44% [reach:library]"),
        ("asset:library", 2.0, "assets listed", "Label [asset:library]"),
        ("theme:damp", 12.0, "people", "Label [theme:damp]"),
    ],
)
def test_names_have_their_figures(name, value, unit, said):
    entry = make_entry(name, label="Label", value=value, unit=unit)
    assert name_pieces(to_pieces(entry)) == said
    assert name_pieces(to_pieces(entry), is_cited=False) == "Label"


@pytest.mark.parametrize(
    ("direction", "title", "text"),
    [
        ("strength", "Mutual help: something to build on", "as a strength [theme:help]."),
        ("challenge", "Mutual help: a challenge", "as a challenge [theme:help]."),
        (
            "",
            "Mutual help: not known either way",
            ", which is not a strength or a challenge by itself [theme:help].",
        ),
    ],
)
def test_title_and_opening_of_a_theme(direction, title, text):
    entry = make_theme("help", 20, direction, label="Mutual help")
    row = draft_one(entry, finding="theme-help")
    space = "" if text.startswith(",") else " "
    assert row["title"] == title
    assert row["text"] == f"People in Teaspoon Common speak of “Mutual help”{space}{text}"


def test_no_template_is_without_its_parts():
    """Every sentence is filled: none shows a bracket of a template."""
    table = draft(BAD, SAID_BAD, FAR, HALL, make_theme("many", 30), hide("data:gone"))
    for cell in table[[*CITING_COLUMNS, "title", "fit_words", "strength_words"]].to_numpy().ravel():
        assert "{" not in cell
        assert "  " not in cell
        assert cell == cell.strip()


def test_templates_claim_no_cause():
    rules = load_finding_rules().model_dump_json()
    causal = r"because|cause|leads? to|due to|result|therefore|explain|drives?|thanks to"
    assert not re.search(rf"\b(?:{causal})\b", rules)


def test_a_longer_list_says_how_many_more():
    themes = [make_theme(f"t{n}", 9) for n in range(3)]
    answers = [make_figure(f"f{n}", "worse") for n in range(4)]
    text = draft_one(*themes, *answers)["text"]
    assert "F0 [data:f0]; F1 [data:f1]; F2 [data:f2]; 1 more." in text


# ------------------------------------------------------------------ gaps


def write_gaps_of(*entries, heard=()):
    pieces = to_pieces(*entries)
    chosen = choose_pieces(pieces)
    old = list_old(chosen.every, today=TODAY)
    return write_gaps(pieces, chosen, to_pieces(*heard), old=old)


@pytest.mark.parametrize(
    ("entries", "heard", "gaps"),
    [
        (
            [HALL],
            [],
            "No published figure here is about this. Nothing that people said is about this.",
        ),
        (
            [BAD, hide("data:gone", label="Cold homes")],
            [make_entry("heard:age.x", comparison="lower")],
            "Nothing that people said is about this. The register lists no asset for this; "
            "none in the list does not mean none in the place. "
            "1 figure on this is missing or withheld: Cold homes.",
        ),
        (
            [SAID_BAD, HALL, *(hide(f"data:g{n}", label=f"G{n}") for n in range(4))],
            [],
            "No published figure about this can be shown. "
            "4 figures on this are missing or withheld: G0; G1; G2; 1 more.",
        ),
        (
            [BAD, hide("theme:t"), hide("reach:gp", label="Residents near a surgery")],
            [],
            "Nothing that people said about this can be shown. "
            "The register lists no asset that can be shown for this. "
            "Not known, as the register lists none: Residents near a surgery. "
            "1 thing that people said about this is not shown.",
        ),
        (
            [BAD, SAID_BAD, HALL, hide("survey:q"), hide("theme:t")],
            [
                make_entry("heard:age.x", comparison="lower", label="Who was heard: 16 to 24"),
                make_entry("heard:age.y", comparison="higher", label="Who was heard: 65 to 74"),
                hide("heard:age.z", label="Who was heard: 75 and over"),
            ],
            "2 things that people said about this are not shown. "
            "Heard less than their share: 16 to 24 [heard:age.x]. "
            "How many were heard cannot be shown for: 75 and over.",
        ),
        (
            [make_figure("aged", "worse", period="2015/16"), SAID_BAD, HALL],
            [],
            "1 thing shown is older than 6 years: Aged.",
        ),
    ],
)
def test_gaps_word_for_word(entries, heard, gaps):
    assert write_gaps_of(*entries, heard=heard) == gaps


def test_without_any_voice_the_gap_is_the_whole_profile():
    row = draft_one(BAD, HALL)
    assert row["gaps"] == "Nothing that people say is in this profile yet."
    assert (
        "Not passed: fewer than two kinds of knowledge point the same way; nothing that people"
        in (row["strength_words"])
    )
    words = " ".join(str(cell) for cell in row)
    assert "People" not in words and "heard" not in words


def test_health_itself_misses_no_asset_of_its_own():
    health = draft_one(
        make_figure("ill", "worse", topics=["health_and_wellbeing"]), finding="health_and_wellbeing"
    )
    assert health["title"] == "Health and wellbeing: a challenge"
    assert "asset" not in health["gaps"]
    assert "asset" in draft_one(BAD)["gaps"]


def test_a_theme_says_that_its_figures_are_about_the_whole_topic():
    row = draft_one(make_theme("damp", 20), BAD, finding="theme-damp")
    assert "about housing as a whole, not about this theme alone." in row["gaps"]


# ------------------------------------------------------------------ strength of evidence

SILENT = "base heard age"
HEARD = [make_entry("heard:age.a", comparison="similar")]

UNHEARD = [make_entry("heard:age.a", comparison="lower")]


@pytest.mark.parametrize(
    ("entries", "heard", "level", "passed"),
    [
        ([BAD, make_theme("t", 12)], HEARD, "strong", "kinds difference base heard age"),
        ([BAD, make_theme("t", 12)], UNHEARD, "strong", "kinds difference base age"),
        # Two kinds of knowledge that contradict each other do not make strong evidence.
        ([BAD, make_theme("t", 12, "strength")], HEARD, "moderate", "difference base heard age"),
        ([make_theme("t", 12)], HEARD, "moderate", "base heard age"),
        ([make_theme("t", 9)], HEARD, "limited", "heard age"),
        ([make_figure("x", "worse", base=40.0)], [], "limited", "difference age"),
        ([make_figure("x", "similar", period="2011")], [], "limited", "base"),
        ([make_entry("quote:Q1")], [], "limited", "age"),
        # Nothing points anywhere: there is no claim to be strong.
        ([make_figure("x", "higher"), make_theme("t", 12, "")], HEARD, "limited", SILENT),
        # What is only higher or lower carries no claim either.
        ([make_figure("x", "higher"), make_theme("t", 12)], HEARD, "moderate", SILENT),
        ([], HEARD, "none", ""),
    ],
)
def test_strength_by_rule(entries, heard, level, passed):
    pieces = to_pieces(*entries)
    triangle = triangulate(pieces)
    strength = judge_strength(pieces, to_pieces(*heard), triangle=triangle, today=TODAY)
    assert (strength.level, " ".join(strength.passed)) == (level, passed)


def test_strength_tells_its_reasons():
    row = draft_one(BAD, make_theme("t", 12), *UNHEARD)
    assert row["strength_words"] == (
        "Strong: 4 of 5 tests passed. "
        "Passed: two or more kinds of knowledge point the same way; "
        "a figure is clearly better or worse than elsewhere, or an answer clearly better or worse "
        "than last time; "
        "every base is large enough; nothing shown is old. "
        "Not passed: many groups were heard less than their share, "
        "or it is not known who was heard."
    )


def test_where_nothing_points_the_reason_says_so():
    words = draft_one(make_figure("x", "higher"))["strength_words"]
    assert words.startswith("Limited: 2 of 5 tests passed.")
    assert words.endswith("Nothing points either way, so the evidence carries no claim.")


@pytest.mark.parametrize(
    ("period", "is_old"),
    [("21 March 2021", False), ("2019", True), ("2021-01", False), ("undated", False)],
)
def test_age_counts_from_the_report(period, is_old):
    pieces = to_pieces(make_figure("x", period=period))
    assert bool(list_old(pieces, today=TODAY)) is is_old


# ------------------------------------------------------------------ what a draft cites


def test_a_draft_cites_exactly_what_its_words_cite():
    table = draft(BAD, GOOD, SAID_BAD, FAR, HALL, make_theme("many", 30), *UNHEARD)
    for row in table.to_dict("records"):
        words = " ".join(row[name] for name in CITING_COLUMNS)
        assert row["cites"].split("; ") == list_cited(find_citations(words))


def test_drafts_are_the_same_each_time():
    entries = (BAD, GOOD, SAID_BAD, FAR, HALL, make_theme("many", 30))
    assert draft(*entries).equals(draft(*entries))


def test_text_cites_nothing_twice_in_the_opening():
    chosen = choose_pieces(to_pieces(make_theme("t", 20)), theme_id="t")
    assert write_text(chosen, opening="People speak [theme:t].") == "People speak [theme:t]."
