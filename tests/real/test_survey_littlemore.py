"""The questionnaire of a real place, read by a mapping file and checked by counting by hand.

Nothing of the answers is in here: headings in short, and codes of answers. No assertion shows a
cell: numbers alone are compared.
"""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cip.engagement.survey_answers import load_survey
from cip.engagement.survey_changes import compare_answers
from cip.engagement.survey_results import tabulate_answers

pytestmark = pytest.mark.real

NAME = "littlemore_ltn_2021_anonymised_responses.csv"
FILTERS = ["Church Hill Road", "Beauchamp Lane", "Littlemore Road"]
MAPPING = """
title: Questionnaire on traffic
design: convenience
mode: on paper and online
files:
  - {path: answers.csv, wave: "2021", form: plain}
questions:
  - id: favour
    text: In favour of less traffic
    kind: single
    column: "1:*"
    answers: {"Yes": "yes", "No": "no"}
    dont_know: [No opinion]
  - id: car
    text: Journeys by car in a week
    kind: before_after
    of: number
    before: "2:*CAR - BEFORE*"
    after: "2:*CAR - AFTER*"
    least: 0
    most: 200
    unit: journeys
  - id: foot
    text: Journeys on foot in a week
    kind: before_after
    of: number
    before: "2:*FOOT - BEFORE*"
    after: "2:*FOOT - AFTER*"
    least: 0
    most: 200
    unit: journeys
  - id: reasons
    text: Reasons to drive
    kind: multiple
    column: "3:*"
    separator: ","
    other: other
    answers:
      Work: work
      Shopping: shopping
      Health appointments: health
      School run: school
      Caring responsibilities: caring
      Gyms: gym
      Don't drive: none
  - id: impact
    text: Impact
    kind: likert
    column: "4.*"
    answers: {1: one, 2: two, 3: three, 4: four, 5: five}
    order: [one, two, three, four, five]
    nets: {net_low: [one, two], net_high: [four, five]}
  - id: filter_0
    text: First filter
    kind: single
    column: "5.*Church Hill*"
    answers: &filters {Remove: remove, Agree: agree, Change: change}
    dont_know: [No opinion]
  - id: filter_2
    text: Third filter
    kind: single
    column: "5.*Littlemore Road"
    answers: *filters
    dont_know: [No opinion]
  - id: future
    text: What should become of it
    kind: single
    column: "6:*"
    answers: {Removed: removed, Kept with alterations: altered, Kept as is: kept}
  - id: answered_county
    text: Answered the county too
    kind: single
    column: "9:*"
    answers: {"Yes": "yes", "No": "no"}
  - {id: benefit, text: Benefit, kind: text, column: "7:*"}
  - {id: problem, text: Problem, kind: text, column: "8:*"}
  - {id: ideas, text: Ideas, kind: text, column: "10.*"}
"""


@pytest.fixture(scope="module")
def answers_file(real_data: Path) -> Path:
    path = real_data / "survey" / "licence-not-stated" / NAME
    if not path.is_file():
        pytest.skip("the questionnaire is not among the real data")
    return path


@pytest.fixture(scope="module")
def mapped(answers_file, tmp_path_factory):
    folder = tmp_path_factory.mktemp("questionnaire")
    (folder / "answers.csv").write_bytes(answers_file.read_bytes())
    (folder / "survey.yml").write_text(MAPPING, encoding="utf-8")
    return load_survey(folder / "survey.yml")


@pytest.fixture(scope="module")
def results(mapped):
    return tabulate_answers(mapped[0]).set_index(["question_id", "answer"])


@pytest.fixture(scope="module")
def by_hand(answers_file) -> pd.DataFrame:
    """The file as a plain reader sees it, columns by their number."""
    table = pd.read_csv(answers_file, dtype=str, keep_default_na=False)
    table.columns = [
        re.sub(r"\W+", " ", name).strip() if name[0].isdigit() else "" for name in table.columns
    ]
    return table


def find(table: pd.DataFrame, *words: str) -> pd.Series:
    names = [name for name in table.columns if all(word in name for word in words)]
    assert len(names) == 1
    return table[names[0]].str.strip()


def assert_share(results, question: str, answer: str, count: int, base: int) -> None:
    row = results.loc[(question, answer)]
    assert row["base"] == base
    assert row["value"] == pytest.approx(100 * count / base, abs=1e-9)
    assert row["lower_95"] < row["value"] < row["upper_95"]


def test_everybody_is_read(mapped, answers_file):
    survey, problems = mapped
    assert len(survey.answers) == 529
    assert repr(survey).startswith("Survey(529 respondents, 1 waves, 12 questions")
    assert all(problem.row for problem in problems)


def test_single_answers(results, by_hand):
    said = find(by_hand, "1 Are you in favour").value_counts()
    base = int(said["Yes"] + said["No"])
    assert_share(results, "favour", "yes", int(said["Yes"]), base)
    assert_share(results, "favour", "no", int(said["No"]), base)
    row = results.loc[("favour", "yes")]
    assert (row["dont_know"], row["not_answered"]) == (said["No opinion"], said[""])


@pytest.mark.parametrize(
    ("question", "word"), [("filter_0", "Church"), ("filter_2", "filters Littl")]
)
def test_filters(results, by_hand, question, word):
    said = find(by_hand, "5 Location", word).value_counts()
    base = int(said[["Remove", "Agree", "Change"]].sum())
    for answer, label in (("remove", "Remove"), ("agree", "Agree"), ("change", "Change")):
        assert_share(results, question, answer, int(said[label]), base)
    assert results.loc[(question, "agree"), "dont_know"] == said["No opinion"]


def test_future(results, by_hand):
    said = find(by_hand, "6 Do you think").value_counts()
    base = int(said[["Removed", "Kept with alterations", "Kept as is"]].sum())
    assert_share(results, "future", "removed", int(said["Removed"]), base)
    assert_share(results, "future", "kept", int(said["Kept as is"]), base)
    assert results.loc[("future", "kept"), "dont_know"] == said["Don't know"]


def test_yes_and_no(results, by_hand):
    said = find(by_hand, "9 Have you").value_counts()
    assert_share(results, "answered_county", "yes", int(said["Yes"]), int(said["Yes"] + said["No"]))


def test_scale_and_nets(results, by_hand):
    said = pd.to_numeric(find(by_hand, "4 Overall"), errors="coerce").dropna()
    assert_share(results, "impact", "five", int((said == 5).sum()), len(said))
    assert_share(results, "impact", "net_high", int((said >= 4).sum()), len(said))
    assert_share(results, "impact", "net_low", int((said <= 2).sum()), len(said))


def test_several_answers_in_a_cell(results, by_hand):
    cells = find(by_hand, "3 If you drive")
    ticked = {
        "work": "Work",
        "shopping": "Shopping",
        "health": "Health appointments",
        "school": "School run",
        "none": "Don't drive",
    }
    for answer, label in ticked.items():
        count = sum(label in [part.strip() for part in cell.split(",")] for cell in cells)
        assert_share(results, "reasons", answer, count, len(cells))
    assert results.loc[("reasons", "work"), "not_answered"] == (cells == "").sum()


@pytest.mark.parametrize(("question", "word"), [("car", "CAR"), ("foot", "FOOT")])
def test_journeys_before_and_after(mapped, results, by_hand, question, word):
    def read(half: str) -> pd.Series:
        cells = find(by_hand, f" {word} {half}")
        numbers = cells.where(cells.str.fullmatch(r"\d+(\.\d*)?"))
        numbers = pd.to_numeric(numbers)
        return numbers.where(numbers <= 200)

    before, after = read("BEFORE"), read("AFTER")
    pairs = before.notna() & after.notna()
    change = (after - before)[pairs]
    found = results.loc[question]
    assert (found["base"] == pairs.sum()).all()
    assert found.loc["before_mean", "value"] == pytest.approx(before[pairs].mean())
    assert found.loc["after_median", "value"] == pytest.approx(after[pairs].median())
    assert found.loc["change_mean", "value"] == pytest.approx(change.mean())
    changes = compare_answers(mapped[0]).set_index(["question_id", "kind"])
    row = changes.loc[(question, "paired")]
    assert row["difference"] == pytest.approx(change.mean())
    # Student's t by hand; 1.96 would be a little too short.
    reach = 1.965 * change.std(ddof=1) / np.sqrt(len(change))
    assert row["upper_95"] - row["difference"] == pytest.approx(reach, rel=2e-3)


def test_words_among_numbers_are_told_without_being_shown(mapped, by_hand):
    _, problems = mapped
    told = [p for p in problems if p.column == "car" and p.message.startswith("words where")]
    assert told
    said = " ".join(map(str, problems))
    texts = [
        cell
        for word in ("7 What", "8 What", "10 Do you")
        for cell in find(by_hand, word)
        if len(cell) > 15
    ]
    assert not any(text in said or text in repr(mapped[0]) for text in texts)


@pytest.mark.parametrize("word", ["BUS", "SCOOTER", "VAN"])
def test_journeys_by_other_means(answers_file, by_hand, tmp_path, word):
    """The same reading of numbers as a plain reader's, whatever the means of travel."""
    (tmp_path / "answers.csv").write_bytes(answers_file.read_bytes())
    start = MAPPING.index("  - id: car")
    one = MAPPING[start : MAPPING.index("  - id: foot")].replace("CAR", word)
    (tmp_path / "survey.yml").write_text(MAPPING[: MAPPING.index("  - id: favour")] + one, "utf-8")
    survey, _ = load_survey(tmp_path / "survey.yml")
    cells = {half: find(by_hand, f" {word} {half}") for half in ("BEFORE", "AFTER")}
    kept = {
        half: pd.to_numeric(one.where(one.str.fullmatch(r"\d+(\.\d*)?"))).where(lambda n: n <= 200)
        for half, one in cells.items()
    }
    pairs = kept["BEFORE"].notna() & kept["AFTER"].notna()
    row = tabulate_answers(survey).set_index("answer").loc["change_mean"]
    assert pairs.sum() >= 10
    assert row["base"] == pairs.sum()
    assert row["value"] == pytest.approx((kept["AFTER"] - kept["BEFORE"])[pairs].mean())
