"""What follows from recommendations: everything that is wrong with it is one list."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from cip.errors import ParameterError
from cip.pages.outcome_stage import add_citations, follow_up, show_needed
from cip.pages.summary_stage import bring_together
from cip.params import load_params
from cip.store import Store
from cip.workspace import Workspace


@pytest.fixture
def folder(root, tmp_path) -> Path:
    """The demonstration's own inputs, to be changed."""
    shutil.copytree(
        root / "params/demo", tmp_path / "demo", ignore=shutil.ignore_patterns("source")
    )
    shutil.copy(root / "params/demo.yml", tmp_path)
    return tmp_path


def open_copy(folder: Path, demo_store: Path, demo_run: Path) -> Workspace:
    return Workspace(load_params(folder / "demo.yml"), Store(demo_store), demo_run / "demo")


def change_cell(path: Path, row: int, column: str, text: str) -> None:
    """Change a cell; rows count as a spreadsheet does, with the heading as the first."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    rows[row - 1][rows[0].index(column)] = text
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)


def test_the_demonstration_follows_every_step(folder, demo_store, demo_run):
    workspace = open_copy(folder, demo_store, demo_run)
    summary = bring_together(workspace)
    follow = follow_up(workspace, summary)
    kinds = set(add_citations(summary, follow).citations["citing_kind"])
    assert kinds == {"finding", "recommendation", "action", "grant", "outcome"}
    assert len(follow.tables["actions"]) == 10
    assert len(follow.tables["scoring_rounds"]) == 2
    assert follow.tables["scoring_rounds"]["scorers"].eq(3).all()
    assert show_needed(workspace) == []


def test_everything_wrong_is_one_list_by_file_and_row(folder, demo_store, demo_run):
    demo = folder / "demo"
    change_cell(demo / "actions.csv", 2, "due", "2026-01-01")
    change_cell(demo / "action_log.csv", 3, "on", "3 Nov 2026")
    change_cell(demo / "action_log.csv", 4, "on", "11.03.2026")
    change_cell(demo / "grants.csv", 2, "recommendations", "")
    change_cell(demo / "outcomes.csv", 2, "followup_wording", "belong")
    scores = demo / "scores/listening_2026.csv"
    scores.write_text(scores.read_text("utf-8-sig") + "kettle,resident,expertise,1,\n", "utf-8")
    yaml = YAML()
    model = yaml.load(demo / "logic_model.yml")
    kinds = {node["id"]: node["kind"] for node in model["nodes"]}
    same = next(one for one in model["edges"] if kinds[one["from"]] == kinds[one["to"]])
    model["edges"].append({"from": same["to"], "to": same["from"], "why": "A loop."})
    yaml.dump(model, demo / "logic_model.yml")
    workspace = open_copy(folder, demo_store, demo_run)
    with pytest.raises(ParameterError) as refused:
        follow_up(workspace, bring_together(workspace))
    found = {
        (Path(str(problem.file)).name, problem.row, problem.column)
        for problem in refused.value.problems
    }
    for wanted in (
        ("actions.csv", 2, "due"),
        ("action_log.csv", 3, "on"),
        ("action_log.csv", 4, "on"),
        ("grants.csv", 2, "recommendations"),
        ("outcomes.csv", 2, "followup_wording"),
    ):
        assert wanted in found, wanted
    assert {"listening_2026.csv", "logic_model.yml"} <= {name for name, _, _ in found}


def test_without_any_instrument_nothing_is_shown_and_the_notebook_says_what_could_be(
    folder, demo_store, demo_run
):
    path = folder / "demo.yml"
    unused = ("actions:", "action_log:", "scoring:", "grants:", "logic_model:", "outcomes:", "kpis:",
              "effects:")  # fmt: skip
    lines = path.read_text("utf-8").splitlines()
    kept = [line for line in lines if not line.strip().startswith(unused)]
    path.write_text("\n".join(kept) + "\n", "utf-8")
    workspace = open_copy(folder, demo_store, demo_run)
    follow = follow_up(workspace, bring_together(workspace))
    assert follow.tables == {}
    assert follow.plan is None and follow.rounds is None and follow.grants is None
    assert len(show_needed(workspace)) == 3
