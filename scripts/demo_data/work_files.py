"""Claimants, children in low income families, and fuel poverty."""

from pathlib import Path

from demo_data import layouts, workbooks
from demo_data.county import DISTRICTS, County, Small
from demo_data.draws import Draws
from demo_data.places import COUNTRY, ELSEWHERE, ELSEWHERE_IN_REGION, QUILLBROOK, REGION

SEED_CLAIMS, SEED_CHILDREN, SEED_FUEL = 90, 91, 92
CLAIM_MONTHS = [f"{2023 + n // 12}-{n % 12 + 1:02d}" for n in range(8, 33, 3)]
LOW_INCOME_YEARS = (2023, 2024, 2025)
COUNTY_LSOAS = 60


def write_all_work(county: County, out: Path) -> None:
    """Write the four files."""
    _write_claimants(county, out)
    _write_children(county, out)
    _write_fuel_poverty(county, out)


def round_to_five(number: int) -> int:
    """Round a count to the nearest five, as the publishers of benefits do."""
    return (number + 2) // 5 * 5


def _write_claimants(county: County, out: Path) -> None:
    """Write a Nomis answer: every third month, falling, and faster in the east."""
    draws = Draws(SEED_CLAIMS)
    headings = ["DATE", "GEOGRAPHY_CODE", "GEOGRAPHY_NAME", "GENDER_NAME", "AGE_NAME",
                "MEASURE_NAME", "MEASURES_NAME", "OBS_VALUE"]  # fmt: skip
    what = ["Total", "All categories: Age 16+", "Claimant count", "Value"]
    rows: list[layouts.Row] = [headings]
    small = county.lsoas_2021()
    working = {area.code: sum(area.place.ages[3:13]) for area in small}
    share = {area.code: 9 + area.place.deprivation * 62 // 1000 for area in small}
    for number, month in enumerate(CLAIM_MONTHS):
        counts = {
            area.code: working[area.code] * share[area.code]
            * (1000 - number * (38 if area.district == QUILLBROOK else 12)) // 1_000_000
            + draws.between(-2, 2)
            for area in small
        }  # fmt: skip
        named = [(area.code, area.name, counts[area.code]) for area in small[:COUNTY_LSOAS]]
        named += _list_large_areas(small, counts)
        rows += [[month, code, name, *what, round_to_five(max(0, n))] for code, name, n in named]
    layouts.write_csv(out / "claimant-count-nomis.csv", rows)


def _list_districts(small: list[Small], counts: dict[str, int]) -> list[tuple[str, str, int]]:
    """Give districts, each the sum of its LSOAs."""
    found = []
    for code, name in (*DISTRICTS, ELSEWHERE):
        inside = [counts[area.code] for area in small if area.district[0] == code]
        found.append((code, name, sum(inside)))
    return found


def _list_large_areas(small: list[Small], counts: dict[str, int]) -> list[tuple[str, str, int]]:
    """Give districts, the region and the country, each the sum of its LSOAs."""
    found = _list_districts(small, counts)
    near = small[: COUNTY_LSOAS + ELSEWHERE_IN_REGION]
    found.append((*REGION, sum(counts[area.code] for area in near)))
    return [*found, (*COUNTRY, sum(counts.values()))]


def _write_children(county: County, out: Path) -> None:
    """Write the workbook for large areas, and a CSV for each measure's LSOAs."""
    small = county.lsoas_2021()
    headings = [f"Number of children FYE {year}" for year in LOW_INCOME_YEARS]
    headings[-1] += " [p]"
    draws = Draws(SEED_CHILDREN)
    sheets: dict[str, list[list[workbooks.Cell]]] = {
        "Contents": [["Children in low income families: Relative and Absolute"], [layouts.NOTE]]
    }
    for number, (measure, top) in enumerate((("Relative", 430), ("Absolute", 350)), start=1):
        counts = [_draw_children(area, top, draws) for area in small]
        title = f"Number of children in {measure} low income families"
        by_year = [
            {area.code: found[place] for area, found in zip(small, counts, strict=True)}
            for place in range(len(LOW_INCOME_YEARS))
        ]
        large = [_list_districts(small, one) for one in by_year]
        sheets[f"{number}_{measure}_Local_Authority"] = [
            [f"Table {number}: {title}, by local authority"],
            ["This sheet has one table."],
            ["Local Authority [note 2]", "Area Code", *headings],
            *(
                [row[0][1], row[0][0], *(cell[2] for cell in row)]
                for row in zip(*large, strict=True)
            ),
        ]
        layouts.write_csv(
            out / f"children-low-income-{measure.lower()}-lsoa.csv",
            [[f"Table {number}: {title}, by LSOA 2021"], ["LSOA Name", "LSOA Code", *headings],
             *([area.name, area.code, *found]
               for area, found in zip(small, counts, strict=True))],
        )  # fmt: skip
    workbooks.write_ods(out / "children-in-low-income-families-local-area-statistics.ods", sheets)


def _draw_children(area: Small, top: int, draws: Draws) -> list[int]:
    """Give an LSOA's counts by year: a little more each year, most where the Index is high."""
    children = sum(area.place.ages[:3]) + area.place.ages[3] // 5
    share = 45 + top * area.place.deprivation // 1000 + draws.between(-25, 25)
    return [
        max(0, children * share * (100 + 4 * later) // 100_000 + draws.between(-2, 2))
        for later in range(len(LOW_INCOME_YEARS))
    ]


def _write_fuel_poverty(county: County, out: Path) -> None:
    draws = Draws(SEED_FUEL)
    headings = ["LSOA Code", "LSOA Name", "LA Code", "LA Name", "Region", "Number of households",
                "Number of households in fuel poverty",
                "Proportion of households fuel poor (%)"]  # fmt: skip
    rows: list[layouts.Row] = [headings]
    for area in county.lsoas_2021():
        share = 48 + area.place.deprivation * 125 // 1000 + draws.between(-15, 15)
        poor = area.place.households * share // 1000
        numbers = [f" {area.place.households} ", f" {poor} ", f"{share / 10:.1f}"]
        rows.append([area.code, area.name, *area.district, REGION[1], *numbers])
    layouts.write_csv(out / "fuel-poverty-lsoa.csv", rows)
