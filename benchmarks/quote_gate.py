"""Measure the gate of quotations: comments a second, growth, and one long comment.

The comments are invented, the same every time. ``--file`` reads the first text column named
``feedback`` of a CSV file instead; only times and rates are printed.
"""

from __future__ import annotations

import argparse
import resource
import time
from pathlib import Path

import numpy as np
import pandas as pd

from cip.engagement.gate import examine

COMMENTS = 10_000
PARTS = (0.25, 0.5, 1.0, 2.0)
SENTENCE = (
    "the bus never comes and we wait by door for an hour my neighbour helps me with shopping when "
    "it rains there is nothing to do here after school people are kind but lonely in winter damp "
    "walls cold rooms they said would call back nobody did i like pond walk every morning dog"
)
WORDS = SENTENCE.split()
PLANTED = (
    "Chidinma",
    "Mr Quillfeather",
    "01632 960123",
    "ZZ99 1AA",
    "someone@example.org",
    "3 June 1947",
    "12 Paper Mill Lane",
    "Tongs Road",
)


def invent_comments(size: int) -> pd.Series:
    """Return comments of 5 to 60 words, one in four with something planted in it."""
    chance = np.random.default_rng(7)
    lengths = chance.integers(5, 60, size)
    texts = []
    for length in lengths:
        words = [WORDS[n] for n in chance.integers(0, len(WORDS), length)]
        if chance.random() < 0.25:
            words[length // 2] = PLANTED[chance.integers(0, len(PLANTED))]
        texts.append(" ".join(words).capitalize() if chance.random() < 0.3 else " ".join(words))
    return pd.Series(texts)


def measure(comments: pd.Series) -> tuple[float, pd.DataFrame]:
    """Return the seconds that the gate takes, and what it found."""
    started = time.perf_counter()
    found = examine(comments)
    return time.perf_counter() - started, found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--comments", type=int, default=COMMENTS)
    parser.add_argument("--file", type=Path, help="a CSV file with a column 'feedback'")
    options = parser.parse_args()
    if options.file:
        comments = pd.read_csv(options.file, usecols=["feedback"])["feedback"]
        seconds, found = measure(comments)
        print(f"{len(comments):,} comments: {seconds:.2f} s")
        rates = found.groupby("kind")["text_id"].nunique() / len(comments)
        print((100 * rates).round(2).rename("% of comments").to_string())
        return
    print("| Comments | seconds | a second | flagged (%) |\n|--:|--:|--:|--:|")
    times = []
    for part in PARTS:
        comments = invent_comments(int(options.comments * part))
        seconds, found = measure(comments)
        times.append(seconds)
        share = 100 * found["text_id"].nunique() / len(comments)
        print(
            f"| {len(comments):,} | {seconds:.2f} | {len(comments) / seconds:,.0f} | {share:.0f} |"
        )
    print(f"\nTwice the comments take {times[-1] / times[-2]:.2f} times as long.")
    long = pd.Series([" ".join(invent_comments(700))[:100_000]])
    print(f"One comment of {len(long[0]) // 1000} kB: {measure(long)[0]:.2f} s")
    print(f"Peak memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
