"""Who agreed to which version: the file, and the rule by which a version is signed off."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from cip.catalogue.publishing import load_sign_off_rule
from cip.errors import ParameterError
from cip.summary.sign_off import judge_sign_off, read_sign_off

TODAY = date(2026, 11, 21)
HEAD = "role,organisation,version,decision,on,note\n"
CHAIR = "Chair of the steering group,Residents,{version},{decision},{on},\n"


def judge(folder: Path, *rows: str, version: str = "1.0"):
    path = folder / "sign_off.csv"
    path.write_text(HEAD + "".join(rows), encoding="utf-8")
    return judge_sign_off(read_sign_off(path), version, today=TODAY, path=path)


def chair(version: str = "1.0", decision: str = "agreed", on: str = "2026-11-20") -> str:
    return CHAIR.format(version=version, decision=decision, on=on)


@pytest.mark.parametrize("role", ["Chair", "Co-chair, resident", "chairperson", "Chair (interim)"])
def test_a_chair_signs_off(tmp_path, role):
    done = judge(tmp_path, f'"{role}",Residents,1.0,agreed,2026-11-21,\n')
    assert done.agreed_on == TODAY
    assert done.agreed_by == f"{role}, Residents"
    assert done.problems == ()


@pytest.mark.parametrize(
    "role", ["Vice-chair", "Deputy chair", "Wheelchair service", "Former chair"]
)
def test_who_only_stands_in_does_not(tmp_path, role):
    assert not load_sign_off_rule().is_chair(role)
    done = judge(tmp_path, f"{role},Residents,1.0,agreed,2026-11-20,\n")
    assert done.agreed_on is None
    (problem,) = done.problems
    assert "not signed off by the steering group's chair" in problem.message


def test_another_version_is_not_this_one_and_the_nearest_is_named(tmp_path):
    (problem,) = judge(tmp_path, chair("1.0"), version="1.01").problems
    assert problem.file == tmp_path / "sign_off.csv"
    assert (problem.found, problem.nearest) == ("decisions on version 1.0", "1.0")


def test_a_day_to_come_does_not_count(tmp_path):
    late, missing = judge(tmp_path, chair(on="2026-11-22")).problems
    assert (late.row, late.column, late.found) == (2, "on", "2026-11-22")
    assert "not signed off" in missing.message
    assert judge(tmp_path, chair(), chair("2.0", on="2027-06-01")).problems == ()


def test_the_latest_decision_counts_and_dissent_is_named(tmp_path):
    withdrawn = judge(tmp_path, chair(on="2026-11-18"), chair(decision="not agreed"))
    (problem,) = withdrawn.problems
    assert (problem.row, problem.column) == (3, "decision")
    against = "Practice manager,Surgery,1.0,not agreed,2026-11-19,\n"
    done = judge(tmp_path, chair(decision="not agreed", on="2026-11-01"), chair(), against)
    assert done.agreed_on == date(2026, 11, 20)
    assert done.others_against == ("Practice manager, Surgery",)
    assert done.problems == ()


def test_no_file_and_no_row_are_told(tmp_path):
    (problem,) = judge_sign_off(None, "1.0", today=TODAY).problems
    assert "sign_off:" in problem.expected
    (problem,) = judge(tmp_path).problems
    assert problem.found == "no decision"


def test_every_mistake_of_the_file_is_told_at_once(tmp_path):
    path = tmp_path / "sign_off.csv"
    rows = [
        "Mrs Marrow,Residents,1.0,agreed,2026-11-20,\n",
        "Chair,,1.0,agreed,2026-11-20,\n",
        "Chair,Residents,1.0,agree,2026-11-20,\n",
        "Chair,Residents,1.0,agreed,then,\n",
        chair(),
        chair(decision="not agreed"),
    ]
    path.write_text(HEAD + "".join(rows), encoding="utf-8")
    with pytest.raises(ParameterError) as caught:
        read_sign_off(path)
    places = [(problem.row, problem.column) for problem in caught.value.problems]
    assert places == [(2, "role"), (3, "organisation"), (4, "decision"), (5, "on"), (7, "decision")]
    assert caught.value.problems[2].nearest == "agreed"
    assert "Marrow" not in str(caught.value)
