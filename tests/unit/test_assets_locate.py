"""Assets without coordinates: the point of their postcode, else of its output area, else none."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from cip.assets.locate import locate_records, read_postcode_points
from cip.assets.record import make_records
from cip.store import Store

from ..support.reading import fetch
from .test_sources_places import write

CODEPOINT = [
    '"OX1 1AA",10,450000,206000,"E92000001","","","","E07000178",""',
    '"OX101ZZ",50,461000,190000,"E92000001","","","","E07000178",""',
    '"OX1 1AB",90,0,0,"E92000001","","","","E07000178",""',
]
LOOKUP = [
    "pcds,doterm,oa11cd",
    "OX1 1AA,,E00145477",
    "OX1 1AB,,E00145478",
    "OX1 1AD,201901,E00145477",
    "OX1 1AE,,E00999999",
]
CENTRES = ["OA21CD,x,y", "E00145477,450100,206100", "E00145478,450200,206200"]


@pytest.fixture
def store(folder: Path) -> Store:
    write(folder, CODEPOINT, "ox.csv")
    write(folder, LOOKUP, "lookup.csv")
    write(folder, CENTRES, "oa.csv")
    return fetch(folder)


def make(rows: list[tuple[str, str | None, float | None]]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["asset_id", "postcode", "x"])
    return make_records(
        table.assign(y=table["x"], name=table["asset_id"], source_id="own", asset_type="school")
    )


def test_points_come_from_code_point_then_from_output_areas(store: Store) -> None:
    points = read_postcode_points(store)
    assert points.index.tolist() == ["OX11AA", "OX101ZZ", "OX11AB", "OX11AD"]
    assert points.loc["OX11AA"].tolist() == [450_000, 206_000, "postcode"]
    # Quality 90 has no point; the output area of 2011 that did not change has.
    assert points.loc["OX11AB"].tolist() == [450_200, 206_200, "output area"]
    assert points.loc["OX11AD"].tolist() == [450_100, 206_100, "output area"]


def test_points_are_read_once_for_a_state_of_the_store(store: Store) -> None:
    assert read_postcode_points(store) is read_postcode_points(Store(store.root))


def test_an_empty_store_has_no_points(tmp_path: Path) -> None:
    points = read_postcode_points(Store(tmp_path))
    assert points.empty
    assert points.columns.tolist() == ["x", "y", "located_by"]
    placed, notes = locate_records(make([("a", "OX1 1AA", None)]), points)
    assert placed["located_by"].isna().all()
    assert any("postcode_points" in note for note in notes)


@pytest.mark.parametrize("written", ["OX1 1AA", "ox11aa", " OX1  1AA ", "OX11AA"])
def test_postcodes_in_any_way_of_writing(store: Store, written: str) -> None:
    placed, _ = locate_records(make([("a", written, None)]), read_postcode_points(store))
    assert placed.loc[0, ["x", "y", "located_by"]].tolist() == [450_000, 206_000, "postcode"]


def test_every_record_is_kept_and_told_of(store: Store) -> None:
    records = make([
        ("given", "OX1 1AA", 451_111.0), ("by postcode", "OX10 1ZZ", None),
        ("by area", "OX1 1AB", None), ("unknown", "OX9 9ZZ", None), ("none", None, None),
    ])  # fmt: skip
    placed, notes = locate_records(records, read_postcode_points(store))
    assert placed["asset_id"].tolist() == records["asset_id"].tolist()
    assert placed["located_by"].fillna("").tolist() == [
        "given", "postcode", "output area", "", "",
    ]  # fmt: skip
    assert placed["x"].fillna(0).tolist() == [451_111, 461_000, 450_200, 0, 0]
    assert notes == [
        "The community's own list: of 5, 1 placed by their postcode, which stands for about 15 "
        "addresses; 1 placed by the output area of their postcode, about 130 homes; 2 without a "
        "place."
    ]
    assert records["located_by"].isna().all()  # what was given is left alone


def test_half_a_point_is_none(store: Store) -> None:
    records = make([("a", "OX1 1AA", 1.0), ("b", None, 1.0)])
    records["y"] = float("nan")
    placed, _ = locate_records(records, read_postcode_points(store))
    assert placed["x"].fillna(-1).tolist() == [450_000, -1]


def test_a_word_on_how_it_was_placed_is_kept(store: Store) -> None:
    records = make([("a", None, 1.0)]).assign(located_by="postcode")
    placed, _ = locate_records(records, read_postcode_points(store))
    assert placed["located_by"].tolist() == ["postcode"]


def test_nothing_is_said_where_all_have_their_own_point(store: Store) -> None:
    assert locate_records(make([("a", None, 1.0)]), read_postcode_points(store))[1] == []
