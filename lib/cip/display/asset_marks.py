"""Marks of assets: a shape, a colour and a letter for each group, a double outline for soft ones.

One table of corners serves the drawn map and the interactive one, so that a reader who knows one
of them knows the other.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from cip.catalogue.asset_types import load_asset_groups
from cip.display.markup import escape
from cip.display.palette import INK, PAPER, WARNING

#: The layer of what people saw on a walk: no asset, but shown and searched with them.
WALK = "walkabout"
WALK_LABEL = "Seen on the walkabout"
WALK_READINGS = ("strength", "challenge")
#: How far the outer outline of a soft asset stands off, as a share of the mark.
SOFT_RING = 1.36
#: How large each shape is drawn for all to look alike in size.
_SCALE = {"circle": 1.0, "square": 0.9, "diamond": 1.2, "hexagon": 1.08}
_LETTER_DROP = {"triangle": 0.28, "shield": -0.06}


@dataclass(frozen=True)
class MarkStyle:
    """How the marks of a layer look; ``letter`` is what they carry."""

    label: str
    letter: str
    colour: str
    shape: str


@cache
def load_mark_styles() -> dict[str, MarkStyle]:
    """Return the looks of every layer by id: the groups of the catalogue, then the walkabout's.

    The walkabout's have the ids in ``WALK_READINGS``.
    """
    styles = {
        name: MarkStyle(group.label, group.letter, group.colour, group.shape)
        for name, group in load_asset_groups().items()
    }
    styles["strength"] = MarkStyle("Strength seen on the walkabout", "+", INK, "pin")
    styles["challenge"] = MarkStyle("Challenge seen on the walkabout", "!", WARNING, "pin")
    return styles


def find_corners(shape: str) -> list[tuple[float, float]]:
    """Return the corners of a shape about 0, with y upwards; a circle has many.

    Raises
    ------
    ValueError
        If there is no such shape.
    """
    if shape == "triangle":
        return [(0, 1.3), (1.25, -0.9), (-1.25, -0.9)]
    if shape == "shield":
        return [(-0.9, 0.95), (0.9, 0.95), (0.9, -0.1), (0.5, -0.75), (0, -1.1), (-0.5, -0.75),
                (-0.9, -0.1)]  # fmt: skip
    if shape == "pin":
        arc = [(math.cos(math.radians(d)), math.sin(math.radians(d))) for d in range(-30, 211, 12)]
        return [*arc, (0.0, -1.5)]
    counts = {"circle": (36, 0.0), "square": (4, 45.0), "diamond": (4, 0.0), "hexagon": (6, 90.0)}
    if shape not in counts:
        raise ValueError(f"no mark has the shape '{shape}'")
    count, start = counts[shape]
    size = _SCALE[shape] * (math.sqrt(2) if shape == "square" else 1.0)
    angles = [math.radians(start + 360 / count * i) for i in range(count)]
    return [(size * math.cos(a), size * math.sin(a)) for a in angles]


def write_mark(style: MarkStyle, *, is_soft: bool, size_px: int = 32) -> str:
    """Return a mark as a small SVG element that readers of words do not meet."""
    outer = (
        f'<path d="{_write_outline(style.shape, SOFT_RING)}" fill="{PAPER}" '
        f'stroke="{style.colour}" stroke-width=".16"/>'
    )
    inner = (
        f'<path d="{_write_outline(style.shape, 1.0)}" fill="{style.colour}" '
        f'stroke="{PAPER}" stroke-width=".2"/>'
    )
    drop = _LETTER_DROP.get(style.shape, 0.0)
    return (
        f'<svg class="mark" width="{size_px}" height="{size_px}" viewBox="-1.8 -1.8 3.6 3.6" '
        f'aria-hidden="true">{outer if is_soft else ""}{inner}'
        f'<text y="{0.42 + drop:g}" font-size="1.2" font-weight="700" text-anchor="middle" '
        f'fill="{PAPER}">{escape(style.letter)}</text></svg>'
    )


def _write_outline(shape: str, scale: float) -> str:
    points = [f"{x * scale:.2f} {-y * scale:.2f}" for x, y in find_corners(shape)]
    return f"M{'L'.join(points)}Z"


def write_ranges(numbers: Sequence[int]) -> str:
    """Return numbers in order, runs of them closed up.

    Examples
    --------
    >>> write_ranges([12, 15, 13, 14, 31])
    '12-15, 31'
    """
    held = sorted(numbers)
    if not held:
        return ""
    starts = [held[0], *(b for a, b in pairwise(held) if b != a + 1)]
    ends = [*(a for a, b in pairwise(held) if b != a + 1), held[-1]]
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in zip(starts, ends, strict=True))
