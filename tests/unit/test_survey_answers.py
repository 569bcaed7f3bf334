"""Answers read by a mapping file: what cells mean, what is told, and what never comes out."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cip.engagement.survey_answers import load_survey
from cip.engagement.survey_data import Survey, list_open_answers
from cip.errors import Problem

MAPPING = """title: A survey
design: random
mode: online
files:
  - {path: answers.csv, wave: "2025", respondent_id: Ref, timestamp: When}
characteristics:
  - {id: age, column: Age, bands: {"16_24": [16, 24], "25_34": [25, 34]}}
  - {id: sex, column: Sex}
questions:
  - {id: belong, bank: belong_neighbourhood, column: Belong}
  - id: joined
    bank: group_activity
    column: Joined
    separator: ","
    other: something
    answers: {"Arts, music": arts, Sport: sport, None: none, Else: something}
  - id: helped
    bank: activity_helped_health
    column: Helped
    asked_if: {question: joined, answers: [arts, sport]}
  - {id: days, bank: walks_weekly, column: Days, numbers: {every day: 7}}
  - {id: move, bank: area_before_after, before: Then, after: Now}
  - {id: change, bank: what_to_change, column: Change}
"""
HEADINGS = [
    "Ref",
    "When",
    "Age",
    "Sex",
    "Belong",
    "Joined",
    "Helped",
    "Days",
    "Then",
    "Now",
    "Change",
]
GOOD = {
    "Age": "20", "Sex": "female", "Belong": "Very strongly", "Joined": "Arts, music, Sport",
    "Helped": "Positive", "Days": "3", "Then": "Yes", "Now": "No", "Change": "Buses",
}  # fmt: skip
SECRET = "Ann Example, ZZ1 2AB, 01632 960123"


def load(folder: Path, *rows: dict[str, str]) -> tuple[Survey, list[Problem]]:
    people = [{"Ref": f"id{n}", "When": f"t{n}", **GOOD, **row} for n, row in enumerate(rows)]
    pd.DataFrame(people, columns=HEADINGS).to_csv(folder / "answers.csv", index=False)
    (folder / "survey.yml").write_text(MAPPING, encoding="utf-8")
    return load_survey(folder / "survey.yml")


def test_a_good_row_is_read_whole(tmp_path):
    survey, problems = load(tmp_path, {})
    assert not problems
    row = survey.answers.iloc[0].to_dict()
    ticked = {name for name, value in row.items() if name.startswith("joined:") and value == 1}
    assert ticked == {"joined:arts", "joined:sport"}
    told = {name: row[name] for name in ("age", "sex", "belong", "helped", "days:value")}
    assert told == {
        "age": "16_24", "sex": "female", "belong": "very_strongly", "helped": "positive",
        "days:value": 3.0,
    }  # fmt: skip
    assert (row["move"], row["move:before"], row["move:after"]) == ("answered", "yes", "no")


@pytest.mark.parametrize(
    ("cells", "column", "value"),
    [
        ({"Belong": ""}, "belong", "not_answered"),
        ({"Belong": "Don’t know"}, "belong", "dont_know"),
        ({"Belong": "PREFER NOT TO SAY"}, "belong", "prefer_not_to_say"),
        ({"Belong": "Somewhat"}, "belong", "not_usable"),
        ({"Belong": " very  strongly. "}, "belong", "very_strongly"),
        ({"Days": "every day"}, "days:value", 7.0),
        ({"Days": "8"}, "days", "not_usable"),
        ({"Days": "two"}, "days", "not_usable"),
        ({"Days": "prefer not to say"}, "days", "prefer_not_to_say"),
        ({"Days": ""}, "days", "not_answered"),
        ({"Joined": ""}, "joined", "not_answered"),
        ({"Joined": "Don't know"}, "joined", "dont_know"),
        ({"Joined": "A brass band of ours"}, "joined:something", 1.0),
        ({"Now": ""}, "move", "not_answered"),
        ({"Then": "Maybe"}, "move", "not_usable"),
        ({"Change": ""}, "change", "not_answered"),
        ({"Age": "30.0"}, "age", "25_34"),
    ],
)  # fmt: skip
def test_cells_mean_what_they_say(tmp_path, cells, column, value):
    survey, _ = load(tmp_path, cells)
    assert survey.answers[column].iloc[0] == value


@pytest.mark.parametrize(
    ("cells", "column", "words"),
    [
        ({"Belong": "Very strong"}, "belong", ["not on the scale", "'Very strongly'"]),
        ({"Days": "two or so"}, "days", ["words where a number"]),
        ({"Days": "9"}, "days", ["outside", "0 to 7"]),
        ({"Age": "twenty"}, "age", ["a group that the mapping file does not know"]),
        ({"Sex": "femal"}, "sex", ["Did you mean 'Female'"]),
        ({"Change": "=1+1"}, "change", ["formula"]),
        ({"Change": "x" * 100_000}, "change", ["more than 20,000 characters"]),
        ({"Joined": "None", "Helped": "Positive"}, "helped", ["not for this person"]),
    ],
)
def test_what_cannot_be_read_is_told_by_row_and_question(tmp_path, cells, column, words):
    survey, problems = load(tmp_path, {}, cells, {})
    assert len(survey.answers) == 3
    (problem,) = problems
    assert (problem.row, problem.column) == (3, column)
    assert all(word in str(problem) for word in words)


def test_one_problem_tells_many_rows(tmp_path):
    _, problems = load(tmp_path, *[{"Days": "9"}] * 40)
    (problem,) = problems
    assert "rows 2, 3, 4" in problem.message and "20 more" in problem.message


def test_who_was_not_shown_a_question_is_not_in_it(tmp_path):
    survey, problems = load(tmp_path, {"Joined": "None", "Helped": ""}, {})
    assert survey.answers["helped"].isna().tolist() == [True, False]
    assert not problems


@pytest.mark.parametrize(
    ("second", "kept"),
    [
        ({"Ref": "id0"}, 1),
        ({"Ref": "id0", "Belong": "Not at all"}, 1),
        ({"Ref": "other", "When": "t0"}, 1),
        ({"Ref": "", "When": "later"}, 2),
        ({"Ref": "other", "When": ""}, 2),
    ],
)
def test_respondents_who_are_there_twice_count_once(tmp_path, second, kept):
    survey, problems = load(tmp_path, {}, second)
    assert len(survey.answers) == kept
    assert bool(problems) == (kept == 1)
    assert survey.answers["belong"].iloc[0] == "very_strongly"


@pytest.mark.parametrize("column", HEADINGS)
def test_what_a_person_wrote_comes_out_of_no_message_and_no_repr(tmp_path, column):
    survey, problems = load(tmp_path, {column: SECRET}, {column: f"={SECRET}"})
    shown = " ".join([repr(survey), str(survey), *map(str, problems), *map(repr, problems)])
    for question in survey.questions.values():
        shown += repr(question)
    assert not any(part in shown for part in ("Ann", "ZZ1", "960123"))
    kept = survey.answers.drop(columns="respondent_id").astype("str").to_csv()
    assert "ZZ1" not in kept
    assert not survey.answers.astype("str").isin(["id0", "t0"]).any(axis=None)


def test_open_answers_are_kept_as_they_are_for_coding(tmp_path):
    texts = ["<b>x</b>", "=1+1", "مرحبا", "🚌", "two\nlines"]
    survey, _ = load(tmp_path, *[{"Change": text} for text in texts])
    found = list_open_answers(survey, "change")
    assert found["text"].tolist() == texts
    assert found["age"].tolist() == ["16_24"] * 5
    assert "change:text" not in survey.answers


def test_waves_and_files_are_put_under_each_other(tmp_path):
    for name in ("a", "b", "c"):
        pd.DataFrame([{"Q": "Very strongly", "Extra": "Often or always"}] * 2).to_csv(
            tmp_path / f"{name}.csv", index=False
        )
    (tmp_path / "survey.yml").write_text(
        "title: T\ndesign: convenience\nmode: m\nfiles:\n"
        "  - {path: a.csv, wave: one}\n  - {path: b.csv, wave: one}\n  - {path: c.csv, wave: two}\n"
        "questions:\n  - {id: q, bank: belong_neighbourhood, column: Q}\n"
        "  - {id: e, bank: lonely, column: {two: Extra}}\n",
        encoding="utf-8",
    )
    survey, problems = load_survey(tmp_path / "survey.yml")
    assert not problems
    assert survey.waves == ("one", "two")
    assert survey.answers["wave"].value_counts().to_dict() == {"one": 4, "two": 2}
    assert survey.answers["respondent_id"].is_unique
    assert survey.answers["e"].notna().tolist() == [False] * 4 + [True] * 2


def test_the_same_people_in_two_waves_are_told(tmp_path):
    for wave in ("1", "2"):
        pd.DataFrame({"Ref": ["x", "y"], "Q": "Not at all"}).to_csv(
            tmp_path / f"{wave}.csv", index=False
        )
    (tmp_path / "survey.yml").write_text(
        "title: T\ndesign: random\nmode: m\nfiles:\n  - {path: 1.csv, wave: 1, respondent_id: Ref}\n"
        "  - {path: 2.csv, wave: 2, respondent_id: Ref}\n"
        "questions:\n  - {id: q, bank: belong_neighbourhood, column: Q}\n",
        encoding="utf-8",
    )
    (problem,) = load_survey(tmp_path / "survey.yml")[1]
    assert "2 ids" in problem.message and "'x'" not in problem.message


def test_several_answers_in_their_own_columns(tmp_path):
    pd.DataFrame(
        {"Sport?": ["Yes", "No", ""], "Arts?": ["1", "0", ""], "Old": ["Yes", "No", "No"]}
    ).to_csv(tmp_path / "a.csv", index=False)
    (tmp_path / "survey.yml").write_text(
        "title: T\ndesign: random\nmode: m\nfiles: [{path: a.csv, wave: 1}]\nquestions:\n"
        "  - {id: q, bank: group_activity, columns: {sport: 'Sport?', arts: 'Arts?'}}\n",
        encoding="utf-8",
    )
    answers = load_survey(tmp_path / "survey.yml")[0].answers
    assert answers["q:sport"].tolist() == [1, 0, 0]
    assert answers["q"].tolist() == ["answered", "not_answered", "not_answered"]
    assert np.array_equal(answers["q:faith"], [0, 0, 0])
