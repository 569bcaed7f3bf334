"""Measure coded excerpts: counting with protection, agreement with intervals, suggestions, reading.

The excerpts are invented, the same every time. With ``--comments FILE`` (labelled comments as CSV
with the columns ``label`` and ``feedback``, and ``--codebook FILE``, whose themes are named like the
labels) it also measures how often a suggested theme is the one that a person chose.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

from cip.catalogue.people_groups import load_people_groups
from cip.engagement.codebook import Codebook, Theme, read_codebook
from cip.engagement.coding_agreement import measure_agreement
from cip.engagement.excerpts import VOICES, Excerpts, load_excerpts
from cip.engagement.suggest import measure_suggestions, suggest_themes
from cip.engagement.themes import count_themes

EXCERPTS, CODES = 10_000, 60
CHARACTERISTICS = ("age", "sex", "ethnic_group", "disability", "tenure", "part_of_area")
AREAS = [f"Z010{number:05d}" for number in range(8)]


def invent_codebook(size: int) -> Codebook:
    """Return a codebook of so many themes."""
    return Codebook(
        tuple(Theme(f"theme_{place}", f"Theme {place}", f"Words {place}") for place in range(size))
    )


def invent_excerpts(size: int, codes: int) -> Excerpts:
    """Return excerpts of a third as many people, all read by two coders who mostly agree."""
    chance = np.random.default_rng(8)
    people = max(1, size // 3)
    told = {
        name: chance.choice([g.id for g in load_people_groups()[name].groups] or AREAS, people)
        for name in CHARACTERISTICS
    }
    speaker = chance.integers(0, people, size)
    frame = pd.DataFrame(
        {
            "excerpt_id": [f"E{place}" for place in range(size)],
            "document_id": [f"D{place // 5}" for place in range(size)],
            "person_id": [f"P{number}" for number in speaker],
            "voice": chance.choice(VOICES[:4], people)[speaker],
            "wave": "2026",
            **{name: groups[speaker] for name, groups in told.items()},
            "text": "invented",
            "suggestion": chance.random(size) < 0.1,
        }
    )
    # Some themes are common and most are rare, as in real codebooks.
    likely = 0.3 / np.arange(1, codes + 1) ** 0.8
    truth = chance.random((size, codes)) < likely
    ids = frame["excerpt_id"].to_numpy()
    parts = []
    for coder in ("coder_a", "coder_b"):
        said = truth ^ (chance.random(truth.shape) < 0.01)
        excerpt, theme = said.nonzero()
        parts.append(
            pd.DataFrame(
                {
                    "excerpt_id": ids[excerpt],
                    "coder": coder,
                    "theme_id": [f"theme_{place}" for place in theme],
                }
            )
        )
    looked = pd.concat(
        [pd.DataFrame({"excerpt_id": ids, "coder": c}) for c in ("coder_a", "coder_b")]
    )
    settled = pd.DataFrame(
        columns=["excerpt_id", "theme_id", "decision", "decided_on"], dtype="str"
    )
    return Excerpts(frame, pd.concat(parts, ignore_index=True), looked, settled)


def write_own_form(excerpts: Excerpts, folder: Path) -> None:
    """Write the excerpts as two coders' files of our own form."""
    frame = excerpts.frame.assign(text="Something that a resident said, which is invented. " * 4)
    for coder, codings in excerpts.codings.groupby("coder"):
        themes = codings.groupby("excerpt_id")["theme_id"].agg("; ".join)
        own = frame.assign(themes=frame["excerpt_id"].map(themes).fillna(""), coder=coder)
        own["suggestion"] = own["suggestion"].map({True: "yes", False: "no"})
        own.to_csv(folder / f"{coder}.csv", index=False)


def _time(label: str, call: object) -> object:
    started, worked = time.perf_counter(), time.process_time()
    found = call()  # type: ignore[operator]
    clock, work = time.perf_counter() - started, time.process_time() - worked
    print(f"| {label} | {clock:.2f} | {work:.2f} |")
    return found


def measure_sizes(size: int, codes: int) -> None:
    """Print seconds by step."""
    print(
        f"\n| {size:,} excerpts, {codes} themes, 2 coders | clock (s) | processor (s) |\n|---|--:|--:|"
    )
    codebook, excerpts = invent_codebook(codes), invent_excerpts(size, codes)
    _time("counting, with protection", lambda: count_themes(excerpts, codebook))
    _time("agreement, 2,000 resamples", lambda: measure_agreement(excerpts, codebook))
    with tempfile.TemporaryDirectory() as folder:
        write_own_form(excerpts, Path(folder))
        _time("reading two files", lambda: load_excerpts(Path(folder), codebook))
    texts = [f"words {place % codes} of a resident who speaks of {place}" for place in range(size)]
    _time("suggestions", lambda: suggest_themes(texts, codebook))


def measure_comments(comments: Path, codebook: Path) -> None:
    """Print how often a suggestion is what a person chose."""
    book = read_codebook(codebook)
    table = pd.read_csv(comments).dropna(subset=["feedback"])
    labels = table["label"].map(book.find_theme)
    known = labels.notna()
    found = measure_suggestions(table.loc[known, "feedback"], labels[known], book)
    print(f"\n{int(known.sum()):,} comments, {labels.nunique()} themes")
    print(found.round(3).to_string(index=False))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--excerpts", type=int, default=EXCERPTS)
    parser.add_argument("--codes", type=int, default=CODES)
    parser.add_argument("--comments", type=Path)
    parser.add_argument("--codebook", type=Path)
    options = parser.parse_args()
    measure_sizes(options.excerpts, options.codes)
    measure_sizes(options.excerpts * 2, options.codes)
    if options.comments and options.codebook:
        measure_comments(options.comments, options.codebook)
    print(f"\nPeak memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
