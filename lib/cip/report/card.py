"""A picture card for social media: one finding or figure, large enough for a phone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cip.display.palette import BANNER, INK, PAPER, PART_FILL, ROLE_STYLES
from cip.display.picture import Picture
from cip.errors import ExportError, Problem, find_nearest
from cip.report.card_browser import render_png
from cip.report.pdf import PdfWriter
from cip.report.summary_contents import SIDES, SummaryContents, clean_contents
from cip.report.summary_contents_package import write_whole
from cip.report.summary_contents_text import LINE_HEIGHT, shorten_line, wrap_lines

WIDTH_PX, HEIGHT_PX = 1200, 630

_BLUE = ROLE_STYLES["profile"].colour
_PER_IN = 72  # one point of the drawing is one pixel
_MARGIN, _HEAD, _STRIPE, _FOOT = 56, 100, 14, 100
#: On a phone the card is a third as wide: the smallest letters are then ten pixels high.
_SMALL, _NAME, _LABEL = 30, 48, 40
_VALUE = 96
_HEADLINES = (72, 62, 54, 46)
_STRIPES = {"strength": ROLE_STYLES["county"].colour, "challenge": ROLE_STYLES["district"].colour}


@dataclass(frozen=True)
class Card:
    """What stands on a card: a kind, a headline with or without a figure, and its ground."""

    kind: str
    headline: str
    value: str
    stripe: str


def write_card(
    contents: SummaryContents,
    png_path: Path,
    *,
    pick: str = "",
    writer: PdfWriter | None = None,
) -> tuple[Path, Path]:
    """Write a picture of 1200 by 630 pixels and its alternative text beside it.

    Parameters
    ----------
    contents
        What it is taken from.
    png_path
        The picture; the text stands beside it with the ending ``.txt``.
    pick
        Which finding (its id) or figure (the id of its indicator); left out, the first
        strength, else the first finding, else the first figure.
    writer
        What draws; left out, the browser that all reports share.

    Raises
    ------
    ExportError
        If there is nothing to show, ``pick`` is not among the contents, or there is no browser.
    """
    clean = clean_contents(contents)
    card = choose_card(clean, pick)
    png = render_png(draw_card(clean, card), width_px=WIDTH_PX, height_px=HEIGHT_PX, writer=writer)
    write_whole(png, png_path)
    text = write_whole(f"{write_card_text(clean, card)}\n".encode(), png_path.with_suffix(".txt"))
    return png_path, text


def choose_card(contents: SummaryContents, pick: str = "") -> Card:
    """Return what a card shows; see :func:`write_card`."""
    ordered = sorted(contents.findings, key=lambda finding: list(SIDES).index(finding.side))
    cards = {
        finding.finding_id: Card(
            SIDES[finding.side], finding.title, "", _STRIPES.get(finding.side, _BLUE)
        )
        for finding in reversed(ordered)
    }
    cards = dict(reversed(cards.items()))
    for fact in contents.facts:
        kind = f"At a glance, {fact.period}" if fact.period else "At a glance"
        cards.setdefault(fact.indicator_id, Card(kind, fact.label, fact.value, _BLUE))
    if not cards:
        raise ExportError(Problem("There is no finding and no figure for a card."))
    if pick and pick not in cards:
        nearest = find_nearest(pick, cards)
        raise ExportError(Problem("No such finding or figure.", found=pick, nearest=nearest))
    return cards[pick or next(iter(cards))]


def write_card_text(contents: SummaryContents, card: Card) -> str:
    """Return what the picture shows in words, all of it."""
    said = f"{card.headline}: {card.value}" if card.value else card.headline
    parts = (
        f"Picture card. {contents.area}, Community Insight Profile",
        f"{card.kind}: {said}",
        _write_source(contents),
        *contents.banners,
    )
    return " ".join(f"{part.rstrip('.')}." for part in parts if part)


def draw_card(contents: SummaryContents, card: Card) -> str:
    """Return the card as SVG; one of its points is one pixel."""
    picture = Picture(height_in=HEIGHT_PX / _PER_IN, width_in=WIDTH_PX / _PER_IN)
    _draw_box(picture, 0, _HEAD, _BLUE)
    _write(picture, _HEAD / 2, [_fit(contents.area, _NAME)], _NAME, PAPER, is_bold=True)
    _draw_box(picture, _HEAD, _STRIPE, card.stripe)
    top = _HEAD + _STRIPE
    if contents.banners:
        height = 46 * len(contents.banners) + 8
        _draw_box(picture, top, height, BANNER)
        banners = [_fit(banner, _SMALL) for banner in contents.banners]
        _write(picture, top + height / 2, banners, _SMALL, INK, is_bold=True)
        top += height
    _write(picture, top + 42, [_fit(card.kind, _LABEL)], _LABEL, _BLUE, is_bold=True)
    _draw_headline(picture, card, top + 72, HEIGHT_PX - _FOOT - 8)
    _draw_box(picture, HEIGHT_PX - _FOOT, _FOOT, PART_FILL)
    source = _wrap(_write_source(contents), _SMALL)
    _write(picture, HEIGHT_PX - _FOOT / 2, source, _SMALL, INK)
    return picture.to_svg()


def _draw_headline(picture: Picture, card: Card, top: float, bottom: float) -> None:
    """Draw the figure, if there is one, and the words, as large as they fit."""
    if card.value:
        value = _fit(card.value, _VALUE)
        _write(picture, top + _VALUE / 2, [value], _VALUE, _BLUE, is_bold=True)
        top += _VALUE + 8
    size, lines = _fit_headline(card.headline, bottom - top)
    _write(picture, (top + bottom) / 2, lines, size, INK, is_bold=True)


def _fit_headline(text: str, height: float) -> tuple[float, list[str]]:
    """Return the largest size at which words fit, and their lines; cut only at the smallest."""
    for size in _HEADLINES:
        lines = _wrap(text, size, is_bold=True)
        if len(lines) * size * LINE_HEIGHT <= height:
            return size, lines
    least = _HEADLINES[-1]
    most = max(int(height / (least * LINE_HEIGHT)), 1)
    short = shorten_line(text, lambda s: len(_wrap(s, least, is_bold=True)) <= most)
    return least, _wrap(short, least, is_bold=True)


def _write_source(contents: SummaryContents) -> str:
    who = contents.organisation or "the publisher of the profile"
    text = f"Source: Summary Report, {who}, {contents.published_words}"
    return shorten_line(text, lambda s: len(_wrap(s, _SMALL)) <= 2)


def _fit(text: str, size: float) -> str:
    return shorten_line(text, lambda s: len(_wrap(s, size, is_bold=True)) <= 1)


def _wrap(text: str, size: float, *, is_bold: bool = False) -> list[str]:
    width = (WIDTH_PX - 2 * _MARGIN) / _PER_IN
    return wrap_lines(text, width_in=width, size=size, is_bold=is_bold)


def _draw_box(picture: Picture, top: float, height: float, fill: str) -> None:
    picture.draw_box(0, top / _PER_IN, WIDTH_PX / _PER_IN, height / _PER_IN, fill=fill)


def _write(
    picture: Picture,
    middle: float,
    lines: Sequence[str],
    size: float,
    colour: str,
    *,
    is_bold: bool = False,
) -> None:
    """Write lines at even distances round a middle; a capital is seven tenths as high as its size."""
    step = size * LINE_HEIGHT
    first = middle - (len(lines) - 1) * step / 2 + 0.36 * size
    for place, line in enumerate(lines):
        picture.write(
            _MARGIN / _PER_IN, (first + place * step) / _PER_IN, line, size=size, colour=colour,
            is_bold=is_bold, level="baseline",
        )  # fmt: skip
