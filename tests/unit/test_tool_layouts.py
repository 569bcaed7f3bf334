"""Layouts of survey and coding tools as their own public code writes them, or as exports show them.

Each test names where the fact stands in public. The files here are made by us.
"""

from __future__ import annotations

import csv
from pathlib import Path

import openpyxl
import pytest

from cip.engagement.codebook import Codebook, Theme, read_codebook
from cip.engagement.excerpts import load_excerpts
from cip.engagement.survey_answers import load_survey
from cip.engagement.survey_exports import read_export
from cip.engagement.survey_forms import find_columns

BOOK = Codebook((Theme("damp", "Damp homes"), Theme("bus", "Buses")))


def write(path: Path, *rows: list[str], **how) -> Path:
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream, **how).writerows(rows)
    return path


def test_taguette_codebook(tmp_path):
    """remram44/taguette, taguette/export.py: headings and sheet of the codebook's exports."""
    head = ["tag", "parent", "description", "number of highlights"]
    rows = [
        ["homes.damp", "homes", "Wet walls.\npolarity: challenge\ntopic: housing", "4"],
        ["homes", "", "", "0"],
    ]
    book = openpyxl.Workbook()
    book.active.title = "codebook"
    for row in (head, *rows):
        book.active.append(row)
    book.save(tmp_path / "codebook.xlsx")
    for path in (write(tmp_path / "codebook.csv", head, *rows), tmp_path / "codebook.xlsx"):
        found = read_codebook(path)
        assert list(found.by_id) == ["homes", "homes_damp"]
        theme = found.by_id["homes_damp"]
        assert (theme.parent, theme.polarity, theme.topic) == ("homes", "challenge", "housing")
        assert found.find_theme("homes.damp") == "homes_damp"
    older = [[row[0], row[2], row[3]] for row in rows]
    path = write(tmp_path / "older.csv", ["tag", "description", "number of highlights"], *older)
    assert {theme.parent for theme in read_codebook(path).themes} == {""}


def test_taguette_highlights_in_a_workbook(tmp_path):
    """remram44/taguette, taguette/export.py: sheet 'highlights', ids as text, one row per tag."""
    book = openpyxl.Workbook()
    book.active.title = "highlights"
    for row in (
        ["id", "document", "tag", "content"],
        ["1", "One.docx", "Damp homes", "The wall is wet."],
        ["1", "One.docx", "Buses", "The wall is wet."],
        ["2", "One.docx", None, "Nothing to add."],
    ):
        book.active.append(row)
    book.save(tmp_path / "anna.xlsx")
    excerpts, _ = load_excerpts(tmp_path / "anna.xlsx", BOOK)
    assert (len(excerpts.frame), len(excerpts.codings)) == (2, 2)


CASES = ["Case", "Filename", "Coder", "Coded", "Id", "Codename", "Coded_Memo", "Category",
         "Category", "FileVar_voice", "CaseVar_age"]  # fmt: skip


def test_qualcoder_report_by_case(tmp_path):
    """ccbogel/QualCoder, src/qualcoder/report_codes.py (export of the report of codings).

    A report by case has the file in a column of its own, after the case; headings of variables
    begin with FileVar_ or CaseVar_; pictures and sound stand as 'image' and 'a/v', and the id says
    so.
    """
    rows = [
        ["Seven", "one.txt", "Anna", "The wall is wet.", "ctid:1", "Damp homes", "", "a", "",
         "interview", "25 to 34"],
        ["Seven", "two.txt", "Anna", "No bus.", "ctid:2", "Buses", "", "a", "b",
         "interview", "25 to 34"],
        ["Seven", "scan.png", "Anna", "image", "imid:3", "Buses", "", "", "", "", "25 to 34"],
        ["Seven", "talk.mp3", "Anna", "a/v", "avid:4", "Buses", "", "", "", "", "25 to 34"],
    ]  # fmt: skip
    path = write(tmp_path / "codings.csv", CASES, *rows, quoting=csv.QUOTE_ALL)
    excerpts, problems = load_excerpts(path, BOOK)
    assert list(excerpts.frame["text"]) == ["The wall is wet.", "No bus."]
    assert excerpts.frame["document_id"].nunique() == 2
    assert excerpts.frame["person_id"].nunique() == 1
    assert list(excerpts.frame["age"]) == ["25_34", "25_34"]
    assert list(excerpts.frame["voice"]) == ["interview", "interview"]
    assert [str(problem) for problem in problems] == [
        f"{path}: 2 codings of pictures or sound are left out."
    ]


LIME = """title: Invented
design: convenience
mode: online
files: [{path: answers.csv, wave: one, form: lime_survey}]
questions:
  - {id: clubs, text: Clubs, kind: multiple, column: "Q1*",
     answers: {A choir: choir, A club: club}}
  - {id: fine, text: Fine?, kind: single, column: Q2, answers: {"Yes": "yes", "No": "no"}}
"""


def test_limesurvey_writes_na_for_what_was_not_shown(tmp_path):
    """LimeSurvey/LimeSurvey, application/helpers/admin/export/SurveyObj.php (full answers)."""
    head = ["id. Response ID", "submitdate. Date submitted", "Q1[SQ001]. Which? [A choir]",
            "Q1[SQ002]. Which? [A club]", "Q2. Fine?"]  # fmt: skip
    rows = [["1", "2025-01-01", "Yes", "No", "Yes"], ["2", "2025-01-02", "N/A", "N/A", "N/A"]]
    write(tmp_path / "answers.csv", head, *rows)
    (tmp_path / "survey.yml").write_text(LIME, "utf-8")
    survey, problems = load_survey(tmp_path / "survey.yml")
    assert not problems
    assert list(survey.answers["clubs"]) == ["answered", "not_answered"]
    assert list(survey.answers["clubs:choir"]) == [1, 0]
    assert list(survey.answers["fine"].astype(str)) == ["yes", "not_answered"]


@pytest.mark.parametrize(
    "wanted", ["Q1[SQ001][1]", "Which? [Bus][Before]", "Q9", "Why? [Other]", "Q9[other]"]
)
def test_limesurvey_headings_with_code_and_text(tmp_path, wanted):
    """LimeSurvey/LimeSurvey, application/helpers/admin/export/Writer.php.

    Code, separator and text; parts of a question in square brackets, two for a question with two
    scales; ``other`` for the words of another answer.
    """
    head = ["id. Response ID", "submitdate. Date submitted",
            "Q1[SQ001][1]. Which? [Bus][Before]", "Q2. Other?", "Q9[other]. Why? [Other]"]  # fmt: skip
    export = read_export(write(tmp_path / "answers.csv", head, ["1", "2025-01-01", "a", "b", "c"]))
    assert export.form.name == "lime_survey"
    assert len(find_columns(export.headings, wanted)) == 1


def test_microsoft_forms_with_its_newer_columns(tmp_path):
    """Public exports begin ID, Start time, Completion time, Email, Name; newer ones go on with Last
    modified time, and those from a personal account write Id. Each of several answers ends in a
    semicolon. Seen in acl-org/acl-anthology, bin/add_attachments.py, and other public code.
    """
    for first, more in (("ID", []), ("Id", ["Last modified time"])):
        head = [first, "Start time", "Completion time", "Email", "Name", *more, "Which?"]
        row = ["1", "7/2/20 11:00:22", "7/2/20 11:01:24", "anonymous", "", *("" for _ in more)]
        path = write(tmp_path / "answers.csv", head, [*row, "A choir;A club;"])
        export = read_export(path)
        assert (export.form.name, export.form.separator) == ("microsoft_forms", ";")


def test_surveymonkey_with_a_second_row_of_blanks(tmp_path):
    """The second row of headings is blank under SurveyMonkey's own columns, of which there are nine
    where it collects names; questions with one column may have a blank there too. Seen in public
    readers of its exports.
    """
    own = ["Respondent ID", "Collector ID", "Start Date", "End Date", "IP Address",
           "Email Address", "First Name", "Last Name", "Custom Data 1"]  # fmt: skip
    path = write(
        tmp_path / "answers.csv",
        [*own, "Country?", "", "Satisfied?"],
        [*("" for _ in own), "Response", "Other (please specify)", ""],
        ["118", "4", "06/16/2025 13:18:00", "", "", "", "", "", "", "Wales", "", "4"],
    )
    export = read_export(path)
    assert export.form.name == "survey_monkey" and len(export.rows) == 1
    assert len(find_columns(export.headings, "Country? [Response]")) == 1
    assert len(find_columns(export.headings, "Satisfied?")) == 1
