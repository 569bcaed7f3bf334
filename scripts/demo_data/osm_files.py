"""An invented extract of OpenStreetMap: the streets of three villages, and what stands on them.

It covers part of the demonstration's ward, so that some of its people are measured along streets
and some by straight line. A river runs through the first village with one bridge at its eastern
end, and a railway through the third with one footbridge, so that a walk may be much longer than
the map suggests.
"""

import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from xml.sax.saxutils import quoteattr

from demo_data.county import County
from demo_data.draws import Draws
from demo_data.national_grid import convert_to_longlat
from demo_data.outlines import Point

SEED_STREETS = 45
NAME = "teaspoon-common.osm"
WRITTEN_ON = "2026-10-01T12:00:00Z"
#: What the extract covers, in metres: west, south, east, north.
COVERED_M = (620_900, 457_800, 627_300, 462_700)
SIDE, MIDDLE, SPACING_M, BEND_M = 11, 5, 130, 250
Cell = tuple[int, int]
Tags = dict[str, str]

#: LSOA at whose centre a village lies; how its streets are turned; where nothing crosses between
#: one row and the next, but in the columns named.
VILLAGES = {
    "withburga": ("Z01000044", 8, {5: (10,)}),
    "magna": ("Z01000045", -14, {}),
    "halt": ("Z01000046", 21, {3: (1,)}),
}
#: Village, column and row of each thing, and its tags.
PLACES = """
withburga 5 7 shop=convenience | name=Bodkin Stores | opening_hours=Mo-Su 07:00-21:00 |\
 addr:street=Ferry Lane | addr:housenumber=3
withburga 4 7 amenity=pub | name=The Crossed Nibs | addr:street=Ferry Lane | check_date=2026-06-14
withburga 6 4 emergency=defibrillator | access=yes
withburga 3 3 highway=bus_stop | name=Withburga Green
withburga 8 2 disused:amenity=pub | name=The Blotted Copybook
withburga 6 8 amenity=pharmacy | name=Ferry Lane Pharmacy | opening_hours=Mo-Fr 09:00-17:30
magna 5 6 shop=supermarket | name=Magna Co-operative Stores |\
 opening_hours=Mo-Sa 08:00-20:00; Su 10:00-16:00
magna 6 6 shop=bakery | name=The Upper Crust
magna 4 5 amenity=cafe | name=Spoon & Saucer | wheelchair=yes
magna 7 4 amenity=pub | name=The Silver Ladle
magna 5 4 emergency=defibrillator | access=yes
magna 2 6 highway=bus_stop | name=Magna Cross
magna 8 8 leisure=fitness_station | name=Common Edge trim trail
halt 5 2 shop=convenience | name=Halt Post Office Stores
halt 6 2 amenity=post_office | name=Halt Post Office
halt 4 6 amenity=pub | name=The Signalman's Rest
halt 7 6 emergency=defibrillator
halt 5 8 highway=bus_stop | name=Halt, Upper Road
"""
#: Village, first corner, width and depth in metres, and tags of what is drawn as an outline.
GROUNDS = """
withburga 7 3 120 110 leisure=park | name=Withburga Green
withburga 7 4 30 25 leisure=playground | name=Green play area
withburga 4 3 35 18 amenity=place_of_worship | religion=christian | name=St Withburga's |\
 building=church
magna 3 6 125 120 leisure=park | name=Magna Common
magna 8 5 28 28 leisure=playground
magna 6 7 26 16 amenity=place_of_worship | religion=muslim | name=Teaspoon Magna Prayer Hall |\
 building=yes
magna 2 3 24 18 amenity=community_centre | name=Magna Institute | building=yes
halt 6 7 110 70 leisure=recreation_ground | name=Halt recreation ground
halt 3 6 30 18 amenity=place_of_worship | religion=christian | name=Halt Methodist Chapel |\
 building=chapel
halt 8 3 90 60 leisure=park | access=private | name=Signal House gardens
"""
#: Roads between the villages.
ROADS: tuple[tuple[tuple[str, Cell], tuple[str, Cell], str], ...] = (
    (("withburga", (10, 4)), ("magna", (0, 5)), "Withburga Road"),
    (("magna", (4, 10)), ("halt", (9, 0)), "Halt Lane"),
    (("halt", (0, 2)), ("withburga", (9, 10)), "Ferry Road"),
)
#: A road that leads out of what is covered: where it starts, and where the file ends it.
ROAD_OUT: tuple[tuple[str, Cell], Point, str] = (
    ("withburga", (0, 5)), (620_090.0, 459_900.0), "Old West Road"
)  # fmt: skip


class _Extract:
    """The elements of the file, numbered as they come."""

    def __init__(self) -> None:
        self.nodes: list[tuple[float, float, Tags]] = []
        self.ways: list[tuple[list[int], Tags]] = []

    def add_node(self, point: Point, tags: Tags | None = None) -> int:
        """Add a point in metres and return its number, from 1."""
        self.nodes.append((*convert_to_longlat(*point), tags or {}))
        return len(self.nodes)

    def add_way(self, nodes: Sequence[int], tags: Tags) -> None:
        """Add a line through some nodes."""
        self.ways.append((list(nodes), tags))


def write_all_osm(county: County, out: Path) -> None:
    """Write the extract as OpenStreetMap XML."""
    draws, extract = Draws(SEED_STREETS), _Extract()
    corners = {name: _place_corners(county, name, draws) for name in VILLAGES}
    numbers = {
        name: {cell: extract.add_node(point) for cell, point in cells.items()}
        for name, cells in corners.items()
    }
    for name, (_, _, barriers) in VILLAGES.items():
        _lay_streets(extract, numbers[name], barriers)
    _lay_barriers(extract, corners)
    for (name, cell), (other, place), title in ROADS:
        last = corners[other][place], numbers[other][place]
        _lay_road(extract, (corners[name][cell], numbers[name][cell]), last, title, draws)
    (name, cell), point, title = ROAD_OUT
    last = point, extract.add_node(point)
    _lay_road(extract, (corners[name][cell], numbers[name][cell]), last, title, draws)
    for (name, column, row), tags in map(_read_tags, PLACES.strip().splitlines()):
        x, y = corners[name][int(column), int(row)]
        extract.add_node((x + draws.between(8, 25), y + draws.between(8, 25)), tags)
    for (name, column, row, *size), tags in map(_read_tags, GROUNDS.strip().splitlines()):
        corner, (wide, deep) = corners[name][int(column), int(row)], map(int, size)
        _lay_ground(extract, corner, VILLAGES[name][1], (wide, deep), tags)
    text = "\n".join(_write_elements(extract)) + "\n"
    (out / NAME).write_text(text, encoding="utf-8", newline="\n")


def _read_tags(line: str) -> tuple[list[str], Tags]:
    """Give the words before the tags of a line, and the tags."""
    place, _, tags = line.partition(" ")
    words = [place]
    while "=" not in tags.partition(" ")[0]:
        word, _, tags = tags.partition(" ")
        words.append(word)
    pairs = (tag.strip().partition("=") for tag in tags.split("|"))
    return words, {key: value for key, _, value in pairs}


def _place_corners(county: County, name: str, draws: Draws) -> dict[Cell, Point]:
    """Give the street corners of a village: a lattice, turned, and nudged at random."""
    code, degrees, _ = VILLAGES[name]
    x, y = county.lsoa_centres[code]
    corners = {}
    for column in range(SIDE):
        for row in range(SIDE):
            across, up = _turn((column - MIDDLE) * SPACING_M, (row - MIDDLE) * SPACING_M, degrees)
            nudge = draws.between(-14, 14), draws.between(-14, 14)
            corners[column, row] = (x + across + nudge[0], y + up + nudge[1])
    return corners


def _turn(across: float, up: float, degrees: float) -> Point:
    angle = math.radians(degrees)
    return (
        across * math.cos(angle) - up * math.sin(angle),
        across * math.sin(angle) + up * math.cos(angle),
    )


def _lay_streets(
    extract: _Extract, numbers: dict[Cell, int], barriers: dict[int, tuple[int, ...]]
) -> None:
    """Lay a street along every row and column; few columns cross a river or a railway."""
    for row in range(SIDE):
        kind = "unclassified" if row == MIDDLE else "residential"
        line = [numbers[column, row] for column in range(SIDE)]
        extract.add_way(line, {"highway": kind})
    for column in range(SIDE):
        part: list[int] = []
        for row in range(SIDE):
            part.append(numbers[column, row])
            if row in barriers and column not in barriers[row]:
                _add_street(extract, part)
                part = []
        _add_street(extract, part)
    # The drive of a house that one may not walk through, and a path across a field that one may.
    extract.add_way([numbers[1, 1], numbers[2, 2]], {"highway": "service", "access": "private"})
    path = [numbers[8, 8], numbers[9, 9], numbers[10, 10]]
    extract.add_way(path, {"highway": "track", "access": "private", "foot": "permissive"})


def _add_street(extract: _Extract, part: list[int]) -> None:
    if len(part) > 1:
        extract.add_way(part, {"highway": "residential"})


def _lay_barriers(extract: _Extract, corners: dict[str, dict[Cell, Point]]) -> None:
    """Draw the river and the railway themselves, half way between two rows."""
    kinds = {
        "withburga": {"waterway": "river", "name": "River Ladle"},
        "halt": {"railway": "rail", "name": "Fableshire branch"},
    }
    for name, tags in kinds.items():
        for row in VILLAGES[name][2]:
            line = []
            for column in range(SIDE):
                (x0, y0), (x1, y1) = corners[name][column, row], corners[name][column, row + 1]
                line.append(extract.add_node(((x0 + x1) / 2, (y0 + y1) / 2)))
            extract.add_way(line, tags)


def _lay_road(
    extract: _Extract,
    start: tuple[Point, int],
    end: tuple[Point, int],
    title: str,
    draws: Draws,
) -> None:
    """Lay a road that winds a little, with a bend every 250 m, between two numbered nodes."""
    (x0, y0), (x1, y1) = start[0], end[0]
    steps = max(2, round(math.hypot(x1 - x0, y1 - y0) / BEND_M))
    line = [start[1]]
    for step in range(1, steps):
        nudge = draws.between(-40, 40), draws.between(-40, 40)
        along = step / steps
        line.append(
            extract.add_node((x0 + (x1 - x0) * along + nudge[0], y0 + (y1 - y0) * along + nudge[1]))
        )
    extract.add_way([*line, end[1]], {"highway": "tertiary", "name": title})


def _lay_ground(
    extract: _Extract, corner: Point, degrees: float, size: tuple[int, int], tags: Tags
) -> None:
    """Draw a rectangle beside a street corner."""
    wide, deep = size
    ring = []
    for across, up in ((6, 6), (6 + wide, 6), (6 + wide, 6 + deep), (6, 6 + deep)):
        dx, dy = _turn(across, up, degrees)
        ring.append(extract.add_node((corner[0] + dx, corner[1] + dy)))
    extract.add_way([*ring, ring[0]], tags)


def _write_elements(extract: _Extract) -> Iterable[str]:
    """Give the lines of the file: what it covers, then nodes, then ways."""
    west, south, east, north = COVERED_M
    low, high = convert_to_longlat(west, south), convert_to_longlat(east, north)
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield '<osm version="0.6" generator="demonstration of the workbook: all of it is invented">'
    yield (
        f'  <bounds minlat="{low[1]:.6f}" minlon="{low[0]:.6f}" '
        f'maxlat="{high[1]:.6f}" maxlon="{high[0]:.6f}"/>'
    )
    seen = f'version="1" timestamp="{WRITTEN_ON}"'
    for number, (longitude, latitude, tags) in enumerate(extract.nodes, start=1):
        start = f'  <node id="{number}" lat="{latitude:.6f}" lon="{longitude:.6f}" {seen}'
        yield from _close(start, [], tags, "node")
    for number, (nodes, tags) in enumerate(extract.ways, start=1):
        refs = [f'    <nd ref="{node}"/>' for node in nodes]
        yield from _close(f'  <way id="{number}" {seen}', refs, tags, "way")
    yield "</osm>"


def _close(start: str, inner: list[str], tags: Tags, name: str) -> Iterable[str]:
    lines = inner + [f"    <tag k={quoteattr(k)} v={quoteattr(v)}/>" for k, v in tags.items()]
    if not lines:
        yield f"{start}/>"
        return
    yield f"{start}>"
    yield from lines
    yield f"  </{name}>"
