"""The walking network of the store, from the streets and paths of OpenStreetMap."""

from __future__ import annotations

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from cip.assets.network import WalkNetwork
from cip.catalogue.walking import load_walking
from cip.store import Store

#: What a network of the store is made of.
PRODUCTS = ("osm_walk_nodes", "osm_walk_edges")
#: Ways from one place of a window to another may lead outside it.
MARGIN_M = 1_000

__all__ = ["WalkNetwork", "load_network", "make_network"]


def load_network(
    store: Store, window: tuple[float, float, float, float] | None = None
) -> WalkNetwork | None:
    """Return the walking network of the store; None where it has none here.

    Parameters
    ----------
    store
        The store.
    window
        West, south, east and north in metres; the network reaches 1 km beyond. By default all.

    Raises
    ------
    SourceError
        If a table of the store is damaged.
    """
    if not all(store.has(product) for product in PRODUCTS):
        return None
    nodes = store.read("osm_walk_nodes").sort_values("node_id")
    edges = store.read("osm_walk_edges")
    ids = nodes["node_id"].to_numpy(dtype=np.int64)
    start, end = (
        np.searchsorted(ids, edges[column].to_numpy(dtype=np.int64))
        for column in ("from_node", "to_node")
    )
    return make_network(
        nodes["x"].to_numpy(dtype=float),
        nodes["y"].to_numpy(dtype=float),
        start,
        end,
        edges["metres"].to_numpy(dtype=float),
        covered=nodes["in_extract"].fillna(True).to_numpy(dtype=bool),
        window=window,
    )


def make_network(
    x: np.ndarray,
    y: np.ndarray,
    start: np.ndarray,
    end: np.ndarray,
    metres: np.ndarray,
    *,
    covered: np.ndarray | None = None,
    window: tuple[float, float, float, float] | None = None,
) -> WalkNetwork | None:
    """Return a network of ways; None where no way is in the window.

    Points are joined to the largest connected piece, and to others with a share of all points
    that ``walking.toml`` states; not to stray ones such as a path inside a car park.

    Parameters
    ----------
    x, y
        Junctions and bends, in metres.
    start, end, metres
        Positions of the ends of each way, and its length.
    covered
        Whether each point is inside what the extract covers whole.
    window
        As in `load_network`.
    """
    count = len(x)
    _, piece = connected_components(
        coo_array((np.ones(len(start), dtype=np.int8), (start, end)), shape=(count, count)),
        directed=False,
    )
    inside = np.ones(count, dtype=bool)
    if window is not None:
        west, south, east, north = window
        inside = (x >= west - MARGIN_M) & (x <= east + MARGIN_M)
        inside &= (y >= south - MARGIN_M) & (y <= north + MARGIN_M)
    kept = inside[start] & inside[end]
    if not kept.any():
        return None
    sizes = np.bincount(piece[inside], minlength=piece.max() + 1)
    least = load_walking().network.smallest_share * inside.sum()
    is_large = (sizes >= least) | (sizes == sizes.max())
    is_open = is_large[piece]
    if covered is not None:
        is_open &= covered
    start, end, metres = start[kept], end[kept], metres[kept]
    used, place = np.unique(np.column_stack([start, end]), return_inverse=True)
    place = place.reshape(-1, 2)
    can_join = is_open[start] & is_open[end]
    if not can_join.any():
        return None
    return WalkNetwork(x[used], y[used], place[:, 0], place[:, 1], metres, can_join)
