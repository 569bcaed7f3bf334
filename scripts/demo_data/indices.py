"""The Indices of Deprivation of the invented country, in the layout of the publisher's File 7.

Domain scores follow each LSOA's latent deprivation with noise of their own. The overall score is
made as the publisher makes it: domain ranks transformed to an exponential distribution, then
weighted (English Indices of Deprivation 2019, technical report, chapter 3 and appendix F).
"""

import math
from dataclasses import dataclass
from typing import Literal

from demo_data.draws import Draws, allocate
from demo_data.people import Neighbourhood

MOST = "(where 1 is most deprived)"
TENTH = "(where 1 is most deprived 10% of LSOAs)"


@dataclass(frozen=True)
class Domain:
    """One domain: its heading, the kind of its score, its weight and what it leans on."""

    heading: str
    kind: Literal["rate", "points", "normal"]
    weight: float = 0.0
    lean: int = 1000
    noise: int = 160
    top: float = 1.0

    def headings(self) -> list[str]:
        """Give the three headings: score, rank and decile."""
        is_rate = self.kind == "rate" and "Sub-domain" not in self.heading
        endings = ("Score (rate)" if is_rate else "Score", f"Rank {MOST}", f"Decile {TENTH}")
        return [f"{self.heading} {ending}" for ending in endings]


IMD = "Index of Multiple Deprivation (IMD)"
DOMAINS = (
    Domain("Income", "rate", 0.225, top=0.42),
    Domain("Employment", "rate", 0.225, top=0.31),
    Domain("Education, Skills and Training", "points", 0.135, top=78),
    Domain("Health Deprivation and Disability", "normal", 0.135, top=2.6),
    Domain("Crime", "normal", 0.093, noise=260, top=2.3),
    Domain("Barriers to Housing and Services", "points", 0.093, lean=-500, noise=320, top=52),
    Domain("Living Environment", "points", 0.093, lean=600, noise=320, top=66),
)
SUPPLEMENTARY = (
    Domain("Income Deprivation Affecting Children Index (IDACI)", "rate", noise=140, top=0.5),
    Domain("Income Deprivation Affecting Older People (IDAOPI)", "rate", noise=200, top=0.48),
)
SUB_DOMAINS = (
    Domain("Children and Young People Sub-domain", "normal", noise=200, top=2.1),
    Domain("Adult Skills Sub-domain", "rate", noise=140, top=0.55),
    Domain("Geographical Barriers Sub-domain", "normal", lean=-900, noise=240, top=2.2),
    Domain("Wider Barriers Sub-domain", "normal", lean=700, noise=260, top=4.4),
    Domain("Indoors Sub-domain", "normal", lean=400, noise=330, top=1.9),
    Domain("Outdoors Sub-domain", "normal", lean=700, noise=260, top=1.8),
)
AREAS = {
    2019: ["LSOA code (2011)", "LSOA name (2011)", "Local Authority District code (2019)",
           "Local Authority District name (2019)"],
    2025: ["LSOA code (2021)", "LSOA name (2021)", "Local Authority District code (2024)",
           "Local Authority District name (2024)"],
}  # fmt: skip
DENOMINATORS = {
    2019: ["Total population: mid 2015 (excluding prisoners)",
           "Dependent Children aged 0-15: mid 2015 (excluding prisoners)",
           "Population aged 16-59: mid 2015 (excluding prisoners)",
           "Older population aged 60 and over: mid 2015 (excluding prisoners)",
           # The space at the end is the publisher's.
           "Working age population 18-59/64: for use with Employment Deprivation Domain "
           "(excluding prisoners) "],
    2025: ["Total population: mid 2022", "Dependent Children aged 0-15: mid 2022",
           "Population aged 16-59: mid 2022", "Older population aged 60 and over: mid 2022",
           "Working age population 18-66 (for use with Employment Deprivation Domain): mid 2022"],
}  # fmt: skip


@dataclass(frozen=True)
class RankedPlace:
    """One LSOA as the Indices see it."""

    code: str
    name: str
    district: tuple[str, str]
    place: Neighbourhood
    residents: int


def head_indices(year: int) -> list[str]:
    """Give the 57 headings of File 7 of a year."""
    headings = list(AREAS[year])
    for domain in (Domain(IMD, "points"), *DOMAINS, *SUPPLEMENTARY, *SUB_DOMAINS):
        headings += domain.headings()
    return headings + DENOMINATORS[year]


def rank_country(ranked: list[RankedPlace], draws: Draws) -> list[list[str]]:
    """Give the rows of File 7: one per LSOA of the invented country."""
    columns: list[list[str]] = []
    weighted = [0.0] * len(ranked)
    for whim, domain in enumerate((*DOMAINS, *SUPPLEMENTARY, *SUB_DOMAINS)):
        latent = [_draw_latent(domain, whim, found.place, draws) for found in ranked]
        ranks = _rank(latent)
        columns += [_score(domain, latent), *_print_ranks(ranks)]
        for index, rank in enumerate(ranks):
            weighted[index] += domain.weight * _transform(rank, len(ranked))
    overall = [[f"{score:.3f}" for score in weighted], *_print_ranks(_rank(weighted))]
    rows = []
    for index, found in enumerate(ranked):
        values = [column[index] for column in overall + columns]
        people = [str(count) for count in _count_people(found)]
        rows.append([found.code, found.name, *found.district, *values, *people])
    return rows


def _draw_latent(domain: Domain, whim: int, place: Neighbourhood, draws: Draws) -> float:
    """Give a place's hidden deprivation: gradient, lasting whim and a little noise of the year."""
    lean = domain.lean * (place.deprivation - 500)
    lasting = domain.noise * place.whims[whim]
    return (lean + lasting + draws.between(-400 * domain.noise, 400 * domain.noise)) / 1000


def _rank(values: list[float]) -> list[int]:
    """Rank from the most deprived (1), the first one first where two are alike."""
    order = sorted(range(len(values)), key=lambda index: (-values[index], index))
    ranks = [0] * len(values)
    for rank, index in enumerate(order, start=1):
        ranks[index] = rank
    return ranks


def _print_ranks(ranks: list[int]) -> list[list[str]]:
    deciles = [-(-10 * rank // len(ranks)) for rank in ranks]
    return [[str(rank) for rank in ranks], [str(decile) for decile in deciles]]


def _transform(rank: int, count: int) -> float:
    """Turn a rank into the exponential score, from 0 for the least deprived to 100."""
    scaled = (count - rank + 1) / count
    return -23 * math.log(1 - scaled * (1 - math.exp(-100 / 23)))


def _score(domain: Domain, latent: list[float]) -> list[str]:
    """Scale latent values to the kind of score: a rate, points from 0, or centred on 0."""
    low, high = min(latent), max(latent)
    shares = [(value - low) / (high - low) for value in latent]
    if domain.kind == "normal":
        scores = [(2 * share - 1) * domain.top for share in shares]
    else:  # most places have little, a few have much
        scores = [(0.03 + 0.97 * share * share) * domain.top for share in shares]
    return [f"{score:.3f}" for score in scores]


def _count_people(found: RankedPlace) -> list[int]:
    """Give the five denominators; children, 16 to 59 and older add up to the population."""
    ages = found.place.ages
    children = sum(ages[:3]) + ages[3] // 5
    older = sum(ages[12:])
    parts = [children, sum(ages) - children - older, older]
    parts = allocate(found.residents, parts)
    return [found.residents, *parts, parts[1] - ages[3] // 4 + ages[12] // 2]
