"""Crimes and road collisions, one row each, as the police and the department list them."""

from pathlib import Path

from demo_data import layouts
from demo_data.county import County, Small
from demo_data.draws import Draws
from demo_data.national_grid import convert_to_longlat
from demo_data.places import QUILLBROOK

SEED_CRIMES, SEED_ROADS = 80, 81
FORCE = "Fableshire Constabulary"
CRIME_HEADINGS = (
    "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,"
    "Crime type,Last outcome category,Context"
)
QUIET_WARD = "i"  # where a scheme has made anti-social behaviour rare
# How often in a hundred, at the low and the high end of deprivation.
CRIMES = {
    "Anti-social behaviour": (16, 21),
    "Violence and sexual offences": (30, 34),
    "Burglary": (8, 5),
    "Vehicle crime": (9, 5),
    "Criminal damage and arson": (8, 10),
    "Drugs": (2, 5),
    "Public order": (6, 7),
    "Shoplifting": (5, 6),
    "Other theft": (10, 5),
    "Bicycle theft": (1, 2),
    "Theft from the person": (1, 1),
    "Robbery": (1, 1),
    "Possession of weapons": (1, 1),
    "Other crime": (2, 1),
}
CRIME_MONTHS = [f"{2023 + n // 12}-{n % 12 + 1:02d}" for n in range(9, 33)]
STREETS = (
    "Quill Lane",
    "Inkpot Row",
    "Thimble Street",
    "Paper Hill",
    "Bobbin Close",
    "Supermarket",
)
ROAD_HEADINGS = (
    "Accident_Index,Location_Easting_OSGR,Location_Northing_OSGR,Longitude,Latitude,Police_Force,"
    "Accident_Severity,Number_of_Vehicles,Number_of_Casualties,Date,Day_of_Week,Time,Speed_limit,"
    "Urban_or_Rural_Area,LSOA_of_Accident_Location"
)
ROAD_YEARS = (2023, 2024)


def write_all_events(county: County, out: Path) -> None:
    """Write two years of crimes in the county, and two of collisions in the whole country."""
    _write_crimes(county, out)
    _write_collisions(county, out)


def _write_crimes(county: County, out: Path) -> None:
    draws = Draws(SEED_CRIMES)
    rows: list[layouts.Row] = []
    for number, month in enumerate(CRIME_MONTHS):
        for area in county.lsoas_2021():
            if area.code not in county.lsoa_centres:
                continue
            expected = 220 + 3 * area.place.deprivation * (100 + 2 * number) // 100
            for _ in range(_draw_count(expected, draws)):
                rows.append(_describe_crime(month, area, county, draws))
    layouts.write_csv(
        out / "fableshire-street.csv", [CRIME_HEADINGS.split(","), *rows], line_end="\n"
    )


def _draw_count(thousandths: int, draws: Draws) -> int:
    """Draw a number of events, on average so many thousandths."""
    tries = 8
    return sum(draws.between(1, 1000 * tries) <= thousandths for _ in range(tries))


def _describe_crime(month: str, area: Small, county: County, draws: Draws) -> layouts.Row:
    poor = area.place.deprivation
    weights = {name: low * (1000 - poor) + high * poor for name, (low, high) in CRIMES.items()}
    if county.ward_of[area.code] == QUIET_WARD:
        weights["Anti-social behaviour"] //= 6
    kind = _pick(weights, draws)
    longitude, latitude = convert_to_longlat(*county.lsoa_centres[area.code])
    place = f"On or near {STREETS[draws.between(0, len(STREETS) - 1)]}"
    where = [f"{longitude:.6f}", f"{latitude:.6f}", place, area.code, area.name]
    return ["", month, FORCE, FORCE, *where, kind, "", ""]


def _pick(weights: dict[str, int], draws: Draws) -> str:
    left = draws.between(1, sum(weights.values()))
    for name, weight in weights.items():
        left -= weight
        if left <= 0:
            return name
    raise ValueError("No weight is above zero.")


def _write_collisions(county: County, out: Path) -> None:
    draws = Draws(SEED_ROADS)
    rows: list[layouts.Row] = []
    for year in ROAD_YEARS:
        for area in county.lsoas_2021():
            fewer = 3 if area.district == QUILLBROOK else 4
            for _ in range(_draw_count(fewer * (250 + area.place.town // 4), draws)):
                number = f"{year}{len(rows):06d}"
                rows.append(_describe_collision(number, year, area, county, draws))
    layouts.write_csv(out / "road-collisions.csv", [ROAD_HEADINGS.split(","), *rows])


def _describe_collision(
    number: str, year: int, area: Small, county: County, draws: Draws
) -> layouts.Row:
    where: layouts.Row = ["", "", "", ""]
    if area.code in county.lsoa_centres:
        east, north = county.lsoa_centres[area.code]
        longitude, latitude = convert_to_longlat(east, north)
        where = [round(east), round(north), f"{longitude:.6f}", f"{latitude:.6f}"]
    severity = _pick({"1": 2, "2": 23, "3": 75}, draws)
    date = f"{draws.between(1, 28):02d}/{draws.between(1, 12):02d}/{year}"
    time = f"{draws.between(6, 22):02d}:{draws.between(0, 59):02d}"
    hurt = 1 + (draws.between(1, 5) == 1)
    town = 1 if area.place.town > 400 else 2
    return [
        number, *where, 99, severity, draws.between(1, 2), hurt, date, draws.between(1, 7), time,
        30 if town == 1 else 60, town, area.code,
    ]  # fmt: skip
