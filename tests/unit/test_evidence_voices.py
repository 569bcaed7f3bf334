"""Entries of surveys, changes, themes, quotations, stories and who was heard."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cip.display.markup import make_id
from cip.engagement.survey_checks import build_questions
from cip.engagement.survey_mapping import read_mapping
from cip.evidence.from_answers import SurveyWords, from_answers, judge_side
from cip.evidence.from_changes import from_changes
from cip.evidence.from_respondents import from_respondents
from cip.evidence.from_themes import from_cases, from_quotes, from_themes
from cip.schemas import SCHEMAS

NAN = float("nan")
MAPPING = """
title: Our survey
mode: on paper
design: random
files:
  - path: a.csv
    wave: "2025"
  - path: b.csv
    wave: "2026"
questions:
  - {id: say, bank: can_influence, column: Q1}
  - {id: lonely, bank: lonely, column: Q2}
  - {id: crisis, bank: people_in_a_crisis, column: Q3}
  - {id: own, text: Which park do you like?, kind: single, column: Q4,
     answers: {North: north, South: south}}
"""


@pytest.fixture(scope="module")
def survey(tmp_path_factory) -> SurveyWords:
    path: Path = tmp_path_factory.mktemp("survey") / "survey.yml"
    path.write_text(MAPPING, encoding="utf-8")
    mapping, lines = read_mapping(path)
    questions = {one.id: one for one in build_questions(path, mapping, lines)}
    return SurveyWords("Our survey", ["2025", "2026"], questions)


def make_answer(question: str, answer: str, value: float = 40.0, **given) -> dict:
    half = given.pop("half", 5.0)
    return dict.fromkeys(SCHEMAS["answers"].columns, NAN) | {
        "question_id": question, "question": f"The wording of {question}?", "wave": "2026",
        "characteristic": "", "group": "", "answer": answer, "answer_label": answer.title(),
        "value": value, "lower_95": value - half, "upper_95": value + half, "unit": "%",
        "base": 1_200, "is_weighted": True, "display": "shown",
    } | given  # fmt: skip


def enter(survey: SurveyWords, *rows: dict) -> dict:
    table = pd.DataFrame(rows, columns=list(SCHEMAS["answers"].columns))
    return {one.evidence_id: one for one in from_answers(table, survey)}


def make_scale(good: float, bad: float, **given) -> list[dict]:
    return [
        make_answer("say", "net_disagree", bad, **given),
        make_answer("say", "net_agree", good, **given),
        make_answer("say", "neither", 100 - good - bad, **given),
    ]


def test_an_answer_says_its_interval_base_wave_and_weights(survey):
    entry = enter(survey, *make_scale(40, 30))["survey:say.net_agree"]
    assert entry.statement == (
        "Asked “The wording of say?”, 40% answered “Net_Agree” (95% interval 35% to 45%), of "
        "1,200 people in the survey of 2026, weighted to the area's make-up."
    )
    assert (entry.value, entry.base, entry.period) == (40.0, 1_200.0, "2026")
    assert entry.anchor == "fig-question-say"
    assert entry.topics == ("power_and_discrimination",)


def test_the_whole_question_tells_its_good_side(survey):
    whole = enter(survey, *make_scale(30, 60))["survey:say"]
    assert (whole.value, whole.label) == (30.0, "The wording of say?")
    assert whole.direction == "challenge"


@pytest.mark.parametrize(
    ("good", "bad", "side"),
    [(60, 30, "strength"), (30, 60, "challenge"), (45, 40, ""), (50, 40, "")],
)
def test_a_scale_takes_the_side_that_more_people_take_beyond_chance(survey, good, bad, side):
    entries = enter(survey, *make_scale(good, bad))
    assert entries["survey:say"].direction == side
    assert entries["survey:say.net_agree"].direction == ""


def test_a_scale_with_one_side_takes_none(survey):
    rows = [make_answer("lonely", "net_hardly_ever", 90), make_answer("lonely", "often", 10)]
    whole = enter(survey, *rows)["survey:lonely"]
    assert (whole.value, whole.direction) == (90.0, "")


def test_without_a_scale_the_commonest_answer_stands_for_the_question(survey):
    rows = [make_answer("own", "north", 30), make_answer("own", "south", 70)]
    whole = enter(survey, *rows)["survey:own"]
    assert (whole.value, whole.topics, whole.direction) == (70.0, (), "")


def test_a_number_is_told_by_its_mean_and_stands_in_a_table(survey):
    rows = [
        make_answer("crisis", "median", 2, unit="people", half=1),
        make_answer("crisis", "mean", 2.75, unit="people", half=0.25),
    ]
    whole = enter(survey, *rows)["survey:crisis"]
    assert "the figure “Mean” was 2.8 people (95% interval 2.5 to 3.0)" in whole.statement
    assert (whole.anchor, whole.value) == ("tab-question-crisis", 2.75)


def test_what_is_withheld_cannot_be_cited_and_a_small_base_can(survey):
    hidden = make_answer("own", "north", NAN, display="withheld")
    small = make_answer("own", "south", 50, display="small base", base=22)
    entries = enter(survey, hidden, small)
    assert not entries["survey:own.north"].is_citable
    assert "withheld" in entries["survey:own.north"].reason
    assert "small base" in entries["survey:own.south"].statement
    assert entries["survey:own"].value == 50.0


def test_a_question_of_which_all_is_withheld_cannot_be_cited(survey):
    whole = enter(survey, make_answer("own", "north", NAN, display="withheld"))["survey:own"]
    assert (whole.is_citable, whole.value) == (False, None)
    asked = enter(survey, make_answer("own", "north", NAN, display="nobody asked"))["survey:own"]
    assert asked.reason == "nobody was asked"


def test_only_everyone_in_the_last_wave_that_asked_is_entered(survey):
    rows = [
        make_answer("own", "north", 10, wave="2025"),
        make_answer("own", "north", 20),
        make_answer("own", "north", 90, characteristic="age", group="16_24"),
        make_answer("say", "net_agree", 55, wave="2025"),
    ]
    entries = enter(survey, *rows)
    assert entries["survey:own.north"].value == 20.0
    assert entries["survey:say.net_agree"].period == "2025"


@pytest.mark.parametrize(
    ("question", "answer", "side"),
    [
        ("say", "strongly_agree", True),
        ("say", "net_disagree", False),
        ("say", "neither", None),
        ("lonely", "often", False),
        ("lonely", "net_hardly_ever", True),
        ("lonely", "occasionally", None),
        ("crisis", "mean", True),
        ("own", "north", None),
        ("say", "no_such_answer", None),
    ],
)
def test_the_bank_says_which_end_is_good(survey, question, answer, side):
    assert judge_side(survey.questions[question], answer) is side


# ---------------------------------------------------------------- changes


def make_change(question: str, answer: str, difference: float, reading: str, **given) -> dict:
    return dict.fromkeys(SCHEMAS["answer_changes"].columns, NAN) | {
        "question_id": question, "answer": answer, "kind": "waves", "first": "2026",
        "second": "2025", "difference": difference, "lower_95": difference - 2,
        "upper_95": difference + 3, "reading": reading,
    } | given  # fmt: skip


def enter_changes(survey: SurveyWords, *rows: dict, unit: str = "%") -> dict:
    keys = {(row["question_id"], row["answer"]) for row in rows}
    answers = [
        make_answer(*key, value, wave=wave, unit=unit)
        for key in sorted(keys)
        for wave, value in (("2025", 40.0), ("2026", 50.0))
    ]
    table = pd.DataFrame(rows, columns=list(SCHEMAS["answer_changes"].columns))
    return {one.evidence_id: one for one in from_changes(table, pd.DataFrame(answers), survey)}


@pytest.mark.parametrize(
    ("question", "answer", "reading", "side"),
    [
        ("say", "net_agree", "higher", "strength"),
        ("say", "net_agree", "lower", "challenge"),
        ("say", "net_disagree", "higher", "challenge"),
        ("say", "neither", "higher", ""),
        ("lonely", "often", "lower", "strength"),
        ("say", "net_agree", "no clear difference", ""),
    ],
)
def test_a_change_takes_the_side_of_the_scale_that_grew(survey, question, answer, reading, side):
    entries = enter_changes(survey, make_change(question, answer, 10, reading))
    entry = entries[f"change:{question}.{answer}"]
    assert entry.direction == side
    assert (entry.comparator, entry.period) == ("2025", "2025 to 2026")
    assert entry.comparison == (reading if reading in ("higher", "lower") else "similar")
    assert entry.anchor == make_id("change", f"{question}.{answer}")


def test_a_fall_is_told_without_minus_signs(survey):
    entries = enter_changes(survey, make_change("say", "net_agree", -10, "lower"))
    assert entries["change:say.net_agree"].statement == (
        "Between the surveys the answer “Net_Agree” to “The wording of say?” fell by 10 percentage "
        "points (95% interval 7 to 12 percentage points), from 40% in 2025 to 50% in 2026."
    )


def test_a_change_of_a_number_is_told_in_its_unit(survey):
    row = make_change("crisis", "mean", 0.5, "higher")
    entry = enter_changes(survey, row, unit="people")["change:crisis.mean"]
    assert (entry.anchor, entry.unit) == ("change-crisis-mean", "people")
    assert "rose by 0.5 people" in entry.statement


def test_a_change_that_is_not_compared_cannot_be_cited(survey):
    entry = enter_changes(survey, make_change("say", "net_agree", NAN, "not compared"))[
        "change:say.net_agree"
    ]
    assert (entry.is_citable, entry.comparison, entry.base) == (False, "", None)
    assert entry.anchor == "change-say-net-agree"


def test_differences_between_groups_are_no_changes(survey):
    rows = [make_change("say", "net_agree", 1, "higher", kind="groups", first="age: 16_24")]
    assert not enter_changes(survey, *rows)


# ---------------------------------------------------------------- own words


def make_theme(**given) -> dict:
    return dict.fromkeys(SCHEMAS["themes"].columns, NAN) | {
        "theme_id": "damp", "theme": "Damp homes", "topic": "housing", "polarity": "challenge",
        "voice": "all", "people": 17, "excerpts": 20, "display": "shown",
    } | given  # fmt: skip


def enter_theme(people_heard: int | None = 1_153, **given):
    return from_themes(pd.DataFrame([make_theme(**given)]), people_heard=people_heard)[0]


@pytest.mark.parametrize(
    ("polarity", "side", "said"),
    [
        ("challenge", "challenge", "stands in the way"),
        ("enabler", "strength", "something that helps"),
        ("either", "", "may help"),
    ],
)
def test_a_theme_counts_people_of_those_heard(polarity, side, said):
    entry = enter_theme(polarity=polarity)
    assert entry.statement.startswith("Damp homes: 17 of 1,153 people heard spoke of it as")
    assert said in entry.statement
    assert (entry.direction, entry.topics, entry.base) == (side, ["housing"], 1_153.0)
    assert entry.anchor == "fig-themes"


def test_a_theme_of_nobody_takes_no_side():
    entry = enter_theme(people=0)
    assert entry.direction == ""
    assert "none of 1,153 people heard" in entry.statement
    assert entry.anchor == "note-what-people-speak-of"


def test_a_theme_that_is_withheld_cannot_be_cited():
    entry = enter_theme(people=None, display="withheld")
    assert (entry.is_citable, entry.value, entry.base, entry.direction) == (False, None, None, "")
    assert "withheld" in entry.reason


def test_only_the_count_over_all_voices_is_entered():
    rows = pd.DataFrame([make_theme(), make_theme(voice="interview", people=3)])
    assert len(from_themes(rows, people_heard=None)) == 1
    assert "17 people spoke" in from_themes(rows, people_heard=None)[0].statement


def test_a_quotation_keeps_its_words_and_its_speaker():
    quotes = pd.DataFrame(
        [("Q1", "damp", "challenge", "It is\nwet.  None of us sleep.", "Renter", "interview",
          "Lead", "2026-10-19")],
        columns=list(SCHEMAS["quotes"].columns),
    )  # fmt: skip
    (entry,) = from_quotes(quotes, pd.DataFrame([make_theme()]))
    assert entry.statement == "“It is wet. None of us sleep.” (Renter, interview)."
    assert (entry.evidence_id, entry.label) == ("quote:Q1", "Quotation Q1: Damp homes")
    assert (entry.direction, entry.topics) == ("challenge", ["housing"])
    assert entry.anchor == "quote-q1"


def test_a_story_is_told_by_its_title():
    cases = pd.DataFrame(
        [("the_bus", "The bus", "Long text.", "transport; work", "2026-06-02", "Lead")],
        columns=list(SCHEMAS["case_studies"].columns),
    )
    (entry,) = from_cases(cases)
    assert entry.statement == "The story “The bus”, told with consent given on 2 June 2026."
    assert (entry.anchor, entry.topics) == ("story-the-bus", ["transport", "work"])


# ---------------------------------------------------------------- who was heard


def make_heard(group: str = "16_24", **given) -> dict:
    return dict.fromkeys(SCHEMAS["respondents"].columns, NAN) | {
        "wave": "2026", "characteristic": "age", "group": group, "group_label": "16 to 24",
        "respondents": 17, "answered": 1_420, "share": 4.0, "lower_95": 2.5, "upper_95": 6.4,
        "population_share": 15.1, "ratio": 0.27, "ratio_lower_95": 0.17, "ratio_upper_95": 0.42,
        "display": "shown", "source_id": "ts007a",
    } | given  # fmt: skip


def enter_heard(*rows: dict) -> dict:
    table = pd.DataFrame(rows, columns=list(SCHEMAS["respondents"].columns))
    table["respondents"] = table["respondents"].astype("Int64")
    return {one.evidence_id: one for one in from_respondents(table, ["2025", "2026"])}


def test_a_group_stands_beside_its_share_of_residents():
    entry = enter_heard(make_heard())["heard:age.16_24"]
    assert entry.statement == (
        "16 to 24 (age): 17 of 1,420 people who told it in the survey of 2026, 4.0% where 15.1% "
        "of residents are, which is 0.27 times as many (95% interval 0.17 to 0.42)."
    )
    assert (entry.comparison, entry.direction, entry.anchor) == ("lower", "", "fig-heard-survey")
    assert entry.source_ids == ("survey", "ts007a")


def test_the_last_wave_is_taken_and_those_of_no_group_are_left_out():
    rows = [
        make_heard(),
        make_heard(wave="2025", respondents=99),
        make_heard("not_answered", ratio=NAN),
        make_heard("75_plus", wave="interviews and groups"),
    ]
    assert list(enter_heard(*rows)) == ["heard:age.16_24"]
    assert "17 of" in enter_heard(*rows)["heard:age.16_24"].statement


def test_without_a_survey_those_heard_in_person_are_entered():
    entry = enter_heard(make_heard(wave="interviews and groups"))["heard:age.16_24"]
    assert (entry.anchor, entry.source_ids[0]) == ("fig-heard-spoken", "excerpts")


def test_a_group_that_is_withheld_cannot_be_cited():
    entry = enter_heard(
        make_heard(respondents=None, share=NAN, ratio=NAN, display="withheld"),
        make_heard("75_plus"),
    )["heard:age.16_24"]
    assert (entry.is_citable, entry.value, entry.comparison) == (False, None, "")


def test_a_group_without_a_count_of_residents_has_a_share_alone():
    entry = enter_heard(make_heard(ratio=NAN, population_share=NAN, source_id=NAN))[
        "heard:age.16_24"
    ]
    assert (entry.value, entry.unit, entry.comparator) == (4.0, "%", "")
    assert "no count of residents" in entry.statement
    assert (entry.anchor, entry.source_ids) == ("facts-heard", ("survey",))


PERCENT = st.one_of(st.floats(0, 100), st.just(NAN))


@settings(max_examples=15, deadline=None)
@given(values=st.lists(PERCENT, min_size=5, max_size=5), base=st.integers(0, 10**6),
       text=st.text(max_size=60), random=st.randoms())  # fmt: skip
def test_sentences_are_well_formed_and_do_not_depend_on_order(survey, values, base, text, random):
    names = ["strongly_agree", "agree", "neither", "disagree", "net_agree"]
    rows = [
        make_answer("say", name, value, base=base,
                    display="withheld" if value != value else "shown") | {"question": text}
        for name, value in zip(names, values, strict=True)
    ]  # fmt: skip
    entries = enter(survey, *rows)
    assert set(entries) == {"survey:say", *(f"survey:say.{name}" for name in names)}
    for entry in entries.values():
        words = entry.statement
        assert words.endswith(".") and not words.endswith("..")
        assert "  " not in words and len(words.splitlines()) == 1
    random.shuffle(rows)
    assert enter(survey, *rows) == entries
