"""Census tables and Indices of Deprivation, as Nomis and the department hand them out."""

from pathlib import Path

from demo_data import layouts
from demo_data.county import DISTRICTS, SEED_AGES, SEED_ANSWERS, SEED_INDICES, County
from demo_data.draws import Draws
from demo_data.indices import RankedPlace, head_indices, rank_country
from demo_data.people import add_up, answer_all, count_ages, count_sex_by_age
from demo_data.places import COUNTRY, ELSEWHERE, Area
from demo_data.tables import AGE_BANDS, TABLES, VALUE


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
    files = {"lsoa": lsoas, "ltla": districts, "ctry": total}
    for level, rows in files.items():
        path = out / f"census2021-ts007a-{level}.csv"
        layouts.write_nomis_bulk(path, headings, rows, is_quoted=True)
    _write_sex_by_age(county, out, draws)


def _write_sex_by_age(county: County, out: Path, draws: Draws) -> None:
    sexes = {code: count_sex_by_age(place, draws) for code, place in county.people.county.items()}
    outside = [count_sex_by_age(place, draws) for place in county.people.elsewhere]
    women, men = zip(*sexes.values(), *outside, strict=True)
    country = (add_up(women, draws), add_up(men, draws))
    headings = [
        f"Sex: {sex}; Age: {label}{VALUE}"
        for sex in ("All persons", "Female", "Male")
        for label in ("Total", *AGE_BANDS)
    ]
    names = {area.code: area.name for area in county.places.lsoas_2021}
    lsoas = [[names[code], code, *_spread_sexes(*sexes[code])] for code in sorted(sexes)]
    files = {"lsoa": lsoas, "ctry": [[COUNTRY[1], COUNTRY[0], *_spread_sexes(*country)]]}
    for level, rows in files.items():
        path = out / f"census2021-ts009-{level}.csv"
        layouts.write_nomis_bulk(path, headings, rows, is_quoted=True)


def _spread_sexes(women: list[int], men: list[int]) -> list[int]:
    both = [woman + man for woman, man in zip(women, men, strict=True)]
    return [sum(both), *both, sum(women), *women, sum(men), *men]


def write_all_answers(county: County, out: Path) -> None:
    """Write every other Census table: the county's LSOAs, and the country's row."""
    answers = answer_all(county.people, Draws(SEED_ANSWERS))
    names = {area.code: area.name for area in county.places.lsoas_2021}
    for table in TABLES:
        counts, total = answers[table.id]
        lsoas = [[names[code], code, *table.fill(counts[code])] for code in sorted(counts)]
        country = [[COUNTRY[1], COUNTRY[0], *table.fill(total)]]
        if table.id == "ts037":  # the one table that comes as a query download
            path = out / "ts037-lsoa-nomis-query.csv"
            layouts.write_nomis_query(path, table, "2021 super output area - lower layer", lsoas)
            path = out / "ts037-country-nomis-query.csv"
            layouts.write_nomis_query(path, table, "countries", country)
            continue
        for level, rows in {"lsoa": lsoas, "ctry": country}.items():
            path = out / f"census2021-{table.id}-{level}.csv"
            layouts.write_nomis_bulk(path, table.headings(), rows, is_quoted=table.is_quoted)


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
