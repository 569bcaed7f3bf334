"""Gardens, fast food, cars by household, and the look-ups that only figures need."""

from pathlib import Path

from demo_data import layouts, workbooks
from demo_data.county import DISTRICTS, County
from demo_data.draws import Draws
from demo_data.health_files import Place, list_places
from demo_data.places import COUNTRY, REGION, WARDS

SEED_GARDENS, SEED_FOOD, SEED_CARS = 120, 121, 122
GARDEN_COUNTS = (
    "Address count",
    # The publisher spells two of them so.
    "Adress with private outdoor space count",  # codespell:ignore
    "Private outdoor space total area (m2)",
    "Percentage of adresses with private outdoor space",  # codespell:ignore
    "Average size of private outdoor space (m2)",
)
HOUSEHOLDS = {
    "One-person household: Aged 66 years and over": (130, 48),
    "One-person household: Other": (170, 40),
    "Single family household: Couple family household: No children": (170, 9),
    "Single family household: Couple family household: Dependent children": (190, 8),
    "Single family household: Couple family household: All children non-dependent": (60, 6),
    "Single family household: Lone parent household": (110, 34),
    "Other household types": (80, 20),
}  # households in a thousand, and how many in a hundred of them have no car


def write_all_settings(county: County, out: Path) -> None:
    """Write the files."""
    places = list_places(county.lsoas_2021())
    _write_gardens(places, out)
    _write_fast_food(places, out)
    _write_cars(places, out)
    _write_lookups(county, out)


def _count_gardens(place: Place, draws: Draws) -> list[list[workbooks.Cell]]:
    """Give the counts of houses, of flats, and of both."""
    houses, flats = (sum(area.place.households for area in place.inside) * n // 10 for n in (7, 3))
    town = sum(area.place.town for area in place.inside) // len(place.inside)
    with_space = (
        houses * (970 - town // 25) // 1000,
        flats * (720 - town // 4 + draws.between(-20, 20)) // 1000,
    )
    rows: list[list[workbooks.Cell]] = []
    for addresses, outdoor, size in (
        (houses, with_space[0], 240),
        (flats, with_space[1], 95),
        (houses + flats, sum(with_space), 205),
    ):
        rows.append([addresses, outdoor, outdoor * size, round(outdoor / addresses, 3), size])
    return rows


def _write_gardens(places: list[Place], out: Path) -> None:
    draws = Draws(SEED_GARDENS)
    counts = {place: _count_gardens(place, draws) for place in places}
    blank: list[workbooks.Cell] = [""] * (len(GARDEN_COUNTS) - 1)
    kinds = [cell for kind in ("Houses", "Flats", "Total")
             for cell in (f"Property type: {kind}", *blank)]  # fmt: skip
    sheets: dict[str, list[list[workbooks.Cell]]] = {
        "Contents": [["Private outdoor space, April 2020"], [layouts.NOTE]]
    }
    upper = {
        "Country gardens": (["Country code", "Country"], COUNTRY, []),
        "Region gardens": (
            ["Country code", "Country name", "Region code", "Region name"], REGION, [*COUNTRY],
        ),
    }  # fmt: skip
    for title, (headings, (code, name), parents) in upper.items():
        place = next(p for p in places if p.code == code)
        cells = [cell for row in counts[place] for cell in row]
        sheets[title] = [
            [*headings, *kinds],
            [*[""] * len(headings), *GARDEN_COUNTS * 3],
            [*parents, code, name, *cells],
        ]
    lower = {"LAD gardens": ("LAD", "District & UA"), "MSOA gardens": ("MSOA", "MSOA")}
    for title, (short, kind) in lower.items():
        sheets[title] = [
            [f"{short} code", f"{short} name", *GARDEN_COUNTS],
            *([p.code, p.name, *counts[p][-1]] for p in places if p.kind == kind),
        ]
    workbooks.write_xlsx(out / "garden-space.xlsx", sheets)


def _write_fast_food(places: list[Place], out: Path) -> None:
    draws = Draws(SEED_FOOD)
    top: list[list[workbooks.Cell]] = [["Return to Notes Page"], [], []]
    districts: list[list[workbooks.Cell]] = []
    for place in places:
        if place.kind == "District & UA":
            outlets = place.residents * (6 + round(9 * place.deprivation)) // 10_000
            rate = round(100_000 * outlets / place.residents, 1)
            districts.append(["", REGION[1], place.code, place.name, outlets, rate])
    wards: list[list[workbooks.Cell]] = [
        ["", REGION[1], *district, code, name, draws.between(0, 9)]
        for code, name, district in WARDS.values()
    ]
    where: list[workbooks.Cell] = ["", "PHE Centre", "LA code", "LA name"]
    workbooks.write_xlsx(out / "fast-food-outlets.xlsx", {
        "Notes Page": [["Fast food outlets by local authority and ward"], [layouts.NOTE]],
        "Local Authority Data": [
            *top, [*where, "Count of outlets", "Rate per 100,000 population"], *districts],
        "Ward Data": [
            *top, [*where, "2016 Ward code", "2016 Ward name", "Total fast food outlets"], *wards],
    })  # fmt: skip


def _write_cars(places: list[Place], out: Path) -> None:
    """Write the ONS dataset RM008, one row per area, kind of household and car."""
    draws = Draws(SEED_CARS)
    levels = {
        "District & UA": "Lower tier local authorities",
        "Region": "Regions",
        "England": "Countries",
    }
    for kind, title in levels.items():
        rows: list[layouts.Row] = [[
            f"{title} Code", title, "Car or van availability (3 categories) Code",
            "Car or van availability (3 categories)", "Household composition (8 categories) Code",
            "Household composition (8 categories)", "Observation",
        ]]  # fmt: skip
        for place in places:
            if place.kind == kind:
                rows += _list_cars(place, draws)
        layouts.write_csv(out / f"RM008-2021-{title.split()[0].lower()}.csv", rows)


def _list_cars(place: Place, draws: Draws) -> list[layouts.Row]:
    households = sum(area.place.households for area in place.inside)
    rows: list[layouts.Row] = []
    for number, (label, (share, without)) in enumerate(HOUSEHOLDS.items(), start=1):
        here = households * (share * 1000 // 910) // 1000 + draws.between(-3, 3)
        no_car = round(here * without * (0.3 + 1.3 * place.deprivation) / 100)
        cars = (("No cars or vans in household", no_car),
                ("1 or more cars or vans in household", here - no_car))  # fmt: skip
        for code, (words, count) in enumerate(cars):
            rows.append([place.code, place.name, code, words, number, label, count])
    return rows


def _write_lookups(county: County, out: Path) -> None:
    """Write which region the districts lie in, and that no MSOA changed since 2011."""
    msoas = sorted({(*area.msoa, *area.district) for area in county.places.lsoas_2021})
    layouts.write_csv(
        out / "MSOA11_MSOA21_LAD22_lookup.csv",
        [["MSOA11CD", "MSOA11NM", "CHNGIND", "MSOA21CD", "MSOA21NM", "LAD22CD", "LAD22NM",
          "LAD22NMW", "ObjectId"],
         *([code, name, "U", code, name, *district, "", number]
           for number, (code, name, *district) in enumerate(msoas, start=1))],
        mark=layouts.BOM,
    )  # fmt: skip
    layouts.write_csv(
        out / "LAD23_RGN23_lookup.csv",
        [["LAD23CD", "LAD23NM", "RGN23CD", "RGN23NM", "ObjectId"],
         *([*district, *REGION, number] for number, district in enumerate(DISTRICTS, start=1))],
        mark=layouts.BOM,
    )  # fmt: skip
