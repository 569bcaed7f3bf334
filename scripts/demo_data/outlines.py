"""The shape of every area: a wavering lattice whose borders are drawn once and shared.

Each border between two output areas is one list of points, so that neighbours fit without gap or
overlap, and every larger area is the outline of its output areas.
"""

from collections.abc import Iterable
from itertools import pairwise

from demo_data.draws import Draws
from demo_data.national_grid import convert_to_longlat
from demo_data.places import COLUMNS, ROWS, Cell

Node = tuple[int, int]
Point = tuple[float, float]

# Metres. Narrow in the middle, where the town is. South-west corner out in the North Sea.
COLUMN_M = (3200, 3000, 2700, 2300, 1900, 1500, 1200, 1000, 1000, 1100, 1300,
            1600, 2000, 2300, 2400, 2200, 1900, 1900, 2300, 2700, 3000)  # fmt: skip
ROW_M = (2900, 2600, 2200, 1700, 1300, 1100, 1100, 1400, 1800, 2200, 2500, 2800)
CORNER_M = (598_000, 448_000)


class Outlines:
    """The lattice of borders, in National Grid metres."""

    def __init__(self, draws: Draws) -> None:
        self._nodes = _place_nodes(draws)
        self._borders = self._draw_borders(draws)

    def trace(self, cells: Iterable[Cell]) -> list[Point]:
        """Give the outline of some output areas in metres, anticlockwise and closed.

        Raises
        ------
        ValueError
            If the output areas do not make one piece without holes.
        """
        steps = {step for cell in cells for step in _walk_round(cell)}
        following = {start: end for start, end in steps if (end, start) not in steps}
        start = node = min(following)
        points: list[Point] = []
        for _ in range(len(following)):
            points += [self._nodes[node], *self._between(node, following[node])]
            node = following[node]
        open_steps = sum((end, start) not in steps for start, end in steps)
        if node != start or len(set(points)) != len(points) or open_steps != len(following):
            raise ValueError("these output areas do not make one piece without holes")
        return [*points, points[0]]

    def trace_degrees(self, cells: Iterable[Cell]) -> list[Point]:
        """Give the outline in degrees (longitude, latitude), six decimals."""
        return [convert_to_longlat(*point) for point in self.trace(cells)]

    def find_centre(self, cell: Cell) -> Point:
        """Give the middle of an output area's corners, in whole metres."""
        corners = [self._nodes[start] for start, _ in _walk_round(cell)]
        return tuple(float(round(sum(axis) / 4)) for axis in zip(*corners, strict=True))  # type: ignore[return-value]

    def _draw_borders(self, draws: Draws) -> dict[tuple[Node, Node], list[Point]]:
        """Put two points on every border, a little off the straight line."""
        borders = {}
        for start in sorted(self._nodes):
            for end in ((start[0] + 1, start[1]), (start[0], start[1] + 1)):
                if end in self._nodes:
                    (x0, y0), (x1, y1) = self._nodes[start], self._nodes[end]
                    borders[start, end] = [
                        (x0 + (x1 - x0) * third / 3 - (y1 - y0) * lean / 1000,
                         y0 + (y1 - y0) * third / 3 + (x1 - x0) * lean / 1000)
                        for third, lean in ((t, draws.between(-70, 70)) for t in (1, 2))
                    ]  # fmt: skip
        return borders

    def _between(self, start: Node, end: Node) -> list[Point]:
        if (start, end) in self._borders:
            return self._borders[start, end]
        return self._borders[end, start][::-1]


def _walk_round(cell: Cell) -> list[tuple[Node, Node]]:
    """Give the four sides of an output area, anticlockwise from its south-west corner."""
    x, y = cell
    corners = [(x, y), (x + 1, y), (x + 1, y + 1), (x, y + 1)]
    return list(zip(corners, corners[1:] + corners[:1], strict=True))


def _place_nodes(draws: Draws) -> dict[Node, Point]:
    """Place the corners: nudged at random, then bent so that the county is not a box."""
    wide, high = sum(COLUMN_M), sum(ROW_M)
    nodes = {}
    for column in range(COLUMNS + 1):
        for row in range(ROWS + 1):
            reach_x = min(COLUMN_M[max(column - 1, 0) : column + 1]) * 22 // 100
            reach_y = min(ROW_M[max(row - 1, 0) : row + 1]) * 22 // 100
            x = sum(COLUMN_M[:column]) + draws.between(-reach_x, reach_x)
            y = sum(ROW_M[:row]) + draws.between(-reach_y, reach_y)
            u, v = 2 * x / wide - 1, 2 * y / high - 1
            bent_u = u * (1 - 0.17 * v * v) + 0.10 * v * (1 - v * v)
            bent_v = v * (1 - 0.25 * u * u) + 0.22 * u * (1 - u * u)
            nodes[column, row] = (
                float(round(CORNER_M[0] + wide * (1 + bent_u) / 2)),
                float(round(CORNER_M[1] + high * (1 + bent_v) / 2)),
            )
    return nodes


def contains(ring: list[Point], point: Point) -> bool:
    """Say whether a point lies inside a closed ring (crossings of a line to the east)."""
    x, y = point
    inside = False
    for (x0, y0), (x1, y1) in pairwise(ring):
        if (y0 > y) != (y1 > y) and x < x0 + (y - y0) * (x1 - x0) / (y1 - y0):
            inside = not inside
    return inside
