"""Scoring: what is refused, and what a round comes to."""

from __future__ import annotations

import pandas as pd
import pytest

from cip.errors import ParameterError
from cip.framework.scoring_panel import leave_one_out, measure_panel, name_deciders
from cip.framework.scoring_results import RoundResult, work_out_rounds
from cip.framework.scoring_scores import read_scoring

from .scoring_samples import MARKS, list_rows, make_round, open_round, write_csv, write_scoring


def work_out(path) -> RoundResult:
    return work_out_rounds(read_scoring(path))[0]


def tell(path, **options) -> str:
    with pytest.raises(ParameterError) as found:
        read_scoring(path, **options)
    return "\n".join(str(problem) for problem in found.value.problems)


# --- What a round comes to ------------------------------------------------------------------------


def test_scores_means_and_ranks_by_hand(tmp_path):
    result = work_out(write_scoring(tmp_path))
    scores = result.scores.set_index(["applicant", "scorer"])["score"]
    # 60 x 4/4 + 40 x 3/4; 60 x 2/4 + 40 x 2/4
    assert scores["larder", "chair"] == 90
    assert scores["choir", "chair"] == 50
    table = result.results.set_index("applicant")
    assert table.loc["larder", "mean"] == pytest.approx((90 + 80 + 75) / 3)
    assert table.loc["choir", ["lowest", "highest", "spread"]].tolist() == [50, 65, 15]
    assert result.results["applicant"].tolist() == ["larder", "choir", "garden"]
    assert result.results["rank"].tolist() == [1, 2, 3]


def test_a_scorer_with_a_conflict_does_not_count_and_is_seen(tmp_path):
    result = work_out(write_scoring(tmp_path))
    own = result.scores.set_index(["applicant", "scorer"]).loc[("garden", "warden")]
    assert own["standing"] == "conflict of interest"
    assert pd.isna(own["score"])
    garden = result.results.set_index("applicant").loc["garden"]
    assert garden["scorers"] == 2
    assert garden["mean"] == pytest.approx((55 + 60) / 2)


def test_a_tie_stays_a_tie_whatever_the_weights(tmp_path):
    # In floats 33.3, 33.3 and 33.4 per cent of thirds would differ in the last place.
    one = make_round(
        criteria=[
            {"id": "need", "title": "Need", "question": "?", "weight": 33.3},
            {"id": "plan", "title": "Plan", "question": "?", "weight": 66.7},
        ],
        scale={"least": 0, "most": 3},
        moderation={"spread": 3},
        conflicts=[],
    )
    marks = {
        (applicant, scorer): given
        for applicant in ("larder", "choir", "garden")
        for scorer, given in zip(
            ("chair", "nurse", "warden"),
            [[1, 2], [2, 1], [0, 3]] if applicant != "choir" else [[0, 3], [1, 2], [2, 1]],
            strict=True,
        )
    }
    result = work_out(write_scoring(tmp_path, one, rows=list_rows(marks)))
    assert result.results["rank"].tolist() == [1, 1, 1]
    assert result.results["applicant"].tolist() == ["larder", "choir", "garden"]
    assert result.results.loc[0, "tied_with"] == "choir; garden"


def test_after_a_tie_the_next_rank_is_left_out(tmp_path):
    marks = {**MARKS, ("choir", "chair"): [4, 3], ("choir", "nurse"): [4, 2]}
    marks[("choir", "warden")] = [3, 3]
    result = work_out(write_scoring(tmp_path, rows=list_rows(marks)))
    assert result.results["rank"].tolist() == [1, 1, 3]


def test_a_scorer_with_a_gap_does_not_silently_count(tmp_path):
    rows = [row for row in list_rows() if row[:3] != ["larder", "chair", "plan"]]
    result = work_out(write_scoring(tmp_path, open_round(), rows=rows))
    own = result.scores.set_index(["applicant", "scorer"]).loc[("larder", "chair")]
    assert own["standing"] == "incomplete"
    larder = result.results.set_index("applicant").loc["larder"]
    assert larder["mean"] == pytest.approx((80 + 75) / 2)


def test_moderation_is_asked_for_settled_and_told(tmp_path):
    marks = {**MARKS, ("choir", "nurse"): [4, 2], ("choir", "warden"): [1, 2]}
    one = open_round(moderation={"spread": 2})
    result = work_out(write_scoring(tmp_path, one, rows=list_rows(marks)))
    assert result.moderation[["applicant", "criterion", "lowest", "highest"]].values.tolist() == [
        ["choir", "need", 1, 4]
    ]
    assert result.results.set_index("applicant").loc["choir", "to_moderate"] == 1
    agreed = [["choir", "need", 3, "Panel", "2026-04-10", "As the plan says"]]
    settled = work_out(write_scoring(tmp_path, one, rows=list_rows(marks), agreed=agreed))
    choir = settled.results.set_index("applicant").loc["choir"]
    assert (choir["to_moderate"], choir["moderated"]) == (0, 1)
    assert choir["mean"] == pytest.approx(60 * 3 / 4 + 40 * 2 / 4)
    assert choir["mean_before"] == pytest.approx((60 * 7 / 12) + 20)


def test_whether_the_order_hangs_on_one_scorer(tmp_path):
    result = work_out(write_scoring(tmp_path))
    leaving = leave_one_out(result)
    assert len(leaving) == 9
    # Without the nurse the choir has (50 + 60) / 2 and the garden 55 alone: a tie. Without the
    # warden the choir has (50 + 65) / 2, which is the garden's mean.
    without = leaving[leaving["scorer"] == "nurse"].set_index("applicant")["rank_without"]
    assert without.to_dict() == {"larder": 1, "choir": 2, "garden": 2}
    assert name_deciders(leaving) == ["nurse", "warden"]


def test_agreement_leaves_out_whom_not_everybody_scored(tmp_path):
    panel = measure_panel(work_out(write_scoring(tmp_path)))
    assert panel.order.applicants == 2
    assert "fewer than three" in panel.order.reason
    assert panel.marks.units == 6
    assert -1 <= panel.marks.value <= 1


def test_an_absent_scorer_is_declared(tmp_path):
    one = make_round()
    one["scorers"][2]["absent"] = "Away that week"
    rows = [row for row in list_rows() if row[1] != "warden"]
    result = work_out(write_scoring(tmp_path, one, rows=rows))
    assert set(result.scores.loc[result.scores["scorer"] == "warden", "standing"]) == {
        "absent", "conflict of interest",
    }  # fmt: skip
    assert "declared absent" in tell(write_scoring(tmp_path, one))


def test_defaults_of_the_catalogue_hold_where_a_round_declares_none(tmp_path):
    one = open_round()
    for key in ("criteria", "scale", "moderation"):
        del one[key]
    result = work_out(write_scoring(tmp_path, one, rows=[]))
    assert sum(item.weight for item in result.round.list_criteria()) == 100
    assert result.round.spread == 2
    assert result.results["mean"].isna().all()
    assert set(result.scores["standing"]) == {"incomplete", "conflict of interest"}


# --- What is refused ------------------------------------------------------------------------------


def test_everything_wrong_is_told_at_once_by_file_row_and_column(tmp_path):
    one = make_round()
    one["criteria"][0]["weight"] = 50
    one["decisions"].pop()
    rows = [
        *list_rows(),
        ["larder", "chair", "need", 4, ""],  # twice
        ["garden", "warden", "need", 4, ""],  # conflict
        ["choir", "nurse", "plan", 9, ""],  # outside the scale
        ["chior", "nurse", "plan", 2, ""],
        ["choir", "nurs", "plan", 2, ""],
        ["choir", "nurse", "plann", 2, ""],
    ]
    told = tell(write_scoring(tmp_path, one, rows=rows))
    lines = told.splitlines()
    assert "do not add up to 100. Found: 90. Expected: 100." in told
    assert any("scoring.yml, line" in line and "no decision on 'garden'" in line for line in lines)
    start = 2 + len(list_rows())
    for offset, words in enumerate(
        (
            "has scored this already, in row 2",
            "conflict of interest",
            "outside the scale. Found: 9. Expected: a whole number from 0 to 4",
            "Did you mean 'choir'",
            "Did you mean 'nurse'",
            "Did you mean 'plan'",
        )
    ):
        assert any(f"scores.csv, row {start + offset}," in li and words in li for li in lines), (
            words
        )


def test_missing_marks_of_a_decided_round_are_listed(tmp_path):
    rows = [row for row in list_rows() if row[:2] != ["choir", "warden"]][1:]
    told = tell(write_scoring(tmp_path, rows=rows))
    assert "'warden' has not scored 'choir' on need, plan" in told
    assert "'chair' has not scored 'larder' on need" in told
    assert len(told.splitlines()) == 2


def test_a_scorer_who_scored_in_two_files_is_told_of_both(tmp_path):
    head = ("applicant", "scorer", "criterion", "score", "note")
    write_csv(tmp_path / "more.csv", head, [["larder", "chair", "need", 4, ""]])
    told = tell(write_scoring(tmp_path, files=[{"path": "more.csv", "round": "spring"}]))
    assert "more.csv, row 2" in told
    assert "row 2 of scores.csv" in told


@pytest.mark.parametrize(
    ("key", "text"),
    [("organisation", "Mrs Marrow"), ("organisation", "marrow@example.org"), ("project", "Dr Who")],
)
def test_a_person_as_applicant_is_refused_and_not_repeated(tmp_path, key, text):
    one = make_round()
    one["applicants"][0][key] = text
    told = tell(write_scoring(tmp_path, one))
    assert f"'{key}' seems to hold" in told
    assert text not in told


def test_a_person_in_a_score_file_is_not_repeated(tmp_path):
    told = tell(
        write_scoring(tmp_path, rows=[*list_rows(), ["Mrs Marrow", "chair", "need", 1, ""]])
    )
    assert "no such applicant" in told
    assert "Marrow" not in told


def test_days_in_another_form_are_refused(tmp_path):
    assert "year-month-day" in tell(write_scoring(tmp_path, make_round(closes="31/03/2026")))
    agreed = [["choir", "need", 3, "Panel", "10/04/2026", "As the plan says"]]
    told = tell(write_scoring(tmp_path, agreed=agreed))
    assert "agreed.csv, row 2, column 'on'" in told


def test_rules_between_the_parts(tmp_path):
    one = make_round(
        moderation={"spread": 9},
        total=1000,
        recommendations=["more-busses"],
        conflicts=[{"scorer": s, "applicant": "garden", "reason": "x"} for s in
                   ("chair", "nurse", "warden", "wardn")],
    )  # fmt: skip
    one["decisions"][0] |= {"amount": 900, "on": "2026-03-01"}
    one["decisions"][1] |= {"amount": 200, "decision": "appointed"}
    one["decisions"][2] |= {"amount": 900}
    rows = [row for row in list_rows() if row[0] != "garden"]
    told = tell(write_scoring(tmp_path, one, rows=rows), recommendations=["more-buses"])
    for words in (
        "marks can never be so far apart",
        "every scorer has a conflict of interest with 'garden'",
        "there is no such scorer in this round. Found: wardn",
        "decided before the round closed",
        "a round of grants ends otherwise",
        "more was decided than was asked for",
        "add up to more than there is",
        "Did you mean 'more-buses'",
    ):
        assert words in told, words


def test_an_unknown_key_and_a_missing_file_are_told_with_their_line(tmp_path):
    path = write_scoring(tmp_path, files=[{"path": "gone.csv", "round": "sprig"}])
    told = tell(path)
    assert "there is no such file. Found: gone.csv" in told
    assert "Did you mean 'spring'" in told
    path.write_text(path.read_text().replace("conflicts:", "conflict:"), encoding="utf-8")
    assert "Did you mean 'conflicts'" in tell(path)


def test_notes_go_nowhere(tmp_path):
    scored = read_scoring(write_scoring(tmp_path))
    assert "note" not in scored.marks
    result = work_out_rounds(scored)[0]
    for table in (result.marks, result.scores, result.results, result.moderation):
        assert "private" not in table.to_csv()


def test_marks_exactly_as_far_apart_as_declared_are_moderated(tmp_path):
    marks = {**MARKS, ("choir", "nurse"): [4, 2]}
    one = open_round(moderation={"spread": 2})
    result = work_out(write_scoring(tmp_path, one, rows=list_rows(marks)))
    assert result.moderation[["lowest", "highest"]].values.tolist() == [[2, 4]]


def test_an_applicant_whom_one_scorer_alone_scored_changes_no_order_by_the_gap(tmp_path):
    conflicts = [
        {"scorer": name, "applicant": "garden", "reason": "Digs there"}
        for name in ("nurse", "warden")
    ]
    rows = [row for row in list_rows() if row[:2] != ["garden", "nurse"]]
    result = work_out(write_scoring(tmp_path, make_round(conflicts=conflicts), rows=rows))
    leaving = leave_one_out(result)
    own = leaving[(leaving["scorer"] == "chair") & (leaving["applicant"] == "garden")].iloc[0]
    assert pd.isna(own["rank_without"])
    assert "chair" not in name_deciders(leaving)
