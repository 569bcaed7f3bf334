"""Where the invented services and groups are: points of postcodes, and sites with an address."""

from dataclasses import dataclass

from demo_data.county import County
from demo_data.draws import Draws
from demo_data.geography_files import name_postcode
from demo_data.outlines import Point
from demo_data.places import POSTCODES_IN_OA, WARD_MAP, WARDS, Cell

SEED_POSTCODES, SEED_SITES = 130, 131
# Metres from the middle of an output area: within the narrowest of them.
POSTCODE_SPREAD_M, SITE_SPREAD_M = 400, 45
STREETS = (
    "Inkpot Lane", "Thimble Street", "Comma Row", "Semicolon Way", "Kettle Rise", "Bramble Walk",
    "Lantern Steps", "Quill Road", "Ampersand Avenue", "Candle Close", "Footnote Hill", "Ladle Lane",
)  # fmt: skip


@dataclass(frozen=True)
class Postcode:
    """A postcode, the output area that it lies in, and its point in whole metres."""

    number: int
    cell: Cell
    point: Point

    @property
    def text(self) -> str:
        """The postcode with one space."""
        return " ".join(name_postcode(self.number))

    @property
    def has_ended(self) -> bool:
        """True for the postcodes that the look-up gives an end to."""
        return self.number % 40 == 39


@dataclass(frozen=True)
class Site:
    """One building or plot: what stands there may be told by several lists."""

    ward: str
    street: str
    house: int
    postcode: Postcode
    point: Point

    @property
    def address(self) -> str:
        """House and street."""
        return f"{self.house} {self.street}"

    @property
    def ward_name(self) -> str:
        """The ward, which gives most things here their name."""
        return WARDS[self.ward][1]

    @property
    def town(self) -> str:
        """The district."""
        return WARDS[self.ward][2][1]


def list_words(text: str, sign: str | None = None) -> list[str]:
    """Give the parts of a text, such as a line of headings."""
    return text.split(sign)


class Sites:
    """Sites in every ward, handed out one after another, the same ones each time."""

    def __init__(self, county: County) -> None:
        self.postcodes = place_postcodes(county)
        self._draws = Draws(SEED_SITES)
        self._by_ward: dict[str, list[Postcode]] = {}
        for postcode in self.postcodes:
            column, row = postcode.cell
            letter = WARD_MAP[len(WARD_MAP) - 1 - row][column]
            self._by_ward.setdefault(letter, []).append(postcode)

    def take(self, ward: str) -> Site:
        """Give a new site in a ward, at a postcode that is in use."""
        live = [postcode for postcode in self._by_ward[ward] if not postcode.has_ended]
        postcode = live[self._draws.between(0, len(live) - 1)]
        x, y = (
            axis + self._draws.between(-SITE_SPREAD_M, SITE_SPREAD_M) for axis in postcode.point
        )
        street = STREETS[postcode.number % len(STREETS)]
        return Site(ward, street, self._draws.between(1, 90), postcode, (x, y))


def place_postcodes(county: County) -> list[Postcode]:
    """Give every postcode of the county with its point, in the order of the look-up."""
    draws = Draws(SEED_POSTCODES)
    found = []
    for number, cell in enumerate(sorted(county.places.oas) * POSTCODES_IN_OA):
        x, y = (
            round(axis) + draws.between(-POSTCODE_SPREAD_M, POSTCODE_SPREAD_M)
            for axis in county.oa_centres[cell]
        )
        found.append(Postcode(number, cell, (x, y)))
    return found
