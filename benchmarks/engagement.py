"""Measure chapter 04 against its bar: a survey and as many comments, in one process, under 20 s and 1 GB.

10,000 answers to 60 questions are read, weighted and tabulated with intervals by the groups of four
characteristics, compared, and 10,000 comments go through the gate. Twice as many of both show the
growth. Seconds of the processor tell more than the clock on a shared machine.
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

import pandas as pd
from quote_gate import invent_comments
from survey_results import GROUPS, QUESTIONS, write_survey

from cip.engagement.gate import examine
from cip.engagement.survey_answers import load_survey
from cip.engagement.survey_changes import compare_answers
from cip.engagement.survey_results import assemble_answers, measure_survey
from cip.engagement.survey_weights import weigh_survey

SIZE, MOST_SECONDS, MOST_MB = 10_000, 20.0, 1_000.0


def measure_size(size: int) -> dict[str, Any]:
    """Return seconds on the clock and of the processor, rows made and peak memory."""
    margins = pd.DataFrame(
        [(name, group, 100.0) for name, groups in GROUPS.items() for group in groups],
        columns=["characteristic", "group", "population"],
    )
    comments = invent_comments(size)
    with tempfile.TemporaryDirectory() as name:
        path = write_survey(Path(name), size)
        clock, own = time.perf_counter(), time.process_time()
        survey, _ = load_survey(path)
        weights = weigh_survey(survey, margins)
        measured = measure_survey(survey, None, weights)
        table = assemble_answers(measured, is_weighted=weights.is_weighted)
        changes = compare_answers(survey, None, weights, measured=measured)
        flags = examine(comments)
        clock, own = time.perf_counter() - clock, time.process_time() - own
    return {
        "size": size,
        "clock": clock,
        "processor": own,
        "rows": len(table) + len(changes) + len(flags),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def run_apart(size: int) -> dict[str, Any]:
    """Measure one size in a new process, so that its peak memory is its own."""
    command = [sys.executable, __file__, "--only", str(size)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def main() -> int:
    """Measure, print, and return 1 where the bar is not met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", type=int, help="measure one size here and print JSON")
    options = parser.parse_args()
    if options.only:
        print(json.dumps(measure_size(options.only)))
        return 0
    found = [run_apart(size) for size in (SIZE, 2 * SIZE)]
    print(f"{QUESTIONS} questions, {len(GROUPS)} characteristics, and as many comments\n")
    print("| Answers and comments | clock (s) | processor (s) | rows | peak (MB) |")
    print("|--:|--:|--:|--:|--:|")
    for one in found:
        print(
            f"| {one['size']:,} | {one['clock']:.1f} | {one['processor']:.1f} | {one['rows']:,} | "
            f"{one['peak_mb']:.0f} |"
        )
    growth = found[1]["processor"] / found[0]["processor"]
    print(f"\nTwice as many take {growth:.2f} times the processor's time.")
    is_met = found[0]["processor"] < MOST_SECONDS and found[0]["peak_mb"] < MOST_MB
    print(f"Bar of {MOST_SECONDS:.0f} s and {MOST_MB:.0f} MB: {'met' if is_met else 'not met'}.")
    return 0 if is_met else 1


if __name__ == "__main__":
    sys.exit(main())
