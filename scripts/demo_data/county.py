"""The invented county, drawn and peopled: what every file is written from."""

from dataclasses import dataclass

from demo_data.centres import best_fit_wards, find_centre_of_people
from demo_data.draws import Draws
from demo_data.national_grid import convert_to_longlat
from demo_data.outlines import Outlines, Point
from demo_data.people import Neighbourhood, People, settle_people
from demo_data.places import (
    ELSEWHERE,
    ELSEWHERE_LSOAS,
    FIRST_ELSEWHERE_LSOA,
    INKWELL,
    QUILLBROOK,
    Area,
    Cell,
    Places,
    lay_out_places,
)

SEED_SHAPES, SEED_PEOPLE, SEED_AGES, SEED_ANSWERS, SEED_INDICES = 2021, 54, 7, 8, 2025
SEED_REGION = 12
DISTRICTS = (INKWELL, QUILLBROOK)


@dataclass(frozen=True)
class Small:
    """One LSOA of either year, of the county or elsewhere: who it is and what it is like."""

    code: str
    name: str
    district: tuple[str, str]
    place: Neighbourhood
    residents: int
    msoa: tuple[str, str] = ("", "")


class County:
    """The invented county, drawn and peopled."""

    def __init__(self) -> None:
        self.places: Places = lay_out_places()
        self.outlines = Outlines(Draws(SEED_SHAPES))
        self.people: People = settle_people(self.places, Draws(SEED_PEOPLE))
        self.oa_centres = {cell: self.outlines.find_centre(cell) for cell in self.places.oas}
        self.lsoa_centres = {area.code: self.centre(area.cells) for area in self.places.lsoas_2021}
        rings = {ward: self.outlines.trace(cells) for ward, cells in self.places.wards().items()}
        self.ward_of = best_fit_wards(self.lsoa_centres, rings)
        self.elsewhere = [
            (f"Z01{FIRST_ELSEWHERE_LSOA + n:06d}", f"Elsewhere {n // 5 + 1:03d}{'ABCDE'[n % 5]}")
            for n in range(ELSEWHERE_LSOAS)
        ]

    def centre(self, cells: tuple[Cell, ...]) -> Point:
        """Give the population-weighted centre of some output areas."""
        return find_centre_of_people(cells, self.people.oa_residents, self.oa_centres)

    def shape(
        self, cells: list[Cell] | tuple[Cell, ...], code: str, name: str, **extra: str
    ) -> tuple[dict[str, str | int | float], list[Point]]:
        """Give one feature of a boundary file: its properties and its ring in degrees."""
        east, north = self.centre(tuple(cells))
        longitude, latitude = convert_to_longlat(east, north)
        where = {"BNG_E": round(east), "BNG_N": round(north), "LONG": longitude, "LAT": latitude}
        properties = {"code": code, "name": name, **extra, **where}
        return properties, self.outlines.trace_degrees(cells)

    def lsoas_2021(self) -> list[Small]:
        """Give every LSOA of 2021 of the invented country, those of the county first."""
        areas = sorted(self.places.lsoas_2021, key=lambda area: area.code)
        own = [
            Small(area.code, area.name, area.district, place, place.residents, area.msoa)
            for area in areas
            for place in [self.people.county[area.code]]
        ]
        return own + self._outside()

    def lsoas_2011(self) -> list[Small]:
        """Give every LSOA of 2011, each described by the LSOA that its first cell lies in now."""
        areas = sorted(self.places.lsoas_2011, key=lambda area: area.code)
        return [self._describe(area) for area in areas] + self._outside()

    def _describe(self, area: Area) -> Small:
        now = next(found for found in self.places.lsoas_2021 if area.cells[0] in found.cells)
        residents = sum(self.people.oa_residents[cell] for cell in area.cells)
        place = self.people.county[now.code]
        return Small(area.code, area.name, area.district, place, residents, area.msoa)

    def _outside(self) -> list[Small]:
        return [
            Small(code, name, ELSEWHERE, place, place.residents)
            for (code, name), place in zip(self.elsewhere, self.people.elsewhere, strict=True)
        ]
