"""What was done to hear people: the plan, the checklist of a good project, and the forms."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import get_args

import pandas as pd
import pytest

from cip.catalogue.engagement import (
    cite_engagement,
    load_community_sector_income,
    load_methods,
    load_outcomes,
    load_project_checks,
    load_roles,
    load_rungs,
)
from cip.engagement.forms import COLUMNS, write_filled_forms
from cip.engagement.good_project import (
    build_good_project,
    count_answers,
    list_form_rows,
    read_good_project,
)
from cip.engagement.plan import (
    count_methods,
    find_unplanned,
    list_aims,
    list_seldom_heard,
    parse_group,
    read_plan,
    tidy_plan,
)
from cip.errors import ParameterError
from cip.framework.forms import write_forms
from cip.param_models import EngagementSettings
from cip.tables import check_table

TODAY = date(2026, 11, 21)
HEAD = "method,title,start,end,place,led_by,for_whom,people_reached,reimbursement\n"
#: Beginnings of what must never be repeated in a message.
SECRET = "07700 900 123"


def write(folder: Path, text: str) -> Path:
    path = folder / "own.csv"
    path.write_text(text, encoding="utf-8")
    return path


def messages(folder: Path, rows: str) -> str:
    with pytest.raises(ParameterError) as caught:
        read_plan(write(folder, HEAD + rows), TODAY)
    return str(caught.value)


def test_the_catalogue_has_the_parts_of_its_sources():
    purposes = get_args(EngagementSettings.model_fields["purposes"].annotation)[0]
    assert set(load_roles()) == set(get_args(purposes))
    assert list(load_rungs()) == list(range(1, 8))
    assert len(load_project_checks()) == 17
    assert len(load_outcomes()) == 3
    assert load_community_sector_income() == 10_000
    assert {"survey_paper", "interview", "focus_group", "street_outreach", "story"} <= set(
        load_methods()
    )
    for name in ("coulter", "ladder", "health_matters", "handbook"):
        assert cite_engagement(name).startswith("After: ")


def test_a_plan_is_read_and_handed_over(tmp_path):
    rows = (
        "Focus group,Young people's evening,2026-07-08,,Library,Youth worker,age: 16 to 24; tenure:private,6,£25\n"
        "survey online,Survey,2026-03-02,2026-04-10,,Council,,249,none\n"
        "event,Feedback,2027-01-16,,,Council,,,\n"
    )
    plan = read_plan(write(tmp_path, HEAD + rows), TODAY)
    assert plan["activity_id"].tolist() == ["young_people_s_evening", "survey", "feedback"]
    table = check_table("engagement", tidy_plan(plan))
    assert table["start"].tolist() == ["2026-07-08", "2026-03-02", "2027-01-16"]
    assert table["end"].isna().tolist() == [True, False, True]
    aims = list_aims(plan)
    assert aims[["characteristic", "group"]].values.tolist() == [
        ["age", "16_24"],
        ["tenure", "private"],
    ]
    assert find_unplanned(plan, [("age", "16_24"), ("carer", "yes")]) == [("carer", "yes")]


def test_people_reached_are_added_up_by_method_and_gaps_are_told(tmp_path):
    rows = (
        "event,Fair,2026-08-01,,,Council,,,none\n"
        "event,Stall,2026-08-02,,,Council,,30,\n"
        "event,Feedback,2027-01-16,,,Council,,,a meal\n"
        "walkabout,Walk,2026-08-03,,,Council,,,\n"
    )
    counts = count_methods(read_plan(write(tmp_path, HEAD + rows), TODAY), TODAY)
    by_method = counts.set_index("method")
    event = by_method.loc["event"]
    assert (event["activities"], event["to_come"], event["not_counted"]) == (3, 1, 1)
    assert event["people_reached"] == 30 and event["reimbursed"] == 1
    # Nothing was counted, which is not nobody.
    assert pd.isna(by_method.at["walkabout", "people_reached"])
    assert counts["method"].tolist() == ["walkabout", "event"]


def test_every_mistake_of_a_plan_is_told_at_once(tmp_path):
    text = messages(
        tmp_path,
        "interveiw,One,2026-05-02,2026-05-01,,Council,age: 16_25,3,\n"
        "story,Two,2027-01-01,,,Council,colour: red,4,\n"
        "story,two!,2026-01-01,,,Council,young people,-1,\n"
        ",,,,,,,,x\n",
    )
    for part in (
        "Did you mean 'interview'?",
        "the end is before the start",
        "Did you mean 'age: 16_24'?",
        "still to come",
        "no such characteristic of people",
        "a group is written as 'characteristic: group'",
        "this title stands in row 3 already",
        "out of range",
        "this cell must be filled in",
    ):
        assert part in text
    assert "row 5" in text


@pytest.mark.parametrize("column", ["title", "led_by", "place", "for_whom", "reimbursement"])
def test_an_identifier_in_any_cell_is_refused_and_not_repeated(tmp_path, column):
    cells = {"method": "story", "title": "A", "start": "2026-01-01", "led_by": "Council"}
    cells[column] = f"ring {SECRET}"
    row = ",".join(cells.get(name, "") for name in HEAD.strip().split(","))
    text = messages(tmp_path, row + "\n")
    assert "telephone number" in text and SECRET not in text


def test_strange_text_is_kept_as_text(tmp_path):
    title = "=1+1 <b>مرحبا</b> 🎪"
    plan = read_plan(write(tmp_path, f"{HEAD}story,{title},2026-01-01,,,Council,,1,\n"), TODAY)
    assert plan["title"].tolist() == [title]
    assert plan["activity_id"].tolist() == ["1_1_b_مرحبا_b"]


def test_seldom_heard_groups_are_checked_against_the_catalogue():
    settings = EngagementSettings(
        seldom_heard=["age: 16_24", "tenure: Rents privately or lives rent free", "age:16_24",
                      "part_of_area: Lower Quay"]
    )  # fmt: skip
    expected = [("age", "16_24"), ("tenure", "private"), ("part_of_area", "Lower Quay")]
    assert list_seldom_heard(settings) == expected
    with pytest.raises(ParameterError) as caught:
        list_seldom_heard(EngagementSettings(seldom_heard=["agee: 16_24", "ethnic_group: asain"]))
    text = str(caught.value)
    assert "Did you mean 'age'?" in text and "Did you mean 'ethnic_group: asian'?" in text
    with pytest.raises(ParameterError):
        parse_group("young people")


def test_the_checklist_lists_gaps_first_and_in_the_catalogues_words(tmp_path):
    rows = "question_id,question,answer,evidence\npurpose,other words,yes,Minutes\n"
    rows += "training,,Not yet,\nevaluation,,no,No money\ngoals,,partly,Plan\nculture,,,\n"
    table = build_good_project(read_good_project(write(tmp_path, rows)))
    assert len(table) == 17 and table["question_id"].is_unique
    answers = table["answer"].fillna("").tolist()
    assert answers == [*[""] * 13, "no", "not yet", "partly", "yes"]
    purpose = table[table["question_id"] == "purpose"].iloc[0]
    assert purpose["question"] == load_project_checks()["purpose"].question
    assert count_answers(table) == {
        "yes": 1, "partly": 1, "not yet": 1, "no": 1, "unanswered": 13,
    }  # fmt: skip
    assert count_answers(build_good_project(None))["unanswered"] == 17


def test_a_yes_without_evidence_or_a_question_twice_is_refused(tmp_path):
    rows = "question_id,question,answer,evidence\npurpose,,yes,\npurpose,,no,\ngoal,,maybe,\n"
    with pytest.raises(ParameterError) as caught:
        read_good_project(write(tmp_path, rows))
    text = str(caught.value)
    for part in ("names no evidence", "stands in row 2 already", "Did you mean 'goals'?",
                 "one of: yes, partly, no, not yet"):  # fmt: skip
        assert part in text


def test_forms_come_with_the_questions_and_are_never_replaced(tmp_path):
    assert [path.name for path in write_filled_forms(tmp_path)] == ["good_project.csv"]
    written = write_forms(tmp_path, COLUMNS)
    assert {f"{name}.csv" for name in COLUMNS} - {"good_project.csv"} <= {p.name for p in written}
    assert write_filled_forms(tmp_path) == [] and write_forms(tmp_path, COLUMNS) == []
    table = build_good_project(read_good_project(tmp_path / "good_project.csv"))
    assert table["is_unanswered"].all()
    assert len(list_form_rows()) == 17
    assert read_plan(tmp_path / "engagement.csv", TODAY).empty


def test_the_demonstration_has_a_plan_and_a_checklist(root):
    plan = read_plan(root / "params" / "demo" / "engagement.csv", TODAY)
    check_table("engagement", tidy_plan(plan))
    counts = count_methods(plan, TODAY).set_index("method")
    assert counts.at["interview", "people_reached"] == 24
    assert counts.at["focus_group", "activities"] == 3
    asked = counts.loc[["survey_online", "survey_paper"], "people_reached"].sum()
    assert asked == 800
    checklist = build_good_project(read_good_project(root / "params/demo/good_project.csv"))
    assert not checklist["is_unanswered"].any() and checklist["is_gap"].any()
