"""Places of OpenStreetMap: everything whose tags make it an asset, with a point on the grid."""

from __future__ import annotations

import re
from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
import shapely

from cip.catalogue.asset_types import load_asset_types
from cip.catalogue.register_ids import find_register_ids
from cip.inputs.personal import find_contact
from cip.sources.cells import Findings
from cip.sources.osm_files import OsmReader
from cip.sources.osm_grid import project_to_grid
from cip.sources.osm_tags import TagIndex
from cip.sources.place_words import keep_websites, write_postcode
from cip.sources.places import COLUMNS, NUMBERS

#: Relations that have a surface; others (a bus route, a group of stops) are no place.
SURFACES = ("multipolygon", "boundary")
_DAY = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
#: Answers without dates of change give the beginning of time in their stead.
_FIRST_YEAR = 2004
_DETAILS = ("religion", "denomination", "sport", "social_facility", "wheelchair", "access", "fee")
_STREET = ("addr:housename", "addr:housenumber", "addr:street", "addr:place", "addr:suburb")
_TOWN = ("addr:city", "addr:town", "addr:village")
_WEBSITE = ("website", "contact:website", "url")
#: Between quotation marks, hours of opening may hold anything, a telephone number too.
_COMMENT = re.compile(r'"[^"]*"?')


@dataclass
class _Shapes:
    """Lines of longitude and latitude, by the row of the place that they belong to."""

    rows: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    flat: array[float] = field(default_factory=lambda: array("d"))

    def add(self, row: int, line: list[tuple[float, float]]) -> None:
        """Note one line of a place."""
        for point in line:
            self.flat.extend(point)
        self.rows.append(row)
        self.ends.append(len(self.flat) // 2)

    def draw(self) -> np.ndarray:
        """Return the lines in metres, one for each ``add``."""
        places = np.asarray(self.flat).reshape(-1, 2)
        x, y = project_to_grid(places[:, 0], places[:, 1])
        sizes = np.diff([0, *self.ends])
        return shapely.linestrings(
            np.column_stack([x, y]), indices=np.repeat(range(len(sizes)), sizes)
        )


@dataclass
class _Collector:
    """Takes the elements of a file, one at a time, in the form that the reading library gives."""

    index: TagIndex
    rows: list[dict[str, Any]] = field(default_factory=list)
    points: array[float] = field(default_factory=lambda: array("d"))
    point_rows: list[int] = field(default_factory=list)
    shapes: _Shapes = field(default_factory=_Shapes)
    members: dict[int, list[int]] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)

    def node(self, element: Any) -> None:
        """Take a point."""
        if self._take(element, "n") and element.location.valid():
            self.points.extend((element.location.lon, element.location.lat))
            self.point_rows.append(len(self.rows) - 1)

    def way(self, element: Any) -> None:
        """Take a line or a ring, or the border of a relation that was taken before."""
        if self._take(element, "w"):
            line = list_places(element)
            if len(line) > 1:
                self.shapes.add(len(self.rows) - 1, line)

    def relation(self, element: Any) -> None:
        """Take a thing of several pieces; its border comes in another pass."""
        if element.tags.get("type") in SURFACES and self._take(element, "r"):
            outer = [m.ref for m in element.members if m.type == "w" and m.role in ("outer", "")]
            for way in outer:
                self.members.setdefault(way, []).append(len(self.rows) - 1)

    def _take(self, element: Any, letter: str) -> bool:
        """Take what is said of a thing; one that two searches find is taken once."""
        tags, place_id = dict(element.tags), f"{letter}{element.id}"
        found = self.index.classify(tags) if place_id not in self.seen else None
        if found:
            self.seen.add(place_id)
            place_type, status = found
            told = describe_place(tags, element.timestamp)
            self.rows.append(
                {"place_id": place_id, "place_type": place_type, "status": status, **told}
            )
        return found is not None


class _Borders:
    """Takes the ways that make up the borders of relations."""

    def __init__(self, collector: _Collector):
        self._collector = collector

    def way(self, element: Any) -> None:
        """Take one border."""
        line = list_places(element)
        if len(line) > 1:
            for row in self._collector.members[element.id]:
                self._collector.shapes.add(row, line)


def list_places(way: Any) -> list[tuple[float, float]]:
    """Return longitude and latitude of a way's nodes; those that a file lacks are left out."""
    return [(node.lon, node.lat) for node in way.nodes if node.location.valid()]


def read_places(reader: OsmReader, findings: Findings) -> pd.DataFrame:
    """Return one row per place, with the columns of every table of places.

    Points are metres of EPSG:27700, to 0.1 m: of a surface a point inside it, of a line its
    middle. A thing whose outline the file lacks has none. Names of mappers are not read, and a
    text that holds a telephone number or an e-mail address is left out.

    Raises
    ------
    SourceError
        When the file cannot be read to its end.
    """
    collector = _Collector(TagIndex(load_asset_types().values()))
    for entities in ("relation", "node", "way"):
        reader.walk(entities, collector.index.list_keys(), collector)
        reader.walk(entities, collector.index.list_busy_tags(), collector)
    if collector.members:
        reader.find_ways(sorted(collector.members), _Borders(collector))
    table = pd.DataFrame(collector.rows).reindex(columns=list(COLUMNS))
    table = table.astype({id_: "float64" if id_ in NUMBERS else "str" for id_ in COLUMNS})
    table["website"] = keep_websites(table["website"], findings)
    table["x"], table["y"] = _find_points(collector)
    pointless = int(table["x"].isna().sum())
    if pointless:
        findings.notes.append(f"{findings.file}: {pointless} places without a point.")
    return table.sort_values("place_id", ignore_index=True)


def _find_points(collector: _Collector) -> np.ndarray:
    found = np.full((2, len(collector.rows)), np.nan)
    if collector.point_rows:
        places = np.asarray(collector.points).reshape(-1, 2)
        found[:, collector.point_rows] = project_to_grid(places[:, 0], places[:, 1])
    if collector.shapes.rows:
        pieces = pd.Series(list(collector.shapes.draw())).groupby(collector.shapes.rows)
        rows = list(pieces.groups)
        points = np.array([find_point(list(lines)) for _, lines in pieces])
        found[:, rows] = [shapely.get_x(points), shapely.get_y(points)]
    return found.round(1)


def find_point(lines: list[shapely.LineString]) -> shapely.Point:
    """Return a point inside what the lines enclose (the largest piece), or in their middle.

    Examples
    --------
    >>> find_point([shapely.LineString([(0, 0), (4, 0), (4, 2), (0, 2), (0, 0)])]).wkt
    'POINT (2 1)'
    """
    if len(lines) > 1 or lines[0].is_closed:
        faces = shapely.get_parts(shapely.polygonize(lines))
        if len(faces):
            return shapely.point_on_surface(faces[np.argmax(shapely.area(faces))])
    longest = max(lines, key=lambda line: line.length)
    return shapely.line_interpolate_point(longest, 0.5, normalized=True)


def describe_place(tags: Mapping[str, str], changed: datetime | None) -> dict[str, str | None]:
    """Return name, address, postcode, last check, hours, details and ids of registers of a thing.

    Only the tags of places are read: no operator, telephone, e-mail address or name of a mapper.
    """
    postcode = tags.get("addr:postcode") or tags.get("postal_code")
    checked = tags.get("check_date") or tags.get("survey:date") or ""
    if not _DAY.fullmatch(checked):
        is_known = changed is not None and changed.year >= _FIRST_YEAR
        checked = f"{changed:%Y-%m-%d}" if is_known else ""
    house, number, *rest = (tags.get(key) for key in _STREET)
    street = " ".join(part for part in (number, rest[0]) if part)
    town = next((tags[key] for key in _TOWN if tags.get(key)), None)
    details = [f"{key.replace('_', ' ')}: {tags[key]}" for key in _DETAILS if tags.get(key)]
    return {
        "name": _clean(tags.get("name") or tags.get("name:en")),
        "address": _clean(", ".join(part for part in (house, street, *rest[1:], town) if part)),
        "postcode": write_postcode(postcode) if postcode else None,
        "checked": checked or None,
        "opening": _clean(_COMMENT.sub("", tags.get("opening_hours", ""))),
        "website": next((tags[key] for key in _WEBSITE if tags.get(key)), None),
        "detail": _clean("; ".join(details)),
        "shared_id": "; ".join(find_register_ids(tags)) or None,
    }


def _clean(text: str | None) -> str | None:
    """Return a text on one line; none for one that holds the contact detail of somebody."""
    if not text or find_contact(text):
        return None
    return " ".join(text.split()) or None
