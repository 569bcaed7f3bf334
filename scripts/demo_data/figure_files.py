"""Census tables and Indices of Deprivation, as Nomis and the department hand them out."""

from pathlib import Path

from demo_data import layouts
from demo_data.county import (
    DISTRICTS,
    SEED_AGES,
    SEED_ANSWERS,
    SEED_INDICES,
    SEED_REGION,
    County,
)
from demo_data.draws import Draws, allocate
from demo_data.indices import RankedPlace, head_indices, rank_country
from demo_data.more_tables import ALL_TABLES
from demo_data.people import add_up, answer_all, count_ages, count_sex_by_age
from demo_data.places import COUNTRY, ELSEWHERE, ELSEWHERE_IN_REGION, REGION, Area
from demo_data.single_years import write_single_years
from demo_data.tables import AGE_BANDS, VALUE, CensusTable


def write_all_ages(county: County, out: Path) -> None:
    """Write TS007A (county and elsewhere) and TS009 (county), each with its country row."""
    draws = Draws(SEED_AGES)
    areas = {area.code: area for area in county.places.lsoas_2021}
    ages = {code: count_ages(place, draws) for code, place in county.people.county.items()}
    outside = [count_ages(place, draws) for place in county.people.elsewhere]
    by_district = {
        district: add_up([ages[code] for code in ages if areas[code].district == district], draws)
        for district in DISTRICTS
    } | {ELSEWHERE: add_up(outside, draws)}
    lsoas = [[areas[code].name, code, sum(ages[code]), *ages[code]] for code in sorted(ages)]
    lsoas += [
        [name, code, sum(row), *row]
        for (code, name), row in zip(county.elsewhere, outside, strict=True)
    ]
    districts = [[name, code, sum(row), *row] for (code, name), row in by_district.items()]
    country = add_up([*ages.values(), *outside], draws)
    headings = [f"Age: {label}" for label in ("Total", *AGE_BANDS)]
    total = [[COUNTRY[1], COUNTRY[0], sum(country), *country]]
    near = add_up([*ages.values(), *outside[:ELSEWHERE_IN_REGION]], Draws(SEED_REGION))
    region = [[REGION[1], REGION[0], sum(near), *near]]
    oas = _split_ages(county, ages)
    files = {"oa": oas, "lsoa": lsoas, "ltla": districts, "rgn": region, "ctry": total}
    for level, rows in files.items():
        path = out / f"census2021-ts007a-{level}.csv"
        layouts.write_nomis_bulk(path, headings, rows, is_quoted=True)
    _write_sex_by_age(county, out, draws)
    write_single_years(out, {**by_district, REGION: near, COUNTRY: country})


def _split_ages(county: County, ages: dict[str, list[int]]) -> list[list[str | int]]:
    """Share each LSOA's ages out among its output areas, by their residents."""
    rows: list[list[str | int]] = []
    for area in county.places.lsoas_2021:
        weights = [county.people.oa_residents[cell] for cell in area.cells]
        bands = [allocate(count, weights) for count in ages[area.code]]
        for place, cell in enumerate(area.cells):
            code, own = county.places.oas[cell], [band[place] for band in bands]
            rows.append([code, code, sum(own), *own])
    return sorted(rows, key=lambda row: str(row[0]))


def _write_sex_by_age(county: County, out: Path, draws: Draws) -> None:
    sexes = {code: count_sex_by_age(place, draws) for code, place in county.people.county.items()}
    outside = [count_sex_by_age(place, draws) for place in county.people.elsewhere]
    women, men = zip(*sexes.values(), *outside, strict=True)
    country = (add_up(women, draws), add_up(men, draws))
    near = len(sexes) + ELSEWHERE_IN_REGION
    own = Draws(SEED_REGION)
    region = (add_up(women[:near], own), add_up(men[:near], own))
    headings = [
        f"Sex: {sex}; Age: {label}{VALUE}"
        for sex in ("All persons", "Female", "Male")
        for label in ("Total", *AGE_BANDS)
    ]
    names = {area.code: area.name for area in county.places.lsoas_2021}
    lsoas = [[names[code], code, *_spread_sexes(*sexes[code])] for code in sorted(sexes)]
    files = {
        "lsoa": lsoas,
        "rgn": [[REGION[1], REGION[0], *_spread_sexes(*region)]],
        "ctry": [[COUNTRY[1], COUNTRY[0], *_spread_sexes(*country)]],
    }
    for level, rows in files.items():
        path = out / f"census2021-ts009-{level}.csv"
        layouts.write_nomis_bulk(path, headings, rows, is_quoted=True)


def _spread_sexes(women: list[int], men: list[int]) -> list[int]:
    both = [woman + man for woman, man in zip(women, men, strict=True)]
    return [sum(both), *both, sum(women), *women, sum(men), *men]


def write_all_answers(county: County, out: Path) -> None:
    """Write every other Census table: the county's small areas, the region and the country."""
    answers = answer_all(county.people, Draws(SEED_ANSWERS))
    draws = Draws(SEED_REGION)
    for table in ALL_TABLES:
        found = answers[table.id]
        rows = {
            table.level: _list_small_areas(county, table, found.county, draws),
            "rgn": [[REGION[1], REGION[0], *table.fill(found.region(draws))]],
            "ctry": [[COUNTRY[1], COUNTRY[0], *table.fill(found.country)]],
        }
        if table.id == "ts037":  # the one table that comes as a query download
            _write_queries(table, rows, out)
            continue
        for level, lines in rows.items():
            path = out / f"census2021-{table.id}-{level}.csv"
            layouts.write_nomis_bulk(path, table.headings(), lines, is_quoted=table.is_quoted)


def _list_small_areas(
    county: County, table: CensusTable, counts: dict[str, list[int]], draws: Draws
) -> list[list[str | int]]:
    """Give the rows of a table's LSOAs, or of its MSOAs where it has none smaller."""
    areas = sorted(county.places.lsoas_2021, key=lambda area: area.code)
    if table.level == "lsoa":
        return [[area.name, area.code, *table.fill(counts[area.code])] for area in areas]
    inside: dict[tuple[str, str], list[list[int]]] = {}
    for area in areas:
        inside.setdefault(area.msoa, []).append(counts[area.code])
    return [
        [name, code, *table.fill(add_up(rows, draws))]
        for (code, name), rows in sorted(inside.items())
    ]


def _write_queries(table: CensusTable, rows: dict[str, list[list[str | int]]], out: Path) -> None:
    titles = {
        "lsoa": ("lsoa", "2021 super output area - lower layer"),
        "rgn": ("region", "regions"),
        "ctry": ("country", "countries"),
    }
    for level, lines in rows.items():
        short, title = titles[level]
        layouts.write_nomis_query(out / f"{table.id}-{short}-nomis-query.csv", table, title, lines)


def write_all_indices(county: County, out: Path) -> None:
    """Write File 7 of 2019 (LSOAs of 2011) and of 2025 (LSOAs of 2021)."""
    outside = [
        RankedPlace(code, name, ELSEWHERE, place, place.residents)
        for (code, name), place in zip(county.elsewhere, county.people.elsewhere, strict=True)
    ]
    for year, areas in ((2019, county.places.lsoas_2011), (2025, county.places.lsoas_2021)):
        ranked = [
            _describe_for_indices(county, area, year)
            for area in sorted(areas, key=lambda area: area.code)
        ] + outside
        rows = rank_country(ranked, Draws(SEED_INDICES + year))
        name = f"File_7_IoD{year}_All_Scores_Ranks_Deciles_and_Population_Denominators.csv"
        layouts.write_csv(out / name, [head_indices(year), *rows])


def _describe_for_indices(county: County, area: Area, year: int) -> RankedPlace:
    """Describe an LSOA of either year by the 2021 LSOA that its first output area lies in."""
    now = next(found for found in county.places.lsoas_2021 if area.cells[0] in found.cells)
    residents = sum(county.people.oa_residents[cell] for cell in area.cells)
    residents = residents * 95 // 100 if year == 2019 else residents + 12
    place = county.people.county[now.code]
    return RankedPlace(area.code, area.name, area.district, place, residents)
