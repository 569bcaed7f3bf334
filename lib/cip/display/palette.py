"""Colours and fonts by name. No other module spells one out.

The four main colours are those of the Government Analysis Function's categorical palette,
each with at least 3:1 contrast on white. A second channel (marker, hatch or printed number)
always goes with a colour, so nothing is told by colour alone. Nothing heavy is imported here:
pages without charts need the colours too.
"""

from __future__ import annotations

from dataclasses import dataclass

#: For pages and printed running lines; every machine has one of these.
CSS_FONT = 'Arial, "Liberation Sans", Helvetica, sans-serif'

INK = "#1F1F1F"
BLACK = "#000000"
MUTED = "#5A5A5A"
RULE = "#B8B8B8"
GRID = "#DDDDDD"
PAPER = "#FFFFFF"
PANEL = "#F3F5F7"
LINK = "#12436D"
FOCUS = "#FFDD00"
WARNING = "#801650"
BANNER = "#FFE9A8"
BACKDROP = "#EDEDED"
#: Areas without a figure on a map; they are hatched as well, so that they differ from light ones.
NO_DATA = "#FFFFFF"
AREA_FILL = "#A9C4E4"
PART_FILL = "#DCE8F5"


@dataclass(frozen=True)
class RoleStyle:
    """How an area of one role is drawn: colour, and marker and hatch as a second channel."""

    colour: str
    marker: str
    hatch: str
    line: str


ROLE_STYLES: dict[str, RoleStyle] = {
    "profile": RoleStyle("#12436D", "o", "", "-"),
    "district": RoleStyle("#F46A25", "D", "////", "--"),
    "county": RoleStyle("#28A197", "s", "\\\\\\\\", "-."),
    "region": RoleStyle("#801650", "v", "||||", (0, (1, 1))),  # type: ignore[arg-type]
    "england": RoleStyle("#3D3D3D", "^", "xxxx", ":"),
    "similar": RoleStyle("#A285D1", "P", "----", (0, (4, 1, 1, 1))),  # type: ignore[arg-type]
}

#: For a second area of the same role (a profile area across two districts).
SPARE_STYLES = (
    RoleStyle("#7A5C00", "X", "....", (0, (6, 2))),  # type: ignore[arg-type]
    RoleStyle("#5D6B00", "*", "oooo", (0, (2, 2))),  # type: ignore[arg-type]
)

#: The two sides of an age pyramid, told apart by side, heading and hatch as well as colour.
SEX_STYLES: dict[str, RoleStyle] = {
    "female": RoleStyle("#801650", "o", "", "-"),
    "male": RoleStyle("#28A197", "s", "", "-"),
}

#: Fill of a cell by how an area compares; the colours that FingertipsNext readers know. The
#: word is always printed on the fill, so that nobody has to tell red from green.
VERDICT_FILLS: dict[str, str] = {
    "better": "#00703C",
    "similar": "#FFDD00",
    "worse": "#D4351C",
    "lower": "#5694CA",
    "higher": "#003078",
    "not compared": PAPER,
}

#: Mark of an area's figure by how it compares, so that no mark is told by colour alone.
VERDICT_MARKERS: dict[str, str] = {
    "better": "P",
    "similar": "o",
    "worse": "X",
    "lower": "v",
    "higher": "^",
    "not compared": "D",
}

#: The two tones of a range: lowest to highest, and its middle half. Darker means nearer the middle.
RANGE_FILL, MIDDLE_FILL = "#D9DDE1", "#727B84"

#: Groups of a whole, in the order of the catalogue: dark and light by turns, so that neighbours
#: are at least 3:1 apart without their hue. Each group also carries a letter.
GROUP_FILLS: tuple[str, ...] = (
    "#12436D",
    "#F46A25",
    "#801650",
    "#28A197",
    "#3D3D3D",
    "#A285D1",
)


def css_class_of(verdict: str) -> str:
    """Return the class of a table cell that is coloured by a verdict."""
    return f"cip-is-{verdict.replace(' ', '-')}"


def pick_text_colour(background: str) -> str:
    """Return black or paper, whichever has the higher WCAG contrast on ``background``.

    One of the two always reaches 4.5:1; softer ink would miss it on middling colours.
    """
    return BLACK if contrast(background, BLACK) >= contrast(background, PAPER) else PAPER


def contrast(first: str, second: str) -> float:
    """Return the WCAG 2.2 contrast ratio of two colours (1 to 21)."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def css_variables() -> str:
    """Return the palette as CSS custom properties for the style sheets."""
    values = {
        "ink": INK,
        "muted": MUTED,
        "rule": RULE,
        "paper": PAPER,
        "panel": PANEL,
        "link": LINK,
        "focus": FOCUS,
        "warning": WARNING,
        "banner": BANNER,
        "accent": ROLE_STYLES["profile"].colour,
        "font": CSS_FONT,
    }
    return ":root{" + "".join(f"--cip-{name}:{value};" for name, value in values.items()) + "}"
