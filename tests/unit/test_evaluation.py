"""Evaluation as a whole: the catalogue, the four inputs together, the demonstration, the pages."""

from __future__ import annotations

import re
import shutil
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from cip.catalogue.evaluation import (
    cite_evaluation,
    list_questions_of_goal,
    load_bases,
    load_evaluation_questions,
    load_node_kinds,
    load_outcome_goals,
    load_progress_stages,
)
from cip.display.change_chart_answers import AnswerBlock
from cip.display.change_chart_words import SHAPES, judge
from cip.errors import ParameterError
from cip.framework.outcomes import Measured
from cip.framework.outcomes_together import (
    EVALUATION_INPUTS,
    read_evaluation,
    read_names,
    tabulate_evaluation,
)
from cip.report.evaluation_words import EVALUATION_WORDS
from cip.schemas.evaluation import EVALUATION
from cip.statistics.survey_display import FLAG_BELOW, LEAST_BASE

DEMO = Path(__file__).parents[2] / "params" / "demo"
TODAY = date(2026, 11, 21)


def find_inputs(folder: Path) -> dict[str, Path]:
    return {
        name: folder / f"{name}.{'yml' if name == 'logic_model' else 'csv'}"
        for name in EVALUATION_INPUTS
    }


def list_demo_ids() -> dict[str, list[str]]:
    return {
        "recommendations": list(read_names(DEMO / "recommendations.csv", "id", "recommendation")),
        "actions": list(read_names(DEMO / "actions.csv", "id", "action")),
        "grants": list(read_names(DEMO / "grants.csv", "grant_id", "project")),
    }


def test_the_catalogue_is_whole():
    assert len(load_outcome_goals()) == 6 and len(load_evaluation_questions()) == 4
    assert list(load_node_kinds()) == ["input", "activity", "output", "outcome", "impact"]
    assert [stage.months for stage in load_progress_stages().values()] == [6, 18, 18]
    assert all(list_questions_of_goal(goal) for goal in load_outcome_goals())
    assert (load_bases().least, load_bases().flag_below) == (LEAST_BASE, FLAG_BELOW)
    assert "Health Empowerment Leverage Project" in cite_evaluation("handbook")


def test_every_column_of_every_table_has_its_words():
    wanted = {f"{table}.{column}" for table, one in EVALUATION.items() for column in one.columns}
    assert set(EVALUATION_WORDS) == wanted


def test_the_demonstration_is_a_whole_chain():
    found = read_evaluation(find_inputs(DEMO), today=TODAY, known=list_demo_ids())
    tables = tabulate_evaluation(found, Measured(), today=TODAY, least_people=5)
    assert set(tables) == set(EVALUATION)
    for name, table in tables.items():
        assert list(table.columns) == list(EVALUATION[name].columns)
        assert not table.duplicated(list(EVALUATION[name].key)).any()
    outcomes = tables["outcomes"]
    assert set(outcomes["goal"]) >= set(load_outcome_goals())
    assert (outcomes["recommendations"] != "").all()
    assert (tables["logic_nodes"]["unfinished"] == "").all()
    assert tables["kpis"]["state"].nunique() >= 4
    assert set(tables["effects"]["sort"]) == {"good", "bad"}


def test_all_files_are_told_in_one_list(tmp_path):
    for path in find_inputs(DEMO).values():
        shutil.copy(path, tmp_path)
    paths = find_inputs(tmp_path)
    for name, old, new in (
        ("logic_model", "{from: tell-back, to: feel-heard", "{from: feel-heard, to: tell-back"),
        ("outcomes", "dialogue", "dialog"),
        ("kpis", "2026-08-31", "31/08/2026"),
        ("effects", "Night bus volunteer", "Mr Planted"),
    ):
        text = paths[name].read_text(encoding="utf-8").replace(old, new)
        paths[name].write_text(text, encoding="utf-8")
    with pytest.raises(ParameterError) as error:
        read_evaluation(paths, today=TODAY, known=list_demo_ids())
    problems = error.value.problems
    files = list(dict.fromkeys(Path(str(problem.file)).name for problem in problems))
    assert files == ["logic_model.yml", "outcomes.csv", "kpis.csv", "effects.csv"]
    assert all(problem.line or (problem.row and problem.column) for problem in problems)
    assert "Planted" not in str(error.value)


def test_an_area_without_inputs_has_nothing():
    found = read_evaluation({}, today=TODAY)
    assert found.is_empty
    assert tabulate_evaluation(found, Measured(), today=TODAY, least_people=5) == {}


def test_names_are_read_even_of_a_file_with_mistakes(tmp_path):
    path = tmp_path / "outcomes.csv"
    path.write_text("ID,Outcome,what\na,First,\nb,,\n,Lost,\na,Again,\n", encoding="utf-8")
    assert read_names(path, "id", "outcome") == {"a": "First", "b": ""}
    assert read_names(path, "id", "project") == {}
    assert read_names(tmp_path / "none.csv", "id", "outcome") == {}
    assert read_names(None, "id", "outcome") == {}


def test_an_open_question_says_how_it_could_be_measured():
    block = AnswerBlock(block_id="q", title="More <b>?", wordings=["How often?"],
                        otherwise="a count")  # fmt: skip
    html = block.to_html()
    assert "More &lt;b&gt;?" in html
    assert "Not measured yet. It could be measured by the question “How often?” in a survey" in html
    assert "or by a count." in html


def test_a_question_is_answered_by_its_outcomes():
    row = {
        "outcome_id": "o1", "outcome": "More do", "state": "measured twice", "reading": "higher",
        "better": "lower", "difference": 4.0, "lower_95": 1.0, "upper_95": 7.0, "unit": "%",
        "p_value": None, "method": "a method", "no_interval": "", "no_base": "",
        "baseline_base": 300, "followup_base": 280,
    }  # fmt: skip
    block = AnswerBlock(block_id="q", title="More?", outcomes=[row], wordings=["How often?"])
    assert judge(row) == "worse"
    assert f"{SHAPES['worse'][1]}</span> <b>worse</b>. +4.0 points" in block.to_html()
    assert "95% interval +1.0 to +7.0; bases 300 and 280" in block.to_text()
    assert 'href="cip:summary#outcome-o1"' in block.to_html()
    assert "Not measured" not in block.to_text()


@pytest.mark.parametrize(
    ("change", "verdict"),
    [
        ({}, "better"),
        ({"better": "lower"}, "worse"),
        ({"better": ""}, "higher"),
        ({"reading": "no clear difference"}, "no clear change"),
        ({"lower_95": None}, "risen, not tested"),
        ({"lower_95": None, "difference": -1.0}, "fallen, not tested"),
        ({"lower_95": None, "difference": 0.0}, "the same, not tested"),
        ({"state": "measured once"}, "measured once"),
        ({"state": "withheld"}, "withheld"),
    ],
)
def test_how_a_change_is_judged(change, verdict):
    row = {"state": "measured twice", "reading": "higher", "better": "higher", "difference": 2.0,
           "lower_95": 1.0} | change  # fmt: skip
    assert judge(row) == verdict
    assert verdict in SHAPES


def test_tables_keep_their_types_when_nothing_is_there(tmp_path):
    path = tmp_path / "effects.csv"
    text = (DEMO / "effects.csv").read_text(encoding="utf-8").splitlines()[0]
    path.write_text(text + "\n", encoding="utf-8")
    found = read_evaluation({"effects": path}, today=TODAY)
    table = tabulate_evaluation(found, Measured(), today=TODAY, least_people=5)["effects"]
    assert table.empty and isinstance(table["effect"].dtype, pd.Int64Dtype)


@pytest.fixture
def workspace(tmp_path):
    from cip.params import load_params
    from cip.workspace import Workspace

    inputs = {**dict.fromkeys(("recommendations", "actions", "grants", "milestones"), "csv"),
              **{name: path.suffix[1:] for name, path in find_inputs(DEMO).items()}}  # fmt: skip
    for name, ending in inputs.items():
        shutil.copy(DEMO / f"{name}.{ending}", tmp_path)
    lines = "".join(f"  {name}: {name}.{ending}\n" for name, ending in inputs.items())
    path = tmp_path / "somewhere.yml"
    path.write_text(
        "id: somewhere\ntitle: Somewhere\nprofile_kind: demonstration\narea:\n  wards: [Teaspoon Common]\n"
        "organisation:\n  name: A council\n  contact: a page\n"
        f"report_date: 2026-11-21\ninputs:\n{lines}",
        encoding="utf-8",
    )
    return Workspace(load_params(path), None, tmp_path / "outputs")


def test_the_pages_show_the_chain_and_each_place_once(workspace):
    from cip.pages import evaluation as pages

    found = pages.open_evaluation(workspace)
    blocks = [
        block
        for show in (
            pages.show_evaluation_facts, pages.show_logic, pages.show_questions, pages.show_goals,
            pages.show_changes, pages.show_progress, pages.show_effects, pages.show_needed,
        )
        for block in show(found)
    ]  # fmt: skip
    html = "".join(block.to_html() for block in blocks)
    places = re.findall(r'\sid="([^"]+)"', html)
    assert len(set(places)) == len(places)
    wanted = {f"outcome-{name}" for name in found.tables["outcomes"]["outcome_id"]}
    assert wanted <= set(places)
    # What is linked with on the Summary Report and is ours stands on the page.
    linked = set(re.findall(r'href="cip:summary#((?:outcome|kpi)-[^"]+)"', html))
    assert linked and linked <= set(places)
    assert "too few groups and organisations for a test" in html
    uses = pages.list_outcome_uses(found, "action")
    assert [use.id for use in uses["befriending-round"]] == ["belonging", "lonely-often"]
    assert html.count("Not measured yet. It could be measured by") >= 1
    assert all(block.to_text().strip() for block in blocks)
    cited = pages.list_evaluation_citations(found)
    assert set(cited["evidence_id"].str.partition(":")[0]) == {"recommendation", "action", "grant"}


def test_what_was_not_given_is_not_shown(workspace):
    from dataclasses import replace

    from cip.framework.outcomes_together import Evaluation
    from cip.pages import evaluation as pages

    found = replace(pages.open_evaluation(workspace), inputs=Evaluation(), tables={})
    shown = (pages.show_evaluation_facts, pages.show_logic, pages.show_questions,
             pages.show_goals, pages.show_changes, pages.show_progress,
             pages.show_effects)  # fmt: skip
    assert not any(show(found) for show in shown)
    assert len(pages.show_needed(found)) == len(EVALUATION_INPUTS)
    assert pages.list_evaluation_citations(found).empty
