"""Ages by single year: Census table TS007, age in six groups, and mid-year estimates."""

from collections.abc import Sequence
from pathlib import Path

from demo_data import layouts
from demo_data.county import County
from demo_data.draws import Draws, allocate, jitter_weights
from demo_data.places import COUNTRY, ELSEWHERE_IN_REGION, QUILLBROOK, REGION, Area
from demo_data.tables import VALUE

SEED_YEARS, SEED_ESTIMATES, SEED_OLD = 70, 71, 72
LAST_BAND = 17  # the one of 85 and over
# How people of 85 and over share out over the single years 85 to 100 and over.
OLDEST = (160, 145, 128, 112, 98, 84, 70, 56, 44, 34, 25, 18, 12, 8, 5, 6)
CENSUS_BANDS = ((0, 4), (5, 9), (10, 15), (16, 19), (20, 24), (25, 34), (35, 49), (50, 64),
                (65, 74), (75, 84), (85, 100))  # fmt: skip
SIX_GROUPS = {
    "Aged 15 years and under": (0, 15),
    "Aged 16 to 24 years": (16, 24),
    "Aged 25 to 34 years": (25, 34),
    "Aged 35 to 49 years": (35, 49),
    "Aged 50 to 64 years": (50, 64),
    "Aged 65 years and over": (65, 100),
}
YEARS = range(2018, 2025)
CENSUS_YEAR, OLD_YEAR = 2021, 2020


def split_years(bands: Sequence[int], draws: Draws) -> list[int]:
    """Split 18 five-year bands into 101 single years of age, the last of 100 and over."""
    years: list[int] = []
    for band, count in enumerate(bands):
        weights = OLDEST if band == LAST_BAND else (100,) * 5
        years += allocate(count, jitter_weights(weights, draws, 150))
    return years


def write_single_years(out: Path, bands: dict[tuple[str, str], list[int]]) -> None:
    """Write TS007 for districts, the region and the country, from their five-year bands."""
    draws = Draws(SEED_YEARS)
    rows: dict[str, list[layouts.Row]] = {"ltla": [], "rgn": [], "ctry": []}
    for area, counts in bands.items():
        years = split_years(counts, draws)
        level = "ctry" if area == COUNTRY else "rgn" if area == REGION else "ltla"
        cells = [n for first, last in CENSUS_BANDS for n in _list_band(years, first, last)]
        rows[level].append([area[1], area[0], sum(years), *cells])
    labels = ["Total", *(label for first, last in CENSUS_BANDS for label in _name(first, last))]
    headings = [f"Age: {label}{VALUE}" for label in labels]
    for level, lines in rows.items():
        path = out / f"census2021-ts007-{level}.csv"
        layouts.write_nomis_bulk(path, headings, lines, is_quoted=True)


def _list_band(years: list[int], first: int, last: int) -> list[int]:
    return [sum(years[first : last + 1]), *years[first : last + 1]]


def _name(first: int, last: int) -> list[str]:
    """Name a band and its single years as the publisher does."""
    band = f"Aged {first} to {last} years"
    if first == 0:
        band = f"Aged {last} years and under"
    if last == 100:
        band = f"Aged {first} years and over"
    singles = [f"Aged {age} year{'' if age == 1 else 's'}" for age in range(first, last + 1)]
    if first == 0:
        singles[0] = "Aged under 1 year"
    if last == 100:
        singles[-1] = "Aged 100 years and over"
    return [band, *singles]


def write_all_years(county: County, out: Path) -> None:
    """Write ages in six groups, and the mid-year estimates on both kinds of LSOA."""
    _write_six_groups(county, out)
    _write_estimates(county, out)
    _write_old_estimates(county, out)


def _write_six_groups(county: County, out: Path) -> None:
    """Write the ONS custom dataset: one row per area and group."""
    draws = Draws(SEED_YEARS)
    places = county.people.county
    years = {code: split_years(place.ages, draws) for code, place in places.items()}
    whole = [split_years(place.ages, draws) for place in county.people.elsewhere]
    near = [*years.values(), *whole[:ELSEWHERE_IN_REGION]]
    names = {area.code: area.name for area in county.places.lsoas_2021}
    files = {
        "Lower layer Super Output Areas": [
            (code, names[code], years[code]) for code in sorted(years)
        ],
        "Regions": [(*REGION, _sum(near))],
        "Countries": [(*COUNTRY, _sum([*years.values(), *whole]))],
    }
    for level, areas in files.items():
        rows: list[layouts.Row] = [
            [f"{level} Code", level, "Age (6 categories) Code", "Age (6 categories)", "Observation"]
        ]
        for code, name, ages in areas:
            for number, (label, (first, last)) in enumerate(SIX_GROUPS.items(), start=1):
                rows.append([code, name, number, label, sum(ages[first : last + 1])])
        short = level.split()[0].lower()
        layouts.write_csv(out / f"custom-age6-{short}.csv", rows)


def _sum(rows: list[list[int]]) -> list[int]:
    return [sum(column) for column in zip(*rows, strict=True)]


def _write_estimates(county: County, out: Path) -> None:
    """Write one sheet per mid-year, by sex and single year of age, each saved as CSV."""
    ages = [*range(91)]
    headings = ["LAD 2023 Code", "LAD 2023 Name", "LSOA 2021 Code", "LSOA 2021 Name", "Total"]
    headings += [f"{sex}{age}" for sex in "FM" for age in ages]
    areas = sorted(county.places.lsoas_2021, key=lambda area: area.code)
    rows: dict[int, list[layouts.Row]] = {year: [] for year in YEARS}
    draws = Draws(SEED_ESTIMATES)
    for area in areas:
        place = county.people.county[area.code]
        shape = _cap(split_years(place.ages, draws))
        women = [age_count * (486 + age) // 1000 for age, age_count in enumerate(shape)]
        weights = [*women, *(n - w for n, w in zip(shape, women, strict=True))]
        growth = _draw_growth(area, draws)
        for year in YEARS:
            people = place.residents * (1000 + growth * (year - CENSUS_YEAR)) // 1000
            people += draws.between(-6, 6)
            counts = allocate(people, jitter_weights(weights, draws, 60))
            rows[year].append([*area.district, area.code, area.name, people, *counts])
    for year, lines in rows.items():
        title = [[f"Mid-{year}: usual residents by LSOA 2021, sex and single year of age"], []]
        layouts.write_csv(out / f"sapelsoasyoa{year}.csv", [*title, headings, *lines])


def _draw_growth(area: Area, draws: Draws) -> int:
    """Give how many in a thousand an LSOA gains or loses in a year: the east grows."""
    return draws.between(2, 18) if area.district == QUILLBROOK else draws.between(-9, 7)


def _cap(years: list[int]) -> list[int]:
    return [*years[:90], sum(years[90:])]


def _write_old_estimates(county: County, out: Path) -> None:
    """Write mid-2020 by single year for the LSOAs of 2011, for the whole invented country."""
    draws = Draws(SEED_OLD)
    headings = ["LSOA Code", "LSOA Name", "LA Code (2020 boundaries)", "LA name (2020 boundaries)",
                "All Ages", *map(str, range(90)), "90+"]  # fmt: skip
    rows: list[layouts.Row] = [
        [f"Mid-{OLD_YEAR} Persons: usual residents by LSOA 2011 and single year of age"], []
    ]  # fmt: skip
    rows.append(headings)
    for ranked in county.lsoas_2011():
        ages = allocate(ranked.residents, jitter_weights(ranked.place.ages, draws, 40))
        years = _cap(split_years(ages, draws))
        rows.append([ranked.code, ranked.name, *ranked.district, sum(years), *years])
    layouts.write_csv(out / f"sape-lsoa11-mid-{OLD_YEAR}-persons.csv", rows)
