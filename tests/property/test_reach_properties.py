"""What must hold of reach whatever the map: more distance, more assets, more people reached."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cip.assets.reach import measure_reach
from cip.assets.walking import make_network

COORDINATE = st.integers(0, 1500)
SPOTS = st.lists(st.tuples(COORDINATE, COORDINATE), min_size=1, max_size=12)


def make_people(spots, counts) -> pd.DataFrame:
    table = pd.DataFrame(spots, columns=["x", "y"]).astype(float)
    table["population"] = np.resize(np.array(counts, dtype=float), len(table))
    table["point_id"] = [f"P{n}" for n in range(len(table))]
    return table.assign(lsoa21_code=[f"L{n % 3}" for n in range(len(table))], level="oa")


def make_assets(spots) -> pd.DataFrame:
    table = pd.DataFrame(spots, columns=["x", "y"]).astype(float)
    return table.assign(asset_id=[f"A{n}" for n in range(len(table))], asset_type="school")


def make_grid(columns: int, drop: frozenset[int], step: float = 150.0):
    """Return a lattice of streets from which some are left out, and the same for networkx."""
    place = np.arange(columns**2)
    x, y = place % columns * step, place // columns * step
    pairs = [(n, n + 1) for n in place if (n + 1) % columns]
    pairs += [(n, n + columns) for n in place if n + columns < columns**2]
    pairs = np.array([pair for k, pair in enumerate(pairs) if k not in drop])
    network = make_network(x, y, pairs[:, 0], pairs[:, 1], np.full(len(pairs), step))
    return network, pairs, x, y


def measure(people, assets, network=None, distances=(200, 400, 800, 1600)):
    return measure_reach(people, assets, types=["school"], distances_m=distances, network=network)


@settings(max_examples=40, deadline=None)
@given(SPOTS, SPOTS, st.lists(st.integers(0, 900), min_size=1, max_size=5))
def test_further_reaches_more_and_never_more_than_all(homes, spots, counts) -> None:
    table = measure(make_people(homes, counts), make_assets(spots)).table
    reached = table["population_reached"].to_numpy()
    assert (np.diff(reached) >= 0).all()
    assert (reached <= table["population"]).all()
    assert table["share"].dropna().between(0, 1).all()


@settings(max_examples=30, deadline=None)
@given(SPOTS, SPOTS, st.tuples(COORDINATE, COORDINATE), st.booleans())
def test_one_asset_more_takes_nobody_away(homes, spots, extra, on_streets) -> None:
    network = make_grid(6, frozenset({1, 7, 30}))[0] if on_streets else None
    people = make_people(homes, [10])
    before = measure(people, make_assets(spots), network).points["metres"].to_numpy()
    after = measure(people, make_assets([*spots, extra]), network).points["metres"].to_numpy()
    assert (after <= before + 1e-4).all()


@settings(max_examples=30, deadline=None)
@given(SPOTS, SPOTS)
def test_order_of_rows_changes_nothing(homes, spots) -> None:
    people, assets = make_people(homes, [3, 5]), make_assets(spots)
    network = make_grid(6, frozenset({4, 11}))[0]
    one = measure(people, assets, network).table
    other = measure(people.iloc[::-1].reset_index(drop=True), assets.iloc[::-1], network).table
    pd.testing.assert_frame_equal(one, other)


@settings(max_examples=25, deadline=None)
@given(
    st.sets(st.integers(0, 59), max_size=25),
    st.lists(st.integers(0, 35), min_size=1, max_size=5, unique=True),
)
def test_as_a_peer_library_finds_it(drop, corners) -> None:
    """At the corners themselves, distances are those of networkx from the same sources."""
    network, pairs, x, y = make_grid(6, frozenset(drop))
    graph = nx.Graph()
    graph.add_weighted_edges_from((int(a), int(b), 150.0) for a, b in pairs)
    sources = [c for c in corners if c in graph]
    homes = sorted(graph)
    places = np.column_stack([x, y])
    snapped = network.snap(places[homes])
    if not sources or not snapped.is_on.all() or snapped.away_m.max() > 0:
        return  # a corner of a stray piece stands elsewhere
    if not network.snap(places[sources]).is_on.all():
        return
    metres, _ = network.distances_to_nearest(places[homes], places[sources])
    theirs = nx.multi_source_dijkstra_path_length(graph, set(sources))
    expected = np.array([theirs.get(home, np.inf) for home in homes])
    assert metres == pytest.approx(expected, abs=1e-3)


@settings(max_examples=25, deadline=None)
@given(SPOTS, SPOTS)
def test_streets_are_never_shorter_than_the_line(homes, spots) -> None:
    network = make_grid(11, frozenset())[0]
    people, assets = make_people(homes, [1]), make_assets(spots)
    walked = measure(people, assets, network).points["metres"].to_numpy()
    straight = measure(people, assets).points["metres"].to_numpy() / 1.3
    assert (walked >= straight - 1e-3).all()
