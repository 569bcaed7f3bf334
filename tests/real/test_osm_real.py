"""A genuine extract of OpenStreetMap: counted and walked again with independent code."""

from __future__ import annotations

import itertools
import math
import xml.etree.ElementTree as ET

import networkx as nx
import pandas as pd
import pytest
from pyproj import Transformer

from cip.assets.reach import measure_reach
from cip.assets.walking import load_network
from cip.catalogue.walking import Ways
from cip.sources.fetch import fetch_folder
from cip.sources.files import RawFile
from cip.sources.osm_chains import count_pieces
from cip.sources.osm_files import OsmReader
from cip.sources.osm_walk import read_segments
from cip.store import Store

pytestmark = pytest.mark.real

NAME = "oxford_st-giles_2015-02-25.osm"
#: Three places that the extract covers, in degrees north and east: by a main road, in a quarter
#: of small streets, and among college grounds.
PLACES = {"road": (51.7612, -1.2632), "streets": (51.7583, -1.2665), "grounds": (51.7592, -1.2575)}
TYPES = ("cafe_or_pub", "bus_stop", "food_shop")


@pytest.fixture(scope="module")
def extract(real_data):
    path = real_data / "osm" / NAME
    if not path.is_file():
        pytest.skip(f"{NAME} is not among the real data")
    return path


@pytest.fixture(scope="module")
def store(extract, tmp_path_factory):
    root = tmp_path_factory.mktemp("osm") / "store"
    fetch_folder(extract, root)
    return Store(root)


@pytest.fixture(scope="module")
def tree(extract):
    return ET.parse(extract).getroot()


def read_tags(element) -> dict[str, str]:
    return {tag.get("k"): tag.get("v") for tag in element.iter("tag")}


def is_open(tags: dict[str, str]) -> bool:
    """Say, in other words than the catalogue, whether one may walk on a way of this extract."""
    if "highway" not in tags:
        return False
    if tags.get("foot") in ("yes", "permissive", "designated"):
        return True
    return tags.get("access") not in ("private", "no") and tags.get("foot") not in ("private", "no")


def test_all_streets_before_anything_is_left_out(extract, tree) -> None:
    kinds = [read_tags(way).get("highway") for way in tree.iter("way")]
    assert sum(kind is not None for kind in kinds) == 623
    every = Ways(highways=frozenset(kind for kind in kinds if kind))
    segments = read_segments(OsmReader(RawFile(extract, extract.name)), every)
    pieces = count_pieces(segments)
    assert (len(segments.ids), len(pieces), pieces[0]) == (2064, 25, 1772)


def test_streets_open_to_people_on_foot(extract, tree) -> None:
    graph = nx.Graph()
    for way in tree.iter("way"):
        if is_open(read_tags(way)):
            refs = [node.get("ref") for node in way.iter("nd")]
            graph.add_edges_from(itertools.pairwise(refs))
    segments = read_segments(OsmReader(RawFile(extract, extract.name)))
    sizes = sorted(map(len, nx.connected_components(graph)), reverse=True)
    assert len(segments.ids) == len(graph)
    assert len(segments.start) == graph.number_of_edges() - nx.number_of_selfloops(graph)
    assert count_pieces(segments).tolist() == sizes


def test_length_is_kept_and_streets_are_far_fewer_points(extract, store) -> None:
    segments = read_segments(OsmReader(RawFile(extract, extract.name)))
    edges = store.read("osm_walk_edges")
    assert edges["metres"].sum() == pytest.approx(segments.metres.sum(), rel=0.002)
    assert len(store.read("osm_walk_nodes")) < 0.6 * len(segments.ids)


def test_no_mapper_is_in_the_store(tree, store) -> None:
    names = {element.get("user") for element in tree if element.get("user")}
    assert len(names) == 98
    held = {cell for product in store.products() for column in store.read(product).select_dtypes(
        ["object", "str"]) for cell in store.read(product)[column].dropna()}  # fmt: skip
    assert not names & held


def test_places_are_told_by_hand_counts(tree, store) -> None:
    """Counted from the tags again, without the catalogue's index."""
    tags = [read_tags(element) for element in tree if element.tag in ("node", "way")]
    open_ones = [t for t in tags if t.get("disused") != "yes"]
    cafes = sum(t.get("amenity") in ("cafe", "pub") for t in open_ones)
    stops = sum(t.get("highway") == "bus_stop" for t in open_ones)
    places = store.read("osm_places")
    counts = places.loc[places["status"] == "open", "place_type"].value_counts()
    assert counts["cafe_or_pub"] == cafes
    assert counts["bus_stop"] == stops


class Walker:
    """Walks on every segment of the extract, in degrees, by brute force."""

    def __init__(self, tree):
        self.points = {n.get("id"): (float(n.get("lat")), float(n.get("lon")))
                       for n in tree.iter("node")}  # fmt: skip
        self.graph = nx.Graph()
        for way in tree.iter("way"):
            if is_open(read_tags(way)):
                refs = [node.get("ref") for node in way.iter("nd")]
                for one, other in itertools.pairwise(refs):
                    self.graph.add_edge(one, other, metres=self.measure(one, other))
        largest = max(nx.connected_components(self.graph), key=len)
        self.graph = self.graph.subgraph(largest).copy()

    def measure(self, one: str, other: str) -> float:
        return math.hypot(*self.shift(self.points[one], self.points[other]))

    @staticmethod
    def shift(start, end) -> tuple[float, float]:
        """Return metres east and north from one place to another."""
        scale = math.cos(math.radians((start[0] + end[0]) / 2))
        return (end[1] - start[1]) * 111_320 * scale, (end[0] - start[0]) * 111_250

    def join(self, place, name: str) -> None:
        """Put a place on the nearest segment, which it cuts."""
        best = (math.inf, None, 0.0)
        for one, other in self.graph.edges:
            if "place" in str(one) or "place" in str(other):
                continue
            east, north = self.shift(self.points[one], self.points[other])
            to_east, to_north = self.shift(self.points[one], place)
            length = east**2 + north**2
            share = min(1, max(0, (east * to_east + north * to_north) / length)) if length else 0
            away = math.hypot(to_east - share * east, to_north - share * north)
            best = min(best, (away, (one, other), share), key=lambda found: found[0])
        away, (one, other), share = best
        metres = self.graph.edges[one, other]["metres"]
        self.graph.add_edge(name, one, metres=away + share * metres)
        self.graph.add_edge(name, other, metres=away + (1 - share) * metres)


@pytest.mark.parametrize("place_type", TYPES)
def test_walks_of_three_places_by_hand(tree, store, place_type) -> None:
    import pandas as pd

    grid = Transformer.from_crs(4326, 27700, always_xy=True)
    x, y = grid.transform([p[1] for p in PLACES.values()], [p[0] for p in PLACES.values()])
    people = pd.DataFrame({"point_id": list(PLACES), "lsoa21_code": "L", "x": x, "y": y})
    people = people.assign(population=[100.0, 200.0, 300.0], level="oa")
    places = store.read("osm_places").query("status == 'open' and place_type == @place_type")
    places = places.rename(columns={"place_id": "asset_id", "place_type": "asset_type"})
    network = load_network(store)
    near = places[network.snap(places[["x", "y"]]).is_on]
    result = measure_reach(people, near, types=[place_type], distances_m=[400], network=network)
    assert set(result.points["method"]) == {"walking network"}

    walker = Walker(tree)
    back = Transformer.from_crs(27700, 4326, always_xy=True)
    longitude, latitude = back.transform(near["x"].to_numpy(), near["y"].to_numpy())
    for n, (lat, lon) in enumerate(zip(latitude, longitude, strict=True)):
        walker.join((lat, lon), f"place{n}")
    reached = 0.0
    for row, (name, place) in enumerate(PLACES.items()):
        walker.join(place, f"place-{name}")
        lengths = nx.single_source_dijkstra_path_length(
            walker.graph, f"place-{name}", weight="metres"
        )
        by_hand = min(lengths[f"place{n}"] for n in range(len(near)))
        ours = result.points.loc[row, "metres"]
        print(f"{place_type}, {name}: {ours:.0f} m, by hand {by_hand:.0f} m")
        # A bend of up to 5 m may be left out where a point meets its street, at either end.
        assert ours == pytest.approx(by_hand, abs=10)
        reached += people.loc[row, "population"] * (by_hand <= 400)
    assert result.table["population_reached"].tolist() == [reached]


def test_two_step_areas_of_the_worked_example(real_data) -> None:
    from cip.assets.catchment import share_capacity

    path = real_data.parent / "vectors" / "two_step_fca_worked.csv"
    if not path.is_file():
        pytest.skip("the worked example is not beside the real data")
    rows = pd.read_csv(path)
    people = rows.drop_duplicates("demand").set_index("demand")
    services = rows.drop_duplicates("supply").set_index("supply")
    near = rows[rows["distance"] <= rows["threshold"]]
    pairs = people.index.get_indexer(near["demand"]), services.index.get_indexer(near["supply"])
    found = share_capacity(people["population"], services["capacity"], pairs)
    assert found == pytest.approx(people["expected_A_i"].to_numpy())
