"""The demonstration's two waves: read with their faults told, and nothing planted comes out."""

import sys
from pathlib import Path

import pandas as pd
import pytest

from cip.engagement.survey_answers import load_survey
from cip.engagement.survey_changes import compare_answers
from cip.engagement.survey_results import tabulate_answers

ROOT = Path(__file__).parents[2]
PLANTED = ("ZZ1 2AB", "01632", "960123")


@pytest.fixture(scope="module")
def demo():
    return load_survey(ROOT / "params" / "demo" / "survey.yml")


@pytest.fixture(scope="module")
def table(demo) -> pd.DataFrame:
    return tabulate_answers(demo[0])


def test_both_waves_are_read_as_two_tools_write_them(demo):
    survey, problems = demo
    assert survey.answers["wave"].value_counts().to_dict() == {"2025": 420, "2026": 380}
    told = {(problem.file, problem.column) for problem in problems}
    assert ("residents_2025.csv", "walks") in told and ("residents_2026.csv", "belong") in told
    assert sum("already" in problem.message for problem in problems) == 2


def test_the_files_are_made_by_the_script(tmp_path):
    sys.path.insert(0, str(ROOT / "scripts"))
    try:
        from demo_data.survey_files import write_survey
    finally:
        sys.path.pop(0)
    write_survey(tmp_path)
    for path in sorted(tmp_path.iterdir()):
        assert path.read_bytes() == (ROOT / "params" / "demo" / "survey" / path.name).read_bytes()


def test_what_is_planted_comes_out_nowhere(demo, table):
    survey, problems = demo
    texts = " ".join(survey.texts["text"])
    assert all(planted in texts for planted in PLANTED)
    # Long decimals may hold any run of digits.
    tables = [table, compare_answers(survey)]
    out = "".join(part.to_csv(float_format="%.1f") for part in tables) + repr(survey)
    out += " ".join(map(str, problems))
    assert not any(planted in out for planted in PLANTED)


def test_two_questions_changed_between_the_waves(demo):
    changes = compare_answers(demo[0], [])
    waves = changes[changes["kind"] == "waves"].set_index(["question_id", "answer"])
    assert waves.loc[("belong", "net_strongly"), "reading"] == "higher"
    assert waves.loc[("influence", "net_agree"), "reading"] == "higher"
    changed = waves[waves["reading"].isin(["higher", "lower"])]
    assert set(changed.index.get_level_values(0)) == {"belong", "influence"}


def test_a_group_is_too_small_to_show(table):
    small = table[(table["characteristic"] == "ethnic_group") & (table["group"] == "other")]
    assert len(small) > 0
    assert set(small["display"]) == {"withheld"}
