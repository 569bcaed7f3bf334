"""A chart drawn straight as SVG: boxes, lines, areas, marks and words at places in inches.

matplotlib makes some ten objects for every tick and word and takes fifty milliseconds for a chart
of bars; most charts of a profile are bars, lines and words at places that are known. Marks and
hatches are matplotlib's, so that all charts of a report look alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import matplotlib as mpl
from matplotlib.markers import MarkerStyle
from matplotlib.path import Path
from matplotlib.transforms import Affine2D

from cip.display.lettering import SCALE, Line, load_faces, set_line
from cip.display.palette import INK, PAPER
from cip.display.style import FIGURE_WIDTH_IN, SMALL_FONT_SIZE_PT

_POINTS = 72
_HATCH_LINE = 0.7
_DASHES = {
    "--": "lines.dashed_pattern", "-.": "lines.dashdot_pattern", ":": "lines.dotted_pattern",
}  # fmt: skip
_SIDES = {"left": 0.0, "center": 0.5, "right": 1.0}
Point = tuple[float, float]


class Picture:
    """A picture to draw on. Places are inches from the top left; lines and letters are in points.

    What is drawn on a higher layer lies above; within a layer, what is drawn later.

    Parameters
    ----------
    height_in, width_in
        Its size.
    """

    def __init__(self, *, height_in: float, width_in: float = FIGURE_WIDTH_IN) -> None:
        self.height_in, self.width_in = height_in, width_in
        self._drawn: list[tuple[float, str]] = []
        self._defined: dict[str, str] = {}

    def draw_box(
        self,
        left: float,
        top: float,
        width: float,
        height: float,
        *,
        fill: str,
        edge: str | None = None,
        line: float = 1.0,
        hatch: str = "",
        layer: float = 1,
    ) -> None:
        """Draw a rectangle; a hatch is drawn in the colour of its edge."""
        paint = f"url(#{self._define_hatch(hatch, edge or fill, fill)})" if hatch else fill
        numbers = (left, top, width, height)
        x, y, w, h = (_write(n * _POINTS) for n in numbers)
        look = f"fill: {paint.lower()}" + (f"; {_stroke(edge, line)}" if edge else "")
        self._add(layer, f'<path d="M{x} {y}h{w}v{h}h-{w}z" style="{look}"/>')

    def draw_line(
        self,
        points: Sequence[Point],
        *,
        colour: str,
        width: float,
        dash: object = "-",
        cap: str = "butt",
        layer: float = 2,
    ) -> None:
        """Draw a line through points, dashed as matplotlib names it."""
        look = f"fill: none; {_stroke(colour, width)}; stroke-linecap: {cap}"
        pattern = _find_dashes(dash, width)
        look += f"; stroke-dasharray: {','.join(map(_write, pattern))}" if pattern else ""
        self._add(layer, f'<path d="{_trace(points)}" style="{look}"/>')

    def draw_area(
        self, points: Sequence[Point], *, fill: str, opacity: float = 1.0, layer: float = 1
    ) -> None:
        """Draw a filled shape without an edge."""
        look = f"fill: {fill.lower()}" + (f"; fill-opacity: {opacity:g}" if opacity != 1 else "")
        self._add(layer, f'<path d="{_trace(points)}z" style="{look}"/>')

    def draw_marks(
        self,
        points: Sequence[Point],
        marker: str,
        *,
        colour: str,
        size: float,
        edge: str | None = None,
        line: float = 1.0,
        layer: float = 3,
    ) -> None:
        """Draw a mark of matplotlib's at each point, ``size`` points across."""
        outline, is_round = _trace_mark(marker, size)
        join = "" if is_round else "; stroke-linejoin: miter"
        look = f"fill: {colour.lower()}; {_stroke(edge or colour, line)}{join}"
        self._stamp(points, outline, look, layer)

    def draw_stamps(
        self,
        points: Sequence[Point],
        corners: Sequence[Point],
        *,
        radius: float,
        fill: str,
        edge: str,
        line: float,
        layer: float = 3,
    ) -> None:
        """Draw a shape about each point; its corners, y upwards, are multiples of a radius."""
        outline = "L".join(f"{_write(x * radius)} {_write(-y * radius)}" for x, y in corners)
        look = f"fill: {fill.lower()}; {_stroke(edge, line)}"
        self._stamp(points, f"M{outline}z", look, layer)

    def draw_outlines(
        self,
        outlines: Sequence[str],
        *,
        fills: Sequence[str],
        box: tuple[float, float, float, float],
        edge: str | None,
        line: float = 1.0,
        dash: object = "-",
        cap: str = "butt",
        hatch: str = "",
        hatch_colour: str = INK,
        layer: float = 1,
    ) -> None:
        """Draw shapes, each in its fill, and nothing of them outside a box.

        Parameters
        ----------
        outlines
            Path data in points, as of `cip.display.picture_shapes.Window.trace`; a shape within
            another is a hole. Empty ones are left out.
        fills
            A colour each, or ``none``.
        box
            Left, top, width and height.
        """
        left, top, width, height = (_write(n * _POINTS) for n in box)
        edges = f'<path d="M{left} {top}h{width}v{height}h-{width}z"/>'
        clip = self._define("c", f'<clipPath id="{{}}">{edges}</clipPath>')
        look = f"{_stroke(edge, line)}; stroke-linecap: {cap}; fill-rule: evenodd"
        pattern = _find_dashes(dash, line)
        look += f"; stroke-dasharray: {','.join(map(_write, pattern))}" if pattern else ""
        drawn = []
        for outline, fill in zip(outlines, fills, strict=True):
            paint = f"url(#{self._define_hatch(hatch, hatch_colour, fill)})" if hatch else fill
            if outline:
                drawn.append(f'<path d="{outline}" style="fill: {paint.lower()}"/>')
        if drawn:
            group = f'<g clip-path="url(#{clip})" style="{look}">'
            self._add(layer, f"{group}{''.join(drawn)}</g>")

    def write(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float = SMALL_FONT_SIZE_PT,
        is_bold: bool = False,
        colour: str = INK,
        side: str = "left",
        level: str = "center",
        spacing: float | None = None,
        is_upright: bool = False,
        halo: float = 0.0,
        layer: float = 3,
    ) -> None:
        """Write words; lines are parted by line breaks.

        Parameters
        ----------
        x, y
            The point that the words lie at.
        side
            Which side of the words lies there: ``left``, ``center`` or ``right``.
        level
            What of them lies there: ``top``, ``center``, ``bottom``, the ``baseline`` of the last
            line, or half the height of the first line's letters (``center_baseline``).
        spacing
            Distance of lines as a multiple of the font's height.
        is_upright
            Whether the words run upwards; then the point lies below their middle.
        halo
            Width of a line about the letters in the colour of paper, under all of them.
        """
        lines = [set_line(line, size=size, is_bold=is_bold) for line in text.split("\n")]
        ascents, descents = _space_lines(lines, size, spacing)
        heights = [a + d for a, d in zip(ascents, descents, strict=True)]
        total = sum(heights)
        shift = {
            "top": 0.0,
            "center": total / 2,
            "bottom": total,
            "baseline": total - descents[-1],
            "center_baseline": (total - heights[-1] + ascents[-1]) / 2,
        }[level]
        if is_upright:
            place = f"translate({_write(x * _POINTS)} {_write(y * _POINTS)}) rotate(-90)"
            left, top = max(line.width for line in lines) / 2, -total / 2
            side = "center"
        else:
            place, left, top = "", x * _POINTS, y * _POINTS - shift
        drawn, below = [], []
        for line, ascent, height in zip(lines, ascents, heights, strict=True):
            start = left - line.width * _SIDES[side]
            if halo:
                below.append(self._set(line, start, top + ascent, size, PAPER, halo))
            drawn.append(self._set(line, start, top + ascent, size, colour))
            top += height
        text = "".join(below + drawn)
        self._add(layer, f'<g transform="{place}">{text}</g>' if place else text)

    def to_svg(self) -> str:
        """Return the picture as an SVG element; the same picture gives the same text."""
        width, height = _write(self.width_in * _POINTS), _write(self.height_in * _POINTS)
        drawn = "\n".join(text for _, text in sorted(self._drawn, key=lambda item: item[0]))
        return (
            f'<svg width="{width}pt" height="{height}pt" viewBox="0 0 {width} {height}" '
            'xmlns="http://www.w3.org/2000/svg" version="1.1">\n'
            f"<defs>\n{chr(10).join(self._defined.values())}\n</defs>\n"
            f'<path d="M0 0h{width}v{height}h-{width}z" style="fill: {PAPER.lower()}"/>\n'
            f'<g style="stroke-linejoin: round">\n{drawn}\n</g>\n</svg>'
        )

    def _stamp(self, points: Sequence[Point], outline: str, look: str, layer: float) -> None:
        """Draw one outline at each point."""
        name = self._define("m", f'<path id="{{}}" d="{outline}" style="{look}"/>')
        for x, y in points:
            place = f'x="{_write(x * _POINTS)}" y="{_write(y * _POINTS)}"'
            self._add(layer, f'<use href="#{name}" {place}/>')

    def _add(self, layer: float, text: str) -> None:
        self._drawn.append((layer, text))

    def _define(self, kind: str, text: str) -> str:
        """Return the name of a definition, made when it is first wanted."""
        if text not in self._defined:
            name = f"{kind}{len(self._defined)}"
            self._defined[text] = text.replace("{}", name, 1)
            return name
        return self._defined[text].partition('id="')[2].partition('"')[0]

    def _define_hatch(self, hatch: str, colour: str, fill: str) -> str:
        look = f"fill: {colour.lower()}; {_stroke(colour, _HATCH_LINE)}"
        text = (
            '<pattern id="{}" patternUnits="userSpaceOnUse" width="72" height="72">'
            f'<path d="M0 0h73v73h-73z" style="fill: {fill.lower()}"/>'
            f'<path d="{_trace_hatch(hatch)}" style="{look}; stroke-linejoin: miter"/></pattern>'
        )
        return self._define("h", text)

    def _set(
        self, line: Line, left: float, baseline: float, size: float, colour: str, halo: float = 0.0
    ) -> str:
        scale = f"{size * SCALE:.7g}"
        # Lines grow with the letters, which are drawn in the units of the font.
        look = f"; {_stroke(colour, round(halo / size / SCALE))}" if halo else ""
        uses = []
        for letter, place in line.letters:
            if letter.outline:
                text = f'<path id="{letter.name}" d="{letter.outline}"/>'
                self._defined.setdefault(letter.name, text)
                uses.append(f'<use href="#{letter.name}" x="{place}"/>')
        move = f"translate({_write(left)} {_write(baseline)}) scale({scale} -{scale})"
        style = f"fill: {colour.lower()}{look}"
        return f'<g style="{style}" transform="{move}">{"".join(uses)}</g>'


def measure_words(text: str, *, size: float = SMALL_FONT_SIZE_PT, is_bold: bool = False) -> float:
    """Return the width of one line of words in inches."""
    return set_line(text, size=size, is_bold=is_bold).width / _POINTS


def _space_lines(
    lines: Sequence[Line], size: float, spacing: float | None
) -> tuple[list[float], list[float]]:
    """Return how much room each line takes above and below its baseline, as matplotlib has it."""
    face = load_faces()[False]
    ascent, descent = face.ascent * size, face.descent * size
    if spacing is None:
        gap = face.gap * size / 2 if len(lines) > 1 else 0.0
        return (
            [max(line.above, ascent) + gap for line in lines],
            [max(line.below, descent) + gap for line in lines],
        )
    leads = [(spacing * (ascent + descent) - line.above - line.below) / 2 for line in lines]
    return (
        [line.above + lead for line, lead in zip(lines, leads, strict=True)],
        [line.below + lead for line, lead in zip(lines, leads, strict=True)],
    )


def _stroke(colour: str | None, width: float) -> str:
    return f"stroke: {(colour or 'none').lower()}; stroke-width: {width:g}"


def _write(number: float) -> str:
    """Return a number with three decimals at most: a hundredth of what an eye can see."""
    text = f"{number:.3f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _trace(points: Sequence[Point]) -> str:
    pairs = (f"{_write(x * _POINTS)} {_write(y * _POINTS)}" for x, y in points)
    return "M" + "L".join(pairs)


@lru_cache(maxsize=64)
def _trace_mark(marker: str, size: float) -> tuple[str, bool]:
    """Return a mark's outline in points and whether its corners are round."""
    style = MarkerStyle(marker)
    path = style.get_path().transformed(style.get_transform() + Affine2D().scale(size, -size))
    return _trace_path(path), style.get_joinstyle() == "round"


@lru_cache(maxsize=64)
def _trace_hatch(hatch: str) -> str:
    path = Path.hatch(hatch, 6)
    return _trace_path(path.transformed(Affine2D().scale(_POINTS, -_POINTS).translate(0, _POINTS)))


def _trace_path(path: Path) -> str:
    letters = {Path.MOVETO: "M", Path.LINETO: "L", Path.CURVE3: "Q", Path.CURVE4: "C"}
    pieces = []
    for points, code in path.iter_segments(simplify=False):
        if code == Path.CLOSEPOLY:
            pieces.append("z")
        else:
            pieces.append(letters[code] + " ".join(map(_write, points)))
    return "".join(pieces)


@lru_cache(maxsize=64)
def _find_dashes(dash: object, width: float) -> tuple[float, ...]:
    """Return the lengths of dashes and gaps in points; matplotlib scales them with the line."""
    if dash in ("-", "solid"):
        return ()
    held = mpl.rcParamsDefault[_DASHES[dash]] if isinstance(dash, str) else dash[1]  # type: ignore[index]
    return tuple(float(length) * width for length in held)
