"""The action plan: what is refused, how actions stand, and two versions compared."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from cip.errors import ParameterError
from cip.framework.action_columns import list_action_columns, list_log_columns, read_power
from cip.framework.actions import (
    ActionPlan,
    Rules,
    compare_plans,
    count_statuses,
    describe_changes,
    find_unserved,
    list_action_citations,
    read_action_plan,
    read_actions,
    share_power,
    stand_actions,
    tidy_log,
)
from cip.framework.forms import describe_forms
from cip.schemas.actions import ACTIONS

TODAY = date(2026, 11, 21)
HEAD = ",".join(list_action_columns())
LOG_HEAD = ",".join(list_log_columns())
RECOMMENDATIONS = ["repairs", "bus", "hall"]
ASSETS = ["asset:own:hall", "asset:gp_surgery"]


def write_row(**cells: str) -> str:
    values = {"status": "planned"} | cells
    return ",".join(f'"{values.get(name, "")}"' for name in list_action_columns())


def write_files(folder: Path, rows: list[str], log: list[str] | None = None) -> tuple[Path, Path]:
    plan, told = folder / "actions.csv", folder / "action_log.csv"
    plan.write_text("\n".join([HEAD, *rows]) + "\n", encoding="utf-8")
    told.write_text("\n".join([LOG_HEAD, *(log or [])]) + "\n", encoding="utf-8")
    return plan, told


def read(folder: Path, rows: list[str], log: list[str] | None = None) -> ActionPlan:
    paths = write_files(folder, rows, log)
    return read_action_plan(*paths, today=TODAY, recommendations=RECOMMENDATIONS, assets=ASSETS)


def refuse(folder: Path, rows: list[str], log: list[str] | None = None) -> list[str]:
    with pytest.raises(ParameterError) as caught:
        read(folder, rows, log)
    return [
        f"{Path(str(p.file)).name} {p.row} {p.column}: {p.message}|{p.found}|{p.nearest}"
        for p in caught.value.problems
    ]


def test_every_problem_of_both_files_is_told_at_once_by_row_and_column(tmp_path):
    rows = [
        write_row(id="a", action="One", start="2026-11-10", due="2026-11-01"),
        write_row(id="A", action="Two", status="begun"),
        write_row(id="c", action="one", recommendation="repair; bus; bus", assets="own:hall"),
        write_row(id="d e", action="Ask Dr Example", lead="Somebody"),
        write_row(id="f", action="Six", in_own_power="needs others:", reviewed="2026-12-01"),
        write_row(id="g", action="Seven", status="done", start="2026-11-01"),
    ]
    log = [
        "g,2026-10-01,Officer,under way,",
        "h,2026-11-22,Officer,planned,ring 01632 960 123",
        "g,2026-11-02,Officer,under way,Began",
        "g,2026-11-02,Officer,under way,Began",
        "c1,2026-11-02,Officer,stuck,",
    ]
    told = refuse(tmp_path, rows, log)
    assert told == [
        "actions.csv 2 due: this is due before it starts|2026-11-01|None",
        "actions.csv 3 status: this is not one of the choices|begun|None",
        "actions.csv 3 id: this id stands in row 2 already|A|None",
        "actions.csv 4 action: this action stands in row 2 already|None|None",
        "actions.csv 4 recommendation: this id stands twice in the cell|bus|None",
        "actions.csv 4 assets: there is no such asset|own:hall|asset:own:hall",
        "actions.csv 5 action: this cell seems to hold a person's name, which must not reach a "
        "report; take it out|None|None",
        "actions.csv 5 id: this is not an id|None|None",
        "actions.csv 5 lead: a lead is told as role and organisation|None|None",
        "actions.csv 6 reviewed: this day is later than the day of the report|2026-12-01|None",
        "actions.csv 6 in_own_power: this says neither that it is in the group's own power nor "
        "who is needed|None|None",
        "actions.csv 7 status: the log says otherwise|done|None",
        "action_log.csv 2 on: this update says 'under way' on a day before the action starts"
        "|2026-10-01|None",
        "action_log.csv 3 note: this cell seems to hold a telephone number, which must not reach a "
        "report; take it out|None|None",
        "action_log.csv 3 on: this day is later than the day of the report|2026-11-22|None",
        "action_log.csv 3 action: the plan has no such action|None|None",
        "action_log.csv 5 action: this update stands in row 4 already|None|None",
        "action_log.csv 6 status: this is not one of the choices|stuck|None",
        "action_log.csv 6 action: the plan has no such action|c1|c",
    ]


def test_an_unknown_recommendation_is_told_with_the_nearest(tmp_path):
    told = refuse(tmp_path, [write_row(id="a", action="One", recommendation="repair; hall")])
    assert told == ["actions.csv 2 recommendation: there is no such recommendation|repair|repairs"]


def test_days_in_three_ways_are_each_told_and_none_is_guessed(tmp_path):
    rows = [
        write_row(id="a", action="One", start="2026-10-06"),
        write_row(id="b", action="Two", start="06/10/2026"),
        write_row(id="c", action="Three", start="6 October 2026", due="soon"),
    ]
    told = refuse(tmp_path, rows, ["a,6.10.2026,Officer,planned,"])
    other = "this day is written in another way, so that day and month may be mixed up"
    assert told == [
        f"actions.csv 3 start: {other}|06/10/2026|2026-10-06",
        "actions.csv 4 due: this is not a date|soon|None",
        f"actions.csv 4 start: {other}|6 October 2026|2026-10-06",
        f"action_log.csv 2 on: {other}|6.10.2026|2026-10-06",
    ]


def test_a_missing_column_of_the_plan_leaves_the_log_to_be_told_of(tmp_path):
    plan, log = write_files(tmp_path, [], ["a,soon,Officer,planned,"])
    plan.write_text("id,action\na,One\n", encoding="utf-8")
    with pytest.raises(ParameterError) as caught:
        read_action_plan(plan, log, today=TODAY)
    words = [str(problem) for problem in caught.value.problems]
    assert any("the column 'lead' is missing" in one for one in words)
    assert any("action_log.csv, row 2, column 'on': this is not a date" in one for one in words)


def test_an_early_update_may_say_that_something_is_planned(tmp_path):
    row = write_row(id="a", action="One", start="2026-12-01")
    plan = read(tmp_path, [row], ["a,2026-11-03,Chair,planned,Agreed"])
    assert stand_actions(plan).at[0, "last_update"] == "2026-11-03"


def test_without_a_log_or_known_ids_the_plan_is_read_by_itself(tmp_path):
    plan, _ = write_files(tmp_path, [write_row(id="a", action="One", recommendation="any")])
    read = read_action_plan(plan, today=TODAY)
    assert read.log.empty
    assert tidy_log(read).empty
    assert stand_actions(read).at[0, "updates"] == 0


# --- How actions stand ----------------------------------------------------------------------------

LEAD = "Officer, council"


@pytest.mark.parametrize(
    ("cells", "log", "expected"),
    [
        ({"due": "2026-11-20"}, [], {"is_overdue"}),
        ({"due": "2026-11-21"}, [], {"is_due_soon"}),
        ({"due": "2026-12-21"}, [], {"is_due_soon"}),
        ({"due": "2026-12-22"}, [], set()),
        ({"due": "2026-11-20", "status": "done"}, [], set()),
        ({"due": "2026-11-20", "status": "dropped", "recommendation": ""}, [], set()),
        ({"lead": ""}, [], {"is_unowned"}),
        ({"lead": "", "status": "done"}, [], set()),
        ({"recommendation": ""}, [], {"is_orphaned"}),
        ({"recommendation": "", "status": "done"}, [], {"is_orphaned"}),
        ({"status": "under way", "start": "2026-08-20"}, [], {"is_stalled"}),
        ({"status": "under way", "start": "2026-08-21"}, [], set()),
        ({"status": "under way"}, [], {"is_stalled"}),
        ({"status": "on hold", "start": "2026-01-05"}, ["2026-08-01"], {"is_stalled"}),
        ({"status": "on hold", "start": "2026-01-05"}, ["2026-08-21"], set()),
        ({"status": "on hold", "start": "2026-01-05", "reviewed": "2026-10-01"}, [], set()),
        ({"status": "planned", "start": "2026-01-05"}, [], set()),
    ],
)
def test_what_an_action_needs_the_group_for(tmp_path, cells, log, expected):
    row = {"id": "a", "action": "One", "lead": LEAD, "recommendation": "bus"} | cells
    status = row.get("status", "planned")
    plan = read(tmp_path, [write_row(**row)], [f"a,{day},Officer,{status}," for day in log])
    found = stand_actions(plan).iloc[0]
    flags = [name for name in ACTIONS["actions"].columns if name.startswith("is_")]
    assert {name for name in flags if found[name]} == expected


def test_rules_are_declared_and_can_be_others(tmp_path):
    row = write_row(id="a", action="One", status="under way", start="2026-10-01", due="2026-11-28")
    plan = read(tmp_path, [row])
    strict = stand_actions(plan, Rules(stalled_after_months=1, due_soon_days=6)).iloc[0]
    assert (bool(strict["is_stalled"]), bool(strict["is_due_soon"])) == (True, False)


def test_the_latest_update_counts_and_of_one_day_the_last(tmp_path):
    log = [
        "a,2026-11-05,Officer,under way,Second",
        "a,2026-11-01,Officer,planned,First",
        "a,2026-11-05,Officer,on hold,Third",
    ]
    row = write_row(id="a", action="One", status="on hold", due="2026-11-11")
    plan = read(tmp_path, [row], log)
    found = stand_actions(plan).iloc[0]
    assert (found["updates"], found["last_note"], found["days_overdue"]) == (3, "Third", 10)
    assert list(tidy_log(plan)["note"]) == ["First", "Second", "Third"]


def test_counts_power_and_recommendations_without_an_action(tmp_path):
    rows = [
        write_row(id="a", action="One", recommendation="bus", in_own_power="Yes"),
        write_row(id="b", action="Two", recommendation="hall", status="dropped"),
        write_row(id="c", action="Three", in_own_power="Needs others: the bus company"),
        write_row(id="d", action="Four"),
    ]
    table = stand_actions(read(tmp_path, rows))
    assert count_statuses(table) == {
        "done": 0, "under way": 0, "on hold": 0, "planned": 3, "dropped": 1,
    }  # fmt: skip
    assert find_unserved(RECOMMENDATIONS, table) == ["repairs", "hall"]
    parts = {power: list(part["action_id"]) for power, part in share_power(table).items()}
    assert parts == {"yes": ["a"], "needs others": ["c"], "": ["d"]}
    assert table.loc[2, "needs_whom"] == "the bus company"
    assert read_power("needs others") is None


def test_what_an_action_rests_on_is_cited_once_each_with_its_row(tmp_path):
    row = write_row(
        id="a", action="One", recommendation="bus; hall", assets="asset:own:hall; asset:gp_surgery"
    )
    cited = list_action_citations(stand_actions(read(tmp_path, [row])))
    assert list(cited["evidence_id"]) == ["recommendation:bus", "recommendation:hall", *ASSETS]
    assert set(cited["citing_kind"]) == {"action"}
    assert cited.iloc[0][["citing_id", "citing_title", "file", "line"]].tolist() == [
        "a", "One", "actions.csv", 2,
    ]  # fmt: skip


def test_two_versions_differ_by_what_was_added_dropped_and_told_otherwise(tmp_path):
    first, second = tmp_path / "old", tmp_path / "new"
    first.mkdir()
    second.mkdir()
    old, _ = write_files(
        first,
        [
            write_row(id="a", action="One", lead="Officer, council", due="2026-12-01"),
            write_row(id="b", action="Two", status="done"),
            write_row(id="c", action="Three"),
        ],
    )
    new, _ = write_files(
        second,
        [
            write_row(id="n", action="New"),
            write_row(id="c", action="Three"),
            write_row(id="a", action="One", due="2027-01-15", status="dropped"),
        ],
    )
    changes = compare_plans(read_actions(old, today=TODAY), read_actions(new, today=TODAY))
    assert changes.drop(columns="action").to_numpy().tolist() == [
        ["n", "added", "", "", "planned"],
        ["a", "changed", "lead", "Officer, council", ""],
        ["a", "changed", "due", "2026-12-01", "2027-01-15"],
        ["a", "changed", "status", "planned", "dropped"],
        ["b", "dropped", "", "done", ""],
    ]
    assert describe_changes(changes) == "1 added, 1 dropped, 1 told otherwise."
    same = read_actions(old, today=TODAY)
    assert describe_changes(compare_plans(same, same)) == "The two versions say the same."


def test_the_demonstration_has_ten_actions_with_a_log_one_overdue_and_others_needed(root):
    folder = root / "params" / "demo"
    plan = read_action_plan(folder / "actions.csv", folder / "action_log.csv", today=TODAY)
    table = stand_actions(plan)
    assert len(table) == 10
    assert list(table.loc[table["is_overdue"], "action_id"]) == ["damp-list"]
    assert int(table["own_power"].eq("needs others").sum()) == 3
    assert len(plan.log) >= 10
    assert not table["is_orphaned"].any()


def test_the_guide_to_the_forms_tells_every_column():
    guide = describe_forms({"actions": list_action_columns, "action_log": list_log_columns})
    assert all(f"`{name}`" in guide for name in (*list_action_columns(), *list_log_columns()))
