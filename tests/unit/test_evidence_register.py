"""What the chapters enter in the ledger, from the tables that they hand over."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from cip.evidence.register import (
    read_source,
    register_area,
    register_assets,
    register_data,
    register_voices,
)
from cip.evidence.words import (
    clean_words,
    count_things,
    lower_first,
    make_evidence_id,
    quote_words,
    write_date,
    write_sentence,
)
from cip.schemas import SCHEMAS
from cip.schemas.evidence import EVIDENCE_COLUMNS
from cip.store import Store
from cip.workspace import Workspace, open_workspace

NONE = "Z: no such input"


def make_table(name: str, *rows: dict) -> pd.DataFrame:
    columns = SCHEMAS[name].columns
    empty = {"text": "", "number": float("nan"), "count": None, "flag": None}
    filled = [{c: empty[kind] for c, kind in columns.items()} | row for row in rows]
    table = pd.DataFrame(filled, columns=list(columns))
    for column, kind in columns.items():
        if kind in ("count", "flag"):
            table[column] = table[column].astype("Int64" if kind == "count" else "boolean")
    return table


@pytest.fixture
def workspace(root, tmp_path) -> Workspace:
    return open_workspace(
        str(root / "params" / "demo.yml"), str(tmp_path / "store"), str(tmp_path / "outputs")
    )


@pytest.fixture
def bare(root, tmp_path) -> Workspace:
    """The same area without any input of its own."""
    lines = (root / "params" / "demo.yml").read_text("utf-8").splitlines(keepends=True)
    start = next(n for n, line in enumerate(lines) if line.startswith("inputs:"))
    end = next(n for n in range(start + 1, len(lines)) if not lines[n].startswith(" "))
    path: Path = tmp_path / "demo.yml"
    path.write_text("".join(lines[:start] + lines[end:]), "utf-8")
    return open_workspace(str(path), str(tmp_path / "store"), str(tmp_path / "outputs"))


def test_without_inputs_voices_and_insight_have_no_entries(bare):
    for table in (register_area(bare), register_voices(bare)):
        assert list(table.columns) == list(EVIDENCE_COLUMNS)
        assert table.empty


def test_tables_that_an_earlier_run_left_behind_are_not_evidence(bare):
    bare.save(
        insight=make_table("insight", {"insight_id": "old", "validity": "valid"}),
        quotes=make_table("quotes", {"quote_id": "Q1", "theme_id": "t", "text": "Old words."}),
        themes=make_table("themes", {"theme_id": "t", "voice": "all", "people": 9}),
    )
    assert register_area(bare).empty
    assert register_voices(bare).empty


def test_figures_are_entered_without_a_store_too(workspace):
    row = {"indicator_id": "social_rented", "area_role": "profile", "area_code": "demo",
           "area_name": "Teaspoon Common", "value": 20.0, "unit": "%", "is_suppressed": False,
           "period": "2021", "period_order": 2021.0, "source_id": "ts054"}  # fmt: skip
    workspace.save(
        indicators=make_table("indicators", row),
        missing_indicators=make_table("missing_indicators"),
        areas=make_table("areas", {"area_code": "demo", "area_role": "profile"}),
    )
    (entry,) = register_data(workspace).to_dict("records")
    assert (entry["evidence_id"], entry["source_ids"]) == ("data:social_rented", "ts054")
    assert (entry["kind"], entry["source"]) == ("data", "")


def test_a_product_that_is_not_there_has_no_words(tmp_path):
    assert read_source(Store(tmp_path), "ts054") is None
    assert read_source(Store(tmp_path), NONE) is None


def test_assets_and_reach_stand_in_one_table(workspace):
    workspace.save(
        assets=make_table("assets", {"asset_id": "own:a", "name": "A club", "kind": "soft",
                                     "asset_type": "activity", "sources": "own",
                                     "is_inside": True}),
        asset_balance=make_table("asset_balance", {"asset_type": "activity", "inside": 1,
                                                   "nearby": 0, "unplaced": 0}),
        reach=make_table("reach", {"asset_type": "library", "within": 400.0, "unit": "metres",
                                   "assets": 1, "population": 10.0, "share": 0.0}),
        reach_places=make_table("reach_places", {"asset_type": "library", "lsoa21_code": "Z1",
                                                 "population": 10.0, "population_beyond": 10.0}),
    )  # fmt: skip
    table = register_assets(workspace).set_index("evidence_id")
    assert list(table.index) == ["asset:activity", "asset:own:a", "reach:library"]
    assert table.at["reach:library", "direction"] == "challenge"


def test_insight_is_entered_where_the_area_names_its_register(workspace):
    row = {"insight_id": "a_b", "title": "A b", "owner": "The council", "what_it_says": "So.",
           "published": "2025-01-02", "stage": "published", "validity": "valid"}  # fmt: skip
    workspace.save(insight=make_table("insight", row))
    assert register_area(workspace)["evidence_id"].to_list() == ["insight:a_b"]


# ---------------------------------------------------------------- words


def test_ids_keep_names_that_can_be_cited():
    assert make_evidence_id("asset", "own:friday-larder-zz12hb") == "asset:own:friday-larder-zz12hb"
    assert make_evidence_id("quote", "Q 1") != make_evidence_id("quote", "Q/1")
    assert make_evidence_id("quote", "") == make_evidence_id("quote", "")


def test_words_from_outside_are_cleaned():
    assert clean_words("a\n b\u202e  c") == "a b c"
    assert clean_words(None) == clean_words(float("nan")) == clean_words(pd.NA) == ""
    assert quote_words("It is. So.") == "“It is. So”"
    assert quote_words("Well…") == "“Well…”"


def test_sentences_numbers_and_dates():
    assert write_sentence(" a  b.. ") == "a b."
    assert lower_first("The table") == "the table"
    assert lower_first("GP lists") == "GP lists"
    assert count_things(2_000, "library", "libraries") == "2,000 libraries"
    assert count_things(0, "library", "libraries") == "no libraries"
    assert write_date("2026-05-01") == "1 May 2026"
    assert (write_date("2026"), write_date(None)) == ("2026", "")
