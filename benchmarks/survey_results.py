"""Measure a whole survey: reading the file, weights, results by group with what is withheld.

Each size runs in a process of its own, so that its peak memory is its own too. The answers are
invented, the same every time.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from cip.engagement.survey_answers import load_survey
from cip.engagement.survey_changes import compare_answers
from cip.engagement.survey_results import assemble_answers, measure_survey
from cip.engagement.survey_weights import weigh_survey

RESPONSES, QUESTIONS = 10_000, 60
PARTS = (0.5, 1.0, 2.0)
#: Eight groups, and three characteristics to weight by.
PARTS_OF_AREA = [f"Part {n + 1}" for n in range(8)]
GROUPS = {
    "age": ["16_24", "25_34", "35_49", "50_64", "65_74", "75_plus"],
    "sex": ["female", "male"],
    "tenure": ["owner", "social", "private"],
    "part_of_area": PARTS_OF_AREA,
}
SCALE = ["Strongly agree", "Agree", "Neither agree nor disagree", "Disagree",
         "Strongly disagree", "Don't know", ""]  # fmt: skip
CLUBS = ["A sports or fitness group", "A faith group", "A support group", "None of these"]


def write_survey(folder: Path, size: int) -> Path:
    """Write an export and its mapping file: 40 scales, 10 of several answers, 5 numbers, 5 texts."""
    chance = np.random.default_rng(8)
    columns = {name: chance.choice(groups, size) for name, groups in GROUPS.items()}
    lines = ["title: Invented", "design: random", "mode: online",
             "files: [{path: answers.csv, wave: one, form: plain}]", "characteristics:"]  # fmt: skip
    for name in GROUPS:
        values = {group: group.replace("Part ", "part_") for group in GROUPS[name]}
        lines.append(f"  - {{id: {name}, column: {name}, values: {json.dumps(values)}}}")
    lines.append("questions:")
    for number in range(QUESTIONS):
        name = f"q{number}"
        kind, cells = _invent_question(number, size, chance)
        columns[name] = cells
        lines.append(f"  - {{id: {name}, bank: {kind}, column: {name}}}")
    lines.append("weights: {margins: [age, sex, tenure]}")
    pd.DataFrame(columns).to_csv(folder / "answers.csv", index=False)
    path = folder / "survey.yml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _invent_question(number: int, size: int, chance: np.random.Generator) -> tuple[str, np.ndarray]:
    if number < 40:
        likely = [0.15, 0.3, 0.2, 0.15, 0.08, 0.07, 0.05]
        return "can_influence", chance.choice(SCALE, size, p=likely)
    if number < 50:
        ticks = chance.integers(0, 2, (size, len(CLUBS))).astype(bool)
        return "group_activity", np.array(
            [";".join(np.array(CLUBS)[row]) for row in ticks], dtype=object
        )
    if number < 55:
        return "people_in_a_crisis", chance.integers(0, 12, size).astype(str)
    return "what_to_change", np.array([f"Answer {n} in a few words" for n in range(size)])


def measure_size(size: int) -> dict[str, Any]:
    """Return seconds by step, rows of the tables and peak memory for so many responses."""
    margins = pd.DataFrame(
        [(name, group, 100.0) for name, groups in GROUPS.items() for group in groups],
        columns=["characteristic", "group", "population"],
    )
    with tempfile.TemporaryDirectory() as name:
        path = write_survey(Path(name), size)
        marks = [time.perf_counter()]
        survey, _ = load_survey(path)
        marks.append(time.perf_counter())
        weights = weigh_survey(survey, margins)
        marks.append(time.perf_counter())
        measured = measure_survey(survey, ["part_of_area"], weights)
        table = assemble_answers(measured, is_weighted=weights.is_weighted)
        marks.append(time.perf_counter())
        changes = compare_answers(survey, ["part_of_area"], weights, measured=measured)
        marks.append(time.perf_counter())
        measure_survey(survey, None, weights)
        marks.append(time.perf_counter())
    steps = ["reading", "weights", "results", "differences", "results by all four"]
    return {
        "size": size,
        "seconds": dict(zip(steps, np.diff(marks).tolist(), strict=True)),
        "total": marks[-2] - marks[0],
        "rows": len(table) + len(changes),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


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
    print(f"{QUESTIONS} questions, 8 groups and everyone, weighted to three margins")
    print(f"\n| Responses | {' | '.join(steps)} | all but the last (s) | rows | peak (MB) |")
    print(f"|--:|{'--:|' * (len(steps) + 3)}")
    for one in found:
        times = " | ".join(f"{one['seconds'][step]:.2f}" for step in steps)
        print(
            f"| {one['size']:,} | {times} | {one['total']:.2f} | {one['rows']:,} | "
            f"{one['peak_mb']:.0f} |"
        )
    print(
        f"\nTwice the responses take {found[-1]['total'] / found[-2]['total']:.2f} times as long."
    )


if __name__ == "__main__":
    main()
