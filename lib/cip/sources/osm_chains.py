"""Streets as a graph: segments between neighbouring points, and chains between junctions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely


@dataclass(frozen=True)
class Segments:
    """Points, and pairs of them that people can walk between, both ways.

    Parameters
    ----------
    ids
        Number of each point in its source, in rising order.
    x, y
        Metres (EPSG:27700).
    start, end
        Positions of the ends of each pair in ``ids``, the lower one first; no pair twice.
    metres
        Length of each pair.
    """

    ids: np.ndarray
    x: np.ndarray
    y: np.ndarray
    start: np.ndarray
    end: np.ndarray
    metres: np.ndarray


def join_segments(
    ids: np.ndarray,
    x: np.ndarray,
    y: np.ndarray,
    pairs: np.ndarray,
    metres: np.ndarray | None = None,
) -> Segments:
    """Return the distinct pairs of points; a pair of one point with itself is left out.

    Parameters
    ----------
    ids, x, y
        The points, in rising order of their numbers.
    pairs
        Positions of the ends of each pair, in two columns.
    metres
        Length of each pair, of which the shortest counts; by default the straight line.
    """
    low, high = pairs.min(axis=1), pairs.max(axis=1)
    if metres is None:
        metres = np.hypot(x[low] - x[high], y[low] - y[high])
    order = np.lexsort((metres, high, low))
    low, high, metres = low[order], high[order], metres[order]
    is_first = low != high
    is_first[1:] &= (low[1:] != low[:-1]) | (high[1:] != high[:-1])
    return Segments(ids, x, y, low[is_first], high[is_first], metres[is_first])


def simplify_segments(segments: Segments, tolerance_m: float) -> Segments:
    """Leave out the bends of streets that hardly bend, and keep the length of the walk.

    Every junction and every end of a street stays. Between two of them a point stays when it
    lies further than the tolerance from the straight line (Douglas and Peucker). The length of a
    pair is that of the way that it stands for, so that it may be longer than the straight line.
    """
    nodes, sizes = _trace_chains(segments)
    if not len(nodes):
        return segments
    chain = np.repeat(np.arange(len(sizes)), sizes)
    is_first = np.r_[True, chain[1:] != chain[:-1]]
    steps = np.zeros(len(nodes))
    steps[~is_first] = _find_metres(segments, nodes[:-1][~is_first[1:]], nodes[1:][~is_first[1:]])
    walked = np.cumsum(steps)
    # The position in the list travels as the height of each point.
    places = np.column_stack([segments.x[nodes], segments.y[nodes], np.arange(len(nodes))])
    lines = shapely.linestrings(places, indices=chain)
    lines = shapely.simplify(lines, tolerance_m, preserve_topology=False)
    kept = shapely.get_coordinates(lines, include_z=True)[:, 2].astype(np.int64)
    same = chain[kept[1:]] == chain[kept[:-1]]
    first, second = kept[:-1][same], kept[1:][same]
    return _renumber(segments, nodes[first], nodes[second], walked[second] - walked[first])


def _find_metres(segments: Segments, one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Return the lengths of pairs given by their ends, in either order."""
    count = len(segments.ids)
    keys = segments.start * count + segments.end  # in rising order, as the pairs are
    return segments.metres[
        np.searchsorted(keys, np.minimum(one, other) * count + np.maximum(one, other))
    ]


def _renumber(
    segments: Segments, start: np.ndarray, end: np.ndarray, metres: np.ndarray
) -> Segments:
    """Return segments of the points that are left; a ring that shrank to a point is left out."""
    is_pair = start != end
    pairs = np.column_stack([start[is_pair], end[is_pair]])
    left, place = np.unique(pairs, return_inverse=True)
    place = place.reshape(-1, 2)
    points = segments.ids[left], segments.x[left], segments.y[left]
    return join_segments(*points, place, metres[is_pair])


def _trace_chains(segments: Segments) -> tuple[np.ndarray, np.ndarray]:
    """Return the points of all chains in walking order, one after another, and their numbers.

    A chain runs between two points that have one neighbour or more than two. A ring of which no
    point has is cut at its first point.
    """
    count = len(segments.ids)
    both = np.r_[segments.start, segments.end], np.r_[segments.end, segments.start]
    order = np.lexsort((both[1], both[0]))
    neighbours = both[1][order]
    first = np.searchsorted(both[0][order], np.arange(count + 1))
    degree = np.diff(first)
    links, begins = neighbours.tolist(), first.tolist()
    is_bend = (degree == 2).tolist()
    seen = [False] * count
    nodes: list[int] = []
    sizes: list[int] = []

    def follow(start: int, following: int) -> None:
        """Walk from a point to the next junction."""
        before, now, size = start, following, 2
        nodes.append(start)
        while is_bend[now] and now != start:
            seen[now] = True
            nodes.append(now)
            size += 1
            one, other = links[begins[now]], links[begins[now] + 1]
            before, now = now, other if one == before else one
        nodes.append(now)
        sizes.append(size)

    for node in np.flatnonzero((degree > 0) & (degree != 2)).tolist():
        for following in links[begins[node] : begins[node + 1]]:
            # A chain of bends is met from both ends, a single step from the lower one alone.
            if (is_bend[following] and not seen[following]) or (
                not is_bend[following] and node < following
            ):
                follow(node, following)
    for node in np.flatnonzero(degree == 2).tolist():
        if not seen[node]:
            seen[node] = True
            follow(node, links[begins[node]])
    return np.array(nodes, dtype=np.int64), np.array(sizes, dtype=np.int64)


def count_pieces(segments: Segments) -> np.ndarray:
    """Return how many points each connected piece has, the largest first."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    count = len(segments.ids)
    ones = np.ones(len(segments.start), dtype=np.int8)
    graph = coo_array((ones, (segments.start, segments.end)), shape=(count, count))
    _, labels = connected_components(graph, directed=False)
    return np.sort(np.bincount(labels))[::-1]
