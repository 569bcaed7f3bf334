"""The pages of the action plan: links back and on, one sheet of A4, and what is left out."""

from __future__ import annotations

import re
from datetime import date

import pandas as pd
import pytest
from pypdf import PdfReader

from cip.display.action_block import ActionBlock
from cip.display.action_words import cut_words, word_span
from cip.display.finding_block import Use
from cip.display.status_page import StatusPage, describe_standing, write_status_document
from cip.framework.actions import compare_plans, read_action_plan
from cip.pages.action_plan import (
    Plan,
    build_plan,
    load_plan,
    name_recommendations,
    show_action_log,
    show_action_questions,
    show_action_status,
    show_action_times,
    show_actions,
    show_plan_changes,
)
from cip.params import load_params
from cip.report.actions_words import ACTION_WORDS
from cip.report.links import write_relative_links
from cip.report.pdf import share_pdf_writer
from cip.schemas.actions import ACTIONS
from cip.store import Store
from cip.workspace import Workspace

from ..support.asset_register import PARAMETERS

TODAY = date(2026, 11, 21)
HALL = "asset:own:spoonrest-hall"


@pytest.fixture(scope="module")
def read(root):
    folder = root / "params" / "demo"
    return read_action_plan(folder / "actions.csv", folder / "action_log.csv", today=TODAY)


@pytest.fixture(scope="module")
def plan(root, read) -> Plan:
    table = pd.read_csv(root / "params" / "demo" / "recommendations.csv").rename(
        columns={"id": "recommendation_id", "recommendation": "text"}
    )
    return build_plan(read, name_recommendations(table))


def make_rows(number: int, **cells: object) -> pd.DataFrame:
    """The longest plan that anybody could keep: everything late, every word long."""
    words = "Wwwwwwww Mmmmmmmm " * 20
    row = {name: "" for name, kind in ACTIONS["actions"].columns.items() if kind == "text"} | {
        "action": words, "lead": words, "status": "under way", "last_note": words,
        "last_update": "2026-08-01", "due": "2026-09-30", "needs_whom": words,
        "days_overdue": 52, "is_overdue": True, "is_stalled": True, "is_unowned": True,
        "is_orphaned": True, "is_due_soon": False, "updates": 1,
    }  # fmt: skip
    return pd.DataFrame(
        [
            row | {"number": n, "action_id": f"a{n}", "own_power": ["yes", "needs others"][n % 2]}
            for n in range(1, number + 1)
        ]
    ).assign(**cells)


@pytest.mark.parametrize("number", [0, 1, 10, 11, 60])
def test_the_status_is_one_sheet_of_a4_however_long_the_plan(tmp_path, number):
    actions = make_rows(max(number, 1)).head(number)
    unserved = {f"r{n}": "Wmwmwmwm " * 30 for n in range(9)}
    page = StatusPage(area="A place with a name that is long", today="2026-11-21",
                      actions=actions, unserved=unserved)  # fmt: skip
    # The margins of a report are wider than those of the sheet by itself.
    html = write_status_document(page).replace("margin:14mm", "margin:22mm 18mm 20mm")
    (tmp_path / "status.html").write_text(html, encoding="utf-8")
    share_pdf_writer().write(tmp_path / "status.html", tmp_path / "status.pdf")
    pages = PdfReader(tmp_path / "status.pdf").pages
    assert len(pages) == 1
    size = pages[0].mediabox
    assert (round(float(size.width)), round(float(size.height))) == (595, 842)
    assert "Source: action plan" in pages[0].extract_text()


def test_what_is_left_out_of_the_sheet_is_said():
    page = StatusPage(area="Here", today="2026-11-21", actions=make_rows(20))
    html = page.to_html()
    assert "12 of 20 actions" in html
    assert "and 16 more, in the full plan" in html
    assert "and 6 more" in html


def test_the_sheet_tells_what_was_promised_done_and_late(plan):
    text = show_action_status(plan, area="Teaspoon Common", today=TODAY)[0].to_text()
    assert "1 of 10 actions is done, 1 is overdue, 1 has stalled, 1 has no lead" in text
    assert "overdue by 11 days" in text
    assert "No action carries out: Try a time bank for a year" in text
    html = show_action_status(plan, area="Teaspoon Common", today=TODAY)[0].to_html()
    assert html.index("Overdue by 11 days") < html.index("Stalled:") < html.index("No lead:")
    assert "what the community does already (8)" in html


def test_links_lead_from_the_sheet_to_the_action_and_on_to_recommendation_and_outcome(plan):
    outcomes = {"damp-list": [Use("outcome", "damp-homes", "Homes that are damp")]}
    blocks = show_actions(plan, labels={HALL: "Spoonrest Hall"}, outcomes=outcomes)
    html = "".join(
        block.to_html() for block in [*show_action_status(plan, area="x", today=TODAY), *blocks]
    )
    anchors = set(re.findall(r'id="(action-[^"]+)"', html))
    assert {f"action-{name}" for name in plan.actions["action_id"]} <= anchors
    aims = set(re.findall(r'href="cip:summary#([^"]+)"', html))
    assert {aim for aim in aims if aim.startswith("action-")} <= anchors
    assert {f"recommendation-{name}" for name in plan.titles} <= aims
    assert "outcome-damp-homes" in aims
    assert 'href="cip:evidence#ev-asset-own-spoonrest-hall"' in html
    assert "asset:own:quay-job-club-zz12lg" in html  # Named by its id where the ledger has none.


def test_the_sheet_by_itself_leads_to_the_report(plan, tmp_path):
    page = show_action_status(plan, area="Here", today=TODAY)[0]
    html = write_relative_links(
        write_status_document(page), tmp_path / "reports" / "action_status.html"
    )
    assert re.search(r'href="[\w/]+\.html#action-damp-list"', html)
    assert "cip:" not in html
    assert html.count("<h1 ") == html.count("</h1>") == 1
    assert "<h4" not in html
    assert "<h5" not in html


def test_what_people_wrote_is_shown_and_never_run(plan):
    odd = "<img src=x onerror=alert(1)>"
    row = plan.actions.iloc[0].to_dict() | {"action": odd, "lead": odd, "last_note": odd}
    card = ActionBlock(action=row, updates=[{"on": "2026-01-01", "by": odd, "status": "done",
                                             "note": odd}])  # fmt: skip
    sheet = StatusPage(area=odd, today="2026-11-21", actions=pd.DataFrame([row]))
    for html in (card.to_html(), sheet.to_html()):
        assert "<img" not in html
        assert "&lt;img src=x" in html


def test_an_action_must_have_words_and_a_status_that_is_known(plan):
    row = plan.actions.iloc[0].to_dict()
    with pytest.raises(ValueError, match="status"):
        ActionBlock(action=row | {"status": "begun"})
    with pytest.raises(ValueError, match="no action"):
        ActionBlock(action=row | {"action": ""})


def test_the_time_axis_leaves_out_what_has_no_days_and_says_so(plan):
    figure = show_action_times(plan, today=TODAY)[0]
    assert len(figure.table) == 10
    assert figure.table.iloc[0]["when"] == "29 Jun 2026 to 30 Jun 2027"
    undated = Plan(
        plan.actions.assign(due=["", *plan.actions["due"][1:]]), plan.log, plan.citations
    )
    assert "1 of 10 actions have no first" in show_action_times(undated, today=TODAY)[0].note
    nothing = Plan(plan.actions.assign(due=""), plan.log, plan.citations)
    assert show_action_times(nothing, today=TODAY) == []


def test_the_questions_of_the_framework_and_the_log_are_tables(plan):
    questions = show_action_questions(plan)[0]
    assert len(questions.frame) == 10
    assert questions.frame.iloc[2]["outside"].startswith("Needs others: the bus company")
    log = show_action_log(plan)[0]
    assert list(log.frame.iloc[0]) == [
        "20 Nov 2026",
        "Action 6",
        "Development manager: under way. First morning at the larder: five people asked.",
    ]
    assert log.anchors["action"][0] == "action-advice-tables"
    assert show_action_log(Plan(plan.actions, plan.log.head(0), plan.citations)) == []


def test_changes_between_versions_are_a_table(read):
    old = read.actions.assign(lead="Somebody, elsewhere").drop(index=3)
    block = show_plan_changes(compare_plans(old, read.actions), names=("before", "now"))[0]
    assert block.note == "1 added, 0 dropped, 9 told otherwise."
    assert block.column_labels["before"] == "Before"


def test_an_area_without_a_plan_has_no_pages(tmp_path):
    (tmp_path / "common.yml").write_text(PARAMETERS, encoding="utf-8")
    workspace = Workspace(load_params(tmp_path / "common.yml"), Store(tmp_path), tmp_path)
    assert load_plan(workspace) is None


def test_every_column_has_its_words():
    columns = {f"{table}.{name}" for table, s in ACTIONS.items() for name in s.columns}
    assert set(ACTION_WORDS) == columns


def test_words_are_short_and_true():
    assert word_span("2026-10-12", "2027-01-02") == "12 Oct 2026 to 2 Jan 2027"
    assert word_span("2026-10-12", "") == "from 12 Oct 2026"
    assert word_span("", "") == "no day set"
    assert cut_words("one two", 7) == "one two"
    assert len(cut_words("x" * 50, 10)) == 10
    assert describe_standing(make_rows(1).head(0)) == "The plan has no action yet."
    assert describe_standing(make_rows(2).assign(status="dropped")) == "2 dropped."
