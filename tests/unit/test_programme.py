"""A programme's file: its days, its mistakes, where it leaves the plan, its numbers."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cip.catalogue.programme import load_programme_plan
from cip.errors import CipError, ParameterError
from cip.framework.programme import list_warnings, load_programme
from cip.framework.programme_areas import AreaOutputs, read_areas
from cip.framework.programme_plan import add_months
from cip.framework.programme_tables import (
    find_ends,
    list_posts,
    list_stages,
    measure_reach,
    spread_over_years,
)

from .programme_samples import TODAY, make_outputs, write_record

HEAD = """\
id: hills
title: Hills
organisation: {name: Invented Council, contact: no page}
report_date: 2026-11-21
areas:
"""
AREA = """\
  - id: {id}
    wave: {wave}
    stages:
      - {{stage: facts, start: {start}}}
      - {{stage: support}}
      - {{stage: maintenance}}
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "programme.yml"
    path.write_text(text, encoding="utf-8")
    return path


def make(*areas: tuple[str, int, str]) -> str:
    return HEAD + "".join(AREA.format(id=i, wave=w, start=s) for i, w, s in areas)


THREE = (("one", 1, "2025-01-01"), ("two", 1, "2025-01-01"), ("three", 1, "2025-01-01"))


def find_problems(folder: Path, text: str) -> str:
    with pytest.raises(ParameterError) as caught:
        load_programme(write(folder, text))
    return str(caught.value)


def test_stages_follow_the_plan_where_no_day_is_written(tmp_path):
    file = load_programme(write(tmp_path, make(*THREE)))
    stages = list_stages(file)
    own = stages[stages["area_id"] == "one"]
    assert own["start"].tolist() == [date(2025, 1, 1), date(2025, 7, 1), date(2027, 1, 1)]
    assert own["end"].tolist() == [date(2025, 6, 30), date(2026, 12, 31), date(2028, 6, 30)]
    assert own["months"].tolist() == [6, 18, 18]
    assert own["stands"].tolist() == ["over", "now", "to come"]
    assert list_warnings(file) == []


def test_the_plan_is_the_handbooks():
    plan = load_programme_plan()
    assert (plan.plan.least, plan.plan.most, plan.plan.months, plan.plan.posts) == (3, 6, 60, 15)
    assert {name: s.months for name, s in plan.stages.items()} == {
        "facts": 6, "support": 18, "maintenance": 18,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("wave: 1\n", "wav: 1\n", "line 7: 'areas.0.wav' is not a known key.*Did you mean 'wave'"),
        ("{stage: support}", "{stage: suport}", "Did you mean 'support'"),
        ("start: 2025-01-01", "start: 01/01/2025", "line 9.*year-month-day"),
        ("start: 2025-01-01", "start: 2025", "line 9.*year-month-day"),
        ("start: 2025-01-01", "start: 2025-01-01, end: 2024-06-30",
         "line 9: one: the stage 'facts' ends before it begins"),
        ("{stage: support}", "{stage: support, start: 2025-05-01}",
         "line 10: one: the stage 'support' begins before 'facts' is over.*2025-07-01 or later"),
        ("{stage: support}", "{stage: facts}", "'facts' cannot follow 'facts'"),
        ("{stage: facts, start: 2025-01-01}", "{stage: facts}", "first stage needs its first day"),
        ("id: two", "id: one", "line 12: the area 'one' stands in line 6 already"),
        ("id: two", "id: two\n    params: x.yml", "one of the two"),
        ("{stage: support}", "{stage: support, staff: [{post: fieldworkr, fte: 1}]}",
         "there is no kind of post 'fieldworkr'.*nearest is 'fieldworker'"),
        ("{stage: support}", "{stage: support, staff: [{post: fieldworker, fte: 0}]}",
         "greater than 0"),
        ("{stage: support}", "{stage: support, reach: [{what: Mrs A. Example, target: 3}]}",
         "a person's name"),
        ("{stage: support}",
         "{stage: support, reach: [{what: A, target: 3, kpi: k}, {what: B, target: 4, kpi: k}]}",
         "'k' counts two targets"),
    ],
)  # fmt: skip
def test_mistakes_are_told_with_line_and_remedy(tmp_path, old, new, words):
    text = make(*THREE)
    assert old in text
    found = find_problems(tmp_path, text.replace(old, new, 1))
    assert pd.Series([found]).str.contains(words, regex=True, flags=16).all(), found


def test_all_mistakes_are_told_at_once(tmp_path):
    text = make(*THREE).replace("id: two", "id: one").replace(
        "{stage: support}", "{stage: support, end: 2025-02-01}"
    )  # fmt: skip
    found = find_problems(tmp_path, text)
    assert found.count("ends before it begins") == 3
    assert "stands in line 6 already" in found


@pytest.mark.parametrize(
    ("areas", "words"),
    [
        (THREE[:2], "Wave 1 takes on 2 neighbourhoods, fewer than the plan's 3 to 6"),
        ([(f"area-{n}", 1, "2025-01-01") for n in range(7)], "7 neighbourhoods, more than"),
        (
            [*THREE, *((f"later-{n}", 3, "2027-01-01") for n in range(3))],
            "No area belongs to wave 2",
        ),
        (
            [*THREE, *((f"later-{n}", 2, "2026-01-01") for n in range(3))],
            "the same workers would be",
        ),
        (
            [*THREE, *((f"later-{n}", 2, "2027-01-01") for n in range(3))],
            "longer than the plan's 60",
        ),
    ],
)
def test_another_plan_is_a_warning_and_no_mistake(tmp_path, areas, words):
    warnings = list_warnings(load_programme(write(tmp_path, make(*areas))))
    assert len([w for w in warnings if words in w]) == 1, warnings


def test_neighbourhoods_count_and_not_areas(tmp_path):
    text = make(*THREE[:2]).replace("    wave: 1\n", "    wave: 1\n    neighbourhoods: [A, B]\n")
    assert list_warnings(load_programme(write(tmp_path, text))) == []


def test_short_support_gaps_and_nothing_afterwards_are_warnings(tmp_path):
    text = make(*THREE).replace("{stage: support}", "{stage: support, start: 2025-07-11, "
                                "end: 2026-07-10}", 1)  # fmt: skip
    text = text.replace("      - {stage: maintenance}\n", "", 1)
    warnings = list_warnings(load_programme(write(tmp_path, text)))
    assert warnings == [
        "one: support lasts 12 months; the plan has 18.",
        "one: 10 days without any stage lie between facts and baselines and support.",
        "one: nothing is planned for after the support.",
    ]


def test_a_parameter_file_that_is_wrong_stops_no_other_area(tmp_path):
    text = make(*THREE).replace("id: two", "params: gone.yml")
    file = load_programme(write(tmp_path, text))
    assert [bool(area.problems) for area in file.areas] == [False, True, False]
    assert "no such parameter file" in str(file.areas[1].problems[0])


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.integers(0, 120))
def test_months_later_is_the_same_day_or_the_months_last(day, months):
    later = add_months(day, months)
    assert (later.year - day.year) * 12 + later.month - day.month == months
    assert later.day == day.day or (later + timedelta(days=1)).day == 1


@settings(max_examples=30)
@given(
    st.dates(date(2020, 1, 1), date(2030, 12, 31)), st.integers(0, 1500), st.floats(0.1, 5.0)
)  # fmt: skip
def test_years_of_work_add_up_to_the_posts(start, days, fte):
    end = start + timedelta(days=days)
    posts = pd.DataFrame(
        [("A", "support", "fieldworker", fte, start, end)],
        columns=["area", "stage", "post", "fte", "start", "end"],
    )
    years = spread_over_years(posts)
    assert years["year"].tolist() == list(range(start.year, end.year + 1))
    whole = years[(years["year"] > start.year) & (years["year"] < end.year)]
    assert whole["work_years"].to_numpy() == pytest.approx(fte)
    # By hand: days over the length of each year.
    lengths = {y: 366 if pd.Timestamp(y, 1, 1).is_leap_year else 365 for y in years["year"]}
    every = [start + timedelta(days=n) for n in range(days + 1)]
    assert years["work_years"].sum() == pytest.approx(sum(fte / lengths[d.year] for d in every))


def test_central_posts_last_as_long_as_the_programme(tmp_path):
    text = make(*THREE) + "staff:\n  - {post: coordinator, fte: 1}\n"
    posts = list_posts(load_programme(write(tmp_path, text)))
    (row,) = posts.itertuples()
    assert (row.area, row.stage) == ("", "programme")
    assert (row.start, row.end) == (date(2025, 1, 1), date(2028, 6, 30))


def test_the_demonstration_is_a_programme_without_mistakes(root):
    file = load_programme(root / "params" / "programmes" / "demo.yml")
    assert [area.id for area in file.areas] == [
        "lantern-quay", "paper-mill", "demo", "marginalia", "parchment-vale",
    ]  # fmt: skip
    assert not any(area.problems for area in file.areas)
    assert list_warnings(file) == ["Parchment Vale: nothing is planned for after the support."]
    assert (file.start, file.end) == (date(2024, 12, 1), date(2029, 11, 30))


# What the areas' runs left


@pytest.fixture(scope="module")
def areas(root, tmp_path_factory) -> list[AreaOutputs]:
    outputs = make_outputs(root, tmp_path_factory.mktemp("areas"), "lantern-quay", "paper-mill")
    file = load_programme(root / "params" / "programmes" / "demo.yml")
    return read_areas(file, outputs)


def test_areas_are_read_and_missing_ones_told(areas):
    assert [area.state for area in areas] == ["ready", "ready", *["no profile"] * 3]
    assert areas[0].version == "0.1, draft"
    assert areas[0].count_residents() is None


def test_reach_is_the_latest_count_within_the_stage(areas):
    reach = measure_reach(areas, TODAY).set_index(["area_id", "stage", "what"])
    quay = reach.loc["lantern-quay"].reset_index(level="what")
    assert quay.loc["facts", ["reached", "on"]].tolist() == [168.0, "2025-05-30"]
    assert quay.loc["support", ["reached", "on"]].tolist() == [207.0, "2026-10-30"]
    assert set(reach.loc["demo"]["reason"]) == {"the stage has not begun"}
    earlier = measure_reach(areas, date(2026, 5, 1)).set_index(["area_id", "stage"])
    assert earlier.loc[("lantern-quay", "support"), "reached"] == 131.0
    assert earlier.loc[("paper-mill", "support"), "reason"] == ("not counted in this stage yet")


@pytest.mark.parametrize(
    ("table", "column", "value", "reason"),
    [
        ("kpis", "unit", "%", "'people-active' is a share, and reach counts people"),
        ("kpis", "kpi_id", "other", "the area has no indicator of progress 'people-active'"),
        ("kpi_values", "display", "withheld", "withheld: too few people"),
    ],
)
def test_reach_says_why_it_has_no_figure(areas, table, column, value, reason):
    area = areas[1]
    tables = {name: frame.copy() for name, frame in area.tables.items()}
    tables[table][column] = value
    if table == "kpi_values":
        tables[table]["value"] = float("nan")
    changed = AreaOutputs(area.plan, "ready", record=area.record, tables=tables)
    reach = measure_reach([changed], TODAY).set_index("stage")
    assert reach.loc["support", "reason"] == reason
    assert pd.isna(reach.loc["support", "reached"])


def test_what_stops_when_support_ends(areas):
    ends = find_ends(areas, TODAY).set_index("area_id")
    quay = ends.loc["lantern-quay"]
    assert (quay["ends"], quay["days"]) == ("2026-11-30", 9)
    assert quay["fewer"] == {"team_leader": 0.5, "fieldworker": 1.5, "health_officer": 0.5}
    assert quay["actions"] == ["kitchen-hours", "lamp-money"]
    assert quay["grants"] == ["lq2"]
    assert quay["kpis"] == ["residents-leading", "groups-kept"]
    assert ends.loc["marginalia", "actions"] is None
    assert find_ends(areas, date(2026, 12, 1))["area_id"].tolist() == [
        "demo", "marginalia", "parchment-vale",
    ]  # fmt: skip


def test_a_broken_area_is_told_and_the_others_go_on(root, tmp_path):
    outputs = make_outputs(root, tmp_path, "lantern-quay", "paper-mill")
    (outputs / "paper-mill" / "tables" / "actions.parquet").write_bytes(b"not a table")
    (outputs / "demo").mkdir()
    (outputs / "demo" / "run.json").write_text("{", encoding="utf-8")
    file = load_programme(root / "params" / "programmes" / "demo.yml")
    found = read_areas(file, outputs)
    assert [area.state for area in found[:3]] == ["ready", "not usable", "not usable"]
    assert "tables cannot be read" in str(found[1].problems[0])
    assert "record of its run cannot be read" in str(found[2].problems[0])


def test_invented_areas_never_stand_beside_real_ones(root, tmp_path):
    outputs = make_outputs(root, tmp_path, "lantern-quay", "paper-mill")
    write_record(outputs / "paper-mill", "Paper Mill", "paper-mill", is_synthetic=False)
    file = load_programme(root / "params" / "programmes" / "demo.yml")
    with pytest.raises(CipError, match="some of these areas are real and others invented"):
        read_areas(file, outputs)


def test_a_failed_attempt_is_told(root, tmp_path):
    outputs = make_outputs(root, tmp_path, "lantern-quay")
    failed = outputs / "lantern-quay" / "failed"
    failed.mkdir()
    (failed / "run.json").write_text(json.dumps({}), encoding="utf-8")
    file = load_programme(root / "params" / "programmes" / "demo.yml")
    assert "last run failed" in read_areas(file, outputs)[0].message
