"""Walks on a small network, worked out by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from cip.assets.walking import WalkNetwork, load_network, make_network
from cip.store import Store

from ..support.hand_store import write_store

# Two streets, 100 m apart, joined at the western end alone; a stray path in the north.
#   3 ---- 4 ---- 5     (y 100)
#   |
#   0 ---- 1 ---- 2     (y 0)
POINTS = np.array(
    [(0, 0), (100, 0), (200, 0), (0, 100), (100, 100), (200, 100), (5000, 5000), (5050, 5000)],
    dtype=float,
)
PAIRS = np.array([(0, 1), (1, 2), (0, 3), (3, 4), (4, 5), (6, 7)])
METRES = np.array([100, 100, 100, 100, 130, 50], dtype=float)


def make(**more) -> WalkNetwork:
    network = make_network(POINTS[:, 0], POINTS[:, 1], PAIRS[:, 0], PAIRS[:, 1], METRES, **more)
    assert network is not None
    return network


def test_around_the_end_of_two_streets() -> None:
    """From 10 m south of (150, 0) west to the end, up, and east to (50, 100): 10+150+100+50."""
    metres, place = make().distances_to_nearest([(150, -10)], [(50, 100)])
    assert metres == pytest.approx([310])
    assert place.tolist() == [0]


def test_nearest_of_two_by_foot_is_not_the_nearest_by_eye() -> None:
    homes = [(200, 0)]
    # 100 m away across the gap, but 530 m on foot; the other is 190 m along the street.
    metres, place = make().distances_to_nearest(homes, [(200, 100), (10, 0)])
    assert metres == pytest.approx([190], abs=1e-4)
    assert place.tolist() == [1]


def test_part_of_a_bent_way_is_its_share() -> None:
    """The way from 4 to 5 is 130 m long: half of it is 65 m."""
    metres, _ = make().distances_to_nearest([(150, 100)], [(100, 100)])
    assert metres == pytest.approx([65], abs=1e-4)


def test_several_points_on_one_way() -> None:
    homes = [(20, 3), (90, -4), (50, 0)]
    metres, place = make().distances_to_nearest(homes, [(30, 2), (70, 1), (70, 0)])
    assert metres == pytest.approx([3 + 10 + 2, 4 + 20, 20], abs=1e-4)
    assert place.tolist() == [0, 2, 2]


def test_same_place() -> None:
    metres, place = make().distances_to_nearest([(30, 0)], [(30, 0)])
    assert metres == pytest.approx([0], abs=1e-3)
    assert place.tolist() == [0]


def test_point_too_far_from_every_way() -> None:
    homes = [(100, -249), (100, -251), (np.nan, 0)]
    network = make()
    metres, place = network.distances_to_nearest(homes, [(100, 0)])
    assert metres[0] == pytest.approx(249)
    assert np.isnan(metres[1:]).all()
    assert place.tolist() == [0, -1, -1]
    # A place too far off is passed over: there is none then.
    metres, place = network.distances_to_nearest([(100, 0)], [(100, 900)])
    assert metres.tolist() == [np.inf]
    assert place.tolist() == [-1]


def test_limit() -> None:
    network = make()
    for limit, expected in ((199, np.inf), (201, 200)):
        metres, _ = network.distances_to_nearest([(0, 0)], [(200, 0)], limit)
        assert metres == pytest.approx([expected], abs=1e-4)


def test_stray_piece_takes_no_points() -> None:
    """Two of eight points are a quarter of all, so that they count; beside 200 others they do not."""
    near_stray = [(5020, 5000)]
    metres, _ = make().distances_to_nearest(near_stray, [(5000, 5000)])
    assert metres == pytest.approx([20], abs=1e-4)
    along = np.arange(300) * 10.0
    x, y = np.r_[POINTS[:, 0], along], np.r_[POINTS[:, 1], np.full(300, 100.0)]
    start = np.r_[PAIRS[:, 0], 3, np.arange(8, 307)]
    end = np.r_[PAIRS[:, 1], 8, np.arange(9, 308)]
    lengths = np.r_[METRES, 1, np.full(299, 10.0)]
    network = make_network(x, y, start, end, lengths)
    metres, _ = network.distances_to_nearest(near_stray, [(5000, 5000)])
    assert np.isnan(metres).all()


def test_window_cuts_with_a_margin() -> None:
    assert len(make(window=(0, 0, 100, 100)).x) == 6
    far = make_network(
        POINTS[:, 0], POINTS[:, 1], PAIRS[:, 0], PAIRS[:, 1], METRES,
        window=(90_000, 90_000, 90_001, 90_001),
    )  # fmt: skip
    assert far is None


def test_what_the_extract_does_not_cover_takes_no_points() -> None:
    covered = np.array([True, True, False, True, True, True, True, True])
    network = make(covered=covered)
    # The way from 1 to 2 leaves the extract: the nearest one that does not is the end of 0 to 1.
    metres, _ = network.distances_to_nearest([(190, 0)], [(0, 0)])
    assert metres == pytest.approx([90 + 100], abs=1e-4)


def test_all_pairs_within_a_limit() -> None:
    homes, places = [(0, 0), (200, 0)], [(100, 0), (0, 100), (900, 900)]
    person, place, metres = make().join(homes, places).find_all(150)
    found = {(p, q): round(m, 3) for p, q, m in zip(person, place, metres, strict=True)}
    assert found == {(0, 0): 100, (1, 0): 100, (0, 1): 100}


def write_network(folder) -> Store:
    ids = np.array([40, 10, 20, 30, 50, 60, 70, 80])
    nodes = pd.DataFrame({"node_id": ids, "x": POINTS[:, 0], "y": POINTS[:, 1]})
    nodes = nodes.assign(in_extract=pd.array([True] * 8, dtype="boolean"))
    edges = pd.DataFrame({"from_node": ids[PAIRS[:, 0]], "to_node": ids[PAIRS[:, 1]]})
    edges["metres"] = METRES
    return write_store(folder, {"osm_walk_nodes": nodes, "osm_walk_edges": edges})


def test_network_of_the_store(tmp_path) -> None:
    network = load_network(write_network(tmp_path))
    metres, _ = network.distances_to_nearest([(150, -10)], [(50, 100)])
    assert metres == pytest.approx([310])


def test_store_without_a_network(tmp_path) -> None:
    assert load_network(Store(tmp_path)) is None
