"""OpenStreetMap: tags to types, places with a point, streets as a graph, and damaged files."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import osmium
import pandas as pd
import pytest

from cip.catalogue.asset_types import load_asset_types
from cip.catalogue.walking import Ways, load_walking
from cip.errors import SourceError
from cip.sources.fetch import fetch_folder
from cip.sources.osm_chains import count_pieces, join_segments, simplify_segments
from cip.sources.osm_files import find_kind
from cip.sources.osm_places import describe_place
from cip.sources.osm_tags import TagIndex, read_condition
from cip.sources.places import COLUMNS
from cip.store import Store

INDEX = TagIndex(load_asset_types().values())
#: Degrees of one step of about 100 m to the north, and to the east, at 51.75 N.
NORTH, EAST = 0.0009, 0.00145
WEST_END, SOUTH_END = -1.25, 51.75


def node(number: int, column: float, row: float, **tags: str) -> str:
    place = f'lat="{SOUTH_END + row * NORTH:.7f}" lon="{WEST_END + column * EAST:.7f}"'
    head = f'<node id="{number}" {place} version="3" timestamp="2024-05-06T07:08:09Z" uid="77"'
    return f'{head} user="Secret Mapper">{write_tags(tags)}</node>'


def way(number: int, refs: list[int], **tags: str) -> str:
    nodes = "".join(f'<nd ref="{ref}"/>' for ref in refs)
    return f'<way id="{number}" version="1" user="Secret Mapper">{nodes}{write_tags(tags)}</way>'


def write_tags(tags: dict[str, str]) -> str:
    return "".join(f'<tag k="{k.replace("__", ":")}" v="{v}"/>' for k, v in tags.items())


def write_osm(folder: Path, *elements: str, name: str = "map.osm", bounds: str = "") -> Path:
    path = folder / name
    path.write_text(
        f'<?xml version="1.0"?>\n<osm version="0.6">{bounds}{"".join(elements)}</osm>\n'
    )
    return path


STREET = [node(1, 0, 0), node(2, 1, 0), node(3, 2, 0), way(1, [1, 2, 3], highway="residential")]


def fetch(path: Path, tmp_path: Path) -> Store:
    fetch_folder(path, tmp_path / "store")
    return Store(tmp_path / "store")


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({"amenity": "pub"}, ("cafe_or_pub", "open")),
        ({"amenity": "pub", "disused": "yes"}, ("cafe_or_pub", "closed")),
        ({"amenity": "pub", "opening_hours": "closed"}, ("cafe_or_pub", "closed")),
        ({"disused:amenity": "pub"}, ("cafe_or_pub", "closed")),
        ({"was:shop": "bakery", "shop": "tattoo"}, ("food_shop", "closed")),
        ({"proposed:amenity": "school"}, ("school", "proposed")),
        ({"leisure": "park"}, ("green_space", "open")),
        ({"leisure": "park", "access": "private"}, None),
        # The condition with most tags decides: more than social care, it is food.
        (
            {"amenity": "social_facility", "social_facility": "nursing_home"},
            ("care_home", "open"),
        ),
        ({"shop": "newsagent;convenience"}, ("food_shop", "open")),
        ({"polling_station": "yes"}, ("polling_station", "open")),
        ({"polling_station": "no"}, None),
        ({"highway": "residential"}, None),
        ({}, None),
    ],
)
def test_tags_make_a_type(tags, expected) -> None:
    assert INDEX.classify(tags) == expected


def test_every_condition_of_the_catalogue_finds_its_type() -> None:
    for rank, entry in enumerate(load_asset_types().values()):
        for text in entry.osm:
            needed = dict(read_condition(text, entry.id, rank).needed)
            tags = {key: "yes" if value == "*" else value for key, value in needed.items()}
            assert INDEX.find_type(tags) == entry.id, text


@pytest.mark.parametrize("text", ["amenity", "amenity=", "-access=private", "=pub"])
def test_condition_that_is_none(text) -> None:
    with pytest.raises(ValueError, match="asset_types"):
        read_condition(text, "pub")


@pytest.mark.parametrize(
    ("tags", "is_open"),
    [
        ({"highway": "footway"}, True),
        ({"highway": "trunk"}, True),
        ({"highway": "motorway"}, False),
        ({"highway": "motorway", "foot": "yes"}, False),
        ({"highway": "busway"}, False),
        ({"highway": "busway", "foot": "designated"}, True),
        ({"highway": "service", "access": "private"}, False),
        ({"highway": "service", "access": "private", "foot": "permissive"}, True),
        ({"highway": "residential", "foot": "no"}, False),
        ({"highway": "construction"}, False),
        ({"railway": "rail", "foot": "yes"}, False),
    ],
)
def test_ways_open_to_people_on_foot(tags, is_open) -> None:
    assert load_walking().ways.admits(tags) is is_open


def test_products_from_one_file(tmp_path) -> None:
    square = [node(n, *place) for n, place in enumerate([(4, 4), (6, 4), (6, 6), (4, 6)], 11)]
    path = write_osm(
        tmp_path,
        *STREET,
        node(4, 1, 1, shop="bakery", name="  The  Upper Crust ", addr__postcode="ox11aa",
             addr__street="High Street", addr__housenumber="3", check_date="2025-02-03",
             opening_hours="Mo-Fr 08:00-16:00 &quot;or ring 01865 960 123&quot;",
             website="https://crust.example/", operator="Ann Other", phone="01865 960 123"),
        *square,
        way(2, [11, 12, 13, 14, 11], leisure="park", name="ring 01865 960 123"),
        way(3, [1, 2, 99], amenity="parking", parking="surface"),
    )  # fmt: skip
    store = fetch(path, tmp_path)
    assert store.products() == ["osm_places", "osm_streets", "osm_walk_edges", "osm_walk_nodes"]
    places = store.read("osm_places").set_index("place_id")
    assert ["place_id", *places.columns] == list(COLUMNS)
    shop = places.loc["n4"]
    assert (shop["name"], shop["place_type"], shop["status"]) == (
        "The Upper Crust", "food_shop", "open",
    )  # fmt: skip
    assert (shop["address"], shop["postcode"]) == ("3 High Street", "OX1 1AA")
    assert (shop["checked"], shop["opening"]) == ("2025-02-03", "Mo-Fr 08:00-16:00")
    assert shop["website"] == "https://crust.example/"
    # The middle of the square is one step of two from its corners; its name is a telephone number.
    park, corner = places.loc["w2"], places.loc["n4"]
    assert pd.isna(park["name"])
    assert park["x"] - corner["x"] == pytest.approx(400, abs=8)
    assert park["y"] - corner["y"] == pytest.approx(400, abs=8)
    assert park["x"] == round(park["x"], 1)
    edges = store.read("osm_walk_edges")
    assert edges["metres"].tolist() == pytest.approx([200], abs=1)
    entry = store.entry("osm_places")
    assert entry.attribution == "© OpenStreetMap contributors, ODbL 1.0"
    text = "".join((tmp_path / "store" / f).read_bytes().decode("latin-1") for f in
                   ("manifest.json", "osm_places.parquet"))  # fmt: skip
    assert "Secret" not in text
    assert "960" not in places.to_string()
    assert "Ann Other" not in places.to_string()


def test_relation_lies_inside_its_largest_ring(tmp_path) -> None:
    corners = [(0, 0), (4, 0), (4, 4), (0, 4), (9, 9), (10, 9), (10, 10)]
    path = write_osm(
        tmp_path,
        *(node(n, *place) for n, place in enumerate(corners, 1)),
        way(1, [1, 2, 3]),
        way(2, [3, 4, 1]),
        way(3, [5, 6, 7, 5]),
        '<relation id="8" version="1"><member type="way" ref="1" role="outer"/>'
        '<member type="way" ref="2" role="outer"/><member type="way" ref="3" role="outer"/>'
        '<tag k="type" v="multipolygon"/><tag k="leisure" v="park"/></relation>'
        '<relation id="9" version="1"><tag k="type" v="site"/><tag k="leisure" v="park"/></relation>'
        '<relation id="10" version="1"><member type="way" ref="77" role="outer"/>'
        '<tag k="type" v="multipolygon"/><tag k="leisure" v="park"/></relation>',
        node(20, 2, 2, amenity="pub"),
    )
    places = fetch(path, tmp_path).read("osm_places").set_index("place_id")
    assert set(places.index) == {"r8", "r10", "n20"}
    gap = places.loc["r8", ["x", "y"]] - places.loc["n20", ["x", "y"]]
    assert np.hypot(*gap.astype(float)) < 6
    # The file lacks its border, so that nobody knows where it is.
    assert places.loc["r10", ["x", "y"]].isna().all()


def test_nodes_may_stand_behind_ways(tmp_path) -> None:
    path = write_osm(tmp_path, STREET[3], *STREET[:3])
    assert fetch(path, tmp_path).read("osm_walk_edges")["metres"].sum() == pytest.approx(200, abs=1)


def test_missing_node_cuts_a_way(tmp_path) -> None:
    path = write_osm(tmp_path, *STREET[:3], node(5, 3, 0), way(1, [1, 2, 99, 3, 5], highway="path"))
    edges = fetch(path, tmp_path).read("osm_walk_edges")
    assert edges[["from_node", "to_node"]].to_numpy().tolist() == [[1, 2], [3, 5]]


def test_what_lies_outside_of_the_extract_is_marked(tmp_path) -> None:
    bounds = f'<bounds minlat="51.74" maxlat="51.76" minlon="-1.26" maxlon="{WEST_END + EAST}"/>'
    elements = [*STREET[:3], node(4, 2, 1), way(1, [1, 3, 4], highway="path")]
    nodes = fetch(write_osm(tmp_path, *elements, bounds=bounds), tmp_path).read("osm_walk_nodes")
    assert nodes.set_index("node_id")["in_extract"].to_dict() == {1: True, 3: False, 4: False}


@pytest.mark.parametrize("kind", ["osm.gz", "osm.pbf"])
def test_packed_files_give_the_same(tmp_path, kind) -> None:
    elements = [*STREET, node(4, 1, 1, amenity="pub")]
    plain = write_osm(tmp_path, *elements)
    packed = tmp_path / f"packed.{kind}"
    if kind == "osm.gz":
        packed.write_bytes(gzip.compress(plain.read_bytes()))
    else:
        with osmium.SimpleWriter(str(packed)) as writer:
            for element in osmium.FileProcessor(str(plain)):
                writer.add(element)
    (tmp_path / "other").mkdir()
    one, other = fetch(plain, tmp_path), fetch(packed, tmp_path / "other")
    for product in one.products():
        assert one.digest(product) == other.digest(product)


@pytest.mark.parametrize("kind", ["osm", "osm.pbf"])
def test_damaged_file_is_refused(tmp_path, kind) -> None:
    plain = write_osm(tmp_path, *STREET, *(node(n, 0, n, amenity="pub") for n in range(10, 99)))
    damaged = tmp_path / f"damaged.{kind}"
    if kind == "osm.pbf":
        with osmium.SimpleWriter(str(damaged)) as writer:
            for element in osmium.FileProcessor(str(plain)):
                writer.add(element)
        damaged.write_bytes(damaged.read_bytes()[:-20])
    else:
        damaged.write_bytes(plain.read_bytes()[:-400])
    with pytest.raises(SourceError, match="cut short or damaged") as caught:
        fetch_folder(damaged, tmp_path / "store")
    assert f"damaged.{kind}" in str(caught.value)
    assert not (tmp_path / "store").exists()


def test_file_with_nothing_of_use_is_refused(tmp_path) -> None:
    path = write_osm(tmp_path, node(1, 0, 0), node(2, 1, 0), way(1, [1, 2], highway="motorway"))
    with pytest.raises(SourceError, match=r"no place .* no way"):
        fetch_folder(path, tmp_path / "store")


def test_places_without_ways_are_kept_and_said(tmp_path) -> None:
    path = write_osm(tmp_path, node(1, 0, 0, amenity="pub"))
    report = fetch_folder(path, tmp_path / "store")
    assert list(report.products) == ["osm_places"]
    assert "walking distances cannot be measured" in " ".join(report.warnings)


# ------------------------------------------------------------------------------------- the graph


def make_segments(points, pairs):
    x, y = np.array(points, dtype=float).T
    return join_segments(np.arange(len(x)), x, y, np.array(pairs))


def test_chains_keep_junctions_bends_and_lengths() -> None:
    """A street with a slight bend, a corner and a side street: by hand."""
    points = [(0, 0), (100, 2), (200, 0), (200, 100), (100, -50)]
    segments = make_segments(points, [(0, 1), (1, 2), (2, 3), (2, 1), (1, 4)])
    assert len(segments.start) == 4
    side = simplify_segments(segments, 5)
    # Point 1 is a junction and stays; without the side street it goes.
    assert side.ids.tolist() == [0, 1, 2, 3, 4]
    alone = simplify_segments(make_segments(points[:4], [(0, 1), (1, 2), (2, 3)]), 5)
    assert alone.ids.tolist() == [0, 2, 3]
    assert alone.metres.tolist() == pytest.approx([2 * np.hypot(100, 2), 100])


def test_ring_stays_a_ring() -> None:
    points = [(0, 0), (100, 0), (100, 100), (0, 100)]
    ring = simplify_segments(make_segments(points, [(0, 1), (1, 2), (2, 3), (3, 0)]), 5)
    assert ring.metres.sum() == 400
    assert count_pieces(ring).tolist() == [4]


def test_way_to_the_same_junction_by_two_streets() -> None:
    """Of two ways that hardly differ, the shorter stays; a longer way round keeps its bend."""
    points = [(0, 0), (100, 0), (50, 3), (50, 40), (-10, 0), (110, 0)]
    pairs = [(4, 0), (5, 1), (0, 1), (0, 2), (2, 1), (0, 3), (3, 1)]
    found = simplify_segments(make_segments(points, pairs), 5)
    lengths = {(int(a), int(b)): m for a, b, m in zip(
        found.ids[found.start], found.ids[found.end], found.metres, strict=True)}  # fmt: skip
    assert lengths[0, 1] == 100
    assert lengths[0, 3] == pytest.approx(np.hypot(50, 40))


# --------------------------------------------------------------------------------------- GraphML

GRAPHML = """<?xml version='1.0' encoding='utf-8'?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
<key id="d9" for="edge" attr.name="geometry" attr.type="string"/>
<key id="d8" for="edge" attr.name="length" attr.type="string"/>
<key id="d7" for="edge" attr.name="highway" attr.type="string"/>
<key id="d5" for="node" attr.name="x" attr.type="string"/>
<key id="d4" for="node" attr.name="y" attr.type="string"/>
<key id="d0" for="graph" attr.name="crs" attr.type="string"/>
<graph edgedefault="directed"><data key="d0">{crs}</data>
{nodes}
{edges}
</graph></graphml>
"""


def graph_node(number: int, x: float, y: float) -> str:
    return f'<node id="{number}"><data key="d4">{y}</data><data key="d5">{x}</data></node>'


def graph_edge(start: int, end: int, length: float | None, *, kind="path", geometry="") -> str:
    data = f'<data key="d7">{kind}</data>'
    data += f'<data key="d8">{length}</data>' if length is not None else ""
    data += f'<data key="d9">{geometry}</data>' if geometry else ""
    return f'<edge source="{start}" target="{end}" id="0">{data}</edge>'


def write_graph(folder: Path, nodes: list[str], edges: list[str], crs="EPSG:27700") -> Path:
    path = folder / "walk.graphml"
    text = GRAPHML.format(crs=crs, nodes="\n".join(nodes), edges="\n".join(edges))
    path.write_text(text, encoding="utf-8")
    return path


NODES = [
    graph_node(1, 450000, 200000),
    graph_node(2, 450100, 200000),
    graph_node(3, 450100, 200300),
]


def test_graphml_gives_a_network(tmp_path) -> None:
    bent = "LINESTRING (450100 200000, 450200 200000, 450200 200300, 450100 200300)"
    edges = [
        graph_edge(1, 2, 100.0), graph_edge(2, 1, 100.0),
        graph_edge(2, 3, 505.0, geometry=bent),
        graph_edge(3, 1, 320.0, kind="motorway"),
        graph_edge(1, 3, 350.0, kind="['service', 'path']"),
    ]  # fmt: skip
    store = fetch(write_graph(tmp_path, NODES, edges), tmp_path)
    assert store.products() == ["osm_walk_edges", "osm_walk_nodes"]
    found = store.read("osm_walk_edges")
    assert found["metres"].sum() == pytest.approx(100 + 505 + 350, abs=0.1)
    # The bend has two corners of its own, numbered by their place; node 2 is on a straight line.
    nodes = store.read("osm_walk_nodes")
    assert nodes.loc[nodes["node_id"] > 0, "node_id"].tolist() == [1, 3]
    assert (nodes["node_id"] < 0).sum() == 2


def test_graphml_with_its_system_at_the_end(tmp_path) -> None:
    """As osmnx writes it: what holds for the whole graph stands behind the edges."""
    path = write_graph(tmp_path, NODES, [graph_edge(1, 2, 100.0)], crs="")
    text = path.read_text().replace('<data key="d0"></data>', "")
    path.write_text(text.replace("\n</graph>", '<data key="d0">EPSG:27700</data></graph>'))
    assert fetch(path, tmp_path).read("osm_walk_nodes")["x"].tolist() == [450000, 450100]


def test_graphml_edge_without_a_kind_is_no_way_where_others_have_one(tmp_path) -> None:
    outline = graph_edge(2, 3, 300.0, kind="").replace('<data key="d7"></data>', "")
    path = write_graph(tmp_path, NODES, [graph_edge(1, 2, 100.0), outline])
    assert fetch(path, tmp_path).read("osm_walk_edges")["metres"].tolist() == [100]
    plain = path.read_text().replace('attr.name="highway"', 'attr.name="colour"')
    path.write_text(plain)
    assert fetch(path, tmp_path).read("osm_walk_edges")["metres"].sum() == 400


def test_graphml_in_degrees(tmp_path) -> None:
    nodes = [graph_node(1, WEST_END, SOUTH_END), graph_node(2, WEST_END, SOUTH_END + NORTH)]
    path = write_graph(tmp_path, nodes, [graph_edge(1, 2, 100.1)], crs="epsg:4326")
    nodes = fetch(path, tmp_path).read("osm_walk_nodes")
    assert nodes["y"].max() - nodes["y"].min() == pytest.approx(100, abs=0.5)


@pytest.mark.parametrize(
    ("nodes", "edges", "message"),
    [
        (NODES, [graph_edge(1, 2, None)], "not a street network"),
        (NODES, [graph_edge(1, 9, 5.0)], "not a street network"),
        (['<node id="1"/>'], [graph_edge(1, 1, 5.0)], "not a street network"),
        (NODES, [graph_edge(1, 2, 5.0, kind="motorway")], "no way that is open"),
        (NODES, ["<edge"], "cut short or damaged"),
    ],
)
def test_graphml_that_is_no_network(tmp_path, nodes, edges, message) -> None:
    with pytest.raises(SourceError, match=message):
        fetch_folder(write_graph(tmp_path, nodes, edges), tmp_path / "store")


@pytest.mark.parametrize("crs", ["nowhere", "epsg:4326"])
def test_graphml_of_another_system(tmp_path, crs) -> None:
    path = write_graph(tmp_path, NODES, [graph_edge(1, 2, 5.0)], crs=crs)
    with pytest.raises(SourceError, match="not a street network"):
        fetch_folder(path, tmp_path / "store")


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b'<?xml version="1.0"?>\n<osm version="0.6">', "osm"),
        (b"\xef\xbb\xbf<osm>", "osm"),
        (b"\x00\x00\x00\x0d\x0a\x09OSMHeader", "osm"),
        (b"<?xml version='1.0'?><graphml xmlns='x'>", "graphml"),
        (b"<html><body>osm</body></html>", ""),
        (b"id,name\n1,<osm>", ""),
        (b"", ""),
    ],
)
def test_kind_by_the_first_bytes(head, kind) -> None:
    assert find_kind(head) == kind


def test_days_that_are_none_are_not_told() -> None:
    words = {"check_date": "last week"}
    # Answers without dates of change give the beginning of time.
    assert describe_place(words, datetime(1970, 1, 1, tzinfo=UTC))["checked"] is None
    assert describe_place(words, datetime(2019, 8, 7, tzinfo=UTC))["checked"] == "2019-08-07"


def test_rules_of_ways_can_be_others() -> None:
    assert Ways(highways=frozenset({"motorway"})).admits({"highway": "motorway"})
