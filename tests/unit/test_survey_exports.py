"""Exports of survey tools as they come, and files that are damaged."""

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest

from cip.engagement.survey_exports import decode_text, read_export
from cip.engagement.survey_forms import FORMS, find_columns, fold_label, recognise_form
from cip.errors import ParameterError

MONKEY = (
    "Respondent ID,Collector ID,Start Date,End Date,IP Address,Which?,,,How many?\n"
    ",,,,,A choir,A club,Other (please specify),Response\n"
    "11,4,1,2,,A choir,,,3\n"
)
SMART = (
    "UserID,UserNo,Name,Email,IP Address,Started,Ended,Which?,,How many?\n"
    ",,,,,,,A choir,A club,\n9,1,,,,1,2,A choir,A club,3\n"
)
LIME = (
    '"id. Response ID","submitdate. Date submitted","Q1[SQ001]. Which? [A choir]","Q2. How many?"\n'
    '"1","2025-01-01","Yes","3"\n'
)
LIME_CODES = '"id","submitdate","startlanguage","Q1[SQ001]","Q2"\n"1","2025-01-01","en","Y","3"\n'
FORMS_365 = "ID,Start time,Completion time,Email,Name,Which?\n1,a,b,anonymous,,A choir;A club;\n"
GOOGLE = 'Timestamp,Which?\n2025/03/01 9:00:00 am GMT,"A choir, A club"\n'


def read(folder: Path, content: str | bytes, **options):
    path = folder / "answers.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_export(path, **options)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (MONKEY, "survey_monkey"),
        (SMART, "smart_survey"),
        (LIME, "lime_survey"),
        (LIME_CODES, "lime_survey"),
        (FORMS_365, "microsoft_forms"),
        (GOOGLE, "google_forms"),
        ("Which?,Timestamp\na,b\n", "plain"),
    ],
)
def test_tools_are_known_by_their_headings(tmp_path, content, name):
    export = read(tmp_path, content)
    assert export.form.name == name
    assert len(export.rows) == 1
    assert not export.problems


def test_the_choice_of_tool_can_be_overridden(tmp_path):
    assert read(tmp_path, GOOGLE, form="plain").form is FORMS["plain"]


@pytest.mark.parametrize("content", [MONKEY, SMART])
def test_two_rows_of_headings_give_questions_and_answers(tmp_path, content):
    export = read(tmp_path, content)
    places = find_columns(export.headings, "Which?")
    assert [export.headings[p].option for p in places][:2] == ["A choir", "A club"]
    (place,) = find_columns(export.headings, "How many?")
    assert export.headings[place].option == ""
    assert export.rows[0][0] == 3


@pytest.mark.parametrize(
    ("content", "wanted"),
    [(LIME, "Which?"), (LIME, "Which? [A choir]"), (LIME, "Q1"), (LIME_CODES, "Q1[SQ001]")],
)
def test_headings_of_limesurvey_are_found_by_text_and_code(tmp_path, content, wanted):
    export = read(tmp_path, content)
    (place,) = find_columns(export.headings, wanted)
    assert export.rows[0][1][place] in ("Yes", "Y")


def test_a_star_stands_for_any_text_and_keeps_the_rest_exact(tmp_path):
    headings = read(tmp_path, "1: One,10. Ten,2: Two - BEFORE\na,b,c\n").headings
    assert find_columns(headings, "1:*") == [0]
    assert find_columns(headings, "2:*BEFORE") == [2]
    assert find_columns(headings, "2: (Two)") == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Don’t know", "don't  KNOW"),
        ("<p>Yes</p>", "Yes"),
        ("R&amp;B", "R&B"),
        ("A\u00a0choir:", "a choir"),
        ("16–24", "16-24"),
    ],
)
def test_labels_are_compared_without_their_dress(one, other):
    assert fold_label(one) == fold_label(other)


def test_a_label_that_compares_numbers_is_no_markup():
    assert fold_label("< 5 and > 3") == "< 5 and > 3"


@pytest.mark.parametrize(
    ("content", "text", "words"),
    [
        ("a,é\n".encode(), "a,é\n", None),
        ("a,é\n".encode("utf-8-sig"), "a,é\n", None),
        ("a,é\n".encode("utf-16"), "a,é\n", None),
        ("a,é£\n".encode("cp1252"), "a,é£\n", "not in UTF-8"),
        ("a,é\n".encode() + "b,£\n".encode("cp1252"), "a,é\nb,£\n", "mixes encodings: lines 2"),
        (b"a,\x81\n", "a,\x81\n", "not in UTF-8"),
        (b"a\0,b\n", "a,b\n", "null"),
    ],
)
def test_encodings_are_read_and_guesses_told(content, text, words):
    found, problems = decode_text(content)
    assert found == text
    assert bool(problems) == (words is not None)
    assert words is None or words in str(problems[0])


def test_quotation_marks_that_do_not_match_are_told_and_the_rest_kept(tmp_path):
    export = read(tmp_path, 'Q,R\n1,"a" b\n2,c\n3,d\n')
    assert [row for row, _ in export.rows] == [2, 3, 4]
    assert "quotation marks" in str(export.problems[0])


def test_rows_that_are_too_wide_are_told(tmp_path):
    (problem,) = read(tmp_path, "Q,R\na,b\na,b,c\na,b,\n").problems
    assert problem.row == 3 and "row 3" in problem.message


def test_a_very_long_answer_is_read_whole(tmp_path):
    export = read(tmp_path, "Q\n" + "x" * 200_000 + "\nshort\n")
    assert [len(cells[0]) for _, cells in export.rows] == [200_000, 5]


def test_a_workbook_is_read_with_its_rows(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["ID", "Start time", "Completion time", "Which?"])
    book.active.append([1, "a", "b", "A choir;"])
    book.active.append([None] * 4)
    book.active.append([2, "a", "c", 5.0])
    path = tmp_path / "answers.xlsx"
    book.save(path)
    export = read_export(path)
    assert export.form.name == "microsoft_forms"
    assert export.rows == [(2, ["1", "a", "b", "A choir;"]), (4, ["2", "a", "c", "5"])]


def test_formulas_without_a_result_are_told_and_the_rest_kept(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["Q", "R"])
    book.active.append(["=1+1", "b"])
    path = tmp_path / "answers.xlsx"
    book.save(path)
    export = read_export(path)
    assert export.rows == [(2, ["", "b"])]
    assert "formula" in str(export.problems[0]) and "1+1" not in str(export.problems[0])


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.xlsx", b"PK\x03\x04 cut short"), ("a.xlsx", b"no zip"), ("a.ods", b"x"), ("a.csv", b"\n")],
)
def test_what_cannot_be_read_at_all_is_refused(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(ParameterError):
        read_export(path)


def test_a_workbook_that_unpacks_to_too_much_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("cip.engagement.survey_exports._LARGEST_UNPACKED", 100)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/worksheets/sheet1.xml", "<f>" + " " * 10_000)
    path = tmp_path / "answers.xlsx"
    path.write_bytes(packed.getvalue())
    with pytest.raises(ParameterError, match="unpacks to too much"):
        read_export(path)


def test_googles_only_sign_must_come_first():
    assert recognise_form(["Which?", "Timestamp"]).name == "plain"
