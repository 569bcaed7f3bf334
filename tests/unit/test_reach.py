"""Reach: people within a walk of each type of asset, and where they are not."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from cip.assets.reach import (
    convert_minutes,
    list_gaps,
    list_people,
    list_possible_types,
    measure_reach,
)
from cip.assets.walking import make_network
from cip.errors import SourceError
from cip.register import Register

LINE, NETWORK = "straight line x 1.3", "walking network"


def make_people(*rows, level="oa") -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["point_id", "lsoa21_code", "x", "y", "population"])
    return table.assign(level=level).astype({"population": "float64"})


def make_assets(*rows) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["asset_id", "asset_type", "x", "y"])


PEOPLE = make_people(
    ("a", "L1", 0, 0, 100), ("b", "L1", 1000, 0, 300), ("c", "L2", 5000, 0, 200),
)  # fmt: skip
ASSETS = make_assets(
    ("s1", "school", 100, 0), ("s2", "school", 1600, 0), ("s3", "school", np.nan, np.nan),
    ("p1", "pharmacy", 0, 300),
)  # fmt: skip


def measure(people=PEOPLE, assets=ASSETS, **more):
    settings = {"types": ["school"], "distances_m": [400, 800], "minutes": [10]}
    return measure_reach(people, assets, **(settings | more))


def test_straight_lines_by_hand() -> None:
    """Of 600 people, those at a are 130 m away, at b 780 m (600 x 1.3), at c 4,420 m."""
    result = measure()
    table = result.table.set_index(["within", "unit"])
    assert table["population_reached"].to_dict() == {
        (400, "metres"): 100, (800, "metres"): 400, (10, "minutes"): 400,
    }  # fmt: skip
    assert table["share"].tolist() == pytest.approx([100 / 600, 400 / 600, 400 / 600])
    assert set(table["method"]) == {LINE}
    assert set(table["assets"]) == {2}
    assert result.unplaced == {"school": 1}
    assert result.points["metres"].tolist() == pytest.approx([130, 780, 4420])
    assert result.points["asset_id"].tolist() == ["s1", "s2", "s2"]
    assert result.level == "oa"


def test_share_of_people_and_not_of_points() -> None:
    result = measure(distances_m=[200], minutes=[])
    assert result.table["share"].tolist() == pytest.approx([100 / 600])


def test_places_tell_the_middle_resident_and_who_is_beyond() -> None:
    places = measure(gap_m=500).places.set_index("lsoa21_code")
    # In L1 three of four residents live at b.
    assert places.loc["L1", "nearest_m"] == pytest.approx(780)
    assert places.loc["L1", "nearest_asset_id"] == "s2"
    assert places["population"].to_dict() == {"L1": 400, "L2": 200}
    assert places["population_beyond"].to_dict() == {"L1": 300, "L2": 200}


def test_gaps_are_the_places_with_people_beyond() -> None:
    result = measure(types=["school", "pharmacy"])
    gaps = list_gaps(result, 1000)
    assert gaps[["asset_type", "lsoa21_code"]].to_numpy().tolist() == [
        ["school", "L2"], ["pharmacy", "L1"], ["pharmacy", "L2"],
    ]  # fmt: skip
    assert gaps["population_beyond"].tolist() == [200, 300, 200]
    assert list_gaps(result, 9000).empty


def test_type_without_an_asset_reaches_nobody() -> None:
    result = measure(types=["library"], known_types=["library"])
    assert result.table["assets"].tolist() == [0, 0, 0]
    assert result.table["share"].tolist() == [0, 0, 0]
    assert result.table["method"].isna().all()
    assert result.places["population_beyond"].tolist() == [400, 200]
    assert result.places["nearest_m"].isna().all()


def test_type_that_no_source_could_show_is_not_known() -> None:
    result = measure(types=["library", "school"], known_types=[])
    table = result.table.set_index("asset_type")
    assert table.loc["library", ["population_reached", "share"]].isna().all(axis=None)
    assert table.loc["library", "population"].tolist() == [600] * 3
    # It is there, whatever the sources say.
    assert table.loc["school", "share"].notna().all()
    places = result.places.set_index("asset_type")
    assert places.loc["library", "population_beyond"].isna().all()
    assert set(list_gaps(result, 1000)["asset_type"]) == {"school"}


def test_missing_population_is_not_a_part_of_the_whole() -> None:
    people = make_people(("a", "L1", 0, 0, 100), ("b", "L2", 100, 0, np.nan))
    result = measure(people=people)
    assert result.table[["population", "population_reached", "share"]].isna().all(axis=None)
    places = result.places.set_index("lsoa21_code")
    assert places.loc["L1", "population"] == 100
    assert np.isnan(places.loc["L2", "population"])
    assert np.isnan(places.loc["L2", "population_beyond"])


def test_types_named_twice_are_measured_once() -> None:
    assert len(measure(types=["school", "school"]).table) == 3


def test_no_people() -> None:
    result = measure(people=PEOPLE.iloc[:0])
    assert result.points.empty
    assert list_gaps(result, 100).empty


# ----------------------------------------------------------------------------- on a network


def make_street():
    """Return two parallel streets 100 m apart, joined at the western end alone."""
    x = np.array([0, 1000, 0, 1000], dtype=float)
    y = np.array([0, 0, 100, 100], dtype=float)
    return make_network(
        x, y, np.array([0, 0, 2]), np.array([1, 2, 3]), np.array([1000.0, 100, 1000])
    )


def test_network_goes_around_where_the_line_goes_across() -> None:
    people = make_people(("a", "L1", 500, 0, 100))
    assets = make_assets(("s", "school", 500, 100))
    across = measure(people, assets).points.iloc[0]
    around = measure(people, assets, network=make_street()).points.iloc[0]
    assert (across["metres"], across["method"]) == (130, LINE)
    assert (round(around["metres"], 3), around["method"]) == (1100, NETWORK)


def test_people_and_assets_off_the_network_are_measured_by_line_and_told() -> None:
    people = make_people(("on", "L1", 500, 0, 100), ("off", "L1", 500, -600, 100))
    assets = make_assets(("near", "school", 900, 0), ("far", "school", 500, -700))
    result = measure(people, assets, network=make_street(), distances_m=[600], minutes=[])
    points = result.points.set_index("point_id")
    # On the street 400 m beat 910 m by line; off it 130 m by line.
    assert points["metres"].tolist() == pytest.approx([400, 130], abs=1e-3)
    assert points["asset_id"].tolist() == ["near", "far"]
    assert points["method"].tolist() == [NETWORK, LINE]
    assert result.table["method"].tolist() == ["mixed"]
    assert result.off_network == {"people": 1, "assets": 1}


def test_asset_off_the_network_counts_for_people_on_it() -> None:
    people = make_people(("on", "L1", 500, 0, 100))
    result = measure(people, make_assets(("far", "school", 500, -400)), network=make_street())
    assert result.points["metres"].tolist() == pytest.approx([520])
    assert result.points["method"].tolist() == [LINE]


def test_minutes_at_the_pace_of_the_catalogue() -> None:
    assert [convert_minutes(m) for m in (5, 10, 15)] == [400, 800, 1200]


# ------------------------------------------------------------------------------------ people


def make_register(*, counts=(100, 300, 200)) -> Register:
    oas = pd.DataFrame(
        {
            "oa21_code": ["O1", "O2", "O3"],
            "lsoa21_code": ["L1", "L1", "L2"],
            "x": [0.0, 10.0, 20.0],
            "y": [0.0, 0.0, 0.0],
            "population": pd.array(counts, dtype="Int64"),
        }
    )
    lsoas = pd.DataFrame({"population": pd.array([405, 201], dtype="Int64")}, index=["L1", "L2"])
    empty = pd.DataFrame()
    return Register(lsoas, empty, empty, empty, empty, readers={"oas": lambda: oas})


CENTROIDS = pd.DataFrame({"area_code": ["L1", "L2"], "x": [8.0, 20.0], "y": [0.0, 0.0]})


def test_people_by_output_area() -> None:
    people = list_people(make_register(), ["L1"], CENTROIDS)
    assert people["point_id"].tolist() == ["O1", "O2"]
    assert people["population"].tolist() == [100, 300]
    assert set(people["level"]) == {"oa"}


def test_one_output_area_without_a_count_makes_all_lsoas() -> None:
    people = list_people(make_register(counts=(100, None, 200)), ["L1", "L2"], CENTROIDS)
    assert people["point_id"].tolist() == ["L1", "L2"]
    assert people["population"].tolist() == [405, 201]
    assert people["x"].tolist() == [8, 20]
    assert set(people["level"]) == {"lsoa"}


def test_output_areas_of_other_lsoas_do_not_matter() -> None:
    people = list_people(make_register(counts=(100, None, 200)), ["L2"], CENTROIDS)
    assert people["level"].tolist() == ["oa"]


@pytest.mark.parametrize("centroids", [None, CENTROIDS.iloc[:1]])
def test_no_centres_is_said(centroids) -> None:
    with pytest.raises(SourceError, match="centroid_lsoa21"):
        list_people(make_register(counts=(None, None, None)), ["L1", "L2"], centroids)


def test_types_that_the_store_could_show() -> None:
    assert "school" in list_possible_types(["places_schools"])
    assert "defibrillator" not in list_possible_types(["places_schools"])
    assert "defibrillator" in list_possible_types(["osm_places"])
