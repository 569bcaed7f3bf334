"""Land in a picture: outlines and lines in metres become path data that a picture draws."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

_POINTS = 72
#: Points of an outline nearer to each other than this, in typographic points, look like one.
_STEP = 0.15
#: Land is cut off this far beyond the edge, in typographic points, for no line to run along it.
_BEYOND = 12


@dataclass(frozen=True)
class Window:
    """The part of a picture that shows land.

    Parameters
    ----------
    extent
        West, south, east and north of what is seen, in metres.
    box
        Left, top, width and height, in inches from the picture's top left.
    """

    extent: tuple[float, float, float, float]
    box: tuple[float, float, float, float]

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Return where a place in metres lies, in inches from the picture's top left."""
        (across, down), (ox, oy) = self._find_scale()
        return float(ox + x * across), float(oy + y * down)

    def cut(self, shapes: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """Return what of shapes in metres can be seen, and a little beyond; the rest is empty."""
        west, south, east, north = self.extent
        beyond = (east - west) * _BEYOND / (self.box[2] * _POINTS)
        beyond = max(beyond, (north - south) * _BEYOND / (self.box[3] * _POINTS))
        edges = (west - beyond, south - beyond, east + beyond, north + beyond)
        return shapely.clip_by_rect(shapes, *edges)

    def trace(self, shapes: np.ndarray[Any, Any], *, decimals: int = 2) -> list[str]:
        """Return the SVG path data of each shape, in points; nothing for an empty one.

        Areas are closed, with their holes as outlines of their own for an even-odd fill; lines
        stay open. Points that lie too close to be told apart are left out, never a whole shape.

        Parameters
        ----------
        shapes
            In metres.
        decimals
            How exact places are, in figures of a typographic point.
        """
        parts, owners = shapely.get_parts(shapes, return_index=True)
        kinds = shapely.get_dimensions(parts)
        rings, sources = shapely.get_rings(parts[kinds == 2], return_index=True)
        pieces = np.concatenate([rings, parts[kinds == 1]])
        owners = np.concatenate([owners[kinds == 2][sources], owners[kinds == 1]])
        places, piece_of = shapely.get_coordinates(pieces, return_index=True)
        scale, origin = self._find_scale()
        places = (places * scale + origin) * _POINTS
        kept = _thin(places, piece_of, len(rings))
        numbers = places[kept].round(decimals).ravel().tolist()
        figures = list(map(repr, numbers))
        ends = np.cumsum(np.bincount(piece_of[kept], minlength=len(pieces))) * 2
        traced = [""] * len(shapes)
        for i, (start, end) in enumerate(itertools.pairwise([0, *ends.tolist()])):
            if start < end:
                close = "z" if i < len(rings) else ""
                traced[owners[i]] += f"M{' '.join(figures[start:end])}{close}"
        return traced

    def _find_scale(self) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
        """Return what to multiply and then add to come from metres to inches."""
        west, south, east, north = self.extent
        left, top, width, height = self.box
        scale = np.array([width / (east - west), -height / (north - south)])
        return scale, np.array([left, top]) - scale * (west, north)


def _thin(
    places: np.ndarray[Any, Any], piece_of: np.ndarray[Any, Any], ring_count: int
) -> np.ndarray[Any, Any]:
    """Return which places are drawn: one in each step along a piece, and the end of a line."""
    is_first = np.diff(piece_of, prepend=-1) != 0
    is_last = np.diff(piece_of, append=-1) != 0
    is_ring = piece_of < ring_count
    lengths = np.hypot(*np.diff(places, axis=0, prepend=places[:1]).T)
    lengths[is_first] = 0
    run = lengths.cumsum()
    # Steps are counted from the start of each piece, for neighbours not to change each other.
    run -= run[is_first][np.cumsum(is_first) - 1]
    kept = is_first | (np.diff(np.floor(run / _STEP), prepend=0) != 0)
    kept = np.where(is_last, ~is_ring, kept)  # a ring is closed without its last place
    counts = np.bincount(piece_of[kept], minlength=piece_of[-1] + 1 if len(piece_of) else 0)
    return kept | (is_ring & (counts[piece_of] < 3))
