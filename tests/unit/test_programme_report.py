"""The pages of a programme: what they say, where they lead, and that they come whole."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest
from lxml import html as lxml_html
from typer.testing import CliRunner

from cip.errors import CipError, ExportError, ParameterError
from cip.framework.programme import load_programme
from cip.framework.programme_areas import WANTED
from cip.framework.programme_plan import ProgrammeFile
from cip.pages.officer import show_due, show_leads, show_month
from cip.pages.officer_gaps import show_gaps
from cip.pages.officer_lists import show_assets_used, show_monitoring, show_unserved
from cip.pages.programme_outcomes import number_reasons
from cip.run import programme_report
from cip.run.programme import app
from cip.run.programme_report import Made, write_programme
from cip.tables import TableFolder

from .programme_samples import TODAY, add_population, fit, make_outputs, write_record

HOSTILE = '<script>alert(1)</script> & "Mill"'


@pytest.fixture(scope="module")
def file(root) -> ProgrammeFile:
    return load_programme(root / "params" / "programmes" / "demo.yml")


@pytest.fixture(scope="module")
def outputs(root, tmp_path_factory) -> Path:
    folder = make_outputs(root, tmp_path_factory.mktemp("out"), "lantern-quay", "paper-mill")
    add_population(folder / "lantern-quay", 4140.0)
    return folder


@pytest.fixture(scope="module")
def made(file, outputs) -> Made:
    return write_programme(file, outputs, make_pdf=False)


@pytest.fixture(scope="module")
def page(made) -> lxml_html.HtmlElement:
    return lxml_html.document_fromstring(made.files[0].read_text(encoding="utf-8"))


def read_table(page: lxml_html.HtmlElement, name: str) -> list[list[str]]:
    (table,) = page.xpath(f'//*[@id="tab-{name}"]//table')
    return [[" ".join(cell.text_content().split()) for cell in row.xpath("./th|./td")]
            for row in table.xpath(".//tbody/tr")]  # fmt: skip


def test_every_page_is_there_and_says_that_it_is_invented(made, outputs):
    folder = outputs / "programme" / "fableshire-neighbourhoods"
    assert [path.relative_to(folder).as_posix() for path in made.files] == [
        "programme.html", "lantern-quay/officer.html", "paper-mill/officer.html",
    ]  # fmt: skip
    for path in made.files:
        assert "Synthetic demonstration data" in path.read_text(encoding="utf-8")
    assert (folder / "run.json").exists()
    assert not list((outputs / "programme").glob(".*"))


def test_areas_without_a_profile_are_told_and_stand_on_the_timeline(page):
    text = page.text_content()
    assert "Marginalia: No profile of it has been made yet." in text
    (image,) = page.xpath('//*[@id="fig-programme-stages"]//img')
    assert "Wave 2, Marginalia, facts and baselines 1 Jun 2026 to 30 Nov 2026" in image.get("alt")
    rows = read_table(page, "programme-areas")
    assert rows[0][:5] == ["Lantern Quay", "1", "Lantern Quay; Old Harbour",
                           "Support until 30 Nov 2026", "4,140"]  # fmt: skip
    assert rows[3][5:] == ["no profile", "none yet"]


def test_every_link_leads_to_a_file_or_a_place_on_the_page(made):
    places = 0
    for path in made.files:
        tree = lxml_html.document_fromstring(path.read_text(encoding="utf-8"))
        ids = set(tree.xpath("//@id"))
        for href in tree.xpath("//a/@href"):
            target, _, place = href.partition("#")
            if href.startswith("data:"):
                continue
            if not target:
                assert place in ids, href
            elif not target.endswith(("index.html",)):
                assert (path.parent / target).resolve().is_file(), href
                places += place.startswith(("action-", "grant-", "outcome-", "kpi-"))
    assert places > 20


def test_figures_are_those_of_the_areas_tables(page, outputs):
    rows = {row[0]: row[1:] for row in read_table(page, "programme-actions")}
    assert rows["Lantern Quay"] == ["1", "2", "1", "4", "1", "1"]
    assert rows["All areas"] == ["3", "3", "1", "7", "1", "1"]
    grants = {row[0]: row[1:] for row in read_table(page, "programme-grants")}
    tables = TableFolder(outputs / "lantern-quay" / "tables")
    amount = tables.read("grants")["amount"].sum()
    assert grants["Lantern Quay"] == ["3", f"£{amount:,.0f}", "£4,950", "2 of 3", "1"]
    late = read_table(page, "programme-overdue")
    assert [row[0].partition(",")[0] for row in late] == [
        "Street lighting engineer", "Harbour Rowers' Imaginary Club",
    ]  # fmt: skip
    assert late[0][3:] == ["16 Oct 2026", "36 days"]


def test_reach_is_never_added_up(page):
    rows = read_table(page, "programme-reach")
    assert rows[1][3:] == ["240", "207 on 30 Oct 2026", "86%", "5%"]
    assert rows[3][3:] == ["200", "96 on 30 Oct 2026", "48%", "–"]
    assert not [row for row in rows if row[0] in ("All areas", "Together")]


def test_posts_and_years_of_work(page):
    posts = {(r[0], r[1]): r[2:] for r in read_table(page, "programme-posts")}
    assert posts["Lantern Quay", "Fieldworker"] == ["–", "1", "2", "0.5"]
    assert posts["All areas", "Leader and coordinator"] == ["1", "–", "–", "–"]
    years = {row[0]: row[1:] for row in read_table(page, "programme-years")}
    assert years["All areas"][1] == "2.0"
    assert [len(cell.partition(".")[2]) for row in years.values() for cell in row] == [1] * 35


def test_every_change_states_its_base_and_its_interval_or_why_there_is_none(page):
    rows = [row for goal in ("community_activity", "community_sector", "health_benefit")
            for row in read_table(page, f"programme-outcomes-{goal.replace('_', '-')}")]  # fmt: skip
    assert len(rows) == 5
    for outcome, area, before, after, change, basis in rows:
        assert outcome
        assert area
        assert basis.startswith(("95% interval", "none: see note", "No change yet")), basis
        if change != "–" and "groups" not in before:
            assert "base " in before
            assert "base " in after
    notes = page.xpath('//*[@id="tab-programme-outcomes-community-sector"]')[0].text_content()
    assert "Note 1: A ward has too few groups and organisations for a test" in notes


def test_areas_stand_in_the_files_order_and_are_not_ranked(root, outputs, page, tmp_path):
    assert [row[1] for row in read_table(page, "programme-outcomes-community-activity")] == [
        "Lantern Quay", "Paper Mill",
    ]  # fmt: skip
    assert "They are not ranked and their changes are not averaged" in page.text_content()
    text = (root / "params" / "programmes" / "demo.yml").read_text(encoding="utf-8")
    first, second = (
        text.index("  - params: ../demo_areas/lantern"),
        text.index("  - params: ../demo_areas/paper"),
    )
    third = text.index("  - params: ../demo.yml")
    turned = text[:first] + text[second:third] + text[first:second] + text[third:]
    path = tmp_path / "demo.yml"
    path.write_text(turned.replace("../", f"{root}/params/"), encoding="utf-8")
    made = write_programme(load_programme(path), outputs, make_pdf=False)
    tree = lxml_html.document_fromstring(made.files[0].read_text(encoding="utf-8"))
    assert [row[1] for row in read_table(tree, "programme-outcomes-community-activity")] == [
        "Paper Mill", "Lantern Quay",
    ]  # fmt: skip


def test_other_words_of_a_question_are_told(root, file, tmp_path):
    outputs = make_outputs(root, tmp_path, "lantern-quay", "paper-mill")
    tables = TableFolder(outputs / "paper-mill" / "tables")
    changed = tables.read("outcomes")
    changed.loc[changed["outcome_id"] == "joining-in", "wording"] = "Are you in a club?"
    tables.write("outcomes", changed)
    text = write_programme(file, outputs, make_pdf=False).files[0].read_text(encoding="utf-8")
    assert "asked in different words, so that areas must not be compared" in text


def test_long_reasons_become_notes_and_keep_their_words():
    cells, notes = number_reasons(["95% interval +1.0 to +9.0", "x" * 60, "No", "x" * 60])
    assert cells == ["95% interval +1.0 to +9.0", "none: see note 1", "No", "none: see note 1"]
    assert notes == [f"Note 1: {'x' * 60}"]


def test_what_areas_write_is_text_and_nothing_else(root, file, tmp_path):
    outputs = make_outputs(root, tmp_path, "lantern-quay")
    tables = TableFolder(outputs / "lantern-quay" / "tables")
    for name, columns in {
        "actions": ("action", "lead", "partners"), "grants": ("recipient", "project"),
        "outcomes": ("outcome", "measure"), "kpis": ("label",), "recommendations": ("text",),
    }.items():  # fmt: skip
        tables.write(name, tables.read(name).assign(**dict.fromkeys(columns, HOSTILE)))
    write_record(outputs / "lantern-quay", HOSTILE, "lantern-quay")
    for path in write_programme(file, outputs, make_pdf=False).files:
        text = path.read_text(encoding="utf-8")
        assert "<script>alert" not in text
        assert "&lt;script&gt;alert" in text


def test_tables_that_cannot_be_shown_stop_no_other_area(root, file, tmp_path):
    outputs = make_outputs(root, tmp_path, "lantern-quay", "paper-mill")
    tables = TableFolder(outputs / "paper-mill" / "tables")
    tables.write("actions", tables.read("actions").assign(due="soon", status="under way"))
    made = write_programme(file, outputs, make_pdf=False)
    assert [path.parent.name for path in made.files[1:]] == ["lantern-quay"]
    assert made.areas[1].state == "not usable"
    text = made.files[0].read_text(encoding="utf-8")
    assert "Paper Mill: Its tables hold something that cannot be shown." in text
    assert "Make the twenty coldest homes warm" not in text


def test_an_area_with_no_results_at_all_is_shown(root, file, tmp_path):
    outputs = make_outputs(root, tmp_path, "lantern-quay")
    for name in WANTED:
        (outputs / "lantern-quay" / "tables" / f"{name}.parquet").unlink(missing_ok=True)
    made = write_programme(file, outputs, make_pdf=False)
    text = made.files[0].read_text(encoding="utf-8")
    for words in ("No area has an action plan yet", "No area has a register of grants yet",
                  "No area has measured an outcome yet"):  # fmt: skip
        assert words in text
    assert "No recommendations were handed over" in made.files[1].read_text(encoding="utf-8")


def test_a_programme_is_written_whole_or_not_at_all(file, outputs, made, monkeypatch):
    folder = outputs / "programme"
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    def fail(*_: object, **__: object) -> None:
        raise ExportError("the disk is on fire")

    calls = iter([programme_report.export_html, fail])
    monkeypatch.setattr(programme_report, "export_html", lambda *a, **k: next(calls)(*a, **k))
    with pytest.raises(ExportError, match="on fire"):
        write_programme(file, outputs, make_pdf=False)
    after = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert after == before


def test_without_any_profile_there_is_nothing_to_write(file, tmp_path):
    with pytest.raises(CipError, match="no area of this programme has a profile yet"):
        write_programme(file, tmp_path, make_pdf=False)
    assert not (tmp_path / "programme").exists()


def test_an_area_that_is_called_programme_is_refused(file, outputs, tmp_path):
    write_record(tmp_path / "programme", "Programme", "programme")
    with pytest.raises(CipError, match="an area is called 'programme'"):
        write_programme(file, tmp_path, make_pdf=False)


# The command


@pytest.fixture
def _own_strings():
    """Put back how pandas holds texts: the command sets it for its whole process."""
    before = pd.get_option("mode.string_storage")
    yield
    pd.set_option("mode.string_storage", before)


@pytest.mark.usefixtures("_own_strings")
def test_the_command_says_what_it_wrote_and_what_is_missing(root, outputs):
    demo = str(root / "params" / "programmes" / "demo.yml")
    done = CliRunner().invoke(app, ["report", demo, "--outputs", str(outputs), "--no-pdf"])
    assert done.exit_code == 0, done.output
    assert "Note: Marginalia: No profile of it has been made yet." in done.output
    assert done.output.count("Wrote ") == 3
    done = CliRunner().invoke(app, ["check", demo])
    assert "Neighbourhoods of Fableshire: 5 areas, from 2024-12-01 to 2029-11-30." in done.output


@pytest.mark.usefixtures("_own_strings")
def test_a_wrong_parameter_file_is_exit_code_2_after_the_others(root, outputs, tmp_path):
    text = (root / "params" / "programmes" / "demo.yml").read_text(encoding="utf-8")
    path = tmp_path / "demo.yml"
    path.write_text(text.replace("../demo.yml", "gone.yml").replace("../", f"{root}/params/"))
    done = CliRunner().invoke(app, ["report", str(path), "--outputs", str(outputs), "--no-pdf"])
    assert isinstance(done.exception, ParameterError)
    assert done.exception.exit_code == 2
    assert done.output.count("Wrote ") == 3


# The officer's page


@pytest.fixture(scope="module")
def tables(outputs) -> dict[str, pd.DataFrame]:
    folder = TableFolder(outputs / "lantern-quay" / "tables")
    return {name: folder.read(name) for name in WANTED if folder.has(name)}


def test_the_month_holds_what_is_overdue_and_due(tables):
    text = show_due(tables, TODAY)[0].to_text()
    assert re.search(r"Walk the way.*overdue by 36 days", text)
    assert re.search(r"Put the agreed order.*in 27 days; no lead.*nobody yet", text)
    assert "Train twelve residents" not in text
    facts = show_month(tables, TODAY)[0].to_text()
    assert "Actions due: 1 (until 21 Dec 2026)" in facts
    assert "Recommendations without an action: 1" in facts


def test_leads_are_roles_and_those_with_nobody_come_last(tables):
    frame = show_leads(tables)[0].frame
    assert frame["lead"].tolist() == [
        "Street lighting engineer, Fableshire Invented Council",
        "Community Health Development Officer, Fableshire Invented Council",
        "nobody yet",
    ]


def test_grants_to_monitor_and_recommendations_without_an_action(tables):
    grants = show_monitoring(tables, TODAY)[0].frame
    assert grants["report"].tolist() == ["30 Oct 2026, overdue by 22 days",
                                         "11 Dec 2026, in 20 days"]  # fmt: skip
    assert grants["spent"].tolist() == ["not told, of £1,500", "£1,150 of £2,600"]
    assert show_unserved(tables)[0].frame["text"].tolist() == [
        "Let people under 25 repair and use the two rowing boats of the harbour."
    ]


def test_assets_that_actions_use_are_named_and_checked(tables):
    actions = tables["actions"].assign(assets="asset:own:hall; asset:gone")
    row = dict.fromkeys(("name", "asset_type", "asset_id"), "") | {
        "asset_id": "own:hall", "name": "The Hall", "asset_type": "community_centre",
        "is_stale": True, "last_checked": "2023-04-01",
    }  # fmt: skip
    assets = pd.DataFrame([row]).reindex(columns=list(_columns("assets")))
    block = show_assets_used({"actions": actions, "assets": fit("assets", assets)})[0]
    assert block.frame[["asset", "checked"]].to_numpy().tolist() == [
        ["The Hall", "1 Apr 2023; check again"], ["gone", "–"],
    ]  # fmt: skip
    assert block.leads["asset"] == ["cip:evidence#ev-asset-own-hall", ""]


def test_gaps_are_what_most_cannot_walk_to_and_who_was_clearly_missed():
    reach = pd.DataFrame(
        [("gp_surgery", 1200.0, 1, 10.0, 100.0), ("pharmacy", 1200.0, 1, 90.0, 100.0),
         ("library", 1200.0, 0, 0.0, 100.0), ("gp_surgery", 400.0, 1, 0.0, 100.0)],
        columns=["asset_type", "within", "assets", "population_reached", "population"],
    ).assign(unit="metres", share=lambda t: t["population_reached"] / t["population"])  # fmt: skip
    respondents = pd.DataFrame(
        [("2025", "16_24", 0.2, 0.1, 0.3, True, "shown"), ("2026", "16_24", 0.5, 0.3, 0.8, True,
         "shown"), ("2026", "25_34", 0.9, 0.7, 1.2, True, "shown"),
         ("2026", "75_plus", 0.1, 0.0, 0.4, False, "shown"),
         ("2026", "65_74", 0.1, 0.0, 0.4, True, "withheld")],
        columns=["wave", "group_label", "ratio", "ratio_lower_95", "ratio_upper_95",
                 "is_seldom_heard", "display"],
    ).assign(characteristic="age", share=5.0, population_share=10.0, answered=200)  # fmt: skip
    walks, unheard = show_gaps({"reach": reach, "respondents": respondents})
    assert walks.frame["asset"].tolist() == ["GP surgeries"]
    assert walks.frame["beyond"].tolist() == ["90"]
    assert unheard.frame["group"].tolist() == ["Age: 16_24"]
    assert unheard.frame["ratio"].tolist() == ["0.50 (0.30 to 0.80)"]
    (nothing,) = show_gaps({})
    assert "as far as both were measured" in nothing.to_text()


def _columns(name: str) -> list[str]:
    from cip.schemas import SCHEMAS

    return list(SCHEMAS[name].columns)
