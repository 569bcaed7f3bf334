"""The register of grants, other schemes' lists, and what is asked of them."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from cip.errors import ParameterError
from cip.framework.grants import (
    list_grant_columns,
    read_grants,
    tidy_grants,
    total_by_recommendation,
    total_by_status,
)
from cip.framework.grants_others import (
    LAYOUTS,
    find_mapping,
    read_other_grants,
    read_other_schemes,
    total_by_scheme,
)
from cip.framework.grants_overlap import find_overlaps, share_words
from cip.framework.scoring_model import DataFile, load_scoring
from cip.pages.grants import may_be_one

from .scoring_samples import make_round, write_csv, write_scoring

TODAY = date(2026, 11, 21)
GRANT = {
    "grant_id": "g1",
    "recipient": "Friday Larder",
    "project": "Warm food and young cooks at the hall",
    "amount": "1000",
    "awarded_on": "2026-05-01",
    "recommendations": "food",
    "spent": "400",
    "monitoring_due": "2026-11-01",
    "status": "running",
}


def write_grants(folder, *rows):
    names = list(list_grant_columns())
    cells = [[{**GRANT, **row}.get(name, "") for name in names] for row in rows]
    return write_csv(folder / "grants.csv", names, cells)


def read(folder, *rows, **known) -> pd.DataFrame:
    return tidy_grants(read_grants(write_grants(folder, *rows), today=TODAY, **known), TODAY)


def tell(folder, *rows, **known) -> str:
    with pytest.raises(ParameterError) as found:
        read(folder, *rows, **known)
    return "\n".join(map(str, found.value.problems))


def test_totals_count_each_grant_where_it_belongs(tmp_path):
    grants = read(
        tmp_path,
        {},
        {"grant_id": "g2", "amount": "500", "recommendations": "food; buses", "spent": ""},
        {"grant_id": "g3", "amount": "9000", "status": "withdrawn", "spent": "0"},
    )
    by_status = total_by_status(grants).set_index("status")
    assert by_status.loc["running", ["grants", "amount", "spent", "spent_known"]].tolist() == [
        2, 1500, 400, 1,
    ]  # fmt: skip
    by_recommendation = total_by_recommendation(grants).set_index("recommendation_id")
    assert by_recommendation["amount"].to_dict() == {"food": 1500, "buses": 500}


def test_reports_overdue_late_due_and_received(tmp_path):
    grants = read(
        tmp_path,
        {},
        {"grant_id": "g2", "monitoring_received": "2026-11-03"},
        {"grant_id": "g3", "monitoring_due": "2026-11-21"},
        {"grant_id": "g4", "monitoring_due": ""},
        {"grant_id": "g5", "monitoring_received": "2026-10-30"},
    ).set_index("grant_id")
    assert grants["report"].to_dict() == {
        "g1": "overdue", "g2": "received late", "g3": "due", "g4": "no day agreed", "g5": "received",
    }  # fmt: skip
    assert grants.loc["g1", "days_overdue"] == 20
    assert grants["days_overdue"].notna().sum() == 1
    assert grants.loc["g1", "spent_share"] == 40


def test_everything_wrong_is_told_at_once(tmp_path):
    told = tell(
        tmp_path,
        {"recommendations": ""},
        {"spent": "1200"},
        {"grant_id": "g3", "awarded_on": "2026-12-01", "monitoring_due": "2027-01-01"},
        {"grant_id": "g4", "monitoring_received": "2026-04-01"},
        {"grant_id": "g5", "recommendations": "fod; food"},
        {"grant_id": "g6", "recipient": "Mrs Marrow"},
        {"grant_id": "g7", "awarded_on": "01/05/2026"},
        {"grant_id": "g8", "round": "sprng", "status": "complete"},
        recommendations=["food"],
        rounds=["spring"],
    )
    for row, words in {
        2: "column 'recommendations': this grant is tied to no recommendation",
        3: "more was spent than was awarded",
        4: "after the day of the report",
        5: "before the grant was awarded",
        6: "no such recommendation. Found: fod. Did you mean 'food'",
        7: "a person's name",
        8: "written in another way",
        9: "Did you mean 'spring'",
    }.items():
        assert any(f"row {row}," in line and words in line for line in told.splitlines()), words
    assert "stands in row 2 already" in told
    assert "Did you mean 'completed'" in told
    assert "Marrow" not in told


# --- Other schemes --------------------------------------------------------------------------------

HEADINGS = list(LAYOUTS["360giving"].values())


def write_others(folder, *rows, head=HEADINGS, name="others.csv"):
    return write_csv(folder / name, head, rows)


def test_a_published_layout_is_read_by_its_headings(tmp_path):
    head = ["Extra", *reversed(HEADINGS)]
    row = ["x", "Fund", "2026-05-01T00:00:00Z", "500", "For food", "Food", "ID", "Larder", "1"]
    path = write_others(tmp_path, row, head=head)
    table = read_other_grants(path, LAYOUTS["360giving"])
    assert table.loc[0, ["other_id", "recipient", "amount", "scheme"]].tolist() == [
        "1", "Larder", 500, "Fund",
    ]  # fmt: skip
    assert table.loc[0, "awarded_on"] == pd.Timestamp("2026-05-01")
    assert total_by_scheme(table).loc[0, ["year", "grants", "amount"]].tolist() == [2026, 1, 500]


def test_a_person_in_a_published_list_is_not_shown(tmp_path):
    path = write_others(tmp_path, ["1", "Mrs Marrow", "", "Tea", "Ring 01632 960123", "1", "", "F"])
    table = read_other_grants(path, LAYOUTS["360giving"])
    assert table.loc[0, "recipient"] == "not shown"
    assert pd.isna(table.loc[0, "purpose"])
    assert "Marrow" not in table.to_csv()


def test_problems_of_a_list_are_told_together(tmp_path):
    path = write_others(
        tmp_path,
        ["1", "Larder", "", "", "", "five", "2026-05-01", "F"],
        ["1", "Larder", "", "", "", "5", "1/5/26", "F"],
    )
    with pytest.raises(ParameterError) as found:
        read_other_grants(path, LAYOUTS["360giving"])
    told = "\n".join(map(str, found.value.problems))
    assert "row 2, column 'Amount Awarded': this is not a number" in told
    assert "row 3, column 'Award Date'" in told
    assert "stands in row 2 already" in told
    bad = write_others(tmp_path, ["1"], head=["Identifer"], name="bad.csv")
    with pytest.raises(ParameterError, match="Did you mean 'Identifer'"):
        read_other_grants(bad, LAYOUTS["360giving"])


def test_an_unknown_layout_is_told_with_its_line(tmp_path):
    write_others(tmp_path, ["1", "Larder"])
    files = [{"path": "others.csv", "holds": "other grants", "layout": "360given"}]
    path = write_scoring(tmp_path, make_round(), files=files)
    with pytest.raises(ParameterError) as found:
        read_other_schemes(load_scoring(path))
    told = str(found.value.problems[0])
    assert "line" in told
    assert "Did you mean '360giving'" in told
    mapped = DataFile(path="x.csv", holds="other grants", columns={"recipient": "Group"})
    assert find_mapping(mapped)["recipient"] == "Group"


def make_other(**changes):
    row = {
        "other_id": "o1", "recipient": "The Friday Larder Ltd", "recipient_id": None,
        "project": "Cooker", "purpose": None, "amount": 50.0,
        "awarded_on": pd.Timestamp("2026-06-01"), "scheme": "Fund",
    }  # fmt: skip
    return pd.DataFrame([{**row, **changes}])


def test_what_is_asked_and_what_is_not(tmp_path):
    grants = read(tmp_path, {"recipient_id": "GB-CHC-1"})

    def ask(**changes) -> list[list[object]]:
        found = find_overlaps(grants, make_other(**changes), is_alike=may_be_one)
        return found[["recipient_match", "shared_words"]].values.tolist()

    same_words = {"purpose": "Warm food with young cooks", "recipient": "Other Club"}
    far = pd.Timestamp("2020-01-01")
    assert ask() == [["alike in name", ""]]
    assert ask(awarded_on=far) == []
    assert ask(awarded_on=pd.NaT) == [["alike in name", ""]]
    assert ask(**same_words) == [["another recipient", "cooks, food, warm, young"]]
    assert ask(**same_words, awarded_on=far) == []
    assert ask(recipient="Zebra", recipient_id="gb-chc-1", awarded_on=far) == []
    assert ask(recipient="Zebra", recipient_id="gb-chc-1")[0][0] == "same identifier"
    assert ask(recipient="Common Choir") == []


def test_a_withdrawn_grant_raises_no_question(tmp_path):
    grants = read(tmp_path, {"status": "withdrawn"})
    assert find_overlaps(grants, make_other(), is_alike=may_be_one).empty


def test_few_common_words_are_no_same_purpose():
    assert share_words("Food for people in the community", "Food for the community groups") == []
    assert share_words(None, "Warm food") == []
