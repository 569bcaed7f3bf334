"""The publishing checklist, and what keeps a version from being final."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from cip.catalogue.publishing import cite_publishing, load_items
from cip.errors import ParameterError, Problem
from cip.evidence.entry import Entry, build_table
from cip.pages.publication import (
    label_version,
    show_checklist,
    show_status,
    write_version_label,
    write_warning_line,
)
from cip.param_models import Publication
from cip.params import ParameterFile, load_params
from cip.report.publication_checks import check_files
from cip.summary.comments import list_anchors
from cip.summary.publishing import OPEN, SETTLED, build_publishing, list_form_rows, read_publishing
from cip.summary.publishing_checks import (
    CheckResult,
    Made,
    check_machine_items,
    join_results,
)
from cip.summary.review import (
    COLUMNS,
    FORMS,
    judge_publication,
    judge_review,
    read_review,
    refuse_final,
)

TODAY = date(2026, 11, 21)
HEAD = "item,question,answer,by,on,note\n"
PARAMS = """\
id: test-area
title: Test area
profile_kind: {kind}
area: {{wards: [Z05000001]}}
organisation: {{name: Council, contact: page}}
report_date: {day}
publication: {{version: "1.0", status: {status}}}
inputs:
  publishing: publishing.csv
  comments: comments.csv
  sign_off: sign_off.csv
"""
ANSWERS = HEAD + "".join(
    f"{row['item']},,yes,Project lead,2026-11-20,\n" for row in list_form_rows()
)
COMMENTS = "comment_id,refers_to,comment,from_role,date,answer,answered_by,answered_on,changed\n"
ANSWERED = "C01,data:damp,Long,Secretary,2026-11-10,Cut,Analyst,2026-11-12,yes\n"
SIGNED = "role,organisation,version,decision,on,note\nChair,Residents,1.0,agreed,2026-11-20,\n"
FILES_PASS = [CheckResult("pages", "7 pages were looked at."), CheckResult("pdfs", "2 PDFs.")]


def make_entry(evidence_id: str, **values: object) -> Entry:
    facts = {"label": "Damp", "statement": "Damp.", "stage": "data_profile", "anchor": "def-damp"}
    return Entry(evidence_id=evidence_id, **(facts | values))  # type: ignore[arg-type]


EVIDENCE = build_table(
    [
        make_entry("data:damp", value=12.0),
        make_entry("data:rare", is_citable=False, reason="the number is too small to show"),
    ]
)


def cite(*ids: str, file: str = "recommendations.csv", line: int = 2) -> pd.DataFrame:
    rows = [("R1", "recommendation", "Mend the homes", name, file, line) for name in ids]
    names = ["citing_id", "citing_kind", "citing_title", "evidence_id", "file", "line"]
    return pd.DataFrame(rows, columns=names)


def load(folder: Path, *, status: str = "final", kind: str = "demonstration", **texts: str):
    given = {"publishing": ANSWERS, "comments": COMMENTS + ANSWERED, "sign_off": SIGNED} | texts
    for name, text in given.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    path = folder / "area.yml"
    path.write_text(PARAMS.format(status=status, kind=kind, day=TODAY.isoformat()), "utf-8")
    return load_params(path)


def judge(file: ParameterFile, *, found: tuple[Problem, ...] = (), **tables: object):
    review = read_review(file, anchors=list_anchors(EVIDENCE))
    made = Made(
        evidence=EVIDENCE,
        citations=cite("data:damp"),
        recommendations=pd.DataFrame({"recommendation_id": ["R1"]}),
        comments=review.comments,
        sign_off=judge_review(file, review, today=TODAY),
        files=review.files,
    )
    checks = check_machine_items(replace(made, **tables), today=TODAY)
    return judge_publication(
        file,
        review,
        join_results(checks, FILES_PASS),
        today=TODAY,
        is_synthetic=True,
        found=found,
    )


def refuse(file: ParameterFile, **tables: object) -> list[Problem]:
    with pytest.raises(ParameterError) as caught:
        refuse_final(judge(file, **tables))
    return caught.value.problems


# The catalogue and the file of answers


def test_the_catalogue_asks_each_thing_once_and_names_its_sources():
    items = load_items()
    assert len({item.question for item in items.values()}) == len(items)
    assert all(item.question.endswith("?") and item.who and item.why for item in items.values())
    groups = list(dict.fromkeys(item.group for item in items.values()))
    assert groups == [
        "Accessibility", "Proofreading", "Disclosure", "Consent", "Evidence", "Agreement",
    ]  # fmt: skip
    checks = [item.check for item in items.values() if item.check]
    assert len(checks) == len(set(checks))
    assert "Publishing accessible documents" in cite_publishing()


def test_every_check_of_the_catalogue_is_made(tmp_path):
    readiness = judge(load(tmp_path))
    assert set(readiness.checklist["state"]) == {SETTLED}


def test_forms_hold_what_people_answer_and_can_be_read(tmp_path):
    assert set(FORMS) == set(COLUMNS)
    for name, write in FORMS.items():
        write(tmp_path / f"{name}.csv")
    answers = read_publishing(tmp_path / "publishing.csv")
    assert answers["answer"].isna().all()
    assert all(load_items()[name].check is None for name in answers["item"])


def test_every_mistake_of_the_answers_is_told_at_once(tmp_path):
    path = tmp_path / "publishing.csv"
    rows = (
        "spelling,,yes,Proofreader,2026-11-20,\n"
        "spelling,,no,Proofreader,2026-11-20,\n"
        "pdfs_accessible,,yes,Analyst,2026-11-20,\n"
        "plain_words,,yes,,,\n"
        "names_right,,not applicable,Analyst,2026-11-20,No names\n"
        "consent_stands,,not applicable,Analyst,2026-11-20,\n"
        "speling,,yes,Analyst,2026-11-20,\n"
        "limits_said,,perhaps,Dr Marrow,2026-11-20,\n"
    )
    path.write_text(HEAD + rows, encoding="utf-8")
    with pytest.raises(ParameterError) as caught:
        read_publishing(path)
    places = [(problem.row, problem.column) for problem in caught.value.problems]
    assert places == [
        (3, "item"), (4, "item"), (5, "by"), (5, "on"), (6, "answer"), (7, "note"), (8, "item"),
        (9, "answer"), (9, "by"),
    ]  # fmt: skip
    assert caught.value.problems[6].nearest == "spelling"
    assert "Marrow" not in str(caught.value)


def test_what_was_not_looked_at_yet_is_shown_and_is_no_problem(tmp_path):
    path = tmp_path / "publishing.csv"
    path.write_text(ANSWERS, encoding="utf-8")
    table, problems = build_publishing(read_publishing(path), [], today=TODAY, path=path)
    assert problems == []
    assert set(table.loc[table["check"] != "", "state"]) == {
        "looked at when the reports are written"
    }


# Final, refused and allowed


def test_a_final_version_with_nothing_missing_passes(tmp_path):
    readiness = judge(load(tmp_path))
    assert readiness.problems == ()
    refuse_final(readiness)
    assert readiness.sign_off.agreed_on == date(2026, 11, 20)


def test_a_final_version_is_refused_with_one_list_of_files_and_rows(tmp_path):
    answers = ANSWERS.replace("spelling,,yes", "spelling,,no").replace(
        "limits_said,,yes,Project lead,2026-11-20", "limits_said,,,,"
    )
    comments = COMMENTS + ANSWERED + "C02,data:dammp,Long,Secretary,2026-11-10,,,,\n"
    file = load(tmp_path, publishing=answers, comments=comments, sign_off=SIGNED.split("\n")[0])
    broken = Problem("this text holds a script", file="narrative/housing.md", line=7)
    told = [
        str(p).replace(f"{tmp_path.as_posix()}/", "")
        for p in refuse(
            file,
            found=(broken,),
            citations=cite("data:rare", "data:gone", file="narrative/housing.md", line=4),
            recommendations=pd.DataFrame({"recommendation_id": ["R1", "R2"]}),
        )
    ]
    for expected in (
        "narrative/housing.md, line 4: recommendation 'Mend the homes': this cites evidence that "
        "is not shown: the number is too small to show. Found: [data:rare]",
        "recommendation 'Mend the homes': this cites evidence that is not there",
        "recommendation 'R2' cites no evidence",
        "narrative/housing.md, line 7: this text holds a script",
        "comments.csv, row 3, column 'refers_to': comment C02 is on something that is not there",
        "Did you mean 'data:damp'?",
        "comments.csv, row 3, column 'answer': comment C02 on data:dammp has no answer",
        "sign_off.csv: version 1.0 is not signed off by the steering group's chair",
        "column 'answer': the answer of the publishing checklist to 'spelling' is no",
        "column 'answer': the publishing checklist has no answer to 'limits_said'",
    ):
        assert any(expected in line for line in told), expected
    assert len(told) == 9


@pytest.mark.parametrize("status", ["draft", "for review"])
def test_other_versions_are_told_the_same_and_are_made(tmp_path, status):
    status = f"'{status}'"
    readiness = judge(load(tmp_path, status=status, publishing=HEAD))
    refuse_final(readiness)
    assert len(readiness.missing) == len(list_form_rows())
    shown = "".join(block.to_html() for block in show_status(readiness))
    assert "What is still missing before version 1.0 can be final" in shown
    assert str(tmp_path) not in shown


def test_one_problem_each_is_enough(tmp_path):
    cases = {
        "publishing": ANSWERS.replace("2026-11-20", "2026-11-22", 1),
        "comments": COMMENTS + "C01,data:damp,Long,Secretary,2026-11-10,,,,\n",
        "sign_off": SIGNED.replace("Chair", "Vice-chair"),
    }
    for name, text in cases.items():
        folder = tmp_path / name
        folder.mkdir()
        (problem,) = refuse(load(folder, **{name: text}))
        assert problem.file == folder / f"{name}.csv"


def test_invented_figures_are_final_only_as_a_demonstration(tmp_path):
    (problem,) = refuse(load(tmp_path, kind="ward"))
    assert (problem.line, problem.found) == (3, "ward")
    assert "demonstration" in problem.message


def test_a_final_version_needs_a_date_and_its_three_files(tmp_path):
    file = load(tmp_path)
    bare = file.params.model_copy(update={"report_date": None})
    told = refuse(replace(file, params=bare))
    assert [problem.expected for problem in told] == ["report_date: with the day of publication"]
    none = dict.fromkeys(("publishing", "comments", "sign_off"))
    inputs = file.params.inputs.model_copy(update=none)
    told = refuse(replace(file, params=file.params.model_copy(update={"inputs": inputs})))
    assert len(told) == len(list_form_rows()) + 2


def test_all_problems_of_the_three_files_come_together(tmp_path):
    wrong = HEAD + "speling,,yes,Analyst,2026-11-20,\n"
    file = load(
        tmp_path, publishing=wrong, comments=COMMENTS + "C01,,,,,,,,\n", sign_off="role\nx\n"
    )
    with pytest.raises(ParameterError) as caught:
        read_review(file, anchors=())
    names = {Path(str(problem.file)).name for problem in caught.value.problems}
    assert names == {"publishing.csv", "comments.csv", "sign_off.csv"}


# What the workbook looks at


def test_quotes_stories_and_assets_are_looked_at(tmp_path):
    file = load(tmp_path)
    quotes = pd.DataFrame(
        {
            "quote_id": ["Q1", "Q2", "Q3", "Q4"],
            "cleared_by": ["Lead", "", "Lead", "Lead"],
            "cleared_on": ["2026-11-01", "2026-11-01", None, "2026-11-22"],
        }
    )
    stories = pd.DataFrame(
        {"case_id": ["a", "b"], "cleared_by": ["Lead", "Lead"], "consent_on": ["2026-01-01", None]}
    )
    assets = pd.DataFrame(
        {
            "asset_id": ["own:hall", "own:club", "own:shop"],
            "name": ["Dr Fable's Hall", "Mrs Fable's club", "Shop"],
            "detail": ["", "", "ring 01632 960 123"],
        }
    )
    told = [p.message for p in refuse(file, quotes=quotes, case_studies=stories, assets=assets)]
    assert len(told) == 6
    for expected in ("Q2", "Q3", "Q4", "story 'b'", "own:club", "own:shop"):
        assert sum(expected in message for message in told) == 1
    assert not any("01632" in message or "Fable" in message for message in told)


def test_a_citation_of_a_finding_that_is_there_passes(tmp_path):
    file = load(tmp_path)
    findings = pd.DataFrame({"finding_id": ["housing"]})
    assert judge(file, citations=cite("finding:housing"), findings=findings).is_ready
    (problem,) = refuse(file, citations=cite("finding:housin"), findings=findings)
    assert (problem.row, problem.nearest) == (2, "finding:housing")


def test_pages_and_pdfs_are_looked_at(tmp_path):
    reports = tmp_path / "reports"
    reports.mkdir()
    pages, pdfs = check_files(tmp_path)
    assert not pages.is_met
    assert not pdfs.is_met
    good = (
        '<html lang="en-GB"><head><title>T</title></head><body><h1>T</h1><h2>A</h2></body></html>'
    )
    (reports / "good.html").write_text(good, encoding="utf-8")
    bad = '<html><body><h1>T</h1><h3>A</h3><img src="data:," alt=""><h1>T</h1></body></html>'
    (reports / "bad.html").write_text(bad, encoding="utf-8")
    (reports / "bad.pdf").write_bytes(b"%PDF-1.4\n1 0 obj\n<</Type /Catalog>>\nendobj\n")
    pages, pdfs = check_files(tmp_path)
    assert {problem.file for problem in pages.problems} == {"reports/bad.html"}
    assert len(pages.problems) == 5
    assert [problem.message for problem in pdfs.problems] == [
        "This PDF is not tagged.",
        "This PDF does not say its language.",
        "This PDF has no title.",
    ]


# Words and pages


def test_versions_are_named_in_words():
    def label(status: str, version: str, day: date | None = None) -> str:
        publication = Publication(version=version, status=status)  # type: ignore[arg-type]
        return write_version_label(publication, agreed_on=day)

    assert label("draft", "0.1") == "Draft 0.1: not for publication"
    assert label("for review", "1.0") == "Version 1.0 for review"
    assert label("final", "1.0", TODAY) == "Version 1.0, final, agreed on 21 November 2026"
    with pytest.raises(ValueError, match="agreed on a day"):
        label("final", "1.0")
    warnings = [
        write_warning_line(Publication(status=status))  # type: ignore[arg-type]
        for status in ("draft", "for review", "final")
    ]
    assert warnings[0].startswith("Draft:")
    assert warnings[1].startswith("For review:")
    assert warnings[2] == ""


def test_a_version_that_is_not_agreed_never_looks_final(tmp_path):
    file = load(tmp_path)
    assert label_version(file, today=TODAY) == "Version 1.0, final, agreed on 20 November 2026"
    refused = load(tmp_path, sign_off=SIGNED.replace(",agreed,", ",not agreed,"))
    expected = "Version 1.0, not agreed: not for publication"
    assert label_version(refused, today=TODAY) == expected
    assert label_version(load(tmp_path, status="draft"), today=TODAY).startswith("Draft 1.0")


def test_the_checklist_shows_what_is_to_do_first_and_escapes_what_was_typed(tmp_path):
    answers = ANSWERS.replace(
        "spelling,,yes,Project lead,2026-11-20,", "spelling,,no,Lead,2026-11-20,<b>x"
    )
    (block,) = show_checklist(judge(load(tmp_path, status="draft", publishing=answers)))
    assert block.caption == f"Publishing checklist: 1 of {len(load_items())} items is to do"
    assert block.frame.iloc[0]["state"] == OPEN
    html = block.to_html()
    assert "<b>x" not in html
    assert "&lt;b&gt;x" in html


def test_the_demonstration_is_out_for_review_with_one_comment_open(root):
    demo = root / "params" / "demo"
    from cip.summary.comments import read_comments
    from cip.summary.sign_off import judge_sign_off, read_sign_off

    answers = read_publishing(demo / "publishing.csv")
    assert {"yes", "no"} <= set(answers["answer"].dropna())
    assert answers["answer"].isna().any()
    comments = read_comments(demo / "comments.csv", anchors=())
    assert (len(comments), int(comments["is_answered"].sum())) == (8, 7)
    assert comments["refers_to"].value_counts().max() == 2
    decisions = read_sign_off(demo / "sign_off.csv")
    assert judge_sign_off(decisions, "1.0", today=TODAY).agreed_on is None
    assert judge_sign_off(decisions, "0.9", today=TODAY).agreed_on == date(2026, 11, 9)
