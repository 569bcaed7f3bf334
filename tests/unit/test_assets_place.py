"""Where assets lie, how fresh they are, and how they are counted."""

from __future__ import annotations

from datetime import date

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from cip.assets.abcd import MOST_NAMES, tabulate_abcd
from cip.assets.balance import count_balance, count_functions, measure_density
from cip.assets.place import find_stale, find_window, place_assets
from cip.assets.record import join_records, make_records, split_parts
from cip.catalogue.asset_types import load_asset_types
from cip.catalogue.building_blocks import load_topics
from cip.schemas import SCHEMAS
from cip.tables import check_table

TODAY = date(2026, 6, 1)
#: Two squares of 1 km beside each other, on the National Grid.
WEST, SOUTH = 600_000.0, 400_000.0


def make_shapes() -> gpd.GeoDataFrame:
    squares = [
        shapely.box(WEST + k * 1000, SOUTH, WEST + (k + 1) * 1000, SOUTH + 1000) for k in (0, 1)
    ]
    frame = gpd.GeoDataFrame({"area_code": ["Z01", "Z02"]}, geometry=squares, crs="EPSG:27700")
    return frame.to_crs("EPSG:4326")


def make_boundary() -> gpd.GeoDataFrame:
    outline = shapely.box(WEST, SOUTH, WEST + 2000, SOUTH + 1000)
    frame = gpd.GeoDataFrame({"area_code": ["demo"]}, geometry=[outline], crs="EPSG:27700")
    return frame.to_crs("EPSG:4326")


def make_asset(asset_id: str, asset_type: str = "library", **more) -> dict:
    entry = load_asset_types()[asset_type]
    return {
        "asset_id": asset_id,
        "name": more.pop("name", asset_id.title()),
        "asset_type": asset_type,
        "kind": entry.kind,
        "health_asset": entry.health_asset,
        "resource": entry.resource,
        "function": "; ".join(entry.function),
        "method": entry.method,
        "source_id": more.pop("source_id", "places_libraries"),
        **more,
    }


def settle(*assets: dict) -> pd.DataFrame:
    table = make_records(pd.DataFrame(list(assets)))
    return table.assign(sources=table["source_id"], records=1)


def place(*assets: dict, margin_m: float = 1600) -> pd.DataFrame:
    return run(*assets, margin_m=margin_m).table


def run(*assets: dict, margin_m: float = 1600):
    return place_assets(
        settle(*assets),
        make_shapes(),
        make_boundary(),
        margin_m=margin_m,
        today=TODAY,
        stale_after_months=24,
    )


def at(east: float, north: float) -> dict[str, float]:
    return {"x": WEST + east, "y": SOUTH + north}


def test_inside_near_and_far():
    table = place(
        make_asset("in", **at(500, 500)),
        make_asset("other", **at(1500, 500)),
        make_asset("near", **at(2500, 500)),
        make_asset("far", **at(9000, 500)),
    ).set_index("asset_id")
    assert list(table.index) == ["in", "other", "near"]
    assert table.loc[["in", "other"], "lsoa21_code"].tolist() == ["Z01", "Z02"]
    assert pd.isna(table.loc["near", "lsoa21_code"])
    assert table["is_inside"].tolist() == [True, True, False]
    assert table.loc["near", "distance_m"] == pytest.approx(500, abs=2)
    assert table.loc["in", "distance_m"] == 0
    assert table["number"].tolist() == [1, 2, 3]


def test_what_has_no_place_is_kept_where_it_is_the_areas_own_and_counted_where_it_is_not():
    placed = run(
        make_asset("here", **at(500, 500)),
        make_asset("mine", "mutual_aid", source_id="own"),
        make_asset("service", "activity", source_id="open_referral"),
        make_asset("somewhere"),
        make_asset("elsewhere"),
    )
    assert set(placed.table["asset_id"]) == {"here", "mine", "service"}
    assert placed.table["asset_id"].iloc[0] == "here"
    assert placed.table.set_index("asset_id")["is_inside"].isna().sum() == 2
    assert placed.unplaced.to_dict() == {"places_libraries": 2}


def test_an_own_asset_far_away_is_kept_and_marked_as_outside():
    table = place(make_asset("mine", "charity", source_id="own", **at(20_000, 0)))
    assert table["is_inside"].tolist() == [False]
    assert table["distance_m"].iloc[0] == pytest.approx(18_000, abs=30)


def test_a_point_on_the_common_edge_lies_in_one_small_area():
    shapes = make_shapes().to_crs("EPSG:27700")
    table = place_assets(
        settle(make_asset("edge", **at(1000, 500))),
        shapes,
        make_boundary(),
        margin_m=1600,
        today=TODAY,
        stale_after_months=24,
    ).table
    assert table["lsoa21_code"].tolist() == ["Z01"]


def test_the_table_is_the_one_that_is_handed_over():
    table = place(
        make_asset("in", last_checked="2026-01-02", **at(500, 500)),
        make_asset("mine", "mutual_aid", source_id="own"),
    )
    checked = check_table("assets", table)
    assert list(checked.columns) == list(SCHEMAS["assets"].columns)


def test_assets_come_by_place_layer_type_and_name():
    table = place(
        make_asset("b", name="beta", **at(1, 1)),
        make_asset("a", name="Alpha", **at(2, 2)),
        make_asset("gp", "gp_surgery", name="Zed", **at(3, 3)),
        make_asset("near", "gp_surgery", name="Aa", **at(2500, 3)),
        make_asset("own", "volunteers", name="Aa", source_id="own"),
    )
    assert table["asset_id"].tolist() == ["gp", "a", "b", "near", "own"]


@pytest.mark.parametrize(
    ("checked", "stale"),
    [
        ("2024-05-31", True),
        ("2024-06-01", False),
        ("2024-06", False),
        ("2024-05", True),
        ("2024", False),
        ("2023", True),
    ],
)
def test_a_check_is_never_called_older_than_it_is(checked, stale):
    assert find_stale(pd.Series([checked]), TODAY, 24).tolist() == [stale]


def test_no_date_is_neither_stale_nor_fresh():
    assert find_stale(pd.Series([None], dtype="str"), TODAY, 24).isna().all()


def test_the_window_is_the_area_with_its_margin():
    west, south, east, north = find_window(make_boundary(), 1000)
    assert (west, south) == pytest.approx((WEST - 1000, SOUTH - 1000), abs=3)
    assert (east, north) == pytest.approx((WEST + 3000, SOUTH + 2000), abs=3)
    assert find_window(make_boundary().iloc[:0], 1000) is None


def test_every_type_is_counted_and_none_is_invented():
    balance = count_balance(
        place(
            make_asset("a", **at(1, 1), last_checked="2015"),
            make_asset("b", **at(2500, 1)),
            make_asset("c", "charity", source_id="own", income=9_999.0),
            make_asset("d", "charity", **at(5, 5), income=10_000.0),
            make_asset("e", "charity", **at(2500, 5), income=5.0),
        )
    ).set_index("asset_type")
    assert list(balance.index) == list(load_asset_types())
    columns = ["inside", "nearby", "unplaced", "stale"]
    assert balance.loc["library", columns].tolist() == [1, 1, 0, 1]
    assert balance.loc["charity", columns].tolist() == [1, 1, 1, 0]
    # Ten thousand pounds are not below ten thousand, and what lies outside is not the area's.
    assert balance.loc["charity", ["known_income", "small_income"]].tolist() == [2, 1]
    assert balance[columns].to_numpy().sum() == 6
    check_table("asset_balance", balance.reset_index())


def test_groups_for_each_thousand_residents():
    assets = place(
        make_asset("a", "charity", **at(1, 1), income=100.0),
        make_asset("b", "community_group", source_id="own"),
        make_asset("c", "charity", **at(2500, 1), income=100.0),
        make_asset("d", **at(5, 5)),
        make_asset("e", "organisation", source_id="own"),
    )
    density = measure_density(assets, 4000)
    assert (density.groups, density.per_1000) == (2, 0.5)
    assert (density.known_income, density.community_sector) == (1, 1)
    assert measure_density(assets, None).per_1000 is None
    assert measure_density(assets, 0).per_1000 is None


def test_an_asset_counts_for_each_of_its_functions():
    assets = place(
        make_asset("a", **at(1, 1)),
        make_asset("b", **at(2500, 1)),
        {**make_asset("c", "charity", source_id="own"), "function": "food; housing"},
    )
    counts = count_functions(assets).set_index("topic")
    # Health itself has no assets but what serves a building block, unless a register says so.
    assert list(counts.index) == [name for name, t in load_topics().items() if t.has_assets]
    named = assets.assign(function="health_and_wellbeing")
    assert list(count_functions(named)["topic"]) == list(load_topics())
    assert counts.loc["education_and_skills", ["hard", "soft", "nearby"]].tolist() == [1, 0, 1]
    assert counts.loc["food", ["hard", "soft", "nearby"]].tolist() == [0, 1, 0]
    assert counts.loc["work", ["hard", "soft", "nearby"]].tolist() == [0, 0, 0]


def test_the_four_questions_are_answered_for_each_theme_and_type():
    table = tabulate_abcd(
        place(
            make_asset("a", name="Central", **at(1, 1)),
            make_asset("near", name="Elsewhere", **at(2500, 1)),
            {
                **make_asset("club", "activity", source_id="own", name="Lunch"),
                "resource": "A kitchen and six cooks",
                "last_reviewed": "2026-01-01",
                "still_active": False,
            },
        )
    )
    rows = table.set_index(["topic", "asset_type"])
    club = rows.loc[("family_friends_and_communities", "activity")]
    assert club["resource"] == "A kitchen and six cooks"
    assert (club["reviewed"], club["active"], club["ended"]) == (1, 0, 1)
    library = rows.loc[("education_and_skills", "library")]
    assert library["names"] == "Central"
    assert library["resource"] == load_asset_types()["library"].resource
    topics = list(dict.fromkeys(table["topic"]))
    assert topics == [name for name in load_topics() if name in topics]


def test_many_names_are_counted_and_not_listed():
    stops = [make_asset(f"s{k:02d}", "bus_stop", **at(k, 1)) for k in range(MOST_NAMES + 1)]
    row = tabulate_abcd(place(*stops)).iloc[0]
    assert (row["assets"], row["names"]) == (MOST_NAMES + 1, "")


def test_an_area_without_assets_gives_empty_tables():
    nothing = place(make_asset("far", **at(90_000, 1)))
    assert nothing.empty
    assert tabulate_abcd(nothing).empty
    assert count_balance(nothing)["inside"].sum() == 0
    assert count_functions(nothing)["hard"].sum() == 0
    assert measure_density(nothing, 1000).per_1000 == 0


def test_records_have_every_column_and_ids_of_their_own():
    table = make_records(pd.DataFrame({"asset_id": ["a", "b"], "x": [1, None]}))
    assert table["x"].dtype == "float64"
    assert table["still_active"].dtype == "boolean"
    assert len(join_records([table, table.iloc[:0]])) == 2
    assert join_records([]).empty
    for wrong in ({"asset_id": ["a", "a"]}, {"asset_id": ["a", None]}, {"colour": ["red"]}):
        with pytest.raises(ValueError, match="record"):
            make_records(pd.DataFrame(wrong))
    assert split_parts("a; b;; ") == ["a", "b"]
    assert split_parts(float("nan")) == []
