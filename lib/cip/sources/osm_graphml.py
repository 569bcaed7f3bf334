"""A street network in GraphML, as osmnx writes it, as points and pairs of points."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from cip.catalogue.walking import load_walking
from cip.errors import Problem, SourceError
from cip.sources.files import RawFile
from cip.sources.osm_chains import Segments, join_segments
from cip.sources.osm_grid import project_to_grid

_SPACE = "{http://graphml.graphdrawing.org/xmlns}"
_WORD = re.compile(r"[a-z_]+")
#: Points without a number of their own (bends of a street) are numbered by their place: eastings
#: and northings in decimetres, one behind the other, below zero so that they meet no other number.
_SHIFT = 10**8


@dataclass(frozen=True)
class _Edge:
    """One street between two nodes."""

    source: str
    target: str
    length: float
    geometry: str


def read_graphml(file: RawFile) -> Segments | None:
    """Return every step of a network; None where it has no way that is open to people on foot.

    Points have ``x`` and ``y`` in the graph's ``crs`` (degrees where it states none), edges their
    ``length`` in metres and, where a street bends, a ``geometry``. Edges of both directions are
    one. Ways that ``walking.toml`` does not open are left out; in a file that states no kind of
    way (``highway``) every edge counts.

    Raises
    ------
    SourceError
        When the file is no such network, or is cut short.
    """
    from lxml import etree
    from pyproj.exceptions import CRSError

    graph: dict[str, str] = {}
    nodes: dict[str, tuple[float, float]] = {}
    edges: list[_Edge] = []
    try:
        for tag, element, data in _list_elements(file):
            if tag == "graph":
                graph |= data
            elif tag == "node":
                nodes[element.get("id", "")] = float(data["x"]), float(data["y"])
            elif _is_open(data, is_named="highway" in graph):
                ends = element.get("source", ""), element.get("target", "")
                edges.append(_Edge(*ends, float(data["length"]), data.get("geometry", "")))
        return _join(nodes, edges, graph.get("crs") or "EPSG:4326") if edges else None
    except etree.XMLSyntaxError as error:
        message = "The GraphML file is cut short or damaged. Write it again."
        raise SourceError(Problem(message, file=file.name, line=error.lineno)) from error
    except (KeyError, ValueError, CRSError) as error:
        raise SourceError(
            Problem(
                "The GraphML file is not a street network as osmnx writes it.",
                file=file.name,
                found=_describe_fault(error),
                expected="nodes with x and y, edges with length, and a crs if not degrees",
            )
        ) from error


def _describe_fault(error: Exception) -> str:
    if isinstance(error, KeyError):
        return f"{error} is missing, or is the name of a node that is not there"
    return str(error)[:200]


def _list_elements(file: RawFile) -> Iterator[tuple[str, Any, dict[str, str]]]:
    """Give nodes and edges with their data by name, and what is known of the whole graph.

    The graph's own data may stand before or behind them all. That edges have a kind of way is
    told as a datum of the graph.
    """
    from lxml import etree

    names: dict[str, str] = {}
    content = io.BytesIO(file.read_all())
    steps = etree.iterparse(content, events=("end",), resolve_entities=False, no_network=True)
    for _, element in steps:
        tag = str(element.tag).removeprefix(_SPACE)
        parent = element.getparent()
        if tag == "key":
            names[element.get("id", "")] = name = element.get("attr.name", "")
            if (element.get("for"), name) == ("edge", "highway"):
                yield "graph", None, {"highway": "stated"}
        elif tag == "data" and parent is not None and parent.tag == f"{_SPACE}graph":
            yield "graph", None, {names.get(element.get("key", ""), ""): element.text or ""}
        elif tag in ("node", "edge"):
            yield tag, element, {names.get(d.get("key", ""), ""): d.text or "" for d in element}
            parent.remove(element)


def _is_open(data: Mapping[str, str], *, is_named: bool) -> bool:
    """Say whether an edge is open to people on foot; of several kinds of way one is enough."""
    kinds = _WORD.findall(data.get("highway", ""))
    tags = {key: data[key] for key in ("access", "foot") if data.get(key)}
    ways = load_walking().ways
    return not is_named or any(ways.admits({**tags, "highway": kind}) for kind in kinds)


def _join(nodes: Mapping[str, tuple[float, float]], edges: Sequence[_Edge], crs: str) -> Segments:
    """Draw every edge in metres; together the steps of an edge have its stated length."""
    lines = np.array([_draw_line(edge, nodes) for edge in edges])
    places, line = shapely.get_coordinates(lines, return_index=True)
    x, y = project_to_grid(places[:, 0], places[:, 1], crs=crs)
    if not np.isfinite([x, y]).all():
        raise ValueError(f"points outside of the coordinate system {crs}")
    ids = -(np.round(x * 10).astype(np.int64) * _SHIFT + np.round(y * 10).astype(np.int64))
    begins = np.r_[True, line[1:] != line[:-1]]
    _name_ends(ids, begins, [edge.source for edge in edges])
    _name_ends(ids, np.r_[begins[1:], True], [edge.target for edge in edges])
    follows = np.flatnonzero(~begins[1:])
    steps = np.hypot(x[follows + 1] - x[follows], y[follows + 1] - y[follows])
    drawn = np.bincount(line[follows], weights=steps, minlength=len(lines))
    stated = np.array([edge.length for edge in edges])
    share = np.divide(stated, drawn, out=np.ones_like(drawn), where=drawn > 0)
    unique, first, place = np.unique(ids, return_index=True, return_inverse=True)
    pairs = np.column_stack([place[follows], place[follows + 1]])
    return join_segments(unique, x[first], y[first], pairs, steps * share[line[follows]])


def _draw_line(edge: _Edge, nodes: Mapping[str, tuple[float, float]]) -> shapely.LineString:
    ends = nodes[edge.source], nodes[edge.target]
    line = shapely.from_wkt(edge.geometry, on_invalid="ignore") if edge.geometry else None
    is_line = line is not None and line.geom_type == "LineString" and not line.is_empty
    return line if is_line else shapely.LineString(ends)


def _name_ends(ids: np.ndarray, is_end: np.ndarray, names: Sequence[str]) -> None:
    """Give the ends of lines the numbers that their nodes have, where these are numbers."""
    places = np.flatnonzero(is_end)
    for place, name in zip(places, names, strict=True):
        if name.isdecimal():
            ids[place] = int(name)
