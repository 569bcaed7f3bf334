"""Measure each statistical method on 20,000 rows against the same method called row by row."""

from __future__ import annotations

import argparse
import statistics as summary
import time
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from cip import statistics

ROWS = 20_000
#: Rows of the loop; its time is scaled up to all rows.
LOOPED = 200
#: A slope index takes ten rows, one for each tenth of the people.
GROUPS = 10


class Case(NamedTuple):
    """A method, its arguments with one row per area, and the rows of input in each area."""

    name: str
    method: Callable[..., object]
    arguments: tuple[np.ndarray, ...]
    options: dict[str, object]
    rows_per_area: int = 1


def make_cases(rows: int) -> list[Case]:
    """Return every method with invented numbers, the same every time."""
    chance = np.random.default_rng(20)
    people = chance.integers(400, 4000, rows)
    events = chance.poisson(people * 0.02)
    others = chance.poisson(people * 0.021)
    rates, twenty = {"bands": list(statistics.ESP2013)}, {"bands": statistics.LIFE_BANDS}
    ages = chance.integers(100, 900, (rows, 19))
    lives = chance.integers(400, 900, (rows, 20))
    persons = chance.poisson(ages[..., np.newaxis] * [0.02, 0.005, 0.001])
    deaths = chance.binomial(lives, np.linspace(0.001, 0.2, 20)).clip(1)
    reference = {**rates, "reference": dict.fromkeys(statistics.ESP2013, 0.02)}
    areas = rows // GROUPS
    value = chance.uniform(0.1, 0.4, (areas, GROUPS))
    sizes = chance.integers(100, 900, (areas, GROUPS))
    slopes = (value, sizes, value * 0.9, value * 1.1)
    one, other = statistics.crude_rate(events, people), statistics.crude_rate(others, people)
    cases = [
        ("Wilson, both levels", both(statistics.proportion), (events, people), {}),
        ("Byar's and exact, both levels", both(statistics.crude_rate), (events, people), {}),
        ("standardised rate", statistics.directly_standardised_rate, (ages // 20, ages), rates),
        (
            "standardised rate, repeats",
            statistics.directly_standardised_rate_of_repeats,
            (persons, ages),
            rates,
        ),
        ("expected count", statistics.expected_count, (ages,), reference),
        ("indirect ratio", statistics.indirectly_standardised_ratio, (events, others + 1.0), {}),
        ("mean from sums", statistics.mean_from_sums, (people, events, events * 30.0), {}),
        ("life expectancy", statistics.calculate_life_expectancy, (deaths, lives), twenty),
        ("difference of proportions", newcombe, (events, people, others, people), {}),
        ("difference of rates", compare_estimates, (*one, *other), {}),
        ("funnel of proportions", proportion_places, (events, people), {}),
        ("funnel of rates", rate_places, (events, people), {}),
    ]
    ends = [
        ("slope indices, plain", {}),
        ("slope indices, log", {"scale": "rate", "is_transformed": True}),
        ("slope indices, logit", {"scale": "proportion", "is_transformed": True}),
        ("slope indices, rates refitted", {"scale": "rate"}),
    ]
    return [Case(*case) for case in cases] + [
        Case(name, slope, slopes, options, GROUPS) for name, options in ends
    ]


def both(method: Callable[..., object]) -> Callable[..., object]:
    return lambda *arguments: statistics.estimate_both_levels(method, *arguments)


def newcombe(*counts: np.ndarray) -> object:
    return statistics.newcombe_difference(*counts)


def compare_estimates(*parts: np.ndarray) -> object:
    first, second = statistics.Estimate(*parts[:3]), statistics.Estimate(*parts[3:])
    return statistics.compare_difference(first, second)


def proportion_places(events: np.ndarray, people: np.ndarray) -> object:
    funnel = statistics.proportion_funnel(people, 2)
    return statistics.place_in_funnel(100 * events / people, funnel)


def rate_places(events: np.ndarray, people: np.ndarray) -> object:
    return statistics.place_in_funnel(100 * events / people, statistics.rate_funnel(people, 2000))


def slope(value: np.ndarray, people: np.ndarray, lower: object, upper: object, **options) -> object:
    return statistics.calculate_slope_indices(value, people, lower=lower, upper=upper, **options)


def time_whole(case: Case) -> float:
    """Return the median seconds of three calls on all rows."""
    seconds = []
    for _ in range(3):
        started = time.perf_counter()
        case.method(*case.arguments, **case.options)
        seconds.append(time.perf_counter() - started)
    return summary.median(seconds)


def time_loop(case: Case) -> float:
    """Return the seconds that a loop over single areas would take for all of them."""
    areas = len(case.arguments[0])
    looped = min(areas, LOOPED // case.rows_per_area)
    started = time.perf_counter()
    for row in range(looped):
        case.method(*(part[row : row + 1] for part in case.arguments), **case.options)
    return (time.perf_counter() - started) * areas / looped


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS)
    rows = parser.parse_args().rows
    print(f"| Method, {rows:,} rows | seconds | row by row | times faster |\n|---|--:|--:|--:|")
    for case in make_cases(rows):
        whole, loop = time_whole(case), time_loop(case)
        print(f"| {case.name} | {whole:.3f} | {loop:.1f} | {loop / whole:,.0f} |")


if __name__ == "__main__":
    main()
