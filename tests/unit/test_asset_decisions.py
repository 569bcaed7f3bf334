"""Decisions about pairs: read with every mistake told, and written without losing one."""

from __future__ import annotations

import csv
import io

import pandas as pd
import pytest

from cip.assets.decisions import (
    apply_decisions,
    list_decision_columns,
    plan_decisions,
    plan_review,
    read_decisions,
    write_review,
)
from cip.errors import ParameterError
from cip.inputs import write_form

from ..support.asset_records import make_table, tell

HEAD = ",".join(list_decision_columns())


@pytest.fixture
def path(tmp_path):
    return tmp_path / "decisions.csv"


def write(path, *rows: str):
    path.write_text("\n".join([HEAD, *rows]) + "\n", encoding="utf-8")
    return path


def refuse(path) -> str:
    with pytest.raises(ParameterError) as error:
        read_decisions(path)
    return str(error.value)


def open_pairs(*ids: tuple[str, str], name: str = "Asher Hall") -> pd.DataFrame:
    """Return pairs as `settle_records` lists them, all open."""
    rows = [
        {
            "asset_id_a": a,
            "asset_id_b": b,
            "name_a": name,
            "name_b": "The Asher Hall",
            "asset_type_a": "community_centre",
            "asset_type_b": "polling_station",
            "distance_m": 60.4,
            "score": 88.2,
            "reason": "similar name within 100 m",
            "decision": "",
            "decided_on": None,
        }
        for a, b in ids
    ]
    return pd.DataFrame(rows)


def list_rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


# ---- Reading


def test_the_ids_of_a_pair_are_put_in_order_with_their_names(path):
    write(path, "own:2,Second,own:1,First,,Same,01/05/2026,seen by the project lead")
    row = read_decisions(path).iloc[0]
    assert [row["asset_id_a"], row["name_a"], row["asset_id_b"]] == ["own:1", "First", "own:2"]
    assert [row["decision"], row["decided_on"], row["row"]] == ["same", "2026-05-01", 2]


def test_a_pair_that_nobody_has_looked_at_is_open(path):
    assert read_decisions(write(path, "own:1,,own:2,,,,,"))["decision"].isna().all()


def test_every_mistake_is_told_at_once(path):
    told = refuse(
        write(
            path,
            "own:1,,own:1,,,same,,",
            "own:1,,own:2,,,joined,,",
            "own:2,,own:3,,,same,yesterday,",
            ",,own:3,,,same,,ask Mrs Example",
            "own:3,,own:2,,,different,,",
        )
    )
    for text in (
        "row 2, column 'asset_id_b': this record is paired with itself",
        "row 3, column 'decision': this is not one of the choices",
        "row 4, column 'decided_on': this is not a date",
        "row 5, column 'asset_id_a': this cell must be filled in",
        "row 5, column 'note': this cell seems to hold a person's name",
        "row 6, column 'asset_id_a': this pair stands in row 4 already",
    ):
        assert text in told
    assert "Example" not in told


def test_decisions_that_contradict_one_another_are_told_with_their_rows(path):
    told = refuse(
        write(
            path,
            "own:1,,own:2,,,same,,",
            "own:9,,own:8,,,same,,",
            "own:3,,own:2,,,same,,",
            "own:3,,own:1,,,different,,",
        )
    )
    assert "row 5, column 'decision'" in told
    assert "rows 2, 4 make them one thing" in told
    assert told.count("differ") == 2  # once in words, once as what was found


def test_unsure_contradicts_nothing(path):
    rows = ("own:1,,own:2,,,same,,", "own:3,,own:2,,,same,,", "own:3,,own:1,,,unsure,,")
    assert len(read_decisions(write(path, *rows))) == 3


def test_an_empty_form_holds_no_decisions(path):
    write_form(path, list_decision_columns())
    assert read_decisions(path).empty


# ---- Applying


def test_a_decision_is_found_whichever_record_it_names_first(path):
    decisions = read_decisions(write(path, "own:2,,own:1,,,different,2026-05-01,"))
    told = apply_decisions(open_pairs(("own:1", "own:2"), ("own:1", "own:3")), decisions)
    assert told["decision"].tolist() == ["different", ""]
    assert told["decided_on"].tolist()[0] == "2026-05-01"
    assert apply_decisions(told, None)["decision"].tolist() == ["", ""]


# ---- The table that people fill in


def test_a_new_review_table_can_be_read_and_says_why(path):
    write_review(path, open_pairs(("own:1", "places_x:2")))
    row = list_rows(path.read_bytes().decode("utf-8"))[0]
    assert row["why"] == (
        "similar name within 100 m; names 88 of 100 alike; 60 m apart; "
        "community centre or hall and polling station"
    )
    assert row["decision"] == ""
    assert len(read_decisions(path)) == 1


def test_what_people_filled_in_is_kept_and_new_pairs_come_last(path):
    write(path, "own:9,Old name,own:1,,,same,2026-05-01,looked at on site", "own:5,,own:6,,,,,")
    write_review(path, open_pairs(("own:1", "own:9"), ("own:3", "own:4")))
    first, second = list_rows(path.read_bytes().decode("utf-8"))
    assert (first["asset_id_a"], first["name_a"]) == ("own:9", "The Asher Hall")
    assert (first["decision"], first["note"]) == ("same", "looked at on site")
    assert (second["asset_id_a"], second["decision"]) == ("own:3", "")


def test_a_decision_outlives_a_source_that_is_away(path):
    write(path, "own:1,,own:2,,,different,2026-05-01,", "own:5,,own:6,,,,,")
    write_review(path, open_pairs().reindex(columns=open_pairs(("a:1", "a:2")).columns))
    kept = list_rows(path.read_bytes().decode("utf-8"))
    assert [row["asset_id_a"] for row in kept] == ["own:1"]
    assert "kept for when they come back" in kept[0]["why"]
    write_review(path, open_pairs(("own:1", "own:2")))
    assert read_decisions(path)["decision"].tolist() == ["different"]
    assert "kept for" not in path.read_text(encoding="utf-8-sig")


def test_writing_the_same_review_again_changes_nothing(path):
    pairs = open_pairs(("own:1", "own:2"), ("own:3", "own:4"))
    write_review(path, pairs)
    before = path.read_bytes()
    assert plan_review(path, pairs).encode() == before


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+1", "-1", "@cmd", "\t=1", "＝1", "\u200b=1"])
def test_a_name_that_is_a_formula_is_neutralised_and_stays_so(path, name):
    pairs = open_pairs(("own:1", "own:2"), name=name)
    write_review(path, pairs)
    cell = list_rows(path.read_bytes().decode("utf-8"))[0]["name_a"]
    assert cell.startswith("'")
    assert plan_review(path, pairs).encode() == path.read_bytes()


def test_a_name_that_holds_a_contact_is_left_out(path):
    write_review(path, open_pairs(("own:1", "own:2"), name="Hall, ring 01632 960 123"))
    assert "960" not in path.read_text(encoding="utf-8")
    assert len(read_decisions(path)) == 1


def test_a_name_of_several_lines_becomes_one_line(path):
    write_review(path, open_pairs(("own:1", "own:2"), name="Asher\r\nHall\x07"))
    assert read_decisions(path)["name_a"].tolist() == ["Asher Hall"]


# ---- Decisions made elsewhere


def test_a_decision_is_planned_and_not_written(path):
    write_review(path, open_pairs(("own:1", "own:2"), ("own:3", "own:4")))
    before = path.read_bytes()
    text = plan_decisions(
        path,
        [
            {
                "asset_id_a": "own:2",
                "asset_id_b": "own:1",
                "decision": "same",
                "decided_on": "2026-05-01",
            }
        ],
    )
    assert path.read_bytes() == before
    changed = [
        (old, new)
        for old, new in zip(before.decode().split("\n"), text.split("\n"), strict=True)
        if old != new
    ]
    assert len(changed) == 1
    assert changed[0][1].startswith("own:1,Asher Hall,own:2,The Asher Hall,")
    assert changed[0][1].strip().endswith(",same,2026-05-01,")


def test_a_decision_about_a_pair_that_no_rule_found_is_added(path):
    row = {"asset_id_a": "own:7", "name_a": "Hall", "asset_id_b": "own:1", "decision": "different"}
    path.write_bytes(plan_decisions(path, [row]).encode("utf-8"))
    assert read_decisions(path)[["asset_id_a", "name_b"]].to_numpy().tolist() == [["own:1", "Hall"]]


def test_a_decision_can_be_taken_back(path):
    write(path, "own:1,,own:2,,,same,2026-05-01,")
    row = {"asset_id_a": "own:1", "asset_id_b": "own:2", "decision": "", "decided_on": None}
    path.write_bytes(plan_decisions(path, [row]).encode("utf-8"))
    assert read_decisions(path)["decision"].isna().all()


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"decision": "maybe"}, "this is not one of the choices"),
        ({"decision": "same", "note": "ring 01632 960 123"}, "a telephone number"),
        ({"decision": "different"}, "make them one thing"),
    ],
)
def test_a_decision_that_cannot_stand_is_refused(path, given, told):
    write(path, "own:1,,own:2,,,same,,", "own:3,,own:2,,,same,,")
    with pytest.raises(ParameterError) as error:
        plan_decisions(path, [{"asset_id_a": "own:3", "asset_id_b": "own:1"} | given])
    assert told in str(error.value)
    assert "960" not in str(error.value)


def test_the_dress_of_the_file_is_kept(path):
    head = HEAD.replace(",", ";").replace("asset_id_a", "Asset ID A")
    path.write_bytes(f"{head}\nown:1;;own:2;;;same;;\n".encode())
    text = plan_decisions(
        path, [{"asset_id_a": "own:3", "asset_id_b": "own:4", "decision": "same"}]
    )
    assert text == f"{head}\nown:1;;own:2;;;same;;\nown:3;;own:4;;;same;;\n"


def test_a_workbook_is_read_but_not_rewritten(tmp_path):
    import openpyxl

    path = tmp_path / "decisions.xlsx"
    book = openpyxl.Workbook()
    book.active.append(list(list_decision_columns()))
    book.active.append(["own:1", None, "own:2", None, None, "same", None, None])
    book.save(path)
    assert read_decisions(path)["decision"].tolist() == ["same"]
    with pytest.raises(ParameterError, match="CSV"):
        plan_decisions(path, [])


def test_names_of_real_records_go_through(path):
    from cip.assets.settle import settle_records

    records = make_table(
        tell("own:1", "Asher Hall", "community_centre", x=0.0),
        tell("osm_places:n1", "Asher Hall", "arts_venue", x=9.0),
    )
    write_review(path, settle_records(records).pairs)
    assert read_decisions(path)["asset_id_a"].tolist() == ["osm_places:n1"]
