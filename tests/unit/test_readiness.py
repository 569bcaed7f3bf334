"""Readiness: the checklist, the dated plan, and the forms."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cip.catalogue.readiness import cite_readiness, load_questions
from cip.display.gantt import MOST_ROWS, PlanRow, draw_gantt, list_ticks
from cip.errors import ParameterError
from cip.framework.forms import COLUMNS, FORMS, GUIDE, write_forms
from cip.framework.insight import read_insight
from cip.framework.milestones import (
    find_circles,
    find_clashes,
    find_order_faults,
    find_overdue,
    read_milestones,
)
from cip.framework.partners import read_partners
from cip.framework.readiness import (
    STATUSES,
    build_checklist,
    count_progress,
    order_open_first,
    read_readiness,
)
from cip.pages.plan import draw_plan, list_checks
from cip.pages.readiness import build_readiness_tables, show_plan, show_readiness
from cip.params import ParameterFile, load_params
from cip.tables import check_table

TODAY = date(2026, 11, 21)
ANSWERS = "question_id,question,answer,owner,status\n"
PLAN = "name,kind,start,end,date,area,owner,depends_on,status\n"
PARAMS = """\
id: test-area
title: Test area
profile_kind: ward
area: {wards: [Z05000001]}
organisation: {name: Council, contact: page}
"""


def write(folder: Path, text: str, name: str = "own.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def load(folder: Path, **inputs: str) -> ParameterFile:
    """Return a parameter file whose inputs hold the texts."""
    lines = "".join(f"  {name}: {name}.csv\n" for name in inputs)
    for name, text in inputs.items():
        write(folder, text, f"{name}.csv")
    tail = f"inputs:\n{lines}" if inputs else ""
    return load_params(write(folder, PARAMS + tail, "area.yml"))


def read_demo(root: Path) -> dict[str, str]:
    demo = root / "params" / "demo"
    return {name: (demo / f"{name}.csv").read_text("utf-8") for name in ("readiness", "milestones")}


def list_html(blocks: list) -> str:
    return "".join(block.to_html() for block in blocks)


def test_the_checklist_covers_the_four_headings():
    questions = load_questions()
    headings = [question.heading for question in questions.values()]
    assert list(dict.fromkeys(headings)) == ["Time", "Funding", "Impact", "Staff resources"]
    assert [headings.count(h) for h in dict.fromkeys(headings)] == [4, 2, 8, 4]
    assert all(question.text.endswith("?") for question in questions.values())
    assert len({question.text for question in questions.values()}) == len(questions)
    assert "Oxfordshire County Council" in cite_readiness()


# one row per mistake: the file's rows; row, column, words, nearest
MISTAKES = [
    ("time_hour,,,,", 2, "question_id", "not one of the choices", "time_hours"),
    (",,an answer,,", 2, "question_id", "must be filled in", None),
    ("time_hours,,a,,\nTime hours,,b,,", 3, "question_id", "stands in row 2 already", None),
    ("time_hours,,,,settled", 2, "answer", "settled but has no answer", None),
    ("time_hours,,a,,done", 2, "status", "not one of the choices", None),
    ("time_hours,,a,Mrs Example,", 2, "owner", "a person's name", None),
    ("time_hours,,a,lead@example.org,", 2, "owner", "an e-mail address", None),
    ("time_hours,,a,07700 900123,", 2, "owner", "a telephone number", None),
    ("time_hours,,Dr Example will lead,,", 2, "answer", "a person's name", None),
]


@pytest.mark.parametrize(("rows", "row", "column", "words", "nearest"), MISTAKES)
def test_every_mistake_in_the_answers_is_told(tmp_path, rows, row, column, words, nearest):
    with pytest.raises(ParameterError) as caught:
        read_readiness(write(tmp_path, ANSWERS + rows))
    (problem,) = caught.value.problems
    assert (problem.row, problem.column, problem.nearest) == (row, column, nearest)
    assert words in problem.message


def test_all_mistakes_in_the_answers_are_told_at_once(tmp_path):
    rows = "time_hour,,,,\nstaff_lead,,,Mr Example,settled\nstaff_lead,,x,,doing"
    with pytest.raises(ParameterError) as caught:
        read_readiness(write(tmp_path, ANSWERS + rows))
    assert [(p.row, p.column) for p in caught.value.problems] == [
        (2, "question_id"), (3, "owner"), (3, "answer"), (4, "status"), (4, "question_id"),
    ]  # fmt: skip


def test_questions_without_a_row_are_not_started(tmp_path):
    rows = "staff_lead,other words,An officer,Lead team,settled\ntime_hours,,,,not relevant\ntime_period,,May,,\n"
    table = build_checklist(read_readiness(write(tmp_path, ANSWERS + rows)))
    held = table.set_index("question_id")
    assert list(held.index) == list(load_questions())
    assert held.loc["staff_lead", "question"] == load_questions()["staff_lead"].text
    assert held["status"].value_counts().to_dict() == {
        "not started": 16, "settled": 1, "not relevant": 1,
    }  # fmt: skip
    assert not held.loc[["staff_lead", "time_hours"], "is_open"].any()
    assert held["is_unanswered"].sum() == 15  # neither settled, nor answered, nor irrelevant
    assert held["is_open"].sum() == 16


def test_without_a_file_nothing_is_answered():
    table = build_checklist(None)
    assert table["is_unanswered"].all() and table["is_open"].all()
    assert set(check_table("readiness", table)["status"]) == {"not started"}


@settings(deadline=None, max_examples=40)
@given(st.lists(st.sampled_from(STATUSES), min_size=18, max_size=18))
def test_counts_add_up_and_open_questions_come_first(statuses):
    answers = pd.DataFrame(
        {"question_id": list(load_questions()), "answer": "x", "owner": "y", "status": statuses}
    )
    table = build_checklist(answers)
    progress = count_progress(table)
    assert (progress[list(STATUSES)].sum(axis=1) == progress["questions"]).all()
    assert progress["questions"].sum() == len(load_questions())
    for status in STATUSES:
        assert progress[status].sum() == statuses.count(status)
    ordered = order_open_first(table)
    assert ordered["status"].map(STATUSES.index).is_monotonic_increasing
    assert sorted(ordered["question_id"]) == sorted(table["question_id"])


# one row per mistake in a plan: rows; row, column, words, found or None
PLAN_MISTAKES = [
    ("A,milestone,,,,,,,", 2, "date", "no date", None),
    ("A,milestone,2026-01-02,2026-01-01,,,,,", 2, "end", "before the start", None),
    ("A,milestone,2026-01-02,,,,,,", 2, "end", "the end is missing", None),
    ("A,milestone,,2026-01-02,,,,,", 2, "start", "the start is missing", None),
    ("A,milestone,2026-01-02,,2026-01-02,,,,", 2, "date", "besides a start or an end", None),
    ("A,goal,,,2026-01-02,,,,", 2, "kind", "not one of the choices", "goal"),
    ("A,milestone,,,2026-01-02,,Miss Example,,", 2, "owner", "a person's name", None),
    ("A; B,milestone,,,2026-01-02,,,,", 2, "name", "semicolon", None),
    (
        "A,milestone,,,2026-01-02,,,,\na,milestone,,,2026-01-02,,,,",
        3, "name", "stands in row 2 already", None,
    ),
    ("A,milestone,,,2026-01-02,,,A,", 2, "depends_on", "depends on itself", "A → A"),
    ("A,milestone,,,2026-01-02,,,Surveys,", 2, "depends_on", "no row names", "Surveys"),
    (
        "A,milestone,,,2026-01-02,,,C,\nB,milestone,,,2026-01-02,,,a,\nC,milestone,,,2026-01-02,,,b,",
        2, "depends_on", "depends on itself", "A → C → B → A",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "row", "column", "words", "found"), PLAN_MISTAKES)
def test_every_mistake_in_a_plan_is_told(tmp_path, rows, row, column, words, found):
    with pytest.raises(ParameterError) as caught:
        read_milestones(write(tmp_path, PLAN + rows))
    (problem,) = caught.value.problems
    assert (problem.row, problem.column, problem.found) == (row, column, found)
    assert words in problem.message


def test_all_mistakes_in_a_plan_are_told_at_once(tmp_path):
    rows = "A,milestone,,,,,,Bee,\nBea,goal,2026-01-02,2026-01-01,,,,Bea,\n"
    with pytest.raises(ParameterError) as caught:
        read_milestones(write(tmp_path, PLAN + rows))
    assert sorted((p.row, p.column) for p in caught.value.problems) == [
        (2, "date"), (2, "depends_on"), (3, "depends_on"), (3, "end"), (3, "kind"),
    ]  # fmt: skip
    assert "Bea" in [p.nearest for p in caught.value.problems]


def read_plan(folder: Path, *rows: str) -> pd.DataFrame:
    return read_milestones(write(folder, PLAN + "\n".join(rows)))


def test_one_day_starts_and_ends_on_it(tmp_path):
    plan = read_plan(tmp_path, "A,milestone,,,3 March 2027,,,,")
    assert plan.loc[0, "start"] == plan.loc[0, "end"] == pd.Timestamp(2027, 3, 3)
    assert plan.loc[0, "status"] == "planned"


@pytest.mark.parametrize(
    ("kind", "end", "status", "is_overdue"),
    [
        ("milestone", "2026-11-20", "planned", True),
        ("milestone", "2026-11-20", "under way", True),
        ("milestone", "2026-11-20", "", True),
        ("milestone", "2026-11-21", "planned", False),
        ("milestone", "2026-11-20", "done", False),
        ("milestone", "2026-11-20", "cancelled", False),
        ("other initiative", "2026-11-20", "planned", False),
    ],
)
def test_a_milestone_is_overdue_the_day_after_its_last(tmp_path, kind, end, status, is_overdue):
    plan = read_plan(tmp_path, f"A,{kind},2026-01-01,{end},,,,,{status}")
    assert find_overdue(plan, TODAY).tolist() == [is_overdue]


# one row per pair: end of what comes first, its status, start of what depends on it; the fault
ORDERS = [
    ("2027-01-10", "planned", "2027-01-10", None),
    ("2027-01-11", "planned", "2027-01-10", "ends on 11 January 2027, after this starts on 10 January 2027"),
    ("2027-01-01", "cancelled", "2027-01-10", "is cancelled"),
    ("2027-01-01", "done", "2027-01-10", None),
]  # fmt: skip


@pytest.mark.parametrize(("end", "status", "start", "fault"), ORDERS)
def test_what_comes_first_must_end_first(tmp_path, end, status, start, fault):
    plan = read_plan(
        tmp_path,
        f"First,milestone,2026-12-01,{end},,,,,{status}",
        f"Second,milestone,,,{start},,,first,",
    )
    expected = [] if fault is None else [("Second", "First", fault)]
    assert list(find_order_faults(plan).itertuples(index=False, name=None)) == expected


# one row per pair: dates and area of the milestone, of the initiative (15 to 20 January), apart
CLASHES = [
    ("2027-01-16", "2027-01-17", "Hill", "Hill", 0),
    ("2027-01-01", "2027-02-28", "Hill", "hill", 0),
    ("2027-01-20", "2027-01-30", "Hill", "", 0),
    ("2027-01-27", "2027-01-30", "", "Hill", 7),
    ("2027-01-28", "2027-01-30", "Hill", "Hill", None),
    ("2027-01-01", "2027-01-08", "Hill", "Hill", 7),
    ("2027-01-01", "2027-01-07", "Hill", "Hill", None),
    ("2027-01-16", "2027-01-17", "Hill", "Dale", None),
]


@pytest.mark.parametrize(("start", "end", "here", "there", "apart"), CLASHES)
def test_clashes_are_found_by_time_and_place(tmp_path, start, end, here, there, apart):
    plan = read_plan(
        tmp_path,
        f"Survey,milestone,{start},{end},,{here},,,",
        f"Fair,other initiative,2027-01-15,2027-01-20,,{there},,,",
    )
    expected = [] if apart is None else [("Survey", "Fair", apart)]
    assert list(find_clashes(plan, TODAY).itertuples(index=False, name=None)) == expected


@pytest.mark.parametrize("status", ["done", "cancelled"])
def test_what_is_over_clashes_with_nothing(tmp_path, status):
    rows = ["A,milestone,,,2027-01-15,,,,", "B,other initiative,,,2027-01-15,,,,"]
    assert len(find_clashes(read_plan(tmp_path, *rows), TODAY)) == 1
    assert find_clashes(read_plan(tmp_path, rows[0] + status, rows[1]), TODAY).empty
    assert find_clashes(read_plan(tmp_path, rows[0], rows[1] + status), TODAY).empty
    assert find_clashes(read_plan(tmp_path, *rows), date(2027, 1, 16)).empty


EDGES = st.integers(2, 9).flatmap(
    lambda n: st.tuples(
        st.just(n), st.sets(st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)), max_size=14)
    )
)


@given(EDGES)
def test_a_plan_has_a_circle_exactly_when_it_cannot_be_put_in_order(case):
    size, edges = case
    needs = {str(n): [str(b) for a, b in sorted(edges) if a == n] for n in range(size)}
    # The other way to know: take away, again and again, what depends on nothing that is left.
    left = dict(needs)
    while free := [name for name, below in left.items() if not set(below) & set(left)]:
        for name in free:
            del left[name]
    circles = find_circles(needs)
    assert bool(circles) == bool(left)
    for circle in circles:
        assert all(b in needs[a] for a, b in zip(circle, circle[1:] + circle[:1], strict=True))


def test_a_long_chain_is_no_error():
    needs = {str(n): [str(n + 1)] for n in range(5000)} | {"5000": []}
    assert find_circles(needs) == []


@given(st.dates(date(2000, 1, 1), date(2050, 1, 1)), st.integers(0, 8000))
def test_ticks_are_few_and_inside(first, days):
    last = date.fromordinal(first.toordinal() + days)
    ticks = list_ticks(first, last)
    assert 1 <= len(ticks) <= 7
    assert all(first <= tick <= last for tick in ticks)
    assert ticks == sorted(set(ticks))


def make_row(number: int) -> PlanRow:
    return PlanRow(f"Step {number}", "words", date(2026, 1, 1), date(2026, 2, number + 1), "open")


def test_a_plan_is_drawn_alike_each_time_and_never_empty_or_endless():
    rows = [make_row(n) for n in range(3)]
    assert draw_gantt(rows, today=TODAY) == draw_gantt(rows, today=TODAY)
    for wrong in ([], [make_row(n % 20) for n in range(MOST_ROWS + 1)]):
        with pytest.raises(ValueError, match=f"1 to {MOST_ROWS} rows"):
            draw_gantt(wrong, today=TODAY)


def test_a_long_plan_shows_the_first_rows_and_says_so(tmp_path):
    rows = [f"Step {n},milestone,,,2027-01-{n + 1:02d},,,," for n in range(MOST_ROWS + 2)]
    figure, _ = draw_plan(read_plan(tmp_path, *rows), TODAY)
    assert len(figure.table) == MOST_ROWS + 2
    assert f"first {MOST_ROWS} of {MOST_ROWS + 2} rows" in figure.note


def test_the_demonstration_reads_cleanly_and_fits_its_tables(root, tmp_path):
    texts = read_demo(root)
    tables = build_readiness_tables(load(tmp_path, **texts), TODAY)
    assert len(check_table("readiness", tables["readiness"])) == len(load_questions())
    plan = check_table("milestones", tables["milestones"])
    assert plan["name"].str.contains("invented").all()
    assert plan.loc[plan["is_overdue"], "name"].tolist() == [
        "Published figures put together (invented)"
    ]
    answers = tables["readiness"]["answer"].dropna()
    assert answers.str.startswith("Invented").all()


def test_the_demonstrations_plan_shows_each_kind_of_finding(root, tmp_path):
    plan = read_milestones(write(tmp_path, read_demo(root)["milestones"]))
    checks = list_checks(plan, TODAY)
    assert set(checks["check"]) == {"Overdue", "Out of order", "Clash"}


def test_the_pages_show_counts_findings_and_no_score(root, tmp_path):
    file = load(tmp_path, **read_demo(root))
    html = list_html([*show_readiness(file), *show_plan(file, TODAY)])
    assert "9 of 18 questions are settled; 5 have no answer yet" in html
    assert "1 of 7 milestones is done, 1 is overdue and 3 clash with other work" in html
    assert "not a score" in html
    assert "In hand without an owner" in html


def test_without_inputs_the_pages_say_how_to_supply_them(tmp_path):
    file = load(tmp_path)
    html = list_html([*show_readiness(file), *show_plan(file, TODAY)])
    assert html.count("Not available:") == 2
    assert "readiness.csv" in html and "inputs: milestones:" in html
    assert build_readiness_tables(file, TODAY) == {}


def test_an_empty_plan_is_not_an_error(tmp_path):
    file = load(tmp_path, milestones=PLAN)
    assert "no milestone yet" in list_html(show_plan(file, TODAY))
    assert check_table("milestones", build_readiness_tables(file, TODAY)["milestones"]).empty


def test_a_plan_without_findings_says_so(tmp_path):
    plan = read_plan(tmp_path, "A,milestone,,,2027-01-15,,,,")
    assert "Nothing is overdue" in list_html(draw_plan(plan, TODAY))


def test_every_form_can_be_read_back_and_none_is_replaced(tmp_path):
    written = write_forms(tmp_path / "new")
    assert [path.name for path in written] == [*(f"{name}.csv" for name in FORMS), GUIDE]
    assert read_insight(tmp_path / "new" / "insight.csv").empty
    assert read_partners(tmp_path / "new" / "partners.csv").empty
    assert read_milestones(tmp_path / "new" / "milestones.csv").empty
    answers = read_readiness(tmp_path / "new" / "readiness.csv")
    assert build_checklist(answers).equals(build_checklist(None))
    (tmp_path / "new" / "insight.csv").write_text("mine", encoding="utf-8")
    (tmp_path / "new" / "partners.csv").unlink()
    assert [path.stem for path in write_forms(tmp_path / "new")] == ["partners"]
    assert (tmp_path / "new" / "insight.csv").read_text(encoding="utf-8") == "mine"


def test_the_guide_explains_every_column_of_every_form(tmp_path):
    write_forms(tmp_path)
    guide = (tmp_path / GUIDE).read_text(encoding="utf-8")
    assert set(COLUMNS) == set(FORMS)
    for name in FORMS:
        section = guide.split(f"## {name}.csv")[1].split("## ")[0]
        head = (tmp_path / f"{name}.csv").read_text(encoding="utf-8-sig").splitlines()[0]
        assert [line.split("`")[1] for line in section.splitlines() if line] == head.split(",")
