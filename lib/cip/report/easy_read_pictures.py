"""Simple drawings that stand beside a sentence. All of them are our own."""

from __future__ import annotations

import base64
from dataclasses import dataclass

from cip.display.markup import escape
from cip.display.palette import AREA_FILL, BANNER, INK, PAPER, ROLE_STYLES

_BLUE = ROLE_STYLES["profile"].colour
_SIZE = 100


@dataclass(frozen=True)
class Drawing:
    """A drawing of 100 by 100 units: what it shows in words, and its shapes."""

    alt: str
    shapes: str

    def to_svg(self) -> str:
        """Return it as an SVG element."""
        look = f'fill="none" stroke="{INK}" stroke-width="5" stroke-linecap="round"'
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_SIZE} {_SIZE}" '
            f'width="{_SIZE}" height="{_SIZE}"><g {look} stroke-linejoin="round">'
            f"{self.shapes}</g></svg>"
        )

    def to_html(self) -> str:
        """Return it as an image with its words."""
        data = base64.b64encode(self.to_svg().encode("utf-8")).decode("ascii")
        return f'<img alt="{escape(self.alt)}" src="data:image/svg+xml;base64,{data}">'


def _person(x: float, y: float, scale: float = 1.0, fill: str = AREA_FILL) -> str:
    return (
        f'<g transform="translate({x:g} {y:g}) scale({scale:g})">'
        f'<circle cx="0" cy="0" r="12" fill="{fill}"/>'
        f'<path d="M-20 52V34Q-20 18 0 18Q20 18 20 34V52Z" fill="{fill}"/></g>'
    )


DRAWINGS: dict[str, Drawing] = {
    "person": Drawing("Drawing of a person", _person(50, 26, 1.25)),
    "people": Drawing(
        "Drawing of three people",
        _person(24, 34, 0.85) + _person(76, 34, 0.85) + _person(50, 38, 1.0, PAPER),
    ),
    "home": Drawing(
        "Drawing of a house",
        f'<path d="M18 48V90H82V48Z" fill="{AREA_FILL}"/><path d="M8 52L50 14L92 52"/>'
        f'<path d="M42 90V64H58V90" fill="{PAPER}"/>',
    ),
    "money": Drawing(
        "Drawing of coins and a note",
        f'<rect x="8" y="20" width="84" height="42" rx="4" fill="{AREA_FILL}"/>'
        f'<circle cx="50" cy="41" r="11" fill="{PAPER}"/><ellipse cx="32" cy="82" rx="18" ry="8" '
        f'fill="{BANNER}"/><ellipse cx="68" cy="82" rx="18" ry="8" fill="{BANNER}"/>',
    ),
    "learning": Drawing(
        "Drawing of an open book",
        f'<path d="M50 26Q30 12 8 22V82Q30 72 50 86Q70 72 92 82V22Q70 12 50 26Z" '
        f'fill="{AREA_FILL}"/><path d="M50 26V86"/>',
    ),
    "work": Drawing(
        "Drawing of a work bag",
        f'<rect x="10" y="34" width="80" height="52" rx="6" fill="{AREA_FILL}"/>'
        '<path d="M36 34V22Q36 16 42 16H58Q64 16 64 22V34M10 58H42M58 58H90"/>'
        f'<rect x="42" y="52" width="16" height="12" fill="{PAPER}"/>',
    ),
    "food": Drawing(
        "Drawing of an apple",
        f'<path d="M50 36Q30 22 18 40Q10 62 30 86Q40 94 50 86Q60 94 70 86Q90 62 82 40Q70 22 50 36Z"'
        f' fill="{AREA_FILL}"/><path d="M50 36Q48 22 56 12M56 20Q70 8 78 16Q70 26 58 22"/>',
    ),
    "bus": Drawing(
        "Drawing of a bus",
        f'<rect x="8" y="20" width="84" height="58" rx="8" fill="{AREA_FILL}"/>'
        f'<path d="M16 30H84V50H16ZM40 30V50M62 30V50" fill="{PAPER}"/>'
        f'<circle cx="28" cy="80" r="10" fill="{PAPER}"/>'
        f'<circle cx="72" cy="80" r="10" fill="{PAPER}"/>',
    ),
    "outdoors": Drawing(
        "Drawing of a tree and a bench",
        f'<circle cx="36" cy="34" r="26" fill="{AREA_FILL}"/><path d="M36 34V90M36 52L50 42"/>'
        '<path d="M60 62H94M60 74H94M66 74V90M88 74V90M10 90H96"/>',
    ),
    "health": Drawing(
        "Drawing of a heart with a cross",
        f'<path d="M50 88Q6 56 12 32Q20 12 40 18Q48 22 50 30Q52 22 60 18Q80 12 88 32Q94 56 50 88Z"'
        f' fill="{AREA_FILL}"/><path d="M50 40V64M38 52H62"/>',
    ),
    "talking": Drawing(
        "Drawing of two speech bubbles",
        f'<path d="M10 14H64V48H36L24 62V48H10Z" fill="{AREA_FILL}"/>'
        f'<path d="M44 56H92V84H80V96L66 84H44Z" fill="{PAPER}"/><path d="M22 26H52M22 36H44"/>',
    ),
    "good": Drawing(
        "Drawing of a tick",
        f'<circle cx="50" cy="50" r="40" fill="{AREA_FILL}"/><path d="M30 52L45 67L71 36" '
        'stroke-width="8"/>',
    ),
    "hard": Drawing(
        "Drawing of a warning sign",
        f'<path d="M50 12L94 86H6Z" fill="{BANNER}"/><path d="M50 38V60" stroke-width="8"/>'
        '<path d="M50 73V74" stroke-width="9"/>',
    ),
    "both": Drawing(
        "Drawing of scales",
        f'<path d="M50 14V86M30 86H70M16 26H84"/><path d="M4 56H28L16 26Z" fill="{AREA_FILL}"/>'
        f'<path d="M72 56H96L84 26Z" fill="{BANNER}"/>',
    ),
    "question": Drawing(
        "Drawing of a question mark",
        f'<circle cx="50" cy="50" r="40" fill="{AREA_FILL}"/>'
        '<path d="M36 40Q36 26 50 26Q64 26 64 39Q64 49 50 55V62" stroke-width="7"/>'
        '<path d="M50 75V76" stroke-width="9"/>',
    ),
    "idea": Drawing(
        "Drawing of a light bulb",
        f'<path d="M38 70Q36 60 28 52Q16 34 30 20Q50 4 70 20Q84 34 72 52Q64 60 62 70Z" '
        f'fill="{BANNER}"/><path d="M38 80H62M42 90H58"/>',
    ),
    "plan": Drawing(
        "Drawing of a list with ticks",
        f'<rect x="16" y="8" width="68" height="84" rx="5" fill="{PAPER}"/>'
        f'<path d="M26 28L32 34L42 22M26 52L32 58L42 46M26 76L32 82L42 70" stroke="{_BLUE}"/>'
        '<path d="M52 30H74M52 54H74M52 78H74"/>',
    ),
    "place": Drawing(
        "Drawing of a map with a pin",
        f'<path d="M8 30L34 20L64 30L92 20V82L64 92L34 82L8 92Z" fill="{AREA_FILL}"/>'
        f'<path d="M50 72Q30 46 34 32Q40 16 50 16Q60 16 66 32Q70 46 50 72Z" fill="{PAPER}"/>'
        f'<circle cx="50" cy="36" r="6" fill="{INK}"/>',
    ),
    "numbers": Drawing(
        "Drawing of a bar chart",
        f'<path d="M12 10V90H94"/><rect x="24" y="56" width="14" height="34" fill="{AREA_FILL}"/>'
        f'<rect x="48" y="36" width="14" height="54" fill="{AREA_FILL}"/>'
        f'<rect x="72" y="20" width="14" height="70" fill="{AREA_FILL}"/>',
    ),
    "contact": Drawing(
        "Drawing of an envelope",
        f'<rect x="8" y="22" width="84" height="58" rx="4" fill="{AREA_FILL}"/>'
        '<path d="M8 26L50 58L92 26"/>',
    ),
    "report": Drawing(
        "Drawing of a report",
        f'<path d="M20 8H66L82 24V92H20Z" fill="{PAPER}"/><path d="M66 8V24H82"/>'
        f'<path d="M32 40H70M32 54H70M32 68H56" stroke="{_BLUE}"/>',
    ),
}

#: The drawing of each topic that a finding can be about.
TOPIC_DRAWINGS: dict[str, str] = {
    "money_and_resources": "money",
    "housing": "home",
    "education_and_skills": "learning",
    "work": "work",
    "food": "food",
    "transport": "bus",
    "surroundings": "outdoors",
    "family_friends_and_communities": "people",
    "power_and_discrimination": "talking",
    "health_and_care_services": "health",
    "health_and_wellbeing": "health",
}


def name_drawing(topic: str) -> str:
    """Return the name of a topic's drawing; anything else that people talk of has speech bubbles."""
    return TOPIC_DRAWINGS.get(topic, "talking")
