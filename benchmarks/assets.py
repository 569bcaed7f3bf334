"""Measure a county's register of assets: read, joined, each thing once, and its reach on foot.

The lists of places are those of a store. OpenStreetMap is an invented extract: a lattice of
streets under the whole county, with as many tagged things as asked for, some of them the same as
the registers tell of. Every part runs in a process of its own, so that its peak memory is its own.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from pyproj import Transformer

from cip.assets.collect import collect_records
from cip.assets.reach import list_possible_types, measure_reach
from cip.assets.settle import settle_records
from cip.assets.walking import WalkNetwork, load_network
from cip.catalogue.asset_types import load_asset_types
from cip.sources.fetch import fetch_folder
from cip.store import Store

NUMBERS = (12_500, 25_000, 50_000)
SPACING_M = 150
#: Of all streets of the lattice, how many are there.
KEPT_STREETS = 0.85
#: Of the tagged things, how many are the same as a place of a register.
SAME_SHARE = 0.05
SPREAD_M = 600
DISTANCES_M, MINUTES = (400, 800, 1200), (10, 15)
WORDS = ("Abbey", "Bridge", "Castle", "Dairy", "Elm", "Ferry", "Garden", "Hill", "Island", "Kiln")


def write_extract(store: Store, number: int, path: Path) -> None:
    """Write an invented extract of OpenStreetMap under the county of a store."""
    import osmium

    chance = np.random.default_rng(number)
    homes = store.read("centroid_oa21")[["x", "y"]].to_numpy()
    west, south = homes.min(axis=0) - SPACING_M
    columns, rows = ((np.ptp(homes, axis=0) / SPACING_M).astype(int) + 3).tolist()
    to_degrees = Transformer.from_crs(27700, 4326, always_xy=True)
    place = np.arange(columns * rows)
    x = west + place % columns * SPACING_M + chance.uniform(-40, 40, len(place))
    y = south + place // columns * SPACING_M + chance.uniform(-40, 40, len(place))
    corners = np.column_stack(to_degrees.transform(x, y))
    to_east, to_north = place[place % columns < columns - 1], place[:-columns]
    pairs = np.r_[
        np.column_stack([to_east, to_east + 1]), np.column_stack([to_north, to_north + columns])
    ]
    pairs = pairs[chance.random(len(pairs)) < KEPT_STREETS] + 1
    things = draw_things(store, number, chance, homes)
    spots = np.column_stack(to_degrees.transform(things["x"], things["y"]))
    first = len(corners) + 1
    with osmium.SimpleWriter(str(path), overwrite=True) as writer:
        make_node, make_way = osmium.osm.mutable.Node, osmium.osm.mutable.Way
        for n, (lon, lat) in enumerate(corners.tolist(), start=1):
            writer.add_node(make_node(id=n, location=(lon, lat), version=1))
        for n, ((lon, lat), tags) in enumerate(
            zip(spots.tolist(), things["tags"], strict=True), start=first
        ):
            writer.add_node(make_node(id=n, location=(lon, lat), tags=tags, version=1))
        street = {"highway": "residential"}
        for n, ends in enumerate(pairs.tolist(), start=1):
            writer.add_way(make_way(id=n, nodes=ends, tags=street, version=1))


def draw_things(
    store: Store, number: int, chance: np.random.Generator, homes: np.ndarray
) -> pd.DataFrame:
    """Return tagged things: near homes, and a few where a register has a place of that name."""
    types = [entry for entry in load_asset_types().values() if entry.osm]
    chosen = chance.integers(0, len(types), number)
    spots = homes[chance.integers(0, len(homes), number)]
    spots = spots + chance.normal(0, SPREAD_M, (number, 2))
    names = chance.choice(WORDS, (number, 2))
    tags = [
        {**read_tags(types[kind].osm[0]), "name": f"{one} {two} {types[kind].label}"}
        for kind, (one, two) in zip(chosen, names, strict=True)
    ]
    known = collect_records(store).dropna(subset=["x", "y", "name"])
    known = known[known["asset_type"].isin([entry.id for entry in types])]
    same = known.sample(min(int(SAME_SHARE * number), len(known)), random_state=number)
    catalogue = load_asset_types()
    for place, (_, row) in enumerate(same.iterrows()):
        tags[place] = {**read_tags(catalogue[row["asset_type"]].osm[0]), "name": row["name"]}
        spots[place] = row["x"] + 12, row["y"] - 9
    return pd.DataFrame({"x": spots[:, 0], "y": spots[:, 1], "tags": tags})


def read_tags(condition: str) -> dict[str, str]:
    """Return the tags that a condition of the catalogue asks for."""
    parts = [part.partition("=") for part in condition.split("+") if not part.startswith("-")]
    return {key: "yes" if value == "*" else value for key, _, value in parts}


def list_homes(store: Store) -> pd.DataFrame:
    """Return every output area of the county as a point where one person lives."""
    points = store.read("centroid_oa21").rename(columns={"area_code": "point_id"})
    areas = store.read("lookup_oa21", ["oa21_code", "lsoa21_code"])
    points = points.merge(
        areas, left_on="point_id", right_on="oa21_code", how="left", validate="1:1"
    )
    return points.assign(population=1.0, level="oa")


def choose_types() -> list[str]:
    """Return the types to which reach is measured unless somebody says otherwise."""
    return [entry.id for entry in load_asset_types().values() if entry.is_for_reach]


def measure_read(options: argparse.Namespace) -> dict[str, Any]:
    """Measure how the extract becomes tables of the store."""
    return time_steps(
        {"extract read into the store": lambda: fetch_folder(options.extract, options.store)}
    )


def measure_county(options: argparse.Namespace) -> dict[str, Any]:
    """Measure the register and its reach, from the store's tables."""
    held: dict[str, Any] = {"store": Store(options.store)}

    def collect() -> None:
        held["records"] = collect_records(held["store"])

    def settle() -> None:
        held["assets"] = settle_records(held["records"]).assets

    def load() -> None:
        held["network"] = load_network(held["store"])

    def reach(network: WalkNetwork | None) -> None:
        held["reach"] = measure_reach(
            list_homes(held["store"]),
            held["assets"],
            types=choose_types(),
            distances_m=DISTANCES_M,
            minutes=MINUTES,
            network=network,
            known_types=list_possible_types(held["store"].products()),
        )

    found = time_steps(
        {
            "records of every list": collect,
            "each thing once": settle,
            "network": load,
            "reach by network": lambda: reach(held["network"]),
            "reach by straight line": lambda: reach(None),
        }
    )
    sizes = {name: len(held[name]) for name in ("records", "assets")}
    return {**found, **sizes, "junctions": len(held["network"].x), "types": len(choose_types())}


def measure_peer(options: argparse.Namespace) -> dict[str, Any]:
    """Measure the walk to the nearest thing of each type, and the same with networkx.

    Both start from corners of the network and both have it ready in their own form. The part stops
    when they differ by more than a centimetre.
    """
    import networkx as nx

    network = load_network(Store(options.store))
    assert network is not None
    graph = nx.Graph()
    graph.add_weighted_edges_from(
        zip(network.start.tolist(), network.end.tolist(), network.metres.tolist(), strict=True)
    )
    chance = np.random.default_rng(1)
    joined = np.unique(np.r_[network.start[network.is_open], network.end[network.is_open]])
    sources = [chance.choice(joined, size) for size in (10, 100, 1000)]
    homes = chance.choice(joined, 2_000, replace=False)
    corners = np.column_stack([network.x, network.y])
    results: dict[str, list[np.ndarray]] = {"ours": [], "theirs": []}

    def walk() -> None:
        journeys = network.join(corners[homes], corners[np.concatenate(sources)])
        ends = np.cumsum([0, *map(len, sources)])
        for first, last in itertools.pairwise(ends):
            results["ours"].append(journeys.find_nearest(np.arange(first, last))[0])

    def walk_with_networkx() -> None:
        for chosen in sources:
            lengths = nx.multi_source_dijkstra_path_length(graph, set(chosen.tolist()))
            results["theirs"].append(np.array([lengths.get(home, np.inf) for home in homes]))

    found = time_steps({"this library": walk, "networkx": walk_with_networkx})
    for ours, theirs in zip(*results.values(), strict=True):
        np.testing.assert_allclose(ours, theirs, atol=0.01)
    return {**found, "junctions": len(network.x)}


def time_steps(steps: dict[str, Callable[[], Any]]) -> dict[str, Any]:
    """Run steps one after another and return their seconds, on the clock and of the processor."""
    clock, processor = {}, {}
    for name, step in steps.items():
        started, used = time.perf_counter(), time.process_time()
        step()
        clock[name] = time.perf_counter() - started
        processor[name] = time.process_time() - used
    return {"clock": clock, "processor": processor}


PARTS = {"read": measure_read, "county": measure_county, "peer": measure_peer}


def run_part(part: str, store: Path, extract: Path) -> dict[str, Any]:
    """Run a part in a new process and return its numbers, with its peak memory in MB."""
    command = [sys.executable, __file__, "--part", part]
    command += ["--store", str(store), "--extract", str(extract)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"The part '{part}' ended with {done.returncode}.\n{done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


def report_part(options: argparse.Namespace) -> None:
    """Print the numbers of one part as one line of JSON."""
    found = PARTS[options.part](options)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found["megabytes"] = peak / (1e6 if sys.platform == "darwin" else 1e3)
    print(json.dumps(found))


def write_report(options: argparse.Namespace) -> str:
    """Run every part and return the tables."""
    lines = [
        f"Load of the machine at the start: {os.getloadavg()[0]:.1f}; {os.cpu_count()} cores.",
        "",
        "| Tagged things | Measured | Clock (s) | Processor (s) | Peak (MB) |",
        "|---|---|---|---|---|",
    ]
    totals = []
    with tempfile.TemporaryDirectory(prefix="cip-bench-") as name:
        root, extract = Path(name) / "store", Path(name) / "county.osm.pbf"
        for number in options.numbers:
            shutil.rmtree(root, ignore_errors=True)
            shutil.copytree(options.store, root)
            write_extract(Store(options.store), number, extract)
            read = run_part("read", root, extract)
            county = run_part("county", root, extract)
            for part in (read, county):
                lines += [
                    f"| {number:,} | {what} | {part['clock'][what]:.2f} | "
                    f"{part['processor'][what]:.2f} | {part['megabytes']:,.0f} |"
                    for what in part["clock"]
                ]
            totals.append({w: sum(county[w].values()) for w in ("clock", "processor")})
            lines.append(
                f"| {number:,} | **all but reading the extract**: {county['records']:,} records, "
                f"{county['assets']:,} assets, {county['types']} types, "
                f"{county['junctions']:,} junctions | {totals[-1]['clock']:.2f} | "
                f"{totals[-1]['processor']:.2f} | {county['megabytes']:,.0f} |"
            )
        peer = run_part("peer", root, extract)
    lines += ["", "| Ratio | Clock | Processor |", "|---|---|---|"]
    for last, first, text in zip(
        totals[1:], totals, zip(options.numbers[1:], options.numbers, strict=False), strict=False
    ):
        ratios = [last[w] / first[w] for w in ("clock", "processor")]
        lines.append(f"| {text[0]:,} things / {text[1]:,} | {ratios[0]:.2f} | {ratios[1]:.2f} |")
    ratios = [peer[w]["networkx"] / peer[w]["this library"] for w in ("clock", "processor")]
    lines.append(
        f"| networkx / this library, three walks on {peer['junctions']:,} junctions "
        f"({peer['clock']['networkx']:.2f} s against {peer['clock']['this library']:.2f} s) | "
        f"{ratios[0]:.1f} | {ratios[1]:.1f} |"
    )
    return "\n".join(lines)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store", type=Path, required=True, help="with places of a county")
    parser.add_argument("--numbers", type=int, nargs="+", default=NUMBERS, help="tagged things")
    parser.add_argument("--part", choices=PARTS, help=argparse.SUPPRESS)
    parser.add_argument("--extract", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.part:
        report_part(options)
    else:
        print(write_report(options))


if __name__ == "__main__":
    main()
