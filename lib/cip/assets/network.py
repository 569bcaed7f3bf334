"""A network of ways with people and places on it, and the shortest walks between them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import ArrayLike
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import dijkstra

from cip.catalogue.walking import load_walking

#: A length of nothing would not be an edge.
_LEAST_M = 1e-6
#: Cells of a table of distances that are held at one time.
_CELLS = 20_000_000


@dataclass(frozen=True)
class Snapped:
    """Points on the network.

    Parameters
    ----------
    edge
        The nearest way of each point; -1 where it is too far from all.
    share
        How far along the way the foot of the point is, from 0 to 1.
    away_m
        Metres between the point and its foot.
    """

    edge: np.ndarray
    share: np.ndarray
    away_m: np.ndarray

    @property
    def is_on(self) -> np.ndarray:
        """Whether each point is near enough to a way."""
        return self.edge >= 0


@dataclass(frozen=True)
class WalkNetwork:
    """Ways that people may walk on, both ways.

    Parameters
    ----------
    x, y
        Junctions and bends, in metres (EPSG:27700).
    start, end
        Positions of the ends of each way in ``x`` and ``y``.
    metres
        Length of each way: at least that of the straight line between its ends.
    is_open
        Whether points are joined to the way. Not to stray pieces, and not to what lies outside
        of the area that the extract covers whole.
    """

    x: np.ndarray
    y: np.ndarray
    start: np.ndarray
    end: np.ndarray
    metres: np.ndarray
    is_open: np.ndarray

    @cached_property
    def _open_edges(self) -> np.ndarray:
        return np.flatnonzero(self.is_open)

    @cached_property
    def _tree(self) -> shapely.STRtree:
        return shapely.STRtree(self._lines)

    @cached_property
    def _lines(self) -> np.ndarray:
        edges = self._open_edges
        ends = np.column_stack([self.start[edges], self.end[edges]])
        return shapely.linestrings(np.stack([self.x[ends], self.y[ends]], axis=-1))

    def snap(self, points: ArrayLike) -> Snapped:
        """Return the foot of each point on the nearest way.

        Parameters
        ----------
        points
            Eastings and northings in two columns.
        """
        points = np.asarray(points, dtype=float).reshape(-1, 2)
        edge = np.full(len(points), -1)
        share, away = np.zeros(len(points)), np.full(len(points), np.nan)
        known = np.flatnonzero(np.isfinite(points).all(axis=1))
        shapes = shapely.points(points[known])
        limit = load_walking().snap.limit_m
        hits, found = self._tree.query_nearest(shapes, max_distance=limit, all_matches=False)
        line = self._lines[found]
        rows = known[hits]
        edge[rows] = self._open_edges[found]
        share[rows] = shapely.line_locate_point(line, shapes[hits], normalized=True)
        away[rows] = shapely.distance(line, shapes[hits])
        return Snapped(edge, share, away)

    def join(self, people: ArrayLike, places: ArrayLike) -> Journeys:
        """Return the network with people and places on it, ready to be measured.

        Parameters
        ----------
        people, places
            Eastings and northings in two columns.
        """
        return Journeys.plan(self, self.snap(people), self.snap(places))

    def distances_to_nearest(
        self, people: ArrayLike, places: ArrayLike, limit_m: float = np.inf
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return how far each person walks to the nearest place, and which place that is.

        Parameters
        ----------
        people, places
            Eastings and northings in two columns.
        limit_m
            Metres beyond which nothing is looked for.

        Returns
        -------
        tuple
            Metres: missing for a person too far from every way, infinite where no place is within
            the limit. Positions in ``places``, -1 where there is none.
        """
        journeys = self.join(people, places)
        return journeys.find_nearest(np.arange(len(journeys.places.edge)), limit_m=limit_m)


@dataclass(frozen=True)
class Journeys:
    """A network on which people and places stand.

    A way is cut at the foot of every point on it, so that two points on one way are as far from
    one another as they are. The points of the graph are the network's, then the feet of people,
    those of places, and the places themselves, from which one can only leave.
    """

    graph: csr_array
    people: Snapped
    places: Snapped
    first_foot: int

    @classmethod
    def plan(cls, network: WalkNetwork, people: Snapped, places: Snapped) -> Journeys:
        """Cut the ways of a network at the feet of people and places."""
        edge = np.r_[people.edge, places.edge]
        share = np.r_[people.share, places.share]
        base, count = len(network.x), len(edge)
        on = np.flatnonzero(edge >= 0)
        order = on[np.lexsort((share[on], edge[on]))]
        own, along = edge[order], share[order]
        is_first = np.ones(len(order), dtype=bool)
        is_first[1:] = own[1:] != own[:-1]
        is_last = np.r_[is_first[1:], np.ones(min(len(order), 1), dtype=bool)]
        before = np.where(is_first, network.start[own], base + np.roll(order, 1))
        since = along - np.where(is_first, 0.0, np.roll(along, 1))
        whole = np.ones(len(network.start), dtype=bool)
        whole[own] = False
        ends = own[is_last]
        one = np.r_[network.start[whole], before, base + order[is_last]]
        other = np.r_[network.end[whole], base + order, network.end[ends]]
        lengths = network.metres[own]
        metres = np.r_[
            network.metres[whole], since * lengths, (1 - along[is_last]) * lengths[is_last]
        ]
        feet = base + len(people.edge) + np.flatnonzero(places.is_on)
        doors = base + count + np.flatnonzero(places.is_on)
        rows = np.r_[one, other, doors]
        columns = np.r_[other, one, feet]
        values = np.maximum(np.r_[metres, metres, places.away_m[places.is_on]], _LEAST_M)
        size = base + count + len(places.edge)
        graph = coo_array((values, (rows, columns)), shape=(size, size)).tocsr()
        return cls(graph, people, places, base)

    @property
    def _feet(self) -> np.ndarray:
        """Points of the graph where people are."""
        return self.first_foot + np.arange(len(self.people.edge))

    def _find_doors(self, places: np.ndarray) -> np.ndarray:
        return self.first_foot + len(self.people.edge) + len(self.places.edge) + places

    def find_nearest(
        self, places: ArrayLike, *, limit_m: float = np.inf
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return how far each person walks to the nearest of some places, and which it is.

        Parameters
        ----------
        places
            Positions of the places that count; those off the network are passed over.
        limit_m
            Metres beyond which nothing is looked for.

        Returns
        -------
        tuple
            As from `WalkNetwork.distances_to_nearest`.
        """
        chosen = np.asarray(places, dtype=np.int64)
        chosen = chosen[self.places.is_on[chosen]]
        metres = np.where(self.people.is_on, np.inf, np.nan)
        nearest = np.full(len(metres), -1)
        if not len(chosen):
            return metres, nearest
        distances, _, origins = dijkstra(
            self.graph,
            indices=self._find_doors(chosen),
            limit=limit_m,
            min_only=True,
            return_predecessors=True,
        )
        found = distances[self._feet] + self.people.away_m
        is_near = self.people.is_on & (found <= limit_m) & np.isfinite(found)
        metres[is_near] = found[is_near]
        nearest[is_near] = origins[self._feet][is_near] - self._find_doors(np.int64(0))
        return metres, nearest

    def find_all(self, limit_m: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return person, place and metres of every pair within a limit on the network."""
        parts = list(self._find_batches(limit_m))
        if not parts:
            return np.array([], dtype=int), np.array([], dtype=int), np.array([])
        person, place, metres = (np.concatenate(columns) for columns in zip(*parts, strict=True))
        return person, place, metres

    def _find_batches(self, limit_m: float) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
        chosen = np.flatnonzero(self.places.is_on)
        size = max(1, _CELLS // self.graph.shape[0])
        for first in range(0, len(chosen), size):
            batch = chosen[first : first + size]
            table = dijkstra(self.graph, indices=self._find_doors(batch), limit=limit_m)
            found = table[:, self._feet] + self.people.away_m
            with np.errstate(invalid="ignore"):
                row, person = np.nonzero(found <= limit_m)
            yield person, batch[row], found[row, person]
