"""Three waves of a survey: their order, each step, the whole period, and what the page shows."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cip.display.blocks import FigureBlock, TableBlock
from cip.engagement.survey_answers import load_survey
from cip.engagement.survey_changes import WAVES, WHOLE_PERIOD, compare_answers
from cip.engagement.survey_results import tabulate_answers
from cip.engagement.survey_weights import SurveyWeights
from cip.pages.engagement_stage import Heard, SurveyResults
from cip.pages.survey import show_waves
from cip.pages.survey_changes import show_every_change
from cip.pages.survey_waves import take_changes

#: The order of the files, which is neither that of the names nor of the alphabet.
ORDER = ("spring 2024", "autumn 2024", "2026")
#: How many of 200 say yes to each question in each wave; None where it was not asked.
YES = {"safe": (60, 80, 120), "known": (100, None, 104), "new": (None, 50, 90)}
MAPPING = """title: A survey
design: convenience
mode: online
files:
  - {path: a.csv, wave: spring 2024, form: plain}
  - {path: b.csv, wave: autumn 2024, form: plain}
  - {path: c.csv, wave: "2026", form: plain}
questions:
"""


@pytest.fixture(scope="module")
def results(tmp_path_factory) -> SurveyResults:
    folder = tmp_path_factory.mktemp("waves")
    text = MAPPING
    for name, counts in YES.items():
        asked = ", ".join(
            f'"{wave}": {name}' for wave, n in zip(ORDER, counts, strict=True) if n is not None
        )
        text += (
            f"  - {{id: {name}, text: '{name}?', kind: single, column: {{{asked}}},\n"
            '     answers: {"Yes": "yes", "No": "no"}}\n'
        )
    (folder / "survey.yml").write_text(text, "utf-8")
    for place, path in enumerate("abc"):
        columns = {
            name: ["Yes"] * counts[place] + ["No"] * (200 - counts[place])
            for name, counts in YES.items()
            if counts[place] is not None
        }
        pd.DataFrame(columns).to_csv(folder / f"{path}.csv", index=False)
    survey, problems = load_survey(folder / "survey.yml")
    assert not problems
    weights = SurveyWeights(None, "Unweighted.")
    empty = pd.DataFrame()
    return SurveyResults(survey, weights, tabulate_answers(survey), compare_answers(survey), empty)


def test_waves_keep_the_order_of_the_files(results):
    assert results.survey.waves == ORDER
    rows = results.answers[results.answers["question_id"] == "safe"]
    assert tuple(dict.fromkeys(rows["wave"])) == ORDER


def test_each_step_and_the_whole_period_are_compared(results):
    """The whole period has a row of its own only where a wave lies between its ends."""
    rows = results.changes[results.changes["answer"] == "yes"]
    found = {
        (row.question_id, row.kind, row.second, row.first): row.difference
        for row in rows.itertuples()
    }
    first, middle, last = ORDER
    assert found == pytest.approx(
        {
            ("safe", WAVES, first, middle): 10.0,
            ("safe", WAVES, middle, last): 20.0,
            ("safe", WHOLE_PERIOD, first, last): 30.0,
            ("known", WAVES, first, last): 2.0,
            ("new", WAVES, middle, last): 20.0,
        }
    )
    whole = rows[rows["kind"] == WHOLE_PERIOD].iloc[0]
    # By hand: Newcombe's interval from Wilson's limits of 60 and of 120 in 200.
    z, n = 1.959964, 200

    def wilson(count: int) -> tuple[float, float]:
        share = count / n
        middle, reach = (
            share + z**2 / (2 * n),
            z * np.sqrt(share * (1 - share) / n + (z / n) ** 2 / 4),
        )
        return (middle - reach) / (1 + z**2 / n), (middle + reach) / (1 + z**2 / n)

    (low, high), (less, more) = wilson(60), wilson(120)
    reach = np.hypot(0.6 - less, high - 0.3), np.hypot(more - 0.6, 0.3 - low)
    assert whole["lower_95"] == pytest.approx(100 * (0.3 - reach[0]), abs=0.01)
    assert whole["upper_95"] == pytest.approx(100 * (0.3 + reach[1]), abs=0.01)
    assert whole["reading"] == "higher"


def test_a_question_that_skipped_a_wave_is_compared_over_it(results):
    first, _, last = ORDER
    found = take_changes(results, first, last)
    assert set(found["question_id"]) == {"safe", "known"}
    assert set(found["kind"]) == {WAVES}


def make_heard(results: SurveyResults) -> Heard:
    return Heard(None, None, pd.DataFrame(), pd.DataFrame(), results, None, None, None)


def test_the_page_shows_the_last_step_the_whole_period_and_every_wave(results):
    step, whole, table = show_waves(make_heard(results))
    assert isinstance(step, FigureBlock) and isinstance(whole, FigureBlock)
    assert step.title == "2 answers of 2 changed by more than chance between autumn 2024 and 2026"
    assert whole.title == "One answer of 2 changed by more than chance from spring 2024 to 2026"
    assert "30.0%" in step.alt or "40%" in step.alt
    assert "difference +30.0" in whole.alt and "spring 2024 30%" in whole.alt
    assert "autumn 2024" not in whole.alt
    assert isinstance(table, TableBlock)
    assert list(table.column_labels.values()) == ["Question", "Answer", *ORDER]
    row = table.frame.set_index("question").loc["known?"]
    assert row["wave_1"] == "not asked" and row["wave_2"].startswith("52 (")


def test_two_waves_show_the_last_step_alone(results):
    survey = replace(results.survey, waves=ORDER[1:])
    answers = results.answers[results.answers["wave"] != ORDER[0]]
    (only,) = show_waves(make_heard(replace(results, survey=survey, answers=answers)))
    assert only.block_id == "survey-waves"


def test_what_is_withheld_in_one_wave_is_told_in_no_comparison(results, tmp_path):
    """A wave of few: neither its figure nor a difference from which it follows."""
    source = Path(tmp_path)
    (source / "survey.yml").write_text(
        MAPPING + "  - {id: safe, text: Safe?, kind: single, column: safe,\n"
        '     answers: {"Yes": "yes", "No": "no"}}\n', "utf-8")  # fmt: skip
    for path, yes in zip("abc", (60, 197, 120), strict=True):
        pd.DataFrame({"safe": ["Yes"] * yes + ["No"] * (200 - yes)}).to_csv(
            source / f"{path}.csv", index=False
        )
    survey, _ = load_survey(source / "survey.yml")
    found = SurveyResults(
        survey, results.weights, tabulate_answers(survey), compare_answers(survey), pd.DataFrame()
    )
    steps = found.changes[found.changes["kind"] == WAVES]
    assert set(steps["reading"]) == {"not compared"}
    whole = found.changes[found.changes["kind"] == WHOLE_PERIOD]
    assert set(whole["reading"]) == {"higher", "lower"}
    blocks = show_waves(make_heard(found))
    shown = " ".join(str(block) for block in blocks)
    assert not re.search(r"9[78]\.?5?%|\b98\b", shown)
    assert "[c]" in blocks[-1].frame["wave_1"].tolist()
    (every,) = show_every_change(make_heard(found))
    told = every.frame[["before", "difference", "reading"]]
    assert set(told.to_numpy().ravel()) == {"[c]"}


def test_every_change_has_a_row_with_both_waves(results):
    (table,) = show_every_change(make_heard(results))
    assert isinstance(table, TableBlock)
    # Not all were asked in the same two waves, so that each cell names its own.
    assert [table.column_labels[name] for name in ("before", "after")] == [
        "Earlier wave", "Later wave",
    ]  # fmt: skip
    rows = dict(zip(table.row_ids, table.frame.to_dict("records"), strict=True))
    assert set(rows) == {f"change-{name}-{answer}" for name in YES for answer in ("yes", "no")}
    row = rows["change-safe-yes"]
    assert row["before"].replace("\u00a0", " ") == "autumn 2024: 40% (n 200)"
    assert row["after"].startswith("2026: 60%")
    assert re.fullmatch(r"\+20 \(\+10 to \+29\)", row["difference"])
    assert rows["change-safe-no"]["difference"] == "−20 (−29 to −10)"
    assert (row["question"], row["answer"], row["reading"]) == ("safe?", "Yes", "higher")
    assert rows["change-known-yes"]["before"].startswith("spring 2024: 50%")


def test_two_waves_name_the_columns_and_one_wave_shows_no_change(results):
    survey = replace(results.survey, waves=ORDER[1:])
    changes = results.changes[results.changes["question_id"] == "new"]
    (table,) = show_every_change(make_heard(replace(results, survey=survey, changes=changes)))
    assert list(table.column_labels.values())[2:4] == list(ORDER[1:])
    assert table.frame["before"].tolist()[0].startswith("25% (n")
    assert show_every_change(make_heard(replace(results, changes=changes.iloc[:0]))) == []
