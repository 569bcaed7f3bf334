"""Streets under a map of assets: read from OpenStreetMap, thinned, packed, drawn and cited."""

from __future__ import annotations

import json
import re
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from cip.assets.streets import read_streets
from cip.catalogue.sources import mark_invented
from cip.catalogue.walking import STREET_KINDS, load_walking
from cip.display import asset_streets
from cip.display.asset_map import map_assets
from cip.display.asset_streets import list_names, pack_streets, place_names, thin_streets

from ..support.assets import SIDE, SOUTH, WEST, make_assets, make_backdrop, make_boundary
from ..support.hand_store import write_store
from .test_osm import fetch, node, way, write_osm

ATTRIBUTION = "© OpenStreetMap contributors, ODbL 1.0"


def make_streets(*rows: tuple[str, str | None, list[tuple[float, float]]]) -> gpd.GeoDataFrame:
    """Return streets by kind, name and points, in metres from the neighbourhood's corner."""
    return gpd.GeoDataFrame(
        {
            "kind": pd.Series([r[0] for r in rows], dtype="str"),
            "name": pd.Series([r[1] for r in rows], dtype="str"),
        },
        geometry=[shapely.LineString([(WEST + x, SOUTH + y) for x, y in r[2]]) for r in rows],
        crs="EPSG:27700",
    )


STREETS = make_streets(
    ("path", None, [(1_000, 1_000), (1_100, 1_050)]),
    ("street", "Fern <b>Lane</b>", [(300, 900), (600, 903), (900, 900), (900, 1_300)]),
    ("main", "Mill Road", [(0, 1_200), (2_400, 1_210)]),
)


def draw(streets: gpd.GeoDataFrame | None, source_line: str = "Source: lists."):
    return map_assets(
        make_assets(20),
        make_boundary(),
        make_backdrop(),
        title="Assets",
        block_id="assets",
        source_line=source_line,
        streets=streets,
    )


def read_data(frame_html: str) -> dict:
    found = re.search(r'id="cip-data">(.*?)</script>', frame_html, re.DOTALL)
    return json.loads(found[1])


# ---- From the file into the store


def test_ways_that_are_drawn_are_read_with_kind_and_name(tmp_path: Path) -> None:
    path = write_osm(
        tmp_path,
        *[node(n, n, 0) for n in range(1, 4)],
        node(4, 2, 0.01),
        node(5, 3, 4),
        way(1, [1, 4, 3], highway="primary", name=" High  Street ", access="private"),
        way(2, [3, 5], highway="residential", name="ring 01865 960 123"),
        way(3, [1, 2], highway="footway", footway="sidewalk"),
        way(4, [1, 2], highway="service", service="driveway"),
        way(5, [2, 3], highway="proposed"),
        way(6, [1, 99], highway="footway"),
        way(7, [1, 3], highway="motorway"),
    )
    streets = fetch(path, tmp_path).read("osm_streets")
    assert streets[["way_id", "kind"]].to_numpy().tolist() == [
        [1, "main"], [2, "street"], [7, "main"],
    ]  # fmt: skip
    assert streets.loc[0, "name"] == "High Street"
    assert pd.isna(streets.loc[1, "name"])
    # Node 4 lies about a metre off the straight line.
    line = shapely.from_wkt(streets.loc[0, "line"])
    assert shapely.get_num_points(line) == 2
    assert line.length == pytest.approx(200, abs=2)
    assert shapely.get_coordinates(line).tolist() == shapely.get_coordinates(line).round().tolist()


def test_a_file_without_streets_has_no_such_table(tmp_path: Path) -> None:
    store = fetch(write_osm(tmp_path, node(1, 0, 0, shop="bakery")), tmp_path)
    assert not store.has("osm_streets")
    assert read_streets(store, None) is None


def test_every_kind_of_street_is_of_one_kind() -> None:
    kinds = [getattr(load_walking().streets, kind) for kind in STREET_KINDS]
    assert sum(map(len, kinds)) == len(frozenset().union(*kinds))


def test_streets_are_cut_at_the_window(tmp_path: Path) -> None:
    table = pd.DataFrame(
        {
            "way_id": [1, 2],
            "kind": ["main", "path"],
            "name": ["Mill Road", None],
            "line": ["LINESTRING (0 50, 40 50, 40 150, 60 150, 60 50, 200 50)",
                     "LINESTRING (500 500, 600 600)"],
        }
    )  # fmt: skip
    store = write_store(tmp_path, {"osm_streets": table})
    found = read_streets(store, (0.0, 0.0, 100.0, 100.0))
    assert found["kind"].tolist() == ["main", "main"]
    assert found.total_bounds.tolist() == [0, 50, 100, 100]
    assert len(read_streets(store, None)) == 2
    assert read_streets(store, (900.0, 900.0, 950.0, 950.0)) is None


def test_a_network_alone_gives_streets_without_kind_and_name(tmp_path: Path) -> None:
    nodes = pd.DataFrame({"node_id": [7, 3], "x": [0.0, 10.0], "y": [0.0, 5.0], "in_extract": True})
    edges = pd.DataFrame({"from_node": [3], "to_node": [7], "metres": [12.0]})
    store = write_store(tmp_path, {"osm_walk_nodes": nodes, "osm_walk_edges": edges})
    found = read_streets(store, None)
    assert found["kind"].tolist() == ["street"]
    assert found["name"].isna().all()
    assert found.geometry.iloc[0].equals(shapely.LineString([(10, 5), (0, 0)]))


# ---- Thinned


def test_main_streets_go_first_and_then_what_is_nearest() -> None:
    def make(kind: str, x: float) -> tuple[str, None, list[tuple[float, float]]]:
        return kind, None, [(x, 1_000), (x + 100, 1_000)]

    streets = make_streets(
        make("path", 1_000), make("street", 6_000), make("street", 1_000), make("main", 9_000)
    )
    for room, kept in (
        (8, [9_000, 1_000, 6_000, 1_000]),
        (7, [9_000, 1_000, 6_000]),
        (5, [9_000, 1_000]),
        (2, [9_000]),
    ):
        thin = thin_streets(streets, make_boundary(), most_points=room)
        assert (thin.geometry.bounds["minx"] - WEST).tolist() == kept


def test_small_bends_are_left_out_and_large_ones_stay() -> None:
    thin = thin_streets(STREETS, make_boundary(), most_points=1_000)
    sizes = dict(zip(thin["kind"], thin.geometry.count_coordinates(), strict=True))
    assert sizes == {"main": 2, "street": 3, "path": 2}


def test_names_are_those_of_long_streets() -> None:
    more = make_streets(
        ("street", "Short Close", [(0, 0), (30, 0)]),
        ("path", "The Long Walk", [(0, 0), (2_000, 0)]),
        ("street", "A" * 40, [(0, 0), (2_000, 0)]),
        ("street", "Mill Road", [(0, 50), (300, 50)]),
    )
    names = list_names(pd.concat([STREETS, more], ignore_index=True))
    assert names["name"].tolist() == ["Mill Road", "Fern <b>Lane</b>"]
    assert names.loc[0, "length"] == pytest.approx(2_700, abs=1)
    assert names.loc[0, ["x", "y"]].tolist() == [WEST + 1_200, SOUTH + 1_205]


def test_a_name_stands_where_nothing_lies() -> None:
    extent = (WEST, SOUTH, WEST + SIDE, SOUTH + SIDE)
    free = place_names(STREETS, extent, width_in=6.0, taken=[])
    assert [name for name, _, _ in free] == ["Mill Road", "Fern <b>Lane</b>"]
    _, x, y = free[0]
    assert (x, y) == (pytest.approx(3.0, abs=0.01), pytest.approx(3.01, abs=0.01))
    held = place_names(STREETS, extent, width_in=6.0, taken=[(x - 0.05, y - 0.05, x, y)])
    assert [name for name, _, _ in held] == ["Fern <b>Lane</b>"]


# ---- On the maps


def test_packed_lines_are_the_lines() -> None:
    packed = pack_streets(STREETS, make_boundary())
    assert [len(packed["lines"][kind]) for kind in STREET_KINDS] == [1, 1, 1]
    steps = np.array(packed["lines"]["main"][0]).reshape(-1, 2)
    degrees = steps.cumsum(axis=0) / 1e5
    line = gpd.GeoSeries([shapely.LineString(degrees[:, ::-1])], crs="EPSG:4326")
    drawn = line.to_crs("EPSG:27700").iloc[0]
    assert shapely.hausdorff_distance(drawn, STREETS.geometry.iloc[2]) < 1.5


def test_streets_are_under_both_maps_and_cited() -> None:
    with_streets, without = draw(STREETS), draw(None)
    assert with_streets.source_line == f"Source: lists. Streets and paths: {ATTRIBUTION}."
    assert without.source_line == "Source: lists."
    assert "Streets and paths" in with_streets.frame_html
    assert "Streets and paths" not in without.frame_html
    assert "streets" not in read_data(without.frame_html)
    data = read_data(with_streets.frame_html)["streets"]
    assert [name for name, _, _ in data["names"]] == ["Mill Road", "Fern <b>Lane</b>"]
    assert "<b>Lane" not in with_streets.frame_html
    assert with_streets.svg.count("<path") > without.svg.count("<path")
    assert draw(STREETS).to_html() == with_streets.to_html()


def test_one_attribution_is_enough_and_invented_streets_have_none() -> None:
    assert draw(STREETS, f"Source: {ATTRIBUTION}.").source_line == (
        f"Source: {ATTRIBUTION}. Streets and paths: OpenStreetMap."
    )
    mark_invented(True)
    try:
        assert "contributors" not in draw(STREETS).source_line
    finally:
        mark_invented(False)


def test_a_dense_city_stays_light(monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(3)
    steps = random.normal(0, 30, (9_000, 8, 2)).cumsum(axis=1)
    starts = random.uniform(-1_600, SIDE + 1_600, (9_000, 1, 2))
    rows = [
        (STREET_KINDS[min(i // 500, 2)], f"Street {i}", line.tolist())
        for i, line in enumerate(starts + steps)
    ]
    streets, plain = make_streets(*rows), draw(None)
    full = draw(streets)
    assert len(full.to_html()) - len(plain.to_html()) < 320_000
    monkeypatch.setattr(asset_streets, "MOST_ON_SCREEN", 60_000)
    assert len(draw(streets).frame_html) > len(full.frame_html) + 100_000
