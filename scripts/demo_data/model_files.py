"""Figures that somebody modelled for small areas: Indices, loneliness, needs, kinds, journeys."""

import json
from dataclasses import dataclass
from pathlib import Path

from demo_data import layouts
from demo_data.county import County, Small
from demo_data.draws import Draws
from demo_data.indices import AREAS
from demo_data.national_grid import convert_to_longlat
from demo_data.people import STUDENT_CELL

SEED_INDICATORS, SEED_LONELY, SEED_NEEDS, SEED_TIMES = 100, 101, 102, 103
RATE = "rate per 1,000 at-risk"


@dataclass(frozen=True)
class Column:
    """One number of small areas: its value at the low and the high end of what it follows."""

    heading: str
    low: float
    high: float
    decimals: int = 3
    follows: str = "deprivation"
    is_of_district: bool = False

    def draw(self, area: Small, draws: Draws) -> str:
        """Give the value of an area, with a spread of a tenth of the range."""
        trait = 1000 * (int(area.district[0][-2:]) % 5) // 5
        if not self.is_of_district:
            trait = int(getattr(area.place, self.follows)) + draws.between(-100, 100)
        return f"{self.low + (self.high - self.low) * max(0, trait) / 1000:.{self.decimals}f}"


INCOME = (
    Column("Income Domain numerator", 60, 640),
    Column("Income Deprivation Affecting Children Index (IDACI) numerator", 15, 200),
    Column("Income Deprivation Affecting Older People (IDAOPI) numerator", 20, 130),
    Column("Employment Domain numerator", 30, 260),
)
AFFORDABILITY = "(component of housing affordability indicator)"
INDICATORS = {
    2019: (
        Column("Staying on in education post 16 indicator", 0.10, 0.42),
        Column("Entry to higher education indicator", 0.52, 0.93),
        Column("Adult skills and English language proficiency indicator", 0.12, 0.52),
        Column("Years of potential life lost indicator", 40, 86),
        Column("Comparative illness and disability ratio indicator", 42, 160),
        Column("Acute morbidity indicator", 62, 140),
        Column("Mood and anxiety disorders indicator", -1.2, 1.5),
        Column("Road distance to a post office indicator (km)", 2.9, 0.5, follows="town"),
        Column("Road distance to a primary school indicator (km)", 2.2, 0.4, follows="town"),
        Column("Road distance to general store or supermarket indicator (km)", 3.4, 0.2,
               follows="town"),
        Column("Road distance to a GP surgery indicator (km)", 3.9, 0.6, follows="town"),
        Column("Household overcrowding indicator", 0.01, 0.12),
        Column("Homelessness indicator (rate per 1000 households)", 0.9, 4.1, is_of_district=True),
        Column(f"Owner-occupation affordability {AFFORDABILITY}", 0.42, 0.71),
        Column(f"Private rental affordability {AFFORDABILITY}", 0.21, 0.52),
        Column("Housing affordability indicator", -1.4, 1.2),
        Column("Housing in poor condition indicator", 0.14, 0.31),
        Column("Houses without central heating indicator", 0.01, 0.06),
        Column("Road traffic accidents indicator", 0.3, 1.4, follows="town"),
        Column("Nitrogen dioxide (component of air quality indicator)", 0.18, 0.62, 2, "town"),
        Column("Benzene (component of air quality indicator)", 0.05, 0.12, 2, "town"),
        Column("Sulphur dioxide (component of air quality indicator)", 0.02, 0.05, 2, "town"),
        Column("Particulates (component of air quality indicator)", 0.31, 0.44, 2, "town"),
        Column("Air quality indicator", 0.58, 1.21, 2, "town"),
    ),
    2025: (
        Column("Adult skills and English language proficiency indicator", 0.10, 0.46),
        Column("Entry to higher education indicator", 0.50, 0.91),
        Column("Acute morbidity indicator", 60, 142),
        Column("Comparative illness and disability ratio indicator", 40, 162),
        Column("Mental health indicator", -1.3, 1.6),
        Column("Years of potential life lost indicator", 41, 90),
        Column(f"Violence with injury {RATE} population", 2, 17, 1),
        Column(f"Violence without injury {RATE} population", 3, 21, 1),
        Column(f"Stalking and harassment {RATE} population", 3, 19, 1),
        Column(f"Burglary {RATE} properties", 2, 9, 1),
        Column(f"Theft {RATE} population", 4, 28, 1, "town"),
        Column(f"Criminal damage {RATE} population", 2, 14, 1),
        Column(f"Public order and possession of weapons {RATE} population", 1, 11, 1),
        Column(f"Anti-social behaviour {RATE} population", 2, 24, 1),
        Column("Connectivity Score", 31, 82, follows="town"),
        Column(f"Owner-occupation affordability {AFFORDABILITY}", 0.43, 0.74),
        Column(f"Private rental affordability {AFFORDABILITY}", 0.22, 0.55),
        Column("Housing affordability indicator", -1.4, 1.3),
        Column("Digital connectivity (broadband download and upload speeds)", 0.9, -0.6,
               follows="town"),
        Column("Core homelessness rate (percent of households)", 0.4, 1.1, 2, is_of_district=True),
        Column("Patient to GP ratio", 1480, 2260, follows="mix"),
        Column("Homelessness indicator (rate per 1,000 households)", 1.2, 5.8, 2,
               is_of_district=True),
        Column("Household overcrowding indicator (rooms)", 0.02, 0.16),
        Column("Household overcrowding indicator (bedrooms)", 0.01, 0.10),
    ),
}  # fmt: skip
NEEDS = (
    Column("Civic Assets Domain", 0.5, 1.5, 2, "deprivation"),
    Column("Connectedness Domain", 38, 112, 2, "deprivation"),
    Column("Active and Engaged Community Domain", 45, 128, 2, "deprivation"),
)
TIMES = {
    "weightedJobs": 21,
    "PS": 9,
    "SS": 19,
    "FE": 24,
    "GP": 13,
    "Hosp": 46,
    "Food": 9,
    "Town": 23,
}
MODES = {"PTt": 100, "Cyct": 80, "Cart": 55}


def write_all_models(county: County, out: Path) -> None:
    """Write the six files."""
    _write_indicators(county, out)
    _write_loneliness(county, out)
    _write_needs(county, out)
    _write_kinds(county, out)
    _write_journeys(county, out)


def _write_indicators(county: County, out: Path) -> None:
    """Write File 8 of both years, its sheets side by side in one table."""
    for year, areas in ((2019, county.lsoas_2011()), (2025, county.lsoas_2021())):
        draws = Draws(SEED_INDICATORS + year)
        columns = INDICATORS[year]
        rows: list[layouts.Row] = [
            [*AREAS[year], *(column.heading for column in (*INCOME, *columns))]
        ]
        for area in areas:
            people = [_round_people(column.draw(area, draws)) for column in INCOME]
            values = [column.draw(area, draws) for column in columns]
            rows.append([area.code, area.name, *area.district, *people, *values])
        layouts.write_csv(out / f"File_8_IoD{year}_Underlying_Indicators.csv", rows)


def _round_people(text: str) -> str:
    """Round to five; fewer than twenty people are not told."""
    number = int(float(text)) // 5 * 5
    return str(number) if number >= 20 else ""


def _write_loneliness(county: County, out: Path) -> None:
    draws = Draws(SEED_LONELY)
    column = Column("perc", 19.5, 29.5, 6)
    areas = county.lsoas_2021()
    shares = [column.draw(area, draws) for area in areas]
    order = sorted(range(len(areas)), key=lambda n: (float(shares[n]), n))
    deciles = {n: 10 * place // len(areas) + 1 for place, n in enumerate(order)}
    rows = [[area.code, shares[n], deciles[n]] for n, area in enumerate(areas)]
    layouts.write_csv(out / "loneliness-lsoa21.csv", [["lsoa21_code", "perc", "deciles"], *rows])


def _write_needs(county: County, out: Path) -> None:
    draws = Draws(SEED_NEEDS)
    areas = county.lsoas_2021()
    scores = [[float(column.draw(area, draws)) for column in NEEDS] for area in areas]
    whole = [100 * civic / 2 + other + active / 2 for civic, other, active in scores]
    names = ["Community Needs Index 2023", *(column.heading for column in NEEDS)]
    table = [whole, *([row[place] for row in scores] for place in range(len(NEEDS)))]
    ranks = [_rank(values) for values in table]
    headings = [f"{name} {part}" for name in names for part in ("Score", "Rank")]
    rows: list[layouts.Row] = [["lsoa21_code", "lsoa21_name", *headings, "Left Behind Area?"]]
    for n, area in enumerate(areas):
        cells = [
            cell
            for values, places in zip(table, ranks, strict=True)
            for cell in (f"{values[n]:.2f}", places[n])
        ]
        rows.append([area.code, area.name, *cells, "True" if ranks[0][n] <= 25 else "False"])
    layouts.write_csv(out / "community-needs-index-2023.csv", rows)


def _rank(values: list[float]) -> list[int]:
    order = sorted(range(len(values)), key=lambda n: (-values[n], n))
    ranks = [0] * len(values)
    for place, n in enumerate(order, start=1):
        ranks[n] = place
    return ranks


def _write_kinds(county: County, out: Path) -> None:
    """Write the classification of output areas for the county's LSOAs."""
    student = next(a.code for a in county.places.lsoas_2021 if STUDENT_CELL in a.cells)
    rows: list[layouts.Row] = [["geography_code", "Subgroup", "Group", "Supergroup"]]
    for area in county.lsoas_2021():
        if area.code in county.lsoa_centres:
            kind = "3a1" if area.code == student else _classify(area)
            rows.append([area.code, kind, kind[:2], kind[:1]])
    layouts.write_csv(out / "oac2021-lsoa21.csv", rows)


def _classify(area: Small) -> str:
    """Give the subgroup: by deprivation, and among well-off places by how urban they are."""
    deprivation = area.place.deprivation
    for least, kind in ((900, "8b1"), (600, "7a1"), (400, "6b2")):
        if deprivation >= least:
            return kind
    return "1b2" if area.place.town > 150 else "1a1"


def _write_journeys(county: County, out: Path) -> None:
    """Write one feature per LSOA of 2011 of the county, times in minutes."""
    draws = Draws(SEED_TIMES)
    features = []
    for area, shape in zip(county.lsoas_2011(), _list_old_shapes(county), strict=False):
        record: dict[str, str | float] = {"LSOA_code": area.code}
        for place, minutes in TIMES.items():
            longer = minutes * (1800 - area.place.town) // 8 + draws.between(0, 400)
            record |= {
                f"{place}{mode}": longer * share // 100 / 100 for mode, share in MODES.items()
            }
        point = {"type": "Point", "coordinates": list(shape)}
        features.append({"type": "Feature", "properties": record, "geometry": point})
    lines = ",\n".join(json.dumps(feature, separators=(",", ":")) for feature in features)
    layouts.write_text(
        out / "journey-times-lsoas.geojson",
        f'{{"type":"FeatureCollection","features":[\n{lines}\n]}}\n',
    )


def _list_old_shapes(county: County) -> list[tuple[float, float]]:
    areas = sorted(county.places.lsoas_2011, key=lambda area: area.code)
    return [convert_to_longlat(*county.centre(area.cells)) for area in areas]
