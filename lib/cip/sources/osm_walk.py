"""Ways that people may walk on, from a file of OpenStreetMap, as points and pairs of points."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from cip.catalogue.walking import Ways, load_walking
from cip.sources.osm_chains import Segments, join_segments, simplify_segments
from cip.sources.osm_files import OsmReader
from cip.sources.osm_grid import project_to_grid

_KEYS = ("highway",)
#: Places of nodes are counted in parts of a degree; a missing node lies far outside the world.
_DEGREES = 10_000_000


@dataclass
class _Collector:
    """Takes the ways of a file, one at a time, in the form that the reading library gives.

    Places are whole numbers, ten million to the degree: a file has hundreds of thousands of them.
    """

    ways: Ways
    numbers: array[int] = field(default_factory=lambda: array("q"))
    ends: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._keys = ("highway", "foot", *self.ways.shut)

    def way(self, element: Any) -> None:
        """Take a way that is open to people on foot."""
        tags = element.tags
        found = {key: value for key in self._keys if (value := tags.get(key))}
        if not self.ways.admits(found):
            return
        take = self.numbers.append
        for node in element.nodes:
            take(node.ref)
            take(node.x)
            take(node.y)
        self.ends.append(len(self.numbers) // 3)


def read_segments(reader: OsmReader, ways: Ways | None = None) -> Segments | None:
    """Return every step of every way that is open to people on foot; None where there is none.

    Parameters
    ----------
    reader
        A file.
    ways
        Which ways are open; by default as ``walking.toml`` says.

    Raises
    ------
    SourceError
        When the file cannot be read to its end.
    """
    collector = _Collector(ways or load_walking().ways)
    reader.walk("way", _KEYS, collector)
    table = np.asarray(collector.numbers).reshape(-1, 3)
    lines = np.repeat(np.arange(len(collector.ends)), np.diff([0, *collector.ends]))
    # A way is cut where the file lacks a node.
    is_there = (np.abs(table[:, 1]) <= _DEGREES * 180) & (np.abs(table[:, 2]) <= _DEGREES * 90)
    follows = np.flatnonzero((lines[1:] == lines[:-1]) & is_there[1:] & is_there[:-1])
    if not len(follows):
        return None
    used = np.unique(np.r_[follows, follows + 1])
    ids, first, place = np.unique(table[used, 0], return_index=True, return_inverse=True)
    degrees = table[used[first], 1:] / _DEGREES
    x, y = project_to_grid(degrees[:, 0], degrees[:, 1])
    where = np.searchsorted(used, [follows, follows + 1])
    return join_segments(ids, x, y, place[where].T)


def tabulate_walk(
    segments: Segments, bounds: tuple[float, float, float, float]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the tables of a network: its points and the ways between them.

    Parameters
    ----------
    segments
        The network, with every bend.
    bounds
        West, south, east and north of what the file covers, in metres: ways that start inside
        may reach beyond, where the network is no longer whole.

    Returns
    -------
    tuple
        One row per point (``node_id, x, y, in_extract``) and one row per pair of points
        (``from_node, to_node, metres``).
    """
    network = simplify_segments(segments, load_walking().network.tolerance_m)
    west, south, east, north = bounds
    inside = (network.x >= west) & (network.x <= east)
    inside &= (network.y >= south) & (network.y <= north)
    nodes = pd.DataFrame({"node_id": network.ids, "x": network.x, "y": network.y})
    nodes = nodes.round({"x": 1, "y": 1}).astype({"node_id": "Int64"})
    nodes["in_extract"] = pd.array(inside, dtype="boolean")
    edges = pd.DataFrame(
        {
            "from_node": network.ids[network.start],
            "to_node": network.ids[network.end],
            "metres": network.metres.round(2),
        }
    ).astype({"from_node": "Int64", "to_node": "Int64"})
    return nodes, edges


def project_bounds(box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    """Return a box of degrees as the box of metres that holds its corners; no box stays none."""
    if not np.isfinite(box).all():
        return box
    west, south, east, north = box
    x, y = project_to_grid([west, east, west, east], [south, south, north, north])
    return float(x.min()), float(y.min()), float(x.max()), float(y.max())
