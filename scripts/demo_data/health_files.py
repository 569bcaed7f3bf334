"""Published values on health: Fingertips, the Active Lives survey, and GP practices' registers."""

import csv
import io
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from demo_data import layouts
from demo_data.county import DISTRICTS, County, Small
from demo_data.draws import Draws
from demo_data.places import COUNTRY, COUNTY, ELSEWHERE, ELSEWHERE_IN_REGION, REGION

SEED_VALUES, SEED_ACTIVE, SEED_REGISTERS = 110, 111, 112
COUNTY_LSOAS = 60
Z_95, Z_998 = 1.96, 3.0902
HEADINGS = (
    "Indicator ID,Indicator Name,Parent Code,Parent Name,Area Code,Area Name,Area Type,Sex,Age,"
    "Category Type,Category,Time period,Value,Lower CI 95.0 limit,Upper CI 95.0 limit,"
    "Lower CI 99.8 limit,Upper CI 99.8 limit,Count,Denominator,Value note,Recent Trend,"
    "Compared to England value or percentiles,Compared to Region value or percentiles,"
    "Time period Sortable,New data,Compared to goal"
)


@dataclass(frozen=True)
class Ratio:
    """Events against those expected: a year's events per 10,000, and the lean on deprivation."""

    id: str
    name: str
    per_10_000: int
    lean: int  # what the ratio gains from the least to the most deprived place


RATIOS = (
    Ratio("93250", "Deaths from all causes, all ages, standardised mortality ratio", 95, 55),
    Ratio("93252", "Deaths from all causes, under 75 years, standardised mortality ratio", 30, 95),
    Ratio("93254", "Deaths from all cancer, under 75 years, standardised mortality ratio", 12, 55),
    Ratio("93256", "Deaths from circulatory disease, under 75 years, standardised mortality ratio",
          7, 115),
    Ratio("93260", "Deaths from respiratory diseases, all ages, standardised mortality ratio",
          13, 85),
    Ratio("93227", "Emergency hospital admissions for all causes, all ages, standardised "
          "admission ratio", 950, 65),
    Ratio("93229", "Emergency hospital admissions for coronary heart disease, standardised "
          "admission ratio", 21, 75),
    Ratio("93231", "Emergency hospital admissions for stroke, standardised admission ratio", 16, 45),
    Ratio("93233", "Emergency hospital admissions for Chronic Obstructive Pulmonary Disease "
          "(COPD), standardised admission ratio", 19, 150),
    Ratio("93239", "Emergency hospital admissions for intentional self harm, standardised "
          "admission ratio", 17, -20),
    Ratio("93241", "Emergency hospital admissions for hip fracture in persons 65 years and over, "
          "standardised admission ratio", 18, -190),
)  # fmt: skip
RATIO_PERIOD, RATIO_YEARS = "2016 - 20", 5
LIFE = {"Male": (82.6, 75.2), "Female": (85.4, 79.9)}
LIFE_PERIODS = ("2014 - 18", "2015 - 19", "2016 - 20")
WEIGHT = {
    "93105": ("Reception prevalence of obesity (including severe obesity), 3-years data combined",
              "4-5 yrs", 62, 135, -2),
    "93107": ("Year 6 prevalence of obesity (including severe obesity), 3-years data combined",
              "10-11 yrs", 110, 215, 11),
}  # fmt: skip
SCHOOL_YEARS = range(2012, 2022)  # the year in which the first of three school years begins
CONTACT = {
    "90280": ("Social Isolation: percentage of adult social care users who have as much social "
              "contact as they would like", range(2012, 2024), 47.5, 45.4, -0.32),
    "90638": ("Social Isolation: percentage of adult carers who have as much social contact as "
              "they would like", range(2012, 2024, 2), 38.2, 35.5, -1.0),
}  # fmt: skip
MODELLED = {
    "92658": ("Estimated prevalence of COPD (all ages)", "All ages", 2.1, 4.1),
    "92659": ("Estimated prevalence of diagnosed hypertension (16+)", "16+ yrs", 18.2, 22.4),
    "92660": ("Estimated prevalence of undiagnosed hypertension (16+)", "16+ yrs", 10.8, 12.2),
    "92661": ("Estimated prevalence of common mental disorders (16+)", "16+ yrs", 12.4, 21.0),
    "92662": ("Estimated prevalence of CHD (55-79 years)", "55-79 yrs", 6.1, 9.4),
}
LEVELS = {
    "Inactive: Nothing": ("Inactive__Nothing", 9.5, 24.5, 0.15),
    "Active: 150-419 mins": ("Active__150-419_mins", 22.5, 16.0, 0.1),
}
WAVES = [f"Nov {year}-{year + 1}" for year in range(15, 23)]
# Share on the register at the low and the high end of deprivation.
REGISTERS = {
    "AF": (0.024, 0.017), "AST": (0.062, 0.071), "CAN": (0.036, 0.026), "CHD": (0.029, 0.035),
    "CKD": (0.038, 0.041), "COPD": (0.014, 0.029), "DEM": (0.009, 0.007), "DEP": (0.098, 0.146),
    "DM": (0.055, 0.086), "EP": (0.007, 0.010), "HF": (0.009, 0.010), "HYP": (0.142, 0.138),
    "LD": (0.004, 0.007), "MH": (0.007, 0.012), "OB": (0.082, 0.128), "STIA": (0.019, 0.018),
}  # fmt: skip


@dataclass(frozen=True)
class Place:
    """An area that values are published for, and the small areas inside it."""

    code: str
    name: str
    kind: str
    inside: tuple[Small, ...]

    @property
    def residents(self) -> int:
        """Number of residents."""
        return sum(area.residents for area in self.inside)

    @property
    def deprivation(self) -> float:
        """Mean deprivation of the residents, from 0 to 1."""
        whole = sum(area.residents * area.place.deprivation for area in self.inside)
        return whole / self.residents / 1000

    @property
    def spread(self) -> float:
        """How far chance takes a value, against that of an MSOA."""
        return 1 / math.sqrt(self.residents / 8000)


def write_all_health(county: County, out: Path) -> None:
    """Write the six files."""
    places = list_places(county.lsoas_2021())
    draws = Draws(SEED_VALUES)
    lines = [*_list_ratios(places, draws), *_list_life(places, draws), *_list_weight(places, draws)]
    _write_values(out / "indicators-MSOA.data.csv", lines)
    large = [place for place in places if place.kind != "MSOA"]
    _write_values(out / "indicators-DistrictUApre419.data.csv", _list_modelled(large))
    whole = [place for place in large if not place.kind.startswith("District")]
    _write_values(out / "indicators-CountyUA.data.csv", _list_contact(whole, draws))
    _write_surveys(large, out)
    _write_registers(large, out)


def list_places(small: list[Small]) -> list[Place]:
    """Give the MSOAs, the districts, the county, the region and the country."""
    own = small[:COUNTY_LSOAS]
    msoas = sorted({area.msoa for area in own})
    places = [
        Place(*msoa, "MSOA", tuple(area for area in own if area.msoa == msoa)) for msoa in msoas
    ]
    for district in (*DISTRICTS, ELSEWHERE):
        inside = tuple(area for area in small if area.district == district)
        places.append(Place(*district, "District & UA", inside))
    near = small[: COUNTY_LSOAS + ELSEWHERE_IN_REGION]
    places.append(Place(*COUNTY, "County & UA", tuple(own)))
    places.append(Place(*REGION, "Region", tuple(near)))
    return [*places, Place(*COUNTRY, "England", tuple(small))]


def _write_values(path: Path, lines: Iterable[list[str]]) -> None:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(HEADINGS.split(","))
    writer.writerows(lines)
    layouts.write_text(path, buffer.getvalue())


def _line(
    series: tuple[str, str], place: Place, who: tuple[str, str], when: tuple[str, int],
    numbers: Iterable[float | int | None],
) -> list[str]:  # fmt: skip
    """Give one row; ``numbers`` are the value, four limits, the count and the denominator."""
    parent = ["", ""] if place.kind == "England" else list(COUNTRY)
    shown = ["" if n is None else f"{n:.4f}".rstrip("0").rstrip(".") for n in numbers]
    told = ["", "Cannot be calculated", "Not compared", "Not compared"]
    area = [place.code, place.name, place.kind]
    return [*series, *parent, *area, *who, "", "", when[0], *shown, *told, f"{when[1]}0000", "", ""]


def _list_ratios(places: list[Place], draws: Draws) -> Iterator[list[str]]:
    """Give observed against expected events, with Byar's limits; the country is 100."""
    for ratio in RATIOS:
        for place in places:
            expected = place.residents * ratio.per_10_000 * RATIO_YEARS / 10_000
            share = 100 + ratio.lean * (place.deprivation - 0.5)
            share += draws.between(-40, 40) / 10 * place.spread
            if place.kind == "England":
                share = 100.0
            count = round(expected * share / 100)
            limits = [
                _count_limit(count, side * z) * 100 / expected
                for z in (Z_95, Z_998)
                for side in (-1, 1)
            ]
            numbers = [100 * count / expected, *limits, count, expected]
            when = (RATIO_PERIOD, 2016)
            yield _line((ratio.id, ratio.name), place, ("Persons", "All ages"), when, numbers)


def _count_limit(count: int, z: float) -> float:
    """Give Byar's limit of a count, the lower one for a z below zero."""
    moved = count if z < 0 else count + 1
    root = 1 - 1 / (9 * moved) + z / (3 * math.sqrt(moved))
    return moved * root * root * root


def _list_life(places: list[Place], draws: Draws) -> Iterator[list[str]]:
    series = ("93283", "Life expectancy at birth, (upper age band 90+)")
    for place in places:
        for sex, (best, worst) in LIFE.items():
            whim = draws.between(-6, 6) / 10 * place.spread
            for number, period in enumerate(LIFE_PERIODS):
                value = best + (worst - best) * place.deprivation + whim
                value += (0.18 - 0.3 * place.deprivation) * number
                wide = 1.3 * place.spread
                limits = [value + side * k * wide for k in (1, Z_998 / Z_95) for side in (-1, 1)]
                when = (period, 2014 + number)
                numbers = [value, *limits, None, None]
                yield _line(series, place, (sex, "All ages"), when, numbers)


def _list_weight(places: list[Place], draws: Draws) -> Iterator[list[str]]:
    """Give children with obesity, with Wilson's limits; of three school years together."""
    for id_, (name, age, low, high, yearly) in WEIGHT.items():
        for place in places:
            children = place.residents * 31 // 1000
            whim = draws.between(-12, 12) * place.spread
            for year in SCHOOL_YEARS:
                share = low + (high - low) * place.deprivation + whim
                share += yearly * (year - SCHOOL_YEARS[0]) * (0.6 + place.deprivation)
                count = round(children * share / 1000)
                limits = [
                    _share_limit(count, children, side * z)
                    for z in (Z_95, Z_998)
                    for side in (-1, 1)
                ]
                first, last = (
                    f"{year}/{year % 100 + 1:02d}",
                    f"{year % 100 + 2}/{year % 100 + 3:02d}",
                )
                when = (f"{first} - {last}", year)
                numbers = [100 * count / children, *limits, count, children]
                yield _line((id_, name), place, ("Persons", age), when, numbers)


def _share_limit(count: int, base: int, z: float) -> float:
    share, squared = count / base, z * z
    root = z * math.sqrt(share * (1 - share) / base + squared / (4 * base * base))
    return 100 * (share + squared / (2 * base) + root) / (1 + squared / base)


def _list_contact(places: list[Place], draws: Draws) -> Iterator[list[str]]:
    for id_, (name, years, own, country, yearly) in CONTACT.items():
        for place in places:
            for year in years:
                start = own if place.kind == "County & UA" else country
                value = start + yearly * (year - 2012) + draws.between(-9, 9) / 10 * place.spread
                wide = 12.5 * place.spread
                limits = [value - wide, value + wide, None, None]
                when = (f"{year}/{year % 100 + 1:02d}", year)
                numbers = [value, *limits, None, None]
                yield _line((id_, name), place, ("Persons", "18+ yrs"), when, numbers)


def _list_modelled(places: list[Place]) -> Iterator[list[str]]:
    for id_, (name, age, low, high) in MODELLED.items():
        for place in places:
            value = low + (high - low) * place.deprivation
            numbers = [value, *[None] * 6]
            yield _line((id_, name), place, ("Persons", age), ("2015", 2015), numbers)


def _write_surveys(places: list[Place], out: Path) -> None:
    """Write the survey's export of each level of activity: names without codes."""
    draws = Draws(SEED_ACTIVE)
    endings = {"District & UA": "LA", "County & UA": "CC"}
    for level, (stem, low, high, yearly) in LEVELS.items():
        titles = ["Trends", "Levels of activity (More detailed - 7 categories)",
                  "Local Authority and County Council", level]  # fmt: skip
        rows = [[title, *[""] * len(WAVES)] for title in titles]
        rows.append(["", *WAVES])
        for place in places:
            if place.kind in endings:
                middle = low + (high - low) * place.deprivation
                values = [
                    middle + yearly * n + draws.between(-15, 15) / 10 for n in range(len(WAVES))
                ]
                shown = [f"{value:.1f}%" for value in values]
                rows.append([f"{place.name} {endings[place.kind]}", *shown])
        buffer = io.StringIO()
        csv.writer(buffer, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(rows)
        layouts.write_text(out / f"ActiveLivesDataExport_{stem}.csv", buffer.getvalue())


def _write_registers(places: list[Place], out: Path) -> None:
    draws = Draws(SEED_REGISTERS)
    rows: list[list[str]] = [
        ["lad_code", "lad_name", "group_code", "register", "list", "prevalence"]
    ]
    for place in places:
        if place.kind == "District & UA":
            listed = place.residents * 1.03 + draws.between(0, 999) / 1000
            for group, (low, high) in REGISTERS.items():
                share = low + (high - low) * place.deprivation
                share *= 1 + draws.between(-30, 30) / 1000
                numbers = [f"{listed * share:.6f}", f"{listed:.6f}", f"{share:.8f}"]
                rows.append([place.code, place.name, group, *numbers])
    layouts.write_csv(out / "qof-modelled-prevalence-lad.csv", rows)
