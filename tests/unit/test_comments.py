"""Reviewers' comments: what is refused, what is told, and what is never shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from cip.errors import ParameterError
from cip.evidence.entry import Entry, build_table
from cip.pages.publication import show_review
from cip.summary.comments import (
    count_comments,
    find_gone,
    find_unanswered,
    list_anchors,
    read_comments,
)
from cip.summary.review import Review

HEAD = "comment_id,refers_to,comment,from_role,date,answer,answered_by,answered_on,changed\n"
OPEN = "C01,finding:housing,Too long,Secretary,2026-11-10,,,,\n"
DONE = "C02,data:damp,Say how many,Secretary,2026-11-10,Said,Analyst,2026-11-12,yes\n"
EVIDENCE = build_table(
    [
        Entry(
            evidence_id="data:damp",
            label="Damp homes",
            statement="12% of 400 homes are damp.",
            stage="data_profile",
            anchor="def-damp",
        )
    ]
)
ANCHORS = list_anchors(EVIDENCE, ["housing"], ["R1"], sections=["section-the-homes"])


def read(folder: Path, rows: str, head: str = HEAD):
    path = folder / "comments.csv"
    path.write_text(head + rows, encoding="utf-8")
    return read_comments(path, anchors=ANCHORS)


def refuse(folder: Path, rows: str) -> list[str]:
    with pytest.raises(ParameterError) as caught:
        read(folder, rows)
    assert all(problem.file == folder / "comments.csv" for problem in caught.value.problems)
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("data:damp", "data:damp"),
        ("[data:damp]", "data:damp"),
        ("reports/evidence.html#ev-data-damp", "ev-data-damp"),
        ("#def-damp", "def-damp"),
        ("summary_report.html#finding-housing", "finding-housing"),
        ("finding:housing", "finding:housing"),
        ("recommendation:R1", "recommendation:R1"),
        ("#section-the-homes", "section-the-homes"),
        ("report:summary_report", "report:summary_report"),
    ],
)
def test_a_comment_can_name_its_thing_in_the_ways_that_readers_meet_it(tmp_path, written, meant):
    found = read(tmp_path, f"C01,{written},Too long,Secretary,2026-11-10,,,,\n").iloc[0]
    assert (found["refers_to"], found["is_there"]) == (meant, True)


def test_a_comment_on_a_figure_that_is_gone_is_told_by_row_with_the_nearest(tmp_path):
    comments = read(tmp_path, OPEN + "C02,data:dampp,What?,Secretary,2026-11-10,,,,\n")
    (problem,) = find_gone(comments, tmp_path / "comments.csv")
    assert (problem.row, problem.column, problem.nearest) == (3, "refers_to", "data:damp")
    assert "C02" in problem.message
    assert "data:dampp" in str(problem)


def test_unanswered_comments_are_listed_without_their_text(tmp_path):
    (problem,) = find_unanswered(read(tmp_path, DONE + OPEN), tmp_path / "comments.csv")
    assert problem.row == 3
    assert "C01" in str(problem)
    assert "Too long" not in str(problem)


def test_every_mistake_of_the_file_is_told_at_once(tmp_path):
    told = refuse(
        tmp_path,
        OPEN
        + "c01,data:damp,Again,Secretary,2026-11-10,,,,\n"
        + "C03,data:damp,Half,Secretary,2026-11-10,Yes,,,\n"
        + "C04,data:damp,Early,Secretary,2026-11-10,Yes,Analyst,2026-11-09,no\n"
        + "C05,data:damp,Odd,Secretary,2026-11-10,,Analyst,,no\n"
        + "C06,,Blank,Secretary,soon,,,,\n",
    )
    text = "\n".join(told)
    for expected in (
        "row 3, column 'comment_id': this comment stands in row 2",
        "row 4, column 'answered_by': this answer is not complete",
        "row 4, column 'answered_on': this answer is not complete",
        "row 4, column 'changed': this answer is not complete",
        "row 5, column 'answered_on': this answer was given before the comment came",
        "row 6, column 'answer': this comment has no answer",
        "row 7, column 'refers_to': this cell must be filled in",
        "row 7, column 'date': this is not a date",
    ):
        assert expected in text
    assert len(told) == 8


@pytest.mark.parametrize(
    ("column", "row"),
    [
        ("comment", "C01,data:damp,Ask Mrs Marrow,Secretary,2026-11-10,,,,\n"),
        ("comment", "C01,data:damp,mail me at a.marrow@example.org,Secretary,2026-11-10,,,,\n"),
        ("from_role", "C01,data:damp,Long,Mrs Marrow,2026-11-10,,,,\n"),
        ("answer", "C01,data:damp,Long,Chair,2026-11-10,Dr Marrow agreed,Chair,2026-11-10,no\n"),
        ("answered_by", "C01,data:damp,Long,Chair,2026-11-10,Yes,Mr Marrow,2026-11-10,no\n"),
    ],
)
def test_persons_are_refused_and_never_repeated(tmp_path, column, row):
    (told,) = refuse(tmp_path, row)
    assert f"row 2, column '{column}'" in told
    assert "arrow" not in told


def test_pages_show_ids_and_counts_and_no_word_of_a_comment(tmp_path):
    rows = (
        OPEN
        + DONE
        + "C03,data:damp,Secret words,Chair,2026-11-10,Hidden words,Chair,2026-11-11,no\n"
    )
    comments = read(tmp_path, rows)
    counts = count_comments(comments).set_index("refers_to")
    assert list(counts.index) == ["finding:housing", "data:damp"]
    assert counts.loc["data:damp", ["comment_ids", "comments", "answered", "changed"]].tolist() == [
        "C02; C03", 2, 2, 1,
    ]  # fmt: skip
    shown = "".join(
        block.to_html() + block.to_text() for block in show_review(Review(comments=comments))
    )
    assert "2 of 3 comments on the draft are answered" in shown
    for hidden in ("Secret", "Hidden", "Too long", "Said", "Say how many"):
        assert hidden not in shown
    assert "Secret" not in repr(Review(comments=comments))


def test_a_file_of_headings_alone_says_that_nobody_commented(tmp_path):
    assert read(tmp_path, "").empty
    (note, *_) = show_review(Review(comments=read(tmp_path, "")))
    assert "Nobody has commented" in note.to_text()
