"""Indicators of progress: what is refused, how each stands, and the timeline."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from cip.display.kpi_timeline import show_kpis, tabulate_kpis, write_finding
from cip.display.kpi_timeline_drawing import MARKS, MOST_ROWS, StageBand, draw_timeline
from cip.errors import ParameterError
from cip.framework.kpis import STATES, list_kpi_columns, read_kpis, tidy_kpi_values, tidy_kpis
from cip.framework.kpis_stages import list_stage_spans, place_milestones

TODAY = date(2026, 11, 21)
HEAD = {
    "kpi": "calls", "label": "Calls a week", "stage": "support", "unit": "calls", "baseline": "10",
    "baseline_on": "2026-01-01", "target": "30", "target_by": "2026-12-31", "on": "2026-07-02",
    "value": "20",
}  # fmt: skip
NEXT = {"kpi": "calls", "on": "2026-10-01", "value": "26"}


def write(tmp_path: Path, *rows: dict) -> Path:
    path = tmp_path / "kpis.csv"
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, list(list_kpi_columns()), restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


def stand(tmp_path: Path, *rows: dict, today: date = TODAY) -> dict:
    kpis = read_kpis(write(tmp_path, *rows), today=today)
    return tidy_kpis(kpis, today=today, least_people=5).iloc[0].to_dict()


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([HEAD | {"stage": "supported"}], "column 'stage': this is not one of the choices"),
        ([HEAD | {"target_by": "2025-12-31"}], "the target is due before the baseline"),
        ([HEAD | {"on": "2025-07-02"}], "this was measured before its baseline"),
        ([HEAD | {"on": "2027-01-01"}], "this day lies after the report"),
        ([HEAD | {"on": "02/07/2026"}], "Did you mean '2026-07-02'?"),
        ([HEAD | {"on": "2 July 2026"}], "written in another way"),
        ([HEAD | {"on": ""}], "column 'on': a value and its day go together"),
        ([HEAD | {"unit": ""}], "the first row of an indicator says this"),
        ([HEAD | {"baseline_on": ""}], "the baseline has no day"),
        ([HEAD | {"target": ""}], "there is a day for a target, but no target"),
        ([HEAD | {"target": "10"}], "which way is good does not follow"),
        ([HEAD | {"source": "Prof. Example"}], "seems to hold a person's name"),
        ([HEAD | {"actions": "late-buss"}], "no action with this id"),
        ([HEAD, NEXT | {"target": "40"}], "not what row 2 says of the same indicator. Found: 40"),
        ([HEAD, NEXT | {"on": "2026-07-02"}], "a value of this day in row 2 already"),
    ],
)
def test_what_is_refused(tmp_path, rows, told):
    with pytest.raises(ParameterError) as error:
        read_kpis(write(tmp_path, *rows), today=TODAY, known={"actions": ["late-bus"]})
    found = [str(problem) for problem in error.value.problems]
    assert any(told in problem for problem in found), found
    assert all(problem.row and problem.column for problem in error.value.problems)
    assert not any("Example" in problem for problem in found)


def test_three_ways_of_writing_days_are_one_list(tmp_path):
    rows = [HEAD | {"on": "02/07/2026"}, NEXT | {"on": "1 October 2026"},
            NEXT | {"on": "02.11.2026"}]  # fmt: skip
    with pytest.raises(ParameterError) as error:
        read_kpis(write(tmp_path, *rows), today=TODAY)
    assert [problem.nearest for problem in error.value.problems] == [
        "2026-07-02", "2026-10-01", "2026-11-02",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "today", "state"),
    [
        ([HEAD, NEXT | {"value": "30"}], TODAY, "reached"),
        ([HEAD, NEXT | {"value": "25"}], TODAY, "on course"),
        ([HEAD, NEXT | {"value": "24"}], TODAY, "behind"),
        ([HEAD, NEXT], date(2027, 1, 1), "not reached in time"),
        ([HEAD | {"on": "", "value": ""}], TODAY, "not measured yet"),
        ([HEAD | {"on": "", "value": ""}], date(2027, 1, 1), "not reached in time"),
        ([HEAD | {"target": "", "target_by": ""}], TODAY, "no target"),
        ([HEAD | {"target_by": ""}], TODAY, "behind"),
        ([HEAD | {"unit": "people", "value": "3"}], TODAY, "withheld"),
        ([HEAD | {"target": "4", "value": "4"}], TODAY, "reached"),
        ([HEAD | {"target": "4", "value": "8"}], TODAY, "behind"),
        ([HEAD | {"target": "4", "value": "6"}], TODAY, "on course"),
    ],
)
def test_how_an_indicator_stands(tmp_path, rows, today, state):
    assert stand(tmp_path, *rows, today=today)["state"] == state


def test_expected_lies_on_the_line_to_the_target(tmp_path):
    # 182 of 364 days: half way from 10 to 30.
    assert stand(tmp_path, HEAD)["expected"] == pytest.approx(20)


def test_few_people_are_in_no_table(tmp_path):
    kpis = read_kpis(write(tmp_path, HEAD | {"unit": "people", "value": "3"}), today=TODAY)
    values = tidy_kpi_values(kpis, least_people=5)
    assert values["value"].isna().all() and values["display"].tolist() == ["withheld"]
    row = tidy_kpis(kpis, today=TODAY, least_people=5).iloc[0]
    assert pd.isna(row["latest"]) and pd.isna(row["expected"])


def test_values_are_in_the_order_of_days(tmp_path):
    kpis = read_kpis(write(tmp_path, HEAD, NEXT | {"on": "2026-03-01"}, NEXT), today=TODAY)
    values = tidy_kpi_values(kpis, least_people=5)
    assert values["on"].tolist() == ["2026-03-01", "2026-07-02", "2026-10-01"]


def test_stages_follow_on_each_other():
    spans = list_stage_spans(date(2026, 8, 31))
    assert [(one.id, one.start, one.end) for one in spans] == [
        ("facts", date(2026, 8, 31), date(2027, 2, 27)),
        ("support", date(2027, 2, 28), date(2028, 8, 30)),
        ("maintenance", date(2028, 8, 31), date(2030, 2, 27)),
    ]


def make_plan() -> pd.DataFrame:
    rows = [
        ("Met", "milestone", "2026-09-01", "done"),
        ("Late", "milestone", "2026-10-01", "under way"),
        ("Survey", "milestone", "2027-03-01", "planned"),
        ("Far", "milestone", "2035-03-01", "planned"),
        ("Dropped", "milestone", "2026-10-01", "cancelled"),
        ("Fair", "other initiative", "2026-10-01", "planned"),
    ]
    frame = pd.DataFrame(rows, columns=["name", "kind", "end", "status"])
    return frame.assign(end=pd.to_datetime(frame["end"]), start=pd.to_datetime(frame["end"]))


def test_milestones_fall_into_their_stage():
    steps = place_milestones(make_plan(), list_stage_spans(date(2026, 9, 1)), TODAY)
    assert list(steps.itertuples(index=False, name=None)) == [
        ("Met", date(2026, 9, 1), "facts", "done"),
        ("Late", date(2026, 10, 1), "facts", "overdue"),
        ("Survey", date(2027, 3, 1), "support", "to do"),
        ("Far", date(2035, 3, 1), "", "to do"),
    ]


def test_the_timeline_says_everything_in_words(tmp_path):
    kpis = read_kpis(write(tmp_path, HEAD | {"label": "Calls <a week>"}, NEXT), today=TODAY)
    table = tidy_kpis(kpis, today=TODAY, least_people=5)
    spans = list_stage_spans(date(2026, 1, 1))
    steps = place_milestones(make_plan(), spans, TODAY)
    bands = [StageBand(one.label, one.start, one.end) for one in spans]
    figure, milestones = show_kpis(
        table, tidy_kpi_values(kpis, least_people=5), stages=bands, milestones=steps, today=TODAY
    )
    assert figure.title == "Of 1 indicator of progress, 1 is on course"
    assert "On course: 26 on 1 Oct 2026, target 30 calls by 31 Dec 2026" in figure.alt
    assert "Calls &lt;a week&gt;" in figure.to_html() and "<a week>" not in figure.to_html()
    assert "of 4, 1 done, 1 overdue and 2 to do" in milestones.caption
    assert 'id="kpi-calls"' in tabulate_kpis(table).to_html()


def test_each_state_has_a_mark_of_its_own():
    assert set(MARKS) == set(STATES)
    shown = [MARKS[state] for state in STATES if state not in ("withheld", "no target")]
    assert len(set(shown)) == len(shown)
    assert write_finding([{"state": "behind"}] * 2) == "Of 2 indicators of progress, 2 are behind"


def test_a_timeline_is_neither_empty_nor_endless():
    for lines in ([], [None] * (MOST_ROWS + 1)):
        with pytest.raises(ValueError, match="a timeline has"):
            draw_timeline(lines, [], [], today=TODAY)
