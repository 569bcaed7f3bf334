"""Who lives in each invented LSOA, and what they answered to each Census table."""

from collections.abc import Iterable
from dataclasses import dataclass

from demo_data.draws import Draws, allocate, jitter_weights
from demo_data.more_tables import ALL_TABLES, IN_WORK
from demo_data.places import ELSEWHERE_IN_REGION, ELSEWHERE_LSOAS, Area, Cell, Places
from demo_data.tables import CensusTable, Follows

# Residents per thousand by five-year age band, 0 to 4 up to 85 and over.
AGES_COUNTRY = (46, 52, 56, 52, 40, 45, 50, 56, 60, 66, 76, 78, 72, 66, 66, 52, 36, 36)
AGES_TOWN = (62, 60, 58, 58, 75, 85, 85, 75, 66, 60, 60, 55, 48, 40, 35, 28, 20, 20)
AGES_STUDENT = (12, 8, 8, 180, 420, 120, 60, 35, 25, 22, 20, 18, 16, 14, 12, 10, 8, 8)
STUDENT_CELL: Cell = (10, 6)
THIN_CELL: Cell = (20, 11)


@dataclass(frozen=True)
class Neighbourhood:
    """What an LSOA is like (traits from 0 to 1000 but for the whims), and how many live there."""

    deprivation: int
    town: int
    mix: int
    ages: tuple[int, ...]
    households: int
    whims: tuple[int, ...]  # how far each domain of deprivation strays here, -1000 to 1000

    @property
    def residents(self) -> int:
        """Number of usual residents."""
        return sum(self.ages)

    @property
    def health(self) -> int:
        """How poor health is: mostly deprivation, and partly the share of people over 64."""
        older = min(1000, 3000 * sum(self.ages[13:]) // self.residents)
        return (6 * self.deprivation + 4 * older) // 10

    def trait(self, follows: Follows) -> int:
        """Give the trait that a table follows."""
        return int(getattr(self, follows))


@dataclass(frozen=True)
class People:
    """The neighbourhoods of the county (by LSOA code), of elsewhere, and residents by OA."""

    county: dict[str, Neighbourhood]
    elsewhere: tuple[Neighbourhood, ...]
    oa_residents: dict[Cell, int]


def settle_people(places: Places, draws: Draws) -> People:
    """Settle people in every LSOA, and share the county's residents out among output areas."""
    county, oa_residents = {}, {}
    for area in places.lsoas_2021:
        county[area.code] = found = _describe_area(area, draws)
        weights = [1000 + draws.between(-250, 250) for _ in area.cells]
        oa_residents.update(zip(area.cells, allocate(found.residents, weights), strict=True))
    elsewhere = tuple(
        _settle(draws.between(0, 1000), draws.between(0, 1000), draws)
        for _ in range(ELSEWHERE_LSOAS)
    )
    return People(county, elsewhere, oa_residents)


def _describe_area(area: Area, draws: Draws) -> Neighbourhood:
    """Place an LSOA on the gradients: the old harbour is poorest, with a pocket in the east."""
    x = sum(2 * column + 1 for column, _ in area.cells) / len(area.cells) / 2
    y = sum(2 * row + 1 for _, row in area.cells) / len(area.cells) / 2
    poor = 170 + 790 * _near(x, y, (9, 6), 7) + 520 * _near(x, y, (17, 5), 3)
    town = 60 + 900 * _near(x, y, (9, 6), 7) + 250 * _near(x, y, (17, 5), 4)
    deprivation = min(980, max(20, int(poor) + draws.between(-110, 110)))
    student = STUDENT_CELL in area.cells
    thin = THIN_CELL in area.cells
    return _settle(60 if thin else deprivation, int(town), draws, student=student, thin=thin)


def _near(x: float, y: float, centre: tuple[int, int], reach: int) -> float:
    return max(0.0, 1 - ((x - centre[0]) ** 2 + (y - centre[1]) ** 2) / reach**2)


def _settle(
    deprivation: int, town: int, draws: Draws, *, student: bool = False, thin: bool = False
) -> Neighbourhood:
    mix = min(1000, max(0, (2 * town + deprivation) // 3 + draws.between(-120, 120)))
    shape = [
        _lean(country, urban, town) for country, urban in zip(AGES_COUNTRY, AGES_TOWN, strict=True)
    ]
    shape = [100 * weight for weight in (AGES_STUDENT if student else shape)]
    for band in range(18):  # poorer places have more children and fewer old people
        tilt = 250 if band < 4 else -300 if band >= 13 else 0
        shape[band] = shape[band] * (1000 + tilt * deprivation // 1000) // 1000
    residents = 1003 if thin else 1350 + draws.between(0, 600)
    ages = allocate(residents, jitter_weights(shape, draws, 120))
    size = 230 + draws.between(-10, 10) + (120 if student else 0)  # people per 100 households
    whims = tuple(draws.between(-1000, 1000) for _ in range(15))
    return Neighbourhood(deprivation, town, mix, tuple(ages), 100 * residents // size, whims)


def _lean(low: int, high: int, trait: int) -> int:
    return (low * (1000 - trait) + high * trait) // 1000


def count_ages(place: Neighbourhood, draws: Draws) -> list[int]:
    """Give the age table's 18 counts, perturbed as every published table is."""
    return [max(0, count + draws.between(-1, 1)) for count in place.ages]


def count_sex_by_age(place: Neighbourhood, draws: Draws) -> tuple[list[int], list[int]]:
    """Give women and men by age, perturbed apart from the age table."""
    women, men = [], []
    for band, count in enumerate(count_ages(place, draws)):
        share = 488 + 4 * max(0, band - 11) * 2 + draws.between(-30, 30)
        women.append(count * share // 1000)
        men.append(count - women[-1])
    return women, men


def count_base(table: CensusTable, place: Neighbourhood) -> int:
    """Give how many people or households a table is about, workers left aside."""
    if table.base == "households":
        return place.households
    young = {
        "persons_3_plus": place.ages[0] * 3 // 5,
        "persons_5_plus": place.ages[0],
        "adults": sum(place.ages[:3]) + place.ages[3] // 5,
    }
    return place.residents - young.get(table.base, 0)


def count_answers(table: CensusTable, place: Neighbourhood, base: int, draws: Draws) -> list[int]:
    """Give a table's counts for the answers that are not sub-totals."""
    weights = [
        1000 * _lean(1000 * leaf.low, 1000 * leaf.high, place.trait(table.follows)) // 1000
        for leaf in table.leaves
    ]
    counts = allocate(base + draws.between(-4, 4), jitter_weights(weights, draws, 180))
    # Small counts stray most, as in the real tables: some of them become zero.
    return [count if count > 3 else draws.between(0, count + 1) for count in counts]


def count_workers(table: CensusTable, counts: list[int]) -> int:
    """Give the people in work from the counts of the table of economic activity."""
    return sum(
        count
        for leaf, count in zip(table.leaves, counts, strict=True)
        if f": {IN_WORK}: " in leaf.label
    )


def add_up(rows: Iterable[list[int]], draws: Draws) -> list[int]:
    """Add up small areas into one large one, perturbed on its own as the publisher does."""
    return [max(0, sum(column) + draws.between(-3, 3)) for column in zip(*rows, strict=True)]


@dataclass(frozen=True)
class Answers:
    """The leaf counts of one table: by LSOA of the county, elsewhere in order, and in the whole."""

    county: dict[str, list[int]]
    elsewhere: list[list[int]]
    country: list[int]

    def region(self, draws: Draws) -> list[int]:
        """Give the region: the county, and its neighbours in the part called Elsewhere."""
        return add_up([*self.county.values(), *self.elsewhere[:ELSEWHERE_IN_REGION]], draws)


def answer_all(people: People, draws: Draws) -> dict[str, Answers]:
    """Answer every table."""
    answers: dict[str, Answers] = {}
    at_work: list[int] = []
    places = [*people.county.values(), *people.elsewhere]
    for table in ALL_TABLES:
        bases = [count_base(table, place) for place in places]
        if table.base == "workers":
            bases = at_work
        rows = [
            count_answers(table, place, base, draws)
            for place, base in zip(places, bases, strict=True)
        ]
        if table.id == "ts066":
            at_work = [count_workers(table, row) for row in rows]
        inside = len(people.county)
        county = dict(zip(people.county, rows[:inside], strict=True))
        answers[table.id] = Answers(county, rows[inside:], add_up(rows, draws))
    return answers
