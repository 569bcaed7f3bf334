"""Streets and paths to be drawn under a map, from a file of OpenStreetMap: kind, name and line."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import shapely

from cip.catalogue.walking import Walking, load_walking
from cip.inputs.personal import find_contact
from cip.sources.osm_files import OsmReader
from cip.sources.osm_grid import project_to_grid

COLUMNS = ("way_id", "kind", "name", "line")
_KEYS = ("highway",)


@dataclass
class _Collector:
    """Takes the ways of a file that are drawn, one at a time."""

    walking: Walking
    rows: list[tuple[int, str, str | None]] = field(default_factory=list)
    flat: array[float] = field(default_factory=lambda: array("d"))
    sizes: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._keys = ("highway", *self.walking.streets.hidden)

    def way(self, element: Any) -> None:
        """Take a street or a path."""
        tags = element.tags
        found = {key: value for key in self._keys if (value := tags.get(key))}
        kind = self.walking.streets.classify(found)
        places = [(n.lon, n.lat) for n in element.nodes if n.location.valid()] if kind else []
        if kind is None or len(places) < 2:
            return
        self.rows.append((element.id, kind, _read_name(tags)))
        for place in places:
            self.flat.extend(place)
        self.sizes.append(len(places))


def _read_name(tags: Any) -> str | None:
    name = " ".join((tags.get("name") or "").split())
    return None if not name or find_contact(name) else name


def read_streets(reader: OsmReader, walking: Walking | None = None) -> pd.DataFrame:
    """Return one row per street or path that is drawn under a map.

    Parameters
    ----------
    reader
        A file.
    walking
        Which ways are drawn, and how finely; by default as ``walking.toml`` says.

    Returns
    -------
    DataFrame
        ``way_id, kind`` (main, street or path), ``name`` and ``line``: its shape as text (WKT) in
        whole metres of EPSG:27700. Bends that lie within the tolerance of a straight line are
        left out (Douglas and Peucker). Without columns where there is none.

    Raises
    ------
    SourceError
        When the file cannot be read to its end.
    """
    collector = _Collector(walking or load_walking())
    reader.walk("way", _KEYS, collector)
    if not collector.rows:
        return pd.DataFrame()
    places = np.asarray(collector.flat).reshape(-1, 2)
    x, y = project_to_grid(places[:, 0], places[:, 1])
    owner = np.repeat(np.arange(len(collector.sizes)), collector.sizes)
    lines = shapely.linestrings(np.column_stack([x, y]).round(), indices=owner)
    lines = shapely.simplify(lines, collector.walking.network.tolerance_m, preserve_topology=False)
    table = pd.DataFrame(collector.rows, columns=list(COLUMNS[:3]))
    table["line"] = shapely.to_wkt(lines, rounding_precision=0)
    kinds = {"way_id": "Int64", "kind": "str", "name": "str", "line": "str"}
    table = table.astype(kinds)[shapely.length(lines) > 0]
    return table.sort_values("way_id", ignore_index=True)
