"""Files of OpenStreetMap: XML, PBF and GraphML told by their first bytes, and read in passes."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from cip.errors import Problem, SourceError
from cip.sources.files import RawFile, is_gzip

#: Kinds of file, as the layouts of the catalogue name them.
OSM, GRAPHML = "osm", "graphml"
_XML = re.compile(rb"<osm[\s>]")
_GRAPHML = re.compile(rb"<graphml[\s>]")
#: The elements that name a kind stand at the very beginning.
_START = 2000


def find_kind(head: bytes) -> str:
    """Return ``osm`` or ``graphml`` for the first bytes of such a file, or nothing."""
    if head[4:].startswith(b"\n\x09OSMHeader"):
        return OSM
    start = head[:_START].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not start.startswith(b"<"):
        return ""
    if _XML.search(start):
        return OSM
    return GRAPHML if _GRAPHML.search(start) else ""


class OsmReader:
    """One file of OpenStreetMap, to be gone through as often as its order demands.

    Parameters
    ----------
    file
        XML or PBF, plain, gzip or a member of a zip archive.
    """

    def __init__(self, file: RawFile):
        self.file = file
        self._ending = "osm.pbf" if b"OSMHeader" in file.read_head()[:64] else "osm"
        self._content = file.read_all() if file.member is not None else None
        self._nodes: Any = None

    def _open(self) -> Any:
        import osmium

        if self._content is not None:
            return osmium.io.FileBuffer(self._content, self._ending)
        ending = f"{self._ending}.gz" if is_gzip(self.file.path) else self._ending
        return osmium.io.File(str(self.file.path), ending)

    def walk(
        self, entities: str, wanted: Sequence[str] | Sequence[tuple[str, str]], handler: Any
    ) -> None:
        """Hand every element of a kind that has one of the keys, or of the tags, to a handler.

        Ways know the places of their nodes. ``entities`` is node, way or relation.
        """
        import osmium

        with explain(self.file.name):
            chosen = getattr(osmium.osm, entities.upper())
            is_key = isinstance(wanted[0], str)
            kind = osmium.filter.KeyFilter if is_key else osmium.filter.TagFilter
            steps = [kind(*wanted), handler]
            if entities == "way":
                steps.insert(0, self._find_nodes())
            osmium.apply(osmium.io.Reader(self._open(), chosen), *steps)

    def find_ways(self, ids: Sequence[int], handler: Any) -> None:
        """Hand the ways with these numbers to a handler."""
        import osmium

        with explain(self.file.name):
            chosen = osmium.filter.IdFilter(ids)
            reader = osmium.io.Reader(self._open(), osmium.osm.WAY)
            osmium.apply(reader, self._find_nodes(), chosen, handler)

    def read_bounds(self) -> tuple[float, float, float, float]:
        """Return west, south, east and north in degrees, as the file states; else everything."""
        import osmium

        with explain(self.file.name):
            reader = osmium.io.Reader(self._open(), osmium.osm.osm_entity_bits.NOTHING)
            box = reader.header().box()
            reader.close()
        if not box.valid():
            return -math.inf, -math.inf, math.inf, math.inf
        low, high = box.bottom_left, box.top_right
        return low.lon, low.lat, high.lon, high.lat

    def _find_nodes(self) -> Any:
        """Return the places of all nodes, which a file may hold behind the ways that need them."""
        import osmium

        if self._nodes is None:
            index = osmium.index.create_map("flex_mem")
            handler = osmium.NodeLocationsForWays(index)
            handler.ignore_errors()
            osmium.apply(osmium.io.Reader(self._open(), osmium.osm.NODE), handler)
            self._nodes = handler
        return self._nodes


@contextmanager
def explain(name: str) -> Iterator[None]:
    """Turn what the reading library says of a damaged file into a problem of that file."""
    try:
        yield
    except RuntimeError as error:
        raise SourceError(
            Problem(
                "The OpenStreetMap file is cut short or damaged: it cannot be read to its end. "
                "Download it again.",
                file=name,
                found=str(error)[:200],
            )
        ) from error
