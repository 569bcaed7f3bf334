"""The mapping file: every mistake told with its line and the nearest right word."""

from pathlib import Path

import pytest

from cip.engagement.survey_answers import load_survey
from cip.errors import ParameterError

START = """title: A survey
design: quota
mode: online
files:
  - {path: answers.csv, wave: "2025"}
"""
CSV = "Where,Belong\nTown,Very strongly\n"


def write(folder: Path, rest: str, start: str = START) -> Path:
    (folder / "answers.csv").write_text(CSV, encoding="utf-8")
    path = folder / "survey.yml"
    path.write_text(start + rest, encoding="utf-8")
    return path


def read_problems(path: Path) -> list[str]:
    with pytest.raises(ParameterError) as caught:
        load_survey(path)
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("rest", "line", "words"),
    [
        ("questions:\n  - {id: q, colunm: Belong}\n", 7, ["'questions.0.colunm'", "'column'"]),
        ("questions:\n  - {id: q, bank: belong_neighborhood, column: Belong}\n", 7,
         ["question bank", "'belong_neighbourhood'"]),
        ("questions:\n  - {id: q, text: How, kind: singel, column: Belong}\n", 7, ["'single'"]),
        ("questions:\n  - {id: q, text: How, kind: single, column: Belong}\n", 7,
         ["needs answers"]),
        ("questions:\n  - {id: q, kind: number, column: Belong}\n", 7, ["wording"]),
        ("questions:\n  - {id: q, bank: belong_neighbourhood, column: {'2024': Belong}}\n", 7,
         ["no wave '2024'", "'2025'"]),
        ("questions:\n  - {id: q, text: A, kind: before_after, before: Belong}\n", 7, ["'after'"]),
        ("questions:\n  - {id: q, text: A, kind: multiple, column: Belong, answers: {a: a},"
         " columns: {a: Belong}}\n", 7, ["'columns'"]),
        ("questions:\n  - {id: q, bank: belong_neighbourhood, column: Belong}\n"
         "  - {id: r, bank: lonely, column: Where, asked_if: {question: p, answers: [often]}}\n", 8,
         ["no question above"]),
        ("questions:\n  - {id: q, bank: belong_neighbourhood, column: Belong}\n"
         "  - {id: r, bank: lonely, column: Where, asked_if: {question: q, answers:"
         " [very_stongly]}}\n", 8, ["'very_strongly'"]),
        ("questions:\n  - {id: q, bank: lonely, column: Belong, answers: {Lots: offen}}\n", 7,
         ["no answer of 'lonely'", "'often'"]),
        ("questions:\n  - {id: q, bank: lonely, column: Belong, order: [never, always]}\n", 7,
         ["order names 'always'"]),
        ("characteristics:\n  - {id: agee, column: Where, values: {a: b}}\n"
         "questions:\n  - {id: q, bank: lonely, column: Belong}\n", 7, ["catalogue", "'age'"]),
        ("characteristics:\n  - {id: age, column: Where, values: {a: 16_25}}\n"
         "questions:\n  - {id: q, bank: lonely, column: Belong}\n", 7, ["no group '1625'"]),
        ("characteristics:\n  - {id: age, column: Where, values: {a: sex}, bands: {b: [1, 2]}}\n"
         "questions:\n  - {id: q, bank: lonely, column: Belong}\n", 7, ["values", "not both"]),
        ("characteristics:\n  - {id: part_of_area, column: Where}\n"
         "questions:\n  - {id: q, bank: lonely, column: Belong}\n", 7, ["places"]),
        ("questions:\n  - {id: q, bank: lonely, column: Belong}\nweights: {margins: [age]}\n", 8,
         ["'age'", "no characteristic"]),
        ("questions:\n  - {id: q, bank: lonely, column: Belong}\n"
         "weights: {margins: [age], cap: [2, 3]}\n", 8, ["cap goes"]),
    ],
)  # fmt: skip
def test_each_mistake_has_its_line(tmp_path, rest, line, words):
    problems = read_problems(write(tmp_path, rest))
    told = [problem for problem in problems if f"survey.yml, line {line}:" in problem]
    assert told
    assert all(any(word in problem for problem in told) for word in words)


def test_all_mistakes_are_told_at_once(tmp_path):
    rest = (
        "questions:\n  - {id: q, bank: lonly, column: B}\n  - {id: r, bank: belongs, column: C}\n"
    )
    assert len(read_problems(write(tmp_path, rest))) == 2


def test_a_heading_that_is_not_there_is_told_with_the_nearest(tmp_path):
    rest = "questions:\n  - {id: q, bank: belong_neighbourhood, column: Belongs}\n"
    (problem,) = read_problems(write(tmp_path, rest))
    assert "answers.csv, column 'Belongs'" in problem
    assert "Did you mean 'Belong'?" in problem


def test_a_file_that_is_not_there_is_told_with_the_nearest(tmp_path):
    start = START.replace("answers.csv", "answer.csv")
    rest = "questions:\n  - {id: q, bank: belong_neighbourhood, column: Belong}\n"
    (problem,) = read_problems(write(tmp_path, rest, start))
    assert "no such file" in problem and "answers.csv" in problem


def test_groups_read_as_numbers_are_understood(tmp_path):
    rest = (
        "characteristics:\n  - {id: age, column: Where, values: {Town: 16_24}}\n"
        "questions:\n  - {id: q, bank: belong_neighbourhood, column: Belong}\n"
    )
    survey, problems = load_survey(write(tmp_path, rest))
    assert survey.answers["age"].tolist() == ["16_24"]
    assert not problems
