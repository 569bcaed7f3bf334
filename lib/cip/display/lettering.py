"""Letters of charts as outlines, and how much room a text takes.

An image in a report cannot bring its font along, so every letter is drawn. The font is the one
that travels with matplotlib. Each letter is read once for all pictures of a process.
"""

from __future__ import annotations

import itertools
import string
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from matplotlib.font_manager import FontProperties, findfont
from matplotlib.ft2font import FT2Font, Kerning, LoadFlags
from matplotlib.path import Path

#: Letters are read at this size; the font's own units are 64 to a point.
_READ_PT, _UNITS = 100, 64
#: Units of an outline to one point of text at a size of one point.
SCALE = 1 / (_READ_PT * _UNITS)


@dataclass(frozen=True)
class Letter:
    """One letter: its outline as SVG path data, y upwards, and its room, in units."""

    name: str
    outline: str
    advance: int
    top: int
    bottom: int


@dataclass(frozen=True)
class Line:
    """One line of text: its letters with their places in units, and its extent in points.

    Above and below count from the baseline to the ends of the letters that are there.
    """

    letters: tuple[tuple[Letter, int], ...]
    width: float
    above: float
    below: float


@dataclass
class Face:
    """One weight of the font, with its room above and below a line and the gap between lines."""

    prefix: str
    font: FT2Font
    ascent: float
    descent: float
    gap: float
    letters: dict[str, Letter] = field(default_factory=dict)
    pairs: dict[tuple[str, str], int] = field(default_factory=dict)

    def find(self, sign: str) -> Letter:
        """Return a letter, read from the font when it is first wanted."""
        if sign not in self.letters:
            self.letters[sign] = self._read(sign)
        return self.letters[sign]

    def _read(self, sign: str) -> Letter:
        # A sign that the font lacks has the number 0: the empty box.
        number = self.font.get_char_index(ord(sign))
        glyph = self.font.load_glyph(number, flags=LoadFlags.NO_HINTING)
        vertices, codes = self.font.get_path()
        outline = write_outline((vertices * _UNITS).round().astype(int).tolist(), codes.tolist())
        _, bottom, _, top = glyph.bbox
        name = f"{self.prefix}{ord(sign):x}"
        return Letter(name, outline, glyph.horiAdvance, top, bottom)

    def kern(self, first: str, second: str) -> int:
        """Return how far two letters are moved together or apart."""
        pair = (first, second)
        if pair not in self.pairs:
            numbers = (self.font.get_char_index(ord(sign)) for sign in pair)
            self.pairs[pair] = int(self.font.get_kerning(*numbers, Kerning.UNFITTED))
        return self.pairs[pair]


@cache
def load_faces() -> dict[bool, Face]:
    """Return the two weights of the font, the bold one under True, with the usual letters."""
    faces = {}
    for is_bold in (False, True):
        look = FontProperties(family="DejaVu Sans", weight="bold" if is_bold else "normal")
        font = FT2Font(findfont(look))
        font.set_size(_READ_PT, 72)
        room, unit = font.get_sfnt_table("OS/2"), font.get_sfnt_table("head")["unitsPerEm"]
        face = Face(
            "b" if is_bold else "n", font,
            ascent=room["sTypoAscender"] / unit, descent=-room["sTypoDescender"] / unit,
            gap=room["sTypoLineGap"] / unit,
        )  # fmt: skip
        for sign in string.digits + string.ascii_letters + string.punctuation + " ":
            face.find(sign)
        faces[is_bold] = face
    return faces


def set_line(text: str, *, size: float, is_bold: bool = False) -> Line:
    """Return a line of text as letters with their places.

    Parameters
    ----------
    text
        One line. A sign that the font lacks becomes its empty box.
    size
        In points.
    is_bold
        Whether in bold letters.
    """
    face = load_faces()[is_bold]
    letters = [face.find(sign) for sign in text]
    gaps = [face.kern(*pair) for pair in itertools.pairwise(text)]
    ends = list(itertools.accumulate(letter.advance for letter in letters))
    moves = [0, *itertools.accumulate(gaps)]
    starts = [
        end - one.advance + move for end, one, move in zip(ends, letters, moves, strict=False)
    ]
    scale = size * SCALE
    top = max((letter.top for letter in letters), default=0)
    bottom = min((letter.bottom for letter in letters), default=0)
    return Line(
        tuple(zip(letters, starts, strict=True)),
        width=(ends[-1] + moves[-1]) * scale if ends else 0.0,
        above=top * scale,
        below=-bottom * scale,
    )


def write_outline(points: Sequence[Sequence[int]], codes: Sequence[int]) -> str:
    """Return an outline as SVG path data, each step counted from the last point."""
    pieces: list[str] = []
    here, waiting = (0, 0), []
    for (x, y), code in zip(points, codes, strict=True):
        if code == Path.CLOSEPOLY:
            pieces.append("z")
            continue
        if code == Path.MOVETO:
            pieces.append(f"M{x} {y}")
        elif code == Path.LINETO:
            pieces.append(_step("l", [(x - here[0], y - here[1])]))
        else:
            waiting.append((x - here[0], y - here[1]))
            if len(waiting) < (2 if code == Path.CURVE3 else 3):
                continue
            pieces.append(_step("q" if code == Path.CURVE3 else "c", waiting))
            waiting = []
        here = (x, y)
    return "".join(pieces)


def _step(kind: str, points: Sequence[tuple[int, int]]) -> str:
    numbers = [f"{number}" for point in points for number in point]
    return kind + numbers[0] + "".join(n if n[0] == "-" else f" {n}" for n in numbers[1:])
