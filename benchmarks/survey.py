"""Measure a survey from answers to tables: raking, shares with intervals, groups, agreement.

Each size runs in a process of its own, so that its peak memory is its own too. The answers are
invented, the same every time.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from typing import Any

import numpy as np
import pandas as pd

from cip import statistics

RESPONSES, QUESTIONS, GROUPS = 10_000, 60, 8
#: Shares of all sizes, by which the growth is judged.
PARTS = (0.25, 0.5, 1.0, 2.0)
SCALE = ["strongly agree", "agree", "neither", "disagree", "strongly disagree"]
BANDS = {"agree": SCALE[:2], "neither": SCALE[2:3], "disagree": SCALE[3:]}
DONT_KNOW = ["don't know"]
AGES = ["16 to 24", "25 to 44", "45 to 64", "65 and over"]
MARGINS = {
    "age": dict(zip(AGES, (15, 35, 30, 20), strict=True)),
    "sex": {"female": 51, "male": 49},
    "tenure": {"owned": 55, "social": 25, "private": 20},
}
OPTIONS = 6


def invent_answers(size: int) -> tuple[pd.DataFrame, list[pd.Series], list[pd.DataFrame]]:
    """Return who answered, questions with one answer, and questions with several."""
    chance = np.random.default_rng(6)
    people = pd.DataFrame(
        {
            "age": chance.choice(AGES, size, p=[0.07, 0.28, 0.35, 0.3]),
            "sex": chance.choice(["female", "male"], size, p=[0.62, 0.38]),
            "tenure": chance.choice(["owned", "social", "private"], size, p=[0.7, 0.2, 0.1]),
            "group": chance.choice([f"group {n + 1}" for n in range(GROUPS)], size),
        }
    )
    words = np.array([*SCALE, *DONT_KNOW, None], dtype=object)
    likely = [0.15, 0.3, 0.2, 0.15, 0.08, 0.07, 0.05]
    single = [
        pd.Series(words[chance.choice(len(words), size, p=likely)]) for _ in range(QUESTIONS - 10)
    ]
    several = [
        pd.DataFrame(
            chance.integers(0, 2, (size, OPTIONS)), columns=[f"option {n}" for n in range(OPTIONS)]
        )
        for _ in range(10)
    ]
    return people, single, several


def measure_size(size: int) -> dict[str, Any]:
    """Return seconds by step, rows of the tables and peak memory for so many responses."""
    people, single, several = invent_answers(size)
    before, marks = _peak_mb(), [time.perf_counter()]
    raked = statistics.rake_weights(people, MARGINS)
    marks.append(time.perf_counter())
    groups = statistics.number_groups(size, groups=people["group"], weights=raked.weights)
    tables = [
        statistics.tabulate_answers(answers, SCALE, groups, dont_know=DONT_KNOW)
        for answers in single
    ]
    tables += [
        statistics.tabulate_bands(answers, BANDS, groups, dont_know=DONT_KNOW) for answers in single
    ]
    tables += [statistics.tabulate_multiple(chosen, groups) for chosen in several]
    marks.append(time.perf_counter())
    gaps = [statistics.compare_with_rest(table) for table in tables]
    for table in tables:
        statistics.decide_display(table["base"], table["count"])
    marks.append(time.perf_counter())
    design = statistics.build_design(raked.weights, raked_to=[people[name] for name in MARGINS])
    agrees = np.column_stack([answers.isin(SCALE[:2]).to_numpy(float) for answers in single])
    statistics.estimate_shares(agrees, design)
    marks.append(time.perf_counter())
    steps = ["raking", "tables", "differences", "design-based shares"]
    return {
        "size": size,
        "seconds": dict(zip(steps, np.diff(marks).tolist(), strict=True)),
        "total": marks[-1] - marks[0],
        "rows": sum(map(len, tables)),
        "compared": sum(map(len, gaps)),
        "rounds": raked.iterations,
        "peak_mb": _peak_mb(),
        "before_mb": before,
    }


def measure_agreement(units: int, codes: int, coders: int) -> float:
    """Return the seconds for the agreement on every code, with bootstrap intervals."""
    chance = np.random.default_rng(7)
    truth = chance.random((units, codes)) < 0.06
    said = (truth[:, np.newaxis, :] ^ (chance.random((units, coders, codes)) < 0.02)).nonzero()
    codings = pd.DataFrame(np.column_stack(said), columns=["unit", "coder", "code"])
    seen = pd.DataFrame(
        [(unit, coder) for unit in range(units) for coder in range(coders)],
        columns=["unit", "coder"],
    )
    started = time.perf_counter()
    statistics.measure_codes(codings, looked_at=seen)
    return time.perf_counter() - started


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def run_apart(size: int) -> dict[str, Any]:
    """Measure one size in a new process."""
    command = [sys.executable, __file__, "--only", str(size)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--responses", type=int, default=RESPONSES)
    parser.add_argument("--only", type=int, help="measure one size here and print JSON")
    options = parser.parse_args()
    if options.only:
        print(json.dumps(measure_size(options.only)))
        return
    found = [run_apart(int(options.responses * part)) for part in PARTS]
    steps = list(found[0]["seconds"])
    print(f"{QUESTIONS} questions, {GROUPS} groups and everyone, weighted, with intervals")
    print(f"\n| Responses | {' | '.join(steps)} | all (s) | rows | peak (MB) |")
    print(f"|--:|{'--:|' * (len(steps) + 3)}")
    for one in found:
        times = " | ".join(f"{one['seconds'][step]:.2f}" for step in steps)
        print(
            f"| {one['size']:,} | {times} | {one['total']:.2f} | {one['rows']:,} | "
            f"{one['peak_mb']:.0f} |"
        )
    ratio = found[-1]["total"] / found[-2]["total"]
    print(f"\nTwice the responses take {ratio:.2f} times as long.")
    for units, codes, coders in ((2_000, 30, 2), (2_000, 30, 3), (4_000, 30, 3)):
        seconds = measure_agreement(units, codes, coders)
        print(f"Agreement, {units:,} excerpts, {codes} codes, {coders} coders: {seconds:.2f} s")


if __name__ == "__main__":
    main()
