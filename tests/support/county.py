"""A county of a few small areas, with real codes of Oxfordshire's areas and invented facts."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class SmallArea:
    """One LSOA of 2021 and everything that it lies in. Which lies in which is invented."""

    number: int
    lsoa21: str
    lsoa11: str
    msoa: str
    ward: str
    district: str

    @cached_property
    def west(self) -> float:
        """Western edge of its square, in degrees."""
        return round(-1.30 + 0.02 * self.number, 4)

    @property
    def name(self) -> str:
        return f"{NAMES[self.district]} {900 + self.number // 3}{'ABC'[self.number % 3]}"

    @property
    def output_areas(self) -> list[str]:
        return [f"E0014{5000 + 2 * self.number + i}" for i in (0, 1)]


COUNTY, REGION, ENGLAND = "E10000025", "E12000008", "E92000001"
NAMES = {
    "E07000177": "Cherwell",
    "E07000178": "Oxford",
    COUNTY: "Oxfordshire",
    REGION: "South East",
    ENGLAND: "England",
    "E02005942": "Oxford 901",
    "E02005943": "Oxford 902",
    "E02005924": "Cherwell 903",
    "E05013106": "North Ward",
    "E05013107": "South Ward",
    "E05013095": "West Ward",
}


def _make_areas() -> list[SmallArea]:
    areas = []
    for number in range(12):
        in_oxford = number < 8
        group = min(number // 4, 2)
        lsoa21 = f"E0102{8513 + number}" if in_oxford else f"E0102{8430 + number}"
        lsoa11 = lsoa21
        if number >= 10:  # one area of 2011 was split
            lsoa21, lsoa11 = f"E0103{5700 + number}", "E01028440"
        areas.append(
            SmallArea(
                number,
                lsoa21,
                lsoa11,
                ["E02005942", "E02005943", "E02005924"][group],
                ["E05013106", "E05013107", "E05013095"][group],
                "E07000178" if in_oxford else "E07000177",
            )
        )
    return areas


AREAS = _make_areas()


def list_groups(level: str) -> dict[str, list[SmallArea]]:
    """Return the areas of a level by code, with the small areas that each is made of."""
    keys = {
        "oa": lambda a: a.lsoa21,
        "lsoa": lambda a: a.lsoa21,
        "lsoa11": lambda a: a.lsoa11,
        "msoa": lambda a: a.msoa,
        "ward": lambda a: a.ward,
        "district": lambda a: a.district,
        "county": lambda a: COUNTY,
        "region": lambda a: REGION,
        "country": lambda a: ENGLAND,
    }
    groups: dict[str, list[SmallArea]] = {}
    for area in AREAS:
        groups.setdefault(keys[level](area), []).append(area)
    return groups


def name_area(code: str) -> str:
    """Return an area's name."""
    small = next((a for a in AREAS if code in (a.lsoa21, a.lsoa11)), None)
    return small.name if small else NAMES.get(code, code)


def draw(*of: object, low: int = 0, high: int = 100) -> int:
    """Return a number that is always the same for the same words."""
    return low + zlib.crc32("|".join(map(str, of)).encode()) % (high - low + 1)


def make_square(areas: Iterable[SmallArea]) -> dict[str, object]:
    """Return the outline of neighbouring small areas as one rectangle."""
    wests = [area.west for area in areas]
    west, east = min(wests), round(max(wests) + 0.02, 4)
    ring = [[west, 51.74], [east, 51.74], [east, 51.76], [west, 51.76], [west, 51.74]]
    return {"type": "Polygon", "coordinates": [ring]}
