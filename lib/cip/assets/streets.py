"""Streets and paths under a map of assets, from the store."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from cip.assets.walking import PRODUCTS
from cip.geography import CRS_DISTANCE
from cip.store import Store

STREETS = "osm_streets"


def read_streets(
    store: Store, window: tuple[float, float, float, float] | None
) -> gpd.GeoDataFrame | None:
    """Return the streets and paths around an area; None where the store has none there.

    A store that was filled with a network alone (GraphML) has no kinds and names: every way of it
    is a street then.

    Parameters
    ----------
    store
        The store.
    window
        West, south, east and north in metres, at which lines are cut; None for everything.

    Returns
    -------
    GeoDataFrame
        One row per street, in metres (EPSG:27700): ``kind`` (main, street or path), ``name``
        (missing where it has none) and its line.
    """
    if store.has(STREETS):
        table = store.read(STREETS, ["kind", "name", "line"])
        lines = shapely.from_wkt(table.pop("line").to_numpy(dtype=object))
    elif all(store.has(product) for product in PRODUCTS):
        lines = _draw_network(store)
        table = pd.DataFrame({"kind": "street", "name": None}, index=range(len(lines)))
    else:
        return None
    if window is not None:
        lines = shapely.clip_by_rect(lines, *window)
    table = table.astype({"kind": "str", "name": "str"})
    frame = gpd.GeoDataFrame(table, geometry=lines, crs=CRS_DISTANCE)
    frame = frame[~frame.geometry.is_empty].explode(ignore_index=True)
    return frame if len(frame) else None


def _draw_network(store: Store) -> np.ndarray:
    nodes = store.read(PRODUCTS[0]).set_index("node_id")[["x", "y"]]
    edges = store.read(PRODUCTS[1])
    ends = [nodes.loc[edges[name]].to_numpy(float) for name in ("from_node", "to_node")]
    return shapely.linestrings(np.stack(ends, axis=1))
