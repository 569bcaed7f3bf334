"""The score editor without a browser: what is shown, and what is written after a diff."""

from __future__ import annotations

import pytest

from cip.errors import ParameterError
from cip.framework.scoring_results import work_out_rounds
from cip.framework.scoring_scores import read_scoring
from cip.interactive.opening import WIDGETS_VARIABLE, StandIn
from cip.interactive.score_book import ScoreBook
from cip.interactive.score_editor import ScoreEditor
from cip.interactive.score_opening import open_score_editor
from cip.workspace import Workspace

from .scoring_samples import MARKS, list_rows, make_round, open_round, write_scoring
from .test_eoi import PARAMS

WIDE_MARKS = {**MARKS, ("choir", "nurse"): [4, 2], ("choir", "warden"): [1, 2]}


@pytest.fixture
def workspace(tmp_path):
    rows = [row for row in list_rows(WIDE_MARKS) if row[:2] != ["larder", "chair"]]
    agreed = [["garden", "plan", 3, "Panel", "2026-04-10", "As the plan says"]]
    write_scoring(tmp_path, open_round(), rows=rows, agreed=agreed)
    return make_workspace(tmp_path)


def make_workspace(folder):
    from cip.params import load_params

    (folder / "area.yml").write_text(PARAMS, encoding="utf-8")
    return Workspace(load_params(folder / "area.yml"), None, folder / "out")


def test_marks_are_written_after_the_diff_and_nothing_else_changes(workspace, tmp_path):
    before = (tmp_path / "scores.csv").read_bytes()
    editor = ScoreEditor(workspace)
    score = editor.score
    assert (score.scorer.value, score.applicant.value) == ("chair", "larder")
    assert "0 of 2 criteria" in score.status.words
    score.set_mark("need", "4", "good, quietly")
    score.set_mark("plan", "3")
    score.panel.show()
    assert "+larder,chair,need,4" in score.panel.message.value
    assert (tmp_path / "scores.csv").read_bytes() == before
    score.panel.save()
    after = (tmp_path / "scores.csv").read_bytes()
    assert after == before + b'larder,chair,need,4,"good, quietly"\r\nlarder,chair,plan,3,\r\n'
    assert "2 of 2 criteria" in score.status.words
    result = work_out_rounds(read_scoring(tmp_path / "scoring.yml"))[0]
    assert result.scores.set_index(["applicant", "scorer"]).loc[("larder", "chair"), "score"] == 90


def test_a_mark_is_changed_in_its_row(workspace, tmp_path):
    book = ScoreBook(workspace.file)
    assert book.find_given("spring", "larder", "nurse")["need"] == ("4", "private note")
    change = book.plan_scores("spring", "larder", "nurse", {"need": ("2", "now less")})
    assert change.diff.count("\n+") == 2  # the heading of the diff and one row
    assert b"larder,nurse,need,2,now less" in change.after
    assert b"larder,nurse,need,4" not in change.after
    same = book.plan_scores("spring", "larder", "nurse", {"need": ("4", "private note")})
    assert same.is_empty


def test_what_may_not_be_written_is_refused(workspace, tmp_path):
    book = ScoreBook(workspace.file)
    for args, words in (
        (("garden", "warden", {"need": ("3", "")}), "conflict of interest"),
        (("larder", "chair", {"need": ("9", "")}), "outside the scale"),
        (("larder", "chair", {"need": ("", "why")}), "needs a mark"),
        (("larder", "chair", {"need": ("", "")}), "nothing to write"),
    ):
        with pytest.raises(ParameterError, match=words):
            book.plan_scores("spring", *args)
    write_scoring(tmp_path, make_round())
    with pytest.raises(ParameterError, match="is decided"):
        book.plan_scores("spring", "larder", "chair", {"need": ("4", "")})


def test_a_conflict_has_no_form(workspace):
    editor = ScoreEditor(workspace)
    editor.score.scorer.value = "warden"
    editor.score.applicant.value = "garden"
    assert "conflict of interest" in editor.score.status.words
    assert editor.score.form.children == ()


def test_a_mark_is_settled_and_waits_no_more(workspace, tmp_path):
    editor = ScoreEditor(workspace)
    settle = editor.settle
    assert "1 mark waits" in settle.status.words
    assert "Nurse, surgery: 4" in settle.picture.value
    assert "private" not in settle.picture.value
    settle.panel.show()
    assert "cell must be filled in" in settle.panel.message.value
    settle.agreed.value, settle.by.value = "3", "Panel of three"
    settle.on.value, settle.reason.value = "2026-04-12", "Wanted by many"
    settle.panel.show()
    settle.panel.save()
    written = (tmp_path / "agreed.csv").read_text(encoding="utf-8-sig")
    assert "choir,need,3,Panel of three,2026-04-12,Wanted by many" in written
    assert "No mark waits" in settle.status.words


def test_a_round_without_a_file_of_agreed_marks_says_what_to_add(tmp_path):
    write_scoring(tmp_path, open_round(), rows=list_rows(WIDE_MARKS))
    book = ScoreBook(make_workspace(tmp_path).file)
    with pytest.raises(ParameterError, match="holds: agreed marks"):
        book.plan_agreed("spring", "choir", "need", {"mark": "3"})


def test_a_file_that_is_named_and_not_there_is_made(tmp_path):
    write_scoring(tmp_path, open_round())
    (tmp_path / "scores.csv").unlink()
    book = ScoreBook(make_workspace(tmp_path).file)
    change = book.plan_scores("spring", "larder", "chair", {"need": ("4", "=1+1")})
    assert change.before is None
    assert change.after.startswith(b"\xef\xbb\xbfapplicant,scorer,criterion,score,note\r\n")
    assert b",'=1+1" in change.after


def test_where_nobody_can_click_figures_stand(workspace, monkeypatch):
    monkeypatch.setenv(WIDGETS_VARIABLE, "off")
    shown = open_score_editor(workspace)
    assert isinstance(shown, StandIn)
    assert "Still to score: 1" in shown.to_text()
    assert "Marks to settle: 1" in shown.to_text()
    monkeypatch.delenv(WIDGETS_VARIABLE)
    bundle = open_score_editor(workspace)._repr_mimebundle_()
    assert "Rounds" in bundle["text/plain"]
